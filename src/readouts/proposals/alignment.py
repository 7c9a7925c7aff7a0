"""Candidates for alignments: which statements of two accounts of an event may be about the same thing.

Two statements are likely to be aligned when they share names, concepts, words, numbers, topic and act. Chinese and
Russian words are compared with English ones through `lexicons/bilingual.json`, which was learned from the corpus, and
through the concepts of `lexicons/concepts.yaml`, which were written by hand. Summaries in English count, too.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ReadoutsError
from readouts.proposals.alignment_terms import concepts_of, foreign_terms, stems
from readouts.proposals.lexicon import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from readouts.proposals.proposal import Proposal

__all__ = [
    "BILINGUAL",
    "Candidate",
    "Said",
    "alignments_text",
    "candidates",
    "features",
    "rankings",
    "read_bilingual",
    "said_in",
]

BILINGUAL = FOLDER / "bilingual.json"
"""Weights learned from the whole corpus."""
KINDS = {
    **dict.fromkeys(("asserted", "presupposed"), "is"),
    **dict.fromkeys(("planned", "conditional"), "will be"),
    **dict.fromkeys(("requested", "proposed", "normative"), "is wanted"),
}
"""The three kinds of statements that section 10 of the guideline compares."""
FEATURES = ("words", "concepts", "entities", "numbers", "topics", "kind", "act", "speakers", "joint", "place")
"""What a pair is judged by; each has a weight."""

_SHOWN = 4
"""Words and concepts that a reason names, at most."""
_BUSY, _BUSINESS = 5, 0.4
"""A statement that goes with everything goes with nothing: the mean of its best so many scores counts against it."""


@dataclass(frozen=True)
class Said:
    """A statement as far as it matters for alignments.

    Attributes
    ----------
    id
        Id of the statement.
    text
        The words of its content.
    language
        BCP 47 tag of these words.
    labels
        Values by column of `statements`, such as `topic`, `act` and `modality`; any of them may be missing.
    speakers
        Entities or labels of the innermost sources.
    entities
        Entities mentioned in the content.
    summary
        An English summary that somebody wrote; empty without one.
    """

    id: str
    text: str
    language: str
    labels: Mapping[str, str] = field(default_factory=dict)
    speakers: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()
    summary: str = ""

    @cached_property
    def code(self) -> str:
        """The language without script and region."""
        return self.language.partition("-")[0].casefold()

    @cached_property
    def concepts(self) -> frozenset[str]:
        """The concepts that its content names."""
        return concepts_of(self.text, self.code)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers in its content."""
        return frozenset(re.findall(r"\d+(?:[.,]\d+)*", self.text))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two statements that may be aligned.

    Attributes
    ----------
    a, b
        Ids of the statements, side a's first.
    score
        How likely it is that they are, as learned from the corpus (0 to 1).
    reasons
        What they share, the weightiest first.
    """

    a: str
    b: str
    score: float
    reasons: tuple[str, ...] = ()


def said_in(article: str, text: str, language: str, proposal: Proposal, *, summaries: bool = True) -> list[Said]:
    """Return the statements of an article as far as they matter for alignments.

    Parameters
    ----------
    article
        Id of the article.
    text
        Its text.
    language
        BCP 47 tag of the text.
    proposal
        Its statements, which have names, and mentions: proposed, or read from its file.
    summaries
        Whether the summaries count; those that are yet to be written don't.

    Examples
    --------
    >>> from readouts.proposals.proposal import MentionProposal, Origin, Proposal, StatementProposal
    >>> origin = Origin("rule")
    >>> statement = StatementProposal(((11, 23),), ((),), origin, {"topic": "economy"}, name="s01")
    >>> proposal = Proposal(statements=(statement,), mentions=(MentionProposal("sarnia", (11, 17), origin),))
    >>> said_in("herald", "Marek says Sarnia's toll", "en", proposal)[0].entities
    frozenset({'sarnia'})
    """
    found = []
    for statement in (each for each in proposal.statements if each.name is not None):
        places, summary = statement.content, statement.labels.get("summary", "")
        inner = statement.chain[-1] if statement.chain else ()
        found.append(
            Said(
                id=f"{article}.{statement.name}",
                text=" ".join(text[start:end] for start, end in places),
                language=language,
                labels={column: value for column, value in statement.labels.items() if column != "summary"},
                speakers=frozenset(source.entity or source.label or "" for source in inner),
                entities=frozenset(
                    mention.entity
                    for mention in proposal.mentions
                    if any(start <= mention.place[0] and mention.place[1] <= end for start, end in places)
                ),
                summary=summary if summaries and not summary.startswith("To be written") else "",
            )
        )
    return found


def read_bilingual(path: Path = BILINGUAL) -> dict[str, Any]:
    """Read what was learned of alignments, as `readouts.proposals.alignment_learning.learn` returns it.

    Raises
    ------
    ReadoutsError
        The file can't be read or isn't as it should be.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        message = f"The learned weights of alignments can't be read from {path}: {error}."
        raise ReadoutsError(message) from error
    parts = ("weights", "topics", "rarity", "concepts", "words")
    if not isinstance(found, dict) or not all(isinstance(found.get(part), dict) for part in parts):
        message = f"{path.name}: expected an object with {', '.join(parts)}, each an object."
        raise ReadoutsError(message)
    if missing := [name for name in (*FEATURES, "constant") if name not in found["weights"]]:
        run = "Run `python scripts/learn_alignments.py --texts DIR`."
        message = f"{path.name}: 'weights' lacks {', '.join(missing)}. {run}"
        raise ReadoutsError(message)
    return found


