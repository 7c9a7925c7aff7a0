"""The claims of all events counted: by group, and what each account leaves out of the other side's claims.

What a side leaves out can only be known where its account is: all counts over several events are over the *counted*
ones, those in which an article carries an account of each side in full.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from readouts.analysis.claims import DECIDING
from readouts.analysis.event_claims import EventClaims
from readouts.analysis.overview_columns import ACCOUNTS, COLUMNS, FATES, MET
from readouts.analysis.overview_result import Overview, Value
from readouts.analysis.sides import SIDES, Parties, outermost_accounts
from readouts.corpus_schema.naming import id_of
from readouts.datapackage.errors import ArgumentError, PackageError
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from readouts.analysis.sides import Rows

__all__ = ["Overview", "OverviewBy", "Value", "overview"]

OverviewBy = Literal["event", "issuer", "topic", "year", "pair"]
"""What claims are counted by."""

_OTHER = {"a": "b", "b": "a"}


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim of an event: the accounts of the event that make it, and those that make what it is related to."""

    key: str
    group: str
    topic: str
    accounts: frozenset[str]
    answers: tuple[tuple[str, frozenset[str]], ...]

    def fate(self, own: frozenset[str]) -> str:
        """Return what the accounts of one side do with it."""
        found = {group for group, accounts in self.answers if accounts & own}
        found |= {"both"} if self.accounts & own else set()
        return next((fate for fate in FATES if fate in found), "left_out")


@dataclass(frozen=True, slots=True)
class _Event:
    """An event with its claims."""

    event_id: str
    title: str
    date: str
    kind: str
    state: str
    ids: Mapping[str, str | None]
    names: Mapping[str, str | None]
    accounts: Mapping[str, frozenset[str]]
    claims: tuple[_Claim, ...]

    @property
    def ordered(self) -> tuple[str, str]:
        """The sides in the order of their names."""
        a, b = sorted(SIDES, key=lambda side: (self.called(side), self.ids[side] or "", side))
        return a, b

    @property
    def year(self) -> int | None:
        try:
            return date.fromisoformat(self.date).year if self.date else None
        except ValueError:
            message = f"The event '{self.event_id}' has the date '{self.date}': expected one such as 2014-03-06."
            raise PackageError(message) from None

    def called(self, side: str) -> str:
        return self.names[side] or f"side {side}"

    @property
    def pair(self) -> tuple[tuple[str, str | None], ...]:
        """Name and id of both sides, which are the same in whatever order the sides are."""
        return tuple((self.called(side), self.ids[side]) for side in self.ordered)

    def makes(self, claim: _Claim, side: str) -> bool:
        return bool(claim.accounts & self.accounts[side])

    def left_out(self, claim: _Claim, side: str) -> bool:
        """Return whether an account of the other side makes a claim that those of one side leave out."""
        return self.makes(claim, _OTHER[side]) and claim.fate(self.accounts[side]) == "left_out"


_Counted = tuple[_Event, _Claim]


def overview(rows: Rows, by: str = "event", event: str | None = None) -> Overview:
    """Count the claims of all events by group, and what each account leaves out of the other side's claims.

    Parameters
    ----------
    rows
        Gives the rows of a table by its name, as mappings of strings and None.
    by
        `event`, `issuer`, `topic`, `year` or `pair`.
    event
        Id or title of an event: only its claims; None for those of all.

    Raises
    ------
    ArgumentError
        Claims are not counted by that.
    UnknownIdError
        The corpus doesn't have the event.

    Examples
    --------
    >>> import readouts
    >>> found = overview(readouts.load().texts, "year")
    >>> sorted(found.rows[0])[:3]
    ['both', 'claim_keys', 'claims']
    """
    if by not in COLUMNS:
        message = f"Unknown overview '{by}'. {did_you_mean(by, get_args(OverviewBy))}"
        raise ArgumentError(message)
    event = None if event is None else id_of("event", event, rows)
    corpus = _Corpus(rows)
    events = [each for each in corpus.events() if event in {None, each.event_id}]
    counted = [each for each in events if each.state == "in_full"]
    made: dict[str, Callable[[], Iterable[Mapping[str, Value]]]] = {
        "event": lambda: map(_event_row, events),
        "issuer": lambda: _issuer_rows(counted, corpus),
        "topic": lambda: _topic_rows(counted),
        "year": lambda: _year_rows(counted),
        "pair": lambda: _pair_rows(counted),
    }
    found = [{name: row[name] for name in COLUMNS[by]} for row in made[by]()]
    states = Counter(each.state for each in events)
    return Overview(by, tuple(found), {state: states[state] for state in ACCOUNTS})


