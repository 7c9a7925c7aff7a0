"""Versions versions of a package, merged. Only what belongs to it is: the descriptor, and the files it lists."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError, ReadoutsError
from readouts.datapackage.merging.conflict import (
    Conflict,
    ConflictKind,
    MergedFile,
    MergedFolder,
    MergeError,
    conflict,
)
from readouts.datapackage.merging.descriptors import merge_values, read_descriptor
from readouts.datapackage.merging.files import (
    Keyed,
    keyed_merge,
    merge_by_line,
    merge_file,
    read_table_schema,
    table_of_resource,
)
from readouts.datapackage.merging.references import find_lost_parents
from readouts.datapackage.merging.text import marked
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.package.paths import inside, paths_of
from readouts.datapackage.package.transaction import replace_file
from readouts.datapackage.table.canonical_csv import descriptor_bytes

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from readouts.datapackage.merging.tables import MergedTable

__all__ = ["PACKAGE", "SIDES", "MergeKinds", "PackageMerge", "either", "merge", "whole_file"]

Versions = tuple[bytes | None, bytes | None, bytes | None]
SIDES = ("base", "ours", "theirs")


def _resources(descriptor: Any) -> list[dict[str, Any]]:
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    return [entry for entry in resources if isinstance(entry, dict)] if isinstance(resources, list) else []


def either(ours: bytes | None, theirs: bytes | None) -> bytes:
    """Return the side that is there; an empty file is."""
    return (theirs or b"") if ours is None else ours


def _tabular(resource: Mapping[str, Any], path: str) -> bool:
    return path.endswith((".csv", ".tsv")) or "schema" in resource or resource.get("type") == "table"


def _is_binary(data: bytes) -> bool:
    """Tell whether data is no text that has lines."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return b"\0" in data


def _whole(name: str, base: bytes | None, ours: bytes, theirs: bytes) -> MergedFile:
    """Merge a file that has no lines: the side that changed it, or ours and a conflict."""
    if base in {ours, theirs}:
        data = theirs if base == ours else ours
        return MergedFile(data, readable=data)
    message = f"{name} is no text, and both sides changed it: ours was kept. Put the right one there."
    return MergedFile(ours, (conflict(ConflictKind.TEXT, message, file=name),), (), ours)