_bilingual = lru_cache(maxsize=1)(read_bilingual)


@dataclass(frozen=True)
class _Bag:
    """Words by how much they weigh."""

    weights: dict[str, float]

    @cached_property
    def length(self) -> float:
        return math.sqrt(math.fsum(weight * weight for weight in self.weights.values()))

    def likeness(self, other: _Bag) -> float:
        """Return the cosine of the angle between two bags; 0 where one is empty."""
        small, large = sorted((self.weights, other.weights), key=len)
        shared = math.fsum(weight * large[word] for word, weight in small.items() if word in large)
        return shared / (self.length * other.length) if shared else 0.0


def _bag(said: Said, lexicon: Mapping[str, Any]) -> _Bag:
    """Return the English words of a statement: its own, those of its summary, or what its words are translated to."""
    rarity, most = lexicon["rarity"], lexicon["rarity"].get("", 1.0)
    english = stems(said.text) if said.code == "en" else []
    weights = {stem: rarity.get(stem, most) for stem in [*english, *stems(said.summary)]}
    if said.code != "en":
        words = lexicon["words"].get(said.code, {})
        for term in foreign_terms(said.text, said.code):
            for stem, weight in words.get(term, {}).items():
                weights[stem] = max(weights.get(stem, 0.0), weight * rarity.get(stem, most))
    return _Bag(weights)


def _overlap(one: frozenset[str], other: frozenset[str], rarity: Mapping[str, float]) -> float:
    """Return the share of what two sets have in common, rare members weighing more."""
    # Sums are exact, whatever the order of a set.
    return math.fsum(rarity[each] for each in one & other) / (math.fsum(rarity[each] for each in one | other) + 1.0)


def features(
    a: Sequence[Said], b: Sequence[Said], lexicon: Mapping[str, Any]
) -> dict[tuple[int, int], tuple[float, ...]]:
    """Return what each pair of statements of two accounts shares, in the order of `FEATURES`.

    Parameters
    ----------
    a, b
        The statements of each account, in reading order.
    lexicon
        What `read_bilingual` returns.
    """
    bags = [[_bag(said, lexicon) for said in account] for account in (a, b)]
    named = Counter(entity for said in (*a, *b) for entity in said.entities)
    rarity = {entity: math.log((len(a) + len(b) + 1) / (count + 0.5)) for entity, count in named.items()}
    concepts = defaultdict(lambda: 1.0, lexicon["concepts"])
    found: dict[tuple[int, int], tuple[float, ...]] = {}
    for i, one in enumerate(a):
        for j, other in enumerate(b):
            if one.id == other.id:
                continue
            topics = "|".join(sorted(said.labels.get("topic", "") for said in (one, other)))
            kinds = {KINDS.get(said.labels.get("modality", ""), said.id) for said in (one, other)}
            acts = {said.labels.get("act", said.id) for said in (one, other)}
            found[i, j] = (
                bags[0][i].likeness(bags[1][j]),
                _likeness(one.concepts, other.concepts, concepts),
                _overlap(one.entities, other.entities, rarity),
                float(min(2, len(one.numbers & other.numbers))),
                lexicon["topics"].get(topics) or 0.0,
                float(len(kinds) == 1),
                float(len(acts) == 1),
                float(one.speakers == other.speakers != frozenset()),
                float(len(one.speakers) > 1 and len(other.speakers) > 1),
                abs(i / max(1, len(a) - 1) - j / max(1, len(b) - 1)),
            )
    return found


def _likeness(one: frozenset[str], other: frozenset[str], rarity: Mapping[str, float]) -> float:
    first, second, shared = (math.fsum(rarity[each] for each in some) for some in (one, other, one & other))
    return shared / math.sqrt((first + 1) * (second + 1))


