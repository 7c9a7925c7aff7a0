"""What renderers share: the file that a finding is in, and the words for findings, checks and verdict."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from readouts.datapackage.words import counted, listed

if TYPE_CHECKING:
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import ReportData

__all__ = ["Place", "checked", "found", "place", "settings", "title", "verdict"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, relative to where the package was named from: what an editor or a CI service opens."""

    file: str
    line: int | None = None
    column: int | None = None


def place(report: ReportData, finding: Incident) -> Place | None:
    """Return the place to edit; without a source, the line of the table's file, or None.

    Examples
    --------
    >>> from readouts.datapackage.incident import incident
    >>> from readouts.datapackage.report import ReportData
    >>> report = ReportData("p", "", "some/datapackage.json", "content", (), (), {}, 0, 0.0, files={"t": "data/t.csv"})
    >>> place(report, incident("blank-row", "", table="t", line=4))
    Place(file='some/data/t.csv', line=4, column=None)
    """
    source = finding.source
    if source is not None:
        return Place(_from_here(report, source.file), source.line, source.column)
    file = finding.file or report.files.get(finding.table or "")
    return None if file is None else Place(_from_here(report, file), finding.line)


def _from_here(report: ReportData, file: str) -> str:
    folder = PurePath(report.path).as_posix()
    if folder.endswith(".json"):
        folder = posixpath.dirname(folder)
    # normpath takes "./" and ".." out: services match the names of files as git writes them.
    return posixpath.normpath(posixpath.join(folder, PurePath(file).as_posix()))


def found(finding: Incident) -> str | None:
    """Return the offending value, unless the message tells it.

    Examples
    --------
    >>> from readouts.datapackage.incident import incident
    >>> found(incident("type-error", "'x' is no integer.", value="x")), found(incident("type-error", "", value="x"))
    (None, 'x')
    """
    return None if finding.value and finding.value in finding.message else finding.value


def title(report: ReportData) -> str:
    """Return name and version of the package, as far as it has them."""
    return " ".join(part for part in (report.name or report.path, report.version) if part)


def verdict(report: ReportData) -> str:
    """Return the verdict in a few words: valid or not, how many findings there are, or how much was not checked.

    Examples
    --------
    >>> from readouts.datapackage.report import ReportData
    >>> verdict(ReportData("p", "", ".", "content", (), (), {"blank-row": 3}, 9, 0.1))
    'not valid: 3 findings'
    >>> verdict(ReportData("p", "", ".", "content", (), (), {"blank-row": 3, "check-failed": 1}, 9, 0.1))
    'not fully checked: 1 part could not be checked; 3 other findings'
    """
    ignored = f"; {counted(report.ignored, 'finding')} ignored" if report.ignored else ""
    return f"{_verdict(report)}{ignored}"


def _verdict(report: ReportData) -> str:
    if not report.total:
        return "valid"
    if not report.checked:
        others = report.total - report.unchecked
        rest = f"; {counted(others, 'other finding')}" if others else ""
        return f"not fully checked: {counted(report.unchecked, 'part')} could not be checked{rest}"
    return f"{'valid, with' if report.valid else 'not valid:'} {counted(report.total, 'finding')}"


def checked(report: ReportData) -> list[str]:
    """Return one line per check: its name, its subject, and by whom."""
    return [f"{check.name}: {check.subject} ({check.by})" for check in report.checks]


def settings(report: ReportData) -> list[str]:
    """Return a line per setting: what became of the findings of its code, and who asked for that.

    Examples
    --------
    >>> from readouts.datapackage.report import ReportData, Setting
    >>> done = (Setting("blank-row", "ignore", "caller", 3), Setting("missing-cell", "warn", "descriptor", 1, False))
    >>> for line in settings(ReportData("p", "", ".", "content", (), (), {}, 9, 0.1, settings=done)):
    ...     print(line)
    blank-row: 3 findings ignored, as the caller asked
    missing-cell: 1 finding not counted as a warning, though the descriptor asked: the rest can't be relied on
    """
    lines = []
    for each in report.settings:
        done = "ignored" if each.action == "ignore" else f"counted as {'a warning' if each.count == 1 else 'warnings'}"
        asked = f"{counted(each.count, 'finding')} {'' if each.applied else 'not '}{done}"
        rest = f"as the {each.by} asked" if each.applied else f"though the {each.by} asked: the rest can't be relied on"
        lines.append(f"{each.code}: {asked}, {rest}")
    if report.not_applied:
        lines.append(f"not applied of the descriptor's settings: {listed(report.not_applied)}")
    return lines
