"""Releases of the corpus from the registry, opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.locate import opened

if TYPE_CHECKING:
    import os

    from readouts.datapackage.package.package import DataPackage

__all__ = ["opened_release"]


def opened_release(version: str, registry: str | os.PathLike[str] | None) -> DataPackage:
    """Open a release as it was published; the package of a checkout may have moved on under the same version."""
    from readouts.loaders.registry import fetched

    package = opened(fetched(version, registry=registry))
    if package.version != version:
        found = package.version or "nothing"
        message = f"The archive of release {version} holds version {found}: report this, please."
        raise PackageError(message)
    return package
