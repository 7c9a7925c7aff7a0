"""What a user may call one side of a comparison, and the package that is meant."""

from __future__ import annotations

import os
import re
import tempfile
import weakref
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from readouts.datapackage.errors import ArgumentError, PackageError, ReadoutsError
from readouts.datapackage.package.package import DESCRIPTOR, DataPackage, PackageVersion, open_package
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.versioning import version_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class _HasPackage(Protocol):
    """What was loaded from a package and knows it."""

    @property
    def package(self) -> DataPackage: ...


PackageLike: TypeAlias = "str | os.PathLike[str] | DataPackage | _HasPackage"
"""A package: its folder, descriptor or archive, `git:REVISION`, the version of a release, or an opened one."""

__all__ = ["PackageLike", "PackageNotFoundError", "find_package", "label_of", "located", "opened", "released"]

_VERSION = re.compile(r"v?([0-9]+\.[0-9]+\.[0-9]+)")
RELEASES = "releases"


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
        Absolute path of the nearest `datapackage.json`. It has not been read: a folder or a broken link of that name is
        returned too, so that nothing further up takes its place.

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
        for descriptor in (place / DESCRIPTOR for place in (folder, *folder.parents)):
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


def opened(package: PackageLike, extra_files: tuple[str, ...] = ()) -> DataPackage:
    """Open a package, wherever it is, for as long as it or a resource of it is in use; see `located`.

    Raises
    ------
    PackageError
        There is nothing of that name, or it is not a package.
    """
    with ExitStack() as stack:
        _, found = stack.enter_context(located(package, None, extra_files))
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
) -> Iterator[tuple[PackageVersion, DataPackage]]:
    """Open a package, wherever it is, until the end of the block; with what it is called.

    Parameters
    ----------
    package
        A folder, a descriptor, an archive, a folder that holds one archive, `git:<revision>`, the version of a release
        in `releases/`, or an opened package.
    label
        What it is called. Default: as it was given.
    extra_files
        Files that belong to the package, where they exist, though its descriptor doesn't name them.
    folder
        The project that revisions and versions are looked up in. Default: the current folder.
    duplicates
        Whether a descriptor with a key twice is opened as well.

    Raises
    ------
    PackageError
        There is nothing of that name, or it is not a package.
    """
    name = label_of(package)
    called = label or name
    given = getattr(package, "package", package)
    if isinstance(given, DataPackage):
        found = replace(given, extra_files=(*given.extra_files, *extra_files))
        yield PackageVersion(called, found.name, found.version), found
        return
    with _place(name, folder or Path(), extra_files) as root:
        try:
            found = open_package(root, extra_files, duplicates=duplicates)
            yield PackageVersion(called, found.name, found.version), found
        except ReadoutsError as error:
            # What was unpacked lies in a folder that means nothing to the user.
            if root.is_relative_to(tempfile.gettempdir()) and str(root) in str(error):
                raise type(error)(str(error).replace(str(root), name)) from error
            raise


@contextmanager
def _place(name: str, project: Path, extra_files: tuple[str, ...]) -> Iterator[Path]:
    path, archive = Path(name), None
    with ExitStack() as stack:
        if name.startswith("git:"):
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
        elif path.is_dir() and not (path / DESCRIPTOR).is_file():
            packed = sorted(file for file in path.iterdir() if file.suffix == ".zip")
            archives = [file for file in packed if file.name.endswith(f"-{path.resolve().name}.zip")] or packed
            archive = archives[0] if len(archives) == 1 else None
        elif path.is_file() and _is_zip(path):
            archive = path
        if archive is not None:
            from readouts.datapackage.package.unzip import unpacked

            path = stack.enter_context(unpacked(archive))
        yield path


def _is_zip(path: Path) -> bool:
    from zipfile import is_zipfile

    return path.suffix.lower() == ".zip" or is_zipfile(path)


def _nowhere(name: str, project: Path) -> str:
    """Return why a name is not one of a package, and what would be."""
    if name == "-":
        reason = "'-' is standard input, which a package can't be read from."
    elif "://" in name:
        reason = f"'{name}' is an address, which is not fetched. Download the package first."
    else:
        reason = f"'{name}' is not a data package: there is no such file or folder."
    hint = did_you_mean(name, released(project)) if _VERSION.fullmatch(name) else ""
    return (
        f"{reason} Expected a folder, a {DESCRIPTOR}, a ZIP archive, git:REVISION, or the version of a release in "
        f"{RELEASES}/. {hint}"
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
