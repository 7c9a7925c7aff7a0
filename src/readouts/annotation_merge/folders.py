"""Three versions of a folder, merged: a package, a tree of annotations, or a project that has both."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from readouts.annotation_merge.annotations import Annotation, File, links, merge_annotation, read_annotation
from readouts.annotation_merge.files import REBUILT, keyed_table, merge_file, rebuilt
from readouts.annotation_merge.links import joined_links, lost_parents, twice_defined
from readouts.annotation_merge.node_kinds import annotation_kind, definition
from readouts.datapackage.merging import packages
from readouts.datapackage.merging.conflict import Conflict, MergedFile, MergedFolder
from readouts.datapackage.merging.package_merge import SIDES, PackageMerge, either, whole_file
from readouts.datapackage.merging.packages import MergeKinds
from readouts.datapackage.package.package import DESCRIPTOR

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.merging.files import Keyed

__all__ = ["CORPUS", "merge", "merge_folders"]

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
        A side is neither a package nor a tree of annotations, or a file of it can't be read.

    Examples
    --------
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> here = bundled_package()
    >>> merged = merge_folders(here, here, here)
    >>> merged.conflicts, merged.files["datapackage.json"] == (here / "datapackage.json").read_bytes()
    ((), True)
    """
    return _CorpusMerge((base, ours, theirs)).merged()


class _CorpusMerge(PackageMerge):
    """Merges annotations too, by their keys, and puts back what one side deleted while the other refers to it."""

    def __init__(self, folders: tuple[Path, Path, Path]) -> None:
        if any((folder / "corpus.yaml").is_file() for folder in folders):
            self.expected = f"a folder with {DESCRIPTOR}, or a folder of annotations"
        super().__init__(folders)
        self.annotations: dict[str, tuple[File, tuple[Annotation, Annotation, Annotation]]] = {}
        self.is_tree = any((folder / "corpus.yaml").is_file() for folder in folders)
        self.fix = REBUILT if f"{_TREE}/corpus.yaml" in self.versions else None

    def listed(self, folder: Path) -> Iterator[str]:
        """Yield the annotations too."""
        tree = folder if (folder / "corpus.yaml").is_file() else folder / _TREE
        for path in sorted(tree.rglob("*")) if tree.is_dir() else ():
            name = path.relative_to(folder).as_posix()
            if not any(part.startswith(".") for part in PurePosixPath(name).parts) and not path.is_dir():
                yield name
        yield from super().listed(folder)

    def path(self, name: str) -> str:
        """Return the path of a file of a tree of annotations as if its project was merged."""
        return f"{_TREE}/{name}" if self.is_tree else name

    def special(self, name: str) -> MergedFile | None:
        """Merge an annotation."""
        path = self.path(name)
        kind = annotation_kind(path)
        if kind is None or not path.startswith(f"{_TREE}/"):
            return None
        file = File(*kind, path)
        versions = zip(self.versions[name], SIDES, strict=True)
        old, mine, yours = (read_annotation(data or b"", f"{name} ({side})") for data, side in versions)
        self.annotations[name] = file, (old, mine, yours)
        _, ours, theirs = self.versions[name]
        if ours is None or theirs is None:
            return MergedFile(either(ours, theirs), readable=either(ours, theirs))
        return merge_annotation(file, old, mine, yours)

    def described(self, descriptor: tuple[Any, Any, list[Conflict]]) -> MergedFile:
        """Return the merged descriptor, which a rebuild may write again."""
        merged = super().described(descriptor)
        return merged if self.fix is None else rebuilt(merged)

    def keyed(self, path: str, descriptor: tuple[Any, Any, list[Conflict]] | None) -> Keyed | None:
        """Return the schema of a table of annotations too."""
        found = super().keyed(path, descriptor)
        if found is None and path.startswith(f"{_TREE}/") and path.endswith(".csv"):
            return keyed_table(path, self.root)
        return found

    def link(self) -> None:
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
            path = self.path(name)
            kind = annotation_kind(path)
            if kind is not None and path.startswith(f"{_TREE}/") and name not in self.annotations:
                old, mine, yours = (read_annotation(data or b"", name) for data in three)
                yield File(*kind, path), (old, mine, yours)

    def restore(self, path: str) -> None:
        """Put a file back, between markers, that one side deleted and to which the other refers."""
        name = path.removeprefix(f"{_TREE}/") if self.is_tree else path
        _, ours, theirs = self.versions[name]
        if not self.results[name].data:
            self.results[name] = whole_file(either(ours, theirs), (), in_ours=ours is not None)


CORPUS = MergeKinds(merge_folders, merge_file)
"""Annotations, and packages and their files."""


def merge(
    base: str | os.PathLike[str],
    ours: str | os.PathLike[str],
    theirs: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    path: str | None = None,
    schema: str | os.PathLike[str] | None = None,
    by_line: bool = False,
) -> MergedFile | MergedFolder:
    """Merge three versions of a package, a tree of annotations, a project with both, or one file, by key and cell.

    Parameters
    ----------
    base, ours, theirs
        The common ancestor, and the two versions to merge; the layout of ours is kept.
    output
        Where the result is written: a file, or a folder that is new or empty. Default: nowhere.
    path, schema, by_line
        For files: as for `readouts.datapackage.merge`.

    Returns
    -------
    MergedFolder or MergedFile
        The result, with every contradiction in `conflicts`; files have them between markers.

    Raises
    ------
    MergeError
        A version can't be read, has no keys to go by, or files and folders are mixed.

    Examples
    --------
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> here = bundled_package()
    >>> merge(here, here, here).conflicts
    ()
    """
    return packages.merge(base, ours, theirs, output, path=path, schema=schema, kinds=CORPUS, by_line=by_line)
