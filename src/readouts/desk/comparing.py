"""Two annotations of one text, difference by difference; and which statements of two accounts may belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.analysis.agreement import matching
from readouts.desk.view import LABELS
from readouts.proposals.alignment import Said
from readouts.proposals.alignment import candidates as proposed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["candidates", "differences"]

Statement = dict[str, Any]
_COMPARED = tuple(key for key in LABELS if key not in {"summary", "made_by", "review", "reviewed_by", "parent"})


def differences(mine: dict[str, Any], other: dict[str, Any]) -> list[dict[str, Any]]:
    """List the differences of two annotations of one text, in the order of the text.

    Parameters
    ----------
    mine, other
        The two, as `ArticleView.document` returns them.

    Returns
    -------
    list
        Each with a `kind` (`only-mine`, `only-other`, `labels`, `content`, `chain`, `mention`), its `place`, and what
        either says.
    """
    pairs, only_mine, only_other = _matched(mine["statements"], other["statements"])
    found: list[dict[str, Any]] = [{"kind": "only-mine", "mine": each} for each in only_mine]
    found += [{"kind": "only-other", "other": each} for each in only_other]
    for one, two in pairs:
        both = {"mine": one, "other": two}
        if one["content"] != two["content"]:
            found.append({"kind": "content", **both})
        if _chain(one) != _chain(two):
            found.append({"kind": "chain", **both})
        found += [
            {"kind": "labels", "key": key, **both}
            for key in _COMPARED
            if one["labels"].get(key) != two["labels"].get(key)
        ]
    ours, theirs = ({(m["entity"], *m["place"]) for m in side["mentions"]} for side in (mine, other))
    for entity, start, end in sorted(ours ^ theirs, key=lambda each: each[1:]):
        who = "mine" if (entity, start, end) in ours else "other"
        found.append({"kind": "mention", who: {"entity": entity, "place": [start, end]}})
    for each in found:
        each["place"] = _place(each)
        each["id"] = "/".join(
            [each["kind"], each.get("key", ""), *(str(each.get(who, {}).get("name")) for who in ("mine", "other"))]
        ) + (f"/{each['place'][0]}-{each['place'][1]}" if each["kind"] == "mention" else "")
    return sorted(found, key=lambda each: (each["place"], each["id"]))


def candidates(statement: Statement, others: Sequence[Statement]) -> list[dict[str, Any]]:
    """Rank the statements that may be aligned with one, the likeliest first, each with what they share.

    Parameters
    ----------
    statement, others
        Statements as `Session.event` returns them.
    """
    found = proposed([_said(statement)], [_said(each) for each in others], most=max(len(others), 1))
    ranked = sorted(found, key=lambda each: (-each.score, each.b))
    return [{"id": each.b, "score": round(each.score, 3), "reasons": list(each.reasons)} for each in ranked]


def _said(statement: Statement) -> Said:
    labels = {key: value for key, value in statement["labels"].items() if value is not None}
    sources = [source for step in statement["chain"][-1:] for source in step["sources"]]
    return Said(
        statement["id"],
        statement["words"],
        statement["language"] or "en",
        labels,
        frozenset(name for source in sources if (name := source["entity"] or source["label"])),
        frozenset(statement["entities"]),
        labels.get("summary", ""),
    )


def _matched(
    mine: Sequence[Statement], other: Sequence[Statement]
) -> tuple[list[tuple[Statement, Statement]], list[Statement], list[Statement]]:
    """Match statements by the overlap of their contents, as `agreement` does."""
    ours, theirs = ({each["name"]: each for each in side} for side in (mine, other))
    pairs = matching(*({name: ("", _spans(each)) for name, each in side.items()} for side in (ours, theirs)))
    taken = set(pairs.values())
    return (
        [(ours[one], theirs[two]) for one, two in pairs.items()],
        [each for name, each in ours.items() if name not in pairs],
        [each for name, each in theirs.items() if name not in taken],
    )


def _spans(statement: Statement) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in statement["content"])


def _chain(statement: Statement) -> list[list[tuple[str | None, str | None]]]:
    return [
        sorted((source["entity"] or "", source["label"] or "") for source in step["sources"])
        for step in statement["chain"]
    ]


def _place(difference: dict[str, Any]) -> list[int]:
    shown = difference.get("mine") or difference["other"]
    if "place" in shown:
        return list(shown["place"])
    places = shown["content"] or [[0, 0]]
    return [min(start for start, _ in places), max(end for _, end in places)]
