"""The front page: what the corpus is, its events in time, what is in it, what is new, and where to get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.datapackage.package.package import DESCRIPTOR
from readouts.loaders.released import UNRELEASED
from readouts.publish.site import address
from readouts.publish.site.changes import order
from readouts.publish.site.drawings import balance, timeline
from readouts.publish.site.labels import date_text
from readouts.publish.site.page import Page
from readouts.publish.site.releases import changes_place, heading
from readouts.publish.site.statement_view import side_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData

__all__ = ["pages"]

COUNTED = ("events", "accounts", "articles", "statements", "entities", "relations")
FEATURED = 6
"""How many events with accounts are shown at the front; the list has all."""

_IDS = 8
"""Ids that changed with the release, listed on the front page."""


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the front page."""
    data = site.data
    told = [
        name
        for name, row in sorted(data.events.items(), key=lambda entry: (entry[1]["date"] or "", entry[0]))
        if data.of("accounts", "event_id", name)
    ]
    descriptor = data.package.descriptor
    yield Page(
        address.HOME,
        "front.html",
        {
            "title": str(descriptor.get("title") or data.corpus.name),
            "timeline": timeline(data),
            "counts": [(name, data.count(name)) for name in COUNTED if data.count(name)],
            "featured": [_featured(data, name) for name in told[:FEATURED]],
            "with_accounts": len(told),
            "created": date_text(str(descriptor.get("created", ""))[:10]),
            **_release(site),
            "tables": [
                {
                    "name": name,
                    "title": str(resource.descriptor.get("title") or name),
                    "description": str(resource.descriptor.get("description") or ""),
                    "path": address.download(str(resource.descriptor["path"])),
                    "rows": data.count(name),
                    "bytes": resource.descriptor.get("bytes"),
                }
                for name, resource in data.package.resources.items()
            ],
            "descriptor_path": address.download(DESCRIPTOR),
        },
    )


def _release(site: SiteContext) -> dict[str, Any]:
    """Return the releases for the front page, and what this one changed."""
    data = site.data
    own = data.corpus.version
    told = site.changes.get(own)
    ids = [row for row in data.rows("id_changes") if row["version"] in {own, "unreleased"}]
    return {
        # A version that isn't released yet has a page too.
        "own": "" if own == "unreleased" else own,
        "heading": heading(own).lower(),
        "released": not own.endswith(UNRELEASED),
        "told": told,
        "before": told is not None and told.before in data.releases,
        "changes": changes_place(own),
        "tables_told": told.tables[:FEATURED] if told is not None else (),
        "ids": ids[:_IDS],
        "more_ids": max(len(ids) - _IDS, 0),
        "releases": [
            (release.version, date_text(release.released))
            for release in sorted(data.releases.values(), key=lambda release: order(release.version), reverse=True)
        ],
    }


def _featured(data: SiteData, name: str) -> dict[str, Any]:
    row, comparison = data.events[name], data.comparisons[name]
    counts, names = comparison.counts, side_names(comparison)
    # Contradictions come first: they tell most.
    opposed = next((pair for pair in comparison.pairs if pair.group != "partly"), None)
    return {
        "name": name,
        "title": row["title"] or name,
        "date": date_text(row["date"], row["date_precision"]),
        "names": names,
        "counts": counts,
        "balance": balance(counts, names),
        "articles": len({voice["article_id"] for voice in data.event_statements(name)}),
        "example": (
            (opposed.first.of("a")[0].summary, opposed.second.of("b")[0].summary, opposed.relation)
            if opposed is not None
            else None
        ),
    }
