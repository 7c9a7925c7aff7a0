"""Measures and bounds, read from the suites that Great Expectations runs.

`gx/` is a project of Great Expectations in its own files: one suite and one validation definition a table, and the
checkpoint that runs them. Everything that can be tuned is in the suites, under `meta` of each expectation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.datapackage.incident import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PROJECT", "Measure", "measures", "measures_table"]

PROJECT = Path(__file__).resolve().parent / "gx"
"""Folder of the project of Great Expectations."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One expectation of a suite, as the gate that it is.

    Attributes
    ----------
    name, title
        Stable name, and the measure as text.
    table, column
        What is measured; no column where rows are counted. A column is one of `readouts.quality.gates.columns`.
    expectation
        Type of the expectation.
    severity
        Whether a release that doesn't pass is refused.
    settings
        What is allowed: `meta` of the expectation.
    """

    name: str
    title: str
    table: str
    column: str | None
    expectation: str
    severity: Severity
    settings: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The measure: `rows`, a `share` or a `distribution`."""
        if self.column is None:
            return "rows"
        return "distribution" if "tolerance" in self.settings else "share"

    @property
    def parameter(self) -> str:
        """The name in the suite's `$PARAMETER`, before the part that says which bound it is."""
        return self.name.replace("-", "_")

    @property
    def field(self) -> str | None:
        """The column of the table that a finding names, where there is one."""
        field: str | None = self.settings.get("field")
        return field

    @property
    def optional(self) -> bool:
        """Whether packages may well be without what it looks at."""
        return bool(self.settings.get("optional"))


def _measure(table: str, entry: Mapping[str, Any]) -> Measure:
    meta = entry["meta"]
    severity = Severity.ERROR if entry["severity"] == "critical" else Severity.WARNING
    column = entry["kwargs"].get("column")
    return Measure(meta["gate"], meta["title"], table, column, entry["type"], severity, meta)


@cache
def measures() -> tuple[Measure, ...]:
    """Return everything that is measured, in the order of the checkpoint.

    Examples
    --------
    >>> measures()[0].name, measures()[0].kind
    ('articles-rows', 'rows')
    """
    found = []
    checkpoint = json.loads((PROJECT / "checkpoints" / "release.json").read_text(encoding="utf-8"))
    for table in (definition["name"] for definition in checkpoint["validation_definitions"]):
        suite = json.loads((PROJECT / "expectations" / f"{table}.json").read_text(encoding="utf-8"))
        found += [_measure(table, entry) for entry in suite["expectations"]]
    return tuple(found)


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _allowed(measure: Measure) -> str:
    settings = measure.settings
    if measure.kind == "rows":
        loss = f"a loss of {_percent(settings['loss'])}, in whole rows" if settings["loss"] else "no loss"
        return f"{loss}; growth to {settings['growth']} times, or by {settings['headroom']} rows"
    name = next(name for name in ("fall", "rise", "tolerance") if name in settings)
    change = "difference" if name == "tolerance" else name
    few = f" (at least {settings['rows']} rows)" if settings["rows"] else ""
    edited = f"a {change} of {_percent(settings[name])} of the rows{few}" if settings[name] else f"no {change}"
    return edited if settings["chance"] is None else f"{edited}; noise at p = {_percent(settings['chance'])}"


def measures_table() -> str:
    """Return all measures with what is allowed, as a Markdown table, for docs/release-gates.md.

    Examples
    --------
    >>> print(measures_table().splitlines()[2])
    | `articles-rows` | Rows of articles | a loss of 5 %, in whole rows; growth to 10 times, or by 100 rows | error |
    """
    rows = [
        f"| `{measure.name}` | {measure.title} | {_allowed(measure)} | {measure.severity} |" for measure in measures()
    ]
    return "| gate | what is measured | allowed compared with the older release | otherwise |\n|---|---|---|---|\n" + (
        "\n".join(rows) + "\n"
    )
