"""What a corpus teaches about alignments: which words translate which, and how much each thing in common weighs.

Only word stems, sequences of up to four Chinese characters, and numbers are kept, never a sentence of a source.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readouts.proposals.alignment import FEATURES, Said, features, rankings, said_in
from readouts.proposals.alignment_terms import foreign_terms, stems
from readouts.proposals.learning import article_events, article_texts
from readouts.proposals.published import published_proposals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from readouts.datapackage.package.package import DataPackage
    from readouts.text.sources import TextFolder

__all__ = ["Accounts", "learn", "learned_text", "partner_ranks", "published_accounts"]

SOURCE = (
    "Learned from the published statements, summaries and alignments, and the texts that they were made from: how rare "
    "English word stems and concepts are, which stems of summaries go with which characters and beginnings of words of "
    "contents, and how much each thing that two statements share weighs. Written by "
    "`python scripts/learn_alignments.py`."
)
_FOLDS = 4
_SEEN, _TOGETHER = 2, 2
"""Statements that a word must be in, and with its translation, at least."""
_SURE, _SUREST = 9.0, 30.0
"""Log-likelihood ratio from which two words belong together, and from which they do so for certain."""
_TRANSLATIONS = 3
_NEAR = 0.1
"""Difference of weights that makes none."""
_RIDGE = 1.0


@dataclass(frozen=True)
class Accounts:
    """Two accounts of an event with what is aligned between them.

    Attributes
    ----------
    event
        Id of the event.
    a, b
        The statements of each account, in reading order.
    aligned
        Pairs of ids that are aligned, a statement of a first.
    """

    event: str
    a: tuple[Said, ...]
    b: tuple[Said, ...]
    aligned: frozenset[tuple[str, str]]


def published_accounts(
    corpus: DataPackage, texts: TextFolder, *, summaries: bool = False
) -> tuple[list[Accounts], dict[str, list[Said]]]:
    """Return the accounts of a package that are aligned across the sides, and all its statements by article.

    Parameters
    ----------
    corpus
        The package.
    texts
        The texts that it was annotated from.
    summaries
        Whether the statements of the accounts have their summaries. All other statements have them.

    Raises
    ------
    ReadoutsError
        A text isn't there, or isn't the one that was annotated.
    """
    rows = corpus.rows
    words = article_texts(rows, texts)
    languages = {row["article_id"] or "": row["language"] or "" for row in rows("articles")}
    proposals = published_proposals(rows)
    said = {name: said_in(name, words[name], languages[name], proposals[name]) for name in words}
    bare = {
        each.id: each
        for name in words
        for each in said_in(name, words[name], languages[name], proposals[name], summaries=summaries)
    }
    facts = {row["statement_id"] or "": row for row in rows("statements_wide")}
    starts = {name: int(row["start"] or 0) for name, row in facts.items()}
    aligned: dict[tuple[str, tuple[str, str], tuple[str, str]], set[tuple[str, str]]] = defaultdict(set)
    for row in rows("alignments"):
        if row["scope"] != "cross_side":
            continue
        ends = [row["statement_a"] or "", row["statement_b"] or ""]
        ends.sort(key=lambda name: facts[name]["side"] == "b")
        first, second = ends
        event = facts[second]["event_id"] or facts[first]["event_id"] or ""
        ours, theirs = ((facts[name]["article_id"] or "", side) for name, side in zip(ends, "ab", strict=True))
        aligned[event, ours, theirs].add((first, second))
    found = []
    for (event, ours, theirs), pairs in sorted(aligned.items()):
        named = {name for pair in pairs for name in pair}
        a, b = (
            tuple(
                bare[name]
                for name in sorted(starts, key=lambda name: (starts[name], name))
                if facts[name]["article_id"] == article
                and facts[name]["side"] in {side, "both"}
                and (facts[name]["event_id"] == event or name in named)
            )
            for article, side in (ours, theirs)
        )
        found.append(Accounts(event, a, b, frozenset(pairs)))
    return found, said


def learn(
    corpus: DataPackage, texts: TextFolder, *, without_events: Collection[str] = (), summaries: bool = False
) -> dict[str, Any]:
    """Learn from the published statements and alignments how to find alignments.

    Parameters
    ----------
    corpus
        The package.
    texts
        The texts that it was annotated from.
    without_events
        Events whose articles are left out, with every article that has a statement about one of them.
    summaries
        Whether the weights are learned for statements that have summaries.

    Returns
    -------
    dict
        `source`; `weights`, of each of `FEATURES`, and a constant; `topics`, how much more often than by chance two
        topics are aligned (logarithm); `rarity` of English stems (logarithm; the empty stem: of any other); `concepts`,
        their rarity; and `words`: by language, the English stems that each term goes with, weighted.

    Raises
    ------
    ReadoutsError
        A text isn't there, or isn't the one that was annotated.
    """
    accounts, said = published_accounts(corpus, texts, summaries=summaries)
    events = article_events(corpus.rows)
    left = {name for name, own in events.items() if {*own} & {*without_events}}
    kept = [each for each in accounts if each.event not in without_events]
    return learn_from(kept, {name: found for name, found in said.items() if name not in left}, events)


def learn_from(
    accounts: Sequence[Accounts], said: Mapping[str, Sequence[Said]], events: Mapping[str, Collection[str]]
) -> dict[str, Any]:
    """Learn from accounts that are aligned, and from statements with summaries by article.

    The weights are those of a logistic regression. What two statements share is measured with a lexicon that was
    learned without their event, or translated words would seem to be surer than they are.

    Parameters
    ----------
    accounts
        The accounts.
    said
        The statements, with summaries, by article.
    events
        The events of each article.
    """
    names = sorted({each.event for each in accounts})
    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    for fold in range(min(_FOLDS, len(names))):
        out = {*names[fold::_FOLDS]}
        others = [found for name, found in said.items() if not out & {*events.get(name, ())}]
        lexicon = _lexicon(
            [each for found in others for each in found], [each for each in accounts if each.event not in out]
        )
        for each in accounts:
            if each.event not in out:
                continue
            ends = {name for pair in each.aligned for name in pair}
            for (i, j), values in features(each.a, each.b, lexicon).items():
                pair = (each.a[i].id, each.b[j].id)
                if ends & {*pair}:
                    rows.append(values)
                    right.append(pair in each.aligned)
    weights = _regression(rows, right)
    lexicon = _lexicon([each for found in said.values() for each in found], accounts)
    return {"source": SOURCE, "weights": weights, **lexicon}


def _lexicon(said: Sequence[Said], accounts: Sequence[Accounts]) -> dict[str, Any]:
    """Return everything that is learned but the weights."""
    english = [{*stems(each.text if each.code == "en" else each.summary)} for each in said]
    seen = Counter(stem for each in english for stem in each)
    named = Counter(concept for each in said for concept in each.concepts)
    pairs = defaultdict(list)
    for each in said:
        if each.code != "en" and each.summary:
            pairs[each.code].append((foreign_terms(each.text, each.code), {*stems(each.summary)}))
    words = {language: _translations(found) for language, found in sorted(pairs.items())}
    targets = {stem for terms in words.values() for found in terms.values() for stem in found}
    number = len(said)
    rarity = {stem: _log((number + 1) / (count + 1)) for stem, count in seen.items() if count > 1 or stem in targets}
    return {
        "topics": _topics(said, accounts),
        "rarity": {"": _log((number + 1) / 2), **dict(sorted(rarity.items()))},
        "concepts": {concept: _log((number + 1) / (count + 1)) for concept, count in sorted(named.items())},
        "words": words,
    }


def _log(number: float) -> float:
    return round(math.log(number), 2)


def _translations(pairs: Sequence[tuple[set[str], set[str]]]) -> dict[str, dict[str, float]]:
    """Return the stems that go with each term by the log-likelihood ratio, weighted by how often they do."""
    terms = Counter(term for own, _ in pairs for term in own)
    english = Counter(stem for _, own in pairs for stem in own)
    both: Counter[tuple[str, str]] = Counter()
    for own, summary in pairs:
        known = [stem for stem in summary if english[stem] >= _SEEN]
        both.update((term, stem) for term in own if terms[term] >= _SEEN for stem in known)
    found: dict[str, list[tuple[float, str, float]]] = defaultdict(list)
    for (term, stem), count in both.items():
        if count < _TOGETHER or count <= 1.5 * terms[term] * english[stem] / len(pairs):
            continue
        ratio = _log_likelihood_ratio(count, terms[term], english[stem], len(pairs))
        if ratio >= _SURE:
            found[term].append((-ratio, stem, round(count / terms[term] * min(1.0, ratio / _SUREST), 2)))
    best = {
        term: {stem: weight for _, stem, weight in sorted(found[term])[:_TRANSLATIONS] if weight > 0}
        for term in sorted(found)
    }
    return {term: stems for term, stems in best.items() if not _said_by_a_part(term, stems, best)}


def _said_by_a_part(term: str, stems: Mapping[str, float], best: Mapping[str, Mapping[str, float]]) -> bool:
    """Return whether the terms inside a longer one give what it gives, as nearly as makes no difference."""
    if len(term) <= 2:
        return False
    parts = [
        best.get(term[start : start + size], {})
        for size in range(2, len(term))
        for start in range(len(term) - size + 1)
    ]
    return all(any(part.get(stem, 0.0) >= weight - _NEAR for part in parts) for stem, weight in stems.items())


def _log_likelihood_ratio(both: int, first: int, second: int, total: int) -> float:
    """Return how surprising it is that two words are in so many statements together (Dunning 1993)."""

    def entropy(*counts: int) -> float:
        return sum(count * math.log(count / sum(counts)) for count in counts if count)

    cells = (both, first - both, second - both, total - first - second + both)
    sums = entropy(cells[0] + cells[1], cells[2] + cells[3]) + entropy(cells[0] + cells[2], cells[1] + cells[3])
    return 2 * (entropy(*cells) - sums)


def _topics(said: Iterable[Said], accounts: Iterable[Accounts]) -> dict[str, float]:
    """Return how much more often than by chance two topics are aligned, as a logarithm."""
    counts = Counter(topic for each in said if (topic := each.labels.get("topic")) is not None)
    aligned: Counter[str] = Counter()
    for each in accounts:
        topics = {one.id: one.labels.get("topic", "") for one in (*each.a, *each.b)}
        aligned.update("|".join(sorted([topics[first], topics[second]])) for first, second in each.aligned)
    total, statements = sum(aligned.values()), sum(counts.values())
    found = {}
    for one in sorted(counts):
        for other in (topic for topic in sorted(counts) if topic >= one):
            expected = total * counts[one] * counts[other] / statements**2 * (1 if one == other else 2)
            found[f"{one}|{other}"] = _log((aligned[f"{one}|{other}"] + 1) / (expected + 1))
    return found


def _regression(rows: Sequence[tuple[float, ...]], right: Sequence[bool]) -> dict[str, float]:
    """Return the weights of a logistic regression with a ridge, by Newton's method."""
    import numpy as np

    if not any(right):
        return {**dict.fromkeys(FEATURES, 1.0), "constant": 0.0}
    values, known = np.array(rows), np.array(right, dtype=float)
    spread = values.std(axis=0)
    spread[spread == 0] = 1.0
    design = np.column_stack([values / spread, np.ones(len(values))])
    ridge = np.diag([*[_RIDGE] * len(FEATURES), 1e-6])
    weights = np.zeros(design.shape[1])
    for _ in range(25):
        likely = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (known - likely) - ridge @ weights
        weights += np.linalg.solve((design.T * (likely * (1 - likely))) @ design + ridge, slope)
    plain = [*(weights[:-1] / spread), weights[-1]]
    return {name: round(float(weight), 3) for name, weight in zip((*FEATURES, "constant"), plain, strict=True)}


