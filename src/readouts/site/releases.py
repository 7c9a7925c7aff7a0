"""The releases: what each one changed, as `readouts diff` tells it, and what became of ids."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from readouts.difference import Side
from readouts.site import address
from readouts.site.page import Asset, Page
from readouts.site.paging import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.difference import Difference
    from readouts.package.reading import Package, Row
    from readouts.site.world import World

__all__ = ["Told", "changes_place", "pages", "previous", "told"]

_SAMPLES = (1000, 200, 50, 10, 0)
"""How many rows and cells of each table the page of a difference shows: as many as fit into it."""
_COMPARED = 5
"""So many releases, the latest ones, are compared with the one before."""


@dataclass(frozen=True, slots=True)
class Told:
    """A difference in a few lines.

    Attributes
    ----------
    before
        Version of the release before.
    verdict
        Which version the changes need.
    totals
        Rows gone, cells changed and rows new, over all tables.
    tables
        Each table that differs, and what changed in it.
    same
        The tables in which no row differs.
    reasons
        What raises the version, and how far, the most first.
    """

    before: str
    verdict: str
    totals: tuple[tuple[str, str], ...]
    tables: tuple[tuple[str, str], ...]
    same: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def previous(version: str, known: Sequence[str]) -> str | None:
    """Return the release before a version: the highest one below it.

    Examples
    --------
    >>> previous("1.1.0", ["1.0.0", "0.9.0", "1.1.0", "1.10.0"]), previous("0.9.0", ["1.0.0"])
    ('1.0.0', None)
    """
    earlier = [other for other in known if _order(other) < _order(version)]
    return max(earlier, key=_order, default=None)


def changes_place(version: str) -> str:
    """Return where the whole difference of a release to the one before lies.

    Examples
    --------
    >>> changes_place("1.1.0")
    'releases/1.1.0--changes.html'
    """
    return address.place("releases", version).replace(".html", "--changes.html")


def told(difference: Difference) -> Told:
    """Return a difference in a few lines, in the words of its other forms."""
    from readouts.render.difference_parts import counts, differing, same_tables, verdict
    from readouts.render.difference_words import sentence

    return Told(
        difference.old.version,
        verdict(difference),
        _totals(difference),
        tuple((table.name, counts(table)) for table in differing(difference)),
        tuple(same_tables(difference)),
        tuple((reason.level.word, sentence(reason)) for reason in difference.bump.reasons[:10]),
    )


def _totals(difference: Difference) -> tuple[tuple[str, str], ...]:
    # A derived table only repeats what others say: its rows would count twice.
    tables = [table for table in difference.tables if not table.derived]
    numbers = (
        ("Rows gone", sum(table.rows_removed for table in tables)),
        ("Cells changed", sum(table.cells_changed for table in tables)),
        ("Rows new", sum(table.rows_added for table in tables)),
    )
    return tuple((name, f"{number:,}") for name, number in numbers)


def _rendered(difference: Difference) -> bytes:
    """Return the page of a difference, with as many samples as a page may have."""
    from readouts.render.differences import render

    for most in _SAMPLES:
        tables = tuple(
            replace(table, added=table.added[:most], removed=table.removed[:most], cells=table.cells[:most])
            for table in difference.tables
        )
        data = render(replace(difference, tables=tables), "html").encode("utf-8", "backslashreplace")
        if len(data) <= LARGEST:
            break
    return data


def _compared(old: Package, new: Package, versions: tuple[str, str]) -> Difference:
    from readouts.diff.compare import compare

    sides = Side(versions[0], old.name, versions[0]), Side(versions[1], new.name, versions[1])
    return compare(old, new, sides=sides, limit=_SAMPLES[0])


def _differences(world: World, versions: Sequence[str]) -> Iterator[tuple[str, Difference]]:
    """Yield each of the latest versions with what changed since the one before, as far as their archives are here."""
    from contextlib import ExitStack

    from readouts.diff.sides import opened, released

    archives = released(world.package.root)
    for version in versions[-_COMPARED:]:
        before = previous(version, list(archives))
        if before is None or (version != world.corpus.version and version not in archives):
            continue
        with ExitStack() as stack:
            _, old = stack.enter_context(opened(str(archives[before])))
            if version == world.corpus.version:
                new = world.package
            else:
                _, new = stack.enter_context(opened(str(archives[version])))
            yield version, _compared(old, new, (before, version))


def pages(world: World) -> Iterator[Page | Asset]:
    """Yield the list of releases, a page for each, and what each changed."""
    own = world.corpus.version
    lineage = _lineage(world)
    # An id may have changed with a release that doesn't lie here.
    named = {*world.releases, *lineage, own} - {"", "unreleased"}
    versions = sorted(named, key=lambda version: (_order(version), version))
    found: dict[str, Told] = {}
    for version, difference in _differences(world, versions):
        found[version] = told(difference)
        yield Asset(changes_place(version), _rendered(difference))
    for version in versions:
        yield Page(
            address.place("releases", version),
            "release.html",
            {
                "title": f"Release {version}",
                "description": f"What release {version} changed.",
                "section": "releases",
                "trail": (("Releases", address.listing("releases")),),
                "version": version,
                "release": world.releases.get(version),
                "own": version == own,
                "told": found.get(version),
                "first": previous(version, list(world.releases)) is None,
                "changes": changes_place(version),
                "lineage": lineage.get(version, ()),
            },
        )
    yield Page(
        address.listing("releases"),
        "releases.html",
        {
            "title": "Releases",
            "description": "The releases of the corpus, and what each changed.",
            "section": "releases",
            "own": own,
            "releases": [
                (version, world.releases.get(version), found.get(version), len(lineage.get(version, ())))
                for version in reversed(versions)
            ],
            "beside": bool(world.releases),
            "unreleased": lineage.get("unreleased", ()),
        },
    )


def _lineage(world: World) -> Mapping[str, Sequence[tuple[Row, str | None]]]:
    """Return the rows of `id_changes` by version, each with where its new id is shown."""
    found: dict[str, list[tuple[Row, str | None]]] = {}
    for row in world.rows("id_changes"):
        place = world.place_of(row["table"] or "", row["new_id"]) if row["new_id"] else None
        found.setdefault(row["version"] or "", []).append((row, place))
    return found
