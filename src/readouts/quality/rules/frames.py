"""Frames as a user has them, pandas or Polars, typed or text, converted to the types that the schemas name.

Nothing is guessed. A text becomes a value where it is one as CSV files of the corpus write it; a whole number may be
as a float, a day as its midnight, a missing list as an empty one. Whatever else doesn't fit is a finding.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.datapackage.errors import ContractError
from readouts.datapackage.schema.types import TYPES, Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.datapackage.schema.model import Field, Table

__all__ = ["DTYPES", "as_column", "as_polars", "lenient", "text_of"]

DTYPES: dict[str, pl.DataType] = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "list": pl.List(pl.String()),
}
"""The Polars type of each type that the schemas of the corpus use."""

_NOUNS = {
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
    "date": "a day without a time",
    "list": "a list of texts",
}


def as_polars(frame: Any) -> pl.DataFrame:
    """Return a pandas or Polars frame as an eager Polars frame whose columns may still have any type.

    Raises
    ------
    ContractError
        It is not a frame, or two of its columns have the same name.
    """
    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, pl.LazyFrame):
        return frame.collect(engine="in-memory")
    # Callers with a frame of pandas have imported it; nobody else pays for that.
    if not (type(frame).__module__.partition(".")[0] == "pandas" and hasattr(frame, "columns")):
        message = f"Expected a frame of pandas or Polars; found {type(frame).__name__}."
        raise ContractError(message)
    labels = [str(label) for label in frame.columns]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        message = f"Expected columns with names of their own; the frame has '{twice[0]}' more than once."
        raise ContractError(message)
    return pl.DataFrame([_from_pandas(label, frame.iloc[:, place]) for place, label in enumerate(labels)])


def _from_pandas(label: str, column: Any) -> pl.Series:
    """Return a column of pandas as a series; values of several kinds stay the objects that they are."""
    values = column.astype(object).where(column.notna(), None).tolist()
    if len({type(value) for value in values if value is not None}) > 1:
        # Polars would take True for 1.
        return pl.Series(label, values, dtype=pl.Object)
    try:
        return pl.Series(label, values, strict=True)
    except (TypeError, OverflowError, pl.exceptions.PolarsError):
        return pl.Series(label, values, dtype=pl.Object)


def _parsed(field: Field, values: pl.Expr) -> pl.Expr:
    """Return texts as values of a field's type; null where they can't be read."""
    if field.type == "integer":
        return values.cast(pl.Int64, strict=False)
    if field.type == "boolean":
        return values.replace_strict({"true": True, "false": False}, default=None, return_dtype=pl.Boolean)
    if field.type == "date":
        return values.str.to_date("%Y-%m-%d", strict=False)
    if field.type == "list":
        return values.str.split(field.delimiter)
    return values


def lenient(table: Table, frame: pl.DataFrame, columns: Iterable[str]) -> pl.LazyFrame:
    """Return columns of a frame of texts with their types; a cell that is not a value, or is empty, is missing.

    Examples
    --------
    >>> from readouts.corpus_schema.tables import tables
    >>> spans = pl.DataFrame({"start": ["3", "x", ""], "role": ["cue", "cue", ""]})
    >>> lenient(tables()["spans"], spans, ["start", "role"]).collect().rows()
    [(3, 'cue'), (None, 'cue'), (None, None)]
    """
    return frame.lazy().select(
        _parsed(table.field(name), pl.when(pl.col(name) != "").then(pl.col(name))).alias(name) for name in columns
    )


def as_column(field: Field, values: pl.Series) -> tuple[pl.Series, dict[int, tuple[str, str]]]:
    """Return a column with its field's type, and what was wrong by row: what was expected, and the value as text.

    Examples
    --------
    >>> from readouts.corpus_schema.tables import tables
    >>> values, wrong = as_column(tables()["spans"].field("start"), pl.Series([3.0, 3.5, None]))
    >>> values.to_list(), wrong
    ([3, None, None], {1: ('a whole number', '3.5')})
    """
    target, found = DTYPES[field.type], values.dtype
    if isinstance(found, pl.Categorical | pl.Enum):
        return as_column(field, values.cast(pl.String))
    if isinstance(found, pl.Null):
        return values.cast(target), {}
    if isinstance(found, pl.String):
        return _from_texts(field, values)
    if isinstance(found, pl.Object):
        return _from_objects(field, values)
    if field.type == "list" and isinstance(found, pl.List) and isinstance(found.inner, pl.Null | pl.String):
        lists = values.cast(target)
        return lists.set(lists.list.len() == 0, None), {}
    if isinstance(found, pl.Float32 | pl.Float64):
        # An empty column of a CSV file is one of floats to some readers.
        values = values.fill_nan(None)
    if found == target:
        return values, {}
    fits = _fits(field, values)
    wrong = {row: (_NOUNS[field.type], text_of(field, values[row])) for row in (~fits).arg_true().to_list()}
    if field.type not in {"integer", "date"}:
        return pl.Series(values.name, [None] * len(values), dtype=target), wrong
    return values.set(~fits, None).cast(target), wrong


def _fits(field: Field, values: pl.Series) -> pl.Series:
    """Return which values of a column of another type are values of a field's type anyway."""
    missing = values.is_null()
    if field.type == "integer" and values.dtype.is_integer():
        return missing | values.cast(pl.Int64, strict=False).is_not_null()
    if field.type == "integer" and values.dtype.is_float():
        return missing | ((values == values.floor()) & (values.abs() < 2**53)).fill_null(value=False)
    if field.type == "date" and isinstance(values.dtype, pl.Datetime):
        return missing | (values.dt.time() == time()).fill_null(value=False)
    return missing


