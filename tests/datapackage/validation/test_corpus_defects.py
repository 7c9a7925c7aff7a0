"""Checking a corpus: each constraint of its schemas where it is broken, and the place to mend it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from readouts.corpus_schema.tables import tables
from tests.datapackage.validation.planting import (
    build,
    check,
    edit_descriptor,
    plant_bytes,
    plant_cell,
    plant_rows,
    read_cells,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.datapackage.incident import Incident
    from tests.conftest import Run


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("good"))


@pytest.fixture
def package(good: Path, tmp_path: Path) -> Path:
    root = tmp_path / "package"
    shutil.copytree(good, root)
    return root


@dataclass(frozen=True)
class Defect:
    """One cell changed: which constraint that breaks, and where it must be found."""

    constraint: str
    code: str
    table: str
    row: int
    field: str
    value: str
    key: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.constraint} of {self.table}.{self.field}"


MARKS = "courier-2031-05-02"
DEFECTS = [
    Defect("required", "constraint-error", "events", 1, "title", "", ("call-2031-05-01",)),
    Defect("required", "constraint-error", "articles", 2, "sha256_raw", "", ("herald-2031-05-02",)),
    Defect("unique", "unique-error", "entities", 9, "wikidata_id", "Q42", ("presidency",)),
    Defect("pattern", "constraint-error", "accounts", 1, "original_language", "German", ("chancellery-2031-05-01",)),
    Defect("pattern", "constraint-error", "entities", 4, "wikidata_id", "42", ("jana-marek",)),
    Defect("enum", "constraint-error", "events", 2, "kind", "chat", ("meeting-port-sarn",)),
    Defect("minimum", "constraint-error", "statements", 2, "start", "-1", (f"{MARKS}.s02",)),
    Defect("maximum", "constraint-error", "spans", 60, "depth", "10", ("herald-2031-05-02.x0028",)),
    Defect("maxLength", "constraint-error", "statements", 2, "summary", "é" * 201, (f"{MARKS}.s02",)),
    Defect("integer", "type-error", "articles", 1, "character_count", "four", (MARKS,)),
    Defect("integer", "type-error", "articles", 1, "word_count", "1e3", (MARKS,)),
    Defect("date", "type-error", "events", 1, "date", "2031-02-30", ("call-2031-05-01",)),
    Defect("date", "type-error", "articles", 2, "published_on", "2 May 2031", ("herald-2031-05-02",)),
    Defect("boolean", "type-error", "carriages", 1, "is_translation", "yes", ("chancellery-2031-05-01", MARKS)),
    Defect("uri", "type-error", "articles", 2, "url", "example.org", ("herald-2031-05-02",)),
    Defect("foreign key", "foreign-key", "accounts", 1, "issuer_id", "nobody", ("chancellery-2031-05-01",)),
    Defect("foreign key", "foreign-key", "spans", 3, "article_id", "gazette", (f"{MARKS}.x0003",)),
    Defect("self reference", "foreign-key", "events", 2, "parent_event_id", "no-such", ("meeting-port-sarn",)),
    Defect("self reference", "foreign-key", "statements", 5, "parent_statement_id", "no", ("herald-2031-05-02.s01",)),
]


def test_every_kind_of_constraint_and_type_of_the_schemas_has_a_defect() -> None:
    """`minLength` is 1 wherever it stands: an empty cell is a missing value, which `required` refuses."""
    used: set[str] = {"foreign key", "self reference"}
    for table in tables().values():
        for field in table.descriptor["fields"]:
            used |= {name for name, value in field.get("constraints", {}).items() if value is not False}
            used.add(field.get("format") or field["type"])
            assert field.get("constraints", {}).get("minLength", 1) == 1
    assert used - {defect.constraint for defect in DEFECTS} == {"minLength", "string", "list"}


def test_the_built_package_has_no_finding(package: Path) -> None:
    assert check(package) == []


@pytest.mark.sample(3)
@pytest.mark.parametrize("defect", DEFECTS, ids=str)
def test_a_broken_constraint_is_found_in_its_cell(package: Path, defect: Defect) -> None:
    plant_cell(package, defect.table, defect.row, defect.field, defect.value)
    assert_found(check(package), defect, line=defect.row + 1)


def assert_found(found: list[Incident], defect: Defect, line: int) -> None:
    assert [finding.code for finding in found] == [defect.code]
    finding = found[0]
    assert (finding.table, finding.field, finding.row, finding.line) == (defect.table, defect.field, defect.row, line)
    assert (finding.key, finding.value) == (defect.key, defect.value)
    assert finding.place() == f"{defect.table} row {defect.row} (line {line}) {defect.field}"


@pytest.mark.parametrize(
    ("broken", "cell", "line"),
    [
        ("title", ("events", 2, "kind", "chat"), 5),
        ("summary", ("statements", 5, "act", "chat"), 8),
        ("summary", ("statements", 5, "speaker_id", "nobody"), 8),
        ("description", ("entities", 9, "wikidata_id", "Q42"), 12),
    ],
)
def test_lines_are_physical_below_a_cell_with_line_breaks(
    package: Path, broken: str, cell: tuple[str, int, str, str], line: int
) -> None:
    table, row, field, _ = cell
    plant_cell(package, table, 1, broken, 'one\ntwo\r\nthree, "four"')
    plant_cell(package, *cell)
    found = check(package)
    assert [(finding.row, finding.line, finding.field) for finding in found] == [(row, line, field)]
    physical = (package / "data" / f"{table}.csv").read_bytes().split(b"\n")[line - 1].decode()
    assert physical.startswith(f"{(found[0].key or ('',))[0]},")


@pytest.mark.sample(3)
@pytest.mark.parametrize("table", sorted(tables().keys() - {"addressees"}))
def test_a_row_that_is_there_twice_is_found_with_its_key(package: Path, table: str) -> None:
    plant_rows(package, table, lambda lines: lines.insert(2, list(lines[1])))
    keys = tables()[table].primary_key
    found = [finding for finding in check(package) if finding.code != "unique-error"]
    assert [(finding.code, finding.table, finding.row, finding.line) for finding in found] == [
        ("primary-key", table, 2, 3)
    ]
    lines = read_cells(package, table)
    assert found[0].key == tuple(lines[2][lines[0].index(name)] for name in keys)
    assert found[0].field == ", ".join(keys)


def test_all_defects_of_a_package_are_found_at_once(package: Path) -> None:
    for defect in DEFECTS:
        if defect.constraint not in {"unique", "pattern"}:
            plant_cell(package, defect.table, defect.row, defect.field, defect.value)
    places = {(finding.code, finding.table, finding.row, finding.field) for finding in check(package)}
    for defect in DEFECTS:
        if defect.constraint not in {"unique", "pattern"}:
            assert (defect.code, defect.table, defect.row, defect.field) in places, defect


def test_no_finding_is_held_back_however_many_there_are(package: Path) -> None:
    def many(lines: list[list[str]]) -> None:
        lines += [[f"change-{number:05d}", "nothing", *lines[1][2:]] for number in range(2, 2502)]

    plant_rows(package, "id_changes", many)
    assert len(check(package)) == 2500


@pytest.mark.parametrize("name", ["accounts", "entities", "events", "statements"])
def test_a_table_that_cant_be_read_is_one_finding_and_not_one_for_every_reference(package: Path, name: str) -> None:
    plant_bytes(package, name, lambda data: data[:10] + b"\xff" + data[10:])
    found = {(finding.code, finding.table) for finding in check(package)}
    assert found == {("encoding-error", name)}
    (package / "data" / f"{name}.csv").unlink()
    assert [(finding.code, finding.table) for finding in check(package)] == [("scheme-error", name)]


def test_a_table_that_cant_be_read_hides_no_dangling_reference_to_another_one(package: Path) -> None:
    plant_bytes(package, "events", lambda _: b"")
    plant_cell(package, "accounts", 1, "issuer_id", "nobody")
    found = {(finding.code, finding.table, finding.field) for finding in check(package)}
    assert found == {("source-error", "events", None), ("foreign-key", "accounts", "issuer_id")}


def in_changes(**properties: Any) -> Callable[[dict[str, Any]], None]:
    """Return an edit of the resource `id_changes`."""

    def edit(descriptor: dict[str, Any]) -> None:
        resource = next(entry for entry in descriptor["resources"] if entry["name"] == "id_changes")
        resource |= properties

    return edit


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"schema": "missing.json"}, "resource-error"),
        ({"schema": {"fields": [{"name": "a", "type": "no-type"}]}}, "schema-error"),
        ({"schema": {"fields": "none"}}, "schema-error"),
        ({"schema": {"fields": [], "foreignKeys": ["x"]}}, "schema-error"),
        ({"schema": []}, "schema-error"),
        ({"path": 5}, "resource-error"),
        ({"dialect": {"header": "no"}}, "resource-error"),
    ],
)
def test_what_is_wrong_with_a_resource_names_it(package: Path, properties: dict[str, Any], code: str) -> None:
    edit_descriptor(package, in_changes(**properties))
    found = {(finding.code, finding.table) for finding in check(package, ask=True)}
    assert (code, "id_changes") in found
    assert {table for _, table in found} == {"id_changes"}


@pytest.fixture
def project(corpus: Path, run: Run) -> Path:
    assert run("rebuild", cwd=corpus).returncode == 0
    return corpus


def line_of(root: Path, file: str, text: str) -> int:
    lines = (root / file).read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines, 1) if text in line]
    assert len(found) == 1
    return found[0]


TRACED = [
    (("events", 1, "kind", "chat"), "events/call-2031-05-01.yaml", "kind: call"),
    (("entities", 4, "name", ""), "entities.yaml", "name: Jana Marek"),
    (("articles", 2, "published_on", "2031-02-30"), "articles/herald-2031-05-02.yaml", "published_on:"),
    (("accounts", 1, "issuer_id", "nobody"), "events/call-2031-05-01.yaml", "  chancellery-2031-05-01: {issuer"),
    (("statements", 5, "summary", ""), "articles/herald-2031-05-02.yaml", "Both offices report"),
    (("statements_wide", 5, "summary", ""), "articles/herald-2031-05-02.yaml", "Both offices report"),
    (("relations", 4, "fit", "loose"), "entities.yaml", "{subject: jana-marek, predicate: holds_office"),
    (("alignments", 1, "scope", "none"), "events/call-2031-05-01.yaml", "    scope: cross_side\n"),
    (("id_changes", 1, "version", "one"), "id_changes.csv", "change-0001"),
]


def test_broken_values_in_tables_are_traced_to_the_files_and_lines_to_edit(project: Path, run: Run) -> None:
    for cell, _, _ in TRACED:
        plant_cell(project, *cell)
    found = run("validate", cwd=project)
    assert (found.returncode, found.stderr) == (1, "")
    for _, file, text in TRACED:
        place = f"annotations/{file}"
        if "\n" not in text:
            place += f":{line_of(project, place, text)}"
        assert f"  {place}" in found.stdout
    assert "stale-package" in found.stdout
