"""Keys and references by a model in plain Python, and values that are equal though their texts are not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.schema.model import Field
from readouts.datapackage.validation.keys import POSITION, comparable, dangling, repeated
from tests.datapackage.validation.generating import FIELDS, near
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of
from tests.properties import examples

CELLS = st.sampled_from(["a", "b", "A", "", None])
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=12)
SETTINGS = settings(max_examples=examples(50), deadline=None, suppress_health_check=list(HealthCheck))


def frames_of(rows: list[tuple[Any, ...]], *, positions: bool = True) -> list[Any]:
    columns = {name: pl.Series([row[place] for row in rows], dtype=pl.String) for place, name in enumerate("xy")}
    frame = pl.DataFrame(columns)
    frame = frame.with_row_index(POSITION) if positions else frame
    return [frame, nw.from_native(frame, eager_only=True)]


@SETTINGS
@given(ROWS, st.sampled_from([["x"], ["x", "y"], ["y", "x"]]), st.booleans())
def test_rows_are_repeated_where_a_row_before_has_the_whole_key(
    rows: list[tuple[Any, ...]], names: list[str], ordered: bool
) -> None:
    if ordered:
        rows = sorted(rows, key=lambda row: [value or "" for value in row])
    seen: set[tuple[Any, ...]] = set()
    expected = []
    for position, row in enumerate(rows):
        key = tuple(row["xy".index(name)] for name in names)
        if None not in key:
            if key in seen:
                expected.append(position)
            seen.add(key)
    for frame in frames_of(rows):
        assert repeated(frame, names)[POSITION].to_list() == expected


@SETTINGS
@given(ROWS, ROWS, st.booleans())
def test_rows_dangle_whose_whole_key_is_not_in_the_target(
    rows: list[tuple[Any, ...]], target: list[tuple[Any, ...]], composite: bool
) -> None:
    names = ["x", "y"] if composite else ["x"]
    keys = {tuple(row[: len(names)]) for row in target}
    expected = [
        position
        for position, row in enumerate(rows)
        if None not in row[: len(names)] and tuple(row[: len(names)]) not in keys
    ]
    for frame, known in zip(frames_of(rows), frames_of(target, positions=False), strict=True):
        goals = known.select(*names).rename({name: f"goal {name}" for name in names})
        assert sorted(dangling(frame, names, goals)[POSITION].to_list()) == expected


def forms(field: Field, texts: list[str]) -> list[Any]:
    found: list[Any] = comparable(field, (), pl.Series("a", texts, dtype=pl.String)).to_list()
    return found


@pytest.mark.property
@pytest.mark.parametrize("written", FIELDS, ids=str)
def test_texts_are_in_one_form_exactly_if_their_values_are_equal(written: dict[str, Any]) -> None:
    table, _ = read_schema("t", {"fields": [{"name": "a", **written}]})
    field = table.fields[0]

    @settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(near(written), min_size=2, max_size=6))
    def holds(texts: list[str]) -> None:
        good = [text for text in texts if field.problem(text) is None]
        values = [field.read(text) for text in good]
        made = forms(field, good)
        for one, first in zip(made, values, strict=True):
            for two, second in zip(made, values, strict=True):
                if "NaN" not in f"{one} {two}":  # which is not even itself
                    assert (one == two) == (first == second), (first, second, one, two)
        # The form of a value doesn't hang on what else is in its block.
        alone = [str(forms(field, [text])[0]) for text in good]
        assert alone == [str(one) for one in made]

    holds()


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("number", ["1", "1.0", "01", "1e0", "10e-1", "+1"]),
        ("number", ["0", "-0", "0.0", "0e9", "-0.0"]),
        ("number", ["1e999999999", "10e999999998"]),
        ("integer", ["7", "007", "+7"]),
        ("datetime", ["2024-01-01T00:00:00Z", "2024-01-01T02:00:00+02:00", "2023-12-31T24:00:00"]),
        ("yearmonth", ["2024-01", "2024-01Z"]),
        ("duration", ["P1Y", "P12M"]),
        ("geopoint", ["1,2", "1.0, 2.00"]),
        ("object", ['{"a": 1, "b": 2}', '{"b": 2.0, "a": 1}']),
    ],
)  # fmt: skip
def test_equal_values_have_one_form(kind: str, texts: list[str]) -> None:
    assert len({str(form) for form in forms(Field("a", type=kind), texts)}) == 1


def test_long_numbers_are_not_rounded_to_be_equal() -> None:
    first, second = "1." + "0" * 40 + "1", "1." + "0" * 40 + "2"
    assert Decimal(first) != Decimal(second)
    assert len(set(forms(Field("a", type="number"), [first, second]))) == 2


def test_a_key_of_two_blocks_is_the_same_though_one_of_them_has_odd_cells(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from readouts.datapackage.table import csv_blocks as blocks

    monkeypatch.setattr(blocks, "SIZE", 64)
    for kind, value in (
        ("yearmonth", "2024-01"),
        ("year", "0999"),
        ("number", "1.5"),
        ("integer", "12"),
        ("date", "2024-01-01"),
    ):
        rows = (
            [value] + [f"{number + 1000}-01" if kind == "yearmonth" else "x" for number in range(30)] + ["odd", value]
        )
        schema = {"fields": [{"name": "a", "type": kind, "constraints": {"unique": True}}]}
        resource = {"name": "t", "type": "table", "path": "t.csv", "schema": schema}
        root = write_package_of(tmp_path / kind, {"t.csv": "a\n" + "\n".join(rows) + "\n"}, [resource])
        twice = [finding.row for finding in check(root) if finding.code == "unique-error" and finding.value == value]
        assert twice == [33], kind
