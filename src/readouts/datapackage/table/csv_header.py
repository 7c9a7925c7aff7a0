"""The head of a CSV file: its records down to the header, and where the rows begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from readouts.datapackage.table.csv_scanner import Record, scan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.datapackage.table.dialect import Dialect

__all__ = ["LONGEST_LINE", "ByteStream", "RowStart", "labels_of", "read_header"]

LONGEST_LINE = 64 * 2**20
PIECE = 2**20
"""Bytes that are read at a time."""


class ByteStream(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class RowStart:
    """Where the rows of a table begin: after how many records, on which line, and what was read of them already."""

    records: int
    line: int
    rest: bytes


def read_header(stream: ByteStream, dialect: Dialect) -> tuple[list[Record], RowStart]:
    """Read the records up to the last header row, and say where the rows begin."""
    data, wanted = b"", max(dialect.header_rows) if dialect.header else 0
    while True:
        chunk = stream.read(PIECE)
        data += chunk
        found = scan(data, dialect, 1, final=not chunk, most=wanted)
        if len(found.records) == wanted or not chunk or len(data) > LONGEST_LINE:
            return found.records, RowStart(len(found.records), found.end_line, data[found.consumed :])


def labels_of(rows: Sequence[Sequence[str]], join: str) -> list[str]:
    """Return the labels of the columns below several header rows (https://datapackage.org/standard/table-dialect/).

    A label of any row but the last goes on to the right over empty cells, as merged cells of a spreadsheet do, up to
    the next label in its row or in a row above.

    Parameters
    ----------
    rows
        The cells of the header rows, from the top.
    join
        Text between the labels of one column: `headerJoin`.

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
