"""Comparing two packages: descriptors, tables by key, lineage, references, and the version that follows."""

from __future__ import annotations

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.difference.content_changes import content_changes, distinct_resources
from readouts.datapackage.difference.descriptor_changes import package_changes, resource_changes, schema_changes
from readouts.datapackage.difference.id_query import asked, asks_for, narrowed, narrowed_references, with_successors
from readouts.datapackage.difference.lineage import (
    CHANGES,
    contradictions,
    declared_lineage,
    has_ids,
    lineage_table,
    rename_candidates,
    renamed,
    renamed_columns,
    undeclared_removals,
)
from readouts.datapackage.difference.references import Linked, reference_changes
from readouts.datapackage.difference.result import (
    Change,
    Match,
    PackageDiffData,
    SettingKind,
    Suggestion,
    TableDiff,
)
from readouts.datapackage.difference.row_pairing import RowPairing, among, pair, table_difference
from readouts.datapackage.difference.settings import NOTHING, Settings, told_settings
from readouts.datapackage.difference.version_bump import bump
from readouts.datapackage.package.package import PackageVersion
from readouts.datapackage.table.errors import TableError
from readouts.datapackage.versioning import Bump, Level

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from readouts.datapackage.difference.line_pairing import Paired
    from readouts.datapackage.difference.lineage import Key
    from readouts.datapackage.difference.result import Lineage
    from readouts.datapackage.difference.settings import TableSettings
    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.table.resource import Resource

__all__ = ["compare", "form_changes", "side_of"]

_REASONS = 5
"""Rows that a reason names."""


def side_of(package: DataPackage, label: str | None = None) -> PackageVersion:
    """Return a package as one side of a difference."""
    return PackageVersion(label or str(package.root), package.name, package.version)


