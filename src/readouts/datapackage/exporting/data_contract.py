"""Open Data Contract Standard 3: tables, fields, keys and references of a package as a data contract.

https://bitol-io.github.io/open-data-contract-standard/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.mapping import Facts, Mapped, as_written, examples, header, portable_pattern
from readouts.datapackage.exporting.metadata import metadata_of
from readouts.datapackage.exporting.naming import file_stem
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.table.values import item_kind_of, kind_of

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset, TableSource
    from readouts.datapackage.schema.model import Field

__all__ = ["data_contract", "write_data_contract"]

_TYPES = {"datetime": "timestamp", "list": "array", "text": "string"}
_TEXTS = {"time": "time", "array": "array", "object": "object", "geojson": "object", "string": "string"}
_OPTIONS = {
    "string": ("minLength", "maxLength", "pattern", "format"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "date": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "timestamp": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "time": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "array": ("minLength", "maxLength"),
    "object": ("minLength", "maxLength"),
}
"""Constraints that a logical type has an option for."""
_RENAMED = {
    "array": {"minLength": "minItems", "maxLength": "maxItems"},
    "object": {"minLength": "minProperties", "maxLength": "maxProperties"},
}
_REFERENCE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def write_data_contract(dataset: Dataset, folder: Path) -> list[Path]:
    """Write the data contract of a package."""
    with requires_extra("The format odcs", "formats"):
        from open_data_contract_standard.model import OpenDataContractStandard
    mapped = data_contract(dataset)
    path = folder / f"{file_stem(metadata_of(dataset.package.descriptor).name)}.odcs.yaml"
    text = header(mapped.lost) + OpenDataContractStandard(**mapped.document).to_yaml()
    path.write_text(text, encoding="utf-8", newline="\n")
    return [path]


def data_contract(dataset: Dataset) -> Mapped:
    """Return the data contract of a package; what it can't express is its custom property `notMapped`.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> made = data_contract(dataset_of(open_package(sample_package())))
    >>> made.document["schema"][0]["properties"][0]["logicalTypeOptions"]
    {'pattern': '^[a-z]+(-[a-z]+)*$'}
    """
    mapped, about = Mapped(), metadata_of(dataset.package.descriptor)
    described = {"purpose": about.description, "limitations": _licence(dataset)}
    contract = {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": str(dataset.package.descriptor.get("id") or about.name),
        "name": about.title,
        "version": about.version or "0.0.0",
        "status": "active",
        "tags": list(about.keywords),
        "description": {name: text for name, text in described.items() if text},
        "schema": [_table(mapped, table) for table in dataset.tables.values()],
    }
    if mapped.lost:
        contract["customProperties"] = [{"property": "notMapped", "value": mapped.lost}]
    mapped.document = {name: value for name, value in contract.items() if value not in ({}, [])}
    return mapped


def _licence(dataset: Dataset) -> str:
    licences = metadata_of(dataset.package.descriptor).licences
    return ", ".join(f"{each.title or each.identifier} {each.url}".strip() for each in licences)


def _table(mapped: Mapped, table: TableSource) -> dict[str, Any]:
    columns = {column.name: _property(mapped, table, column) for column in table.fields}
    made: dict[str, Any] = {
        "name": table.name,
        "businessName": table.text["title"],
        "description": table.text["description"],
        "logicalType": "object",
        "physicalName": table.resource.files[0] if len(table.resource.files) == 1 else "",
        "relationships": [],
        "quality": [],
    }
    with mapped.of_table(table) as facts:
        for place, name in enumerate(facts.take("primaryKey").get("primaryKey", ()), 1):
            columns[name] |= {"primaryKey": True, "primaryKeyPosition": place}
        for key in facts.take("uniqueKeys").get("uniqueKeys", ()):
            quality = {"metric": "duplicateValues", "arguments": {"properties": key}, "mustBe": 0, "unit": "rows"}
            made["quality"].append({"type": "library", **quality})
        lost = []
        for key in facts.take("foreignKeys").get("foreignKeys", ()):
            sources = [f"{table.name}.{name}" for name in key.fields]
            targets = [f"{key.table}.{name}" for name in key.target_fields]
            if not all(_REFERENCE.fullmatch(part) for part in (table.name, key.table, *key.fields, *key.target_fields)):
                lost.append(key)
            elif len(sources) == 1:
                columns[key.fields[0]].setdefault("relationships", []).append({"type": "foreignKey", "to": targets[0]})
            else:
                made["relationships"].append({"type": "foreignKey", "from": sources, "to": targets})
        if lost:
            facts.facts["foreignKeys"] = lost
    return {name: value for name, value in made.items() if value not in ("", [])} | {"properties": [*columns.values()]}


def _property(mapped: Mapped, table: TableSource, column: Field) -> dict[str, Any]:
    kind = kind_of(column)
    logical = _TYPES.get(kind, kind) if kind != "text" else _TEXTS.get(column.type, "string")
    with mapped.of_field(table, column) as facts:
        made: dict[str, Any] = {
            "name": column.name,
            "businessName": column.title,
            "description": column.description,
            "logicalType": logical,
            "examples": examples(column),
            **facts.take("required", "unique"),
            "logicalTypeOptions": _options(column, logical, facts),
        }
        labels = {each.value: each.label for each in column.categories}
        enum = [(as_written(column, each), labels.get(str(each))) for each in facts.take("enum").get("enum", ())]
        if enum and not any(isinstance(value, list | dict) for value, _ in enum):
            made["enum"] = [{"value": value} | ({"label": label} if label else {}) for value, label in enum]
        elif enum:
            facts.facts["enum"] = [value for value, _ in enum]
        if kind == "list":
            item = item_kind_of(column)
            made["items"] = {"logicalType": _TYPES.get(item, item)}
        if (kind == "text" and column.type not in {*_TEXTS, "any"}) or column.type == "geojson":
            mapped.lose(facts.place, "type", column.type)
        return {name: value for name, value in made.items() if value not in ("", [], {})}


def _options(column: Field, logical: str, facts: Facts) -> dict[str, Any]:
    """Return the constraints that the logical type has options for."""
    pattern = portable_pattern(column.constraints.pattern or "")
    if column.type != "string" or pattern is None:
        known = [name for name in _OPTIONS.get(logical, ()) if name != "pattern"]
    else:
        known = [*_OPTIONS.get(logical, ())]
    made = {}
    for name, value in facts.take(*known).items():
        shown = (
            pattern
            if name == "pattern"
            else value
            if name in {"minLength", "maxLength", "format"}
            else as_written(column, value)
        )
        made[_RENAMED.get(logical, {}).get(name, name)] = shown
    return made
