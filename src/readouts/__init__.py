"""Readouts: who said what, according to whom, in which article.

A corpus of diplomatic readouts and their press coverage, and the tools that keep it trustworthy.

>>> import readouts
>>> corpus = readouts.load()
>>> corpus.name
'readouts'
"""

from __future__ import annotations

from readouts.corpus import Citation, Corpus, load
from readouts.corpus import open_corpus as open  # noqa: A004 - `readouts.open`, as one opens a file
from readouts.errors import LockedError, PackageError, ReadoutsError, SchemaError, UnknownIdError
from readouts.fetch import FetchError
from readouts.optional import MissingDependencyError

__all__ = [
    "Citation",
    "Corpus",
    "FetchError",
    "LockedError",
    "MissingDependencyError",
    "PackageError",
    "ReadoutsError",
    "SchemaError",
    "UnknownIdError",
    "load",
    "open",
]
