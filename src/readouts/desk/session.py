"""A session at the desk: the corpus as it is, and every act written at once, with nothing of others lost."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import count, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.analysis.sides import Parties, steps_by_statement
from readouts.annotation_merge.annotations import File
from readouts.annotations.drafting import anchor
from readouts.annotations.drafts import article_file, draft_file, first_line, write_draft
from readouts.annotations.forms import EVENT, STATEMENT
from readouts.annotations.nodes import decode, parse
from readouts.annotations.records import Reading
from readouts.annotations.scaffold import new_article, new_entity, new_event
from readouts.annotations.tree import annotation_tree, read_file
from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.transaction import locked, replace_file
from readouts.datapackage.render.report.json import incident_document
from readouts.desk.editing import data_of, merged, with_data
from readouts.desk.operations import change_article, change_event
from readouts.desk.view import ArticleView, in_words, read_view
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from readouts.annotations.tree import TreeFile
    from readouts.datapackage.merging.conflict import Conflict
    from readouts.text.sources import TextFolder

__all__ = ["ChangedMeanwhileError", "Session", "version_of"]

_REMEMBERED, _VIEWS = 500, 24
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


class ChangedMeanwhileError(ReadoutsError):
    """A file was changed by somebody else meanwhile, and at the same place."""

    def __init__(self, message: str, conflicts: Sequence[Conflict] = ()) -> None:
        super().__init__(message)
        self.conflicts = [
            {"message": each.message, "before": each.base, "theirs": each.ours, "yours": each.theirs}
            for each in conflicts
        ]


def version_of(text: str) -> str:
    """Return what changes whenever a text does.

    Examples
    --------
    >>> version_of("title: A bridge") == version_of("title: A toll")
    False
    """
    return sha256(text.encode()).hexdigest()


@dataclass
class _History:
    """The acts on one file: its texts before and after each, and those that were undone."""

    done: list[tuple[str, str]] = field(default_factory=list)
    undone: list[tuple[str, str]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)

    def remember(self, text: str) -> str:
        """Keep a text that a page may know; return its version."""
        version = version_of(text)
        self.known.pop(version, None)
        self.known[version] = text
        while len(self.known) > _REMEMBERED:
            del self.known[next(iter(self.known))]
        return version


class Session:
    """One person's work on a folder of annotations.

    Parameters
    ----------
    annotations
        The folder of annotations.
    texts
        The folder of texts.
    person
        Who works: the name in `reviewed_by` of everything that is confirmed.
    """

    def __init__(self, annotations: Path, texts: Path, person: str) -> None:
        self.annotations = annotations.resolve()
        self.person = person
        self.texts = texts
        self._lock = threading.RLock()
        self._histories: dict[str, _History] = {}
        self._views: dict[tuple[str, str, str, float], ArticleView] = {}
        self._readings: dict[Path, tuple[str, Reading]] = {}
        annotation_tree(self.annotations)
        text_folder(texts)

    # The corpus

    def corpus(self) -> dict[str, Any]:
        """Return what every page needs: articles, events, the registry, labels, and who may confirm."""
        articles, events = [], []
        for file in annotation_tree(self.annotations)[0]:
            reading = self.reading(file)
            if file.kind == "article":
                cells = next((row.cells for row in reading.of("articles")), {})
                statements = reading.of("statements")
                articles.append(
                    {
                        "id": file.id,
                        "title": cells.get("title"),
                        "kind": cells.get("kind"),
                        "language": cells.get("language"),
                        "statements": len(statements),
                        "confirmed": sum(row.cells.get("review") not in {None, "machine"} for row in statements),
                        "events": sorted({event for row in statements if (event := row.cells.get("event_id"))}),
                        "draft": draft_file(file).path.is_file(),
                        "kept": bool(_put_aside(draft_file(file).path)),
                        "text": (self.texts / f"{file.id}.txt").is_file(),
                    }
                )
            elif file.kind == "event":
                cells = next((row.cells for row in reading.of("events")), {})
                accounts = [row.cells for row in reading.of("accounts")]
                events.append(
                    {
                        "id": file.id,
                        "title": cells.get("title"),
                        "date": cells.get("date"),
                        "side_a": cells.get("side_a_id"),
                        "side_b": cells.get("side_b_id"),
                        "accounts": accounts,
                    }
                )
        return {
            "person": self.person,
            "contributor": self.person in self.contributors(),
            "articles": articles,
            "events": events,
            "entities": {
                row["entity_id"]: {
                    **row,
                    "aliases": (row.get("aliases") or "").split("|") if row.get("aliases") else [],
                }
                for row in self.rows("entities")
            },
            "labels": {
                f"{table}.{name}": _categories(table, name) for table, names in _LABELLED.items() for name in names
            },
            "predicates": {name: list(modes) for name, modes in load_plover().modes.items()},
            "contexts": list(load_plover().contexts),
            "keys": {
                "statement": [key.name for key in STATEMENT.keys],
                "event": [key.name for key in EVENT.keys],
            },
        }

    def contributors(self) -> list[str]:
        """Return the names of the contributors, who alone can confirm."""
        data = data_of(parse(decode(self.annotations / "corpus.yaml", "corpus.yaml"), "corpus.yaml"))
        people = data.get("contributors") if isinstance(data, dict) else None
        return [str(each["title"]) for each in people or () if isinstance(each, dict) and "title" in each]

    def reading(self, file: TreeFile) -> Reading:
        """Return the reading of a file, which is kept until the file changes."""
        data = sha256(b"\0".join(file.contents())).hexdigest()
        kept = self._readings.get(file.path)
        if kept is None or kept[0] != data:
            kept = self._readings[file.path] = (data, read_file(file, spans=False))
        return kept[1]

    def rows(self, table: str) -> list[Any]:
        """Return the rows that the annotations give of a table of events or entities."""
        files = annotation_tree(self.annotations)[0]
        kinds = {"entities"} if table == "entities" else {"event"}
        return [row.cells for file in files if file.kind in kinds for row in self.reading(file).of(table)]

    def parties(self) -> Parties:
        """Return the sides of the events."""
        return Parties.of(self.rows)

    # Articles

    def article(self, article: str) -> dict[str, Any]:
        """Return an article as it is now: the draft, else what would be its draft."""
        with self._lock:
            view = self.view(article)
            history = self._history(article)
            file = article_file(article, self.annotations)
            draft = draft_file(file)
            document = view.document
            self._add_sides(document["statements"], view)
            stale = None
            if draft.path.is_file() and not view.source.startswith(first_line(file)):
                stale = f"{draft.name} was made from another state of {file.name}."
            return {
                "id": article,
                "version": history.remember(view.source),
                "drafted": draft.path.is_file(),
                "draft": draft.name,
                "stale": stale,
                "undo": len(history.done),
                "redo": len(history.undone),
                "findings": [incident_document(each) for each in view.reading.incidents],
                **document,
            }

    def view(self, article: str) -> ArticleView:
        """Return the draft of an article, read; where there is none, what would be it."""
        file = article_file(article, self.annotations)
        draft = draft_file(file)
        if draft.path.is_file():
            return self._view(decode(draft.path, draft.name), file)
        source = decode(file.path, file.name)
        newline = "\r\n" if "\r\n" in source else "\n"
        return self._worded(f"{first_line(file)}{newline}{source}", file)

    def _view(self, source: str, file: TreeFile) -> ArticleView:
        """Read a draft; the last views are kept as long as neither the draft nor its text changes."""
        return self._kept("read", source, file, lambda drafted, folder: read_view(source, drafted, folder))

    def _worded(self, source: str, file: TreeFile) -> ArticleView:
        """Read a draft and write words in place of its offsets."""
        view = self._view(source, file)
        made = self._kept("worded", source, file, lambda drafted, folder: in_words(view, drafted, folder))
        self._views["read", made.source, *self._state(file)] = made
        return made

    def _state(self, file: TreeFile) -> tuple[str, float]:
        path = self.texts / f"{file.id}.txt"
        return file.id, path.stat().st_mtime_ns if path.is_file() else time.time()

    def _kept(
        self, what: str, source: str, file: TreeFile, made: Callable[[TreeFile, TextFolder], ArticleView]
    ) -> ArticleView:
        key = (what, source, *self._state(file))
        view = self._views.pop(key, None)
        if view is None:
            draft = draft_file(file)
            view = made(replace(file, path=draft.path, name=draft.name), text_folder(self.texts))
        self._views[key] = view
        while len(self._views) > _VIEWS:
            del self._views[next(iter(self._views))]
        return view

    def version(self, article: str) -> str:
        """Return the version of an article's draft."""
        return version_of(self.view(article).source)

    def change(self, article: str, version: str, asked: dict[str, Any], *, mine: bool = False) -> dict[str, Any]:
        """Do what a person asks to an article, and save it as its draft.

        Parameters
        ----------
        article
            Id of the article.
        version
            The version that the person sees. If the file has changed since, both changes are merged.
        asked
            The act.
        mine
            Where both changed the same, this act counts.

        Raises
        ------
        ChangedMeanwhileError
            Both changed the same.
        ReadoutsError
            The act doesn't fit what is there.
        """
        file = article_file(article, self.annotations)

        def change(source: str) -> str:
            self._allow(asked)
            data = change_article(self._view(source, file), asked, self.person)
            return self._worded(with_data(source, "article", article, data), file).source

        with self._lock:
            history = self._history(article)
            now = self.view(article).source
            text = self._merged(("article", article, f"drafts/{article}.yaml"), now, version, change, mine=mine)
            if text != now:
                self._save(file, text)
                history.done.append((now, text))
                history.undone.clear()
            return self.article(article)

    def step(self, article: str, *, back: bool) -> dict[str, Any]:
        """Undo the last act, or do again what was undone; what others changed meanwhile stays.

        Raises
        ------
        ChangedMeanwhileError
            Somebody else has changed the same since.
        """
        with self._lock:
            file = article_file(article, self.annotations)
            now = self.view(article).source
            self._step(
                self._history(article),
                File("article", article, article),
                now,
                back,
                lambda text: self._save(file, text),
            )
            return self.article(article)

    def anchor(self, article: str) -> dict[str, Any]:
        """Take the draft over into the article's file, as `readouts anchor` does."""
        with self._lock:
            anchored = anchor(article, self.annotations, self.texts)
            found = [incident_document(each) for each in anchored.reading.incidents]
            if not found:
                # There is nothing to undo in a file of positions.
                self._histories.pop(article, None)
            return {**self.article(article), "anchored": not found, "findings": found}

    def renew(self, article: str) -> dict[str, Any]:
        """Put a draft that was made from another state of its article aside, and begin with the article as it is.

        Raises
        ------
        ReadoutsError
            The draft was made from this state of the article.
        """
        with self._lock, locked(self.annotations.parent):
            if self.article(article)["stale"] is None:
                message = f"The draft of {article} was made from the article as it is."
                raise ReadoutsError(message)
            draft = draft_file(article_file(article, self.annotations)).path
            kept = draft.with_suffix(f".kept-{len(_put_aside(draft)) + 1}.yaml")
            write_draft(kept, draft.read_bytes())
            draft.unlink()
            # The acts so far changed the draft that lies aside.
            self._histories.pop(article, None)
            return self.article(article)

    def kept(self, article: str) -> dict[str, Any]:
        """Return the last draft that was put aside, as `ArticleView.document` has it.

        Raises
        ------
        ReadoutsError
            None was put aside, or it can't be read.
        """
        file = article_file(article, self.annotations)
        found = _put_aside(draft_file(file).path)
        if not found:
            message = f"No draft of {article} was put aside."
            raise ReadoutsError(message)
        view = self._view(decode(found[-1], found[-1].name), file)
        if view.root is None or view.text is None:
            message = f"drafts/{found[-1].name} can't be read as it is: correct it in an editor first."
            raise ReadoutsError(message)
        return {"name": found[-1].name, **view.document}

    def _save(self, file: TreeFile, text: str) -> None:
        with locked(self.annotations.parent):
            write_draft(draft_file(file).path, text.encode())

    # Events

    def event(self, event: str) -> dict[str, Any]:
        """Return an event with its alignments, and the statements about it by side."""
        with self._lock:
            path = self._event_path(event)
            source = decode(path, path.name)
            root = parse(source, path.name)
            history = self._history(f"event {event}")
            reading = Reading(path.name)
            from readouts.annotations.event import read_event

            read_event(root, event, reading)
            return {
                "id": event,
                "version": history.remember(source),
                "data": data_of(root),
                "sides": {side: self.parties().side_name(event, side) for side in ("a", "b")},
                "undo": len(history.done),
                "redo": len(history.undone),
                "statements": self._statements(event),
                "alignments": [row.cells for row in reading.of("alignments")],
                "findings": [incident_document(each) for each in reading.incidents],
            }

    def change_event(self, event: str, version: str, asked: dict[str, Any], *, mine: bool = False) -> dict[str, Any]:
        """Do what a person asks to an event, as `change` does to an article."""

        def change(source: str) -> str:
            self._allow(asked)
            data = data_of(parse(source, event))
            assert isinstance(data, dict)  # noqa: S101 - the root is a mapping
            return with_data(source, "event", event, change_event(data, asked, self.person))

        with self._lock:
            path, history = self._event_path(event), self._history(f"event {event}")
            now = decode(path, path.name)
            text = self._merged(("event", event, f"events/{event}.yaml"), now, version, change, mine=mine)
            if text != now:
                self._save_event(path, text)
                history.done.append((now, text))
                history.undone.clear()
            return self.event(event)

    def step_event(self, event: str, *, back: bool) -> dict[str, Any]:
        """Undo or do again, as `step` does for an article."""
        with self._lock:
            path = self._event_path(event)
            now = decode(path, path.name)
            history = self._history(f"event {event}")
            self._step(history, File("event", event, event), now, back, lambda text: self._save_event(path, text))
            return self.event(event)

    def _save_event(self, path: Path, text: str) -> None:
        with locked(self.annotations.parent):
            replace_file(path, text.encode())

    def _event_path(self, event: str) -> Path:
        path = self.annotations / "events" / f"{event}.yaml"
        if tables()["events"].field("event_id").problem(event) is not None or not path.is_file():
            message = f"{self.annotations.name} has no event '{event}'."
            raise ReadoutsError(message)
        return path

    def _statements(self, event: str) -> list[dict[str, Any]]:
        """Return the statements about an event that the articles make, with the words that they are about."""
        found = []
        for file in annotation_tree(self.annotations)[0]:
            if file.kind != "article":
                continue
            drafted = draft_file(file).path.is_file()
            if not drafted and not any(
                row.cells.get("event_id") == event for row in self.reading(file).of("statements")
            ):
                continue
            view = self.view(file.id)
            document = view.document
            self._add_sides(document["statements"], view)
            for each in document["statements"]:
                if each["labels"].get("event") == event:
                    words = " … ".join(document["text"][start:end] for start, end in each["content"])
                    accounts = [source["account"] for step in each["chain"][:1] for source in step["sources"]]
                    found.append(
                        {
                            "id": f"{file.id}.{each['name']}",
                            "article": file.id,
                            "kind": view.cells.get("kind"),
                            "language": view.cells.get("language"),
                            "words": words,
                            "account": next(filter(None, accounts), None),
                            "entities": sorted({m["entity"] for m in document["mentions"] if _inside(m, each)}),
                            **each,
                        }
                    )
        return found

    # The registry and new files

    def add_entity(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Add an entity to the registry: a name and a kind will do."""
        name, kind = str(asked.get("name", "")).strip(), str(asked.get("kind", ""))
        entity = str(asked.get("id") or _slug(name))
        more = {key: str(asked[key]) for key in ("description", "country") if asked.get(key)}
        with self._lock:
            new_entity(self.annotations, entity, asked.get("aliases") or (), name=name, kind=kind, **more)
        return {"id": entity}

    def add_article(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Write the scaffold of an article's file."""
        values = {key: str(value) for key, value in asked.items() if key != "id" and value}
        with self._lock:
            new_article(self.annotations, str(asked.get("id", "")), **{"made_by": _slug(self.person), **values})
        return {"id": asked["id"]}

    def add_event(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Write the scaffold of an event's file."""
        values = {key: str(value) for key, value in asked.items() if key != "id" and value}
        with self._lock:
            new_event(self.annotations, str(asked.get("id", "")), **{"made_by": _slug(self.person), **values})
        return {"id": asked["id"]}

    # What all of them share

    @staticmethod
    def _step(history: _History, file: File, now: str, back: bool, save: Callable[[str], None]) -> None:
        here, there = (history.done, history.undone) if back else (history.undone, history.done)
        if not here:
            message = f"There is nothing to {'undo' if back else 'do again'}."
            raise ReadoutsError(message)
        wanted, last = here[-1] if back else here[-1][::-1]
        text, conflicts = (wanted, ()) if now == last else merged(file, last, now, wanted)
        if conflicts:
            message = "Somebody else has changed the same since."
            raise ChangedMeanwhileError(message, conflicts)
        save(text)
        there.append(here.pop())

    def _history(self, name: str) -> _History:
        return self._histories.setdefault(name, _History())

    def _allow(self, asked: dict[str, Any]) -> None:
        if asked.get("do") == "confirm" and asked.get("on", True) and self.person not in self.contributors():
            message = (
                f"'{self.person}' is not a contributor of the corpus, so nothing was confirmed. Add the name to "
                "`contributors` in corpus.yaml, or start the desk with --as and a name that is there."
            )
            raise ReadoutsError(message)

    def _merged(
        self, which: tuple[str, str, str], now: str, version: str, change: Callable[[str], str], *, mine: bool
    ) -> str:
        """Return the text of a file after an act on a version of it, merged with what was changed since."""
        if version == version_of(now):
            return change(now)
        history = self._history(which[1] if which[0] == "article" else f"event {which[1]}")
        base = history.known.get(version)
        if base is None:
            if mine:
                return change(now)
            message = f"{which[2]} was changed meanwhile, and the desk no longer knows the version that you see."
            raise ChangedMeanwhileError(message)
        after = change(base)
        text, conflicts = merged(File(*which), base, now, after)
        if conflicts and mine:
            text, conflicts = merged(File(*which), base, after, now)[0], ()
        if conflicts:
            message = f"{which[2]} was changed meanwhile, at the same place."
            raise ChangedMeanwhileError(message, conflicts)
        return text

    def _add_sides(self, statements: list[dict[str, Any]], view: ArticleView) -> None:
        parties = self.parties()
        steps = steps_by_statement(row.cells for row in view.reading.of("attributions"))
        sides = {
            (row.cells["statement_id"] or "").rpartition(".")[2]: parties.side(
                row.cells, steps.get(row.cells["statement_id"] or "", [])
            )
            for row in view.reading.of("statements")
        }
        for each in statements:
            each["side"] = sides[each["name"]]


def _put_aside(draft: Path) -> list[Path]:
    """Return the drafts of an article that were put aside, the last one last."""
    paths = (draft.with_suffix(f".kept-{number}.yaml") for number in count(1))
    return list(takewhile(Path.is_file, paths))


def _inside(mention: dict[str, Any], statement: dict[str, Any]) -> bool:
    start, end = mention["place"]
    return any(first <= start and end <= last for first, last in statement["content"])


def _categories(table: str, name: str) -> list[dict[str, str]]:
    """Return the labels of a column, each with its meaning."""
    field = tables()[table].field(name)
    meanings = {str(each.value): str(each.label or "") for each in field.categories or ()}
    return [{"value": label, "meaning": meanings.get(label, "")} for label in field.constraints.enum or ()]


def _slug(name: str) -> str:
    """Return a name as an id is written.

    >>> _slug("Jana Mareková")
    'jana-marekova'
    """
    import re
    import unicodedata

    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
