"""RowPairing the rows of two sheets by key, and telling cell by cell how they differ."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.difference.cell_kinds import kinds
from readouts.datapackage.difference.result import CellChange, CellKind, Match, RowChange, TableDiff
from readouts.datapackage.schema.model import Field
from readouts.datapackage.table.errors import TableError
from readouts.datapackage.words import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.text_frame import TextTable

__all__ = [
    "COUNT",
    "FIELD",
    "NEW",
    "OLD",
    "ROW",
    "RowPairing",
    "among",
    "duplicates",
    "missing_in",
    "pair",
    "paired",
    "require_columns",
    "require_distinct",
    "require_values",
    "table_difference",
]

FIELD, OLD, NEW, COUNT = "\0field", "\0old", "\0new", "\0count"
"""Columns of ours, which no field is called: a label with NUL is not read."""
ROW, _OTHER, _SIDE, _KIND = "\0row", "\0other", "\0side", "\0kind"
_MOST_NAMED = 3


@dataclass(frozen=True)
class RowPairing:
    """Two sheets, row by row.

    Attributes
    ----------
    key
        The columns that rows were paired by; empty for a multiset.
    added, removed
        Rows on one side only, sorted by key; those of a multiset in the columns that both sides have, with how often
        each in the column `COUNT`.
    cells
        Changed cells of columns that both sides have: the key in the new sheet, then `FIELD`, `OLD` and `NEW`; sorted
        by key, then in the order of the columns.
    rows_changed
        Rows with such a cell.
    renamed
        Rows that were paired by another key: the old one in columns `OLD + name`, the new one in columns `NEW + name`.
    """

    key: tuple[str, ...]
    match: Match
    rows_old: int
    rows_new: int
    added: pl.DataFrame
    removed: pl.DataFrame
    cells: pl.DataFrame
    rows_changed: int
    renamed: pl.DataFrame


Key = tuple[str, ...]


def pair(old: TextTable, new: TextTable, key: Key | None, renamed: Mapping[Key, Key] | None = None) -> RowPairing:
    """Pair the rows of two sheets.

    Parameters
    ----------
    old, new
        The sheets.
    key
        The columns that tell rows apart; None or empty to compare the sheets as multisets of rows.
    renamed
        New keys by old keys. A row of the old key is paired with that of the new one where the one is gone and the
        other is new.

    Raises
    ------
    TableError
        A key column is not there, or a key is empty or duplicate, on either side.

    Examples
    --------
    >>> import polars as pl
    >>> from readouts.datapackage.table.text_frame import TextTable
    >>> from readouts.datapackage.schema.model import Field, Table
    >>> lakes = Table("lakes", fields=(Field("name"), Field("depth")), primary_key=("name",))
    >>> old = TextTable(lakes, ("name", "depth"), pl.DataFrame({"name": ["Long", "Loch"], "depth": ["7", "9"]}))
    >>> new = TextTable(lakes, ("name", "depth"), pl.DataFrame({"name": ["Long", "Como"], "depth": ["8", "9"]}))
    >>> found = pair(old, new, ("name",))
    >>> found.cells.rows(), found.added.rows(), found.removed.rows()
    ([('Long', 'depth', '7', '8')], [('Como', '9')], [('Loch', '9')])
    """
    if not key:
        return _multisets(old, new)
    for sheet, side in ((old, "old"), (new, "new")):
        require_columns(sheet, key, side)
        require_values(sheet, side, {name: _empty(sheet, name) for name in key})
        require_distinct(sheet, key, side, *duplicates(sheet.frame, key))
    return paired(old, new, key, renamed or {})


def paired(old: TextTable, new: TextTable, key: Key, renamed: Mapping[Key, Key]) -> RowPairing:
    """Pair the rows of two sheets, each with a key of its own."""
    names = list(key)
    moved = _applicable(old.frame, new.frame, key, renamed) if renamed else {}
    here, there = old.frame.lazy().with_row_index(ROW), new.frame.lazy().with_row_index(_OTHER)
    keys = _rewritten(here.select(ROW, *names), key, moved)
    paired = keys.join(there.select(_OTHER, *names), on=names, how="inner", maintain_order="none")
    gone = here.join(paired.select(ROW), on=ROW, how="anti").drop(ROW).sort(names)
    come = there.join(paired.select(_OTHER), on=_OTHER, how="anti").drop(_OTHER).sort(names)
    # Of queries that are collected together, what they share is computed once.
    both, removed, added = pl.collect_all([paired, gone, come], engine="in-memory")
    common = [name for name in new.labels if name in old.labels and name not in key]
    sides = ((old.frame, both[ROW]), (new.frame, both[_OTHER]))
    before, after = (frame[common][rows] if common else pl.DataFrame() for frame, rows in sides)
    cells, rows_changed = _changed(both[names], before, after)
    return RowPairing(
        key, Match.KEY, old.frame.height, new.frame.height, added, removed, cells, rows_changed, _renamed(moved, key)
    )


def _changed(keys: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the cells that differ, sorted, and in how many rows."""
    names = keys.columns
    parts = [pl.DataFrame(schema=dict.fromkeys((*names, FIELD, OLD, NEW), pl.String) | {_SIDE: pl.Int32})]
    touched = None
    for place, name in enumerate(before.columns):
        which = before[name] != after[name]
        if not which.any():
            continue
        touched = which if touched is None else touched | which
        old, new = before[name].filter(which).alias(OLD), after[name].filter(which).alias(NEW)
        field = pl.Series(FIELD, [name]).new_from_index(0, len(old))
        side = pl.Series(_SIDE, [place], pl.Int32).new_from_index(0, len(old))
        parts.append(pl.DataFrame([*(keys[each].filter(which) for each in names), field, old, new, side]))
    if touched is None:
        return parts[0].drop(_SIDE), 0
    return pl.concat(parts).lazy().sort([*names, _SIDE]).drop(_SIDE).collect(engine="in-memory"), int(touched.sum())


