"""The pages of statements: their content, chain, place, and comparisons."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from readouts.datapackage.words import counted
from readouts.publish.site import address
from readouts.publish.site.labels import date_text, relation_rows, relation_weight
from readouts.publish.site.page import LISTS, Page, list_page, page_of
from readouts.publish.site.pagination import paginate
from readouts.publish.site.reviews import made_and_reviewed
from readouts.publish.site.statement_view import estimated_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData, Span
    from readouts.publish.site.statement_view import StatementView

__all__ = ["pages"]

EVIDENCE = {
    "content": "Content",
    "quoted": "Inside quotation marks",
    "cue": "Words that attribute it",
    "source": "Words that name a source",
    "addressee": "Words that name the addressee",
}
CODES = ("act", "topic", "form", "medium", "polarity", "certainty", "modality", "review")

_MOST_EVIDENCE = 60
"""Spans of a statement that its page lists; the table of spans has them all."""


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the pages of each statement, and the list of them."""
    for name in site.data.statements:
        yield from _statement(site, name)
    yield from _list(site)


def _statement(site: SiteContext, name: str) -> Iterator[Page]:
    row, said = site.data.statements[name], site.views[name]
    sections: dict[str, Sequence[Any]] = {
        "compared": site.alignments.of(name),
        "children": [each["statement_id"] or "" for each in site.data.of("statements", "parent_statement_id", name)],
        "relations": relation_rows(site.data, site.data.of("relations", "statement_id", name)),
    }
    found = paginate([(key, item) for key, items in sections.items() for item in items], partial(_weight, site))
    shared: dict[str, Any] = {
        "description": _preview(site.data, said),
        "made": made_and_reviewed({"statement": [row]}),
        "row": row,
        "said": said,
        "scripts": [address.asset("copy.js")],
    }
    if said.event_title:
        events = (LISTS["events"], address.listing("events"))
        shared["trail"] = [events, (said.event_title, address.place("events", said.event))]
    for leaf in found:
        parts: dict[str, list[Any]] = {key: [item for kind, item in leaf.items if kind == key] for key in sections}
        values = {
            **shared,
            "claims": [(each, site.views[each.other]) for each in parts["compared"] if not each.of_wording],
            "wording": [(each, site.views[each.other]) for each in parts["compared"] if each.of_wording],
            "children": site.views.of(parts["children"]),
            "relations": parts["relations"],
            **(_about(site, row, said) if leaf.number == 1 else {}),
        }
        yield page_of("statements", name, leaf, said.summary, values)


def _preview(data: SiteData, said: StatementView) -> str:
    """Return who says it, where and when, and of what event: what a preview of a link shows."""
    sources = " › ".join(" + ".join(each for each, _ in step) for step in said.chain)
    where = [sources, f"in {said.outlet}", said.published]
    told = f"{', '.join(filter(None, where))}."
    event = data.events.get(said.event)
    if event is None:
        return told
    date = date_text(event["date"], event["date_precision"])
    # Titles of events often end with their date.
    return f"{told} On: {said.event_title}{f', {date}' if date and date not in said.event_title else ''}."


def _about(site: SiteContext, row: Row, said: StatementView) -> dict[str, Any]:
    """Return what the first page of a statement shows of it alone."""
    data = site.data
    article = data.articles.get(said.article, {})
    parent = row["parent_statement_id"]
    length = max(int(article.get("character_count") or 0), 1)
    start = min(100 * said.start / length, 99.6)
    evidence = _evidence(data, said.id)
    return {
        "accounts": _accounts(site, said.id),
        "speaker": (data.name(row["speaker_id"]), row["speaker_id"]) if row["speaker_id"] else None,
        "addressees": [(data.name(entity), entity) for entity in data.addressees.get(said.id, ())],
        "article": article,
        "published": said.published,
        "archived_url": address.web(article.get("archived_url")),
        "place": (f"{said.start:,}", f"{said.end:,}", f"{length:,}"),
        "bar": (round(start, 2), round(max(min(100 * (said.end - said.start) / length, 100 - start), 0.4), 2)),
        "codes": [(code, row[code] or "") for code in CODES if code in row],
        "parent": site.views[parent] if parent is not None and parent in data.statements else None,
        "evidence": evidence[:_MOST_EVIDENCE],
        "more_evidence": max(len(evidence) - _MOST_EVIDENCE, 0),
    }


def _weight(site: SiteContext, entry: tuple[str, Any]) -> int:
    key, item = entry
    if key == "relations":
        return relation_weight(item)
    return estimated_bytes(site.views[item]) if key == "children" else site.alignments.weight(item)


def _accounts(site: SiteContext, name: str) -> list[tuple[str, str, str]]:
    """Return the documents that the steps of a chain speak through: issuer, id, place."""
    found = {step["account_id"] for step in site.data.of("attributions", "statement_id", name) if step["account_id"]}
    accounts = site.data.by_id("accounts")
    return [
        (site.data.name(accounts[each]["issuer_id"]), each, site.place_of("accounts", each) or "")
        for each in sorted(found)
        if each in accounts
    ]


def _evidence(data: SiteData, name: str) -> list[tuple[str, str, str, Span]]:
    order = {role: place for place, role in enumerate(EVIDENCE)}
    spans = [span for span in data.evidence(name) if span.role in order]
    spans.sort(key=lambda span: (order[span.role], span.start, span.id))
    return [(EVIDENCE[span.role], f"{span.start:,}", f"{span.end:,}", span) for span in spans]


def _list(site: SiteContext) -> Iterator[Page]:
    names = sorted(site.data.statements, key=lambda name: (site.views[name].article, site.views[name].start, name))
    found = paginate(names, lambda name: estimated_bytes(site.views[name]), budget=150_000)
    for leaf in found:
        articles: dict[str, list[StatementView]] = {}
        for name in leaf.items:
            articles.setdefault(site.views[name].article, []).append(site.views[name])
        groups = [
            (name, site.data.articles.get(name, {}).get("title") or name, site.data.language(name), views)
            for name, views in articles.items()
        ]
        description = f"{counted(leaf.total, 'statement')}, article by article."
        yield list_page("statements", leaf, description, {"groups": groups})
