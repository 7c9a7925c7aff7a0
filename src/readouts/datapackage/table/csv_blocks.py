"""Reading a CSV file as blocks of whole records: at column speed where it is flawless, else record by record.

A block is taken as it is when a few counts prove that it is well formed: no NUL, every quote where RFC 4180
(https://www.rfc-editor.org/rfc/rfc4180, section 2) allows one, and exactly as many delimiters and line ends outside
quotes as its rows need. Polars alone would fill up short rows and keep silent. Any other block is read by `scan.py`,
which says what is wrong and where.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import polars as pl

from readouts.datapackage.table.csv_header import LONGEST_LINE, too_long
from readouts.datapackage.table.csv_scanner import CONFLICT, Fault, Record, require_no_conflict, scan
from readouts.datapackage.table.prefetch import ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from readouts.datapackage.table.csv_header import ByteStream, Head
    from readouts.datapackage.table.dialect import Dialect

__all__ = ["Block", "fitted", "read_blocks"]

SIZE = 8 * 2**20
"""Bytes of a block at most: large enough for column speed, small enough to stay in little memory."""
_COPIES, _AHEAD = 12, 3
"""How many times its size a block takes at most, and blocks that wait besides those that the cores work on."""
PIECE = 2**20
"""Bytes of the parts in which a block that is not flawless is read, so that few rows are read one by one."""
_PART = 2**18
"""Bytes that are processed together, so that they stay near the processor."""
_BREAKS_TRIED = 64
_LINE_FEED, _RETURN = 10, 13
_MARK = b"\xef\xbb\xbf"
_NOTHING: NDArray[np.int64] = np.empty(0, np.int64)
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
class _Flawless(Generic[Result]):
    """A flawless block, its lines counted from 0."""

    frame: pl.DataFrame
    result: Result
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

    Yields
    ------
    Block
        The blocks in order.

    Raises
    ------
    FileFault
        A line is longer than is read, or Git left a conflict in the file.
    """
    reader, cores = _Reader(dialect, width, head, work), os.cpu_count() or 1
    size = SIZE if memory is None else min(SIZE, max(PIECE, memory // (_COPIES * (cores + _AHEAD))))
    with ThreadPoolExecutor(cores) as pool, closing(ahead(_cut(stream, dialect, head.rest, size))) as pieces:
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
    quote = dialect.quote_char
    quotes = _NOTHING if quote is None else _where(np.frombuffer(data, np.uint8), ord(quote))
    end = len(data) if ended else _break(data, quotes)
    if not end:
        return _Piece(data, None, ended)
    return _Piece(data[:end] if end < len(data) else data, quotes[: np.searchsorted(quotes, end)], ended)


def _where(array: NDArray[np.uint8], value: int) -> NDArray[np.int64]:
    """Return where a byte is."""
    parts = [np.flatnonzero(array[start : start + _PART] == value) + start for start in range(0, array.size, _PART)]
    return np.concatenate(parts) if parts else _NOTHING


def _count(array: NDArray[np.uint8], value: int) -> int:
    """Return how often a byte is there."""
    parts = (array[start : start + _PART] == value for start in range(0, array.size, _PART))
    return sum(int(np.count_nonzero(part)) for part in parts)


class _Reader(Generic[Result]):
    """One file while it is read: where it is, and what is left of the last piece."""

    def __init__(self, dialect: Dialect, width: int, head: Head, work: Callable[[pl.DataFrame], Result]) -> None:
        self.dialect, self.width, self.work = dialect, width, work
        self.row, self.line, self.passed = 0, head.end_line, len(head.records)
        self.rest = b""

    def flawless(self, piece: _Piece) -> _Flawless[Result] | None:
        """Read a piece as it is; None if it is not flawless."""
        data, quotes, dialect, width = piece.data, piece.quotes, self.dialect, self.width
        if quotes is None or data.startswith(_MARK):
            # Polars would take a mark for that of a file's beginning, and keep silent.
            return None
        counts = _counts(np.frombuffer(data, np.uint8), quotes, ord(dialect.delimiter))
        if counts is None:
            return None
        delimiters, breaks, lines, starts = counts
        ended = data.endswith(b"\n")
        height = breaks + (not ended)
        if delimiters != height * (width - 1) or (width == 1 and (_has_blank_line(data) or b"<<<<<<< " in data)):
            return None
        try:
            frame = pl.read_csv(
                # Without a line end after it, Polars would leave out an empty cell too many.
                data if ended else data + b"\n",
                has_header=False,
                schema={str(column): pl.String() for column in range(width)},
                separator=dialect.delimiter,
                quote_char=dialect.quote_char,
                empty_string_is_null=False,
            )
        except pl.exceptions.PolarsError:
            return None
        if frame.height != height:
            return None
        return _Flawless(frame, self.work(frame), starts, lines + (not ended))

    def blocks(self, piece: _Piece, found: _Flawless[Result] | None) -> Iterator[Block[Result]]:
        """Yield the blocks of a piece, given what came of reading it as it is."""
        if found is not None and not self.rest:
            yield self._block(found)
            return
        data = self.rest + piece.data
        start = 0
        if self.rest:
            # A cell longer than a piece is not a fault of its own.
            whole = _seen(data, self.dialect, ended=piece.ended)
            good = self.flawless(whole)
            if good is not None:
                yield self._block(good)
                start = len(whole.data)
        while start < len(data):
            last = start + PIECE >= len(data)
            small = _seen(data[start : start + PIECE], self.dialect, ended=last and piece.ended)
            good = self.flawless(small)
            if good is not None:
                yield self._block(good)
                start += len(small.data)
                continue
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

    def _block(self, found: _Flawless[Result]) -> Block[Result]:
        row, line, height = self.row, self.line, found.frame.height
        self.row, self.line = row + height, line + found.lines
        lines: range | NDArray[np.int64] = range(line, line + height)
        if found.starts is not None:
            lines = line + found.starts[:height]
        rows = range(row + 1, row + 1 + height)
        return Block(found.frame, found.result, rows, lines, ())

    def _exact(self, data: bytes, *, final: bool) -> tuple[Block[Result], int]:
        """Read records one by one, note what is wrong with each, and say how many bytes they are."""
        found = scan(data, self.dialect, self.line, final=final)
        cells: list[list[str | None]] = []
        rows: list[int] = []
        lines: list[int] = []
        faults: list[tuple[int, int, Fault]] = []
        row = self.row
        require_no_conflict(found.records, self.width)
        for row, record in enumerate(found.records, self.row + 1):
            if row + self.passed in self.dialect.comment_rows:
                continue
            if not record.cells:
                faults.append((-1, row, Fault("blank-row", None, record.line)))
                continue
            cells.append(fitted(record, self.width, self.dialect, (len(cells), row), faults))
            rows.append(row)
            lines.append(record.line)
        if found.consumed:
            self.row, self.line = row, found.end_line
        columns = {str(column): [values[column] for values in cells] for column in range(self.width)}
        frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        numbers, places = np.array(rows, dtype=np.int64), np.array(lines, dtype=np.int64)
        return Block(frame, self.work(frame), numbers, places, tuple(faults)), found.consumed


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


def _break(data: bytes, quotes: NDArray[np.int64]) -> int:
    """Return how much of the data is whole records: up to the last line end outside quotes; 0 if that isn't clear."""
    end = data.rfind(b"\n") + 1
    for _ in range(_BREAKS_TRIED):
        before = int(np.searchsorted(quotes, end))
        if before % 2 == 0 or not end:
            return end
        end = data.rfind(b"\n", 0, int(quotes[before - 1])) + 1
    return 0


def _has_blank_line(data: bytes) -> bool:
    return data.startswith((b"\n", b"\r\n")) or b"\n\n" in data or b"\n\r\n" in data


def _counts(
    array: NDArray[np.uint8], quotes: NDArray[np.int64], delimiter: int
) -> tuple[int, int, int, NDArray[np.int64] | None] | None:
    """Count delimiters and line ends outside quotes, and all line ends; None if quotes are where none may be."""
    # Where cells have line ends, the line that each record begins on, from 0, comes last.
    delimiters, breaks = _count(array, delimiter), _count(array, _LINE_FEED)
    if not quotes.size:
        return delimiters, breaks, breaks, None
    if quotes.size % 2 or not _placed(array, quotes, delimiter):
        return None
    inner = []
    for quoted in _quoted(quotes[0::2], quotes[1::2]):
        within = array[quoted]
        delimiters -= int(np.count_nonzero(within == delimiter))
        inner.append(quoted[within == _LINE_FEED])
    ends = np.concatenate(inner)
    if not ends.size:
        return delimiters, breaks, breaks, None
    outer = np.ones(breaks, bool)
    outer[np.searchsorted(_where(array, _LINE_FEED), ends)] = False
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


def _placed(array: NDArray[np.uint8], quotes: NDArray[np.int64], separator: int) -> bool:
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
