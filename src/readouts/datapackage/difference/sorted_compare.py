"""Comparing two packages in canonical form in one pass, in little memory whatever their size.

Nothing is imported here that takes much memory by itself. What needs both sides at once is left out and said:
references, renames that the content suggests, and pairing through `id_changes`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from readouts.datapackage.difference.descriptor_changes import package_changes, resource_changes, schema_changes
from readouts.datapackage.difference.lineage import (
    CHANGES,
    LINEAGE_COLUMNS,
    declared_lineage,
    has_ids,
    undeclared_removals,
)
from readouts.datapackage.difference.resource_snapshot import ResourceSnapshot, content_changes, snapshots_of
from readouts.datapackage.difference.result import Change, Match, PackageDiffData, TableDiff
from readouts.datapackage.difference.sorted_merge import compare_stream, count_rows
from readouts.datapackage.difference.version_bump import bump
from readouts.datapackage.package.errors import DiffError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from readouts.datapackage.difference.result import Lineage
    from readouts.datapackage.package.package import Package, PackageVersion

__all__ = ["compare_in_stream"]

_NOTES = (
    "Read in one pass: references were not followed, so that the version may have to be greater; renames are not "
    "suggested, and a row that id_changes calls renamed counts as one that went and one that came.",
)
_PLAIN: dict[str, tuple[Any, ...]] = {
    "encoding": ("utf-8", "utf8"),
    "format": ("csv",),
    "compression": ("", "no"),
    "dialect": ({},),
}
"""What a resource may say of its file, if it says anything."""


def _resources(package: Package, side: str) -> dict[str, ResourceSnapshot]:
    """Return the resources of a package by name, each table in canonical form as far as its descriptor tells."""
    resources = snapshots_of(package, side)
    for name, held in resources.items():
        if held.table is None:
            continue
        written = held.written
        odd = next((what for what, plain in _PLAIN.items() if what in written and written[what] not in plain), None)
        if odd is not None or len(held.paths or ()) != 1:
            what = "one file" if odd is None else f"no '{odd}', or the plain one"
            message = (
                f"The {side} table '{name}' is not in canonical form: expected {what}. "
                "Run `readouts canonicalise`, or compare without `--stream`."
            )
            raise DiffError(message)
    return resources


def _file(held: ResourceSnapshot) -> Path | None:
    """Return the file of a table."""
    return held.paths[0] if held.table is not None and held.paths else None


def compare_in_stream(
    old: Package,
    new: Package,
    *,
    sides: tuple[PackageVersion, PackageVersion],
    limit: int | None = None,
    derived: Collection[str] = (),
) -> PackageDiffData:
    """Compare two packages in canonical form.

    Parameters
    ----------
    old, new
        The packages.
    sides
        How they are called in the result.
    limit
        How many added rows, removed rows and changed cells of each table the result shows; None for all, which takes
        memory.
    derived
        Names of tables that only repeat what others say: their ids are counted in those.

    Returns
    -------
    PackageDiffData
        What `compare` gives of the same packages, but for what its notes say.

    Raises
    ------
    DiffError
        A table is not in canonical form, has no primary key or another one on either side, or is not sorted by it.

    Examples
    --------
    >>> from readouts.datapackage.package.package import PackageVersion, open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> package = open_package(sample_package())
    >>> compare_in_stream(package, package, sides=(PackageVersion("a"), PackageVersion("b"))).same
    True
    """
    before, after = _resources(old, "old"), _resources(new, "new")
    known = {name: each.table for side in (before, after) for name, each in side.items() if each.table is not None}
    lineage = declared_lineage(_rows(new, after), _rows(old, before), known)
    changes = list(package_changes(old.descriptor, new.descriptor))
    found: list[TableDiff] = []
    notes = [*_NOTES]
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            changes.append(_one_side(name, was, now))
            found += _alone(was, now)
            continue
        changes += resource_changes(old.resource(name), new.resource(name))
        if was.table is None or now.table is None:
            if (was.table is None) != (now.table is None):
                message = f"'{name}' is a table on one side only: compare without `--stream`."
                raise DiffError(message)
            changes += content_changes(was, now, notes)
            continue
        changes += schema_changes(was.table, now.table)
        found.append(_compared(was, now, limit, derived=name in derived))
    lost = {table.name: gone for table in found if (gone := _lost(table, lineage))}
    told = Counter(entry.table for entry in {(entry.table, entry.old): entry for entry in lineage}.values())
    counts = {table.name: table.rows_removed - told[table.name] for table in found if table.has_ids}
    # A reference that points to nothing now would need more: whether the version is enough can't be told.
    verdict = bump((old.version, new.version), changes, found, lineage, lost, [], counts)
    return PackageDiffData(
        *sides,
        changes=tuple(changes),
        tables=tuple(found),
        lineage=tuple(lineage),
        vanished=lost,
        bump=replace(verdict, enough=verdict.enough and None),
        notes=tuple(notes),
    )


def _rows(package: Package, resources: dict[str, ResourceSnapshot]) -> list[dict[str, str]]:
    """Return the rows of the table of lineage, where there is one."""
    resource = resources.get(CHANGES)
    if resource is None or resource.table is None or not set(LINEAGE_COLUMNS) <= set(resource.table.field_names):
        return []
    return [{name: cell or "" for name, cell in row.items()} for row in package.rows(CHANGES)]


def _one_side(name: str, was: ResourceSnapshot | None, now: ResourceSnapshot | None) -> Change:
    if now is not None:
        return Change("resource-added", name, what="resources", new=now.written.get("path"))
    return Change("resource-removed", name, what="resources", old=None if was is None else was.written.get("path"))


def _alone(was: ResourceSnapshot | None, now: ResourceSnapshot | None) -> list[TableDiff]:
    """Return the table that is on one side only, counted."""
    only = was if now is None else now
    path = None if only is None else _file(only)
    if only is None or only.table is None or path is None:
        return []
    rows = count_rows(path, only.table, "new" if was is None else "old")
    if was is None:
        return [TableDiff(only.table.name, Match.NONE, status="added", rows_new=rows, rows_added=rows)]
    return [TableDiff(only.table.name, Match.NONE, status="removed", rows_old=rows, rows_removed=rows)]


def _compared(was: ResourceSnapshot, now: ResourceSnapshot, limit: int | None, *, derived: bool) -> TableDiff:
    paths = _file(was), _file(now)
    if was.table is None or now.table is None or paths[0] is None or paths[1] is None:
        message = "expected two tables"
        raise ValueError(message)
    found = compare_stream(paths[0], paths[1], was.table, now.table, limit)
    return replace(found, derived=derived, has_ids=not derived and has_ids(now.table))


def _lost(table: TableDiff, lineage: list[Lineage]) -> tuple[tuple[str, ...], ...]:
    """Return the ids among the rows shown that are gone without a word."""
    return tuple(undeclared_removals([row.key for row in table.removed], lineage, table.name)) if table.has_ids else ()
