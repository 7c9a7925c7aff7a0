"""Dates and relations as text, as all pages put them."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from readouts.publish.site.pagination import encoded_length
from readouts.publish.words import relation_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.data import SiteData

__all__ = ["date_text", "relation_rows", "relation_weight"]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@cache
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


_MOST_TOGETHER = 200
"""Relations of the same two parties in one row; further ones are in another, so that pages can be cut between them."""


def relation_rows(data: SiteData, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return relations as pages show them, the most frequent first: who did what to whom, and according to what.

    Relations of the same subject, predicate, mode and object are one row, with a source for each of them.
    """
    groups: dict[tuple[str | None, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in ("subject_id", "predicate", "mode", "object_id")), []).append(row)
    found = []
    for (subject, predicate, mode, target), members in sorted(groups.items(), key=lambda group: -len(group[1])):
        for start in range(0, len(members), _MOST_TOGETHER):
            sources = [_relation_source(data, row) for row in members[start : start + _MOST_TOGETHER]]
            found.append(
                {
                    "subject": (data.name(subject), subject),
                    "predicate": relation_text(predicate, mode),
                    "code": predicate,
                    "object": (data.name(target), target) if target else None,
                    "statuses": list(Counter(source["status"] for source in sources).items()),
                    "approximate": all(source["approximate"] for source in sources),
                    "sources": sources,
                }
            )
    return found


def _relation_source(data: SiteData, row: Row) -> dict[str, Any]:
    statement, article = row["statement_id"], row["article_id"]
    dates = [date_text(row["valid_from"]), date_text(row["valid_to"])]
    said = data.statements.get(statement or "")
    return {
        "status": row["status"] or "",
        "approximate": row["fit"] == "approximate",
        "since": " – ".join(dates) if any(dates) else "",
        "statement": (said["summary"] or statement, statement) if said is not None else None,
        "article": (data.outlet(article), article) if article in data.articles else None,
    }


def relation_weight(row: Mapping[str, Any]) -> int:
    """Return about how many bytes a row of relations takes on a page."""
    names = [each[0] for each in (row["subject"], row["object"]) if each is not None]
    texts = [each[0] for source in row["sources"] for each in (source["statement"], source["article"]) if each]
    return 1100 + 300 * len(row["sources"]) + 2 * encoded_length(*names, *texts)
