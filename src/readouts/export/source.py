"""The tables of any package as rows of typed values, read from CSV files as the descriptor says they are written."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readouts.errors import PackageError
from readouts.export.problem import ExportError
from readouts.package.paths import inside
from readouts.schema.descriptor import read_schema
from readouts.schema.model import Field, Table
from readouts.schema.types import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.package.reading import Package

__all__ = ["Dataset", "Survey", "TableSource", "dataset_of"]

_DIALECT = {
    "delimiter": "delimiter",
    "quoteChar": "quotechar",
    "doubleQuote": "doublequote",
    "escapeChar": "escapechar",
    "skipInitialSpace": "skipinitialspace",
}
_READ_ELSEWHERE = frozenset(
    ["$schema", "name", "title", "description", "header", "headerRows", "commentChar", "lineTerminator"]
)
_HASHES = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_LONGEST_CELL = 2**31 - 1
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
        records = _records(self.package, self.name, self.resource)
        labels = next(records, [])
        places = [labels.index(field.name) if field.name in labels else None for field in self.fields]
        missing = [frozenset(self.schema.missing(field.name)) for field in self.fields]
        for number, record in enumerate(records, 1):
            if len(record) != len(labels):
                reason = f"row {number} has {len(record)} cells, not {len(labels)}"
                raise _misfit(self.package, self.name, reason)
            cells = [None if place is None else record[place] for place in places]
            yield [None if cell in absent else cell for cell, absent in zip(cells, missing, strict=True)]

    def _read(self, field: Field, cell: str, number: int) -> Any:
        try:
            return field.read(cell)
        except Mismatch as mismatch:
            reason = f"row {number}, {field.name}: expected {mismatch}, found '{cell[:80]}'"
            raise _misfit(self.package, self.name, reason) from None

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
        The resources that are no tables in CSV, each with the reason.
    """

    package: Package
    tables: dict[str, TableSource]
    left_out: dict[str, str]


def dataset_of(package: Package) -> Dataset:
    """Return the tables of a package.

    Raises
    ------
    ExportError
        It has none, or one is written in a way that can't be read here.
    PackageError
        A path leaves the package, or a file is not the one that the descriptor was written for.

    Examples
    --------
    >>> from readouts.package.reading import open_package
    >>> from readouts.resources import bundled_package
    >>> events = dataset_of(open_package(bundled_package())).tables["events"]
    >>> next(events.rows())[:4]
    ['call-2014-03-01', 'call', 'Earlier call between Obama and Putin, 1 March 2014', datetime.date(2014, 3, 1)]
    """
    tables, left_out = {}, {}
    for name, resource in package.resources.items():
        reason = _no_table(resource)
        if reason is None:
            written = _resolved(package, name, resource)
            tables[name] = _described(package, name, written)
        else:
            left_out[name] = reason
    if not tables:
        message = f"{package.root} has no table to export: expected a resource in CSV or TSV."
        raise ExportError(message)
    return Dataset(package, tables, left_out)


def _paths(resource: dict[str, Any]) -> list[str]:
    path = resource.get("path")
    parts = path if isinstance(path, list) else [path]
    return [part for part in parts if isinstance(part, str)]


def _form(resource: dict[str, Any]) -> str:
    paths = _paths(resource)
    return str(resource.get("format") or (paths[0].rpartition(".")[2] if paths else "")).lower()


def _no_table(resource: dict[str, Any]) -> str | None:
    if not _paths(resource):
        return "its data is no file"
    if any("://" in path for path in _paths(resource)):
        return "its data lies elsewhere"
    if _form(resource) not in {"csv", "tsv"}:
        return f"it is '{_form(resource)}', not CSV or TSV"
    packed = resource.get("compression") not in (None, "no") or _paths(resource)[0].lower().endswith((".gz", ".zip"))
    return "it is compressed: unpack it first" if packed else None


