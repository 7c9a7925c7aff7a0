"""The oracle: frictionless on the same package, its verdict in our terms, and what only one of the two finds."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docs.divergences import DIVERGENCES, OURS, THEIRS
from tests.datapackage.validation.planting import check

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Crash", "Event", "Tally", "compare", "frictionless_events", "our_events"]

NO_CELL = frozenset(["primary-key", "unique-error", "foreign-key"])
OF_ROWS = frozenset(["blank-row", "extra-cell", "missing-cell"])
SAME_AS = {"unmatched-header": "missing-label"}
IN_CELLS = frozenset(["type-error", "constraint-error"])


class Crash(Exception):  # noqa: N818 - it is a verdict that there is none
    """Frictionless did not come to a verdict."""


@dataclass(frozen=True, order=True)
class Event:
    """One finding, in the terms of both: code, table, field, row (1 is the first below the header)."""

    code: str
    table: str
    field: str
    row: int


def our_events(root: Path) -> set[Event]:
    """Return what our core finds."""
    return {
        Event(found.code, found.table or "", _named(found.code, found.field or ""), found.row or 0)
        for found in check(root)
    }


def _named(code: str, name: str) -> str:
    """Return the field of a finding, if both name one."""
    return name if code in IN_CELLS | {"missing-cell", "unique-error", "foreign-key"} else ""


def frictionless_events(root: Path) -> set[Event]:
    """Return what frictionless finds; Crash if it breaks off."""
    from frictionless import Package

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            report = Package(str(root / "datapackage.json")).validate(limit_errors=1_000_000)
        except Exception as error:
            raise Crash(type(error).__name__) from error
    for told in report.errors:
        raise Crash(f"{told.type}: {told.note}"[:80])
    events = set()
    headers = {
        resource["name"]: 0 if (resource.get("dialect") or {}).get("header") is False else 1
        for resource in json.loads((root / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    }
    for task in report.tasks:
        for found in task.errors:
            if found.type == "error":
                raise Crash(str(found.note)[:80])
            written: dict[str, Any] = found.to_dict()
            row = written.get("rowNumber", 0)
            name = written.get("fieldName", "") or ", ".join(written.get("fieldNames", []))
            place = row - headers[task.name] if row else 0
            code = SAME_AS.get(found.type, found.type)
            events.add(Event(code, task.name, _named(code, name), place))
    return events


@dataclass
class Tally:
    """How many generated cases each divergence exempted, how many there were, and how often frictionless crashed."""

    cases: int = 0
    agreed: int = 0
    events: int = 0
    exempted: Counter[str] = field(default_factory=Counter)
    crashes: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        """Return it as lines for people."""
        told = [f"{self.cases} packages, {self.events} findings that both made, {sum(self.crashes.values())} crashes"]
        told += [f"  crash of frictionless {count:6}  {what}" for what, count in self.crashes.most_common()]
        return told + [f"  exempted {self.exempted[entry.name]:6}  {entry.name}" for entry in DIVERGENCES]


def read_rows(root: Path, resource: dict[str, Any]) -> list[list[str]]:
    """Return the records of a table as Python's own reader sees them."""
    text = (root / resource["path"]).read_bytes().decode()
    dialect = resource.get("dialect") or {}
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=dialect.get("delimiter", ","), quotechar=dialect.get("quoteChar", '"')
    )
    return list(reader)


def compare(root: Path, tally: Tally) -> list[str]:
    """Judge a package by both, and return what only one of them finds and no divergence explains."""
    tally.cases += 1
    ours = our_events(root)
    try:
        theirs = frictionless_events(root)
    except Crash as crash:
        tally.crashes[str(crash)] += 1
        return []
    tally.events += len(ours & theirs)
    resources = {
        resource["name"]: resource
        for resource in json.loads((root / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    }
    # A cell that one of the two can't read at all has no constraint for it to break.
    unread = {(event.table, event.field, event.row) for event in ours ^ theirs if event.code == "type-error"}
    unexplained = []
    for side, events in ((OURS, ours - theirs), (THEIRS, theirs - ours)):
        for event in sorted(events):
            if event.code == "constraint-error" and (event.table, event.field, event.row) in unread:
                continue
            about = _about(root, resources[event.table], event)
            entry = next((entry for entry in DIVERGENCES if entry.exempts(side, event.code, *about)), None)
            if entry is None:
                unexplained.append(f"only {side}: {event} {about}")
            else:
                tally.exempted[entry.name] += 1
    tally.agreed += ours == theirs
    return unexplained


def _about(root: Path, resource: dict[str, Any], event: Event) -> tuple[str, str, str]:
    """Return the kind of thing a finding is about, as the divergences name it, its properties, and the text of it."""
    fields = {entry["name"]: entry for entry in resource["schema"]["fields"]}
    rows = read_rows(root, resource)
    header = rows[:0] if (resource.get("dialect") or {}).get("header") is False else rows[:1]
    labels = header[0] if header else list(fields)
    cells = dict(zip(labels, rows[event.row - 1 + len(header)], strict=False)) if event.row else {}
    if event.code in IN_CELLS:
        written = fields[event.field]
        given = " ".join(f"{name}={written[name]}" for name in sorted(written) if name not in {"name", "type"})
        given += " primaryKey" if event.field in resource["schema"].get("primaryKey", []) else ""
        return written.get("type", "any"), given, cells.get(event.field, "")
    if event.code in NO_CELL:
        schema = resource["schema"]
        if event.code == "primary-key":
            names, given = schema["primaryKey"], "primaryKey"
        else:
            names = event.field.split(", ")
            listed = event.code == "unique-error" and names in schema.get("uniqueKeys", [])
            given = "uniqueKeys" if listed else event.code
        return "key", given, "|".join(cells.get(name, "") for name in names)
    if event.code in OF_ROWS:
        return "row", "", "|".join(rows[event.row - 1 + len(header)])
    return "header", resource["schema"].get("fieldsMatch", "exact"), ", ".join(labels)
