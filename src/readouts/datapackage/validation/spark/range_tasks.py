"""The tasks that one table is read by, and what has come of them, until each range ends where the next one begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from readouts.datapackage.table.file_ranges import without_torn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.datapackage.table.file_ranges import FileRange, RangeSeen

__all__ = ["RangeTasks"]


class _OfRange(Protocol):
    """The result of a task."""

    range: FileRange | None
    seen: RangeSeen


Result = TypeVar("Result", bound=_OfRange)


class RangeTasks(Generic[Result]):
    """The tasks of one table.

    Parameters
    ----------
    whole
        The task that reads all of it.
    ranges
        Those that read a range each; empty if it is not cut.

    Attributes
    ----------
    results
        What has come of the tasks, in their order.
    is_cut
        Whether ranges are read.
    """

    def __init__(self, whole: Any, ranges: Sequence[Any]) -> None:
        self._whole = whole
        self.is_cut = bool(ranges)
        self.tasks: list[Any] = [*ranges] or [whole]
        self.results: list[Result] = []

    def retried(self) -> list[Any]:
        """Return new tasks for ranges that were not cut between records; none once all are."""
        if not self.is_cut:
            return []
        ranges = [task.range for task in self.tasks]
        self.results.sort(key=lambda result: ranges.index(result.range))
        whole = without_torn(ranges, [result.seen for result in self.results])
        if whole is None:
            # A cell that goes on in the next file: only one reader of all files sees that.
            self.is_cut, self.tasks, self.results = False, [self._whole], []
            return self.tasks
        self.tasks = [replace(self.tasks[0], range=part) for part in whole]
        self.results = [result for result in self.results if result.range in whole]
        return [task for task in self.tasks if task.range not in ranges]
