"""The canonical form of tables and descriptors."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from readouts.corpus_schema.tables import tables
from readouts.datapackage.table.canonical_csv import csv_line, descriptor_bytes, header
from tests.packages import table_text

CELLS = st.text(
    st.one_of(st.sampled_from("\",;\n\r\t 'é😀\u2028"), st.characters(exclude_categories=["Cs"])), max_size=12
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | CELLS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(CELLS, inner, max_size=3),
    max_leaves=12,
)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=5))
@example([['a "quoted" word', "two\nlines", "a\r\nb", "\r", ",", "😀𝔘", ""]])
@example([[""], [""]])
def test_a_csv_reader_reads_back_what_was_written(lines: list[list[str]]) -> None:
    assert read("".join(map(csv_line, lines))) == lines


@given(st.lists(CELLS, min_size=1, max_size=5))
def test_a_line_is_quoted_no_more_than_it_needs(cells: list[str]) -> None:
    line = csv_line(cells)
    needing = sum(any(mark in cell for mark in '",\r\n') for cell in cells)
    doubled = sum(cell.count('"') for cell in cells)
    assert line.endswith("\n")
    assert line.count('"') == 2 * (needing + doubled) + (2 if cells == [""] else 0)


def test_a_missing_value_is_an_empty_cell() -> None:
    assert csv_line(["a", None, ""]) == "a,,\n"


def test_rows_are_sorted_by_the_code_points_of_their_key_and_not_by_locale_case_or_number() -> None:
    ids = ["b", "a-1", "a.1", "a_1", "a10", "a2", "z", "\U0001d518", "\ufb01", "é", "B", "a"]
    rows = [{"account_id": name, "article_id": "x"} for name in ids]
    written = [cells[0] for cells in read(table_text(tables()["carriages"], rows))[1:]]
    assert written == ["B", "a", "a-1", "a.1", "a10", "a2", "a_1", "b", "z", "é", "\ufb01", "\U0001d518"]


def test_a_key_of_several_columns_sorts_by_the_first_one_first() -> None:
    rows = [
        {"event_id": event, "entity_id": entity}
        for event, entity in (("a-b", "a"), ("a", "c"), ("a", "b"), ("ab", "a"))
    ]
    written = [tuple(cells[:2]) for cells in read(table_text(tables()["participants"], rows))[1:]]
    assert written == [("a", "b"), ("a", "c"), ("a-b", "a"), ("ab", "a")]


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_table_has_its_columns_in_the_order_of_the_schema(name: str) -> None:
    table = tables()[name]
    assert read(header(table)) == [list(table.field_names)]
    backwards = {column: f"{number:03d}" for number, column in reversed(list(enumerate(table.field_names)))}
    assert read(table_text(table, [backwards]))[1] == sorted(backwards.values())


def test_the_order_in_which_rows_come_changes_nothing() -> None:
    rows: list[dict[str, str | None]] = [
        {"event_id": "e", "entity_id": name, "role": "host", "side": "a"} for name in ("c", "a", "b")
    ]
    table = tables()["participants"]
    assert table_text(table, rows) == table_text(table, reversed(rows)) == table_text(table, sorted(rows, key=str))


@given(st.dictionaries(CELLS, JSON, max_size=5))
def test_a_descriptor_is_read_back_with_its_properties_in_their_order(descriptor: dict[str, object]) -> None:
    data = descriptor_bytes(descriptor)
    back = json.loads(data.decode())
    assert back == descriptor
    assert list(back) == list(descriptor)
    assert data.endswith(b"}\n")
    assert b"\r" not in data
