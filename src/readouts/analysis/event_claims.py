"""The claims of every event of a corpus, each event's worked out when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.analysis.claims import ClaimSet, claims_of
from readouts.analysis.sides import events_of, steps_by_statement

if TYPE_CHECKING:
    from readouts.analysis.sides import Parties, Row, Rows

__all__ = ["EventClaims"]


class EventClaims:
    """The statements of a corpus by event, and the claims of each event.

    Parameters
    ----------
    rows
        Gives the rows of `statements`, `attributions` and `alignments`.
    parties
        Whom the statements come from.

    Examples
    --------
    >>> import readouts
    >>> from readouts.analysis.sides import Parties
    >>> corpus = readouts.load()
    >>> found = EventClaims(corpus.texts, Parties.of(corpus.texts))
    >>> len(found.claims("call-2014-03-28").claims) == len(corpus.compare("call-2014-03-28").claims)
    True
    """

    def __init__(self, rows: Rows, parties: Parties) -> None:
        self.parties = parties
        self.statements: dict[str, Row] = {row["statement_id"] or "": row for row in rows("statements")}
        self.steps = steps_by_statement(rows("attributions"))
        self.by_event: dict[str, list[str]] = {}
        for name, row in self.statements.items():
            for event in events_of(row, self.steps.get(name, ()), parties.accounts):
                self.by_event.setdefault(event, []).append(name)
        self._aligned: dict[str, list[Row]] = {}
        for row in rows("alignments"):
            self._aligned.setdefault(row["statement_a"] or "", []).append(row)
        self._claims: dict[str, ClaimSet] = {}

    def side(self, name: str, event: str) -> str:
        """Return the side of a statement in an event."""
        return self.parties.side(self.statements[name], self.steps.get(name, []), event)

    def claims(self, event: str) -> ClaimSet:
        """Return the claims of an event."""
        if event not in self._claims:
            names = self.by_event.get(event, ())
            said = {name: (self.side(name, event), self.statements[name]["topic"] or "") for name in names}
            self._claims[event] = claims_of(said, [row for name in names for row in self._aligned.get(name, ())])
        return self._claims[event]
