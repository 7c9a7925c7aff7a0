"""Patterns as engines of other languages take them."""

from __future__ import annotations

__all__ = ["whole"]


def whole(pattern: str) -> str:
    r"""Return a pattern that matches a text only as a whole, in the engines of Rust and Java alike.

    Examples
    --------
    >>> whole("a|b")
    '\\A(?:a|b)\\z'
    """
    return rf"\A(?:{pattern})\z"
