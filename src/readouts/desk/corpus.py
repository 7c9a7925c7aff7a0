"""The corpus as every page of the desk needs it; each file is read once for each of its states."""

from __future__ import annotations

from itertools import count, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.analysis.sides import Parties
from readouts.annotations.drafts import draft_file
from readouts.annotations.forms import EVENT, STATEMENT
from readouts.annotations.nodes import decode, parse
from readouts.annotations.tree import annotation_tree, read_file
from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import tables
from readouts.desk.editing import data_of

if TYPE_CHECKING:
    from readouts.annotations.records import Reading
    from readouts.annotations.tree import Contents, TreeFile

__all__ = ["AnnotatedCorpus", "put_aside"]

_LABELLED = {
    "statements": ("form", "medium", "act", "topic", "polarity", "certainty", "modality", "review"),
    "events": ("kind", "date_precision"),
    "participants": ("role", "side"),
    "accounts": ("kind", "side"),
    "alignments": ("relation", "aspect", "scope", "review"),
    "entities": ("kind",),
    "articles": ("kind", "rights"),
    "carriages": ("completeness",),
    "relations": ("status", "fit"),
}


class AnnotatedCorpus:
    """The annotations in a folder as they are, and the texts in another."""

    def __init__(self, annotations: Path, texts: Path) -> None:
        self.annotations = annotations
        self.texts = texts
        self._readings: dict[Path, tuple[Contents, Reading]] = {}

    def document(self) -> dict[str, Any]:
        """Return articles, events, the registry, labels and keys as JSON has them."""
        articles, events = [], []
        for file in annotation_tree(self.annotations)[0]:
            if file.kind == "article":
                articles.append(self._article(file))
            elif file.kind == "event":
                events.append(self._event(file))
        return {
            "articles": articles,
            "events": events,
            "entities": {
                row["entity_id"]: {**row, "aliases": row["aliases"].split("|") if row.get("aliases") else []}
                for row in self.rows("entities")
            },
            "labels": {
                f"{table}.{name}": _categories(table, name) for table, names in _LABELLED.items() for name in names
            },
            "predicates": {name: list(modes) for name, modes in load_plover().modes.items()},
            "contexts": list(load_plover().contexts),
            "keys": {"statement": [*STATEMENT.names], "event": [*EVENT.names]},
        }

    def _article(self, file: TreeFile) -> dict[str, Any]:
        reading, draft = self.reading(file), draft_file(file).path
        cells = next((row.cells for row in reading.of("articles")), {})
        statements = reading.of("statements")
        return {
            "id": file.id,
            **{name: cells.get(name) for name in ("title", "kind", "language")},
            "statements": len(statements),
            "confirmed": sum(row.cells.get("review") not in {None, "machine"} for row in statements),
            "events": sorted({event for row in statements if (event := row.cells.get("event_id"))}),
            "draft": draft.is_file(),
            "kept": bool(put_aside(draft)),
            "text": (self.texts / f"{file.id}.txt").is_file(),
        }

    def _event(self, file: TreeFile) -> dict[str, Any]:
        reading = self.reading(file)
        cells = next((row.cells for row in reading.of("events")), {})
        return {
            "id": file.id,
            **{name: cells.get(name) for name in ("title", "date")},
            "side_a": cells.get("side_a_id"),
            "side_b": cells.get("side_b_id"),
            "accounts": [row.cells for row in reading.of("accounts")],
        }

    def contributors(self) -> list[str]:
        """Return the names of the contributors, who alone can confirm."""
        data = data_of(parse(decode(self.annotations / "corpus.yaml", "corpus.yaml"), "corpus.yaml"))
        people = data.get("contributors") if isinstance(data, dict) else None
        return [str(each["title"]) for each in people or () if isinstance(each, dict) and "title" in each]

    def reading(self, file: TreeFile) -> Reading:
        """Return the reading of a file, which is kept until the file changes."""
        contents, kept = file.contents(), self._readings.get(file.path)
        if kept is None or kept[0] != contents:
            kept = self._readings[file.path] = (contents, read_file(file, spans=False, contents=contents))
        return kept[1]

    def rows(self, table: str) -> list[Any]:
        """Return the rows that the annotations give of a table of events or entities."""
        files = annotation_tree(self.annotations)[0]
        kinds = {"entities"} if table == "entities" else {"event"}
        return [row.cells for file in files if file.kind in kinds for row in self.reading(file).of(table)]

    def parties(self) -> Parties:
        """Return the sides of the events."""
        return Parties.of(self.rows)


def put_aside(draft: Path) -> list[Path]:
    """Return the drafts of an article that were put aside, the last one last."""
    paths = (draft.with_suffix(f".kept-{number}.yaml") for number in count(1))
    return list(takewhile(Path.is_file, paths))


def _categories(table: str, name: str) -> list[dict[str, str]]:
    """Return the labels of a column, each with its meaning."""
    field = tables()[table].field(name)
    meanings = {str(each.value): str(each.label or "") for each in field.categories or ()}
    return [{"value": label, "meaning": meanings.get(label, "")} for label in field.constraints.enum or ()]
