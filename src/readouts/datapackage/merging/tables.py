"""Three versions of one table, merged by primary key and cell.

Cells are compared as they stand in the file: `1.5` against `1.50` is a difference, and no side is taken.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from readouts.datapackage.merging.conflict import Conflict, ConflictKind, MergedFile, MergeError, conflict
from readouts.datapackage.merging.text import CLOSE, MIDDLE, OPEN, has_markers
from readouts.datapackage.table.canonical_csv import csv_line, csv_reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.datapackage.schema.model import Table

__all__ = ["Key", "MergedTable", "Row", "Version", "merge_table", "read_version"]

Key = tuple[str, ...]
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a table: its columns, and its rows by key."""

    columns: tuple[str, ...]
    rows: dict[Key, Row]


@dataclass
class MergedTable:
    """A table while it is merged.

    Attributes
    ----------
    table, file
        Its schema and what messages call its file.
    columns
        The columns of the result.
    ours, theirs
        Both versions.
    settled
        The rows that both sides can agree on.
    disputed
        The rows in conflict: our version and theirs, None where a side hasn't the row. What only one side changed is
        in both.
    headers
        The two sides' columns, where these are in conflict.
    """

    table: Table
    file: str
    columns: tuple[str, ...]
    ours: Version
    theirs: Version
    settled: dict[Key, Row] = field(default_factory=dict)
    disputed: dict[Key, tuple[Row | None, Row | None]] = field(default_factory=dict)
    headers: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    conflicts: list[Conflict] = field(default_factory=list)

    def add(self, kind: ConflictKind, message: str, **place: Any) -> None:
        """Add a conflict of this table."""
        self.conflicts.append(conflict(kind, message, file=self.file, table=self.table.name, **place))

    def rows(self) -> Iterator[tuple[Key, Row]]:
        """Yield every row of the result, of a disputed one each version."""
        yield from self.settled.items()
        for key, versions in self.disputed.items():
            for row in versions:
                if row is not None:
                    yield key, row

    def dispute(self, key: Key, ours: Row | None, theirs: Row | None) -> None:
        """Put a row between markers."""
        self.settled.pop(key, None)
        self.disputed[key] = (ours, theirs)

    def _line(self, row: Row | None) -> str:
        return "" if row is None else csv_line([row.get(name, "") for name in self.columns])

    def merged(self) -> MergedFile:
        """Return the table in canonical form, disputed rows at their place between markers."""
        header = csv_line(self.columns)
        marked, readable = [header], [header]
        if self.headers is not None:
            marked = [OPEN, csv_line(self.headers[0]), MIDDLE, csv_line(self.headers[1]), CLOSE]
        for key in sorted(self.settled.keys() | self.disputed.keys()):
            if key in self.settled:
                line = self._line(self.settled[key])
                marked.append(line)
                readable.append(line)
            else:
                ours, theirs = map(self._line, self.disputed[key])
                marked += [OPEN, ours, MIDDLE, theirs, CLOSE]
                readable.append(ours)
        return MergedFile("".join(marked).encode(), tuple(self.conflicts), (), "".join(readable).encode())


def read_version(data: bytes, table: Table, side: str) -> Version:
    """Read one version of a table. A byte order mark and the form of line ends are no part of it.

    Parameters
    ----------
    data
        The file; an empty one is a table without rows, as where a side has no such file.
    table
        The schema; its primary key tells the rows apart.
    side
        What messages call the version.

    Raises
    ------
    MergeError
        It is no table with these keys: not UTF-8, ragged, with a key that is empty or there twice, or with the markers
        of an earlier conflict.
    """
    if not data:
        return Version((), {})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{side} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}. Save it as UTF-8."
        raise MergeError(message) from error
    if has_markers(text):
        message = f"{side} has the markers of a conflict that isn't resolved yet. Resolve it, then merge again."
        raise MergeError(message)
    reader = csv_reader(io.StringIO(text, newline=""))
    rows: dict[Key, Row] = {}
    try:
        columns = tuple(next(reader, []))
        lacking = [name for name in table.primary_key if columns.count(name) != 1]
        if lacking or len(set(columns)) < len(columns):
            what = f"the key column '{lacking[0]}' once" if lacking else "each column once"
            message = f"{side}, line 1: expected {what}; found {', '.join(columns)}."
            raise MergeError(message)
        for cells in reader:
            if not cells:
                continue
            where = f"{side}, line {reader.line_num}"
            if len(cells) != len(columns):
                message = f"{where}: expected {len(columns)} cells, found {len(cells)}. Mend the row, then merge again."
                raise MergeError(message)
            row = dict(zip(columns, cells, strict=True))
            key = tuple(row[name] for name in table.primary_key)
            if not all(key) or key in rows:
                problem = f"the key {', '.join(key)} is here twice" if all(key) else "a key has no value"
                message = f"{where}: {problem}, so that rows can't be told apart. Mend it, then merge again."
                raise MergeError(message)
            rows[key] = row
    except csv.Error as error:
        message = f"{side}, line {reader.line_num}: not a well-formed CSV file: {error}."
        raise MergeError(message) from error
    return Version(columns, rows)


