"""Comparing two packages table by table, with none of them in memory: in one pass, or as a `TableComparison` does.

Nothing is imported here that takes much memory by itself. Parts that need both sides at once are left out, and
the result lists them: references, renames that the content suggests, and pairing through `id_changes`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

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
    from collections.abc import Collection, Sequence

    from readouts.datapackage.difference.result import Lineage
    from readouts.datapackage.package.package import DataPackage, PackageVersion
    from readouts.datapackage.table.resource import Resource

__all__ = ["TableComparison", "compare_by_table", "compare_in_stream"]

_NOTE = "references were not followed, so that the version may have to be greater, and renames are not suggested."
_OF_LINEAGE = f"A row that {CHANGES} calls renamed counts as one that went and one that came."


class TableComparison(Protocol):
    """A way to compare tables that doesn't hold them in memory.

    Attributes
    ----------
    way, option
        What it is called in a note, as the beginning of a sentence, and on the command line.
    """

    way: str
    option: str

    def require(self, resource: Resource, side: str) -> None:
        """Raise a `TableError` unless a table can be read in this way."""

    def rows(self, resource: Resource, side: str) -> int:
        """Return how many rows a table has."""

    def compared(self, was: Resource, now: Resource, limit: int | None) -> tuple[TableDiff, Sequence[Change]]:
        """Compare a table of two packages; return how rows differ, and what changed about its files besides."""


class _OnePass:
    """Reading both sides in the order of their keys."""

    way, option = "Read in one pass", "--stream"

    def require(self, resource: Resource, side: str) -> None:
        """Raise unless the table is in canonical form, as far as its descriptor tells."""
        problem = resource.unusual_form
        if problem is not None:
            message = (
                f"The {side} table '{resource.name}' is not in canonical form: "
                f"{resource.files[0] if resource.files else 'it'} {problem}. Run `readouts canonicalise`, or compare "
                "without `--stream`."
            )
            raise TableError(message)

    def rows(self, resource: Resource, side: str) -> int:
        """Count the rows."""
        return count_rows(resource.paths[0], resource.require_readable(), side)

    def compared(self, was: Resource, now: Resource, limit: int | None) -> tuple[TableDiff, Sequence[Change]]:
        """Compare a table; one that is in canonical form has nothing else that can change."""
        old, new = was.require_readable(), now.require_readable()
        return compare_stream(was.paths[0], now.paths[0], old, new, limit), ()


def _resources(package: DataPackage, side: str, how: TableComparison) -> dict[str, Resource]:
    """Return the resources of a package by name, each table as it can be read."""
    resources = distinct_resources(package, side)
    for resource in resources.values():
        if resource.table is not None:
            how.require(resource, side)
    return resources


def compare_in_stream(
    old: DataPackage,
    new: DataPackage,
    *,
    sides: tuple[PackageVersion, PackageVersion],
    limit: int | None = None,
    derived: Collection[str] = (),
) -> PackageDiffData:
    """Compare two packages in canonical form, as `compare_by_table` does."""
    return compare_by_table(old, new, sides=sides, limit=limit, derived=derived, how=_OnePass())


def compare_by_table(
    old: DataPackage,
    new: DataPackage,
    *,
    sides: tuple[PackageVersion, PackageVersion],
    limit: int | None = None,
    derived: Collection[str] = (),
    how: TableComparison,
) -> PackageDiffData:
    """Compare two packages table by table.

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
    how
        How a table is compared.

    Returns
    -------
    PackageDiffData
        What `compare` gives of the same packages, but for what its notes say.

    Raises
    ------
    TableError
        A table can't be read in this way, or has no primary key or another one on either side.

    Examples
    --------
    >>> from readouts.datapackage.package.package import PackageVersion, open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> package = open_package(sample_package())
    >>> sides = PackageVersion("a"), PackageVersion("b")
    >>> compare_by_table(package, package, sides=sides, how=_OnePass()).same
    True
    """
    before, after = _resources(old, "old", how), _resources(new, "new", how)
    known = {name: each.table for side in (before, after) for name, each in side.items() if each.table is not None}
    lineage = declared_lineage(_rows(after), _rows(before), known)
    changes = list(package_changes(old.descriptor, new.descriptor))
    found: list[TableDiff] = []
    has_lineage = any(lineage_table(each) is not None for each in (before, after))
    note = f"{how.way}: {_NOTE}"
    notes = [f"{note} {_OF_LINEAGE}" if has_lineage else note]
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            changes.append(_one_side(name, was, now))
            found += (replace(each, derived=name in derived) for each in _alone(was, now, how))
            continue
        changes += resource_changes(was.descriptor, now.descriptor)
        if was.table is None or now.table is None:
            if (was.table is None) != (now.table is None):
                message = f"'{name}' is a table on one side only: compare without `{how.option}`."
                raise TableError(message)
            changes += content_changes(was, now, notes)
            continue
        changes += schema_changes(was.table, now.table)
        table, further = how.compared(was, now, limit)
        changes += further
        own_ids = name not in derived and has_ids(now.table)
        found.append(replace(table, derived=name in derived, has_ids=own_ids))
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


def _alone(was: Resource | None, now: Resource | None, how: TableComparison) -> list[TableDiff]:
    """Return the table that is on one side only, counted."""
    only = now or was
    if only is None or only.table is None:
        return []
    rows = how.rows(only, "new" if was is None else "old")
    if was is None:
        return [TableDiff(only.table.name, Match.NONE, status="added", rows_new=rows, rows_added=rows)]
    return [TableDiff(only.table.name, Match.NONE, status="removed", rows_old=rows, rows_removed=rows)]


def _lost(table: TableDiff, lineage: list[Lineage]) -> tuple[tuple[str, ...], ...]:
    """Return the ids among the rows shown that are gone silently."""
    return tuple(undeclared_removals([row.key for row in table.removed], lineage, table.name)) if table.has_ids else ()
