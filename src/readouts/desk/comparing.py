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
Place = list[int]
_APART = frozenset({"addressee", "summary", "made_by", "review", "reviewed_by", "parent"})
_COMPARED = tuple(key for key in LABELS if key not in _APART)


def differences(mine: dict[str, Any], other: dict[str, Any], *, summaries: bool = False) -> list[dict[str, Any]]:
    """List the differences of two annotations of one text, in the order of the text; relations come last.

    Parameters
    ----------
    mine, other
        The two, as `ArticleView.document` returns them.
    summaries
        Whether summaries are compared: two people never write the same.

    Returns
    -------
    list
        Each with a `kind`, its `place`, what either says, and the `act` that takes what the other says. The kinds are
        `only-mine` and `only-other` (a statement), `content`, `quoted`, `chain` and `words` (several of these, which
        only fit together, in `parts`), `labels`, `addressee`, `mention`, `region` and `relation`. A relation of the
        other has the name that its statement has in mine; `lacks` names a statement that isn't in mine.
    """
    pairs, only_mine, only_other = _matched(mine["statements"], other["statements"])
    found: list[dict[str, Any]] = [{"kind": "only-mine", "mine": each} for each in only_mine]
    found += [{"kind": "only-other", "other": each} for each in only_other]
    for one, two in pairs:
        both = {"mine": one, "other": two}
        for parts in _parts(one, two):
            found.append({"kind": parts[0] if len(parts) == 1 else "words", "parts": parts, **both})
        if one["addressees"] != two["addressees"]:
            found.append({"kind": "addressee", **both})
        found += [
            {"kind": "labels", "key": key, **both}
            for key in (*_COMPARED, *(("summary",) if summaries else ()))
            if one["labels"].get(key) != two["labels"].get(key)
        ]
    for kind, shown in (("mention", ("entity",)), ("region", ("role", "account"))):
        found += _single(kind, mine[f"{kind}s"], other[f"{kind}s"], shown)
    found.sort(key=lambda each: (_place(each), _id(each)))
    names = {two["name"]: one["name"] for one, two in pairs}
    found += sorted(_relations(mine["relations"], other["relations"], names), key=_place)
    for each in found:
        each["place"] = _place(each)
        each["act"] = _act(each)
        each["id"] = _id(each)
    return found


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


def _parts(one: Statement, two: Statement) -> list[list[str]]:
    """Return which of content, quoted words and chain differ; together, where those of one don't fit the other's."""
    differing = [part for part in ("content", "quoted", "chain") if one[part] != two[part]]
    if "content" not in differing:
        return [[part] for part in differing]
    apart = {
        "quoted": _fits(one["content"], quoted=two["quoted"]) and _fits(two["content"], quoted=one["quoted"]),
        "chain": _fits(one["content"], cues=_cues(two)) and _fits(two["content"], cues=_cues(one)),
    }
    together = [part for part in differing if not apart.get(part, False)]
    return [together, *([part] for part in differing if part not in together)]


def _fits(content: list[Place], *, quoted: Sequence[Place] = (), cues: Sequence[Place] = ()) -> bool:
    """Return whether quoted words lie within a content, and cues outside it or at one of its spans."""
    inside = all(any(start <= first and last <= end for start, end in content) for first, last in quoted)
    return inside and not any(start < last and first < end for first, last in cues for start, end in content)


def _cues(statement: Statement) -> list[Place]:
    return [place for step in statement["chain"] for place in step["cue"] if place not in statement["content"]]


def _single(kind: str, mine: list[Any], other: list[Any], shown: Sequence[str]) -> list[dict[str, Any]]:
    """Return what only one has of spans that each stand alone."""
    ours, theirs = ({(*each["place"], *(each[key] for key in shown)): each for each in side} for side in (mine, other))
    found = [{"kind": kind, "mine": ours[key]} for key in ours.keys() - theirs.keys()]
    return [*found, *({"kind": kind, "other": theirs[key]} for key in theirs.keys() - ours.keys())]


def _relations(mine: list[Any], other: list[Any], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return how relations differ: who does what to whom says which belong together."""
    found: list[dict[str, Any]] = []
    left = list(mine)
    for each in other:
        values = dict(each["values"])
        asserting = values.get("statement", "").rpartition(".")[2]
        if asserting:
            values["statement"] = names.get(asserting)
        theirs = {**each, "values": values}
        same = [one for one in left if _edge(one) == _edge(theirs)]
        # Of several of the same kind, the one at the same words.
        one = min(same, key=lambda one: (one["at"] != theirs["at"], _here(one) != values), default=None)
        if one is not None:
            left.remove(one)
            if one["at"] == theirs["at"] and _here(one) == values:
                continue
        difference = {
            "kind": "relation",
            "other": theirs,
            "lacks": asserting if values.get("statement", "") is None else "",
        }
        found.append(difference if one is None else {**difference, "mine": one})
    return [*found, *({"kind": "relation", "mine": each} for each in left)]


def _edge(relation: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(relation["values"].get(key) for key in ("subject", "predicate", "object"))


def _here(relation: dict[str, Any]) -> dict[str, Any]:
    values = relation["values"]
    return {**values, "statement": values["statement"].rpartition(".")[2]} if "statement" in values else values


def _act(difference: dict[str, Any]) -> dict[str, Any]:
    """Return the act that makes mine say what the other says."""
    kind: str = difference["kind"]
    mine: Any = difference.get("mine")
    other: Any = difference.get("other")
    if kind == "relation" and other is not None:
        act = {"do": "add-relation", "values": other["values"], "at": other["at"]}
        return act if mine is None else {**act, "name": mine["name"]}
    if kind == "relation":
        return {"do": "remove-relation", "name": mine["name"]}
    if kind == "mention":
        return {"do": "remove-mention", **mine} if mine else {"do": "add-mention", **other}
    if kind == "region":
        return {"do": "remove-region", "number": mine["number"]} if mine else {"do": "add-region", **other}
    if other is None:
        return {"do": "remove-statement", "name": mine["name"]}
    if mine is None:
        parts = {key: other[key] for key in ("content", "quoted", "addressees", "chain")}
        labels = {key: other["labels"].get(key) for key in (*_COMPARED, "summary")}
        return {"do": "add-statement", "statement": {**parts, "labels": labels}}
    if kind == "labels":
        key = difference["key"]
        return {"do": "set", "name": mine["name"], "values": {key: other["labels"].get(key)}}
    if kind == "addressee":
        return {"do": "addressees", "name": mine["name"], "addressees": other["addressees"]}
    return {"do": "take", "name": mine["name"], "parts": {part: other[part] for part in difference["parts"]}}


def _id(difference: dict[str, Any]) -> str:
    """Return what tells a difference from the others of its article."""
    key = "+".join(difference.get("parts", [])[1:]) or difference.get("key", "")
    names = [str(difference.get(who, {}).get("name")) for who in ("mine", "other")]
    place = _place(difference)
    return "/".join([difference["kind"], key, *names]) + (
        f"/{place[0]}-{place[1]}" if difference["kind"] in {"mention", "region"} else ""
    )


def _place(difference: dict[str, Any]) -> list[int]:
    shown = difference.get("mine") or difference["other"]
    if "place" in shown:
        return list(shown["place"])
    places = shown.get("content") or shown.get("at") or [[0, 0]]
    return [min(start for start, _ in places), max(end for _, end in places)]
