"""The page of patterns: what each side leaves out and what is contested, by topic and by year, with lists of claims."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from readouts.analysis.counted_claims import OTHER
from readouts.analysis.overview_columns import ACCOUNTS
from readouts.datapackage.words import counted, printable
from readouts.publish.site import address
from readouts.publish.site.across import Pair, side_key, year_of
from readouts.publish.site.claim_lists import CONTESTED, ClaimList, Section
from readouts.publish.site.page import LISTS, Page
from readouts.publish.words import topic_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from readouts.analysis.counted_claims import Answer, CountedClaim, CountedEvent
    from readouts.publish.site.claim_lists import Cell, ClaimLine, ClaimLines
    from readouts.publish.site.context import SiteContext

__all__ = ["BY", "TRAIL", "Made", "Matrix", "Patterns", "left_out", "pages", "sections"]

_MOST_COLUMNS = 12
"""Sides that the tables of the page have a column for; the pages of pairs have all."""
TRAIL = [(LISTS["patterns"], address.listing("patterns"))]

Key = tuple[str, str]
"""Id of a section, and its heading."""
Made = tuple["CountedEvent", "CountedClaim", str]
"""A claim of an event, and the side that makes it."""


def _by_topic(event: CountedEvent, claim: CountedClaim) -> Key:
    del event
    return f"topic-{address.fragment(claim.topic)}", topic_name(claim.topic)


def _by_year(event: CountedEvent, claim: CountedClaim) -> Key:
    del claim
    year = year_of(event.date)
    return f"year-{year or 'unknown'}", year or "without a date"


BY: Mapping[str, Callable[[CountedEvent, CountedClaim], Key]] = {"topic": _by_topic, "year": _by_year}
"""What claims are put into sections by."""


def left_out(answers: Iterable[Answer], lines: ClaimLines, by: str = "topic") -> list[Section]:
    """Return, in sections, the claims of other sides that some accounts leave out, as parts of all of them."""
    found: dict[Key, list[Answer]] = {}
    for answer in answers:
        found.setdefault(BY[by](answer.event, answer.claim), []).append(answer)
    return [
        Section(name, heading, tuple(_left_out_lines(found[name, heading], lines)), len(found[name, heading]))
        for name, heading in sorted(found)
    ]


def _left_out_lines(answers: Iterable[Answer], lines: ClaimLines) -> Iterator[ClaimLine]:
    for each in answers:
        if each.fate == "left_out":
            yield lines.line(each.event, each.claim, OTHER[each.side])


def sections(found: Iterable[Made], lines: ClaimLines, by: str = "topic") -> list[Section]:
    """Return claims in sections, each claim with the side that makes it."""
    made: dict[Key, list[ClaimLine]] = {}
    for event, claim, side in found:
        made.setdefault(BY[by](event, claim), []).append(lines.line(event, claim, side))
    return [Section(name, heading, tuple(made[name, heading])) for name, heading in sorted(made)]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table of numbers of claims.

    Attributes
    ----------
    groups
        Headings over several columns each: text, page, and how many columns.
    columns
        Headings of the columns.
    rows
        Heading of each row, and its cells; None where there is nothing to count.
    """

    groups: tuple[tuple[str, str, int], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Side:
    """The accounts of one side in the talks with another: what they leave out, by topic and by year."""

    keys: tuple[str, str]
    own: str
    other: str
    claims: int
    lists: Mapping[str, ClaimList]


class Patterns:
    """The lists of claims of sides and of pairs, and the tables that lead to them."""

    def __init__(self, site: SiteContext) -> None:
        self._site = site
        across, lines = site.across, site.lines
        by_side: dict[tuple[str, str], list[Answer]] = {}
        for answer in across.claims.answers():
            by_side.setdefault(_keys(answer), []).append(answer)
        self.sides = {keys: _side(keys, by_side[keys], lines) for keys in by_side}
        by_pair: dict[Pair, list[Made]] = {}
        for event in across.claims.counted:
            pair = across.pair(event.event_id)
            if pair is not None:
                by_pair.setdefault(pair, []).extend(
                    (event, claim, _maker(site, event, claim)) for claim in event.claims
                )
        self.pairs = {pair: _contested(pair, by_pair[pair], lines) for pair in by_pair}
        claims = [(event, claim) for event in across.claims.events for claim in event.claims]
        topics = Counter(_by_topic(event, claim) for event, claim in claims)
        self._rows = {
            "topic": sorted(topics, key=lambda key: (-topics[key], key)),
            "year": sorted({_by_year(event, claim) for event, claim in claims}),
        }

    def left_out(self, by: str, sides: Sequence[_Side]) -> Matrix:
        """Return what sides leave out."""
        groups = [(own, "", len(list(found))) for own, found in groupby(sides, key=lambda side: side.own)]
        columns = [f"of {side.other}" for side in sides]
        return self.matrix([side.lists[by] for side in sides], groups, columns, by)

    def contested(self, by: str, pairs: Sequence[Pair]) -> Matrix:
        """Return what is contradicted and what is in tension between pairs of sides."""
        lists = [self.pairs[pair][group][by] for pair in pairs for group in CONTESTED]
        groups = [(f"{pair.names[0]} and {pair.names[1]}", pair.place, len(CONTESTED)) for pair in pairs]
        columns = [group.replace("_", " ") for _ in pairs for group in CONTESTED]
        return self.matrix(lists, groups, columns, by)

    def matrix(
        self,
        lists: Sequence[ClaimList],
        groups: Sequence[tuple[str, str, int]],
        columns: Sequence[str],
        by: str = "topic",
    ) -> Matrix:
        """Return a table with a column for each of some lists, and all of their claims in the last row."""
        rows = [(heading, tuple(each.cell(name) for each in lists)) for name, heading in self._rows[by]]
        total = f"all {by}s", tuple(each.total for each in lists)
        return Matrix(tuple(groups), tuple(columns), (*(row for row in rows if any(row[1])), total))

    def shown(self) -> tuple[list[_Side], list[Pair]]:
        """Return the sides and pairs that have a column, those with most claims, in the order of their names."""
        sides = sorted(self.sides.values(), key=lambda side: (-side.claims, side.keys))
        pairs = sorted(self.pairs, key=lambda pair: (-self._contested(pair), pair.keys))
        return (
            sorted(sides[:_MOST_COLUMNS], key=lambda side: (side.own, side.other, side.keys)),
            sorted(pairs[: _MOST_COLUMNS // len(CONTESTED)], key=lambda pair: (pair.names, pair.keys)),
        )

    def _contested(self, pair: Pair) -> int:
        return sum(lists["topic"].number for lists in self.pairs[pair].values())

    def list_pages(self) -> Iterator[Page]:
        """Yield the pages of all lists."""
        for side in self.sides.values():
            for each in side.lists.values():
                yield from each.pages(TRAIL)
        for groups in self.pairs.values():
            for lists in groups.values():
                for each in lists.values():
                    yield from each.pages(TRAIL)


def _keys(answer: Answer) -> tuple[str, str]:
    event, own, other = answer.event, answer.side, OTHER[answer.side]
    return side_key(event.ids[own], event.called(own)), side_key(event.ids[other], event.called(other))


def _side(keys: tuple[str, str], answers: Sequence[Answer], lines: ClaimLines) -> _Side:
    first = answers[0]
    own, other = (printable(first.event.called(side)) for side in (first.side, OTHER[first.side]))
    title = f"Left out by {own}, of the claims of {other}"
    lists = {}
    for by in BY:
        lede = f"Claims that an account of {other} makes and those of {own} neither make nor answer, by {by}."
        lists[by] = ClaimList(("patterns", _named(keys, by)), title, lede, left_out(answers, lines, by), parts=True)
    return _Side(keys, own, other, len(answers), lists)


def _named(keys: tuple[str, str], by: str, *words: str) -> tuple[str, ...]:
    return (*keys, *words, *(() if by == "topic" else (f"by-{by}",)))


def _contested(pair: Pair, found: Sequence[Made], lines: ClaimLines) -> dict[str, dict[str, ClaimList]]:
    first, second = pair.names
    made: dict[str, dict[str, ClaimList]] = {}
    for group, (words, meaning) in _GROUPS.items():
        claims = [each for each in found if each[1].group == group]
        for by in BY:
            name = "patterns", _named(pair.keys, by, group.replace("_", "-"))
            lede = f"Claims of {first} or {second} {meaning} one of the other side, by {by}."
            title = f"{words}: {first} and {second}"
            made.setdefault(group, {})[by] = ClaimList(name, title, lede, sections(claims, lines, by))
    return made


_GROUPS = {
    "contradicted": ("Contradicted", "that are contradicted by"),
    "in_tension": ("In tension", "that are in tension with"),
}


def _maker(site: SiteContext, event: CountedEvent, claim: CountedClaim) -> str:
    """Return the side that makes a claim: that of an account, else that of its first statement."""
    for side in OTHER:
        if event.makes(claim, side):
            return side
    side = site.data.voices[claim.statements[0]].side if claim.group in CONTESTED else "a"
    return side if side in OTHER else "a"


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the page of patterns, and the lists of claims that its cells and those of pairs lead to."""
    patterns, claims = site.patterns, site.across.claims
    sides, pairs = patterns.shown()
    states = Counter(event.state for event in claims.events)
    yield Page(
        address.listing("patterns"),
        "patterns.html",
        {
            "title": LISTS["patterns"],
            "description": "What each side leaves out of the other’s claims, and what they contest, across events.",
            "section": "patterns",
            "events": len(claims.counted),
            "not_counted": [
                (counted(states[state], "event"), words)
                for state, words in ACCOUNTS.items()
                if state != "in_full" and states[state]
            ],
            "left_out": {by: patterns.left_out(by, sides) for by in BY} if sides else {},
            "contested": {by: patterns.contested(by, pairs) for by in BY} if pairs else {},
            "issuers": [site.issuers.row(name) for name in site.across.issuers],
            "more": len(patterns.sides) > len(sides) or len(patterns.pairs) > len(pairs),
        },
    )
    yield from patterns.list_pages()
