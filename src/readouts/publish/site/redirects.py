"""Pages for ids of the past: what was renamed or merged leads on, what was split or removed says so."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from readouts.datapackage.words import joined, singular
from readouts.publish.site import address
from readouts.publish.site.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.data import World

__all__ = ["followed", "former", "pages"]

MOVED = ("events", "statements", "entities", "articles")
"""The tables whose rows have pages."""


def followed(name: str, changes: Mapping[str, Sequence[Row]], known: Mapping[str, Row]) -> list[str]:
    """Return the ids of today that an id of the past became, change after change; none if it was removed.

    Parameters
    ----------
    name
        The id of the past.
    changes
        Rows of `id_changes` of one table, by old id.
    known
        The rows that are there today, by id.

    Examples
    --------
    >>> changes = {"a": [{"new_id": "b"}], "b": [{"new_id": "c"}, {"new_id": "d"}], "e": [{"new_id": None}]}
    >>> followed("a", changes, {"c": {}, "d": {}}), followed("e", changes, {})
    (['c', 'd'], [])
    """
    found, seen, waiting = [], {name}, [name]
    while waiting:
        for row in changes.get(waiting.pop(0), ()):
            new = row["new_id"]
            if new is None or new in seen:
                continue
            seen.add(new)
            if new in known:
                found.append(new)
            else:
                waiting.append(new)
    return found


def former(world: World, table: str) -> Mapping[str, Sequence[str]]:
    """Return the ids that rows of a table had in the past, by the id of today: a link to one of them still finds it.

    Parameters
    ----------
    world
        The release.
    table
        A table whose rows have places on the pages of others: `accounts` or `alignments`.
    """
    changes: dict[str, list[Row]] = defaultdict(list)
    for row in world.rows("id_changes"):
        if row["table"] == table:
            changes[row["old_id"] or ""].append(row)
    known = world.by_id(table)
    found: dict[str, list[str]] = defaultdict(list)
    for name in changes.keys() - known.keys():
        became = followed(name, changes, known)
        # Of several, none is what was meant.
        if len(became) == 1:
            found[became[0]].append(name)
    return {name: sorted(olds) for name, olds in found.items()}


def pages(world: World) -> Iterator[Page]:
    """Yield a page for each id that once had one and has none today."""
    changes: dict[str, dict[str, list[Row]]] = {table: defaultdict(list) for table in MOVED}
    for row in world.rows("id_changes"):
        if row["table"] in changes:
            changes[row["table"]][row["old_id"] or ""].append(row)
    for table, by_id in changes.items():
        known = world.by_id(table)
        for name, rows in by_id.items():
            if name in known:
                continue
            targets = [(new, address.place(table, new)) for new in followed(name, by_id, known)]
            alone = targets[0][1] if len(targets) == 1 else None
            yield Page(
                address.place(table, name),
                "moved.html",
                {
                    "title": f"{name} has moved" if targets else f"{name} was removed",
                    "description": _described(table, name, rows, [new for new, _ in targets]),
                    "section": table,
                    "name": name,
                    "rows": rows,
                    "targets": targets,
                    "redirect": alone,
                    "scripts": (address.asset("moved.js"),) if alone else (),
                },
            )


def _described(table: str, name: str, rows: Sequence[Row], targets: Sequence[str]) -> str:
    """Return what became of an id, and why: what a preview of a link shows."""
    what = singular(table)
    row = rows[0]
    when = f"with release {row['version']}" if row["version"] != "unreleased" else "since the last release"
    became = f"is now {joined(list(targets))}: {row['operation'] or 'changed'}" if targets else "was removed"
    return f"The {what} {name} {became} {when}. {row['reason'] or ''}".rstrip()
