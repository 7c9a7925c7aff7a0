"""A report as JUnit XML: one test suite per table, one test case per code that was found in it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from readouts.datapackage.incident import Severity
from readouts.datapackage.render.counting import checked, place, settings, title
from readouts.datapackage.render.escaping import visible
from readouts.datapackage.render.report.families import by_loss
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import Gate, ReportData

__all__ = ["render"]

_LINES = 200
"""Findings of one test case that are written out."""
_RESULTS = {Severity.UNCHECKED: "error", Severity.ERROR: "failure", Severity.WARNING: "system-out"}
"""Elements of a test case, the worst first. JUnit has no warnings: they are what the case printed."""


def _line(report: ReportData, finding: Incident) -> str:
    where = place(report, finding)
    parts = [] if where is None else [where.file, where.line, where.column]
    file = ":".join(str(part) for part in parts if part is not None)
    there = finding.place() if finding.source is None else ""
    words = " ".join(part for part in (visible(file, 300), visible(there, 300)) if part)
    return f"{words}: {visible(finding.message)}" if words else visible(finding.message)


def _case(report: ReportData, table: str, code: str, findings: list[Incident]) -> ET.Element:
    case = ET.Element("testcase", classname=table, name=visible(code, 100), time="0")
    lines = [_line(report, finding) for finding in findings[:_LINES]]
    if len(findings) > _LINES:
        lines.append(f"and {len(findings) - _LINES:,} more")
    lines += dict.fromkeys(visible(finding.hint) for finding in findings if finding.hint)
    message = f"{counted(len(findings), 'finding')}: {visible(findings[0].message, 200)}"
    worst = min((finding.severity for finding in findings), key=list(_RESULTS).index)
    _add_result(case, worst, message, code).text = "\n".join(lines)
    return case


def _add_result(case: ET.Element, worst: Severity, message: str, kind: str) -> ET.Element:
    result = _RESULTS[worst]
    if result == "system-out":
        return ET.SubElement(case, result)
    return ET.SubElement(case, result, message=message, type=visible(kind, 100))


def _gate_case(gate: Gate) -> ET.Element:
    case = ET.Element("testcase", classname="release", name=visible(gate.name, 100), time="0")
    words = visible(gate.words)
    if gate.outcome != "fails":
        ET.SubElement(case, "system-out").text = words
    else:
        ET.SubElement(case, "failure", message=words, type=visible(gate.expectation, 100)).text = words
    return case


def _suite(name: str, cases: list[ET.Element], properties: list[tuple[str, str]]) -> ET.Element:
    failures, errors = (str(sum(case.find(kind) is not None for case in cases)) for kind in ("failure", "error"))
    suite = ET.Element(
        "testsuite", name=name, tests=str(len(cases)), failures=failures, errors=errors, skipped="0", time="0"
    )
    if properties:
        box = ET.SubElement(suite, "properties")
        for key, value in properties:
            ET.SubElement(box, "property", name=visible(key, 200), value=visible(value))
    suite.extend(cases)
    return suite


def render(report: ReportData) -> str:
    """Return a report as JUnit XML.

    A table without findings is a suite with one test that passes. What concerns no table, and what is held back, is in
    the suite `package`; the gates are in the suite `release`.
    """
    tables: dict[str, list[ET.Element]] = {table: [] for table in ("", *sorted(report.files))}
    by_table = sorted(by_loss(report.incidents), key=lambda finding: finding.table or "")
    for table, found in groupby(by_table, key=lambda finding: finding.table or ""):
        for code, group in groupby(found, key=lambda finding: finding.code):
            name = visible(table, 100) or "package"
            tables.setdefault(table, []).append(_case(report, name, code, list(group)))
    for code, count in sorted(report.held_back.items()):
        case = ET.Element("testcase", classname="package", name=f"{visible(code, 100)} (held back)", time="0")
        words = f"{counted(count, 'finding')} of {visible(code, 100)} held back (--limit)"
        _add_result(case, report.severity(code), words, code).text = words
        tables[""].append(case)
    suites = []
    for table, cases in tables.items():
        name = visible(table, 100) or "package"
        properties = [] if table else [("path", report.path), ("level", report.level), ("rows", str(report.rows))]
        if not table:
            properties += [(f"check {number}", line) for number, line in enumerate(checked(report), 1)]
            properties += [(f"setting {number}", line) for number, line in enumerate(settings(report), 1)]
        passing = ET.Element("testcase", classname=name, name="no findings", time="0")
        suites.append(_suite(name, cases or [passing], properties))
    if report.gates:
        suites.append(_suite("release", [_gate_case(gate) for gate in report.gates], []))
    suites[0].set("time", f"{report.seconds:.3f}")
    totals = {name: str(sum(int(suite.get(name, "0")) for suite in suites)) for name in ("tests", "failures", "errors")}
    root = ET.Element("testsuites", totals, name=visible(title(report), 200), time=f"{report.seconds:.3f}")
    root.extend(suites)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
