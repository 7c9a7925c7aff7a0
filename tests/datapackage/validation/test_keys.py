"""Keys and references by a model in plain Python, and values that are equal though their texts are not."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.schema.model import Constraints, Field, ForeignKey, Table
from readouts.datapackage.validation.keys import (
    FIRST,
    POSITION,
    comparable,
    dangles,
    dangling,
    followed,
    key_sets,
    repeated,
    twice,
    unique_keys,
)
from tests.datapackage.validation.generating import FIELDS, near
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of
from tests.properties import examples

CELLS = st.sampled_from(["a", "b", "A", "", None])
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=12)
SETTINGS = settings(max_examples=examples(50), deadline=None, suppress_health_check=list(HealthCheck))


def frame_of(rows: list[tuple[Any, ...]], *, positions: bool = True) -> pl.DataFrame:
    columns = {name: pl.Series([row[place] for row in rows], dtype=pl.String) for place, name in enumerate("xy")}
    frame = pl.DataFrame(columns)
    return frame.with_row_index(POSITION) if positions else frame


@SETTINGS
@given(ROWS, st.sampled_from([["x"], ["x", "y"], ["y", "x"]]), st.booleans())
def test_rows_are_repeated_where_a_row_before_has_the_whole_key(
    rows: list[tuple[Any, ...]], names: list[str], ordered: bool
) -> None:
    if ordered:
        rows = sorted(rows, key=lambda row: [value or "" for value in row])
    seen: dict[tuple[Any, ...], int] = {}
    expected = []
    for position, row in enumerate(rows):
        key = tuple(row["xy".index(name)] for name in names)
        if None not in key:
            if key in seen:
                expected.append((position, seen[key]))
            seen.setdefault(key, position)
    found = repeated(frame_of(rows), names)
    assert found[POSITION].to_list() == [position for position, _ in expected]
    assert not expected or found[FIRST].to_list() == [first for _, first in expected]


def test_every_order_of_a_few_rows_has_its_repeated_ones() -> None:
    for rows in product(product("ab", "ab"), repeat=3):
        frame = frame_of(list(rows))
        for names, keys in ((["x", "y"], rows), (["y", "x"], rows), (["x"], [row[0] for row in rows])):
            expected = [number for number in range(3) if keys[number] in keys[:number]]
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
    goals = frame_of(target, positions=False).select(*names).rename({name: f"goal {name}" for name in names})
    assert sorted(dangling(frame_of(rows), names, goals)[POSITION].to_list()) == expected


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


@pytest.mark.parametrize(
    ("field", "texts"),
    [
        (Field("a", type="integer"), ["007", "7", "x"]),
        (Field("a", type="integer", group_char=","), ["1000", "1,000", "x"]),
        (Field("a", type="integer", bare_number=False), ["7", "no. 7", "x"]),
        (Field("a", type="number"), ["7", "7.0", "x"]),
        (Field("a", type="number", group_char="."), ["1.5", "15", "x"]),
        (Field("a", type="number", decimal_char=",", group_char="."), ["1.5", "15,0", "x"]),
        (Field("a", type="number", bare_number=False), ["1.5", "1.50 m", "x"]),
        (Field("a", type="year"), ["0999", "0999Z", "x"]),
        (Field("a", type="yearmonth"), ["2024-01", "2024-01Z", "x"]),
        (Field("a", type="date", format="%Y-%d-%m"), ["2024-01-02", "2024-1-2", "x"]),
        (Field("a", type="date", format="any"), ["2024-01-02", "2 January 2024", "x"]),
    ],
    ids=lambda value: f"{value.type} {value.format}" if isinstance(value, Field) else "",
)
def test_texts_of_a_value_have_one_form_though_each_is_in_another_block(field: Field, texts: list[str]) -> None:
    together = [str(form) for form in forms(field, texts)]
    assert together[0] == together[1] != together[2]
    assert [str(forms(field, [text])[0]) for text in texts] == together


@pytest.mark.parametrize("field", [Field("a"), Field("a", type="string"), Field("a", type="list")], ids=str)
def test_texts_that_look_like_numbers_are_none_where_their_type_is_another(field: Field) -> None:
    assert len({str(form) for form in forms(field, ["7", "07", "+7"])}) == 3


@pytest.mark.property
@pytest.mark.parametrize("written", FIELDS, ids=str)
def test_a_cell_has_the_same_form_in_a_column_as_alone(written: dict[str, Any]) -> None:
    table, _ = read_schema("t", {"fields": [{"name": "a", **written}]})
    field = table.fields[0]

    @settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(near(written), min_size=1, max_size=6), st.sampled_from([(), ("-",), ("7", "")]))
    def holds(texts: list[str], missing: tuple[str, ...]) -> None:
        texts = [text for text in texts if text in missing or field.problem(text) is None]
        together = comparable(field, missing, pl.Series("a", texts, dtype=pl.String)).to_list()
        alone = [comparable(field, missing, pl.Series("a", [text], dtype=pl.String))[0] for text in texts]
        assert [str(form) for form in together] == [str(form) for form in alone]

    holds()


def test_a_missing_cell_has_no_form() -> None:
    for field in (Field("a", type="integer"), Field("a", type="number"), Field("a", type="string"), Field("a")):
        column = pl.Series("a", ["-", "7", None, "", "8"], dtype=pl.String)
        found = comparable(field, ("-", "", "none"), column)
        assert (found.name, [str(form) for form in found]) == ("a", ["None", "7", "None", "None", "8"])


def test_numbers_and_texts_are_compared_as_texts_where_one_end_of_a_reference_has_both() -> None:
    numbers, texts = pl.DataFrame({"x": [7, 8, None]}), pl.DataFrame({"goal": ["7", "a"]})
    turned = texts.rename({"goal": "x"}), numbers.rename({"x": "goal"})
    for rows, goals in ((numbers, texts), turned):
        ends: list[Any] = [rows.with_row_index(POSITION), goals]
        assert dangling(ends[0], ["x"], ends[1])[POSITION].to_list() == [1]


def test_each_key_is_named_once_and_a_primary_key_as_such() -> None:
    fields = (Field("id", constraints=Constraints(unique=True)), Field("code", constraints=Constraints(unique=True)))
    table = Table(
        "t",
        fields=fields,
        primary_key=("id",),
        unique_keys=(("code",), ("id",), ("code", "id")),
        foreign_keys=(ForeignKey(("code",), "u", ("code",)), ForeignKey(("id", "code"), "u", ("x", "y"))),
    )
    assert unique_keys(table) == [
        ("primary-key", ("id",)),
        ("unique-error", ("code",)),
        ("unique-error", ("code", "id")),
    ]
    assert key_sets(table) == [("id",), ("code",), ("code", "id"), ("id", "code")]
    assert unique_keys(Table("t", unique_keys=(("a",),))) == [("unique-error", ("a",))]


def test_a_reference_is_followed_where_both_ends_have_its_columns() -> None:
    one, two = ForeignKey(("a",), "u", ("x",)), ForeignKey(("a", "b"), "u", ("x", "y"))
    tables = {"t": Table("t", foreign_keys=(one, two, ForeignKey(("a",), "gone", ("x",)))), "u": Table("u")}
    assert list(followed(tables, {"t": ["a", "b"], "u": ["x", "y"]})) == [("t", one), ("t", two)]
    assert list(followed(tables, {"t": ["a"], "u": ["x", "y"]})) == [("t", one)]
    assert list(followed(tables, {"t": ["a", "b"], "u": ["x"]})) == [("t", one)]
    assert list(followed(tables, {"t": ["b"], "u": ["x", "y"]})) == []


def test_the_sentence_about_a_key_shows_both_texts_where_they_differ() -> None:
    assert twice("7") == "Expected a value of its own; found '7', which a row before it has too."
    assert twice("7", "7", "row 1") == "Expected a value of its own; found '7', which row 1 has too."
    assert twice("7", "07", "row 1") == "Expected a value of its own; found '7', the same value as '07' in row 1."
    assert twice(None) == "Expected a value of its own; found '', which a row before it has too."
    assert dangles("u (x)", "7") == "Expected a key of u (x); found '7', which it doesn't have."
    assert dangles("u (x)", None) == "Expected a key of u (x); found '', which it doesn't have."


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
