"""Reading a CSV file as blocks of whole records: at column speed where it is flawless, else record by record.

A block is taken as it is when a few counts prove that it is well formed: no NUL, every quote where RFC 4180
(https://www.rfc-editor.org/rfc/rfc4180, section 2) allows one, and exactly as many delimiters and line ends outside
quotes as its rows need. Polars alone would fill up short rows and keep silent. Of any other block, the parts that are
not well formed are read by `csv_scanner.py`, which says what is wrong and where.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Generic, TypeVar

import polars as pl

from readouts.datapackage.table.csv_header import LONGEST_LINE, SMALL, too_long
from readouts.datapackage.table.csv_scanner import CONFLICT, Fault, Record, require_no_conflict, scan
from readouts.datapackage.table.prefetch import ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from readouts.datapackage.table.csv_header import ByteStream, Head
    from readouts.datapackage.table.dialect import Dialect

__all__ = ["Block", "fitted", "read_blocks"]

SIZE = 8 * 2**20
"""Bytes of a block at most: large enough for column speed, small enough to stay in little memory."""
_COPIES, _AHEAD = 12, 3
"""How many times its size a block takes at most, and blocks that wait besides those that the cores work on."""
PIECE, PART = 2**20, 2**15
"""Bytes of the pieces in which a block that is not flawless is read, and of the parts of a piece that isn't either: so
that few rows are read one by one."""
_MARK = b"\xef\xbb\xbf"
_UNREADABLE = frozenset(["encoding-error", "null-byte"])

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Block(Generic[Result]):
    """Rows of a table that are one after the other.

    Attributes
    ----------
    frame
        Their cells as texts, in columns `0`, `1`, ...; null where a row has no such cell or an unreadable one.
    result
        What was made of the frame.
    rows, lines
        Number of each row (1 is the first below the header; blank rows count) and the line it begins on, if it is
        known.
    faults
        What is wrong with their structure, each with the row's place in the block and its number; the place is -1 for
        a blank row, which is not in the frame.
    """

    frame: pl.DataFrame
    result: Result
    rows: range | NDArray[np.int64]
    lines: range | NDArray[np.int64] | None
    faults: tuple[tuple[int, int, Fault], ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Bytes of a file that seem to be whole records, with what was seen in them."""

    data: bytes
    quotes: NDArray[np.int64] | None  # None if the bytes can't be flawless
    ended: bool = False  # whether the file ends with them


@dataclass(frozen=True, slots=True)
class _Rows:
    """Bytes whose counts are those of so many flawless rows; their lines are counted from 0."""

    data: bytes
    height: int
    starts: NDArray[np.int64] | None
    lines: int


