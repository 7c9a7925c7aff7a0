"""The queue of proposals of an article: what is proposed and neither taken over nor rejected."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from readouts.analysis.agreement import OVERLAP, overlap
from readouts.annotations.forms import STATEMENT

if TYPE_CHECKING:
    from collections.abc import Collection

    from readouts.proposals.proposal import MentionProposal, Origin, Proposal, RegionProposal, StatementProposal

__all__ = ["left_over"]

_KEYS = {key.column: key.name for key in STATEMENT.keys if key.column is not None}


def left_over(proposal: Proposal, document: dict[str, Any], rejected: Collection[str]) -> list[dict[str, Any]]:
    """List what of a proposal is left to decide, in the order of the text.

    Parameters
    ----------
    proposal
        What is proposed.
    document
        The article, as `ArticleView.document` has it. A statement whose content overlaps by half counts as the same.
    rejected
        Ids of what was rejected.

    Examples
    --------
    >>> from readouts.proposals.proposal import MentionProposal, Origin, Proposal
    >>> proposal = Proposal(mentions=(MentionProposal("halm", (4, 8), Origin("registry", 0.9)),))
    >>> document = {"statements": [], "mentions": [], "regions": []}
    >>> [(each["kind"], each["confidence"]) for each in left_over(proposal, document, ())]
    [('mention', 0.9)]
    """
    there = [tuple(map(tuple, each["content"])) for each in document["statements"]]
    mentions = {tuple(each["place"]) for each in document["mentions"]}
    regions = {(each["role"], *each["place"]) for each in document["regions"]}
    found = [_statement(each) for each in proposal.statements if _new(each, there)]
    found += [_mention(each) for each in proposal.mentions if each.place not in mentions]
    found += [_region(each) for each in proposal.regions if (each.role, *each.place) not in regions]
    for each in found:
        each["id"] = sha256(json.dumps(each["act"], sort_keys=True).encode()).hexdigest()[:16]
    order = {"region": 0, "statement": 1, "mention": 2}
    left = [each for each in found if each["id"] not in rejected]
    return sorted(left, key=lambda each: (order[each["kind"]], each["place"]))


def _new(proposed: StatementProposal, there: list[Any]) -> bool:
    return all(overlap(proposed.content, content) < OVERLAP for content in there)


def _entry(kind: str, place: tuple[int, int], origin: Origin, act: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "place": list(place), "rule": origin.rule, "confidence": origin.confidence, "act": act}


def _statement(proposed: StatementProposal) -> dict[str, Any]:
    chain = [
        {
            "sources": [{key: value for key, value in asdict(source).items() if key != "cue"} for source in step],
            "cue": [place for source in step for place in source.cue],
        }
        for step in proposed.chain
    ]
    labels = {_KEYS[column]: value for column, value in proposed.labels.items() if column in _KEYS}
    addressees = proposed.addressees or ((labels.get("addressee"), proposed.addressee),)
    made = {
        "content": proposed.content,
        "quoted": proposed.quoted,
        "addressees": [{"entity": entity, "at": places} for entity, places in addressees if entity or places],
        "chain": chain,
        "labels": {key: value for key, value in labels.items() if key != "addressee"},
    }
    place = (min(start for start, _ in proposed.content), max(end for _, end in proposed.content))
    return _entry("statement", place, proposed.origin, {"do": "add-statement", "statement": made})


def _mention(proposed: MentionProposal) -> dict[str, Any]:
    act = {"do": "add-mention", "entity": proposed.entity, "place": list(proposed.place)}
    return _entry("mention", proposed.place, proposed.origin, act)


def _region(proposed: RegionProposal) -> dict[str, Any]:
    act = {"do": "add-region", "role": proposed.role, "place": list(proposed.place), "account": proposed.account}
    return _entry("region", proposed.place, proposed.origin, act)
