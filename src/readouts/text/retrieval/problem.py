"""What keeps a page from being fetched."""

from __future__ import annotations

__all__ = ["ForbiddenError", "RetrievalError", "UnreachableError"]


class RetrievalError(Exception):
    """A page can't be had, or what came is not one; the message is the reason, as a part of a sentence."""


class ForbiddenError(RetrievalError):
    """Terms or robots.txt forbid it: another copy of the page is not asked for either."""


class UnreachableError(RetrievalError):
    """No answer came: another attempt may succeed."""
