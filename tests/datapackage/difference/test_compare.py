"""Two packages compared: rows by key, cells by type, ids by their lineage, and the version that follows."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from readouts import datapackage
from readouts.datapackage.difference.compare import compare
from readouts.datapackage.difference.id_query import read_ids
from readouts.datapackage.difference.result import Asked, Match, PackageDiffData, Suggestion
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.datapackage.table.errors import TableError
from readouts.datapackage.versioning import Level
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

LAKES: dict[str, Any] = {
    "fields": [{"name": "lake"}, {"name": "depth", "type": "number"}, {"name": "country"}],
    "primaryKey": ["lake"],
}
CHANGES: dict[str, Any] = {
    "fields": [{"name": name} for name in ("change_id", "table", "old_id", "version", "operation", "new_id", "reason")],
    "primaryKey": ["change_id"],
}
ROWS = "lake,depth,country\ncomo,425,it\ngarda,346,it\nneusiedl,1.8,at\n"


class Packages:
    """Writes two packages and compares them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(
        self, name: str, rows: str = ROWS, told: str = "", schema: dict[str, Any] = LAKES, **more: Any
    ) -> DataPackage:
        header = "change_id,table,old_id,version,operation,new_id,reason\n"
        files: dict[str, bytes | str] = {"lakes.csv": rows, "id_changes.csv": header + told}
        resources = [
            {"name": "lakes", "type": "table", "path": "lakes.csv", "schema": schema},
            {"name": "id_changes", "type": "table", "path": "id_changes.csv", "schema": CHANGES},
        ]
        return open_package(write_package_of(self.folder / name, files, resources, **{"version": "1.0.0", **more}))

    def compare(self, rows: str = ROWS, told: str = "", **more: Any) -> PackageDiffData:
        return compare(self.write("old"), self.write("new", rows, told, **more))


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    return Packages(tmp_path)


def reasons(found: PackageDiffData) -> list[str]:
    return [reason.rule for reason in found.bump.reasons]


@pytest.mark.parametrize("name", ["como", '"como, lago di"', '"the ""como"""', '"como\nlario"'])
def test_small_tables_differ_alike_whether_numpy_is_there_or_not(packages: Packages, name: str) -> None:
    packages.write("old", ROWS.replace("como", name))
    packages.write("new", ROWS.replace("como", name).replace("346", "347") + "iseo,257,it\n", version="1.0.1")
    code = "import sys; from readouts.datapackage import diff; print(diff(*sys.argv[1:]).to_json())"
    folders = [str(packages.folder / side) for side in ("old", "new")]
    first, second = (
        subprocess.run(
            [sys.executable, "-c", more + code, *folders], capture_output=True, check=True, timeout=60
        ).stdout
        for more in ("", "import numpy; ")
    )
    assert first == second


@pytest.mark.parametrize("more", [0, 9_000], ids=["a few rows", "150 kB"])
def test_comparing_small_tables_imports_no_numpy(packages: Packages, more: int) -> None:
    rows = ROWS + "".join(f"lake-{number},{number},it\n" for number in range(more))
    packages.write("old", rows)
    packages.write("new", rows.replace("como", '"como, lago di"'))
    code = "import sys; from readouts.datapackage import diff; diff(*sys.argv[1:]); print('numpy' in sys.modules)"
    command = [sys.executable, "-c", code, *(str(packages.folder / side) for side in ("old", "new"))]
    assert subprocess.check_output(command, text=True, timeout=60) == "False\n"


def test_the_same_rows_in_another_order_are_the_same(packages: Packages) -> None:
    found = packages.compare("lake,depth,country\nneusiedl,1.8,at\ncomo,425,it\ngarda,346,it\n", version="9.9.9")
    assert found.same
    assert (found.bump.level, found.bump.smallest, found.bump.enough) == (Level.NONE, "1.0.0", True)


def test_columns_in_another_order_change_no_cell_but_the_file(packages: Packages) -> None:
    found = packages.compare("lake,country,depth\ncomo,it,425\ngarda,it,346\nneusiedl,at,1.8\n")
    assert [table.cells_changed for table in found.tables] == [0, 0]
    assert reasons(found) == ["columns-reordered"]
    assert not found.same


