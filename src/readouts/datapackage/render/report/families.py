"""The order of findings in every report: from what loses data to what is only style."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.incident import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import ReportData

__all__ = ["FAMILIES", "by_loss", "counts_by_loss", "family"]


FAMILIES = {
    "unchecked": "Could not be checked",
    "files": "Can't be read, or is not what was published",
    "structure": "Not the rows and columns that the schema has",
    "keys": "Rows that can't be told apart",
    "references": "References without a target",
    "release": "Worse than the release before",
    "spans": "Wrong positions",
    "types": "Values that are not of their type",
    "constraints": "Values that their field doesn't allow",
    "rules": "Violated rules between columns and tables",
    "style": "Not in the expected form",
}
"""Titles of the families of codes: what nobody knows, then from what loses data to what is only style.

It is the order of every report.
"""
_RANKS = {name: rank for rank, name in enumerate(FAMILIES)}


def family(code: str) -> str:
    """Return the family of a code; a code that is not registered is one of a rule.

    Examples
    --------
    >>> family("primary-key"), family("sum-differs")
    ('keys', 'rules')
    """
    return CODES[code].family if code in CODES else "rules"


def _rank(code: str) -> tuple[int, str]:
    return _RANKS[family(code)], code


def by_loss(incidents: Iterable[Incident]) -> list[Incident]:
    """Return findings with those that lose data or references first; within a code they keep their order.

    Examples
    --------
    >>> from readouts.datapackage.incident import incident
    >>> [finding.code for finding in by_loss([incident("type-error", ""), incident("missing-cell", "")])]
    ['missing-cell', 'type-error']
    """
    return sorted(incidents, key=lambda finding: _rank(finding.code))


def counts_by_loss(report: ReportData) -> list[tuple[str, int]]:
    """Return code and number of findings, losses first."""
    return sorted(report.counts.items(), key=lambda item: _rank(item[0]))
