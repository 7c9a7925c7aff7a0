"""The tables of any package as rows of typed values, read from CSV files as the descriptor says they are written."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.csv_records import misfit, no_table, records_of, resolved
from readouts.datapackage.exporting.errors import ExportError
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.schema.model import Field, Table
from readouts.datapackage.schema.types import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from readouts.datapackage.package.package import Package

__all__ = ["Dataset", "Survey", "TableSource", "dataset_of"]

_INTEGERS = range(-(2**63), 2**63)
_KINDS = {
    "integer": "integer",
    "year": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "list": "list",
}
_ITEMS = {"integer": "integer", "number": "number", "boolean": "boolean", "date": "date"}
_STRUCTURED = frozenset(["array", "object", "geojson"])


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over a table tells.

    Attributes
    ----------
    rows
        Number of rows below the header.
    widths
        The most characters of a cell, by column.
    wide
        Numeric columns with a value that 64 bits don't hold: they are exported as text.
    """

    rows: int
    widths: tuple[int, ...]
    wide: frozenset[str]


@dataclass(frozen=True, slots=True)
class Conventions:
    """What packages of one kind have in common that no descriptor says.

    Attributes
    ----------
    units
        Units of columns, by table and column.
    first
        The table that a reader should see first.
    language
        The table and column that have the language of the texts that the package is about.
    files
        What goes with the tables, where it is there: a sentence for each path.
    """

    units: Mapping[tuple[str, str], str] = dataclasses.field(default_factory=dict)
    first: str = ""
    language: tuple[str, str] = ("", "")
    files: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class TableSource:
    """One table of a package; it is read anew each time that its rows are asked for.

    Attributes
    ----------
    schema
        Its schema. A column of the file that has no field there is one of the type `any`.
    """

    package: Package
    name: str
    schema: Table
    resource: dict[str, Any]
    units: Mapping[tuple[str, str], str] = dataclasses.field(default_factory=dict)

    def unit(self, field: Field, written: Mapping[str, Any]) -> str:
        """Return the unit of a field: that of its descriptor, else that of its kind of package, else an empty text."""
        own = written.get("unit")
        return own if isinstance(own, str) and own else self.units.get((self.name, field.name), "")

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields, in the order of the schema."""
        return self.schema.fields

    @cached_property
    def survey(self) -> Survey:
        """What one pass over all rows tells; it reads every value, so that no table in disorder is written."""
        widths = [0] * len(self.fields)
        wide: set[str] = set()
        count = 0
        for cells in self.cells():
            count += 1
            for place, (field, cell) in enumerate(zip(self.fields, cells, strict=True)):
                if cell is None:
                    continue
                widths[place] = max(widths[place], len(cell))
                value = self._read(field, cell, count)
                if any(map(_too_wide, value if isinstance(value, list) else [value])):
                    wide.add(field.name)
        return Survey(count, tuple(widths), frozenset(wide))

    def kind(self, field: Field) -> str:
        """Return what a column's values are in a format: one of the types that all formats know.

        Returns
        -------
        str
            `text`, `integer`, `number`, `boolean`, `date`, `datetime` or `list`; `text` for what has no counterpart.
        """
        return "text" if field.name in self.survey.wide else _KINDS.get(field.type, "text")

    def item_kind(self, field: Field) -> str:
        """Return what the items of a list are: `text`, `integer`, `number`, `boolean` or `date`."""
        return _ITEMS.get(field.item_type or "", "text")

    def rows(self, *, structured: bool = False) -> Iterator[list[Any]]:
        """Yield the rows as values, in the order of the fields; None where a value is missing.

        Parameters
        ----------
        structured
            Whether what is JSON in a cell becomes lists and mappings; else it stays the text that it is.
        """
        kinds = [self.kind(field) for field in self.fields]
        for number, cells in enumerate(self.cells(), 1):
            yield [
                None if cell is None else self._value(field, kind, cell, number, structured=structured)
                for field, kind, cell in zip(self.fields, kinds, cells, strict=True)
            ]

    def records(self) -> list[dict[str, str | None]]:
        """Return the rows as texts by the names of the fields."""
        return [dict(zip(self.schema.field_names, cells, strict=True)) for cells in self.cells()]

    def cells(self) -> Iterator[list[str | None]]:
        """Yield the rows as texts, in the order of the fields; None where a value is missing.

        Raises
        ------
        PackageError
            The file is not the one that the descriptor was written for, or can't be cut into rows.
        """
        records = records_of(self.package, self.name, self.resource)
        labels = next(records, [])
        places = [labels.index(field.name) if field.name in labels else None for field in self.fields]
        missing = [frozenset(self.schema.missing(field.name)) for field in self.fields]
        for number, record in enumerate(records, 1):
            if len(record) != len(labels):
                reason = f"row {number} has {len(record)} cells, not {len(labels)}"
                raise misfit(self.package, self.name, reason)
            cells = [None if place is None else record[place] for place in places]
            yield [None if cell in absent else cell for cell, absent in zip(cells, missing, strict=True)]

    def _read(self, field: Field, cell: str, number: int) -> Any:
        try:
            return field.read(cell)
        except Mismatch as mismatch:
            reason = f"row {number}, {field.name}: expected {mismatch}, found '{cell[:80]}'"
            raise misfit(self.package, self.name, reason) from None

    def _value(self, field: Field, kind: str, cell: str, number: int, *, structured: bool) -> Any:
        if kind == "text":
            return self._read(field, cell, number) if structured and field.type in _STRUCTURED else cell
        value = self._read(field, cell, number)
        if kind == "list":
            # Times and further items without a counterpart stay the texts that they are in the cell.
            plain = self.item_kind(field) == "text"
            return cell.split(field.delimiter) if plain else [_plain(item) for item in value]
        return _plain(value)


@dataclass(frozen=True)
class Dataset:
    """A package as the formats see it.

    Attributes
    ----------
    tables
        Its tables by name, in the descriptor's order.
    left_out
        The resources that are not tables in CSV, each with the reason.
    conventions
        Those of its kind of package.
    """

    package: Package
    tables: dict[str, TableSource]
    left_out: dict[str, str]
    conventions: Conventions


def dataset_of(package: Package, conventions: Conventions | None = None) -> Dataset:
    """Return the tables of a package.

    Raises
    ------
    ExportError
        It has none, or one is written in a way that can't be read here.
    PackageError
        A path leaves the package, or a file is not the one that the descriptor was written for.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> measurements = dataset_of(open_package(sample_package())).tables["measurements"]
    >>> next(measurements.rows())
    ['balaton', datetime.date(2031, 5, 1), 104.85, None]
    """
    known = conventions or Conventions()
    tables, left_out = {}, {}
    for name, resource in package.resources.items():
        reason = no_table(resource)
        if reason is None:
            written = resolved(package, name, resource)
            tables[name] = replace(_described(package, name, written), units=known.units)
        else:
            left_out[name] = reason
    if not tables:
        message = f"{package.root} has no table to export: expected a resource in CSV or TSV."
        raise ExportError(message)
    return Dataset(package, tables, left_out, known)


def _described(package: Package, name: str, resource: dict[str, Any]) -> TableSource:
    """Return a table with a field for each column of its file."""
    labels = next(records_of(package, name, resource), [])
    schema, _ = read_schema(name, resource.get("schema", {"fields": [{"name": label} for label in labels]}))
    known = schema.field_names
    if len({*known}) < len(known) or len({*labels}) < len(labels):
        raise misfit(package, name, "two columns have one name")
    absent, more = [n for n in known if n not in labels], [n for n in labels if n not in known]
    if absent and schema.fields_match not in {"superset", "partial"}:
        raise misfit(package, name, f"the file has no column '{absent[0]}'")
    if more and schema.fields_match not in {"subset", "partial"}:
        raise misfit(package, name, f"the schema has no field '{more[0]}'")
    whole = replace(schema, fields=(*schema.fields, *map(Field, more)))
    for text in (name, *whole.field_names):
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            message = f"The name {text!r} in {package.root} can't be written into any format: expected plain text."
            raise ExportError(message)
    return TableSource(package, name, whole, resource)


def _too_wide(value: Any) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return value not in _INTEGERS
    return isinstance(value, Decimal) and value.is_finite() and math.isinf(_float(value))


def _float(value: Decimal) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return _float(value)
    if isinstance(value, datetime):
        # One zone in a column: texts of it sort as they should. At the ends of the calendar there is no other.
        return value.astimezone(UTC) if 1 < value.year < 9999 else value
    if isinstance(value, bool | int | date):
        return value
    return str(value)