def whole_file(data: bytes, conflicts: Iterable[Conflict], *, in_ours: bool) -> MergedFile:
    """Return a file that one side deleted and the other needs: all of it between markers."""
    text = data.decode("utf-8", "replace")
    shown = marked(text, "") if in_ours else marked("", text)
    return MergedFile(shown.encode(), tuple(conflicts), (), data if in_ours else b"")


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
                message = f"Nothing to merge is in {folder}: expected {self.expected}."
                raise MergeError(message)
            names.update(listed)
        self.root = folders[1]
        self.versions: dict[str, Versions] = {}
        for name in sorted(names):
            data = [path.read_bytes() if (path := inside(folder, name)).is_file() else None for folder in folders]
            self.versions[name] = (data[0], data[1], data[2])
        self.results: dict[str, MergedFile] = {}
        self.tables: dict[str, tuple[MergedTable, Keyed]] = {}
        self.between: list[Conflict] = []
        self.deleted_files: set[str] = set()

    def listed(self, folder: Path) -> Iterator[str]:
        """Yield the paths of the files of a folder that are merged: the descriptor, and what it lists."""
        if (folder / DESCRIPTOR).is_file():
            yield DESCRIPTOR
            descriptor = read_descriptor((folder / DESCRIPTOR).read_bytes(), str(folder / DESCRIPTOR))
            for resource in _resources(descriptor):
                for listed in paths_of(resource):
                    if inside(folder, listed).is_file():
                        yield listed
                for part in (resource.get("schema"), resource.get("dialect")):
                    if isinstance(part, str) and "://" not in part and inside(folder, part).is_file():
                        yield part

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
        find_lost_parents({table.table.name: table for table, _ in self.tables.values()})
        for name, (table, keyed) in self.tables.items():
            self.results[name] = keyed.explained(table.merged())
        self.link()
        if descriptor is not None:
            self.results[DESCRIPTOR] = self.described(descriptor)
        gone = {name for name in self.deleted_files if not self.results[name].data}
        found = [each for name in self.results for each in self.results[name].conflicts]
        return MergedFolder(
            {name: self.results[name].data for name in sorted(self.results) if name not in gone},
            tuple(dict.fromkeys([*found, *self.between])),
            tuple(note for name in self.results for note in self.results[name].notes),
        )

    def descriptor(self) -> tuple[Any, Any, list[Conflict]] | None:
        """Merge the descriptors, in which the schemas of the tables are."""
        three = self.versions.get(DESCRIPTOR)
        if three is None:
            return None
        if three[1] is None or three[2] is None:
            message = f"One side has no {DESCRIPTOR}: expected a package on both sides."
            raise MergeError(message)
        sides = zip(three, SIDES, strict=True)
        old, mine, yours = (read_descriptor(data or b"", f"{DESCRIPTOR} ({side})") for data, side in sides)
        (first, second), conflicts = merge_values(old, mine, yours, DESCRIPTOR)
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
            self.tables[name] = keyed_merge(keyed, base or b"", ours or b"", theirs or b"", self.path(name)), keyed
            return
        if ours is None or theirs is None or ours == theirs:
            data = either(ours, theirs)
        elif any(_is_binary(each or b"") for each in self.versions[name]):
            self.results[name] = _whole(name, base, ours, theirs)
            return
        else:
            data = merge_by_line(base or b"", ours, theirs)
        clean = data in {ours, theirs} or b"\n<<<<<<< " not in b"\n" + data
        message = f"{name} has no keys to go by; it was merged by line, and lines are in conflict."
        found = () if clean else (conflict(ConflictKind.TEXT, message, file=name),)
        self.results[name] = MergedFile(data, found, (), data)

    def deleted(self, name: str, left: bytes, *, in_ours: bool) -> None:
        """Put a file between markers that one side deleted and the other changed."""
        who, other = ("theirs", "ours") if in_ours else ("ours", "theirs")
        message = f"{name} was deleted by {who} and changed by {other}."
        found = conflict(ConflictKind.DELETED, message, file=name)
        self.results[name] = whole_file(left, [found], in_ours=in_ours)

    def keyed(self, path: str, descriptor: tuple[Any, Any, list[Conflict]] | None) -> Keyed | None:
        """Return the schema of a file if it is a table with a key."""
        for resource in _resources(descriptor[0]) if descriptor else ():
            listed = paths_of(resource)
            if path in listed and _tabular(resource, path):
                table = table_of_resource(resource, self.schema(resource), self.root)
                if table.primary_key and (not path.endswith(".csv") or len(listed) > 1):
                    message = (
                        f"The table '{resource.get('name')}' is not one file in CSV. Bring all three packages into "
                        "canonical form with `readouts canonicalise`, then merge these."
                    )
                    raise MergeError(message)
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
        """Return the merged descriptor, with hash, size and row count of the tables that were merged."""
        first, second, conflicts = descriptor
        for resource in (*_resources(first), *_resources(second)):
            name = next(iter(paths_of(resource)), None)
            if name is None or name not in self.tables:
                continue
            _, ours, theirs = self.versions[name]
            result = self.results[name]
            if result.conflicts or ours == theirs == result.data:
                continue
            if "hash" in resource:
                # Whatever the algorithm was: one that the merge can take itself.
                resource["hash"] = f"sha256:{sha256(result.data).hexdigest()}"
            if "bytes" in resource:
                resource["bytes"] = len(result.data)
            if "rowCount" in resource:
                resource["rowCount"] = len(self.tables[name][0].settled)
            conflicts = [
                found
                for found in conflicts
                if found.kind is not ConflictKind.GENERATED or found.table != resource.get("name")
            ]
        for data in self.versions[DESCRIPTOR][1:]:
            if not conflicts and read_descriptor(data or b"", DESCRIPTOR) == first:
                return MergedFile(data or b"", readable=data or b"")
        texts = [descriptor_bytes(value).decode() for value in (first, second)]
        return MergedFile(marked(*texts).encode(), tuple(conflicts), (), texts[0].encode())


