"""Long lists over several pages, so that none grows too large to load and to scroll."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["LARGEST", "Leaf", "leaves"]

LARGEST = 300_000
"""Bytes that no page of a site may exceed."""
_BUDGET = 220_000
"""Bytes that the entries of a page may take; the rest is for what stands around them."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Leaf(Generic[Item]):
    """One page of a list.

    Attributes
    ----------
    number, count
        Which page it is, counted from 1, and how many there are.
    items
        What stands on it.
    before, total
        How many entries stand on earlier pages, and on all.
    """

    number: int
    count: int
    items: tuple[Item, ...]
    before: int
    total: int


def leaves(
    items: Iterable[Item], weigh: Callable[[Item], int], *, budget: int = _BUDGET, most: int = 1000
) -> list[Leaf[Item]]:
    """Cut a list into pages.

    Parameters
    ----------
    items
        The entries.
    weigh
        About how many bytes an entry takes on a page.
    budget
        How many bytes the entries of a page may take together.
    most
        How many entries a page may have.

    Returns
    -------
    list of Leaf
        At least one, and none without entries unless there are none at all.

    Examples
    --------
    >>> [leaf.items for leaf in leaves("abcde", lambda letter: 100, budget=200)]
    [('a', 'b'), ('c', 'd'), ('e',)]
    >>> leaves([], len)
    [Leaf(number=1, count=1, items=(), before=0, total=0)]
    """
    found: list[list[Item]] = [[]]
    filled = 0
    for item in items:
        weight = weigh(item)
        if found[-1] and (filled + weight > budget or len(found[-1]) == most):
            found.append([])
            filled = 0
        found[-1].append(item)
        filled += weight
    total = sum(map(len, found))
    made, before = [], 0
    for number, part in enumerate(found, 1):
        made.append(Leaf(number, len(found), tuple(part), before, total))
        before += len(part)
    return made
