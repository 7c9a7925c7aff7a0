"""Three versions of one table, merged by primary key and cell.

Cells are compared as they are in the file: `1.5` against `1.50` is a difference, and no side is taken.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from readouts.datapackage.merging.conflict import Conflict, ConflictKind, MergedFile, conflict
from readouts.datapackage.merging.layout import ended, line_end, line_of
from readouts.datapackage.merging.order import merged_order, merged_rows
from readouts.datapackage.merging.text import CLOSE, MIDDLE, OPEN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from readouts.datapackage.merging.version import Key, Row, Version
    from readouts.datapackage.schema.model import Table

__all__ = ["MergedTable", "merge_table"]


@dataclass
class MergedTable:
    """A table while it is merged.

    Attributes
    ----------
    table, file
        Its schema and what messages call its file.
    columns
        The columns of the result, those in conflict included.
    base, ours, theirs
        The versions.
    settled
        The rows that both sides can agree on.
    disputed
        The rows in conflict: our version and theirs, None where a side doesn't have the row. What only one side changed
        is in both.
    contested
        Columns in conflict: each version of the result has its own cells in them, or lacks them.
    headers
        The columns of our version of the result and of theirs, if columns are in conflict.
    """

    table: Table
    file: str
    columns: tuple[str, ...]
    base: Version
    ours: Version
    theirs: Version
    settled: dict[Key, Row] = field(default_factory=dict)
    disputed: dict[Key, tuple[Row | None, Row | None]] = field(default_factory=dict)
    contested: Collection[str] = ()
    headers: tuple[Key, Key] | None = None
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

    def side(self, side: int) -> dict[Key, Row]:
        """Return the rows of the result with our side (0) or their side (1) of every conflict."""
        return self.settled | {key: row for key, rows in self.disputed.items() if (row := rows[side]) is not None}

    def put(self, key: Key, ours: Row, theirs: Row) -> None:
        """Put a row into both versions of the result: settled if they are the same, else between markers."""
        if ours == theirs:
            self.settled[key] = ours
        else:
            self.disputed[key] = (ours, theirs)

    def dispute(self, key: Key, ours: Row | None, theirs: Row | None) -> None:
        """Put a row between markers."""
        self.settled.pop(key, None)
        self.disputed[key] = (ours, theirs)

    def arrange(self, ours: Key, theirs: Key, *, ordered: bool) -> bool:
        """Bring the columns of both versions into an order, if they have one; False if they are not these columns."""
        mine, yours = self.headers or (self.columns, self.columns)
        if set(mine) != set(ours) or set(yours) != set(theirs) or (self.headers is None and ours != theirs):
            return False
        if ordered and self.headers is None:
            self.columns = ours
        elif ordered:
            self.headers = ours, theirs
        return True

    def version(self, side: int) -> list[str]:
        """Return the lines of the result with our side (0) or their side (1) of every conflict, the header first.

        The other version has as many; where a row is not in this one, its line is empty.
        """
        columns = self.headers[side] if self.headers else self.columns
        if self.base.data == self.ours.data and not self.disputed and columns == self.theirs.columns:
            return [self.theirs.data.decode()]
        rows, end = self.side(side), line_end(self.ours, self.theirs)
        three = (self.base.rows, self.ours.rows, self.theirs.rows)
        order = [key for key in merged_rows(self.table, *three) if key in self.settled or key in self.disputed]
        lines = [line_of((), {name: name for name in columns}, columns, self.ours, self.theirs)]
        lines += [line_of(key, rows[key], columns, self.ours, self.theirs) if key in rows else "" for key in order]
        # A line before others needs an end, and so does one between markers.
        last = -1 if not self.headers and (not order or order[-1] in self.settled) else len(lines)
        lines[:last] = [ended(line, end) for line in lines[:last]]
        mark = (self.ours if self.ours.data else self.theirs).data.startswith(BOM_UTF8)
        return ["\ufeff" * mark + lines[0], *lines[1:]]

    def merged(self) -> MergedFile:
        """Return the table with disputed rows between markers, or the whole of it twice."""
        mine, yours = self.version(0), self.version(1)
        pairs = [("".join(mine), "".join(yours))] if self.headers else zip(mine, yours, strict=True)
        opened, middle, close = (mark.replace("\n", line_end(self.ours, self.theirs)) for mark in (OPEN, MIDDLE, CLOSE))
        marked = [a if a == b else "".join([opened, a, middle, b, close]) for a, b in pairs]
        return MergedFile("".join(marked).encode(), tuple(self.conflicts), (), "".join(mine).encode())


def merge_table(
    table: Table,
    base: Version,
    ours: Version,
    theirs: Version,
    file: str,
    *,
    identities: Sequence[Key] = (),
    contested: Mapping[str, str] | None = None,
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
    contested
        Columns whose fields are in conflict, each with the message that says why.

    Examples
    --------
    >>> from readouts.datapackage.merging.version import read_version
    >>> from readouts.datapackage.schema.model import Field, Table
    >>> table = Table("lakes", fields=tuple(map(Field, ("lake_id", "name", "depth"))), primary_key=("lake_id",))
    >>> rows = (b"vanern,Vanern,105", b"vanern,Vanern,106", b"vanern,V\xc3\xa4nern,105")
    >>> versions = [read_version(b"lake_id,name,depth\n" + row + b"\n", table, "a side") for row in rows]
    >>> merge_table(table, *versions, "lakes.csv").merged().data.decode().splitlines()[1]
    'vanern,Vänern,106'
    """
    conflicting = {**_written_though_removed(base, ours, theirs), **(contested or {})}
    columns = _columns(base.columns, ours.columns, theirs.columns, conflicting)
    merged = MergedTable(table, file, _arranged(columns, table, ours, theirs), base, ours, theirs)
    merged.contested = conflicting.keys()
    if conflicting:
        mine, yours = (
            tuple(name for name in columns if name not in conflicting or name in side.columns)
            for side in (ours, theirs)
        )
        merged.headers = _arranged(mine, table, ours, theirs), _arranged(yours, table, ours, theirs)
    for name, message in conflicting.items():
        merged.add(ConflictKind.FIELD, message, field=name)
    for key in base.rows.keys() | ours.rows.keys() | theirs.rows.keys():
        _merge_row(merged, base, key)
    merged.conflicts.sort(key=lambda found: (found.key, found.field or ""))
    _check_unique(merged, identities)
    return merged


