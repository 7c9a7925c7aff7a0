"""Check a package with pointblank, as far as its steps go: types, constraints and keys of each table."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import polars as pl

from benchmarks.peers.reading import URI, allowed, bounds, read_typed, tables

if TYPE_CHECKING:
    from benchmarks.peers.reading import Table

pointblank: Any = import_module("pointblank")


def steps(table: Table, data: pl.DataFrame) -> Any:
    """Return the plan of a table's validation; pure but for the frame that it is for."""
    plan: Any = pointblank.Validate(data)
    for field in table.fields:
        name, constraints = field["name"], field.get("constraints", {})
        if constraints.get("required"):
            plan = plan.col_vals_not_null(name)
        if (values := allowed(field)) is not None:
            plan = plan.col_vals_in_set(name, values if constraints.get("required") else [*values, None])
        for pattern in (constraints.get("pattern"), URI if field.get("format") == "uri" else None):
            if pattern is not None:
                plan = plan.col_vals_regex(name, pattern, na_pass=True)
        for bound, value in bounds(field).items():
            method = {"minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt"}[bound]
            plan = getattr(plan, f"col_vals_{method}")(name, value, na_pass=True)
        length = pl.col(name).list.len() if field["type"] == "list" else pl.col(name).str.len_chars()
        # It has no step for lengths.
        if "minLength" in constraints:
            plan = plan.col_vals_expr((length >= constraints["minLength"]).fill_null(True))
        if "maxLength" in constraints:
            plan = plan.col_vals_expr((length <= constraints["maxLength"]).fill_null(True))
        if constraints.get("unique"):
            plan = plan.rows_distinct([name], pre=lambda frame, name=name: frame.drop_nulls(name))
    for key in (table.schema["primaryKey"], *table.schema.get("uniqueKeys", [])):
        plan = plan.rows_distinct(key)
    return plan


def main() -> None:
    """Check the package whose descriptor is the argument; exit 1 where a step fails."""
    valid = [steps(table, read_typed(table)).interrogate().all_passed() for table in tables(sys.argv[1])]
    sys.exit(not all(valid))


if __name__ == "__main__":
    main()
