"""Findings as columns, so that a million of them cost little; incidents are made of those that are shown."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.incident import Incident, incident

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Findings", "Places"]

Locate = Callable[[int, int | None, str | None], tuple[str | None, int | None]]


class _Numbers:
    """Numbers that mostly count on, in little memory: the first, and the steps to the others, compressed."""

    __slots__ = "_first", "_steps"

    def __init__(self, numbers: range | NDArray[np.int64]) -> None:
        self._first = int(numbers[0]) if len(numbers) else 0
        self._steps = None if isinstance(numbers, range) else _packed(numbers[1:] - numbers[:-1])

    def __getitem__(self, place: int) -> int:
        return self._first + (place if self._steps is None or not place else int(_sums(*self._steps)[place - 1]))


def _packed(steps: NDArray[np.int64]) -> tuple[bytes, str]:
    kind = "u1" if ((steps >= 0) & (steps < 256)).all() else "i8"
    return zlib.compress(steps.astype(kind).tobytes(), 1), kind


@lru_cache(maxsize=4)
def _sums(steps: bytes, kind: str) -> NDArray[np.int64]:
    """Return by how much the number after each step is more than the first."""
    import numpy as np

    return np.cumsum(np.frombuffer(zlib.decompress(steps), kind), dtype=np.int64)


class Places:
    """Where the rows of a table are: number and line of each, by its position in the table.

    Attributes
    ----------
    locate
        Gives the file, where there are several, and the line in it, of a row, its line and a field.
    """

    def __init__(self, locate: Locate | None = None) -> None:
        """Begin without rows."""
        self.locate: Locate = locate or (lambda _row, line, _field: (None, line))
        self._starts: list[int] = []
        self._rows: list[_Numbers] = []
        self._lines: list[_Numbers | None] = []
        self.height = 0

    def add(self, rows: range | NDArray[np.int64], lines: range | NDArray[np.int64] | None) -> None:
        """Add the rows of one block."""
        self._starts.append(self.height)
        self._rows.append(_Numbers(rows))
        self._lines.append(None if lines is None else _Numbers(lines))
        self.height += len(rows)

    def __getitem__(self, position: int) -> tuple[int, int | None]:
        """Return the number of the row at a position, and its line."""
        block = bisect_right(self._starts, position) - 1
        place = position - self._starts[block]
        lines = self._lines[block]
        return self._rows[block][place], None if lines is None else lines[place]

    def name(self, position: int, field: str | None) -> str:
        """Return what a message calls the row at a position."""
        row, line = self[position]
        file, line = self.locate(row, line, field)
        where = ", ".join(filter(None, [file, None if line is None else f"line {line}"]))
        return f"row {row} ({where})" if where else f"row {row}"


@dataclass(slots=True)
class _Batch:
    """Findings of one code in one field: positions of the rows, or, where these are not rows, rows and lines."""

    code: str
    table: str | None
    field: str | None
    positions: NDArray[np.int64]
    values: Sequence[str | None]
    message: Callable[..., str]
    before: Sequence[tuple[int, str]] | None = None


@dataclass
class Findings:
    """Everything that is wrong with a package, counted whole and kept as far as it will be shown.

    Attributes
    ----------
    limit
        How many findings of each code are kept as incidents; None for all.
    counts
        How many there are of each code.
    unreliable
        Codes that kept something else from being checked.
    """

    limit: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    unreliable: set[str] = field(default_factory=set)
    _incidents: dict[str, list[Incident]] = field(default_factory=dict)
    _batches: dict[str, list[_Batch]] = field(default_factory=dict)
    _kept: dict[tuple[str, str], int] = field(default_factory=dict)  # findings in batches, by table and code

    def _room(self, code: str) -> int | None:
        return None if self.limit is None else max(0, self.limit - len(self._incidents.get(code, ())))

    def add(self, found: Incident) -> None:
        """Add one finding."""
        self.counts[found.code] = self.counts.get(found.code, 0) + 1
        if self._room(found.code) != 0:
            self._incidents.setdefault(found.code, []).append(found)

    def extend(self, found: Iterable[Incident]) -> None:
        """Add findings."""
        for one in found:
            self.add(one)

    @contextmanager
    def outlasting(self, what: str, *, within: tuple[str, int] | None = None, **place: Any) -> Iterator[None]:
        """Go on after a check that crashes: a finding says so, since a crash is not a verdict.

        Parameters
        ----------
        what
            The check, as the beginning of a sentence.
        within
            The file that the check is in, and its first line there, if it is a user's: whatever goes wrong in it is a
            finding, at the line of that file.
        place
            Where, as `incident` takes it.

        Examples
        --------
        >>> findings = Findings()
        >>> with findings.outlasting("The check of depths", table="lakes"):
        ...     raise MemoryError
        >>> findings.counts
        {'check-failed': 1}
        """
        try:
            yield
        except BaseException as error:
            # A panic of Polars is no `Exception`.
            ours = isinstance(error, Exception) or type(error).__name__ == "PanicException"
            if within is None and (not ours or isinstance(error, ReadoutsError | ImportError)):
                raise
            if not ours and not isinstance(error, SystemExit):
                raise
            calls = [(call.filename, call.lineno) for call in extract_tb(error.__traceback__)]
            file, line = (
                calls[-1]
                if within is None
                else next((call for call in reversed(calls) if call[0] == within[0]), within)
            )
            where = f" at {Path(file).name}:{line}" if file else ""
            reason = f"{type(error).__name__}{f': {error}' if str(error) else ''}"
            message = f"{what} crashed{where}: {reason[:300].rstrip('.')}."
            self.add(incident("check-failed", message, **place))

    def merge(self, counts: Mapping[str, int], kept: Iterable[Incident]) -> None:
        """Add what another check has counted, and what it has kept of it."""
        for code, count in counts.items():
            self.counts[code] = self.counts.get(code, 0) + count
        for found in kept:
            if self._room(found.code) != 0:
                self._incidents.setdefault(found.code, []).append(found)

    def drop(self, code: str) -> None:
        """Forget the findings of a code."""
        self.counts.pop(code, None)
        self._incidents.pop(code, None)

    def replace(self, code: str, made: Callable[[Incident], Incident]) -> None:
        """Replace the findings of a code that are kept."""
        self._incidents[code] = [made(found) for found in self._incidents.get(code, ())]

    def add_rows(
        self,
        code: str,
        place: tuple[str, str | None],
        positions: NDArray[np.int64],
        values: Sequence[str | None],
        message: Callable[..., str],
        *,
        count: int | None = None,
        before: Sequence[tuple[int, str]] | None = None,
    ) -> None:
        """Add one finding for each of some rows of a table that is being read.

        Parameters
        ----------
        code
            Code of the findings.
        place
            The table, and the field if they are one's.
        positions
            Positions of the rows among those read.
        values
            The offending values, as many as are kept.
        message
            Gives the message for a value and, where there is a row before, for its value and what it is called.
        count
            How many there are, where only those that are kept are given.
        before
            The position of that row, and its value, for each of the values.
        """
        table, field_name = place
        self.counts[code] = self.counts.get(code, 0) + (len(positions) if count is None else count)
        batches = self._batches.setdefault(table, [])
        if self.limit is not None:
            room = self.limit - self._kept.get((table, code), 0)
            if room <= 0:
                # As many as are shown have been found in the table before.
                return
            positions, values = positions[:room], values[:room]
            self._kept[table, code] = self._kept.get((table, code), 0) + len(positions)
        batches.append(_Batch(code, table, field_name, positions, values, message, before))

    def settle(
        self, table: str, places: Places, keys: Callable[[Sequence[int]], Sequence[tuple[str, ...] | None]]
    ) -> None:
        """Make incidents of the findings in the rows of a table, as many as are kept.

        Parameters
        ----------
        table
            The table.
        places
            Rows and lines by position.
        keys
            Gives the primary keys of the rows at some positions.
        """
        batches = self._batches.pop(table, ())
        shown: list[tuple[_Batch, list[int]]] = []
        taken: dict[str, int] = {}
        for batch in batches:
            room, before_it = self._room(batch.code), taken.get(batch.code, 0)
            here = batch.positions[: None if room is None else max(0, room - before_it)].tolist()
            taken[batch.code] = before_it + len(here)
            shown.append((batch, here))
        asked = sorted({position for _, here in shown for position in here})
        key = dict(zip(asked, keys(asked), strict=True))
        for batch, here in shown:
            for number, (position, value) in enumerate(zip(here, batch.values, strict=False)):
                row, line = places[position]
                file, line = places.locate(row, line, batch.field)
                before: tuple[str, ...] = ()
                if batch.before is not None:
                    first, text = batch.before[number]
                    before = text, places.name(first, batch.field)
                found = incident(
                    batch.code,
                    batch.message(value, *before),
                    table=table,
                    field=batch.field,
                    row=row,
                    line=line,
                    file=file,
                    key=key[position],
                    value=value,
                )
                self._incidents.setdefault(batch.code, []).append(found)

    @property
    def incidents(self) -> list[Incident]:
        """The findings that are kept, in the order in which they were found."""
        return [found for group in self._incidents.values() for found in group]
