"""The changes between two releases: the comparison of `readouts diff`, which knows the corpus's derived tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from readouts.corpus_schema.tables import derived_tables

if TYPE_CHECKING:
    from readouts.datapackage.diff_api import DiffOptions, PackageDiff
    from readouts.datapackage.package.locate import PackageLike
    from readouts.datapackage.package.package import DataPackage

__all__ = ["diff"]


def diff(old: PackageLike, new: PackageLike, **options: Unpack[DiffOptions]) -> PackageDiff:
    """Compare two packages cell by cell; in releases of the corpus, rows of derived tables don't count twice.

    Parameters
    ----------
    old, new
        The packages: folders, descriptors, archives, `git:REVISION`, or versions of releases in `releases/`; or two
        CSV files.
    options
        `ids`, `limit`, `stream`, `labels`, `key`, `ignore`, `tolerance`, `ignore_trailing_spaces`, `schema`,
        `schemas`, `memory`, `engine` and `master` of `readouts.datapackage.diff`.

    Returns
    -------
    PackageDiff
        What changed in `tables`, `changes`, `references` and `lineage`, and the version it needs in `bump`.

    Raises
    ------
    PackageError
        A package, or a table of it, can't be read, or its rows can't be told apart by their key.
    MissingDependencyError
        The toolkit is not installed.

    Examples
    --------
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> diff(bundled_package(), bundled_package()).same
    True
    """
    from readouts.datapackage import diff_api
    from readouts.loaders.released import version_label

    shown: list[str] = []

    def derived(before: DataPackage, after: DataPackage) -> frozenset[str]:
        shown.extend((version_label(before), version_label(after)))
        return derived_tables(before.resources, after.resources)

    found = diff_api.diff(old, new, derived=derived, **options)
    return replace(found, old=replace(found.old, version=shown[0]), new=replace(found.new, version=shown[1]))
