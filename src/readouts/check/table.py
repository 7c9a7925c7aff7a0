"""Checking one table: structure, then types and constraints block by block, then its own keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from readouts.check.cells import judge, message_of
from readouts.check.columns import certainly_good
from readouts.check.findings import Findings, Places, shown
from readouts.check.keys import POSITION, comparable, repeated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from readouts.check.blocks import Block
    from readouts.check.cells import Verdict
    from readouts.check.scan import Fault
    from readouts.schema import Field, Table

__all__ = ["KeyColumns", "check_blocks", "settle"]


@dataclass
class KeyColumns:
    """The columns of a table that keys and references are made of, whole.

    Attributes
    ----------
    table
        The table.
    columns
        Values by field, with equal texts for equal values; null where missing.
    places
        Where its rows stand.
    readable
        Whether the table could be read at all.
    """

    table: Table
    columns: dict[str, pl.Series] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    readable: bool = True

    def frame(self, names: Iterable[str], *, positions: bool = True) -> Any:
        """Return some of the columns as a Narwhals frame, with the positions of the rows."""
        frame = pl.DataFrame({name: self.columns[name] for name in names})
        if positions:
            frame = frame.with_row_index(POSITION)
        return nw.from_native(frame, eager_only=True)

    def key(self, position: int) -> tuple[str, ...] | None:
        """Return the primary key of the row at a position."""
        names = self.table.primary_key
        if not names or any(name not in self.columns for name in names):
            return None
        return tuple(str(self.columns[name][position] or "") for name in names)


@dataclass(slots=True)
class _Column:
    """One column as it is checked: the field, where it is, and what tells its good cells."""

    field: Field
    column: str
    missing: tuple[str, ...]
    good: nw.Expr | None
    verdicts: dict[str, Verdict]


_MOST_VERDICTS = 100_000
"""Verdicts kept for a column; values that come again are not judged again."""


def check_blocks(
    table: Table,
    where: dict[str, int],
    blocks: Iterable[Block],
    labels: list[str],
    kept: set[str],
    findings: Findings,
    progress: Callable[[int], None] | None = None,
) -> KeyColumns:
    """Check the rows of a table.

    Parameters
    ----------
    table
        What its rows must be.
    where
        The column of each field that the file has, from 0.
    blocks
        The rows.
    labels
        The file's columns.
    kept
        Fields whose values references or keys of other tables need.
    findings
        Takes what is found.
    progress
        Called with the number of rows of each block.

    Returns
    -------
    KeyColumns
        The columns of keys and references.
    """
    keys = KeyColumns(table)
    columns = [_column(table, name, str(place)) for name, place in where.items()]
    needed = [name for name in where if name in kept | _own_keys(table)]
    parts: dict[str, list[pl.Series]] = {name: [] for name in needed}
    for block in blocks:
        start = keys.places.height
        for place, row, fault in block.faults:
            _structure(findings, table.name, labels, start + place, row, fault, block_has=place >= 0)
        _cells(table.name, columns, block.frame, start, findings)
        for name in needed:
            parts[name].append(block.frame[str(where[name])])
        keys.places.add(block.rows, block.lines)
        if progress is not None:
            progress(block.frame.height)
    for name in needed:
        column = pl.concat(parts[name]) if parts[name] else pl.Series(name, [], dtype=pl.String)
        series = nw.from_native(column.alias(name), series_only=True)
        keys.columns[name] = comparable(table.field(name), table.missing(name), series).to_native()
        parts[name] = []
    _repetitions(keys, findings)
    return keys


def _own_keys(table: Table) -> set[str]:
    names = {*table.primary_key, *table.unique_fields}
    names.update(name for key in table.unique_keys for name in key)
    return names | {name for key in table.foreign_keys for name in key.fields}


def _column(table: Table, name: str, column: str) -> _Column:
    field_, missing = table.field(name), table.missing(name)
    return _Column(field_, column, missing, certainly_good(field_, missing, column), {})


def _cells(table: str, columns: list[_Column], frame: pl.DataFrame, start: int, findings: Findings) -> None:
    """Check the cells of a block."""
    checked = [column for column in columns if column.good is not None]
    if not checked or not frame.height:
        return
    lazy = nw.from_native(frame.lazy())
    masks = lazy.select(**{column.column: column.good for column in checked}).collect("polars").to_native()  # type: ignore[arg-type]
    for column in checked:
        mask = masks[column.column]
        if mask.all():
            continue
        if mask.len() != frame.height:
            # An expression of no column at all: nothing is certain.
            mask = pl.repeat(value=False, n=frame.height, eager=True)
        positions = (~mask).fill_null(value=False).arg_true()
        values = frame[column.column].gather(positions)
        if values.null_count():
            positions, values = positions.filter(values.is_not_null()), values.drop_nulls()
        _judged(table, column, positions, values, start, findings)


def _judged(
    table: str, column: _Column, positions: pl.Series, values: pl.Series, start: int, findings: Findings
) -> None:
    """Judge the cells that are not certainly good, and add what is wrong with them."""
    distinct = values.unique(maintain_order=True).to_list()
    new = [value for value in distinct if value not in column.verdicts]
    verdicts = judge(column.field, column.missing, new)
    if len(column.verdicts) + len(verdicts) <= _MOST_VERDICTS:
        column.verdicts.update(verdicts)
    wrong: dict[tuple[str, str], list[str]] = {}
    for value in distinct:
        verdict = verdicts[value] if value in verdicts else column.verdicts[value]
        if verdict is not None:
            wrong.setdefault(verdict, []).append(value)
    for (code, expected), texts in wrong.items():
        chosen = values.is_in(texts) if len(wrong) > 1 or len(texts) < len(distinct) else None
        where = positions if chosen is None else positions.filter(chosen)
        what = values if chosen is None else values.filter(chosen)
        findings.add_rows(
            code,
            table,
            column.field.name,
            where.to_numpy().astype(np.int64) + start,
            what.head(findings.limit).to_list() if findings.limit is not None else what.to_list(),
            partial(message_of, expected),
        )


_SENTENCES = {
    "type-error": "Expected a value of the field's type; found {value}.",
    "blank-row": "Expected a row with cells; found an empty line.",
    "missing-cell": "Expected a cell; the row ends before it.",
    "extra-cell": "Expected as many cells as the header has; found more: {value}.",
    "null-byte": "Expected text; found a NUL character in {value}.",
    "encoding-error": "Expected text in the encoding of the descriptor; found bytes that are none in {value}.",
    "line-ending": "Expected lines to end in LF or CRLF; found a carriage return alone in {value}.",
    "stray-quote": "Expected quotes around a whole cell, and twice within it; found {value}.",
    "unterminated-quote": "Expected the quoted cell that begins here to end with a quote; found none.",
}


def _structure(
    findings: Findings, table: str, labels: list[str], position: int, row: int, fault: Fault, *, block_has: bool
) -> None:
    """Add what is wrong with the structure of a row."""
    name = labels[fault.column] if fault.column is not None and fault.column < len(labels) else None
    value = None if fault.value is None else fault.value.encode("utf-8", "replace").decode()
    message = _SENTENCES[fault.code].format(value=shown(value or ""))
    if fault.code == "null-byte" and value is not None:
        value = value.replace("\0", "\\0")
    if not block_has:
        from readouts.incident import incident

        findings.add(incident(fault.code, message, table=table, row=row, line=fault.line))
        return
    findings.add_rows(fault.code, table, name, np.array([position]), [value], lambda _value: message)


def _repetitions(keys: KeyColumns, findings: Findings) -> None:
    """Add the rows whose key is there before."""
    table = keys.table
    wanted = [("primary-key", table.primary_key)] if table.primary_key else []
    wanted += [("unique-error", (name,)) for name in table.unique_fields if (name,) != table.primary_key]
    wanted += [("unique-error", key) for key in table.unique_keys if key != table.primary_key]
    for code, names in dict.fromkeys(wanted):
        if any(name not in keys.columns for name in names):
            continue
        found = repeated(keys.frame(names), list(names))
        if not len(found):
            continue
        values = [", ".join(row[1:]) for row in found.select(POSITION, *names).rows()]
        findings.add_rows(
            code, table.name, ", ".join(names), found[POSITION].to_numpy().astype(np.int64), values, _twice
        )


def _twice(value: str | None) -> str:
    return f"Expected a value of its own; found {shown(value or '')}, which a row before it has."


def settle(keys: KeyColumns, findings: Findings) -> None:
    """Make incidents of what was found in a table, with the place and key of each row."""
    findings.settle(keys.table.name, keys.places, keys.key)
