"""Reading a CSV file as blocks of whole records: at column speed where it is flawless, else record by record.

A block is taken as it is when a few counts prove that it is well formed: no NUL, every quote where RFC 4180
(https://www.rfc-editor.org/rfc/rfc4180, section 2) allows one, and exactly as many delimiters and line ends outside
quotes as its rows need. Polars alone would fill up short rows and keep silent. Any other block is read by `scan.py`,
which tells what is wrong and where.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from readouts.check.limits import LimitError
from readouts.check.scan import Fault, Record, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from readouts.check.dialect import Dialect

__all__ = ["Block", "Stream", "read_blocks", "read_header"]

SIZE = 16 * 2**20
"""Bytes of a block: large enough for column speed, small enough to stay in little memory."""
PIECE = 2**20
"""Bytes of the parts in which a block that is not flawless is read, so that few rows are read one by one."""
LONGEST_LINE = 64 * 2**20
_BREAKS_TRIED = 64
_DENSE = 8
_LINE_FEED, _RETURN = 10, 13
_NOTHING: NDArray[np.int64] = np.empty(0, np.int64)


_UNREADABLE = frozenset(["encoding-error", "null-byte"])


class Stream(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a table that stand one after the other.

    Attributes
    ----------
    frame
        Their cells as texts, in columns `0`, `1`, ...; null where a row has no such cell or an unreadable one.
    rows, lines
        Number of each row (1 is the first below the header; blank rows count) and the line it begins on.
    faults
        What is wrong with their structure, each with the row's place in the block; -1 for a blank row, which is
        not in the frame.
    end_row, end_line
        Number of the last row, and of the line that follows the block.
    """

    frame: pl.DataFrame
    rows: range | NDArray[np.int64]
    lines: range | NDArray[np.int64]
    faults: tuple[tuple[int, int, Fault], ...]
    end_row: int
    end_line: int


def read_header(stream: Stream, dialect: Dialect) -> tuple[list[Record], bytes, int]:
    """Read the records up to the last header row.

    Returns
    -------
    tuple
        The records, the bytes after them that were read already, and the line these begin on.
    """
    data, wanted = b"", max(dialect.header_rows) if dialect.header else 0
    while True:
        chunk = stream.read(PIECE)
        data += chunk
        found = scan(data, dialect, 1, final=not chunk, most=wanted)
        if len(found.records) == wanted or not chunk or len(data) > LONGEST_LINE:
            return found.records, data[found.consumed :], found.end_line


def read_blocks(stream: Stream, dialect: Dialect, width: int, rest: bytes, line: int) -> Iterator[Block]:
    """Read the rows below the header.

    Parameters
    ----------
    stream
        The file, after what was read of it.
    dialect
        How it is written.
    width
        Number of columns.
    rest
        What was read of it and not used yet.
    line
        The line on which `rest` begins.
    """
    row = 0
    while True:
        chunk = stream.read(SIZE)
        data = rest + chunk if rest else chunk
        if not data:
            return
        block, end = _plain(data, dialect, width, row, line, final=not chunk) if dialect.plain else (None, 0)
        if block is not None:
            yield block
            rest, row, line = data[end:], block.end_row, block.end_line
            continue
        start = 0
        while start < len(data):
            last = start + PIECE >= len(data)
            block, end = _piece(data[start : start + PIECE], dialect, width, row, line, final=last and not chunk)
            if not end and not last:
                block, end = _piece(data[start:], dialect, width, row, line, final=not chunk)
            if not end:
                break
            yield block
            start, row, line = start + end, block.end_row, block.end_line
        rest = data[start:]
        if len(rest) > LONGEST_LINE:
            message = f"line {line} is longer than {LONGEST_LINE // 2**20} MiB"
            raise LimitError(message)


def _piece(data: bytes, dialect: Dialect, width: int, row: int, line: int, *, final: bool) -> tuple[Block, int]:
    """Read a small block: as it is if it can be, else record by record; and how many bytes that took."""
    if dialect.plain:
        block, end = _plain(data, dialect, width, row, line, final=final)
        if block is not None:
            return block, end
    return _exact(data, dialect, width, row, line, final=final)


