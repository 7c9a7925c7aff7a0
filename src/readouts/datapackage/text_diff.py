"""How two texts differ line by line: the same answer on every version of Python, and in time near that of sorting.

This is the patience method (Bram Cohen): lines that occur once in both texts are anchors, the longest run of them
that is in order in both is kept, and what lies between two anchors is compared in the same way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["matching_lines"]


def matching_lines(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of lines that both texts have, in order.

    Examples
    --------
    >>> matching_lines(["a", "b", "c"], ["a", "x", "c"])
    [(0, 0), (2, 2)]
    """
    found: list[tuple[int, int]] = []
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        low, high, left, right = waiting.pop()
        while low < high and left < right and old[low] == new[left]:
            found.append((low, left))
            low, left = low + 1, left + 1
        while low < high and left < right and old[high - 1] == new[right - 1]:
            high, right = high - 1, right - 1
            found.append((high, right))
        anchors = [(low + here, left + there) for here, there in _anchors(old[low:high], new[left:right])]
        found += anchors
        for here, there in anchors:
            waiting.append((low, here, left, there))
            low, left = here + 1, there + 1
        if anchors:
            waiting.append((low, high, left, right))
    return sorted(found)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest run, in order in both, of lines that each text has once."""
    once = {line for line, count in Counter(old).items() if count == 1}
    places = {line: place for place, line in enumerate(old) if line in once}
    counts = Counter(new)
    pairs = [(places[line], there) for there, line in enumerate(new) if line in places and counts[line] == 1]
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for number, (here, _) in enumerate(pairs):
        pile = bisect_left(tops, here)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [here]
        piles[pile : pile + 1] = [number]
    found = []
    number = piles[-1] if piles else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]
