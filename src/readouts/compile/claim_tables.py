"""`claims` and `alignments_wide`: how the accounts of each event meet, for those who filter a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.analysis.event_claims import EventClaims
from readouts.analysis.sides import Parties, chain_text
from readouts.compile.fragment import SEPARATOR
from readouts.compile.statements_wide import Block
from readouts.corpus_schema.tables import tables
from readouts.datapackage.table.canonical_csv import csv_line, row_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from readouts.analysis.sides import Rows
    from readouts.annotations.tree import TreeFile
    from readouts.compile.fragment import Fragment

__all__ = ["claim_blocks", "files_of_events"]


def files_of_events(
    fragments: Mapping[str, Fragment], files: Mapping[str, TreeFile], parties: Parties
) -> dict[str, set[str]]:
    """Return the files that the claims and alignments of each event may be made of.

    Those are the articles that refer to the event or to an account of it, the event's own file with the articles whose
    statements it aligns, and the files that align statements of any of these articles.
    """
    homes = {file.id: name for name, file in files.items() if file.kind == "article"}
    events: dict[str, set[str]] = {}
    cited: dict[str, set[str]] = {}
    for name, fragment in fragments.items():
        refers = fragment.references.get
        events[name] = {*fragment.ids.get("events", ()), *refers("events", ())}
        events[name].update(parties.accounts[account][0] for account in refers("accounts", ()))
        cited[name] = {homes[statement.rpartition(".")[0]] for statement in refers("statements", ())}
    found: dict[str, set[str]] = {}
    for name, articles in cited.items():
        for event in events[name].union(*(events[article] for article in articles)):
            found.setdefault(event, set()).add(name)
        for event in events[name]:
            found[event] |= articles
    return found


def claim_blocks(rows: Rows, parties: Parties, events: AbstractSet[str]) -> dict[str, list[Block]]:
    """Return the rows of `claims` and `alignments_wide` by event, in the order of their keys.

    Parameters
    ----------
    rows
        Gives the rows of `articles`, `statements`, `attributions` and `alignments`, at least those of these events.
    parties
        Whom the statements come from.
    events
        The events whose rows are wanted.
    """
    corpus = _Corpus(rows, parties)
    blocks: dict[str, list[Block]] = {}
    for name, found in (("claims", corpus.claim_rows(events)), ("alignments_wide", corpus.alignment_rows(events))):
        table = tables().get(name)
        if table is None:
            # Releases of the past have schemas without it.
            continue
        by_event: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for cells in found:
            row = row_key(table, cells), csv_line(map(cells.get, table.field_names))
            by_event.setdefault(cells["event_id"] or "", []).append(row)
        for event, lines in by_event.items():
            lines.sort()
            first, last = SEPARATOR.join(lines[0][0]), SEPARATOR.join(lines[-1][0])
            text = "".join(line for _, line in lines).encode()
            blocks.setdefault(event, []).append(Block(name, first, last, len(lines), text))
    return blocks


class _Corpus(EventClaims):
    """The claims of a corpus as rows of the derived tables."""

    def __init__(self, rows: Rows, parties: Parties) -> None:
        super().__init__(rows, parties)
        self.articles = {row["article_id"]: row for row in rows("articles")}
        self.alignments = rows("alignments")

    def claim_rows(self, events: AbstractSet[str]) -> Iterator[dict[str, str | None]]:
        for event in self.by_event.keys() & events:
            for claim in self.claims(event).claims.values():
                for name in claim.statements:
                    yield {
                        "event_id": event,
                        "claim_id": claim.claim_id,
                        "statement_id": name,
                        "group": claim.group,
                        "topic": claim.topic,
                    }

    def alignment_rows(self, events: AbstractSet[str]) -> Iterator[dict[str, str | None]]:
        for row in self.alignments:
            event = (row["alignment_id"] or "").rpartition(".")[0]
            if event not in events:
                continue
            cells = {**row, "event_id": event}
            for letter in ("a", "b"):
                statement = self._statement(row[f"statement_{letter}"] or "", event)
                cells |= {f"{name}_{letter}": value for name, value in statement.items()}
            yield cells

    def _statement(self, name: str, event: str) -> Mapping[str, str | None]:
        """Return what a row of `alignments_wide` says about one of its statements."""
        row, claims, side = self.statements[name], self.claims(event), self.side(name, event)
        article = self.articles.get(row["article_id"], {})
        claim = claims.of.get(name)
        return {
            "summary": row["summary"],
            "side": side,
            "side_name": self.parties.side_name(event, side),
            "chain": chain_text(self.steps.get(name, []), self.parties.names),
            "article": row["article_id"],
            "outlet_name": self.parties.names.get(article.get("outlet_id") or ""),
            "claim": claim,
            "group": None if claim is None else claims.claims[claim].group,
        }
