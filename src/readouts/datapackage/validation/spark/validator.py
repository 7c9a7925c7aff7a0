"""Checking a package on Spark: the expressions of `columns.py` and `keys.py`, where one machine is outgrown.

Spark reads the rows and says which cells are certainly good, which values the others have, which keys are duplicate
and which references have no target. The verdict on a value is given here, by `cells.py`. Rows have no numbers in a
distributed read: a finding tells the primary key. Patterns of schemas run here as well: Java's engine, which Spark has,
may take for ever on a pattern that its author doesn't vouch for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import narwhals as nw

from readouts.datapackage.incident import NULL, incident
from readouts.datapackage.schema.sameness import same_text
from readouts.datapackage.table.csv_scanner import sentence_of
from readouts.datapackage.table.file_kind import conflict_fault, is_conflict_marker
from readouts.datapackage.table.json_rows import JsonRows, json_blocks
from readouts.datapackage.table.reader import Header, ResourceReader, Sizes, referred, with_missing
from readouts.datapackage.table.undecoded import shown
from readouts.datapackage.validation.descriptor import CONTENT, Checked, described
from readouts.datapackage.validation.keys import (
    POSITION,
    comparable_cells,
    dangles,
    dangling,
    followed,
    key_sets,
    repeated,
    twice,
    unique_keys,
)
from readouts.datapackage.validation.spark.byte_scan import ByteScan
from readouts.datapackage.validation.spark.rows import Cell, Torn, marked, torn_rows, with_cells, wrong_cells
from readouts.datapackage.validation.spark.session import (
    RAW,
    frame_of_files,
    frame_of_rows,
    kept,
    reason_of,
    rows_of,
    session,
    unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from readouts.datapackage.findings import Findings
    from readouts.datapackage.report import Check
    from readouts.datapackage.schema.model import ForeignKey, Table
    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.validation.start import Beginning

__all__ = ["UNSEEN", "check_package_on_spark"]

UNSEEN = "blank rows, stray quotes, lone carriage returns, rows and lines"
"""Faults that Spark's reader doesn't report, or fixes silently."""
_KEY = "key "
"""What the name of a column of equal values begins with; the name of the column as it is written follows."""
_MOST_TORN = 100_000
_MOST_TORN_TEXT = 64 * 2**20
_MOST_TEXTS = 100_000
"""Distinct texts of a key, written in more than one form, that are brought into one here."""


@dataclass
class _Distributed:
    """One table on Spark."""

    table: Table
    frame: Any  # of Narwhals: its cells, `POSITION`, and the columns of keys and references
    keys: dict[str, str]  # columns in which equal values of a field are equal texts; null where missing
    rows: int

    @property
    def primary(self) -> list[str]:
        """The columns of the primary key; none if the table has none that is whole."""
        names = self.table.primary_key
        return [self.keys[name] for name in names] if all(name in self.keys for name in names) else []

    def asked(self, names: Sequence[str]) -> tuple[Any, list[str], list[str]]:
        """Return the frame with what is asked of some fields, and their columns: of equal values, and as written."""
        columns = [self.keys[name] for name in names]
        written = [column.removeprefix(_KEY) for column in columns]
        return self.frame.select(POSITION, *dict.fromkeys([*columns, *written, *self.primary])), columns, written


def check_package_on_spark(
    beginning: Beginning,
    findings: Findings,
    master: str,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Check a package of anybody's on Spark.

    Parameters
    ----------
    package
        The package; driver and workers see its files under the same path.
    findings
        Takes what is found.
    master
        Where Spark runs, such as `local[*]` or `spark://host:7077`.
    progress
        Called with the number of bytes read and to be read by the driver.

    Returns
    -------
    Checked
        The checks that were made, and the faults that Spark doesn't see.

    Raises
    ------
    EngineError
        Spark could not be started.
    """
    checked = Checked()
    with session(master) as spark, described(beginning, findings, checked) as found:
        sizes, referred_fields = Sizes(found, progress), referred(found)
        version = spark.version
        tables: dict[str, _Distributed] = {}
        notes: list[Check] = []
        for resource in found:
            names = {name for names in referred_fields.get(resource.name, ()) for name in names}
            table = None
            with findings.outlasting("The check of the table", table=resource.name):
                reader = _Reader(resource, findings, sizes, spark=spark, kept=names)
                table = reader.check()
            if table is not None:
                tables[resource.name] = table
                checked.rows[resource.name] = table.rows
            notes += reader.checks
            if len(resource.files) == 1:
                checked.files[resource.name] = resource.files[0]
        _references(tables, findings)
    known = {name for name, own in tables.items() if own.table.fields}
    checked.add_tables(f"structure (not reported by Spark: {UNSEEN})", CONTENT, f"readouts on Spark {version}", known)
    checked.checks += notes
    return checked


