"""`statements_wide`: a statement with everything that a user of a spreadsheet would join."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from readouts.analysis.sides import Parties, addressees_of, chain_text
from readouts.corpus_schema.tables import tables
from readouts.datapackage.table.canonical_csv import csv_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["JOINED", "REGISTERED", "Block", "Registry", "join_statements", "rows_of"]

Cells = dict[str, str | None]

REGISTERED = ("entities", "events", "participants", "accounts")
"""The tables that names and sides are looked up in."""
JOINED = ("articles", "statements", "attributions", "addressees")
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
    """What the joined tables look up, with a hash of it: joined rows hold as long as that does."""

    parties: Parties
    digest: str

    @classmethod
    def of(cls, texts: Mapping[str, bytes]) -> Registry:
        r"""Make a registry of the rows of `entities`, `events`, `participants` and `accounts`, by table.

        Examples
        --------
        >>> Registry.of({"participants": b"call,marek,principal,a\n"}).parties.participants
        {('call', 'marek'): 'a'}
        """
        digest = sha256()
        for name in REGISTERED:
            lines = sorted(texts.get(name, b"").splitlines())
            digest.update(json.dumps([name, len(lines)]).encode() + b"\n".join(lines))
        return cls(Parties.of(lambda name: rows_of(name, texts.get(name, b""))), digest.hexdigest())


def join_statements(
    registry: Registry,
    article: Cells,
    statements: Iterable[Cells],
    steps: Iterable[Cells] = (),
    addressees: Iterable[Cells] = (),
) -> Block | None:
    """Return the rows of `statements_wide` that the statements of one article give, or None if it has none."""
    table = tables()["statements_wide"]
    chains: dict[str | None, list[Cells]] = {}
    for step in steps:
        chains.setdefault(step["statement_id"], []).append(step)
    statements = list(statements)
    addressed = addressees_of(statements, addressees)
    rows = []
    parties = registry.parties
    names, events = parties.names, parties.events
    outlet = names.get(article.get("outlet_id") or "")
    for statement in statements:
        chain: Sequence[Cells] = chains.get(statement["statement_id"], [])
        event = events.get(statement.get("event_id") or "", {})
        outermost = [step.get("account_id") for step in chain if step["depth"] == "0"]
        accounts = [account for account in outermost if account is not None]
        cells: Cells = {
            **statement,
            "side": (side := parties.side(statement, chain)),
            "side_name": parties.side_name(parties.home(statement, chain), side),
            "chain": chain_text(chain, names),
            "speaker_name": names.get(statement.get("speaker_id") or ""),
            "addressee_name": " + ".join(
                names.get(name, name) for name in addressed.get(statement["statement_id"] or "", ())
            )
            or None,
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
