"""Which parts of a cell's text differ: by words, within bounds, and so that a difference can always be seen."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import TYPE_CHECKING

from readouts.datapackage.render.escaping import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Piece", "marked"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a cell's text, fit to be shown."""

    text: str
    changed: bool  # whether the other cell lacks it


_TOKEN = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
_LONGEST = 4_000
"""Code points between the common beginning and end up to which words are compared; of more, all is marked."""
_MOST_PAIRS = 2_000
"""Pairs of equal words up to which words are compared: what the comparison costs grows with them."""
_LEAST_ALIKE = 0.3
"""Share of common text below which two texts have nothing to do with each other, and both are marked as a whole."""
_AROUND = 60
"""Code points of unchanged text that are shown on either side of a change."""
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def marked(old: str, new: str, limit: int = 400) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    r"""Return two texts in pieces that say which parts differ.

    Words are compared, not characters, and a word that only ends or begins otherwise is marked there. Long stretches
    without a change are left out. Spaces at the rim of a change are shown as open boxes, other white space and letters
    that only look alike as escapes, so that no difference is invisible.

    Examples
    --------
    >>> for side in marked("the deep lake", "the deeper lake"):
    ...     print([(piece.text, piece.changed) for piece in side])
    [('the deep', False), (' lake', False)]
    [('the deep', False), ('er', True), (' lake', False)]
    >>> marked("Como ", "Como")[0][-1]
    Piece(text='␣', changed=True)
    """
    alike = unicodedata.normalize("NFKC", old) == unicodedata.normalize("NFKC", new)
    found = _pieces((old, new), _parts(old, new), limit, alike=alike)
    if found[0] != found[1]:
        return found
    # What differs lies after what is shown: the long beginning that both have is left out.
    passed = max(0, _common_start(old, new) - _AROUND)
    before, after = _pieces((old, new), _parts(old[passed:], new[passed:]), limit, alike=alike)
    left_out = Piece("…", changed=False)
    return (left_out, *before), (left_out, *after)


_Parts = list[tuple[str, bool]]


def _pieces(
    texts: tuple[str, str], parts: tuple[_Parts, _Parts], limit: int, *, alike: bool
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    old, new = (tuple(_shown(text, each, limit, alike=alike)) for text, each in zip(texts, parts, strict=True))
    return old, new


def _parts(old: str, new: str) -> tuple[_Parts, _Parts]:
    start, end = _common(old, new)
    # Comparison of words begins and ends at words.
    while start > 0 and (old[start - 1 : start].isalnum() or new[start - 1 : start].isalnum()):
        start -= 1
    while end > 0 and (old[-end].isalnum() or new[-end].isalnum()):
        end -= 1
    middles = old[start : len(old) - end], new[start : len(new) - end]
    before: _Parts = [(old[:start], False)]
    after: _Parts = [(new[:start], False)]
    for kind, left, right in _operations(*middles):
        if kind == "equal":
            before.append((left, False))
            after.append((right, False))
        else:
            _narrowed(before, after, left, right)
    before.append((old[len(old) - end :], False))
    after.append((new[len(new) - end :], False))
    alike = sum(len(text) for text, changed in before if not changed)
    if alike < _LEAST_ALIKE * min(len(old), len(new)) and max(len(old), len(new)) < _LONGEST:
        return [(old, True)], [(new, True)]
    return _joined(before), _joined(after)


def _common_start(old: str, new: str) -> int:
    if old == new[: len(old)]:
        return len(old)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _common(old: str, new: str) -> tuple[int, int]:
    """Return how long the common beginning is, and the common end of what is left."""
    start = _common_start(old, new)
    return start, _common_start(old[start:][::-1], new[start:][::-1])


def _operations(old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """Yield stretches that are equal or differ."""
    a, b = _TOKEN.findall(old[: _LONGEST + 1]), _TOKEN.findall(new[: _LONGEST + 1])
    often_a, often_b = Counter(a), Counter(b)
    pairs = sum(count * often_b[token] for token, count in often_a.items())
    if max(len(old), len(new)) > _LONGEST or pairs > _MOST_PAIRS:
        yield "replace", old, new
        return
    for kind, a_start, a_end, b_start, b_end in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        yield kind, "".join(a[a_start:a_end]), "".join(b[b_start:b_end])


def _narrowed(before: _Parts, after: _Parts, left: str, right: str) -> None:
    """Add a stretch that differs: white space that both begin with is the same, and so may be most of a word."""
    start, end = _common(left, right)
    only_end = not left[:start].strip() and any(_within_word(text, len(text) - end) for text in (left, right))
    if only_end or 2 * (start + end) < max(len(left), len(right)):
        white = min(len(text) - len(text.lstrip()) for text in (left, right))
        start, end = min(start, white), 0
    for parts, text in ((before, left), (after, right)):
        parts += [(text[:start], False), (text[start : len(text) - end], True), (text[len(text) - end :], False)]


def _within_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _joined(parts: _Parts) -> _Parts:
    joined: _Parts = []
    for text, changed in parts:
        if joined and joined[-1][1] == changed:
            joined[-1] = (joined[-1][0] + text, changed)
        elif text or changed:
            # An empty change is kept: it is where the other side has something, so what is around it is shown.
            joined.append((text, changed))
    return joined


def _shown(whole: str, parts: _Parts, limit: int, *, alike: bool) -> Iterator[Piece]:
    """Yield pieces fit to be shown, the unchanged ones shortened, all together cut."""
    left = limit
    for number, (text, changed) in enumerate(parts):
        first, last = number == 0, number == len(parts) - 1
        shown = text if changed else _shortened(text, first=first, last=last)
        taken = shown[:left]
        if taken and changed:
            yield Piece(_plain(taken, first=first or alike, last=last or alike, alike=alike), changed)
        elif taken:
            yield Piece(visible(taken, limit + 3), changed)
        left -= len(taken)
        if len(taken) < len(shown) or (left <= 0 and number < len(parts) - 1):
            yield Piece(f"… (cut: {len(whole):,} characters in all)", changed=False)
            return


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """Return unchanged text without what is far from a change."""
    head, tail = (0 if first else _AROUND), (0 if last else _AROUND)
    if first and last:
        return text
    if len(text) <= head + tail + 10:
        return text
    return f"{text[:head]}…{text[len(text) - tail :] if tail else ''}"


def _plain(text: str, *, first: bool, last: bool, alike: bool) -> str:
    """Return changed text with nothing in it that looks like something else, or like nothing."""
    inner = text.strip(" ")
    start = len(text) - len(text.lstrip(" ")) if inner else len(text)
    end = len(text) - start - len(inner)
    shown = _SPACES.sub(lambda match: _escape(match[0]), visible(inner, len(inner)))
    if alike:
        shown = "".join(mark if mark.isascii() else _escape(mark) for mark in shown)
    # Between words a space at the rim of a change is only the space between them.
    return ("␣" if first or not inner else " ") * start + shown + ("␣" if last else " ") * end


def _escape(mark: str) -> str:
    point = ord(mark)
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
