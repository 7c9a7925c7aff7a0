"""Comparing tables on Spark: rows of both sides meet by the hash of their key, and each part is compared as in memory.

A worker reads a range of a file, as it does for `validate`, and gives its rows to Spark; another compares a part of
both sides by `paired`. The driver gets counts, and as many differences as are shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.datapackage.difference.compare import form_changes
from readouts.datapackage.difference.line_pairing import Paired
from readouts.datapackage.difference.result import CellKind
from readouts.datapackage.difference.row_pairing import (
    ROW,
    duplicates,
    missing_in,
    paired,
    require_columns,
    require_distinct,
    require_values,
    table_difference,
)
from readouts.datapackage.table.csv_scanner import sentence_of
from readouts.datapackage.table.errors import TableError
from readouts.datapackage.table.file_kind import FileFault
from readouts.datapackage.table.file_ranges import RangeSeen, can_be_cut, cut, offsets, read_range
from readouts.datapackage.table.limits import LimitError
from readouts.datapackage.table.partitions import part_count, parted
from readouts.datapackage.table.reader import Sizes
from readouts.datapackage.table.table_stream import TableStream
from readouts.datapackage.table.text_frame import SheetReader, TextTable
from readouts.datapackage.validation.spark.range_tasks import RangeTasks
from readouts.datapackage.validation.spark.session import Exchange, range_size
from readouts.datapackage.validation.spark.tasks import encoded, frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from readouts.datapackage.difference.result import Change, TableDiff
    from readouts.datapackage.difference.row_pairing import Key
    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.csv_scanner import Fault
    from readouts.datapackage.table.file_ranges import FileRange
    from readouts.datapackage.table.reader import Header
    from readouts.datapackage.table.resource import Resource

__all__ = ["SparkComparison"]

_COPIES = 8
"""How many parts more than the size of the files there are, since whole rows are compared."""
_SHARE = 10**9
_COUNTS = ("rows_old", "rows_new", "rows_added", "rows_removed", "rows_changed", "cells_changed")


class _SheetPlanner(SheetReader):
    """One table while the driver looks at the beginnings of its files, to cut them into ranges."""

    def __init__(self, resource: Resource, size: int) -> None:
        self._range_size = size
        self.ranges: list[FileRange] = []
        self.fault: FileFault | None = None
        super().__init__(resource)

    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> TextTable:
        """Cut the rows of text."""
        assert isinstance(stream, TableStream)  # noqa: S101 - it is what `read` opens
        form = self._form(header.line_end)
        table, _ = self.matched(table, header.labels, header.line)
        self.ranges, self.fault = cut(self.resource, header, stream, self._range_size)
        distinct = len(set(header.labels)) == len(header.labels)
        rows = pl.DataFrame(schema=dict.fromkeys(header.labels, pl.String) if distinct else None)
        return TextTable(table, tuple(header.labels), rows, form)


@dataclass(frozen=True)
class _Task:
    """The rows of a side, or a range of them; `sheet` has no rows, and is None for a table that is read as a whole."""

    side: int
    resource: Resource
    key: Key
    parts: int
    sheet: TextTable | None = None
    range: FileRange | None = None


@dataclass
class _Read:
    """What the driver has to know of a task: what `_Task` has, its rows, and what is wrong with them."""

    side: int
    range: FileRange | None
    sheet: TextTable | None = None
    height: int = 0
    empty: dict[str, list[int]] = field(default_factory=dict)
    seen: RangeSeen = field(default_factory=RangeSeen)
    fault: Fault | None = None
    error: Exception | None = None


def _read(task: _Task) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a task by the hash of their key, and at last what the driver has to know."""
    read = _Read(task.side, task.range, task.sheet)
    try:
        for rows in _frames(task, read):
            numbered = rows.with_columns(pl.int_range(read.height, read.height + rows.height).alias(ROW))
            if set(task.key) <= set(rows.columns) and read.sheet is not None:
                for name in task.key:
                    absent = numbered[name].is_in(sorted(missing_in(read.sheet.table, name)))
                    read.empty.setdefault(name, []).extend(numbered[ROW].filter(absent))
                for number, part in parted(numbered, task.key, task.parts):
                    yield number, (task.side, task.range, encoded(part))
            read.height += rows.height
    except (TableError, FileFault, LimitError, NotImplementedError, OSError) as error:
        read.error = error
    yield task.parts, read


