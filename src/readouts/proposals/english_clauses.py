"""The content of an English statement, split into propositions by section 2 of the guideline."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from readouts.proposals.english_sentence import Rules
from readouts.proposals.english_syntax import OPENING, RELATIVES

if TYPE_CHECKING:
    from readouts.proposals.english_syntax import Range

__all__ = ["Clauses", "Piece"]

_SUBORDINATE = frozenset(
    ["if", "when", "although", "though", "despite", "as", "after", "while", "unless", "since", "because", "considering"]
)
_LEADING = frozenset(["despite", "as", "in", "during", "after", "although", "if", "considering"])
_NEEDS = frozenset(["need", "readiness", "importance", "necessity", "willingness", "commitment"])


@dataclass(slots=True)
class Piece:
    """The content of one statement: ranges of tokens, and whether it is a relative clause or the issuer's own."""

    ranges: list[Range]
    relative: bool = False
    issued: bool = False


class Clauses(Rules):
    """Rules that split a content into propositions."""

    def kind(self, first: int, last: int) -> str:
        """Return whether a content is a clause, an infinitive (inf) or a noun phrase (np)."""
        begin = first
        while begin < last and (self.tokens[begin].low in {",", ":", *OPENING} or self.grammar.tag(begin) == "RB"):
            begin += 1
        if begin >= last:
            return "np"
        low = self.tokens[begin].low
        if low in {"that", "how", "why", "whether", "if"}:
            return "clause"
        if low == "to" and (self.grammar.is_base(begin + 1) or self.grammar.tag(begin + 1) == "RB"):
            return "inf"
        if self.grammar.starts_clause(begin, last) is not None or any(
            quote[0] in range(first, begin + 1) for quote in self.sentence.quotes
        ):
            return "clause"
        # Such as *despite the winter, the bridge is open*.
        led = self.grammar.tag(begin) == "IN" and low in _LEADING
        return "clause" if led and self.grammar.finite(begin, last) is not None else "np"

    def pieces(self, first: int, last: int, kind: str) -> list[Piece]:
        """Split a content into propositions, by section 2 of the guideline."""
        relatives, rest = self._without_relatives(first, last)
        pieces = [piece for part in self._cut(rest) for piece in self._conjuncts(part, kind)]
        return [*pieces, *relatives]

    def _ends(self, place: int) -> bool:
        """Return whether a token ends a proposition: a semicolon, or the end of a sentence within a quotation."""
        low = self.tokens[place].low
        return low == ";" or (low in {".", "!", "?"} and self.sentence.quoted(place) is not None)

    def _cut(self, ranges: list[Range]) -> list[list[Range]]:
        """Split ranges at semicolons and, within a quotation, at the ends of sentences."""
        parts: list[list[Range]] = [[]]
        for first, last in ranges:
            begin = first
            for place in range(first, last):
                if self._ends(place):
                    if begin < place:
                        parts[-1].append((begin, place))
                    if parts[-1]:
                        parts.append([])
                    begin = place + 1
            if begin < last:
                parts[-1].append((begin, last))
        return [part for part in parts if part and any(self.sentence.trim(*each) for each in part)]

    def _without_relatives(self, first: int, last: int) -> tuple[list[Piece], list[Range]]:
        """Return the relative clauses set off by a comma, and the ranges that are left."""
        pieces, rest, begin, place = [], [], first, first
        while place < last:
            opens = self.tokens[place].low == "," and (
                self.grammar.low(place + 1) in RELATIVES
                or (self.grammar.low(place + 2) == "of" and self.grammar.low(place + 3) in RELATIVES)
                or (self.grammar.low(place + 3) == "of" and self.grammar.low(place + 4) in RELATIVES)
            )
            if opens and place > begin:
                end = self.grammar.relative_end(place + 1, last)
                inner = self.sentence.trim(place + 1, end)
                if inner is not None and any(self.grammar.is_finite(each) for each in range(*inner)):
                    rest.append((begin, place))
                    pieces += [Piece(part.ranges, relative=True) for part in self._conjuncts([inner], "relative")]
                    begin = place = end
                    continue
            place += 1
        if begin < last:
            rest.append((begin, last))
        return pieces, rest

    def _conjuncts(self, ranges: list[Range], kind: str) -> list[Piece]:
        """Split ranges at coordinators that join clauses, verb phrases or propositions."""
        starts: list[tuple[int, str]] = []
        first, last = ranges[0][0], ranges[-1][1]
        for begin, end in ranges:
            for place in range(begin + 1, end - 1):
                if self.tokens[place].low in {"and", "but", "–", "-"} or (
                    self.tokens[place].low == "," and self._serial(place, end, kind, first)
                ):
                    how = self._joins(place, begin if not starts else starts[-1][0], end, kind, first)
                    if how is not None:
                        starts.append((place, how))
        verb = self.grammar.finite(first, last)
        pieces: list[Piece] = []
        cuts = [first, *(place for place, _ in starts), last]
        hows = ["", *(how for _, how in starts)]
        for (begin, end), how in zip(pairwise(cuts), hows, strict=True):
            parts = [self.sentence.trim(max(low, begin), min(high, end)) for low, high in ranges]
            if not any(parts):
                continue
            shared = None
            if verb is not None and (how == "verb" or (how == "base" and self.grammar.tag(verb) == "MD")):
                shared = self.sentence.trim(first, verb + (how == "base"))
            elif how in {"need", "needbase", "gerund"}:
                shared = self._head(first, last, 1 if how == "need" else 2)
            pieces.append(Piece([part for part in (shared, *parts) if part is not None], issued=how == "issued"))
        return pieces

    def _serial(self, comma: int, last: int, kind: str, first: int) -> bool:
        """Return whether a comma separates the verbs of a series: *eased, lowered and ended*."""
        after = comma + 1
        if self.grammar.low(after) in {"and", "but"}:
            return False
        if kind == "np":
            return (self.grammar.tag(after) == "VBG" and self._lists_gerunds(first, comma)) or (
                self.grammar.tag(after) in {"VB", "VBP"} and self._lists_infinitives(first, comma)
            )
        if kind == "inf":
            return self.grammar.is_base(after) and self.grammar.low(after) != "to"
        verb = self.grammar.tag(after) in {"VBZ", "VBD", "VBP", "MD"} and self.grammar.is_finite(after)
        quoted = kind == "clause" and self.sentence.quoted(comma) is not None
        own = quoted and self.grammar.starts_clause(after, last) is not None
        return (verb or own) and self.grammar.finite(first, comma) is not None

    def _joins(self, place: int, begin: int, last: int, kind: str, first: int) -> str | None:
        """Return how a coordinator joins two propositions; None where both sides are one."""
        grammar = self.grammar
        right = place + 1
        while right < last and (grammar.tag(right) == "RB" or grammar.low(right) in {"also", ","}):
            right += 1
        if right >= last:
            return None
        low = grammar.low(right)
        if grammar.low(place) in {"–", "-"} and kind != "clause":
            return None
        if low == "that" and kind == "clause":
            return "clause"
        if low == "to" and grammar.is_base(right + 1):
            if kind == "inf":
                return "inf"
            if kind == "np" and self._heads_infinitive(first, place):
                return "need"
            return None
        if kind == "inf":
            if grammar.is_base(right) and not self._has_purpose(begin, place):
                return "inf"
            own = grammar.starts_clause(right, last)
            return "issued" if own is not None and grammar.low(place - 1) == "," else None
        if kind == "np":
            if grammar.low(place - 1) == "," and grammar.starts_clause(right, last) is not None:
                return "issued"
            if grammar.tag(right) == "VBG" and self._lists_gerunds(first, place):
                return "gerund"
            if grammar.is_base(right) and self._lists_infinitives(first, place):
                return "needbase"
            noun = right + 1 if grammar.tag(right) in {"DT", "PRP$"} else right
            here = self.lexicon.words["propositions"] - {"role", "right", "interest", "principle"}
            heads = any(token.low in here for token in self.tokens[first:place][:6])
            return "np" if heads and grammar.low(noun) in here else None
        return self._clause_joins(right, place, last, kind, first)

    def _clause_joins(self, right: int, place: int, last: int, kind: str, first: int) -> str | None:
        grammar = self.grammar
        since = first
        if grammar.low(place - 1) != ",":
            commas = [each for each in range(first, place) if grammar.low(each) == ","]
            subordinate = grammar.low(first) in _SUBORDINATE or grammar.low(first + 1) in _SUBORDINATE
            if commas and (subordinate or grammar.finite(first, commas[-1]) is not None):
                since = commas[-1]
        verb = grammar.finite(first, place)
        if verb is None or (grammar.finite(since, place) is None and not grammar.is_finite(right)):
            return None
        if grammar.is_finite(right) and grammar.low(right) != "that" and grammar.tag(right) != "VBN":
            return "verb"
        if grammar.tag(verb) == "MD" and grammar.is_base(right) and not self._has_purpose(verb, place):
            return "base"
        if grammar.starts_clause(right, last) is not None and kind == "clause":
            return "clause"
        return None

    def _has_purpose(self, first: int, last: int) -> bool:
        """Return whether a noun has an infinitive, which a verb after the coordinator may continue."""
        return any(
            self.tokens[place].low == "to"
            and self.grammar.is_base(place + 1)
            and self.grammar.tag(place - 1).startswith("NN")
            for place in range(first + 1, last)
        )

    def _heads_infinitive(self, first: int, last: int) -> bool:
        """Return whether a noun such as *need* or *readiness* heads the content."""
        return any(token.low in _NEEDS for token in self.tokens[first:last][:8])

    def _lists_gerunds(self, first: int, last: int) -> bool:
        """Return whether gerunds follow a noun such as *importance of*."""
        return any(
            self.tokens[place].low in _NEEDS and self.grammar.tag(place + 2) == "VBG" for place in range(first, last)
        )

    def _lists_infinitives(self, first: int, last: int) -> bool:
        """Return whether infinitives follow a noun such as *need to*."""
        return any(
            self.tokens[place].low in _NEEDS and self.grammar.low(place + 1) == "to" for place in range(first, last)
        ) and not self._has_purpose(
            next(place for place in range(first, last) if self.tokens[place].low in _NEEDS) + 1, last
        )

    def _head(self, first: int, last: int, words: int) -> Range | None:
        """Return the words up to a noun such as *need*, and so many from it."""
        where = next((place for place in range(first, last) if self.tokens[place].low in _NEEDS), None)
        return None if where is None else self.sentence.trim(first, where + words)
