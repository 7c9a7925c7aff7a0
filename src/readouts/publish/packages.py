"""What the engine makes of whole packages, with the files that a release of the corpus has beside its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.corpus_schema.bundled import EXTRA_FILES
from readouts.datapackage import api

if TYPE_CHECKING:
    import os

    from readouts.datapackage.api import PackageLike
    from readouts.datapackage.delta.format import Release

__all__ = ["apply_delta", "canonicalise", "create_delta", "revert_delta"]


def canonicalise(package: PackageLike, output: str | os.PathLike[str]) -> list[str]:
    """Write a package in canonical form, as `readouts.datapackage.canonicalise` does; return the files' paths."""
    return api.canonicalise(package, output, extra_files=EXTRA_FILES)


def create_delta(old: PackageLike, new: PackageLike, output: str | os.PathLike[str]) -> int:
    """Write what carries one release to another and back, as `readouts.datapackage.create_delta` does."""
    return api.create_delta(old, new, output, extra_files=EXTRA_FILES)


def apply_delta(base: PackageLike, delta: str | os.PathLike[str], output: str | os.PathLike[str]) -> Release:
    """Make the newer release from the older one and a delta, as `readouts.datapackage.apply_delta` does."""
    return api.apply_delta(base, delta, output, extra_files=EXTRA_FILES)


def revert_delta(base: PackageLike, delta: str | os.PathLike[str], output: str | os.PathLike[str]) -> Release:
    """Make the older release from the newer one and a delta, as `readouts.datapackage.revert_delta` does."""
    return api.revert_delta(base, delta, output, extra_files=EXTRA_FILES)
