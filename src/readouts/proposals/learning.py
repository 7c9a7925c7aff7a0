"""What a corpus teaches about its words: cues by act, words by topic, names by entity.

Only single words, names and short word sequences are kept, never a sentence of a source.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from readouts.annotations.tree import read_file
from readouts.datapackage.errors import ReadoutsError
from readouts.proposals.evaluation import matched_rules
from readouts.proposals.facts import facts_of, read_tree
from readouts.proposals.lexicon import PARTS, normalised, terms
from readouts.proposals.rules import proposal_for
from readouts.text.problem import TextProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from readouts.analysis.sides import Row, Rows
    from readouts.datapackage.package.package import DataPackage
    from readouts.proposals.proposal import Proposal
    from readouts.text.sources import TextFolder

__all__ = ["article_events", "article_texts", "confidence", "cross_proposals", "learn", "learned_text"]

SOURCE = (
    "Learned from the published annotations and the texts that they were made from: words of cues by act, words of "
    "contents by topic, names by entity, and how often each rule was right. Written by scripts/learn_proposals.py."
)
RELAY = "relay"
"""Replaces the act for the cue of a step that isn't the innermost."""
_WORDS, _HAN = 3, 4
_NAME_WORDS, _NAME_HAN = 8, 12
_PROPOSED = 3
"""Least number of proposals from which the confidence of a rule is computed."""
_SEEN = 3
"""Statements that a term must be in, at least."""
_SMOOTHING = 1.0
"""Statements of each topic that are imagined to have the term as often as all statements do."""
_LEAST = 0.3
"""Smaller weights are left out: evidence for a topic is kept, and none against it, which would be ten times as much."""
_PRIOR = 2.0
"""How much a topic's share counts: evidence against the frequent topics is made up for by it."""


def article_events(rows: Rows) -> dict[str, tuple[str, ...]]:
    """Return the events that each article belongs to: its main one first.

    The main event is the one, among the events of the accounts that it carries, that most of its statements speak of;
    without accounts, that of most of its statements. The others are every event of its accounts and statements.

    Parameters
    ----------
    rows
        Gives the rows of a table by its name.

    Examples
    --------
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> from readouts.datapackage.package.package import open_package
    >>> article_events(open_package(bundled_package()).rows)["kremlin-2022-02-12"]
    ('call-biden-putin-2022-02-12', 'call-biden-putin-2021-12-07')
    """
    accounts = {row["account_id"]: row["event_id"] or "" for row in rows("accounts")}
    carried: dict[str, set[str]] = defaultdict(set)
    for row in rows("carriages"):
        carried[row["article_id"] or ""].add(accounts.get(row["account_id"], ""))
    spoken: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows("statements"):
        if row["event_id"]:
            spoken[row["article_id"] or ""][row["event_id"]] += 1
    found = {}
    for row in rows("articles"):
        article = row["article_id"] or ""
        events, counts = carried[article], spoken[article]
        found[article] = tuple(sorted(events | set(counts), key=lambda one: (one not in events, -counts[one], one)))
    return found


def article_texts(rows: Rows, folder: TextFolder, articles: Collection[str] | None = None) -> dict[str, str]:
    """Return the annotated text of each article.

    Raises
    ------
    ReadoutsError
        The folder lacks a text, or has another version of it than was annotated.
    """
    found = {}
    for row in rows("articles"):
        article = row["article_id"] or ""
        if articles is not None and article not in articles:
            continue
        try:
            text = folder.find(article, row["sha256_raw"], [])
            if text.sha256 != row["sha256_raw"]:
                message = f"{text.path} isn't the text that {article} was annotated from: its SHA-256 differs."
                raise ReadoutsError(message)
            found[article] = text.skeleton.text
        except TextProblem as problem:
            raise ReadoutsError(str(problem)) from problem
    return found


