"""Finding the quotation of a draft in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.datapackage.scripts import UNSPACED_CHARACTER
from readouts.text.problem import TextProblem
from readouts.text.skeleton import skeleton

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.text.skeleton import Skeleton

__all__ = ["WORD_EDGE", "edges_hold", "find_quote", "quote_places"]

_QUOTATION_MARKS = frozenset("\"'“”„‟«»‹›‘’‚‛「」『』《》〈〉｢｣﹁﹂﹃﹄〝〞〟＂＇")


def edges_hold(text: str, start: int, end: int) -> bool:
    """Return whether a span begins and ends on a letter, a digit or a quotation mark.

    Examples
    --------
    >>> edges_hold("He called.", 3, 9), edges_hold("He called.", 2, 10)
    (True, False)
    """
    return all(character in _QUOTATION_MARKS or skeleton(character) for character in (text[start], text[end - 1]))


def _occurrences(text: str, words: str, first: int, last: int) -> list[int]:
    places, place = [], text.find(words, first, last)
    while place >= 0:
        places.append(place)
        place = text.find(words, place + 1, last)
    return places


def _places(text: Skeleton, words: str, first: int, last: int) -> list[tuple[int, int]]:
    exact = [(start, start + len(words)) for start in _occurrences(text.text, words, first, last)]
    if exact:
        return exact
    letters = skeleton(words)
    if not letters:
        return []
    low, high = text.inside(first, last)
    return [text.outside(start, start + len(letters)) for start in _occurrences(text.letters, letters, low, high)]


_MOST_SHOWN, _AROUND = 5, 24
_LETTER = rf"(?!{UNSPACED_CHARACTER})[^\W_]"
WORD_EDGE = rf"(?:(?<!{_LETTER})|(?!{_LETTER}))"
"""A pattern of a place that cuts no word; in a script without spaces between words, every place is one."""


def _several(text: Skeleton, what: str, where: str, places: list[tuple[int, tuple[int, int]]]) -> TextProblem:
    """Say where the places of a quotation are: each with its number, its line and a few words around it."""
    shown = "; ".join(
        f"({number}) line {text.text.count(chr(10), 0, start) + 1}: {_shown(text.text, start, end)}"
        for number, (start, end) in places[:_MOST_SHOWN]
    )
    if len(places) > _MOST_SHOWN:
        shown += f"; and {len(places) - _MOST_SHOWN} more."
    elif shown[-1] not in ".…":
        shown += "."
    return TextProblem("quote-ambiguous", f"The {what} is {where} {len(places)} times: {shown}")


def _shown(text: str, start: int, end: int) -> str:
    """Return a place in brackets, between whole words where there are spaces."""
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if start > _AROUND:
        before = "…" + (before.partition(" ")[2] or before)
    if end + _AROUND < len(text):
        after = (after.rpartition(" ")[0] or after) + "…"
    words = text[start:end] if end - start <= 2 * _AROUND else f"{text[start : start + _AROUND]}…"
    return " ".join(f"{before}[{words}]{after}".split())


def _whole_words(text: str, start: int, end: int) -> bool:
    """Return whether a place cuts no word at its edges."""
    return all(re.compile(WORD_EDGE).match(text, edge) for edge in (start, end))


def quote_places(text: Skeleton, quote: str) -> list[tuple[int, int]]:
    """Return all places of a quotation, in the order of the text."""
    return _places(text, quote, 0, len(text.text))


def find_quote(
    text: Skeleton,
    quote: str,
    within: str | None = None,
    occurrence: int | None = None,
    nearby: Sequence[tuple[int, int]] = (),
) -> tuple[int, int]:
    """Find the one place of a quotation.

    Parameters
    ----------
    text
        The article's text.
    quote
        The words, matched to the letter or, where that finds nothing, by their skeleton.
    within
        A longer stretch that is found once and holds the quotation once.
    occurrence
        Which of several places is meant: counted from 1, inside `within` where that is given.
    nearby
        Stretches that are searched first. One place there is the one that is meant; with `within` or `occurrence`,
        they don't matter.

    Returns
    -------
    tuple
        Start and end in Unicode code points, end-exclusive.

    Raises
    ------
    TextProblem
        The quotation is not found, is found more than once, or an edge is not a letter, a digit or a quotation mark.

    Examples
    --------
    >>> from readouts.text.skeleton import Skeleton
    >>> text = Skeleton("Marek spoke. Then Marek called.")
    >>> find_quote(text, "Marek", within="Then Marek")
    (18, 23)
    >>> find_quote(text, "Marek", occurrence=2)
    (18, 23)
    >>> find_quote(text, "Marek", nearby=[(0, 12)])
    (0, 5)
    """
    first, last, where = 0, len(text.text), "in the text"
    if within is not None:
        first, last = _only(text, f'context "{within}"', where, _places(text, within, first, last))
        where = "in its context"
    what = f'quotation "{quote}"'
    places = _places(text, quote, first, last)
    if occurrence is not None and places:
        if not 1 <= occurrence <= len(places):
            times = "once" if len(places) == 1 else f"{len(places)} times"
            message = f"The {what} is {where} {times}; found {occurrence} for 'occurrence'."
            raise TextProblem("quote-not-found", message)
        places = [places[occurrence - 1]]
    near = () if within is not None or occurrence is not None else nearby
    start, end = _only(text, what, where, places, near)
    if not edges_hold(text.text, start, end):
        message = f'The quotation "{quote}" must begin and end on a letter, a digit or a quotation mark.'
        raise TextProblem("span-edge", message)
    return start, end


def _only(
    text: Skeleton, what: str, where: str, places: list[tuple[int, int]], nearby: Sequence[tuple[int, int]] = ()
) -> tuple[int, int]:
    """Return the one place; of several, the one that lies nearby."""
    if not places:
        message = f"The {what} is not in the text."
        raise TextProblem("quote-not-found", message)
    if len(places) == 1:
        return places[0]
    numbered = list(enumerate(places, 1))
    near = [
        (number, (start, end))
        for number, (start, end) in numbered
        if any(first <= start and end <= last for first, last in nearby)
    ]
    if len(near) == 1:
        if _whole_words(text.text, *near[0][1]):
            return near[0][1]
        near = []
    raise _several(text, what, "in the statement's sentence" if near else where, near or numbered)