@dataclass(frozen=True, slots=True)
class MergeKinds:
    """How folders and single files are merged.

    Attributes
    ----------
    folders
        Merges three versions of a folder.
    file
        Merges three versions of a file, as `merge_file` does.
    """

    folders: Callable[[Path, Path, Path], MergedFolder]
    file: Callable[..., MergedFile]


PACKAGE = MergeKinds(lambda *folders: PackageMerge(folders).merged(), merge_file)
"""Packages and their files."""


def merge(
    base: str | os.PathLike[str],
    ours: str | os.PathLike[str],
    theirs: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    path: str | None = None,
    schema: str | os.PathLike[str] | None = None,
    kinds: MergeKinds = PACKAGE,
    by_line: bool = False,
) -> MergedFile | MergedFolder:
    """Merge three versions of a package, or of one file of it, by key and cell.

    Parameters
    ----------
    base
        The version that both sides began with.
    ours, theirs
        The versions to merge; the layout of ours is kept.
    output
        Where the result is written: a file, or a folder that is new or empty. Default: nowhere.
    path
        For files: the path of the file in its package, which says what it is. Default: that of `ours`.
    schema
        For files: the Table Schema of a CSV file that no descriptor lists.
    kinds
        How folders and files are merged, for projects that hold more than packages.
    by_line
        Whether a file that can't be merged by key is merged by line and written before the error is raised: git takes
        what it finds for the result, so that it must not be our version as if theirs had never been.

    Returns
    -------
    MergedFolder or MergedFile
        The result, with every contradiction in `conflicts`; files have them between markers.

    Raises
    ------
    MergeError
        Files and folders are mixed, a version can't be read, or it has no keys to go by.
    PackageError
        The output exists and is not an empty folder.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> merge(sample_package(), sample_package(), sample_package()).conflicts
    ()
    """
    versions = Path(base), Path(ours), Path(theirs)
    target = None if output is None else Path(output)
    for version in versions:
        if not version.exists():
            message = f"{version} does not exist: expected three folders, or three files."
            raise MergeError(message)
    folders = [version.is_dir() for version in versions]
    if all(folders):
        merged = kinds.folders(*versions)
        if target is not None:
            _write_folder(merged, target)
        return merged
    if any(folders):
        message = "Expected three files or three folders; found both."
        raise MergeError(message)
    old, first, second = (version.read_bytes() for version in versions)
    root, name = (Path(), path) if path is not None else _named(versions[1])
    try:
        table = None if schema is None else read_table_schema(Path(schema))
        file = kinds.file(old, first, second, name, root=root, schema=table)
    except ReadoutsError as error:
        if by_line and target is not None:
            replace_file(target, merge_by_line(old, first, second))
            message = f"{error} It was merged by line instead: look through the whole file."
            raise MergeError(message) from error
        raise
    if target is not None:
        replace_file(target, file.data)
    return file


def _named(file: Path) -> tuple[Path, str]:
    """Return the folder that a file's path starts from, and that path: three parts are enough to tell what it is."""
    resolved = file.resolve()
    root = resolved.parents[min(2, len(resolved.parents) - 1)]
    return root, resolved.relative_to(root).as_posix()


def _write_folder(merged: MergedFolder, output: Path) -> None:
    """Write a merged folder next to its place, then move it there whole."""
    if output.is_dir():
        if any(output.iterdir()):
            message = f"Output folder {output} already exists and is not empty."
            raise PackageError(message)
        output.rmdir()
    elif output.exists():
        message = f"{output} is a file: expected a folder that is new or empty."
        raise PackageError(message)
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.") as holder:
        made = Path(holder) / "merged"
        made.mkdir()
        for name, data in merged.files.items():
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        shutil.move(made, output)
