"""The forms that a report can be given in: adding one is one module and one entry here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.render.forms import Format, by_name, later
from readouts.render.incidents import plain_report, print_report

if TYPE_CHECKING:
    from readouts.report import Report

__all__ = ["FORMATS", "Format", "print_report"]

FORMATS: dict[str, Format[Report]] = by_name(
    Format("terminal", "text for people", "text/plain", ".txt", plain_report),
    Format("json", "for programs; described by a JSON Schema", "application/json", ".json", later("report_json")),
    Format("markdown", "a comment on a pull request", "text/markdown", ".md", later("report_markdown")),
    Format("html", "one page that needs nothing else", "text/html", ".html", later("report_html")),
    Format("gates", "one page of the release gates, with plots", "text/html", ".html", later("gates")),
    Format("github", "annotations in GitHub Actions", "text/plain", ".txt", later("report_github")),
    Format("sarif", "SARIF 2.1.0, for code scanning", "application/sarif+json", ".sarif", later("report_sarif")),
    Format("junit", "JUnit XML, for test reports of CI", "application/xml", ".xml", later("report_junit")),
)
"""The forms by name."""
