"""The anchoring ladder: where the spans of an article lie in a text that may not be the one that was annotated.

1. The text is the one that was annotated, byte for byte: the offsets hold (`exact`).
2. A span's skeleton is found with both its contexts, once: it is there, beyond doubt (`moved`).
3. It is found with less, or several times. Several matches are settled by context and, where that leaves several, by a
   neighbour: a span beyond doubt that is at the old distance. A span of fewer than 24 skeleton characters needs a
   matching context even if it is found once. What rests on fewer than 48 characters, its own and its contexts', also
   needs a whole context within its sentence or, on each side without a context, a neighbour: the paragraph that
   follows a dropped one may begin with the same words (`moved`).
4. Its words aren't found, but both contexts are, each once, in order, at about the old distance, and so is something
   of what was annotated inside it (`drifted`).
5. Otherwise it is an `orphan`. A wrong place is worse than none: nothing is guessed.

At the edge of the annotated text a context has few letters. Fewer than 8 don't count as one, but need no neighbour in
its place. A span never begins or ends inside a word, unless a context says that it did. Spans that are not beyond doubt
must keep their order among the spans that are, so that a passage that was dropped doesn't land on its like elsewhere;
and where two spans claim what only one of them can have, neither gets it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
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
# Letters of the shortest context that counts as one; at the edge of the annotated text, fewer may be all there was.
_SHORTEST_CONTEXT = 8
# How far apart two spans may be for one to vouch for the other's place, and by how much the distance may differ.
_REACH = 240
_SLACK = 12
_BREAK = re.compile(r"[\n\v\f\r\x1c-\x1e\x85\u2028\u2029.!?…:;。．｡！？：；]")


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
    """Where a span lies in the given text, in Unicode code points; None where it is an orphan."""

    status: Status
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A stretch of the skeleton that could be a span's, with how many letters of context vouch for it on each side."""

    start: int
    end: int
    before: int = 0
    after: int = 0

    @property
    def contexts(self) -> int:
        return (self.before >= _SHORTEST_CONTEXT) + (self.after >= _SHORTEST_CONTEXT)

    @property
    def evidence(self) -> int:
        return self.before + (self.end - self.start) + self.after


_Placed = tuple[Anchor, _Candidate]


def _keeps_order(first: _Placed, second: _Placed) -> bool:
    """Return whether two spans begin and end in the order in which they did."""
    (one, here), (other, there) = first, second
    old = ((one.start, other.start), (one.start, other.end), (one.end, other.start), (one.end, other.end))
    new = ((here.start, there.start), (here.start, there.end), (here.end, there.start), (here.end, there.end))
    return all(
        (before > after or now <= then) and (before < after or now >= then)
        for (before, after), (now, then) in zip(old, new, strict=True)
    )


def _without_clashes(placed: Sequence[_Placed]) -> list[_Placed]:
    """Leave out the spans that claim letters which only one of them can have."""
    ranked = sorted(placed, key=lambda entry: entry[1].start)
    clashing: set[str] = set()
    for index, entry in enumerate(ranked):
        for other in ranked[index + 1 :]:
            if other[1].start >= entry[1].end:
                break
            if not _keeps_order(entry, other):
                clashing |= {entry[0].span_id, other[0].span_id}
    return [entry for entry in placed if entry[0].span_id not in clashing]


def _consistent(placed: Sequence[_Placed], certain: Sequence[_Placed]) -> list[_Placed]:
    """Leave out the spans that don't keep their order among the certain ones and among each other."""
    fitting = [entry for entry in placed if all(_keeps_order(entry, known) for known in certain)]
    return [entry for entry in fitting if all(_keeps_order(entry, other) for other in fitting)]


class _Neighbours:
    """Where the certain spans begin and end, in the annotated text and in the given one."""

    def __init__(self, text: Skeleton, certain: Iterable[_Placed]) -> None:
        self.text = text
        self._positions = text.positions
        self._edges = sorted(
            edge
            for anchor, place in certain
            for edge in zip((anchor.start, anchor.end), self._edges_of(place), strict=True)
        )
        self._old = [old for old, _ in self._edges]

    def _edges_of(self, place: _Candidate) -> tuple[int, int]:
        return self._positions[place.start], self._positions[place.end - 1] + 1

    def beside(self, anchor: Anchor, place: _Candidate) -> bool:
        """Return whether there are neighbours, and on each side where there are, one keeps its distance."""
        start, end = self._edges_of(place)
        sides = {self._before(anchor, start), self._after(anchor, end)}
        return True in sides and False not in sides

    def vouch(self, anchor: Anchor, place: _Candidate) -> bool:
        """Return whether a whole context is in the same sentence, or a neighbour on each side without a context."""
        start, end = self._edges_of(place)
        before = self.text.text[self._positions[place.start - place.before] : start]
        after = self.text.text[end : self._positions[place.end + place.after - 1]]
        if place.before == CONTEXT and not _BREAK.search(before):
            return True
        if place.after == CONTEXT and not _BREAK.search(after):
            return True
        left = place.before > 0 or anchor.fingerprint.prefix_sha256 == _NOTHING
        right = place.after > 0 or anchor.fingerprint.suffix_sha256 == _NOTHING
        return (left or self._before(anchor, start) is True) and (right or self._after(anchor, end) is True)

    def _before(self, anchor: Anchor, start: int) -> bool | None:
        return self._near(anchor.start - _REACH, anchor.start, start - anchor.start)

    def _after(self, anchor: Anchor, end: int) -> bool | None:
        return self._near(anchor.end, anchor.end + _REACH, end - anchor.end)

    def _near(self, low: int, high: int, shift: int) -> bool | None:
        """Return whether an edge between two places moved by about as much; None where there is none."""
        found = self._edges[bisect_left(self._old, low) : bisect_right(self._old, high)]
        return any(abs((new - old) - shift) <= _SLACK for old, new in found) if found else None


