"""Readouts: who said what, according to whom, in which article.

A corpus of diplomatic readouts and their press coverage, and the tools that keep it trustworthy.

>>> import readouts
>>> corpus = readouts.load()
>>> corpus.name
'readouts'
"""

from __future__ import annotations

from readouts.corpus import Corpus, load
from readouts.errors import LockedError, PackageError, ReadoutsError, SchemaError, UnknownIdError

__all__ = ["Corpus", "LockedError", "PackageError", "ReadoutsError", "SchemaError", "UnknownIdError", "load"]