def require_columns(sheet: TextTable, key: Key, side: str) -> None:
    """Raise unless a sheet has all columns of a key."""
    if absent := [name for name in key if name not in sheet.labels]:
        message = f"The {side} table '{sheet.table.name}' has no column {quoted(absent[0])}, which belongs to the key. "
        raise TableError(f"{message}Expected it among {', '.join(map(quoted, sheet.labels[:20]))}.")


def _empty(sheet: TextTable, name: str) -> list[int]:
    """Return the rows without a value in a column of the key."""
    texts = sheet.frame[name]
    found = [which for text in sorted(missing_in(sheet.table, name)) if (which := texts == text).any()]
    return reduce(or_, found).arg_true().to_list() if found else []


def require_values(sheet: TextTable, side: str, empty: Mapping[str, Sequence[int]]) -> None:
    """Raise if rows, by column of the key, have no value in it."""
    for name, found in empty.items():
        if found:
            rows = listed([f"{row + 1:,}" for row in found[:_MOST_NAMED]], len(found), _MOST_NAMED)
            message = f"The {side} table '{sheet.table.name}' has no value of the key column {quoted(name)} in row "
            raise TableError(f"{message}{rows}. Fill it in: rows are paired by it.")


def require_distinct(
    sheet: TextTable, key: Key, side: str, twice: Sequence[tuple[Key, list[int]]], number: int
) -> None:
    """Raise if keys, of so many the first ones with two rows of each, are not alone."""
    if number:
        found = [
            f"{', '.join(map(quoted, value))} twice, in rows {' and '.join(f'{row + 1:,}' for row in places)}"
            for value, places in twice[:_MOST_NAMED]
        ]
        message = f"The {side} table '{sheet.table.name}' has the key {listed(found, number)}. "
        if key != sheet.table.primary_key:
            raise TableError(f"{message}Expected columns that tell its rows apart: {', '.join(key)} doesn't.")
        raise TableError(f"{message}Expected each key once; remove one of the rows, or give it another key.")