def _frames(task: _Task, read: _Read) -> Iterator[pl.DataFrame]:
    if task.range is None or task.sheet is None:
        sheet = SheetReader(task.resource).require_sheet()
        read.sheet = replace(sheet, frame=sheet.frame.clear())
        yield sheet.frame
        return
    names = {str(place): label for place, label in enumerate(task.sheet.labels)}
    for block in read_range(task.resource, len(names), task.range, lambda _: None, read.seen):
        for fault in (fault for _, _, fault in block.faults if fault.code not in SheetReader.harmless):
            read.fault = fault
            return
        yield block.frame.rename(names)


Part = tuple[int, "FileRange | None", bytes]
"""Rows of a part: their side, range and frame."""
Repeated = tuple[list[tuple["Key", list[int]]], int]
"""The first duplicate keys, with two rows of each, and how many there are."""


def _compare_part(
    starts: Mapping[tuple[int, FileRange | None], int],
    sheets: Sequence[TextTable],
    key: Key,
    limit: int | None,
    rows: Iterable[Part],
) -> Iterator[tuple[TableDiff | None, list[Repeated]]]:
    """Compare the rows of a part, unless its keys don't tell them apart."""
    frames: list[list[tuple[int, pl.DataFrame]]] = [[], []]
    for side, part, data in rows:
        if (start := starts.get((side, part))) is not None:
            frames[side].append((start, frame_of(data).with_columns(pl.col(ROW) + start)))
    sides, repeated = [], []
    for sheet, found in zip(sheets, frames, strict=True):
        empty = sheet.frame.with_columns(pl.lit(0, pl.Int64).alias(ROW))
        frame = pl.concat([empty, *(each for _, each in sorted(found, key=lambda each: each[0]))])
        repeated.append(duplicates(frame.select(ROW, *key), key))
        sides.append(replace(sheet, frame=frame.drop(ROW)))
    if any(number for _, number in repeated):
        yield None, repeated
    elif any(side.frame.height for side in sides):
        old, new = sides
        yield table_difference(paired(old, new, key, {}), old.table, new.table, limit), repeated


class SparkComparison:
    """Comparing tables on Spark, as `TableComparison` has it.

    Parameters
    ----------
    context
        The Spark context.
    """

    way, option = "Compared on Spark", "--engine spark"

    def __init__(self, context: Any) -> None:
        self._context = context

    def require(self, resource: Resource, side: str) -> None:
        """Any table that can be read will do."""
        del side
        resource.require_readable()

    def rows(self, resource: Resource, side: str) -> int:
        """Return how many rows a table has."""
        del side
        exchange = Exchange(self._context, 1)
        (_, read), *_ = self._sides(exchange, [resource], ())
        return sum(each.height for each in read)

    def compared(self, was: Resource, now: Resource, limit: int | None) -> tuple[TableDiff, Sequence[Change]]:
        """Compare a table of two packages."""
        old, new = was.require_readable(), now.require_readable()
        key = new.primary_key
        if not key or key != old.primary_key:
            message = (
                f"The table '{new.name}' can't be compared on Spark: expected the same primary key on both sides; "
                f"found ({', '.join(old.primary_key)}) and ({', '.join(key)}). Compare without `--engine spark`."
            )
            raise TableError(message)
        exchange = Exchange(self._context, part_count(Sizes([was, now], None).unpacked * _COPIES, _SHARE))
        (before, reads), (after, others) = self._sides(exchange, [was, now], key)
        starts: dict[tuple[int, FileRange | None], int] = {}
        for side, read in enumerate((reads, others)):
            height = 0
            for each in read:
                starts[side, each.range] = height
                height += each.height
        found = exchange.each_part(partial(_compare_part, starts, (before, after), key, limit))
        for side, (name, sheet, read) in enumerate((("old", before, reads), ("new", after, others))):
            require_columns(sheet, key, name)
            empty = {
                column: [row + starts[side, each.range] for each in read for row in each.empty.get(column, ())]
                for column in key
            }
            require_values(sheet, name, empty)
            repeated = [each[side] for _, each in found]
            first = sorted((one for listed, _ in repeated for one in listed), key=lambda one: one[1])
            require_distinct(sheet, key, name, first, sum(number for _, number in repeated))
        none = paired(before, after, key, {})
        parts = [table_difference(none, old, new, limit), *(each for each, _ in found if each is not None)]
        forms = Paired(none, before.table, after.table, before.labels, after.labels, before.form, after.form)
        return _together(parts, limit), [*form_changes(forms)]

    def _sides(
        self, exchange: Exchange, resources: Sequence[Resource], key: Key
    ) -> list[tuple[TextTable, list[_Read]]]:
        """Read tables; return each without its rows, and what is known of its ranges."""
        size = range_size(self._context, sum(map(Sizes.of, resources)))
        sides = [_Side(number, resource, key, exchange.parts, size) for number, resource in enumerate(resources)]
        waiting = [task for side in sides for task in side.work.tasks]
        while waiting:
            for read in exchange.run(waiting, _read):
                sides[read.side].work.results.append(read)
            waiting = [task for side in sides for task in side.work.retried()]
        return [(side.require_sheet(), side.work.results) for side in sides]


