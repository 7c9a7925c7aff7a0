"""How well two independent annotations of the same texts agree.

Statements are matched by the overlap of their contents. Everything else is counted over that matching: who the speaker
is, which chain leads to them, how statements are aligned. Sets of things are compared by F1, labels of matched
statements by Krippendorff's alpha (nominal; Krippendorff, Content Analysis, 2004, ch. 11), which corrects for chance.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.analysis.frames import frame_of
from readouts.corpus_schema.tables import SYMMETRIC
from readouts.datapackage.render.notebook import notebook_html

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

    import pandas as pd

    from readouts.analysis.sides import Rows

__all__ = ["LABELS", "OVERLAP", "Agreement", "Score", "agree", "alpha", "matching", "overlap"]

LABELS = ("speaker_id", "event_id", "form", "medium", "act", "topic", "polarity", "certainty", "modality")
"""Columns of `statements` whose values are compared as labels."""
OVERLAP = 0.5
"""Least intersection over union of two spans that count as the same."""


@dataclass(frozen=True, slots=True)
class Score:
    """How much of two sets is the same: sizes of both, and of what they share."""

    first: int
    second: int
    shared: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 when both sets are empty."""
        return 1.0 if self.first + self.second == 0 else 2 * self.shared / (self.first + self.second)


@dataclass(frozen=True, slots=True, repr=False)
class Agreement:
    """The agreement of two annotations.

    Attributes
    ----------
    scores
        By what is compared: `statements` (contents that overlap), `speakers` and `chains` (matched statements with the
        same speaker, the same chain), `mentions` (overlap) and `mentions with entity`, `relations` (subject, predicate
        and object in one article), `alignments as pairs` and `alignments with relation`.
    labels
        For each label, over matched statements: how many, the share that is equal, and alpha (None when it isn't
        defined, since only one value occurs).
    unmatched
        Ids of the statements that only the first, and only the second annotation has.
    matched
        Pairs of ids of matched statements.
    """

    scores: dict[str, Score]
    labels: dict[str, tuple[int, float, float | None]]
    unmatched: tuple[tuple[str, ...], tuple[str, ...]]
    matched: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        one, other = (len(self.matched) + len(names) for names in self.unmatched)
        scores = ", ".join(f"{name} {score.f1:.2f}" for name, score in self.scores.items())
        return f"<Agreement of {one:,} and {other:,} statements, {len(self.matched):,} of them matched: F1 of {scores}>"

    def _repr_html_(self) -> str:
        scores: list[list[str | int]] = [
            [name, score.first, score.second, score.shared, f"{score.f1:.2f}"] for name, score in self.scores.items()
        ]
        labels: list[list[str | int]] = [
            [name, pairs, f"{equal:.2f}", "one value" if alpha is None else f"{alpha:.2f}"]
            for name, (pairs, equal, alpha) in self.labels.items()
        ]
        first = notebook_html("Agreement", [], ["compared", "first", "second", "shared", "F1"], scores)
        return first + notebook_html("Labels of matched statements", [], ["label", "pairs", "equal", "alpha"], labels)

    def to_frame(self) -> pd.DataFrame:
        """Return what is compared by F1 as a frame; `to_frames()` has the labels too."""
        return self.to_frames()["scores"]

    def to_frames(self) -> dict[str, pd.DataFrame]:
        """Return `scores`, which are what is compared by F1, and `labels`, a frame each.

        Examples
        --------
        >>> import readouts
        >>> rows = readouts.load("1.1.0").texts
        >>> float(agree(rows, rows).to_frames()["scores"].loc[0, "f1"])
        1.0
        """
        scores = (
            {"compared": name, "first": score.first, "second": score.second, "shared": score.shared, "f1": score.f1}
            for name, score in self.scores.items()
        )
        labels = (
            {"label": name, "pairs": pairs, "equal": equal, "alpha": alpha}
            for name, (pairs, equal, alpha) in self.labels.items()
        )
        counts = dict.fromkeys(["first", "second", "shared"], "integer")
        return {
            "scores": frame_of(scores, {"compared": "text", **counts, "f1": "number"}),
            "labels": frame_of(labels, {"label": "text", "pairs": "integer", "equal": "number", "alpha": "number"}),
        }


