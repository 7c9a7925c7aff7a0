"""The search page, and what it finds: entities by all their names, events, accounts, articles, statements, and more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.render.escaping import visible
from readouts.publish.site import address
from readouts.publish.site.changes import versions
from readouts.publish.site.labels import dated
from readouts.publish.site.page import Asset, Page
from readouts.publish.site.search_index import Entry, index_files
from readouts.publish.words import predicate_text, topic_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.data import World

__all__ = ["entries", "pages"]

_OTHERS = frozenset({"account", "article", "release", "statement", "table"})
"""What results are called that are no events; an event of a kind that is called so too says that it is an event."""
_LONGEST = 400
"""Characters of a title or a note that a result shows."""


def entries(world: World) -> list[Entry]:
    """Return all that can be found, what is asked for most first.

    Examples
    --------
    >>> import readouts
    >>> from readouts.publish.site.data import open_world
    >>> found = entries(open_world(readouts.load()))
    >>> found[-1].kind
    'statement'
    """
    return [
        *_entities(world),
        *_events(world),
        *_accounts(world),
        *_articles(world),
        *_tables(world),
        *_releases(world),
        *_statements(world),
    ]


def _joined(*parts: str | None) -> str:
    return " · ".join(visible(part, _LONGEST) for part in parts if part)


def _entities(world: World) -> Iterator[Entry]:
    """Yield the entities, the most quoted and named first: of two that are called alike, that one is meant."""

    def weight(name: str) -> int:
        return len(world.of("attributions", "entity_id", name)) + world.naming(name).total()

    for name in sorted(world.entities, key=lambda name: (-weight(name), name)):
        row = world.entities[name]
        aliases = [alias for alias in (row.get("aliases") or "").split("|") if alias]
        title = row["name"] or name
        yield Entry(
            row["kind"] or "entity",
            visible(title, _LONGEST),
            _joined(row.get("description"), f"also {', '.join(aliases)}" if aliases else None),
            address.place("entities", name),
            (title, *aliases),
            f"{row.get('description') or ''} {name} {row['kind'] or ''} "
            f"{_predicates(world.of('relations', 'subject_id', name))}",
        )


def _predicates(rows: Iterable[Row]) -> str:
    """Return what relations say that somebody does, each once."""
    return " ".join(sorted({predicate_text(row["predicate"]) for row in rows}))


def _events(world: World) -> Iterator[Entry]:
    for name, row in world.events.items():
        title = row["title"] or name
        date, kind = dated(row["date"], row["date_precision"]), row["kind"] or "event"
        yield Entry(
            f"event: {kind}" if kind in _OTHERS else kind,
            visible(title, _LONGEST),
            _joined(date),
            address.place("events", name),
            (title,),
            f"{name} {kind} event {world.name(row['place_id'])} {row['date'] or ''} {date}",
        )


def _accounts(world: World) -> Iterator[Entry]:
    for name, row in world.by_id("accounts").items():
        event = world.events.get(row["event_id"] or "")
        if event is not None:
            title = f"{world.name(row['issuer_id'])}: {row['kind'] or 'account'}"
            about, issued = event["title"] or row["event_id"] or "", dated(row["issued_on"])
            yield Entry(
                "account",
                visible(title, _LONGEST),
                _joined(about, f"issued {issued}" if issued else None),
                world.place_of("accounts", name) or "",
                (title,),
                f"account {about} {name} {row['issued_on'] or ''} {issued}",
            )


def _articles(world: World) -> Iterator[Entry]:
    for name, row in world.articles.items():
        title, published = row["title"] or name, dated(row["published_on"])
        yield Entry(
            "article",
            visible(title, _LONGEST),
            _joined(world.name(row["outlet_id"]), published),
            address.place("articles", name),
            (title,),
            f"{name} {world.name(row['outlet_id'])} {row['published_on'] or ''} {published}",
        )


def _tables(world: World) -> Iterator[Entry]:
    for name, resource in world.package.resources.items():
        schema = resource.get("schema")
        if isinstance(schema, dict):
            description = str(schema.get("description") or "")
            columns = " ".join(str(field.get("name", "")) for field in schema["fields"])
            title = str(schema.get("title") or name)
            yield Entry(
                "table",
                visible(title, _LONGEST),
                visible(description, _LONGEST),
                address.place("tables", name),
                (title, name),
                f"{description} {columns}",
            )


def _releases(world: World) -> Iterator[Entry]:
    for version in reversed(versions(world)):
        release = world.releases.get(version)
        published = dated(release.released) if release is not None else ""
        title = f"Release {version}"
        yield Entry(
            "release",
            visible(title, _LONGEST),
            _joined(f"published {published}" if published else None),
            address.place("releases", version),
            (title,),
            f"version what changed {published} {release.released if release is not None else ''}",
        )


def _statements(world: World) -> Iterator[Entry]:
    for name, voice in world.voices.items():
        event = world.events.get(world.statements[name]["event_id"] or "", {})
        yield Entry(
            "statement",
            visible(voice.summary or name, _LONGEST),
            _joined(
                voice.chain,
                voice.outlet,
                topic_name(voice.topic),
                dated(event.get("date"), event.get("date_precision")),
            ),
            address.place("statements", name),
            (),
            f"{voice.summary} {voice.chain} {voice.outlet} {topic_name(voice.topic)} {voice.act} {name} "
            f"{_predicates(world.of('relations', 'statement_id', name))} {_rationales(world, name)}",
        )


def _rationales(world: World, name: str) -> str:
    """Return why a statement compares with others as it does: of the rows that it stands first in."""
    return " ".join(row["rationale"] or "" for row in world.of("alignments", "statement_a", name))


def pages(world: World) -> Iterator[Page | Asset]:
    """Yield the search page and the files of its index."""
    found = entries(world)
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
