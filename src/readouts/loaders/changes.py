"""What changed between two releases: the comparison of `readouts diff`, for a loaded corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.corpus_schema.tables import derived_tables
from readouts.datapackage.optional import requires_extra

if TYPE_CHECKING:
    from collections.abc import Collection

    from readouts.datapackage.difference.result import PackageDiff
    from readouts.datapackage.package.package import Package

__all__ = ["changes"]


def changes(old: Package, new: Package, ids: Collection[str] | None) -> PackageDiff:
    """Compare two packages, each known by its version.

    Raises
    ------
    MissingDependencyError
        What compares is not installed.
    """
    with requires_extra("changes()", "toolkit"):
        from readouts.datapackage.difference.compare import compare
        from readouts.datapackage.package.package import PackageVersion

    sides = tuple(
        PackageVersion(package.version or str(package.root), package.name, package.version) for package in (old, new)
    )
    return compare(old, new, sides=(sides[0], sides[1]), ids=ids, derived=derived_tables(old.resources, new.resources))