def test_another_line_end_is_told_and_changes_no_cell(packages: Packages) -> None:
    found = packages.compare(ROWS.replace("\n", "\r\n"))
    assert (found.tables[0].status, reasons(found), found.bump.level) == ("same", ["file-form"], Level.PATCH)


def test_rows_and_cells_are_counted_and_shown(packages: Packages) -> None:
    found = packages.compare("lake,depth,country\ncomo,425.0,IT\ngarda,,it\niseo,251,it\n")
    lakes = found.tables[0]
    assert (lakes.rows_added, lakes.rows_removed, lakes.rows_changed, lakes.cells_changed) == (1, 1, 2, 3)
    assert dict(lakes.kinds) == {"value": 1, "format": 1, "to-null": 1}
    assert [(row.key, row.cells["depth"]) for row in (*lakes.added, *lakes.removed)] == [
        (("iseo",), "251"),
        (("neusiedl",), "1.8"),
    ]


def test_an_id_that_is_gone_without_a_word_is_told(packages: Packages) -> None:
    found = packages.compare("lake,depth,country\ncomo,425,it\ngarda,346,it\n")
    assert dict(found.vanished) == {"lakes": (("neusiedl",),)}
    assert (reasons(found), found.bump.smallest) == (["id-removed"], "2.0.0")


def test_an_id_that_is_gone_with_a_word_has_not_vanished(packages: Packages) -> None:
    found = packages.compare(
        "lake,depth,country\ncomo,425,it\ngarda,346,it\n", "1,lakes,neusiedl,unreleased,removed,,Dry\n"
    )
    assert not found.vanished
    assert found.lineage[0].reason == "Dry"
    assert reasons(found) == ["id-removed", "row-added"]


def test_a_renamed_row_is_compared_with_the_one_it_was(packages: Packages) -> None:
    found = packages.compare(
        ROWS.replace("garda,346", "benaco,345"), "1,lakes,garda,unreleased,renamed,benaco,Its old name\n"
    )
    lakes = found.tables[0]
    assert (lakes.rows_added, lakes.rows_removed, lakes.rows_renamed, lakes.cells_changed) == (0, 0, 1, 1)
    assert found.lineage[0].cells_changed == 1
    assert reasons(found)[0] == "id-renamed"


def test_what_looks_like_a_rename_is_suggested_and_not_assumed(packages: Packages) -> None:
    found = packages.compare(ROWS.replace("garda", "benaco"))
    assert found.suggestions == (Suggestion("row", "lakes", ("garda",), ("benaco",)),)
    assert (found.tables[0].rows_added, found.tables[0].rows_removed) == (1, 1)
    assert dict(found.vanished) == {"lakes": (("garda",),)}


def test_a_column_under_another_name_is_suggested_too(packages: Packages) -> None:
    schema = {**LAKES, "fields": [LAKES["fields"][0], {**LAKES["fields"][1], "name": "metres"}, LAKES["fields"][2]]}
    found = packages.compare(ROWS.replace("depth", "metres"), schema=schema)
    assert found.suggestions == (Suggestion("field", "lakes", ("depth",), ("metres",)),)
    assert "field-removed" in reasons(found)


def test_a_table_without_a_key_is_compared_as_a_multiset_and_says_so(packages: Packages) -> None:
    keyless = {"fields": LAKES["fields"]}
    old = packages.write("old", ROWS + "como,425,it\n", schema=keyless)
    found = compare(old, packages.write("new", ROWS, schema=keyless))
    lakes = found.tables[0]
    assert (lakes.match, lakes.rows_removed, lakes.removed[0].count) == (Match.MULTISET, 1, 1)
    assert found.notes[0].startswith("The table lakes is compared as a multiset of rows, since it has no primary key")


def test_a_table_whose_key_changed_is_compared_by_the_one_that_tells_rows_apart(packages: Packages) -> None:
    found = compare(packages.write("old"), packages.write("new", schema={**LAKES, "primaryKey": ["lake", "country"]}))
    assert found.tables[0].key == ("lake", "country")
    assert "key-changed" in reasons(found)


