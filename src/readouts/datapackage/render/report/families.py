"""The order of findings in every report: from what loses data to what is only style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import Report

__all__ = ["FAMILIES", "Family", "by_loss", "counts_by_loss", "family"]


@dataclass(frozen=True, slots=True)
class Family:
    """Codes of one kind of harm."""

    name: str
    title: str
    codes: frozenset[str]


def _family(name: str, title: str, codes: str) -> Family:
    return Family(name, title, frozenset(codes.split()))


FAMILIES = (
    _family(
        "files",
        "Can't be read, or is not what was published",
        "yaml-unreadable yaml-limit package-error resource-error schema-error scheme-error encoding-error format-error "
        "source-error hash-count byte-count file-name anchor-broken text-missing text-unreadable text-ambiguous "
        "text-differs peer-failed unsupported-feature profile-unknown resource-limit null-byte unterminated-quote",
    ),
    _family(
        "structure",
        "Not the rows and columns that the schema has",
        "duplicate-label blank-label incorrect-label extra-label missing-label blank-row extra-cell missing-cell "
        "duplicate-key unknown-key missing-key wrong-shape stray-quote",
    ),
    _family("keys", "Rows that can't be told apart", "primary-key unique-error duplicate-span id-prefix"),
    _family("references", "References that lead nowhere", "foreign-key anchor-unused recipient-missing lineage-broken"),
    _family("release", "Worse than the release before", "release-gate gate-note"),
    _family(
        "spans",
        "Positions that don't hold",
        "span-outside-article span-edge quote-left quote-not-found quote-ambiguous not-anchored fingerprint-differs",
    ),
    _family("types", "Values that are not of their type", "type-error"),
    _family("constraints", "Values that their field doesn't allow", "constraint-error mode-misfit context-unknown"),
    _family(
        "rules",
        "Rules between columns and tables that don't hold",
        "span-owner-missing span-step-missing boilerplate-annotated article-differs content-missing extent-differs "
        "parent-uncovered parent-cycle chain-broken step-unnamed speaker-differs own-outlet account-issuer "
        "account-not-carried dates-reversed alignment-order event-differs entity-kind wikidata-status",
    ),
    _family(
        "style",
        "Written otherwise than it should be",
        "summary-copies-source stale-package line-ending byte-order-mark",
    ),
)
"""Families of codes, from what loses data to what is only style: the order of every report."""
_RULES = next(rank for rank, entry in enumerate(FAMILIES) if entry.name == "rules")
"""Codes that no family names are rules."""
_RANKS = {code: rank for rank, entry in enumerate(FAMILIES) for code in entry.codes}


def family(code: str) -> Family:
    """Return the family of a code.

    Examples
    --------
    >>> family("primary-key").name, family("speaker-mismatch").name
    ('keys', 'rules')
    """
    return FAMILIES[_RANKS.get(code, _RULES)]


def _rank(code: str) -> tuple[int, str]:
    return _RANKS.get(code, _RULES), code


def by_loss(incidents: Iterable[Incident]) -> list[Incident]:
    """Return findings with those that lose data or references first; within a code they keep their order.

    Examples
    --------
    >>> from readouts.datapackage.incident import incident
    >>> [finding.code for finding in by_loss([incident("type-error", ""), incident("missing-cell", "")])]
    ['missing-cell', 'type-error']
    """
    return sorted(incidents, key=lambda finding: _rank(finding.code))


def counts_by_loss(report: Report) -> list[tuple[str, int]]:
    """Return code and number of findings, losses first."""
    return sorted(report.counts.items(), key=lambda item: _rank(item[0]))
