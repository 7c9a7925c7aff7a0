"""The pages of events: what the accounts contest, how they word it, then topic by topic; and their data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.analysis.claims import GROUPS
from readouts.datapackage.words import counted
from readouts.publish.render.comparison import FORMATS
from readouts.publish.site import address
from readouts.publish.site.drawings import balance
from readouts.publish.site.event_view import (
    CONTESTED,
    PAIRED,
    WORDING_SECTION,
    Line,
    WordingView,
    lines,
    ranks,
    wordings,
)
from readouts.publish.site.labels import date_text, relation_rows, relation_weight
from readouts.publish.site.page import Asset, Page, list_page, page_of
from readouts.publish.site.pagination import encoded_length, paginate
from readouts.publish.site.statement_view import parties, side_names
from readouts.publish.words import language_name, topic_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from readouts.analysis.comparison import Comparison
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData
    from readouts.publish.site.pagination import PageSlice
    from readouts.publish.site.statement_view import StatementView

    Entry = Line | WordingView | dict[str, Any]

__all__ = ["pages"]

_RELATIONS = ("relations", "Who did what to whom")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that statements can be filtered by, on how many it holds, and on which pages of the event they are."""

    value: str
    words: str
    count: int
    pages: tuple[int, ...]


_FILTERS = {"group": "Group", "topic": "Topic", "side": "Side", "outlet": "Outlet", "certainty": "Certainty"}
"""What the statements of an event can be filtered by; groups by the bar at the top of the page."""


def _choices(
    places: dict[str, tuple[StatementView, set[int]]], names: dict[str, str], groups: dict[str, str]
) -> list[tuple[str, str, list[Choice]]]:
    """Return what the statements of an event can be filtered by: attribute, heading, and the values of it."""
    choices = []
    for attribute, heading in _FILTERS.items():
        order = ranks(attribute)
        held: dict[str, list[set[int]]] = {}
        for said, pages in places.values():
            value = groups[said.id] if attribute == "group" else getattr(said, attribute)
            held.setdefault(value, []).append(pages)
        ordered = sorted(held, key=lambda value: (order.get(value, len(order)), value))
        words = {value: topic_name(value) for value in ordered} if attribute == "topic" else names
        found = [
            Choice(value, words.get(value, value), len(held[value]), tuple(sorted(set().union(*held[value]))))
            for value in ordered
        ]
        choices.append((attribute, heading, found))
    return choices


def _places(found: Sequence[PageSlice[Any]]) -> dict[str, tuple[StatementView, set[int]]]:
    """Return each statement of an event with the pages that it is on."""
    places: dict[str, tuple[StatementView, set[int]]] = {}
    for leaf in found:
        for entry in leaf.items:
            for said in entry.statements() if isinstance(entry, Line) else ():
                places.setdefault(said.id, (said, set()))[1].add(leaf.number)
    return places


def _accounts(site: SiteContext, event: str) -> list[dict[str, Any]]:
    data = site.data
    accounts = [(row["account_id"] or "", row) for row in data.of("accounts", "event_id", event)]
    return [
        {
            "row": row,
            "issued": date_text(row["issued_on"]),
            "language": language_name(row["original_language"]) if row["original_language"] else "",
            "fragment": address.fragment(name),
            "former": site.former_accounts.get(name, ()),
            "issuer": (data.name(row["issuer_id"]), row["issuer_id"]),
            "carriages": [(each, data.outlet(each["article_id"])) for each in data.of("carriages", "account_id", name)],
        }
        for name, row in sorted(accounts, key=lambda account: (account[1]["side"] or "", account[0]))
    ]


def pages(site: SiteContext) -> Iterator[Page | Asset]:
    """Yield the pages and the data of every event, and the list of events."""
    for name, comparison in site.data.comparisons.items():
        yield from _event(site, name, comparison)
        for form in _FORMATS:
            yield Asset(address.data("events", name, form), FORMATS[form](comparison).encode("utf-8"))
    yield from _list(site.data)


_FORMATS = ("csv", "json")
"""The formats of `readouts compare` that lie next to the page of an event."""


