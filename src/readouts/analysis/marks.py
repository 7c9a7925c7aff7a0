"""Spans as marks in a text, with what they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.analysis.sides import chain_text, steps_by_statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.analysis.sides import Row, Rows

__all__ = ["Mark", "labeller", "mark_at"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A span, or a stretch of text that lacks one.

    Attributes
    ----------
    role
        Role of the span; `uncovered` for text that no span covers, `unstated` for a
        sentence without content, `unmentioned` for a name that no mention covers.
    start, end
        Its place in the text, in Unicode code points, end-exclusive; without a text, the place that was annotated.
    line
        The line of the text that it begins in, counted from 1; 0 without a text.
    words
        The words there; empty without a text.
    label
        What it stands for: the step of the chain, the entity's name, the relation or the account.
    span_id
        Id of the span; empty for a stretch that lacks one.
    statement_id, relation_id, entity_id
        To what it belongs.
    """

    role: str
    start: int
    end: int
    line: int = 0
    words: str = ""
    label: str = ""
    span_id: str = ""
    statement_id: str | None = None
    relation_id: str | None = None
    entity_id: str | None = None

    @property
    def owner(self) -> str:
        """The statement or relation by its number in the article, such as `s04`; else the role."""
        return (self.statement_id or self.relation_id or self.role).rpartition(".")[2]


def mark_at(text: str, role: str, place: tuple[int, int], label: str = "", row: Row | None = None) -> Mark:
    """Return a mark at a place of a text; an empty text is none."""
    start, end = place
    row = row or {}
    return Mark(
        role=role,
        start=start,
        end=end,
        line=text.count("\n", 0, start) + 1 if text else 0,
        words=text[start:end],
        label=label,
        span_id=row.get("span_id") or "",
        statement_id=row.get("statement_id"),
        relation_id=row.get("relation_id"),
        entity_id=row.get("entity_id"),
    )


def labeller(rows: Rows) -> Callable[[Row], str]:
    """Return the text that says what a span stands for."""
    names = {row["entity_id"]: row["name"] or "" for row in rows("entities")}
    steps = steps_by_statement(rows("attributions"))
    relations = {row["relation_id"]: row for row in rows("relations")}

    def named(entity: str | None) -> str:
        return "" if entity is None else names.get(entity) or entity

    def label(span: Row) -> str:
        if span["role"] == "relation":
            row = relations[span["relation_id"]]
            predicate = "/".join(filter(None, (row["predicate"], row["mode"])))
            return " ".join(filter(None, (named(row["subject_id"]), predicate, named(row["object_id"]))))
        if span["role"] in {"source", "cue"}:
            at = [step for step in steps.get(span["statement_id"] or "", ()) if step["depth"] == span["depth"]]
            if span["role"] == "source":
                at = [step for step in at if step["entity_id"] == span["entity_id"]] or at
            return chain_text(at, {key or "": name for key, name in names.items()}) if at else ""
        return named(span["entity_id"]) or span["account_id"] or ""

    return label