def learn(corpus: DataPackage, texts: TextFolder, *, without_events: Collection[str] = ()) -> dict[str, Any]:
    """Learn words from the published annotations and their texts.

    Parameters
    ----------
    corpus
        The package.
    texts
        The texts that it was annotated from.
    without_events
        Events whose articles are left out, with every article that has a statement about one of them.

    Returns
    -------
    dict
        `source`, and by language: `cues`, words with how often they are the cue of each act (`relay`: of an outer
        step); `topics`, for each topic twice the logarithm of its share (`priors`) and for each term the logarithm of
        how much more often a topic's contents have it than all contents (`weights`); `mentions`, words with how often
        they name each entity; `confidence`, empty, which `confidence` fills.

    Raises
    ------
    ReadoutsError
        A text isn't there, or isn't the one that was annotated.
    """
    rows = corpus.rows
    events = article_events(rows)
    languages = {
        row["article_id"] or "": (row["language"] or "").partition("-")[0]
        for row in rows("articles")
        if not {*events[row["article_id"] or ""]} & {*without_events}
    }
    words = article_texts(rows, texts, languages)
    spans: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows("spans"):
        if row["article_id"] in words:
            spans[row["role"] or "", row["statement_id"] or ""].append(row)
    statements = [row for row in rows("statements") if row["article_id"] in words]
    learned: dict[str, Any] = {"source": SOURCE, **{part: {} for part in PARTS}}
    for language in sorted(set(languages.values())):
        own = [row for row in statements if languages[row["article_id"] or ""] == language]
        names = [span for span in spans["mention", ""] if languages[span["article_id"] or ""] == language]
        learned["cues"][language] = _cues(own, spans, words, _depths(rows))
        learned["topics"][language] = _topics(own, spans, words)
        learned["mentions"][language] = _mentions(names, words)
    return learned


def cross_proposals(corpus: DataPackage, texts: TextFolder, annotations: Path) -> dict[str, Proposal]:
    """Return what is proposed for each article with words that were learned without the article's event.

    Parameters
    ----------
    corpus
        The package.
    texts
        The texts that it was annotated from.
    annotations
        The annotations that it was built from.

    Raises
    ------
    ReadoutsError
        A text isn't there, or isn't the one that was annotated; or there is no lexicon of its language.
    """
    tree = read_tree(annotations)
    words = article_texts(corpus.rows, texts)
    folds: dict[str, dict[str, Any]] = {}
    found = {}
    for article, events in article_events(corpus.rows).items():
        event = next(iter(events), "")
        if event not in folds:
            folds[event] = learn(corpus, texts, without_events=[event])
        facts = facts_of(article, read_file(tree.articles[article]), tree, event or None)
        found[article] = proposal_for(facts, words[article], tree.registry, learned=folds[event])
    return found


def confidence(rows: Rows, proposals: Mapping[str, Proposal]) -> dict[str, dict[str, dict[str, float]]]:
    """Return the share of what each rule proposed that is published, by language and kind of document.

    Parameters
    ----------
    rows
        Gives the rows of a table of the package.
    proposals
        What was proposed, by article.

    Returns
    -------
    dict
        By language, by `official` or `press`, by rule: the share, of rules that proposed three things or more.
    """
    groups: dict[tuple[str, str], dict[str, Proposal]] = defaultdict(dict)
    for row in rows("articles"):
        article = row["article_id"] or ""
        if article in proposals:
            group = (row["language"] or "").partition("-")[0], "press" if row["kind"] == "press" else "official"
            groups[group][article] = proposals[article]
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    for (language, kind), own in sorted(groups.items()):
        shares = {rule: right / all_ for rule, (right, all_) in matched_rules(rows, own).items() if all_ >= _PROPOSED}
        found[language][kind] = {rule: round(share, 2) for rule, share in shares.items()}
    return dict(found)


