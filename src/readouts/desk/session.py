"""A session at the desk: every act is written at once, with nothing of others lost."""

from __future__ import annotations

import re
import threading
import time
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from readouts.analysis.sides import steps_by_statement
from readouts.annotation_merge.annotations import File
from readouts.annotations.drafting import anchor
from readouts.annotations.drafts import article_file, draft_file, first_line, write_draft
from readouts.annotations.event import read_event
from readouts.annotations.nodes import decode, parse
from readouts.annotations.records import Reading
from readouts.annotations.scaffold import new_article, new_entity, new_event
from readouts.annotations.tree import annotation_tree
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.transaction import locked, replace_file
from readouts.datapackage.render.report.json import incident_document
from readouts.desk.corpus import AnnotatedCorpus, put_aside
from readouts.desk.editing import data_of, with_data
from readouts.desk.history import History, version_of
from readouts.desk.operations import change_article, change_event
from readouts.desk.view import ArticleView, in_words, read_view
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.annotations.tree import TreeFile
    from readouts.text.sources import TextFolder

__all__ = ["Session"]

_VIEWS = 24


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
        self.annotated = AnnotatedCorpus(self.annotations, texts)
        self._lock = threading.RLock()
        self._histories: dict[tuple[str, str], History] = {}
        self._views: dict[tuple[str, str, str, float], ArticleView] = {}
        annotation_tree(self.annotations)
        text_folder(texts)

    def corpus(self) -> dict[str, Any]:
        """Return what every page needs: articles, events, the registry, labels, and who may confirm."""
        contributor = self.person in self.annotated.contributors()
        return {"person": self.person, "contributor": contributor, **self.annotated.document()}

    # Articles

    def article(self, article: str) -> dict[str, Any]:
        """Return an article as it is now: the draft, else what would be its draft."""
        with self._lock:
            view = self.view(article)
            history = self._history("article", article)
            file = article_file(article, self.annotations)
            draft = draft_file(file)
            document = self._with_sides(view)
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
            now = self.view(article).source
            history = self._history("article", article)
            history.change(now, version, change, self._saving(write_draft, draft_file(file).path), mine=mine)
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
            self._history("article", article).step(now, self._saving(write_draft, draft_file(file).path), back=back)
            return self.article(article)

    def anchor(self, article: str) -> dict[str, Any]:
        """Take the draft over into the article's file, as `readouts anchor` does."""
        with self._lock:
            anchored = anchor(article, self.annotations, self.texts)
            found = [incident_document(each) for each in anchored.reading.incidents]
            if not found:
                # There is nothing to undo in a file of positions.
                self._histories.pop(("article", article), None)
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
            kept = draft.with_suffix(f".kept-{len(put_aside(draft)) + 1}.yaml")
            write_draft(kept, draft.read_bytes())
            draft.unlink()
            # The acts so far changed the draft that lies aside.
            self._histories.pop(("article", article), None)
            return self.article(article)

    def kept(self, article: str) -> dict[str, Any]:
        """Return the last draft that was put aside, as `ArticleView.document` has it.

        Raises
        ------
        ReadoutsError
            None was put aside, or it can't be read.
        """
        file = article_file(article, self.annotations)
        found = put_aside(draft_file(file).path)
        if not found:
            message = f"No draft of {article} was put aside."
            raise ReadoutsError(message)
        view = self._view(decode(found[-1], found[-1].name), file)
        if view.root is None or view.text is None:
            message = f"drafts/{found[-1].name} can't be read as it is: correct it in an editor first."
            raise ReadoutsError(message)
        return {"name": found[-1].name, **view.document}

    # Events

    def event(self, event: str) -> dict[str, Any]:
        """Return an event with its alignments, and the statements about it by side."""
        with self._lock:
            path = self._event_path(event)
            source = decode(path, path.name)
            root = parse(source, path.name)
            history = self._history("event", event)
            reading = Reading(path.name)
            read_event(root, event, reading)
            return {
                "id": event,
                "version": history.remember(source),
                "data": data_of(root),
                "sides": {side: self.annotated.parties().side_name(event, side) for side in ("a", "b")},
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
            path = self._event_path(event)
            now = decode(path, path.name)
            history = self._history("event", event)
            history.change(now, version, change, self._saving(replace_file, path), mine=mine)
            return self.event(event)

    def step_event(self, event: str, *, back: bool) -> dict[str, Any]:
        """Undo or do again, as `step` does for an article."""
        with self._lock:
            path = self._event_path(event)
            now = decode(path, path.name)
            self._history("event", event).step(now, self._saving(replace_file, path), back=back)
            return self.event(event)

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
                row.cells.get("event_id") == event for row in self.annotated.reading(file).of("statements")
            ):
                continue
            view = self.view(file.id)
            document = self._with_sides(view)
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
        return self._add(new_article, asked)

    def add_event(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Write the scaffold of an event's file."""
        return self._add(new_event, asked)

    def _add(self, new: Callable[..., object], asked: dict[str, Any]) -> dict[str, Any]:
        values = {key: str(value) for key, value in asked.items() if key != "id" and value}
        with self._lock:
            new(self.annotations, str(asked.get("id", "")), **{"made_by": _slug(self.person), **values})
        return {"id": asked["id"]}

    # What all of them share

    def _history(self, kind: str, name: str) -> History:
        folder = "drafts" if kind == "article" else "events"
        return self._histories.setdefault((kind, name), History(File(kind, name, f"{folder}/{name}.yaml")))

    def _saving(self, write: Callable[[Path, bytes], None], path: Path) -> Callable[[str], None]:
        def save(text: str) -> None:
            with locked(self.annotations.parent):
                write(path, text.encode())

        return save

    def _allow(self, asked: dict[str, Any]) -> None:
        if asked.get("do") == "confirm" and asked.get("on", True) and self.person not in self.annotated.contributors():
            message = (
                f"'{self.person}' is not a contributor of the corpus, so nothing was confirmed. Add the name to "
                "`contributors` in corpus.yaml, or start the desk with --as and a name that is there."
            )
            raise ReadoutsError(message)

    def _with_sides(self, view: ArticleView) -> dict[str, Any]:
        """Return an article as JSON has it, each of its statements with the side that makes it."""
        parties = self.annotated.parties()
        steps = steps_by_statement(row.cells for row in view.reading.of("attributions"))
        for row, each in zip(view.reading.of("statements"), view.document["statements"], strict=True):
            each["side"] = parties.side(row.cells, steps.get(row.cells["statement_id"] or "", []))
        return view.document


def _inside(mention: dict[str, Any], statement: dict[str, Any]) -> bool:
    start, end = mention["place"]
    return any(first <= start and end <= last for first, last in statement["content"])


def _slug(name: str) -> str:
    """Return a name as an id is written.

    >>> _slug("Jana Mareková")
    'jana-marekova'
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