def missing_in(table: Table, name: str) -> set[str]:
    """Return the texts that stand for a missing value in a column; an empty one does in every key."""
    return {"", *(table.missing(name) if name in table.field_names else ())}


def duplicates(keys: pl.DataFrame, key: Key) -> tuple[list[tuple[Key, list[int]]], int]:
    """Return the first duplicate keys with two rows of each, and how many there are; `ROW`, if there, has the rows."""
    names = list(key)
    distinct = keys[names[0]].n_unique() if len(names) == 1 else keys.select(names).n_unique() if keys.height else 0
    if distinct == keys.height:
        return [], 0
    keys = keys if ROW in keys.columns else keys.with_row_index(ROW)
    repeated = keys.filter(keys.select(names).is_duplicated())
    groups = repeated.group_by(names, maintain_order=True).agg(pl.col(ROW).head(2))
    return [(row[:-1], row[-1]) for row in groups.head(_MOST_NAMED).iter_rows()], groups.height


def _applicable(old: pl.DataFrame, new: pl.DataFrame, key: Key, renamed: Mapping[Key, Key]) -> dict[Key, Key]:
    """Return the renames that hold here: the old key is gone or given to another row, and the new one is free."""
    old, new = old.select(key), new.select(key)
    had, has = among(old, renamed.keys()), among(new, renamed.values())
    kept, has_old = among(new, renamed.keys()), among(old, renamed.values())
    renamed = {a: _last(a, renamed, {*has, *had}) for a in had}
    targets = list(renamed.values())
    moved = {a: b for a, b in renamed.items() if a != b and a in had and b in has and targets.count(b) == 1}
    while True:
        goals = set(moved.values())
        left = {a: b for a, b in moved.items() if (a not in kept or a in goals) and (b not in has_old or b in moved)}
        if len(left) == len(moved):
            return left
        moved = left


def _last(key: Key, renamed: Mapping[Key, Key], there: Collection[Key]) -> Key:
    """Return what a key is called now, where it was renamed more than once: names that neither side has are passed."""
    passed = {key}
    key = renamed[key]
    while key in renamed and key not in there and key not in passed:
        passed.add(key)
        key = renamed[key]
    return key


def among(frame: pl.DataFrame, keys: Iterable[Key]) -> set[Key]:
    """Return which of some keys a frame has."""
    names = frame.columns
    wanted = pl.DataFrame(
        [list(each) for each in keys if len(each) == len(names)],
        schema=dict.fromkeys(names, pl.String),
        orient="row",
    )
    return set(frame.join(wanted, on=names, how="semi").rows())


def _rewritten(keys: pl.LazyFrame, key: Key, moved: Mapping[Key, Key]) -> pl.LazyFrame:
    """Return the keys with those that were renamed as they are now."""
    if not moved:
        return keys
    changes = _renamed(moved, key).lazy()
    joined = keys.join(changes, left_on=list(key), right_on=[OLD + name for name in key], how="left")
    return joined.select(ROW, *(pl.coalesce(NEW + name, name).alias(name) for name in key))


def _renamed(moved: Mapping[Key, Key], key: Key) -> pl.DataFrame:
    names = [OLD + name for name in key] + [NEW + name for name in key]
    rows = sorted([*was, *now] for was, now in moved.items())
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _multisets(old: TextTable, new: TextTable) -> RowPairing:
    """Compare two sheets as multisets of rows, in the columns that both have."""
    common = [name for name in new.labels if name in old.frame.columns]
    sides = [old.frame.select(common), new.frame.select(common)]
    if common:
        marked = pl.concat(
            [frame.with_columns(pl.lit(by).alias(COUNT)) for frame, by in zip(sides, (-1, 1), strict=True)]
        )
        surplus = marked.group_by(common).agg(pl.col(COUNT).sum()).filter(pl.col(COUNT) != 0).sort(common)
    else:
        surplus = pl.DataFrame(schema={COUNT: pl.Int64})
    count = pl.col(COUNT).cast(pl.Int64)
    return RowPairing(
        (),
        Match.MULTISET,
        old.frame.height,
        new.frame.height,
        surplus.filter(pl.col(COUNT) > 0).with_columns(count),
        surplus.filter(pl.col(COUNT) < 0).with_columns(-count),
        pl.DataFrame(schema=dict.fromkeys((FIELD, OLD, NEW), pl.String)),
        0,
        pl.DataFrame(),
    )


