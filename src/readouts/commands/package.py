"""What the commands that read a package share: which one is meant."""

from __future__ import annotations

import os
from pathlib import Path

from readouts.commands.shell import say
from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.package.locate import PackageNotFoundError, find_package
from readouts.datapackage.package.package import Package, open_package

__all__ = ["corpus_package", "package_path"]


def package_path(path: Path | None) -> Path:
    """Return the path that was given; without one, that of the descriptor found here or in a folder above.

    A package of a folder above is named on standard error.

    Raises
    ------
    PackageNotFoundError
        None was given, and none is found.
    """
    if path is not None:
        return path
    found = find_package()
    relative = Path(os.path.relpath(found))
    if relative.parent != Path():
        say(f"readouts: Using {found}.")
    return relative


def corpus_package(path: Path | None) -> Package:
    """Return the package at a path, or the one found here or in a folder above, else the bundled release.

    Raises
    ------
    PackageError
        There is none at the path.
    """
    try:
        return open_package(package_path(path))
    except PackageNotFoundError:
        bundled = open_package(bundled_package())
        say(f"readouts: Using the bundled release {bundled.version}: no datapackage.json is here or in a folder above.")
        return bundled
