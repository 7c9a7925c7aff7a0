"""What a user may call one side of a comparison, and the package that is meant."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import weakref
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from readouts.datapackage.errors import ArgumentError, PackageError, ReadoutsError
from readouts.datapackage.package.bare import SchemaLike, bare_package, bare_pair, is_table_name, no_schema_for
from readouts.datapackage.package.package import (
    DESCRIPTOR,
    DESCRIPTORS,
    DataPackage,
    PackageVersion,
    descriptor_in,
    open_package,
)
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.versioning import version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _HasPackage(Protocol):
    """An object that was loaded from a package and knows it."""

    @property
    def package(self) -> DataPackage: ...


PackageLike: TypeAlias = "str | os.PathLike[str] | DataPackage | _HasPackage"
"""A package: its folder, descriptor or archive, a single table, `git:REVISION`, the version of a release, `-` for
standard input, or an opened one."""

__all__ = [
    "PackageLike",
    "PackageNotFoundError",
    "find_package",
    "label_of",
    "located",
    "located_sides",
    "opened",
    "released",
]

_VERSION = re.compile(r"v?([0-9]+\.[0-9]+\.[0-9]+)")
RELEASES = "releases"
_INPUT, _STEM = "-", "stdin"
_CONTENTS = (
    (re.compile(rb"PK\x03\x04"), ".zip"),
    (re.compile(rb"\x1f\x8b"), ".csv.gz"),
    (re.compile(rb"\s*\{"), ".json"),
    (re.compile(rb"(?:.*\n)?resources:[ \r]*\n", re.DOTALL), ".yaml"),
)
"""What standard input begins with, and what a file of that would be called; else it is a table."""


class PackageNotFoundError(PackageError):
    """Neither a folder nor any folder above it has a descriptor."""


def find_package(start: str | os.PathLike[str] = ".") -> Path:
    """Return the descriptor of the package that a folder lies in: the nearest one upwards, as git finds its repository.

    Parameters
    ----------
    start
        The folder. Default: the current one.

    Returns
    -------
    Path
        Absolute path of the nearest `datapackage.json`, or `datapackage.yaml` where a folder has no other. It has not
        been read: a folder or a broken link of that name is returned too, so that nothing further up takes its place.

    Raises
    ------
    PackageNotFoundError
        Neither the folder nor any folder above it has a `datapackage.json`.
    PackageError
        The folder doesn't exist, or a folder above it can't be searched.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> find_package(sample_package() / "data").relative_to(sample_package()).as_posix()
    'datapackage.json'
    """
    try:
        folder = Path(os.path.realpath(start, strict=True))
        for descriptor in (place / name for place in (folder, *folder.parents) for name in DESCRIPTORS):
            with suppress(FileNotFoundError, NotADirectoryError):
                descriptor.lstat()
                return descriptor
    except OSError as error:
        message = f"{error.filename or start} can't be searched for a {DESCRIPTOR}: {error.strerror}."
        raise PackageError(message) from error
    message = (
        f"There is no {DESCRIPTOR} in {folder} or in any folder above it. Change to the folder of a data package, or "
        "name the package."
    )
    raise PackageNotFoundError(message)


class _KeptRoot(type(Path())):  # type: ignore[misc]
    """The folder of a package, for as long as something refers to it."""


def opened(package: PackageLike, extra_files: tuple[str, ...] = (), schema: SchemaLike | None = None) -> DataPackage:
    """Open a package, wherever it is, for as long as it or a resource of it is in use; see `located`.

    Raises
    ------
    PackageError
        There is nothing of that name, or it is not a package.
    """
    with ExitStack() as stack:
        _, found = stack.enter_context(located(package, None, extra_files, schema=schema))
        root = _KeptRoot(found.root)
        weakref.finalize(root, _close, stack.pop_all(), os.getpid())
    return replace(found, root=root)


def _close(stack: ExitStack, process: int) -> None:
    """Remove what was unpacked, unless this is a forked child, whose parent still reads it."""
    if os.getpid() == process:
        stack.close()


def released(folder: Path) -> dict[str, Path]:
    """Return the archives of a project's releases by version, oldest first.

    Parameters
    ----------
    folder
        The project: a folder with `releases/<version>/<archive>.zip`.

    Raises
    ------
    PackageError
        The folder of a release doesn't hold just one archive of a package.
    """
    found = {}
    for place in (folder / RELEASES).glob("*.*.*"):
        if version_of(place.name) is not None and place.is_dir():
            archives = sorted(path for path in place.iterdir() if path.name.endswith(f"-{place.name}.zip"))
            if all(path.name.startswith(".") for path in place.iterdir()):
                # Left behind by a release that was interrupted, of which nothing had been written yet.
                continue
            if len(archives) != 1:
                message = (
                    f"{place} holds {len(archives)} archives: expected one, <name>-{place.name}.zip. Restore it "
                    "from the repository, or remove it if the release was never made."
                )
                raise PackageError(message)
            found[place.name] = archives[0]
    return dict(sorted(found.items(), key=lambda item: version_of(item[0]) or ()))


@contextmanager
def located(
    package: PackageLike,
    label: str | None = None,
    extra_files: tuple[str, ...] = (),
    folder: Path | None = None,
    *,
    duplicates: bool = False,
    schema: SchemaLike | None = None,
    open_table: Callable[[Path], DataPackage] | None = None,
) -> Iterator[tuple[PackageVersion, DataPackage]]:
    """Open a package, wherever it is, until the end of the block; with what it is called.

    Parameters
    ----------
    package
        A folder, a descriptor in JSON or YAML, an archive, a folder that holds one archive, a CSV or TSV file,
        `git:<revision>`, the version of a release in `releases/`, `-` for standard input, or an opened package.
    label
        What it is called. Default: as it was given.
    extra_files
        Files that belong to the package, where they exist, though its descriptor doesn't name them.
    folder
        The project that revisions and versions are looked up in. Default: the current folder.
    duplicates
        Whether a descriptor with a key twice is opened as well.
    schema
        Schema of a single table. Default: it is inferred.
    open_table
        Opens a single table. Default: as a package by itself.

    Raises
    ------
    PackageError
        There is nothing of that name, or it is not a package.
    """
    name = label_of(package)
    called = label or name
    given = getattr(package, "package", package)
    if isinstance(given, DataPackage):
        no_schema_for(called, schema)
        found = replace(given, extra_files=(*given.extra_files, *extra_files))
        yield PackageVersion(called, found.name, found.version), found
        return
    with _place(name, folder or Path(), extra_files) as place:
        try:
            if is_table_name(place.name) and place.is_file():
                found = bare_package(place, schema) if open_table is None else open_table(place)
            else:
                no_schema_for(called, schema)
                found = open_package(place, extra_files, duplicates=duplicates)
            if name == _INPUT:
                found = _from_input(found)
            yield PackageVersion(called, found.name, found.version), found
        except ReadoutsError as error:
            # Unpacked files lie in a folder that means nothing to the user.
            if place.is_relative_to(tempfile.gettempdir()) and str(place) in str(error):
                raise type(error)(str(error).replace(str(place), name)) from error
            raise


def _from_input(found: DataPackage) -> DataPackage:
    """Return a descriptor from standard input as one of the current folder; anything else brought its files along."""
    if found.descriptor_file.startswith(_STEM):
        return replace(found, root=Path(), descriptor_file=_INPUT)
    return found


@contextmanager
def located_sides(
    old: PackageLike,
    new: PackageLike,
    extra_files: tuple[str, ...] = (),
    folder: Path | None = None,
    *,
    labels: tuple[str | None, str | None] = (None, None),
    schema: SchemaLike | None = None,
) -> Iterator[tuple[tuple[PackageVersion, DataPackage], tuple[PackageVersion, DataPackage]]]:
    """Open both sides of a comparison, until the end of the block, as `located` does.

    Two tables without descriptors are one table in two states: they get one name, and one schema that holds for both.

    Raises
    ------
    PackageError
        As for `located`; or only one of them is a single table.
    """
    tables: list[Path] = []

    def unread(table: Path) -> DataPackage:
        tables.append(table)
        return DataPackage(table.parent, {"resources": [{"name": table.name}]}, descriptor_file="")

    with (
        located(old, labels[0], extra_files, folder, open_table=unread) as (first, before),
        located(new, labels[1], extra_files, open_table=unread) as (second, after),
    ):
        if len(tables) == 1:
            table, other = (second, first) if before.descriptor_file else (first, second)
            message = (
                f"{table.label} is a single table and {other.label} is a package: expected two tables, or two packages."
            )
            raise PackageError(message)
        if not tables:
            no_schema_for(first.label, schema)
        packages = bare_pair(tables[0], tables[1], schema) if tables else (before, after)
        yield (first, packages[0]), (second, packages[1])


@contextmanager
def _place(name: str, project: Path, extra_files: tuple[str, ...]) -> Iterator[Path]:
    path, archive = Path(name), None
    with ExitStack() as stack:
        if name == _INPUT:
            path, archive = _spooled(stack)
        elif name.startswith("git:"):
            from readouts.datapackage.package.git_revision import UnknownRevisionError, revision

            try:
                path = stack.enter_context(revision(name.removeprefix("git:"), project, extra_files))
            except UnknownRevisionError:
                archive = _release(name.removeprefix("git:"), project)
                if archive is None:
                    raise
        elif not os.path.lexists(path):
            archive = _release(name, project)
            if archive is None:
                raise PackageError(_nowhere(name, project))
        elif path.is_dir() and not descriptor_in(path).is_file():
            packed = sorted(file for file in path.iterdir() if file.suffix == ".zip")
            archives = [file for file in packed if file.name.endswith(f"-{path.resolve().name}.zip")] or packed
            archive = archives[0] if len(archives) == 1 else None
        elif path.is_file() and _is_zip(path):
            archive = path
        if archive is not None:
            from readouts.datapackage.package.unzip import unpacked

            path = stack.enter_context(unpacked(archive))
        yield path


def _spooled(stack: ExitStack) -> tuple[Path, Path | None]:
    """Write standard input to a file that is called as what it holds; return it, and again if it is an archive."""
    if sys.stdin is None or sys.stdin.isatty():
        message = "'-' is standard input, and nothing is piped into it. Pipe a table or a descriptor, or name a file."
        raise PackageError(message)
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="readouts-", ignore_cleanup_errors=True)))
    with (folder / _STEM).open("w+b") as stream:
        shutil.copyfileobj(sys.stdin.buffer, stream)
        stream.seek(0)
        head = stream.read(2**16)
    if not head.strip():
        message = "'-' is standard input, which is empty, or was read already. Pipe a table or a descriptor into it."
        raise PackageError(message)
    ending = next((ending for pattern, ending in _CONTENTS if pattern.match(head)), ".csv")
    path = (folder / _STEM).rename(folder / f"{_STEM}{ending}")
    return path, path if ending == ".zip" else None


def _is_zip(path: Path) -> bool:
    from zipfile import is_zipfile

    return path.suffix.lower() == ".zip" or is_zipfile(path)


def _nowhere(name: str, project: Path) -> str:
    """Return why a name is not one of a package, and what would be."""
    if "://" in name:
        reason = f"'{name}' is an address, which is not fetched. Download the package first."
    else:
        reason = f"'{name}' is not a data package: there is no such file or folder."
    hint = did_you_mean(name, released(project)) if _VERSION.fullmatch(name) else ""
    return (
        f"{reason} Expected a folder, a {DESCRIPTOR}, a CSV file, a ZIP archive, git:REVISION, or the version of a "
        f"release in {RELEASES}/. {hint}"
    ).rstrip()


def _release(name: str, project: Path) -> Path | None:
    """Return the archive of the release that a name is the version, or the tag, of."""
    version = _VERSION.fullmatch(name)
    return None if version is None else released(project).get(version[1])


def label_of(package: PackageLike) -> str:
    """Return what a report calls a package: as it was given, or the version of an opened one, else its folder."""
    given = getattr(package, "package", package)
    if isinstance(given, DataPackage):
        return given.version or str(given.root)
    if not isinstance(given, str | os.PathLike):
        message = f"Expected a package: its folder, descriptor or archive, or an opened one; found {given!r:.80}."
        raise ArgumentError(message)
    return str(os.fspath(given))
