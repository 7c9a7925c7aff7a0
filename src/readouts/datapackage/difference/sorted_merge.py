"""Comparing two files that are sorted by key in one pass: a row of each is in memory, however many there are.

Neither Polars nor numpy is needed for it, which alone would take most of the memory that this takes.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readouts.datapackage.difference.cell_kinds import kind
from readouts.datapackage.difference.result import CellChange, CellKind, Match, RowChange, TableDiff
from readouts.datapackage.schema.model import Field
from readouts.datapackage.table.canonical_csv import csv_line
from readouts.datapackage.table.csv_scanner import scan
from readouts.datapackage.table.dialect import Dialect
from readouts.datapackage.table.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from readouts.datapackage.schema.model import Table

__all__ = ["compare_stream", "count_rows"]

_LONGEST_ROW = 16 * 2**20
"""Bytes of a row up to which it is read."""
_BUFFER = 2**18
_LONG = 100_000
"""Bytes of a row from which on the csv module may find a cell too long."""
_MOST_KNOWN = 10_000
"""Changes of which is kept what kind they are, since the same come again and again."""
_SPECIAL = re.compile(rb'["\r\0]')
"""Bytes that need a closer look: all else in a row is cells and commas."""

_CANONICAL = Dialect()
_FAULTS = {
    "encoding-error": "bytes that are not UTF-8",
    "null-byte": "a NUL character",
    "stray-quote": "a quote within a cell",
    "unterminated-quote": "a quoted cell that doesn't end",
}

Key = tuple[bytes, ...]


@dataclass(slots=True)
class _Side:
    """One of the two files while it is read."""

    name: str  # `old` or `new`
    table: Table
    stream: BinaryIO
    labels: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # of the columns of the key
    empty: frozenset[bytes] = frozenset([b""])
    line: int = 1  # that the row begins on
    rows: int = 0
    records: Iterator[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Begin."""
        self.records = self._records()

    def wrong(self, message: str) -> TableError:
        """Return the error of something wrong with the row."""
        return TableError(f"The {self.name} table '{self.table.name}', line {self.line:,}: {message}")

    def begin(self, key: tuple[str, ...]) -> None:
        """Read the header."""
        row = next(self.records, None)
        if row is None:
            message = "expected a header; the file is empty."
            raise self.wrong(message)
        self.labels = self.cells(row)
        for label in self.labels:
            if self.labels.count(label) > 1:
                message = f"expected each column once; found '{label}' twice."
                raise self.wrong(message)
        absent = [name for name in key if name not in self.labels]
        if absent:
            message = f"expected the column '{absent[0]}' of the primary key; found {', '.join(self.labels[:20])}."
            raise self.wrong(message)
        fields = self.table.field_names
        if [name for name in self.labels if name in fields] != [name for name in fields if name in self.labels]:
            message = (
                f"expected columns in the order of the schema: {', '.join(fields[:20])}; found "
                f"{', '.join(self.labels[:20])}. Write them so with `readouts canonicalise`, or compare without "
                "`--stream`."
            )
            raise self.wrong(message)
        self.places = [self.labels.index(name) for name in key]
        texts = [text for name in key if name in self.table.field_names for text in self.table.missing(name)]
        self.empty = frozenset([b"", *(text.encode() for text in texts)])

    def _records(self) -> Iterator[bytes]:
        """Yield rows with the line ends within them and without the one after them."""
        readline = self.stream.readline
        while row := readline(_LONGEST_ROW):
            taken = 1
            while row.count(b'"') % 2 and len(row) < _LONGEST_ROW:
                more = readline(_LONGEST_ROW)
                if not more:
                    message = "expected the quoted cell that begins here to end with a quote; found none."
                    raise self.wrong(message)
                row += more
                taken += 1
            if len(row) >= _LONGEST_ROW:
                message = f"expected a row of at most {_LONGEST_ROW // 2**20} MiB; found a longer one."
                raise self.wrong(message)
            yield row.removesuffix(b"\n")
            self.line += taken

    def read(self) -> Iterator[tuple[Key, bytes]]:
        """Yield keys and rows, each key after the one before."""
        before: Key = (b"",)
        width = len(self.labels)
        last, empty, places = max(self.places), self.empty, self.places
        for row in self.records:
            if _SPECIAL.search(row) is not None or not _is_text(row):
                cells = self.cells(row)
                key = tuple(cells[place].encode() for place in places)
            else:
                if row.count(b",") != width - 1 or not row:
                    self.cells(row)
                parts = row.split(b",", last + 1)
                key = tuple([parts[place] for place in places])
            if not empty.isdisjoint(key):
                message = f"expected a primary key; found '{_shown(key)}', which has no value."
                raise self.wrong(message)
            if key <= before:
                raise self.wrong(self._order(key, before))
            before = key
            self.rows += 1
            yield key, row

    @staticmethod
    def _order(key: Key, before: Key) -> str:
        if key == before:
            return f"expected each primary key once; found '{_shown(key)}' twice."
        return (
            f"expected rows sorted by primary key; found '{_shown(key)}' after '{_shown(before)}'. Sort them with "
            "`readouts canonicalise`, or compare without `--stream`."
        )

    def cells(self, row: bytes) -> list[str]:
        """Return the cells of a row, and raise unless it is in canonical form."""
        cells, text = _quickly(row)
        if cells is None:
            found = scan(row + b"\n", _CANONICAL, self.line, final=True).records
            faults = [fault.code for record in found for fault in record.faults if fault.code != "line-ending"]
            if faults or len(found) != 1:
                what = _FAULTS.get(faults[0], faults[0]) if faults else "none"
                message = f"expected one row of CSV in UTF-8; found {what}."
                raise self.wrong(message)
            cells, text = found[0].cells, row.decode()
        if self.labels and len(cells) != len(self.labels):
            message = f"expected {len(self.labels)} cells; found {len(cells)}."
            raise self.wrong(message)
        if csv_line(cells) != f"{text}\n" or (not self.labels and text.startswith("\ufeff")):
            message = (
                "expected a row in canonical form: ended by LF, in quotes only what needs them, and no byte order "
                "mark. Write it so with `readouts canonicalise`, or compare without `--stream`."
            )
            raise self.wrong(message)
        return cells


