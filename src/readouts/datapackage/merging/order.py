"""The order in which a merge puts what both sides may have moved: columns, fields, resources and rows."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable

    from readouts.datapackage.merging.version import Key
    from readouts.datapackage.schema.model import Table

__all__ = ["merged_order", "merged_rows"]

Name = TypeVar("Name", bound="Hashable")
_NUMBERS = frozenset(["integer", "number"])


def merged_order(base: Iterable[Name], ours: Iterable[Name], theirs: Iterable[Name]) -> list[Name]:
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

    def moved(side: dict[Name, None]) -> bool:
        return [name for name in side if name in old] != [name for name in old if name in side]

    return _inserted(second, first) if moved(second) and not moved(first) else _inserted(first, second)


def _inserted(first: Collection[Name], second: Iterable[Name]) -> list[Name]:
    """Return the names of the first side, and after each those that follow it on the second side alone."""
    following: dict[Name | None, list[Name]] = {}
    before: Name | None = None
    for name in second:
        if name in first:
            before = name
        else:
            following.setdefault(before, []).append(name)
    order = [*following.get(None, ())]
    for name in first:
        order += (name, *following.get(name, ()))
    return order


def merged_rows(table: Table, base: Collection[Key], ours: Collection[Key], theirs: Collection[Key]) -> list[Key]:
    """Return the keys of both sides in the order of the result.

    A table that all versions have sorted by key, as texts or by the numbers in it, stays sorted. Any other is in the
    order of ours, and each row that theirs added goes after the one that it follows there.

    Examples
    --------
    >>> from readouts.datapackage.schema.model import Field, Table
    >>> levels = Table("levels", fields=(Field("day", type="integer"),), primary_key=("day",))
    >>> keys = [[(day,) for day in days.split()] for days in ("1 2 10", "1 2 10 11", "1 2 9 10 12")]
    >>> " ".join(day for (day,) in merged_rows(levels, *keys))
    '1 2 9 10 11 12'
    >>> keys = [[(day,) for day in days.split()] for days in ("10 2 1", "10 2 1 4", "10 3 2 1")]
    >>> " ".join(day for (day,) in merged_rows(levels, *keys))
    '10 3 2 1 4'
    """
    order = _inserted(dict.fromkeys(ours), theirs)
    for rank in (tuple, _rank(table)):
        if all(_ascends(side, rank) for side in (base, ours, theirs)):
            return sorted(order, key=rank)
    return order


def _rank(table: Table) -> Callable[[Key], tuple[Any, ...]]:
    """Return what sorts keys by the numbers in them."""
    numbers = [name in table.field_names and table.field(name).type in _NUMBERS for name in table.primary_key]
    return lambda key: tuple(Decimal(part) if number else part for part, number in zip(key, numbers, strict=True))


def _ascends(keys: Iterable[Key], rank: Callable[[Key], tuple[Any, ...]]) -> bool:
    """Return whether keys are sorted; those that can't be ranked are not."""
    try:
        return all(before <= after for before, after in pairwise(map(rank, keys)))
    except ArithmeticError:
        return False
