"""Paths that a descriptor may name: relative, inside the package, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["inside", "is_address", "paths_of"]


def is_address(name: str) -> bool:
    """Return whether a descriptor names something by its address: nothing is fetched from there.

    Examples
    --------
    >>> is_address("https://example.org/lakes.json"), is_address("lakes.json")
    (True, False)
    """
    return re.match("[A-Za-z][A-Za-z0-9+.-]+://", name) is not None


def inside(root: Path, name: str) -> Path:
    """Return the file that a descriptor's path means.

    Raises
    ------
    PackageError
        The path is absolute, a URL, has a drive, a backslash or `..`, or leaves the package through a link.

    Examples
    --------
    >>> inside(Path("package"), "data/lakes.csv").as_posix()
    'package/data/lakes.csv'
    >>> inside(Path("package"), "../secrets.csv")
    Traceback (most recent call last):
    readouts.datapackage.errors.PackageError: The path '../secrets.csv' leaves the package: expected a relative path \
inside it.
    """
    if is_address(name):
        message = (
            f"{quoted(name)} is an address, and only files inside the package are read: expected the path of a copy."
        )
        raise PackageError(message)
    path = PurePosixPath(name)
    foreign = "\\" in name or ":" in name or "\0" in name or bool(PureWindowsPath(name).drive)
    target = root / path
    if not name or path.is_absolute() or ".." in path.parts or foreign:
        message = f"The path '{name}' leaves the package: expected a relative path inside it."
        raise PackageError(message)
    if not target.resolve().is_relative_to(root.resolve()):
        message = f"The path '{name}' leaves the package through a link: expected a file inside it."
        raise PackageError(message)
    return target


def paths_of(resource: Mapping[str, Any]) -> list[str]:
    """Return the paths that a resource lists: one by itself, or any number in a list.

    Examples
    --------
    >>> paths_of({"path": "lakes.csv"}), paths_of({"path": ["a.csv", "b.csv"]}), paths_of({"data": []})
    (['lakes.csv'], ['a.csv', 'b.csv'], [])
    """
    path = resource.get("path")
    return [part for part in (path if isinstance(path, list) else [path]) if isinstance(part, str)]
