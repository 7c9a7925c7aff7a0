"""The corpus in memory: its tables in the library of one's choice, and the questions that it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.lazy import lazy_names

if TYPE_CHECKING:
    from readouts.loaders.citation import Citation
    from readouts.loaders.corpus import Corpus
    from readouts.loaders.loading import load, open_corpus

__all__ = ["Citation", "Corpus", "load", "open_corpus"]

_HOMES = {
    "Citation": "readouts.loaders.citation",
    "Corpus": "readouts.loaders.corpus",
    "load": "readouts.loaders.loading",
    "open_corpus": "readouts.loaders.loading",
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