def _quickly(row: bytes) -> tuple[list[str] | None, str]:
    """Cut a row as fast as can be; None if that may not be exact."""
    if len(row) > _LONG or b"\0" in row or not row or not _is_text(row):
        return None, ""
    text = row.decode()
    if _SPECIAL.search(row) is None:
        return text.split(","), text
    try:
        # Where this reads something else than what is there, it is not what would be written of its cells.
        return next(csv.reader([f"{text}\n"], strict=True), None), text
    except csv.Error:
        return None, ""


def _is_text(row: bytes) -> bool:
    if row.isascii():
        return True
    try:
        row.decode()
    except UnicodeDecodeError:
        return False
    return True


def _shown(key: Key) -> str:
    return ", ".join(part.decode("utf-8", "replace")[:120] for part in key)


@dataclass(slots=True)
class _DiffCounter:
    """What differs so far: counted whole, kept as far as it will be shown."""

    key: tuple[str, ...]
    old: Table
    new: Table
    limit: int | None
    kinds: Counter[CellKind] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    cells: list[CellChange] = field(default_factory=list)
    added: list[RowChange] = field(default_factory=list)
    removed: list[RowChange] = field(default_factory=list)
    rows_added: int = 0
    rows_removed: int = 0
    rows_changed: int = 0
    known: dict[tuple[str, str, str], CellKind] = field(default_factory=dict)

    def room(self, kept: Sequence[object]) -> bool:
        return self.limit is None or len(kept) < self.limit

    def alone(self, side: _Side, key: Key, row: bytes, kept: list[RowChange]) -> None:
        """Keep a row that is on one side only."""
        cells = side.cells(row)
        if self.room(kept):
            named = dict(zip(side.labels, cells, strict=True))
            kept.append(RowChange(tuple(part.decode() for part in key), named))

    def changed(self, key: Key, before: dict[str, str], after: dict[str, str]) -> None:
        """Count what changed between two rows of a key."""
        changed = False
        for name, text in after.items():
            was = before.get(name)
            if was is None or was == text:
                continue
            changed = True
            found = self._kind(name, was, text)
            self.kinds[found] += 1
            self.fields[name] += 1
            if self.room(self.cells):
                self.cells.append(CellChange(tuple(part.decode() for part in key), name, was, text, found))
        self.rows_changed += changed

    def _kind(self, name: str, was: str, text: str) -> CellKind:
        change = name, was, text
        found = self.known.get(change)
        if found is None:
            fields = _field(self.old, name), _field(self.new, name)
            found = kind(was, text, *fields, _missing(self.old, name), _missing(self.new, name))
            if len(self.known) < _MOST_KNOWN:
                self.known[change] = found
        return found


