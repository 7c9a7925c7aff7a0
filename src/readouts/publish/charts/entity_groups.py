"""Which entities belong together: those that stand for the same state."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from readouts.publish.charts.data import CorpusTexts

__all__ = ["groups_of"]

UPWARDS = ("represents", "holds_office", "part_of")
"""The standing relations that lead to whom somebody stands for, the most telling first; not to their alliances."""
RANK = ("state", "government", "office", "person", "organisation", "group", "place", "outlet")
OTHERS = "Others"


def groups_of(corpus: CorpusTexts, kept: Collection[str], degree: Mapping[str, int]) -> list[tuple[str, list[str]]]:
    """Return entities in groups: who stands for the same state, by relations that hold, else by their country.

    Returns
    -------
    list of tuple
        Name and members of each group. Those who would stand alone are the last group, `Others`.

    Examples
    --------
    >>> import readouts
    >>> members = {"kremlin", "vladimir-putin", "barack-obama", "zero-hedge"}
    >>> groups_of(readouts.load(), members, dict.fromkeys(members, 1))
    [('Russia', ['kremlin', 'vladimir-putin']), ('United States', ['barack-obama']), ('Others', ['zero-hedge'])]
    """
    rows = {row["entity_id"] or "": row for row in corpus.texts("entities")}
    upwards = _upwards(corpus)
    states = {
        row["country"] or "": name for name, row in sorted(rows.items()) if row["kind"] == "state" and row["country"]
    }
    found: dict[str, list[str]] = {}
    for name in sorted(kept):
        top = _top(name, upwards)
        if rows[top]["kind"] != "state":
            top = states.get(rows[name]["country"] or rows[top]["country"] or "", top)
        found.setdefault(top, []).append(name)

    def order(name: str) -> tuple[int, str, str]:
        kind = rows[name]["kind"] or ""
        return RANK.index(kind) if kind in RANK else len(RANK), rows[name]["name"] or "", name

    several = {top: sorted(names, key=order) for top, names in found.items() if names != [top]}
    alone = sorted((top for top, names in found.items() if names == [top]), key=order)
    weight = {top: sum(degree[name] for name in names) for top, names in several.items()}
    ordered = sorted(several, key=lambda top: (-weight[top], top))
    groups = [(rows[top]["name"] or top, several[top]) for top in ordered]
    return [*groups, (OTHERS, alone)] if alone else groups


def _upwards(corpus: CorpusTexts) -> dict[str, str]:
    """Return for each entity the one that it stands for, by the most telling relation that holds."""
    found: dict[str, tuple[int, str, str]] = {}
    for row in corpus.texts("relations"):
        if row["predicate"] in UPWARDS and row["object_id"] and row["status"] == "actual":
            subject = row["subject_id"] or ""
            candidate = (UPWARDS.index(row["predicate"]), row["relation_id"] or "", row["object_id"])
            found[subject] = min(candidate, found.get(subject, candidate))
    return {subject: best[2] for subject, best in found.items()}


def _top(name: str, upwards: Mapping[str, str]) -> str:
    """Return who is above all that an entity stands for; a circle ends where it comes back."""
    seen = {name}
    while (above := upwards.get(name)) is not None and above not in seen:
        seen.add(above)
        name = above
    return name