def learned_text(learned: Mapping[str, Any]) -> str:
    """Return what was learned as JSON, with a line for each word.

    Examples
    --------
    >>> print(learned_text({"source": "a test", "words": {"zh": {"关税": {"tariff": 0.9}}}}), end="")
    {
    "source": "a test",
    "words": {
    "zh": {
    "关税": {"tariff": 0.9}
    }
    }
    }
    """

    def lines(value: object, depth: int) -> str:
        if depth and isinstance(value, dict):
            return "{\n" + ",\n".join(f"{_json(key)}: {lines(each, depth - 1)}" for key, each in value.items()) + "\n}"
        return _json(value)

    return lines(learned, 3) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def partner_ranks(accounts: Accounts, lexicon: Mapping[str, Any]) -> dict[str, int | None]:
    """Return at which place, from 0, each aligned statement has the first of its partners; None where it has none.

    Parameters
    ----------
    accounts
        Two accounts.
    lexicon
        What `learn` returned, for an honest measure without their event.
    """
    partners: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for pair in accounts.aligned:
        for name in pair:
            partners[name].add(pair)
    ranked = rankings(accounts.a, accounts.b, lexicon)
    return {
        name: next((place for place, each in enumerate(ranked.get(name, ())) if (each.a, each.b) in pairs), None)
        for name, pairs in sorted(partners.items())
    }
