"""Words and clauses of Chinese: a lexicon's words in a text, and the text between two commas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from readouts.proposals.proposal import Place

__all__ = ["MODALS", "Clause", "Token", "Words", "clauses", "trimmed"]

MODALS = ("planned", "proposed", "normative")
"""Kinds of words that set the modality of a clause, in the order in which they decide."""
_OPENING, _CLOSING = "“「『《（(‘", "”」』》）)’"
_COMMAS = "，；：,;:、"
_SPLITTING = "，；：;:—"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the lexicon in the text, or one character that is none (of the kind `other`)."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """The text between two commas; `mark` is the mark after it."""

    start: int
    end: int
    mark: str
    tokens: tuple[Token, ...]

    def has(self, *kinds: str) -> bool:
        """Whether it has a word of one of these kinds."""
        return any(token.kind in kinds for token in self.tokens)

    def after(self, *kinds: str) -> tuple[Token, ...]:
        """Return its words without those of these kinds that it begins with."""
        index = next((index for index, token in enumerate(self.tokens) if token.kind not in kinds), len(self.tokens))
        return self.tokens[index:]

    @property
    def bare(self) -> int:
        """Where it begins without conjunctions."""
        rest = self.after("conjunction")
        return rest[0].start if rest else self.start

    @property
    def modal(self) -> Token | None:
        """Its first modal verb, if that comes before its first verb or copula."""
        found = next((token for token in self.tokens if token.kind in (*MODALS, "verb", "copula")), None)
        return found if found is not None and found.kind in MODALS else None


class Words:
    """The words of a lexicon, the longest first, found in a text whose characters are simplified.

    Parameters
    ----------
    lexicon
        The parsed data file.

    Examples
    --------
    >>> words = Words({"words": {"verb": ["修"], "normative": ["要"], "noun": ["重要"]}})
    >>> [token.kind for token in words.tokens("重要要修", 0, 4)]
    ['noun', 'normative', 'verb']
    """

    def __init__(self, lexicon: Mapping[str, Any]) -> None:
        self.lexicon = lexicon
        self.kinds = {word: kind for kind, words in lexicon.get("words", {}).items() for word in words}
        self.longest = max(map(len, self.kinds), default=1)
        pairs = lexicon.get("traditional", ())
        self.table = str.maketrans({pair[0]: pair[1] for pair in pairs})

    def simplified(self, text: str) -> str:
        """Return the text with simplified characters, at the same places."""
        return text.translate(self.table)

    def tokens(self, text: str, start: int, end: int) -> tuple[Token, ...]:
        """Return the words between two places, the longest that fits at each place."""
        found, at, depth = [], start, 0
        while at < end:
            depth += (text[at] in _OPENING) - (text[at] in _CLOSING)
            size = 1
            kind = "other"
            if depth <= 0:
                for length in range(min(self.longest, end - at), 0, -1):
                    if text[at : at + length] in self.kinds:
                        kind, size = self.kinds[text[at : at + length]], length
                        break
            found.append(Token(kind, at, at + size))
            at += size
        return tuple(found)

    def starts(self, text: str, at: int, name: str, end: int | None = None) -> str:
        """Return the longest word of a list of the lexicon that begins at a place; empty if none does."""
        words: Iterable[str] = self.lexicon.get(name, ())
        return max((word for word in words if text.startswith(word, at, end)), key=len, default="")

    def has(self, name: str, word: str) -> bool:
        """Whether a word is in a list of the lexicon."""
        return word in self.lexicon.get(name, ())

    def ends(self, text: str, start: int, end: int, name: str) -> str:
        """Return the longest word of a list of the lexicon that ends at a place; empty if none does."""
        words: Iterable[str] = self.lexicon.get(name, ())
        return max((word for word in words if text.endswith(word, start, end)), key=len, default="")


def trimmed(text: str, start: int, end: int) -> Place:
    """Return a place without spaces and commas at its ends.

    >>> trimmed("，修桥。 ", 0, 5)
    (1, 3)
    """
    while start < end and (text[start].isspace() or text[start] in _COMMAS + "。！？—"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in _COMMAS + "。！？—…!?"):
        end -= 1
    return start, end


def clauses(text: str, start: int, end: int, words: Words, *, inside: bool = False) -> list[Clause]:
    """Split a sentence at its commas, semicolons and colons, which the enumeration comma is not one of.

    Parameters
    ----------
    text
        The text in simplified characters.
    start, end
        Place of the sentence.
    words
        The lexicon's words.
    inside
        Split inside quotation marks as well.

    Returns
    -------
    list of Clause
        In reading order.

    Examples
    --------
    >>> text = "双方要修桥、铺路，减少关税。"
    >>> [text[clause.start : clause.end] for clause in clauses(text, 0, len(text), Words({}))]
    ['双方要修桥、铺路', '减少关税']
    """
    found, begin, depth = [], start, 0
    for at in range(start, end + 1):
        mark = text[at] if at < end else ""
        if not inside or mark in "《》（）()":
            depth = max(0, depth + (mark != "" and mark in _OPENING) - (mark != "" and mark in _CLOSING))
        if at == end or (mark in _SPLITTING and depth == 0):
            place = trimmed(text, begin, at)
            if place[0] < place[1]:
                found.append(Clause(*place, mark, words.tokens(text, *place)))
            begin = at + 1
    return found
