"""What the workers do: check tables or ranges of them as Polars does alone, and compare the keys of one part."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.datapackage.findings import Findings
from readouts.datapackage.table.file_kind import FileFault
from readouts.datapackage.table.file_ranges import RangeSeen, read_range
from readouts.datapackage.table.limits import LimitError
from readouts.datapackage.table.partitions import parted, together
from readouts.datapackage.table.reader import Sizes
from readouts.datapackage.validation.key_columns import (
    KeyMemory,
    dangling_parts,
    first_rows,
    places,
    repeated_parts,
)
from readouts.datapackage.validation.keys import POSITION
from readouts.datapackage.validation.table import TablePlan, check_blocks, settle
from readouts.datapackage.validation.validator import TableReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import Check
    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.byte_stream import Hashed
    from readouts.datapackage.table.file_ranges import FileRange
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.validation.key_columns import KeyColumns, Names

__all__ = [
    "Answer",
    "CutTable",
    "Question",
    "Result",
    "Task",
    "answered",
    "check",
    "compare_part",
    "encoded",
    "frame_of",
]

_MEMORY = 10**9
"""Bytes that the keys of a task may take; what outgrows them goes to a temporary file of the worker."""
_COMPARED = 2**26
"""Bytes of keys that are compared at once."""


@dataclass(frozen=True)
class CutTable:
    """A table that is read in ranges: its schema and columns, as the driver has matched them."""

    table: Table
    where: Mapping[str, int]
    labels: list[str]


@dataclass(frozen=True)
class Task:
    """A table that is checked as a whole, or a range of one, or the hash of one that is cut.

    Attributes
    ----------
    number
        Which of the package's resources it is of.
    kept
        Its fields that references of other tables point to together.
    """

    number: int
    resource: Resource
    kept: frozenset[Names]
    limit: int | None
    parts: int
    cut: CutTable | None = None
    range: FileRange | None = None


@dataclass
class Result:
    """What the driver has to know of a task.

    Attributes
    ----------
    height
        Rows that can be compared; None if the table was not read.
    table
        Its schema, as it was checked, if it was read as a whole.
    names
        Its fields that are compared.
    error
        What kept the files from being read to the end of the range.
    """

    number: int
    range: FileRange | None = None
    counts: dict[str, int] = field(default_factory=dict)
    incidents: list[Incident] = field(default_factory=list)
    height: int | None = None
    table: Table | None = None
    names: frozenset[str] = frozenset()
    seen: RangeSeen = field(default_factory=RangeSeen)
    error: Exception | None = None
    checks: list[Check] = field(default_factory=list)
    hashed: Hashed | None = None


def encoded(frame: pl.DataFrame) -> bytes:
    """Return a frame as bytes."""
    data = BytesIO()
    frame.write_ipc_stream(data, compression="lz4")
    return data.getvalue()


def frame_of(data: bytes) -> pl.DataFrame:
    """Return the frame that bytes hold."""
    return pl.read_ipc_stream(data)


def _read(task: Task, findings: Findings, result: Result, memory: KeyMemory, *, checked: bool = True) -> Any:
    """Read the rows of a task; None if they can't be read to their end."""
    if task.cut is None or task.range is None:
        reader = TableReader(task.resource, findings, Sizes([], None), set(task.kept), memory, checked=checked, cores=1)
        keys = reader.check()
        result.checks = reader.checks
        return keys
    own = task.cut
    plan = TablePlan(own.table, dict(own.where), sorted(task.kept), memory, task.resource.encoding)
    if not checked:
        plan.columns.clear()
    try:
        blocks = read_range(task.resource, len(own.labels), task.range, plan.work, result.seen)
        return check_blocks(plan, blocks, own.labels, findings, whole=False)
    except (FileFault, LimitError, NotImplementedError, OSError) as error:
        result.error = error
        return None


def _memory(parts: int) -> KeyMemory:
    memory = KeyMemory(_MEMORY, 0)
    memory.parts = parts
    return memory


def check(task: Task) -> Iterator[tuple[int, Any]]:
    """Check the cells of a task; yield its keys, each with the number of its part, and at last the result."""
    findings, result = Findings(task.limit), Result(task.number, task.range)
    if task.cut is not None and task.range is None:
        result.hashed = task.resource.hashed()
        yield task.parts, result
        return
    with _memory(task.parts) as memory:
        with findings.outlasting("The check of the table", table=task.resource.name):
            keys: KeyColumns | None = _read(task, findings, result, memory)
            if keys is not None:
                settle(keys, findings)
                result.height, result.names = keys.places.height, frozenset(keys.names)
                # The driver knows it of a range, of which there may be very many.
                result.table = keys.table if task.range is None else None
                own = {key.fields for key in keys.table.foreign_keys} | task.kept
                for names in keys.sets:
                    # Duplicate keys of a whole table are found already.
                    if task.range is not None or names in own:
                        for number, rows in _parted(keys, names, task.parts):
                            yield number, (task.number, names, task.range, encoded(rows))
        result.counts, result.incidents = findings.counts, findings.incidents
    yield task.parts, result