@pytest.mark.parametrize("side", ["old", "new"])
@pytest.mark.parametrize("more", ["como,1,it\n", ",1,it\n"])
def test_a_key_that_is_there_twice_or_empty_cannot_be_compared(packages: Packages, side: str, more: str) -> None:
    both = {"old": ROWS, "new": ROWS, side: ROWS + more}
    old, new = packages.write("old", both["old"]), packages.write("new", both["new"])
    with pytest.raises(TableError, match=f"The {side} table 'lakes' has"):
        compare(old, new)
    with pytest.raises(TableError):
        compare(packages.write("new", both[side]), packages.write("old", both[side]))


def test_a_table_on_one_side_only_is_an_added_or_a_removed_one(packages: Packages, tmp_path: Path) -> None:
    old = packages.write("old")
    new = open_package(write_package_of(tmp_path / "new", {}, [], version="2.0.0"))
    found = compare(old, new)
    assert [(table.status, table.rows_removed) for table in found.tables] == [("removed", 3), ("removed", 0)]
    assert reasons(found) == ["resource-removed", "resource-removed"]
    back = compare(new, old)
    assert [(table.status, table.rows_added) for table in back.tables] == [("added", 3), ("added", 0)]
    assert back.bump.smallest == "2.1.0"


def test_a_resource_under_another_name_is_suggested(tmp_path: Path) -> None:
    def package(name: str) -> DataPackage:
        resource = {"name": name, "type": "table", "path": "a.csv", "schema": LAKES}
        return open_package(write_package_of(tmp_path / name, {"a.csv": ROWS}, [resource]))

    found = compare(package("lakes"), package("waters"))
    assert found.suggestions == (Suggestion("resource", "waters", ("lakes",), ("waters",)),)


def test_a_file_that_is_no_table_is_compared_by_its_bytes(tmp_path: Path) -> None:
    def package(name: str, data: bytes) -> DataPackage:
        resource = {"name": "picture", "path": "a.png", "format": "png"}
        return open_package(write_package_of(tmp_path / name, {"a.png": data}, [resource]))

    old = package("old", b"1")
    assert compare(old, package("same", b"1")).same
    found = compare(old, package("new", b"2"))
    assert (reasons(found), found.same) == (["content-changed"], False)


@pytest.mark.parametrize("stream", [False, True])
def test_a_derived_table_that_is_new_is_said_to_be_derived(stream: bool, tmp_path: Path) -> None:
    key = {"fields": [{"name": "id", "type": "string"}], "primaryKey": ["id"]}
    tables = [{"name": name, "path": f"{name}.csv", "schema": key} for name in ("knots", "totals")]
    old = write_package_of(tmp_path / "old", {"knots.csv": "id\na\n"}, tables[:1])
    new = write_package_of(tmp_path / "new", {"knots.csv": "id\na\n", "totals.csv": "id\na\n"}, tables)
    for folder in (old, new):
        datapackage.canonicalise(folder, folder.with_suffix(".canonical"))
    pair = (folder.with_suffix(".canonical") for folder in (old, new))
    found = datapackage.diff(*pair, stream=stream, derived=["totals"])
    assert {table.name: table.derived for table in found.tables} == {"knots": False, "totals": True}


@pytest.mark.parametrize("derived", [("statements_wide",), ()])
def test_a_table_counts_unless_the_caller_says_that_it_is_derived(derived: tuple[str, ...], tmp_path: Path) -> None:
    wide = {"fields": [{"name": "statement_id"}, {"name": "summary"}], "primaryKey": ["statement_id"]}

    def package(name: str, rows: str) -> DataPackage:
        resource = {"name": "statements_wide", "type": "table", "path": "a.csv", "schema": wide}
        return open_package(write_package_of(tmp_path / name, {"a.csv": rows}, [resource], version="1.0.0"))

    old, new = package("old", "statement_id,summary\na,b\n"), package("new", "statement_id,summary\nc,d\n")
    found = compare(old, new, derived=derived)
    assert found.tables[0].derived is bool(derived)
    assert found.bump.level is (Level.NONE if derived else Level.MAJOR)
    assert (dict(found.vanished), found.same) == ({} if derived else {"statements_wide": (("a",),)}, False)


