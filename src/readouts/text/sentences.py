"""The sentences of a text, as far as finding a quotation needs them: such as English, Russian and Chinese."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["sentence_extent", "sentences"]

_CLOSING = "\"'”’»›」』》〉）)\\]"
_ENDS = re.compile(rf"[。！？｡][{_CLOSING}]*|[.!?…]+[{_CLOSING}]*(?=\s)|\n[^\S\n]*\r?\n")
_ABBREVIATION = re.compile(
    r"(?:\b[^\W\d_]|\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|St|Lt|Col|Jr|Sr|No|vs|гг|им|ул|др|пр|тыс|млн|млрд|руб|долл))\Z"
)
_CONTINUES = re.compile(rf"[{_CLOSING}]*\s+[^\W\d_]")


def sentence_extent(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch of the whole sentences that a stretch of a text lies in.

    A blank line ends a sentence, too. A full stop after an initial or a common abbreviation, or before a small
    letter, ends none.

    Examples
    --------
    >>> text = "She called. Mr. Marek said that he agreed. Both left."
    >>> first, last = sentence_extent(text, 16, 21)
    >>> text[first:last]
    ' Mr. Marek said that he agreed.'
    """
    over = [place for place in sentences(text) if place[0] < end and place[1] > start]
    return (over[0][0], over[-1][1]) if over else (0, len(text))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of the sentences of a text, each with the spaces before it; together they are the text.

    Examples
    --------
    >>> text = "She called. Mr. Marek said that he agreed."
    >>> [text[start:end] for start, end in sentences(text)]
    ['She called.', ' Mr. Marek said that he agreed.']
    """
    ends = (found for found in _ENDS.finditer(text) if found[0][0] not in ".!?…" or not _goes_on(text, found))
    edges = dict.fromkeys([0, *(found.end() for found in ends), len(text)])
    yield from pairwise(edges)


def _goes_on(text: str, stop: re.Match[str]) -> bool:
    following = _CONTINUES.match(text, stop.end())
    if following is not None and following[0][-1].islower():
        return True
    return stop[0] == "." and _ABBREVIATION.search(text, max(0, stop.start() - 6), stop.start()) is not None