class _Corpus:
    """The parts of a corpus that overviews read: its parties, its claims, and which accounts are there in full."""

    def __init__(self, rows: Rows) -> None:
        self.parties = Parties.of(rows)
        self.claims = EventClaims(rows, self.parties)
        self.issuers = {row["account_id"] or "": row["issuer_id"] or "" for row in rows("accounts")}
        self.in_full = {row["account_id"] or "" for row in rows("carriages") if row["completeness"] == "verbatim"}

    def events(self) -> Iterator[_Event]:
        """Yield the events that have a claim, the earliest first, and those without a date last."""
        by_side: dict[tuple[str, str], set[str]] = {}
        for account, place in self.parties.accounts.items():
            by_side.setdefault(place, set()).add(account)
        for name, row in sorted(
            self.parties.events.items(), key=lambda item: (not item[1]["date"], item[1]["date"] or "", item[0])
        ):
            accounts = {side: frozenset(by_side.get((name, side), ())) for side in SIDES}
            if claims := tuple(self._claims(name, accounts["a"] | accounts["b"])):
                yield _Event(
                    name,
                    row["title"] or "",
                    row["date"] or "",
                    row.get("kind") or "",
                    self._state(list(accounts.values())),
                    {side: self.parties.government(name, side) for side in SIDES},
                    {side: self.parties.side_name(name, side) for side in SIDES},
                    accounts,
                    claims,
                )

    def _state(self, accounts: Sequence[frozenset[str]]) -> str:
        if all(each & self.in_full for each in accounts):
            return "in_full"
        return "in_part" if all(accounts) else "one_side" if any(accounts) else "none"

    def _claims(self, event: str, accounts: frozenset[str]) -> Iterator[_Claim]:
        found = self.claims.claims(event)
        steps = self.claims.steps
        made = {
            name: accounts & {each for said in claim.statements for each in outermost_accounts(steps.get(said, ()))}
            for name, claim in found.claims.items()
        }
        answers: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for (first, second), row in found.pairs.items():
            group = DECIDING[row["relation"] or ""]
            answers.setdefault(first, []).append((group, made[second]))
            answers.setdefault(second, []).append((group, made[first]))
        for name, claim in found.claims.items():
            yield _Claim(f"{event}/{name}", claim.group, claim.topic, made[name], tuple(answers.get(name, ())))


def _event_row(event: _Event) -> dict[str, Value]:
    row: dict[str, Value] = {
        "event_id": event.event_id,
        "title": event.title,
        "date": event.date or None,
        "kind": event.kind or None,
        "accounts": event.state,
        "pair": _pair_columns(event)["pair"] if event.state == "in_full" or all(event.names.values()) else None,
        "claim_keys": tuple(claim.key for claim in event.claims),
        **_groups([(event, claim) for claim in event.claims], ("only_a", "only_b"), lambda _: SIDES),
    }
    for side in SIDES:
        row |= {f"side_{side}_id": event.ids[side], f"side_{side}": event.names[side]}
        row[f"claims_of_{side}"] = sum(event.makes(claim, side) for claim in event.claims)
        left_out = sum(event.left_out(claim, side) for claim in event.claims)
        row[f"left_out_by_{side}"] = left_out if event.state == "in_full" else None
    return row


def _groups(
    counted: Sequence[_Counted], names: tuple[str, str], order: Callable[[_Event], Iterable[str]]
) -> dict[str, Value]:
    """Return the number of claims in each group; what a side says alone is called by the place of the side."""
    found: Counter[str] = Counter()
    for event, claim in counted:
        alone = {f"only_{side}": name for side, name in zip(order(event), names, strict=True)}
        found[alone.get(claim.group, claim.group)] += 1
    groups: dict[str, Value] = {name: found[name] for name in (*MET, *names, "third")}
    return {**groups, "claims": found.total() - found["third"]}


def _grouped(counted: Iterable[_Counted], key: Callable[[_Event, _Claim], Hashable]) -> dict[Any, list[_Counted]]:
    found: dict[Any, list[_Counted]] = {}
    for event, claim in counted:
        found.setdefault(key(event, claim), []).append((event, claim))
    return found


def _all(events: Iterable[_Event]) -> list[_Counted]:
    return [(event, claim) for event in events for claim in event.claims]


