"""A key that an object in JSON has twice is a finding, wherever the object is: readers differ on its value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.datapackage.validation.planting import check
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

SCHEMA = {"fields": [{"name": "no", "type": "integer"}, {"name": "kind", "type": "string"}]}
TWICE = '"a": 1, "\\u0061": 2'


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ({"type": "object"}, f"{{{TWICE}}}"),
        ({"type": "object"}, f'{{"b": [{{{TWICE}}}]}}'),
        ({"type": "array"}, f"[0, {{{TWICE}}}]"),
        ({"type": "geojson"}, f'{{"type": "Point", "coordinates": [1, 2], {TWICE}}}'),
        ({"type": "geopoint", "format": "object"}, '{"lon": 1, "lat": 2, "lon": 3}'),
    ],
)
def test_in_a_cell(tmp_path: Path, kind: dict[str, str], cell: str) -> None:
    schema = {"fields": [{"name": "value", **kind}]}
    table = {"name": "t", "type": "table", "path": "t.csv", "dialect": {"delimiter": ";", "quoteChar": "~"}}
    root = write_package_of(tmp_path, {"t.csv": f"value\n{cell}\n"}, [table | {"schema": schema}])
    (found,) = check(root)
    assert (found.code, found.row) == ("type-error", 1)
    assert "with each key once" in found.message


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("t.json", '[\n {"no": 1, "kind": "oak"},\n {"no": 2, "kind": "elm",\n  "no": 3}\n]', 4),
        ("t.json", '[["no", "kind"],\n [1, {"a": 0, "a": 1}]]', 2),
        ("t.ndjson", '{"no": 1, "kind": "oak"}\n\n{"no": 2, "kind": "elm", "no": 3}\n', 3),
    ],
)
def test_in_the_rows_of_a_file(tmp_path: Path, name: str, text: str, line: int) -> None:
    table = {"name": "t", "type": "table", "path": name, "schema": SCHEMA}
    (found,) = check(write_package_of(tmp_path, {name: text}, [table]))
    assert (found.code, found.line) == ("format-error", line)
    assert "Duplicate key" in found.message


def test_in_a_schema_that_is_a_file(tmp_path: Path) -> None:
    schema = '{"fields": [{"name": "no",\n "type": "integer",\n "type": "string"}]}'
    table = {"name": "t", "type": "table", "path": "t.csv", "schema": "no.json"}
    (found,) = check(write_package_of(tmp_path, {"t.csv": "no\n1\n", "no.json": schema}, [table]), ask=True)
    assert (found.code, found.table, found.field) == ("resource-error", "t", "schema")
    assert found.message == "no.json: Duplicate key 'type' on line 3 (first on line 2)."


def test_in_the_descriptor_is_one_finding_and_everything_else_is_still_checked(tmp_path: Path, run: Run) -> None:
    table = {"name": "t", "type": "table", "path": "t.csv", "schema": SCHEMA}
    root = write_package_of(tmp_path, {"t.csv": "no,kind\nx,oak\n"}, [table])
    text = json.dumps({"name": "trees", "resources": [table]}).replace('"no"', '"no", "type": "year"')
    (root / "datapackage.json").write_text(text, encoding="utf-8")
    done = run("validate", root, "--format", "json")
    found = json.loads(done.stdout)["incidents"]
    assert done.returncode == 1
    assert [(each["code"], each["message"]) for each in found] == [
        ("package-error", "Duplicate key 'type' on line 1 (first on line 1)."),
        ("type-error", "Expected a whole number in digits; found 'x'."),
    ]


@pytest.mark.parametrize("command", [["diff", "p", "p"], ["canonicalise", "p", "--output", "out"], ["info", "p"]])
def test_no_other_command_reads_a_descriptor_that_says_two_things(tmp_path: Path, run: Run, command: list[str]) -> None:
    root = write_package_of(tmp_path / "p", {"t.csv": "no,kind\n1,oak\n"}, [{"name": "t", "path": "t.csv"}])
    text = (root / "datapackage.json").read_text(encoding="utf-8").replace('"path"', '"path": "u.csv",\n "path"')
    (root / "datapackage.json").write_text(text, encoding="utf-8")
    done = run(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert "Duplicate key 'path' on line 2 (first on line 1)." in done.stderr
