"""What the commands that read a package share: which one is meant."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.commands.shell import note

if TYPE_CHECKING:
    from readouts.datapackage.package.package import DataPackage

__all__ = ["corpus_package", "package_path"]


def package_path(given: str | None) -> str:
    """Return the package that was given; without one, the path of the descriptor found here or in a folder above.

    A package of a folder above is named on standard error.

    Raises
    ------
    PackageNotFoundError
        None was given, and none is found.
    """
    if given is not None:
        return given
    from readouts.datapackage.package.locate import find_package

    found = find_package()
    relative = Path(os.path.relpath(found))
    if relative.parent != Path():
        note(f"Using {found}.")
    return relative.as_posix()


def corpus_package(given: str | None) -> DataPackage:
    """Return the package that was given, or the one found here or in a folder above, else the bundled release.

    Raises
    ------
    PackageError
        What was given is not a package.
    """
    from readouts.corpus_schema.bundled import bundled_package
    from readouts.datapackage.package.locate import PackageNotFoundError, opened
    from readouts.datapackage.package.package import open_package
    from readouts.loaders.released import version_label

    try:
        return opened(package_path(given))
    except PackageNotFoundError:
        bundled = open_package(bundled_package())
        version = version_label(bundled)
        note(f"Using the bundled corpus {version}: no datapackage.json is here or in a folder above.")
        return bundled
