"""How good proposals are: compared with published annotations, with the errors counted by kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from readouts.analysis.agreement import OVERLAP, Score, agree, overlap
from readouts.proposals.published import local_names, published_proposals, rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from readouts.analysis.agreement import Agreement
    from readouts.analysis.sides import Rows
    from readouts.proposals.proposal import Place, Proposal, SourceProposal, StatementProposal

__all__ = ["ERRORS", "Evaluation", "evaluate", "matched_rules"]

ERRORS = (
    "missed: its cue was not found",
    "missed: it has no cue",
    "missed: nothing proposed there",
    "split too coarsely",
    "split too finely",
    "other bounds",
    "proposed where nothing is published",
    "chain: a step is missing",
    "chain: a step too many",
    "chain: joint sources",
    "chain: another speaker",
    "chain: another outer source",
)
"""The kinds of error that are counted."""
Spans = tuple[tuple[int, int], ...]
Chain = tuple[tuple["SourceProposal", ...], ...]


@dataclass(frozen=True)
class Evaluation:
    """What proposals for some documents have in common with their published annotations.

    Attributes
    ----------
    documents
        How many documents.
    agreement
        What `readouts agreement` measures: the published annotations are the first, the proposals the second.
    scores
        For matched statements: `sources` (entity or unnamed, by step), `source words` and `cues` (words, by step).
    errors
        How often each of `ERRORS` happened.
    """

    documents: int
    agreement: Agreement
    scores: dict[str, Score]
    errors: dict[str, int]

    def score(self, name: str) -> Score:
        """Return a score by its name, wherever it is kept."""
        return self.scores.get(name) or self.agreement.scores[name]


class _Annotations:
    """The statements of some documents, by id, with their places."""

    def __init__(self, proposals: Mapping[str, Proposal]) -> None:
        self.statements: dict[str, tuple[str, StatementProposal]] = {}
        for article, proposal in proposals.items():
            for name, statement in zip(local_names(proposal.statements), proposal.statements, strict=True):
                self.statements[f"{article}.{name}"] = (article, statement)

    @cached_property
    def contents(self) -> dict[str, list[tuple[str, Spans]]]:
        """Ids and contents of the statements of each article."""
        found: dict[str, list[tuple[str, Spans]]] = {}
        for name, (article, statement) in self.statements.items():
            found.setdefault(article, []).append((name, statement.content))
        return found

    @cached_property
    def cues(self) -> dict[str, list[Place]]:
        """Places of all cues of each article."""
        found: dict[str, list[Place]] = {}
        for article, statement in self.statements.values():
            found.setdefault(article, []).extend(place for _, place in _places(statement, "cue"))
        return found


def _places(statement: StatementProposal, name: Literal["at", "cue"]) -> list[tuple[int, Place]]:
    """Return places of the sources of a statement, or of their cues, each once, with the depth of its step."""
    steps = enumerate(statement.chain)
    return list(dict.fromkeys((depth, at) for depth, step in steps for source in step for at in getattr(source, name)))


def evaluate(rows: Rows, proposals: Mapping[str, Proposal]) -> Evaluation:
    """Compare proposals with the published annotations of the same articles.

    Parameters
    ----------
    rows
        Gives the rows of a table of the package with the published annotations.
    proposals
        The proposals, by article; no other article is compared.

    Examples
    --------
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> from readouts.datapackage.package.package import open_package
    >>> rows = open_package(bundled_package()).rows
    >>> evaluation = evaluate(rows, published_proposals(rows, ["zero-hedge-2014-03-06"]))
    >>> evaluation.score("statements").f1, evaluation.score("cues").f1, sum(evaluation.errors.values())
    (1.0, 1.0, 0)
    """
    published = published_proposals(rows, proposals)
    agreement = agree(rows_of(rows, published), rows_of(rows, proposals))
    first, second = _Annotations(published), _Annotations(proposals)
    pairs = [(first.statements[one][1], second.statements[other][1]) for one, other in agreement.matched]
    scores = {name: _sum(_compared(one, other, name) for one, other in pairs) for name in _COMPARED}
    errors = Counter(dict.fromkeys(ERRORS, 0))
    errors.update(_chain_error(one.chain, other.chain) for one, other in pairs if _ids(one.chain) != _ids(other.chain))
    known, taken = zip(*agreement.matched, strict=True) if agreement.matched else ((), ())
    errors.update(_missed(name, first, second, taken) for name in agreement.unmatched[0])
    errors.update(
        "proposed where nothing is published"
        for name in agreement.unmatched[1]
        if not _touching(second.statements[name], first, known)
    )
    return Evaluation(len(proposals), agreement, scores, dict(errors))


def matched_rules(rows: Rows, proposals: Mapping[str, Proposal]) -> dict[str, tuple[int, int]]:
    """Return, for each rule, how many statements and mentions it proposed that are published, and how many in all."""
    published = published_proposals(rows, proposals)
    agreement = agree(rows_of(rows, published), rows_of(rows, proposals))
    right = {name for _, name in agreement.matched}
    proposed: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for name, (_, statement) in _Annotations(proposals).statements.items():
        proposed[statement.origin.rule] += 1
        hits[statement.origin.rule] += name in right
    for article, proposal in proposals.items():
        known = {(mention.entity, mention.place) for mention in published[article].mentions}
        for mention in proposal.mentions:
            proposed[mention.origin.rule] += 1
            hits[mention.origin.rule] += (mention.entity, mention.place) in known
    return {rule: (hits[rule], proposed[rule]) for rule in sorted(proposed)}


_COMPARED = ("sources", "source words", "cues")


def _compared(one: StatementProposal, other: StatementProposal, name: str) -> Score:
    """Compare the chains of two matched statements."""
    if name == "sources":
        first, second = (
            Counter((depth, source) for depth, step in enumerate(_ids(each.chain)) for source in step)
            for each in (one, other)
        )
        return Score(first.total(), second.total(), (first & second).total())
    places, others = (_places(each, "cue" if name == "cues" else "at") for each in (one, other))
    left, shared = list(others), 0
    for depth, place in places:
        found = next((each for each in left if each[0] == depth and overlap((place,), (each[1],)) >= OVERLAP), None)
        if found is not None:
            left.remove(found)
            shared += 1
    return Score(len(places), len(others), shared)


def _ids(chain: Chain) -> list[list[str]]:
    return [sorted(source.entity or "(unnamed)" for source in step) for step in chain]


def _sum(scores: Iterable[Score]) -> Score:
    found = list(scores)
    return Score(*(sum(getattr(score, name) for score in found) for name in ("first", "second", "shared")))


def _chain_error(chain: Chain, proposed: Chain) -> str:
    """Say what is wrong with a proposed chain that isn't the published one."""
    if len(proposed) != len(chain):
        return "chain: a step is missing" if len(proposed) < len(chain) else "chain: a step too many"
    published, found = _ids(chain), _ids(proposed)
    if any(len(step) != len(other) for step, other in zip(published, found, strict=True)):
        return "chain: joint sources"
    return "chain: another speaker" if published[-1] != found[-1] else "chain: another outer source"


