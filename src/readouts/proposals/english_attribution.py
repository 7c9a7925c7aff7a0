"""Verbs of speech in an English sentence, with their subjects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.proposals.english_sentence import COORDINATORS, Rules
from readouts.proposals.english_sources import Sources
from readouts.proposals.english_syntax import CLOSING, OPENING, RELATIVES
from readouts.proposals.english_words import Entry
from readouts.proposals.proposal import SourceProposal

if TYPE_CHECKING:
    from readouts.proposals.english_reader import Step
    from readouts.proposals.english_sentence import Sentence
    from readouts.proposals.english_syntax import Range

__all__ = ["Attribution", "Predicate"]

_VOICED = frozenset(["expressed", "expresses", "expressing", "voiced", "voices", "voicing"])


@dataclass(slots=True)
class Predicate:
    """A verb of speech in a sentence, with its subject."""

    verb: int
    end: int
    entry: Entry
    subject: Range | None
    sources: Step
    start: int
    participle: bool = False
    passive: bool = False
    inherited: bool = False
    trailing: bool = False
    outer: tuple[Step, ...] = ()
    cue: tuple[Range, ...] = ()

    @property
    def topical(self) -> bool:
        """Whether it gives no proposition."""
        return self.entry.kind == "topic"


class Attribution(Rules):
    """Rules that find the verbs of speech."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sources = Sources(sentence).sources

    def predicates(self) -> list[Predicate]:
        """Return the verbs of speech that have a subject, in reading order."""
        found: list[Predicate] = []
        place = 0
        while place < self.sentence.size:
            quote = self.sentence.quoted(place)
            # A verb inside a quotation attributes only where its subject comes right before the marks: Marek “stressed
            # that ...”.
            made = self._predicate(place, found) if quote is None or quote[0] == place - 1 else None
            if made is None:
                place += 1
            else:
                found.append(made)
                place = made.end
        return found

    def _predicate(self, place: int, earlier: list[Predicate]) -> Predicate | None:
        if self.tokens[place].low == "according" and self.grammar.low(place + 1) == "to":
            return self._according(place)
        match = self._match(place)
        token = self.tokens[place]
        is_name = place > 0 and token.tag.startswith("NNP") and token.text[0].isupper() and not self.reader.titled
        if match is None or is_name:
            return None
        entry, end, cue = match
        if entry.tag == "VBG":
            return self._participle(place, end, entry, cue, earlier)
        if entry.tag == "VB" and not self._is_present(place):
            return None
        left, passive, helped = self._left(place)
        if entry.tag == "VBD" and helped is None and self.grammar.low(place - 1) in {"the", "a", "an", "'s"}:
            return None
        if entry.kind == "passive" and not passive:
            return None
        if passive:
            return self._passive(place, end, entry, cue, left)
        joined = self._joined(left, earlier, entry)
        if joined is not None:
            before, start = joined
            return Predicate(
                place, end, entry, before.subject, before.sources, start, inherited=True, outer=before.outer, cue=cue
            )
        inverted = self._inverted(place, end)
        if inverted is not None:
            subject, sources = inverted
            return Predicate(place, subject[1], entry, subject, sources, place, trailing=True, cue=cue)
        found = self._subject(left)
        if found is None:
            return None
        subject, sources = found
        return Predicate(place, end, entry, subject, sources, subject[0], cue=cue)

    def _according(self, place: int) -> Predicate | None:
        """Return the attribution *according to*, before the content or after it."""
        last = self._phrase_end(place + 2)
        sources = None if self.reader.official or last == place + 2 else self.sources(place + 2, last)
        if sources is None:
            return None
        entry = Entry(("to",), "say", "cue", "VBD", "according to")
        subject, cue = (place + 2, last), ((place, place + 2),)
        return Predicate(place, last, entry, subject, sources, place, trailing=place > 0, cue=cue)

    def _match(self, place: int) -> tuple[Entry, int, tuple[Range, ...]] | None:
        """Return the verb of speech that begins at a token, where it ends, and its cue."""
        low = self.tokens[place].low
        tag = self.lexicon.give.get(low)
        if tag is not None:
            noun = self._noun(place)
            if noun is not None:
                where, act = noun
                following = self.grammar.low(where + 1)
                to_do = following == "to" and self.grammar.tag(where + 2) in {"VB", "VBP", "RB"}
                clause = (
                    following == "that"
                    or to_do
                    or self.grammar.starts_clause(where + 1, self.sentence.size) is not None
                )
                own = next((each.act for each in self.lexicon.by_first.get(low, ()) if not each.rest), "say")
                if self.tokens[where].low == "support" and own != "report":
                    # The verb gives the act, unless it only voices support (5.18).
                    act = act if low in _VOICED else own
                entry = Entry((), act, "noun" if clause else "cue", tag, f"{low} {self.tokens[where].low}")
                end = where + 1 if clause else place + 1
                return entry, end, ((place, end),)
        for entry in self.lexicon.by_first.get(low, ()):
            end = place + 1 + len(entry.rest)
            if tuple(token.low for token in self.tokens[place + 1 : end]) == entry.rest:
                return entry, end, ((place, end),)
            later = tuple(token.low for token in self.tokens[place + 2 : end + 1])
            if entry.rest and self.grammar.tag(place + 1) == "RB" and later == entry.rest:
                # An adverb may come between: called again on.
                return entry, end + 1, ((place, place + 1), (place + 2, end + 1))
        return None

    def _noun(self, place: int) -> tuple[int, str] | None:
        """Return the noun of speech or feeling that is the object of a verb."""
        for where in range(place + 1, min(place + 6, self.sentence.size)):
            low, tag = self.tokens[where].low, self.tokens[where].tag
            if low in self.lexicon.nouns:
                # Only a noun that ends its phrase: not *hope* in *hope town*.
                return None if self.grammar.tag(where + 1).startswith("NN") else (where, self.lexicon.nouns[low])
            if tag not in {"DT", "PRP$", "JJ", "JJR", "RB", "CC", "VBN", "VBD", "VBG", "NN", "NNS", "NNP", "POS"}:
                return None
        return None

    def _is_present(self, place: int) -> bool:
        """Return whether a base form is in the present tense: after a subject, and not after *to* or a modal."""
        before = self.grammar.low(place - 1)
        if before == "to" or self.grammar.tag(place - 1) in {"MD", "DT", "JJ", "PRP$", "POS", "IN"}:
            return False
        named = self.grammar.tag(place - 1) in {"NNP", "NNPS", "NNS"} and self.grammar.tag(place + 1) in {"DT", "PRP$"}
        return self.grammar.tag(place) in {"VBP", "VB", "VBD"} or before in {"they", "we", "i", "both", "also"} or named

    def _left(self, place: int) -> tuple[int, bool, int | None]:
        """Return where the verb phrase of a verb begins, whether it is a passive, and its first auxiliary."""
        left, passive, helped = place, False, None
        if self.grammar.low(place - 1) in OPENING:
            return place - 1, False, None
        while left > 0:
            low, tag = self.grammar.low(left - 1), self.grammar.tag(left - 1)
            if low in {"was", "were", "is", "are", "been", "being", "be"}:
                passive = passive or (self.grammar.tag(place) in {"VBN", "VBD"} and self.tokens[place].low != "be")
                helped = left - 1
            elif low in {"has", "have", "had", "did", "do"} or tag == "MD":
                helped = left - 1
            elif tag != "RB" and low not in {"also", "both", "jointly", "then", "further"}:
                break
            left -= 1
        return left, passive, helped

    def _joined(self, left: int, earlier: list[Predicate], entry: Entry) -> tuple[Predicate, int] | None:
        """Return the predicate whose subject a verb shares, and where the coordinator between them begins."""
        if self.grammar.low(left - 1) not in {"and", "but", ",", "or"}:
            return None
        start = left - 1
        if self.grammar.low(start) == "," and self._parenthesis(start) is not None:
            return None
        if self.grammar.low(start - 1) == ",":
            start -= 1
        before = next((each for each in reversed(earlier) if not each.participle and not each.passive), None)
        if not earlier and self.grammar.low(left - 1) in {"and", "but"}:
            before = self._unspoken(start, entry)
        if before is None or (before.entry.tag == "VBD") != (entry.tag == "VBD"):
            return None
        return before, start

    def _unspoken(self, end: int, entry: Entry) -> Predicate | None:
        """Return a verb that isn't one of speech, whose subject a verb of speech shares: *rose and thanked her*."""
        verb = self.grammar.finite(0, end)
        found = None if verb is None or self.sentence.quoted(verb) is not None else self._subject(self._left(verb)[0])
        if verb is None or found is None:
            return None
        subject, sources = found
        return Predicate(verb, verb + 1, entry, subject, sources, subject[0])

    def _parenthesis(self, comma: int) -> int | None:
        """Return the subject's end where a verb follows a parenthesis in commas: *Marek, in turn, said*."""
        for place in range(comma - 1, max(0, comma - 30), -1):
            if self.grammar.low(place) == ",":
                inner = self.grammar.low(place + 1)
                short = comma - place <= 6
                if (short or inner in RELATIVES) and self._subject(place, strict=True) is not None:
                    return place
                if short and self.grammar.tag(place + 1) not in {"IN", "RB"} and inner not in RELATIVES:
                    return None
        return None

    def _inverted(self, place: int, end: int) -> tuple[Range, Step] | None:
        """Return the subject after a verb that follows its quotation: *"...," said Marek*."""
        if self.grammar.low(place - 1) not in {",", *CLOSING} or self.lexicon.has("topics", self.tokens[place].low):
            return None
        last = self._phrase_end(end)
        if last == end or (last < self.sentence.size and self.grammar.is_finite(last)):
            return None
        sources = self.sources(end, last)
        return None if sources is None else ((end, last), sources)

    def _phrase_end(self, first: int) -> int:
        """Return where the noun phrase ends that begins at a place; that place where there is none."""
        last = first
        while self.grammar.tag(last)[:2] in {"NN", "DT", "JJ", "PO", "PR"} or (
            self.grammar.low(last) in {"of", "and"} and self.grammar.tag(last + 1)[:2] in {"NN", "DT"}
        ):
            last += 1
        return last

    def _subject(self, end: int, *, strict: bool = False) -> tuple[Range, Step] | None:
        """Return the noun phrase before a verb and its sources, if it names any."""
        if self.grammar.low(end - 1) == "," and not strict:
            before = self._parenthesis(end - 1)
            return None if before is None else self._subject(before, strict=True)
        start = self.grammar.noun_phrase(end)
        while start < end and self.tokens[start].tag == "RB":
            start += 1
        if start == end:
            return None
        sources = self.sources(start, end)
        joined = next((place for place in range(end - 1, start, -1) if self.tokens[place].low == "and"), None)
        if sources is None and joined is not None:
            # *And* may join this clause to the one before: *praised the treaty and the leaders discussed ...*.
            start = joined + 1
            sources = self.sources(start, end)
        return None if sources is None else ((start, end), sources)

    def _passive(self, place: int, end: int, entry: Entry, cue: tuple[Range, ...], left: int) -> Predicate | None:
        """Return a passive: both leaders say *it was agreed that*, the participants any other."""
        reader = self.reader
        if not reader.official or entry.kind == "topic":
            return None
        start = self.grammar.noun_phrase(left)
        nouns = self.lexicon.words["propositions"] | self.lexicon.nouns.keys()
        impersonal = self.sentence.text(start, left).casefold() == "it"
        if not impersonal:
            start = self.sentence.clause_start(left)
            while start < left and (self.tokens[start].low in {*COORDINATORS, ","} or self.tokens[start].tag == "RB"):
                start += 1
            frame = next((place for place in range(start, left) if self.tokens[place].low == ","), None)
            start = start if frame is None or self.tokens[start].tag != "IN" else frame + 1
        if entry.kind == "passive":
            proposition = any(self.lexicon.has("understandings", token.low) for token in self.tokens[start:left])
        else:
            proposition = impersonal or any(token.low in nouns for token in self.tokens[start:left][:6])
        within = left > start + 1 and self.grammar.finite(start, left - 1) is not None
        speaks = reader.speaker is not None and entry.act != "agree"
        if self.grammar.low(end) == "by" or not proposition or within or speaks:
            return None
        if entry.act == "agree" or entry.lemma == "confirm":
            sources: Step = tuple(SourceProposal(entity) for entity in reader.context.principals)
        else:
            sources = (SourceProposal(label="participants"),)
        subject = None if impersonal or entry.kind == "passive" else (start, left)
        return Predicate(place, end, entry, subject, sources, start, passive=True, cue=cue)

    def _participle(
        self, place: int, end: int, entry: Entry, cue: tuple[Range, ...], earlier: list[Predicate]
    ) -> Predicate | None:
        """Return a participle that attributes: *discussed the border, underscoring its role*."""
        before = self.grammar.low(place - 1)
        comma = place - 1
        if before in {"also", "further"}:
            before, comma = self.grammar.low(place - 2), place - 2
        if entry.kind == "topic":
            return None
        with_subject = self.grammar.noun_phrase(place)
        if self.grammar.low(with_subject - 1) == "with":
            sources = self.sources(with_subject, place)
            if sources is not None:
                subject = (with_subject, place)
                return Predicate(place, end, entry, subject, sources, with_subject - 1, participle=True, cue=cue)
        main = next(
            (
                each
                for each in reversed(earlier)
                if each.subject is not None
                and not each.passive
                and self.grammar.low(each.subject[0] - 1) not in RELATIVES
            ),
            None,
        )
        if main is None or not (before == "," or (before == "and" and earlier[-1].participle)):
            return None
        if any(
            self.tokens[each].tag == "VBG" and self.grammar.tag(each - 1) == "IN"
            for each in range(earlier[-1].end, place)
        ):
            # One of several gerunds: *the importance of talking, maintaining calm and ...*.
            return None
        return Predicate(
            place, end, entry, main.subject, main.sources, comma, participle=True, inherited=True, outer=main.outer,
            cue=cue,
        )  # fmt: skip
