"""What joins the columns of a table to the fields in its descriptor, while both are merged."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from readouts.datapackage.merging.version import Version
from readouts.datapackage.package.paths import paths_of
from readouts.datapackage.schema.descriptor import read_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.schema.model import Table

__all__ = ["TableSide", "field_conflicts", "listing", "resources_of"]

_ABOUT = frozenset(["title", "description", "example", "rdfType", "constraints", "categories", "categoriesOrdered"])
"""Properties of a field that don't say how its cells are read."""


def resources_of(descriptor: Any) -> list[dict[str, Any]]:
    """Return the resources of a descriptor that are objects."""
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    return [entry for entry in resources if isinstance(entry, dict)] if isinstance(resources, list) else []


def listing(descriptor: Any, file: str) -> list[dict[str, Any]]:
    """Return the resources of a descriptor that list a file."""
    return [resource for resource in resources_of(descriptor) if file in paths_of(resource)]


def _table(name: str, schema: Any) -> Table:
    """Return a schema, as far as it can be read."""
    return read_schema(name, {**(schema if isinstance(schema, dict) else {}), "fields": [*_fields(schema).values()]})[0]


def _fields(schema: Any) -> dict[str, dict[str, Any]]:
    """Return the fields of a schema by name, as they are written."""
    fields = schema.get("fields") if isinstance(schema, dict) else None
    named = (each for each in fields if isinstance(each, dict)) if isinstance(fields, list) else ()
    return {each["name"]: each for each in named if isinstance(each.get("name"), str)}


@dataclass(frozen=True)
class TableSide:
    """What one side says about a table: its schema, in whatever form it is written, its descriptor, and its rows."""

    who: str
    name: str
    schema: Any
    descriptor: Any
    rows: Version = field(default_factory=partial(Version, (), {}))

    @cached_property
    def fields(self) -> dict[str, dict[str, Any]]:
        """The fields by name, as they are written."""
        return _fields(self.schema)

    def reading(self) -> str:
        """Return which columns it has and how their cells are read, to be compared."""
        return json.dumps([{key: field[key] for key in sorted({*field} - _ABOUT)} for field in self.fields.values()])

    @cached_property
    def table(self) -> Table:
        """The schema, as far as it can be read."""
        return _table(self.name, self.schema)

    def keys_with(self, column: str) -> Iterator[tuple[str, str]]:
        """Yield the keys with a column in them, other tables' references included: resource and property of schema."""
        for resource in resources_of(self.descriptor):
            own = _table(str(resource.get("name")), resource.get("schema"))
            if own.name == self.name and any(column in key for key in own.unique_keys):
                yield own.name, "uniqueKeys"
            for key in own.foreign_keys:
                target = column in key.target_fields if key.table == self.name else False
                if target or (own.name == self.name and column in key.fields):
                    yield own.name, "foreignKeys"

    def accepts(self, column: str, cell: str) -> bool:
        """Return whether the field of a column takes a cell."""
        field = self.table.field(column)
        if cell in self.table.missing(column):
            return not field.constraints.required
        return field.problem(cell, pattern=False) is None


def field_conflicts(base: TableSide, ours: TableSide, theirs: TableSide) -> dict[str, str]:
    """Return the columns whose fields are in conflict, each with the message that says why."""
    names = {**ours.fields, **theirs.fields}
    found = ((name, _conflict(base, ours, theirs, name) or _conflict(base, theirs, ours, name)) for name in names)
    return {name: message[0].upper() + message[1:] for name, message in found if message is not None}


def _conflict(base: TableSide, changed: TableSide, other: TableSide, name: str) -> str | None:
    """Return why a change of a field doesn't go with the other side."""
    before, field, another = (side.fields.get(name) for side in (base, changed, other))
    if field in (before, another):
        return None
    if field is None:
        if another != before:
            return f"{changed.who} removed the column '{name}', and {other.who} changed its field."
        if {*other.keys_with(name)} - {*base.keys_with(name)}:
            return f"{changed.who} removed the column '{name}', and {other.who} made it part of a key."
        return None
    added = sorted(other.rows.rows.keys() - base.rows.rows.keys() - changed.rows.rows.keys())
    if another is None:
        if before is None and added and not changed.accepts(name, ""):
            return (
                f"{changed.who} added the column '{name}', which needs a value in each row, and {other.who} added rows "
                f"without one, the first: {', '.join(added[0])}."
            )
        return None
    if another != before and (differing := _differing(field, another)) and _differing(another, before or {}):
        shown = (json.dumps({key: each[key] for key in differing if key in each}) for each in (field, another))
        verb = "added" if before is None else "changed"
        return f"Both sides {verb} the field '{name}': {changed.who} has {next(shown)}, {other.who} has {next(shown)}."
    for key, row in sorted(other.rows.rows.items()) if name in other.rows.columns else ():
        old = base.rows.rows.get(key)
        # A cell that the other side left alone is as this side has it now, unless that deleted the row.
        written = old is None or key not in changed.rows.rows or row[name] != old.get(name, "")
        if row != old and written and other.accepts(name, row[name]) and not changed.accepts(name, row[name]):
            return (
                f"{changed.who} changed the field '{name}', which doesn't take the '{row[name]}' that {other.who} has "
                f"in {', '.join(key)}."
            )
    return None


def _differing(a: dict[str, Any], b: dict[str, Any]) -> list[str]:
    """Return the properties in which two fields say differently how cells are read."""
    return [key for key in {**a, **b} if key not in _ABOUT and a.get(key) != b.get(key)]
