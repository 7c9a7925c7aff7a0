"""One merge of three versions of a package: its descriptor, the files that this lists, and what joins them."""

from __future__ import annotations

import io
from copy import deepcopy
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.merging.columns import TableSide, field_conflicts, listing, resources_of
from readouts.datapackage.merging.conflict import (
    Conflict,
    ConflictKind,
    MergedFile,
    MergedFolder,
    MergeError,
    conflict,
)
from readouts.datapackage.merging.descriptors import Place, descriptor_texts, merge_values, read_descriptor
from readouts.datapackage.merging.files import Keyed, merge_by_line, table_of_resource
from readouts.datapackage.merging.references import find_lost_parents
from readouts.datapackage.merging.tables import MergedTable, merge_table
from readouts.datapackage.merging.text import Block, marked
from readouts.datapackage.merging.version import UnkeyedError, Version, read_version
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.package.paths import inside, paths_of
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.table.canonical_csv import csv_reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = ["SIDES", "PackageMerge", "either", "whole_file"]

Versions = tuple[bytes | None, bytes | None, bytes | None]
SIDES = ("base", "ours", "theirs")


def either(ours: bytes | None, theirs: bytes | None) -> bytes:
    """Return the side that is there; an empty file is."""
    return (theirs or b"") if ours is None else ours


def _tabular(resource: Mapping[str, Any], path: str) -> bool:
    return path.endswith((".csv", ".tsv")) or "schema" in resource or resource.get("type") == "table"


def _is_binary(data: bytes | None) -> bool:
    """Return whether data is something else than lines of text."""
    try:
        (data or b"").decode("utf-8")
    except UnicodeDecodeError:
        return True
    return b"\0" in (data or b"")


def _unmixed(name: str, ours: bytes, theirs: bytes, *found: Conflict) -> MergedFile:
    """Return a file that both sides changed and that can't be mixed: each side whole between markers, or ours."""
    if _is_binary(ours) or _is_binary(theirs):
        message = f"{name} is not text, and both sides changed it: ours was kept. Replace it with the right one."
        return MergedFile(ours, (conflict(ConflictKind.TEXT, message, file=name),), (), ours)
    texts = ours.decode(), theirs.decode()
    mine, yours = (slice(0, text.count("\n") + 1) for text in texts)
    return MergedFile(marked(*texts, blocks=[Block(mine, yours, whole=True)]).encode(), found, (), ours)


def whole_file(data: bytes, conflicts: Iterable[Conflict], *, in_ours: bool) -> MergedFile:
    """Return a file that one side deleted and the other needs: all of it between markers, or as it is if not text."""
    if _is_binary(data):
        return MergedFile(data, tuple(conflicts), (), data)
    text = data.decode()
    shown = marked(text, "") if in_ours else marked("", text)
    return MergedFile(shown.encode(), tuple(conflicts), (), data if in_ours else b"")


