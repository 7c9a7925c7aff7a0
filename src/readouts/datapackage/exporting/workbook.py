"""Excel: one workbook with a sheet for each table and one that explains them; nothing in it is ever computed."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.errors import ExportError
from readouts.datapackage.exporting.metadata import metadata_of
from readouts.datapackage.exporting.naming import file_stem, sheet_names
from readouts.datapackage.optional import requires_extra

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset, TableSource

__all__ = ["CODEBOOK", "write_workbook"]

CODEBOOK = "codebook"
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
"""What a sheet of Excel holds, its header included."""
_LONGEST_CELL = 32_767
_FIRST_DAY = date(1900, 3, 1)
"""Excel believes that there was a 29 February 1900, so earlier days would come out wrong."""
_MOST_DIGITS = 15
_NARROWEST, _WIDEST = 8, 60
_HEADER = ("sheet", "table", "column", "title", "type", "unit", "description", "values")
_WIDTHS = (22, 22, 22, 22, 10, 20, 80, 80)
_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet may take for a formula."""


def write_workbook(dataset: Dataset, folder: Path) -> list[Path]:
    """Write the tables as sheets of a workbook, and the codebook as the first one.

    Texts stay texts, whatever they begin with. Dates before March 1900, dates with times, and numbers of more digits
    than Excel keeps are written as texts.

    Raises
    ------
    ExportError
        A table has more rows or columns than a sheet holds, or a cell is too long.
    MissingDependencyError
        XlsxWriter is not installed.
    """
    with requires_extra("A workbook", "formats"):
        import xlsxwriter

    for table in dataset.tables.values():
        _hold_size(table)
    path = folder / f"{file_stem(dataset.package.name)}.xlsx"
    about = metadata_of(dataset.package.descriptor)
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties(
            {
                "title": about.title,
                "author": ", ".join(party.name for party in about.creators),
                "comments": about.description[:255],
                "keywords": ", ".join(about.keywords),
                # Without a date of its own, a workbook has that of the clock.
                "created": datetime.fromisoformat(about.released or "1980-01-01"),
            }
        )
        sheets = sheet_names(dataset.tables, taken=[CODEBOOK])
        styles = {
            "header": workbook.add_format({"bold": True, "bottom": 1, "valign": "top"}),
            "wrapped": workbook.add_format({"text_wrap": True, "valign": "top"}),
            # Editing the cell would else make a formula of it.
            "quoted": workbook.add_format({"quote_prefix": True}),
        }
        _codebook(workbook.add_worksheet(CODEBOOK), dataset, sheets, styles)
        for name, sheet in sheets.items():
            _sheet(workbook.add_worksheet(sheet), dataset.tables[name], styles)
    return [path]


def _hold_size(table: TableSource) -> None:
    rows, columns = table.survey.rows + 1, len(table.fields)
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
        message = (
            f"The table '{table.name}' of {table.resource.root} doesn't fit into a sheet: Excel holds {_MOST_ROWS:,} "
            f"rows with the header and {_MOST_COLUMNS:,} columns, and it has {rows:,} and {columns:,}. "
            "Nothing was written; take --to parquet or --to sqlite."
        )
        raise ExportError(message)


def _codebook(sheet: Any, dataset: Dataset, sheets: dict[str, str], styles: dict[str, Any]) -> None:
    lines = [line for name, table in dataset.tables.items() for line in _explained(sheets[name], table)]
    for place, (label, width) in enumerate(zip(_HEADER, _WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, label, styles["header"])
    for number, line in enumerate(lines, 1):
        for place, text in enumerate(line):
            if text:
                sheet.write_string(number, place, text[:_LONGEST_CELL], styles["wrapped"])
    _finish(sheet, len(lines), len(_HEADER))


def _explained(sheet: str, table: TableSource) -> Iterator[tuple[str, ...]]:
    """Yield a line on the table, then one on each of its columns."""
    schema = table.schema
    yield sheet, table.name, "", table.text["title"], "", "", table.text["description"], ""
    written = {entry.get("name"): entry for entry in schema.descriptor.get("fields", ()) if isinstance(entry, dict)}
    for field in schema.fields:
        values = [f"{each.value}: {each.label}" if each.label else each.value for each in field.categories]
        listed = values or list(map(str, field.constraints.enum or ()))
        unit = table.unit(field, written.get(field.name, {}))
        yield sheet, table.name, field.name, field.title, field.type, unit, field.description, "\n".join(listed)


def _sheet(sheet: Any, table: TableSource, styles: dict[str, Any]) -> None:
    for place, (field, width) in enumerate(zip(table.fields, table.survey.widths, strict=True)):
        wanted = max(width, len(field.name) + 3)
        sheet.set_column(place, place, min(max(wanted, _NARROWEST), _WIDEST))
        sheet.write_string(0, place, field.name, styles["header"])
    kinds = [table.kind(field) for field in table.fields]
    for number, (cells, row) in enumerate(zip(table.cells(), table.rows(), strict=True), 1):
        for place, (kind, cell, value) in enumerate(zip(kinds, cells, row, strict=True)):
            if cell is None:
                continue
            if not _cell(sheet, (number, place), kind, (cell, value), styles["quoted"]):
                message = (
                    f"The table '{table.name}' of {table.resource.root} doesn't fit into a sheet: row {number}, "
                    f"{table.fields[place].name}: Excel holds {_LONGEST_CELL:,} characters in a cell, and it has "
                    f"{_length(cell):,}. Nothing was written; take --to parquet or --to sqlite."
                )
                raise ExportError(message)
    _finish(sheet, table.survey.rows, len(table.fields))


def _cell(sheet: Any, place: tuple[int, int], kind: str, cell: tuple[str, Any], quoted: Any) -> bool:
    """Write a cell, and return whether it could be written in full."""
    text, value = cell
    if kind == "boolean":
        sheet.write_boolean(*place, value)
    elif kind == "date" and value >= _FIRST_DAY:
        sheet.write_datetime(*place, datetime(value.year, value.month, value.day))  # noqa: DTZ001 - a day has no zone
    elif kind in {"integer", "number"} and math.isfinite(value) and _digits(text) <= _MOST_DIGITS:
        sheet.write_number(*place, value)
    elif _length(text) > _LONGEST_CELL:
        return False
    else:
        sheet.write_string(*place, text, quoted if text.startswith(_STARTS) else None)
    return True


def _digits(text: str) -> int:
    return len("".join(filter(str.isdigit, text.lower().partition("e")[0])).lstrip("0"))


def _length(text: str) -> int:
    """Return the length of a text as Excel counts it: in code units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _finish(sheet: Any, rows: int, columns: int) -> None:
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, rows, columns - 1)