def _plain(
    data: bytes, dialect: Dialect, width: int, row: int, line: int, *, final: bool
) -> tuple[Block | None, int]:
    """Read whole records as one block, and say how many bytes they are; None if they are not flawless."""
    if b"\0" in data or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
        return None, 0
    array = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(array == ord(dialect.quote_char)) if dialect.quote_char is not None else _NOTHING
    end = len(data) if final else _break(data, quotes)
    if not end:
        return None, 0
    if end < len(data):
        data, array = data[:end], array[:end]
        quotes = quotes[: np.searchsorted(quotes, end)]
    counts = _counts(array, quotes, ord(dialect.delimiter))
    if counts is None:
        return None, 0
    delimiters, breaks, inside = counts
    ended = data.endswith(b"\n")
    height = breaks + (not ended)
    if delimiters != height * (width - 1) or (width == 1 and _has_blank_line(data)):
        return None, 0
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            schema={str(column): pl.String() for column in range(width)},
            separator=dialect.delimiter,
            quote_char=dialect.quote_char,
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError:
        return None, 0
    if frame.height != height:
        return None, 0
    lines: range | NDArray[np.int64] = range(line, line + height)
    end_line = line + height
    if inside is not None:
        starts, count = inside
        lines = line + starts[:height]
        end_line = line + count + (not ended)
    return Block(frame, range(row + 1, row + 1 + height), lines, (), row + height, end_line), end


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


_Lines = tuple["NDArray[np.int64]", int]
"""The line that each record begins on, from 0, and how many line ends there are, where cells have some."""


def _counts(
    array: NDArray[np.uint8], quotes: NDArray[np.int64], delimiter: int
) -> tuple[int, int, _Lines | None] | None:
    """Count delimiters and line ends outside quotes; None if quotes stand where none may."""
    is_delimiter, is_break = array == delimiter, array == _LINE_FEED
    delimiters, breaks = int(np.count_nonzero(is_delimiter)), int(np.count_nonzero(is_break))
    if not quotes.size:
        return delimiters, breaks, None
    if quotes.size % 2 or not _placed(array, quotes, delimiter):
        return None
    opening, closing = quotes[0::2], quotes[1::2]
    lengths = closing - opening
    if int(lengths.sum()) * _DENSE < array.size:
        # Few bytes are quoted: these are picked out.
        places = np.repeat(opening - np.cumsum(lengths) + lengths, lengths) + np.arange(int(lengths.sum()))
        quoted = array[places]
        delimiters -= int(np.count_nonzero(quoted == delimiter))
        inner = places[quoted == _LINE_FEED]
    else:
        is_quote = np.zeros(array.size, np.uint8)
        is_quote[quotes] = 1
        within = np.cumsum(is_quote, dtype=np.uint8) & 1 == 1
        delimiters -= int(np.count_nonzero(is_delimiter & within))
        inner = np.flatnonzero(is_break & within)
    if not inner.size:
        return delimiters, breaks, None
    outer = np.ones(breaks, bool)
    outer[np.searchsorted(np.flatnonzero(is_break), inner)] = False
    starts = np.concatenate(([0], np.flatnonzero(outer) + 1))
    return delimiters, breaks - inner.size, (starts, breaks)


def _placed(array: NDArray[np.uint8], quotes: NDArray[np.int64], separator: int) -> bool:
    """Tell whether every quote opens a cell, closes one, or is one of two that stand for one."""
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


def _exact(data: bytes, dialect: Dialect, width: int, row: int, line: int, *, final: bool) -> tuple[Block, int]:
    """Read a block record by record, and note what is wrong with each."""
    found = scan(data, dialect, line, final=final)
    cells: list[list[str | None]] = []
    rows: list[int] = []
    lines: list[int] = []
    faults: list[tuple[int, int, Fault]] = []
    for record in found.records:
        row += 1
        if not record.cells:
            faults.append((-1, row, Fault("blank-row", None, record.line)))
            continue
        place = len(cells)
        values: list[str | None] = [*record.cells]
        for fault in record.faults:
            faults.append((place, row, fault))
            if fault.code in _UNREADABLE and fault.column is not None:
                values[fault.column] = None
        if len(values) < width:
            for column in range(len(values), width):
                faults.append((place, row, Fault("missing-cell", column, record.line)))
            values += [None] * (width - len(values))
        elif len(values) > width:
            extra = record.cells[width:]
            faults.append((place, row, Fault("extra-cell", None, record.line, dialect.delimiter.join(extra)[:200])))
            del values[width:]
        cells.append(values)
        rows.append(row)
        lines.append(record.line)
    frame = pl.DataFrame(
        {str(column): pl.Series([values[column] for values in cells], dtype=pl.String) for column in range(width)}
        if cells
        else {str(column): pl.Series([], dtype=pl.String) for column in range(width)}
    )
    return Block(
        frame,
        np.array(rows, dtype=np.int64),
        np.array(lines, dtype=np.int64),
        tuple(faults),
        row,
        found.end_line,
    ), found.consumed
