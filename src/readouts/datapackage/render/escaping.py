"""Text of unknown origin made fit to be shown: control characters become visible, and what is too long is cut."""

from __future__ import annotations

import re

__all__ = ["cut", "visible"]

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Characters that move the cursor, turn the direction of text, can't be encoded, or can't be seen.

The list is written out rather than taken from `unicodedata`, so that it is the same on every Python. The joiners U+200C
and U+200D are left alone: several scripts can't be written without them.
"""
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    point = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def cut(text: str, limit: int) -> str:
    """Return a text of at most `limit` code points as it is, a longer one cut, with a mark that says how long it was.

    Examples
    --------
    >>> cut("abc", 3), cut("abcdef", 3)
    ('abc', 'abc… (cut: 6 characters in all)')
    """
    return text if len(text) <= limit else f"{text[:limit]}… (cut: {len(text):,} characters in all)"


def visible(text: str, limit: int = 2000) -> str:
    r"""Return a text as one line that can be shown anywhere: nothing in it is hidden, moves or recolours the rest.

    Parameters
    ----------
    text
        Any string, lone surrogates included.
    limit
        How many code points of it are kept.

    Returns
    -------
    str
        The text with control, direction and invisible characters as escapes, cut with a mark where it is too long.

    Examples
    --------
    >>> print(visible("two\nlines, \x1b[31mred"))
    two\nlines, \x1b[31mred
    """
    # Most texts are plain: asking that first is many times as fast.
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(_escaped, cut(text, limit))
