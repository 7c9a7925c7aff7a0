"""A text under changes that remembers where every character comes from, so that the true place of a span is known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from readouts.text.anchoring import Found


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

    def images(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where the stretch of the original from `start` to `end` now stands, whole: once for each copy of it."""
        places = []
        for first in (position for position, origin in enumerate(self.origins) if origin == start):
            expected, position = start, first
            while position < len(self.text) and expected < end and self.origins[position] in (expected, expected - 1):
                expected = (self.origins[position] or 0) + 1
                position += 1
            if expected == end:
                while position < len(self.text) and self.origins[position] == end - 1:
                    position += 1
                if first == 0 or self.origins[first - 1] != start:
                    places.append((first, position))
        return places


def joined(parts: Sequence[Edited], separator: str = "\n\n") -> Edited:
    """Paragraphs as one text."""
    whole = Edited.of("")
    for number, part in enumerate(parts):
        whole += (separator if number else "") + part
    return whole


def paragraphs(text: str) -> list[tuple[int, int]]:
    """The start and end of each paragraph, a stretch of lines with no empty line in it."""
    return [match.span() for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text)]


def at(found: Found) -> tuple[int, int]:
    """The place of a span that was found."""
    assert found.start is not None
    assert found.end is not None
    return found.start, found.end
