"""What is derived of a statement, and never stored: its side, and its source chain in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Row = Mapping[str, str | None]
    Rows = Callable[[str], Sequence[Row]]

__all__ = ["Attributions", "chain_text", "side_of"]


class Attributions:
    """The sides and the source chains of the statements of a corpus.

    Parameters
    ----------
    rows
        Gives the rows of a table by its name.
    accounts
        Rows of `accounts`: those whose sides count.

    Attributes
    ----------
    names
        Names of the entities, by id.
    steps
        Rows of `attributions`, by statement.
    """

    def __init__(self, rows: Rows, accounts: Iterable[Row]) -> None:
        self.names = {row["entity_id"] or "": row["name"] or "" for row in rows("entities")}
        self.steps: dict[str, list[Row]] = {}
        for step in rows("attributions"):
            self.steps.setdefault(step["statement_id"] or "", []).append(step)
        self._accounts = {row["account_id"] or "": row["side"] or "third" for row in accounts}
        self._participants = {
            (row["event_id"] or "", row["entity_id"] or ""): row["side"] or "third" for row in rows("participants")
        }

    def side(self, statement: Row) -> str:
        """Return the side of a statement."""
        steps = self.steps.get(statement["statement_id"] or "", [])
        return side_of(statement, steps, self._accounts, self._participants)

    def chain(self, statement: str) -> str:
        """Return the source chain of a statement in words."""
        return chain_text(self.steps.get(statement, []), self.names)


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
        Side of each account.
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
    accounts = (step.get("account_id") for step in steps if step["depth"] == "0")
    sides = {account_sides.get(account, "third") for account in accounts if account is not None}
    if {"a", "b"} <= sides:
        return "both"
    if len(sides) == 1:
        return sides.pop()
    place = (statement.get("event_id") or "", statement.get("speaker_id") or "")
    return participant_sides.get(place, "third")


def chain_text(steps: Iterable[Row], names: Mapping[str, str]) -> str:
    """Return a source chain in words, outermost source first; joint sources are joined by '+'.

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
