"""The pages of entities: who they are, what they said, what was said about them, whom they deal with."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

from readouts.datapackage.words import counted
from readouts.publish.site import address
from readouts.publish.site.drawings import neighbours
from readouts.publish.site.labels import date_text, relation_rows, relation_weight
from readouts.publish.site.page import Page, list_page, page_of
from readouts.publish.site.pagination import encoded_length, paginate
from readouts.publish.site.statement_view import estimated_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData
    from readouts.publish.site.pagination import PageSlice

__all__ = ["pages"]

KINDS = {
    "person": "People",
    "office": "Offices",
    "government": "Governments",
    "state": "States",
    "organisation": "Organisations",
    "outlet": "Outlets",
    "group": "Groups",
    "place": "Places",
}

_EVENTS, _ARTICLES = "further-events", "further-articles"
_MOST_EVENTS, _MOST_ARTICLES = 60, 40
"""How many events and articles are on the first page of an entity whatever else there is; the others follow."""


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the pages of every entity, and the list of them."""
    said_by, said_of = _speakers(site.data), _mentioned(site.data)
    for name in site.data.entities:
        yield from _entity(site, name, said_by.get(name, ()), said_of.get(name, ()))
    yield from _list(site.data, said_by, said_of)


def _speakers(data: SiteData) -> dict[str, list[str]]:
    """Return the statements that come from each entity, at any step of the chain, in the order of their ids."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for step in data.rows("attributions"):
        if step["entity_id"] and step["statement_id"] in data.statements:
            found[step["entity_id"]][step["statement_id"] or ""] = None
    return {name: sorted(statements) for name, statements in found.items()}


def _mentioned(data: SiteData) -> dict[str, list[str]]:
    """Return the statements whose content names each entity, in the order of their ids."""
    found: dict[str, set[str]] = defaultdict(set)
    for article, named in data.mentions.items():
        starts = [start for start, _, _ in named]
        for row in data.of("statements", "article_id", article):
            statement = row["statement_id"] or ""
            for span in data.evidence(statement):
                if span.role == "content":
                    within = named[bisect_left(starts, span.start) : bisect_right(starts, span.end)]
                    for _, end, entity in within:
                        if end <= span.end:
                            found[entity].add(statement)
    return {name: sorted(statements) for name, statements in found.items()}


def _entity(site: SiteContext, name: str, said_by: Sequence[str], said_of: Sequence[str]) -> Iterator[Page]:
    data = site.data
    row = data.entities[name]
    addressed = data.addressed.get(name, ())
    acts = relation_rows(data, data.of("relations", "subject_id", name))
    suffers = relation_rows(
        data, (each for each in data.of("relations", "object_id", name) if each["subject_id"] != name)
    )
    sections: list[tuple[str, str, Sequence[Any]]] = [
        ("said-by", "Statements by or through them", said_by),
        ("said-to", "Statements addressed to them", addressed),
        ("said-of", "Statements about them", said_of),
        ("acts", "What they did", acts),
        ("suffers", "What others did to them, or with them", suffers),
    ]
    events, articles = _events(data, name), _articles(data, name)
    # The first ones are at the top; the rest is at the end.
    sections += [
        (_EVENTS, "Further events", events[_MOST_EVENTS:]),
        (_ARTICLES, "Also named in", articles[_MOST_ARTICLES:]),
    ]
    totals = {key: len(items) for key, _, items in sections}
    totals |= {key: sum(len(row["sources"]) for row in rows) for key, rows in (("acts", acts), ("suffers", suffers))}
    found = paginate([(key, item) for key, _, items in sections for item in items], partial(_weight, site))
    further = {key: _page_of(key, found, name) for key in (_EVENTS, _ARTICLES) if totals[key]}
    title = row["name"] or name
    near, more = neighbours(data, name)
    for leaf in found:
        parts: dict[str, list[Any]] = defaultdict(list)
        for key, item in leaf.items:
            parts[key].append(site.views[item] if key.startswith("said") else item)
        first = leaf.number == 1
        values = {
            "description": row["description"] or title,
            "row": row,
            "name": name,
            "aliases": [each for each in (row["aliases"] or "").split("|") if each],
            "parts_of_page": [(key, heading, parts[key], totals[key]) for key, heading, _ in sections if parts[key]],
            "totals": totals,
            "neighbours": near if first else [],
            "more": more,
            "events": events[:_MOST_EVENTS] if first else [],
            "articles": articles[:_MOST_ARTICLES] if first else [],
            "further": further,
            "issuer": name in site.across.issuers,
            "pairs": site.across.pairs_of.get(name, ()) if first else [],
        }
        yield page_of("entities", name, leaf, title, values)


def _weight(site: SiteContext, entry: tuple[str, Any]) -> int:
    """Return about how many bytes an entry of a section takes on a page."""
    key, item = entry
    if key in (_EVENTS, _ARTICLES):
        return 300 + 2 * encoded_length(*map(str, item.values()))
    return estimated_bytes(site.views[item]) if key.startswith("said") else relation_weight(item)


def _page_of(key: str, found: Sequence[PageSlice[Any]], name: str) -> str:
    """Return where a section of an entity begins."""
    number = next(leaf.number for leaf in found if any(kind == key for kind, _ in leaf.items))
    return f"{address.place('entities', name, number)}#{key}"


def _events(data: SiteData, name: str) -> list[dict[str, Any]]:
    roles = [
        (data.events[row["event_id"] or ""], row["role"] or "")
        for row in data.of("participants", "entity_id", name)
        if row["event_id"] in data.events
    ]
    return [
        {
            "name": event["event_id"],
            "title": event["title"] or event["event_id"],
            "order": event["date"] or "",
            "date": date_text(event["date"], event["date_precision"]),
            "role": role,
        }
        for event, role in sorted(roles, key=lambda each: (each[0]["date"] or "", each[0]["event_id"] or ""))
    ]


def _articles(data: SiteData, name: str) -> list[dict[str, Any]]:
    """Return the articles that name an entity, and how often; those that do so most often first."""
    counts = {article: number for article, number in data.naming(name).items() if article in data.articles}
    return [
        {
            "name": each,
            "title": data.articles[each]["title"] or each,
            "language": data.language(each),
            "outlet": data.outlet(each),
            "times": counts[each],
        }
        for each in sorted(counts, key=lambda article: (-counts[article], article))
    ]


def _list(data: SiteData, said_by: Mapping[str, Sequence[str]], said_of: Mapping[str, Sequence[str]]) -> Iterator[Page]:
    order = list(KINDS)

    def rank(name: str) -> tuple[int, str, str]:
        row = data.entities[name]
        kind = row["kind"] or ""
        return order.index(kind) if kind in KINDS else len(order), (row["name"] or name).casefold(), name

    names = sorted(data.entities, key=rank)
    found = paginate(
        names,
        lambda name: 400 + 2 * encoded_length(data.name(name), data.entities[name]["description"]),
        budget=150_000,
    )
    for leaf in found:
        groups: dict[str, list[dict[str, Any]]] = {}
        for name in leaf.items:
            row = data.entities[name]
            kind = row["kind"] or ""
            groups.setdefault(KINDS.get(kind, kind or "Others"), []).append(
                {
                    "name": name,
                    "title": row["name"] or name,
                    "description": row["description"] or "",
                    "said": len(said_by.get(name, ())),
                    "of": len(said_of.get(name, ())),
                }
            )
        description = f"{counted(leaf.total, 'entity')}: people, offices, states, organisations and places."
        yield list_page("entities", leaf, description, {"groups": list(groups.items())})
