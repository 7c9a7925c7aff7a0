"""Where the quotes of a piece of CSV are, and what they prove: that its records are well formed, and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["counts", "places", "positions_of", "quotes_fit", "whole_records"]

_PART = 2**18
"""Bytes that are processed together, so that they stay near the processor."""
_BREAKS_TRIED = 64
_LINE_FEED, _RETURN = 10, 13
_NOTHING: NDArray[np.int64] = np.empty(0, np.int64)


def places(data: bytes, quote: str | None) -> NDArray[np.int64]:
    """Return where the quotes are."""
    return _NOTHING if quote is None else positions_of(np.frombuffer(data, np.uint8), ord(quote))


def positions_of(array: NDArray[np.uint8], value: int) -> NDArray[np.int64]:
    """Return where a byte is."""
    parts = [np.flatnonzero(array[start : start + _PART] == value) + start for start in range(0, array.size, _PART)]
    return np.concatenate(parts) if parts else _NOTHING


def _count(array: NDArray[np.uint8], value: int) -> int:
    """Return how often a byte is there."""
    parts = (array[start : start + _PART] == value for start in range(0, array.size, _PART))
    return sum(int(np.count_nonzero(part)) for part in parts)


def whole_records(data: bytes, quotes: NDArray[np.int64]) -> int:
    """Return how much of the data is whole records: up to the last line end outside quotes; 0 if that isn't clear."""
    end = data.rfind(b"\n") + 1
    for _ in range(_BREAKS_TRIED):
        before = int(np.searchsorted(quotes, end))
        if before % 2 == 0 or not end:
            return end
        end = data.rfind(b"\n", 0, int(quotes[before - 1])) + 1
    return 0


def counts(
    data: bytes, quotes: NDArray[np.int64], delimiter: str
) -> tuple[int, int, int, NDArray[np.int64] | None] | None:
    """Count delimiters and line ends outside quotes, and all line ends; None if quotes are where none may be."""
    # Where cells have line ends, the line that each record begins on, from 0, comes last.
    array, separator = np.frombuffer(data, np.uint8), ord(delimiter)
    delimiters, breaks = _count(array, separator), _count(array, _LINE_FEED)
    if not quotes.size:
        return delimiters, breaks, breaks, None
    if quotes.size % 2 or not quotes_fit(array, quotes, separator):
        return None
    inner = []
    for quoted in _quoted(quotes[0::2], quotes[1::2]):
        within = array[quoted]
        delimiters -= int(np.count_nonzero(within == separator))
        inner.append(quoted[within == _LINE_FEED])
    ends = np.concatenate(inner)
    if not ends.size:
        return delimiters, breaks, breaks, None
    outer = np.ones(breaks, bool)
    outer[np.searchsorted(positions_of(array, _LINE_FEED), ends)] = False
    starts = np.concatenate(([0], np.flatnonzero(outer) + 1))
    return delimiters, breaks - ends.size, breaks, starts


def _quoted(opening: NDArray[np.int64], closing: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the places of all bytes within quotes, so many at a time that they stay near the processor."""
    lengths = closing - opening
    ends = np.cumsum(lengths)
    first = 0
    while first < ends.size:
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _PART)))
        part = lengths[first:last]
        places = np.repeat(opening[first:last] - ends[first:last] + part + before, part)
        yield places + np.arange(places.size)
        first = last


def quotes_fit(array: NDArray[np.uint8], quotes: NDArray[np.int64], separator: int) -> bool:
    """Return whether every quote opens a cell, closes one, or is one of two that stand for one."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = array[np.maximum(opening - 1, 0)]
    opens = (opening == 0) | (before == separator) | (before == _LINE_FEED)
    opens[1:] |= opening[1:] == closing[:-1] + 1
    if not opens.all():
        return False
    after = array[np.minimum(closing + 1, array.size - 1)]
    closes = (closing == array.size - 1) | (after == separator)
    closes |= (after == _LINE_FEED) | (after == _RETURN)
    closes[:-1] |= closing[:-1] + 1 == opening[1:]
    return bool(closes.all())