def _resolved(package: Package, name: str, resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource whose schema and dialect are objects, read from the package where it names files."""
    changed = dict(resource)
    for part in ("schema", "dialect"):
        written = resource.get(part)
        if isinstance(written, str):
            path = inside(package.root, written)
            try:
                changed[part] = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError, RecursionError) as error:
                message = f"The {part} of the table '{name}' can't be read from {path}: {error}."
                raise PackageError(message) from error
        if not isinstance(changed.get(part, {}), dict):
            message = f"The {part} of the table '{name}' of {package.root} is no object."
            raise PackageError(message)
    strange = {*changed.get("dialect", {})} - {*_DIALECT, *_READ_ELSEWHERE}
    if strange:
        message = (
            f"The dialect of the table '{name}' of {package.root} has {', '.join(sorted(strange))}, which exports "
            "don't read. `readouts canonicalise` writes the package in plain CSV."
        )
        raise ExportError(message)
    return changed


def _described(package: Package, name: str, resource: dict[str, Any]) -> TableSource:
    """Return a table with a field for each column of its file."""
    labels = next(_records(package, name, resource), [])
    schema, _ = read_schema(name, resource.get("schema", {"fields": [{"name": label} for label in labels]}))
    known = schema.field_names
    if len({*known}) < len(known) or len({*labels}) < len(labels):
        raise _misfit(package, name, "two columns have one name")
    absent, more = [n for n in known if n not in labels], [n for n in labels if n not in known]
    if absent and schema.fields_match not in {"superset", "partial"}:
        raise _misfit(package, name, f"the file has no column '{absent[0]}'")
    if more and schema.fields_match not in {"subset", "partial"}:
        raise _misfit(package, name, f"the schema has no field '{more[0]}'")
    whole = replace(schema, fields=(*schema.fields, *map(Field, more)))
    for text in (name, *whole.field_names):
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            message = f"The name {text!r} in {package.root} can't be written into any format: expected plain text."
            raise ExportError(message)
    return TableSource(package, name, whole, resource)


def _records(package: Package, name: str, resource: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the labels of a table's columns, then its rows."""
    dialect = resource.get("dialect", {})
    arguments: dict[str, Any] = {"delimiter": "\t"} if _form(resource) == "tsv" else {}
    arguments |= {_DIALECT[key]: value for key, value in dialect.items() if key in _DIALECT}
    comment = dialect.get("commentChar")
    # The usual limit of 128 KiB is too small for a shape in GeoJSON; raising it takes nothing from other readers.
    csv.field_size_limit(_LONGEST_CELL)
    try:
        text = _data(package, name, resource).decode(_encoding(resource))
        reader = csv.reader(io.StringIO(text, newline=""), strict=True, **arguments)
        records = (record for record in reader if record and not (comment and record[0].startswith(comment)))
        if dialect.get("header") is False or dialect.get("headerRows") in (False, []):
            yield _positional(resource)
        elif dialect.get("headerRows", [1]) != [1]:
            message = f"The table '{name}' of {package.root} has a header of several rows, which exports don't read."
            raise ExportError(message)
        yield from records
    except (csv.Error, UnicodeDecodeError, LookupError, TypeError) as error:
        raise _misfit(package, name, str(error)) from error


def _positional(resource: dict[str, Any]) -> list[str]:
    fields = resource.get("schema", {}).get("fields", ())
    return [str(field.get("name")) for field in fields if isinstance(field, dict)]


def _encoding(resource: dict[str, Any]) -> str:
    encoding = str(resource.get("encoding") or "utf-8")
    # A byte order mark before the first label is no part of it.
    return "utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding


def _data(package: Package, name: str, resource: dict[str, Any]) -> bytes:
    parts = []
    for path in _paths(resource):
        file = inside(package.root, path)
        try:
            parts.append(file.read_bytes())
        except OSError as error:
            message = f"{file} can't be read: {error.strerror}. The descriptor lists it as the table '{name}'."
            raise PackageError(message) from error
    data = b"".join(part if part.endswith(b"\n") or part is parts[-1] else part + b"\n" for part in parts)
    expected = str(resource.get("hash") or "")
    algorithm = expected.partition(":")[0] if ":" in expected else _HASHES.get(len(expected), "")
    if algorithm in _HASHES.values() and len(parts) == 1:
        found = hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()
        if found != expected.rpartition(":")[2].lower():
            message = (
                f"The file of the table '{name}' of {package.root} is not the one that its descriptor was written for: "
                f"expected {expected}, found {algorithm}:{found}. Restore it, or run `readouts rebuild`."
            )
            raise PackageError(message)
    return data


def _misfit(package: Package, name: str, reason: str) -> PackageError:
    return PackageError(
        f"The table '{name}' of {package.root} is not what its schema says: {reason.strip().rstrip('.')}. "
        f"`readouts validate {package.root}` shows every place."
    )


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
