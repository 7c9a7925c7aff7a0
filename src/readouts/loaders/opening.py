"""Packages of the corpus on disk: a folder, an archive, or a release from the registry."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import open_package

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from readouts.datapackage.package.package import Package

__all__ = ["opened", "opened_release"]


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[Package]:
    """Open a package: its folder, its descriptor, or a ZIP archive, which is unpacked for as long as it is open."""
    place = Path(path)
    if place.suffix.lower() != ".zip" or place.is_dir():
        yield open_package(place)
        return
    from readouts.datapackage.package.unzip import unpacked

    with unpacked(place) as folder:
        yield open_package(folder)


@contextmanager
def opened_release(version: str, registry: str | os.PathLike[str] | None) -> Iterator[Package]:
    """Open a release as it was published; the package of a checkout may have moved on under the same version."""
    from readouts.loaders.registry import fetched

    with opened(fetched(version, registry=registry)) as package:
        if package.version != version:
            found = package.version or "nothing"
            message = f"The archive of release {version} holds version {found}: report this, please."
            raise PackageError(message)
        yield package
