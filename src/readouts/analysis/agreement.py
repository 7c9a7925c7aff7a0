"""How well two independent annotations of the same texts agree.

Statements are matched by the overlap of their contents. Everything else is counted over that matching: who the speaker
is, which chain leads to them, how statements are aligned. Sets of things are compared by F1, labels of matched
statements by Krippendorff's alpha (nominal; Krippendorff, Content Analysis, 2004, ch. 11), which corrects for chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from readouts.analysis.sides import Row, Rows

__all__ = ["LABELS", "Agreement", "Score", "agree", "alpha"]

LABELS = ("speaker_id", "event_id", "form", "medium", "act", "topic", "polarity", "certainty", "modality")
"""Columns of `statements` whose values are compared as labels."""
OVERLAP = 0.5
"""Least intersection over union of two spans that count as the same."""
SYMMETRIC = frozenset(["same_claim", "translation_variant", "contradicts", "in_tension"])


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


@dataclass(frozen=True, slots=True)
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


Spans = tuple[tuple[int, int], ...]


def _size(spans: Iterable[tuple[int, int]]) -> int:
    """Return the number of characters that spans cover."""
    total, reach = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reach))
        reach = max(reach, end)
    return total


def _overlap(first: Spans, second: Spans) -> float:
    """Return the intersection over union of two sets of spans.

    >>> _overlap(((0, 10),), ((5, 15),)) == 5 / 15
    True
    """
    union = _size((*first, *second))
    return (_size(first) + _size(second) - union) / union if union else 0.0


def _matching(first: Mapping[str, tuple[str, Spans]], second: Mapping[str, tuple[str, Spans]]) -> dict[str, str]:
    """Match things of two annotations one to one, the best overlap first; ties go by place, then by id.

    Each thing is given as its article and its spans.
    """
    by_article: dict[str, list[tuple[str, Spans]]] = {}
    for name, (article, spans) in second.items():
        by_article.setdefault(article, []).append((name, spans))
    pairs = []
    for name, (article, spans) in first.items():
        for other, other_spans in by_article.get(article, ()):
            overlap = _overlap(spans, other_spans)
            if overlap >= OVERLAP:
                pairs.append((-overlap, spans, other_spans, name, other))
    matched: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, _, name, other in sorted(pairs):
        if name not in matched and other not in taken:
            matched[name] = other
            taken.add(other)
    return matched


def alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return Krippendorff's alpha of two annotators' nominal labels, without missing values.

    Parameters
    ----------
    pairs
        For each thing, the two labels.

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


def _contents(rows: Rows) -> dict[str, tuple[str, Spans]]:
    found: dict[str, list[tuple[int, int]]] = {}
    articles: dict[str, str] = {}
    for span in rows("spans"):
        if span["role"] == "content":
            name = span["statement_id"] or ""
            found.setdefault(name, []).append(_place(span))
            articles[name] = span["article_id"] or ""
    return {name: (articles[name], tuple(sorted(spans))) for name, spans in found.items()}


def _place(span: Row) -> tuple[int, int]:
    return int(span["start"] or 0), int(span["end"] or 0)


def _chains(rows: Rows) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return, for each statement, the sources of each step; unnamed sources are all alike."""
    steps: dict[str, dict[int, list[str]]] = {}
    for row in rows("attributions"):
        source = row["entity_id"] or "(unnamed)"
        steps.setdefault(row["statement_id"] or "", {}).setdefault(int(row["depth"] or 0), []).append(source)
    return {name: tuple(tuple(sorted(depths[depth])) for depth in sorted(depths)) for name, depths in steps.items()}


def _mentions(rows: Rows) -> dict[str, tuple[str, Spans]]:
    mentions = (span for span in rows("spans") if span["role"] == "mention")
    return {span["span_id"] or "": (span["article_id"] or "", (_place(span),)) for span in mentions}


def _mention_entities(rows: Rows) -> dict[str, str | None]:
    return {span["span_id"] or "": span["entity_id"] for span in rows("spans") if span["role"] == "mention"}


def _edges(rows: Rows) -> set[tuple[str | None, ...]]:
    names = ("article_id", "subject_id", "predicate", "object_id")
    return {tuple(row[name] for name in names) for row in rows("relations") if row["article_id"] is not None}


def _alignments(rows: Rows, rename: Mapping[str, str]) -> set[tuple[str, str, str]]:
    """Return alignments as first statement, second statement, relation; symmetric ones in one order."""
    found = set()
    for row in rows("alignments"):
        a, b = (rename.get(row[name] or "", row[name] or "") for name in ("statement_a", "statement_b"))
        relation = row["relation"] or ""
        if relation in SYMMETRIC and a > b:
            a, b = b, a
        found.add((a, b, relation))
    return found


def _pairs(alignments: Iterable[tuple[str, str, str]]) -> set[frozenset[str]]:
    return {frozenset((a, b)) for a, b, _ in alignments}


def _score(first: set[Hashable], second: set[Hashable]) -> Score:
    return Score(len(first), len(second), len(first & second))


def agree(first: Rows, second: Rows) -> Agreement:
    """Compare two annotations of the same texts.

    Parameters
    ----------
    first, second
        Each gives the rows of a table by its name, as mappings of strings and None. Articles and entities have the same
        ids in both; statements, spans and relations need not.

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
    contents = _contents(first), _contents(second)
    matched = _matching(*contents)
    sizes = len(contents[0]), len(contents[1])
    statements = tuple({row["statement_id"] or "": row for row in rows("statements")} for rows in (first, second))
    chains = _chains(first), _chains(second)
    mentions = _mentions(first), _mentions(second)
    entities = _mention_entities(first), _mention_entities(second)
    same_mentions = _matching(*mentions)
    alignments = _alignments(first, matched), _alignments(second, {})
    edges = _edges(first), _edges(second)

    def speaker(which: int, name: str) -> str | None:
        return statements[which][name]["speaker_id"]

    scores = {
        "statements": Score(*sizes, len(matched)),
        "speakers": Score(*sizes, sum(speaker(0, a) == speaker(1, b) for a, b in matched.items())),
        "chains": Score(*sizes, sum(chains[0].get(a) == chains[1].get(b) for a, b in matched.items())),
        "mentions": Score(len(mentions[0]), len(mentions[1]), len(same_mentions)),
        "mentions with entity": Score(
            len(mentions[0]),
            len(mentions[1]),
            sum(entities[0][a] == entities[1][b] for a, b in same_mentions.items()),
        ),
        "relations": Score(len(edges[0]), len(edges[1]), len(edges[0] & edges[1])),
        "alignments as pairs": _score(set(_pairs(alignments[0])), set(_pairs(alignments[1]))),
        "alignments with relation": _score(set(alignments[0]), set(alignments[1])),
    }
    labels = {}
    for column in LABELS:
        pairs = [(statements[0][a][column], statements[1][b][column]) for a, b in matched.items()]
        equal = sum(a == b for a, b in pairs) / len(pairs) if pairs else 1.0
        labels[column] = (len(pairs), equal, alpha(pairs))
    taken = set(matched.values())
    only_first = tuple(sorted(name for name in contents[0] if name not in matched))
    only_second = tuple(sorted(name for name in contents[1] if name not in taken))
    return Agreement(scores, labels, (only_first, only_second), tuple(sorted(matched.items())))
