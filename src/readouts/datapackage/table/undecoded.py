"""Bytes that can't be decoded: how they are kept in a text as surrogates, and how a message names them."""

from __future__ import annotations

import codecs
import re

__all__ = ["UNDECODED", "escaped", "named", "shown", "without_halves"]

UNDECODED = re.compile("[\udc80-\udcff]+")
"""The bytes, as `surrogateescape` has them. Those of other encodings than UTF-8, which might be UTF-8, each come after
one that UTF-8 doesn't have: FF, or FE before an ASCII byte, or FD where there is half a character instead."""
_EACH = re.compile("[\udcfd-\udcff][\udc80-\udcff]|[\udc80-\udcff]")
_HALF = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_MOST_NAMED = 4


def escaped(data: bytes) -> str:
    r"""Return bytes that an encoding other than UTF-8 doesn't have as a text that is not UTF-8 either.

    Examples
    --------
    >>> ascii(escaped(b"\xe9"))
    "'\\udcff\\udce9'"
    """
    return "".join(chr(0xDCFF if byte >= 0x80 else 0xDCFE) + chr(0xDC80 | byte) for byte in data)


def without_halves(text: str) -> str:
    """Return a text in which halves of characters, which some encodings can spell, are not UTF-8 either."""
    return _HALF.sub("\udcfd\udcfd", text)


def named(text: str, encoding: str) -> str:
    r"""Return the first bytes of a text that can't be decoded, and the character that they would be.

    Examples
    --------
    >>> named("caf\udce9", "utf-8")
    'the byte 0xE9 as character 4 of'
    """
    found = UNDECODED.search(text)
    run = "" if found is None else found[0]
    if codecs.lookup(encoding).name in {"utf-8", "utf-8-sig"}:
        numbers = [ord(each) & 0xFF for each in run]
        halves = "\udcfd\udcfd" in run
    else:
        pairs = zip(run[::2], run[1::2], strict=False)
        numbers = [ord(byte) & (0xFF if mark == "\udcff" else 0x7F) for mark, byte in pairs]
        halves = "\udcfd" in run[::2]
    if found is None or halves:
        return "bytes that are not text in"
    first = " ".join(f"0x{number:02X}" for number in numbers[:_MOST_NAMED])
    return f"the {'byte' if len(numbers) == 1 else 'bytes'} {first} as character {found.start() + 1} of"


def shown(text: str) -> str:
    """Return a text with a question mark for each byte that can't be decoded."""
    return _EACH.sub("?", text).encode("utf-8", "replace").decode()