def compare(
    old: DataPackage,
    new: DataPackage,
    *,
    sides: tuple[PackageVersion, PackageVersion] | None = None,
    limit: int | None = None,
    ids: Collection[str] | None = None,
    derived: Collection[str] = (),
    settings: Settings | None = None,
    memory: int | None = None,
) -> PackageDiffData:
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
    derived
        Names of tables that only repeat what others say: their ids are counted in those.
    settings
        Keys to pair rows by, and what to overlook; None for nothing.
    memory
        Bytes that the pairing of a table's rows may take; None for no bound.

    Returns
    -------
    PackageDiffData
        What changed, and the smallest version that allows it.

    Raises
    ------
    PackageError
        A descriptor, or the lineage in `id_changes`, can't be read.
    TableError
        A table can't be read, or its rows can't be told apart: a key is duplicate or empty.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> package = open_package(sample_package())
    >>> compare(package, package).same
    True
    """
    before, after = distinct_resources(old, "old"), distinct_resources(new, "new")
    named = {name: resource.table for each in (before, after) for name, resource in each.items()}
    known = {name: table for name, table in named.items() if table is not None}
    lineage = declared_lineage(_lineage_rows(after), _lineage_rows(before), known)
    asked_for = (settings or Settings()).by_table(before, after)
    wanted_ids = None if ids is None else with_successors(ids, lineage)
    work = _PackageComparison(lineage, limit, wanted_ids, derived, asked_for, memory)
    work.changes += package_changes(old.descriptor, new.descriptor)
    for name in dict.fromkeys([*after, *before]):
        work.compare(before.get(name), after.get(name))
    work.contradict()
    lineage = work.lineage
    lost = {
        name: tuple(gone) for name, keys in work.removed.items() if (gone := undeclared_removals(keys, lineage, name))
    }
    own = {name: linked for name, linked in work.linked.items() if name not in derived}
    references = tuple(
        change
        for change in reference_changes(own, limit if ids is None else None)
        if not set(change.fields) & set(asked_for.get(change.table, NOTHING).ignore)
    )
    versions = (old.version, new.version)
    verdict = bump(versions, work.changes, work.counted, lineage, lost, references)
    told = tuple(told_settings(asked_for, work.hidden))
    if work.rekeyed or any(setting.hidden for setting in told):
        verdict = Bump(Level.UNKNOWN)
    found = PackageDiffData(
        *(sides or (side_of(old), side_of(new))),
        changes=tuple(work.changes),
        tables=tuple(work.tables),
        references=references,
        lineage=tuple(work.with_cells(entry) for entry in lineage),
        suggestions=(*work.suggestions, *_moved_files(before, after)),
        vanished=lost,
        has_lineage=any(lineage_table(each) is not None for each in (before, after)),
        bump=verdict,
        notes=tuple(work.notes),
        settings=told,
    )
    if ids is None or work.wanted is None:
        return found
    wanted = work.wanted
    answers = asked(ids, own, work.pairings, lineage)
    about = {answer.table for answer in answers} | {table.name for table in found.tables if table.status != "same"}
    return replace(
        found,
        changes=tuple(change for change in found.changes if change.table in about),
        tables=tuple(table for table in found.tables if table.name in about),
        bump=replace(verdict, reasons=()),
        references=tuple(narrowed_references(references, wanted)),
        lineage=tuple(entry for entry in found.lineage if asks_for(wanted, entry.old)),
        suggestions=tuple(entry for entry in found.suggestions if asks_for(wanted, entry.old)),
        vanished={
            name: kept for name, keys in lost.items() if (kept := tuple(key for key in keys if asks_for(wanted, key)))
        },
        asked=answers,
    )


def _applied(pairing: RowPairing) -> dict[Key, Key]:
    """Return the new keys of the rows that were paired by another one, by their old keys."""
    width = len(pairing.key)
    return {row[:width]: row[width:] for row in pairing.renamed.iter_rows()}


def _lineage_rows(resources: Mapping[str, Resource]) -> list[dict[str, str]]:
    """Return the rows of the table of lineage, where there is one."""
    resource = lineage_table(resources)
    return [] if resource is None else resource.text_table().frame.to_dicts()


def _moved_files(before: Mapping[str, Resource], after: Mapping[str, Resource]) -> Iterator[Suggestion]:
    """Yield resources that are gone and new under another name, with the same bytes."""
    gone = {resource.digest(): name for name, resource in before.items() if name not in after and resource.paths}
    for name, resource in after.items():
        content = resource.digest() if name not in before and resource.paths else None
        if content is not None and content in gone:
            yield Suggestion("resource", name, (gone[content],), (name,))


def form_changes(found: Paired) -> Iterator[Change]:
    """Yield what changed about the form of a table's files."""
    for what, before, after in (
        ("byte order mark", found.form_old.byte_order_mark, found.form_new.byte_order_mark),
        ("line end", found.form_old.line_end, found.form_new.line_end),
    ):
        if before != after:
            yield Change("file-form", found.new.name, None, what, before, after)
    kept_old = [name for name in found.labels_old if name in found.labels_new]
    kept_new = [name for name in found.labels_new if name in found.labels_old]
    fields_old = [name for name in found.old.field_names if name in found.new.field_names]
    fields_new = [name for name in found.new.field_names if name in found.old.field_names]
    # Where the schema gives the order, it has been reported already.
    if kept_old != kept_new and fields_old == fields_new:
        yield Change("columns-reordered", found.new.name, None, "columns", kept_old, kept_new)


