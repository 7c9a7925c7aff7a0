"""Tables cut into ranges of their files that are read apart from each other, as if one after the other.

Where a record begins in the middle of a file, only its quotes say, and only all of those before it for certain. So a
range begins where a record seems to begin, as far as the quotes nearby show, and the one before it ends there. If that
was right, the last record of the range before is whole; if not, the two are read again as one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import numpy as np

from readouts.datapackage.table.byte_stream import Digest, FileStream
from readouts.datapackage.table.csv_blocks import read_blocks
from readouts.datapackage.table.csv_header import Head, read_head
from readouts.datapackage.table.file_kind import FileFault
from readouts.datapackage.table.quote_places import positions_of, quotes_fit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import polars as pl

    from readouts.datapackage.table.csv_blocks import Block
    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.dialect import Dialect
    from readouts.datapackage.table.reader import Header
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.table.table_stream import TableStream

__all__ = ["FileRange", "RangeSeen", "can_be_cut", "cut", "offsets", "read_range", "without_torn"]

_MARK = b"\xef\xbb\xbf"
_NEARBY = 2**18
"""Bytes whose quotes show where a record begins."""
_MEMORY = 2**28
"""Bytes that the blocks of a range may take while it is read."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class FileRange:
    """The rows that begin within some bytes of a file.

    Attributes
    ----------
    file
        Which file of the table, from 0.
    start, end
        Its bytes: where rows begin if it opens the file, else about that; all of a file that is not cut.
    opens, closes, last
        Whether it has the first rows of the file, the last ones, and the last ones of the table.
    cut
        Whether its bytes are read, rather than a file that is compressed or in another encoding.
    line
        The line that the rows of a file begin on.
    """

    file: int
    start: int
    end: int
    opens: bool
    closes: bool
    last: bool
    cut: bool
    line: int


@dataclass(slots=True)
class RangeSeen:
    """What a range turned out to have.

    Attributes
    ----------
    rows, lines
        How many, blank rows among them.
    torn
        Whether its last record is not whole.
    """

    rows: int = 0
    lines: int = 0
    torn: bool = False


def can_be_cut(resource: Resource) -> bool:
    """Return whether the files of a table can be read apart from each other, each with or without a header."""
    rows = resource.table is not None and resource.form in {"csv", "tsv"}
    return rows and bool(resource.paths) and resource.dialect.plain


def cut(resource: Resource, header: Header, stream: TableStream, size: int) -> tuple[list[FileRange], FileFault | None]:
    """Cut the files of a table into ranges.

    Parameters
    ----------
    resource
        The table.
    header, stream
        What its first file begins with, and its files.
    size
        Bytes of a range at most.

    Returns
    -------
    tuple
        The ranges, and what is wrong with the beginning of the file after them.
    """
    beginnings = [(0, header.head.consumed, header.head.end_line)]
    wrong = None
    try:
        # Those before a fault are kept.
        beginnings.extend(stream.beginnings())
    except FileFault as fault:
        wrong = fault
    return _ranges(resource, beginnings, size), wrong


