"""What a hostile package may not cost."""

from __future__ import annotations

from readouts.datapackage.package.unzip import MOST_RATIO, RATIO_FROM

__all__ = ["MOST_BYTES", "MOST_RATIO", "RATIO_FROM", "LimitError"]

MOST_BYTES = 64 * 2**30
"""Bytes that the files of one table may unpack to."""


class LimitError(Exception):
    """Something is larger than is read; the message is the beginning of a sentence."""
