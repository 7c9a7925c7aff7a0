"""Fingerprints: published for a span instead of its words."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.text.skeleton import Skeleton

__all__ = ["CONTEXT", "Fingerprint", "Windows", "fingerprint", "hash_text"]

CONTEXT = 24
"""Skeleton characters before and after a span that its fingerprint holds as context."""


def hash_text(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal.

    Examples
    --------
    >>> hash_text("")[:8]
    'e3b0c442'
    """
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What identifies a span: hashes of its skeleton and of the 24 skeleton characters on either side."""

    skeleton_sha256: str
    skeleton_length: int
    prefix_sha256: str
    suffix_sha256: str


def fingerprint(text: Skeleton, start: int, end: int) -> Fingerprint:
    """Return the fingerprint of a span.

    Parameters
    ----------
    text
        The article's text with its skeleton.
    start, end
        The span in Unicode code points, end-exclusive.

    Examples
    --------
    >>> from readouts.text.skeleton import Skeleton
    >>> fingerprint(Skeleton("He called."), 3, 9).skeleton_length
    6
    """
    first, last = text.inside(start, end)
    letters = text.letters
    return Fingerprint(
        skeleton_sha256=hash_text(letters[first:last]),
        skeleton_length=last - first,
        prefix_sha256=hash_text(letters[max(0, first - CONTEXT) : first]),
        suffix_sha256=hash_text(letters[last : last + CONTEXT]),
    )


class Windows:
    """The places in a skeleton where a stretch of given length has a given hash.

    Each length is scanned once and only the hashes that were asked for are kept.
    """

    def __init__(self, letters: str) -> None:
        self.letters = letters

    def find(self, length: int, hashes: Iterable[str]) -> dict[str, list[int]]:
        """Return, for each hash, the positions of all stretches of that length that have it.

        Examples
        --------
        >>> Windows("abcabc").find(2, [hash_text("bc"), hash_text("zz")])[hash_text("bc")]
        [1, 4]
        """
        wanted: dict[str, list[int]] = {entry: [] for entry in hashes}
        letters = self.letters
        # One byte a character lets slices of the bytes stand for slices of the text.
        encoded = letters.encode()
        if len(encoded) == len(letters):
            for position in range(len(encoded) - length + 1):
                places = wanted.get(sha256(encoded[position : position + length]).hexdigest())
                if places is not None:
                    places.append(position)
        else:
            for position in range(len(letters) - length + 1):
                places = wanted.get(hash_text(letters[position : position + length]))
                if places is not None:
                    places.append(position)
        return wanted
