"""How two descriptors differ: package, resources, schemas; each change is named by what it does to readers."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any

from readouts.datapackage.difference.result import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.datapackage.schema.model import Field, Table

__all__ = ["package_changes", "resource_changes", "schema_changes"]

_DERIVED = frozenset(["bytes", "hash", "rowCount"])
"""Properties that only repeat what the file is."""
_NOT_COMPARED = frozenset(["version", "created", "resources", "$schema", "profile"])
"""Properties of a package that every release changes, or that are compared on their own."""
_FORM = (
    "encoding",
    "dialect",
    "format",
    "compression",
    "innerpath",
    "type",
)
_READING = {
    "decimalChar": "decimal_char",
    "groupChar": "group_char",
    "bareNumber": "bare_number",
    "trueValues": "true_values",
    "falseValues": "false_values",
    "delimiter": "delimiter",
    "itemType": "item_type",
}
"""Properties of a field that say how its cells are read, besides type, format and missing values."""
_SETS = frozenset(["trueValues", "falseValues"])
"""Those of them whose order says nothing."""


def _same(old: Any, new: Any) -> bool:
    """Return whether two JSON values are the same; 1 and true are not, nor are 1 and 1.0."""
    return json.dumps(old) == json.dumps(new)


def package_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield how two descriptors differ, but for their resources.

    Examples
    --------
    >>> [change.rule for change in package_changes({"name": "lakes", "title": "Lakes"}, {"name": "lakes"})]
    ['metadata-changed']
    """
    for name in dict.fromkeys([*old, *new]):
        if name in _NOT_COMPARED or _same(old.get(name), new.get(name)):
            continue
        rule = {"name": "package-renamed", "licenses": "licence-changed"}.get(name, "metadata-changed")
        yield Change(rule, what=name, old=old.get(name), new=new.get(name))


def resource_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield how two resources of one name differ, but for their schemas."""
    table = str(new["name"])
    for name in dict.fromkeys([*old, *new]):
        if name in _DERIVED or name in {"schema", "data"} or _same(_spelt_out(old, name), _spelt_out(new, name)):
            continue
        if name in {"path", "extrapaths"}:
            rule = "resource-moved"
        elif name == "licenses":
            rule = "licence-changed"
        elif name in _FORM:
            rule = "resource-form"
        elif name in {"$schema", "profile"}:
            continue
        else:
            rule = "metadata-changed"
        yield Change(rule, table, what=name, old=old.get(name), new=new.get(name))


def _spelt_out(resource: Mapping[str, Any], name: str) -> Any:
    """Return a property of a resource as it counts: what the standard takes for granted says nothing new."""
    value = resource.get(name)
    if name in {"path", "extrapaths"}:
        return value[0] if isinstance(value, list) and len(value) == 1 else value
    if name == "encoding":
        return _encoding(str(value or "utf-8"))
    if name == "dialect" and (value is None or isinstance(value, dict)):
        given = {key: entry for key, entry in (value or {}).items() if not _same(entry, _DIALECT.get(key))}
        return given or None
    if name == "format" and value is None:
        path = _spelt_out(resource, "path")
        return path.rpartition(".")[2].lower() if isinstance(path, str) and "." in path else None
    if name == "type" and "schema" in resource:
        return value or "table"
    return value


def _encoding(name: str) -> str:
    """Return the one name of an encoding that has several."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name


_DIALECT = {
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "header": True,
    "headerRows": [1],
    "headerJoin": " ",
    "skipInitialSpace": False,
    "lineTerminator": "\r\n",
}
"""The default dialect."""


def schema_changes(old: Table, new: Table) -> Iterator[Change]:
    """Yield how two schemas of one table differ.

    Examples
    --------
    >>> from readouts.datapackage.schema.descriptor import read_schema
    >>> old, _ = read_schema("lakes", {"fields": [{"name": "depth", "type": "integer"}]})
    >>> new, _ = read_schema("lakes", {"fields": [{"name": "depth", "type": "number"}, {"name": "name"}]})
    >>> [(change.rule, change.field) for change in schema_changes(old, new)]
    [('field-added', 'name'), ('type-changed', 'depth')]
    """
    yield from _columns(old, new)
    for name in new.field_names:
        if name in old.field_names:
            yield from _field_changes(old, new, old.field(name), new.field(name))
    yield from _keys(old, new)
    for what in ("title", "description"):
        before, after = getattr(old, what), getattr(new, what)
        if before != after:
            yield Change("description-changed", new.name, what=what, old=before, new=after)
    if old.fields_match != new.fields_match:
        step = _LENIENCE[new.fields_match] - _LENIENCE[old.fields_match]
        rule = _direction(None if step == 0 else step < 0)
        yield Change(rule, new.name, what="fieldsMatch", old=old.fields_match, new=new.fields_match)


_LENIENCE = {"exact": 0, "equal": 1, "subset": 2, "superset": 2, "partial": 3}
"""The modes of `fieldsMatch`, by how much they let through."""


def _direction(tighter: bool | None) -> str:
    return {True: "constraint-tightened", False: "constraint-loosened", None: "constraint-changed"}[tighter]


def _columns(old: Table, new: Table) -> Iterator[Change]:
    for name in old.field_names:
        if name not in new.field_names:
            yield Change("field-removed", new.name, name, "fields", old=name)
    kept = [name for name in new.field_names if name in old.field_names]
    last = max((new.field_names.index(name) for name in kept), default=-1)
    for place, name in enumerate(new.field_names):
        if name not in old.field_names:
            yield Change("field-added" if place > last else "field-inserted", new.name, name, "fields", new=name)
    before = [name for name in old.field_names if name in new.field_names]
    if before != kept:
        yield Change("field-reordered", new.name, what="fields", old=before, new=kept)


