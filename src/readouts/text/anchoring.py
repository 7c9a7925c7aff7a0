"""The anchoring ladder: where the spans of an article lie in a text that may not be the one that was annotated.

1. The text is the one that was annotated, byte for byte: the offsets hold (`exact`).
2. A span's skeleton is found (`moved`). Several matches are settled by context; a span of fewer than 24 skeleton
   characters needs a matching context even if it is found once.
3. Its words aren't found, but both contexts are, each once, in order, at about the old distance (`drifted`).
4. Otherwise it is an `orphan`. A wrong place is worse than none: nothing is guessed.

What only one context supports, or none, must also keep its order among the spans that are beyond doubt, so that a
passage that was dropped doesn't land on its like elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from readouts.text.fingerprint import CONTEXT, Fingerprint, Windows, fingerprint, hash_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from readouts.text.skeleton import Skeleton

__all__ = ["Anchor", "Found", "Status", "locate"]

_NOTHING = hash_text("")
_SHORTEST_CONTEXT = 8


class Status(StrEnum):
    """How a span was found."""

    EXACT = "exact"
    MOVED = "moved"
    DRIFTED = "drifted"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A span as published: its place in the annotated text, and its fingerprint."""

    span_id: str
    start: int
    end: int
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Found:
    """Where a span lies in the text at hand, in Unicode code points; None where it is an orphan."""

    status: Status
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    contexts: int


class _Order:
    """The spans found beyond doubt, and whether a further one keeps its place among them."""

    def __init__(self) -> None:
        self._certain: list[tuple[Anchor, int, int]] = []

    def add(self, anchor: Anchor, start: int, end: int) -> None:
        self._certain.append((anchor, start, end))

    def allows(self, anchor: Anchor, start: int, end: int) -> bool:
        for known, first, last in self._certain:
            if known.end <= anchor.start and last > start:
                return False
            if known.start >= anchor.end and first < end:
                return False
            if known.start <= anchor.start and known.end >= anchor.end and not (first <= start and end <= last):
                return False
        return True


def locate(text: Skeleton, anchors: Sequence[Anchor], *, same_text: bool) -> dict[str, Found]:
    """Find the spans of one article in a text.

    Parameters
    ----------
    text
        The text at hand, with its skeleton.
    anchors
        All spans of the article. Together they are found better than one by one, since they keep their order.
    same_text
        Whether the text has the SHA-256 of the one that was annotated.

    Returns
    -------
    dict
        For each `span_id`, how and where it was found.

    Examples
    --------
    >>> from readouts.text.skeleton import Skeleton
    >>> old = Skeleton("Marek called the chancellor on Monday and proposed talks.")
    >>> anchor = Anchor("a.x1", 42, 56, fingerprint(old, 42, 56))
    >>> new = Skeleton("Advertisement\\n\\nMarek called the chancellor\\non Monday and proposed talks.")
    >>> locate(new, [anchor], same_text=False)["a.x1"]
    Found(status=<Status.MOVED: 'moved'>, start=57, end=71)
    """
    found: dict[str, Found] = {}
    remaining: list[Anchor] = []
    for anchor in anchors:
        if same_text and fingerprint(text, anchor.start, anchor.end) == anchor.fingerprint:
            found[anchor.span_id] = Found(Status.EXACT, anchor.start, anchor.end)
        else:
            remaining.append(anchor)
    if remaining:
        found.update(_climb(text, remaining))
    return found


def _climb(text: Skeleton, anchors: Sequence[Anchor]) -> dict[str, Found]:
    windows = Windows(text.letters)
    candidates = _candidates(text.letters, windows, anchors)
    found: dict[str, Found] = {}
    order = _Order()
    doubtful: list[Anchor] = []
    for anchor in anchors:
        supported = [candidate for candidate in candidates[anchor.span_id] if candidate.contexts == 2]
        if len(supported) == 1:
            best = supported[0]
            order.add(anchor, best.start, best.end)
            found[anchor.span_id] = Found(Status.MOVED, *text.outside(best.start, best.end))
        elif supported:
            found[anchor.span_id] = Found(Status.ORPHAN)
        else:
            doubtful.append(anchor)
    drifting: list[Anchor] = []
    for anchor in doubtful:
        best_match = _settle(anchor, candidates[anchor.span_id], order)
        if best_match is None:
            drifting.append(anchor)
        else:
            found[anchor.span_id] = Found(Status.MOVED, *text.outside(best_match.start, best_match.end))
    contexts = windows.find(CONTEXT, _contexts(drifting))
    for anchor in drifting:
        stretch = None if candidates[anchor.span_id] else _between(anchor, contexts, order)
        found[anchor.span_id] = (
            Found(Status.ORPHAN) if stretch is None else Found(Status.DRIFTED, *text.outside(*stretch))
        )
    return found


def _candidates(letters: str, windows: Windows, anchors: Iterable[Anchor]) -> dict[str, list[_Candidate]]:
    by_length: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        by_length[anchor.fingerprint.skeleton_length].append(anchor)
    candidates: dict[str, list[_Candidate]] = {}
    for length, group in by_length.items():
        places = windows.find(length, {anchor.fingerprint.skeleton_sha256 for anchor in group})
        for anchor in group:
            candidates[anchor.span_id] = [
                _Candidate(start, start + length, _matching_contexts(letters, anchor, start, start + length))
                for start in places[anchor.fingerprint.skeleton_sha256]
            ]
    return candidates


def _matching_contexts(letters: str, anchor: Anchor, start: int, end: int) -> int:
    before = letters[max(0, start - CONTEXT) : start]
    after = letters[end : end + CONTEXT]
    # At the edge of the annotated text the context is shorter, and nothing tells how short.
    prefixes = (before[-length:] for length in range(len(before), _SHORTEST_CONTEXT - 1, -1))
    suffixes = (after[:length] for length in range(len(after), _SHORTEST_CONTEXT - 1, -1))
    return _has(anchor.fingerprint.prefix_sha256, prefixes) + _has(anchor.fingerprint.suffix_sha256, suffixes)


def _has(wanted: str, stretches: Iterable[str]) -> bool:
    return any(hash_text(stretch) == wanted for stretch in stretches)


def _settle(anchor: Anchor, candidates: Sequence[_Candidate], order: _Order) -> _Candidate | None:
    supported = [candidate for candidate in candidates if candidate.contexts == 1]
    if not supported and len(candidates) == 1 and anchor.fingerprint.skeleton_length >= CONTEXT:
        supported = list(candidates)
    if len(supported) == 1 and order.allows(anchor, supported[0].start, supported[0].end):
        return supported[0]
    return None


def _contexts(anchors: Iterable[Anchor]) -> set[str]:
    hashes = {anchor.fingerprint.prefix_sha256 for anchor in anchors}
    hashes |= {anchor.fingerprint.suffix_sha256 for anchor in anchors}
    return hashes - {_NOTHING}


def _between(anchor: Anchor, contexts: dict[str, list[int]], order: _Order) -> tuple[int, int] | None:
    prefixes = contexts.get(anchor.fingerprint.prefix_sha256, [])
    suffixes = contexts.get(anchor.fingerprint.suffix_sha256, [])
    if len(prefixes) != 1 or len(suffixes) != 1:
        return None
    start, end = prefixes[0] + CONTEXT, suffixes[0]
    length = anchor.fingerprint.skeleton_length
    slack = max(12, length // 4)
    if start < end and abs((end - start) - length) <= slack and order.allows(anchor, start, end):
        return start, end
    return None