def _parted(keys: KeyColumns, names: Names, count: int) -> Iterator[tuple[int, pl.DataFrame]]:
    if keys.parts:
        for number, batches in enumerate(keys.batches(names)):
            yield from ((number, batch) for batch in batches)
    else:
        yield from parted(keys.frame(names).drop_nulls(places(names)), places(names), count)


Part = tuple[int, "Names", "FileRange | None", bytes]
"""Rows of a part: the number of their table, the fields, the range and the frame."""
Reference = tuple[int, "Names", int, "Names"]
"""The tables and fields of both ends."""


class _PartRows:
    """The rows of a table in one part, as `KeyColumns` gives them where they outgrow memory."""

    parts = True

    def __init__(self, rows: Sequence[tuple[int, bytes]]) -> None:
        self._rows = sorted(rows, key=lambda each: each[0])

    def batches(self, _names: Names) -> Iterator[Iterator[pl.DataFrame]]:
        yield self._batches()

    def _batches(self) -> Iterator[pl.DataFrame]:
        frames: list[pl.DataFrame] = []
        for start, data in self._rows:
            frame = frame_of(data).with_columns(pl.col(POSITION).cast(pl.Int64) + start)
            if frames and sum(each.estimated_size() for each in frames) > _COMPARED:
                yield together(frames)
                frames = []
            frames.append(frame)
        if frames:
            yield together(frames)


def compare_part(
    starts: Mapping[tuple[int, FileRange | None], int],
    unique: Sequence[tuple[int, Names]],
    references: Sequence[Reference],
    limit: int | None,
    rows: Iterable[Part],
) -> Iterator[tuple[Any, int, bytes]]:
    """Yield duplicate keys and references without a target in a part: of what, how many, and the first of them.

    Parameters
    ----------
    starts
        The position of the first row of each range whose rows count.
    unique, references
        The keys that no two rows share, and the references.
    limit
        How many rows are wanted of each; None for all.
    rows
        The rows of the part.
    """
    found: dict[tuple[int, Names], list[tuple[int, bytes]]] = {}
    for number, names, part, data in rows:
        if (start := starts.get((number, part))) is not None:
            found.setdefault((number, names), []).append((start, data))
    by_set: dict[tuple[int, Names], Any] = {key: _PartRows(held) for key, held in found.items()}
    for key in unique:
        if key in by_set:
            count, first = first_rows(repeated_parts(by_set[key], key[1]), limit)
            if count:
                yield key, count, encoded(first)
    for reference in references:
        number, names, target, goals = reference
        if (number, names) in by_set:
            aims: Any = by_set.get((target, goals), _PartRows([]))
            count, first = first_rows(dangling_parts(by_set[number, names], names, aims, goals), limit)
            if count:
                yield reference, count, encoded(first)


@dataclass(frozen=True)
class Question:
    """Rows of a task of which more is to be known: their positions, and the fields whose texts are asked for."""

    task: Task
    positions: tuple[int, ...]
    sets: tuple[Names, ...]


@dataclass(frozen=True)
class Answer:
    """By position: the number of the row, file and line by field, its texts, and its primary key."""

    rows: dict[int, int]
    lines: dict[tuple[int, str], tuple[str | None, int | None]]
    texts: dict[tuple[int, Names], str]
    keys: dict[int, tuple[str, ...] | None]


def answered(question: Question) -> Answer:
    """Read the rows of a task again, and answer a question about them."""
    task, asked = question.task, list(question.positions)
    with _memory(task.parts) as memory:
        keys: KeyColumns = _read(task, Findings(0), Result(0), memory, checked=False)
        answer = Answer({}, {}, {}, dict(zip(asked, keys.keys(asked), strict=True)))
        for position in asked:
            row, line = keys.places[position]
            answer.rows[position] = row
            for field_ in map(", ".join, question.sets):
                answer.lines[position, field_] = keys.places.locate(row, line, field_)
        for names in question.sets:
            texts = zip(asked, keys.texts(names, asked), strict=True)
            answer.texts.update({(position, names): text for position, text in texts})
    return answer
