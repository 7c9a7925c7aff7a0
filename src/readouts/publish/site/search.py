"""The search page, and what it finds: entities by all their names, events, accounts, articles, statements, and more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.render.escaping import visible
from readouts.datapackage.words import counted
from readouts.publish.site import about, address, glossary
from readouts.publish.site.changes import versions
from readouts.publish.site.labels import date_text
from readouts.publish.site.page import LISTS, Asset, Page
from readouts.publish.site.search_index import LONGEST, Entry, index_files, words
from readouts.publish.site.search_labels import names_of
from readouts.publish.words import predicate_text, topic_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.context import SiteContext

    EntryMaker = Callable[[SiteContext], Iterable[Entry]]

__all__ = ["ENTRIES", "entries", "of_pages", "pages"]

_OTHERS = frozenset({"account", "article", "release", "statement", "table"})
"""The kinds of results other than events; an event whose kind has the same name is labelled as an event."""


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
    return [entry for make in ENTRIES for entry in make(site)]


def of_pages(make: Callable[[SiteContext], Iterable[Page | Asset]], kind: str, group: str) -> EntryMaker:
    """Return a maker of entries of pages: each is found by its title and its description.

    Parameters
    ----------
    make
        Makes the pages: of a kind of which there are few, since they are made once more for it.
    kind, group
        Their kind in results, and the one that results are filtered by.
    """

    def entries_of(site: SiteContext) -> Iterator[Entry]:
        for page in make(site):
            if isinstance(page, Page) and not ("leaf" in page.values and page.values["leaf"].number > 1):
                title, description = str(page.values["title"]), str(page.values.get("description") or "")
                yield Entry(kind, _title(title), _title(description), page.path, (title,), description, group=group)

    return entries_of


def _title(text: str) -> str:
    return visible(text, LONGEST)


def _detail(*parts: str | None) -> str:
    return " · ".join(visible(part, LONGEST) for part in parts if part)


def _labels(site: SiteContext) -> Iterator[Entry]:
    return site.labels.entries()


def _lists(site: SiteContext) -> Iterator[Entry]:
    del site
    for kind, title in {**LISTS, "issuers": "Issuers", "pairs": "Pairs of governments", "calendar": "Calendar"}.items():
        yield Entry("list", title, "", address.listing(kind), (title,))


def _terms(site: SiteContext) -> Iterator[Entry]:
    """Yield the terms of the glossary, and the labels that nothing has in this release."""
    known = {entry.address for entry in site.labels.entries()}
    labels = (entry for section in site.glossary.sections for entry in section.entries)
    for entry in (*site.glossary.terms, *labels):
        if entry.place not in known:
            words_of = tuple(dict.fromkeys(filter(None, (entry.words, entry.shown))))
            detail = _detail(entry.column, entry.meaning)
            yield Entry("term", _title(entry.words.lower()), detail, entry.place, words_of, group="glossary")


def _across(site: SiteContext) -> Iterator[Entry]:
    """Yield what is shown across events: issuers, and pairs of sides."""
    for name, accounts in site.across.issuers.items():
        title, number = site.data.name(name), counted(len(accounts), "account")
        detail = f"What {title} says and leaves out, in {number}."
        names = tuple(names_of(site.data, name))
        yield Entry("issuer", _title(title), _title(detail), address.place("issuers", name), names, group="issuers")
    for pair, talks in site.across.talks.items():
        title = " and ".join(pair.names)
        yield Entry("pair", _title(title), _title(counted(len(talks), "talk")), pair.place, pair.names, group="pairs")


def _entities(site: SiteContext) -> Iterator[Entry]:
    """Yield the entities, the most quoted and named first: of two that are called alike, that one is meant."""
    data = site.data

    def weight(name: str) -> int:
        return len(data.of("attributions", "entity_id", name)) + data.naming(name).total()

    for name in sorted(data.entities, key=lambda name: (-weight(name), name)):
        row = data.entities[name]
        names = tuple(names_of(data, name))
        kind, aliases = row["kind"] or "", ", ".join(names[1:])
        detail = _detail(row.get("description"), f"also {aliases}" if aliases else None)
        acts = _predicates(data.of("relations", "subject_id", name))
        text = f"{row.get('description') or ''} {name} {kind} {acts}"
        # A name in another script finds what has one in the script of the summaries.
        latin = [each for each in names if all(map(str.isascii, words(each)))]
        yield Entry(
            kind or "entity",
            _title(names[0]),
            detail,
            address.place("entities", name),
            names,
            text,
            site.labels.of("entities", name),
            phrases=tuple(each for each in names if each not in latin),
            stands_for=tuple(" ".join(words(each)) for each in latin if len(each) > 2 or not each.isupper()),
            group="entities",
        )


def _predicates(rows: Iterable[Row]) -> str:
    """Return what relations say that somebody does, each once."""
    return " ".join(sorted({predicate_text(row["predicate"]) for row in rows}))


def _events(site: SiteContext) -> Iterator[Entry]:
    data, labels = site.data, site.labels
    for name, row in data.events.items():
        title, kind = row["title"] or name, row["kind"] or "event"
        date = date_text(row["date"], row["date_precision"])
        text = f"{name} {kind} event {data.name(row['place_id'])} {row['date'] or ''} {date}"
        label = f"event: {kind}" if kind in _OTHERS else kind
        place, found = address.place("events", name), labels.of("events", name)
        yield Entry(label, _title(title), _detail(date), place, (title,), text, found, group="events")


def _accounts(site: SiteContext) -> Iterator[Entry]:
    for name, row in site.data.by_id("accounts").items():
        event = site.data.events.get(row["event_id"] or "")
        if event is not None:
            title = f"{site.data.name(row['issuer_id'])}: {row['kind'] or 'account'}"
            about, issued = event["title"] or row["event_id"] or "", date_text(row["issued_on"])
            detail = _detail(about, f"issued {issued}" if issued else None)
            text = f"account {about} {name} {row['issued_on'] or ''} {issued}"
            place, found = site.place_of("accounts", name) or "", site.labels.of("accounts", name)
            yield Entry("account", _title(title), detail, place, (title,), text, found, group="accounts")


def _articles(site: SiteContext) -> Iterator[Entry]:
    data, labels = site.data, site.labels
    for name, row in data.articles.items():
        title, published, outlet = row["title"] or name, date_text(row["published_on"]), data.name(row["outlet_id"])
        text = f"{name} {outlet} {row['published_on'] or ''} {published}"
        place, found = address.place("articles", name), labels.of("articles", name)
        yield Entry(
            "article", _title(title), _detail(outlet, published), place, (title,), text, found, group="articles"
        )


def _tables(site: SiteContext) -> Iterator[Entry]:
    for name, resource in site.data.package.resources.items():
        schema = resource.descriptor.get("schema")
        if isinstance(schema, dict):
            title, description = str(schema.get("title") or name), str(schema.get("description") or "")
            text = " ".join([description, *(str(field.get("name", "")) for field in schema["fields"])])
            place = address.place("tables", name)
            yield Entry("table", _title(title), _title(description), place, (title, name), text, group="tables")


def _releases(site: SiteContext) -> Iterator[Entry]:
    for version in reversed(versions(site.data)):
        release = site.data.releases.get(version)
        title, published = f"Release {version}", date_text(release.released) if release is not None else ""
        detail = _detail(f"published {published}" if published else None)
        text = f"version what changed {published} {release.released if release is not None else ''}"
        yield Entry(
            "release", _title(title), detail, address.place("releases", version), (title,), text, group="releases"
        )


def _statements(site: SiteContext) -> Iterator[Entry]:
    data, labels = site.data, site.labels
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
        found = labels.of("statements", name)
        yield Entry("statement", _title(voice.summary or name), detail, place, (), text, found, group="statements")


ENTRIES: tuple[EntryMaker, ...] = (
    _labels,
    _lists,
    of_pages(about.pages, "page", "pages"),
    of_pages(glossary.pages, "page", "pages"),
    _entities,
    _across,
    _terms,
    _events,
    _accounts,
    _articles,
    _tables,
    _releases,
    _statements,
)
"""Makers of entries, one for each kind: of equally good matches, the earlier one is shown first."""


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
            "scripts": (address.asset("search_index.js"), address.asset("search.js")),
            "number": len(found),
            "lists": [
                *((title, address.listing(kind)) for kind, title in LISTS.items()),
                ("Glossary", address.GLOSSARY),
            ],
        },
    )