def test_what_is_shown_is_limited_and_what_is_counted_is_not(packages: Packages) -> None:
    old, new = packages.write("old"), packages.write("new", "lake,depth,country\ncomo,1,x\ngarda,2,y\nneusiedl,3,z\n")
    lakes = compare(old, new, limit=2).tables[0]
    assert (lakes.cells_changed, len(lakes.cells), lakes.hidden) == (6, 2, 4)


def test_ids_that_are_asked_about_are_answered_one_by_one(packages: Packages) -> None:
    new_rows = "lake,depth,country\ncomo,426,it\nbenaco,346,it\niseo,251,it\n"
    told = "1,lakes,garda,unreleased,renamed,benaco,Its old name\n"
    old, new = packages.write("old"), packages.write("new", new_rows, told)
    found = compare(old, new, ids=["como", "garda", "neusiedl", "iseo", "orta"])
    assert found.asked == (
        Asked("como", "lakes", "changed"),
        Asked("garda", "lakes", "renamed", ("benaco",)),
        Asked("neusiedl", "lakes", "removed"),
        Asked("iseo", "lakes", "added"),
        Asked("orta", "", "unknown"),
    )
    only = compare(old, new, ids=["garda"])
    assert (only.tables[0].cells_changed, only.tables[0].rows_added, only.tables[0].rows_renamed) == (0, 0, 1)
    assert compare(old, old, ids=["como"]).asked == (Asked("como", "lakes", "unchanged"),)


def test_an_id_that_was_renamed_and_changed_shows_its_cells(packages: Packages) -> None:
    new = packages.write("new", ROWS.replace("garda,346", "benaco,345"), "1,lakes,garda,x,renamed,benaco,Old\n")
    found = compare(packages.write("old"), new, ids=["garda"])
    assert [(cell.key, cell.old, cell.new) for cell in found.tables[0].cells] == [(("benaco",), "346", "345")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("como\ngarda\n", ["como", "garda"]),
        ("lake_id,name\ncomo,Como\n", ["como"]),
        ("\ufeffid\ncomo\n\ncomo\n", ["como"]),
    ],
)
def test_ids_are_read_one_a_line_or_from_the_first_column(tmp_path: Path, text: str, expected: list[str]) -> None:
    path = tmp_path / "ids.txt"
    path.write_text(text, encoding="utf-8")
    assert read_ids(path) == expected


@pytest.mark.parametrize("data", [b"", b"id\n", b"\xff\xfe"])
def test_a_file_without_ids_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "ids.txt"
    path.write_bytes(data)
    with pytest.raises(PackageError, match="per line"):
        read_ids(path)


def test_a_table_of_that_name_that_tells_no_lineage_is_an_ordinary_one(tmp_path: Path) -> None:
    def package(name: str) -> DataPackage:
        resource = {"name": "id_changes", "type": "table", "path": "a.csv", "schema": LAKES}
        return open_package(write_package_of(tmp_path / name, {"a.csv": ROWS}, [resource]))

    assert compare(package("old"), package("new")).same


@pytest.mark.parametrize(
    ("told", "rows", "message"),
    [
        ("1,lakes,garda,x,renamed,benaco,\n", ROWS.replace("garda,346,it\n", ""), "'benaco' is not there"),
        ("1,lakes,garda,x,removed,,\n", ROWS, "'garda' is still there"),
        ("1,lakes,tethys,x,removed,,\n", ROWS, "'tethys' was never there"),
    ],
)
def test_a_row_of_lineage_that_the_tables_contradict_is_not_believed(
    packages: Packages, told: str, rows: str, message: str
) -> None:
    found = packages.compare(rows, told)
    assert found.lineage == ()
    assert message in found.notes[0]
    gone = {"lakes": (("garda",),)} if "garda" not in rows else {}
    assert dict(found.vanished) == gone


