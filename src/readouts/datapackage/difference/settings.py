"""What a comparison ignores: columns, small differences of numbers, spaces at the ends of cells; and its keys.

Nothing of it is the default. Everything that is overlooked is counted, and with it no version is judged.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.difference.result import Setting, SettingKind
from readouts.datapackage.difference.row_pairing import COUNT, FIELD, NEW, OLD, pair
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.schema.sameness import within
from readouts.datapackage.schema.types import Mismatch
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.table.canonical_csv import csv_reader
from readouts.datapackage.words import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from readouts.datapackage.difference.line_pairing import Paired
    from readouts.datapackage.difference.row_pairing import RowPairing
    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.table.text_frame import TextTable

__all__ = ["NOTHING", "Settings", "TableSettings", "read_settings", "told_settings"]

_NUMBERS = frozenset(["number", "integer"])
_TEXTS = frozenset(["string", "any"])
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,4})?")

Key = tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """Settings as given, before the tables are known: each column as `COLUMN` or `TABLE.COLUMN`."""

    key: Key = ()
    ignore: Key = ()
    tolerance: Mapping[str, Decimal] = field(default_factory=dict)
    spaces: bool = False

    def __bool__(self) -> bool:
        """Return whether anything was asked for."""
        return bool(self.key or self.ignore or self.tolerance or self.spaces)

    def by_table(self, *sides: Mapping[str, Resource]) -> dict[str, TableSettings]:
        """Return what was asked for of each table.

        Raises
        ------
        ArgumentError
            A table or a column is unknown, or a column with a tolerance holds no numbers.
        """
        tables = {name: None for side in sides for name, each in side.items() if each.table is not None}
        found = {name: TableSettings(spaces=self.spaces) for name in tables} if self else {}
        for what, names in (("in the key", self.key), ("to ignore", self.ignore), ("with a tolerance", self.tolerance)):
            for name in names:
                table, column = _place(name, what, sides)
                was = found[table]
                if names is self.key:
                    found[table] = replace(was, key=(*was.key, column))
                elif names is self.ignore:
                    found[table] = replace(was, ignore=(*was.ignore, column))
                else:
                    _require_number(table, column, sides)
                    found[table] = replace(was, tolerance={**was.tolerance, column: self.tolerance[name]})
        return found


@dataclass(frozen=True)
class TableSettings:
    """Settings of one table."""

    key: Key = ()
    ignore: Key = ()
    tolerance: Mapping[str, Decimal] = field(default_factory=dict)
    spaces: bool = False

    def told(self, table: str, hidden: Counter[tuple[SettingKind, str]]) -> Iterator[Setting]:
        """Yield what was asked for of a table alone, with how many changes it hid."""
        if self.key:
            yield Setting(SettingKind.KEY, table, self.key)
        for column in self.ignore:
            yield Setting(SettingKind.IGNORE, table, (column,), hidden=hidden[SettingKind.IGNORE, column])
        for column, most in self.tolerance.items():
            count = hidden[SettingKind.TOLERANCE, column]
            yield Setting(SettingKind.TOLERANCE, table, (column,), str(most), count)

    def paired(
        self,
        old: Resource,
        new: Resource,
        key: Key | None,
        renamed: Mapping[Key, Key] | None = None,
        memory: int | None = None,
    ) -> tuple[Paired, Counter[tuple[SettingKind, str]]]:
        """Pair the rows of a table, and count what is hidden of whole rows."""
        from readouts.datapackage.difference.line_pairing import Paired, pair_tables

        hidden: Counter[tuple[SettingKind, str]] = Counter()
        if not self.spaces and (key or not self.ignore):
            return pair_tables(old, new, key, renamed, memory), hidden
        sides = old.text_table(), new.text_table()
        if key:
            sides = _stripped(sides[0], key), _stripped(sides[1], key)
            pairing = pair(*sides, key, renamed)
            keys = [each.text_table().frame.select(key) for each in (old, new)]
            gone = keys[0].join(keys[1], on=list(key), how="anti").height
            hidden[SettingKind.SPACES, ""] = gone - pairing.removed.height - pairing.renamed.height
        else:
            pairing = pair(*sides, None)
            for kind, column in [*((SettingKind.IGNORE, name) for name in self.ignore), (SettingKind.SPACES, "")]:
                before = _rows(pairing)
                if kind is SettingKind.IGNORE:
                    sides = _without(sides[0], column), _without(sides[1], column)
                elif self.spaces:
                    sides = _stripped(sides[0]), _stripped(sides[1])
                pairing = pair(*sides, None)
                hidden[kind, column] = before - _rows(pairing)
        first, second = sides
        labels = first.labels, second.labels
        return Paired(pairing, first.table, second.table, *labels, first.form, second.form), hidden

    def relaxed(self, found: Paired) -> tuple[RowPairing, Counter[tuple[SettingKind, str]]]:
        """Return a pairing without the changed cells that are overlooked, and how many they were.

        Raises
        ------
        ArgumentError
            A column is part of the key, or has a tolerance in a table without a key.
        """
        pairing = found.pairing
        hidden: Counter[tuple[SettingKind, str]] = Counter()
        for column in (*self.ignore, *self.tolerance):
            if column in pairing.key:
                message = (
                    f"{quoted(column)} is in the key that pairs the rows of '{found.new.name}': it can't be ignored "
                )
                raise ArgumentError(f"{message}or have a tolerance. Choose another key, or leave it out.")
        if self.tolerance and not pairing.key:
            message = f"A tolerance needs rows that are paired, and '{found.new.name}' has no key: name one."
            raise ArgumentError(message)
        cells = pairing.cells
        alike = pl.col(OLD).str.strip_chars_end(" ") == pl.col(NEW).str.strip_chars_end(" ")
        masks = [(SettingKind.IGNORE, name, cells[FIELD] == name) for name in self.ignore]
        masks += [(SettingKind.SPACES, "", cells.select(alike.alias(OLD)).to_series())] if self.spaces else []
        masks += [
            (SettingKind.TOLERANCE, name, self._close(cells, name, most, found))
            for name, most in self.tolerance.items()
        ]
        if not masks:
            return pairing, hidden
        left = pl.repeat(value=True, n=cells.height, eager=True, dtype=pl.Boolean)
        for kind, column, mask in masks:
            hidden[kind, column] += int((left & mask).sum())
            left &= ~mask
        cells = cells.filter(left)
        rows = cells.select(pairing.key).n_unique() if pairing.key and cells.height else 0
        return replace(pairing, cells=cells, rows_changed=rows), hidden

    def texts(self, resource: Resource) -> pl.DataFrame:
        """Return the rows of a table, as far as their texts count."""
        frame = resource.text_table().frame
        return _bare(frame) if self.spaces else frame

    def _close(self, cells: pl.DataFrame, column: str, most: Decimal, found: Paired) -> pl.Series:
        """Say for each changed cell whether its column has a tolerance and the numbers are within it."""
        of_column = cells[FIELD] == column
        pairs = cells.filter(of_column).select(OLD, NEW)
        if self.spaces:
            pairs = _bare(pairs)

        def near(old: str, new: str) -> bool:
            before, after = _number(found.old, column, old), _number(found.new, column, new)
            return before is not None and after is not None and within(before, after, most)

        known = {texts: near(*texts) for texts in pairs.unique().iter_rows()}
        return of_column.scatter(of_column.arg_true(), [known[texts] for texts in pairs.iter_rows()])


NOTHING = TableSettings()
"""The default: every difference counts."""


def told_settings(
    tables: Mapping[str, TableSettings], hidden: Mapping[str, Counter[tuple[SettingKind, str]]]
) -> Iterator[Setting]:
    """Yield the settings of all tables, and how many changes each hid."""
    for name, settings in tables.items():
        yield from settings.told(name, hidden.get(name, Counter()))
    if any(settings.spaces for settings in tables.values()):
        yield Setting(SettingKind.SPACES, hidden=sum(each[SettingKind.SPACES, ""] for each in hidden.values()))


def read_settings(
    key: Collection[str] | str | None,
    ignore: Collection[str] | str,
    tolerance: Mapping[str, object] | None,
    *,
    spaces: bool,
) -> Settings:
    """Return what was asked for; names in one text are separated by commas, as in a line of CSV.

    Raises
    ------
    ArgumentError
        A tolerance is not a number, or below zero.

    Examples
    --------
    >>> read_settings("id,year", (), {"depth": 1e-9}, spaces=False)
    Settings(key=('id', 'year'), ignore=(), tolerance={'depth': Decimal('1E-9')}, spaces=False)
    """
    return Settings(
        _names(key or ()), _names(ignore), {name: _most(name, most) for name, most in (tolerance or {}).items()}, spaces
    )


def _names(names: Collection[str] | str) -> Key:
    if isinstance(names, str):
        try:
            return tuple(dict.fromkeys(next(csv_reader([names], skipinitialspace=True), [])))
        except csv.Error:
            message = f"Expected columns separated by commas, in quotes where a name has one; found {quoted(names)}."
            raise ArgumentError(message) from None
    return tuple(dict.fromkeys(names))


def _most(name: str, most: object) -> Decimal:
    """Return a tolerance as it is written, whatever a float makes of it."""
    try:
        found = Decimal(str(most).strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or found < 0:
        message = f"Expected a tolerance of {quoted(name)} such as 0.01 or 1e-9; found {quoted(str(most))}."
        raise ArgumentError(message)
    return found


def _columns(side: Mapping[str, Resource], *, read: bool) -> dict[str, Key]:
    """Return the columns of each table: those of the schemas, and, if asked for, those of the files."""
    return {
        name: (*each.table.field_names, *(each.text_table().labels if read or not each.table.fields else ()))
        for name, each in side.items()
        if each.table is not None
    }


def _place(name: str, what: str, sides: Iterable[Mapping[str, Resource]]) -> tuple[str, str]:
    """Return the table and the column that a name means."""
    known: dict[str, set[str]] = {}
    for read in (False, True):
        for side in sides:
            for table, columns in _columns(side, read=read).items():
                known.setdefault(table, set()).update(columns)
        whole = [(table, name[len(table) + 1 :]) for table in known if name.startswith(f"{table}.")]
        exact = [(table, column) for table, column in whole if column in known[table]]
        found = exact or [(table, name) for table, columns in known.items() if name in columns]
        if found:
            break
    if len(found) == 1:
        return found[0]
    if found:
        forms = listed([quoted(f"{table}.{name}") for table, _ in found[:4]], len(found))
        message = f"The column {quoted(name)} {what} is in {len(found):,} tables: write TABLE.COLUMN, one of {forms}."
        raise ArgumentError(message)
    prefix = name.partition(".")[0]
    if whole:
        table, column = whole[0]
        hint = did_you_mean(column, known[table])
        message = f"Unknown column {quoted(column)} of the table '{table}' {what}. {hint}"
    elif "." in name and len(known) > 1:
        message = f"Unknown table {quoted(prefix)} of the column {quoted(name)} {what}. {did_you_mean(prefix, known)}"
    else:
        hint = did_you_mean(name, {column for columns in known.values() for column in columns})
        message = f"Unknown column {quoted(name)} {what}. {hint}"
    raise ArgumentError(message)


def _require_number(table: str, column: str, sides: Iterable[Mapping[str, Resource]]) -> None:
    schemas = [side[table].table for side in sides if table in side]
    for schema in schemas:
        if schema is not None and column in schema.field_names:
            kind = schema.field(column).type
            if kind not in _NUMBERS | _TEXTS:
                message = f"A tolerance needs numbers: the column {quoted(column)} of '{table}' has the type {kind}."
                raise ArgumentError(message)


def _number(table: Table, column: str, text: str) -> Decimal | None:
    """Return the number of a cell, exactly as it is written; None if it has none."""
    if column not in table.field_names or table.field(column).type in _TEXTS:
        return Decimal(text) if _PLAIN.fullmatch(text) else None
    if text in table.missing(column):
        return None
    try:
        return Decimal(table.field(column).read(text))
    except Mismatch:
        return None


def _bare(frame: pl.DataFrame) -> pl.DataFrame:
    """Return texts without the spaces at their ends."""
    return frame.with_columns(pl.col(pl.String).str.strip_chars_end(" "))


def _stripped(sheet: TextTable, columns: Key | None = None) -> TextTable:
    """Return a sheet without the spaces at the ends of cells, of all columns or of some."""
    names = [name for name in sheet.labels if columns is None or name in columns]
    return replace(sheet, frame=sheet.frame.with_columns(_bare(sheet.frame.select(names))))


def _without(sheet: TextTable, column: str) -> TextTable:
    """Return a sheet without a column."""
    labels = tuple(label for label in sheet.labels if label != column)
    return replace(sheet, labels=labels, frame=sheet.frame.select(labels))


def _rows(pairing: RowPairing) -> int:
    """Return how many rows of a multiset are on one side only."""
    return sum(int(frame[COUNT].sum()) for frame in (pairing.added, pairing.removed))