@dataclass(frozen=True)
class _FileShape:
    """A table as its file has it: what its rows must be, the column of each field, from 0, and all columns' names."""

    table: Table
    where: dict[str, int]
    labels: list[str]

    @property
    def columns(self) -> list[str]:
        """Names of the columns of a frame."""
        return [str(place) for place in range(len(self.labels))]

    def key(self, cells: list[str | None]) -> tuple[str, ...]:
        """Return the primary key of a row."""
        key = []
        for name in self.table.primary_key:
            cell = cells[self.where[name]]
            known = cell is not None and cell not in self.table.missing(name)
            key.append(same_text(self.table.field(name), cell) if known and cell is not None else "")
        return tuple(key)


class _Reader(ResourceReader[_Distributed]):
    """One resource while Spark checks it."""

    def __init__(self, resource: Resource, findings: Findings, sizes: Sizes, *, spark: Any, kept: set[str]) -> None:
        super().__init__(resource, findings, sizes)
        self.spark, self.kept = spark, kept

    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> _Distributed | None:
        """Check rows of text."""
        look = ByteScan()
        look.read(stream, header.head.rest)
        return self._on_spark(lambda: self._text(table, header, look))

    def _text(self, table: Table, header: Header, look: ByteScan) -> _Distributed | None:
        from pyspark.sql import functions

        reason = unreadable(self.resource, self.spark)
        if reason is not None:
            self.add("unsupported-feature", f"Spark doesn't read {reason} as the standard has it.", hint=_ELSEWHERE)
            return None
        shape = _FileShape(*self.matched(table, header.labels, header.line), header.labels)
        frame = kept(frame_of_files(self.spark, self.resource, len(shape.columns), self.files))
        raw = functions.col(RAW)
        torn, length = frame.select(functions.count(raw), functions.sum(functions.length(raw))).first()
        if torn > _MOST_TORN or (length or 0) > _MOST_TORN_TEXT:
            message = f"{torn:,} rows have too few or too many cells: too many to be read again one by one."
            self.add("resource-limit", message, hint=_ELSEWHERE)
            return None
        again = list(torn_rows(frame, len(shape.columns), self.resource.dialect)) if torn else []
        for row in again:
            if is_conflict_marker(marker := row.cells[0] or "") and marker != "=======":
                raise conflict_fault(marker)
        cells = with_cells(self.spark, frame, shape.columns, again, returns=look.returns)
        own = self._checked(shape, cells, again, look.texts)
        frame.unpersist()
        return own

    def json_rows(self, table: Table, rows: JsonRows) -> _Distributed | None:
        """Check rows of JSON."""
        table = with_missing(table, NULL)
        shape = _FileShape(*self.matched(table, rows.labels, rows.header_line, ordered=rows.ordered), rows.labels)
        listed: list[list[Any]] = []
        torn: list[Torn] = []
        for block in json_blocks(shape.table, rows, lambda frame: frame, NULL):
            cells = block.frame.rows()
            torn += [Torn(len(listed) + place, list(cells[place]), [fault]) for place, _, fault in block.faults]
            listed += [[*row, position] for position, row in enumerate(cells, len(listed))]
        return self._on_spark(
            lambda: self._checked(shape, frame_of_rows(self.spark, [*shape.columns, POSITION], listed), torn, {})
        )

    def _on_spark(self, work: Callable[[], _Distributed | None]) -> _Distributed | None:
        try:
            return work()
        except _spark_errors() as error:
            self.add("check-failed", f"Spark could not check the table: {reason_of(error)}.", hint=_ELSEWHERE)
            return None

    def _checked(self, shape: _FileShape, native: Any, torn: list[Torn], texts: dict[str, str]) -> _Distributed:
        """Check the cells of a frame, and its own keys."""
        frame, unreadable_cells = marked(nw.from_native(native), shape.columns, texts)
        frame, keys = self._keyed(shape, frame)
        native = kept(frame.to_native())
        own = _Distributed(shape.table, nw.from_native(native), keys, native.count())
        self._structure(own, shape, torn)
        limit = self.findings.limit
        for cell in unreadable_cells:
            count, found = _first_rows(own.frame.filter(cell.hit), [cell.column], own.primary, limit)
            for (text,), key in found:
                value = text.replace("\ufffd", "?")
                message = sentence_of(cell.code, value, self.resource.encoding)
                self._add(cell.code, shape.labels[cell.place], key, value.replace("\0", "\\0"), message)
            _count(self.findings, cell.code, count - len(found))
        names = {str(place): name for name, place in shape.where.items()}
        table = shape.table
        cells = [Cell(column, table.field(name), table.missing(name)) for column, name in names.items()]
        for wrong in wrong_cells(self.spark, own.frame, cells, own.primary, limit):
            for value, message, key in wrong.rows:
                self._add(wrong.code, names[wrong.column], key, value, message)
            _count(self.findings, wrong.code, wrong.count - len(wrong.rows))
        self._repetitions(own)
        return own

    def _add(self, code: str, field: str | None, key: tuple[str, ...], value: str | None, message: str) -> None:
        self.add(code, message, field=field, key=key or None, value=value)

    def _keyed(self, shape: _FileShape, frame: Any) -> tuple[Any, dict[str, str]]:
        """Return a frame with columns in which equal values are equal texts, and their names by field."""
        table, where = shape.table, shape.where
        names = [name for name in where if name in self.kept.union(*key_sets(table))]
        keys: dict[str, str] = {}
        for name in names:
            field_, column = table.field(name), f"{_KEY}{where[name]}"
            cells, others = comparable_cells(field_, table.missing(name), str(where[name]))
            texts: dict[str, str] = {}
            if others is not None:
                rest = frame.filter(others).select(cells.alias(column)).unique().head(_MOST_TEXTS + 1)
                found = [row[0] for row in rows_of(rest.to_native())]
                if len(found) > _MOST_TEXTS:
                    message = (
                        f"Keys and references of this field are not checked: more than {_MOST_TEXTS:,} values are "
                        "written in an unusual form."
                    )
                    self.add("resource-limit", message, field=name, hint=_ELSEWHERE)
                    continue
                texts = {text: same for text in found if (same := same_text(field_, text)) != text}
            frame = frame.with_columns(cells.alias(column))
            if texts:
                listed = nw.from_native(frame_of_rows(self.spark, ["written", "same"], sorted(texts.items())))
                frame = frame.join(listed, left_on=column, right_on="written", how="left")
                frame = frame.with_columns(nw.coalesce(nw.col("same"), nw.col(column)).alias(column)).drop("same")
            keys[name] = column
        return frame, keys

    def _structure(self, own: _Distributed, shape: _FileShape, torn: list[Torn]) -> None:
        """Add what is wrong with rows that were read one by one."""
        labels = shape.labels
        for row in torn:
            key = shape.key(row.cells) if own.primary else ()
            for fault in row.faults:
                label = labels[fault.column] if fault.column is not None and fault.column < len(labels) else None
                value = None if fault.value is None else shown(fault.value)
                message = sentence_of(fault.code, fault.value, self.resource.encoding)
                self._add(fault.code, label, key, value, message)

    def _repetitions(self, own: _Distributed) -> None:
        """Add the rows whose key is a duplicate."""
        for code, names in unique_keys(own.table):
            if all(name in own.keys for name in names):
                asked, columns, written = own.asked(names)
                count, found = _first_rows(repeated(asked, columns), written, own.primary, self.findings.limit)
                for values, key in found:
                    value = ", ".join(values)
                    self._add(code, ", ".join(names), key, value, twice(value))
                _count(self.findings, code, count - len(found))


