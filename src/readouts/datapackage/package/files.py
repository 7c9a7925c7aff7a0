"""The files that a release is made of, and new folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.paths import inside
from readouts.datapackage.package.transaction import staged_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from readouts.datapackage.package.package import DataPackage

__all__ = [
    "Content",
    "chunks",
    "content_of",
    "contents",
    "gathered",
    "new_folder",
    "package_files",
    "staged_folder",
    "write_new",
]

_STEP = 2**20


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds."""

    bytes: int
    sha256: str


def package_files(package: DataPackage) -> dict[str, Path]:
    """Return the files of a package by path: descriptor, data, what these refer to, and extra files.

    Raises
    ------
    PackageError
        A path leaves the package, or there is no file at it.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> sorted(package_files(open_package(sample_package())))
    ['data/countries.csv', 'data/lakes.csv', 'data/measurements.csv', 'datapackage.json']
    """
    names = {*({package.descriptor_file} - {"", "-"}), *_named(package.descriptor)}
    names.update(name for name in package.extra_files if (package.root / name).is_file())
    files = {}
    for name in sorted(names):
        path = inside(package.root, name)
        if not path.is_file():
            message = f"{package.root} has no file {name}: expected it, since the descriptor names it."
            raise PackageError(message)
        files[path.relative_to(package.root).as_posix()] = path
    return files


def _named(descriptor: dict[str, Any]) -> Iterator[str]:
    """Yield the paths of files that a descriptor names; addresses elsewhere are none."""
    for resource in descriptor["resources"]:
        for part in ("path" if "path" in resource else "url", "extrapaths", "schema", "dialect"):
            value = resource.get(part)
            for name in value if isinstance(value, list) else [value]:
                if isinstance(name, str) and "://" not in name:
                    yield name


def contents(files: dict[str, Path]) -> dict[str, Content]:
    """Return what each of these files holds."""
    found = {}
    for name, path in files.items():
        found[name] = content_of(chunks(path))
    return found


def content_of(data: Iterable[bytes]) -> Content:
    """Return what chunks of bytes hold together."""
    digest, size = sha256(), 0
    for chunk in data:
        digest.update(chunk)
        size += len(chunk)
    return Content(size, digest.hexdigest())


def chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, some at a time."""
    with path.open("rb") as stream:
        while chunk := stream.read(_STEP):
            yield chunk


def gathered(texts: Iterable[str]) -> Iterator[bytes]:
    """Yield texts in UTF-8, many at a time: writing them one by one costs more than making them."""
    waiting, size = [], 0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size > _STEP:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


@contextmanager
def staged_folder(place: Path) -> Iterator[Path]:
    """Give a folder next to a path, on the same file system, that is gone afterwards."""
    staged = staged_path(place)
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


@contextmanager
def new_folder(target: Path, keep_out: Path | None = None) -> Iterator[Path]:
    """Give a folder to write to, which becomes `target` in one rename at the end of the block, or vanishes.

    Parameters
    ----------
    target
        A folder that is not there yet, or is empty.
    keep_out
        A folder that nothing is written into.

    Raises
    ------
    PackageError
        There is something at `target`, or it lies within `keep_out`.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "made"
    >>> with new_folder(target) as folder:
    ...     written = write_new(folder, "a.txt", [b"one"])
    >>> [path.name for path in target.iterdir()]
    ['a.txt']
    """
    place = Path(os.path.abspath(target))  # noqa: PTH100 - a link stays what it is: a rename would replace it
    if keep_out is not None and place.resolve().is_relative_to(keep_out.resolve()):
        message = f"{target} lies in {keep_out}, which is only read: expected a folder outside of it."
        raise PackageError(message)
    if place.is_symlink() or (place.exists() and not (place.is_dir() and not any(place.iterdir()))):
        message = f"{target} already exists: expected a new or an empty folder."
        raise PackageError(message)
    place.parent.mkdir(parents=True, exist_ok=True)
    with staged_folder(place) as staged:
        yield staged
        with suppress(FileNotFoundError):
            # Windows renames to no folder that is there, not even to an empty one.
            place.rmdir()
        staged.replace(place)


def write_new(folder: Path, name: str, data: Iterable[bytes]) -> Content:
    """Write a file of a new folder, flush it to disk, and return what it holds."""
    path = inside(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as stream:

        def copied() -> Iterator[bytes]:
            for chunk in data:
                stream.write(chunk)
                yield chunk

        content = content_of(copied())
        stream.flush()
        os.fsync(stream.fileno())
    return content
