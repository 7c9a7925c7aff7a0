"""Check a package with pandera's schemas for Polars: types, constraints and keys of each table."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import polars as pl

from benchmarks.peers.reading import URI, allowed, bounds, read_typed, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.peers.reading import Table

pandera: Any = import_module("pandera.polars")
TYPES: dict[str, Any] = {
    "integer": pl.Int64, "year": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date,
    "datetime": pl.Datetime("us"), "string": pl.String,
}  # fmt: skip
BOUNDS = {"minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt"}


def column(field: dict[str, Any]) -> Any:
    """Return the column of a field."""
    constraints = field.get("constraints", {})
    checks = [getattr(pandera.Check, BOUNDS[bound])(value) for bound, value in bounds(field).items()]
    if (values := allowed(field)) is not None:
        checks.append(pandera.Check.isin(values))
    patterns = (constraints.get("pattern"), URI if field.get("format") == "uri" else None)
    checks.extend(pandera.Check.str_matches(pattern) for pattern in patterns if pattern is not None)
    lengths = constraints.get("minLength"), constraints.get("maxLength")
    if lengths != (None, None):
        checks.append(_listed(*lengths) if field["type"] == "list" else pandera.Check.str_length(*lengths))
    if field["type"] == "list":
        kind: Any = pl.List(pl.Int64 if field.get("itemType") == "integer" else pl.String)
    else:
        kind = TYPES[field["type"]]
    if constraints.get("unique"):
        checks.append(_distinct([field["name"]]))
    return pandera.Column(kind, checks, nullable=not constraints.get("required", False))


def _selected(condition: Callable[[Any], pl.Expr]) -> Any:
    """Return a check that pandera has none of its own for."""

    def holds(data: Any) -> pl.LazyFrame:
        found: pl.LazyFrame = data.lazyframe.select(condition(data))
        return found

    return pandera.Check(holds)


def _listed(shortest: int | None, longest: int | None) -> Any:
    return _selected(lambda data: pl.col(data.key).list.len().is_between(shortest or 0, longest or 2**32 - 1))


def _distinct(key: list[str]) -> Any:
    """Return a check that counts no null as equal to another, as `unique` does."""
    return _selected(lambda _: pl.any_horizontal(pl.col(key).is_null()) | pl.struct(key).is_unique())


def schema(table: Table) -> Any:
    """Return the schema of a table."""
    return pandera.DataFrameSchema(
        {field["name"]: column(field) for field in table.fields},
        [_distinct(key) for key in table.schema.get("uniqueKeys", [])],
        unique=table.schema["primaryKey"],
        strict=True,
    )


def main() -> None:
    """Check the package whose descriptor is the argument; an exception ends it where a cell fails."""
    for table in tables(sys.argv[1]):
        schema(table).validate(read_typed(table), lazy=True)


if __name__ == "__main__":
    main()
