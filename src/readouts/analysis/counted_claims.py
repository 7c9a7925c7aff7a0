"""The claims of all events, with who makes each, and what the other side's accounts do with it: what is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from readouts.analysis.claims import DECIDING
from readouts.analysis.event_claims import EventClaims
from readouts.analysis.overview_columns import FATES
from readouts.analysis.sides import SIDES, Parties, outermost_accounts
from readouts.datapackage.errors import PackageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from readouts.analysis.sides import Rows

__all__ = ["OTHER", "Answer", "CountedClaim", "CountedClaims", "CountedEvent"]

OTHER = {"a": "b", "b": "a"}
"""The side opposite to each."""


@dataclass(frozen=True, slots=True)
class CountedClaim:
    """A claim of an event.

    Attributes
    ----------
    key
        `event_id/claim_id`.
    statements
        The ids of its statements, in order.
    accounts
        The accounts of the event that make it.
    answers
        The claims of the other side that it is related to: the group that the relation gives, the key, and the
        accounts that make it.
    """

    key: str
    statements: tuple[str, ...]
    group: str
    topic: str
    accounts: frozenset[str]
    answers: tuple[tuple[str, str, frozenset[str]], ...]

    def fate(self, own: frozenset[str]) -> str:
        """Return what the accounts of one side do with it: one of `FATES`."""
        found = {group for group, _, accounts in self.answers if accounts & own}
        found |= {"both"} if self.accounts & own else set()
        return next((fate for fate in FATES if fate in found), "left_out")


@dataclass(frozen=True, slots=True)
class CountedEvent:
    """An event with its claims.

    Attributes
    ----------
    date
        As the table has it; empty where it isn't known.
    state
        What the corpus has of its accounts: one of `ACCOUNTS`.
    ids, names
        The government of each side, and what the side is called; None where that isn't known.
    accounts
        The accounts of each side.
    """

    event_id: str
    title: str
    date: str
    kind: str
    state: str
    ids: Mapping[str, str | None]
    names: Mapping[str, str | None]
    accounts: Mapping[str, frozenset[str]]
    claims: tuple[CountedClaim, ...]

    @property
    def ordered(self) -> tuple[str, str]:
        """The sides in the order of their names."""
        a, b = sorted(SIDES, key=lambda side: (self.called(side), self.ids[side] or "", side))
        return a, b

    @property
    def year(self) -> int | None:
        """The year of its date."""
        try:
            return date.fromisoformat(self.date).year if self.date else None
        except ValueError:
            message = f"The event '{self.event_id}' has the date '{self.date}': expected one such as 2014-03-06."
            raise PackageError(message) from None

    def called(self, side: str) -> str:
        """Return what a side is called, whatever is known of it."""
        return self.names[side] or f"side {side}"

    @property
    def pair(self) -> tuple[tuple[str, str | None], ...]:
        """Name and id of both sides, which are the same in whatever order the sides are."""
        return tuple((self.called(side), self.ids[side]) for side in self.ordered)

    def makes(self, claim: CountedClaim, side: str) -> bool:
        """Return whether an account of a side makes a claim."""
        return bool(claim.accounts & self.accounts[side])

    def left_out(self, claim: CountedClaim, side: str) -> bool:
        """Return whether an account of the other side makes a claim that those of one side leave out."""
        return self.makes(claim, OTHER[side]) and claim.fate(self.accounts[side]) == "left_out"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the accounts of one side, or those of one issuer, do with a claim of the other side's account.

    Attributes
    ----------
    issuer
        The issuer; None for all accounts of the side.
    side
        The side of these accounts in the event.
    fate
        One of `FATES`.
    """

    issuer: str | None
    event: CountedEvent
    side: str
    claim: CountedClaim
    fate: str


class CountedClaims:
    """The claims of every event of a corpus that has any.

    Parameters
    ----------
    rows
        Gives the rows of a table by its name, as mappings of strings and None.
    parties
        Whom the statements come from. Default: as the rows have it.

    Examples
    --------
    >>> import readouts
    >>> found = CountedClaims(readouts.load().texts)
    >>> {answer.fate for answer in found.answers()} <= set(FATES)
    True
    """

    def __init__(self, rows: Rows, parties: Parties | None = None) -> None:
        self.parties = Parties.of(rows) if parties is None else parties
        self._in_full = {row["account_id"] or "" for row in rows("carriages") if row["completeness"] == "verbatim"}
        self.events = tuple(self._events(EventClaims(rows, self.parties)))
        """The events that have a claim, the earliest first, and those without a date last."""

    @property
    def counted(self) -> tuple[CountedEvent, ...]:
        """The events that count with others: those in which an article carries an account of each side in full."""
        return tuple(event for event in self.events if event.state == "in_full")

    def answers(self, events: Iterable[CountedEvent] | None = None, *, by_issuer: bool = False) -> Iterator[Answer]:
        """Yield what each side, or each issuer with an account in full, does with every claim of the other account.

        Parameters
        ----------
        events
            The events. Default: those that are counted.
        by_issuer
            Whether to tell the issuers of a side apart.
        """
        for event in self.counted if events is None else events:
            for side, other in OTHER.items():
                for issuer, own in self._own(event, side) if by_issuer else [(None, event.accounts[side])]:
                    for claim in event.claims:
                        if event.makes(claim, other):
                            yield Answer(issuer, event, side, claim, claim.fate(own))

    def _own(self, event: CountedEvent, side: str) -> Iterator[tuple[str, frozenset[str]]]:
        issuers = self.parties.issuers
        for issuer in sorted({issuers[account] for account in event.accounts[side]}):
            own = frozenset(account for account in event.accounts[side] if issuers[account] == issuer)
            if own & self._in_full:
                yield issuer, own

    def _events(self, corpus: EventClaims) -> Iterator[CountedEvent]:
        by_side: dict[tuple[str, str], set[str]] = {}
        for account, place in self.parties.accounts.items():
            by_side.setdefault(place, set()).add(account)
        for name, row in sorted(
            self.parties.events.items(), key=lambda item: (not item[1]["date"], item[1]["date"] or "", item[0])
        ):
            accounts = {side: frozenset(by_side.get((name, side), ())) for side in SIDES}
            if claims := tuple(_claims(corpus, name, accounts["a"] | accounts["b"])):
                yield CountedEvent(
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
        if all(each & self._in_full for each in accounts):
            return "in_full"
        return "in_part" if all(accounts) else "one_side" if any(accounts) else "none"


def _claims(corpus: EventClaims, event: str, accounts: frozenset[str]) -> Iterator[CountedClaim]:
    found, steps = corpus.claims(event), corpus.steps
    made = {
        name: accounts & {each for said in claim.statements for each in outermost_accounts(steps.get(said, ()))}
        for name, claim in found.claims.items()
    }
    answers: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
    for (first, second), row in found.pairs.items():
        group = DECIDING[row["relation"] or ""]
        answers.setdefault(first, []).append((group, f"{event}/{second}", made[second]))
        answers.setdefault(second, []).append((group, f"{event}/{first}", made[first]))
    for name, claim in found.claims.items():
        related = tuple(answers.get(name, ()))
        yield CountedClaim(f"{event}/{name}", claim.statements, claim.group, claim.topic, made[name], related)
