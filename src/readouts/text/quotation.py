"""Finding the quotation of a draft in a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.text.problem import TextProblem
from readouts.text.skeleton import skeleton

if TYPE_CHECKING:
    from readouts.text.skeleton import Skeleton

__all__ = ["QUOTATION_MARKS", "edges_hold", "find_quote"]

QUOTATION_MARKS = frozenset("\"'“”„‟«»‹›‘’‚‛「」『』《》〈〉｢｣﹁﹂﹃﹄〝〞〟＂＇")


def edges_hold(text: str, start: int, end: int) -> bool:
    """Tell whether a span begins and ends on a letter, a digit or a quotation mark.

    Examples
    --------
    >>> edges_hold("He called.", 3, 9), edges_hold("He called.", 2, 10)
    (True, False)
    """
    return all(character in QUOTATION_MARKS or skeleton(character) for character in (text[start], text[end - 1]))


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


def _only(text: Skeleton, words: str, what: str, first: int, last: int) -> tuple[int, int]:
    places = _places(text, words, first, last)
    if not places:
        message = f'The {what} "{words}" is not in the text.'
        raise TextProblem("quote-not-found", message)
    if len(places) > 1:
        lines = ", ".join(str(text.text.count("\n", 0, start) + 1) for start, _ in places[:8])
        message = f'The {what} "{words}" is in the text {len(places)} times, on lines {lines}.'
        raise TextProblem("quote-ambiguous", message)
    return places[0]


def find_quote(text: Skeleton, quote: str, within: str | None = None) -> tuple[int, int]:
    """Find the one place of a quotation.

    Parameters
    ----------
    text
        The article's text.
    quote
        The words, matched to the letter or, where that finds nothing, by their skeleton.
    within
        A longer stretch that is found once and holds the quotation once.

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
    """
    first, last = 0, len(text.text)
    if within is not None:
        first, last = _only(text, within, "context", first, last)
    start, end = _only(text, quote, "quotation", first, last)
    if not edges_hold(text.text, start, end):
        message = f'The quotation "{quote}" must begin and end on a letter, a digit or a quotation mark.'
        raise TextProblem("span-edge", message)
    return start, end
