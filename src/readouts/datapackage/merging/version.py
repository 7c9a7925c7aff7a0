"""One version of a table that is merged, read by its key."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readouts.datapackage.merging.conflict import MergeError
from readouts.datapackage.merging.text import has_markers
from readouts.datapackage.table.canonical_csv import csv_reader

if TYPE_CHECKING:
    from readouts.datapackage.schema.model import Table

__all__ = ["Key", "Row", "UnkeyedError", "Version", "read_version"]

Key = tuple[str, ...]
Row = dict[str, str]


class UnkeyedError(MergeError):
    """The key of a table doesn't tell the rows of a version apart."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a table.

    Attributes
    ----------
    columns, rows
        Its columns, and its rows by key in the order of the file.
    lines
        Each row as it is written, with its line end and the blank lines after it; the header has the empty key.
    data
        The file.
    """

    columns: tuple[str, ...]
    rows: dict[Key, Row]
    lines: dict[Key, str] = field(default_factory=dict)
    data: bytes = b""

    def cells(self, key: Key) -> Row | None:
        """Return the cells of a row, or, by the empty key, of the header; None if it isn't there."""
        return self.rows.get(key) if key else {name: name for name in self.columns} or None


def read_version(data: bytes, table: Table, side: str) -> Version:
    """Read one version of a table. Byte order marks, quotes and line ends are a matter of its lines, not of its rows.

    Parameters
    ----------
    data
        The file; an empty one is a table without rows, as where a side has no such file.
    table
        The schema; its primary key tells the rows apart.
    side
        What messages call the version.

    Raises
    ------
    UnkeyedError
        It lacks a column of the key, or a key is empty or used twice.
    MergeError
        It can't be read: not UTF-8, ragged, or with the markers of an earlier conflict.
    """
    if not data:
        return Version((), {})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{side} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}. Save it as UTF-8."
        raise MergeError(message) from error
    if has_markers(text):
        message = f"{side} has the markers of a conflict that isn't resolved yet. Resolve it, then merge again."
        raise MergeError(message)
    written = list(io.StringIO(text, newline=""))
    reader = csv_reader(iter(written))
    rows: dict[Key, Row] = {}
    lines: dict[Key, str] = {}
    key: Key = ()
    try:
        columns = tuple(next(reader, []))
        lacking = [name for name in table.primary_key if columns.count(name) != 1]
        if lacking or len(set(columns)) < len(columns):
            what = f"the key column '{lacking[0]}' once" if lacking else "each column once"
            message = f"{side}, line 1: expected {what}; found {', '.join(columns)}."
            raise UnkeyedError(message)
        lines[key], taken = "".join(written[: reader.line_num]), reader.line_num
        for cells in reader:
            line, taken = "".join(written[taken : reader.line_num]), reader.line_num
            if not cells:
                lines[key] += line
                continue
            where = f"{side}, line {reader.line_num}"
            if len(cells) != len(columns):
                message = f"{where}: expected {len(columns)} cells, found {len(cells)}. Fix the row, then merge again."
                raise MergeError(message)
            row = dict(zip(columns, cells, strict=True))
            key = tuple(row[name] for name in table.primary_key)
            if not all(key) or key in rows:
                problem = f"duplicate key {', '.join(key)}" if all(key) else "a key has no value"
                message = f"{where}: {problem}, so that rows can't be matched by key. Fix it, then merge again."
                raise UnkeyedError(message)
            rows[key], lines[key] = row, line
    except csv.Error as error:
        message = f"{side}, line {reader.line_num}: not a well-formed CSV file: {error}."
        raise MergeError(message) from error
    return Version(columns, rows, lines, data)