def merge_table(
    table: Table, base: Version, ours: Version, theirs: Version, file: str, *, identities: Sequence[Key] = ()
) -> MergedTable:
    r"""Merge three versions of a table.

    Parameters
    ----------
    table
        The schema.
    base, ours, theirs
        The versions.
    file
        What messages call the file.
    identities
        Further columns whose values, empty ones included, no two rows may share.

    Examples
    --------
    >>> from readouts.datapackage.schema.model import Field, Table
    >>> table = Table("lakes", fields=tuple(map(Field, ("lake_id", "name", "depth"))), primary_key=("lake_id",))
    >>> rows = (b"vanern,Vanern,105", b"vanern,Vanern,106", b"vanern,V\xc3\xa4nern,105")
    >>> versions = [read_version(b"lake_id,name,depth\n" + row + b"\n", table, "a side") for row in rows]
    >>> merge_table(table, *versions, "lakes.csv").merged().data.decode().splitlines()[1]
    'vanern,Vänern,106'
    """
    columns = _columns(table, base.columns, ours.columns, theirs.columns)
    merged = MergedTable(table, file, columns, ours, theirs)
    _keep_used_columns(merged, base)
    for key in base.rows.keys() | ours.rows.keys() | theirs.rows.keys():
        _merge_row(merged, base, key)
    merged.conflicts.sort(key=lambda found: (found.key, found.field or ""))
    _check_unique(merged, identities)
    return merged


def _columns(table: Table, base: Key, ours: Key, theirs: Key) -> Key:
    """Return the columns that the result has: in the schema's order if they are the schema's."""
    if not ours or not theirs:
        found = list(ours or theirs)
    else:
        found = [name for name in ours if name in theirs or name not in base]
        for number, name in enumerate(theirs):
            if name not in ours and name not in base:
                before = [place for place, known in enumerate(found) if known in theirs[:number]]
                found.insert(max(before, default=-1) + 1, name)
        reordered = [name for name in theirs if name in found]
        if [name for name in ours if name in base] == [name for name in base if name in ours] and len(reordered) == len(
            found
        ):
            found = reordered
    return table.field_names if set(found) == set(table.field_names) else tuple(found)


def _keep_used_columns(merged: MergedTable, base: Version) -> None:
    """Find columns that one side took out while the other wrote into them; they stay, in conflict."""
    sides = (("ours", merged.ours, merged.theirs), ("theirs", merged.theirs, merged.ours))
    for who, without, used in sides:
        for name in base.columns if without.columns else ():
            if name in without.columns or name not in used.columns:
                continue
            written = sorted(key for key, row in used.rows.items() if row[name] != base.rows.get(key, {}).get(name, ""))
            if not written:
                continue
            merged.columns += (name,)
            merged.headers = (
                tuple(label for label in merged.columns if label in merged.ours.columns or label not in base.columns),
                tuple(label for label in merged.columns if label in merged.theirs.columns or label not in base.columns),
            )
            other = "theirs" if who == "ours" else "ours"
            message = (
                f"The column '{name}' was taken out by {who}, and {other} wrote into it: "
                f"{len(written)} rows, the first is {', '.join(written[0])}."
            )
            merged.add(ConflictKind.FIELD, message, field=name)


def _merge_row(merged: MergedTable, base: Version, key: Key) -> None:
    row = merged.ours.rows.get(key)
    if row is not None and len(row) == len(merged.columns) and row == merged.theirs.rows.get(key):
        merged.settled[key] = row
        return
    old = base.rows.get(key)
    mine = _cells(merged, merged.ours, key, old)
    yours = _cells(merged, merged.theirs, key, old)
    if mine == yours:
        if mine is not None:
            merged.settled[key] = mine
    elif old is None and (mine is None or yours is None):
        merged.settled[key] = mine or yours or {}
    elif old is None and mine is not None and yours is not None:
        differing = [name for name in merged.columns if mine[name] != yours[name]]
        message = f"Both sides added the row {', '.join(key)}, with other values: {', '.join(differing)} differ."
        merged.add(
            ConflictKind.ADDED,
            message,
            key=key,
            ours=_shown(mine, differing),
            theirs=_shown(yours, differing),
        )
        merged.disputed[key] = (mine, yours)
    elif old is not None and mine is not None and yours is not None:
        _merge_cells(merged, key, old, mine, yours)
    elif old is not None:
        _merge_deleted(merged, key, {name: old.get(name, "") for name in merged.columns}, mine, yours)