@dataclass
class _PackageComparison:
    """What a comparison learns, resource by resource."""

    lineage: list[Lineage]
    limit: int | None
    wanted: frozenset[str] | None  # None for everything
    derived: Collection[str]
    settings: Mapping[str, TableSettings]
    memory: int | None
    tables: list[TableDiff] = field(default_factory=list)  # as the result shows them
    counted: list[TableDiff] = field(default_factory=list)  # as the version is computed from them
    changes: list[Change] = field(default_factory=list)
    linked: dict[str, Linked] = field(default_factory=dict)
    pairings: dict[str, RowPairing] = field(default_factory=dict)
    removed: dict[str, list[Key]] = field(default_factory=dict)
    suggestions: list[Suggestion] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hidden: dict[str, Counter[tuple[SettingKind, str]]] = field(default_factory=lambda: defaultdict(Counter))
    rekeyed: bool = False  # whether rows of a table that differs were paired by another key

    def compare(self, was: Resource | None, now: Resource | None) -> None:
        """Compare one resource, which is on one side at least."""
        if was is None or now is None:
            self._one_side(was, now)
            return
        self.changes += resource_changes(was.descriptor, now.descriptor)
        if was.table is None or now.table is None:
            if was.readable and now.readable and was.table is not now.table:
                what = ("a table", "another kind of file")
                self.changes.append(
                    Change("resource-form", now.name, None, "type", *(what if now.table is None else what[::-1]))
                )
            else:
                self.changes += content_changes(was, now, self.notes)
            if was.schema is not None and now.schema is not None:
                self.changes += schema_changes(was.schema, now.schema)
            return
        ignored = self.settings.get(now.name, NOTHING).ignore
        every = [*schema_changes(was.table, now.table)]
        schema = [change for change in every if change.field not in ignored]
        self.hidden[now.name].update((SettingKind.IGNORE, each.field) for each in every if each.field in ignored)
        self.changes += schema
        found = self._paired(was, now)
        self.changes += form_changes(found)
        self._keep(found, was, now)
        if found.pairing.match is Match.KEY:
            self._look_alikes(found, schema)

    def _one_side(self, was: Resource | None, now: Resource | None) -> None:
        resource = now or was
        if resource is None:
            return
        rule = "resource-removed" if now is None else "resource-added"
        path = resource.descriptor.get("path")
        places = {"new": path} if now is not None else {"old": path}
        self.changes.append(Change(rule, resource.name, what="resources", **places))
        if resource.table is None:
            return
        sheet = resource.text_table()
        empty = replace(sheet, frame=sheet.frame.clear())
        sides = (empty, sheet) if now is not None else (sheet, empty)
        whole = pair(*sides, resource.table.primary_key)
        pairing = whole if self.wanted is None else narrowed(whole, self.wanted)
        before, after = (None, resource.table) if now is not None else (resource.table, None)
        derived = resource.name in self.derived
        found = replace(table_difference(pairing, before, after, self.limit), match=Match.NONE, derived=derived)
        self.tables.append(found)
        self.counted.append(found)
        self.pairings[resource.name] = whole
        self.linked[resource.name] = Linked(resource.table, lambda: sides[0].frame, lambda: sides[1].frame)

    def _paired(self, was: Resource, now: Resource) -> Paired:
        """Pair the rows of a table by the key that was asked for, or else by the one that both sides have."""
        old, new = was.require_readable(), now.require_readable()
        settings = self.settings.get(new.name, NOTHING)
        keys = [key for key in (new.primary_key, old.primary_key) if key]
        wanted = settings.key or (new.primary_key if old.primary_key == new.primary_key else None)
        if wanted:
            moved = renamed(self.lineage, new.name) if {*keys} == {wanted} else None
            return self._overlooked(new.name, *settings.paired(was, now, wanted, moved, self.memory))
        for key in keys:
            if all(column in table.field_names for table in (old, new) for column in key):
                with suppress(TableError):
                    # The key of one side need not tell the rows of the other apart.
                    return self._overlooked(new.name, *settings.paired(was, now, key, memory=self.memory))
        why = "it has no primary key" if not keys else "no primary key tells the rows of both sides apart"
        if not keys and any(each.code == "unsupported-feature" and each.field == "schema" for each in now.problems):
            why = "its schema is at an address, of which there is no copy (`--schemas`)"
        self.notes.append(
            f"The table {new.name} is compared as a multiset of rows, since {why}: a changed row is one that went and "
            "one that came."
        )
        return self._overlooked(new.name, *settings.paired(was, now, None, memory=self.memory))

    def _overlooked(self, name: str, found: Paired, hidden: Counter[tuple[SettingKind, str]]) -> Paired:
        """Return the rows without the changes that are overlooked, and count these."""
        pairing, cells = self.settings.get(name, NOTHING).relaxed(found)
        self.hidden[name].update(hidden + cells)
        return replace(found, pairing=pairing)

    def _keep(self, found: Paired, was: Resource, now: Resource) -> None:
        """Keep what versions, references and the result need of a table."""
        name, pairing = found.new.name, found.pairing
        derived = name in self.derived
        own_ids = not derived and pairing.key == found.new.primary_key and has_ids(found.new)
        whole = table_difference(pairing, found.old, found.new, _REASONS if self.wanted is not None else self.limit)
        counted = replace(whole, derived=derived, has_ids=own_ids)
        shown = counted
        if self.wanted is not None:
            narrow = table_difference(narrowed(pairing, self.wanted), found.old, found.new, self.limit)
            shown = replace(narrow, derived=derived, has_ids=own_ids)
        self.tables.append(shown)
        self.counted.append(counted)
        self.pairings[name] = pairing
        settings = self.settings.get(name, NOTHING)
        if settings.key and {*settings.key} != {*(found.new.primary_key or found.old.primary_key)}:
            self.rekeyed |= counted.status != "same"
        self.linked[name] = Linked(
            found.new,
            lambda: settings.texts(was),
            lambda: settings.texts(now),
            pairing.cells[[*pairing.key]].unique() if pairing.key and pairing.cells.height else None,
            _applied(pairing),
            touched=counted.status != "same",
            old_key=found.old.primary_key,
        )
        if own_ids:
            self.removed[name] = pairing.removed.select(pairing.key).rows()
        elif not derived and has_ids(found.old) and found.old.primary_key[0] in found.labels_new:
            # The key changed, and the ids of the old one are still ids that others use.
            column = found.old.primary_key[0]
            linked = self.linked[name]
            gone = set(linked.old[column]) - set(linked.new[column])
            if gone:
                self.removed[name] = [(identifier,) for identifier in sorted(gone)]

    def contradict(self) -> None:
        """Remove from the lineage what the tables contradict, and say so."""
        named: dict[str, set[Key]] = {}
        for entry in self.lineage:
            named.setdefault(entry.table, set()).update(key for key in (entry.old, entry.new) if key)
        sides: tuple[dict[str, set[Key]], dict[str, set[Key]]] = ({}, {})
        for name, keys in named.items():
            linked = self.linked.get(name)
            if linked is None or not linked.table.primary_key:
                continue
            for side, frame in zip(sides, (linked.old, linked.new), strict=True):
                side[name] = among(frame.select(linked.table.primary_key), keys)
        false = contradictions(self.lineage, *sides)
        self.lineage = [entry for entry in self.lineage if entry not in false]
        self.notes += [
            f"{CHANGES} says that '{'/'.join(entry.old)}' of {entry.table} is {entry.operation}, but {why}: "
            "that row was ignored."
            for entry, why in false.items()
        ]

    def _look_alikes(self, found: Paired, schema: list[Change]) -> None:
        """Look for rows and columns that seem to have been renamed."""
        name, pairing = found.new.name, found.pairing
        told = {entry.old for entry in self.lineage if entry.table == name}
        rows = rename_candidates(name, pairing.key, pairing.removed, pairing.added)
        self.suggestions += [each for each in rows if each.old not in told]
        gone = [change.field for change in schema if change.rule == "field-removed" and change.field]
        come = [change.field for change in schema if change.rule in {"field-added", "field-inserted"} and change.field]
        if gone and come:
            linked = self.linked[name]
            self.suggestions += renamed_columns(name, linked.old, linked.new, pairing.key, gone, come)

    def with_cells(self, entry: Lineage) -> Lineage:
        """Return an entry of the lineage with the number of other cells that changed in the renamed row."""
        pairing = self.pairings.get(entry.table)
        if entry.operation != "renamed" or pairing is None or not pairing.key:
            return entry
        same = [pl.col(name) == value for name, value in zip(pairing.key, entry.new, strict=False)]
        return replace(entry, cells_changed=pairing.cells.filter(pl.all_horizontal(same)).height)
