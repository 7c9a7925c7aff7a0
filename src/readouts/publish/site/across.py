"""What the pages that look across events share: sides and pairs of sides, their talks, and the claims that count."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readouts.analysis.counted_claims import CountedClaims
from readouts.analysis.sides import SIDES
from readouts.datapackage.words import printable
from readouts.publish.site import address
from readouts.publish.site.labels import date_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.data import SiteData

__all__ = ["Across", "Pair", "side_key", "year_of"]

_TALKS = frozenset({"call", "meeting", "session", "visit"})
"""Kinds of events in which parties talk with each other; of the others, those with an account of each side count."""


def side_key(government: str | None, name: str) -> str:
    """Return what tells a side from others in addresses: its government, else its name in a form that no id has.

    Examples
    --------
    >>> side_key("lakeland", "Lakeland"), side_key(None, "Ana Lou")
    ('lakeland', '=Ana Lou')
    """
    return government or f"={name}"


def year_of(date: str | None) -> str:
    """Return the year of a date; nothing where it isn't a date.

    Examples
    --------
    >>> year_of("2014-03-06"), year_of("soon"), year_of(None)
    ('2014', '', '')
    """
    return (date or "").partition("-")[0] if date_text(date) != (date or "") else ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sides that talk with each other, in the order of their keys: the key and the name of each."""

    keys: tuple[str, str]
    names: tuple[str, str]

    @property
    def place(self) -> str:
        """Its page."""
        return address.place("pairs", self.keys)


class Across:
    """A release across its events: each part is made when it is first needed, and then kept.

    Parameters
    ----------
    data
        The data of the release.

    Examples
    --------
    >>> import readouts
    >>> from readouts.publish.site.data import SiteData
    >>> across = Across(SiteData(readouts.load("1.1.0")))
    >>> [pair.names for pair in across.talks]
    [('Russia', 'United States')]
    """

    def __init__(self, data: SiteData) -> None:
        self._data = data

    @cached_property
    def claims(self) -> CountedClaims:
        """The claims of all events."""
        return CountedClaims(self._data.rows, self._data.parties)

    @cached_property
    def issuers(self) -> Mapping[str, Sequence[Row]]:
        """The accounts of each issuer, the earliest event first."""
        events, found = self._data.events, defaultdict(list)
        for row in self._data.rows("accounts"):
            found[row["issuer_id"] or ""].append(row)

        def order(row: Row) -> tuple[bool, str, str]:
            date = events.get(row["event_id"] or "", {}).get("date") or ""
            return not date, date, row["account_id"] or ""

        return {name: sorted(found[name], key=order) for name in sorted(found) if name}

    @cached_property
    def sides(self) -> Mapping[str, frozenset[str]]:
        """The sides of each event that have an account of it."""
        found: dict[str, set[str]] = defaultdict(set)
        for event, side in self._data.parties.accounts.values():
            found[event].add(side)
        return {event: frozenset(sides) & {*SIDES} for event, sides in found.items()}

    def compared(self, event: str) -> bool:
        """Return whether the corpus knows of an account of each side of an event."""
        return len(self.sides.get(event, ())) == len(SIDES)

    def pair(self, event: str) -> Pair | None:
        """Return the two sides of an event; None where one isn't known, or both are the same."""
        parties = self._data.parties
        found = []
        for side in SIDES:
            government, name = parties.government(event, side), parties.side_name(event, side)
            name = name or (f"side {side}" if self.compared(event) else None)
            if name is None:
                return None
            found.append((side_key(government, name), printable(name)))
        (first, one), (second, other) = sorted(found)
        return Pair((first, second), (one, other)) if first != second else None

    @cached_property
    def _pairs(self) -> Mapping[str, Pair]:
        found = {}
        for event, row in self._data.events.items():
            pair = self.pair(event) if row["kind"] in _TALKS or self.compared(event) else None
            if pair is not None:
                found[event] = pair
        return found

    @cached_property
    def talks(self) -> Mapping[Pair, Sequence[str]]:
        """The events in which two sides talk, the earliest first and those without a date last."""
        events, found = self._data.events, defaultdict(list)
        for name in sorted(self._pairs, key=lambda name: (not events[name]["date"], events[name]["date"] or "", name)):
            found[self._pairs[name]].append(name)
        return {pair: found[pair] for pair in sorted(found, key=lambda pair: (pair.names, pair.keys))}

    @cached_property
    def pairs_of(self) -> Mapping[str, Sequence[Pair]]:
        """The pairs that each government is in."""
        found = defaultdict(list)
        for pair in self.talks:
            for side in pair.keys:
                found[side].append(pair)
        return dict(found)

    @cached_property
    def _neighbours(self) -> Mapping[str, tuple[str | None, str | None]]:
        found = {}
        for talks in self.talks.values():
            compared = [event for event in talks if self.compared(event)]
            for before, event, after in zip([None, *compared], compared, [*compared[1:], None], strict=False):
                found[event] = before, after
        return found

    def of_event(self, event: str) -> dict[str, Any]:
        """Return where the page of an event leads: the pair, the talks before and after it, and who issued accounts."""
        issuers = {row["issuer_id"] or "" for row in self._data.of("accounts", "event_id", event)}
        before, after = self._neighbours.get(event, (None, None))
        return {
            "pair": self._pairs.get(event),
            "talks": [
                (words, self.titled(name))
                for words, name in (("Previous", before), ("Next", after))
                if name is not None
            ],
            "issuers": [(self._data.name(name), name) for name in sorted(issuers) if name],
        }

    def titled(self, event: str) -> dict[str, str]:
        """Return what an event is called, and when it was."""
        row = self._data.events[event]
        date = date_text(row["date"], row["date_precision"])
        return {"name": event, "title": row["title"] or event, "date": date, "kind": row["kind"] or ""}
