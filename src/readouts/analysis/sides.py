"""What is derived of a statement, and never stored: its side, and its source chain in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["chain_text", "side_of"]


def side_of(
    statement: Mapping[str, str | None],
    steps: Iterable[Mapping[str, str | None]],
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


def chain_text(steps: Sequence[Mapping[str, str | None]], names: Mapping[str, str]) -> str:
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
