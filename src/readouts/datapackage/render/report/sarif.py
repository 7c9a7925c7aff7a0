"""A report as SARIF 2.1.0 (Static Analysis Results Interchange Format), which code scanning services read."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from readouts.datapackage.incident import Severity
from readouts.datapackage.render.counting import checked, place, settings, title
from readouts.datapackage.render.escaping import visible
from readouts.datapackage.render.json_text import json_text
from readouts.datapackage.render.report.families import counts_by_loss, family

if TYPE_CHECKING:
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import ReportData

__all__ = ["render"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "readoutsIncident/v1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.UNCHECKED: "none"}
"""Levels by severity; a result of the kind `open`, which nobody could decide, has none."""


def _text(text: str, limit: int = 2000) -> dict[str, str]:
    # The schema refuses an empty text.
    return {"text": visible(text, limit) or "(nothing)"}


def _rule(report: ReportData, name: str) -> dict[str, Any]:
    code = report.code(name)
    return {
        "id": name,
        "shortDescription": _text(code.meaning or name),
        "help": _text(code.fix or code.meaning or name),
        "defaultConfiguration": {"level": _LEVELS[report.severity(name)]},
        "properties": {"tags": [family(name)]},
    }


def _identity(finding: Incident) -> str:
    """Return what a finding is known by when rows move: its code, table, field and key, or else its message."""
    file = finding.source.file if finding.source is not None else None
    rest = [*finding.key] if finding.key else [finding.message]
    parts = json.dumps([finding.code, file, finding.table, finding.field, finding.value, *rest])
    return hashlib.sha256(parts.encode()).hexdigest()


def _location(report: ReportData, finding: Incident) -> dict[str, Any]:
    location: dict[str, Any] = {}
    where = place(report, finding)
    if where is not None:
        uri = quote(visible(where.file, 1000), safe="/")
        # GitHub shows no result without a region; what concerns the whole file is on its first line.
        region = {"startLine": where.line or 1}
        if where.column is not None and where.line is not None:
            region["startColumn"] = where.column
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}, "region": region}
    names = [visible(name, 200) for name in (finding.table, finding.field) if name is not None]
    if names:
        kind = "member" if finding.field is not None else "resource"
        location["logicalLocations"] = [{"name": names[-1], "fullyQualifiedName": "/".join(names), "kind": kind}]
    return location


def _result(report: ReportData, finding: Incident, rules: dict[str, int], seen: Counter[str]) -> dict[str, Any]:
    identity = _identity(finding)
    seen[identity] += 1
    location = _location(report, finding)
    places = {
        "row": finding.row,
        "key": None if finding.key is None else [visible(part, 200) for part in finding.key],
        "value": None if finding.value is None else visible(finding.value, 500),
    }
    return {
        "ruleId": finding.code,
        "ruleIndex": rules[finding.code],
        "kind": "open" if finding.severity is Severity.UNCHECKED else "fail",
        "level": _LEVELS[finding.severity],
        "message": _text(" ".join(part for part in (finding.message, finding.hint) if part)),
        "locations": [location] if location else [],
        "partialFingerprints": {_FINGERPRINT: f"{identity}:{seen[identity]}"},
        "properties": {name: value for name, value in places.items() if value is not None},
    }


def render(report: ReportData) -> str:
    """Return a report as a SARIF 2.1.0 log with one run."""
    from importlib.metadata import version

    codes = dict.fromkeys([code for code, _ in counts_by_loss(report)] + [found.code for found in report.incidents])
    rules = {code: number for number, code in enumerate(codes)}
    seen: Counter[str] = Counter()
    notes = [
        {"level": "note", "message": _text(f"{count:,} findings of {code} are held back (--limit).")}
        for code, count in sorted(report.held_back.items())
    ]
    notes += [{"level": "note", "message": _text(line)} for line in settings(report)]
    failures = [
        {"level": "error", "message": _text(found.message), "associatedRule": {"id": found.code}}
        for found in report.incidents
        if found.severity is Severity.UNCHECKED
    ]
    run = {
        "tool": {
            "driver": {
                "name": "readouts",
                "version": version("readouts"),
                "rules": [_rule(report, code) for code in rules],
            },
        },
        "invocations": [{"executionSuccessful": report.checked, "toolExecutionNotifications": failures + notes}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(report, finding, rules, seen) for finding in report.incidents],
        "properties": {
            "package": visible(title(report), 200),
            "path": visible(report.path, 300),
            "level": report.level,
            "state": report.state,
            "valid": report.valid,
            "counts": dict(sorted(report.counts.items())),
            "checks": [visible(line) for line in checked(report)],
        },
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})