def _field_changes(old_table: Table, new_table: Table, old: Field, new: Field) -> Iterator[Change]:
    table, name = new_table.name, new.name
    written_old, written_new = _written(old_table, name), _written(new_table, name)

    def change(rule: str, what: str, before: Any, after: Any) -> Change:
        return Change(rule, table, name, what, before, after)

    for what, before, after in (("type", old.type, new.type), ("format", old.format, new.format)):
        if before != after:
            yield change("type-changed", what, before, after)
    for what, attribute in _READING.items():
        before, after = getattr(old, attribute), getattr(new, attribute)
        if before != after and (what not in _SETS or set(before) != set(after)):
            yield change("type-changed", what, before, after)
    missing_old, missing_new = old_table.missing(name), new_table.missing(name)
    if set(missing_old) != set(missing_new):
        yield change("missing-changed", "missingValues", list(missing_old), list(missing_new))
    # A key of one column is unique whether or not that is repeated.
    sole_key = old_table.primary_key == new_table.primary_key == (name,)
    yield from _constraint_changes(table, old, new, sole_key=sole_key)
    for what in ("title", "description", "example", "categories", "rdfType"):
        if what == "categories" and _values(old) != _values(new):
            continue
        if not _same(written_old.get(what), written_new.get(what)):
            yield change("description-changed", what, written_old.get(what), written_new.get(what))
    told = {"name", "type", "format", "missingValues", "constraints", "categories", "title", "description", "example"}
    for what in sorted((written_old.keys() | written_new.keys()) - told - {*_READING, "rdfType"}):
        if not _same(written_old.get(what), written_new.get(what)):
            yield change("description-changed", what, written_old.get(what), written_new.get(what))


def _written(table: Table, name: str) -> Mapping[str, Any]:
    """Return a field as the schema writes it."""
    return next(
        (
            field
            for field in table.descriptor.get("fields", ())
            if isinstance(field, dict) and field.get("name") == name
        ),
        {},
    )


def _values(field: Field) -> list[str] | None:
    return None if field.constraints.enum is None else [_text(value) for value in field.constraints.enum]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _constraint_changes(table: str, old: Field, new: Field, *, sole_key: bool) -> Iterator[Change]:
    was, now = old.constraints, new.constraints

    def change(rule: str, what: str, before: Any, after: Any) -> Change:
        return Change(rule, table, new.name, what, before, after)

    if was.required != now.required:
        yield change(_direction(now.required), "required", was.required, now.required)
    if was.unique != now.unique and not sole_key:
        yield change(_direction(now.unique), "unique", was.unique, now.unique)
    for what, (attribute, lower) in _BOUNDS.items():
        before, after = getattr(was, attribute), getattr(now, attribute)
        if not _same(before, after):
            yield change(_bound_rule(old, new, attribute, lower=lower), what, before, after)
    for what, attribute in (("pattern", "pattern"), ("jsonSchema", "json_schema")):
        before, after = getattr(was, attribute), getattr(now, attribute)
        if not _same(before, after):
            tighter = True if before is None else False if after is None else None
            yield change(_direction(tighter), what, before, after)
    yield from _enum_changes(table, old, new)


_BOUNDS: Mapping[str, tuple[str, bool]] = {
    "minimum": ("minimum", True),
    "exclusiveMinimum": ("exclusive_minimum", True),
    "minLength": ("min_length", True),
    "maximum": ("maximum", False),
    "exclusiveMaximum": ("exclusive_maximum", False),
    "maxLength": ("max_length", False),
}
"""The bounds by their names: where they are kept, and whether they are lower ones."""


def _bound_rule(old: Field, new: Field, attribute: str, *, lower: bool) -> str:
    """Name the change of a bound."""
    before, after = getattr(old.constraints, attribute), getattr(new.constraints, attribute)
    if before is None or after is None:
        return _direction(after is not None)
    try:
        if "length" not in attribute:
            before, after = old.value(before), new.value(after)
        if before == after:
            return "description-changed"
        return _direction((after > before) == lower)
    except (TypeError, ValueError):
        return _direction(None)


def _enum_changes(table: str, old: Field, new: Field) -> Iterator[Change]:
    before, after = _values(old), _values(new)
    if before is None or after is None:
        if before != after:
            rule = "constraint-tightened" if before is None else "constraint-loosened"
            yield Change(rule, table, new.name, "enum", before, after)
        return
    for value in before:
        if value not in after:
            yield Change("enum-value-removed", table, new.name, "enum", old=value)
    for value in after:
        if value not in before:
            yield Change("enum-value-added", table, new.name, "enum", new=value)
    kept = [value for value in before if value in after]
    if kept != [value for value in after if value in before]:
        yield Change("description-changed", table, new.name, "enum", before, after)


def _keys(old: Table, new: Table) -> Iterator[Change]:
    if old.primary_key != new.primary_key:
        yield Change("key-changed", new.name, what="primaryKey", old=list(old.primary_key), new=list(new.primary_key))
    yield from _set_changes(
        new.name,
        "uniqueKeys",
        *([sorted(key) for key in table.unique_keys if set(key) != set(table.primary_key)] for table in (old, new)),
    )
    written = [
        [
            {"fields": list(key.fields), "reference": {"resource": key.table, "fields": list(key.target_fields)}}
            for key in table.foreign_keys
        ]
        for table in (old, new)
    ]
    yield from _set_changes(new.name, "foreignKeys", *written)


def _set_changes(table: str, what: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    kind = "unique-key" if what == "uniqueKeys" else "reference"
    for key in old:
        if key not in new:
            yield Change(f"{kind}-removed", table, what=what, old=key)
    for key in new:
        if key not in old:
            yield Change(f"{kind}-added", table, what=what, new=key)
