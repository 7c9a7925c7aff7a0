"""The forms that a report can be given in: adding one is one module and one entry here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.render.format import Format, by_name, later
from readouts.datapackage.render.report.terminal import plain_report, print_report

if TYPE_CHECKING:
    from readouts.datapackage.report import ReportData

__all__ = ["FORMATS", "Format", "print_report"]

FORMATS: dict[str, Format[ReportData]] = by_name(
    Format("terminal", "text for people", "text/plain", ".txt", plain_report),
    Format(
        "json", "for programs; described by a JSON Schema", "application/json", ".json", later(f"{__package__}.json")
    ),
    Format("markdown", "a comment on a pull request", "text/markdown", ".md", later(f"{__package__}.markdown")),
    Format("html", "one page that needs nothing else", "text/html", ".html", later(f"{__package__}.html")),
    Format(
        "gates",
        "one page of the release gates, with plots",
        "text/html",
        ".html",
        later("readouts.publish.render.gates"),
    ),
    Format("github", "annotations in GitHub Actions", "text/plain", ".txt", later(f"{__package__}.github")),
    Format(
        "sarif", "SARIF 2.1.0, for code scanning", "application/sarif+json", ".sarif", later(f"{__package__}.sarif")
    ),
    Format("junit", "JUnit XML, for test reports of CI", "application/xml", ".xml", later(f"{__package__}.junit")),
)
"""The forms by name."""
