"""Three versions of a folder, merged: a package, a tree of annotations, or a project that has both.

Only what is known to belong to it is merged: the descriptor, the files it lists, and the annotations.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from readouts.annotation_merge.annotations import Annotation, File, links, merge_annotation, read_annotation, whole_file
from readouts.annotation_merge.files import (
    REBUILT,
    Keyed,
    keyed_merge,
    keyed_table,
    mended,
    merge_by_line,
    table_of_resource,
)
from readouts.annotation_merge.links import joined_links, lost_parents, twice_defined
from readouts.annotation_merge.node_kinds import annotation_kind, definition
from readouts.datapackage.merging.conflict import Conflict, ConflictKind, MergedFile, MergedFolder, MergeError, conflict
from readouts.datapackage.merging.descriptors import merge_values, read_descriptor
from readouts.datapackage.merging.references import find_lost_parents
from readouts.datapackage.merging.text import marked
from readouts.datapackage.package.canonical_csv import descriptor_bytes
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.package.paths import inside, paths_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from readouts.datapackage.merging.tables import MergedTable

__all__ = ["merge_folders"]

Three = tuple[bytes | None, bytes | None, bytes | None]
_SIDES = ("base", "ours", "theirs")
_TREE = "annotations"


def merge_folders(base: Path, ours: Path, theirs: Path) -> MergedFolder:
    """Merge three versions of a folder.

    Returns
    -------
    MergedFolder
        The files of the result by their path in the folder, and every contradiction, those between files included.

    Raises
    ------
    MergeError
        A side is no package and no tree of annotations, or a file of it can't be read.

    Examples
    --------
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> here = bundled_package()
    >>> merged = merge_folders(here, here, here)
    >>> merged.conflicts, merged.files["datapackage.json"] == (here / "datapackage.json").read_bytes()
    ((), True)
    """
    return _FolderMerge((base, ours, theirs)).merged()


def _listed(folder: Path) -> Iterator[str]:
    """Yield the paths of the files of a folder that are merged."""
    tree = folder if (folder / "corpus.yaml").is_file() else folder / _TREE
    for path in sorted(tree.rglob("*")) if tree.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if not any(part.startswith(".") for part in PurePosixPath(name).parts) and not path.is_dir():
            yield name
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


def _resources(descriptor: Any) -> list[dict[str, Any]]:
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    return [entry for entry in resources if isinstance(entry, dict)] if isinstance(resources, list) else []


def _either(ours: bytes | None, theirs: bytes | None) -> bytes:
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


class _FolderMerge:
    """Merges the files of a folder, then looks at what joins them."""

    def __init__(self, folders: tuple[Path, Path, Path]) -> None:
        names: set[str] = set()
        for folder in folders:
            listed = list(_listed(folder))
            if not listed:
                message = (
                    f"Nothing to merge is in {folder}: expected a folder with {DESCRIPTOR}, or a folder of annotations."
                )
                raise MergeError(message)
            names.update(listed)
        self.is_tree = any((folder / "corpus.yaml").is_file() for folder in folders)
        self.root = folders[1]
        self.versions: dict[str, Three] = {}
        for name in sorted(names):
            data = [path.read_bytes() if (path := inside(folder, name)).is_file() else None for folder in folders]
            self.versions[name] = (data[0], data[1], data[2])
        self.results: dict[str, MergedFile] = {}
        self.tables: dict[str, tuple[MergedTable, Keyed]] = {}
        self.annotations: dict[str, tuple[File, tuple[Annotation, Annotation, Annotation]]] = {}
        self.between: list[Conflict] = []
        self.deleted_files: set[str] = set()

    def merged(self) -> MergedFolder:
        """Merge everything."""
        descriptor = self.descriptor()
        for name in self.versions:
            if name != DESCRIPTOR:
                self.file(name, descriptor)
        find_lost_parents({table.table.name: table for table, _ in self.tables.values()})
        for name, (table, keyed) in self.tables.items():
            self.results[name] = mended(table.merged(), keyed.mend)
        self.link_annotations()
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
        sides = zip(three, _SIDES, strict=True)
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
        path = f"{_TREE}/{name}" if self.is_tree else name
        kind = annotation_kind(path)
        if kind is not None and path.startswith(f"{_TREE}/"):
            file = File(*kind, path)
            sides = zip(self.versions[name], _SIDES, strict=True)
            old, mine, yours = (read_annotation(data or b"", f"{name} ({side})") for data, side in sides)
            self.annotations[name] = file, (old, mine, yours)
            if ours is None or theirs is None:
                data = _either(ours, theirs)
                self.results[name] = MergedFile(data, readable=data)
            else:
                self.results[name] = merge_annotation(file, old, mine, yours)
            return
        keyed = self.keyed(path, descriptor)
        if keyed is not None:
            self.tables[name] = keyed_merge(keyed, base or b"", ours or b"", theirs or b"", path), keyed
            return
        if ours is None or theirs is None or ours == theirs:
            data = _either(ours, theirs)
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
                table = table_of_resource(resource, self.schema(resource))
                if table.primary_key and (not path.endswith(".csv") or len(listed) > 1):
                    message = (
                        f"The table '{resource.get('name')}' is not one file in CSV. Bring all three packages into "
                        "canonical form with `readouts canonicalise`, then merge these."
                    )
                    raise MergeError(message)
                built = f"{_TREE}/corpus.yaml" in self.versions
                return Keyed(table, (), REBUILT if built else None) if table.primary_key else None
        if path.startswith(f"{_TREE}/") and path.endswith(".csv"):
            return keyed_table(path, self.root)
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

    def link_annotations(self) -> None:
        """Find what one side deleted from one file while the other refers to it in another, and put it back, marked."""
        ours, theirs = (
            joined_links(links(three[number], file) for file, three in self.every_annotation()) for number in (1, 2)
        )
        merged = joined_links(
            links(read_annotation(self.results[name].readable, name), file)
            for name, (file, _) in self.annotations.items()
        )
        lost = lost_parents(merged, ours, theirs)
        self.between += [found for each in lost.values() for found in each]
        self.between += twice_defined(merged, ours, theirs)
        names = {file.name: name for name, (file, _) in self.annotations.items()}
        needed: dict[str, set[tuple[str | int, ...]]] = {}
        for target in lost:
            for path in sorted({path for side in (ours, theirs) for path in side.defined.get(target, ())}):
                name = names.get(path)
                if name is None:
                    self.restore(path)
                    continue
                file, _ = self.annotations[name]
                place = definition(file.kind, file.id, *target)
                if place:
                    needed.setdefault(name, set()).add(place)
        for name, places in needed.items():
            file, three = self.annotations[name]
            self.results[name] = merge_annotation(file, *three, needed=frozenset(places))

    def every_annotation(self) -> Iterator[tuple[File, tuple[Annotation, Annotation, Annotation]]]:
        """Yield every annotation of any side, those too that are gone from the result."""
        yield from self.annotations.values()
        for name, three in self.versions.items():
            path = f"{_TREE}/{name}" if self.is_tree else name
            kind = annotation_kind(path)
            if kind is not None and path.startswith(f"{_TREE}/") and name not in self.annotations:
                old, mine, yours = (read_annotation(data or b"", name) for data in three)
                yield File(*kind, path), (old, mine, yours)

    def restore(self, path: str) -> None:
        """Put a file back, between markers, that one side deleted and to which the other refers."""
        name = path.removeprefix(f"{_TREE}/") if self.is_tree else path
        _, ours, theirs = self.versions[name]
        if not self.results[name].data:
            self.results[name] = whole_file(_either(ours, theirs), (), in_ours=ours is not None)

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
