"""The type of a column is the narrowest that all of its cells have, and never one that would lose something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.datapackage.inference.columns import MISSING, typed
from readouts.datapackage.schema.model import Field
from tests.datapackage.inference.describing import described
from tests.properties import examples

if TYPE_CHECKING:
    from pathlib import Path

TYPES = {
    "whole numbers": (["12", "-7", "0"], "integer"),
    "whole numbers of many digits": (["123456789012345678901234567890", "1"], "integer"),
    "leading zeros": (["007", "12"], "string"),
    "a leading plus": (["+4930123", "+4930124"], "string"),
    "numbers": (["1.5", "2", "-.5", "1e-3"], "number"),
    "a number with a leading zero": (["01.5", "2.5"], "string"),
    "numbers of versions": (["1.2.3", "1.2"], "string"),
    "truth": (["true", "false", "True"], "boolean"),
    "ones and zeros": (["1", "0"], "integer"),
    "yes and no": (["yes", "no"], "string"),
    "dates": (["2031-02-28", "2032-02-29"], "date"),
    "a day that is not in the calendar": (["2031-02-29", "2031-02-28"], "string"),
    "moments": (["2031-02-28T10:00:00Z", "2031-03-01T10:00:00.5+02:00"], "datetime"),
    "moments with a blank": (["2031-02-28 10:00:00", "2031-03-31 23:59:59"], "datetime (%Y-%m-%d %H:%M:%S)"),
    "times": (["10:00:00", "23:59:59"], "time"),
    "months": (["2031-02", "2031-12"], "yearmonth"),
    "German dates": (["28.02.2031", "01.03.2031"], "date (%d.%m.%Y)"),
    "a German day that is not in the calendar": (["31.02.2031", "01.03.2031"], "string"),
    "days before months": (["01/02/2031", "28/02/2031"], "date (%d/%m/%Y)"),
    "months before days": (["01/02/2031", "02/28/2031"], "date (%m/%d/%Y)"),
    "days or months": (["01/02/2031", "03/04/2031"], "string"),
    "nothing": (["", ""], "string"),
    "nothing but marks": (["NA", "NA"], "string"),
}


@pytest.mark.parametrize("case", TYPES)
def test_a_column_has_the_narrowest_type_of_all_its_cells(case: str) -> None:
    cells, expected = TYPES[case]
    assert typed("it", pl.Series(cells), ",").described.type == expected


@pytest.mark.parametrize("text", MISSING)
def test_a_mark_counts_as_missing_where_all_others_have_a_type(text: str) -> None:
    column = typed("depth", pl.Series(["410", text, "", "346"]), ",")
    assert (column.type, column.described.missing, column.described.empty) == ("integer", (text,), 2)
    assert column.properties["missingValues"] == ["", text]
    assert typed("name", pl.Series(["Como", text]), ",").described.missing == ()


def test_one_cell_at_the_end_keeps_a_column_from_being_numbers() -> None:
    column = typed("depth", pl.Series([*map(str, range(100_000)), "deep"]), ",")
    assert column.described.type == "string"
    assert column.described.reason == "100,000 of 100,001 values are a whole number; 'deep' isn't"


def test_marks_at_the_beginning_hide_no_type() -> None:
    assert typed("depth", pl.Series(["NA"] * 1000 + ["410"]), ",").type == "integer"


def test_decimal_commas_are_told_from_commas_between_thousands() -> None:
    assert typed("depth", pl.Series(["1,5", "12"]), ";").properties == {"type": "number", "decimalChar": ","}
    assert typed("depth", pl.Series(["1,500", "2,250"]), ";").type == "string"
    assert typed("depth", pl.Series(["1,5", "12"]), ",").type == "string"


def test_a_year_is_told_by_the_name_of_its_column() -> None:
    years = pl.Series(["1999", "2031"])
    assert typed("census_year", years, ",").type == "year"
    assert typed("height", years, ",").type == "integer"


def test_two_ways_of_writing_the_day_are_a_reason() -> None:
    reason = typed("seen", pl.Series(["01/02/2031", "03/04/2031"]), ",").described.reason
    assert reason == "dates, but nothing tells the day from the month: %d/%m/%Y or %m/%d/%Y"


@settings(max_examples=examples(100))
@given(st.lists(st.text("0123456789-+.,:/eETZ nanNA", max_size=12), min_size=1, max_size=8))
def test_every_cell_is_a_value_of_the_type_that_was_inferred(cells: list[str]) -> None:
    column = typed("it", pl.Series(cells), ";")
    properties = column.properties
    field = Field(
        "it",
        type=properties["type"],
        format=properties.get("format", "default"),
        decimal_char=properties.get("decimalChar", "."),
    )
    absent = {"", *column.described.missing}
    assert [text for text in cells if text not in absent and field.problem(text) is not None] == []


def test_a_column_of_marks_and_values_validates(tmp_path: Path) -> None:
    found = described(tmp_path, lakes="id,depth,seen\n1,n/a,2031-01-01\n2,410,-\n3,,2031-01-02\n")
    assert [field.missing for field in found.tables[0].fields] == [(), ("n/a",), ("-",)]
    assert found.report is not None
    assert found.report.valid
