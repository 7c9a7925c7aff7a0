"""The corpus in memory: its tables in the library of one's choice, and the questions that it is asked."""

from __future__ import annotations

from readouts.loaders.citation import Citation
from readouts.loaders.corpus import Corpus
from readouts.loaders.loading import load, open_corpus

__all__ = ["Citation", "Corpus", "load", "open_corpus"]