def _field(table: Table, name: str) -> Field:
    return table.field(name) if name in table.field_names else Field(name)


def _missing(table: Table, name: str) -> tuple[str, ...]:
    return table.missing(name) if name in table.field_names else table.missing_values


def compare_stream(
    old_path: Path, new_path: Path, table_old: Table, table_new: Table, limit: int | None = None
) -> TableDiff:
    """Compare two tables in canonical form in one pass.

    Parameters
    ----------
    old_path, new_path
        Their files: UTF-8, lines that end in LF, quotes only where needed, rows sorted by primary key, by code point.
        That this holds is proven on the way.
    table_old, table_new
        Their schemas, which have the same primary key.
    limit
        How many added rows, removed rows and changed cells are kept, each; None for all, which takes memory.

    Returns
    -------
    TableDiff
        What `table_difference` gives of the same tables.

    Raises
    ------
    TableError
        A file is not in that form, not sorted, or a key is empty or duplicate; the message has the line.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> lakes = open_package(sample_package()).resource("lakes")
    >>> compare_stream(lakes.paths[0], lakes.paths[0], lakes.schema, lakes.schema).status
    'same'
    """
    key = table_new.primary_key
    if not key or key != table_old.primary_key:
        message = (
            f"The table '{table_new.name}' can't be compared in a stream: expected the same primary key on both "
            f"sides; found ({', '.join(table_old.primary_key)}) and ({', '.join(key)}). Compare without `--stream`."
        )
        raise TableError(message)
    with old_path.open("rb", _BUFFER) as first, new_path.open("rb", _BUFFER) as second:
        old, new = _Side("old", table_old, first), _Side("new", table_new, second)
        old.begin(key)
        new.begin(key)
        found = _DiffCounter(key, table_old, table_new, limit)
        _merge(old, new, found)
    columns = tuple(dict.fromkeys([*new.labels, *old.labels]))
    differs = found.rows_added or found.rows_removed or found.fields
    return TableDiff(
        name=table_new.name,
        match=Match.KEY,
        key=key,
        columns=columns,
        status="changed" if differs else "same",
        derived=table_new.derived,
        rows_old=old.rows,
        rows_new=new.rows,
        rows_added=found.rows_added,
        rows_removed=found.rows_removed,
        rows_changed=found.rows_changed,
        cells_changed=sum(found.fields.values()),
        kinds={str(each): found.kinds[each] for each in CellKind if each in found.kinds},
        fields={name: found.fields[name] for name in columns if name in found.fields},
        added=tuple(found.added),
        removed=tuple(found.removed),
        cells=tuple(found.cells),
    )


def count_rows(path: Path, table: Table, name: str) -> int:
    """Return how many rows a file has below its header.

    Raises
    ------
    TableError
        A row can't be read.
    """
    with path.open("rb", _BUFFER) as stream:
        side = _Side(name, table, stream)
        side.begin(())
        return sum(1 for row in side.records if side.cells(row))


def _merge(old: _Side, new: _Side, found: _DiffCounter) -> None:
    """Go through both files side by side."""
    alike = old.labels == new.labels
    olds, news = old.read(), new.read()
    before, after = next(olds, None), next(news, None)
    while before is not None or after is not None:
        if after is None or (before is not None and before[0] < after[0]):
            assert before is not None  # noqa: S101 - one of the two is there
            found.rows_removed += 1
            found.alone(old, *before, found.removed)
            before = next(olds, None)
        elif before is None or after[0] < before[0]:
            found.rows_added += 1
            found.alone(new, *after, found.added)
            after = next(news, None)
        else:
            if not alike or before[1] != after[1]:
                was = dict(zip(old.labels, old.cells(before[1]), strict=True))
                found.changed(after[0], was, dict(zip(new.labels, new.cells(after[1]), strict=True)))
            before, after = next(olds, None), next(news, None)
