"""The sources that a noun phrase of an English sentence names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.proposals.english_sentence import Rules
from readouts.proposals.proposal import SourceProposal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.proposals.english_reader import Step
    from readouts.proposals.english_syntax import Range
    from readouts.proposals.proposal import MentionProposal

__all__ = ["Sources"]

_SPEAKING_FOR = frozenset(["statement", "report", "letter", "spokesman", "spokeswoman", "spokesperson", "version"])
"""Nouns whose source is the state or body named with them."""
_STEM = 4
"""Letters that the name of a state shares with its adjective."""


class Sources(Rules):
    """Rules that find the sources in a noun phrase."""

    def sources(self, first: int, last: int) -> Step | None:
        """Return the sources that a noun phrase names; None where it names nobody who speaks."""
        reader, context = self.reader, self.reader.context
        if first >= last:
            return None
        low = self.sentence.text(first, last).casefold()
        at = (self.sentence.place((first, last)),)
        if self.lexicon.has("both", low):
            if reader.official or reader.chain or len(context.principals) > 1:
                return tuple(SourceProposal(entity, at=at) for entity in context.principals) or None
            return None
        if low in {"i", "we"} and reader.speaker is not None:
            return (replace(reader.speaker, at=at),)
        if self.lexicon.has("issuer", low):
            return ()
        if self.lexicon.has("singular", low):
            return None if reader.last is None else (replace(reader.last, at=at),)
        if low == "it":
            return None if reader.last_body is None or reader.official else (replace(reader.last_body, at=at),)
        return self._named(first, last)

    def _named(self, first: int, last: int) -> Step | None:
        start, end = self.sentence.place((first, last))
        found = [
            mention
            for mention in self.reader.mentions_in(start, end)
            if self.reader.text[mention.place[1] : mention.place[1] + 2] not in {"'s", "’s"}
        ] or self.reader.mentions_in(start, end)
        head = self.tokens[last - 1]
        people = [mention for mention in found if mention.place[1] <= end]
        joined = any(token.low == "and" for token in self.tokens[first:last])
        if people and people[-1].place[1] >= head.start:
            if joined and len({mention.entity for mention in people}) > 1:
                return tuple(self._source(mention) for mention in _distinct(people))
            if head.low == "'s":
                return None
            # A country before a title, or after *of*, isn't the speaker.
            persons = [mention for mention in people if mention.entity in self.reader.context.principals]
            outer = [mention for mention in people if mention.place[0] <= start + 4]
            return (self._source((persons or outer or people[-1:])[0]),)
        unnamed = self.lexicon.has("nouns_of_source", head.low) and not self.reader.official
        if people and unnamed and head.low in _SPEAKING_FOR:
            return (self._source(people[-1]),)
        leaders = [(self._leader(*part), self.sentence.place(part)) for part in self._split(first, last)]
        if leaders and all(leader is not None for leader, _ in leaders):
            return tuple(SourceProposal(leader, at=(place,)) for leader, place in leaders)
        if unnamed:
            return (SourceProposal(label=self.sentence.text(first, last), at=((start, end),)),)
        return None

    def _split(self, first: int, last: int) -> list[Range]:
        """Split a noun phrase at *and*."""
        marks = [place for place in range(first, last) if self.tokens[place].low == "and"]
        edges = [first, *(edge for mark in marks for edge in (mark, mark + 1)), last]
        return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]

    def _leader(self, first: int, last: int) -> str | None:
        """Return the leader that a title means: *the Sarnian chancellor*, or a title once given before the name."""
        context, words = self.reader.context, [token.low for token in self.tokens[first:last]]
        titles = [word for word in words if word != "the"]
        named = [who for who, known in self.reader.titles.items() if titles and known.issuperset(titles)]
        if len(named) == 1 and self.tokens[last - 1].text[0].isupper():
            return named[0]
        if not self.lexicon.has("leaders", words[-1]) or len(context.states) != len(context.principals):
            return None
        states = self.lexicon.nations
        for state, principal in zip(context.states, context.principals, strict=True):
            stem = state[:_STEM]
            if any(states.get(word) == state or (len(word) > _STEM and word.startswith(stem)) for word in words[:-1]):
                return principal
        return None

    def _source(self, mention: MentionProposal) -> SourceProposal:
        account = None if self.reader.official else self.reader.context.accounts.get(mention.entity)
        return SourceProposal(mention.entity, account=account, at=(mention.place,))


def _distinct(mentions: Iterable[MentionProposal]) -> list[MentionProposal]:
    """Return the first mention of each entity."""
    return list({mention.entity: mention for mention in reversed(list(mentions))}.values())[::-1]
