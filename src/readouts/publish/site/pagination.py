"""Long lists over several pages, so that none grows too large to load and to scroll."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["LARGEST", "PageSlice", "encoded_length", "paginate"]

LARGEST = 300_000
"""Bytes that no page of a site may exceed."""
_BUDGET = 220_000
"""Bytes that the entries of a page may take; the rest is for what is around them."""

Item = TypeVar("Item")
Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class PageSlice(Generic[Kept]):
    """One page of a list."""

    number: int  # counted from 1
    count: int
    items: tuple[Kept, ...]
    length: int
    before: int  # entries on earlier pages
    total: int


def paginate(
    items: Iterable[Item],
    weigh: Callable[[Item], int],
    *,
    pack: Callable[[list[Item]], tuple[Any, ...]] = tuple,
    budget: int = _BUDGET,
    most: int = 1000,
) -> list[PageSlice[Any]]:
    """Cut a list into pages.

    Parameters
    ----------
    items
        The entries.
    weigh
        About how many bytes an entry takes on a page.
    pack
        What is kept of the entries of a page: all of them, unless that takes too much memory.
    budget
        How many bytes the entries of a page may take together.
    most
        How many entries a page may have.

    Returns
    -------
    list of PageSlice
        At least one, and none without entries unless there are none at all.

    Examples
    --------
    >>> [leaf.items for leaf in paginate("abcde", lambda letter: 100, budget=200)]
    [('a', 'b'), ('c', 'd'), ('e',)]
    >>> paginate([], len)
    [PageSlice(number=1, count=1, items=(), length=0, before=0, total=0)]
    """
    packed: list[tuple[int, tuple[Any, ...]]] = []
    part: list[Item] = []
    filled = 0
    for item in items:
        weight = weigh(item)
        if part and (filled + weight > budget or len(part) == most):
            packed.append((len(part), pack(part)))
            part, filled = [], 0
        part.append(item)
        filled += weight
    if part or not packed:
        packed.append((len(part), pack(part)))
    total = sum(length for length, _ in packed)
    made, before = [], 0
    for number, (length, kept) in enumerate(packed, 1):
        made.append(PageSlice(number, len(packed), kept, length, before, total))
        before += length
    return made


def encoded_length(*texts: str | None) -> int:
    """Return how many bytes texts take in UTF-8.

    Examples
    --------
    >>> encoded_length("Владимир", None, "Putin")
    21
    """
    return sum(len(text.encode("utf-8", "replace")) for text in texts if text)
