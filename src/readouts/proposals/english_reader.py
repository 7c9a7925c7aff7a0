"""An English text with what is known of it: its passages, sentences and names, and who spoke last."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from readouts.proposals.english_syntax import OPENING
from readouts.proposals.english_words import Lexicon
from readouts.proposals.proposal import SourceProposal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.proposals.context import Context
    from readouts.proposals.proposal import MentionProposal, Place

__all__ = ["Reader", "Step"]

Step = tuple[SourceProposal, ...]
Passage = tuple[int, int, tuple[Step, ...], SourceProposal | None]
"""Its start and end, the chain that all its statements begin with, and who speaks in it."""

_PASSAGE = re.compile(
    r"(?:(?<=[.!?*\"”] )|(?<=\n)|(?<=^))(?=[A-Z])((?:[A-Z][\w.'’-]*|to|the|of) ?){1,8}:\s", re.MULTILINE
)
_TITLE = re.compile(r"(?:[A-Z][\w-]+\s+|of\s+|for\s+){1,6}\Z")
_LONGEST_QUOTATION = 1500
_GREETING = re.compile(r"(?i)(good (morning|afternoon|evening|day)|thank you|thanks|hello)\W*")


class Reader:
    """A text, and what its earlier sentences leave to the next: who was named last, and who spoke."""

    def __init__(self, text: str, context: Context) -> None:
        self.text = text
        self.context = context
        self.lexicon = Lexicon(context.lexicon)
        self.mentions = sorted(context.mentions, key=lambda mention: mention.place)
        self.starts = [mention.place[0] for mention in self.mentions]
        kind = "press" if context.kind == "press" else "official"
        self.confidence: Mapping[str, float] = context.lexicon["learned"]["confidence"].get(kind, {})
        self.titles = self._titles()
        self.last: SourceProposal | None = None
        self.last_body: SourceProposal | None = None
        self.chain: tuple[Step, ...] = ()
        self.base: tuple[Step, ...] = ()
        self.speaker: SourceProposal | None = None
        self.titled = False

    @property
    def official(self) -> bool:
        """Whether every statement of the passage has the issuer at the start of its chain."""
        return bool(self.base)

    def read(self) -> Iterator[Place]:
        """Yield the places of the sentences to be read, passage by passage."""
        for start, end, base, speaker in self.passages():
            self.base, self.speaker, self.chain = base, speaker, ()
            self.titled = any(region.role == "headline" and region.place[0] == start for region in self.context.regions)
            for first, last in self.sentences(start, end):
                if speaker is None or not _GREETING.fullmatch(self.text, first, last):
                    yield first, last

    def _titles(self) -> dict[str, set[str]]:
        """Return the words of the titles before each leader's name."""
        found: dict[str, set[str]] = {who: set() for who in self.context.principals}
        for mention in self.mentions:
            if mention.entity in found:
                before = _TITLE.search(self.text, max(0, mention.place[0] - 60), mention.place[0])
                name = self.text[slice(*mention.place)].split()[:-1]
                words = [*("" if before is None else before[0]).split(), *name]
                found[mention.entity].update(word.casefold() for word in words if word[0].isupper())
        return found

    def passages(self) -> Iterator[Passage]:
        """Yield the stretches that are read, each with the chain that all its statements begin with."""
        regions = self.context.regions
        closed = [region.place for region in regions if region.role == "boilerplate"]
        issuers = {account: issuer for issuer, account in self.context.accounts.items()}
        marks = {0, len(self.text), *(mark for region in regions for mark in region.place)}
        for start, end in pairwise(sorted(marks)):
            if any(first <= start < last for first, last in closed):
                continue
            region = next((each for each in regions if each.place[0] <= start < each.place[1]), None)
            base: tuple[Step, ...] = ()
            if region is not None and region.role == "readout" and region.account in issuers:
                base = ((SourceProposal(issuers[region.account], account=region.account),),)
            elif self.context.kind == "readout" and self.context.issuer is not None:
                base = ((SourceProposal(self.context.issuer, account=self.context.account),),)
            if base and (region is None or region.role != "headline"):
                yield from self._turns(start, end, base)
            else:
                yield start, end, base, None

    def _turns(self, start: int, end: int, base: tuple[Step, ...]) -> Iterator[Passage]:
        """Yield the passages of a transcript, each with the person named before it; else the whole stretch."""
        turns: list[tuple[int, int, SourceProposal]] = []
        for match in _PASSAGE.finditer(self.text, start, end):
            name = match.start(), match.end() - 2
            words = self.text[slice(*name)].rstrip(": ")
            if self.lexicon.has("interviewer", words.casefold()):
                turns.append((match.start(), match.end(), SourceProposal(label="journalist")))
            elif (named := self.mentions_in(*name)) and len(words) < 80:
                place = (name[0], name[0] + len(words))
                turns.append((match.start(), match.end(), SourceProposal(named[0].entity, at=(place,))))
        ends = [*(turn[0] for turn in turns), end]
        yield start, ends[0], base, None
        for (_, begin, source), until in zip(turns, ends[1:], strict=True):
            yield begin, until, (*base, (source,)), source

    def sentences(self, start: int, end: int) -> Iterator[Place]:
        """Yield the sentences of a stretch without the marks around them; a line break ends one."""
        from sentencex import get_sentence_boundaries

        joined: list[Place] = []
        for found in get_sentence_boundaries("en", self.text[start:end]):
            first, last = start + found["start_index"], start + found["end_index"]
            if joined and self._is_open(*joined[-1]) and "\n" not in self.text[slice(*joined[-1])]:
                # A quotation of several sentences is read with the words that attribute it.
                first = joined.pop()[0]
            joined.append((first, last))
        for first, last in joined:
            for line in re.finditer(r"[^\n]+", self.text[first:last]):
                begin, until = first + line.start(), first + line.end()
                while begin < until and not (self.text[begin].isalnum() or self.text[begin] in OPENING):
                    begin += 1
                if any(map(str.isalnum, self.text[begin:until])):
                    yield begin, until

    def _is_open(self, start: int, end: int) -> bool:
        """Return whether a quotation begins in a stretch and isn't closed there; a very long one counts as closed."""
        words = self.text[start:end]
        opened = words.count("“") > words.count("”") or words.count('"') % 2 == 1
        return opened and end - start < _LONGEST_QUOTATION

    def mentions_in(self, start: int, end: int) -> list[MentionProposal]:
        """Return the mentions that begin in a stretch."""
        return self.mentions[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def remember(self, subjects: Iterable[Step], start: int, end: int) -> None:
        """Keep who was the subject last in a sentence, for the pronouns of the sentences to come."""
        context = self.context
        for step in subjects:
            if len(step) == 1 and step[0].entity is not None:
                source = replace(step[0], cue=())
                if source.account is not None or source.entity in {*context.states, *context.accounts}:
                    self.last_body = source
                else:
                    self.last = source
        if self.last is None:
            # In the opening sentence the first leader named is the subject of a verb that isn't one of speech.
            leaders = (each for each in self.mentions_in(start, end) if each.entity in context.principals)
            self.last = next((SourceProposal(each.entity, at=(each.place,)) for each in leaders), None)
