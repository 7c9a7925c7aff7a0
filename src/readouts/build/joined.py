"""`statements_wide`: a statement with everything that a user of a spreadsheet would join."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from readouts.build.fragment import Block
from readouts.package.canonical import csv_line
from readouts.schema import tables
from readouts.sides import chain_text, side_of

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Registry", "join_statements"]

Cells = dict[str, str | None]


@dataclass
class Registry:
    """Names and sides that the joined table looks up: entities, events, participants, accounts by their keys."""

    entities: dict[str, str] = field(default_factory=dict)
    events: dict[str, Cells] = field(default_factory=dict)
    participants: dict[tuple[str, str], str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, extras: Iterable[dict[str, Any]]) -> Registry:
        """Gather what the files of events and entities give."""
        registry = cls()
        for extra in extras:
            for cells in extra.get("entities", ()):
                registry.entities[cells["entity_id"]] = cells["name"]
            for cells in extra.get("events", ()):
                registry.events[cells["event_id"]] = {"title": cells["title"], "date": cells["date"]}
            for cells in extra.get("participants", ()):
                registry.participants[cells["event_id"], cells["entity_id"]] = cells["side"]
            for cells in extra.get("accounts", ()):
                registry.accounts[cells["account_id"]] = cells["side"]
        return registry

    def digest(self) -> str:
        """Return a hash of the registry: joined rows hold as long as it does."""
        parts = [self.entities, self.events, self.accounts, sorted(self.participants.items())]
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def join_statements(extra: dict[str, Any], registry: Registry) -> Block | None:
    """Return the rows of `statements_wide` that the statements of one article give, or None if it has none."""
    table = tables()["statements_wide"]
    article: Cells = extra["article"][0]
    chains: dict[str, list[Cells]] = {}
    for step in extra["attributions"]:
        chains.setdefault(step["statement_id"], []).append(step)
    rows = []
    for statement in extra["statements"]:
        steps = chains.get(statement["statement_id"], [])
        event = registry.events.get(statement.get("event_id") or "", {})
        outermost = [step.get("account_id") for step in steps if step["depth"] == "0"]
        accounts = [account for account in outermost if account is not None]
        cells: Cells = {
            **statement,
            "side": side_of(statement, steps, registry.accounts, registry.participants),
            "chain": chain_text(steps, registry.entities),
            "speaker_name": registry.entities.get(statement.get("speaker_id") or ""),
            "addressee_name": registry.entities.get(statement.get("addressee_id") or ""),
            "account_id": accounts[0] if len(accounts) == 1 else None,
            "event_title": event.get("title"),
            "event_date": event.get("date"),
            "article_title": article.get("title"),
            "outlet_name": registry.entities.get(article.get("outlet_id") or ""),
            "published_on": article.get("published_on"),
        }
        rows.append((statement["statement_id"], csv_line(map(cells.get, table.field_names))))
    if not rows:
        return None
    rows.sort()
    return Block(table.name, rows[0][0], rows[-1][0], len(rows), "".join(line for _, line in rows).encode())