def test_a_row_that_was_renamed_twice_between_two_releases_is_the_one_it_was(packages: Packages) -> None:
    told = "1,lakes,garda,x,renamed,benaco,\n2,lakes,benaco,x,renamed,gardasee,\n"
    old, new = packages.write("old"), packages.write("new", ROWS.replace("garda,346", "gardasee,345"), told)
    lakes = compare(old, new).tables[0]
    assert (lakes.rows_added, lakes.rows_removed, lakes.rows_renamed, lakes.cells_changed) == (0, 0, 1, 1)
    assert compare(old, new, ids=["garda"]).asked == (Asked("garda", "lakes", "renamed", ("gardasee",)),)


def test_the_ids_of_a_table_whose_key_changed_are_still_ids(packages: Packages) -> None:
    old = packages.write("old")
    rows = "lake,depth,country\nlario,425,it\ngarda,346,it\nneusiedl,1.8,at\n"
    found = compare(old, packages.write("new", rows, schema={**LAKES, "primaryKey": ["lake", "country"]}))
    assert dict(found.vanished) == {"lakes": (("como",),)}


def test_ids_of_a_table_that_is_gone_are_removed(packages: Packages, tmp_path: Path) -> None:
    new = open_package(write_package_of(tmp_path / "new", {}, []))
    found = compare(packages.write("old"), new, ids=["como"])
    assert found.asked == (Asked("como", "lakes", "removed"),)


def test_a_key_of_two_columns_is_asked_about_as_it_is_shown(packages: Packages) -> None:
    keyed = {**LAKES, "primaryKey": ["lake", "country"]}
    old = packages.write("old", schema=keyed)
    found = compare(old, packages.write("new", ROWS.replace("425", "426"), schema=keyed), ids=["como/it"])
    assert found.asked == (Asked("como/it", "lakes", "changed"),)
    assert found.tables[0].cells_changed == 1
    assert found.bump.reasons == ()


def test_a_renamed_row_with_a_key_of_two_columns_is_asked_about_as_it_is_shown(packages: Packages) -> None:
    keyed = {**LAKES, "primaryKey": ["lake", "country"]}
    told = "1,lakes,como/it,1.1.0,renamed,lario/it,\n"
    new = packages.write("new", ROWS.replace("como", "lario"), told, schema=keyed)
    found = compare(packages.write("old", schema=keyed), new, ids=["como/it"])
    assert found.asked == (Asked("como/it", "lakes", "renamed", ("lario/it",)),)
    assert ([entry.new for entry in found.lineage], found.tables[0].rows_renamed) == ([("lario", "it")], 1)


def test_ids_of_a_key_that_changed_are_asked_about_by_the_old_and_the_new(packages: Packages) -> None:
    rows = "lake,depth,country\ncomo,425,it\nlugano,288,ch\n"
    old = packages.write("old", rows)
    new = packages.write("new", rows.replace("425", "426"), schema={**LAKES, "primaryKey": ["country"]})
    found = compare(old, new, ids=["it", "ch", "como", "lugano", "garda"])
    assert {answer.id: answer.status for answer in found.asked} == {
        "it": "changed",
        "ch": "unchanged",
        "como": "changed",
        "lugano": "unchanged",
        "garda": "unknown",
    }


def test_an_id_may_be_told_to_be_gone_from_a_table_that_has_no_key_any_more(packages: Packages) -> None:
    keyless = {name: part for name, part in LAKES.items() if name != "primaryKey"}
    told = "1,lakes,como,1.1.0,removed,,\n"
    new = packages.write("new", ROWS.replace("como,425,it\n", ""), told, schema=keyless)
    assert [entry.old for entry in compare(packages.write("old"), new).lineage] == [("como",)]


def test_a_result_never_takes_the_place_of_what_is_compared(packages: Packages, run: Run) -> None:
    old, new = packages.write("old"), packages.write("new")
    done = run("diff", old.root, new.root, "--output", old.root / "datapackage.json", "--format", "json")
    assert (done.returncode, "choose another file" in done.stderr) == (2, True)
    assert open_package(old.root).version == "1.0.0"
