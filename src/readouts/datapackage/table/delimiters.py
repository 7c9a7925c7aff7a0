"""Recognising the delimiter that a file has where it is not the one of its dialect."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.datapackage.table.csv_header import header_labels
from readouts.datapackage.table.csv_scanner import scan
from readouts.datapackage.table.file_kind import FileFault
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.dialect import Dialect

__all__ = ["delimiter_fault"]

_DELIMITERS = (",", ";", "\t", "|")
_ROWS = 20
"""Rows that are read for sniffing."""
_FEW = 3
"""Rows of a wrong width that may each have a fault of their own."""
_DECIMAL_COMMA = re.compile(r"\s*[+-]?[0-9]+,[0-9]+\s*")


class _Cut:
    """The beginning of a file, cut by one delimiter."""

    def __init__(self, data: bytes, dialect: Dialect, *, final: bool) -> None:
        self.delimiter = dialect.delimiter
        header = max(dialect.header_rows) if dialect.header else 0
        records = scan(data, dialect, 1, final=final, most=header + _ROWS).records
        self.labels = [label.strip() for label in header_labels(records[:header], dialect)]
        below = [record for record in records[header:] if record.cells]
        self.rows = [record.cells for record in below]
        self.line = below[0].line if below else 1

    def known(self, names: frozenset[str]) -> int:
        """Return how many columns have the name of a field."""
        return len(names.intersection(self.labels))

    def all_rows(self, width: int) -> bool:
        """Whether there are rows, all of a width."""
        return bool(self.rows) and all(len(row) == width for row in self.rows)

    def no_row(self, width: int) -> bool:
        """Whether there are rows, none of a width, which is not by faults of their own."""
        few = len(self.rows) < _FEW
        return bool(self.rows) and all(len(row) == 1 if few else len(row) != width for row in self.rows)


def delimiter_fault(data: bytes, table: Table, dialect: Dialect, *, width: int | None, final: bool) -> FileFault | None:
    r"""Return the fault of a file whose header or rows have another delimiter than its dialect; None if none has.

    Parameters
    ----------
    data
        What the file begins with, as UTF-8.
    table
        What its rows must be.
    dialect
        How its descriptor says it is written.
    width
        How many columns it has; None where its header is not that of the schema.
    final
        Whether this is the whole file.

    Examples
    --------
    >>> from readouts.datapackage.table.dialect import Dialect
    >>> from readouts.datapackage.schema.model import Field, Table
    >>> lakes = Table("lakes", fields=(Field("name"), Field("depth")))
    >>> str(delimiter_fault(b"name;depth\nLong;7\n", lakes, Dialect(), width=None, final=True))
    "Expected the delimiter ','; found ';'."
    """
    own = _Cut(data, dialect, final=final)
    if width is not None and (width == 1 or not own.no_row(width)):
        return None
    taken = {dialect.delimiter, dialect.quote_char, dialect.escape_char}
    others = [_Cut(data, replace(dialect, delimiter=each), final=final) for each in _DELIMITERS if each not in taken]
    names = frozenset(table.field_names)
    header = own if width is not None else _of_header(own, others, names)
    if header is None:
        return None
    width = len(header.labels) if width is None else width
    rows = header
    if header.no_row(width):
        rows = next((each for each in (own, *others) if each.all_rows(width)), header)
    if rows is own and header is own:
        return None
    if rows is not header and dialect.header:
        found = f"{quoted(header.delimiter)} in the header and {quoted(rows.delimiter)} in the rows"
        hint = "Write the file with one delimiter, and set `delimiter` to it in the dialect of the resource."
        return FileFault(f"Expected one delimiter; found {found}.", hint, line=rows.line)
    message = f"Expected the delimiter {quoted(own.delimiter)}; found {quoted(rows.delimiter)}."
    hint = f"Set `delimiter` to {json.dumps(rows.delimiter)} in the dialect of the resource."
    points = {field.name for field in table.fields if field.type == "number" and field.decimal_char != ","}
    places = [place for place, label in enumerate(rows.labels or table.field_names) if label in points]
    if any(_DECIMAL_COMMA.fullmatch(row[place]) for row in rows.rows for place in places if place < len(row)):
        hint += " Fields whose numbers have a decimal comma need `decimalChar`."
    return FileFault(message, hint, line=1)


def _of_header(own: _Cut, others: list[_Cut], names: frozenset[str]) -> _Cut | None:
    """Return the cut of a header, which isn't that of the schema, that has more of its columns."""
    best = max(others, key=lambda each: (each.known(names), each.all_rows(len(each.labels))))
    known = best.known(names)
    if known > own.known(names) and (known > 1 or (len(best.labels) > 1 and best.all_rows(len(best.labels)))):
        return best
    fit = (each for each in others if len(each.labels) == len(names) > 1 and each.all_rows(len(names)))
    return None if len(own.labels) == len(names) else next(fit, None)
