"""A text under changes that remembers where every character comes from, so that the true place of a span is known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.text.anchoring import Status
from readouts.text.skeleton import Skeleton

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from readouts.text.anchoring import Anchor, Found


@dataclass(frozen=True)
class Edited:
    """A text, and for each of its characters its position in the original, or None where it was put in."""

    text: str
    origins: tuple[int | None, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Edited:
        return cls(text, tuple(range(len(text))))

    def __add__(self, other: Edited | str) -> Edited:
        added = Edited(other, (None,) * len(other)) if isinstance(other, str) else other
        return Edited(self.text + added.text, self.origins + added.origins)

    def __radd__(self, other: str) -> Edited:
        return Edited(other, (None,) * len(other)) + self

    def __getitem__(self, part: slice) -> Edited:
        return Edited(self.text[part], self.origins[part])

    def without(self, start: int, end: int) -> Edited:
        return self[:start] + self[end:]

    def with_words(self, start: int, end: int, words: str) -> Edited:
        """Other words in the place of those from `start` to `end`."""
        return self[:start] + words + self[end:]

    def typeset(self, change: Callable[[str], str]) -> Edited:
        """Each character as `change` gives it, known to come from where it came from."""
        pieces = [change(character) for character in self.text]
        origins = [origin for piece, origin in zip(pieces, self.origins, strict=True) for _ in piece]
        return Edited("".join(pieces), tuple(origins))

    def images(self, original: Skeleton, start: int, end: int) -> list[tuple[int, int]]:
        """Where the letters of the original from `start` to `end` now stand together: once for each copy of them.

        Positions are those of the skeleton of the edited text, so that white space and punctuation don't matter.
        """
        first, last = original.inside(start, end)
        wanted = original.positions[first:last]
        places = [place for place, origin in enumerate(self.letter_origins) if origin == wanted[0]]
        found = [(place, place + len(wanted)) for place in places]
        return [(here, there) for here, there in found if self.letter_origins[here:there] == wanted]

    @cached_property
    def skeleton(self) -> Skeleton:
        return Skeleton(self.text)

    @cached_property
    def letter_origins(self) -> list[int | None]:
        """For each letter of the skeleton, the position of its character in the original."""
        return [self.origins[position] for position in self.skeleton.positions]


def joined(parts: Sequence[Edited], separator: str = "\n\n") -> Edited:
    """Paragraphs as one text."""
    whole = Edited.of("")
    for number, part in enumerate(parts):
        whole += (separator if number else "") + part
    return whole


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The start and end of each paragraph, a stretch of lines with no empty line in it."""
    return [match.span() for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text)]


def first_copies(text: str) -> list[int]:
    """For each position, its like in the first paragraph that reads the same: copies can't be told apart."""
    copies = list(range(len(text)))
    starts: dict[str, int] = {}
    for start, end in paragraphs(text):
        first = starts.setdefault(text[start:end], start)
        copies[start:end] = range(first, first + end - start)
    return copies


def misplaced(text: str, anchors: Iterable[Anchor], edited: Edited, found: Mapping[str, Found]) -> list[str]:
    """The spans that were found where they are not: how, which words, and which words were looked for.

    A drifted span is right when the letters on its borders are those that stood there.
    """
    copies, old = first_copies(text), Skeleton(text)
    wanted = [copies[position] for position in old.positions]
    letters = [None if origin is None else copies[origin] for origin in edited.letter_origins]
    wrong = []
    for anchor in anchors:
        entry = found[anchor.span_id]
        if entry.status is Status.ORPHAN:
            continue
        start, end = at(entry)
        here, there = edited.skeleton.inside(start, end)
        first, last = old.inside(anchor.start, anchor.end)
        if entry.status is Status.DRIFTED:
            right = (letters[here - 1], letters[there]) == (wanted[first - 1], wanted[last])
        else:
            right = letters[here:there] == wanted[first:last]
        if not right:
            wrong.append(f"{entry.status}: {edited.text[start:end]!r} for {text[anchor.start : anchor.end]!r}")
    return wrong


def at(found: Found) -> tuple[int, int]:
    """The place of a span that was found."""
    assert found.start is not None
    assert found.end is not None
    return found.start, found.end
