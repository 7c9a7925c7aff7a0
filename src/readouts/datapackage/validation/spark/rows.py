"""The cells of one table on Spark: rows that are torn, cells that can't be read, values that are not certainly good."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import TYPE_CHECKING, Any

import narwhals as nw

from readouts.datapackage.table.csv_blocks import fitted
from readouts.datapackage.table.csv_scanner import scan
from readouts.datapackage.validation.cells import judge, message_of
from readouts.datapackage.validation.expressions import certainly_good
from readouts.datapackage.validation.keys import POSITION
from readouts.datapackage.validation.spark.session import RAW, frame_of_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.schema.model import Field
    from readouts.datapackage.table.csv_scanner import Fault
    from readouts.datapackage.table.dialect import Dialect

__all__ = ["Cell", "Shown", "Torn", "Unreadable", "marked", "torn_rows", "unsure", "with_cells", "wrong_cells"]

_LONGEST = 2_000
"""Characters of a cell that Java's patterns may look at: they use the stack, which long cells would exhaust."""
_BATCH = 20_000
_COLUMN, _VALUE, _TIMES, _CODE, _ORDER = "column", "value", "times", "code", "order"


@dataclass(frozen=True, slots=True)
class Torn:
    """A row with too few or too many cells, read again as it is: its cells, and what is wrong with it."""

    position: int
    cells: list[str | None]
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a frame, and the field whose cells it has."""

    column: str
    field: Field
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A code of findings in a column (from 0), the column of its cells as they were, and the text that they have."""

    code: str
    place: int
    column: str
    text: str

    @property
    def hit(self) -> nw.Expr:
        """What tells these cells."""
        return nw.col(self.column).str.contains(self.text, literal=True)


@dataclass(frozen=True, slots=True)
class Shown:
    """Findings of one code in one column: how many, and the first of them, each with value, message and key."""

    column: str
    code: str
    count: int
    rows: list[tuple[str, str, tuple[str, ...]]]


def torn_rows(frame: Any, width: int, dialect: Dialect) -> Iterator[Torn]:
    """Yield the rows that have another number of cells than there are columns."""
    for position, text in sorted(map(tuple, rows_of(frame.filter(frame[RAW].isNotNull()).select(POSITION, RAW)))):
        records = scan(text.encode("utf-8", "replace"), dialect, 1, final=True).records
        for record in records:
            faults: list[tuple[int, int, Fault]] = []
            if record.cells:
                cells = fitted(record, width, dialect, (0, 0), faults)
                yield Torn(position, cells, [fault for _, _, fault in faults])


def with_cells(spark: Any, frame: Any, columns: list[str], torn: list[Torn], *, returns: bool) -> Any:
    """Return the rows of a frame with an empty text for an empty cell, and torn rows as they were read again.

    Parameters
    ----------
    spark
        The session.
    frame
        A Spark frame of the columns, `RAW` and `POSITION`.
    columns
        Its columns of cells.
    torn
        The torn rows.
    returns
        Whether lines may end in CRLF; the carriage return then is at the end of the last cell.
    """
    from pyspark.sql import functions

    cells = {name: functions.ifnull(functions.col(name), functions.lit("")) for name in columns}
    if returns:
        cells[columns[-1]] = functions.regexp_replace(cells[columns[-1]], r"\r\z", "")
    plain = frame.filter(frame[RAW].isNull()).select(*(cell.alias(name) for name, cell in cells.items()), POSITION)
    if not torn:
        return plain
    return plain.union(frame_of_rows(spark, [*columns, POSITION], [[*row.cells, row.position] for row in torn]))


def marked(frame: Any, columns: list[str], texts: dict[str, str]) -> tuple[Any, list[Unreadable]]:
    """Return a frame in which cells with certain texts are null.

    Returns
    -------
    tuple
        The frame, which has these columns as they were as well; and what was found in which.
    """
    hits = {(name, text): nw.col(name).str.contains(text, literal=True) for name in columns for text in texts}
    if not hits:
        return frame, []
    counts = frame.select(
        **{f"{name} {texts[text]}": nw.when(hit).then(nw.lit(1)).sum() for (name, text), hit in hits.items()}
    )
    counted = counts.to_native().first().asDict()
    kept = [(name, text) for name, text in hits if counted[f"{name} {texts[text]}"]]
    old = {name: f"{name} as it was" for name, _ in kept}
    frame = frame.with_columns(**{later: nw.col(name) for name, later in old.items()})
    for name in old:
        bad = reduce(or_, (hits[place] for place in kept if place[0] == name))
        frame = frame.with_columns(nw.when(~bad).then(nw.col(name)).alias(name))
    return frame, [Unreadable(texts[text], int(name), old[name], text) for name, text in kept]


