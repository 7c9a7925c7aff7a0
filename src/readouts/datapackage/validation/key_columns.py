"""The columns that keys and references are made of: in memory, or, where they outgrow it, in a temporary file."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import polars as pl

from readouts.datapackage.findings import Places
from readouts.datapackage.memory import return_freed_memory
from readouts.datapackage.table.partitions import Partitions, Spilled, TemporaryFrames, part_count, together
from readouts.datapackage.validation.keys import FIRST, POSITION, dangling, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

    import numpy as np
    from numpy.typing import NDArray

    from readouts.datapackage.schema.model import Table

__all__ = [
    "TEXT",
    "KeyColumns",
    "KeyMemory",
    "KeyRows",
    "Names",
    "Positions",
    "dangling_parts",
    "dangling_rows",
    "first_rows",
    "places",
    "repeated_parts",
    "repeated_rows",
]

TEXT = "text"
"""The column of texts, next to `POSITION`, of cells that are written in another way than their values."""
_OF_OTHERS = 500 * 10**6
"""Bytes that the program and the blocks that are read take besides."""
_COPIES = 3
"""How many times its size a table of keys takes while it is compared."""
_BUFFERED, _COMPARED = 1 / 20, 1 / 12
"""Shares of the bound: for rows that wait for the file, and for rows that are compared at once."""


Names: TypeAlias = tuple[str, ...]
Positions: TypeAlias = "Sequence[int] | NDArray[np.int64]"


class KeyRows(Protocol):
    """The rows of a table, as far as findings show them."""

    @property
    def table(self) -> Table:
        """The table."""

    @property
    def places(self) -> Places:
        """Where its rows are."""

    def has(self, names: Sequence[str]) -> bool:
        """Return whether the columns are there, whole."""

    def texts(self, names: Sequence[str], positions: Positions) -> list[str]:
        """Return what rows at some positions have in some of the columns, as the file has it."""

    def keys(self, positions: Positions) -> list[tuple[str, ...] | None]:
        """Return the primary keys of the rows at some positions."""


class KeyMemory:
    """The memory that the keys of all tables may take together, and the file that takes the rest.

    Parameters
    ----------
    bound
        Bytes that the whole process may take.
    size
        Bytes of the files that are read, from which the number of parts follows.
    """

    def __init__(self, bound: int, size: int) -> None:
        self.bound = bound
        self.most = max(bound // 8, bound - _OF_OTHERS) // _COPIES
        self.buffered = min(self.most, int(bound * _BUFFERED))
        self.compared = int(bound * _COMPARED)
        self.parts = part_count(size, bound)
        if _COPIES * size > bound:
            return_freed_memory()
        self.file = TemporaryFrames("Keys and references")
        self.spilling = False
        self._used = 0
        self._lock = Lock()
        self.one_at_a_time = Lock()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the file."""
        self.file.__exit__()

    def take(self, size: int) -> None:
        """Count bytes that a table keeps."""
        with self._lock:
            self._used += size
            self.spilling |= self._used > self.most


@dataclass
class _Chunk:
    """Rows that are one after the other: their values by field; the cells of some that are written in another way."""

    start: int
    height: int
    values: dict[str, pl.Series]
    written: dict[str, pl.DataFrame]

    @property
    def size(self) -> int:
        """Bytes of it."""
        return sum(int(series.estimated_size()) for series in self.values.values())

    def column(self, name: str) -> pl.Series:
        """Return the values of a field."""
        return self.values[name]

    def others(self, name: str) -> pl.DataFrame | None:
        """Return where a field is written in another way than its values, and how; None if nowhere."""
        return self.written.get(name)


@dataclass
class _Stored:
    """A chunk in the file."""

    start: int
    file: TemporaryFrames
    values: dict[str, Spilled]
    written: dict[str, Spilled]

    def column(self, name: str) -> pl.Series:
        """Return the values of a field."""
        return self.file.read(self.values[name]).to_series()

    def others(self, name: str) -> pl.DataFrame | None:
        """Return where a field is written in another way than its values, and how; None if nowhere."""
        return self.file.read(self.written[name]) if name in self.written else None


