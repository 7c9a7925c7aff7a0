"""Laying the accounts of one event side by side: what both say, what they contest, what only one of them says.

All of it is derived from statements, chains and alignments; none of it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from readouts.analysis.sides import Attributions
from readouts.datapackage.errors import UnknownIdError
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from readouts.analysis.sides import Row, Rows

__all__ = ["Claim", "Comparison", "Contest", "Side", "Voice", "all_voices", "compare"]

CONTESTING = ("contradicts", "in_tension")


@dataclass(frozen=True, slots=True)
class Voice:
    """One statement, as it counts in a comparison: who says it, through whom, in which article."""

    statement_id: str
    summary: str
    side: str
    chain: str
    article_id: str
    outlet: str
    topic: str
    act: str
    modality: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Statements that say the same."""

    voices: tuple[Voice, ...]

    @property
    def sides(self) -> frozenset[str]:
        """The sides that say it."""
        return frozenset(side for voice in self.voices for side in _SIDES[voice.side])

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that carry it, in alphabetical order."""
        return tuple(sorted({voice.article_id for voice in self.voices}))

    def of(self, side: str) -> tuple[Voice, ...]:
        """Return the statements of one side."""
        return tuple(voice for voice in self.voices if side in _SIDES[voice.side])


_SIDES = {"a": ("a",), "b": ("b",), "both": ("a", "b"), "third": ("third",)}


@dataclass(frozen=True, slots=True)
class Contest:
    """Two claims that can't both be true (`contradicts`), or that pull in opposite directions (`in_tension`).

    Side a makes the first, side b the second; a claim that both make can stand on either side.
    """

    relation: str
    first: Claim
    second: Claim
    rationale: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an event: its participants' names, its accounts, and the articles that carry them."""

    key: str
    names: tuple[str, ...]
    accounts: tuple[str, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The accounts of one event, side by side.

    Attributes
    ----------
    event_id, title, date
        The event.
    sides
        Sides a and b.
    both
        Claims that both sides make.
    contested
        Pairs of claims of opposite sides that contradict each other or are in tension.
    only_a, only_b
        Claims that one side alone makes and the other doesn't contest.
    third
        Claims that only others make.
    """

    event_id: str
    title: str
    date: str
    sides: tuple[Side, Side]
    both: tuple[Claim, ...]
    contested: tuple[Contest, ...]
    only_a: tuple[Claim, ...]
    only_b: tuple[Claim, ...]
    third: tuple[Claim, ...]


class _Classes:
    """Statements joined by `same_claim`, directly or through others (union-find)."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._parent = {name: name for name in ids}

    def __contains__(self, name: object) -> bool:
        return name in self._parent

    def root(self, name: str) -> str:
        while self._parent[name] != name:
            name = self._parent[name]
        return name

    def join(self, first: str, second: str) -> None:
        a, b = sorted((self.root(first), self.root(second)))
        self._parent[b] = a


def compare(event_id: str, rows: Rows) -> Comparison:
    """Compare the accounts of one event.

    Parameters
    ----------
    event_id
        The event.
    rows
        Gives the rows of a table by its name, as mappings of strings and None.

    Returns
    -------
    Comparison
        Over the statements that speak of the event or come through one of its accounts. `same_claim` is closed
        transitively within them. What is contested isn't repeated as said by one side only.

    Raises
    ------
    UnknownIdError
        There is no such event; the message names the nearest one.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> compare("call-2014-03-28", open_package(bundled_package()).rows).date
    '2014-03-28'
    """
    events = {row["event_id"] or "": row for row in rows("events")}
    if event_id not in events:
        message = f"No event '{event_id}' is in the corpus. {did_you_mean(event_id, events)}"
        raise UnknownIdError(message)
    accounts = {row["account_id"] or "": row for row in rows("accounts") if row["event_id"] == event_id}
    attributions = Attributions(rows, accounts.values())
    through_accounts = {step["statement_id"] for step in rows("attributions") if step["account_id"] in accounts}
    statements = [
        row for row in rows("statements") if row["event_id"] == event_id or row["statement_id"] in through_accounts
    ]
    voices = {voice.statement_id: voice for voice in _voices(statements, rows, attributions)}
    classes = _Classes(voices)
    alignments = [row for row in rows("alignments") if row["statement_a"] in voices and row["statement_b"] in voices]
    for row in alignments:
        if row["relation"] == "same_claim":
            classes.join(row["statement_a"] or "", row["statement_b"] or "")
    members: dict[str, list[Voice]] = {}
    for name in sorted(voices):
        members.setdefault(classes.root(name), []).append(voices[name])
    claims = {root: Claim(tuple(found)) for root, found in members.items()}
    contests, contested = _contests(alignments, classes, claims)
    groups: dict[str, list[Claim]] = {"both": [], "a": [], "b": [], "third": []}
    for root, claim in claims.items():
        sides = claim.sides
        if {"a", "b"} <= sides:
            groups["both"].append(claim)
        elif root not in contested:
            groups[min(sides)].append(claim)
    event, side = events[event_id], partial(_side, event_id, rows, attributions.names, accounts)
    return Comparison(
        event_id=event_id,
        title=event["title"] or "",
        date=event["date"] or "",
        sides=(side("a"), side("b")),
        both=tuple(groups["both"]),
        contested=contests,
        only_a=tuple(groups["a"]),
        only_b=tuple(groups["b"]),
        third=tuple(groups["third"]),
    )


def all_voices(rows: Rows) -> tuple[Voice, ...]:
    """Return every statement of a corpus, in the order of their ids.

    Parameters
    ----------
    rows
        Gives the rows of a table by its name, as mappings of strings and None.
    """
    voices = _voices(rows("statements"), rows, Attributions(rows, rows("accounts")))
    return tuple(sorted(voices, key=lambda voice: voice.statement_id))


def _voices(statements: Iterable[Row], rows: Rows, attributions: Attributions) -> Iterator[Voice]:
    outlets = {
        row["article_id"] or "": attributions.names.get(row["outlet_id"] or "", row["title"] or "")
        for row in rows("articles")
    }
    for row in statements:
        name, article = row["statement_id"] or "", row["article_id"] or ""
        yield Voice(
            statement_id=name,
            summary=row["summary"] or "",
            side=attributions.side(row),
            chain=attributions.chain(name),
            article_id=article,
            outlet=outlets.get(article, article),
            topic=row["topic"] or "",
            act=row["act"] or "",
            modality=row["modality"] or "",
            certainty=row["certainty"] or "",
        )


def _contests(
    alignments: Iterable[Row], classes: _Classes, claims: Mapping[str, Claim]
) -> tuple[tuple[Contest, ...], set[str]]:
    """Return the pairs of claims of opposite sides that alignments contest, each once, and the claims in them."""
    found: dict[tuple[str, str], Contest] = {}
    for row in alignments:
        relation = row["relation"] or ""
        if relation not in CONTESTING:
            continue
        first, second = sorted((classes.root(row["statement_a"] or ""), classes.root(row["statement_b"] or "")))
        if first == second or not _opposed(claims[first], claims[second]):
            continue
        if not ("a" in claims[first].sides and "b" in claims[second].sides):
            first, second = second, first
        known = found.get((first, second))
        if known is None or CONTESTING.index(relation) < CONTESTING.index(known.relation):
            found[first, second] = Contest(relation, claims[first], claims[second], row["rationale"] or "")
    return tuple(found.values()), {root for pair in found for root in pair}


def _opposed(first: Claim, second: Claim) -> bool:
    """Tell whether one of two claims is made by side a and the other by side b."""
    return ("a" in first.sides and "b" in second.sides) or ("b" in first.sides and "a" in second.sides)


def _side(event_id: str, rows: Rows, names: Mapping[str, str], accounts: Mapping[str, Row], key: str) -> Side:
    issued = tuple(sorted(name for name, row in accounts.items() if row["side"] == key))
    party = [
        names.get(row["entity_id"] or "", row["entity_id"] or "")
        for row in rows("participants")
        if row["event_id"] == event_id and row["side"] == key and row["role"] == "principal"
    ]
    carrying = {row["article_id"] or "" for row in rows("carriages") if row["account_id"] in issued}
    return Side(key, tuple(party), issued, tuple(sorted(carrying)))
