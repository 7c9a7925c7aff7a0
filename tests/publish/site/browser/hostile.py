"""A package whose every text tries to be more than text: to run, to leave its attribute, to turn the line around."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["HOSTILE", "hostile_package"]

HOSTILE = (
    "</script><script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=2">',
    "' onmouseover='window.hacked=3' x='",
    "\u202egnorw si siht\u202c \u200fשלום\u200f ",
    "{{ 7 * 7 }} {% raw %} ]]> <!-- ",
    "javascript:window.hacked=4//",
    "Łódź Élysée Київ القاهرة",
)
"""What is put before or after every text, in turn."""

_LAW = frozenset(["side", "role", "relation", "aspect", "operation", "table", "date", "date_precision"])
"""Columns whose values say what the rows around them are."""
_RENAMED = {
    "port-sarn": '"><script>window.hacked=5</script>',
    "herald-2031-05-02.s08": "../../<b>s08</b>",
    "meeting-port-sarn": "con",
}
"""Ids that no schema allows, in every place where they stand."""


def hostile_package(source: Path, target: Path) -> Path:
    """Write a copy of a package with hostile texts in every column that holds free text, and with hostile ids."""
    descriptor: dict[str, Any] = json.loads((source / "datapackage.json").read_text(encoding="utf-8"))
    (target / "data").mkdir(parents=True)
    number = 0
    for resource in descriptor["resources"]:
        for key in ("hash", "bytes"):
            resource.pop(key, None)
        schema = resource["schema"]
        keys = {name for key in schema.get("foreignKeys", ()) for name in key["fields"]} | {*schema["primaryKey"]}
        free = [
            each["name"]
            for each in schema["fields"]
            if each["type"] in {"string", "list"} and each["name"] not in keys | _LAW
        ]
        with (source / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            for name, value in row.items():
                row[name] = _RENAMED.get(value, value)
            for name in free:
                number += 1
                text = HOSTILE[number % len(HOSTILE)]
                row[name] = f"{text}{row[name]}" if number % 2 else f"{row[name]}{text}"
        with (target / resource["path"]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [each["name"] for each in schema["fields"]], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    descriptor = _hostile(descriptor)
    (target / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    return target


def _hostile(descriptor: dict[str, Any]) -> dict[str, Any]:
    """Return a descriptor with hostile titles, descriptions, licences and categories."""
    text = "".join(HOSTILE)
    descriptor["title"] = f"{text}title"
    descriptor["description"] = f"{text}description"
    for licence in descriptor.get("licenses", ()):
        licence |= {"title": f"{text}licence", "path": "javascript:window.hacked=6"}
    for resource in descriptor["resources"]:
        for told in (resource, resource["schema"]):
            told |= {"title": f"{told.get('title', '')}{text}", "description": f"{text}{told.get('description', '')}"}
        for each in resource["schema"]["fields"]:
            each |= {"title": f"{text}", "description": f"{text}", "example": text}
            for category in each.get("categories", ()):
                category["label"] = text
    return descriptor
