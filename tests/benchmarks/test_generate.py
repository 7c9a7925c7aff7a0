"""The generated package: the same bytes every time, valid when clean, and wrong exactly where its truth says so."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.content import plan
from benchmarks.defects import KINDS
from benchmarks.generate import generate
from benchmarks.schemas import KEYED, SCHEMAS
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

TABLES = tuple(SCHEMAS)
# What frictionless lets pass, or can't read past.
LENIENT = {
    "integer-other-digits", "integer-leading-space", "number-leading-space", "number-underscore", "date-unpadded",
    "datetime-space", "category", "unique-key", "null-byte", "byte-not-utf-8", "bytes-surrogate", "quote-within",
    "quote-text-after",
}  # fmt: skip


def rows(folder: Path, table: str) -> list[list[str]]:
    """The rows of a table below its header; a blank row is an empty list."""
    text = (folder / f"{table}.csv").read_bytes().decode("utf-8", errors="replace")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def truth(folder: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return listed


def frictionless(folder: Path) -> set[tuple[str, str, int | None]]:
    """What frictionless finds: code, table, row."""
    command = [sys.executable, "-m", "frictionless", "validate", "--json", "--limit-errors", "100000"]
    done = subprocess.run([*command, "datapackage.json"], cwd=folder, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    found = set()
    for task in report["tasks"]:
        for error in task["errors"]:
            row = error.get("rowNumber")
            found.add((error["type"], task["name"], None if row is None else row - 1))
    return found | {(error["type"], "", None) for error in report["errors"]}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    generate(tmp_path / "here", 0.002, defects=20, seed=7)
    script = [sys.executable, str(ROOT / "benchmarks" / "generate.py"), "--output", str(tmp_path / "there")]
    options = ["--scale", "0.002", "--defects", "20", "--seed", "7"]
    subprocess.run([*script, *options], env=os.environ | {"PYTHONHASHSEED": "5"}, check=True, capture_output=True)
    names = sorted(path.name for path in (tmp_path / "here").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "there").iterdir())
    for name in names:
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


def test_a_clean_package_is_valid_and_has_the_rows_it_should(tmp_path: Path) -> None:
    generate(tmp_path, 0.002)
    assert frictionless(tmp_path) == set()
    assert {table: len(rows(tmp_path, table)) for table in TABLES} == plan(0.002).rows


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_sorted_by_key(tmp_path: Path, table: str) -> None:
    generate(tmp_path, 0.002)
    names = [field["name"] for field in SCHEMAS[table]["fields"]]
    places = [names.index(name) for name in SCHEMAS[table]["primaryKey"]]
    keys = [[row[place] for place in places] for row in rows(tmp_path, table)]
    assert keys == sorted(keys)


def test_every_kind_of_constraint_occurs() -> None:
    fields = [field for schema in SCHEMAS.values() for field in schema["fields"]]
    constraints = {name for field in fields for name in field.get("constraints", {})}
    assert constraints == {
        "required", "unique", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum",
    }  # fmt: skip
    assert any("categories" in field for field in fields)


def test_the_descriptor_has_size_and_hash_of_the_files_with_their_defects(tmp_path: Path) -> None:
    generate(tmp_path, 0.002, defects=30)
    for resource in json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        data = (tmp_path / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{sha256(data).hexdigest()}"


def test_each_kind_of_defect_lies_where_the_truth_says(tmp_path: Path) -> None:
    generate(tmp_path, 0.02, defects=len(KINDS))
    listed = truth(tmp_path)
    assert {each["kind"] for each in listed} == set(KINDS)
    assert len({(each["table"], each["row"]) for each in listed}) == len(listed)
    for each in listed:
        schema = SCHEMAS[each["table"]]
        names = [field["name"] for field in schema["fields"]]
        cells = rows(tmp_path, each["table"])[each["row"] - 1]
        if each["code"] == "blank-row":
            assert cells == []
            continue
        assert [cells[names.index(name)] for name in schema["primaryKey"]] == each["key"]
        if each["value"] is not None:
            assert ", ".join(cells[names.index(name)] for name in each["field"].split(", ")) == each["value"]
        assert len(cells) - len(names) == {"missing-cell": -1, "extra-cell": 1}.get(each["code"], 0)


def test_the_truth_has_physical_lines(tmp_path: Path) -> None:
    generate(tmp_path, 0.02, defects=100)
    shifted = 0
    for each in truth(tmp_path):
        line = (tmp_path / f"{each['table']}.csv").read_bytes().split(b"\n")[each["line"] - 1]
        assert line.startswith((each["key"] or [""])[0].encode())
        shifted += each["line"] > each["row"] + 1
    assert shifted, "no cell has two lines before any defect"


def test_a_defect_changes_its_own_row_only(tmp_path: Path) -> None:
    generate(tmp_path / "clean", 0.005)
    generate(tmp_path / "planted", 0.005, defects=60)
    for table in TABLES:
        wrong = {each["row"] for each in truth(tmp_path / "planted") if each["table"] == table}
        found = [row for number, row in enumerate(rows(tmp_path / "planted", table), 1) if number not in wrong]
        clean = rows(tmp_path / "clean", table)
        replaced = sum(1 for each in truth(tmp_path / "planted") if each["table"] == table and each["key"] is not None)
        assert len(found) == len(clean) - replaced
        assert all(row in clean for row in found)


def test_frictionless_finds_what_it_knows_once_and_nothing_else(tmp_path: Path) -> None:
    known = [name for name in KINDS if name not in LENIENT]
    generate(tmp_path, 0.01, defects=3 * len(known), kinds=known)
    listed = truth(tmp_path)
    found = frictionless(tmp_path)
    # To frictionless, a blank row has an empty primary key as well.
    blank = {("primary-key", each["table"], each["row"]) for each in listed if each["code"] == "blank-row"}
    assert found - blank == {(each["code"], each["table"], each["row"]) for each in listed}


def test_bad_cells_are_counted_and_spare_keys_and_references(tmp_path: Path) -> None:
    generate(tmp_path / "clean", 0.005)
    generate(tmp_path / "bad", 0.005, bad_cells=0.01)
    changed = cells = 0
    for table in TABLES:
        names = [field["name"] for field in SCHEMAS[table]["fields"]]
        for clean, bad in zip(rows(tmp_path / "clean", table), rows(tmp_path / "bad", table), strict=True):
            cells += len(names) - len(KEYED[table])
            different = {name for name, old, new in zip(names, clean, bad, strict=True) if old != new}
            assert not different & KEYED[table]
            changed += len(different)
    counts = json.loads((tmp_path / "bad" / "counts.json").read_text(encoding="utf-8"))
    assert changed == sum(counts.values())
    assert 0.008 < changed / cells < 0.012


def test_more_defects_than_there_are_rows_for_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="defects have no row left"):
        generate(tmp_path, 0.0005, defects=10_000)