def read_blocks(
    stream: ByteStream,
    dialect: Dialect,
    width: int,
    head: Head,
    work: Callable[[pl.DataFrame], Result],
    *,
    memory: int | None = None,
    cores: int | None = None,
) -> Iterator[Block[Result]]:
    """Read the rows below the header.

    Parameters
    ----------
    stream
        The file, after its head.
    dialect
        How it is written.
    width
        Number of columns.
    head
        What was read of the file.
    work
        What is made of each block; it runs during the reading of the next ones.
    memory
        Bytes that the blocks may take together, which are the smaller for it; None for blocks of the usual size.
    cores
        Blocks that are parsed at once; None for one on each core.

    Yields
    ------
    Block
        The blocks in order.

    Raises
    ------
    FileFault
        A line is longer than is read, or Git left a conflict in the file.
    """
    reader, cores = _Reader(dialect, width, head, work), cores or os.cpu_count() or 1
    size = SIZE if memory is None else min(SIZE, max(PIECE, memory // (_COPIES * (cores + _AHEAD))))
    cut = _cut(stream, dialect, head.rest, size)
    first = [*islice(cut, 1)]
    if first and first[0].ended:
        # There is nothing to read during the work on it.
        yield from reader.blocks(first[0], reader.flawless(first[0]))
        return
    with ThreadPoolExecutor(cores) as pool, closing(ahead(chain(first, cut))) as pieces:
        parsed = ((piece, pool.submit(reader.flawless, piece)) for piece in pieces)
        waiting = deque(islice(parsed, cores))
        while waiting:
            piece, future = waiting.popleft()
            yield from reader.blocks(piece, future.result())
            waiting.extend(islice(parsed, 1))
        if reader.rest:
            # The file ended where a piece did: what waited for more of it is all there is.
            yield from reader.blocks(_Piece(b"", None, ended=True), None)


def _cut(stream: ByteStream, dialect: Dialect, rest: bytes, size: int) -> Iterator[_Piece]:
    """Cut a file between records, as far as can be told from its quotes."""
    chunk = b"first"
    while chunk:
        chunk = stream.read(size)
        if data := rest + chunk if rest else chunk:
            piece = _seen(data, dialect, ended=not chunk)
            yield piece
            rest = data[len(piece.data) :]


def _seen(data: bytes, dialect: Dialect, *, ended: bool) -> _Piece:
    """Return the whole records that data begins with, and where their quotes are."""
    if not dialect.plain or b"\0" in data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
        return _Piece(data, None, ended)
    if ended and len(data) <= SMALL and "numpy" not in sys.modules:
        return _Piece(data, None, ended)
    from readouts.datapackage.table.quote_places import places, whole_records

    quotes = places(data, dialect.quote_char)
    end = len(data) if ended else whole_records(data, quotes)
    if not end:
        return _Piece(data, None, ended)
    return _Piece(data[:end] if end < len(data) else data, quotes[: quotes.searchsorted(end)], ended)


@dataclass(frozen=True, slots=True)
class _Parts:
    """Rows that are read part by part, as those of a block."""

    frames: list[pl.DataFrame] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[tuple[int, int, Fault]] = field(default_factory=list)


class _Reader(Generic[Result]):
    """One file while it is read: where it is, and what is left of the last piece."""

    def __init__(self, dialect: Dialect, width: int, head: Head, work: Callable[[pl.DataFrame], Result]) -> None:
        self.dialect, self.width, self.work = dialect, width, work
        self.row, self.line, self.passed = 0, head.end_line, len(head.records)
        self.rest = b""

    def flawless(self, piece: _Piece) -> tuple[_Rows, pl.DataFrame, Result] | None:
        """Read a piece as it is, and make of it what is made; None if it is not flawless."""
        rows = self._counted(piece)
        frame = None if rows is None else self._frame(rows.data, rows.height)
        return None if rows is None or frame is None else (rows, frame, self.work(frame))

    def _counted(self, piece: _Piece) -> _Rows | None:
        """Count the rows of a piece; None if the counts are not those of flawless ones."""
        data, width = piece.data, self.width
        if piece.quotes is None or data.startswith(_MARK):
            # Polars would take a mark for that of a file's beginning, and keep silent.
            return None
        from readouts.datapackage.table.quote_places import counts

        counted = counts(data, piece.quotes, self.dialect.delimiter)
        if counted is None:
            return None
        delimiters, breaks, lines, starts = counted
        open_end = not data.endswith(b"\n")
        height = breaks + open_end
        if delimiters != height * (width - 1) or (width == 1 and (_has_blank_line(data) or b"<<<<<<< " in data)):
            return None
        return _Rows(data, height, starts, lines + open_end)

    def _frame(self, data: bytes, height: int) -> pl.DataFrame | None:
        """Cut rows into cells; None if they are others than their counts say."""
        try:
            frame = pl.read_csv(
                # Without a line end after it, Polars would leave out an empty cell too many.
                data if data.endswith(b"\n") else data + b"\n",
                has_header=False,
                schema={str(column): pl.String() for column in range(self.width)},
                separator=self.dialect.delimiter,
                quote_char=self.dialect.quote_char,
                empty_string_is_null=False,
            )
        except pl.exceptions.PolarsError:
            return None
        return frame if frame.height == height else None

    def blocks(self, piece: _Piece, found: tuple[_Rows, pl.DataFrame, Result] | None) -> Iterator[Block[Result]]:
        """Yield the blocks of a piece, given what came of reading it as it is."""
        if found is not None and not self.rest:
            yield self._block(*found)
            return
        data = self.rest + piece.data
        start = 0
        if self.rest:
            # A cell longer than a piece is not a fault of its own.
            whole = _seen(data, self.dialect, ended=piece.ended)
            good = self.flawless(whole)
            if good is not None:
                yield self._block(*good)
                start = len(whole.data)
        while start < len(data):
            last = start + PIECE >= len(data)
            block, used = self._exact(data[start : start + PIECE], final=last and piece.ended)
            if not used and not last:
                block, used = self._exact(data[start:], final=piece.ended)
            if not used:
                break
            yield block
            start += used
        self.rest = data[start:]
        if len(self.rest) > LONGEST_LINE:
            raise too_long(self.line)

    def _block(self, rows: _Rows, frame: pl.DataFrame, result: Result) -> Block[Result]:
        return Block(frame, result, *self._numbered(rows), ())

    def _numbered(self, rows: _Rows) -> tuple[range, range | NDArray[np.int64]]:
        """Return the numbers and lines of rows, and pass them."""
        row, line = self.row + 1, self.line
        self.row, self.line = self.row + rows.height, line + rows.lines
        lines = range(line, line + rows.height) if rows.starts is None else line + rows.starts[: rows.height]
        return range(row, row + rows.height), lines

    def _exact(self, data: bytes, *, final: bool) -> tuple[Block[Result], int]:
        """Read what is not flawless as a whole, its faulty parts record by record, and say how many bytes that was."""
        parts, start = _Parts(), 0
        # In a table of one column, the markers of a conflict are read together: one alone may be a row.
        size = PART if self.width > 1 and len(data) > SMALL else len(data)
        while start < len(data):
            run = [*self._run(data, start, size, final=final)]
            if run:
                self._take(run, parts)
                start += sum(len(rows.data) for rows in run)
                continue
            last = start + size >= len(data)
            used = self._records(data[start : start + size], parts, final=last and final)
            if not used and not last:
                used = self._records(data[start:], parts, final=final)
            if not used:
                break
            start += used
        frame = pl.concat(parts.frames)
        return Block(frame, self.work(frame), _numbers(parts.rows), _numbers(parts.lines), tuple(parts.faults)), start

    def _run(self, data: bytes, start: int, size: int, *, final: bool) -> Iterator[_Rows]:
        """Yield parts whose counts are those of flawless rows, up to the first that is another."""
        while start < len(data):
            ended = final and start + size >= len(data)
            rows = self._counted(_seen(data[start : start + size], self.dialect, ended=ended))
            if rows is None:
                break
            yield rows
            start += len(rows.data)

    def _take(self, run: list[_Rows], parts: _Parts) -> None:
        """Read parts as they are, or else, where too many cells make up for too few, record by record."""
        frame = self._frame(b"".join(rows.data for rows in run), sum(rows.height for rows in run))
        if frame is not None:
            parts.frames.append(frame)
            for rows in run:
                numbers, lines = self._numbered(rows)
                parts.rows.extend(numbers)
                parts.lines.extend(lines if isinstance(lines, range) else lines.tolist())
        elif len(run) > 1:
            for half in (run[: len(run) // 2], run[len(run) // 2 :]):
                self._take(half, parts)
        else:
            self._records(run[0].data, parts, final=True)

    def _records(self, data: bytes, parts: _Parts, *, final: bool) -> int:
        """Read records one by one, note what is wrong with each, and say how many bytes they are."""
        found = scan(data, self.dialect, self.line, final=final)
        cells: list[list[str | None]] = []
        row = self.row
        require_no_conflict(found.records, self.width)
        for row, record in enumerate(found.records, self.row + 1):
            if row + self.passed in self.dialect.comment_rows:
                continue
            if not record.cells:
                parts.faults.append((-1, row, Fault("blank-row", None, record.line)))
                continue
            cells.append(fitted(record, self.width, self.dialect, (len(parts.rows), row), parts.faults))
            parts.rows.append(row)
            parts.lines.append(record.line)
        if found.consumed:
            self.row, self.line = row, found.end_line
        columns = {str(column): [values[column] for values in cells] for column in range(self.width)}
        parts.frames.append(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))
        return found.consumed


def _numbers(values: list[int]) -> range | NDArray[np.int64]:
    """Return growing numbers, as a range where none is left out."""
    if not values or values[-1] - values[0] == len(values) - 1:
        return range(values[0], values[-1] + 1) if values else range(0)
    import numpy as np

    return np.array(values, dtype=np.int64)


def fitted(
    record: Record, width: int, dialect: Dialect, place: tuple[int, int], faults: list[tuple[int, int, Fault]]
) -> list[str | None]:
    """Return the cells of a record, as many as there are columns, and note what is wrong with them."""
    values: list[str | None] = [*record.cells]
    for fault in record.faults:
        if fault.code != CONFLICT:
            faults.append((*place, fault))
        if fault.code in _UNREADABLE and fault.column is not None:
            values[fault.column] = None
    for column in range(len(values), width):
        faults.append((*place, Fault("missing-cell", column, record.line)))
        values.append(None)
    if len(values) > width:
        extra = dialect.delimiter.join(record.cells[width:])
        faults.append((*place, Fault("extra-cell", None, record.line, extra[:200])))
        del values[width:]
    return values


def _has_blank_line(data: bytes) -> bool:
    return data.startswith((b"\n", b"\r\n")) or b"\n\n" in data or b"\n\r\n" in data
