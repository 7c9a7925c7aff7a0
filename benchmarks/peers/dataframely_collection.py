"""Check a package with dataframely: a collection of one schema a table, with types, constraints and keys."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl

from benchmarks.peers.reading import URI, allowed, bounds, read_typed, tables

if TYPE_CHECKING:
    from benchmarks.peers.reading import Table

dataframely: Any = import_module("dataframely")
TYPES = {
    "integer": "Int64", "year": "Int64", "number": "Float64", "boolean": "Bool", "date": "Date", "datetime": "Datetime",
}  # fmt: skip
BOUNDS = {
    "minimum": "min", "maximum": "max", "exclusiveMinimum": "min_exclusive", "exclusiveMaximum": "max_exclusive",
}  # fmt: skip


def column(field: dict[str, Any], primary_key: list[str]) -> Any:
    """Return the column of a field."""
    constraints = field.get("constraints", {})
    common: dict[str, Any] = {
        "nullable": not constraints.get("required", False),
        "primary_key": field["name"] in primary_key,
    }
    # `unique` counts nulls as equal to each other: it is for required fields, the others get a rule.
    common["unique"] = bool(constraints.get("unique")) and not common["nullable"]
    lengths = {"min_length": constraints.get("minLength"), "max_length": constraints.get("maxLength")}
    if (values := allowed(field)) is not None:
        return dataframely.Enum(values, **common)
    if field["type"] == "list":
        inner = dataframely.Int64() if field.get("itemType") == "integer" else dataframely.String()
        return dataframely.List(inner, **common, **lengths)
    if field["type"] in TYPES:
        limits = {BOUNDS[bound]: value for bound, value in bounds(field).items()}
        return getattr(dataframely, TYPES[field["type"]])(**common, **limits)
    pattern = URI if field.get("format") == "uri" else constraints.get("pattern")
    return dataframely.String(**common, **lengths, regex=pattern)


def schema(table: Table) -> Any:
    """Return the schema of a table."""
    members: dict[str, Any] = {field["name"]: column(field, table.schema["primaryKey"]) for field in table.fields}
    for field in table.fields:
        constraints = field.get("constraints", {})
        if constraints.get("unique") and not constraints.get("required"):
            members[f"unique_{field['name']}"] = _distinct([field["name"]])
    for key in table.schema.get("uniqueKeys", []):
        members["unique_" + "_".join(key)] = _distinct(key)
    return type(table.name.title(), (dataframely.Schema,), members)


def _distinct(key: list[str]) -> Any:
    def rule(_: Any) -> pl.Expr:
        return pl.any_horizontal(pl.col(key).is_null()) | pl.struct(key).is_unique()

    return dataframely.rule()(rule)


def collection(listed: list[Table]) -> Any:
    """Return the collection of all tables."""
    # Tables without a common key can be members only if no filter of the collection looks at them.
    member = dataframely.CollectionMember(ignored_in_filters=True)
    frame = dataframely.LazyFrame
    annotations: dict[str, Any] = {table.name: Annotated[frame[schema(table)], member] for table in listed}
    return type("Package", (dataframely.Collection,), {"__annotations__": annotations})


def main() -> None:
    """Check the package whose descriptor is the argument; exit 1 where a row fails."""
    listed = tables(sys.argv[1])
    data = {table.name: read_typed(table) for table in listed}
    _, failures = collection(listed).filter(data, cast=True)
    sys.exit(any(len(failure) for failure in failures.values()))


if __name__ == "__main__":
    main()
