"""Comparing two packages: descriptors, tables by key, lineage, references, and the version that follows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import file_digest
from typing import TYPE_CHECKING

import polars as pl

from readouts.check.descriptors import Resource, read_descriptors
from readouts.check.inlining import inlined
from readouts.diff.descriptors import package_changes, resource_changes, schema_changes
from readouts.diff.ids import asked, narrowed, narrowed_references, with_successors
from readouts.diff.lineage import (
    CHANGES,
    LINEAGE_COLUMNS,
    declared,
    has_ids,
    renamed,
    renamed_columns,
    suggested,
    vanished,
)
from readouts.diff.references import Linked, reference_changes
from readouts.diff.sheets import DiffError, Sheet, read_sheet
from readouts.diff.tables import Pairing, pair, table_difference
from readouts.diff.verdict import bump
from readouts.difference import Change, Difference, Match, Side, Suggestion, TableDifference
from readouts.schema import tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from readouts.diff.lineage import Key
    from readouts.difference import Lineage
    from readouts.package.reading import Package
    from readouts.schema import Table

__all__ = ["compare", "side_of"]


def side_of(package: Package, label: str | None = None) -> Side:
    """Return a package as one side of a difference."""
    return Side(label or str(package.root), package.name, package.version)


def compare(
    old: Package,
    new: Package,
    *,
    sides: tuple[Side, Side] | None = None,
    limit: int | None = None,
    ids: Collection[str] | None = None,
) -> Difference:
    """Compare two packages.

    Parameters
    ----------
    old, new
        The packages. Keys, types and references come from their descriptors, and are never inferred.
    sides
        How they are called in the result.
    limit
        How many added rows, removed rows and changed cells of each table the result shows; None for all. Counts are
        exact whatever the limit.
    ids
        Ids, of any table, that the result is to be about; None for everything.

    Returns
    -------
    Difference
        What changed, and the smallest version that allows it.

    Raises
    ------
    PackageError
        A descriptor, or the lineage in `id_changes`, can't be read.
    DiffError
        A table can't be read, or its rows can't be told apart: a key is there twice, or empty.

    Examples
    --------
    >>> from readouts.package.reading import open_package
    >>> from readouts.resources import bundled_package
    >>> package = open_package(bundled_package())
    >>> compare(package, package).same
    True
    """
    before, after = _resources(old), _resources(new)
    named = {name: resource.table for each in (before, after) for name, resource in each.items()}
    lineage = _lineage(old, new, before, after, {name: table for name, table in named.items() if table is not None})
    work = _Work(old, new, lineage, limit, None if ids is None else with_successors(ids, lineage))
    work.changes += package_changes(old.descriptor, new.descriptor)
    for name in dict.fromkeys([*after, *before]):
        work.compare(before.get(name), after.get(name))
    lost = {name: tuple(gone) for name, keys in work.removed.items() if (gone := vanished(keys, lineage, name))}
    derived = {table.name for table in work.tables if table.derived}
    own = {name: linked for name, linked in work.linked.items() if name not in derived}
    references = tuple(reference_changes(own, limit if ids is None else None))
    versions = (old.version, new.version)
    verdict = bump(versions, work.changes, work.counted, lineage, lost, references)
    found = Difference(
        *(sides or (side_of(old), side_of(new))),
        changes=tuple(work.changes),
        tables=tuple(work.tables),
        references=references,
        lineage=tuple(work.with_cells(entry) for entry in lineage),
        suggestions=(*work.suggestions, *_moved_files(before, after)),
        vanished=lost,
        bump=verdict,
        notes=tuple(work.notes),
    )
    if ids is None or work.wanted is None:
        return found
    wanted = work.wanted
    return replace(
        found,
        references=tuple(narrowed_references(references, wanted)),
        lineage=tuple(entry for entry in found.lineage if wanted.intersection(entry.old)),
        suggestions=tuple(entry for entry in found.suggestions if wanted.intersection(entry.old)),
        vanished={
            name: kept
            for name, keys in lost.items()
            if (kept := tuple(key for key in keys if wanted.intersection(key)))
        },
        asked=asked(ids, own, work.pairings, lineage),
    )


def _resources(package: Package) -> dict[str, Resource]:
    """Return the resources of a package by name; what is wrong with them is told when they are read."""
    return {
        resource.name: resource for resource in read_descriptors(inlined(package.root, package.descriptor)).resources
    }


def _lineage(
    old: Package,
    new: Package,
    before: Mapping[str, Resource],
    after: Mapping[str, Resource],
    known: Mapping[str, Table],
) -> list[Lineage]:
    """Return what the table of lineage newly says, where there is one."""

    def rows(package: Package, resources: Mapping[str, Resource]) -> list[dict[str, str]]:
        resource = resources.get(CHANGES)
        if resource is None or resource.table is None or not set(LINEAGE_COLUMNS) <= set(resource.table.field_names):
            return []
        return read_sheet(package, CHANGES).frame.to_dicts()

    return declared(rows(new, after), rows(old, before), known)


def _moved_files(before: Mapping[str, Resource], after: Mapping[str, Resource]) -> Iterator[Suggestion]:
    """Yield resources that are gone and new under another name, with the same bytes."""
    gone = {_bytes_of(resource): name for name, resource in before.items() if name not in after}
    for name, resource in after.items():
        same = gone.get(_bytes_of(resource)) if name not in before else None
        if same is not None and resource.paths:
            yield Suggestion("resource", name, (same,), (name,))


def _bytes_of(resource: Resource) -> tuple[str, ...]:
    """Return the hashes of a resource's files; its name where it has none that can be read."""
    try:
        return tuple(_digest(path) for path in resource.paths) or (f"no file: {resource.name}",)
    except OSError:
        return (f"unread: {resource.name}",)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


