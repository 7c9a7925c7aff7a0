"""Tables whose rows are JSON: in the descriptor itself, or in a file of objects or arrays."""

from __future__ import annotations

import json
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from readouts.datapackage.schema.types import year_text
from readouts.datapackage.table.csv_scanner import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.csv_blocks import Block
    from readouts.datapackage.table.json_text import JsonText
    from readouts.datapackage.table.table_files import TableFiles

__all__ = ["JsonRows", "inline_rows", "json_blocks", "json_text", "kinds_of"]

Result = TypeVar("Result")

_NATIVE: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "year": (int,),
    "array": (list,),
    "list": (list,),
    "object": (dict,),
    "geojson": (dict,),
    "geopoint": (list, dict),
}
"""Types that have values of their own in JSON; every value may be a text as well."""
_ROWS = 50_000


def inline_rows(data: Any, property_: str | None = None) -> tuple[list[str], list[Any]] | None:
    """Return labels and rows of data in JSON; None if it is not a table.

    Examples
    --------
    >>> inline_rows([["name", "depth"], ["Long", 7]])
    (['name', 'depth'], [['Long', 7]])
    >>> inline_rows([{"name": "Long", "depth": 7}])
    (['name', 'depth'], [{'name': 'Long', 'depth': 7}])
    """
    if property_ is not None and isinstance(data, dict):
        data = data.get(property_)
    if not isinstance(data, list) or not data:
        return None
    if all(isinstance(row, dict) for row in data):
        labels = list(dict.fromkeys(str(name) for row in data for name in row))
        return labels, data
    if all(isinstance(row, list) for row in data):
        return [str(label) if label is not None else "" for label in data[0]], data[1:]
    return None


@dataclass
class JsonRows:
    """The rows of a table in JSON.

    Attributes
    ----------
    labels
        Its columns.
    rows
        Arrays or objects.
    lines
        The line that each begins on, the files of the table counted through; None for rows in the descriptor.
    header_line
        The line of the header; None where objects have no header.
    """

    labels: list[str]
    rows: list[Any]
    lines: array[int] | None = None
    header_line: int | None = None
    _parts: list[tuple[int, int, int, JsonText]] = field(default_factory=list)
    _header: int = 0

    @classmethod
    def read(cls, texts: Sequence[JsonText], files: TableFiles) -> JsonRows | None:
        """Return the rows of a table's files; None if they hold none. A header that later files repeat is left out."""
        values: list[Any] = []
        lines, before = array("q"), 0
        parts = []
        for number, text in enumerate(texts):
            if not isinstance(text.value, list):
                return None
            files.turn_to(number)
            passed = 0
            if number and text.value and values and isinstance(values[0], list):
                passed = int(text.value[0] == values[0])
                files.note_header(again=bool(passed))
            parts.append((len(values), passed, before, text))
            lines.extend(line + before for line in text.lines[passed:])
            values += text.value[passed:]
            before += text.text.count("\n") + 1
        labelled = inline_rows(values)
        if labelled is None:
            return None
        labels, rows = labelled
        header = len(values) - len(rows)
        return cls(labels, rows, lines[header:], lines[0] if header else None, parts, header)

    @property
    def ordered(self) -> bool:
        """Whether the columns have an order; the properties of objects have none."""
        return bool(self.rows) and isinstance(self.rows[0], list)

    def line(self, row: int, label: str) -> int | None:
        """Return the line of a value, by the number of its row and its column; that of the row if it has none."""
        if not self._parts:
            return None
        place = row - 1 + self._header
        first, passed, before, text = next(part for part in reversed(self._parts) if part[0] <= place)
        name: str | int | None = label
        if self._header:
            name = self.labels.index(label) if label in self.labels else None
        return before + text.line(place - first + passed, name)


def kinds_of(table: Table, labels: Sequence[str]) -> list[str]:
    """Return the type of each column, `any` where the schema doesn't know it."""
    kinds = {field.name: field.type for field in table.fields}
    return [kinds.get(label, "any") for label in labels]


def json_text(value: Any, kind: str) -> tuple[str, bool]:
    """Return a value other than null as the text of a cell, and whether it is not one of the field's type."""
    if isinstance(value, str):
        # Half a character, which JSON can spell, is not text.
        whole = value.encode("utf-8", "replace").decode()
        return whole, whole != value
    if kind == "any":
        return json.dumps(value), False
    good = isinstance(value, _NATIVE.get(kind, ())) and (kind == "boolean" or not isinstance(value, bool))
    if isinstance(value, bool):
        return ("true" if value else "false"), not good
    if good and kind == "year":
        return year_text(value), False
    if isinstance(value, list) and kind == "list":
        return ",".join(str(item) for item in value), not good
    return (json.dumps(value) if isinstance(value, list | dict) else repr(value)), not good


def json_blocks(
    table: Table, found: JsonRows, work: Callable[[pl.DataFrame], Result], null: str = "", *, typed: bool = True
) -> Iterator[Block[Result]]:
    """Yield rows of JSON as blocks of texts; with `typed`, a value that is not of its field's type is a fault."""
    import numpy as np
    import polars as pl

    from readouts.datapackage.table.csv_blocks import Block

    labels, rows, kinds = found.labels, found.rows, kinds_of(table, found.labels)
    for start in range(0, len(rows), _ROWS):
        cells: list[list[str | None]] = [[] for _ in labels]
        faults: list[tuple[int, int, Fault]] = []
        part = rows[start : start + _ROWS]
        lines = None if found.lines is None else np.asarray(found.lines[start : start + _ROWS])
        for place, row in enumerate(part):
            number, line = start + place + 1, None if lines is None else int(lines[place])
            values = [row.get(label) for label in labels] if isinstance(row, dict) else row
            for column in range(len(labels)):
                if column >= len(values):
                    faults.append((place, number, Fault("missing-cell", column, line)))
                    cells[column].append(None)
                    continue
                value = values[column]
                text, wrong = (null, False) if value is None else json_text(value, kinds[column])
                if wrong and typed:
                    faults.append((place, number, Fault("type-error", column, line, text)))
                cells[column].append(None if wrong and typed else text)
            if len(values) > len(labels):
                extra = ", ".join(json.dumps(value) for value in values[len(labels) :])
                faults.append((place, number, Fault("extra-cell", None, line, extra[:200])))
        numbers = np.arange(start + 1, start + 1 + len(part))
        frame = pl.DataFrame({str(column): pl.Series(values, dtype=pl.String) for column, values in enumerate(cells)})
        yield Block(frame, work(frame), numbers, lines, tuple(faults))
