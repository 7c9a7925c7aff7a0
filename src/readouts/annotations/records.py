"""Records: rows of the tables as annotations give them, each with the place it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.incident import Incident, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.annotations.nodes import Node

__all__ = ["Reading", "Record", "Span"]

Cells = dict[str, str | None]


@dataclass(slots=True)
class Record:
    """One row of a table: its cells as they will be in the CSV file, and the lines they were written on."""

    table: str
    cells: Cells
    line: int
    lines: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Span:
    """One stretch of text that an annotation points to: anchored (`start`, `end`) or a draft (`quote`).

    A joint source may repeat the cue that it shares with another (`shared`): the span is written twice, and is one.
    """

    role: str
    owner: Cells
    seq: int
    node: Node
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    within: str | None = None
    occurrence: int | None = None
    shared: bool = False

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells it from every other span of its article: role, place and owner."""
        owned = self.owner.get
        return (
            self.role,
            str(self.start),
            str(self.end),
            owned("statement_id") or "",
            owned("depth") or "",
            owned("relation_id") or "",
            owned("account_id") or "",
            owned("entity_id") or "",
        )

    @property
    def written(self) -> str:
        """Its identity as the anchors file has it."""
        owned = self.owner.get
        return (
            f"{self.role},{self.start},{self.end},{owned('statement_id') or ''},{owned('depth') or ''},"
            f"{owned('relation_id') or ''},{owned('account_id') or ''},{owned('entity_id') or ''}"
        )


@dataclass
class Reading:
    """What one annotation file gives."""

    file: str
    records: list[Record] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    anchored: list[tuple[Span, tuple[str, str, str]]] = field(default_factory=list)  # each with its row
    _added: set[tuple[str, str, Source]] = field(default_factory=set, repr=False)

    def add(self, code: str, message: str, node: Node | int, **more: str | None) -> None:
        """Add a finding at a node, or at a line."""
        place = Source(self.file, node) if isinstance(node, int) else Source(self.file, node.line, node.column)
        found = incident(code, message, source=place, **more)
        # A default or a chain is read for every statement that it holds for, and is one mistake.
        if (code, message, place) not in self._added:
            self._added.add((code, message, place))
            self.incidents.append(found)

    def of(self, table: str) -> list[Record]:
        """Return the records of one table."""
        return [record for record in self.records if record.table == table]

    def distinct_spans(self) -> Iterator[Span]:
        """Yield the spans, each once; one that is written twice without being shared is a finding.

        Drafts must have been placed.
        """
        for _, span in self.identified_spans():
            yield span

    def identified_spans(self) -> Iterator[tuple[str, Span]]:
        """Yield the spans as `distinct_spans` does, each with its identity as the anchors file has it."""
        seen: set[str] = set()
        for span in self.spans:
            identity = span.written
            if identity not in seen:
                yield identity, span
            elif not span.shared:
                message = f"Duplicate {span.role} span [{span.start}, {span.end}]."
                self.add("duplicate-span", message, span.node, table="spans")
            seen.add(identity)
