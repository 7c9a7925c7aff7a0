"""A text in `data` is read like a file with that content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.package.package import open_package
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

SCHEMA = {"fields": [{"name": "name", "type": "string"}, {"name": "depth", "type": "integer"}], "primaryKey": ["name"]}
TEXTS: list[tuple[str, dict[str, Any]]] = [
    ("name,depth\nComo,425\nIseo,?\n", {"format": "csv"}),
    ("name,depth\r\nComo,425\r\nIseo,?", {"mediatype": "text/csv; charset=utf-8"}),
    ("name\tdepth\nComo\t425\nIseo\t?\n", {"format": "tsv"}),
    ("# lakes\nname;depth\nComo;425\nIseo;?\n", {"format": "csv", "dialect": {"delimiter": ";", "commentChar": "#"}}),
    ('[{"name": "Como", "depth": 425},\n\n{"name": "Iseo", "depth": "?"}]', {"format": "json"}),
    ('{"name": "Como", "depth": 425}\n\n{"name": "Iseo", "depth": "?"}', {"format": "jsonl"}),
]


def package(root: Path, data: Any, **more: Any) -> Path:
    return write_package_of(root, {}, [{"name": "lakes", "type": "table", "data": data, "schema": SCHEMA, **more}])


@pytest.mark.parametrize(("data", "more"), TEXTS)
def test_a_text_is_checked_like_a_file_with_that_content(tmp_path: Path, data: str, more: dict[str, Any]) -> None:
    (found,) = check(package(tmp_path / "text", data, **more), ask=True)
    assert (found.code, found.row, found.value) == ("type-error", 2, "?")
    resource = {"name": "lakes", "type": "table", "path": "lakes", "schema": SCHEMA, "format": "csv", **more}
    (expected,) = check(write_package_of(tmp_path / "file", {"lakes": data}, [resource]))
    assert found == expected
    sheet = open_package(tmp_path / "text").resource("lakes").text_table()
    assert sheet.frame.rows() == [("Como", "425"), ("Iseo", "?")]


def test_the_example_of_the_standard_is_valid(tmp_path: Path, run: Run) -> None:
    resource = {"name": "numbers", "format": "csv", "data": "A,B,C\n1,2,3\n4,5,6"}
    done = run("validate", write_package_of(tmp_path, {}, [resource]), "--format", "json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["rows"] == 2


def test_keys_and_references_reach_into_a_text(tmp_path: Path) -> None:
    root = package(tmp_path, "name,depth\nComo,1\nIseo,2\nComo,3\n", format="csv")
    key = {"fields": ["lake"], "reference": {"resource": "lakes", "fields": ["name"]}}
    schema = {"fields": [{"name": "lake"}], "foreignKeys": [key]}
    descriptor = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"].append({"name": "visits", "data": "lake\nIseo\nGarda\n", "format": "csv", "schema": schema})
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    found = {(finding.code, finding.table, finding.row, finding.line) for finding in check(root)}
    assert found == {("primary-key", "lakes", 3, 4), ("foreign-key", "visits", 2, 3)}


@pytest.mark.parametrize(
    ("data", "more", "code", "says"),
    [
        ("name,depth\n", {}, "resource-error", "`format`: expected the format of the text in `data`"),
        ("name,depth\n", {"format": "xlsx"}, "unsupported-feature", "found 'xlsx'"),
        ("name;depth\nComo;425\n", {"format": "csv"}, "format-error", "Expected the delimiter ','; found ';'"),
        ("", {"format": "csv"}, "source-error", "Expected a header"),
        ("name,depth\n\ud800,1\n", {"format": "csv"}, "encoding-error", "bytes that are not text in '?'"),
        ("[1", {"format": "json"}, "format-error", "Expected JSON"),
        (5, {}, "source-error", "Expected a list of objects"),
    ],
)
def test_a_text_that_cant_be_read_is_one_finding(
    tmp_path: Path, data: Any, more: dict[str, Any], code: str, says: str
) -> None:
    (found,) = check(package(tmp_path, data, **more))
    assert found.code == code
    assert says in found.message


def test_data_that_is_neither_text_nor_rows_is_still_refused_by_the_other_checker(tmp_path: Path) -> None:
    assert "resource-error" in {finding.code for finding in check(package(tmp_path, 5), ask=True)}