def _common(counted: Sequence[_Counted]) -> dict[str, Value]:
    return {
        "events": len({event.event_id for event, _ in counted}),
        "claim_keys": tuple(claim.key for _, claim in counted),
    }


def _year_rows(events: Iterable[_Event]) -> Iterator[dict[str, Value]]:
    by_year = _grouped(_all(events), lambda event, _: event.year)
    for year, counted in sorted(by_year.items(), key=lambda item: (item[0] is None, item[0] or 0)):
        groups = _groups(counted, ("only_one", "only_one"), lambda _: SIDES)
        yield {"year": year, **_common(counted), **groups}


def _pair_columns(event: _Event) -> dict[str, Value]:
    (first, first_id), (second, second_id) = event.pair
    names = {"first": first, "first_id": first_id, "second": second, "second_id": second_id}
    return {"pair": f"{first} and {second}", **names}


def _of_pair(counted: Sequence[_Counted]) -> dict[str, Value]:
    """Return what a row on two governments says about them and about their claims."""
    groups = _groups(counted, ("only_first", "only_second"), lambda event: event.ordered)
    return {**_pair_columns(counted[0][0]), **_common(counted), **groups}


def _by_name(item: tuple[tuple[Any, ...], Any]) -> tuple[Any, ...]:
    *before, pair = item[0]
    return (*before, *((name, known or "") for name, known in pair))


def _pair_rows(events: Iterable[_Event]) -> Iterator[dict[str, Value]]:
    for _, counted in sorted(_grouped(_all(events), lambda event, _: (event.pair,)).items(), key=_by_name):
        row = _of_pair(counted)
        for place, name in enumerate(("first", "second")):
            row[f"claims_of_{name}"] = sum(event.makes(claim, event.ordered[place]) for event, claim in counted)
            row[f"left_out_by_{name}"] = sum(event.left_out(claim, event.ordered[place]) for event, claim in counted)
        yield row


def _topic_rows(events: Iterable[_Event]) -> Iterator[dict[str, Value]]:
    by_topic = _grouped(_all(events), lambda event, claim: (claim.topic, event.pair))
    for (topic, _), counted in sorted(by_topic.items(), key=_by_name):
        raised: dict[str, set[str]] = {}
        for event, claim in counted:
            makers = [
                name for side, name in zip(event.ordered, ("first", "second"), strict=True) if event.makes(claim, side)
            ]
            raised.setdefault(event.event_id, set()).update(makers)
        found = Counter("both" if len(makers) > 1 else next(iter(makers), "") for makers in raised.values())
        anybody = set().union(*raised.values())
        yield {
            "topic": topic,
            "raised_by": "both" if len(anybody) > 1 else next(iter(anybody), None),
            "raised_by_both": found["both"],
            "raised_by_first_only": found["first"],
            "raised_by_second_only": found["second"],
            **_of_pair(counted),
        }


def _issuer_rows(events: Iterable[_Event], corpus: _Corpus) -> Iterator[dict[str, Value]]:
    """Yield, for each issuer, pair of sides and topic, what its accounts do with the other side's claims."""
    found: dict[tuple[str | None, ...], list[tuple[_Event, _Claim, str]]] = {}
    for event in events:
        for side, other in _OTHER.items():
            for issuer in {corpus.issuers[account] for account in event.accounts[side]}:
                own = frozenset(each for each in event.accounts[side] if corpus.issuers[each] == issuer)
                if not own & corpus.in_full:
                    continue
                sides = (event.called(side), event.ids[side], event.called(other), event.ids[other])
                for claim in event.claims:
                    if event.makes(claim, other):
                        found.setdefault((issuer, *sides, claim.topic), []).append((event, claim, claim.fate(own)))
    for key, met in sorted(found.items(), key=lambda item: tuple(part or "" for part in item[0])):
        issued_by, own_name, own_id, other_name, other_id, topic = key
        fates = Counter(fate for _, _, fate in met)
        yield {
            "issuer_id": issued_by,
            "issuer": corpus.parties.names.get(issued_by or "", issued_by),
            "pair": _pair_columns(met[0][0])["pair"],
            "own_id": own_id,
            "own": own_name,
            "other_id": other_id,
            "other": other_name,
            "topic": topic,
            **{fate: fates[fate] for fate in FATES},
            "claims_of_other": len(met),
            "left_out_share": round(fates["left_out"] / len(met), 4),
            "left_out_keys": tuple(claim.key for _, claim, fate in met if fate == "left_out"),
            **_common([(event, claim) for event, claim, _ in met]),
        }
