"""Comparing two tables that outgrow memory: rows parted by the hash of their key, one part of both after the other."""

from __future__ import annotations

import io
import sys
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.datapackage.difference.row_pairing import (
    COUNT,
    ROW,
    RowPairing,
    duplicates,
    missing_in,
    pair,
    paired,
    require_columns,
    require_distinct,
    require_values,
)
from readouts.datapackage.memory import return_freed_memory
from readouts.datapackage.table.errors import TableError
from readouts.datapackage.table.partitions import Partitions, TemporaryFrames, part_count
from readouts.datapackage.table.reader import Sizes
from readouts.datapackage.table.text_frame import SheetReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.table.text_frame import TextTable

__all__ = ["outgrows", "pair_in_parts"]

_COPIES = 3
"""How many times the size of the files a comparison in memory takes."""
_COPIES_OF_PART = 8
"""How many parts more than the size of the files there are, since whole rows are compared."""
_FRAMES = ("added", "removed", "cells", "renamed")
_BUFFERED, _READ = 16, 4
"""Parts of the bound: for rows that are gathered, and for blocks that are read."""

Key = tuple[str, ...]
Parts = tuple[Partitions, Key, Partitions]
"""By key, the columns of which, and those of keys that were renamed."""


def outgrows(old: Resource, new: Resource, memory: int) -> bool:
    """Return whether two tables take more memory than they may."""
    return Sizes([old, new], None).unpacked * _COPIES > memory


class _PartReader(SheetReader):
    """One resource whose rows are parted while it is read, by the key; those whose keys were renamed are one part more.

    Attributes
    ----------
    empty
        Rows without a value, by column of the key.
    twice, times_twice
        Duplicate keys among the parts that were read again, the first ones with two rows of each; how many there are.
    """

    def __init__(self, resource: Resource, key: Key, moved: pl.DataFrame, memory: int, parts: Parts) -> None:
        """Read the rows."""
        self.key, self.moved = key, moved
        self.memory, self._most = memory // _READ, memory // _BUFFERED
        self._parts, self._by, self._renamed = parts
        self.height = self._size = 0
        self.empty: dict[str, list[int]] = {name: [] for name in key}
        self.twice: list[tuple[Key, list[int]]] = []
        self.times_twice = 0
        super().__init__(resource)
        self.rows = self.require_sheet()  # which are none: they are in the parts

    def take(self, rows: pl.DataFrame) -> None:
        """Gather rows, and part them once there are many."""
        self._frames.append(rows.with_columns(pl.int_range(self.height, self.height + rows.height).alias(ROW)))
        self.height += rows.height
        self._size += int(rows.estimated_size())
        if self._size > self._most:
            self._part()

    def taken(self) -> pl.DataFrame:
        """Part what is left, and return no rows."""
        return self._part().drop(ROW)

    def _part(self) -> pl.DataFrame:
        rows = pl.concat(self._frames)
        empty = rows.clear()
        self._frames, self._size = [empty], 0
        if set(self._by) <= set(rows.columns):
            for name, found in self.empty.items():
                absent = rows[name].is_in(sorted(missing_in(self.table or self.resource.require_readable(), name)))
                found.extend(rows[ROW].filter(absent))
            if self.moved.height:
                self._renamed.add(rows.join(self.moved, on=self.key, how="semi", maintain_order="left"), self.key)
                rows = rows.join(self.moved, on=self.key, how="anti", maintain_order="left")
            self._parts.add(rows, self._by)
        return empty

    def part(self, number: int) -> TextTable:
        """Return the rows of a part, the last one of those that were renamed, and note the keys that are duplicate."""
        parts, number = (self._parts, number) if number < len(self._parts) else (self._renamed, 0)
        rows = next(parts.batches(number, sys.maxsize), self._frames[0])
        if self.key and set(self.key) <= set(rows.columns):
            twice, times = duplicates(rows.select(ROW, *self.key), self.key)
            self.twice += twice
            self.times_twice += times
        return replace(self.rows, frame=rows.drop(ROW))

    @property
    def faultless(self) -> bool:
        """Whether the key tells rows apart, so far."""
        return set(self.key) <= set(self.rows.labels) and not self.times_twice and not any(self.empty.values())

    def require_faultless(self, side: str) -> None:
        """Raise unless the key tells rows apart."""
        require_columns(self.rows, self.key, side)
        require_values(self.rows, side, self.empty)
        require_distinct(self.rows, self.key, side, sorted(self.twice, key=lambda each: each[1]), self.times_twice)


def pair_in_parts(
    old: Resource, new: Resource, key: Key | None, renamed: Mapping[Key, Key], memory: int
) -> tuple[TextTable, TextTable, RowPairing]:
    """Pair the rows of a table of two packages as `pair` does, within a bound of memory.

    Returns
    -------
    tuple
        Both sides without their rows, and the pairing.

    Raises
    ------
    TableError
        A table can't be read, or its rows can't be told apart.
    ReadoutsError
        The disk is too full for the temporary file.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> lakes = open_package(sample_package()).resource("lakes")
    >>> pair_in_parts(lakes, lakes, ("lake_id",), {}, 10**6)[2].cells.height
    0
    """
    return_freed_memory()
    count = part_count(Sizes([old, new], None).unpacked * _COPIES_OF_PART, memory)
    key = key or ()
    by = key or _common(old, new)
    moved = pl.DataFrame(
        sorted({*renamed, *renamed.values()}), schema=dict.fromkeys(key, pl.String) or None, orient="row"
    )
    pairings: list[RowPairing] = []
    with TemporaryFrames("The rows to compare") as file:
        before, after = (
            _PartReader(each, key, moved, memory, (Partitions(file, count), by, Partitions(file, 1)))
            for each in (old, new)
        )
        for number in range(count + 1):
            here, there = before.part(number), after.part(number)
            if not (before.faultless and after.faultless):
                continue
            moves = renamed if number == count else {}
            found = paired(here, there, key, moves) if key else pair(here, there, None)
            own: dict[str, Any] = {name: _own(getattr(found, name)) for name in _FRAMES}
            pairings.append(replace(found, **own))
    before.require_faultless("old")
    after.require_faultless("new")
    return before.rows, after.rows, _together(pairings, before.height, after.height)


def _common(old: Resource, new: Resource) -> Key:
    """Return the columns that both tables have; none if one can't be read, which is reported when it is."""
    labels: list[list[str | None]] = []
    for each in (old, new):
        with suppress(TableError):
            labels += islice(each.records(), 1)
    return tuple(name for name in labels[1] if name and name in labels[0]) if len(labels) == 2 else ()


def _own(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with texts of its own: those of some rows would keep the texts of all rows in memory."""
    data = io.BytesIO()
    frame.write_ipc_stream(data)
    return pl.read_ipc_stream(data.getvalue()) if frame.width else frame


def _together(pairings: list[RowPairing], rows_old: int, rows_new: int) -> RowPairing:
    """Return pairings of the parts of two tables as one."""
    first = pairings[0]
    added, removed, cells, renamed = (pl.concat([getattr(each, name) for each in pairings]) for name in _FRAMES)
    by = list(first.key) or [name for name in added.columns if name != COUNT]
    return RowPairing(
        first.key,
        first.match,
        rows_old,
        rows_new,
        added.sort(by) if by else added,
        removed.sort(by) if by else removed,
        # Those of a row are in one part, in the order of the columns.
        cells.sort(first.key, maintain_order=True) if first.key else cells,
        sum(each.rows_changed for each in pairings),
        renamed.sort(renamed.columns) if renamed.width else renamed,
    )
