"""The calendar: all events by year and month, with their sides and how their claims fall into groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from readouts.datapackage.words import counted
from readouts.publish.site import address
from readouts.publish.site.across import year_of
from readouts.publish.site.drawings import balance
from readouts.publish.site.labels import MONTHS
from readouts.publish.site.page import LISTS, Page
from readouts.publish.site.pagination import encoded_length, paginate
from readouts.publish.site.statement_view import side_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.pagination import PageSlice

__all__ = ["pages"]

_UNDATED = "Without a date"
_WIDE = {"year": 0, "month": 1, "week": 2}
"""Dates that aren't to the day come first in their month, the vaguest before the others."""


@dataclass(frozen=True, slots=True)
class _When:
    """Where an event is in the calendar; an empty year for one without a date, an empty month if only that is known."""

    year: str
    month: str
    day: str

    @classmethod
    def of(cls, row: Row) -> _When:
        """Read the date of an event; one that isn't a date counts as none."""
        date = row["date"] or ""
        if not year_of(date):
            return cls("", "", "")
        year, month, day = date.split("-")
        precision = row["date_precision"]
        if precision == "year":
            return cls(year, "", "")
        days = {"month": "", "week": f"week of {int(day)}"}
        return cls(year, f"{int(month):02}", days.get(precision or "", str(int(day))))

    @property
    def fragment(self) -> str:
        """The place of its month."""
        return "-".join(filter(None, (f"y{self.year or 'none'}", self.month)))

    @property
    def heading(self) -> str:
        """Its month as text."""
        if not self.year:
            return _UNDATED
        return f"{MONTHS[int(self.month) - 1]} {self.year}" if self.month else f"{self.year}, month not known"


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the pages of the calendar."""
    events = site.data.events

    def order(name: str) -> tuple[bool, str, int, str]:
        row = events[name]
        known = bool(_When.of(row).year)
        return not known, (row["date"] or "") if known else "", _WIDE.get(row["date_precision"] or "", 3), name

    found = paginate(sorted(events, key=order), lambda name: 1700 + 4 * encoded_length(events[name]["title"]))
    place = partial(address.listing, "calendar")
    years = _years(site, found)
    for leaf in found:
        months = [
            (when.fragment, when.heading, [_event(site, name) for name in names])
            for when, names in groupby(leaf.items, lambda name: _month(events[name]))
        ]
        yield Page(
            place(leaf.number),
            "calendar.html",
            {
                "title": "Calendar" if leaf.number == 1 else f"Calendar (page {leaf.number} of {leaf.count})",
                "description": f"{counted(leaf.total, 'event')} by year and month.",
                "section": "events",
                "trail": [(LISTS["events"], address.listing("events"))],
                "leaf": leaf,
                "years": years,
                "letters": [(month[:3], month) for month in MONTHS],
                "months": months,
                "place_of_page": place,
            },
        )


def _month(row: Row) -> _When:
    when = _When.of(row)
    return _When(when.year, when.month, "")


def _years(site: SiteContext, found: Sequence[PageSlice[Any]]) -> list[tuple[str, int, list[tuple[int, str]]]]:
    """Return, for each year, how many events it has, and how many each month has, with where they are."""
    counts: dict[_When, int] = {}
    places: dict[_When, str] = {}
    for leaf in found:
        for name in leaf.items:
            month = _month(site.data.events[name])
            counts[month] = counts.get(month, 0) + 1
            places.setdefault(month, f"{address.listing('calendar', leaf.number)}#{month.fragment}")
    years = []
    for year in sorted({month.year for month in counts} - {""}):
        months = [_When(year, f"{number + 1:02}", "") for number in range(len(MONTHS))]
        total = sum(number for month, number in counts.items() if month.year == year)
        years.append((year, total, [(counts.get(month, 0), places.get(month, "")) for month in months]))
    return years


def _event(site: SiteContext, name: str) -> Mapping[str, Any]:
    comparison = site.data.comparisons[name]
    names, counts = side_names(comparison), comparison.counts
    accounts, pair = site.across.compared(name), site.across.pair(name)
    return {
        **site.across.titled(name),
        "day": _When.of(site.data.events[name]).day,
        "pair": pair,
        "talks": pair in site.across.talks,
        "names": names,
        "counts": counts,
        "balance": balance(counts, names) if accounts else [],
        "statements": len(site.data.event_statements(name)),
    }