def learned_text(learned: Mapping[str, Any]) -> str:
    """Return what was learned as the text of `learned.json`: sorted, one word per line, the same bytes anywhere.

    Examples
    --------
    >>> print(learned_text({"cues": {"en": {"told": {"say": 2}, "said": {"say": 3}}}}), end="")
    {
     "cues": {
      "en": {
       "said": {"say": 3},
       "told": {"say": 2}
      }
     }
    }
    """
    return f"{_json(learned)}\n"


def _json(value: Any, depth: int = 1) -> str:
    """Write a mapping with one entry per line, and one without mappings in it on one line."""
    if not isinstance(value, dict) or not any(isinstance(each, dict) for each in value.values()):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    indent = " " * depth
    entries = (
        f"{indent}{json.dumps(key, ensure_ascii=False)}: {_json(value[key], depth + 1)}" for key in sorted(value)
    )
    return "{\n" + ",\n".join(entries) + f"\n{indent[1:]}}}"


def _depths(rows: Rows) -> dict[str, int]:
    """Return the depth of each statement's innermost step."""
    found: dict[str, int] = {}
    for row in rows("attributions"):
        name = row["statement_id"] or ""
        found[name] = max(found.get(name, 0), int(row["depth"] or 0))
    return found


def _quote(span: Row, words: Mapping[str, str]) -> str:
    return words[span["article_id"] or ""][int(span["start"] or 0) : int(span["end"] or 0)]


def _is_short(words: str, most: int = _WORDS, most_han: int = _HAN) -> bool:
    """Return whether words are few enough to be kept: a Han character counts as a part of a word of its own."""
    han = sum("\u3400" <= character <= "\u9fff" for character in words)
    return len(words.split()) <= most and han <= most_han


def _counted(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Count labels by words."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for words, label in pairs:
        found[words][label] += 1
    return {words: dict(sorted(counts.items())) for words, counts in sorted(found.items())}


def _cues(
    statements: Iterable[Row],
    spans: Mapping[tuple[str, str], list[Row]],
    words: Mapping[str, str],
    depths: dict[str, int],
) -> dict[str, dict[str, int]]:
    pairs = []
    for row in statements:
        name = row["statement_id"] or ""
        for span in spans.get(("cue", name), ()):
            cue = normalised(_quote(span, words))
            if _is_short(cue):
                innermost = int(span["depth"] or 0) == depths.get(name, 0)
                pairs.append((cue, (row["act"] or "") if innermost else RELAY))
    return _counted(pairs)


def _mentions(spans: Iterable[Row], words: Mapping[str, str]) -> dict[str, dict[str, int]]:
    pairs = [(" ".join(_quote(span, words).split()), span["entity_id"] or "") for span in spans]
    return _counted(pair for pair in pairs if _is_short(pair[0], _NAME_WORDS, _NAME_HAN))


def _topics(
    statements: Iterable[Row], spans: Mapping[tuple[str, str], list[Row]], words: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Weigh each term by how much more often a topic's contents have it than all contents, smoothed by the latter."""
    topics: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in statements:
        content = " ".join(_quote(span, words) for span in spans.get(("content", row["statement_id"] or ""), ()))
        topics[row["topic"] or ""] += 1
        for term in set(terms(content)):
            counts[term][row["topic"] or ""] += 1
    total = topics.total()
    priors = {topic: round(_PRIOR * math.log(count / total), 2) for topic, count in sorted(topics.items())}
    weights = {}
    for term, by_topic in sorted(counts.items()):
        seen = by_topic.total()
        if seen < _SEEN:
            continue
        share = seen / total
        odds = {
            topic: math.log((by_topic[topic] + _SMOOTHING * share) / ((topics[topic] + _SMOOTHING) * share))
            for topic in sorted(topics)
        }
        weights[term] = {topic: round(weight, 2) for topic, weight in odds.items() if weight >= _LEAST}
    return {"priors": priors, "weights": {term: kept for term, kept in weights.items() if kept}}
