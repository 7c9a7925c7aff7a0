"""The forms that a report can be given in: adding one is one module and one entry here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from readouts.render.incidents import plain_report, print_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.report import Report

__all__ = ["FORMATS", "Format", "print_report"]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of a report.

    Attributes
    ----------
    name
        What `--format` takes.
    description
        What it is for.
    media_type, suffix
        Its media type, and the suffix of a file of it.
    render
        The function that gives a report in this form, as text for a file in UTF-8.
    """

    name: str
    description: str
    media_type: str
    suffix: str
    render: Callable[[Report], str]


def _later(module: str) -> Callable[[Report], str]:
    """Return a renderer that is imported when it is first used: a run needs one of them."""

    def render(report: Report) -> str:
        text: str = import_module(f"readouts.render.{module}").render(report)
        return text

    return render


FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        Format("terminal", "text for people", "text/plain", ".txt", plain_report),
        Format("json", "for programs; described by a JSON Schema", "application/json", ".json", _later("report_json")),
        Format("markdown", "a comment on a pull request", "text/markdown", ".md", _later("report_markdown")),
        Format("html", "one page that needs nothing else", "text/html", ".html", _later("report_html")),
        Format("gates", "one page of the release gates, with plots", "text/html", ".html", _later("gates")),
        Format("github", "annotations in GitHub Actions", "text/plain", ".txt", _later("report_github")),
        Format("sarif", "SARIF 2.1.0, for code scanning", "application/sarif+json", ".sarif", _later("report_sarif")),
        Format("junit", "JUnit XML, for test reports of CI", "application/xml", ".xml", _later("report_junit")),
    )
}
"""The forms by name."""