Spans = tuple[tuple[int, int], ...]


def _size(spans: Iterable[tuple[int, int]]) -> int:
    """Return the number of characters that spans cover."""
    total, reach = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reach))
        reach = max(reach, end)
    return total


def overlap(first: Spans, second: Spans) -> float:
    """Return the intersection over union of two sets of spans.

    >>> overlap(((0, 10),), ((5, 15),)) == 5 / 15
    True
    """
    union = _size((*first, *second))
    return (_size(first) + _size(second) - union) / union if union else 0.0


def matching(first: Mapping[str, tuple[str, Spans]], second: Mapping[str, tuple[str, Spans]]) -> dict[str, str]:
    """Match things, given as article and spans, one to one: the best overlap first, ties by place, then by id."""
    by_article: dict[str, list[tuple[str, Spans]]] = {}
    for name, (article, spans) in second.items():
        by_article.setdefault(article, []).append((name, spans))
    pairs = []
    for name, (article, spans) in first.items():
        for other, other_spans in by_article.get(article, ()):
            shared = overlap(spans, other_spans)
            if shared >= OVERLAP:
                pairs.append((-shared, spans, other_spans, name, other))
    matched: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, _, name, other in sorted(pairs):
        if name not in matched and other not in taken:
            matched[name] = other
            taken.add(other)
    return matched


def alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return Krippendorff's alpha of two annotators' nominal labels, without missing values.

    Returns
    -------
    float or None
        1 for perfect agreement, 0 for chance; None when there is nothing to disagree about: no pair, or one value.

    Examples
    --------
    >>> alpha([("a", "a"), ("b", "b"), ("a", "b"), ("b", "b")])
    0.533...
    """
    counts: dict[Hashable, int] = {}
    for pair in pairs:
        for label in pair:
            counts[label] = counts.get(label, 0) + 1
    total = sum(counts.values())
    expected = total * total - sum(count * count for count in counts.values())
    if expected == 0:
        return None
    observed = sum(2 for first, second in pairs if first != second)
    return 1 - (total - 1) * observed / expected


class _Annotation:
    """One annotation, as it is compared."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.statements = {row["statement_id"] or "": row for row in rows("statements")}
        contents: dict[str, list[tuple[int, int]]] = {}
        articles: dict[str, str] = {}
        self.mentions: dict[str, tuple[str, Spans]] = {}
        self.entities: dict[str, str | None] = {}
        for span in rows("spans"):
            article, place = span["article_id"] or "", (int(span["start"] or 0), int(span["end"] or 0))
            if span["role"] == "content":
                contents.setdefault(span["statement_id"] or "", []).append(place)
                articles[span["statement_id"] or ""] = article
            elif span["role"] == "mention":
                self.mentions[span["span_id"] or ""] = article, (place,)
                self.entities[span["span_id"] or ""] = span["entity_id"]
        self.contents = {name: (articles[name], tuple(sorted(spans))) for name, spans in contents.items()}
        self.chains = _chains(rows)
        names = ("article_id", "subject_id", "predicate", "object_id")
        self.relations = {
            tuple(row[name] for name in names) for row in rows("relations") if row["article_id"] is not None
        }

    def only(self, language: str | None) -> _Annotation:
        """Return what is in articles of a language; everything without one."""
        kept = {
            row["article_id"]
            for row in self.rows("articles")
            if language in (None, (row["language"] or "").partition("-")[0])
        }
        part = copy(self)
        part.statements = {name: row for name, row in self.statements.items() if row["article_id"] in kept}
        part.contents = {name: place for name, place in self.contents.items() if place[0] in kept}
        part.mentions = {name: place for name, place in self.mentions.items() if place[0] in kept}
        part.relations = {relation for relation in self.relations if relation[0] in kept}
        return part

    def alignments(self, rename: Mapping[str, str]) -> set[tuple[str, str, str]]:
        """Return alignments as first statement, second statement, relation; symmetric ones in one order."""
        found = set()
        for row in self.rows("alignments"):
            if not {row["statement_a"], row["statement_b"]} & self.statements.keys():
                continue
            a, b = (rename.get(row[name] or "", f"unmatched {row[name]}") for name in ("statement_a", "statement_b"))
            relation = row["relation"] or ""
            found.add((b, a, relation) if relation in SYMMETRIC and a > b else (a, b, relation))
        return found