@dataclass
class _Work:
    """What a comparison learns, resource by resource.

    Attributes
    ----------
    wanted
        The ids that the result is to be about; None for everything.
    tables, counted
        The tables as the result shows them, and as the version is computed from them.
    removed
        Keys that are gone, of the tables with ids.
    """

    old: Package
    new: Package
    lineage: list[Lineage]
    limit: int | None
    wanted: frozenset[str] | None
    tables: list[TableDifference] = field(default_factory=list)
    counted: list[TableDifference] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    linked: dict[str, Linked] = field(default_factory=dict)
    pairings: dict[str, Pairing] = field(default_factory=dict)
    removed: dict[str, list[Key]] = field(default_factory=dict)
    suggestions: list[Suggestion] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def compare(self, old: Resource | None, new: Resource | None) -> None:
        """Compare one resource, which is on one side at least."""
        if old is None or new is None:
            self._one_side(old, new)
            return
        written = self.old.resource(old.name), self.new.resource(new.name)
        self.changes += resource_changes(*written)
        if old.table is None or new.table is None:
            if old.table is not new.table:
                what = ("a table", "another kind of file")
                self.changes.append(
                    Change("resource-form", new.name, None, "type", *(what if new.table is None else what[::-1]))
                )
            elif _bytes_of(old) != _bytes_of(new):
                self.changes.append(Change("content-changed", new.name, what="bytes"))
            return
        schema = list(schema_changes(old.table, new.table))
        self.changes += schema
        sheets = read_sheet(self.old, old.name), read_sheet(self.new, new.name)
        self._forms(*sheets)
        pairing = self._paired(*sheets)
        self._keep(sheets, pairing)
        if pairing.match is Match.KEY:
            self._look_alikes(sheets, pairing, schema)

    def _one_side(self, old: Resource | None, new: Resource | None) -> None:
        package, resource = (self.new, new) if new is not None else (self.old, old)
        if resource is None:
            return
        rule = "resource-removed" if new is None else "resource-added"
        path = package.resource(resource.name).get("path")
        places = {"new": path} if new is not None else {"old": path}
        self.changes.append(Change(rule, resource.name, what="resources", **places))
        if resource.table is None:
            return
        sheet = read_sheet(package, resource.name)
        empty = replace(sheet, frame=sheet.frame.clear())
        sides = (empty, sheet) if new is not None else (sheet, empty)
        pairing = pair(*sides, resource.table.primary_key)
        pairing = pairing if self.wanted is None else narrowed(pairing, self.wanted)
        before, after = (None, resource.table) if new is not None else (resource.table, None)
        found = replace(table_difference(pairing, before, after, self.limit), match=Match.NONE)
        self.tables.append(found)
        self.counted.append(found)

    def _forms(self, old: Sheet, new: Sheet) -> None:
        """Tell how the files are written, where that changed."""
        for what, before, after in (
            ("byte order mark", old.form.byte_order_mark, new.form.byte_order_mark),
            ("line end", old.form.line_end, new.form.line_end),
        ):
            if before != after:
                self.changes.append(Change("file-form", new.table.name, None, what, before, after))
        kept = [name for name in new.labels if name in old.labels]
        schema_order = [name for name in old.table.field_names if name in new.table.field_names]
        if [name for name in old.labels if name in kept] != kept and schema_order == [
            name for name in new.table.field_names if name in old.table.field_names
        ]:
            self.changes.append(
                Change("columns-reordered", new.table.name, None, "columns", list(old.labels), list(new.labels))
            )

    def _paired(self, old: Sheet, new: Sheet) -> Pairing:
        """Pair the rows of two sheets by the key that both have."""
        keys = list(dict.fromkeys(key for key in (new.table.primary_key, old.table.primary_key) if key))
        usable = [key for key in keys if all(name in sheet.frame.columns for sheet in (old, new) for name in key)]
        name = new.table.name
        for key in usable:
            try:
                return pair(old, new, key, renamed(self.lineage, name) if key == new.table.primary_key else None)
            except DiffError:
                # Where both say that rows are told apart by it, it has to do so.
                if len(keys) == 1:
                    raise
        if not keys:
            why = "it has no primary key"
        elif not usable:
            why = "no primary key has all its columns on both sides"
        else:
            why = "its primary key is another one, and neither tells the rows of both sides apart"
        self.notes.append(
            f"The table {name} is compared as a multiset of rows, since {why}: a changed row is one that went and one "
            "that came."
        )
        return pair(old, new, None)

    def _keep(self, sheets: tuple[Sheet, Sheet], pairing: Pairing) -> None:
        """Keep what versions, references and the result need of a table."""
        old, new = (sheet.table for sheet in sheets)
        known = tables().get(new.name)
        derived = known is not None and known.derived and known.primary_key == new.primary_key
        own_ids = not derived and pairing.match is Match.KEY and has_ids(new) and pairing.key == new.primary_key
        shown = pairing if self.wanted is None else narrowed(pairing, self.wanted)
        found, counted = (
            replace(table_difference(each, old, new, limit), derived=derived, has_ids=own_ids)
            for each, limit in ((shown, self.limit), (pairing, 5))
        )
        self.tables.append(found)
        self.counted.append(counted)
        self.pairings[new.name] = pairing
        if own_ids:
            self.removed[new.name] = pairing.removed.select(pairing.key).rows()
        changed = pairing.cells.select(pairing.key).unique() if pairing.key else None
        self.linked[new.name] = Linked(
            new,
            sheets[0].frame,
            sheets[1].frame,
            changed,
            renamed(self.lineage, new.name),
            touched=counted.status != "same",
        )

    def _look_alikes(self, sheets: tuple[Sheet, Sheet], pairing: Pairing, schema: list[Change]) -> None:
        """Look for rows and columns that seem to have been renamed."""
        name, key = sheets[1].table.name, pairing.key
        told = {entry.old for entry in self.lineage if entry.table == name}
        found = suggested(name, key, pairing.removed, pairing.added)
        self.suggestions += [each for each in found if each.old not in told]
        gone = [change.field for change in schema if change.rule == "field-removed" and change.field]
        come = [change.field for change in schema if change.rule in {"field-added", "field-inserted"} and change.field]
        self.suggestions += renamed_columns(name, sheets[0].frame, sheets[1].frame, key, gone, come)

    def with_cells(self, entry: Lineage) -> Lineage:
        """Return an entry of the lineage with the number of other cells that changed in the renamed row."""
        pairing = self.pairings.get(entry.table)
        if entry.operation != "renamed" or pairing is None or not pairing.key:
            return entry
        same = [pl.col(name) == value for name, value in zip(pairing.key, entry.new, strict=False)]
        return replace(entry, cells_changed=pairing.cells.filter(pl.all_horizontal(same)).height)
