"""An article's draft as the desk shows it: its text, everything annotated with its places, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readouts.annotations.article import read_article
from readouts.annotations.drafts import quotations
from readouts.annotations.forms import REGION_ROLES, RELATION, STATEMENT
from readouts.annotations.nodes import Mapping, Sequence, YamlError, parse
from readouts.annotations.placing import article_text, edit_nodes, place_spans
from readouts.annotations.records import Reading
from readouts.text.quotation import edges_hold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.annotations.records import Cells, Record, Span
    from readouts.annotations.tree import TreeFile
    from readouts.text.skeleton import Skeleton
    from readouts.text.sources import TextFolder

__all__ = ["LABELS", "ArticleView", "Place", "in_words", "read_view"]

Place = tuple[int, int]
LABELS = {key.name: key.column for key in STATEMENT.keys if key.column is not None}
"""The column that each key of a statement with one value fills."""
_RELATION = {key.name: key.column for key in RELATION.keys if key.column is not None}


@dataclass(frozen=True)
class ArticleView:
    """An article's file, read as far as it can be.

    Attributes
    ----------
    source
        Text of the file.
    root
        Its nodes; None where it can't be read.
    reading
        Its records and spans, with what is wrong.
    cells
        The article's own cells.
    text
        The article's text; None where it isn't there.
    """

    source: str
    root: Mapping | None
    reading: Reading
    cells: Cells
    text: Skeleton | None

    def places(self) -> list[tuple[str, ...]]:
        """Return where everything is: what must stay the same when only words change."""
        return sorted(span.identity for span in self.reading.spans)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The article as JSON has it, with places in characters."""
        reading, spans = self.reading, _Spans(self.reading)
        lines = self._lines()
        attributed: dict[str | None, list[Record]] = {}
        for row in reading.of("attributions"):
            attributed.setdefault(row.cells["statement_id"], []).append(row)
        several: dict[str | None, list[str | None]] = {}
        for row in reading.of("addressees"):
            several.setdefault(row.cells["statement_id"], []).append(row.cells["entity_id"])
        statements = []
        for row in reading.of("statements"):
            cells, name = row.cells, (row.cells["statement_id"] or "").rpartition(".")[2]
            identity = cells["statement_id"]
            statements.append(
                {
                    "name": name,
                    "labels": {key: cells.get(column) for key, column in LABELS.items()},
                    "content": spans.of("content", identity),
                    "quoted": spans.of("quoted", identity),
                    "addressees": self._addressees(cells, several.get(identity, []), spans),
                    "chain": self._chain(attributed.get(identity, ()), spans),
                    "speaker": cells.get("speaker_id"),
                    "lines": lines.get(name),
                }
            )
        regions = []
        for number, item in enumerate(self._items("regions")):
            for span in reading.spans:
                if span.role in REGION_ROLES and item.start <= span.node.start < item.end and span.end is not None:
                    place = [span.start, span.end]
                    regions.append(
                        {"number": number, "role": span.role, "place": place, "account": span.owner.get("account_id")}
                    )
        mentions = [
            {"entity": span.owner.get("entity_id"), "place": [span.start, span.end]}
            for span in reading.spans
            if span.role == "mention" and span.end is not None
        ]
        relations = [
            {
                "name": (row.cells["relation_id"] or "").rpartition(".")[2],
                "values": {
                    key: value.split("|") if key == "contexts" else value
                    for key, column in _RELATION.items()
                    if (value := row.cells.get(column)) is not None
                },
                "at": [
                    [span.start, span.end]
                    for span in reading.spans
                    if span.role == "relation"
                    and span.end is not None
                    and span.owner.get("relation_id") == row.cells["relation_id"]
                ],
            }
            for row in reading.of("relations")
        ]
        return {
            "cells": self.cells,
            "text": "" if self.text is None else self.text.text,
            "statements": statements,
            "mentions": sorted(mentions, key=lambda each: each["place"]),
            "regions": regions,
            "relations": relations,
            "carries": [row.cells for row in reading.of("carriages")],
        }

    @staticmethod
    def _addressees(statement: Cells, several: list[str | None], spans: _Spans) -> list[dict[str, Any]]:
        """Return the addressees of a statement, each with the words that name it; words may have no entity."""
        identity = statement["statement_id"]
        entities = several or [statement.get("addressee_id")]
        found = [{"entity": entity, "at": spans.of("addressee", identity, entity_id=entity)} for entity in entities]
        return [each for each in found if each["entity"] or each["at"]]

    def _chain(self, rows: Iterable[Record], spans: _Spans) -> list[dict[str, Any]]:
        """Return the steps of a statement's chain, the outermost first."""
        steps: dict[str, dict[str, Any]] = {}
        for row in rows:
            statement, depth = row.cells["statement_id"], row.cells["depth"] or ""
            owner = {name: row.cells.get(name) for name in ("depth", "entity_id", "account_id")}
            if depth not in steps:
                steps[depth] = {"sources": [], "cue": spans.of("cue", statement, depth=depth)}
            steps[depth]["sources"].append(
                {
                    "entity": row.cells.get("entity_id"),
                    "label": row.cells.get("label"),
                    "account": row.cells.get("account_id"),
                    "at": spans.of("source", statement, **owner),
                }
            )
        return list(steps.values())

    def _items(self, key: str) -> list[Any]:
        node = None if self.root is None else self.root.items.get(key)
        return list(node.items) if isinstance(node, Sequence) else []

    def _lines(self) -> dict[str, list[int]]:
        """Return the first and last line of each statement."""
        node = None if self.root is None else self.root.items.get("statements")
        if not isinstance(node, Mapping):
            return {}
        return {
            name: [node.keys[name].line, self.source.count("\n", 0, max(entry.end - 1, 0)) + 1]
            for name, entry in node.items.items()
        }


