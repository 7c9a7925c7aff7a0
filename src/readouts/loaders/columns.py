"""What the libraries' readers share: the columns of a table as its schema tells them, and its checked bytes."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError

if TYPE_CHECKING:
    from readouts.datapackage.package.package import Package

__all__ = ["PATTERNS", "Column", "columns_of", "misfit", "table_bytes"]

KINDS = frozenset({"string", "integer", "number", "boolean", "date", "list"})
"""Types with a counterpart in every library. A field of any other type of Table Schema is read as its text."""

PATTERNS = {
    "integer": r"[+-]?[0-9]+",
    "number": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|NaN|-?INF",
    "boolean": r"true|false",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
}
"""How a value is written. Libraries take more than that, each something else, and so would tell different tales."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    kind
        Type of the field, `string` for what has no counterpart; `closed` for a text with a closed list of values.
    required
        Whether it has a value in every row.
    values
        The closed list, in the schema's order.
    delimiter
        What stands between the items of a list.
    """

    name: str
    kind: str
    required: bool = False
    values: tuple[str, ...] = ()
    delimiter: str = ","


def columns_of(package: Package, table: str) -> tuple[Column, ...]:
    """Return the columns of a table in the schema's order.

    Raises
    ------
    PackageError
        There is no such table, or it has no schema.
    """
    schema = package.resource(table).get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(fields, list) or not all(isinstance(field, dict) and "name" in field for field in fields):
        message = (
            f"The table '{table}' of {package.root} has no schema: expected one, with its fields, in the descriptor."
        )
        raise PackageError(message)
    return tuple(map(_column, fields))


def _column(field: dict[str, Any]) -> Column:
    limits = field.get("constraints", {})
    kind = field.get("type", "string")
    values = tuple(limits.get("enum", ())) if kind == "string" else ()
    if kind == "list" and field.get("itemType", "string") != "string":
        kind = "string"
    return Column(
        name=field["name"],
        kind="closed" if values else kind if kind in KINDS else "string",
        required=bool(limits.get("required", False)),
        values=values,
        delimiter=field.get("delimiter", ","),
    )


def table_bytes(package: Package, table: str) -> bytes:
    """Return the bytes of a table's file, whose columns are those of its schema.

    Raises
    ------
    PackageError
        The file is not the one that the descriptor was written for, not UTF-8, or has other columns.
    """
    data = package.read_bytes(table)
    try:
        header = next(csv.reader(io.StringIO(data.partition(b"\n")[0].decode())), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise misfit(package, table, str(error)) from error
    expected = [column.name for column in columns_of(package, table)]
    if header != expected:
        raise misfit(package, table, f"expected the columns {', '.join(expected)}, found {', '.join(header)}")
    return data


def misfit(package: Package, table: str, reason: str) -> PackageError:
    """Return the error for a table that isn't what its schema says."""
    message = (
        f"The table '{table}' of {package.root} is not what its schema says: {reason.strip().rstrip('.')}. "
        f"`readouts validate {package.root}` shows every place."
    )
    return PackageError(message)
