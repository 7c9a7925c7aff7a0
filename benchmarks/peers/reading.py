"""What the scripts for the peers share: the descriptor, typed frames of its tables, and the bounds of a field."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

__all__ = ["URI", "Table", "allowed", "bounds", "read_strings", "read_typed", "tables"]

# None of the peers knows formats of strings; a pattern comes near to what a URI is.
URI = r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$"
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Table:
    """One resource of a descriptor."""

    name: str
    path: Path
    schema: dict[str, Any]

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The fields of its schema."""
        return list(self.schema["fields"])


def tables(descriptor: str) -> list[Table]:
    """Return the resources of a descriptor, which has its schemas inline."""
    path = Path(descriptor)
    content = json.loads(path.read_text(encoding="utf-8"))
    return [Table(entry["name"], path.parent / entry["path"], entry["schema"]) for entry in content["resources"]]


def read_strings(table: Table) -> pl.DataFrame:
    """Return a table as it is in its file, every column a string, missing values null."""
    return pl.read_csv(table.path, infer_schema=False, null_values=table.schema["missingValues"])


def _typed(field: dict[str, Any]) -> pl.Expr:
    cell = pl.col(field["name"])
    if "missingValues" in field:
        cell = cell.replace(field["missingValues"], None)
    match field["type"]:
        case "integer" | "year":
            return cell.cast(pl.Int64, strict=False)
        case "number":
            return cell.cast(pl.Float64, strict=False)
        case "boolean":
            good = dict.fromkeys(field.get("trueValues", ["true", "True", "TRUE", "1"]), True)
            bad = dict.fromkeys(field.get("falseValues", ["false", "False", "FALSE", "0"]), False)
            return cell.replace_strict(good | bad, default=None, return_dtype=pl.Boolean)
        case "date":
            return cell.str.to_date("%Y-%m-%d", strict=False)
        case "datetime":
            return cell.str.to_datetime(MOMENT, strict=False)
        case "list":
            item = pl.Int64 if field.get("itemType") == "integer" else pl.String
            return cell.str.split(field.get("delimiter", ",")).cast(pl.List(item), strict=False)
        case _:
            return cell


def read_typed(table: Table) -> pl.DataFrame:
    """Return a table with the types of its schema, as Polars casts them.

    Raises
    ------
    SystemExit
        Some cells have no value of their type.
    """
    strings = read_strings(table)
    typed = strings.select(_typed(field) for field in table.fields)
    missing = {field["name"]: field["missingValues"] for field in table.fields if "missingValues" in field}
    for name in typed.columns:
        absent = int(strings[name].is_in(missing[name]).sum()) if name in missing else 0
        lost = typed[name].null_count() - strings[name].null_count() - absent
        if lost:
            raise SystemExit(f"{table.name}.{name}: {lost} cells have no value of the type")
    return typed


def _value(field: dict[str, Any], bound: Any) -> Any:
    if field["type"] == "date":
        return datetime.date.fromisoformat(bound)
    if field["type"] == "datetime":
        return datetime.datetime.strptime(bound, MOMENT)  # noqa: DTZ007 - the frame's column has no zone either
    return bound


def bounds(field: dict[str, Any]) -> dict[str, Any]:
    """Return the bounds of a field, as values of its type: minimum, maximum, exclusiveMinimum, exclusiveMaximum."""
    constraints = field.get("constraints", {})
    names = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    return {name: _value(field, constraints[name]) for name in names if name in constraints}


def allowed(field: dict[str, Any]) -> list[str] | None:
    """Return the values of a closed list, by `enum` or by `categories`; None where the list is open."""
    values: list[str] | None = field.get("constraints", {}).get("enum", field.get("categories"))
    return values