_ELSEWHERE = "Check it with --engine polars."


def _spark_errors() -> tuple[type[Exception], ...]:
    from importlib import import_module

    from pyspark.errors import PySparkException

    # The last is what is left of a Java process that has died.
    return PySparkException, import_module("py4j.protocol").Py4JError, ConnectionError


def _count(findings: Findings, code: str, more: int) -> None:
    """Count findings that are not shown."""
    if more:
        findings.merge({code: more}, [])


def _first_rows(
    frame: Any, values: list[str], key: list[str], limit: int | None
) -> tuple[int, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """Return how many rows a frame has, and values and keys of the first of them."""
    asked = frame.select(
        POSITION,
        *(nw.col(name).alias(f"value {place}") for place, name in enumerate(values)),
        *(nw.col(name).alias(f"key of row {place}") for place, name in enumerate(key)),
    )
    first = asked if limit is None else asked.sort(POSITION).head(limit + 1)
    rows = sorted(rows_of(first.to_native()), key=itemgetter(0))
    count = len(rows)
    if limit is not None and count > limit:
        count = asked.select(nw.len()).to_native().first()[0]
        rows = rows[:limit]
    end = 1 + len(values)
    return count, [
        (tuple(map(str, row[1:end])), tuple("" if part is None else part for part in row[end:])) for row in rows
    ]


def _references(tables: dict[str, _Distributed], findings: Findings) -> None:
    """Add the rows that refer to a key that isn't there."""
    schemas = {name: own.table for name, own in tables.items()}
    for name, key in followed(schemas, {name: own.keys for name, own in tables.items()}):
        try:
            count, found = _dangling_rows(tables[name], tables[key.table], key, findings.limit)
        except _spark_errors() as error:
            message = f"Spark could not follow the reference to {key.table}: {reason_of(error)}."
            findings.add(incident("check-failed", message, table=name, field=", ".join(key.fields), hint=_ELSEWHERE))
            continue
        sentence = partial(dangles, f"{key.table} ({', '.join(key.target_fields)})")
        for values, row_key in found:
            value, field = ", ".join(values), ", ".join(key.fields)
            findings.add(
                incident("foreign-key", sentence(value), table=name, field=field, key=row_key or None, value=value)
            )
        _count(findings, "foreign-key", count - len(found))


def _dangling_rows(
    own: _Distributed, target: _Distributed, key: ForeignKey, limit: int | None
) -> tuple[int, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    """Return how many rows refer to a key that isn't there, and values and keys of the first of them."""
    goals = target.frame.select(
        *(nw.col(target.keys[column]).alias(f"goal {place}") for place, column in enumerate(key.target_fields))
    )
    asked, columns, written = own.asked(key.fields)
    return _first_rows(dangling(asked, columns, goals), written, own.primary, limit)