class _Spans:
    """Places of spans by role and owner, each once."""

    def __init__(self, reading: Reading) -> None:
        self._held: dict[tuple[str, str | None], list[Span]] = {}
        for span in reading.spans:
            if span.end is not None:
                self._held.setdefault((span.role, span.owner.get("statement_id")), []).append(span)

    def of(self, role: str, statement: str | None, **owner: str | None) -> list[list[int]]:
        """Return the places of one owner's spans, as they are written."""
        found: list[list[int]] = []
        for span in self._held.get((role, statement), ()):
            place = [span.start or 0, span.end or 0]
            if place not in found and all(span.owner.get(key) == owner[key] for key in owner):
                found.append(place)
        return found


def read_view(source: str, file: TreeFile, folder: TextFolder) -> ArticleView:
    """Read an article's file or draft, and place its spans in its text."""
    reading = Reading(file.name)
    try:
        root = parse(source, file.name)
    except YamlError as error:
        reading.incidents.append(error.finding)
        found = article_text(file, folder, None, Reading(file.name))
        return ArticleView(source, None, reading, {}, None if found is None else found.skeleton)
    record = read_article(root, file.id, reading)
    text = article_text(file, folder, record.cells.get("sha256_raw"), reading)
    if text is None:
        return ArticleView(source, root, reading, record.cells, None)
    place_spans(reading, root, text.skeleton)
    if not reading.incidents:
        list(reading.distinct_spans())
    return ArticleView(source, root, reading, record.cells, text.skeleton)


def in_words(view: ArticleView, file: TreeFile, folder: TextFolder) -> ArticleView:
    """Return a draft with words in place of offsets, wherever they lead back to the very places."""
    text, root = view.text, view.root
    if text is None or root is None or any(_outside(span, text) for span in view.reading.spans):
        return view
    loose = {
        span.node.start
        for span in view.reading.spans
        if span.start is not None and span.end is not None and not edges_hold(text.text, span.start, span.end)
    }
    words = [(node, words) for node, words in quotations(view.reading, root, text) if node.start not in loose]
    again = read_view(edit_nodes(view.source, words), file, folder) if words else view
    return again if again.places() == view.places() else view


def _outside(span: Span, text: Skeleton) -> bool:
    return span.start is not None and span.end is not None and not span.start < span.end <= len(text.text)
