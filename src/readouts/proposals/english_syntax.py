"""Tokens of English sentences, and the bounds of their clauses, verb phrases and noun phrases."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["CLOSING", "OPENING", "RELATIVES", "Grammar", "Range", "Token", "inflected", "tokens"]

Range = tuple[int, int]
"""Places of tokens in a sentence, the last not included."""

_TOKEN = re.compile(
    r"""(?:[^\W\d_]\.){2,}|(?<=\s)[A-Z]\.(?=\s[A-Z])|\b(?:Mr|Mrs|Ms|Dr|Jr|Sr|Gen|Sen|St)\.|\d+(?:[.,:]\d+)*|['’]s\b|n['’]t\b|\w+(?=n['’]t\b)
    |[^\W\d_]+(?:(?:-|['’](?!s\b))[^\W\d_]+)*|\S""",
    re.VERBOSE,
)
_BE = frozenset(["am", "is", "are", "was", "were", "be", "been", "being"])
_AUXILIARIES = _BE | frozenset(["has", "have", "had", "do", "does", "did", "having"])
_MODALS = frozenset(["will", "would", "shall", "should", "can", "could", "may", "might", "must", "cannot", "'ll"])
_FINITE_AUXILIARIES = frozenset(["am", "is", "are", "was", "were", "has", "have", "had", "do", "does", "did"])
_FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])
_NOUNS = frozenset(["NN", "NNS", "NNP", "NNPS"])
_NOMINAL = _NOUNS | frozenset(
    ["PRP", "PRP$", "DT", "JJ", "JJR", "JJS", "CD", "POS", "VBG", "VBN", "WP$", "PDT", "RB", "TO", "FW", "$", "IN"]
)
RELATIVES = frozenset(["which", "who", "whose", "whom", "where"])
_STANDING = frozenset(["there", "it", "this", "that", "these", "they", "we", "he", "she", "both", "each"])
OPENING, CLOSING = '“«„"', '”»“"'


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark: its text, place, and part of speech (Penn Treebank)."""

    text: str
    low: str
    start: int
    end: int
    tag: str


def tokens(text: str, start: int, end: int) -> list[Token]:
    """Return the tokens of a stretch of a text.

    Examples
    --------
    >>> [(token.text, token.tag) for token in tokens("She didn't agree.", 0, 17)]
    [('She', 'PRP'), ('did', 'VBD'), ("n't", 'RB'), ('agree', 'VB'), ('.', '.')]
    """
    found = list(_TOKEN.finditer(text, start, end))
    words = [match[0].replace("’", "'") for match in found]
    tags = _tags(tuple(words))
    made = []
    for number, (match, word, tag) in enumerate(zip(found, words, tags, strict=True)):
        low = word.casefold()
        before = words[number - 1].casefold() if number else ""
        month = low == "may" and word == "May" and before != ""
        corrected = "NNP" if month else _corrected(low, tag, before)
        made.append(Token(match[0], low, match.start(), match.end(), corrected))
    return made


@lru_cache(maxsize=1)
def _tagger() -> Any:
    from textblob.en.taggers import PatternTagger

    tagger = PatternTagger()
    with warnings.catch_warnings():
        # It reads its words at the first use, and leaves the file to be closed with the last reference.
        warnings.simplefilter("ignore", ResourceWarning)
        tagger.tag("Read", tokenize=False)
    return tagger


@lru_cache(maxsize=4096)
def _tags(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tag of each word, by the tagger's rules on the words around it."""
    if not words:
        return ()
    # The tagger parts words at spaces and keeps slashes for itself.
    found = _tagger().tag(" ".join(word.replace("/", "-") for word in words), tokenize=False)
    tags = [str(tag) for _, tag in found]
    return tuple(tags) if len(tags) == len(words) else ("NN",) * len(words)


def _corrected(low: str, tag: str, before: str) -> str:
    if low in _MODALS:
        return "MD"
    if low in {"not", "n't", "also", "further", "never"}:
        return "RB"
    if low in _FINITE_AUXILIARIES:
        return "VBD" if low in {"was", "were", "had", "did"} else "VBZ"
    if before in {"it", "he", "she"} and tag == "NNS":
        return "VBZ"
    if before in _MODALS and tag in {"NN", "JJ", "VBP", "VBD", "VBN", "NNP"}:
        return "VB"
    return tag


def inflected(verb: str, irregular: Iterable[str] = ()) -> dict[str, str]:
    """Return the forms of a verb, each with its part of speech; a regular one unless its past is listed.

    Examples
    --------
    >>> inflected("deny")
    {'deny': 'VB', 'denies': 'VBZ', 'denying': 'VBG', 'denied': 'VBD'}
    >>> inflected("tell", ["tell told told"])["told"]
    'VBD'
    """
    past = {line.split()[0]: line.split()[1:] for line in irregular}
    if verb == "be":
        return {"be": "VB", "is": "VBZ", "are": "VBZ", "am": "VBZ", "was": "VBD", "were": "VBD", "being": "VBG"}
    if verb == "have":
        return {"have": "VB", "has": "VBZ", "having": "VBG", "had": "VBD"}
    consonant_y = verb.endswith("y") and verb[-2:-1] not in "aeiou"
    hissing = verb.endswith(("s", "sh", "ch", "x", "z", "o"))
    third = f"{verb[:-1]}ies" if consonant_y else f"{verb}es" if hissing else f"{verb}s"
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        progressive, regular = f"{verb[:-1]}ing", f"{verb}d"
    else:
        progressive, regular = f"{verb}ing", f"{verb}d" if verb.endswith("ee") else f"{verb}ed"
    if consonant_y:
        regular = f"{verb[:-1]}ied"
    if verb in past:
        doubled = past[verb][0]
        if doubled.endswith("tted"):
            progressive = f"{doubled[:-2]}ing"
        forms = {doubled: "VBD", past[verb][1]: "VBD"}
    else:
        forms = {regular: "VBD"}
    return {verb: "VB", third: "VBZ", progressive: "VBG", **forms}


class Grammar:
    """The grammar of one sentence, as far as the tags of its words and their neighbours show it.

    Parameters
    ----------
    sentence
        Its tokens.
    verbs
        Base forms of words that are verbs as well as nouns or adjectives.
    finite
        Places of tokens that are known to be finite verbs.
    """

    def __init__(self, sentence: Sequence[Token], verbs: Iterable[str] = (), finite: Iterable[int] = ()) -> None:
        self.tokens = sentence
        self._verbs = frozenset(verbs)
        self._known = frozenset(finite)

    def low(self, place: int) -> str:
        """Return a token in small letters; nothing beyond the ends."""
        return self.tokens[place].low if 0 <= place < len(self.tokens) else ""

    def tag(self, place: int) -> str:
        """Return the tag of a token; nothing beyond the ends."""
        return self.tokens[place].tag if 0 <= place < len(self.tokens) else ""

    def is_base(self, place: int) -> bool:
        """Return whether a token can be a verb in its base form."""
        return self.tag(place) in {"VB", "VBP"} or self.low(place) in self._verbs

    def is_finite(self, place: int) -> bool:
        """Return whether a token is a finite verb."""
        token, before = self.tokens[place], self.low(place - 1)
        if place in self._known or token.tag == "MD" or token.low in _FINITE_AUXILIARIES:
            return True
        if self.tag(place - 1) == "MD" or before in _AUXILIARIES or before in {"to", "the", "a", "an", "'s"}:
            return False
        if token.tag in {"VBZ", "VBP", "VBD"}:
            return not (token.tag == "VBD" and self._is_reduced(place))
        if token.tag == "VBN" and before in {"which", "who", "that"}:
            return True
        if token.tag == "VBN":
            # The tagger often takes a past tense after a noun for a participle.
            return self.tag(place - 1) in _NOUNS | {"PRP"} and not self._is_reduced(place)
        return before in {"which", "who", "that"} and (token.low in self._verbs or token.low[:-1] in self._verbs)

    def _is_reduced(self, place: int) -> bool:
        """Return whether a past form is a participle after its noun: *the steps taken by ...*."""
        if self.tag(place - 1) == "PRP":
            return False
        return self.tag(place + 1) in {"IN", "TO", "RB", ".", ",", ")", "CC"} and self.tag(place - 1).startswith("NN")

    def finite(self, first: int, last: int) -> int | None:
        """Return the place of the first finite verb of a clause that isn't in a relative clause."""
        place = first
        while place < last:
            if self.low(place) in RELATIVES and place > first:
                after = self.relative_end(place, last)
                if after > place:
                    place = after
                    continue
            if self.is_finite(place):
                # A relative clause without a comma: its verb is not that of the clause.
                if self.low(place - 1) in {"which", "who", "that"} and place - 1 > first:
                    return self.finite(place + 1, last)
                return place
            place += 1
        return self._late(first, last)

    def _late(self, first: int, last: int) -> int | None:
        """Return the first past form of a clause that has no other verb: what looked like a participle."""
        before = _NOUNS | {"PRP", "RB"}
        places = range(first + 1, last)
        return next((at for at in places if self.tag(at) in {"VBD", "VBN"} and self.tag(at - 1) in before), None)

    def relative_end(self, place: int, last: int) -> int:
        """Return where a relative clause set off by a comma ends: at the next comma, or where the clause does."""
        depth = 0
        for end in range(place + 1, last):
            if self.low(end) in {"(", "["}:
                depth += 1
            elif self.low(end) in {")", "]"}:
                depth -= 1
            elif depth == 0 and self.low(end) in {",", ";", "–", "—"} and not self._is_list(end, last):
                return end
        return last

    def _is_list(self, comma: int, last: int) -> bool:
        """Return whether a comma parts items of a list of nouns: *talks, trade and travel*."""
        for end in range(comma + 1, min(last, comma + 8)):
            if self.low(end) in {"and", "or"}:
                return not (end + 1 < last and self.is_finite(end + 1))
            if self.low(end) in {",", ";"}:
                return self._is_list(end, last)
            if self.is_finite(end):
                return False
        return False

    def noun_phrase(self, end: int) -> int:
        """Return where the noun phrase begins that ends before a place; that place where there is none."""
        start = end
        while start > 0:
            token = self.tokens[start - 1]
            joins = token.low in {"of", "and", "&"} and start < end and start > 1
            if joins and token.low == "and":
                # What *and* joins must be a noun phrase on both sides.
                joins = self.tag(start - 2) in _NOUNS | {")", "POS"}
            if joins and token.low == "of":
                joins = self.tag(start - 2) in _NOUNS
            comma = token.low == "," and self.low(start) in {"jr.", "jr", "sr."}
            if not (joins or comma or token.low in {")", "("} or token.tag in _NOMINAL - {"IN", "TO", "RB"}):
                break
            if token.tag in {"VBG", "VBN"} and start == end:
                break
            start -= 1
        while start < end and self.low(start) in {"and", "that", "of", ")", "("}:
            start += 1
        return start

    def starts_clause(self, first: int, last: int) -> int | None:
        """Return the finite verb of a clause that begins with a noun phrase; None where none begins there."""
        place, nouns = first, 0
        if self.tag(first) in {"IN", "TO", "CC", "VBG"} and self.low(first) != "that":
            return None
        while place < last:
            if place > first and nouns and self.is_finite(place):
                return place
            token = self.tokens[place]
            if token.low in _STANDING or token.tag.startswith(("NN", "PRP", "CD")):
                nouns += 1
            elif token.low in RELATIVES or token.tag not in _NOMINAL | {"CC", "(", ")"}:
                return None
            if token.low in {"to", ",", ";"}:
                return None
            place += 1
        return None
