"""Derived properties of a statement, never stored: its side, the side's name, and its source chain as text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Row = Mapping[str, str | None]
    Rows = Callable[[str], Sequence[Row]]

__all__ = [
    "Parties",
    "addressees_of",
    "chain_text",
    "events_of",
    "grouped",
    "outermost_accounts",
    "side_of",
    "steps_by_statement",
]

SIDES = ("a", "b")
_AnyRow = TypeVar("_AnyRow", bound="Row")


@dataclass
class Parties:
    """Whom the statements of a corpus can come from, and on which side of which event these are.

    Attributes
    ----------
    names
        Names of the entities, by id.
    events
        Rows of `events`, by id.
    participants
        Side of each participant, by event and entity.
    accounts, issuers
        Event and side of each account, and who issued it.
    issuing, principals
        Who issued the accounts of each side of an event, and its principals, by event and side.
    countries
        Country of each entity that has one.
    states
        The state of each country.
    """

    names: dict[str, str] = field(default_factory=dict)
    events: dict[str, Row] = field(default_factory=dict)
    participants: dict[tuple[str, str], str] = field(default_factory=dict)
    accounts: dict[str, tuple[str, str]] = field(default_factory=dict)
    issuers: dict[str, str] = field(default_factory=dict)
    issuing: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    principals: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Rows) -> Parties:
        """Read `entities`, `events`, `participants` and `accounts`, whose rows a function gives by the table's name."""
        found = cls()
        for row in rows("entities"):
            name = row["entity_id"] or ""
            found.names[name] = row["name"] or ""
            if country := row.get("country"):
                found.countries[name] = country
                if row.get("kind") == "state":
                    found.states.setdefault(country, name)
        found.events = {row["event_id"] or "": row for row in rows("events")}
        for row in rows("participants"):
            event, entity, side = row["event_id"] or "", row["entity_id"] or "", row["side"] or "third"
            found.participants[event, entity] = side
            if row["role"] == "principal":
                found.principals.setdefault((event, side), []).append(entity)
        for row in rows("accounts"):
            found.accounts[row["account_id"] or ""] = (row["event_id"] or "", row["side"] or "third")
            found.issuers[row["account_id"] or ""] = row["issuer_id"] or ""
            issuing = found.issuing.setdefault((row["event_id"] or "", row["side"] or "third"), [])
            if row["issuer_id"] and row["issuer_id"] not in issuing:
                issuing.append(row["issuer_id"])
        return found

    def government(self, event: str, side: str) -> str | None:
        """Return the state, government or organisation that a side of an event stands for; None if it isn't known.

        Releases before 2.0 don't name it: then it is the state of the country that all principals of the side are of.
        """
        known = self.events.get(event, {})
        if f"side_{side}_id" in known:
            return known[f"side_{side}_id"]
        countries = {self.countries.get(entity, "") for entity in self.principals.get((event, side), ())}
        return self.states.get(countries.pop()) if len(countries) == 1 else None

    def side_name(self, event: str, side: str) -> str | None:
        """Return what a side of an event is called; None for `third`, and where nothing is known of it.

        It is named after its government, else after who issued its accounts, else after its principals.

        Examples
        --------
        >>> parties = Parties({"lakeland": "Lakeland"}, {"call": {"side_a_id": "lakeland", "side_b_id": None}})
        >>> parties.side_name("call", "a"), parties.side_name("call", "third")
        ('Lakeland', None)
        """
        if side == "both":
            return " + ".join(filter(None, (self.side_name(event, each) for each in SIDES))) or None
        government = self.government(event, side) if side in SIDES else None
        if government is not None:
            return self.names.get(government, government)
        place = (event, side)
        found = (self.issuing.get(place) or self.principals.get(place) or []) if side in SIDES else []
        return " and ".join(self.names.get(entity, entity) for entity in found) or None

    def home(self, statement: Row, steps: Iterable[Row]) -> str:
        """Return the event that a statement's side is one of: that of its outermost account, else its own."""
        account = next(iter(outermost_accounts(steps)), None)
        return self.accounts[account][0] if account in self.accounts else statement.get("event_id") or ""

    def side(self, statement: Row, steps: Iterable[Row], event: str | None = None) -> str:
        """Return the side of a statement, in its home or in another event: `a`, `b`, `both` or `third`.

        An account of another event counts for the side that stands for the same government there.
        """
        steps = list(steps)
        there = self.home(statement, steps) if event is None else event
        sides = {
            account: self._side_in(there, account) for account in outermost_accounts(steps) if account in self.accounts
        }
        known = {account: side for account, side in sides.items() if side is not None}
        return side_of(statement, steps, known, self.participants)

    def _side_in(self, event: str, account: str) -> str | None:
        home, side = self.accounts[account]
        if home == event:
            return side
        government = self.government(home, side) if side in SIDES else None
        if government is None:
            return None
        return next((each for each in SIDES if self.government(event, each) == government), None)


