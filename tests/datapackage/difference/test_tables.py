from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.datapackage.difference.row_pairing import COUNT, NEW, OLD, RowPairing, pair, table_difference
from readouts.datapackage.schema.model import Field, Table
from readouts.datapackage.table.errors import TableError
from readouts.datapackage.table.text_frame import TextTable

LABELS = ("id", "part", "name", "depth")
LAKES = Table("lakes", fields=tuple(Field(name, type="string") for name in LABELS), primary_key=("id", "part"))

Row = tuple[str, str, str, str]
CELL = st.sampled_from(["", "a", "b", "A ", 'say "c"', "d, e", "f\ng", "\U0001f30a", "\uff5e"])
KEY = st.sampled_from(["a", "b", "c", "d,e", 'f"', "\U0001f30a", "\uff5e"])
ROWS = st.lists(st.tuples(KEY, KEY, CELL, CELL), max_size=12, unique_by=lambda row: row[:2])


def sheet(rows: list[Row], labels: tuple[str, ...] = LABELS) -> TextTable:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(LABELS, pl.String), orient="row")
    return TextTable(LAKES, labels, frame.select(labels))


def naive(old: list[Row], new: list[Row]) -> tuple[list[Row], list[Row], list[tuple[str, ...]]]:
    """What is added, removed and changed, as anybody would find it with two dictionaries."""
    before, after = ({row[:2]: row for row in rows} for rows in (old, new))
    cells: list[tuple[str, ...]] = [
        (*key, name, before[key][place], after[key][place])
        for key in sorted(before.keys() & after.keys())
        for place, name in enumerate(LABELS)
        if before[key][place] != after[key][place]
    ]
    added = [after[key] for key in sorted(after.keys() - before.keys())]
    return added, [before[key] for key in sorted(before.keys() - after.keys())], cells


def told(found: RowPairing) -> tuple[list[Any], list[Any], list[Any]]:
    return found.added.select(LABELS).rows(), found.removed.select(LABELS).rows(), found.cells.rows()


@given(ROWS, ROWS)
def test_pairing_finds_what_two_dictionaries_find(old: list[Row], new: list[Row]) -> None:
    found = pair(sheet(old), sheet(new), ("id", "part"))
    assert told(found) == naive(old, new)
    assert found.rows_changed == len({row[:2] for row in naive(old, new)[2]})


@given(ROWS, ROWS)
def test_the_order_of_rows_and_columns_is_of_no_account(old: list[Row], new: list[Row]) -> None:
    turned = sheet(new[::-1], ("name", "id", "depth", "part"))
    found = pair(sheet(old), turned, ("id", "part"))
    added, removed, cells = told(found)
    straight = naive(old, new)
    assert (added, removed, sorted(cells)) == (straight[0], straight[1], sorted(straight[2]))


@given(st.lists(st.tuples(KEY, KEY, CELL, CELL), max_size=12), st.lists(st.tuples(KEY, KEY, CELL, CELL), max_size=12))
def test_without_a_key_rows_are_counted(old: list[Row], new: list[Row]) -> None:
    found = pair(sheet(old), sheet(new), None)
    before, after = Counter(old), Counter(new)
    assert {row[:-1]: row[-1] for row in found.added.rows()} == after - before
    assert {row[:-1]: row[-1] for row in found.removed.rows()} == before - after
    assert found.added.columns[-1] == COUNT


def rows(*keys: str) -> list[Row]:
    return [(key, "1", f"lake {key}", "7") for key in keys]


def test_a_renamed_row_is_neither_added_nor_removed() -> None:
    new = [("c", "1", "lake a", "8"), *rows("b")]
    found = pair(sheet(rows("a", "b")), sheet(new), ("id", "part"), {("a", "1"): ("c", "1")})
    assert (found.added.height, found.removed.height) == (0, 0)
    assert found.cells.rows() == [("c", "1", "depth", "7", "8")]
    assert found.renamed.rows(named=True) == [{OLD + "id": "a", OLD + "part": "1", NEW + "id": "c", NEW + "part": "1"}]


def test_a_rename_of_a_row_that_is_still_there_is_none() -> None:
    found = pair(sheet(rows("a")), sheet(rows("a", "c")), ("id", "part"), {("a", "1"): ("c", "1")})
    assert (found.added.height, found.renamed.height) == (1, 0)


def test_ids_may_be_passed_on() -> None:
    renamed: dict[tuple[str, ...], tuple[str, ...]] = {("a", "1"): ("b", "1"), ("b", "1"): ("c", "1")}
    found = pair(sheet(rows("a", "b")), sheet(rows("b", "c")), ("id", "part"), renamed)
    assert (found.added.height, found.removed.height, found.renamed.height) == (0, 0, 2)
    assert {row[3:] for row in found.cells.rows()} == {("lake a", "lake b"), ("lake b", "lake c")}


def test_two_rows_that_become_one_are_not_renamed() -> None:
    renamed: dict[tuple[str, ...], tuple[str, ...]] = {("a", "1"): ("c", "1"), ("b", "1"): ("c", "1")}
    found = pair(sheet(rows("a", "b")), sheet(rows("c")), ("id", "part"), renamed)
    assert (found.added.height, found.removed.height, found.renamed.height) == (1, 2, 0)


@pytest.mark.parametrize("side", ["old", "new"])
def test_a_key_that_is_there_twice_is_refused_with_its_side_and_rows(side: str) -> None:
    twice, once = sheet([*rows("a", "b"), *rows("a")]), sheet(rows("a"))
    with pytest.raises(TableError, match=rf"The {side} table 'lakes' has the key 'a', '1' twice, in rows 1 and 3"):
        pair(*((twice, once) if side == "old" else (once, twice)), ("id", "part"))


def test_samples_are_limited_and_counts_are_not() -> None:
    old = [(str(number), "1", "x", "7") for number in range(30)]
    new = [(str(number), "1", "y", "7") for number in range(15, 60)]
    found = table_difference(pair(sheet(old), sheet(new), ("id", "part")), LAKES, LAKES, 5)
    assert (found.rows_added, found.rows_removed, found.cells_changed) == (30, 15, 15)
    assert [len(kept) for kept in (found.added, found.removed, found.cells)] == [5, 5, 5]
    assert (found.kinds, found.fields) == ({"value": 15}, {"name": 15})
    assert found.hidden == 60 - 15
    assert [change.key for change in found.cells] == sorted(change.key for change in found.cells)
