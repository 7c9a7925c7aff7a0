"""Pictures of the pages as plain values; templates draw them as SVG, and the stylesheet gives them their colours.

A colour of the stylesheet follows the theme, which one in the picture couldn't. Colour is never the only sign: every
mark has a title, and place or words say the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from readouts.datapackage.words import counted
from readouts.publish.site.labels import MONTHS, date_text
from readouts.publish.words import GROUP_TITLES, predicate_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.publish.site.data import SiteData
    from readouts.publish.site.statement_view import StatementView

__all__ = ["Bar", "Neighbour", "Point", "Year", "balance", "neighbours", "strip", "timeline"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a line: where it begins, how long it is (both in hundredths of the whole), what it shows.

    `target` is the place on the page that it leads to, if it does.
    """

    kind: str
    start: float
    length: float
    title: str
    target: str = ""
    lane: int = 0


_BALANCE = ("only_a", "contradicted", "in_tension", "partly", "both", "only_b")


def balance(counts: Mapping[str, int], names: Mapping[str, str]) -> list[Bar]:
    """Return how the claims of sides a and b fall, from what a alone says to what b alone says.

    Examples
    --------
    >>> counts = {"only_a": 1, "in_tension": 2, "both": 1, "third": 5}
    >>> bars = balance(counts, {"a": "Marek", "b": "Ostrova"})
    >>> [(bar.kind, bar.start, bar.length) for bar in bars]
    [('only_a', 0.0, 25.0), ('in_tension', 25.0, 50.0), ('both', 75.0, 25.0)]
    """
    words = {kind: GROUP_TITLES[kind].format(**names) for kind in _BALANCE}
    total = sum(counts.get(kind, 0) for kind in words)
    bars, start = [], 0.0
    for kind, label in words.items():
        if not counts.get(kind):
            continue
        length = 100 * counts[kind] / total
        bars.append(Bar(kind, round(start, 2), round(length, 2), f"{label}: {counts[kind]:,}"))
        start += length
    return bars


LANES = {"a": 0, "both": 1, "third": 1, "b": 2}
"""Where the statements of a side lie on the strip of an article: above, between, below."""


def strip(data: SiteData, article: str, found: Sequence[StatementView]) -> list[Bar]:
    """Return where the regions and accounts of an article, and some of its statements, lie in its text."""
    row = data.articles[article]
    length = max(int(row["character_count"] or 0), 1)

    def bar(kind: str, place: tuple[int, int], title: str, target: str = "", lane: int = 0) -> Bar:
        start, end = place
        begin = 100 * min(max(start, 0), length) / length
        wide = 100 * min(max(end - start, 1), length) / length
        return Bar(kind, round(begin, 3), round(max(min(wide, 100 - begin), 0.25), 3), title, target, lane)

    bars = [bar("region", (span.start, span.end), REGIONS[span.role]) for span in data.regions(article)]
    for carriage in data.of("carriages", "article_id", article):
        account = data.by_id("accounts").get(carriage["account_id"] or "")
        if carriage["start"] and carriage["end"] and account:
            title = f"Account of {data.name(account['issuer_id'])}, {carriage['completeness']}"
            side = account["side"] or "third"
            bars.append(bar(f"account-{side}", (int(carriage["start"]), int(carriage["end"])), title))
    bars += [
        bar(
            f"side-{said.side}",
            (said.start, said.end),
            f"{said.side_name}: {said.summary}",
            said.fragment,
            LANES[said.side],
        )
        for said in found
    ]
    return bars


REGIONS = {"headline": "Headline", "caption": "Caption", "boilerplate": "Site furniture"}


@dataclass(frozen=True, slots=True)
class Point:
    """An event on the timeline: its month, its place in the stack of that month, from the bottom, and what it is."""

    name: str
    title: str
    when: str
    has_accounts: bool
    month: int | None
    across: int = 0
    up: int = 0


@dataclass(frozen=True, slots=True)
class Year:
    """A row of the timeline: a year with its events, years without any, or the events without a date.

    Where the events are too many for marks, `bars` has one for each month.
    """

    label: str
    count: int
    height: int = 0
    points: tuple[Point, ...] = ()
    bars: tuple[Bar, ...] = ()


