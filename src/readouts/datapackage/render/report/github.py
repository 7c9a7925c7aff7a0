"""A report as workflow commands: annotations on the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.incident import Severity
from readouts.datapackage.render.counting import place, settings, title, verdict
from readouts.datapackage.render.escaping import visible
from readouts.datapackage.render.report.families import by_loss
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import ReportData

__all__ = ["render"]

_SHOWN = 10
"""Annotations of each kind that GitHub shows of one step; the log has them all."""


def _data(text: str) -> str:
    # What the runner takes back: https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _command(name: str, message: str, **properties: str | int | None) -> str:
    given = ",".join(
        f"{key}={_data(visible(str(value), 500)).replace(':', '%3A').replace(',', '%2C')}"
        for key, value in properties.items()
        if value is not None
    )
    return f"::{name} {given}::{_data(message)}"


def _annotation(report: ReportData, finding: Incident) -> str:
    where = place(report, finding)
    lines = [visible(finding.message)]
    if where is None or finding.source is None:
        lines.insert(0, f"{visible(finding.place(), 300)}:" if finding.place() else "The package:")
    if finding.hint:
        lines.append(visible(finding.hint))
    return _command(
        "warning" if finding.severity is Severity.WARNING else "error",
        "\n".join(lines),
        file=None if where is None else where.file,
        line=None if where is None else where.line,
        col=None if where is None else where.column,
        title=finding.code,
    )


def render(report: ReportData) -> str:
    """Return a report as one workflow command a line: a finding each, losses first, and a notice that sums up.

    Every line is a command, so that no text of the package can be one of its own.
    """
    lines = [_annotation(report, finding) for finding in by_loss(report.incidents)]
    read = f"({visible(report.path, 300)}, {counted(report.rows, 'row')})"
    words = [f"{visible(title(report), 200)} is {verdict(report)} {read}."]
    words += [f"Settings: {visible(line)}." for line in settings(report)]
    held_back = sum(report.held_back.values())
    if held_back:
        words.append(f"{held_back:,} of them are held back (--limit).")
    if len(report.incidents) > _SHOWN:
        words.append(f"GitHub shows {_SHOWN} errors and {_SHOWN} warnings of a step in the code; its log has more.")
    lines.append(_command("notice", " ".join(words), title="readouts"))
    return "\n".join(lines) + "\n"
