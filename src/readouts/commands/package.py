"""What the commands that read a package share: which one is meant."""

from __future__ import annotations

from pathlib import Path

from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.package.package import DESCRIPTOR, Package, open_package

__all__ = ["chosen_package"]


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
