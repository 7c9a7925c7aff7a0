"""One file of a package, merged by what it is: a table by key, a descriptor by property."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError, ReadoutsError
from readouts.datapackage.merging.conflict import MergedFile, MergeError
from readouts.datapackage.merging.descriptors import merge_descriptor
from readouts.datapackage.merging.references import find_lost_parents
from readouts.datapackage.merging.tables import merge_table
from readouts.datapackage.merging.text import merge_lines, merged_chunks
from readouts.datapackage.merging.version import read_version
from readouts.datapackage.package.bare import written_schema
from readouts.datapackage.package.dereference import dereferenced
from readouts.datapackage.package.package import DESCRIPTOR, open_package
from readouts.datapackage.package.resource import read_resources
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.table.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.datapackage.merging.version import Key
    from readouts.datapackage.schema.model import Table

__all__ = [
    "Keyed",
    "keyed_table",
    "merge_by_line",
    "merge_file",
    "merge_keyed_file",
    "read_table_schema",
    "table_of_resource",
]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A table that can be merged."""

    table: Table
    identities: tuple[Key, ...] = ()  # further columns whose values no two rows may share
    fix: str | None = None  # of its conflicts, where that is not by hand

    def explained(self, merged: MergedFile) -> MergedFile:
        """Return the merged table with this fix for its conflicts, if there is one."""
        if self.fix is None:
            return merged
        return replace(merged, conflicts=tuple(replace(found, fix=self.fix) for found in merged.conflicts))


def read_table_schema(path: Path) -> Table:
    """Read a Table Schema that the user named.

    Raises
    ------
    MergeError
        It is not a Table Schema.
    """
    try:
        written = written_schema(path)
    except PackageError as error:
        raise MergeError(str(error)) from error
    return _with_key(read_schema(path.name.partition(".")[0], written)[0], str(path))


def _with_key(table: Table, where: str) -> Table:
    if not table.primary_key:
        message = f"{where}: the table has no primary key, so that its rows can't be merged. Give it a `primaryKey`."
        raise MergeError(message)
    return table


def table_of_resource(written: Mapping[str, Any], root: Path) -> Table:
    """Return the schema of a table whose file is in the form that tables are merged in.

    Raises
    ------
    MergeError
        It has a dialect, a compression or an encoding of its own, or can't be read.
    """
    (resource,) = read_resources(root, dereferenced(root, {"resources": [dict(written)]}))
    try:
        table = resource.require_readable()
    except TableError as error:
        raise MergeError(str(error)) from error
    if resource.unusual_form is not None:
        message = (
            f"The table '{resource.name}' of {root} can't be merged by key: "
            f"{resource.files[0] if resource.files else 'it'} {resource.unusual_form}. Bring all three packages into "
            "canonical form with `readouts canonicalise`, then merge these."
        )
        raise MergeError(message)
    return table


def keyed_table(path: str, root: Path) -> Keyed | None:
    """Return the schema of a CSV file that a descriptor in one of its folders lists; None if none does.

    Parameters
    ----------
    path
        The path, such as `data/lakes.csv`.
    root
        The folder it is relative to; the descriptor is looked for there, and next to the file.

    Raises
    ------
    MergeError
        The table has no primary key, or a dialect of its own.
    """
    for folder in (root / path).parents:
        if (folder / DESCRIPTOR).is_file():
            resource = _resource(folder, root / path)
            if resource is None:
                return None
            return Keyed(_with_key(table_of_resource(resource, folder), str(folder / DESCRIPTOR)))
    return None


def _resource(folder: Path, file: Path) -> Mapping[str, Any] | None:
    try:
        package = open_package(folder)
    except ReadoutsError:
        # Another conflict in the descriptor must not keep the tables from being merged.
        return None
    for resource in package.resources.values():
        if len(resource.paths) == 1 and resource.paths[0].resolve() == file.resolve():
            return resource.descriptor
    return None


def merge_keyed_file(keyed: Keyed, base: bytes, ours: bytes, theirs: bytes, path: str) -> MergedFile:
    """Merge three versions of a table's file, its references to itself included.

    Raises
    ------
    MergeError
        A version can't be read by key.
    """
    sides = zip((base, ours, theirs), ("base", "ours", "theirs"), strict=True)
    old, first, second = (read_version(data, keyed.table, f"{path} ({side})") for data, side in sides)
    merged = merge_table(keyed.table, old, first, second, path, identities=keyed.identities)
    find_lost_parents({merged.table.name: merged})
    return keyed.explained(merged.merged())


def merge_file(
    base: bytes, ours: bytes, theirs: bytes, path: str, *, root: Path, schema: Table | None = None
) -> MergedFile:
    r"""Merge three versions of one file of a package.

    Parameters
    ----------
    base, ours, theirs
        The versions; an empty base stands for none.
    path
        Path of the file in its folder, with forward slashes: it says what the file is.
    root
        That folder.
    schema
        Schema of a table, where no descriptor lists it.

    Raises
    ------
    MergeError
        The file is of no kind that is merged by key, or a version of it can't be read.

    Examples
    --------
    >>> schema = read_schema("lakes", {"fields": [{"name": "lake"}, {"name": "depth"}], "primaryKey": "lake"})[0]
    >>> head = b"lake,depth\n"
    >>> versions = head, head + b"como,426\n", head + b"garda,346\n"
    >>> merge_file(*versions, "lakes.csv", root=Path(), schema=schema).data.splitlines()[1:]
    [b'como,426', b'garda,346']
    """
    if PurePosixPath(path).name == DESCRIPTOR:
        return merge_descriptor(base, ours, theirs, path)
    keyed = keyed_table(path, root) if schema is None else Keyed(schema)
    if keyed is None:
        message = f"No schema is known for {path}: expected --schema FILE, or a {DESCRIPTOR} that lists it."
        raise MergeError(message)
    return merge_keyed_file(keyed, base, ours, theirs, path)


def merge_by_line(base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, bytes, bytes]:
    """Merge by line what can't be merged by key, as git would; return it with markers, and each side's choice."""
    texts = [data.decode("utf-8", "surrogateescape") for data in (base, ours, theirs)]
    chunks = [*merged_chunks(*texts)]
    mine, yours = ("".join(line for chunk in chunks for line in chunk[side]) for side in (0, 1))
    merged, first, second = (text.encode("utf-8", "surrogateescape") for text in (merge_lines(*texts)[0], mine, yours))
    return merged, first, second
