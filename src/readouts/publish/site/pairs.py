"""The pages of pairs of sides: their talks in order, and which topics their accounts take up and drop between them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from readouts.analysis.counted_claims import OTHER
from readouts.datapackage.words import counted, printable
from readouts.publish.site import address
from readouts.publish.site.across import year_of
from readouts.publish.site.claim_lists import CONTESTED
from readouts.publish.site.drawings import balance
from readouts.publish.site.page import Page
from readouts.publish.site.pagination import encoded_length, paginate
from readouts.publish.site.patterns import BY, TRAIL
from readouts.publish.site.statement_view import side_names
from readouts.publish.words import topic_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.analysis.counted_claims import CountedEvent
    from readouts.publish.site.across import Pair
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.patterns import Matrix

__all__ = ["pages"]

TITLE = "Pairs of governments"


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the pages of every pair, and the list of them."""
    events = {event.event_id: event for event in site.across.claims.events}
    for pair in site.across.talks:
        yield from _pair(site, pair, events)
    found = paginate(site.across.talks.items(), lambda item: 600 + 4 * encoded_length(*item[0].names))
    place = partial(address.listing, "pairs")
    for leaf in found:
        shown = [
            (pair, len(talks), sum(map(site.across.compared, talks)), _span(site, talks)) for pair, talks in leaf.items
        ]
        yield Page(
            place(leaf.number),
            "pairs.html",
            {
                "title": TITLE,
                "description": f"{counted(leaf.total, 'pair')}, each with the talks of the two in the order of time.",
                "section": "patterns",
                "trail": TRAIL,
                "leaf": leaf,
                "pairs": shown,
                "place_of_page": place,
            },
        )


def _span(site: SiteContext, talks: Sequence[str]) -> str:
    """Return from which year to which talks are."""
    years = sorted({year_of(site.data.events[name]["date"]) for name in talks} - {""})
    return "–".join(dict.fromkeys([years[0], years[-1]])) if years else ""


def _pair(site: SiteContext, pair: Pair, events: Mapping[str, CountedEvent]) -> Iterator[Page]:
    talks = []
    before: Mapping[str, str] | None = None
    for name in site.across.talks[pair]:
        event = events.get(name)
        topics = _topics(event) if event is not None and event.state == "in_full" else None
        talks.append(_talk(site, name, topics, before))
        before = topics if topics is not None else before
    title = f"{pair.names[0]} and {pair.names[1]}"
    number = sum(talk["compared"] for talk in talks)
    description = f"{counted(len(talks), 'talk')} in the order of time, {number:,} with accounts of both."
    found = paginate(talks, lambda talk: 2500 + 3 * encoded_length(talk["title"], *pair.names))
    place = partial(address.place, "pairs", pair.keys)
    for leaf in found:
        yield Page(
            place(leaf.number),
            "pair.html",
            {
                "title": title if leaf.number == 1 else f"{title} (page {leaf.number} of {leaf.count})",
                "description": description,
                "section": "patterns",
                "trail": [*TRAIL, (TITLE, address.listing("pairs"))],
                "pair": pair,
                "compared": number,
                "sides": [
                    (key if key in site.data.entities else "", name)
                    for key, name in zip(pair.keys, pair.names, strict=True)
                ],
                "matrices": _matrices(site, pair) if leaf.number == 1 else [],
                "leaf": leaf,
                "place_of_page": place,
            },
        )


def _matrices(site: SiteContext, pair: Pair) -> list[tuple[str, Matrix]]:
    """Return what the sides leave out and contest, by topic and by year."""
    patterns = site.patterns
    sides = [patterns.sides[keys] for keys in (pair.keys, pair.keys[::-1]) if keys in patterns.sides]
    groups = [("left out by", "", len(sides))] * bool(sides)
    contested = patterns.pairs.get(pair)
    if contested is None:
        return []
    columns = (*(f"{side.own}, of {side.other}" for side in sides), *(group.replace("_", " ") for group in CONTESTED))
    return [
        (
            by,
            patterns.matrix(
                [*(side.lists[by] for side in sides), *(contested[group][by] for group in CONTESTED)],
                (*groups, ("contested", "", len(CONTESTED))),
                columns,
                by,
            ),
        )
        for by in BY
    ]


def _topics(event: CountedEvent) -> dict[str, str]:
    """Return the topics that the accounts of an event raise, and which side alone does, if one alone does."""
    found: dict[str, set[str]] = {}
    for claim in event.claims:
        for side in OTHER:
            if event.makes(claim, side):
                found.setdefault(claim.topic, set()).add(side)
    return {
        topic: printable(event.called(min(found[topic]))) if len(found[topic]) == 1 else "" for topic in sorted(found)
    }


def _talk(
    site: SiteContext, name: str, topics: Mapping[str, str] | None, before: Mapping[str, str] | None
) -> dict[str, Any]:
    """Return one talk: how its claims fall into groups, and which topics are new or dropped since the one before."""
    comparison = site.data.comparisons[name]
    compared, names = site.across.compared(name), side_names(comparison)
    change = None
    if topics is not None and before is not None:
        change = {
            "new": [(topic_name(topic), topics[topic]) for topic in topics if topic not in before],
            "dropped": [(topic_name(topic), before[topic]) for topic in before if topic not in topics],
            "kept": sum(topic in before for topic in topics),
        }
    return {
        **site.across.titled(name),
        "compared": compared,
        "in_full": topics is not None,
        "names": names,
        "counts": comparison.counts,
        "balance": balance(comparison.counts, names) if compared else [],
        "statements": len(site.data.event_statements(name)),
        "topics": [(topic_name(topic), who) for topic, who in (topics or {}).items()],
        "change": change,
    }
