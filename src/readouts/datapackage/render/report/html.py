"""A report as one HTML page: nothing in it runs, and nothing is fetched for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from readouts.datapackage.render.counting import checked, found, place, settings, title, verdict
from readouts.datapackage.render.escaping import visible
from readouts.datapackage.render.page import page
from readouts.datapackage.render.report.families import FAMILIES, by_loss, counts_by_loss, family
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import ReportData

__all__ = ["render"]


@dataclass(frozen=True, slots=True)
class _Count:
    code: str
    severity: str
    family: str
    meaning: str
    number: int
    held_back: int
    width: float


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    field: str
    key: str
    value: str | None
    message: str


@dataclass(frozen=True, slots=True)
class _Group:
    code: str
    severity: str
    rows: tuple[_Row, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    anchor: str
    file: str
    number: int
    groups: tuple[_Group, ...]


def _counts(report: ReportData) -> list[_Count]:
    held_back = report.held_back
    most = max(report.counts.values(), default=1)
    return [
        # The root keeps a code with few findings visible next to one with a million.
        _Count(
            visible(code, 100),
            report.severity(code).value,
            FAMILIES[family(code)],
            visible(report.code(code).meaning),
            number,
            held_back.get(code, 0),
            round(max(2, 100 * math.sqrt(max(number, 0) / max(most, 1))), 2),
        )
        for code, number in counts_by_loss(report)
    ]


def _row(report: ReportData, finding: Incident) -> _Row:
    where = place(report, finding)
    if where is not None and finding.source is not None:
        text = ":".join(str(part) for part in (where.file, where.line, where.column) if part is not None)
    else:
        # The heading names table and file.
        row = "" if finding.row is None else f"row {finding.row:,}"
        line = "" if finding.line is None else f"line {finding.line:,}"
        text = ", ".join(filter(None, (row, finding.file, line)))
    value = found(finding)
    return _Row(
        visible(text, 300),
        visible(finding.field or "", 200),
        ", ".join(visible(part, 200) for part in finding.key or ()),
        None if value is None else visible(value, 300),
        visible(finding.message, 1000),
    )


def _section_key(finding: Incident) -> tuple[str, bool]:
    """Return the table of a finding, and for one without a table whether it has a source."""
    return finding.table or "", not finding.table and finding.source is not None


def _sections(report: ReportData) -> Iterator[_Section]:
    ordered = sorted(by_loss(report.incidents), key=_section_key)
    for number, ((table, sourced), members) in enumerate(groupby(ordered, key=_section_key)):
        groups = []
        for code, group in groupby(members, key=lambda finding: finding.code):
            findings = list(group)
            hints = dict.fromkeys(visible(finding.hint) for finding in findings if finding.hint)
            rows = tuple(_row(report, finding) for finding in findings)
            groups.append(_Group(visible(code, 100), findings[0].severity.value, rows, tuple(hints)))
        yield _Section(
            visible(table, 200) or ("Source files" if sourced else "The package"),
            f"findings-{number}",
            visible(report.files.get(table, ""), 300),
            sum(len(group.rows) for group in groups),
            tuple(groups),
        )


def render(report: ReportData) -> str:
    """Return a report as one HTML page.

    Its policy (Content-Security-Policy) allows its own style, by hash, and nothing else. It needs no network.
    """
    return page(
        "report.html",
        ("report.css",),
        report=report,
        title=visible(title(report), 200),
        verdict=verdict(report),
        state="unchecked"
        if not report.checked
        else "bad"
        if not report.valid
        else "warn"
        if report.total or report.ignored
        else "good",
        rows=counted(report.rows, "row"),
        counts=_counts(report),
        sections=list(_sections(report)),
        gates=report.gates_by_outcome,
        held_back=sum(report.held_back.values()),
        settings=[visible(line) for line in settings(report)],
        checked=[visible(line) for line in checked(report)],
    )
