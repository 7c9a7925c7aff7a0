"""The files of a table that are read as one: which of them a line is in, and which of them repeat the header."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from readouts.datapackage.table.file_kind import FileFault
from readouts.datapackage.words import joined, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["TableFiles"]

_MOST_LISTED = 8


class TableFiles:
    """The files of a table while they are read one after the other, their lines counted through.

    Examples
    --------
    >>> files = TableFiles(["a.csv", "b.csv"])
    >>> files.begin(1)
    >>> files.turn_to(1)
    >>> files.begin(4, own=2)
    >>> files.place(3), files.place(5)
    (('a.csv', 3), ('b.csv', 3))
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Begin before the first file; the file of a table that has only one is not named."""
        self._names = list(names) if len(names) > 1 else []
        self._starts: list[int] = []
        self._places: list[tuple[int, int]] = []
        self._current = 0
        self._again: dict[int, bool] = {}

    @property
    def several(self) -> bool:
        """Whether the table has several files."""
        return bool(self._names)

    def name(self, number: int | None = None) -> str | None:
        """Return the name of a file, counted from 0, or of the one that is being read."""
        return self._names[self._current if number is None else number] if self._names else None

    def turn_to(self, number: int) -> None:
        """Note that a file, counted from 0, is read from now on."""
        self._current = number

    def begin(self, line: int, own: int = 1, *, of: int | None = None) -> None:
        """Note that a line, counted through, is the line `own` of the file that is read, or from now on is."""
        self._current = self._current if of is None else of
        self._starts.append(line)
        self._places.append((self._current, own))

    def place(self, line: int) -> tuple[str | None, int]:
        """Return the file of a line, and its number there."""
        place = bisect_right(self._starts, line) - 1
        if not self._names or place < 0:
            return None, line
        number, own = self._places[place]
        return self._names[number], own + line - self._starts[place]

    def note_header(self, *, again: bool) -> None:
        """Note whether the file that is read, which is not the first and not empty, begins with the header."""
        self._again[self._current] = again

    def repeats(self, number: int) -> bool:
        """Whether a file that is not the first begins with the header."""
        return self._again.get(number, False)

    @property
    def header_note(self) -> str | None:
        """What a report says if every file begins with the header."""
        if not self._again or not all(self._again.values()):
            return None
        return f"{len(self._again) + 1:,} files begin with it, and it was read only once"

    def header_fault(self) -> FileFault | None:
        """Return the fault of a table of which some later files begin with the header, and others don't."""
        with_it = [number for number, again in self._again.items() if again]
        without = [number for number, again in self._again.items() if not again]
        if not with_it or not without:
            return None
        message = (
            f"{self._listed(with_it)} {'begins' if len(with_it) == 1 else 'begin'} with the header again; "
            f"{self._listed(without)} {'does' if len(without) == 1 else 'do'} not."
        )
        self.turn_to(with_it[0])
        return FileFault(message, "Begin every file with the header, or only the first one.")

    def _listed(self, numbers: list[int]) -> str:
        names = [self._names[number] for number in numbers]
        return joined(names) if len(names) <= _MOST_LISTED else listed(names)