def _chains(rows: Rows) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return, for each statement, the sources of each step; unnamed sources are all alike."""
    steps: dict[str, dict[int, list[str]]] = {}
    for row in rows("attributions"):
        source = row["entity_id"] or "(unnamed)"
        steps.setdefault(row["statement_id"] or "", {}).setdefault(int(row["depth"] or 0), []).append(source)
    return {name: tuple(tuple(sorted(depths[depth])) for depth in sorted(depths)) for name, depths in steps.items()}


def _score(first: Collection[Hashable], second: Collection[Hashable], shared: int | None = None) -> Score:
    return Score(len(first), len(second), len({*first} & {*second}) if shared is None else shared)


def agree(first: Rows, second: Rows, language: str | None = None) -> Agreement:
    """Compare two annotations of the same texts.

    Parameters
    ----------
    first, second
        Each gives the rows of a table by its name, as mappings of strings and None. Articles and entities have the same
        ids in both; statements, spans and relations need not.
    language
        Compare only the articles in this language, such as `en` or `zh`, whatever the script, and the alignments with a
        statement in one of them.

    Returns
    -------
    Agreement
        Statements and mentions are matched one to one within their article when their spans overlap by at least half
        of their union.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> rows = open_package(bundled_package()).rows
    >>> agree(rows, rows).scores["statements"].f1
    1.0
    """
    a, b = _Annotation(first), _Annotation(second)
    renamed, same = matching(a.contents, b.contents), {name: name for name in b.contents}
    a, b = a.only(language), b.only(language)
    matched = {one: other for one, other in renamed.items() if one in a.contents}
    mentions = matching(a.mentions, b.mentions)
    alignments = a.alignments(renamed), b.alignments(same)
    pairs = [{frozenset(row[:2]) for row in rows} for rows in alignments]
    statements = [(a.statements[one], b.statements[other]) for one, other in matched.items()]
    speakers = sum(one["speaker_id"] == other["speaker_id"] for one, other in statements)
    chains = sum(a.chains.get(one) == b.chains.get(other) for one, other in matched.items())
    entities = sum(a.entities[one] == b.entities[other] for one, other in mentions.items())
    scores = {
        "statements": _score(a.contents, b.contents, len(matched)),
        "speakers": _score(a.contents, b.contents, speakers),
        "chains": _score(a.contents, b.contents, chains),
        "mentions": _score(a.mentions, b.mentions, len(mentions)),
        "mentions with entity": _score(a.mentions, b.mentions, entities),
        "relations": _score(a.relations, b.relations),
        "alignments as pairs": _score(pairs[0], pairs[1]),
        "alignments with relation": _score(*alignments),
    }
    labels = {}
    for column in LABELS:
        values = [(one[column], other[column]) for one, other in statements]
        equal = sum(one == other for one, other in values) / len(values) if values else 1.0
        labels[column] = (len(values), equal, alpha(values))
    taken = set(matched.values())
    only_first = tuple(sorted(name for name in a.contents if name not in matched))
    only_second = tuple(sorted(name for name in b.contents if name not in taken))
    return Agreement(scores, labels, (only_first, only_second), tuple(sorted(matched.items())))
