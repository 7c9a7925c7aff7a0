"""The canonical form of a table: UTF-8, LF, minimal quoting, the schema's columns, rows sorted by key.

Rows are sorted by the code points of their key's cells as they are in the file.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterable, Mapping

    from readouts.datapackage.schema.model import Table

__all__ = ["csv_line", "csv_reader", "descriptor_bytes", "header", "row_key"]

_NEEDS_QUOTES = re.compile(r'[",\r\n]')


def csv_reader(lines: Iterable[str], **dialect: Any) -> Reader:
    """Return a strict reader of CSV, canonical or in another dialect, whose cells may be of any length.

    Examples
    --------
    >>> list(csv_reader(["lake,depth", 'como,"425"']))
    [['lake', 'depth'], ['como', '425']]
    """
    # The usual limit of 128 KiB is too small for a shape in GeoJSON; raising it takes nothing from other readers.
    csv.field_size_limit(2**31 - 1)
    return csv.reader(lines, strict=True, **dialect)


def csv_line(cells: Iterable[str | None]) -> str:
    r"""Return one line of a CSV file in canonical form, with its line end.

    Examples
    --------
    >>> csv_line(["a", None, 'say "b", c'])
    'a,,"say ""b"", c"\n'
    """
    values = [cell or "" for cell in cells]
    line = ",".join(values)
    if '"' in line or "\n" in line or "\r" in line or line.count(",") >= len(values):
        line = ",".join('"' + each.replace('"', '""') + '"' if _NEEDS_QUOTES.search(each) else each for each in values)
    return (line or '""') + "\n"


def header(table: Table) -> str:
    """Return the header line of a table."""
    return csv_line(table.field_names)


def row_key(table: Table, row: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the primary key of a row, as its cells are in the file."""
    return tuple(row[name] or "" for name in table.primary_key)


def descriptor_bytes(descriptor: Mapping[str, Any]) -> bytes:
    """Return a descriptor as canonical JSON: two spaces, properties in their order, a line end at the end."""
    return (json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n").encode()
