"""A package with a field of every type and every constraint, and rows that keep or break each of them."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BROKEN", "write_contracted"]

_FIELDS: list[dict[str, Any]] = [
    {"name": "boat", "type": "string", "constraints": {"pattern": "[a-z]+|-", "maxLength": 8}, "example": "gull"},
    {"name": "crew", "type": "integer", "constraints": {"required": True, "minimum": 1, "exclusiveMaximum": 9}},
    {"name": "length", "type": "number", "constraints": {"minimum": "2.5", "maximum": 40}, "decimalChar": ","},
    {"name": "racing", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
    {"name": "launched", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "01/02/2031"}},
    {"name": "weighed", "type": "datetime"},
    {
        "name": "class",
        "type": "string",
        "categories": [{"value": "d", "label": "Dinghy"}, {"value": "k", "label": "Keel boat"}],
    },
    {"name": "berth", "type": "integer", "constraints": {"enum": [7, 11]}},
    {"name": "flags", "type": "list", "itemType": "integer", "constraints": {"minLength": 2}},
    {"name": "rig", "type": "object", "constraints": {"jsonSchema": {"required": ["mast"]}, "minLength": 1}},
    {"name": "mail", "type": "string", "format": "email"},
    {"name": "marks", "type": "array", "constraints": {"maxLength": 2}},
    {"name": "watch", "type": "time", "constraints": {"maximum": "20:00:00"}},
    {"name": "leg", "type": "duration"},
    {"name": "season", "type": "year", "constraints": {"minimum": 2030}},
    {"name": "port", "type": "geopoint"},
    {"name": "motto", "type": "string", "constraints": {"enum": ["fast", "it's slow"], "unique": True}},
    {"name": "of", "type": "string"},
]
_ROWS = [
    ["gull", 5, "7,25", "yes", "01/02/2031", "2031-05-01T10:00:00Z", "d", 7, "1,2", '{"mast": 1}', "a@b.org", "[1]",
     "19:30:00", "P1DT2H", 2031, "5, 52", "fast", "hope"],
    ["tern", 1, "2,5", "no", "24/12/2031", "2031-05-01T10:00:00", "k", 11, "3,4,5", '{"mast": []}', "", "[]",
     "", "", "", "", "it's slow", ""],
    ["-", 8, "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", ""],
]  # fmt: skip
BROKEN: dict[str, Any] = {
    "boat": "GULL",
    "crew": 9,
    "length": 2.25,
    "racing": "yes",
    "launched": "01/02/2031",
    "weighed": "yesterday",
    "class": "x",
    "berth": 8,
    "flags": [1],
    "rig": {"sail": 1},
    "mail": "nobody",
    "marks": [1, 2, 3],
    "leg": "a day",
    "season": 2029,
    "motto": "slow",
}
"""For each field, a value in JSON that its schema doesn't allow, as far as JSON Schema can say so."""


def write_contracted(folder: Path) -> Path:
    """Write the package, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [field["name"] for field in _FIELDS]
    with (folder / "boats.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([names, *_ROWS])
    (folder / "fleets.csv").write_text("fleet,home\nhope,north\n", encoding="utf-8")
    (folder / "notes.txt").write_text("Not a table.\n", encoding="utf-8")
    boats = {
        "fields": _FIELDS,
        "primaryKey": ["boat"],
        "uniqueKeys": [["class", "berth"]],
        "foreignKeys": [{"fields": ["of"], "reference": {"resource": "fleets", "fields": ["fleet"]}}],
    }
    fleets = {"fields": [{"name": "fleet"}, {"name": "home"}], "primaryKey": ["fleet", "home"]}
    resources = [
        {"name": "boats", "path": "boats.csv", "title": "Boats {{ now }}", "schema": boats},
        {"name": "fleets", "path": "fleets.csv", "schema": fleets},
        {"name": "notes", "path": "notes.txt"},
    ]
    profile = "https://datapackage.org/profiles/2.0/datapackage.json"
    descriptor = {"$schema": profile, "name": "regatta.2031", "version": "1.2.0", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder
