"""Comparing two packages in canonical form in one pass, in little memory whatever their size.

Nothing is imported here that takes much memory by itself. Parts that need both sides at once are left out, and
the result lists them: references, renames that the content suggests, and pairing through `id_changes`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.datapackage.difference.content_changes import content_changes, distinct_resources
from readouts.datapackage.difference.descriptor_changes import package_changes, resource_changes, schema_changes
from readouts.datapackage.difference.lineage import (
    CHANGES,
    declared_lineage,
    has_ids,
    lineage_table,
    undeclared_removals,
)
from readouts.datapackage.difference.result import Change, Match, PackageDiffData, TableDiff
from readouts.datapackage.difference.sorted_merge import compare_stream, count_rows
from readouts.datapackage.difference.version_bump import bump
from readouts.datapackage.table.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Collection

    from readouts.datapackage.difference.result import Lineage
    from readouts.datapackage.package.package import DataPackage, PackageVersion
    from readouts.datapackage.table.resource import Resource

__all__ = ["compare_in_stream"]

_NOTE = (
    "Read in one pass: references were not followed, so that the version may have to be greater, and renames are not "
    "suggested."
)
_OF_LINEAGE = f"A row that {CHANGES} calls renamed counts as one that went and one that came."


def _resources(package: DataPackage, side: str) -> dict[str, Resource]:
    """Return the resources of a package by name, each table in canonical form as far as its descriptor tells."""
    resources = distinct_resources(package, side)
    for name, resource in resources.items():
        problem = None if resource.table is None else resource.unusual_form
        if problem is not None:
            message = (
                f"The {side} table '{name}' is not in canonical form: {resource.files[0] if resource.files else 'it'} "
                f"{problem}. Run `readouts canonicalise`, or compare without `--stream`."
            )
            raise TableError(message)
    return resources


def compare_in_stream(
    old: DataPackage,
    new: DataPackage,
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
    TableError
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
    lineage = declared_lineage(_rows(after), _rows(before), known)
    changes = list(package_changes(old.descriptor, new.descriptor))
    found: list[TableDiff] = []
    has_lineage = any(lineage_table(each) is not None for each in (before, after))
    notes = [f"{_NOTE} {_OF_LINEAGE}" if has_lineage else _NOTE]
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            changes.append(_one_side(name, was, now))
            found += (replace(each, derived=name in derived) for each in _alone(was, now))
            continue
        changes += resource_changes(was.descriptor, now.descriptor)
        if was.table is None or now.table is None:
            if (was.table is None) != (now.table is None):
                message = f"'{name}' is a table on one side only: compare without `--stream`."
                raise TableError(message)
            changes += content_changes(was, now, notes)
            continue
        changes += schema_changes(was.table, now.table)
        found.append(_compared(was, now, limit, derived=name in derived))
    lost = {table.name: gone for table in found if (gone := _lost(table, lineage))}
    told = Counter(entry.table for entry in {(entry.table, entry.old): entry for entry in lineage}.values())
    counts = {table.name: table.rows_removed - told[table.name] for table in found if table.has_ids}
    # A reference that points to nothing now would need more: it is unknown whether the version is enough.
    verdict = bump((old.version, new.version), changes, found, lineage, lost, [], counts)
    return PackageDiffData(
        *sides,
        changes=tuple(changes),
        tables=tuple(found),
        lineage=tuple(lineage),
        vanished=lost,
        has_lineage=has_lineage,
        bump=replace(verdict, enough=verdict.enough and None),
        notes=tuple(notes),
    )


def _rows(resources: dict[str, Resource]) -> list[dict[str, str]]:
    """Return the rows of the table of lineage, where there is one."""
    resource = lineage_table(resources)
    if resource is None:
        return []
    rows = resource.rows()
    return [dict(zip(rows.schema.field_names, [cell or "" for cell in cells], strict=True)) for cells in rows.cells()]


def _one_side(name: str, was: Resource | None, now: Resource | None) -> Change:
    if now is not None:
        return Change("resource-added", name, what="resources", new=now.descriptor.get("path"))
    return Change("resource-removed", name, what="resources", old=None if was is None else was.descriptor.get("path"))


def _alone(was: Resource | None, now: Resource | None) -> list[TableDiff]:
    """Return the table that is on one side only, counted."""
    only = now or was
    if only is None or only.table is None:
        return []
    rows = count_rows(only.paths[0], only.table, "new" if was is None else "old")
    if was is None:
        return [TableDiff(only.table.name, Match.NONE, status="added", rows_new=rows, rows_added=rows)]
    return [TableDiff(only.table.name, Match.NONE, status="removed", rows_old=rows, rows_removed=rows)]


def _compared(was: Resource, now: Resource, limit: int | None, *, derived: bool) -> TableDiff:
    old, new = was.require_readable(), now.require_readable()
    found = compare_stream(was.paths[0], now.paths[0], old, new, limit)
    return replace(found, derived=derived, has_ids=not derived and has_ids(new))


def _lost(table: TableDiff, lineage: list[Lineage]) -> tuple[tuple[str, ...], ...]:
    """Return the ids among the rows shown that are gone silently."""
    return tuple(undeclared_removals([row.key for row in table.removed], lineage, table.name)) if table.has_ids else ()
