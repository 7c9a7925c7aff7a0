"""`statements_wide`: a statement with everything that a user of a spreadsheet would join."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from readouts.analysis.sides import chain_text, side_of
from readouts.corpus_schema.tables import tables
from readouts.datapackage.table.canonical_csv import csv_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["JOINED", "REGISTERED", "Block", "Registry", "join_statements", "rows_of"]

Cells = dict[str, str | None]

REGISTERED = ("entities", "events", "participants", "accounts")
"""The tables that names and sides are looked up in."""
JOINED = ("articles", "statements", "attributions")
"""The tables of an article that joined rows are made of."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one table in canonical form, in the order of their keys."""

    table: str
    first: str
    last: str
    count: int
    text: bytes


def rows_of(table: str, text: bytes) -> list[Cells]:
    r"""Return rows in canonical form as cells by column; an empty one is missing.

    Examples
    --------
    >>> rows_of("participants", b"call,marek,principal,a\n")
    [{'event_id': 'call', 'entity_id': 'marek', 'role': 'principal', 'side': 'a'}]
    """
    names = tables()[table].field_names
    reader = csv.reader(io.StringIO(text.decode(), newline=""), strict=True)
    return [dict(zip(names, [cell or None for cell in cells], strict=True)) for cells in reader]


@dataclass
class Registry:
    """Names and sides that the joined table looks up: entities, events, participants, accounts by their keys."""

    entities: dict[str, str] = field(default_factory=dict)
    events: dict[str, Cells] = field(default_factory=dict)
    participants: dict[tuple[str, str], str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Mapping[str, bytes]) -> Registry:
        r"""Make a registry of the rows of `entities`, `events`, `participants` and `accounts`, by table.

        Examples
        --------
        >>> Registry.of({"participants": b"call,marek,principal,a\n"}).participants
        {('call', 'marek'): 'a'}
        """
        rows = {name: rows_of(name, text) for name, text in texts.items()}

        def cell(cells: Cells, name: str) -> str:
            return cells[name] or ""

        return cls(
            {cell(row, "entity_id"): cell(row, "name") for row in rows.get("entities", ())},
            {cell(row, "event_id"): {"title": row["title"], "date": row["date"]} for row in rows.get("events", ())},
            {
                (cell(row, "event_id"), cell(row, "entity_id")): cell(row, "side")
                for row in rows.get("participants", ())
            },
            {cell(row, "account_id"): cell(row, "side") for row in rows.get("accounts", ())},
        )

    @cached_property
    def digest(self) -> str:
        """A hash of the registry: joined rows hold as long as it does."""
        parts = [self.entities, self.events, self.accounts, sorted(self.participants.items())]
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def join_statements(
    article: Cells, statements: Iterable[Cells], steps: Iterable[Cells], registry: Registry
) -> Block | None:
    """Return the rows of `statements_wide` that the statements of one article give, or None if it has none.

    Parameters
    ----------
    article
        Row of `articles`.
    statements, steps
        Its rows of `statements` and `attributions`.
    registry
        What is looked up.
    """
    table = tables()["statements_wide"]
    chains: dict[str | None, list[Cells]] = {}
    for step in steps:
        chains.setdefault(step["statement_id"], []).append(step)
    rows = []
    names, events = registry.entities, registry.events
    outlet = names.get(article.get("outlet_id") or "")
    for statement in statements:
        chain: Sequence[Cells] = chains.get(statement["statement_id"], [])
        event = events.get(statement.get("event_id") or "", {})
        outermost = [step.get("account_id") for step in chain if step["depth"] == "0"]
        accounts = [account for account in outermost if account is not None]
        cells: Cells = {
            **statement,
            "side": side_of(statement, chain, registry.accounts, registry.participants),
            "chain": chain_text(chain, names),
            "speaker_name": names.get(statement.get("speaker_id") or ""),
            "addressee_name": names.get(statement.get("addressee_id") or ""),
            "account_id": accounts[0] if len(accounts) == 1 else None,
            "event_title": event.get("title"),
            "event_date": event.get("date"),
            "article_title": article.get("title"),
            "outlet_name": outlet,
            "published_on": article.get("published_on"),
        }
        rows.append((statement["statement_id"] or "", csv_line(map(cells.get, table.field_names))))
    if not rows:
        return None
    rows.sort()
    return Block(table.name, rows[0][0], rows[-1][0], len(rows), "".join(line for _, line in rows).encode())
