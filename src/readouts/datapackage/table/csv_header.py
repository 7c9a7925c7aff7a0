"""The head of a CSV file: its records down to the header, and where the rows begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from readouts.datapackage.table.csv_scanner import Record, scan

if TYPE_CHECKING:
    from readouts.datapackage.table.dialect import Dialect

__all__ = ["LONGEST_LINE", "ByteStream", "RowStart", "read_header"]

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