def rankings(
    a: Sequence[Said], b: Sequence[Said], lexicon: Mapping[str, Any] | None = None
) -> dict[str, list[Candidate]]:
    """Return for each statement of two accounts those of the other account, the likeliest first.

    Parameters
    ----------
    a, b
        The statements of each account, in reading order.
    lexicon
        What was learned, in place of what comes with the package.
    """
    known = _bilingual() if lexicon is None else lexicon
    found = features(a, b, known)
    weights, constant = [known["weights"][name] for name in FEATURES], known["weights"]["constant"]
    scores = {
        pair: constant + sum(weight * value for weight, value in zip(weights, values, strict=True))
        for pair, values in found.items()
    }
    partners: dict[str, dict[tuple[int, int], str]] = {said.id: {} for said in (*a, *b)}
    for i, j in scores:
        partners[a[i].id][i, j], partners[b[j].id][i, j] = b[j].id, a[i].id
    busy = {}
    for name, pairs in partners.items():
        best = sorted((scores[pair] for pair in pairs), reverse=True)[:_BUSY]
        busy[name] = _BUSINESS * sum(best) / len(best) if best else 0.0
    return {
        name: [
            Candidate(a[i].id, b[j].id, round(1 / (1 + math.exp(-scores[i, j])), 3))
            for _, (i, j) in sorted((busy[other] - scores[pair], pair) for pair, other in pairs.items())
        ]
        for name, pairs in partners.items()
    }


def _reasons(one: Said, other: Said, lexicon: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a description of what two statements share."""
    first, second = _bag(one, lexicon).weights, _bag(other, lexicon).weights
    reasons = []
    if entities := sorted(one.entities & other.entities):
        reasons.append(f"names {', '.join(entities)}")
    if words := sorted(first.keys() & second.keys(), key=lambda word: (-first[word] * second[word], word)):
        reasons.append(f"words {', '.join(words[:_SHOWN])}")
    if concepts := sorted(one.concepts & other.concepts, key=lambda each: (-lexicon["concepts"].get(each, 1.0), each)):
        reasons.append(f"concepts {', '.join(concepts[:_SHOWN])}")
    if numbers := sorted(one.numbers & other.numbers):
        reasons.append(f"numbers {', '.join(numbers)}")
    reasons += [
        f"{column} {value}"
        for column in ("topic", "act", "modality")
        if (value := one.labels.get(column)) is not None and value == other.labels.get(column)
    ]
    if one.speakers == other.speakers != frozenset():
        reasons.append(f"said by {', '.join(sorted(one.speakers))}")
    elif len(one.speakers) > 1 and len(other.speakers) > 1:
        reasons.append("joint speakers")
    return tuple(reasons)


def candidates(
    a: Sequence[Said], b: Sequence[Said], lexicon: Mapping[str, Any] | None = None, *, most: int = 3
) -> list[Candidate]:
    """Propose alignments between two accounts of an event.

    Parameters
    ----------
    a, b
        The statements of each account, in reading order.
    lexicon
        What was learned, in place of what comes with the package.
    most
        How many to propose for each statement.

    Returns
    -------
    list[Candidate]
        For each statement of either account its likeliest partners, without repeats: in the order of a, then the
        likeliest first.

    Examples
    --------
    >>> one = [Said("a.s01", "the toll must go", "en"), Said("a.s02", "they spoke for 50 minutes", "en")]
    >>> other = [Said("b.s01", "во вторник они говорили 50 минут", "ru"), Said("b.s02", "о пошлинах", "ru")]
    >>> [(found.a, found.b) for found in candidates(one, other, most=1)]
    [('a.s01', 'b.s02'), ('a.s02', 'b.s01')]
    """
    order = {said.id: place for place, said in enumerate(a)}
    known = _bilingual() if lexicon is None else lexicon
    said = {each.id: each for each in (*a, *b)}
    found = {
        (each.a, each.b): replace(each, reasons=_reasons(said[each.a], said[each.b], known))
        for ranked in rankings(a, b, known).values()
        for each in ranked[: max(0, most)]
    }
    return sorted(found.values(), key=lambda each: (order[each.a], -each.score, each.b))


def alignments_text(event: str, found: Sequence[Candidate]) -> str:
    """Return candidates as YAML for a person to choose from.

    Each has its score and reasons in a comment; what the guideline asks for, relation, scope and rationale, is still to
    be written. Entries that are kept go into `alignments` of the event's file.

    Examples
    --------
    >>> print(alignments_text("call-2031-05-01", [Candidate("a.s01", "b.s02", 0.8, ("topic economy",))]), end="")
    # Candidates for the alignments of call-2031-05-01. Section 10 of the guideline says which of them are alignments:
    # give these a relation and a rationale, move them to the event's file, and drop the rest.
    alignments:
      # 0.80: topic economy
      c001: {a: a.s01, b: b.s02, relation: , scope: cross_side, rationale: ""}
    """
    lines = [
        f"# Candidates for the alignments of {event}. Section 10 of the guideline says which of them are alignments:",
        "# give these a relation and a rationale, move them to the event's file, and drop the rest.",
        "alignments:" if found else "alignments: {}",
    ]
    for number, each in enumerate(found, 1):
        reasons = " ".join("; ".join(each.reasons).split())
        lines += [
            f"  # {each.score:.2f}: {reasons or 'nothing in common that is known'}",
            f'  c{number:03}: {{a: {each.a}, b: {each.b}, relation: , scope: cross_side, rationale: ""}}',
        ]
    return "\n".join(lines) + "\n"
