"""The rows of a table that workers have read, of which the driver knows those that it asked about."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.datapackage.findings import Places
from readouts.datapackage.table.file_ranges import offsets
from readouts.datapackage.validation.spark.tasks import Question

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.file_ranges import FileRange
    from readouts.datapackage.table.table_files import TableFiles
    from readouts.datapackage.validation.key_columns import Names, Positions
    from readouts.datapackage.validation.spark.tasks import Answer, Result, Task

__all__ = ["DistantRows"]


@dataclass
class DistantRows:
    """The rows of a table, as `KeyColumns` gives them to findings.

    Parameters
    ----------
    tasks, results
        The tasks that have read it, in order, and their results.
    files
        Its files.
    """

    tasks: Sequence[Task]
    results: Sequence[Result]
    files: TableFiles

    def __post_init__(self) -> None:
        """Count what is before each task."""
        self.height = 0
        self.starts: list[int] = []
        for result in self.results:
            self.starts.append(self.height)
            self.height += result.height or 0
        ranges = [result.range for result in self.results if result.range is not None]
        self._before = offsets(ranges, [result.seen for result in self.results]) if ranges else [(0, 0)]
        self._answers: dict[int, Answer] = {}

    @property
    def table(self) -> Table:
        """Its schema, as it was checked."""
        cut = self.tasks[0].cut
        found = self.results[0].table if cut is None else cut.table
        assert found is not None  # noqa: S101 - it was read
        return found

    @property
    def names(self) -> frozenset[str]:
        """The fields that are compared."""
        return self.results[0].names

    def has(self, names: Sequence[str]) -> bool:
        """Return whether the columns are there, whole."""
        return set(names) <= self.names

    def questions(self, wanted: Collection[int], sets: Sequence[Names]) -> Iterator[tuple[int, Question]]:
        """Yield the place of each task that has one of some rows, and what it is to be asked."""
        by_task: dict[int, list[int]] = {}
        for position in sorted(wanted):
            place, own = self._place(position)
            by_task.setdefault(place, []).append(own)
        for place, positions in by_task.items():
            yield place, Question(self.tasks[place], tuple(positions), tuple(dict.fromkeys(sets)))

    def take(self, place: int, answer: Answer) -> None:
        """Take the answer of a task."""
        self._answers[place] = answer

    def _place(self, position: int) -> tuple[int, int]:
        place = bisect_right(self.starts, position) - 1
        return place, position - self.starts[place]

    def texts(self, names: Sequence[str], positions: Positions) -> list[str]:
        """Return what rows at some positions have in some of the columns, as the file has it."""
        found = (self._place(int(position)) for position in positions)
        return [self._answers[place].texts[own, tuple(names)] for place, own in found]

    def keys(self, positions: Positions) -> list[tuple[str, ...] | None]:
        """Return the primary keys of the rows at some positions."""
        found = (self._place(int(position)) for position in positions)
        return [self._answers[place].keys[own] for place, own in found]

    @property
    def places(self) -> Places:
        """Where its rows are."""
        return _DistantPlaces(self)

    def row(self, position: int) -> int:
        """Return the number of the row at a position."""
        place, own = self._place(position)
        return self._answers[place].rows[own] + self._before[place][0]

    def where(self, position: int, name: str) -> tuple[str | None, int | None]:
        """Return file and line of the row at a position."""
        place, own = self._place(position)
        file, line = self._answers[place].lines[own, name]
        part = self.results[place].range
        return (file, line) if part is None else self.shifted(place, part, line)

    def shifted(self, place: int, part: FileRange, line: int | None) -> tuple[str | None, int | None]:
        """Return the file of a range, where there are several, and the line of the file that is a line of the range."""
        return self.files.name(part.file), None if line is None else line + self._before[place][1]

    def rows_before(self, place: int) -> int:
        """Return how many rows, blank ones among them, are before a task."""
        return self._before[place][0]


class _DistantPlaces(Places):
    """Where the rows of a table are; a row's position stands in for its line, which its worker knows."""

    def __init__(self, rows: DistantRows) -> None:
        super().__init__(lambda _row, position, name: rows.where(position or 0, name or ""))
        self._distant = rows

    def __getitem__(self, position: int) -> tuple[int, int | None]:
        return self._distant.row(position), position
