"""The claims of all events counted: by group, and what each account leaves out of the other side's claims.

What a side leaves out can only be known where its account is: all counts over several events are over the *counted*
ones, those in which an article carries an account of each side in full.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Literal, get_args

from readouts.analysis.counted_claims import OTHER, CountedClaim, CountedClaims, CountedEvent
from readouts.analysis.overview_columns import ACCOUNTS, COLUMNS, FATES, MET
from readouts.analysis.overview_result import Overview, Value
from readouts.analysis.sides import SIDES
from readouts.corpus_schema.naming import id_of
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from readouts.analysis.counted_claims import Answer
    from readouts.analysis.sides import Rows

__all__ = ["Overview", "OverviewBy", "Value", "overview"]

OverviewBy = Literal["event", "issuer", "topic", "year", "pair"]
"""What claims are counted by."""


_Counted = tuple[CountedEvent, CountedClaim]


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
    corpus = CountedClaims(rows)
    events = [each for each in corpus.events if event in {None, each.event_id}]
    counted = [each for each in events if each.state == "in_full"]
    made: dict[str, Callable[[], Iterable[Mapping[str, Value]]]] = {
        "event": lambda: map(_event_row, events),
        "issuer": lambda: _issuer_rows(corpus.answers(counted, by_issuer=True), corpus.parties.names),
        "topic": lambda: _topic_rows(counted),
        "year": lambda: _year_rows(counted),
        "pair": lambda: _pair_rows(counted),
    }
    found = [{name: row[name] for name in COLUMNS[by]} for row in made[by]()]
    states = Counter(each.state for each in events)
    return Overview(by, tuple(found), {state: states[state] for state in ACCOUNTS})


def _event_row(event: CountedEvent) -> dict[str, Value]:
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
    counted: Sequence[_Counted], names: tuple[str, str], order: Callable[[CountedEvent], Iterable[str]]
) -> dict[str, Value]:
    """Return the number of claims in each group; what a side says alone is called by the place of the side."""
    found: Counter[str] = Counter()
    for event, claim in counted:
        alone = {f"only_{side}": name for side, name in zip(order(event), names, strict=True)}
        found[alone.get(claim.group, claim.group)] += 1
    groups: dict[str, Value] = {name: found[name] for name in (*MET, *names, "third")}
    return {**groups, "claims": found.total() - found["third"]}


def _grouped(
    counted: Iterable[_Counted], key: Callable[[CountedEvent, CountedClaim], Hashable]
) -> dict[Any, list[_Counted]]:
    found: dict[Any, list[_Counted]] = {}
    for event, claim in counted:
        found.setdefault(key(event, claim), []).append((event, claim))
    return found


def _all(events: Iterable[CountedEvent]) -> list[_Counted]:
    return [(event, claim) for event in events for claim in event.claims]


def _common(counted: Sequence[_Counted]) -> dict[str, Value]:
    return {
        "events": len({event.event_id for event, _ in counted}),
        "claim_keys": tuple(claim.key for _, claim in counted),
    }


def _year_rows(events: Iterable[CountedEvent]) -> Iterator[dict[str, Value]]:
    by_year = _grouped(_all(events), lambda event, _: event.year)
    for year, counted in sorted(by_year.items(), key=lambda item: (item[0] is None, item[0] or 0)):
        groups = _groups(counted, ("only_one", "only_one"), lambda _: SIDES)
        yield {"year": year, **_common(counted), **groups}


def _pair_columns(event: CountedEvent) -> dict[str, Value]:
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


def _pair_rows(events: Iterable[CountedEvent]) -> Iterator[dict[str, Value]]:
    for _, counted in sorted(_grouped(_all(events), lambda event, _: (event.pair,)).items(), key=_by_name):
        row = _of_pair(counted)
        for place, name in enumerate(("first", "second")):
            row[f"claims_of_{name}"] = sum(event.makes(claim, event.ordered[place]) for event, claim in counted)
            row[f"left_out_by_{name}"] = sum(event.left_out(claim, event.ordered[place]) for event, claim in counted)
        yield row


def _topic_rows(events: Iterable[CountedEvent]) -> Iterator[dict[str, Value]]:
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


def _issuer_rows(answers: Iterable[Answer], names: Mapping[str, str]) -> Iterator[dict[str, Value]]:
    """Yield, for each issuer, pair of sides and topic, what its accounts do with the other side's claims."""
    found: dict[tuple[str | None, ...], list[tuple[CountedEvent, CountedClaim, str]]] = {}
    for each in answers:
        event, own, other = each.event, each.side, OTHER[each.side]
        sides = (event.called(own), event.ids[own], event.called(other), event.ids[other])
        found.setdefault((each.issuer, *sides, each.claim.topic), []).append((event, each.claim, each.fate))
    for key, met in sorted(found.items(), key=lambda item: tuple(part or "" for part in item[0])):
        issued_by, own_name, own_id, other_name, other_id, topic = key
        fates = Counter(fate for _, _, fate in met)
        yield {
            "issuer_id": issued_by,
            "issuer": names.get(issued_by or "", issued_by),
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
