"""Merging texts by line, and showing where two versions of a text differ between markers."""

from __future__ import annotations

import io
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["CLOSE", "MIDDLE", "OPEN", "Block", "has_markers", "marked", "merge_lines", "merged_chunks"]

OPEN, MIDDLE, CLOSE = "<<<<<<< ours\n", "=======\n", ">>>>>>> theirs\n"


def _lines(text: str) -> list[str]:
    """Return a text's lines with their ends; only a line feed ends one, whatever else Unicode calls a separator."""
    return list(io.StringIO(text, newline="\n"))


def _ended(lines: Sequence[str]) -> list[str]:
    """Return lines of which each has a line end, so that a marker begins a line."""
    return [line if line.endswith("\n") else line + "\n" for line in lines]


def _hunk(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    return [OPEN, *_ended(ours), MIDDLE, *_ended(theirs), CLOSE]


def has_markers(text: str) -> bool:
    r"""Return whether a text has the markers of a conflict that nobody has resolved yet.

    Examples
    --------
    >>> has_markers("a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n"), has_markers("a\n=======\n")
    (True, False)
    """
    return any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.split("\n"))


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of two versions that belong together, such as those of one record.

    Attributes
    ----------
    ours, theirs
        Which lines, counted from 0.
    whole
        Whether one difference is enough to put all of them between markers, else it takes two.
    """

    ours: slice
    theirs: slice
    whole: bool = False


def marked(ours: str, theirs: str, *, blocks: Sequence[Block] = ()) -> str:
    r"""Return a text in which every stretch where two versions differ is between markers.

    Parameters
    ----------
    ours, theirs
        The two versions.
    blocks
        Lines that belong together, in the order in which both versions have them. A block that differs in more than one
        place goes between markers once, as a whole.

    Examples
    --------
    >>> marked("a\nb\nc\n", "a\nx\nc\n").split("\n")
    ['a', '<<<<<<< ours', 'b', '=======', 'x', '>>>>>>> theirs', 'c', '']
    >>> marked("a\nb\nc\n", "x\nb\ny\n", blocks=[Block(slice(0, 3), slice(0, 3))]).split("\n")
    ['<<<<<<< ours', 'a', 'b', 'c', '=======', 'x', 'b', 'y', '>>>>>>> theirs', '']
    """
    left, right = _lines(ours), _lines(theirs)
    found: list[str] = []
    i = k = 0
    for block in blocks:
        found += _differing(left[i : block.ours.start], right[k : block.theirs.start])
        found += _differing(left[block.ours], right[block.theirs], most=0 if block.whole else 1)
        i, k = block.ours.stop, block.theirs.stop
    return "".join([*found, *_differing(left[i:], right[k:])])


def _differing(left: Sequence[str], right: Sequence[str], most: int | None = None) -> list[str]:
    """Return lines with what differs between markers, or all of them where more differs than may be alone."""
    codes = _whole_entries(left, right)
    if most is not None and sum(tag != "equal" for tag, *_ in codes) > most:
        return _hunk(left, right)
    found: list[str] = []
    for tag, i, j, k, m in codes:
        found += left[i:j] if tag == "equal" else _hunk(left[i:j], right[k:m])
    return found


def _whole_entries(left: Sequence[str], right: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return how two texts differ, each stretch that only one has beginning with the outermost line that it can."""
    # Neighbouring entries often begin and end alike, so that such a stretch can be moved without a difference.
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    ends = len(left), len(left), len(right), len(right)
    # A change that moves away from the edge of a text leaves similar lines.
    starts = (0,) * 4
    codes = [("equal", *starts), *codes, ("equal", *ends)]
    ranges = [[i, j, k, m] for _, i, j, k, m in codes]
    for number, (tag, *_) in enumerate(codes):
        if tag not in {"insert", "delete"}:
            continue
        i, j, k, m = ranges[number]
        side, start, end = (right, k, m) if tag == "insert" else (left, i, j)
        # The lines next to such a stretch are the same on both sides, so that those of one are enough.
        before, behind = ranges[number - 1], ranges[number + 1]
        moves, up, down = [0], 0, 0
        while up < before[1] - before[0] and side[start - up - 1] == side[end - up - 1]:
            up += 1
            moves.append(-up)
        while down < behind[1] - behind[0] and side[start + down] == side[end + down]:
            down += 1
            moves.append(down)
        move = min(moves, key=lambda step: (_indent(side[start + step]), abs(step), step))
        ranges[number] = [place + move for place in (i, j, k, m)]
        before[1] += move
        behind[0] += move
    return [(tag, i, j, k, m) for (tag, *_), (i, j, k, m) in zip(codes, ranges, strict=True)]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _kept(base: Sequence[str], side: Sequence[str]) -> dict[int, int]:
    """Return the lines of a base that a side kept: number there to number here."""
    blocks = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return {i + step: j + step for i, j, length in blocks for step in range(length)}


def merge_lines(base: str, ours: str, theirs: str) -> tuple[str, bool]:
    r"""Merge three texts by line, as diff3 does (Khanna, Kunal and Pierce 2007, A formal investigation of diff3).

    Returns
    -------
    tuple
        The text, and whether it is free of conflicts; conflicts are between markers.

    Examples
    --------
    >>> merge_lines("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")
    ('A\nb\nC\n', True)
    """
    found = [*merged_chunks(base, ours, theirs)]
    lines = (line for mine, yours in found for line in (mine if mine == yours else _hunk(mine, yours)))
    return "".join(lines), all(mine == yours for mine, yours in found)


def merged_chunks(base: str, ours: str, theirs: str) -> Iterator[tuple[list[str], list[str]]]:
    r"""Yield stretches of lines of a merged text, with our side and with their side of its conflicts.

    Examples
    --------
    >>> [*merged_chunks("a\nb\n", "A\nb\n", "x\nb\nc\n")]
    [(['A\n'], ['x\n']), (['b\n'], ['b\n']), (['c\n'], ['c\n'])]
    """
    texts = [_lines(text) for text in (base, ours, theirs)]
    in_ours, in_theirs = (_kept(texts[0], side) for side in texts[1:])
    shared = [(number, in_ours[number], in_theirs[number]) for number in sorted(in_ours.keys() & in_theirs.keys())]
    starts: tuple[int, ...] = (0, 0, 0)
    for ends in [*shared, tuple(map(len, texts))]:
        before, mine, yours = (text[i:j] for text, i, j in zip(texts, starts, ends, strict=True))
        if yours in (mine, before):
            yield mine, mine
        elif mine == before:
            yield yours, yours
        else:
            yield _ended(mine), _ended(yours)
        starts = tuple(end + 1 for end in ends)
        line = texts[0][ends[0] : starts[0]]
        if line:
            yield line, line
