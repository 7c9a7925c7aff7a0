"""Keys and references: rows that have a key twice, and rows that refer to none.

Values are compared, not texts: `7` and `007` are the same integer. Where a column's texts are in one form already,
which costs one expression to see, they are compared as they are.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw

from readouts.check.columns import whole
from readouts.schema import Mismatch

if TYPE_CHECKING:
    from readouts.schema import Field

__all__ = ["POSITION", "comparable", "dangling", "repeated"]

POSITION = "position"
_LONGEST_ZEROS = 400
"""Zeros that a number is written out with; one with more keeps its exponent."""
_ONE_FORM = {
    "integer": "-?[1-9][0-9]*|0",
    "number": r"(?:-?[1-9][0-9]*|0)(?:\.[0-9]*[1-9])?|-0\.[0-9]*[1-9]",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "year": "[0-9]{4}",
    "yearmonth": "[0-9]{4}-[0-9]{2}",
}


def _text(field: Field, text: str) -> str:
    """Return a text that is the same for texts of the same value; one of no value stays as it is."""
    try:
        value = field.read(text)
    except Mismatch:
        return text
    if field.type == "year":
        return f"{value:04}"
    if field.type == "yearmonth":
        return f"{value[0]:04}-{value[1]:02}"
    return _normal(value)


def _normal(value: Any) -> str:
    """Return a text that equal values have in common."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        try:
            return value.astimezone(UTC).isoformat()
        except OverflowError:
            return value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return _digits(Decimal(value))
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_normal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name!r}: {_normal(value[name])}' for name in sorted(value))}}}"
    return str(value)


def _digits(value: Decimal) -> str:
    """Return a number in one form, exactly: neither rounded to a precision nor longer than it was written."""
    if not value.is_finite():
        return str(value)
    sign, digits, exponent = value.as_tuple()
    kept = "".join(map(str, digits)).lstrip("0")
    short = kept.rstrip("0")
    if not short:
        return "0"
    power = int(exponent) + len(kept) - len(short)
    minus = "-" if sign else ""
    if abs(power) > _LONGEST_ZEROS:
        return f"{minus}{short}e{power}"
    return minus + format(Decimal((0, tuple(map(int, short)), power)), "f")


def comparable(field: Field, missing: tuple[str, ...], column: Any) -> Any:
    """Return a column in which equal values are equal, and missing ones are null: of texts, or of whole numbers.

    Parameters
    ----------
    field
        The field of the column.
    missing
        Texts that stand for a missing value in it.
    column
        A Narwhals series of texts.

    Examples
    --------
    >>> import polars as pl
    >>> from readouts.schema import Field
    >>> column = nw.from_native(pl.Series(["7", "007", "-"]), series_only=True)
    >>> comparable(Field("depth", type="integer"), ("-",), column).to_list()
    [7, 7, None]
    """
    for text in missing:
        column = _without(column, text)
    if field.type in {"string", "any"}:
        return column
    if field.type == "integer" and field.bare_number and not field.group_char:
        try:
            return column.cast(nw.Int64())
        except Exception as error:
            del error
    pattern = _ONE_FORM.get(field.type) if field.format == "default" and not field.group_char else None
    if pattern is not None and field.bare_number and field.decimal_char == ".":
        known = column.drop_nulls()
        if known.str.contains(whole(pattern)).all():
            return column
    distinct = [value for value in column.unique().to_list() if value is not None]
    return column.replace_strict(
        [*distinct, None], [*(_text(field, value) for value in distinct), None], return_dtype=nw.String()
    )


def _without(column: Any, text: str) -> Any:
    """Return a column in which a text is null."""
    frame = column.to_frame()
    name = column.name
    return frame.select(nw.when(nw.col(name) != text).then(nw.col(name)).alias(name))[name]


def _increasing(frame: Any, columns: list[str]) -> bool:
    """Tell whether each row's key comes after the one before, in which case none is there twice."""
    later: nw.Expr | None = None
    for name in reversed(columns):
        column = nw.col(name)
        after = column > column.shift(1)
        later = after if later is None else after | ((column == column.shift(1)) & later)
    if later is None:
        return True
    return len(frame) < 2 or bool(frame.select(later.alias("later"))["later"][1:].all())


def repeated(frame: Any, columns: list[str]) -> Any:
    """Return the rows whose key another row before them has.

    Parameters
    ----------
    frame
        A Narwhals frame of the columns and of `POSITION`.
    columns
        The key; a row that lacks a part of it is left out.

    Returns
    -------
    DataFrame
        Those rows.
    """
    complete = frame.drop_nulls(columns)
    if _increasing(complete, columns):
        return complete.head(0)
    twice = complete.filter(complete.select(*columns).is_duplicated())
    if not len(twice):
        return twice
    return twice.join(twice.group_by(*columns).agg(nw.col(POSITION).min()), on=[*columns, POSITION], how="anti").sort(
        POSITION
    )


def dangling(frame: Any, columns: list[str], target: Any) -> Any:
    """Return the rows that refer to a key that isn't there.

    Parameters
    ----------
    frame
        A Narwhals frame of the columns, and of `POSITION` if it has positions.
    columns
        The reference; a row that lacks a part of it refers to nothing.
    target
        A Narwhals frame of the keys, in as many columns.

    Returns
    -------
    frame
        Those rows.
    """
    complete, schema, aims = frame.drop_nulls(columns), frame.collect_schema(), target.collect_schema()
    goals = aims.names()
    for name, goal in zip(columns, goals, strict=True):
        if schema[name] != aims[goal]:
            # One is of numbers and the other of texts: as texts, numbers are in one form.
            complete = complete.with_columns(nw.col(name).cast(nw.String()))
            target = target.with_columns(nw.col(goal).cast(nw.String()))
    return complete.join(target, left_on=columns, right_on=goals, how="anti")