def _cells(merged: MergedTable, side: Version, key: Key, old: Row | None) -> Row | None:
    """Return a side's row in the columns of the result; a column that the side doesn't have is as it was."""
    row = side.rows.get(key)
    if row is None:
        return None
    before = old or {}
    return {name: row.get(name, before.get(name, "")) for name in merged.columns}


def _shown(row: Row, names: Sequence[str]) -> str:
    return ", ".join(f"{name}={row[name]}" for name in names)


def _merge_cells(merged: MergedTable, key: Key, old: Row, mine: Row, yours: Row) -> None:
    first, second = dict(mine), dict(yours)
    clash = False
    for name in merged.columns:
        before = old.get(name, "")
        if mine[name] == before:
            first[name] = yours[name]
        elif yours[name] == before:
            second[name] = mine[name]
        elif mine[name] != yours[name]:
            clash = True
            message = (
                f"Both sides changed '{name}' of {', '.join(key)}: it was '{before}', ours is '{mine[name]}', "
                f"theirs is '{yours[name]}'."
            )
            place = {"base": before, "ours": mine[name], "theirs": yours[name]}
            merged.add(ConflictKind.CELL, message, key=key, field=name, **place)
    if clash:
        merged.disputed[key] = (first, second)
    else:
        merged.settled[key] = first


def _merge_deleted(merged: MergedTable, key: Key, old: Row, mine: Row | None, yours: Row | None) -> None:
    """Merge a row that one side deleted: it goes, unless the other side changed it."""
    left = mine or yours or old
    changed = [name for name in merged.columns if left[name] != old[name]]
    if not changed:
        return
    who, other = ("ours", "theirs") if mine is None else ("theirs", "ours")
    message = f"The row {', '.join(key)} was deleted by {who} and changed by {other}: {', '.join(changed)}."
    shown = {other: _shown(left, changed)}
    merged.add(ConflictKind.DELETED, message, key=key, base=_shown(old, changed), **shown)
    merged.disputed[key] = (mine, yours)


def _check_unique(merged: MergedTable, identities: Sequence[Key]) -> None:
    """Find values that must be there once, and are there twice because each side wrote them into another row."""
    table = merged.table
    unique = [(names, False) for names in (*((name,) for name in table.unique_fields), *table.unique_keys)]
    for names, empty in [*unique, *((names, True) for names in identities)]:
        if not set(names) <= set(merged.columns):
            continue
        held: dict[Key, Key] = {}
        for key in sorted(merged.settled):
            row = merged.settled[key]
            value = tuple(row[name] for name in names)
            if not empty and not all(value):
                continue
            other = held.setdefault(value, key)
            if other == key or any(_both(side, names, value, key, other) for side in (merged.ours, merged.theirs)):
                continue
            message = (
                f"The rows {', '.join(other)} and {', '.join(key)} have the same {', '.join(names)}: "
                f"{', '.join(part for part in value if part)}. Each side wrote it into one of them."
            )
            merged.add(ConflictKind.UNIQUE, message, key=key, field=", ".join(names))
            for number in {other, key} & merged.settled.keys():
                # Each side's choice has both rows, as far as it had them: taking one side everywhere loses none.
                mine, yours = (
                    _with_cells(side, number, merged.settled[number], names) for side in (merged.ours, merged.theirs)
                )
                if mine != yours:
                    merged.dispute(number, mine, yours)


def _with_cells(side: Version, key: Key, row: Row, names: Key) -> Row | None:
    """Return a merged row with a side's cells in some columns; None if the side doesn't have the row."""
    own = side.rows.get(key)
    return None if own is None else row | {name: own.get(name, row[name]) for name in names}


def _both(side: Version, names: Key, value: Key, *keys: Key) -> bool:
    """Tell whether a side has the value in all of these rows already."""
    rows = [side.rows.get(key) for key in keys]
    return all(row is not None and tuple(row.get(name, "") for name in names) == value for row in rows)
