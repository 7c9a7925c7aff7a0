"""Pages for ids of the past: what was renamed or merged leads on, what was split or removed says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.words import joined, singular
from readouts.publish.site import address
from readouts.publish.site.lineage import id_changes, successors
from readouts.publish.site.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.context import SiteContext

__all__ = ["pages"]

MOVED = ("events", "statements", "entities", "articles")
"""The tables whose rows have pages."""


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield a page for each id that once had one and has none today."""
    for table in MOVED:
        known, changes = site.data.by_id(table), id_changes(site.data, table)
        for name, rows in changes.items():
            if name in known:
                continue
            targets = [(new, address.place(table, new)) for new in successors(name, changes, known)]
            alone = targets[0][1] if len(targets) == 1 else None
            yield Page(
                address.place(table, name),
                "moved.html",
                {
                    "title": f"{name} has moved" if targets else f"{name} was removed",
                    "description": _preview(table, name, rows, [new for new, _ in targets]),
                    "section": table,
                    "name": name,
                    "rows": rows,
                    "targets": targets,
                    "redirect": alone,
                    "scripts": (address.asset("moved.js"),) if alone else (),
                },
            )


def _preview(table: str, name: str, rows: Sequence[Row], targets: Sequence[str]) -> str:
    """Return what became of an id, and why: what a preview of a link shows."""
    what = singular(table)
    row = rows[0]
    when = f"with release {row['version']}" if row["version"] != "unreleased" else "since the last release"
    became = f"is now {joined(list(targets))}: {row['operation'] or 'changed'}" if targets else "was removed"
    return f"The {what} {name} {became} {when}. {row['reason'] or ''}".rstrip()
