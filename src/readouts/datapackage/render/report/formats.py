"""The forms that a report can be given in: adding one is one module and one entry here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.lazy import later

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.datapackage.report import ReportData

__all__ = ["FORMATS"]

_FORMS = ("json", "markdown", "html", "github", "sarif", "junit")
FORMATS: dict[str, Callable[[ReportData], str]] = {
    "terminal": later(f"{__package__}.terminal", "plain_report"),
    **{name: later(f"{__package__}.{name}", "render") for name in _FORMS},
}
"""The functions that give a report as the text of a file, by the names of the forms; others may be added."""
