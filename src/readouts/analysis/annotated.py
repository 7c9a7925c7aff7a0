"""An article's text with its annotations laid over it, for the eyes of an annotator.

The result holds the text: it is for local use and must not be published.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from readouts.analysis.coverage import letters, lines, uncovered, unmentioned, unstated
from readouts.analysis.marks import Mark, labeller, mark_at
from readouts.analysis.sides import Parties, addressees_of, chain_text, steps_by_statement
from readouts.corpus_schema.naming import chosen
from readouts.datapackage.errors import ReadoutsError
from readouts.text.anchoring import locate
from readouts.text.hydration import anchor_of
from readouts.text.problem import TextProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from readouts.analysis.sides import Row, Rows
    from readouts.text.sources import TextFolder

__all__ = ["LABELS", "Aligned", "AnnotatedArticle", "Note", "Paragraph", "Segment", "annotate"]

LABELS = ("form", "medium", "act", "topic", "polarity", "certainty", "modality")
"""The columns of `statements` that classify one."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text over which the annotations are the same.

    Attributes
    ----------
    text
        The words.
    start
        Where it begins in the text.
    marks
        Everything that covers it.
    sides
        Sides of the statements whose content it belongs to.
    """

    text: str
    start: int
    marks: tuple[Mark, ...]
    sides: tuple[str, ...]

    @property
    def statements(self) -> tuple[str, ...]:
        """Ids of the statements whose content it belongs to."""
        return tuple(sorted({mark.statement_id or "" for mark in self.marks if mark.role == "content"}))

    @property
    def roles(self) -> frozenset[str]:
        """Roles of all that covers it."""
        return frozenset(mark.role for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Aligned:
    """An alignment of a statement: "a RELATION b", with the other statement's id and summary."""

    alignment_id: str
    a: str
    relation: str
    b: str
    scope: str
    other: str
    summary: str


@dataclass(frozen=True, slots=True)
class Note:
    """What an annotator says about a statement.

    Attributes
    ----------
    statement_id, summary
        The statement.
    side, side_name
        Its side, and what that is called (None for `third`).
    chain
        Its source chain in names, outermost first.
    labels
        Its form, medium, act, topic, polarity, certainty and modality.
    event
        Title and id of its event; empty without one.
    addressees
        Names of those it is addressed to.
    parent_statement_id
        The statement that it is part of.
    alignments
        How it compares with others; only where one statement was asked for.
    """

    statement_id: str
    summary: str
    side: str
    side_name: str | None
    chain: str
    labels: Mapping[str, str]
    event: str
    addressees: tuple[str, ...]
    parent_statement_id: str | None
    alignments: tuple[Aligned, ...] = ()

    @property
    def number(self) -> str:
        """Its number in the article, such as `s04`."""
        return self.statement_id.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text, in segments, with its marks and the notes of the statements that begin in it."""

    line: int
    start: int
    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]
    notes: tuple[Note, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """An article with its annotations.

    Attributes
    ----------
    article_id, title
        The article.
    paragraphs
        Its text, with annotations; only those that matter when one statement or span was asked for, and none without
        a text.
    notes
        Its statements; or the one that was asked for.
    marks
        Its spans, in the order of the text.
    uncovered
        Stretches of text that no span covers, from letter to letter, within a line. Headlines, captions and reprinted
        accounts are annotated like the rest, so that their regions cover nothing; boilerplate is covered by its own.
        Empty when one statement or span was asked for.
    uncovered_share
        Their share of the letters and digits of the text; None where it isn't measured.
    unstated
        Sentences outside boilerplate in which no content of a statement lies.
    unmentioned
        Names and aliases of entities that are in the text outside boilerplate, with no mention over them.
    orphans
        Spans that the given text doesn't have.
    """

    article_id: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    notes: tuple[Note, ...]
    marks: tuple[Mark, ...]
    uncovered: tuple[Mark, ...] = ()
    uncovered_share: float | None = None
    unstated: tuple[Mark, ...] = ()
    unmentioned: tuple[Mark, ...] = ()
    orphans: tuple[str, ...] = ()


def annotate(name: str, rows: Rows, folder: TextFolder | None = None) -> AnnotatedArticle:
    """Lay annotations over the text that they belong to.

    Parameters
    ----------
    name
        Id of an article, a statement or a span, or the title of an article. A statement or span shows the paragraphs
        that it lies in, with nothing else marked.
    rows
        Gives the rows of a table by its name, such as `corpus.texts`.
    folder
        The texts; without them, the annotations are returned alone, with their offsets.

    Returns
    -------
    AnnotatedArticle
        The text with its statements, spans and gaps. It must not be published.

    Raises
    ------
    UnknownIdError
        No article, statement or span has that id; the message names the nearest one.
    ReadoutsError
        The text is not there.

    Examples
    --------
    >>> import readouts
    >>> shown = annotate("new-daily-2014-03-28.s04", readouts.load().texts)
    >>> shown.notes[0].chain, shown.notes[0].labels["act"]
    ('unnamed experts', 'warn')
    >>> [(mark.role, mark.start, mark.end) for mark in shown.marks]
    [('source', 515, 522), ('cue', 523, 529), ('content', 530, 568)]
    """
    article_id, statement_id, only = _target(name, rows)
    article = next(row for row in rows("articles") if row["article_id"] == article_id)
    spans = [row for row in rows("spans") if row["article_id"] == article_id]
    places = {row["span_id"] or "": (int(row["start"] or 0), int(row["end"] or 0)) for row in spans}
    text = ""
    orphans: tuple[str, ...] = ()
    if folder is not None:
        text, places, orphans = _located(article, spans, rows, folder)
    label = labeller(rows)
    marks = sorted(
        (
            mark_at(text, row["role"] or "", places[row["span_id"] or ""], label(row), row)
            for row in spans
            if row["span_id"] in places and (only is None or row["span_id"] in only)
        ),
        key=lambda mark: (mark.start, -mark.end),
    )
    notes = _notes(article_id, rows, statement_id)
    if only is not None:
        notes = {each: note for each, note in notes.items() if each == statement_id}
    shown = AnnotatedArticle(
        article_id, article["title"] or "", (), tuple(notes.values()), tuple(marks), orphans=orphans
    )
    if folder is None:
        return shown
    if only is not None:
        paragraphs = (part for part in _paragraphs(text, marks, notes) if part.marks)
        return replace(shown, paragraphs=tuple(paragraphs))
    free, unnamed = tuple(uncovered(text, marks)), tuple(unmentioned(text, marks, rows("entities")))
    return replace(
        shown,
        paragraphs=tuple(_paragraphs(text, [*marks, *free, *unnamed], notes)),
        uncovered=free,
        uncovered_share=sum(letters(mark.words) for mark in free) / (letters(text) or 1),
        unstated=tuple(unstated(text, marks)),
        unmentioned=unnamed,
    )


def _target(name: str, rows: Rows) -> tuple[str, str | None, frozenset[str | None] | None]:
    """Return the article of an id, the statement that it is or belongs to, and the spans that it asks for."""
    if any(row["article_id"] == name for row in rows("articles")):
        return name, None, None
    for row in rows("statements"):
        if row["statement_id"] == name:
            own = {each["relation_id"] for each in rows("relations") if each["statement_id"] == name}
            marked = (
                span["span_id"]
                for span in rows("spans")
                if span["statement_id"] == name or (span["relation_id"] is not None and span["relation_id"] in own)
            )
            return row["article_id"] or "", name, frozenset(marked)
    for row in rows("spans"):
        if row["span_id"] == name:
            return row["article_id"] or "", row["statement_id"], frozenset({name})
    known = {row["article_id"] or "": [row["title"] or ""] for row in rows("articles")}
    known |= {row["statement_id"] or "": [] for row in rows("statements")}
    return chosen(name, "article, statement or span", known), None, None


def _located(
    article: Row, spans: Sequence[Row], rows: Rows, folder: TextFolder
) -> tuple[str, dict[str, tuple[int, int]], tuple[str, ...]]:
    """Return an article's text, the places of its spans there, and the spans that it lacks."""
    anchors = [anchor_of(row) for row in spans]
    try:
        known = {row["article_id"] or "" for row in rows("articles")}
        text = folder.find(article["article_id"] or "", article["sha256_raw"], anchors, known)
        found = locate(text.skeleton, anchors, same_text=text.sha256 == article["sha256_raw"])
    except TextProblem as problem:
        raise ReadoutsError(str(problem)) from None
    places = {
        name: (place.start, place.end)
        for name, place in found.items()
        if place.start is not None and place.end is not None
    }
    return text.skeleton.text, places, tuple(name for name in found if name not in places)


