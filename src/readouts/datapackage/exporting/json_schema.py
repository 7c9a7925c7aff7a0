"""JSON Schema (2020-12) of the rows of each table, as JSON Lines has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.mapping import Facts, Mapped, as_written, examples, portable_pattern
from readouts.datapackage.exporting.metadata import json_bytes
from readouts.datapackage.exporting.naming import file_stems
from readouts.datapackage.table.values import item_kind_of, kind_of

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset, TableSource
    from readouts.datapackage.schema.model import Field

__all__ = ["FOLDER", "json_schemas", "write_json_schemas"]

FOLDER = "json-schema"
_TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "text": {"type": "string"},
}
_JSON = {"array": {"type": "array"}, "object": {"type": "object"}, "geojson": {"type": "object"}}
_FORMATS = {"email": "email", "uri": "uri", "uuid": "uuid"}
_LENGTHS = {"array": ("minItems", "maxItems"), "object": ("minProperties", "maxProperties")}
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def write_json_schemas(dataset: Dataset, folder: Path) -> list[Path]:
    """Write a JSON Schema for the rows of each table."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    made, written = json_schemas(dataset).document, []
    for name, stem in file_stems(dataset.tables).items():
        path = folder / FOLDER / f"{stem}.schema.json"
        path.write_bytes(json_bytes(made[name]))
        written.append(path)
    return written


def json_schemas(dataset: Dataset) -> Mapped:
    """Return a JSON Schema for the rows of each table, by its name: of one row, as JSON Lines has it.

    What concerns several rows, such as keys and references, is in `x-not-mapped`.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> made = json_schemas(dataset_of(open_package(sample_package())))
    >>> made.document["countries"]["properties"]["code"]["pattern"], made.lost[0]
    ('^[A-Z]{2}$', 'countries.name: unique')
    """
    mapped = Mapped()
    for name, table in dataset.tables.items():
        before = len(mapped.lost)
        schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        schema |= {key: value for key, value in table.text.items() if value}
        schema |= {
            "type": "object",
            "properties": {column.name: _property(mapped, table, column) for column in table.fields},
            "required": list(table.schema.field_names),
            "additionalProperties": False,
        }
        with mapped.of_table(table):
            pass
        if lost := mapped.lost[before:]:
            schema["x-not-mapped"] = lost
        mapped.document[name] = schema
    return mapped


def _property(mapped: Mapped, table: TableSource, column: Field) -> dict[str, Any]:
    with mapped.of_field(table, column) as facts:
        described = {"title": column.title, "description": column.description}
        made: dict[str, Any] = {name: text for name, text in described.items() if text}
        if shown := examples(column):
            made["examples"] = shown
        made |= _type(mapped, column, facts) | _limits(column, facts)
        if not facts.take("required"):
            made["type"] = [made["type"], "null"]
            if "enum" in made:
                made["enum"].append(None)
            if "allOf" in made:
                made["anyOf"] = [{"type": "null"}, *made.pop("allOf")]
        return made


def _type(mapped: Mapped, column: Field, facts: Facts) -> dict[str, Any]:
    kind = kind_of(column)
    if kind == "list":
        # Items that other formats have no type for are texts.
        return {"type": "array", "items": _TYPES[item_kind_of(column)]}
    if column.type in _JSON:
        return dict(_JSON[column.type])
    made = dict(_TYPES[kind])
    if kind != "text":
        # How a date was written in its cell doesn't matter to a row in JSON.
        facts.take("format")
    elif column.type == "string" and column.format in _FORMATS:
        facts.take("format")
        made["format"] = _FORMATS[column.format]
    elif column.type == "duration":
        made["format"] = "duration"
    elif column.type not in {"string", "any"}:
        mapped.lose(facts.place, "type", column.type)
    return made


def _limits(column: Field, facts: Facts) -> dict[str, Any]:
    """Return the constraints that JSON Schema has for values of that type."""
    made: dict[str, Any] = {}
    kind = kind_of(column)
    of = "array" if kind == "list" or column.type == "array" else "object" if column.type in _JSON else "string"
    names = _LENGTHS.get(of, ("minLength", "maxLength"))
    made |= dict(zip(names, (facts.take(name).get(name) for name in ("minLength", "maxLength")), strict=True))
    if kind in {"integer", "number"}:
        made |= {name: as_written(column, value) for name, value in facts.take(*_BOUNDS).items()}
    if column.type == "string" and (pattern := portable_pattern(column.constraints.pattern or "")):
        made |= dict.fromkeys(facts.take("pattern"), pattern)
    made |= {name: [as_written(column, each) for each in values] for name, values in facts.take("enum").items()}
    if schemas := [*facts.take("jsonSchema").values()]:
        made["allOf"] = schemas
    return {name: value for name, value in made.items() if value is not None}
