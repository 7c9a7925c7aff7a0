"""Dates, relations and values as text, as all pages put them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from readouts.corpus_schema.tables import tables
from readouts.publish.site.pagination import encoded_length
from readouts.publish.words import predicate_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.data import SiteData

__all__ = ["date_text", "meaning", "relation_rows", "relation_weight", "review_text"]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def date_text(date: str | None, precision: str | None = "day") -> str:
    """Return a date as text, as precise as it is known.

    Examples
    --------
    >>> date_text("2014-03-06"), date_text("2014-03-24", "week"), date_text("2014-03-01", "month")
    ('6 March 2014', 'week of 24 March 2014', 'March 2014')
    >>> date_text(None), date_text("soon")
    ('', 'soon')
    """
    year, _, rest = (date or "").partition("-")
    month, _, day = rest.partition("-")
    if not (year.isdigit() and month.isdigit() and day.isdigit() and 1 <= int(month) <= 12):
        return date or ""
    if precision == "year":
        return year
    if precision == "month":
        return f"{MONTHS[int(month) - 1]} {year}"
    return f"{'week of ' if precision == 'week' else ''}{int(day)} {MONTHS[int(month) - 1]} {year}"


REVIEWS = {
    "machine": "that no person has read: automated passes only, however many",
    "one_human": "that one person has read and confirmed",
    "two_humans": "that two persons have read and confirmed independently",
    "adjudicated": "that two persons have read, and a third has settled their differences",
}


def review_text(value: str) -> str:
    """Return how statements were read, as a phrase that follows one statement or many.

    Examples
    --------
    >>> review_text("one_human"), review_text("by_committee")
    ('that one person has read and confirmed', 'whose review is by committee')
    """
    return REVIEWS.get(value) or f"whose review is {value.replace('_', ' ')}"


@cache
def _meanings(table: str, column: str) -> dict[str, str]:
    return {category.value: category.label for category in tables()[table].field(column).categories}


def meaning(table: str, column: str, value: str | None) -> str:
    """Return what a value of a closed list means, as the schema has it; nothing for one that it doesn't have.

    Examples
    --------
    >>> meaning("statements", "act", "urge")
    'Presses the addressee to act.'
    """
    return _meanings(table, column).get(value or "", "")


def relation_rows(data: SiteData, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return relations as pages show them: who did what to whom, in which state, according to which statement."""
    found = []
    for row in rows:
        statement, article = row["statement_id"], row["article_id"]
        dates = [date_text(row["valid_from"]), date_text(row["valid_to"])]
        found.append(
            {
                "subject": (data.name(row["subject_id"]), row["subject_id"]),
                "predicate": predicate_text(row["predicate"]) + (f" ({row['mode']})" if row["mode"] else ""),
                "object": (data.name(row["object_id"]), row["object_id"]) if row["object_id"] else None,
                "status": row["status"] or "",
                "approximate": row["fit"] == "approximate",
                "since": " – ".join(dates) if any(dates) else "",
                "statement": statement if statement in data.statements else None,
                "article": (data.outlet(article), article) if article in data.articles else None,
            }
        )
    return found


def relation_weight(row: Mapping[str, Any]) -> int:
    """Return about how many bytes a relation takes on a page."""
    names = [each[0] for each in (row["subject"], row["object"], row["article"]) if each is not None]
    return 700 + 2 * encoded_length(*names)
