"""Findings, and the report of a whole run, in the terminal."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from readouts.datapackage.incident import Severity
from readouts.datapackage.render.counting import checked, settings, title, verdict
from readouts.datapackage.render.escaping import visible
from readouts.datapackage.render.report.families import by_loss, counts_by_loss
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import ReportData

__all__ = ["plain_report", "print_incidents", "print_refusal", "print_report"]

_LENGTHS = {True: 300, False: 2000}
"""Characters shown of a message, in a terminal and in a pipe."""
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.UNCHECKED: "bold magenta"}

_OUTCOMES = {
    "passes": ("  passes    ", "green"),
    "accepted": ("  accepted  ", "bold yellow"),
    "fails": ("  FAILS     ", "bold red"),
}


def print_incidents(console: Console, incidents: Sequence[Incident], limit: int) -> None:
    """Print findings grouped by code, losses first, with the fix once per group.

    Parameters
    ----------
    console
        Where to.
    incidents
        The findings.
    limit
        How many of each code are shown; the number held back is shown.
    """
    counts = Counter(finding.code for finding in incidents)
    _print_groups(console, incidents, counts, limit)
    console.print(Text(counted(len(incidents), "finding"), style="bold"))


def print_refusal(console: Console, incidents: Sequence[Incident], limit: int) -> None:
    """Print the findings because of which nothing was written, as `print_incidents` does."""
    print_incidents(console, incidents, limit)
    console.print("Nothing was written.")


def print_report(console: Console, report: ReportData) -> None:
    """Print a report: the findings by code, what was checked by whom, and the verdict.

    On a terminal a group of findings is a table that fits its width; elsewhere each finding is one line, whole, so that
    it can be searched.
    """
    _print_groups(console, report.incidents, report.counts, len(report.incidents))
    _print_gates(console, report)
    shown = {finding.code for finding in report.incidents}
    for code, count in counts_by_loss(report):
        if code not in shown:
            # Every sample was held back, so no group has shown this code.
            _print_heading(console, code, count, report.severity(code))
            _print_held_back(console, count)
    if report.total:
        console.print()
    for line in checked(report):
        console.print(Text(f"Checked {visible(line)}", style="dim"), soft_wrap=not console.is_terminal)
    for line in settings(report):
        console.print(Text(f"Settings: {visible(line)}", style="yellow"), soft_wrap=not console.is_terminal)
    severities = {report.severity(code) for code in report.counts}
    if report.ignored:
        severities.add(Severity.WARNING)
    worst = next((each for each in (Severity.UNCHECKED, Severity.ERROR, Severity.WARNING) if each in severities), None)
    style = "bold green" if worst is None else _STYLES[worst]
    closing = Text(f"{visible(title(report), 200)} is {verdict(report)}", style=style)
    where = f" ({visible(report.path, 300)}, {counted(report.rows, 'row')}, {report.seconds:.1f} s)"
    closing.append(where, style="not bold default")
    console.print(closing, soft_wrap=not console.is_terminal)


def plain_report(report: ReportData) -> str:
    """Return the report as `print_report` writes it where there is no terminal."""
    import io

    from rich.console import Console

    stream = io.StringIO()
    print_report(Console(file=stream, width=100, color_system=None, force_terminal=False, highlight=False), report)
    return stream.getvalue()


def _print_groups(console: Console, incidents: Sequence[Incident], counts: Mapping[str, int], limit: int) -> None:
    for code, group in groupby(by_loss(incidents), key=lambda finding: finding.code):
        findings = list(group)
        shown = findings[:limit]
        count = max(counts.get(code, 0), len(findings))
        _print_heading(console, code, count, findings[0].severity)
        if console.is_terminal:
            table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
            table.add_column(overflow="fold")
            table.add_column(overflow="fold")
            for finding in shown:
                table.add_row(Text(_place(finding), style="cyan"), Text(_message(console, finding)))
            console.print(Padding(table, (0, 0, 0, 2)))
        else:
            # A pipe has no width to fit: one finding per line, whole, so that it can be searched.
            for finding in shown:
                where = _place(finding)
                line = f"{where}: {_message(console, finding)}" if where else _message(console, finding)
                console.print(Text(f"  {line}"), soft_wrap=True)
        if count > len(shown):
            _print_held_back(console, count - len(shown), "more of this code, ")
        for hint in dict.fromkeys(visible(finding.hint) for finding in findings if finding.hint):
            console.print(Text(f"  {hint}", style="italic"), soft_wrap=not console.is_terminal)


def _print_heading(console: Console, code: str, count: int, severity: Severity) -> None:
    heading = Text(visible(code, 100), style=_STYLES[severity])
    heading.append(" once" if count == 1 else f" {count:,} times", style="not bold dim default")
    console.print(heading)


def _print_held_back(console: Console, count: int, what: str = "") -> None:
    console.print(Text(f"  and {count:,} {what}held back (--limit)", style="dim"))


def _print_gates(console: Console, report: ReportData) -> None:
    if not report.gates:
        return
    console.print(Text(f"Gates against {visible(report.against, 200)}" if report.against else "Gates", style="bold"))
    for gate in report.gates:
        mark = Text(*_OUTCOMES[gate.outcome])
        mark.append(visible(gate.words), style="not bold default")
        console.print(mark, soft_wrap=not console.is_terminal)


def _place(finding: Incident) -> str:
    return visible(finding.place(), 300)


def _message(console: Console, finding: Incident) -> str:
    return visible(finding.message, _LENGTHS[console.is_terminal])
