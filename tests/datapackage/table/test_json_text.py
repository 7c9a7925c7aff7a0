"""JSON with the line of each row and value: values as Python's own reader has them, lines as the text has them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.datapackage.table.json_text import JsonText
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of
from tests.properties import examples

if TYPE_CHECKING:
    from pathlib import Path

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
ROWS = st.lists(st.dictionaries(NAMES, VALUES, max_size=4), max_size=6) | st.lists(st.lists(VALUES), max_size=6)


@settings(max_examples=examples(200))
@given(ROWS, st.sampled_from([None, 0, 1, "\t"]), st.booleans())
def test_values_are_those_of_the_standard_library_and_lines_those_of_the_text(
    rows: list[Any], indent: Any, ascii_only: bool
) -> None:
    text = json.dumps(rows, indent=indent, ensure_ascii=ascii_only)
    found = JsonText(f"\n{text}\r\n")
    assert found.value == rows
    position = 0
    for number, row in enumerate(rows):
        lines = text.split("\n")
        line = found.line(number) - 2
        # A row begins where its line says, and its text with it.
        written = json.dumps(row, indent=indent, ensure_ascii=ascii_only).split("\n")[0]
        assert written.strip() in lines[line]
        assert line >= position
        position = line


@settings(max_examples=examples(200))
@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=4), max_size=6), st.lists(st.integers(0, 2), min_size=7))
def test_rows_of_json_lines_are_on_the_lines_that_they_are_written_on(rows: list[Any], blank: list[int]) -> None:
    written = [[*[" "] * gap, json.dumps(row, ensure_ascii=False)] for gap, row in zip(blank, rows, strict=False)]
    lines = [line for part in written for line in part]
    found = JsonText("\n".join(lines), lines=True)
    assert found.value == rows
    assert [json.loads(lines[line - 1]) for line in found.lines] == rows


@settings(max_examples=examples(200))
@given(st.text(st.sampled_from('[]{}":,\\ \n1atrue'), max_size=12).map("[{0}]".format) | st.text(max_size=4))
def test_what_is_not_json_to_the_standard_library_is_refused_at_the_same_place(text: str) -> None:
    outcomes = []
    for read in (json.loads, lambda text: JsonText(text).value):
        try:
            outcomes.append(read(text))
        except json.JSONDecodeError as error:
            # A list that ends after a comma is refused at the comma by some versions of Python, else after it.
            outcomes.append(re.sub(r"[,\s]*$", "", text[: error.pos]))
    assert outcomes[0] == outcomes[1]


def test_the_line_of_a_value_is_found_whatever_is_before_it() -> None:
    text = '[\n{"a": "}\\"\\n{",\n "b": {"c":\n 1}, "b\\u0062": [\n2], "c":\n\n3, "d"\n:4}]'
    found = JsonText(text)
    assert found.value == [{"a": '}"\n{', "b": {"c": 1}, "bb": [2], "c": 3, "d": 4}]
    assert [found.line(0, name) for name in ("a", "b", "bb", "c", "d")] == [2, 3, 4, 7, 8]
    assert found.line(0, "e") == found.line(0) == 2
    assert JsonText("[[1,\n2],\n[3]]").line(0, 1) == 2


INTEGER = {"fields": [{"name": "depth", "type": "integer"}, {"name": "name", "type": "string"}]}


@pytest.mark.parametrize(
    ("path", "text", "row", "line"),
    [
        ("d.json", json.dumps([{"name": "Long", "depth": 7}, {"name": "Como", "depth": "?"}], indent=2), 2, 8),
        ("d.json", '[{"name": "Long", "depth": 7},\n\n{"depth": "?", "name": "Como"}]', 2, 3),
        ("d.json", '[["depth", "name"],\n[\n7, "Long"],\n[\n"?", "Como"]]', 2, 5),
        ("d.jsonl", '{"depth": 7, "name": "Long"}\n\n\r\n{"depth": "?", "name": "Como"}\r\n', 2, 4),
        ("d.ndjson", '["depth", "name"]\n[7, "Long"]\n["?", "Como"]', 2, 3),
    ],
)  # fmt: skip
def test_a_finding_names_the_line_of_the_value(tmp_path: Path, path: str, text: str, row: int, line: int) -> None:
    resource = {"name": "t", "type": "table", "path": path, "schema": INTEGER}
    (found,) = check(write_package_of(tmp_path, {path: text}, [resource]))
    assert (found.code, found.row, found.line, found.file) == ("type-error", row, line, None)


def test_rows_in_the_descriptor_have_no_line(tmp_path: Path) -> None:
    data = [{"depth": 7, "name": "Long"}, {"depth": "?", "name": "Como"}]
    resource = {"name": "t", "type": "table", "data": data, "schema": INTEGER}
    (found,) = check(write_package_of(tmp_path, {}, [resource]))
    assert (found.row, found.line) == (2, None)


def test_keys_and_missing_values_name_the_line_of_the_value_or_else_of_the_row(tmp_path: Path) -> None:
    schema = {
        "fields": [{"name": "name", "constraints": {"required": True}}, {"name": "in"}],
        "primaryKey": ["name"],
        "foreignKeys": [{"fields": ["in"], "reference": {"fields": ["name"]}}],
    }
    text = '[\n{"name": "Long"},\n{\n"in": "Long"},\n{"in":\n"Loch",\n"name":\n"Long"}]'
    root = write_package_of(tmp_path, {"t.json": text}, [{"name": "t", "path": "t.json", "schema": schema}])
    found = {(finding.code, finding.row, finding.line) for finding in check(root)}
    assert found == {("constraint-error", 2, 3), ("foreign-key", 3, 6), ("primary-key", 3, 8)}


@pytest.mark.parametrize(
    ("path", "text", "line", "says"),
    [
        ("t.json", '[\n{"depth": 7},\n]', 3, "Expecting value (character 1 of the line)"),
        ("t.json", '[{"depth": 7}]\n\n x', 3, "Extra data (character 2 of the line)"),
        ("t.json", '[{"depth": 7}\n{"depth": 8}]', 2, "Expecting ',' delimiter"),
        ("t.jsonl", '{"depth": 7}\n\n{"depth":}\n', 3, "Expecting value (character 10 of the line)"),
        ("t.json", '{"depth": 7}\n{"depth": 8}\n', 1, "the file is JSON Lines"),
        ("t.jsonl", '[{"depth": 7},\n{"depth": 8}]\n', 1, "the file is JSON."),
        ("t.json", "<html>", 1, "the file is an HTML page"),
        ("t.json", '[{"depth": 7},\n<<<<<<< HEAD\n{"depth": 8}]', 2, "the Git conflict marker '<<<<<<< HEAD'"),
        ("t.jsonl", '{"depth": 7}\n=======\n<<<<<<< HEAD\n{"depth": 8}', 3, "the Git conflict marker '<<<<<<< HEAD'"),
    ],
)
def test_json_that_is_broken_is_one_finding_at_its_line(
    tmp_path: Path, path: str, text: str, line: int, says: str
) -> None:
    (found,) = check(write_package_of(tmp_path, {path: text}, [{"name": "t", "path": path, "schema": INTEGER}]))
    assert (found.code, found.line) == ("format-error", line)
    assert says in found.message
