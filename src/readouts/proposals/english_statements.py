"""Statements of one English sentence: those its verbs of speech attribute, and those of the issuer itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.proposals.english_attribution import Attribution
from readouts.proposals.english_chains import Chains
from readouts.proposals.english_clauses import Clauses, Piece
from readouts.proposals.english_labels import Labels
from readouts.proposals.english_sentence import Rules, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.proposals.english_attribution import Predicate
    from readouts.proposals.english_reader import Reader
    from readouts.proposals.english_syntax import Range
    from readouts.proposals.english_words import Entry
    from readouts.proposals.proposal import MentionProposal, StatementProposal

__all__ = ["in_sentence"]

_EVENTS = frozenset(["call", "conversation", "meeting", "talks", "discussion", "exchange", "talk", "place"])
_FRAMES = frozenset(["on", "regarding", "concerning"])


def in_sentence(reader: Reader, start: int, end: int) -> Iterator[StatementProposal]:
    """Yield the statements of a sentence of a text, and keep what the next sentence needs.

    Examples
    --------
    >>> from readouts.proposals.context import Context
    >>> from readouts.proposals.english_reader import Reader
    >>> from readouts.proposals.lexicon import load_lexicon
    >>> text = "The two leaders agreed that the bridge is open."
    >>> leaders = "jana-marek", "ilya-ostrova"
    >>> reader = Reader(text, Context("press", "en", load_lexicon("en"), principals=leaders))
    >>> [text[slice(*found.content[0])] for found in in_sentence(reader, 0, len(text))]
    ['the bridge is open']
    """
    sentence = Sentence(reader, start, end)
    asked = reader.speaker is not None and reader.speaker.entity is None
    kept = [] if asked else Chains(sentence).outermost(Attribution(sentence).predicates())
    sentence.settle(each.verb for each in kept if not each.participle)
    yield from _Statements(sentence).statements(kept)
    reader.remember((each.sources for each in kept if not each.passive), start, end)


class _Statements(Rules):
    """Rules that put the chain, content and labels of each statement together."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.chains, self.clauses, self.made = Chains(sentence), Clauses(sentence), Labels(sentence).made

    def statements(self, kept: list[Predicate]) -> Iterator[StatementProposal]:
        """Yield the statements of some verbs of speech, and those of the issuer before them."""
        if not kept:
            yield from self._issued(0, self.sentence.size, whole=True)
            return
        for number, each in enumerate(kept):
            following = kept[number + 1] if number + 1 < len(kept) else None
            end = self.sentence.size if following is None else following.start
            if number == 0 and each.start > 0 and not each.trailing:
                begin = each.start if each.inherited else self.sentence.clause_start(each.start)
                if begin > 0:
                    yield from self._issued(0, begin)
            if each.trailing:
                begin = 0 if number == 0 else self.sentence.clause_start(kept[0].start)
                if number == 0 or (begin > 0 and self.grammar.finite(0, begin) is not None):
                    yield from self._said(each, 0, begin or each.start, None)
                rest = self._after_trailing(each, end)
                if rest is not None:
                    yield from self._said(each, *rest, None)
                continue
            if following is not None and following.trailing:
                each.outer = (self.chains.step(following), *each.outer)
            frame = self._frame(each, 0 if number == 0 else each.start)
            yield from self._said(each, each.end, end, frame)

    def _after_trailing(self, predicate: Predicate, end: int) -> Range | None:
        """Return the quotation that continues after a trailing attribution."""
        opening = next((quote for quote in self.sentence.quotes if predicate.end <= quote[0] < end), None)
        if opening is None or opening[0] - predicate.end > 3:
            return None
        return opening[0], min(opening[1] + 1, self.sentence.size)

    def _frame(self, predicate: Predicate, first: int) -> Range | None:
        """Return the words before a subject that belong to the content: *On the border, Marek stressed ...*."""
        begin = self.sentence.clause_start(predicate.start) if first == 0 else first
        if begin < predicate.start and self.tokens[begin].low in _FRAMES and not predicate.topical:
            return self.sentence.trim(begin, predicate.start)
        return None

    def _issued(self, first: int, last: int, *, whole: bool = False) -> Iterator[StatementProposal]:
        """Yield the statements of a clause without an attribution."""
        reader = self.reader
        if not reader.official:
            return
        verb = self.grammar.finite(first, last)
        if verb is None or (reader.titled and self.tokens[verb].tag not in {"VBZ", "VBD", "MD"}):
            return
        goes_on = whole and self._goes_on()
        chain = reader.chain if goes_on else reader.base
        rule = "en.continued" if goes_on else "en.issuer"
        for piece in self.clauses.pieces(first, last, "clause"):
            act = "say" if goes_on else self._issued_act(piece)
            if reader.speaker is not None and reader.speaker.entity is None and self.tokens[-1].low == "?":
                act = "request"
            yield from self.made(piece, chain, act, rule, "issued", cued=False, topical=act == "report")
        yield from self._extras(first, last)

    def _goes_on(self) -> bool:
        """Return whether a sentence without a verb of speech continues the speech of the sentence before."""
        if len(self.reader.chain) <= len(self.reader.base):
            return False
        quotes, size = self.sentence.quotes, self.sentence.size
        if quotes and quotes[0][0] == 0 and quotes[0][1] >= size - 2:
            return True
        verb = self.grammar.finite(0, size)
        return verb is not None and (
            self.tokens[verb].low == "would" or any(token.low == "my" for token in self.tokens)
        )

    def _issued_act(self, piece: Piece) -> str:
        """Return the act of the issuer: *report* for what took place, *say* for everything else."""
        first, last = piece.ranges[-1]
        verb = self.grammar.finite(first, last)
        if verb is None:
            return "say"
        low = self.tokens[verb].low
        later = {token.low for token in self.tokens[verb : verb + 5]}
        reported = (
            low == "lasted"
            or (low in {"had", "has", "have", "held", "took"} and later & _EVENTS)
            or (low in {"was", "were", "been"} and later & self.lexicon.words["reported"])
            or any(map(self.lexicon.is_topic, {low, *(later - {"have", "has", "had"})}))
        )
        return "report" if reported else "say"

    def _extras(self, first: int, last: int) -> Iterator[StatementProposal]:
        """Yield the length, initiator and spirit of the event, which the sentence on the event may name."""
        if not any(token.low in _EVENTS | {"spoke", "met"} for token in self.tokens[first:last]):
            return
        spirit = self.lexicon.words["spirit"]
        for place in range(first, last):
            low = self.tokens[place].low
            span: Range | None = None
            if low == "for" and self.grammar.low(place + 2) in {"hour", "minutes", "hours"}:
                span = (place, place + 3)
            elif low in {"lengthy", "hour-long"} and self.grammar.low(place - 1) in {"a", "an", "the"}:
                span = (place, place + 1)
            elif low == "at" and self.grammar.low(place + 2) in {"initiative", "request"}:
                end = next((end for end in range(place, last) if self.tokens[end].low in {",", "was", "."}), last)
                span = (place, min(end, place + 8))
            elif low in spirit and self.tokens[place].tag in {"RB", "JJ"}:
                main = self.grammar.finite(first, last)
                if main is not None and self.tokens[main].low in {"had", "spoke", "met", "held"}:
                    end = place + 1
                    while self.grammar.low(end) in {"and", ","} and self.grammar.low(end + 1) in spirit:
                        end += 2
                    span = None if self.grammar.low(place - 1) in {"and", ","} else (place, end)
            if span is not None:
                piece = Piece([span])
                yield from self.made(
                    piece, self.reader.base, "report", "en.event", "issued", cued=False, topical=True, topic="call"
                )

    def _said(self, predicate: Predicate, first: int, last: int, frame: Range | None) -> Iterator[StatementProposal]:
        """Yield the statements of a predicate, whose content lies in a range."""
        entry = predicate.entry
        kind = self.clauses.kind(first, last)
        if predicate.passive:
            yield from self._said_passive(predicate, first, last)
            return
        if not predicate.sources or predicate.topical or self._is_weak(entry, kind, first, last):
            if self.reader.official:
                yield from self._reported(predicate, last)
            return
        addressee: MentionProposal | None = None
        begin = first
        if not predicate.trailing and self.lexicon.has("addressed", entry.lemma):
            addressee, begin = self._addressed(first, last, entry)
        if entry.lemma in {"task", "instruct"} or (entry.act in {"urge", "request", "demand"} and kind == "np"):
            begin = self._to_infinitive(begin, last)
        chain = self.chains.chain(predicate)
        rule = "en.participle" if predicate.participle else "en.quote" if self._direct(first) else "en.cue"
        if predicate.trailing:
            rule = "en.trailing"
        pieces = self.clauses.pieces(begin, last, self.clauses.kind(begin, last))
        for number, piece in enumerate(pieces):
            if piece.issued:
                # A clause of its own after an infinitive or a noun phrase, which the verb doesn't attribute.
                yield from self._issued(piece.ranges[0][0], piece.ranges[-1][1])
                continue
            if self.lexicon.has("self", entry.lemma.split()[0]) and number == 0 and not predicate.trailing:
                piece.ranges = [(predicate.verb, predicate.verb + 1), *piece.ranges]
                if entry.act != "offer":
                    piece.ranges = self._with_object(piece.ranges, first)
            if frame is not None and not piece.relative:
                piece.ranges = [frame, *piece.ranges]
            yield from self.made(
                piece, chain, entry.act, rule, entry.lemma, cued=True, topical=False, addressee=addressee
            )
        self.reader.chain = chain

    def _with_object(self, ranges: list[Range], first: int) -> list[Range]:
        """Return the ranges of a content that begins with a verb of speech, with the verb's object after it."""
        if len(ranges) > 1 and ranges[1][0] > first:
            trimmed = self.sentence.trim(first, ranges[1][1])
            if trimmed is not None:
                return [ranges[0], trimmed, *ranges[2:]]
        return ranges

    def _said_passive(self, predicate: Predicate, first: int, last: int) -> Iterator[StatementProposal]:
        """Yield the statements of a passive, whose subject belongs to the content."""
        chain = (*self.reader.base, self.chains.step(predicate))
        entry = predicate.entry
        if predicate.subject is None:
            pieces = self.clauses.pieces(first, last, self.clauses.kind(first, last))
        else:
            pieces = [Piece([predicate.subject, (first, last)])]
        for piece in pieces:
            yield from self.made(piece, chain, entry.act, "en.passive", entry.lemma, cued=True, topical=False)
        self.reader.chain = chain

    def _reported(self, predicate: Predicate, last: int) -> Iterator[StatementProposal]:
        """Yield the statement of a verb without a proposition: the issuer says the whole clause."""
        if predicate.participle:
            return
        begin = predicate.start
        if not predicate.inherited and predicate.subject is not None:
            begin = self.sentence.clause_start(predicate.start)
        for number, piece in enumerate(self.clauses.pieces(begin, last, "np")):
            if predicate.inherited and predicate.subject is not None and number == 0:
                piece.ranges = [predicate.subject, *piece.ranges]
            yield from self.made(piece, self.reader.base, "report", "en.topic", "", cued=False, topical=True)
        yield from self._extras(begin, last)

    def _direct(self, first: int) -> bool:
        """Return whether a content begins with a quotation."""
        return any(first <= start <= first + 2 for start, _ in self.sentence.quotes)

    def _is_weak(self, entry: Entry, kind: str, first: int, last: int) -> bool:
        """Return whether a verb such as *note* has an object that names no proposition."""
        weak = self.lexicon.has("weak", entry.lemma) and not self.lexicon.has("strong", entry.lemma)
        if not weak or kind != "np":
            return False
        nouns = self.lexicon.words["propositions"]
        return not any(token.low in nouns for token in self.tokens[first : min(last, first + 5)])

    def _addressed(self, first: int, last: int, entry: Entry) -> tuple[MentionProposal | None, int]:
        """Return the addressee named after a verb, and where the content begins."""
        if first >= last or self.tokens[first].low == "that":
            return None, first
        low = self.tokens[first].low
        mention, begin = None, first
        if low in {"him", "her", "them", "it", "us"}:
            begin = first + 1
        else:
            found = self.reader.mentions_in(self.tokens[first].start, self.tokens[min(first + 3, last - 1)].end)
            if found and found[0].place[0] <= self.tokens[min(first + 1, last - 1)].start:
                mention = found[0]
                while begin < last and self.tokens[begin].start < mention.place[1]:
                    begin += 1
        return mention, first if entry.lemma in {"thank", "congratulate", "accuse"} else begin

    def _to_infinitive(self, first: int, last: int) -> int:
        """Return where the infinitive begins that follows an addressee; the given place where there is none."""
        for place in range(first, min(last, first + 14)):
            if self.tokens[place].low == "to" and self.grammar.is_base(place + 1):
                return place
            if self.tokens[place].low in {",", "for"} or self.grammar.is_finite(place):
                break
        return first