@dataclass
class KeyColumns:
    """The columns of a table that keys and references are made of.

    Attributes
    ----------
    table
        The table.
    names
        The fields that are kept.
    sets
        Fields that are compared together: keys, references, and the targets of references of other tables.
    memory
        How much of it may be in memory.
    places
        Where its rows are.
    complete
        Whether it was read to its end.
    parts
        The rows in the file by each of the sets; empty while they are in memory.
    """

    table: Table
    names: Sequence[str]
    sets: Sequence[Names]
    memory: KeyMemory
    places: Places = dataclasses.field(default_factory=Places)
    complete: bool = False
    parts: dict[Names, Partitions] = dataclasses.field(default_factory=dict)
    _stored: list[_Stored] = dataclasses.field(default_factory=list)
    _chunks: list[_Chunk] = dataclasses.field(default_factory=list)
    _size: int = 0

    def add(self, start: int, height: int, values: dict[str, pl.Series], written: dict[str, pl.DataFrame]) -> None:
        """Add the rows of a block: equal texts or numbers for equal values, null where missing."""
        chunk = _Chunk(start, height, values, written)
        self._chunks.append(chunk)
        self._size += chunk.size
        self.memory.take(chunk.size)
        if self.memory.spilling and self._size > self.memory.buffered:
            self.spill()

    def finish(self) -> None:
        """Join the rows in memory, or move them to the file if they outgrow it."""
        self.complete = True
        if self.memory.spilling:
            self.spill()
        else:
            self._chunks = [self._joined(self._chunks)]

    def _joined(self, chunks: list[_Chunk]) -> _Chunk:
        """Return chunks, which are used up, as one."""
        values: dict[str, pl.Series] = {}
        written: dict[str, pl.DataFrame] = {}
        for name in self.names:
            values[name] = _together([chunk.values.pop(name) for chunk in chunks])
            if others := [chunk.written.pop(name) for chunk in chunks if name in chunk.written]:
                written[name] = pl.concat(others)
        start = chunks[0].start if chunks else self.places.height
        return _Chunk(start, sum(chunk.height for chunk in chunks), values, written)

    def spill(self) -> None:
        """Move the rows from memory to the file."""
        file = self.memory.file
        self.parts = self.parts or {names: Partitions(file, self.memory.parts) for names in self.sets}
        with self.memory.one_at_a_time:
            while self._chunks:
                sizes = [*accumulate(chunk.size for chunk in self._chunks)]
                several = max(1, bisect_left(sizes, self.memory.buffered))
                taken, self._chunks = self._chunks[:several], self._chunks[several:]
                self._store(self._joined(taken))
        self._size = 0

    def _store(self, chunk: _Chunk) -> None:
        """Write a chunk to the file: by the hash of each key, and by position."""
        file = self.memory.file
        for names, parts in self.parts.items():
            rows = self._frame(chunk, names)
            parts.add(rows.drop_nulls(places(names)), places(names))
        values = {name: file.write(chunk.values.pop(name).to_frame()) for name in self.names}
        written = {name: file.write(cells) for name, cells in chunk.written.items()}
        self._stored.append(_Stored(chunk.start, file, values, written))

    def _frame(self, chunk: _Chunk, names: Names) -> pl.DataFrame:
        columns = {place: chunk.values[name] for place, name in zip(places(names), names, strict=True)}
        rows = pl.DataFrame(columns)
        return rows.with_columns(pl.int_range(chunk.start, chunk.start + chunk.height, dtype=pl.UInt32).alias(POSITION))

    def frame(self, names: Names) -> pl.DataFrame:
        """Return some of the columns of a table in memory, named by `places`, with the positions of the rows."""
        return self._frame(self._chunks[0], names)

    def batches(self, names: Names) -> Iterator[Iterator[pl.DataFrame]]:
        """Yield the rows of each part, of a table in the file, in batches."""
        parts = self.parts[names]
        yield from (parts.batches(number, self.memory.compared) for number in range(len(parts)))

    def has(self, names: Sequence[str]) -> bool:
        """Return whether the columns are there, whole."""
        return self.complete and set(names) <= set(self.names)

    def texts(self, names: Sequence[str], positions: Positions) -> list[str]:
        """Return what rows at some positions have in some of the columns, as the file has it."""
        cells = [self._cells(name, positions, written=True) for name in names]
        return [", ".join(map(str, row)) for row in zip(*cells, strict=True)]

    def keys(self, positions: Positions) -> list[tuple[str, ...] | None]:
        """Return the primary keys of the rows at some positions."""
        names = self.table.primary_key
        if not names or not self.has(names):
            return [None] * len(positions)
        cells = [self._cells(name, positions, written=False) for name in names]
        return [tuple("" if value is None else str(value) for value in row) for row in zip(*cells, strict=True)]

    def _cells(self, name: str, positions: Positions, *, written: bool) -> list[Any]:
        """Return the values of a column at some positions, or their texts; each chunk is read once."""
        chunks = self._stored or self._chunks
        starts = [chunk.start for chunk in chunks]
        asked: dict[int, list[int]] = {}
        for place, position in enumerate(positions):
            asked.setdefault(bisect_right(starts, position) - 1, []).append(place)
        found: list[Any] = [None] * len(positions)
        for number in sorted(asked):
            chunk, here = chunks[number], [int(positions[place]) for place in asked[number]]
            values = chunk.column(name).gather([position - chunk.start for position in here])
            others = chunk.others(name) if written else None
            texts = {} if others is None else dict(others.filter(pl.col(POSITION).is_in(here)).iter_rows())
            for place, position, value in zip(asked[number], here, values, strict=True):
                found[place] = texts.get(position, value)
        return found