def _written(resource: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    """Return what a resource says about the bytes of its only file, as far as it says that."""
    if len(paths_of(resource)) != 1:
        return {}
    # Whatever the algorithm was: one that the merge can take itself.
    found: dict[str, Any] = {"hash": f"sha256:{sha256(data).hexdigest()}", "bytes": len(data)}
    if "rowCount" in resource:
        found["rowCount"] = sum(map(bool, csv_reader(io.StringIO(data.decode(), newline="")))) - 1
    return {key: value for key, value in found.items() if key in resource}


class PackageMerge:
    """Merges the files of a package, then looks at what joins them; a subclass adds files of other kinds.

    Attributes
    ----------
    expected
        What a folder must be, for the message where one is something else.
    fix
        How to fix conflicts of the tables, where that is not by hand.
    """

    expected = f"a folder with {DESCRIPTOR}"
    fix: str | None = None

    def __init__(self, folders: tuple[Path, Path, Path]) -> None:
        names: set[str] = set()
        for folder in folders:
            listed = list(self.listed(folder))
            if not listed:
                message = f"{folder} has nothing to merge: expected {self.expected}."
                raise MergeError(message)
            names.update(listed)
        self.folders = folders
        self.root = folders[1]
        self.versions: dict[str, Versions] = {}
        for name in sorted(names):
            data = [path.read_bytes() if (path := inside(folder, name)).is_file() else None for folder in folders]
            self.versions[name] = (data[0], data[1], data[2])
        self.results: dict[str, MergedFile] = {}
        self.tables: dict[str, tuple[MergedTable, Keyed]] = {}
        self.mixed: dict[str, list[bytes]] = {}
        self.between: list[Conflict] = []
        self.deleted_files: set[str] = set()
        self.disputes: dict[Place, str] = {}

    def listed(self, folder: Path) -> Iterator[str]:
        """Yield the paths of the files of a folder that are merged: the descriptor, and what it lists."""
        if (folder / DESCRIPTOR).is_file():
            yield DESCRIPTOR
            descriptor = read_descriptor((folder / DESCRIPTOR).read_bytes(), str(folder / DESCRIPTOR))
            for resource in resources_of(descriptor):
                for listed in (*paths_of(resource), resource.get("schema"), resource.get("dialect")):
                    if not isinstance(listed, str) or "://" in listed:
                        continue
                    try:
                        found = inside(folder, listed).is_file()
                    except PackageError as error:
                        message = f"{folder / DESCRIPTOR}: {error}"
                        raise MergeError(message) from error
                    if found:
                        yield listed

    def path(self, name: str) -> str:
        """Return what messages call a file."""
        return name

    def special(self, name: str) -> MergedFile | None:
        """Return a file merged in a way of its own; None if it is merged as what the descriptor says."""

    def link(self) -> None:
        """Find contradictions between files that only a subclass knows, and add them to `between`."""

    def merged(self) -> MergedFolder:
        """Merge everything."""
        descriptor = self.descriptor()
        for name in self.versions:
            if name != DESCRIPTOR:
                self.file(name, descriptor)
        if descriptor is not None:
            self.fit()
        find_lost_parents({table.table.name: table for table, _ in self.tables.values()})
        for name, (table, keyed) in self.tables.items():
            self.results[name] = keyed.explained(table.merged())
            self.mixed[name] = ["".join(table.version(side)).encode() for side in (0, 1)]
        self.link()
        descriptor = self.descriptor()
        if descriptor is not None:
            self.results[DESCRIPTOR] = self.described(descriptor)
        gone = {name for name in self.deleted_files if not self.results[name].data}
        found = [each for name in self.results for each in self.results[name].conflicts]
        return MergedFolder(
            {name: self.results[name].data for name in sorted(self.results) if name not in gone},
            tuple(dict.fromkeys([*found, *self.between])),
            tuple(note for name in self.results for note in self.results[name].notes),
        )

    @cached_property
    def sides(self) -> tuple[Any, Any, Any]:
        """The three descriptors; None where there is none."""
        three = self.versions.get(DESCRIPTOR, (None, None, None))
        if any(three) and None in three[1:]:
            message = f"One side has no {DESCRIPTOR}: expected a package on both sides."
            raise MergeError(message)
        named = zip(three, SIDES, strict=True)
        old, mine, yours = (read_descriptor(data or b"", f"{DESCRIPTOR} ({side})") for data, side in named)
        return old, mine, yours

    def descriptor(self) -> tuple[Any, Any, list[Conflict]] | None:
        """Merge the descriptors, in which the schemas of the tables are, as far as nothing keeps them apart."""
        if DESCRIPTOR not in self.versions:
            return None
        (first, second), conflicts = merge_values(*self.sides, DESCRIPTOR, self.disputes)
        return first, second, conflicts

    def file(self, name: str, descriptor: tuple[Any, Any, list[Conflict]] | None) -> None:
        """Merge one file."""
        base, ours, theirs = self.versions[name]
        if base is not None and (ours is None or theirs is None):
            left = theirs if ours is None else ours
            if left is None or left == base:
                self.results[name] = MergedFile(b"")
                self.deleted_files.add(name)
            else:
                self.deleted(name, left, in_ours=ours is not None)
            return
        merged = self.special(name)
        if merged is not None:
            self.results[name] = merged
            return
        keyed = self.keyed(self.path(name), descriptor)
        if keyed is not None:
            self.table(name, keyed, descriptor)
        elif ours is None or theirs is None or ours == theirs or base in {ours, theirs}:
            data = either(None if ours == base else ours, theirs)
            self.results[name] = MergedFile(data, readable=data)
        elif self.has_other_columns(name):
            self.whole(name, f"{name} has no key, and the sides don't have the same columns.")
        elif any(map(_is_binary, self.versions[name])):
            self.results[name] = _unmixed(name, ours, theirs)
        else:
            data, *self.mixed[name] = merge_by_line(base or b"", ours, theirs)
            message = f"{name} has no key; it was merged by line, and lines are in conflict."
            clean = self.mixed[name][0] == self.mixed[name][1]
            found = () if clean else (conflict(ConflictKind.TEXT, message, file=name),)
            self.results[name] = MergedFile(data, found, (), self.mixed[name][0])

    def table(self, name: str, keyed: Keyed, descriptor: tuple[Any, Any, list[Conflict]] | None) -> None:
        """Merge a table by key; one whose key is another on each side is taken whole."""
        sides, key = self.table_sides(name), keyed.table.primary_key
        theirs_choice = self.table_side(2, None if descriptor is None else descriptor[1], name)
        rows: list[Version] = []
        for data, side in zip(self.versions[name], sides, strict=True):
            try:
                rows.append(read_version(data or b"", keyed.table, f"{self.path(name)} ({side.who})"))
            except UnkeyedError:
                if side.table.primary_key in {key, ()}:
                    raise
                break
        one_key = theirs_choice.table.primary_key in {key, ()}
        base, ours, theirs = self.versions[name]
        if len(rows) < len(sides) and one_key and base in {ours, theirs}:
            data = either(None if ours == base else ours, theirs)
            self.results[name] = MergedFile(data, readable=data)
            return
        if len(rows) < len(sides) or not one_key:
            shown = ", ".join(f"{', '.join(side.table.primary_key) or 'none'} in {side.who}" for side in sides)
            self.whole(name, f"The sides don't have the same primary key ({shown}), so that rows can't be matched.")
            return
        contested = field_conflicts(*(replace(side, rows=found) for side, found in zip(sides, rows, strict=True)))
        old, mine, yours = rows
        merged = merge_table(
            keyed.table, old, mine, yours, self.path(name), identities=keyed.identities, contested=contested
        )
        self.tables[name] = merged, keyed
        for column in merged.contested:
            message = (
                f"This goes with the column '{column}' of {name}, which is in conflict: choose the same side there."
            )
            for table in self.names(name):
                self.disputes["resources", table, "schema", "fields", column] = message
                for owner, keys in (each for side in sides[1:] for each in side.keys_with(column)):
                    self.disputes["resources", owner, "schema", keys] = message

    def table_sides(self, name: str) -> tuple[TableSide, TableSide, TableSide]:
        """Return what each side says about a table."""
        old, mine, yours = (self.table_side(number, side, name) for number, side in enumerate(self.sides))
        return old, mine, yours

    def table_side(self, number: int, descriptor: Any, name: str) -> TableSide:
        """Return what a descriptor of the side with that number says about a table."""
        resource = next(iter(listing(descriptor, name)), {})
        schema = resource.get("schema")
        if isinstance(schema, str):
            data = self.versions.get(schema, (None, None, None))[number]
            schema = None if data is None else read_descriptor(data, f"{schema} ({SIDES[number]})")
        return TableSide(SIDES[number], str(resource.get("name")), schema, descriptor)

    def names(self, name: str) -> list[str]:
        """Return the names of the resources that list a file on any side."""
        found = (resource.get("name") for side in self.sides for resource in listing(side, name))
        return list(dict.fromkeys(each for each in found if isinstance(each, str)))

    def has_other_columns(self, name: str) -> bool:
        """Return whether a file is a table whose columns, or their types, are not the same on all sides."""
        if not any(_tabular(resource, name) for side in self.sides for resource in listing(side, name)):
            return False
        heads = [str((data or b"").partition(b"\n")[0].strip()) for data in self.versions[name]]
        sides = zip(self.table_sides(name), heads, strict=True)
        return len({side.reading() if side.fields else head for side, head in sides}) > 1

    def whole(self, name: str, message: str) -> None:
        """Put a table between markers as each side has it, and its resource as well."""
        _, ours, theirs = self.versions[name]
        table = next(iter(self.names(name)), "")
        found = conflict(ConflictKind.FIELD, message, file=name, table=table)
        self.tables.pop(name, None)
        self.mixed.pop(name, None)
        self.results[name] = _unmixed(name, ours or b"", theirs or b"", found)
        self.keep_apart(name)

    def keep_apart(self, name: str) -> None:
        """Let each side have its own description of a file that is in conflict as a whole."""
        for resource in self.names(name):
            self.disputes["resources", resource] = (
                f"The resource '{resource}' goes with {name}, which is in conflict: choose the same side there."
            )

    def fit(self) -> None:
        """Hold the columns of every table to the fields that the merged descriptor lists, with either side of it."""
        for name in [*self.versions]:
            first, second, _ = self.descriptor() or ({}, {}, [])
            _, ours, theirs = self.versions[name]
            listed = [bool(listing(choice, name)) for choice in (first, second)]
            if name in self.deleted_files and listed[0] != listed[1]:
                self.deleted(name, either(ours, theirs), in_ours=ours is not None)
            if not all(listed) or ours is None or theirs is None:
                continue
            expected = [
                tuple(self.table_side(1 + side, choice, name).fields) for side, choice in enumerate((first, second))
            ]
            sides = self.table_sides(name)[1:]
            if name in self.tables:
                table, _ = self.tables[name]
                written = [*zip(sides, (table.ours, table.theirs), strict=True)]
                as_described = all(set(side.fields) == set(rows.columns) for side, rows in written)
                ordered = all(tuple(side.fields) == rows.columns for side, rows in written)
                if as_described and not table.arrange(*expected, ordered=ordered):
                    self.whole(name, f"Both sides changed the columns of {name}, so that they can't be merged.")
            elif name in self.results and all(expected):
                taken = sides[self.results[name].data == theirs != ours]
                if any(names != tuple(taken.fields) for names in expected) and not self.results[name].conflicts:
                    self.whole(name, f"Both sides changed the columns of {name}, which has no key.")

    def deleted(self, name: str, left: bytes, *, in_ours: bool) -> None:
        """Put a file between markers that one side deleted and the other changed, and its resource as well."""
        who, other = ("theirs", "ours") if in_ours else ("ours", "theirs")
        changed = "changed" if left != self.versions[name][0] else "described in another way"
        message = f"{name} was deleted by {who} and {changed} by {other}."
        found = conflict(ConflictKind.DELETED, message, file=name)
        self.results[name] = whole_file(left, [found], in_ours=in_ours)
        self.keep_apart(name)

    def keyed(self, path: str, descriptor: tuple[Any, Any, list[Conflict]] | None) -> Keyed | None:
        """Return the schema of a file if it is a table with a key."""
        for resource in listing(descriptor[0], path) if descriptor else ():
            if _tabular(resource, path):
                for folder, side in zip(self.folders, self.sides, strict=True):
                    # Each side is refused for what its own descriptor says.
                    for own in listing(side, path):
                        table_of_resource(own, folder)
                schema = self.schema(resource)
                table = read_schema(str(resource.get("name")), schema if isinstance(schema, dict) else {})[0]
                return Keyed(table, (), self.fix) if table.primary_key else None
        return None

    def schema(self, resource: Mapping[str, Any]) -> Any:
        """Return the schema of a resource; one in a file of its own is the same on all sides, or can't be merged by."""
        schema = resource.get("schema")
        if not isinstance(schema, str) or schema not in self.versions:
            return schema
        versions = [data for data in self.versions[schema] if data is not None]
        if any(version != versions[0] for version in versions):
            message = (
                f"{schema}, the schema of the table '{resource.get('name')}', is not the same on all sides. Put the "
                "schemas into the descriptors with `readouts canonicalise`, then merge these."
            )
            raise MergeError(message)
        return read_descriptor(versions[0], schema)

    def described(self, descriptor: tuple[Any, Any, list[Conflict]]) -> MergedFile:
        """Return the merged descriptor, with hash, size and row count of the files that the merge wrote."""
        first, second = map(deepcopy, descriptor[:2])
        conflicts = descriptor[2]
        for name, texts in self.mixed.items():
            _, ours, theirs = self.versions[name]
            if ours == theirs:
                continue
            for data, choice in zip(texts, (first, second), strict=True):
                for resource in listing(choice, name):
                    resource.update(_written(resource, data))
            generated = [c for c in conflicts if c.kind is ConflictKind.GENERATED and c.table in self.names(name)]
            if not self.results[name].conflicts:
                conflicts = [found for found in conflicts if found not in generated]
            elif not generated and texts[0] != texts[1] and any(_written(each, b"") for each in listing(first, name)):
                message = f"Hash, size or row count follow from {name}, which is in conflict."
                table = self.names(name)[0]
                place = {"file": DESCRIPTOR, "table": table, "field": f"resources.{table}"}
                conflicts = [*conflicts, conflict(ConflictKind.GENERATED, message, **place)]
        base, ours, theirs = (version or b"" for version in self.versions[DESCRIPTOR])
        for version in (theirs, ours) if ours == base else (ours, theirs):
            if not conflicts and read_descriptor(version, DESCRIPTOR) == first:
                return MergedFile(version, readable=version)
        mine, yours = descriptor_texts((base, ours, theirs), (first, second))
        return MergedFile(marked(mine, yours).encode(), tuple(conflicts), (), mine.encode())