def _arranged(columns: Key, table: Table, *sides: Version) -> Key:
    """Return columns in the order of the schema if they are its fields, and in an order that no side has."""
    if columns in {side.columns for side in sides} or set(columns) != set(table.field_names):
        return columns
    return table.field_names


def _columns(base: Key, ours: Key, theirs: Key, contested: Collection[str]) -> Key:
    """Return the columns of the result: without those that a side removed, unless they are in conflict."""
    if not ours or not theirs:
        return ours or theirs
    kept = {*contested, *(name for name in (*ours, *theirs) if name not in base or (name in ours and name in theirs))}
    return tuple(name for name in merged_order(base, ours, theirs) if name in kept)


def _written_though_removed(base: Version, ours: Version, theirs: Version) -> dict[str, str]:
    """Return the columns that one side removed while the other wrote into them, each with a message."""
    found = {}
    for who, without, other, used in (("ours", ours, "theirs", theirs), ("theirs", theirs, "ours", ours)):
        for name in base.columns if without.columns else ():
            if name in without.columns or name not in used.columns:
                continue
            written = sorted(key for key, row in used.rows.items() if row[name] != base.rows.get(key, {}).get(name, ""))
            if written:
                rows = "1 row" if len(written) == 1 else f"{len(written):,} rows, the first"
                found[name] = (
                    f"{who.capitalize()} removed the column '{name}', and {other} changed it in {rows}: "
                    f"{', '.join(written[0])}."
                )
    return found


