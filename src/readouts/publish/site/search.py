"""The search page, and what it finds: entities by all their names, events, accounts, articles, statements, and more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.render.escaping import visible
from readouts.publish.site import address
from readouts.publish.site.changes import versions
from readouts.publish.site.labels import date_text
from readouts.publish.site.page import Asset, Page
from readouts.publish.site.search_index import Entry, index_files
from readouts.publish.words import predicate_text, topic_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData

__all__ = ["entries", "pages"]

_OTHERS = frozenset({"account", "article", "release", "statement", "table"})
"""The kinds of results other than events; an event whose kind has the same name is labelled as an event."""
_LONGEST = 400
"""Characters of a title or a note that a result shows."""


def entries(site: SiteContext) -> list[Entry]:
    """Return all that can be found, what is asked for most first.

    Examples
    --------
    >>> import readouts
    >>> from readouts.publish.site.context import open_site
    >>> found = entries(open_site(readouts.load()))
    >>> found[-1].kind
    'statement'
    """
    return [
        *_entities(site.data),
        *_events(site.data),
        *_accounts(site),
        *_articles(site.data),
        *_tables(site.data),
        *_releases(site.data),
        *_statements(site.data),
    ]


def _title(text: str) -> str:
    return visible(text, _LONGEST)


def _detail(*parts: str | None) -> str:
    return " · ".join(visible(part, _LONGEST) for part in parts if part)


def _entities(data: SiteData) -> Iterator[Entry]:
    """Yield the entities, the most quoted and named first: of two that are called alike, that one is meant."""

    def weight(name: str) -> int:
        return len(data.of("attributions", "entity_id", name)) + data.naming(name).total()

    for name in sorted(data.entities, key=lambda name: (-weight(name), name)):
        row = data.entities[name]
        aliases = [alias for alias in (row.get("aliases") or "").split("|") if alias]
        kind, names = row["kind"] or "", (row["name"] or name, *aliases)
        detail = _detail(row.get("description"), f"also {', '.join(aliases)}" if aliases else None)
        acts = _predicates(data.of("relations", "subject_id", name))
        text = f"{row.get('description') or ''} {name} {kind} {acts}"
        yield Entry(kind or "entity", _title(names[0]), detail, address.place("entities", name), names, text)


def _predicates(rows: Iterable[Row]) -> str:
    """Return what relations say that somebody does, each once."""
    return " ".join(sorted({predicate_text(row["predicate"]) for row in rows}))


def _events(data: SiteData) -> Iterator[Entry]:
    for name, row in data.events.items():
        title, kind = row["title"] or name, row["kind"] or "event"
        date = date_text(row["date"], row["date_precision"])
        text = f"{name} {kind} event {data.name(row['place_id'])} {row['date'] or ''} {date}"
        label = f"event: {kind}" if kind in _OTHERS else kind
        yield Entry(label, _title(title), _detail(date), address.place("events", name), (title,), text)


def _accounts(site: SiteContext) -> Iterator[Entry]:
    for name, row in site.data.by_id("accounts").items():
        event = site.data.events.get(row["event_id"] or "")
        if event is not None:
            title = f"{site.data.name(row['issuer_id'])}: {row['kind'] or 'account'}"
            about, issued = event["title"] or row["event_id"] or "", date_text(row["issued_on"])
            detail = _detail(about, f"issued {issued}" if issued else None)
            text = f"account {about} {name} {row['issued_on'] or ''} {issued}"
            yield Entry("account", _title(title), detail, site.place_of("accounts", name) or "", (title,), text)


def _articles(data: SiteData) -> Iterator[Entry]:
    for name, row in data.articles.items():
        title, published, outlet = row["title"] or name, date_text(row["published_on"]), data.name(row["outlet_id"])
        text = f"{name} {outlet} {row['published_on'] or ''} {published}"
        place = address.place("articles", name)
        yield Entry("article", _title(title), _detail(outlet, published), place, (title,), text)


def _tables(data: SiteData) -> Iterator[Entry]:
    for name, resource in data.package.resources.items():
        schema = resource.descriptor.get("schema")
        if isinstance(schema, dict):
            title, description = str(schema.get("title") or name), str(schema.get("description") or "")
            text = " ".join([description, *(str(field.get("name", "")) for field in schema["fields"])])
            place = address.place("tables", name)
            yield Entry("table", _title(title), _title(description), place, (title, name), text)


def _releases(data: SiteData) -> Iterator[Entry]:
    for version in reversed(versions(data)):
        release = data.releases.get(version)
        title, published = f"Release {version}", date_text(release.released) if release is not None else ""
        detail = _detail(f"published {published}" if published else None)
        text = f"version what changed {published} {release.released if release is not None else ''}"
        yield Entry("release", _title(title), detail, address.place("releases", version), (title,), text)


def _statements(data: SiteData) -> Iterator[Entry]:
    for name, voice in data.voices.items():
        event = data.events.get(data.statements[name]["event_id"] or "", {})
        date, topic = date_text(event.get("date"), event.get("date_precision")), topic_name(voice.topic)
        # Why it compares with others as it does: of the rows that it is first in.
        rationales = " ".join(row["rationale"] or "" for row in data.of("alignments", "statement_a", name))
        text = (
            f"{voice.summary} {voice.chain} {voice.outlet} {topic} {voice.act} {name} "
            f"{_predicates(data.of('relations', 'statement_id', name))} {rationales}"
        )
        detail, place = _detail(voice.chain, voice.outlet, topic, date), address.place("statements", name)
        yield Entry("statement", _title(voice.summary or name), detail, place, (), text)


def pages(site: SiteContext) -> Iterator[Page | Asset]:
    """Yield the search page and the files of its index."""
    found = entries(site)
    for file in index_files(found):
        yield Asset(file.path, file.text.encode("utf-8", "backslashreplace"))
    yield Page(
        address.SEARCH,
        "search.html",
        {
            "title": "Search",
            "description": "Search the names, events, accounts, articles, statements and tables of this release.",
            "section": "search",
            "scripts": (address.asset("search.js"),),
            "number": len(found),
            "lists": [(label, address.listing(kind)) for kind, label in _LISTS],
        },
    )


_LISTS = (
    ("events", "Events"),
    ("statements", "Statements"),
    ("entities", "People and organisations"),
    ("articles", "Articles"),
    ("tables", "Tables"),
    ("releases", "Releases"),
)