class _Side:
    """One of two tables: its tasks, and what has come of them."""

    def __init__(self, number: int, resource: Resource, key: Key, parts: int, size: int) -> None:
        whole = _Task(number, resource, key, parts)
        ranges: list[_Task] = []
        if can_be_cut(resource):
            self._planner = _SheetPlanner(resource, size)
            sheet = self._planner.require_sheet()
            ranges = [replace(whole, sheet=sheet, range=part) for part in self._planner.ranges]
        self.work: RangeTasks[_Read] = RangeTasks(whole, ranges)

    def require_sheet(self) -> TextTable:
        """Return the table without rows; raise a `TableError` if something is wrong with one of them."""
        if not self.work.is_cut:
            (only,) = self.work.results
            if only.error is not None:
                raise only.error
            assert only.sheet is not None  # noqa: S101 - it was read
            return only.sheet
        planner, reads = self._planner, self.work.results
        before = offsets([task.range for task in self.work.tasks], [each.seen for each in reads])
        with planner.reading(whole=False):
            for task, read, (_, line) in zip(self.work.tasks, reads, before, strict=True):
                self._require_read(task, read, line)
            if planner.fault is not None:
                raise planner.fault
        return planner.require_sheet()

    def _require_read(self, task: _Task, read: _Read, line: int) -> None:
        """Raise the error that ended the reading of a range, whose lines come after so many."""
        fault, error = read.fault, read.error
        if fault is not None:
            message = sentence_of(fault.code, fault.value, task.resource.encoding)
            error = FileFault(message, code=fault.code, line=fault.line)
        if error is None or task.range is None:
            return
        self._planner.files.begin(1, of=task.range.file)
        if isinstance(error, FileFault) and error.line is not None:
            error.line += line
        raise error


def _together(parts: Sequence[TableDiff], limit: int | None) -> TableDiff:
    """Return the differences of parts of a table as those of the table; the first has no rows."""
    first = parts[0]
    counts: dict[str, Any] = {name: sum(getattr(each, name) for each in parts) for name in _COUNTS}
    for name, order in (("kinds", map(str, CellKind)), ("fields", first.columns)):
        found = [(each, sum(getattr(part, name).get(each, 0) for part in parts)) for each in order]
        counts[name] = {each: number for each, number in found if number}
    for name in ("added", "removed", "cells"):
        # The cells of a row are in one part, in the order of the columns.
        shown = sorted((one for each in parts for one in getattr(each, name)), key=lambda one: one.key)
        counts[name] = tuple(shown if limit is None else shown[:limit])
    changed = any(each.status != "same" for each in parts)
    return replace(first, status="changed" if changed else "same", **counts)