MOST_POINTS = 400
"""Events from which the timeline counts them by month."""
STACK, PITCH = 2, 10
"""Marks next to each other in a month, and how far apart they are: as many as fit on a phone."""
TALLEST = 40


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def timeline(data: SiteData) -> list[Year]:
    """Return the events of a corpus year by year, those of a month stacked; nothing if no event has a date.

    Examples
    --------
    >>> import readouts
    >>> from readouts.publish.site.data import SiteData
    >>> drawn = timeline(SiteData(readouts.load()))
    >>> sum(year.count for year in drawn) == len(readouts.load().events), drawn[0].label
    (True, '2014')
    """
    years: dict[int | None, list[tuple[date | None, str]]] = {}
    for name, row in data.events.items():
        day = _day(row["date"])
        years.setdefault(day.year if day else None, []).append((day, name))
    undated = years.pop(None, [])
    if not years:
        return []
    counted_only = len(data.events) > MOST_POINTS
    months = Counter(day.replace(day=1) for found in years.values() for day, _ in found if day)
    rows: list[Year] = []
    for year in sorted(known for known in years if known is not None):
        if rows and (last := int(rows[-1].label)) + 1 < year:
            rows.append(Year(f"{last + 1}–{year - 1}" if last + 2 < year else str(year - 1), 0))
        if counted_only:
            rows.append(Year(str(year), len(years[year]), TALLEST, bars=_bars(year, months)))
        else:
            rows.append(_year(data, str(year), years[year]))
    if undated:
        rows.append(Year("Undated", len(undated)) if counted_only else _year(data, "Undated", undated))
    return rows


def _year(data: SiteData, label: str, found: Sequence[tuple[date | None, str]]) -> Year:
    """Return the events of a year, in the order of time; in each stack those with accounts are at the bottom."""
    stacks: Counter[int] = Counter()
    points = []
    told = {name: bool(data.of("accounts", "event_id", name)) for _, name in found}
    for day, name in sorted(found, key=lambda each: (not told[each[1]], each[0] or date.max, each[1])):
        row = data.events[name]
        month = day.month - 1 if day is not None and row["date_precision"] != "year" else None
        across = up = 0
        if month is not None:
            up, across = divmod(stacks[month], STACK)
            stacks[month] += 1
        when = date_text(row["date"], row["date_precision"])
        points.append((day or date.max, Point(name, row["title"] or name, when, told[name], month, across, up)))
    height = -(-max(stacks.values(), default=0) // STACK) * PITCH
    points.sort(key=lambda each: (each[0], each[1].name))
    return Year(label, len(found), height, tuple(point for _, point in points))


def _bars(year: int, months: Mapping[date, int]) -> tuple[Bar, ...]:
    highest = max(months.values())
    return tuple(
        Bar(
            "month",
            round(100 * (day.month - 1) / 12, 2),
            round(90 / 12, 2),
            f"{MONTHS[day.month - 1]} {day.year}: {counted(number, 'event')}",
            lane=max(round(TALLEST * number / highest), 1),
        )
        for day, number in sorted(months.items())
        if day.year == year
    )


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody an entity is related with: how often it acts on them, how often they on it, and by what."""

    entity: str
    name: str
    out: int
    into: int
    words: str


def neighbours(data: SiteData, entity: str, most: int = 14) -> tuple[list[Neighbour], int]:
    """Return the entities that one is related with, most relations first, and how many more there are.

    Examples
    --------
    >>> import readouts
    >>> from readouts.publish.site.data import SiteData
    >>> found, more = neighbours(SiteData(readouts.load()), "barack-obama")
    >>> found[0].name
    'Vladimir Putin'
    """
    out: dict[str, list[str]] = {}
    into: dict[str, list[str]] = {}
    for row in data.of("relations", "subject_id", entity):
        if row["object_id"] and row["object_id"] != entity:
            out.setdefault(row["object_id"], []).append(predicate_text(row["predicate"]))
    for row in data.of("relations", "object_id", entity):
        if row["subject_id"] and row["subject_id"] != entity:
            into.setdefault(row["subject_id"], []).append(predicate_text(row["predicate"]))
    found = []
    for other in {*out, *into}:
        acts, suffers = out.get(other, []), into.get(other, [])
        counts = Counter([*acts, *suffers])
        words = ", ".join(name if number == 1 else f"{name} ×{number}" for name, number in sorted(counts.items()))
        found.append(Neighbour(other, data.name(other), len(acts), len(suffers), words))
    found.sort(key=lambda each: (-(each.out + each.into), each.name, each.entity))
    return found[:most], max(len(found) - most, 0)