def locate(text: Skeleton, anchors: Sequence[Anchor], *, same_text: bool) -> dict[str, Found]:
    r"""Find the spans of one article in a text.

    Parameters
    ----------
    text
        The given text, with its skeleton.
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
    >>> new = Skeleton("Advertisement\n\nMarek called the chancellor\non Monday and proposed talks.")
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
    candidates = _candidates(text, windows, anchors)
    supported: list[_Placed] = []
    doubtful: list[Anchor] = []
    for anchor in anchors:
        whole = [candidate for candidate in candidates[anchor.span_id] if candidate.contexts == 2]
        if len(whole) == 1:
            supported.append((anchor, whole[0]))
        else:
            doubtful.append(anchor)
    certain = _without_clashes(supported)
    neighbours = _Neighbours(text, certain)
    settled = [
        (anchor, place)
        for anchor in doubtful
        if (place := _settle(anchor, candidates[anchor.span_id], neighbours)) is not None
    ]
    moved = [*certain, *_consistent(settled, certain)]
    drifting = [anchor for anchor in doubtful if not candidates[anchor.span_id]]
    contexts = windows.find(CONTEXT, _contexts(drifting))
    between = [(anchor, place) for anchor in drifting if (place := _between(anchor, contexts)) is not None]
    held = [(anchor, place) for anchor, place in between if _holds_its_own(anchor, anchors, moved)]
    found = {anchor.span_id: Found(Status.ORPHAN) for anchor in anchors}
    for status, placed in ((Status.MOVED, moved), (Status.DRIFTED, _consistent(held, moved))):
        for anchor, place in placed:
            found[anchor.span_id] = Found(status, *text.outside(place.start, place.end))
    return found


def _candidates(text: Skeleton, windows: Windows, anchors: Sequence[Anchor]) -> dict[str, list[_Candidate]]:
    by_length: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        by_length[anchor.fingerprint.skeleton_length].append(anchor)
    candidates: dict[str, list[_Candidate]] = {}
    for length, group in by_length.items():
        places = windows.find(length, {anchor.fingerprint.skeleton_sha256 for anchor in group})
        for anchor in group:
            prints = anchor.fingerprint
            stretches = (_candidate(text.letters, prints, start) for start in places[prints.skeleton_sha256])
            candidates[anchor.span_id] = [
                place
                for place in stretches
                if (place.before or not _inside_a_word(text, place.start))
                and (place.after or not _inside_a_word(text, place.end))
            ]
    return candidates


def _inside_a_word(text: Skeleton, place: int) -> bool:
    """Return whether the letters on both sides of a place in the skeleton adjoin, in a script that parts words."""
    if place in {0, len(text.letters)} or text.positions[place] - text.positions[place - 1] > 1:
        return False
    return all(letter.islower() or letter.isdecimal() for letter in text.letters[place - 1 : place + 1])


def _candidate(letters: str, prints: Fingerprint, start: int) -> _Candidate:
    """Return a place for a span, with the contexts that it has there."""
    end = start + prints.skeleton_length
    before = letters[max(0, start - CONTEXT) : start]
    after = letters[end : end + CONTEXT]
    # At the edge of the annotated text the context is shorter, and nothing says how short.
    prefixes = (before[-length:] for length in range(len(before), 0, -1))
    suffixes = (after[:length] for length in range(len(after), 0, -1))
    return _Candidate(start, end, _length(prints.prefix_sha256, prefixes), _length(prints.suffix_sha256, suffixes))


def _length(wanted: str, stretches: Iterable[str]) -> int:
    return next((len(stretch) for stretch in stretches if hash_text(stretch) == wanted), 0)


def _settle(anchor: Anchor, candidates: Sequence[_Candidate], neighbours: _Neighbours) -> _Candidate | None:
    most = max((candidate.contexts for candidate in candidates), default=0)
    best = [candidate for candidate in candidates if candidate.contexts == most]
    if len(best) > 1 and most > 0:
        best = [candidate for candidate in best if neighbours.beside(anchor, candidate)]
    if len(best) != 1 or (most == 0 and anchor.fingerprint.skeleton_length < CONTEXT):
        return None
    (place,) = best
    return place if place.evidence >= 2 * CONTEXT or neighbours.vouch(anchor, place) else None


def _contexts(anchors: Iterable[Anchor]) -> set[str]:
    hashes = {anchor.fingerprint.prefix_sha256 for anchor in anchors}
    hashes |= {anchor.fingerprint.suffix_sha256 for anchor in anchors}
    return hashes - {_NOTHING}


def _between(anchor: Anchor, contexts: dict[str, list[int]]) -> _Candidate | None:
    prefixes = contexts.get(anchor.fingerprint.prefix_sha256, [])
    suffixes = contexts.get(anchor.fingerprint.suffix_sha256, [])
    if len(prefixes) != 1 or len(suffixes) != 1:
        return None
    start, end = prefixes[0] + CONTEXT, suffixes[0]
    length = anchor.fingerprint.skeleton_length
    slack = max(_SLACK, length // 4)
    return _Candidate(start, end) if start < end and abs((end - start) - length) <= slack else None


def _holds_its_own(anchor: Anchor, anchors: Iterable[Anchor], moved: Iterable[_Placed]) -> bool:
    """Return whether something that was annotated inside a span was found, if anything was; order keeps it inside."""
    inner = {other.span_id for other in anchors if anchor.start <= other.start and other.end <= anchor.end}
    inner -= {other.span_id for other in anchors if (other.start, other.end) == (anchor.start, anchor.end)}
    return not inner or any(known.span_id in inner for known, _ in moved)
