from __future__ import annotations

from itertools import product

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


SAMPLES = [
    "", "NA", "0", "-0", "00", "-0.00", "+0", "1", "01", "+1", "-01.0", "1.0", "1.50", "10", "1,5", "x", "inf", "nan",
    "1·5", "1·50", "1!5",
    "true", "2014", "2014Z", "2014-03", "2014-03-06", "06.03.2014", "2014-03-06T20:00:00Z", "2014-03-06T21:00:00+01:00",
    "2014-03-06T24:00:00Z", "2014-03-07T00:00:00Z",
]  # fmt: skip
FIELDS = [
    Field("f"),
    Field("f", type="string"),
    *(Field("f", type=name) for name in TYPES[1:9]),
    *(Field("f", type="number", decimal_char=character) for character in ",·!"),
    Field("f", type="number", group_char=","),
    Field("f", type="number", bare_number=False),
    Field("f", type="integer", bare_number=False),
    Field("f", type="date", format="%d.%m.%Y"),
    Field("f", type="date", format="any"),
]


@pytest.mark.parametrize("missing", [(MISSING, MISSING), (("",), ("NA", "0")), ((), ("x",))], ids=str)
@pytest.mark.parametrize("number", range(len(FIELDS)))
def test_every_two_texts_are_judged_in_a_column_as_alone(
    number: int, missing: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    pairs = [pair for pair in product(SAMPLES, SAMPLES) if pair[0] != pair[1]]
    old, new = (pl.Series([pair[side] for pair in pairs], dtype=pl.String) for side in (0, 1))
    for fields in ((FIELDS[number],) * 2, (FIELDS[number], FIELDS[number - 1])):
        found = kinds(old, new, *fields, *missing).to_list()
        assert found == [str(kind(*pair, *fields, *missing)) for pair in pairs]


@pytest.mark.parametrize("name", ["string", "any", "integer"])
def test_a_cell_is_filled_withdrawn_or_missing_in_another_way(name: str) -> None:
    field = Field("f", type=name)
    for texts, expected in (
        (("", "7"), "from-null"),
        (("7", "NA"), "to-null"),
        (("", "NA"), "format"),
        (("NA", "7"), "value"),
        (("7", "8"), "value"),
    ):
        assert kind(*texts, field, field, ("",), ("", "NA")).value == expected
        old, new = (pl.Series([text]) for text in texts)
        assert kinds(old, new, field, field, ("",), ("", "NA")).to_list() == [expected]


def of(name: str, **properties: str) -> Field:
    # A text from a file is never the very object that the code compares it with.
    return Field("f", **{key: "".join([*text]) for key, text in {"type": name, **properties}.items()})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "old", "new", "expected"),
    [
        (of("datetime"), "2014-03-06T20:00:00.1000000Z", "2014-03-06T20:00:00.1Z", "format"),
        (of("datetime"), "2014-03-06T20:00:00.0000001Z", "2014-03-06T20:00:00.00000010Z", "format"),
        (of("datetime"), "2014-03-06T20:00:00.1234567Z", "2014-03-06T20:00:00.123456Z", "value"),
        (of("datetime"), "2014-03-06T20:00:00Z", "2014-03-06T21:00:00+01:00", "format"),
        (of("datetime"), "2014-03-06T20:00:00Z", "2014-03-06T20:00:00", "value"),
        (of("yearmonth"), "2014-03", "2014-03Z", "value"),
        (of("yearmonth"), "2014-03Z", "2014-03+00:00", "format"),
        (of("time", format="%H:%M"), "8:00", "08:00", "format"),
        (of("time", format="any"), "8 am", "08:00", "value"),
        (of("list", item_type="year"), "2014Z,2015", "2014,2015Z", "value"),
        (of("list", item_type="year"), "2014Z,2015", "2014+00:00,2015", "format"),
        (of("list", item_type="integer"), "1,02", "01,2", "format"),
        (of("list", item_type="integer"), "1,2", "2,1", "value"),
        (of("list", item_type="string"), "a,b", "a,b,", "value"),
        (of("geopoint", format="array"), "[1, 2]", "[1.0,2.00]", "format"),
        (of("geopoint", format="array"), "[1, 2]", "[2, 1]", "value"),
        (of("geopoint", format="array"), "[1, 2]", "[1.00000000000000000001, 2]", "value"),
        (of("geopoint", format="object"), '{"lon": 1, "lat": 2}', '{"lat": 2, "lon": 1.0}', "format"),
        (of("geopoint"), "1,2", "2,1", "value"),
        (of("array"), "[1]", "[true]", "value"),
        (of("array"), "[1]", '["1"]', "value"),
        (of("array"), "[null]", "[false]", "value"),
        (of("array"), "[[]]", "[{}]", "value"),
        (of("array"), "[1, [2]]", "[1,[2.0]]", "format"),
        (of("array"), "[1.5]", "[1.50]", "format"),
        (of("array"), "[1.1]", "[1.10000000000000000001]", "value"),
        (of("object"), '{"a": 1, "b": {"c": 2, "d": 3}}', '{"b": {"d": 3, "c": 2}, "a": 1}', "format"),
        (of("object"), '{"a": 1, "b": 2}', '{"a": 2, "b": 1}', "value"),
        (of("geojson"), '{"type": "Point", "coordinates": []}', '{"coordinates": [], "type": "Point"}', "format"),
        (of("duration"), "P1Y", "P12M", "format"),
        (of("duration"), "P1Y", "P13M", "value"),
        (of("boolean"), "true", "1", "format"),
        (of("boolean"), "true", "0", "value"),
        (of("date", format="%Y-%m-%H"), "2014-03-06", "2014-03-07", "format"),
        (of("list", item_type="number"), "1.12345678e1", "11.2345678", "format"),
        (of("number"), "1.12345678e1", "11.2345678", "format"),
        (of("number", item_type="year"), "1.12345678e1", "11.2345678", "format"),
        (of("geopoint", item_type="year"), "1.12345678e1,2", "11.2345678,2", "format"),
        (of("number"), "1e2", "100", "format"),
        (of("number"), "1e2", "10", "value"),
        (of("number"), "x", "X", "value"),
        (of("number"), "0.1", "0.10000000000000000001", "value"),
        (of("number"), "0.1", "0.10000000000000000000", "format"),
        (of("number"), "-0.0", "+0", "format"),
        (of("number"), "-0.0", "0.1", "value"),
        (of("integer"), "9" * 400, "9" * 399 + "8", "value"),
        (of("integer"), "9" * 400, "+0" + "9" * 400, "format"),
        (of("integer"), "9007199254740993", "9007199254740992", "value"),
    ],
)  # fmt: skip
def test_two_texts_are_of_one_value_where_nothing_that_they_say_differs(
    field: Field, old: str, new: str, expected: str
) -> None:
    assert kind(old, new, field, field).value == expected
    assert kind(new, old, field, field).value == expected
    assert kinds(pl.Series([old, new]), pl.Series([new, old]), field, field).to_list() == [expected] * 2


def test_an_integer_is_a_number_and_nothing_else_is_of_another_type() -> None:
    integer, number, year, words = of("integer"), of("number"), of("year"), of("string")
    assert kind("7", "7.0", integer, number).value == "format"
    assert kind("7.0", "7", number, integer).value == "format"
    assert kind("2014", "02014", year, integer).value == "value"
    assert kind("007", "7", words, integer).value == "value"
    assert kind("007", "7", of("any"), of("any")).value == "value"
    assert kind("[1]", "[1.0]", of("array"), of("array")).value == "format"
    assert kind('{"a": 1}', '{"a": 1.0}', of("object"), of("geojson")).value == "value"


def test_a_comma_cuts_nothing_but_a_list() -> None:
    with_comma, without = of("date", format="%d, %m %Y"), of("date", format="%d %m %Y")
    assert kind("06, 03 2014", "06 03 2014", with_comma, without).value == "format"
    assert kind("15, 00", "15 00", of("time", format="%H, %M"), of("time", format="%H %M")).value == "format"


def test_no_change_of_no_cells_has_a_kind() -> None:
    nothing = pl.Series([], dtype=pl.String)
    assert kinds(nothing, nothing, of("integer"), of("integer")).to_list() == []
