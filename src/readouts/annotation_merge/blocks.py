"""The entries of an annotation file as blocks of lines: what goes between markers as a whole, rather than in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.annotation_merge.node_kinds import Shape, shape_of
from readouts.annotation_merge.text_edit import line_extent
from readouts.annotations.nodes import Mapping, parse
from readouts.datapackage.merging.text import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.annotation_merge.node_kinds import Path

__all__ = ["entry_blocks"]


def entry_blocks(kind: str, base: Mapping | None, ours: str, theirs: str) -> list[Block]:
    r"""Return where the entries lie that two versions of an annotation file have both.

    An entry is a row with an id, such as a statement or an alignment, or a mapping at the top that has none, such as
    `text`. What both sides added is one only as a whole: half of either would be something that nobody wrote.

    Examples
    --------
    >>> text = "title: a\nstatements:\n  s01:\n    act: say\n  s02: {act: ask}\n"
    >>> base = parse("statements:\n  s01: {act: say}\n", "base")
    >>> for block in entry_blocks("article", base, text, text):
    ...     print(block.ours, block.theirs, block.whole)
    slice(2, 4, None) slice(2, 4, None) False
    slice(4, 5, None) slice(4, 5, None) True
    """
    left, right = dict(_extents(kind, ours)), dict(_extents(kind, theirs))
    known = set() if base is None else {path for path, _ in _entries(kind, base)}
    found: list[Block] = []
    for path, mine in left.items():
        yours = right.get(path)
        last = found[-1] if found else Block(slice(0, 0), slice(0, 0))
        # Entries on one line, or in another order on either side, are left to the comparison of lines.
        if yours is not None and mine.start >= last.ours.stop and yours.start >= last.theirs.stop:
            found.append(Block(mine, yours, whole=path not in known))
    return found


def _extents(kind: str, text: str) -> Iterator[tuple[Path, slice]]:
    for path, (parent, index) in _entries(kind, parse(text, "")):
        yield path, line_extent(text, parent, index)


def _entries(kind: str, root: Mapping) -> Iterator[tuple[Path, tuple[Mapping, int]]]:
    """Yield the entries of a file in their order, each with the mapping that it is in and its place there."""
    for number, (name, value) in enumerate(root.items.items()):
        if not isinstance(value, Mapping):
            continue
        if shape_of(kind, (name,)) is Shape.ROWS:
            for index, key in enumerate(value.items):
                yield (name, key), (value, index)
        else:
            yield (name,), (root, number)
