"""Putting quotations back: the tables with the words that their spans point to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.text.anchoring import Anchor, Found, Status, locate
from readouts.text.fingerprint import Fingerprint
from readouts.text.problem import TextProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from readouts.text.sources import TextFolder

__all__ = ["ArticleReport", "Hydration", "anchor_of", "hydrate"]

Row = dict[str, "str | None"]
GAP = " … "
"""Separator of the parts of discontinuous content."""


@dataclass(frozen=True, slots=True)
class ArticleReport:
    """How one article was found: its file and how many of its spans are exact, moved, drifted or orphans.

    `problem` is the code and message of what kept the text from being found; then nothing of it was searched.
    """

    article_id: str
    file: str | None
    same_text: bool
    counts: Mapping[Status, int]
    problem: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Hydration:
    """Rows of `spans` and `statements` with the words in them, and how each article was found."""

    spans: list[Row]
    statements: list[Row]
    articles: list[ArticleReport]


def anchor_of(span: Mapping[str, str | None]) -> Anchor:
    """Return the anchor that a row of `spans` tells."""
    return Anchor(
        span["span_id"] or "",
        int(span["start"] or 0),
        int(span["end"] or 0),
        Fingerprint(
            span["skeleton_sha256"] or "",
            int(span["skeleton_length"] or 0),
            span["prefix_sha256"] or "",
            span["suffix_sha256"] or "",
        ),
    )


def hydrate(
    articles: Sequence[Mapping[str, str | None]],
    spans: Sequence[Mapping[str, str | None]],
    statements: Sequence[Mapping[str, str | None]],
    folder: TextFolder,
) -> Hydration:
    """Find every span in the texts.

    Parameters
    ----------
    articles, spans, statements
        Rows of the tables of that name, as strings.
    folder
        The texts.

    Returns
    -------
    Hydration
        `spans` gains `text`, `found_start`, `found_end` (Unicode code points) and `found`; `statements` gains
        `content`, the words of its content spans in their order. An article without a text leaves them empty.
    """
    by_article: dict[str, list[Anchor]] = {}
    for span in spans:
        by_article.setdefault(span["article_id"] or "", []).append(anchor_of(span))
    places: dict[str, tuple[Found, str | None]] = {}
    reports = []
    known = {article["article_id"] or "" for article in articles}
    for article in articles:
        article_id = article["article_id"] or ""
        anchors = by_article.get(article_id, [])
        try:
            text = folder.find(article_id, article["sha256_raw"], anchors, known)
            found = locate(text.skeleton, anchors, same_text=text.sha256 == article["sha256_raw"])
        except TextProblem as problem:
            reports.append(ArticleReport(article_id, None, False, {}, (problem.code, str(problem))))
            continue
        for span_id, place in found.items():
            words = None if place.start is None else text.skeleton.text[place.start : place.end]
            places[span_id] = place, words
        counts = Counter(place.status for place in found.values())
        same = text.sha256 == article["sha256_raw"]
        reports.append(ArticleReport(article_id, text.path.name, same, counts))
    return Hydration(_spans(spans, places), _statements(statements, spans, places), reports)


def _spans(spans: Iterable[Mapping[str, str | None]], places: Mapping[str, tuple[Found, str | None]]) -> list[Row]:
    rows = []
    for span in spans:
        row = dict(span)
        place, words = places.get(span["span_id"] or "", (None, None))
        row["text"] = words
        row["found_start"] = None if place is None or place.start is None else str(place.start)
        row["found_end"] = None if place is None or place.end is None else str(place.end)
        row["found"] = None if place is None else place.status.value
        rows.append(row)
    return rows


def _statements(
    statements: Iterable[Mapping[str, str | None]],
    spans: Iterable[Mapping[str, str | None]],
    places: Mapping[str, tuple[Found, str | None]],
) -> list[Row]:
    parts: dict[str, list[tuple[int, str | None]]] = {}
    for span in spans:
        if span["role"] == "content":
            words = places.get(span["span_id"] or "", (None, None))[1]
            parts.setdefault(span["statement_id"] or "", []).append((int(span["seq"] or 0), words))
    rows = []
    for statement in statements:
        content = [
            words for _, words in sorted(parts.get(statement["statement_id"] or "", []), key=lambda part: part[0])
        ]
        whole = bool(content) and all(words is not None for words in content)
        row = dict(statement)
        row["content"] = GAP.join(words for words in content if words is not None) if whole else None
        rows.append(row)
    return rows
