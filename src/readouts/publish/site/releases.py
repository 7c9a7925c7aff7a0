"""The releases: what each one changed, as `readouts diff` tells it, and what became of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.loaders.released import UNRELEASED
from readouts.publish.site import address
from readouts.publish.site.changes import previous, versions
from readouts.publish.site.labels import date_text
from readouts.publish.site.page import Asset, Page, list_page, page_of
from readouts.publish.site.pagination import encoded_length, paginate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.changes import ReleaseChanges
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.data import SiteData

    Change = tuple[Row, str | None]

__all__ = ["changes_place", "heading", "pages"]

_UNRELEASED = 200
"""So many ids that changed since the last release are listed next to the releases; their table has all."""
_STYLE = "difference.css"


def changes_place(version: str) -> str:
    """Return where the whole difference of a release to the one before lies.

    Examples
    --------
    >>> changes_place("1.1.0")
    'releases/1.1.0--changes.html'
    """
    return address.place("releases", version).replace(".html", "--changes.html")


def heading(version: str) -> str:
    """Return what a version is called: data that differ from the release of that version are not a release.

    Examples
    --------
    >>> heading("1.1.0"), heading("1.1.0+unreleased")
    ('Release 1.1.0', 'Version 1.1.0+unreleased')
    """
    return f"{'Version' if version.endswith(UNRELEASED) else 'Release'} {version}"


def pages(site: SiteContext) -> Iterator[Page | Asset]:
    """Yield the list of releases, a page for each, and what each changed."""
    lineage, known = _lineage(site), versions(site.data)
    if site.changes:
        from readouts.datapackage.render.difference.html import inside_style

        yield Asset(address.asset(_STYLE), inside_style().encode())
    for version, difference in site.changes.items():
        yield _changes(version, difference)
    for version in known:
        yield from _release(site, version, lineage.get(_brought_by(version), ()))
    data, changes = site.data, site.changes
    unreleased = paginate(lineage.get("unreleased", ()), _weight, most=_UNRELEASED)[0]
    moved = {version: len(lineage.get(_brought_by(version), ())) for version in [*known, "unreleased"]}
    values = {
        "own": data.corpus.version,
        "releases": [
            (
                version,
                heading(version),
                data.releases.get(version),
                _published(data, version),
                changes.get(version),
                moved[version],
            )
            for version in reversed(known)
        ],
        "beside": bool(data.releases),
        "unreleased": unreleased.items,
        "more": moved["unreleased"] - unreleased.length,
    }
    yield list_page("releases", unreleased, "The releases of the corpus, and what each changed.", values)


def _changes(version: str, changes: ReleaseChanges) -> Page:
    """Return the page of all that a release changed."""
    from markupsafe import Markup

    return Page(
        changes_place(version),
        "changes.html",
        {
            "title": f"What {heading(version).lower()} changed",
            "description": f"{changes.title}, change by change: {changes.words}.",
            "section": "releases",
            "trail": (
                ("Releases", address.listing("releases")),
                (heading(version), address.place("releases", version)),
            ),
            "compared": changes.title,
            "style": address.asset(_STYLE),
            # A template of ours, in which everything was escaped.
            "whole": Markup(changes.html),  # noqa: S704
        },
    )


def _release(site: SiteContext, version: str, lineage: Sequence[Change]) -> Iterator[Page]:
    changes, published = site.changes.get(version), _published(site.data, version)
    when = f", published {published}" if published else ""
    changed = f" Since {changes.before}: {changes.words}." if changes is not None else ""
    values = {
        "description": f"{heading(version)}{when}.{changed}",
        "version": version,
        "release": site.data.releases.get(version),
        "published": published,
        "own": version == site.data.corpus.version,
        "told": changes,
        "first": previous(version, list(site.data.releases)) is None,
        "changes": changes_place(version),
    }
    for leaf in paginate(lineage, _weight):
        yield page_of("releases", version, leaf, heading(version), values)


def _brought_by(version: str) -> str:
    """Return the `version` of the rows of `id_changes` that a version brought."""
    return "unreleased" if version.endswith(UNRELEASED) else version


def _published(data: SiteData, version: str) -> str:
    """Return the day of a release as text; nothing if it doesn't lie here."""
    release = data.releases.get(version)
    return date_text(release.released) if release is not None else ""


def _lineage(site: SiteContext) -> Mapping[str, Sequence[Change]]:
    """Return the rows of `id_changes` by version, each with where its new id is shown."""
    found: dict[str, list[Change]] = {}
    for row in site.data.rows("id_changes"):
        place = site.place_of(row["table"] or "", row["new_id"]) if row["new_id"] else None
        found.setdefault(row["version"] or "", []).append((row, place))
    return found


def _weight(change: Change) -> int:
    """Return about how many bytes a row of `id_changes` takes on a page."""
    row, place = change
    texts = (row["table"], row["old_id"], row["operation"], row["new_id"], row["reason"], place)
    return 160 + 2 * encoded_length(*texts)
