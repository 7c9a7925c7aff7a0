"""`claims` and `alignments_wide`: how the accounts of each event meet, for those who filter a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.analysis.event_claims import EventClaims
from readouts.analysis.sides import Parties, chain_text
from readouts.corpus_schema.tables import tables
from readouts.datapackage.table.canonical_csv import csv_line, row_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from readouts.analysis.sides import Rows

__all__ = ["CLAIM_TABLES", "claim_tables"]

CLAIM_TABLES = ("alignments_wide", "claims")


def claim_tables(rows: Rows, parties: Parties) -> dict[str, list[str]]:
    """Return the lines of `claims` and `alignments_wide`, in the order of their keys.

    Parameters
    ----------
    rows
        Gives the rows of `articles`, `statements`, `attributions` and `alignments`.
    parties
        Whom the statements come from.
    """
    corpus = _Corpus(rows, parties)
    found = {"claims": corpus.claim_rows(), "alignments_wide": corpus.alignment_rows()}
    lines = {}
    for name, each in found.items():
        table = tables()[name]
        ordered = sorted((row_key(table, cells), cells) for cells in each)
        lines[name] = [csv_line(map(cells.get, table.field_names)) for _, cells in ordered]
    return lines


class _Corpus(EventClaims):
    """The claims of a corpus as rows of the derived tables."""

    def __init__(self, rows: Rows, parties: Parties) -> None:
        super().__init__(rows, parties)
        self.articles = {row["article_id"]: row for row in rows("articles")}
        self.alignments = rows("alignments")

    def claim_rows(self) -> Iterator[dict[str, str | None]]:
        for event in self.by_event:
            for claim in self.claims(event).claims.values():
                for name in claim.statements:
                    yield {
                        "event_id": event,
                        "claim_id": claim.claim_id,
                        "statement_id": name,
                        "group": claim.group,
                        "topic": claim.topic,
                    }

    def alignment_rows(self) -> Iterator[dict[str, str | None]]:
        for row in self.alignments:
            event = (row["alignment_id"] or "").rpartition(".")[0]
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