def outermost_accounts(steps: Iterable[Row]) -> list[str]:
    """Return the accounts that a statement comes through first of all: those at depth 0 of its chain.

    Examples
    --------
    >>> outermost_accounts([{"depth": "0", "account_id": "kremlin-1"}, {"depth": "1", "account_id": "agency-1"}])
    ['kremlin-1']
    """
    return [step["account_id"] or "" for step in steps if step["depth"] == "0" and step.get("account_id") is not None]


def events_of(statement: Row, steps: Iterable[Row], accounts: Mapping[str, tuple[str, str]]) -> frozenset[str]:
    """Return the events that a statement counts in: its own, and those of its accounts at depth 0."""
    found = {accounts[account][0] for account in outermost_accounts(steps) if account in accounts}
    return frozenset(filter(None, found | {statement.get("event_id") or ""}))


def grouped(rows: Iterable[_AnyRow], column: str) -> dict[str, list[_AnyRow]]:
    """Return rows by the value of a column, in their order; rows without one are left out.

    Examples
    --------
    >>> sorted(grouped([{"side": "a"}, {"side": "b"}, {"side": "a"}, {"side": None}], "side"))
    ['a', 'b']
    """
    found: dict[str, list[_AnyRow]] = defaultdict(list)
    for row in rows:
        value = row[column]
        if value is not None:
            found[value].append(row)
    return dict(found)


def steps_by_statement(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows of `attributions` by statement."""
    found: dict[str, list[Row]] = {}
    for step in rows:
        found.setdefault(step["statement_id"] or "", []).append(step)
    return found


def addressees_of(statements: Iterable[Row], several: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """Return to whom each statement was said, by its id: its addressee, or those in `addressees`.

    Examples
    --------
    >>> said = [{"statement_id": "s1", "addressee_id": "marek"}, {"statement_id": "s2", "addressee_id": None}]
    >>> addressees_of(said, [{"statement_id": "s2", "entity_id": name} for name in ("sokol", "ostrova")])
    {'s1': ('marek',), 's2': ('ostrova', 'sokol')}
    """
    found: dict[str, list[str]] = {}
    for row in several:
        found.setdefault(row["statement_id"] or "", []).append(row["entity_id"] or "")
    for row in statements:
        if row.get("addressee_id") is not None:
            found.setdefault(row["statement_id"] or "", []).append(row["addressee_id"] or "")
    return {name: tuple(sorted(entities)) for name, entities in sorted(found.items())}


def side_of(
    statement: Row,
    steps: Iterable[Row],
    account_sides: Mapping[str, str],
    participant_sides: Mapping[tuple[str, str], str],
) -> str:
    """Return the side of a statement: that of the account at depth 0, else of the speaker as participant, else third.

    Parameters
    ----------
    statement
        Row of `statements`.
    steps
        Its rows of `attributions`.
    account_sides
        Side of each account that counts.
    participant_sides
        Side of each participant, by event and entity.

    Returns
    -------
    str
        `a`, `b`, `third`, or `both` where accounts of both sides are joint sources at depth 0.

    Examples
    --------
    >>> steps = [{"depth": "0", "account_id": "kremlin-1"}]
    >>> side_of({"event_id": "call"}, steps, {"kremlin-1": "b"}, {})
    'b'
    >>> side_of({"event_id": "call", "speaker_id": "marek"}, [], {}, {("call", "marek"): "a"})
    'a'
    """
    sides = {account_sides[account] for account in outermost_accounts(steps) if account in account_sides}
    if {"a", "b"} <= sides:
        return "both"
    if len(sides) == 1:
        return sides.pop()
    place = (statement.get("event_id") or "", statement.get("speaker_id") or "")
    return participant_sides.get(place, "third")


def chain_text(steps: Iterable[Row], names: Mapping[str, str]) -> str:
    """Return a source chain as text, outermost source first; joint sources are joined by '+'.

    Examples
    --------
    >>> chain_text(
    ...     [
    ...         {"depth": "1", "seq": "0", "entity_id": "marek"},
    ...         {"depth": "0", "seq": "0", "entity_id": "office"},
    ...         {"depth": "0", "seq": "1", "label": "unnamed officials"},
    ...     ],
    ...     {"marek": "Jana Marek", "office": "Office of the President"},
    ... )
    'Office of the President + unnamed officials > Jana Marek'
    """
    depths: dict[int, list[tuple[int, str]]] = {}
    for step in steps:
        entity = step.get("entity_id")
        name = step.get("label") or "" if entity is None else names.get(entity, entity)
        depths.setdefault(int(step["depth"] or 0), []).append((int(step["seq"] or 0), name))
    return " > ".join(" + ".join(name for _, name in sorted(depths[depth])) for depth in sorted(depths))
