"""Checking one table: structure, then types and constraints block by block, then its own keys."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.findings import Findings, Locate, Places
from readouts.datapackage.table.csv_scanner import sentence_of
from readouts.datapackage.table.undecoded import shown
from readouts.datapackage.validation.cells import judge, message_of
from readouts.datapackage.validation.expressions import certainly_good, parsable
from readouts.datapackage.validation.key_columns import TEXT, KeyColumns, repeated_rows
from readouts.datapackage.validation.keys import FIRST, POSITION, comparable, key_sets, twice, unique_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from readouts.datapackage.schema.model import Field, Table
    from readouts.datapackage.table.csv_blocks import Block
    from readouts.datapackage.table.csv_scanner import Fault
    from readouts.datapackage.validation.cells import Verdict
    from readouts.datapackage.validation.key_columns import KeyMemory, KeyRows

__all__ = ["BlockResult", "TablePlan", "add_repetitions", "check_blocks", "settle"]


_MOST_VERDICTS = 100_000
"""Verdicts kept for a column; values that come again are not judged again."""
_SAMPLE = 10_000
_FEW, _VERY_FEW = 0.1, 0.005
"""Share of distinct values up to which they are checked instead of the cells; numbers are parsed that fast."""


@dataclass(slots=True)
class _Column:
    """One column as it is checked: the field, where it is, and the expression for its good cells."""

    field: Field
    column: str
    missing: tuple[str, ...]
    good: pl.Expr
    number: pl.Expr | None = None  # its cells as numbers, for `good`
    few: bool | None = None  # whether it has few distinct values, which are checked instead of the cells
    verdicts: dict[str, Verdict] = dataclasses.field(default_factory=dict)  # so far

    @property
    def share(self) -> float:
        """Up to which share of distinct values they are few."""
        limits = self.field.constraints
        if self.field.type in {"string", "any"} and limits.enum is None and limits.pattern is None:
            # Its length is known as fast as its values are collected.
            return _FEW if self.field.format != "default" else 0
        return _FEW if self.field.type not in {"integer", "number"} else _VERY_FEW


@dataclass
class TablePlan:
    """How the blocks of a table are checked: its columns, and those that keys and references need.

    Attributes
    ----------
    table
        What the rows must be.
    where
        The column of each field that the file has, from 0.
    kept
        Fields that references of other tables point to together.
    memory
        How much the keys may take.
    encoding
        Encoding of the files.
    locate
        Gives the file and line of a finding, as `Places` has it.
    """

    table: Table
    where: dict[str, int]
    kept: Collection[tuple[str, ...]]
    memory: KeyMemory
    encoding: str = "utf-8"
    locate: Locate | None = None
    columns: list[_Column] = dataclasses.field(init=False)
    sets: list[tuple[str, ...]] = dataclasses.field(init=False)
    needed: list[str] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        """Compile the expressions."""
        found = (_column(self.table, name, str(place)) for name, place in self.where.items())
        self.columns = [column for column in found if column is not None]
        wanted = [*key_sets(self.table), *self.kept]
        self.sets = [names for names in dict.fromkeys(wanted) if all(name in self.where for name in names)]
        self.needed = [name for name in self.where if any(name in names for names in wanted)]

    def work(self, frame: pl.DataFrame) -> BlockResult:
        """Look at the cells of a block; may run in several threads at once."""
        keys, written = {}, {}
        for name in self.needed:
            texts, field = frame[str(self.where[name])], self.table.field(name)
            keys[name] = comparable(field, self.table.missing(name), texts)
            if field.type not in {"string", "any"} and (others := keys[name].cast(pl.String) != texts).any():
                positions = others.fill_null(value=False).arg_true()
                written[name] = pl.DataFrame({POSITION: positions, TEXT: texts.gather(positions)})
        return BlockResult(_evaluated(frame, self.columns), keys, written)


@dataclass(frozen=True, slots=True)
class BlockResult:
    """The result for a block: by column, which cells are certainly good or which values there are; and its keys.

    `written` has, of the keys in which there are any, the cells that are written in another way than their values:
    their positions and texts.
    """

    columns: list[tuple[_Column, pl.Series, bool]]
    keys: dict[str, pl.Series]
    written: dict[str, pl.DataFrame]


def check_blocks(
    plan: TablePlan,
    blocks: Iterable[Block[BlockResult]],
    labels: list[str],
    findings: Findings,
    progress: Callable[[int], None] | None = None,
    *,
    whole: bool = True,
) -> KeyColumns:
    """Check the rows of a table; duplicate keys are looked for if these are the whole of it.

    Returns
    -------
    KeyColumns
        The columns of keys and references.
    """
    table = plan.table
    keys = KeyColumns(table, plan.needed, plan.sets, plan.memory, Places(plan.locate))
    try:
        for block in blocks:
            start = keys.places.height
            for place, row, fault in block.faults:
                _structure(findings, plan, (start + place, row), labels, fault, block_has=place >= 0)
            _judge_seen(table.name, block.result.columns, block.frame, start, findings)
            written = {
                name: cells.with_columns(pl.col(POSITION) + start) for name, cells in block.result.written.items()
            }
            keys.add(start, block.frame.height, block.result.keys, written)
            keys.places.add(block.rows, block.lines)
            if progress is not None:
                progress(block.frame.height)
    except Exception:
        # A file that can't be read to its end: what was found in it before is not lost.
        settle(keys, findings)
        raise
    keys.finish()
    if whole:
        add_repetitions(keys, findings, lambda names: repeated_rows(keys, names, findings.limit))
    return keys


def _column(table: Table, name: str, column: str) -> _Column | None:
    field_, missing = table.field(name), table.missing(name)
    cell = pl.col(column)
    good = certainly_good(field_, missing, cell)
    if good is None:
        return None
    if not parsable(field_):
        return _Column(field_, column, missing, good)
    if any(_is_number(text) for text in missing):
        # A missing value must not be taken for a number; any other text becomes null by itself.
        cell = pl.when(cell.is_in(list(missing)).not_()).then(cell)
    kind = pl.Int64() if field_.type == "integer" else pl.Float64()
    number = f"{column}#"
    by_number = certainly_good(field_, missing, pl.col(column), number=pl.col(number))
    return _Column(
        field_,
        column,
        missing,
        by_number if by_number is not None else good,
        cell.cast(kind, strict=False).alias(number),
    )


def _is_number(text: str) -> bool:
    return pl.Series([text]).cast(pl.Float64, strict=False)[0] is not None


def _evaluated(frame: pl.DataFrame, columns: list[_Column]) -> list[tuple[_Column, pl.Series, bool]]:
    """Return, by column, its distinct values if these are few, else which cells are certainly good."""
    if not columns or not frame.height:
        return []
    unknown = [column for column in columns if column.few is None]
    if unknown:
        sample = frame.select(pl.col(column.column).n_unique() for column in unknown)
        for column in unknown:
            column.few = sample[column.column][0] < column.share * frame.height
    few = [column for column in columns if column.few]
    many = [column for column in columns if not column.few]
    distinct = frame.lazy().select(pl.col(column.column).unique().implode() for column in few)
    masks = frame.lazy().select()
    if many:
        chosen = {column.column: column.good for column in many}
        numbers = frame.lazy().with_columns(column.number for column in many if column.number is not None)
        # A condition of no column, such as that nothing is certain, is one for every row.
        masks = numbers.with_columns(**chosen).select(*chosen)
    found, values = pl.collect_all([masks, distinct])
    seen = [(column, values[column.column][0], True) for column in few]
    return seen + [(column, found[column.column], False) for column in many]


def _judge_seen(
    table: str, seen: list[tuple[_Column, pl.Series, bool]], frame: pl.DataFrame, start: int, findings: Findings
) -> None:
    """Judge what is not certainly good."""
    for column, series, distinct in seen:
        if distinct:
            values = [value for value in series.to_list() if value is not None]
            column.few = len(values) < column.share * max(frame.height, _SAMPLE)
            wrong = [value for value, verdict in _verdicts(column, values).items() if verdict is not None]
            positions = frame[column.column].is_in(wrong).arg_true() if wrong else None
        else:
            positions = None if series.all() else (~series).fill_null(value=False).arg_true()
        if positions is not None:
            _add(column, frame, positions, findings, table=table, start=start)


def _verdicts(column: _Column, values: list[str]) -> dict[str, Verdict]:
    """Return a verdict for each of some values; those that are known are not judged again."""
    known = column.verdicts
    new = judge(column.field, column.missing, [value for value in values if value not in known])
    found = {value: new[value] if value in new else known[value] for value in values}
    if len(known) + len(new) <= _MOST_VERDICTS:
        known.update(new)
    return found


def _add(
    column: _Column, frame: pl.DataFrame, positions: pl.Series, findings: Findings, *, table: str, start: int
) -> None:
    """Judge the cells at some positions, and add what is wrong with them."""
    values = frame[column.column].gather(positions)
    if values.null_count():
        # No cell at all: the structure of its row was reported.
        positions, values = positions.filter(values.is_not_null()), values.drop_nulls()
    distinct = values.unique(maintain_order=True).to_list()
    wrong: dict[tuple[str, str], list[str]] = {}
    for value, verdict in _verdicts(column, distinct).items():
        if verdict is not None:
            wrong.setdefault(verdict, []).append(value)
    for (code, expected), texts in wrong.items():
        chosen = None if len(texts) == len(distinct) else values.is_in(texts)
        where = positions if chosen is None else positions.filter(chosen)
        what = values if chosen is None else values.filter(chosen)
        findings.add_rows(
            code,
            (table, column.field.name),
            where.cast(pl.Int64).to_numpy() + start,
            what.to_list() if findings.limit is None else what.head(findings.limit).to_list(),
            partial(message_of, expected),
        )


def _structure(
    findings: Findings, plan: TablePlan, place: tuple[int, int], labels: list[str], fault: Fault, *, block_has: bool
) -> None:
    """Add what is wrong with the structure of a row, which is at a position and has a number."""
    position, row = place
    name = labels[fault.column] if fault.column is not None and fault.column < len(labels) else None
    value = None if fault.value is None else shown(fault.value)
    message = sentence_of(fault.code, fault.value, plan.encoding)
    if fault.code == "null-byte" and value is not None:
        value = value.replace("\0", "\\0")
    if not block_has:
        from readouts.datapackage.incident import incident

        file, line = Places(plan.locate).locate(row, fault.line, None)
        findings.add(incident(fault.code, message, table=plan.table.name, row=row, line=line, file=file))
        return
    positions = pl.Series([position], dtype=pl.Int64).to_numpy()
    findings.add_rows(fault.code, (plan.table.name, name), positions, [value], lambda _value: message)


def add_repetitions(
    keys: KeyRows, findings: Findings, repeated: Callable[[tuple[str, ...]], tuple[int, pl.DataFrame]]
) -> None:
    """Add the rows whose key is a duplicate; `repeated` gives, for a key, their number and the first of them."""
    table = keys.table
    for code, names in unique_keys(table):
        if not keys.has(names):
            continue
        count, found = repeated(names)
        if not count:
            continue
        positions, first = found[POSITION].to_list(), found[FIRST].to_list()
        findings.add_rows(
            code,
            (table.name, ", ".join(names)),
            found[POSITION].cast(pl.Int64).to_numpy(),
            keys.texts(names, positions),
            twice,
            count=count,
            before=list(zip(first, keys.texts(names, first), strict=True)),
        )


def settle(keys: KeyRows, findings: Findings) -> None:
    """Make incidents of what was found in a table, with the place and key of each row."""
    findings.settle(keys.table.name, keys.places, keys.keys)
