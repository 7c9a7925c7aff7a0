from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from readouts.datapackage.package.package import DataPackage, open_package
from readouts.publish.export import ExportError, export
from tests.datapackage.exporting.hostile_names import FORMULAS
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset, TableSource


def _sheets(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def test_the_workbook_holds_what_the_tables_say(exported: Path, dataset: Dataset) -> None:
    workbook = _sheets(exported / "readouts.xlsx")
    assert workbook.sheetnames == ["codebook", *dataset.tables]
    for name, table in dataset.tables.items():
        header, *rows = [list(row) for row in workbook[name].iter_rows(values_only=True)]
        assert header == list(table.schema.field_names)
        assert [[_day(value) for value in row] for row in rows] == _expected(table)


def _day(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


def _expected(table: TableSource) -> list[list[object]]:
    """What a sheet holds of a table: lists stand in it as they stand in the file."""
    lists = [field.type == "list" for field in table.fields]
    return [
        [cell if is_list else value for is_list, cell, value in zip(lists, cells, row, strict=True)]
        for cells, row in zip(table.cells(), table.rows(), strict=True)
    ]


def test_every_sheet_has_a_header_that_stays_a_filter_and_columns_to_read(exported: Path, dataset: Dataset) -> None:
    workbook = _sheets(exported / "readouts.xlsx")
    for sheet in workbook:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.column_dimensions["A"].width >= 8
    assert workbook["statements"].column_dimensions["O"].width == pytest.approx(60, abs=1)


def test_the_codebook_explains_every_column(exported: Path, dataset: Dataset) -> None:
    rows = list(_sheets(exported / "readouts.xlsx")["codebook"].iter_rows(min_row=2, values_only=True))
    explained = {(row[1], row[2]): row for row in rows}
    for name, table in dataset.tables.items():
        assert explained[name, None][6] == table.schema.description
        for field in table.fields:
            assert explained[name, field.name][6] == field.description
    assert explained["spans", "end"][5] == "Unicode code points"
    assert "boilerplate: " in explained["spans", "role"][7]


def test_what_looks_like_a_formula_stays_text(hostile: DataPackage, tmp_path: Path) -> None:
    (path,) = export(hostile, ["xlsx"], tmp_path / "out")
    workbook = _sheets(path)
    sheet = workbook.worksheets[1]
    assert len(sheet.title) == 31
    cells = [sheet.cell(row, 1) for row in range(2, 2 + len(FORMULAS))]
    assert [cell.value for cell in cells] == list(FORMULAS)
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    assert sheet.cell(1, 3).value == "=1+1"
    everything = [cell for each in workbook for row in each.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in everything}
    assert all(cell.hyperlink is None for cell in everything)


def test_what_excel_would_spoil_is_written_as_text(tmp_path: Path) -> None:
    fields = [{"name": "n", "type": "integer"}, {"name": "d", "type": "date"}, {"name": "s", "type": "string"}]
    data = "n,d,s\n1234567890123456,1899-12-31,007\n-123456789012345,1900-03-01,1e5\n0,1900-02-28,TRUE\n"
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": fields}}
    package = open_package(write_package_of(tmp_path / "p", {"t.csv": data}, [resource]))
    (path,) = export(package, ["xlsx"], tmp_path / "out")
    rows = [[_day(value) for value in row] for row in _sheets(path)["t"].iter_rows(min_row=2, values_only=True)]
    assert rows == [
        ["1234567890123456", "1899-12-31", "007"],
        [-123456789012345, date(1900, 3, 1), "1e5"],
        [0, "1900-02-28", "TRUE"],
    ]


@pytest.mark.slow
def test_more_rows_than_a_sheet_holds_are_refused_in_words(tmp_path: Path) -> None:
    data = "a\n" + "1\n" * 1_048_576
    package = open_package(write_package_of(tmp_path / "p", {"t.csv": data}, [{"name": "t", "path": "t.csv"}]))
    with pytest.raises(ExportError, match=r"holds 1,048,576 rows with the header .* it has 1,048,577 and 1"):
        export(package, ["xlsx"], tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_cell_that_is_too_long_for_excel_is_refused_rather_than_cut(tmp_path: Path) -> None:
    data = f"a\n{'😀' * 16_384}\n"
    package = open_package(write_package_of(tmp_path / "p", {"t.csv": data}, [{"name": "t", "path": "t.csv"}]))
    with pytest.raises(ExportError, match=r"row 1, a: Excel holds 32,767 characters in a cell, and it has 32,768"):
        export(package, ["xlsx"], tmp_path / "out")
