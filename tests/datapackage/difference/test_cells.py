from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.datapackage.difference.cell_kinds import kind, kinds
from readouts.datapackage.schema.model import Field

MISSING = ("", "NA")
TYPES = ("string", "number", "integer", "boolean", "date", "datetime", "year", "yearmonth", "list", "object", "any")
TEXTS = st.one_of(
    st.sampled_from(
        ["", "NA", "0", "-0", "00", "0.0", "1", "1.0", "true", "True", "2014-03-06", "2014", "02014", "nan"]
    ),
    st.from_regex(r"[+-]?[0-9]{1,3}(\.[0-9]{0,3})?", fullmatch=True),
    st.from_regex(r"[+-]?0{0,2}[0-2]?(\.[0-2]?0{0,2})?", fullmatch=True),
    st.from_regex(r"2014-0[1-3](-0[1-9](T0[0-9]:00:00(Z|\+01:00)?)?)?", fullmatch=True),
    st.sampled_from(["{}", "{ }", '{"a":1}', '{"a":1.0}', '{"a":true}', "a,b", "a, b"]),
)


@given(st.sampled_from(TYPES), st.lists(st.tuples(TEXTS, TEXTS).filter(lambda texts: texts[0] != texts[1]), max_size=8))
def test_a_column_is_judged_as_its_cells_are(name: str, texts: list[tuple[str, str]]) -> None:
    field = Field("f", type=name)
    old, new = (pl.Series([pair[side] for pair in texts], dtype=pl.String) for side in (0, 1))
    found = kinds(old, new, field, field, MISSING, MISSING).to_list()
    assert found == [str(kind(*pair, field, field, MISSING, MISSING)) for pair in texts]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("integer", "1", "1.0", "value"),
        ("number", "-0", "0", "format"),
        ("number", "inf", "INF", "format"),
        ("datetime", "2014-03-06T20:00:00.0000001Z", "2014-03-06T20:00:00.0000002Z", "value"),
        ("datetime", "2014-03-06T20:00:00Z", "2014-03-06T20:00:00.000Z", "format"),
        ("datetime", "2014-03-06T24:00:00Z", "2014-03-07T00:00:00Z", "format"),
        ("duration", "PT60S", "PT60.0S", "format"),
        ("duration", "P1M", "P30D", "value"),
        ("object", '{"a":1,"a":2}', '{"a":2}', "value"),
        ("object", '{"a":0.1}', '{"a":0.10000000000000000001}', "value"),
        ("object", '{"a":1e9999999999999999999}', '{"a":2}', "value"),
        ("array", "[1,2]", "[2,1]", "value"),
        ("list", "a,b", "a, b", "value"),
        ("geopoint", "90.5,45.5", "90.50, 45.50", "format"),
        ("year", "2014", "2014Z", "value"),
    ],
)
def test_a_change_is_one_of_format_only_where_the_value_is_surely_the_same(
    name: str, old: str, new: str, expected: str
) -> None:
    assert kind(old, new, Field("f", type=name), Field("f", type=name)).value == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2024-01-01T00:00:00Z,2024-01-01T00:00:00", "2024-01-01T00:00:00,2024-01-01T00:00:00Z"),
        ("2024-01-01T00:00:00.0000001Z,2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z,2024-01-01T00:00:00.0000001Z"),
    ],
)
def test_what_times_say_is_compared_item_by_item_of_a_list(old: str, new: str) -> None:
    times = Field("f", type="list", item_type="datetime")
    assert kind(old, new, times, times).value == "value"


def test_the_types_of_both_sides_decide() -> None:
    assert kind("007", "7", Field("f", type="integer"), Field("f", type="string")).value == "value"
    assert (
        kind("06/03/2014", "2014-03-06", Field("f", type="date", format="%d/%m/%Y"), Field("f", type="date")).value
        == "format"
    )
    assert kind("6 March 2014", "2014-03-06", *(Field("f", type="date", format="any"),) * 2).value == "value"
