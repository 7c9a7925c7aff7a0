"""What a hostile package may not cost."""

from __future__ import annotations

__all__ = ["MOST_BYTES", "MOST_RATIO", "RATIO_FROM", "LimitError"]

MOST_BYTES = 64 * 2**30
"""Bytes that the files of one table may unpack to."""
MOST_RATIO = 250
"""How many times its size something may unpack to. Tables of real data stay under 50."""
RATIO_FROM = 32 * 2**20
"""Unpacked bytes from which that ratio is held."""


class LimitError(Exception):
    """Something is larger than is read; the message is the beginning of a sentence."""
