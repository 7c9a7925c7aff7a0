"""What changes do to references: left dangling, pointed elsewhere, or with another row behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.difference.compare import compare
from readouts.datapackage.package.package import open_package
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.difference.result import ReferenceChange
    from readouts.datapackage.package.package import DataPackage

SEAS: dict[str, Any] = {
    "name": "seas",
    "type": "table",
    "path": "seas.csv",
    "schema": {"fields": [{"name": "sea"}, {"name": "depth"}], "primaryKey": ["sea"]},
}
LAKES: dict[str, Any] = {
    "name": "lakes",
    "type": "table",
    "path": "lakes.csv",
    "schema": {
        "fields": [{"name": "lake"}, {"name": "sea"}, {"name": "above"}],
        "primaryKey": ["lake"],
        "foreignKeys": [
            {"fields": "sea", "reference": {"resource": "seas", "fields": "sea"}},
            {"fields": "above", "reference": {"resource": "", "fields": "lake"}},
        ],
    },
}
CHANGES = {
    "name": "id_changes",
    "type": "table",
    "path": "id_changes.csv",
    "schema": {
        "fields": [{"name": name} for name in ("change_id", "table", "old_id", "operation", "new_id")],
        "primaryKey": ["change_id"],
    },
}
SEA_ROWS = "sea,depth\nadria,1233\nbaltic,459\n"
LAKE_ROWS = "lake,sea,above\ncomo,adria,\ngarda,adria,como\n"


def changed(
    tmp_path: Path, lakes: str, seas: str = SEA_ROWS, told: str = "", old_lakes: str = LAKE_ROWS
) -> list[ReferenceChange]:
    sides = []
    for name, lake_rows, sea_rows, lineage in (("old", old_lakes, SEA_ROWS, ""), ("new", lakes, seas, told)):
        files: dict[str, bytes | str] = {
            "seas.csv": sea_rows,
            "lakes.csv": lake_rows,
            "id_changes.csv": f"change_id,table,old_id,operation,new_id\n{lineage}",
        }
        sides.append(open_package(write_package_of(tmp_path / name, files, [SEAS, LAKES, CHANGES])))
    return list(compare(*sides).references)


def kinds(found: list[ReferenceChange]) -> list[tuple[str, str, int]]:
    return [(change.kind, change.fields[0], change.count) for change in found]


def test_nothing_is_said_of_references_that_stayed(tmp_path: Path) -> None:
    assert changed(tmp_path, LAKE_ROWS) == []
    assert changed(tmp_path, "lake,sea,above\ngarda,adria,como\ncomo,adria,\n") == []


def test_a_reference_to_a_row_that_is_gone_dangles(tmp_path: Path) -> None:
    (found,) = changed(tmp_path, LAKE_ROWS, "sea,depth\nbaltic,459\n")
    assert (found.table, found.target, found.kind, found.count) == ("lakes", "seas", "dangling", 2)
    assert found.samples[0] == (("como",), ("adria",), ("adria",))


def test_a_new_row_that_refers_to_nothing_dangles(tmp_path: Path) -> None:
    (found,) = changed(tmp_path, LAKE_ROWS + "iseo,tethys,\n")
    assert (found.kind, found.samples) == ("dangling", ((("iseo",), ("",), ("tethys",)),))


def test_a_reference_that_dangled_before_is_no_change(tmp_path: Path) -> None:
    broken = LAKE_ROWS + "iseo,tethys,\n"
    assert changed(tmp_path, broken + "orta,baltic,\n", old_lakes=broken) == []


def test_a_reference_to_the_table_itself_dangles_too(tmp_path: Path) -> None:
    assert kinds(changed(tmp_path, "lake,sea,above\ngarda,adria,como\n")) == [("dangling", "above", 1)]


def test_a_reference_that_points_elsewhere_tells_both_targets(tmp_path: Path) -> None:
    (found,) = changed(tmp_path, LAKE_ROWS.replace("garda,adria", "garda,baltic"))
    assert (found.kind, found.samples) == ("repointed", ((("garda",), ("adria",), ("baltic",)),))


def test_a_changed_row_is_told_with_those_that_refer_to_it(tmp_path: Path) -> None:
    assert kinds(changed(tmp_path, LAKE_ROWS, SEA_ROWS.replace("1233", "1234"))) == [("parent-changed", "sea", 2)]


def test_a_reference_that_follows_a_renamed_row_is_not_repointed(tmp_path: Path) -> None:
    renamed = "1,seas,adria,renamed,adriatic\n"
    new_lakes, new_seas = LAKE_ROWS.replace("adria", "adriatic"), SEA_ROWS.replace("adria", "adriatic")
    of_como = ("parent-changed", "above", 1)
    assert kinds(changed(tmp_path, new_lakes, new_seas, renamed)) == [of_como]
    assert kinds(changed(tmp_path, new_lakes, new_seas)) == [("repointed", "sea", 2), of_como]


def test_a_reference_that_stays_behind_a_renamed_row_dangles(tmp_path: Path) -> None:
    new_seas = SEA_ROWS.replace("adria", "adriatic")
    assert kinds(changed(tmp_path, LAKE_ROWS, new_seas, "1,seas,adria,renamed,adriatic\n")) == [("dangling", "sea", 2)]


def test_a_rename_that_the_tables_contradict_moves_no_reference(tmp_path: Path) -> None:
    seas = SEA_ROWS.replace("459", "460")
    assert kinds(changed(tmp_path, LAKE_ROWS, seas, "1,seas,adria,renamed,baltic\n")) == []
    pointed = LAKE_ROWS.replace("como,adria", "como,baltic")
    assert kinds(changed(tmp_path, pointed, told="1,seas,adria,renamed,baltic\n")) == [
        ("repointed", "sea", 1),
        ("parent-changed", "above", 1),
    ]


def test_a_reference_follows_a_row_that_was_renamed_twice(tmp_path: Path) -> None:
    told = "1,seas,adria,renamed,adriatic\n2,seas,adriatic,renamed,superum\n"
    lakes, seas = LAKE_ROWS.replace("adria", "superum"), SEA_ROWS.replace("adria", "superum")
    assert "repointed" not in {kind for kind, *_ in kinds(changed(tmp_path, lakes, seas, told))}


def test_a_changed_row_that_is_referred_to_by_another_column_is_told(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "code"}, {"name": "sea", "constraints": {"unique": True}}, {"name": "depth"}]}
    seas: dict[str, object] = {"name": "seas", "type": "table", "schema": {**schema, "primaryKey": ["code"]}}
    old, new = (
        package_of(
            tmp_path / str(depth),
            {"seas": (seas, f"code,sea,depth\n1,adria,{depth}\n"), "lakes": (LAKES, "lake,sea,above\ncomo,adria,\n")},
        )
        for depth in (1, 2)
    )
    assert kinds(list(compare(old, new).references)) == [("parent-changed", "sea", 1)]


def test_a_renamed_row_keeps_its_own_references(tmp_path: Path) -> None:
    told = "1,lakes,garda,renamed,benaco\n"
    assert changed(tmp_path, LAKE_ROWS.replace("garda", "benaco"), told=told) == []


@pytest.mark.parametrize("limit", [0, 1, None])
def test_counts_are_exact_whatever_is_shown(tmp_path: Path, limit: int | None) -> None:
    changed(tmp_path, LAKE_ROWS, "sea,depth\nbaltic,459\n")
    found = compare(open_package(tmp_path / "old"), open_package(tmp_path / "new"), limit=limit).references
    assert [change.count for change in found] == [2]
    assert len(found[0].samples) == (2 if limit is None else limit)


def package_of(folder: Path, tables: dict[str, tuple[dict[str, object], str]]) -> DataPackage:
    resources = [{**resource, "path": f"{name}.csv"} for name, (resource, _) in tables.items()]
    files: dict[str, bytes | str] = {f"{name}.csv": rows for name, (_, rows) in tables.items()}
    return open_package(write_package_of(folder, files, resources, version="1.0.0"))


def test_a_reference_to_a_table_that_is_gone_dangles(tmp_path: Path) -> None:
    old = package_of(tmp_path / "old", {"seas": (SEAS, SEA_ROWS), "lakes": (LAKES, LAKE_ROWS)})
    new = package_of(tmp_path / "new", {"lakes": (LAKES, LAKE_ROWS)})
    assert kinds(list(compare(old, new).references)) == [("dangling", "sea", 2)]


def test_a_new_table_that_refers_to_nothing_dangles(tmp_path: Path) -> None:
    old = package_of(tmp_path / "old", {"seas": (SEAS, SEA_ROWS)})
    new = package_of(tmp_path / "new", {"seas": (SEAS, SEA_ROWS), "lakes": (LAKES, "lake,sea,above\ncomo,tethys,\n")})
    assert kinds(list(compare(old, new).references)) == [("dangling", "sea", 1)]


def test_a_reference_in_a_table_without_a_key_dangles_too(tmp_path: Path) -> None:
    schema = {name: part for name, part in LAKES["schema"].items() if name != "primaryKey"}
    keyless = {**LAKES, "schema": {**schema, "foreignKeys": schema["foreignKeys"][:1]}}
    both = {"lakes": (keyless, LAKE_ROWS)}
    old = package_of(tmp_path / "old", {"seas": (SEAS, SEA_ROWS), **both})
    new = package_of(tmp_path / "new", {"seas": (SEAS, "sea,depth\nbaltic,459\n"), **both})
    found = compare(old, new)
    assert kinds(list(found.references)) == [("dangling", "sea", 1)]
    assert found.bump.smallest == "2.0.0"
