"""A report as JSON, in the form that `report.schema.json` describes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from readouts.datapackage.incident import Source
from readouts.datapackage.render.escaping import cut
from readouts.datapackage.render.json_text import json_text

if TYPE_CHECKING:
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import ReportData

__all__ = ["incident_document", "json_text", "render"]

_LONGEST = 10_000
"""How many code points of a text are given; a longer one ends with a mark that says how long it was."""


def _text(text: str) -> str:
    return cut(text, _LONGEST)


def _optional(text: str | None) -> str | None:
    return None if text is None else _text(text)


def _share(number: float) -> float | None:
    return number if math.isfinite(number) else None


def incident_document(finding: Incident) -> dict[str, Any]:
    """Return a finding as JSON has it."""
    source = finding.source or (None if finding.file is None else Source(finding.file, finding.line))
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "table": _optional(finding.table),
        "field": _optional(finding.field),
        "row": finding.row,
        "line": finding.line,
        "key": None if finding.key is None else [_text(part) for part in finding.key],
        "value": _optional(finding.value),
        "message": _text(finding.message),
        "hint": _text(finding.hint),
        "source": None
        if source is None
        else {"file": _text(source.file), "line": source.line, "column": source.column},
    }


def render(report: ReportData) -> str:
    """Return a report as JSON text."""
    document = {
        "state": report.state,
        "valid": report.valid,
        "package": {"name": _text(report.name), "version": _text(report.version), "path": _text(report.path)},
        "level": report.level,
        "against": _text(report.against) or None,
        "total": report.total,
        "counts": dict(sorted(report.counts.items())),
        "held_back": dict(sorted(report.held_back.items())),
        "rows": report.rows,
        "seconds": round(report.seconds, 3),
        "checks": [
            {"name": _text(check.name), "by": _text(check.by), "subject": _text(check.subject)}
            for check in report.checks
        ],
        "gates": [
            {
                "name": _text(gate.name),
                "title": _text(gate.title),
                "expectation": _text(gate.expectation),
                "passed": gate.passed,
                "accepted": _text(gate.accepted) or None,
                "old": _text(gate.old),
                "new": _text(gate.new),
                "allowed": _text(gate.allowed),
                "distribution": [
                    {"label": _text(label), "old": _share(old), "new": _share(new)}
                    for label, old, new in gate.distribution
                ],
            }
            for gate in report.gates
        ],
        "settings": [
            {
                "code": _text(each.code),
                "action": each.action,
                "by": each.by,
                "count": each.count,
                "applied": each.applied,
            }
            for each in report.settings
        ],
        "settings_not_applied": list(report.not_applied),
        "files": {_text(table): _text(file) for table, file in sorted(report.files.items())},
        "incidents": [incident_document(finding) for finding in report.incidents],
    }
    return json_text(document)
