"""Tables as rows of Python values, without any library."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from readouts.loaders.columns import PATTERNS, columns_of, misfit, table_bytes

if TYPE_CHECKING:
    from readouts.datapackage.package.package import Package
    from readouts.loaders.columns import Column

__all__ = ["typed_rows"]


def typed_rows(package: Package, table: str) -> list[dict[str, Any]]:
    """Return a table as rows of Python values, in the order of its file.

    Raises
    ------
    PackageError
        The file is not the one that the descriptor was written for, or not what its schema says.
    """
    table_bytes(package, table)
    columns = columns_of(package, table)
    rows = []
    for number, row in enumerate(package.rows(table), 1):
        try:
            rows.append({column.name: _value(row[column.name], column) for column in columns})
        except ValueError as error:
            raise misfit(package, table, f"row {number}, {error}") from error
    return rows


def _value(cell: str | None, column: Column) -> Any:
    if cell is None:
        return [] if column.kind == "list" else None
    if column.kind == "closed":
        good = cell in column.values
    else:
        good = re.fullmatch(PATTERNS.get(column.kind, ".*"), cell, re.DOTALL) is not None
    if not good:
        message = f"{column.name}: '{cell}' is none of its values"
        raise ValueError(message)
    match column.kind:
        case "integer":
            return int(cell)
        case "number":
            return float(cell)
        case "boolean":
            return cell == "true"
        case "date":
            return date.fromisoformat(cell)
        case "list":
            return cell.split(column.delimiter)
    return cell
