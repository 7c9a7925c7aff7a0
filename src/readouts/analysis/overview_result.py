"""An overview: the counts, as a frame, as CSV, and as a notebook shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readouts.analysis.frames import frame_of
from readouts.analysis.overview_columns import CLOSED, COLUMNS, MEANINGS
from readouts.datapackage.render.notebook import notebook_html
from readouts.datapackage.table.canonical_csv import csv_line
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["Overview", "Value"]

Value = str | int | float | tuple[str, ...] | None
_SHOWN = 30
"""How many rows a notebook shows."""


@dataclass(frozen=True, slots=True, repr=False)
class Overview:
    """Claims counted over the events of a corpus.

    Attributes
    ----------
    by
        What they are counted by.
    rows
        The counts, with the columns of `COLUMNS[by]`.
    events
        How many events with claims there are of each kind of `ACCOUNTS`.
    """

    by: str
    rows: tuple[Mapping[str, Value], ...]
    events: Mapping[str, int]

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The columns as fields of a Table Schema."""
        made = []
        for name in COLUMNS[self.by]:
            kind, description = MEANINGS[name]
            field: dict[str, Any] = {"name": name, "type": kind, "description": description}
            if kind == "list":
                field["delimiter"] = "|"
            if name in CLOSED:
                field["constraints"] = {"enum": list(CLOSED[name])}
            made.append(field)
        return made

    def __repr__(self) -> str:
        kinds = ", ".join(f"{count:,} {state}" for state, count in self.events.items() if count)
        return f"<Overview by {self.by}: {counted(len(self.rows), 'row')}; events by accounts: {kinds or 'none'}>"

    def _repr_html_(self) -> str:
        shown = [name for name in COLUMNS[self.by] if MEANINGS[name][0] != "list" and not name.endswith("_id")]
        rows = [["" if (value := row[name]) is None else _shown(value) for name in shown] for row in self.rows[:_SHOWN]]
        more = f"and {len(self.rows) - _SHOWN:,} more rows: to_frame() has all." if len(self.rows) > _SHOWN else ""
        return notebook_html(f"Claims by {self.by}", filter(None, [more]), shown, rows)

    def to_frame(self) -> pd.DataFrame:
        """Return the counts as a frame of pandas, as `corpus.overview()` does.

        Examples
        --------
        >>> import readouts
        >>> from readouts.analysis.overview import overview
        >>> overview(readouts.load().texts, "pair").to_frame().dtypes["claims"]
        Int64Dtype()
        """
        kinds = {name: MEANINGS[name][0].replace("string", "text") for name in COLUMNS[self.by]}
        return frame_of(self.rows, kinds, {name: CLOSED[name] for name in kinds if name in CLOSED})

    def to_csv(self) -> str:
        """Return the counts as CSV; lists are joined by '|'."""
        lines = [csv_line(COLUMNS[self.by])]
        lines += [csv_line(map(_cell, row.values())) for row in self.rows]
        return "".join(lines)


def _shown(value: Value) -> str | int:
    return value if isinstance(value, int) else str(value)


def _cell(value: Value) -> str | None:
    return "|".join(value) or None if isinstance(value, tuple) else None if value is None else str(value)