def _event(site: SiteContext, name: str, comparison: Comparison) -> Iterator[Page]:
    data = site.data
    row = data.events[name]
    names = side_names(comparison)
    counts, date = comparison.counts, date_text(row["date"], row["date_precision"])
    place = row["place_id"]
    groups = {voice.statement_id: claim.group for claim in comparison.claims for voice in claim.voices}
    entries: list[Entry] = [*lines(site, comparison)]
    first_topic = next((number for number, line in enumerate(entries) if _key(line)[0] not in CONTESTED), len(entries))
    entries[first_topic:first_topic] = wordings(site, comparison)
    entries += relation_rows(data, data.of("relations", "event_id", name))
    found = paginate(entries, lambda entry: relation_weight(entry) if isinstance(entry, dict) else entry.weight)
    places = _places(found)
    shared: dict[str, Any] = {
        "description": _description(names, counts, date),
        "row": row,
        "name": name,
        "date": date,
        "place": (data.name(place), place) if place in data.entities else None,
        "parent": data.events.get(row["parent_event_id"] or ""),
        "names": names,
        "parties": parties(comparison),
        "told": [side.key for side in comparison.sides if side.accounts or counts[f"only_{side.key}"]],
        "counts": counts,
        "total": sum(counts.values()),
        "groups": groups,
        "bar": balance(counts, names),
        "first_of": _first_of(found, groups),
        "choices": _choices(places, names, groups),
        "index": _index(found),
        "first_page": {statement: min(pages) for statement, (_, pages) in places.items()},
        "across": site.across.of_event(name),
        "forms": [(form.upper(), address.data("events", name, form)) for form in _FORMATS],
        "scripts": [address.asset(script) for script in ("filters.js", "index.js", "copy.js")],
    }
    participants = [
        (data.name(each["entity_id"]), each["entity_id"], each["role"] or "", each["side"] or "third")
        for each in data.of("participants", "event_id", name)
    ]
    for leaf in found:
        first = leaf.number == 1
        values = {
            **shared,
            **_sections(leaf),
            "participants": participants if first else [],
            "accounts": _accounts(site, name) if first else [],
        }
        yield page_of("events", name, leaf, row["title"] or name, values)


def _key(entry: Entry) -> tuple[str, str]:
    return _RELATIONS if isinstance(entry, dict) else entry.section


def _sections(leaf: PageSlice[Entry]) -> dict[str, Any]:
    """Return the entries of a page by what they are under: each section with what is compared, and what is alone."""
    sections: dict[tuple[str, str], list[Any]] = {}
    for entry in leaf.items:
        sections.setdefault(_key(entry), []).append(entry)
    shown = {"wording": sections.pop(WORDING_SECTION, []), "relations": sections.pop(_RELATIONS, [])}
    parts: dict[str, list[Any]] = {"contested": [], "topics": []}
    for (place, words), found in sections.items():
        compared = [line for line in found if line.kind == "both" or line.kind in PAIRED]
        alone = [line for line in found if line.kind != "both" and line.kind not in PAIRED]
        parts["contested" if place in CONTESTED else "topics"].append((place, words, compared, alone))
    return {**shown, **parts}


def _index(found: Sequence[PageSlice[Entry]]) -> list[tuple[str, str, int]]:
    """Return what the pages of an event have: id and heading of each section, and the page that it begins on."""
    index: dict[tuple[str, str], int] = {}
    for leaf in found:
        for entry in leaf.items:
            index.setdefault(_key(entry), leaf.number)
    return [(place, words, number) for (place, words), number in index.items()]


def _first_of(found: Sequence[PageSlice[Entry]], groups: dict[str, str]) -> list[tuple[str, int, str]]:
    """Return each group of claims that an event has, with the page and the place of the first statement of it."""
    first: dict[str, tuple[int, str]] = {}
    for leaf in found:
        for entry in leaf.items:
            for said in entry.statements() if isinstance(entry, Line) else ():
                first.setdefault(groups[said.id], (leaf.number, said.fragment))
    return [(group, *first[group]) for group in GROUPS if group in first]


def _description(names: dict[str, str], counts: dict[str, int], date: str) -> str:
    if not any(counts.values()):
        return date
    return (
        f"{date}. What {names['a']} and {names['b']} both say ({counts['both']}), what is contradicted "
        f"({counts['contradicted']}) or in tension ({counts['in_tension']}), and what only one side says "
        f"({counts['only_a'] + counts['only_b']})."
    )


def _list(data: SiteData) -> Iterator[Page]:
    entries = sorted(data.events.items(), key=lambda entry: (not entry[1]["date"], entry[1]["date"] or "", entry[0]))
    undated = "" if all(row["date"] for _, row in entries) else ", undated ones last"
    found = paginate(entries, lambda entry: 900 + 2 * encoded_length(entry[1]["title"]), budget=120_000)
    for leaf in found:
        shown = [
            {
                "name": name,
                "title": row["title"] or name,
                "kind": row["kind"] or "",
                "date": date_text(row["date"], row["date_precision"]),
                "accounts": len(data.of("accounts", "event_id", name)),
                "statements": len(data.event_statements(name)),
                "counts": data.comparisons[name].counts,
            }
            for name, row in leaf.items
        ]
        description = f"{counted(leaf.total, 'event')} of {data.corpus.name}, in the order of time{undated}."
        yield list_page("events", leaf, description, {"events": shown})
