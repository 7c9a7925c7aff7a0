"""Pictures of the pages as plain values; templates draw them as SVG, and the stylesheet gives them their colours.

A colour of the stylesheet follows the theme, which one in the picture couldn't. Colour is never the only sign: every
mark has a title, and place or words say the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from readouts.datapackage.words import counted, shortened
from readouts.publish.site.labels import MONTHS, date_text
from readouts.publish.words import GROUP_TITLES, predicate_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from readouts.publish.site.data import SiteData
    from readouts.publish.site.statement_view import StatementView

__all__ = ["Bar", "Neighbour", "Point", "Timeline", "balance", "fitted", "neighbours", "strip", "timeline"]


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
    """An event on the timeline: where it begins and ends (in units of the picture), its lane, and its label."""

    name: str
    x: float
    width: float
    lane: int
    label: str
    title: str
    label_before: bool
    has_accounts: bool
    long: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events along a line of time, each in a lane where its label doesn't meet another one."""

    width: int
    height: int
    ticks: tuple[tuple[float, str], ...]
    points: tuple[Point, ...]
    bars: tuple[Bar, ...] = ()


WIDE, EDGE, LANE, TOP = 1000, 14, 22, 34
LETTER, BOLD_LETTER = 6.7, 7.5
SHORTEST, LONGEST = 12, 96
MOST_LABELLED, MOST_POINTS = 36, 400
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def timeline(data: SiteData) -> Timeline | None:
    """Return the events of a corpus along a line of time; None if no event has a date.

    Few events have their titles next to them; many are marks only; where they are too many for marks, there is a bar
    for each month or year, as high as the events in it.

    Examples
    --------
    >>> import readouts
    >>> from readouts.publish.site.data import SiteData
    >>> drawn = timeline(SiteData(readouts.load()))
    >>> len(drawn.points) == int(readouts.load().events["date"].notna().sum()), drawn.ticks[0][1]
    (True, '2014')
    """
    found = []
    for name, row in data.events.items():
        day = _day(row["date"])
        if day is not None:
            found.append((day, DAYS.get(row["date_precision"] or "day", 1), name))
    if not found:
        return None
    found.sort()
    first = found[0][0].replace(day=1)
    last = max(day + timedelta(days=days) for day, days, _ in found)
    span = max((last - first).days, 28)
    scale = (WIDE - 2 * EDGE) / span

    def across(day: date) -> float:
        return round(EDGE + (day - first).days * scale, 1)

    ticks = _ticks(first, first + timedelta(days=span), across)
    if len(found) > MOST_POINTS:
        return _months([day for day, _, _ in found], ticks, across)
    labelled = len(found) <= MOST_LABELLED
    lanes: list[float] = []
    points = []
    # Those that parties published accounts of come first, and so on top.
    for day, days, name in sorted(found, key=lambda each: (not data.of("accounts", "event_id", each[2]), each)):
        row = data.events[name]
        title = row["title"] or name
        x, wide = across(day), round(max(days * scale, 9) if days > 1 else 9, 1)
        wide = min(wide, WIDE - x)
        has_accounts = bool(data.of("accounts", "event_id", name))
        letter = BOLD_LETTER if has_accounts else LETTER
        label = fitted(title, (max(x, WIDE - x - wide) - 8) / letter) if labelled else ""
        long = len(label) * letter + 8 if label else 0
        before = x + wide + long > WIDE and x - long > 0
        start, end = (x - long, x + wide) if before else (x, x + wide + long)
        lane = next((number for number, taken in enumerate(lanes) if taken + 6 <= start), len(lanes))
        if lane == len(lanes):
            lanes.append(0)
        lanes[lane] = end
        when = date_text(row["date"], row["date_precision"])
        points.append(Point(name, x, wide, lane, label, f"{title}, {when}", before, has_accounts, days > 1))
    return Timeline(WIDE, TOP + len(lanes) * LANE + 8, ticks, tuple(points))


def fitted(title: str, room: float) -> str:
    """Return a title as it fits into the room for so many letters: cut, or nothing where too little would be left."""
    most = min(LONGEST, int(room))
    return shortened(title, most) if len(title) <= most or most >= SHORTEST else ""


def _ticks(first: date, last: date, across: Callable[[date], float]) -> tuple[tuple[float, str], ...]:
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((each for each in (1, 3, 12, 24, 60, 120) if months / each <= 9), 240)
    found, year, month = [], first.year, first.month
    while (day := date(year, month, 1)) <= last:
        found.append((across(day), f"{MONTHS[month - 1]} {year}" if step < 12 else str(year)))
        year, month = year + (month - 1 + step) // 12, (month - 1 + step) % 12 + 1
    # A label at the very edge would be cut.
    return tuple((x, label) for x, label in found if x < WIDE - 60)


def _months(days: Sequence[date], ticks: tuple[tuple[float, str], ...], across: Callable[[date], float]) -> Timeline:
    counts = Counter(day.replace(day=1) for day in days)
    highest = max(counts.values())
    bars = []
    for month, number in sorted(counts.items()):
        following = (month + timedelta(days=32)).replace(day=1)
        start = across(month)
        length = max(min(across(following), WIDE) - start - 1, 1)
        title = f"{MONTHS[month.month - 1]} {month.year}: {counted(number, 'event')}"
        bars.append(Bar("month", start, round(length, 1), title, lane=round(100 * number / highest)))
    return Timeline(WIDE, TOP + 120, ticks, (), tuple(bars))


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
