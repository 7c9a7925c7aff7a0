"""Three versions of a package, or of one of its files, merged and written."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import is_zipfile

from readouts.datapackage.errors import PackageError, ReadoutsError
from readouts.datapackage.merging.conflict import MergedFile, MergedFolder, MergeError
from readouts.datapackage.merging.files import merge_by_line, merge_file, read_table_schema
from readouts.datapackage.merging.package_merge import PackageMerge
from readouts.datapackage.package.files import new_folder, write_new
from readouts.datapackage.package.locate import located
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.package.transaction import replace_file

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

__all__ = ["PACKAGE", "MergeKinds", "merge"]


@dataclass(frozen=True, slots=True)
class MergeKinds:
    """How folders and single files are merged."""

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
        The common ancestor of both versions: a folder, a ZIP archive, `git:REVISION`, or the version of a release in
        `releases/`; or a single file, such as a table or a `datapackage.json`.
    ours, theirs
        The versions to merge, named in the same ways; the layout of ours is kept.
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
        Files and packages are mixed, a version can't be read, or it has no keys to go by.
    PackageError
        The output exists and is not an empty folder.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> merge(sample_package(), sample_package(), sample_package()).conflicts
    ()
    """
    target = None if output is None else Path(output)
    with ExitStack() as stack:
        given = base, ours, theirs
        is_file = [Path(version).is_file() and not is_zipfile(version) for version in given]
        if not all(is_file):
            first, second, third = (_folder(version, stack) for version in given)
            merged = kinds.folders(first, second, third)
            if target is not None:
                _write_folder(merged, target)
            return merged
    first, second, third = map(Path, given)
    versions = first.read_bytes(), second.read_bytes(), third.read_bytes()
    root, name = (Path(), path) if path is not None else _named(second)
    try:
        table = None if schema is None else read_table_schema(Path(schema))
        file = kinds.file(*versions, name, root=root, schema=table)
    except ReadoutsError as error:
        if by_line and target is not None:
            replace_file(target, merge_by_line(*versions)[0])
            message = f"{error} It was merged by line instead: look through the whole file."
            raise MergeError(message) from error
        raise
    if target is not None:
        replace_file(target, file.data)
    return file


def _folder(version: str | os.PathLike[str], stack: ExitStack) -> Path:
    """Return the folder that a version is, unpacked if necessary; `kinds` may merge one without a descriptor."""
    path = Path(version)
    if path.is_dir() and ((path / DESCRIPTOR).exists() or next(path.glob("*.zip"), None) is None):
        return path
    found = stack.enter_context(located(version))[1]
    if found.descriptor_file != DESCRIPTOR:
        message = (
            f"{version} has no {DESCRIPTOR}, by which packages are merged: `readouts canonicalise {version} --output "
            "FOLDER` writes one."
        )
        raise PackageError(message)
    return found.root


def _named(file: Path) -> tuple[Path, str]:
    """Return the folder that a file's path starts from, and that path: three parts are enough to tell what it is."""
    resolved = file.resolve()
    root = resolved.parents[:3][-1]
    return root, resolved.relative_to(root).as_posix()


def _write_folder(merged: MergedFolder, output: Path) -> None:
    """Write a merged folder next to its place, then move it there whole."""
    with new_folder(output) as made:
        for name, data in merged.files.items():
            write_new(made, name, [data])
