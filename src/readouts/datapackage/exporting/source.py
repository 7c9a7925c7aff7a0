"""The tables of any package as rows of typed values."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.errors import ExportError
from readouts.datapackage.table.records import TableRows
from readouts.datapackage.table.values import TooWideError, item_kind_of, kind_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.schema.model import Field
    from readouts.datapackage.table.resource import Resource

__all__ = ["Dataset", "Survey", "TableSource", "dataset_of"]

_STRUCTURED = frozenset(["array", "object", "geojson"])


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over a table tells."""

    rows: int  # below the header
    widths: tuple[int, ...]  # the most characters of a cell, by column
    wide: frozenset[str]  # with a value that 64 bits don't hold: exported as text


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
class TableSource(TableRows):
    """One table of a package; it is read again each time that its rows are asked for."""

    units: Mapping[tuple[str, str], str] = dataclasses.field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name."""
        return self.resource.name

    @property
    def text(self) -> dict[str, str]:
        """Its title and description: those of its schema, else those of the resource, else empty texts."""
        own = {"title": self.schema.title, "description": self.schema.description}
        return {name: value or str(self.resource.descriptor.get(name, "")) for name, value in own.items()}

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
                value = self.value(field, cell, count)
                try:
                    list(map(plain, value if isinstance(value, list) else [value]))
                except TooWideError:
                    wide.add(field.name)
        return Survey(count, tuple(widths), frozenset(wide))

    def kind(self, field: Field) -> str:
        """Return what a column's values are in a format: one of the types that all formats know.

        Returns
        -------
        str
            `text`, `integer`, `number`, `boolean`, `date`, `datetime` or `list`; `text` for what has no counterpart.
        """
        return "text" if field.name in self.survey.wide else kind_of(field)

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

    def _value(self, field: Field, kind: str, cell: str, number: int, *, structured: bool) -> Any:
        if kind == "text":
            return self.value(field, cell, number) if structured and field.type in _STRUCTURED else cell
        value = self.value(field, cell, number)
        if kind == "list":
            # Times and further items without a counterpart stay the texts that they are in the cell.
            return cell.split(field.delimiter) if item_kind_of(field) == "text" else list(map(plain, value))
        return plain(value)


@dataclass(frozen=True)
class Dataset:
    """A package as the formats see it.

    Attributes
    ----------
    tables
        Its tables by name, in the descriptor's order.
    left_out
        The resources that are not tables, each with the reason.
    conventions
        Those of its kind of package.
    """

    package: DataPackage
    tables: dict[str, TableSource]
    left_out: dict[str, str]
    conventions: Conventions


def dataset_of(package: DataPackage, conventions: Conventions | None = None) -> Dataset:
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
    tables = {}
    for name, resource in package.resources.items():
        if resource.table is not None:
            rows = _nameable(resource.rows())
            tables[name] = TableSource(resource, rows.schema, rows.where, known.units)
    left_out = {name: _other(resource) for name, resource in package.resources.items() if name not in tables}
    if not tables:
        reasons = "; ".join(f"'{name}' is left out: {reason}" for name, reason in left_out.items())
        message = f"{package.root} has no table to export: expected a resource in CSV, TSV or JSON. {reasons}".strip()
        raise ExportError(message)
    return Dataset(package, tables, left_out, known)


def _other(resource: Resource) -> str:
    """Return why a resource is not among the tables."""
    if resource.problems:
        return resource.problems[0].message.rstrip(".")
    return f"it is '{resource.form}', not a table" if resource.paths else "its data is not a table inside the package"


def _nameable(rows: TableRows) -> TableRows:
    for text in (rows.resource.name, *rows.schema.field_names):
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            message = f"The name {text!r} in {rows.resource.root} can't be written in any format: expected plain text."
            raise ExportError(message)
    return rows
