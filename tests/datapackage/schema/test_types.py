"""What a cell of each type is and what it is not, at the very edges; and what the pattern of a column lets pass."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.datapackage.schema.model import Constraints, Field
from readouts.datapackage.schema.types import TYPES, TooLarge

DECIMAL = Decimal


def of(kind: str, **properties: Any) -> Field:
    # A text from a file is never the very object that the code compares it with.
    fresh: dict[str, Any] = {
        key: "".join([*each]) if isinstance(each, str) else each for key, each in properties.items()
    }
    return Field("a", type="".join([*kind]), **fresh)


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


READ: list[tuple[Field, str, Any]] = [
    (of("string", format="uri"), "urn:x", "urn:x"),
    (of("string", format="email"), "a@b.org", "a@b.org"),
    (of("string", format="uuid"), "123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
    (of("string", format="binary"), "YWI=", "YWI="),
    (of("integer"), "+007", 7),
    (of("integer", group_char=","), "1,234,567", 1234567),
    (of("integer", bare_number=False), "€1234 net", 1234),
    (of("integer", bare_number=False), "no. 5", 5),
    (of("integer", bare_number=False, group_char=","), "$1,234", 1234),
    (of("integer", canonical=True), "-7", -7),
    (of("integer", canonical=True), "0", 0),
    (of("integer", canonical=True), "9" * 18, 10**18 - 1),
    (of("integer"), "9" * 3999, 10**3999 - 1),
    (of("number"), "-.5e+1", DECIMAL(-5)),
    (of("number"), "5.", DECIMAL(5)),
    (of("number"), "-INF", DECIMAL("-Infinity")),
    (of("number", decimal_char=",", group_char="."), "1.234,5", DECIMAL("1234.5")),
    (of("number", bare_number=False), "about 2.50 m", DECIMAL("2.5")),
    (of("boolean", true_values=("yes",), false_values=("no",)), "yes", True),
    (of("boolean", true_values=("yes",), false_values=("no",)), "no", False),
    (of("list"), "a,,b", ["a", "", "b"]),
    (of("list", item_type="string", delimiter=";"), "a;b", ["a", "b"]),
    (of("list", item_type="integer"), "1,02", [1, 2]),
    (of("array"), '[1, "[["]', [1, "[["]),
    (of("object"), '{"a": 1}', {"a": 1}),
    (of("array"), "[" + '"' + "[" * 200 + '"]', ["[" * 200]),
    (of("array"), "[" + r'"\"' + "[" * 200 + '"]', ['"' + "[" * 200]),
    (of("any"), "x", "x"),
    (of("geojson"), '{"type": "Point", "coordinates": [1, 2]}', {"type": "Point", "coordinates": [1, 2]}),
    (of("geojson", format="topojson"), '{"type": "LineString", "arcs": [0]}', {"type": "LineString", "arcs": [0]}),
    (of("geopoint"), "180, 90", (DECIMAL(180), DECIMAL(90))),
    (of("geopoint"), "-180,-90", (DECIMAL(-180), DECIMAL(-90))),
    (of("geopoint"), "1e1,.5", (DECIMAL(10), DECIMAL("0.5"))),
    (of("geopoint", format="array"), "[-180, 90.0]", (DECIMAL(-180), DECIMAL(90))),
    (of("geopoint", format="object"), '{"lat": -90, "lon": 180}', (DECIMAL(180), DECIMAL(-90))),
    (of("date"), "0001-01-01", date(1, 1, 1)),
    (of("date"), "2024-02-29", date(2024, 2, 29)),
    (of("date", format="any"), "6 March 2014", date(2014, 3, 6)),
    (of("date", format="any"), "March", date(2000, 3, 1)),
    (of("time"), "23:59:59", time(23, 59, 59, tzinfo=UTC)),
    (of("time", format="any"), "3 pm", time(15, tzinfo=UTC)),
    (of("time", format="%H:%M"), "15:00", time(15, tzinfo=UTC)),
    (of("datetime"), "2014-03-06T24:00:00", datetime(2014, 3, 7, tzinfo=UTC)),
    (of("datetime"), "2014-12-31T24:00:00.000Z", datetime(2015, 1, 1, tzinfo=UTC)),
    (of("datetime"), "2014-03-06T23:59:59.1234567", datetime(2014, 3, 6, 23, 59, 59, 123456, UTC)),
    (of("datetime"), "2014-03-06T01:02:03+14:00", datetime(2014, 3, 6, 1, 2, 3, tzinfo=timezone(timedelta(hours=14)))),
    (of("datetime", format="any"), "6 March 2014 3 pm", datetime(2014, 3, 6, 15, tzinfo=UTC)),
    (of("datetime", format="any"), "2014-03-06T15:00+23", datetime(2014, 3, 5, 16, tzinfo=UTC)),
    (of("datetime", format="any"), "15:00", datetime(2000, 1, 1, 15, tzinfo=UTC)),
    (of("datetime", format="%Y %H"), "2014 15", datetime(2014, 1, 1, 15, tzinfo=UTC)),
    (of("date", format="on %d.%m.%Y"), "on 06.03.2014", date(2014, 3, 6)),
    (of("time", format="at %H:%M"), "at 15:00", time(15, tzinfo=UTC)),
    (of("time", format="um %H:%M"), "um 15:00", time(15, tzinfo=UTC)),
    (of("datetime", format="um %Y %H"), "um 2014 15", datetime(2014, 1, 1, 15, tzinfo=UTC)),
    (of("year"), "-0044", -44),
    (of("year"), "999999999+14:00", 999999999),
    (of("yearmonth"), "-0044-12Z", (-44, 12)),
    (of("yearmonth"), "2014-01", (2014, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "value"), READ, ids=lambda value: str(value)[:30])
def test_a_cell_has_the_value_that_the_standard_gives_it(field: Field, text: str, value: Any) -> None:
    found = field.read(text)
    assert (found, type(found)) == (value, type(value))
    if isinstance(found, time):
        assert found.tzinfo is UTC


ZONE = "a date with its time as YYYY-MM-DDThh:mm:ss, with or without a zone such as Z or +02:00"
RANGE = "a longitude from -180 to 180 and a latitude from -90 to 90"
POINT = "a longitude and a latitude, such as 90.50, 45.50"
ARRAY = "a longitude and a latitude in JSON, such as [90.50, 45.50]"
OBJECT = 'a longitude and a latitude in JSON, such as {"lon": 90.50, "lat": 45.50}'
YEAR = "a year such as 2014 or -0044, in four digits or more; no calendar has a year 0000"

REFUSED: list[tuple[Field, str, str]] = [
    (of("string", format="uri"), "example.org", "an address with its scheme, such as https://example.org/page"),
    (of("string", format="email"), "a@b", "an e-mail address"),
    (of("string", format="uuid"), "123e4567", "a UUID, such as 123e4567-e89b-12d3-a456-426614174000"),
    (of("string", format="binary"), "YWI", "bytes in base64"),
    (of("string", format="binary"), "YW I=", "bytes in base64"),
    (of("string", format="binary"), "é", "bytes in base64"),
    (of("integer"), "1.0", "a whole number in digits"),
    (of("integer"), "\u0661", "a whole number in digits"),
    (of("integer"), "5 m", "a whole number in digits"),
    (of("integer", bare_number=False), "- 5", "a whole number in digits"),
    (of("integer", group_char=","), "1,,2", "a whole number in digits"),
    (of("integer", canonical=True), "07", "a whole number in digits"),
    (of("integer", canonical=True), "+7", "a whole number in digits"),
    (of("integer", canonical=True), "1" * 19, "a whole number of at most 18 digits"),
    (of("integer", canonical=True), "-" + "1" * 18, "a whole number of at most 18 digits"),
    (of("number"), "1,5", "a number"),
    (of("number"), ".", "a number"),
    (of("number"), "infinity", "a number"),
    (of("number", decimal_char=","), "1.5", "a number such as 1234,5"),
    (of("boolean", true_values=("true",), false_values=("false",)), "1", "true or false"),
    (of("boolean", true_values=("yes",), false_values=("false",)), "1", "one of yes, false"),
    (of("boolean", true_values=("true",), false_values=("no",)), "1", "one of true, no"),
    (of("boolean", true_values=("TRUE",), false_values=("false",)), "1", "one of TRUE, false"),
    (of("boolean", true_values=("true",), false_values=("FALSE",)), "1", "one of true, FALSE"),
    (of("list", canonical=True), "a,,b", "items separated by ',', none of them empty"),
    (of("list", item_type="integer"), "1,x", "items separated by ',', each a whole number in digits"),
    (of("array"), "{}", "an array in JSON"),
    (of("array"), "[", "an array in JSON"),
    (of("array"), "[NaN]", "an array in JSON"),
    (of("object"), "[]", "an object in JSON"),
    (of("object"), '{"a": 1, "a": 1}', "an object in JSON with each key once"),
    (of("geojson"), '{"type": "LineString", "arcs": [0]}', "a LineString of GeoJSON with its coordinates"),
    (of("geojson"), "[]", "an object in JSON"),
    (of("geojson", format="topojson"), '{"type": "Feature"}', "an object of TopoJSON with its type"),
    (of("geopoint"), "180.0001,0", RANGE),
    (of("geopoint"), "-180.0001,0", RANGE),
    (of("geopoint"), "0,90.0001", RANGE),
    (of("geopoint"), "0,-90.0001", RANGE),
    (of("geopoint"), "181,0", RANGE),
    (of("geopoint"), "0,91", RANGE),
    (of("geopoint", format="array"), "[0, 90.5]", RANGE),
    (of("geopoint"), "1", POINT),
    (of("geopoint"), "1,2,3", POINT),
    (of("geopoint"), "1,  2", POINT),
    (of("geopoint"), "1 ,2", POINT),
    (of("geopoint"), " 1,2", POINT),
    (of("geopoint"), "x,2", POINT),
    (of("geopoint"), "1,x", POINT),
    (of("geopoint"), "1,1e-1234567890", POINT),
    (of("geopoint", format="array"), "[1]", ARRAY),
    (of("geopoint", format="array"), "[1, 2, 3]", ARRAY),
    (of("geopoint", format="array"), '["1", 2]', ARRAY),
    (of("geopoint", format="array"), "[1, true]", ARRAY),
    (of("geopoint", format="array"), '{"lon": 1, "lat": 2}', ARRAY),
    (of("geopoint", format="object"), "[1, 2]", OBJECT),
    (of("geopoint", format="object"), '{"lon": 1}', OBJECT),
    (of("geopoint", format="object"), '{"lon": 1, "lat": 2, "alt": 3}', OBJECT),
    (of("geopoint", format="object"), '{"lon": null, "lat": 2}', OBJECT),
    (of("date"), "2014-3-6", "a date as YYYY-MM-DD"),
    (of("date"), "20140306", "a date as YYYY-MM-DD"),
    (of("date"), "2023-02-29", "a day that exists in the calendar"),
    (of("date"), "0000-01-01", "a day that exists in the calendar"),
    (of("date", format="any"), "yesterday", "a date in some common form"),
    (of("date", format="%d.%m.%Y"), "6. 3. 2014", "a date of the calendar in the form %d.%m.%Y"),
    (of("date", format="%d.%m.%Y"), "\u0661.03.2014", "a date of the calendar in the form %d.%m.%Y, in ASCII digits"),
    (of("time"), "24:00:00", "a time as hh:mm:ss"),
    (of("time"), "15:00:60", "a time as hh:mm:ss"),
    (of("time", format="any"), "noonish", "a time in some common form"),
    (of("time", format="%H:%M"), "24:00", "a time in the form %H:%M"),
    (of("datetime"), "2014-03-06T24:00:01", ZONE),
    (of("datetime"), "2014-03-06T24:00:00.01", ZONE),
    (of("datetime"), "2014-03-06T15:00:00+14:01", ZONE),
    (of("datetime"), "2014-03-06 15:00:00", ZONE),
    (of("datetime"), "2014-02-30T15:00:00", "a day that exists in the calendar"),
    (of("datetime", format="any"), "2024-01-26T15:00-60", "a date with its time in some common form"),
    (of("datetime", format="any"), "2024-01-26T15:00+24", "a date with its time in some common form"),
    (of("datetime", format="any"), "whenever", "a date with its time in some common form"),
    (of("datetime", format="%Y %H"), "2014 24", "a date of the calendar with its time in the form %Y %H"),
    (of("year"), "0000", YEAR),
    (of("year"), "999", YEAR),
    (of("year"), "1" * 10, YEAR),
    (of("yearmonth"), "2014-13", "a month as YYYY-MM"),
    (of("yearmonth"), "2014-00", "a month as YYYY-MM"),
    (of("duration"), "P1W", "a duration such as P1Y2M10DT2H30M"),
]


@pytest.mark.parametrize(("field", "text", "expected"), REFUSED, ids=lambda value: str(value)[:30])
def test_a_cell_that_has_no_value_is_refused_with_what_was_expected(field: Field, text: str, expected: str) -> None:
    assert field.problem(text) == ("type-error", expected)


MOMENT = "a moment from the year 1 to 9999"


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        (of("number"), "1e99999999999999999999", "a number whose exponent can be computed with"),
        (of("array"), deep(101), "an array in JSON of at most 100 levels"),
        (of("array"), "[" * 100 + "{}" + "]" * 100, "an array in JSON of at most 100 levels"),
        (of("array"), f"[{'1' * 5000}]", "an array in JSON with numbers of at most 4,300 digits"),
        (of("datetime"), "9999-12-31T24:00:00", MOMENT),
        (of("datetime"), "10000-01-01T00:00:00", MOMENT),
        (of("datetime"), "-0001-01-01T00:00:00Z", MOMENT),
    ],
)
def test_a_value_that_is_beyond_what_is_read_is_told_from_one_that_is_wrong(
    field: Field, text: str, expected: str
) -> None:
    assert field.problem(text) == ("resource-limit", expected)
    with pytest.raises(TooLarge):
        field.read(text)


@pytest.mark.parametrize("text", [deep(100), f"[{deep(99)}, {deep(99)}]", "[" + "[1]," * 60 + "[1]]"])
def test_json_may_have_a_hundred_levels_and_many_lists_side_by_side(text: str) -> None:
    assert of("array").read(text) == json.loads(text)


def test_a_long_integer_is_exact_though_python_would_refuse_its_text() -> None:
    for digits in (3999, 4000, 4001, 5000):
        value = of("integer").read("9" * digits)
        assert value == Decimal("9" * digits)
        assert isinstance(value, int) == (digits < 4000)


def surely(field: Field) -> str | None:
    return TYPES[field.type].surely(field)


def limited(least: int | None = None, most: int | None = None, **properties: Any) -> Field:
    return of("list", constraints=Constraints(min_length=least, max_length=most), **properties)


@pytest.mark.parametrize(
    ("least", "most", "lengths"),
    [(None, None, range(1, 60)), (2, 3, range(2, 4)), (None, 2, range(1, 3)), (1, 1, range(1, 2)),
     (0, 2, range(1, 3)), (3, None, range(3, 60)), (50, 50, range(50, 51)), (2, 50, range(2, 51))],
)  # fmt: skip
@pytest.mark.parametrize("item_type", [None, "string", "integer"])
def test_lists_of_exactly_the_lengths_within_bounds_are_surely_good(
    least: int | None, most: int | None, lengths: range, item_type: str | None
) -> None:
    field = limited(least, most, item_type=item_type)
    pattern = surely(field)
    assert pattern is not None
    for length in range(1, 60):
        cell = ",".join(["7"] * length)
        assert (re.fullmatch(pattern, cell) is not None) == (length in lengths)
        assert (field.problem(cell) is None) == (length in lengths)


@pytest.mark.parametrize(
    "field",
    [
        limited(None, 0),
        limited(3, 2),
        limited(None, 51),
        limited(51, None),
        limited(51, 60),
        of("list", delimiter=", "),
        of("list", delimiter=""),
        *(of("list", item_type="integer", delimiter=delimiter) for delimiter in "5a+-.:"),
        of("list", item_type="boolean"),
        of("list", item_type="integer", group_char=" "),
        of("integer", group_char=","),
        of("integer", bare_number=False),
        of("number", group_char=","),
        of("number", bare_number=False),
        of("number", decimal_char=","),
        of("boolean"),
        of("string"),
        of("geopoint"),
        *(of(kind, format=form) for kind in ("date", "time", "datetime") for form in ("any", "%Y %H", "um %Y %H")),
        of("datetime", constraints=Constraints(minimum="2014-03-06T00:00:00")),
        of("datetime", constraints=Constraints(minimum="2014-03-06T00:00:00Z", maximum="2014-03-06T24:00:00Z")),
    ],
    ids=lambda field: f"{field.type} {field.item_type} {field.delimiter} {field.format}",
)
def test_nothing_is_surely_good_where_a_pattern_could_not_tell(field: Field) -> None:
    assert surely(field) is None


@pytest.mark.parametrize("delimiter", list("5a+-.:"))
def test_a_list_of_texts_may_be_cut_anywhere(delimiter: str) -> None:
    pattern = surely(of("list", delimiter=delimiter))
    assert pattern is not None
    assert re.fullmatch(pattern, f"x{delimiter}{delimiter}y")


def test_an_empty_item_is_surely_good_except_in_canonical_form() -> None:
    loose, strict = surely(of("list")), surely(of("list", canonical=True))
    assert loose is not None
    assert strict is not None
    assert re.fullmatch(loose, "a,,b")
    assert re.fullmatch(strict, "a,b")
    assert not re.fullmatch(strict, "a,,b")


SURE: list[tuple[Field, list[str], list[str]]] = [
    (of("integer"), ["+0", "-" + "9" * 18], ["9" * 19, "1.0"]),
    (of("integer", canonical=True), ["0", "-0", "-" + "9" * 17], ["00", "+1", "9" * 18]),
    (of("number"), ["-999999999.999999", "+1"], ["1234567890", "1.1234567", "1e1", "1."]),
    (of("date"), ["0001-12-31", "9999-02-28", "2014-04-30"], ["0000-01-01", "2014-02-29", "2014-04-31"]),
    (of("time"), ["00:00:00", "23:59:59"], ["24:00:00", "10:60:00"]),
    (of("datetime"), ["2014-03-06T23:59:59", "2014-03-06T00:00:00-13:59", "2014-03-06T00:00:00+14:00"],
     ["2014-03-06T24:00:00", "2014-03-06T00:00:00+14:01", "2014-03-06T00:00:00.5"]),
    (of("datetime", constraints=Constraints(minimum="2014-03-06T00:00:00Z")),
     ["2014-03-06T23:59:59Z"], ["2014-03-06T23:59:59", "2014-03-06T23:59:59+01:00"]),
    (of("year"), ["0001", "9999"], ["0000", "10000", "-0001"]),
    (of("yearmonth"), ["0001-01", "2014-12"], ["2014-13", "2014-00"]),
    (of("duration"), ["P1Y", "-PT5S"], ["P1Y2M", "P", "PT1D"]),
    (of("string", format="uuid"), ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567"]),
    (of("string", format="binary"), ["", "YWI=", "YQ=="], ["YWI", "YWI=="]),
    (of("string", format="email"), ["a@b.org"], ["a@b"]),
    (of("string", format="uri"), ["urn:x"], ["x"]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "sure", "unsure"), SURE, ids=lambda value: str(value)[:20])
def test_what_is_surely_good_is_good_and_what_may_be_bad_is_not_sure(
    field: Field, sure: list[str], unsure: list[str]
) -> None:
    pattern = surely(field)
    assert pattern is not None
    assert [text for text in sure if not re.fullmatch(pattern, text)] == []
    assert [text for text in sure if field.problem(text) is not None] == []
    assert [text for text in unsure if re.fullmatch(pattern, text)] == []


@given(st.decimals(-400, 400, places=3), st.decimals(-200, 200, places=3))
def test_a_point_is_good_exactly_within_the_bounds_of_both(longitude: Decimal, latitude: Decimal) -> None:
    good = -180 <= longitude <= 180 and -90 <= latitude <= 90
    assert (of("geopoint").problem(f"{longitude},{latitude}") is None) == good
    assert (of("geopoint", format="array").problem(f"[{longitude}, {latitude}]") is None) == good


@pytest.mark.parametrize(
    ("kind", "ordered", "constraints"),
    [
        ("string", False, {"minLength", "maxLength", "pattern"}),
        ("list", False, {"minLength", "maxLength"}),
        ("array", False, {"minLength", "maxLength", "jsonSchema"}),
        ("object", False, {"minLength", "maxLength", "jsonSchema"}),
        ("number", False, {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
        ("duration", False, {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
        *(
            (kind, True, {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
            for kind in ("date", "time", "datetime", "year", "yearmonth")
        ),
        ("integer", False, {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
        ("boolean", False, set()),
        ("geojson", False, set()),
        ("geopoint", False, set()),
        ("any", False, set()),
    ],
)
def test_a_type_has_the_constraints_of_the_standard(kind: str, ordered: bool, constraints: set[str]) -> None:
    assert TYPES[kind].ordered == ordered
    assert {*TYPES[kind].constraints} == constraints


def test_only_dates_and_times_have_patterns() -> None:
    assert {kind for kind, found in TYPES.items() if found.patterns} == {"date", "time", "datetime"}