def unsure(cell: Cell) -> nw.Expr | None:
    r"""Return the cells of a column that are not certainly good, null where they are; None if all are good.

    A pattern of the schema is left to the engine of linear time: every value of such a column is judged.

    Examples
    --------
    >>> import polars as pl
    >>> from readouts.datapackage.schema.model import Field
    >>> frame = nw.from_native(pl.DataFrame({"0": ["7", "x", ""]}))
    >>> frame.select(unsure(Cell("0", Field("depth", type="integer"), ("",))))["0"].to_list()
    [None, 'x', None]
    """
    value = nw.col(cell.column)
    if cell.field.constraints.pattern is not None:
        return value
    good = certainly_good(cell.field, cell.missing, nw.col(cell.column))
    if good is None:
        return None
    everything = cell.field.type == "any" or (cell.field.type == "string" and cell.field.format == "default")
    if not everything:
        good = nw.when(value.str.len_chars() <= _LONGEST).then(good).otherwise(nw.lit(value=False))
    return nw.when(~good).then(value).alias(cell.column)


def wrong_cells(spark: Any, frame: Any, cells: list[Cell], key: list[str], limit: int | None) -> Iterator[Shown]:
    """Yield what is wrong with the cells of a table.

    Parameters
    ----------
    spark
        The session.
    frame
        A Narwhals frame of the columns, those of the primary key, and `POSITION`.
    cells
        The columns to check.
    key
        Columns of the primary key, as they are shown.
    limit
        Findings shown per code; None for all.
    """
    by_column = {cell.column: cell for cell in cells}
    asked = {cell.column: expression for cell in cells if (expression := unsure(cell)) is not None}
    if not asked:
        return
    keys = [nw.col(name).alias(f"shown {name}") for name in key]
    long = (
        frame.select(*asked.values(), *keys, POSITION)
        .unpivot(
            on=list(asked),
            index=[POSITION, *(f"shown {name}" for name in key)],
            variable_name=_COLUMN,
            value_name=_VALUE,
        )
        .drop_nulls([_VALUE])
    )
    counts, chosen = _judged(long, by_column, limit)
    if not chosen:
        return
    expected = {(column, value): text for column, code, _, value, text in chosen}
    listed = frame_of_rows(
        spark, [_COLUMN, _VALUE, _CODE], [[column, value, code] for column, code, _, value, _ in chosen]
    )
    bad = long.join(nw.from_native(listed), on=[_COLUMN, _VALUE], how="inner")
    if limit is not None:
        bad = bad.with_columns(nw.col(POSITION).rank("ordinal").over(_COLUMN, _CODE).alias(_ORDER))
        bad = bad.filter(nw.col(_ORDER) <= limit)
    groups: dict[tuple[str, str], list[tuple[str, str, tuple[str, ...]]]] = {}
    for row in sorted((found.asDict() for found in rows_of(bad.to_native())), key=lambda row: row[POSITION]):
        column, value = row[_COLUMN], row[_VALUE]
        shown = tuple("" if row[f"shown {name}"] is None else row[f"shown {name}"] for name in key)
        message = message_of(expected[column, value], value)
        groups.setdefault((column, row[_CODE]), []).append((value, message, shown))
    for (column, code), count in sorted(counts.items(), key=lambda entry: (int(entry[0][0]), entry[0][1])):
        yield Shown(column, code, count, groups[column, code])


_Chosen = tuple[str, str, int, str, str]
"""Column, code, first position, value, and what was expected."""


def _judged(long: Any, cells: dict[str, Cell], limit: int | None) -> tuple[dict[tuple[str, str], int], list[_Chosen]]:
    """Judge the distinct values that are not certainly good, in batches, however many there are."""
    # The first rows with a finding have values that come first: as many as are shown suffice.
    values = long.group_by(_COLUMN, _VALUE).agg(nw.len().alias(_TIMES), nw.col(POSITION).min())
    rows = map(tuple, rows_of(values.select(_COLUMN, _VALUE, _TIMES, POSITION).to_native()))
    counts: dict[tuple[str, str], int] = {}
    kept: dict[tuple[str, str], list[_Chosen]] = {}
    while batch := list(islice(rows, _BATCH)):
        by_column: dict[str, dict[str, tuple[int, int]]] = {}
        for column, value, times, position in batch:
            by_column.setdefault(column, {})[value] = times, position
        for column, seen in by_column.items():
            for value, verdict in judge(cells[column].field, cells[column].missing, seen).items():
                if verdict is None:
                    continue
                group, (times, position) = (column, verdict[0]), seen[value]
                counts[group] = counts.get(group, 0) + times
                kept.setdefault(group, []).append((*group, position, value, verdict[1]))
        if limit is not None:
            kept = {group: heapq.nsmallest(limit, found, key=_first) for group, found in kept.items()}
    return counts, [one for group in sorted(kept) for one in sorted(kept[group], key=_first)]


def _first(chosen: _Chosen) -> tuple[int, str]:
    return chosen[2], chosen[3]
