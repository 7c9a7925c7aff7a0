"""Keys and references: rows that have a key twice, and rows that refer to none.

Values are compared, not texts: `7` and `007` are the same integer. Where a column's texts are in one form already,
which costs one expression to see, they are compared as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.datapackage.schema.regex import whole
from readouts.datapackage.schema.sameness import same_text
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from readouts.datapackage.schema.model import Field, ForeignKey, Table

__all__ = [
    "FIRST",
    "POSITION",
    "comparable",
    "dangles",
    "dangling",
    "followed",
    "key_sets",
    "repeated",
    "twice",
    "unique_keys",
]

POSITION = "position"
FIRST = "first row with the key"
_ONE_FORM = {
    "integer": "-?[1-9][0-9]*|0",
    "number": r"(?:-?[1-9][0-9]*|0)(?:\.[0-9]*[1-9])?|-0\.[0-9]*[1-9]",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "year": "[0-9]{4}",
    "yearmonth": "[0-9]{4}-[0-9]{2}",
}


def unique_keys(table: Table) -> list[tuple[str, tuple[str, ...]]]:
    """Return the keys of a table that no two rows share, each with the code of a finding about it.

    Examples
    --------
    >>> from readouts.datapackage.schema.model import Table
    >>> unique_keys(Table("lakes", primary_key=("id",), unique_keys=(("country", "name"), ("id",))))
    [('primary-key', ('id',)), ('unique-error', ('country', 'name'))]
    """
    keys = [(name,) for name in table.unique_fields] + [*table.unique_keys]
    wanted = [("primary-key", table.primary_key)] if table.primary_key else []
    return list(dict.fromkeys(wanted + [("unique-error", key) for key in keys if key != table.primary_key]))


def key_sets(table: Table) -> list[tuple[str, ...]]:
    """Return the fields of each key and reference of a table."""
    return [*dict.fromkeys([*(key for _, key in unique_keys(table)), *(key.fields for key in table.foreign_keys)])]


def followed(tables: Mapping[str, Table], columns: Mapping[str, Collection[str]]) -> Iterator[tuple[str, ForeignKey]]:
    """Yield the references that can be followed, with the table they are in: both ends have their columns."""
    for name, table in tables.items():
        for key in table.foreign_keys:
            known = key.table in tables and all(column in columns[key.table] for column in key.target_fields)
            if known and all(column in columns[name] for column in key.fields):
                yield name, key


def twice(value: str | None, before: str | None = None, where: str = "a row before it") -> str:
    """Return the sentence of a finding about a key that is a duplicate.

    Examples
    --------
    >>> twice("007", "7", "row 1 (line 2)")
    "Expected a value of its own; found '007', the same value as '7' in row 1 (line 2)."
    """
    found = f"Expected a value of its own; found {quoted(value or '')}"
    if before is None or before == value:
        return f"{found}, which {where} has too."
    return f"{found}, the same value as {quoted(before)} in {where}."


def dangles(of: str, value: str | None) -> str:
    """Return the sentence of a finding about a reference to a key that a table doesn't have."""
    return f"Expected a key of {of}; found {quoted(value or '')}, which it doesn't have."


def comparable(field: Field, missing: tuple[str, ...], column: Any) -> Any:
    """Return a column in which equal values are equal, and missing ones are null: of texts, or of whole numbers.

    Examples
    --------
    >>> import polars as pl
    >>> from readouts.datapackage.schema.model import Field
    >>> comparable(Field("depth", type="integer"), ("-",), pl.Series(["7", "007", "-"])).to_list()
    [7, 7, None]
    """
    for text in missing:
        if (column == text).any():
            column = _without(column, text)
    if field.type in {"string", "any"}:
        return column
    if field.type == "integer":
        try:
            return column.cast(pl.Int64())
        except Exception as error:
            del error
    pattern = _one_form(field)
    if pattern is not None:
        known = column.drop_nulls()
        if known.str.contains(whole(pattern)).all():
            return column
    distinct = [value for value in column.unique().to_list() if value is not None]
    same = [*(same_text(field, value) for value in distinct), None]
    return column.replace_strict([*distinct, None], same, return_dtype=pl.String())


def _one_form(field: Field) -> str | None:
    """Return the pattern of texts that are the same if and only if their values are; None if there is none."""
    return _ONE_FORM.get(field.type) if field.format == "default" and not field.group_char else None


def _without(column: Any, text: str) -> Any:
    """Return a column in which a text is null."""
    name = column.name
    return column.to_frame().select(pl.when(pl.col(name) != text).then(pl.col(name)).alias(name))[name]


def _increasing(frame: Any, columns: list[str]) -> bool:
    """Return whether each row's key comes after the one before, in which case there are no duplicates."""
    later: Any = None
    for name in reversed(columns):
        column = pl.col(name)
        after = column > column.shift(1)
        later = after if later is None else after | ((column == column.shift(1)) & later)
    return bool(frame.select(later=later)["later"].all())


def repeated(frame: Any, columns: list[str]) -> Any:
    """Return the rows whose key another row before them has.

    Parameters
    ----------
    frame
        A frame of the columns and of `POSITION`.
    columns
        The key; a row that lacks a part of it is left out.

    Returns
    -------
    frame
        Those rows, with `FIRST`, the position of the first row that has the key.
    """
    complete = frame.drop_nulls(columns)
    if _increasing(complete, columns):
        return complete.head(0)
    shared = complete.filter(complete.select(*columns).is_duplicated())
    first = shared.group_by(*columns).agg(pl.col(POSITION).min().alias(FIRST))
    return shared.join(first, on=columns, how="inner").filter(pl.col(POSITION) > pl.col(FIRST)).sort(POSITION)


def dangling(frame: Any, columns: list[str], target: Any) -> Any:
    """Return the rows that refer to a key that isn't there.

    Parameters
    ----------
    frame
        A frame of the columns, and of `POSITION` if it has positions.
    columns
        The reference; a row that lacks a part of it refers to nothing.
    target
        A frame of the keys, in as many columns.

    Returns
    -------
    frame
        Those rows.
    """
    complete = frame.drop_nulls(columns)
    schema, aims = frame.collect_schema(), target.collect_schema()
    goals = aims.names()
    for name, goal in zip(columns, goals, strict=True):
        if schema[name] != aims[goal]:
            # One is of numbers and the other of texts: as texts, numbers are in one form.
            complete = complete.with_columns(pl.col(name).cast(pl.String()))
            target = target.with_columns(pl.col(goal).cast(pl.String()))
    return complete.join(target, left_on=columns, right_on=goals, how="anti")
