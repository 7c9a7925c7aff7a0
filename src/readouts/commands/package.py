"""What the commands that read a package share: which one is meant."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.package.reading import DESCRIPTOR, Package, open_package
from readouts.resources import bundled_package

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["chosen_package", "opened_release"]


def chosen_package(path: Path | None) -> Package:
    """Return the package at a path; without one, the package in the current folder, else the bundled one.

    Raises
    ------
    PackageError
        There is none at the path.
    """
    if path is None:
        here = Path.cwd()
        path = here if (here / DESCRIPTOR).is_file() else bundled_package()
    return open_package(path)


@contextmanager
def opened_release(path: Path) -> Iterator[Package]:
    """Open a release: the folder of a package, its descriptor, an archive, or a folder that holds one archive.

    Raises
    ------
    PackageError
        There is none.
    """
    archives = sorted(path.glob("*.zip")) if path.is_dir() and not (path / DESCRIPTOR).is_file() else []
    archive = archives[0] if len(archives) == 1 else path
    if archive.suffix != ".zip":
        yield open_package(path)
        return
    from readouts.package.unpacking import unpacked

    with unpacked(archive) as folder:
        yield open_package(folder)
