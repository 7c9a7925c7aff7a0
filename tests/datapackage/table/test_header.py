"""The labels of a header of several rows, as the standard joins them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.datapackage.validation.planting import check
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "dialect", "labels"),
    [
        ("tree\nno,kind\n1,2\n", {"headerRows": [1, 2]}, ["tree no", "tree kind"]),
        ("tree\nno,kind\n1,2\n", {"headerRows": [1, 2], "headerJoin": "-"}, ["tree-no", "tree-kind"]),
        ("tree\nno,kind\n1,2\n", {"headerRows": [1, 2], "headerJoin": ""}, ["treeno", "treekind"]),
        ("A,,B,\nlow,high,low,high\n1,2,3,4\n", {"headerRows": [1, 2]}, ["A low", "A high", "B low", "B high"]),
        (",May,\nno,low,high\n1,2,3\n", {"headerRows": [1, 2]}, ["no", "May low", "May high"]),
        ("no,size,\n,m,m2\n1,2,3\n", {"headerRows": [1, 2]}, ["no", "size m", "size m2"]),
        ("A,,,B\nx,,y,\n1,2,3,4\n5,6,7,8\n", {"headerRows": [1, 2, 3]}, ["A x 1", "A x 2", "A y 3", "B 4"]),
        ("A,\nthrown away\nx,y\n1,2\n", {"headerRows": [1, 3]}, ["A x", "A y"]),
        ("notes\nno,kind\n1,2\n", {"headerRows": [2]}, ["no", "kind"]),
        ('"tree; old";\nno;kind\n1;2\n', {"headerRows": [1, 2], "delimiter": ";"}, ["tree; old no", "tree; old kind"]),
    ],
)  # fmt: skip
def test_a_label_above_goes_on_to_the_right_over_empty_cells(
    tmp_path: Path, text: str, dialect: dict[str, Any], labels: list[str]
) -> None:
    schema = {"fields": [{"name": label, "type": "integer"} for label in labels]}
    table = {"name": "t", "type": "table", "path": "t.csv", "dialect": dialect, "schema": schema}
    assert check(write_package_of(tmp_path, {"t.csv": text}, [table])) == []


def test_a_column_that_lacks_its_label_in_the_last_header_row_keeps_that_of_its_group(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "tree"}, {"name": "tree kind"}]}
    table = {"name": "t", "type": "table", "path": "t.tsv", "dialect": {"headerRows": [1, 2]}, "schema": schema}
    assert check(write_package_of(tmp_path, {"t.tsv": "tree\n\tkind\n1\t2\n"}, [table])) == []


def test_joined_labels_are_matched_with_fields_as_the_schema_says(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "May high", "type": "integer"}], "fieldsMatch": "subset"}
    table = {"name": "t", "type": "table", "path": "t.csv", "dialect": {"headerRows": [1, 2]}, "schema": schema}
    root = write_package_of(tmp_path, {"t.csv": "May,\nlow,high\nx,2\n1,y\n"}, [table])
    assert [(found.code, found.field, found.line) for found in check(root)] == [("type-error", "May high", 4)]


def test_a_label_that_the_schema_does_not_have_is_shown_as_it_was_joined(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "tree no"}, {"name": "kind"}]}
    table = {"name": "t", "type": "table", "path": "t.csv", "dialect": {"headerRows": [1, 2]}, "schema": schema}
    (found,) = check(write_package_of(tmp_path, {"t.csv": "tree\nno,kind\n1,2\n"}, [table]))
    assert found.code == "incorrect-label"
    assert "'tree kind'" in found.message