def _ranges(resource: Resource, beginnings: Iterable[tuple[int, int, int]], size: int) -> list[FileRange]:
    """Return the ranges of some files, of which it is known how many bytes their headers take, and the line below."""
    within = not resource.compression and resource.encoding.lower().replace("_", "-") in {"utf-8", "utf8", "utf-8-sig"}
    ranges: list[FileRange] = []
    for file, header, line in beginnings:
        path = resource.paths[file]
        if not within:
            ranges.append(FileRange(file, header, header, opens=True, closes=True, last=False, cut=False, line=line))
            continue
        with path.open("rb") as stream:
            start = header + (len(_MARK) if stream.read(len(_MARK)) == _MARK else 0)
        length = path.stat().st_size - start
        count = max(1, -(-length // size))
        bounds = [start + length * place // count for place in range(count + 1)]
        for place, (first, end) in enumerate(pairwise(bounds)):
            opens, closes = place == 0, place == count - 1
            ranges.append(FileRange(file, first, end, opens, closes, last=False, cut=True, line=line))
    return [*ranges[:-1], *(replace(each, last=True) for each in ranges[-1:])]


class _Lines:
    """A stream whose lines are counted; one that is not the last of its table ends with a line end."""

    def __init__(self, stream: ByteStream, seen: RangeSeen, most: int | None, *, last: bool) -> None:
        self._stream, self._seen, self._left, self._last = stream, seen, most, last
        self._ended = b"\n"

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size if self._left is None else min(size, self._left))
        if self._left is not None:
            self._left -= len(data)
        if not data and not self._last and self._ended != b"\n":
            data = b"\n"
        if data:
            self._ended = data[-1:]
            self._seen.lines += data.count(b"\n")
        return data


def read_range(
    resource: Resource, width: int, part: FileRange, work: Callable[[pl.DataFrame], Result], seen: RangeSeen
) -> Iterator[Block[Result]]:
    """Read the rows of a range, as `read_blocks` does those of a table, on one core.

    Parameters
    ----------
    resource
        The table.
    width
        Number of its columns.
    part
        The range. Its rows are counted from 1, and its lines from 0, those of a file that is not cut from 1.
    work
        What is made of each block.
    seen
        Receives what the range has.
    """
    dialect, digest = resource.dialect, Digest()
    try:
        if part.cut:
            path = resource.paths[part.file]
            file = digest.held(path.open("rb"))
            start = part.start if part.opens else _record_start(file, part.start, dialect)
            end = part.end if part.closes else _record_start(file, part.end, dialect)
            file.seek(start)
            stream = _Lines(file, seen, max(0, end - start), last=part.last)
            head = Head(b"", [], 0, 0)
        else:
            stream = _Lines(FileStream(resource, part.file, digest), seen, None, last=part.last)
            head = read_head(stream, dialect if part.start else replace(dialect, header=False))
        for block in read_blocks(stream, dialect, width, head, work, memory=_MEMORY, cores=1):
            last = [int(block.rows[-1])] if len(block.rows) else []
            seen.rows = max([seen.rows, *last, *(row for _, row, _ in block.faults)])
            seen.torn |= any(fault.code == "unterminated-quote" for _, _, fault in block.faults) and not part.last
            yield block
    finally:
        digest.close()


def _record_start(file: BinaryIO, place: int, dialect: Dialect) -> int:
    """Return where a record seems to begin after a place."""
    file.seek(place)
    data = file.read(_NEARBY)
    while not (begin := data.find(b"\n") + 1):
        place += len(data)
        if len(data) < _NEARBY:
            return place
        data = file.read(_NEARBY)
    array = np.frombuffer(data, np.uint8)[begin:]
    quotes = positions_of(array, ord(dialect.quote_char or '"'))
    delimiter = ord(dialect.delimiter)
    if dialect.quote_char is not None and not _fit(array, quotes, delimiter) and _fit(array, quotes[1:], delimiter):
        # The line is one of a cell, which the first quote closes.
        ends = positions_of(array, ord("\n"))
        outside = ends[np.searchsorted(quotes, ends) % 2 == 1]
        if outside.size:
            return place + begin + int(outside[0]) + 1
    return place + begin


def _fit(array: np.ndarray, quotes: np.ndarray, delimiter: int) -> bool:
    return quotes_fit(array, quotes[: quotes.size // 2 * 2], delimiter)


def offsets(ranges: Sequence[FileRange], seen: Sequence[RangeSeen]) -> list[tuple[int, int]]:
    """Return how many rows are before each range, and what is added to its lines.

    Examples
    --------
    >>> one = FileRange(0, 9, 50, opens=True, closes=False, last=False, cut=True, line=2)
    >>> two = FileRange(0, 50, 90, opens=False, closes=True, last=True, cut=True, line=2)
    >>> offsets([one, two], [RangeSeen(3, 4), RangeSeen(2, 2)])
    [(0, 2), (3, 6)]
    """
    found: list[tuple[int, int]] = []
    rows = line = 0
    for part, its in zip(ranges, seen, strict=True):
        if part.opens:
            line = part.line if part.cut else 0
        found.append((rows, line))
        rows, line = rows + its.rows, line + its.lines
    return found


def without_torn(ranges: Sequence[FileRange], seen: Sequence[RangeSeen]) -> list[FileRange] | None:
    """Return the ranges, each that ends within a record as one with the next; None if that is of another file.

    Examples
    --------
    >>> one = FileRange(0, 9, 50, opens=True, closes=False, last=False, cut=True, line=2)
    >>> two = FileRange(0, 50, 90, opens=False, closes=True, last=True, cut=True, line=2)
    >>> [(each.start, each.end) for each in without_torn([one, two], [RangeSeen(3, 4, True), RangeSeen(2, 2)])]
    [(9, 90)]
    """
    whole: list[FileRange] = []
    joins = False
    for part, its in zip(ranges, seen, strict=True):
        if joins:
            before = whole.pop()
            whole.append(replace(before, end=part.end, closes=part.closes, last=part.last))
            # Where it began was wrong, and so may be how it ended.
            joins = False
            continue
        if its.torn and (part.closes or not part.cut):
            return None
        whole.append(part)
        joins = its.torn
    return whole
