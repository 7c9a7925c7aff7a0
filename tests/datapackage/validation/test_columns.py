"""What whole columns are told to be certainly good is good: no expression takes a bad cell for a good one."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.schema.model import Constraints, Field
from readouts.datapackage.validation.cells import judge
from readouts.datapackage.validation.expressions import certainly_good, parsable
from tests.datapackage.validation.generating import FIELDS, constraints, near
from tests.properties import examples

ODD_NUMBERS = [
    *(
        "nan",
        "NaN",
        "inf",
        "Infinity",
        "+inf",
        "1e400",
        "-1e400",
        "1e-400",
        "0x1F",
        "1_0",
        "1f",
        "true",
        "1,0",
        "\u0661",
    ),
    *(".", "+", "", "+.5", "5.", "1 ", "9223372036854775807", "9223372036854775808", "-9223372036854775809"),
    *("0" * 30 + "1", "1" * 40, "4.9e-324"),
]
NUMBERS = st.from_regex(
    r"\A[+\- ]{0,2}[0-9_,\u0661]{0,20}\.?[0-9_]{0,9}([eE][+-]?[0-9]{0,4})?[ f%]?\Z"
) | st.sampled_from(ODD_NUMBERS)
SETTINGS = settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck))


def field_of(written: dict[str, Any]) -> Field:
    table, problems = read_schema("t", {"fields": [{"name": "a", **written}]})
    assert problems == []
    return table.fields[0]


def certain(field: Field, missing: tuple[str, ...], cells: list[str], *, parsed: bool) -> list[bool]:
    """Return which cells the expression calls good, from their texts or from numbers that the engine made of them."""
    frame = pl.DataFrame({"a": pl.Series(cells, dtype=pl.String)})
    number = None
    if parsed and parsable(field):
        number = "number"
        kind = pl.Int64() if field.type == "integer" else pl.Float64()
        present = pl.when(~pl.col("a").is_in(list(missing))).then(pl.col("a"))
        frame = frame.with_columns(present.cast(kind, strict=False).alias(number))
    good = certainly_good(field, missing, pl.col("a"), number=None if number is None else pl.col(number))
    values = [True] * len(cells) if good is None else frame.with_columns(good=good)["good"].to_list()
    return [value is True for value in values]


def assert_none_is_bad(field: Field, missing: tuple[str, ...], cells: list[str]) -> None:
    verdicts = judge(field, missing, dict.fromkeys(cells))
    for parsed in (True, False):
        for cell, good in zip(cells, certain(field, missing, cells, parsed=parsed), strict=True):
            assert not good or verdicts[cell] is None, (cell, verdicts[cell], parsed)


@pytest.mark.property
@pytest.mark.parametrize("written", FIELDS, ids=str)
def test_no_bad_cell_is_certainly_good(written: dict[str, Any]) -> None:
    @SETTINGS
    @given(
        constraints(written),
        st.lists(near(written), min_size=1, max_size=10),
        st.sampled_from([("",), (), ("-", ""), ("1", "NaN"), ("2024-01-26",)]),
    )
    def holds(limits: dict[str, Any], cells: list[str], missing: tuple[str, ...]) -> None:
        assert_none_is_bad(field_of({**written, "constraints": limits}), missing, cells)

    holds()


@pytest.mark.slow
@pytest.mark.property
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_what_engines_take_for_a_number_within_bounds_is_one(kind: str) -> None:
    edges = [2**62, -(2**63), 10**17, 0.1, 1e15 + 0.3] if kind == "number" else [2**62]
    bounds = st.none() | st.integers(-5, 5) | st.sampled_from(edges)

    @settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(NUMBERS, min_size=1, max_size=20), st.tuples(bounds, bounds, bounds, bounds), st.booleans())
    def holds(cells: list[str], limits: tuple[Any, ...], required: bool) -> None:
        minimum, maximum, above, below = limits
        field = Field(
            "a",
            type=kind,
            constraints=Constraints(
                required, minimum=minimum, maximum=maximum, exclusive_minimum=above, exclusive_maximum=below
            ),
        )
        assert_none_is_bad(field, ("",), cells)

    holds()


GOOD = {
    "integer": "12",
    "number": "-1.5",
    "boolean": "true",
    "date": "2024-01-26",
    "time": "15:00:00",
    "datetime": "2024-01-26T15:00:00Z",
    "year": "2024",
    "yearmonth": "2024-01",
    "duration": "P1D",
    "list": "a,b",
    "string": "x",
}


@pytest.mark.parametrize("kind", GOOD)
def test_common_good_cells_are_certain_so_that_few_are_judged(kind: str) -> None:
    assert certain(Field("a", type=kind), ("",), [GOOD[kind], ""], parsed=True) == [True, True]


@pytest.mark.parametrize("delimiter", list("<>·；→\u00a0;|/\\^$.[]()-#&~ %'"))
def test_a_list_may_be_cut_by_any_character(delimiter: str) -> None:
    field = Field("a", type="list", item_type="string", delimiter=delimiter)
    assert field.problem(f"x{delimiter}y") is None
    assert_none_is_bad(field, ("",), [f"x{delimiter}y", "x", delimiter])


@pytest.mark.parametrize(
    ("limits", "cell"),
    [
        ({"maximum": 0}, "1e-400"),
        ({"minimum": 0}, "-1e-400"),
        ({"minimum": 10**21 + 1}, "1e21"),
        ({"minimum": "0.30000000000000001"}, "0.3"),
    ],
)
def test_a_number_whose_float_is_the_bound_need_not_be_the_bound(limits: dict[str, Any], cell: str) -> None:
    field = field_of({"name": "a", "type": "number", "constraints": limits})
    assert field.problem(cell) is not None
    assert certain(field, ("",), [cell], parsed=True) == [False]


@pytest.mark.parametrize(
    ("delimiter", "kind", "cell"),
    [
        ("5", "integer", "55"),
        ("-", "date", "2024-01-26"),
        (".", "number", "1."),
        ("+", "integer", "1++1"),
        (":", "time", "10:00:00"),
    ],
)
def test_a_delimiter_that_may_stand_in_an_item_cuts_it(delimiter: str, kind: str, cell: str) -> None:
    field = Field("a", type="list", item_type=kind, delimiter=delimiter)
    assert certain(field, ("",), [cell], parsed=True) == [False]
    assert field.problem(cell) is not None or kind == "number"