def _notes(article_id: str, rows: Rows, asked: str | None) -> dict[str, Note]:
    parties, steps = Parties.of(rows), steps_by_statement(rows("attributions"))
    statements = [row for row in rows("statements") if row["article_id"] == article_id]
    addressees = addressees_of(statements, rows("addressees"))
    notes = {}
    for row in statements:
        name = row["statement_id"] or ""
        chain, event = steps.get(name, []), row["event_id"]
        side = parties.side(row, chain)
        notes[name] = Note(
            statement_id=name,
            summary=row["summary"] or "",
            side=side,
            side_name=parties.side_name(parties.home(row, chain), side),
            chain=chain_text(chain, parties.names),
            labels={label: row[label] or "" for label in LABELS},
            event="" if event is None else f"{parties.events.get(event, {}).get('title') or ''} ({event})".strip(),
            addressees=tuple(parties.names.get(each, each) for each in addressees.get(name, ())),
            parent_statement_id=row["parent_statement_id"],
            alignments=tuple(_aligned(name, rows)) if name == asked else (),
        )
    return notes


def _aligned(name: str, rows: Rows) -> Iterator[Aligned]:
    summaries = {row["statement_id"] or "": row["summary"] or "" for row in rows("statements")}
    for row in rows("alignments"):
        a, b = row["statement_a"] or "", row["statement_b"] or ""
        if name in {a, b}:
            other = b if name == a else a
            relation, scope = row["relation"] or "", row["scope"] or ""
            yield Aligned(row["alignment_id"] or "", a, relation, b, scope, other, summaries.get(other, ""))


def _paragraphs(text: str, marks: Sequence[Mark], notes: Mapping[str, Note]) -> Iterator[Paragraph]:
    first: dict[str, int] = {}
    for mark in marks:
        if mark.role == "content":
            name = mark.statement_id or ""
            first[name] = min(first.get(name, mark.start), mark.start)
    for number, (start, end) in enumerate(lines(text), 1):
        if start < end:
            here = tuple(mark for mark in marks if mark.start < end and mark.end > start)
            begun = sorted((place, name) for name, place in first.items() if start <= place < end)
            segments = tuple(_segments(text, start, end, here, notes))
            yield Paragraph(number, start, segments, here, tuple(notes[name] for _, name in begun))


def _segments(text: str, start: int, end: int, here: Iterable[Mark], notes: Mapping[str, Note]) -> Iterator[Segment]:
    edges = sorted({start, end, *(edge for mark in here for edge in (mark.start, mark.end) if start < edge < end)})
    for low, high in pairwise(edges):
        over = tuple(mark for mark in here if mark.start <= low and mark.end >= high)
        sides = {notes[mark.statement_id or ""].side for mark in over if mark.role == "content"}
        yield Segment(text[low:high], low, over, tuple(sorted(sides)))
