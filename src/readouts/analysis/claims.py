"""The claims of an event: statements that say the same are one claim, and each claim is in one group."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from readouts.analysis.sides import Row

__all__ = [
    "DECIDING",
    "GROUPS",
    "GROUP_TITLES",
    "ClaimSet",
    "StatementClaim",
    "claims_of",
    "joined",
    "opposed",
    "sides_in",
]

GROUPS = ("contradicted", "in_tension", "both", "partly", "only_a", "only_b", "third")
"""How the accounts of the two sides meet in a claim: the first of these that applies is its group."""
GROUP_TITLES = {
    "contradicted": "Contradicted",
    "in_tension": "In tension",
    "both": "Both say",
    "partly": "One says more than the other",
    "only_a": "{a} alone",
    "only_b": "{b} alone",
    "third": "Others say",
}
"""Titles of the groups of claims; `a` and `b` stand for the names of the sides."""
DECIDING = {"contradicts": "contradicted", "in_tension": "in_tension", "weaker": "partly", "stronger": "partly"}
"""The group that a relation to a claim of the other side puts a claim in, if none before it applies."""
_SIDES = {"both": frozenset("ab")}


def sides_in(sides: Iterable[str]) -> frozenset[str]:
    """Return the sides of statements: `both` counts for a and for b.

    Examples
    --------
    >>> sorted(sides_in(["both", "third"]))
    ['a', 'b', 'third']
    """
    return frozenset(each for side in sides for each in _SIDES.get(side, (side,)))


def opposed(first: frozenset[str], second: frozenset[str]) -> bool:
    """Return whether side a makes one of two claims, and side b the other.

    Examples
    --------
    >>> opposed(frozenset("a"), frozenset("ab")), opposed(frozenset("a"), frozenset(["third"]))
    (True, False)
    """
    return ("a" in first and "b" in second) or ("b" in first and "a" in second)


@dataclass(frozen=True, slots=True)
class StatementClaim:
    """A claim of an event.

    Attributes
    ----------
    claim_id
        The smallest id of its statements.
    statements
        Their ids, in order.
    sides
        The sides that make it: `a`, `b`, `third`.
    group
        The first of `GROUPS` that applies.
    topic
        The most frequent topic of its statements; of several, the one that comes first.
    """

    claim_id: str
    statements: tuple[str, ...]
    sides: frozenset[str]
    group: str
    topic: str


@dataclass(frozen=True, slots=True)
class ClaimSet:
    """The claims of an event.

    Attributes
    ----------
    claims
        By id, in order.
    of
        The id of the claim that each statement is in.
    pairs
        The relations between claims of opposite sides that decide on groups: for each two claims the weightiest, with
        the alignment that says so; the claim of side a first, and of two that both sides make the smaller id.
    """

    claims: dict[str, StatementClaim]
    of: dict[str, str]
    pairs: dict[tuple[str, str], Row]


def claims_of(statements: Mapping[str, tuple[str, str]], alignments: Iterable[Row]) -> ClaimSet:
    """Put the statements of an event into claims, and each claim into its group.

    Parameters
    ----------
    statements
        Side and topic of each statement of the event, by id.
    alignments
        Rows of `alignments`; those that join other statements are passed over.

    Returns
    -------
    ClaimSet
        Every statement is in exactly one claim: the set that `same_claim` joins, transitively, or alone.

    Examples
    --------
    >>> said = {"s1": ("a", "talks"), "s2": ("b", "talks"), "s3": ("b", "call")}
    >>> same = {"statement_a": "s1", "statement_b": "s2", "relation": "same_claim", "aspect": "claim"}
    >>> [(claim.statements, claim.group) for claim in claims_of(said, [same]).claims.values()]
    [(('s1', 's2'), 'both'), (('s3',), 'only_b')]
    """
    within = [row for row in alignments if row["statement_a"] in statements and row["statement_b"] in statements]
    of = joined(statements, (row for row in within if row["relation"] == "same_claim"))
    members: dict[str, list[str]] = {}
    for name in sorted(statements):
        members.setdefault(of[name], []).append(name)
    sides = {claim: sides_in(statements[name][0] for name in names) for claim, names in members.items()}
    pairs: dict[tuple[str, str], Row] = {}
    weights = list(DECIDING)
    for row in within:
        first, second = sorted((of[row["statement_a"] or ""], of[row["statement_b"] or ""]))
        if row["relation"] not in DECIDING or first == second or not opposed(sides[first], sides[second]):
            continue
        if not ("a" in sides[first] and "b" in sides[second]):
            first, second = second, first
        known = pairs.get((first, second))
        if known is None or _weight(row, weights) < _weight(known, weights):
            pairs[first, second] = row
    decided: dict[str, set[str]] = {}
    for pair, row in pairs.items():
        for claim in pair:
            decided.setdefault(claim, set()).add(DECIDING[row["relation"] or ""])
    claims = {
        claim: StatementClaim(
            claim,
            tuple(names),
            sides[claim],
            _group(sides[claim], decided.get(claim, set())),
            # Nearly every claim has one statement only.
            statements[names[0]][1] if len(names) == 1 else _commonest(statements[name][1] for name in names),
        )
        for claim, names in members.items()
    }
    return ClaimSet(claims, of, dict(sorted(pairs.items())))


def _commonest(topics: Iterable[str]) -> str:
    return Counter(topics).most_common(1)[0][0]


def _weight(row: Row, weights: list[str]) -> tuple[int, str]:
    return weights.index(row["relation"] or ""), row.get("alignment_id") or ""


def _group(sides: frozenset[str], decided: set[str]) -> str:
    found = decided | {"both"} if sides >= {"a", "b"} else decided | {f"only_{side}" for side in sides & {"a", "b"}}
    return next((group for group in GROUPS if group in found), "third")


def joined(statements: Iterable[str], same: Iterable[Row]) -> dict[str, str]:
    """Return, for each statement, the smallest id of those that alignments join it with, directly or through others.

    Examples
    --------
    >>> joined(["s1", "s2", "s3"], [{"statement_a": "s2", "statement_b": "s3"}])
    {'s1': 's1', 's2': 's2', 's3': 's2'}
    """
    parent = {name: name for name in statements}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for row in same:
        a, b = sorted((root(row["statement_a"] or ""), root(row["statement_b"] or "")))
        parent[b] = a
    return {name: root(name) for name in parent}