def _merge_row(merged: MergedTable, base: Version, key: Key) -> None:
    row = merged.ours.rows.get(key)
    if row is not None and row == merged.theirs.rows.get(key):
        merged.settled[key] = row
        return
    old = base.rows.get(key)
    mine = _cells(merged, merged.ours, key, old)
    yours = _cells(merged, merged.theirs, key, old)
    if mine == yours:
        if mine is not None:
            merged.settled[key] = mine
    elif old is None and (mine is None or yours is None):
        blank = (mine or yours or {}) | dict.fromkeys(merged.contested, "")
        merged.put(key, mine or blank, yours or blank)
    elif old is None and mine is not None and yours is not None:
        differing = [name for name in merged.columns if mine[name] != yours[name] and name not in merged.contested]
        if differing:
            message = f"Both sides added the row {', '.join(key)}, with other values: {', '.join(differing)} differ."
            shown = {"ours": _shown(mine, differing), "theirs": _shown(yours, differing)}
            merged.add(ConflictKind.ADDED, message, key=key, **shown)
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
    for name in merged.columns:
        before = old.get(name, "")
        if name in merged.contested:
            continue
        if mine[name] == before:
            first[name] = yours[name]
        elif yours[name] == before:
            second[name] = mine[name]
        elif mine[name] != yours[name]:
            message = (
                f"Both sides changed '{name}' of {', '.join(key)}: it was '{before}', ours is '{mine[name]}', "
                f"theirs is '{yours[name]}'."
            )
            place = {"base": before, "ours": mine[name], "theirs": yours[name]}
            merged.add(ConflictKind.CELL, message, key=key, field=name, **place)
    merged.put(key, first, second)


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
    """Find values that must be there once, and are duplicate because each side wrote them into another row."""
    table = merged.table
    unique = [(names, False) for names in (*((name,) for name in table.unique_fields), *table.unique_keys)]
    for names, empty in [*unique, *((names, True) for names in identities)]:
        if not set(names) <= set(merged.columns):
            continue
        twice = {found for side in (0, 1) for found in _twice(merged, side, names, empty=empty)}
        for other, key, value in sorted(twice):
            message = (
                f"The rows {', '.join(other)} and {', '.join(key)} have the same {', '.join(names)}: "
                f"{', '.join(part for part in value if part)}. Each side wrote it into one of them."
            )
            merged.add(ConflictKind.UNIQUE, message, key=key, field=", ".join(names))
        for key in {key for other, key, _ in twice} | {other for other, _, _ in twice}:
            # Each side's choice has both rows, as far as it had them: taking one side everywhere loses none.
            row = merged.settled.get(key)
            first, second = merged.disputed.get(key, (row, row))
            mine, yours = _with_cells(merged.ours, key, first, names), _with_cells(merged.theirs, key, second, names)
            if mine != yours:
                merged.dispute(key, mine, yours)


def _twice(merged: MergedTable, side: int, names: Key, *, empty: bool) -> Iterator[tuple[Key, Key, Key]]:
    """Yield the rows of one version of the result that share a value which neither side had twice, and the value."""
    held: dict[Key, Key] = {}
    rows = merged.side(side)
    for key in sorted(rows):
        value = tuple(rows[key][name] for name in names)
        if not empty and not all(value):
            continue
        other = held.setdefault(value, key)
        if other != key and not any(
            _both(version, names, value, key, other) for version in (merged.ours, merged.theirs)
        ):
            yield other, key, value


def _with_cells(side: Version, key: Key, row: Row | None, names: Key) -> Row | None:
    """Return a merged row with a side's cells in some columns; None if the side doesn't have the row."""
    own = side.rows.get(key)
    return None if own is None or row is None else row | {name: own.get(name, row[name]) for name in names}


def _both(side: Version, names: Key, value: Key, *keys: Key) -> bool:
    """Return whether a side has the value in all of these rows already."""
    rows = [side.rows.get(key) for key in keys]
    return all(row is not None and tuple(row.get(name, "") for name in names) == value for row in rows)
