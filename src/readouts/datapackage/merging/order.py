"""The order of names that both sides of a merge may have changed: of columns, fields and resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["merged_order"]


def merged_order(base: Iterable[str], ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Return the names of both sides in the order of ours, or of theirs if only that side moved some.

    A name that the other side added goes after the one that it follows there.

    Examples
    --------
    >>> merged_order("abc", "axbc", "aybc")
    ['a', 'y', 'x', 'b', 'c']
    >>> merged_order("abc", "abcx", "cba")
    ['c', 'x', 'b', 'a']
    """
    old, first, second = dict.fromkeys(base), dict.fromkeys(ours), dict.fromkeys(theirs)

    def moved(side: dict[str, None]) -> bool:
        return [name for name in side if name in old] != [name for name in old if name in side]

    if moved(second) and not moved(first):
        first, second = second, first
    order = list(first)
    before: str | None = None
    for name in second:
        if name not in first:
            order.insert(0 if before is None else order.index(before) + 1, name)
        before = name
    return order