_NO_FIRST = pl.lit(None, pl.UInt32).alias(FIRST)


def _together(parts: list[pl.Series]) -> pl.Series:
    """Return one column of several; numbers become texts where another part could not be read as numbers."""
    if not parts:
        return pl.Series([], dtype=pl.String)
    if len({part.dtype for part in parts}) > 1:
        parts = [part.cast(pl.String) for part in parts]
    return pl.concat(parts)


def repeated_rows(keys: KeyColumns, names: Names, limit: int | None) -> tuple[int, pl.DataFrame]:
    """Return how many rows have a key that a row before them has, and the first of them, each with that row."""
    if not keys.parts:
        return first_rows(iter([repeated(keys.frame(names), places(names))]), limit)
    with keys.memory.one_at_a_time:
        return first_rows(repeated_parts(keys, names), limit)


def repeated_parts(keys: KeyColumns, names: Names) -> Iterator[pl.DataFrame]:
    """Yield the rows of each part whose key a row before them has."""
    for batches in keys.batches(names):
        known: pl.DataFrame | None = None
        for batch in batches:
            rows = batch if known is None else together([known, batch])
            yield repeated(rows, places(names))
            known = rows.unique(places(names), keep="first", maintain_order=True)


def dangling_rows(
    ends: Sequence[tuple[KeyColumns, Names, KeyColumns, Names]], limits: Sequence[int | None]
) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield, for each reference, how many rows refer to a key that isn't there, and the first of them.

    Parameters
    ----------
    ends
        The rows that refer, and in which fields; the rows that they refer to, and by which fields.
    limits
        How many rows are wanted of each; None for all.
    """
    tables = {id(each): each for keys, _, target, _ in ends for each in (keys, target)}.values()
    if any(each.parts for each in tables):
        for each in tables:
            each.spill()
        for (keys, names, target, goals), limit in zip(ends, limits, strict=True):
            yield first_rows(dangling_parts(keys, names, target, goals), limit)
        return
    queries = []
    for keys, names, target, goals in ends:
        aims = target.frame(goals).drop(POSITION).rename(lambda name: f"goal {name}").lazy()
        rows = keys.frame(names).lazy()
        queries.append(dangling(rows, places(names), aims))
    for found, limit in zip(pl.collect_all(queries), limits, strict=True):
        yield first_rows(iter([found.with_columns(_NO_FIRST)]), limit)


def dangling_parts(keys: KeyColumns, names: Names, target: KeyColumns, goals: Names) -> Iterator[pl.DataFrame]:
    """Yield the rows of each part that refer to a key that isn't there."""
    for rows, there in zip(keys.batches(names), target.batches(goals), strict=True):
        aims = [batch.drop(POSITION).unique() for batch in there]
        known = together(aims) if aims else pl.DataFrame(schema=dict.fromkeys(places(goals), pl.String))
        for batch in rows:
            yield dangling(batch, places(names), known).with_columns(_NO_FIRST)


def first_rows(found: Iterator[pl.DataFrame], limit: int | None) -> tuple[int, pl.DataFrame]:
    """Return how many rows there are, and, in their order, the first ones."""
    count, kept = 0, pl.DataFrame(schema={POSITION: pl.Int64, FIRST: pl.Int64})
    for frame in found:
        if frame.height:
            count += frame.height
            kept = pl.concat([kept, frame.select(pl.col(POSITION, FIRST).cast(pl.Int64))]).sort(POSITION)
            kept = kept if limit is None else kept.head(limit)
    return count, kept


def places(names: Sequence[str]) -> list[str]:
    """Return names for the columns of a key that no other column has, whatever its fields are called."""
    return [f"key {place}" for place in range(len(names))]
