"""Readouts: who said what, according to whom, in which article.

A corpus of diplomatic readouts and their press coverage, and the tools that keep it trustworthy.

>>> import readouts
>>> corpus = readouts.load()
>>> corpus.name
'readouts'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.errors import (
    ArgumentError,
    LockedError,
    PackageError,
    ReadoutsError,
    SchemaError,
    UnknownIdError,
)
from readouts.datapackage.lazy import lazy_names

if TYPE_CHECKING:
    from readouts.annotation_merge.folders import merge
    from readouts.annotations.drafting import anchor
    from readouts.annotations.drafts import draft
    from readouts.compile.build import rebuild
    from readouts.compile.validation import validate
    from readouts.datapackage.api import Report
    from readouts.datapackage.describe_api import Description, describe
    from readouts.datapackage.diff_api import PackageDiff
    from readouts.datapackage.optional import MissingDependencyError
    from readouts.loaders import Citation, Corpus, load
    from readouts.loaders import open_corpus as open  # noqa: A004 - `readouts.open`, as one opens a file
    from readouts.loaders.changes import diff
    from readouts.loaders.registry import FetchError
    from readouts.publish.export import export, not_mapped
    from readouts.publish.packages import apply_delta, canonicalise, create_delta, revert_delta
    from readouts.publish.release.deposits import plan_deposits
    from readouts.publish.release.making import prepare_release, release, verify_release

__all__ = [
    "ArgumentError",
    "Citation",
    "Corpus",
    "Description",
    "FetchError",
    "LockedError",
    "MissingDependencyError",
    "PackageDiff",
    "PackageError",
    "ReadoutsError",
    "Report",
    "SchemaError",
    "UnknownIdError",
    "anchor",
    "apply_delta",
    "canonicalise",
    "create_delta",
    "describe",
    "diff",
    "draft",
    "export",
    "load",
    "merge",
    "not_mapped",
    "open",
    "plan_deposits",
    "prepare_release",
    "rebuild",
    "release",
    "revert_delta",
    "validate",
    "verify_release",
]

_HOMES = {
    "Citation": "readouts.loaders",
    "Corpus": "readouts.loaders",
    "Description": "readouts.datapackage.describe_api",
    "FetchError": "readouts.loaders.registry",
    "MissingDependencyError": "readouts.datapackage.optional",
    "PackageDiff": "readouts.datapackage.diff_api",
    "Report": "readouts.datapackage.api",
    "anchor": "readouts.annotations.drafting",
    "apply_delta": "readouts.publish.packages",
    "canonicalise": "readouts.publish.packages",
    "create_delta": "readouts.publish.packages",
    "describe": "readouts.datapackage.describe_api",
    "diff": "readouts.loaders.changes",
    "draft": "readouts.annotations.drafts",
    "export": "readouts.publish.export",
    "load": "readouts.loaders",
    "merge": "readouts.annotation_merge.folders",
    "not_mapped": "readouts.publish.export",
    "open": "readouts.loaders:open_corpus",
    "plan_deposits": "readouts.publish.release.deposits",
    "prepare_release": "readouts.publish.release.making",
    "rebuild": "readouts.compile.build",
    "release": "readouts.publish.release.making",
    "revert_delta": "readouts.publish.packages",
    "validate": "readouts.compile.validation",
    "verify_release": "readouts.publish.release.making",
}
"""Where the names are that are imported when they are first used."""

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
