"""The corpus in memory: its tables in the library of one's choice, and the questions that it is asked."""

from __future__ import annotations

from readouts.corpus.citation import Citation
from readouts.corpus.corpus import Corpus
from readouts.corpus.loading import load, open_corpus
from readouts.corpus.plots import Plots

__all__ = ["Citation", "Corpus", "Plots", "load", "open_corpus"]