def table_difference(pairing: RowPairing, old: Table | None, new: Table | None, limit: int | None = None) -> TableDiff:
    """Say how a table differs.

    Returns
    -------
    TableDiff
        Its counts are exact, whatever the limit.
    """
    table = new or old
    if table is None:
        message = "expected a schema on one side at least; found none"
        raise ValueError(message)
    judged = _judged(pairing.cells, old or table, new or table)
    counts, by_field = (
        dict(judged[name].value_counts().iter_rows()) if judged.height else {} for name in (_KIND, FIELD)
    )
    added, removed = (
        int(frame[COUNT].sum()) if COUNT in frame.columns else frame.height
        for frame in (pairing.added, pairing.removed)
    )
    cells = judged if limit is None else judged.head(limit)
    width = len(pairing.key)
    changes = (
        CellChange(row[:width], row[width], row[width + 1], row[width + 2], CellKind(row[width + 3]))
        for row in cells.iter_rows()
    )
    changed = bool(added or removed or pairing.cells.height or pairing.renamed.height)
    status = "removed" if new is None else "added" if old is None else "changed" if changed else "same"
    columns = tuple(dict.fromkeys(name for name in (*pairing.added.columns, *pairing.removed.columns) if name != COUNT))
    return TableDiff(
        name=table.name,
        match=pairing.match,
        key=pairing.key,
        columns=columns,
        status=status,
        derived=table.derived,
        rows_old=pairing.rows_old,
        rows_new=pairing.rows_new,
        rows_added=added,
        rows_removed=removed,
        rows_changed=pairing.rows_changed,
        rows_renamed=pairing.renamed.height,
        cells_changed=pairing.cells.height,
        kinds={str(each): counts[each] for each in CellKind if each in counts},
        fields={name: by_field[name] for name in columns if name in by_field},
        added=_rows(pairing.added, pairing.key, limit),
        removed=_rows(pairing.removed, pairing.key, limit),
        cells=tuple(changes),
    )


def _judged(cells: pl.DataFrame, old: Table, new: Table) -> pl.DataFrame:
    """Return the changes with what kind each is, by the types of its column."""
    if not cells.height:
        return cells.with_columns(pl.lit("").alias(_KIND))
    found = pl.repeat("", cells.height, dtype=pl.String, eager=True).alias(_KIND)

    def judged(name: str) -> tuple[pl.Series, pl.Series]:
        where = (cells[FIELD] == name).arg_true()
        before, after = cells[OLD].gather(where), cells[NEW].gather(where)
        return where, kinds(before, after, _field(old, name), _field(new, name), _absent(old, name), _absent(new, name))

    with ThreadPoolExecutor() as pool:
        for where, found_there in pool.map(judged, cells[FIELD].unique(maintain_order=True)):
            found = found.scatter(where, found_there)
    return cells.with_columns(found)


def _field(table: Table, name: str) -> Field:
    """Return the field of a column; one that no schema has may hold anything."""
    return table.field(name) if name in table.field_names else Field(name)


def _absent(table: Table, name: str) -> frozenset[str]:
    return frozenset(table.missing(name) if name in table.field_names else table.missing_values)


def _rows(frame: pl.DataFrame, key: Key, limit: int | None) -> tuple[RowChange, ...]:
    kept = frame if limit is None else frame.head(limit)
    names = [name for name in kept.columns if name != COUNT]
    found = []
    for row in kept.iter_rows(named=True):
        cells = {name: row[name] for name in names}
        found.append(RowChange(tuple(cells[name] for name in key or names), cells, row.get(COUNT, 1)))
    return tuple(found)
