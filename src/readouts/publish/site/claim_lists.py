"""Lists of claims that the cells of tables lead to: a section of a list holds the claims of one cell, and no other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from readouts.analysis.sides import outermost_accounts
from readouts.datapackage.words import printable
from readouts.publish.site import address
from readouts.publish.site.page import Page
from readouts.publish.site.pagination import encoded_length, paginate
from readouts.publish.words import of_all, share_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.analysis.counted_claims import CountedClaim, CountedEvent
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData
    from readouts.publish.site.pagination import PageSlice

__all__ = ["Cell", "ClaimLine", "ClaimLines", "ClaimList", "Section"]

_LEVELS = (20, 40, 60, 80)
"""Shares, in per cent, from which a cell is a shade darker."""
_SECTION = 180_000
"""Bytes that a section may take on one page; a longer one goes on over several."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of claims, and where they are listed.

    Attributes
    ----------
    number, whole
        How many claims, and of how many they are a part; `whole` is None for a number that isn't a part.
    place
        The section that lists them; empty where there are none.
    title
        What they are.
    """

    number: int
    whole: int | None
    place: str
    title: str

    @property
    def words(self) -> str:
        """The numbers as text."""
        return f"{self.number:,}" if self.whole is None else f"{self.number:,} of {self.whole:,}"

    @property
    def share(self) -> str:
        """The share as text, where the whole is large enough for one."""
        return share_of(self.number, self.whole or 0)

    @property
    def level(self) -> int:
        """How dark the cell is, from 0 to 4; 0 where no share is shown."""
        return sum(100 * self.number >= least * (self.whole or 0) for least in _LEVELS) if self.share else 0


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim as a line: what one of its statements says, for whom, in which event, and the claims that it meets."""

    key: tuple[str, str]
    statement: str
    summary: str
    side: str
    event: Mapping[str, str]
    more: int
    against: tuple[tuple[str, str, str], ...] = ()

    @property
    def weight(self) -> int:
        """About how many bytes it takes on a page."""
        texts = (self.summary, self.event["title"], self.side, *(text for each in self.against for text in each))
        return 300 + 150 * len(self.against) + 2 * encoded_length(*texts) + 4 * len(self.statement)


class ClaimLines:
    """Claims as lines, each made once."""

    def __init__(self, site: SiteContext) -> None:
        self._data, self._across = site.data, site.across
        self._made: dict[tuple[str, str], ClaimLine] = {}

    @cached_property
    def _claims(self) -> Mapping[str, CountedClaim]:
        return {claim.key: claim for event in self._across.claims.events for claim in event.claims}

    def line(self, event: CountedEvent, claim: CountedClaim, side: str) -> ClaimLine:
        """Return a claim of one side as a line."""
        if (claim.key, side) not in self._made:
            statement = said_by(self._data, claim.statements, event.accounts[side])
            met = {other: group for group, other, _ in claim.answers if group == claim.group and group in CONTESTED}
            self._made[claim.key, side] = ClaimLine(
                (claim.key, side),
                statement,
                self._summary(statement),
                printable(event.called(side)),
                self._across.titled(event.event_id),
                len(claim.statements) - 1,
                tuple((CONTESTED[group], *self._other(event, other, side)) for other, group in met.items()),
            )
        return self._made[claim.key, side]

    def _other(self, event: CountedEvent, key: str, side: str) -> tuple[str, str]:
        opposite = event.accounts["b" if side == "a" else "a"]
        statement = said_by(self._data, self._claims[key].statements, opposite)
        return statement, self._summary(statement)

    def _summary(self, statement: str) -> str:
        return self._data.statements[statement]["summary"] or statement


CONTESTED = {"contradicted": "Contradicted by", "in_tension": "In tension with"}
"""The groups of claims that the two accounts don't agree on, as what leads to the claim of the other side."""


def said_by(data: SiteData, statements: Sequence[str], accounts: frozenset[str]) -> str:
    """Return the first statement that comes through some accounts; the first of all where none does."""
    for name in statements:
        if accounts & {*outermost_accounts(data.of("attributions", "statement_id", name))}:
            return name
    return statements[0]


@dataclass(frozen=True, slots=True)
class Section:
    """The claims of one cell, under a heading; `whole` is of how many they are a part, if they are one."""

    id: str
    heading: str
    lines: tuple[ClaimLine, ...]
    whole: int | None = None

    @property
    def words(self) -> str:
        """How many there are, as text."""
        return f"{len(self.lines):,}" if self.whole is None else of_all(len(self.lines), self.whole)


class ClaimList:
    """Claims in sections, on as many pages as they take.

    Parameters
    ----------
    name
        Folder and name of its pages.
    title, lede
        What it lists.
    sections
        Its sections; those without claims have a cell, and aren't shown.
    parts
        Whether the claims of each section are a part of others.
    """

    def __init__(
        self,
        name: tuple[str, tuple[str, ...]],
        title: str,
        lede: str,
        sections: Sequence[Section],
        *,
        parts: bool = False,
    ) -> None:
        self._name, self._title, self._lede, self._parts = name, title, lede, parts
        self._sections = {section.id: section for section in sections}
        stretches = [
            (section, part)
            for section in sections
            for part in paginate(section.lines, lambda line: line.weight, budget=_SECTION)
            if part.items
        ]
        self._pages = paginate(stretches, _weight)
        self._first: dict[str, int] = {}
        for leaf in self._pages:
            for section, _ in leaf.items:
                self._first.setdefault(section.id, leaf.number)

    def cell(self, section: str) -> Cell | None:
        """Return the number of claims in a section, with where they are; None where there is no such section."""
        found = self._sections.get(section)
        if found is None:
            return None
        number = self._first.get(section)
        place = "" if number is None else f"{address.place(*self._name, number)}#{section}"
        return Cell(len(found.lines), found.whole, place, f"{self._title}: {found.heading}")

    @property
    def number(self) -> int:
        """How many claims it has."""
        return sum(len(section.lines) for section in self._sections.values())

    @property
    def total(self) -> Cell | None:
        """The number of all its claims, with the list from its beginning; None for parts of nothing."""
        sections = self._sections.values()
        if self._parts and not sections:
            return None
        whole = sum(section.whole or 0 for section in sections) if self._parts else None
        place = address.place(*self._name) if self._first else ""
        return Cell(self.number, whole, place, self._title)

    def first(self, number: int) -> list[ClaimLine]:
        """Return its first claims."""
        return [line for section in self._sections.values() for line in section.lines][:number]

    def pages(self, trail: Sequence[tuple[str, str]]) -> Iterator[Page]:
        """Yield its pages; none where it lists nothing."""
        for leaf in self._pages if self._first else ():
            title = self._title if leaf.number == 1 else f"{self._title} (page {leaf.number} of {leaf.count})"
            values = {
                "title": title,
                "description": self._lede,
                "section": "patterns",
                "trail": trail,
                "leaf": leaf,
                "place_of_page": partial(address.place, *self._name),
                "index": [self.cell(name) for name in self._sections],
            }
            yield Page(address.place(*self._name, leaf.number), "claims.html", values)


def _weight(part: tuple[Section, PageSlice[ClaimLine]]) -> int:
    return 300 + sum(line.weight for line in part[1].items)
