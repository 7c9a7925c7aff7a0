"""The head of a CSV file: its records down to the header, and where the rows begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from readouts.datapackage.incident import CODES
from readouts.datapackage.table.csv_scanner import Record, scan
from readouts.datapackage.table.file_kind import FileFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.datapackage.table.dialect import Dialect

__all__ = [
    "LONGEST_LINE",
    "SMALL",
    "ByteStream",
    "Head",
    "header_labels",
    "labels_of",
    "read_head",
    "too_long",
]

LONGEST_LINE = 64 * 2**20
PIECE = 2**20
"""Bytes that are read at a time."""
SMALL = 3 * 2**16
"""Bytes up to which the rows of a file are read one by one sooner than NumPy is imported."""


class ByteStream(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""


def too_long(line: int) -> FileFault:
    """Return the fault of a file with a line that is longer than is read."""
    message = f"The file is not read to its end: a line is longer than {LONGEST_LINE // 2**20} MiB."
    return FileFault(message, CODES["resource-limit"].fix, "resource-limit", line)


@dataclass(frozen=True, slots=True)
class Head:
    """What a file begins with: its bytes as far as they were read, and the records among them down to the header."""

    data: bytes
    records: list[Record]  # the last header row last; fewer where the file ends before it
    consumed: int
    end_line: int  # the line that follows them

    @property
    def rest(self) -> bytes:
        """The rows that were read already."""
        return self.data[self.consumed :]


def read_head(stream: ByteStream, dialect: Dialect) -> Head:
    """Read the records down to the last header row."""
    data, wanted = b"", max(dialect.header_rows) if dialect.header else 0
    while True:
        chunk = stream.read(PIECE)
        data += chunk
        found = scan(data, dialect, 1, final=not chunk, most=wanted)
        if len(found.records) == wanted or not chunk or len(data) > LONGEST_LINE:
            return Head(data, found.records, found.consumed, found.end_line)


def header_labels(records: Sequence[Record], dialect: Dialect) -> list[str]:
    """Return the labels that the header rows among the first records give; none without a header."""
    rows = [records[row - 1].cells for row in dialect.header_rows if row <= len(records)] if dialect.header else []
    return labels_of(rows, dialect.header_join)


def labels_of(rows: Sequence[Sequence[str]], join: str) -> list[str]:
    """Return the labels of the columns below several header rows (https://datapackage.org/standard/table-dialect/).

    A label of any row but the last goes on to the right over empty cells, as merged cells of a spreadsheet do, up to
    the next label in its row or in a row above.

    Examples
    --------
    >>> labels_of([["lake", "", "level"], ["id", "name", "m"]], " ")
    ['lake id', 'lake name', 'level m']
    """
    width = max(map(len, rows), default=0)
    grid = [[*row, *[""] * (width - len(row))] for row in rows]
    begins = [False] * width
    for row in grid[:-1]:
        begins = [begun or bool(label.strip()) for begun, label in zip(begins, row, strict=True)]
        for place, begun in enumerate(begins):
            if not begun:
                row[place] = row[place - 1] if place else ""
    return [join.join(filter(None, column)) for column in zip(*grid, strict=True)]