def _from_texts(field: Field, texts: pl.Series) -> tuple[pl.Series, dict[int, tuple[str, str]]]:
    texts = texts.set(texts == "", None)
    if field.type == "string":
        return texts, {}
    surely = TYPES[field.type].surely(field)
    unsure = texts.is_not_null()
    if field.type == "boolean":
        unsure &= ~texts.is_in([*field.true_values, *field.false_values])
    elif surely is not None:
        unsure &= ~texts.str.contains(f"^(?:{surely})$")
    wrong: dict[int, tuple[str, str]] = {}
    for row in unsure.arg_true().to_list():
        try:
            field.read(texts[row])
        except Mismatch as mismatch:
            wrong[row] = (str(mismatch), texts[row])
    values = texts.to_frame().select(_parsed(field, pl.col(texts.name))).to_series()
    if wrong:
        rows = pl.int_range(len(values), eager=True)
        values = values.set(rows.is_in(list(wrong)), None)
    return values, wrong


def _from_objects(field: Field, values: pl.Series) -> tuple[pl.Series, dict[int, tuple[str, str]]]:
    """Convert a column that holds values of several kinds, one by one."""
    kept: list[Any] = []
    wrong: dict[int, tuple[str, str]] = {}
    for row, value in enumerate(values.to_list()):
        if value is None:
            kept.append(None)
            continue
        try:
            cell, found = as_column(field, pl.Series([value], strict=True))
        except (TypeError, OverflowError, pl.exceptions.PolarsError):
            cell, found = pl.Series([None]), {0: (_NOUNS[field.type], text_of(field, value))}
        kept.append(cell[0] if cell.dtype != DTYPES["list"] or cell[0] is None else cell[0].to_list())
        if found:
            wrong[row] = found[0]
    return pl.Series(values.name, kept, dtype=DTYPES[field.type]), wrong


def text_of(field: Field, value: Any) -> str:
    """Return a value as the corpus's CSV files write it.

    Examples
    --------
    >>> from readouts.corpus_schema.tables import tables
    >>> text_of(tables()["carriages"].field("is_translation"), True)
    'true'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, pl.Series | list):
        return field.delimiter.join("" if item is None else str(item) for item in value)
    return str(value)
