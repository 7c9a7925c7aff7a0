"""Tables as Polars frames of values, whose rows know their place in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from readouts.datapackage.findings import Places
from readouts.datapackage.incident import NULL
from readouts.datapackage.schema.types import Mismatch
from readouts.datapackage.table.text_frame import SheetReader, TextTable
from readouts.datapackage.table.values import TooWideError, item_kind_of, kind_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from readouts.datapackage.schema.model import Field
    from readouts.datapackage.table.csv_blocks import Block
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.table.text_frame import Form

__all__ = ["ROW", "TypedTable", "typed_table"]

ROW = "_row"
"""The column with the number of each row."""
_TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us", "UTC"),
}
_PLAIN_NUMBER = {"integer": r"^-?(0|[1-9][0-9]{0,14})$", "number": r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?$"}
"""Texts of numbers that mean the same to everybody."""


@dataclass(frozen=True)
class TypedTable:
    """One table.

    Attributes
    ----------
    frame
        Its rows: the columns of the file, in the types of their fields, and `_row`, the number of each row. A missing
        value is null, and so is one that can't be read as its type.
    texts
        The cells as texts.
    places
        Where the rows are.
    """

    frame: pl.DataFrame
    texts: TextTable
    places: Places

    def place(self, row: int, field: str | None) -> dict[str, Any]:
        """Return where a row is, as `incident` takes it: row, line, file, key, and the text of a field.

        Raises
        ------
        ValueError
            There is no such row, or no such column.
        """
        rows, cells = self.frame[ROW], self.texts.frame
        position = int(rows.search_sorted(row))
        if position >= len(rows) or rows[position] != row:
            message = f"{self.texts.table.name} has no row {row!r}"
            raise ValueError(message)
        if field is not None and field not in cells.columns:
            message = f"{self.texts.table.name} has no column '{field}'"
            raise ValueError(message)
        file, line = self.places.locate(row, self.places[position][1], field)
        names = self.texts.table.primary_key
        keyed = bool(names) and all(name in cells.columns for name in names)
        key = tuple(cells[name][position] or "" for name in names) if keyed else None
        value = None if field is None else cells[field][position]
        return {"row": row, "line": line, "file": file, "key": key, "value": None if value == NULL else value or None}


class _Reader(SheetReader):
    """One resource, read as a sheet whose rows know their place."""

    harmless = SheetReader.harmless | {"blank-row", "null-byte"}
    null = NULL
    placed: Places
    rows: list[NDArray[np.int64]]

    def _sheet(self, table: Any, labels: list[str], blocks: Iterable[Block[None]], form: Form) -> TextTable | None:
        self.placed, self.rows = Places(self.place), []
        return super()._sheet(table, labels, self._noted(blocks), form)

    def _noted(self, blocks: Iterable[Block[None]]) -> Iterator[Block[None]]:
        for block in blocks:
            self.placed.add(block.rows, block.lines)
            self.rows.append(np.asarray(block.rows, np.int64))
            yield block


def typed_table(resource: Resource) -> TypedTable:
    """Read a table.

    Raises
    ------
    TableError
        It can't be read as a table, has a column twice or one of the name `_row`, or a number of more than 64 bits.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> lakes = typed_table(open_package(sample_package()).resource("lakes"))
    >>> lakes.frame.select("lake_id", "area", "_row").row(1)
    ('issyk-kul', 6236.0, 2)
    """
    reader = _Reader(resource)
    sheet = reader.require_rows()
    if ROW in sheet.labels:
        message = f"The column name '{ROW}' is reserved for the row numbers that checks get."
        raise resource.error(message)
    columns = []
    for name in sheet.labels:
        texts = sheet.frame[name]
        if sheet.table.fields and name in sheet.table.field_names:
            missing = [*sheet.table.missing(name), NULL]
            try:
                columns.append(_values(sheet.table.field(name), texts.set(texts.is_in(missing), None)))
            except TooWideError as error:
                raise resource.error(f"Column '{name}': {error}.") from None
        else:
            columns.append(texts.set(texts.is_in([*sheet.table.missing_values, NULL]), None))
    rows = pl.Series(ROW, np.concatenate([np.empty(0, np.int64), *reader.rows]))
    return TypedTable(pl.DataFrame([*columns, rows]), sheet, reader.placed)


def _values(field: Field, texts: pl.Series) -> pl.Series:
    """Return a column of texts as values: plain numbers at once, each other text by the rules of its type."""
    kind = kind_of(field)
    if kind == "text":
        return texts
    dtype = _TYPES.get(kind) or pl.List(_TYPES[item_kind_of(field)])
    known = pl.Series(texts.name, [], dtype)
    if _is_plain(field):
        good = texts.str.contains(_PLAIN_NUMBER[kind])
        known = texts.set(~good.fill_null(value=False), None).cast(dtype)
        rest = texts.filter(texts.is_not_null() & known.is_null()).unique()
    else:
        known, rest = (
            pl.repeat(None, len(texts), dtype=dtype, eager=True).alias(texts.name),
            texts.drop_nulls().unique(),
        )
    if rest.is_empty():
        return known
    read = {text: _value(field, text) for text in rest.to_list()}
    table = pl.DataFrame({"text": list(read), "value": pl.Series(list(read.values()), dtype=dtype)})
    found = texts.to_frame("text").join(table, on="text", how="left", maintain_order="left")["value"]
    return known.zip_with(known.is_not_null(), found)


def _is_plain(field: Field) -> bool:
    """Return whether the field writes numbers as everybody does."""
    return (
        field.type in _PLAIN_NUMBER
        and (field.decimal_char, field.group_char) == (".", "")
        and not (field.canonical and field.type == "number")
    )


def _value(field: Field, text: str) -> Any:
    try:
        value = field.read(text)
    except Mismatch:
        return None
    return [plain(item) for item in value] if isinstance(value, list) else plain(value)
