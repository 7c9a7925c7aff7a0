"""An article's text with its annotations laid over it, for the eyes of an annotator.

The result holds the text: it is for local use and must not be published.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from readouts.analysis.sides import Parties, chain_text, steps_by_statement
from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.datapackage.suggest import did_you_mean
from readouts.text.anchoring import Found, locate
from readouts.text.hydration import anchor_of
from readouts.text.problem import TextProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from readouts.analysis.sides import Row, Rows
    from readouts.text.sources import TextFolder

__all__ = ["AnnotatedArticle", "Note", "Paragraph", "Segment", "annotate"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text over which the annotations are the same.

    Attributes
    ----------
    text
        The words.
    sides
        Sides of the statements whose content it belongs to.
    statements
        Their ids.
    roles
        Roles of all spans that cover it.
    entities
        Entities that a mention here names.
    """

    text: str
    sides: tuple[str, ...]
    statements: tuple[str, ...]
    roles: frozenset[str]
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in the margin of a statement."""

    statement_id: str
    side: str
    chain: str
    act: str
    summary: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text, in segments, with the notes of the statements that begin in it."""

    segments: tuple[Segment, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """An article with its annotations.

    Attributes
    ----------
    article_id, title
        The article.
    paragraphs
        Its text, with annotations; only those that matter when one statement or span was asked for.
    orphans
        Spans that the text at hand doesn't have.
    """

    article_id: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    orphans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    row: Row
    start: int
    end: int


def annotate(name: str, rows: Rows, folder: TextFolder) -> AnnotatedArticle:
    """Lay annotations over the text that they belong to.

    Parameters
    ----------
    name
        Id of an article, a statement or a span. A statement or span shows the paragraphs that it lies in, with nothing
        else marked.
    rows
        Gives the rows of a table by its name.
    folder
        The texts.

    Raises
    ------
    UnknownIdError
        No article, statement or span has that id; the message names the nearest one.
    ReadoutsError
        The text is not there.
    """
    article_id, only = _target(name, rows)
    article = next(row for row in rows("articles") if row["article_id"] == article_id)
    spans = [row for row in rows("spans") if row["article_id"] == article_id]
    anchors = [anchor_of(row) for row in spans]
    try:
        known = {row["article_id"] or "" for row in rows("articles")}
        text = folder.find(article_id, article["sha256_raw"], anchors, known)
        found = locate(text.skeleton, anchors, same_text=text.sha256 == article["sha256_raw"])
    except TextProblem as problem:
        raise ReadoutsError(str(problem)) from None
    placed = [
        _Placed(row, place.start, place.end)
        for row, place in ((row, found[row["span_id"] or ""]) for row in spans)
        if place.start is not None and place.end is not None and (only is None or only(row))
    ]
    orphans = tuple(name for name, place in found.items() if place == Found(place.status) and place.start is None)
    notes = _notes(article_id, rows)
    paragraphs = _paragraphs(text.skeleton.text, placed, notes)
    if only is not None:
        paragraphs = [part for part in paragraphs if any(segment.roles for segment in part.segments)]
    return AnnotatedArticle(article_id, article["title"] or "", tuple(paragraphs), orphans)


def _target(name: str, rows: Rows) -> tuple[str, Callable[[Row], bool] | None]:
    """Return the article of an id, and which of its spans are shown (None: all)."""
    if any(row["article_id"] == name for row in rows("articles")):
        return name, None
    for row in rows("statements"):
        if row["statement_id"] == name:
            return row["article_id"] or "", lambda span: span["statement_id"] == name
    for row in rows("spans"):
        if row["span_id"] == name:
            return row["article_id"] or "", lambda span: span["span_id"] == name
    known = [row["article_id"] or "" for row in rows("articles")]
    known += [row["statement_id"] or "" for row in rows("statements")]
    message = f"No article, statement or span '{name}' is in the corpus. {did_you_mean(name, known)}"
    raise UnknownIdError(message)


def _notes(article_id: str, rows: Rows) -> dict[str, Note]:
    parties, steps = Parties.of(rows), steps_by_statement(rows("attributions"))
    notes = {}
    for row in rows("statements"):
        if row["article_id"] == article_id:
            name = row["statement_id"] or ""
            chain = steps.get(name, [])
            side, sources = parties.side(row, chain), chain_text(chain, parties.names)
            notes[name] = Note(name, side, sources, row["act"] or "", row["summary"] or "")
    return notes


def _paragraphs(text: str, placed: Sequence[_Placed], notes: Mapping[str, Note]) -> list[Paragraph]:
    first: dict[str, int] = {}
    for span in placed:
        if span.row["role"] == "content":
            name = span.row["statement_id"] or ""
            first[name] = min(first.get(name, span.start), span.start)
    paragraphs = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        begun = sorted((place, name) for name, place in first.items() if start <= place < end)
        segments = _segments(text, start, start + len(line.rstrip("\r\n")), placed, notes)
        if segments:
            paragraphs.append(Paragraph(tuple(segments), tuple(notes[name] for _, name in begun)))
        start = end
    return paragraphs


def _segments(text: str, start: int, end: int, placed: Iterable[_Placed], notes: Mapping[str, Note]) -> list[Segment]:
    here = [span for span in placed if span.start < end and span.end > start]
    edges = sorted({start, end, *(edge for span in here for edge in (span.start, span.end) if start < edge < end)})
    segments = []
    for low, high in pairwise(edges):
        over = [span.row for span in here if span.start <= low and span.end >= high]
        contents = sorted({row["statement_id"] or "" for row in over if row["role"] == "content"})
        entities = sorted({row["entity_id"] or "" for row in over if row["role"] == "mention"})
        segments.append(
            Segment(
                text=text[low:high],
                sides=tuple(sorted({notes[name].side for name in contents})),
                statements=tuple(contents),
                roles=frozenset(row["role"] or "" for row in over),
                entities=tuple(entities),
            )
        )
    return segments
