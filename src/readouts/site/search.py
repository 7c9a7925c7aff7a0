"""The search page, and what it finds: entities by all their names, events, articles, tables, statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.charts.reading import topic_name
from readouts.render.safe import visible
from readouts.site import address
from readouts.site.page import Asset, Page
from readouts.site.search_index import Entry, index_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.site.world import World

__all__ = ["entries", "pages"]

_LONGEST = 400
"""Characters of a title or a note that a result shows."""


def entries(world: World) -> list[Entry]:
    """Return all that can be found, what is asked for most first.

    Examples
    --------
    >>> import readouts
    >>> from readouts.site.world import open_world
    >>> found = entries(open_world(readouts.load()))
    >>> found[-1].kind
    'statement'
    """
    return [*_entities(world), *_events(world), *_articles(world), *_tables(world), *_statements(world)]


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
            f"{row.get('description') or ''} {name} {row['kind'] or ''}",
        )


def _events(world: World) -> Iterator[Entry]:
    for name, row in world.events.items():
        title = row["title"] or name
        yield Entry(
            row["kind"] or "event",
            visible(title, _LONGEST),
            _joined(row["date"]),
            address.place("events", name),
            (title,),
            f"{name} {row['kind'] or ''} {world.name(row['place_id'])} {row['date'] or ''}",
        )


def _articles(world: World) -> Iterator[Entry]:
    for name, row in world.articles.items():
        title = row["title"] or name
        yield Entry(
            "article",
            visible(title, _LONGEST),
            _joined(world.name(row["outlet_id"]), row["published_on"]),
            address.place("articles", name),
            (title,),
            f"{name} {world.name(row['outlet_id'])} {row['published_on'] or ''}",
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


def _statements(world: World) -> Iterator[Entry]:
    for name, voice in world.voices.items():
        event = world.events.get(world.statements[name]["event_id"] or "", {})
        yield Entry(
            "statement",
            visible(voice.summary or name, _LONGEST),
            _joined(voice.chain, voice.outlet, topic_name(voice.topic), event.get("date")),
            address.place("statements", name),
            (),
            f"{voice.summary} {voice.chain} {voice.outlet} {topic_name(voice.topic)} {voice.act} {name}",
        )


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
            "description": "Search the names, events, articles, statements and tables of this release.",
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
)