_TOUCHES = 0.1
"""The share of the shorter of two contents that makes them more than neighbours."""


def _covered(one: Spans, other: Spans) -> float:
    """Return the share of the characters of a content that another one has, too.

    >>> _covered(((0, 10),), ((5, 50),))
    0.5
    """
    size = sum(end - start for start, end in one)
    shared = sum(max(0, min(end, last) - max(start, first)) for start, end in one for first, last in other)
    return shared / size if size else 0.0


def _touching(statement: tuple[str, StatementProposal], others: _Annotations, matched: Collection[str]) -> list[Spans]:
    """Return the contents that share characters with a statement: more than a few; half of it, if matched elsewhere."""
    article, content = statement[0], statement[1].content
    return [
        spans
        for name, spans in others.contents.get(article, ())
        if _covered(content, spans) >= OVERLAP
        or (name not in matched and max(_covered(content, spans), _covered(spans, content)) >= _TOUCHES)
    ]


def _missed(name: str, published: _Annotations, proposed: _Annotations, matched: Collection[str]) -> str:
    """Say why a published statement was matched by no proposal."""
    article, statement = published.statements[name]
    touching = _touching((article, statement), proposed, matched)
    if not touching:
        cues = _places(statement, "cue")
        if not cues:
            return "missed: it has no cue"
        known = proposed.cues.get(article, [])
        found = any(overlap((cue,), (place,)) >= OVERLAP for _, cue in cues for place in known)
        return "missed: nothing proposed there" if found else "missed: its cue was not found"
    neighbours = [spans for other, spans in published.contents[article] if other != name]
    for spans in touching:
        both = _covered(statement.content, spans) >= OVERLAP
        if both and any(_covered(other, spans) >= OVERLAP for other in neighbours):
            return "split too coarsely"
    inside = [spans for spans in touching if _covered(spans, statement.content) >= OVERLAP]
    return "split too finely" if len(inside) > 1 else "other bounds"
