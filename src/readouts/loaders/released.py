"""The version that data are shown with: the data of a release have its version, what differs is `+unreleased`."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING
from zipfile import ZipFile

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.versioning import version_of
from readouts.text.hydrated_package import HYDRATED_FIELDS

if TYPE_CHECKING:
    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.table.resource import Resource

__all__ = ["UNRELEASED", "version_label"]

UNRELEASED = "+unreleased"
"""Suffix of the version for data with a release's version, but not the release's tables."""


def version_label(package: DataPackage) -> str:
    """Return the version that a package is shown with: `1.1.0+unreleased` if its tables differ from those of 1.1.0.

    The release is the one in the `releases/` of the package, else the one that ships with this installation. A package
    of another name, or of a version that neither of them has, is shown with the version of its descriptor.

    Examples
    --------
    >>> import readouts
    >>> version_label(readouts.load("1.0.0").package)
    '1.0.0'
    """
    released = _released_tables(package)
    if released is None or _same_tables(package, released):
        return package.version
    return package.version + UNRELEASED


def _released_tables(package: DataPackage) -> dict[str, tuple[str, str]] | None:
    """Return path and hash of each table of the release that a package is named after; None if there is none."""
    from readouts.loaders.registry import default_registry, fetched, release_entry

    if version_of(package.version) is None:
        return None
    for folder in (package.root / "releases", default_registry()):
        try:
            entry = release_entry(folder, package.version)
            if entry is None or entry.name != package.name:
                continue
            archive = fetched(entry.version, registry=folder, known={entry.version: entry})
            with ZipFile(archive) as opened:
                path = next(name for name in opened.namelist() if name.partition("/")[2] == DESCRIPTOR)
                resources = json.loads(opened.read(path))["resources"]
            return {resource["name"]: (resource["path"], resource["hash"]) for resource in resources}
        except (ReadoutsError, OSError, LookupError, ValueError, StopIteration):
            # Data can't be compared with something that can't be read as a release.
            continue
    return None


def _same_tables(package: DataPackage, released: dict[str, tuple[str, str]]) -> bool:
    try:
        tables = package.resources
        return tables.keys() == released.keys() and all(
            _has_quotations(resource) or _path_and_hash(resource) == released[name] for name, resource in tables.items()
        )
    except (ReadoutsError, OSError):
        # A table that can't be read is not the released one.
        return False


def _path_and_hash(resource: Resource) -> tuple[str, str]:
    digest = sha256()
    for path in resource.paths:
        digest.update(path.read_bytes())
    return "|".join(resource.files), f"sha256:{digest.hexdigest()}"


def _has_quotations(resource: Resource) -> bool:
    """Return whether a table has the columns that `readouts hydrate` adds, which no release has."""
    added = [field["name"] for field in HYDRATED_FIELDS.get(resource.name, ())]
    return bool(added) and resource.schema is not None and list(resource.schema.field_names[-len(added) :]) == added
