"""Canonical form and deltas of a release of the corpus, with the files that it has next to its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.corpus_schema.bundled import EXTRA_FILES
from readouts.datapackage import canonical_form
from readouts.datapackage.delta import apply, create
from readouts.datapackage.package.locate import PackageLike, located

if TYPE_CHECKING:
    import os

    from readouts.datapackage.delta.format import Release

__all__ = ["apply_delta", "canonicalise", "create_delta", "revert_delta"]


def canonicalise(package: PackageLike, output: str | os.PathLike[str]) -> list[str]:
    """Write a package in canonical form, as `readouts.datapackage.canonicalise` does; return the files' paths."""
    with located(package, extra_files=EXTRA_FILES) as (_, found):
        return canonical_form.canonicalise(found, output)


def create_delta(old: PackageLike, new: PackageLike, output: str | os.PathLike[str]) -> int:
    """Write the delta of two releases, as `readouts.datapackage.create_delta` does, and return its size."""
    with located(old, extra_files=EXTRA_FILES) as (a, before), located(new, extra_files=EXTRA_FILES) as (b, after):
        return create.create_delta(before, after, output, (a.label, b.label))


def apply_delta(base: PackageLike, delta: str | os.PathLike[str], output: str | os.PathLike[str]) -> Release:
    """Make the newer release from the older one and a delta, as `readouts.datapackage.apply_delta` does."""
    with located(base, extra_files=EXTRA_FILES) as (_, found):
        return apply.apply_delta(found, delta, output)


def revert_delta(base: PackageLike, delta: str | os.PathLike[str], output: str | os.PathLike[str]) -> Release:
    """Make the older release from the newer one and a delta, as `readouts.datapackage.revert_delta` does."""
    with located(base, extra_files=EXTRA_FILES) as (_, found):
        return apply.revert_delta(found, delta, output)
