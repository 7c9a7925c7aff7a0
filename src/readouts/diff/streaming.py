"""Comparing two packages in canonical form in one pass, in little memory whatever their size.

Nothing is imported here that takes much memory by itself. What needs both sides at once is left out and said:
references, renames that the content suggests, and pairing through `id_changes`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from readouts.check.inlining import inlined
from readouts.diff.descriptors import package_changes, resource_changes, schema_changes
from readouts.diff.errors import DiffError
from readouts.diff.lineage import CHANGES, LINEAGE_COLUMNS, declared, has_ids, vanished
from readouts.diff.stream import compare_stream, count_rows
from readouts.diff.verdict import bump
from readouts.difference import Change, Difference, Match, Side, TableDifference
from readouts.schema import tables
from readouts.schema.descriptor import read_schema

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.difference import Lineage
    from readouts.package.reading import Package
    from readouts.schema import Table

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


@dataclass(frozen=True)
class _Streamed:
    """One resource: its descriptor, its schema if it is a table, and its file."""

    written: dict[str, Any]
    table: Table | None
    path: Path | None


def _resources(package: Package, side: str) -> dict[str, _Streamed]:
    """Return the resources of a package by name."""
    found = inlined(package.root, package.descriptor)
    resources = {}
    for written, places in zip(found.descriptor["resources"], found.places, strict=True):
        name, schema = written["name"], written.get("schema")
        table = read_schema(name, schema)[0] if isinstance(schema, dict) else None
        paths = places[0] if places is not None else []
        if table is not None:
            odd = next((what for what, plain in _PLAIN.items() if what in written and written[what] not in plain), None)
            if odd is not None or len(paths) != 1:
                what = "one file" if odd is None else f"no '{odd}', or the plain one"
                message = (
                    f"The {side} table '{name}' is not in canonical form: expected {what}. "
                    "Run `readouts canonicalise`, or compare without `--stream`."
                )
                raise DiffError(message)
        resources[name] = _Streamed(written, table, paths[0] if paths else None)
    return resources


def compare_in_stream(old: Package, new: Package, *, sides: tuple[Side, Side], limit: int | None = None) -> Difference:
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

    Returns
    -------
    Difference
        What `compare` gives of the same packages, but for what its notes say.

    Raises
    ------
    DiffError
        A table is not in canonical form, has no primary key or another one on either side, or is not sorted by it.

    Examples
    --------
    >>> from readouts.package.reading import open_package
    >>> from readouts.resources import bundled_package
    >>> package = open_package(bundled_package())
    >>> compare_in_stream(package, package, sides=(Side("a"), Side("b"))).same
    True
    """
    before, after = _resources(old, "old"), _resources(new, "new")
    known = {name: each.table for side in (before, after) for name, each in side.items() if each.table is not None}
    lineage = declared(_rows(new, after), _rows(old, before), known)
    changes = list(package_changes(old.descriptor, new.descriptor))
    found: list[TableDifference] = []
    for name in dict.fromkeys([*after, *before]):
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            changes.append(_one_side(name, was, now))
            found += _alone(was, now)
            continue
        changes += resource_changes(old.resource(name), new.resource(name))
        if was.table is None or now.table is None or was.path is None or now.path is None:
            if (was.table is None) != (now.table is None):
                message = f"'{name}' is a table on one side only: compare without `--stream`."
                raise DiffError(message)
            if not _same_file(was.path, now.path):
                changes.append(Change("content-changed", name, what="bytes"))
            continue
        changes += schema_changes(was.table, now.table)
        found.append(_compared(was, now, limit))
    lost = {table.name: gone for table in found if (gone := _lost(table, lineage))}
    told = Counter(entry.table for entry in {(entry.table, entry.old): entry for entry in lineage}.values())
    counts = {table.name: table.rows_removed - told[table.name] for table in found if table.has_ids}
    # A reference that points to nothing now would need more: whether the version is enough can't be told.
    verdict = bump((old.version, new.version), changes, found, lineage, lost, [], counts)
    return Difference(
        *sides,
        changes=tuple(changes),
        tables=tuple(found),
        lineage=tuple(lineage),
        vanished=lost,
        bump=replace(verdict, enough=verdict.enough and None),
        notes=_NOTES,
    )


def _rows(package: Package, resources: dict[str, _Streamed]) -> list[dict[str, str]]:
    """Return the rows of the table of lineage, where there is one."""
    resource = resources.get(CHANGES)
    if resource is None or resource.table is None or not set(LINEAGE_COLUMNS) <= set(resource.table.field_names):
        return []
    return [{name: cell or "" for name, cell in row.items()} for row in package.rows(CHANGES)]


def _one_side(name: str, was: _Streamed | None, now: _Streamed | None) -> Change:
    if now is not None:
        return Change("resource-added", name, what="resources", new=now.written.get("path"))
    return Change("resource-removed", name, what="resources", old=None if was is None else was.written.get("path"))


def _alone(was: _Streamed | None, now: _Streamed | None) -> list[TableDifference]:
    """Return the table that is on one side only, counted."""
    only = was if now is None else now
    if only is None or only.table is None or only.path is None:
        return []
    rows = count_rows(only.path, only.table, "new" if was is None else "old")
    if was is None:
        return [TableDifference(only.table.name, Match.NONE, status="added", rows_new=rows, rows_added=rows)]
    return [TableDifference(only.table.name, Match.NONE, status="removed", rows_old=rows, rows_removed=rows)]


def _same_file(old: Path | None, new: Path | None) -> bool:
    if old is None or new is None:
        return old is new
    with old.open("rb") as first, new.open("rb") as second:
        while part := first.read(2**20):
            if part != second.read(2**20):
                return False
        return not second.read(1)


def _compared(was: _Streamed, now: _Streamed, limit: int | None) -> TableDifference:
    if was.table is None or now.table is None or was.path is None or now.path is None:
        message = "expected two tables"
        raise ValueError(message)
    found = compare_stream(was.path, now.path, was.table, now.table, limit)
    known = tables().get(found.name)
    derived = known is not None and known.derived and known.primary_key == now.table.primary_key
    return replace(found, derived=derived, has_ids=not derived and has_ids(now.table))


def _lost(table: TableDifference, lineage: list[Lineage]) -> tuple[tuple[str, ...], ...]:
    """Return the ids among the rows shown that are gone without a word."""
    return tuple(vanished([row.key for row in table.removed], lineage, table.name)) if table.has_ids else ()
