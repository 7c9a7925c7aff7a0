"""One sentence of an English text: its tokens, quotations and grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.proposals.english_syntax import CLOSING, OPENING, Grammar, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.proposals.english_reader import Reader
    from readouts.proposals.english_syntax import Range
    from readouts.proposals.proposal import Place

__all__ = ["COORDINATORS", "Rules", "Sentence"]

COORDINATORS = frozenset(["and", "but", "while", ";", "whereas"])


class Sentence:
    """A sentence of a text."""

    def __init__(self, reader: Reader, start: int, end: int) -> None:
        self.reader = reader
        self.tokens = tokens(reader.text, start, end)
        self.size = len(self.tokens)
        self.quotes = self._quotes()
        self.grammar = Grammar(self.tokens, reader.lexicon.words["verbs"])

    def settle(self, verbs: Iterable[int]) -> None:
        """Take the tokens at some places for finite verbs from now on."""
        self.grammar = Grammar(self.tokens, self.reader.lexicon.words["verbs"], verbs)

    def place(self, ranges: Range) -> Place:
        """Return the place of a range of tokens in the text."""
        return self.tokens[ranges[0]].start, self.tokens[ranges[1] - 1].end

    def trim(self, first: int, last: int) -> Range | None:
        """Leave out marks and joining words at both ends of a range; None where nothing is left."""
        while first < last and (not self._opens(first, last) or self.tokens[first].low in {"and", "that", "but", ";"}):
            first += 1
        while last > first and (
            not self._closes(first, last) or self.tokens[last - 1].low in {"and", "that", "but", "while"}
        ):
            last -= 1
        return (first, last) if first < last else None

    def _opens(self, first: int, last: int) -> bool:
        token = self.tokens[first]
        if token.text in OPENING:
            close = next((end for start, end in self.quotes if start == first), None)
            # Marks around all of it are left out; those around a part are kept.
            return close is not None and any(self.tokens[place].text.isalnum() for place in range(close + 1, last))
        return any(map(str.isalnum, token.text))

    def _closes(self, first: int, last: int) -> bool:
        token = self.tokens[last - 1]
        if token.text in CLOSING:
            opening = next((start for start, end in self.quotes if end == last - 1), None)
            stops = self.tokens[last - 2].text in {".", ",", "!", "?"} if last > 1 else False
            return opening is not None and opening > first and not stops
        return any(map(str.isalnum, token.text))

    def _quotes(self) -> list[Range]:
        """Return the places of quotation marks, each opening one with its closing one."""
        found: list[Range] = []
        opened: int | None = None
        for number, token in enumerate(self.tokens):
            if opened is None and token.text in OPENING:
                opened = number
            elif opened is not None and token.text in CLOSING:
                found.append((opened, number))
                opened = None
        if opened is not None:
            found.append((opened, self.size))
        return found

    def quoted(self, place: int) -> Range | None:
        """Return the quotation that a token lies in."""
        return next((quote for quote in self.quotes if quote[0] < place < quote[1]), None)

    def text(self, first: int, last: int) -> str:
        """Return the words of a range of tokens."""
        return "" if first >= last else self.reader.text[self.tokens[first].start : self.tokens[last - 1].end]

    def clause_start(self, start: int) -> int:
        """Return where the clause of a subject begins, after what joins it to the clause before."""
        for place in range(start - 1, -1, -1):
            if self.tokens[place].low in COORDINATORS and self.grammar.finite(0, place) is not None:
                return place
        return 0


class Rules:
    """Rules for one sentence, with its grammar as it is when they are made."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.reader = sentence.reader
        self.lexicon = sentence.reader.lexicon
        self.tokens = sentence.tokens
        self.grammar = sentence.grammar
