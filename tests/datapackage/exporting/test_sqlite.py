from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.exporting.source import Dataset, dataset_of
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.publish.export import ExportError, export
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path


def _rows(database: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def test_the_database_holds_every_row_and_every_key(exported: Path, dataset: Dataset) -> None:
    database = exported / "readouts.sqlite"
    for name, table in dataset.tables.items():
        expected = [[_stored(value) for value in row] for row in table.rows()]
        assert [list(row) for row in _rows(database, f'SELECT * FROM "{name}"')] == expected
        columns = _rows(database, "SELECT name, pk FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", name)
        assert tuple(column for column, _ in columns) == table.schema.primary_key
        keys = {tuple(row) for row in _rows(database, 'SELECT "from", "table" FROM pragma_foreign_key_list(?)', name)}
        assert keys == {(key.fields[0], key.table) for key in table.schema.foreign_keys}
    assert _rows(database, "PRAGMA foreign_key_check") == []
    assert _rows(database, "PRAGMA integrity_check") == [("ok",)]


def _stored(value: Any) -> Any:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else value


def test_summaries_are_found_by_their_words(exported: Path, dataset: Dataset) -> None:
    database = exported / "readouts.sqlite"
    summaries = {row["statement_id"]: str(row["summary"]) for row in dataset.tables["statements"].records()}
    expected = {key for key, text in summaries.items() if "peaceful" in re.findall(r"\w+", text.lower())}
    found = _rows(
        database,
        "SELECT statement_id FROM statements WHERE rowid IN (SELECT rowid FROM statements_fts WHERE statements_fts "
        "MATCH ?)",
        "peaceful",
    )
    assert expected
    assert {row[0] for row in found} == expected


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("马雷克", {1, 3}),
        ("马雷", {1, 3}),
        ("雷克", {1, 3, 4}),
        ("马", {1, 3}),
        ("奥氏", {2}),
        ("总统马雷克", {1}),
        ("总统马雷克与奥斯特罗娃会晤", {1}),
        ("伊利亚奥斯特罗娃总理", {2}),
        ("马克", set()),
        ("馬雷克", {4}),
        ('"马雷克" OR "奥氏"', {1, 2, 3}),
        ("马雷*", {1, 3}),
        ("マレク", {4}),
        ("ครับ", {5}),
        ("Остров", {6}),
        ("остров", {6}),
        ("ОСТРОВ", {6}),
        ("marek", {3}),
        ("Ель", {6}),
    ],
)
def test_names_are_found_in_scripts_without_spaces_and_in_either_case(
    tmp_path: Path, asked: str, found: set[int]
) -> None:
    rows = [
        "1,总统马雷克与奥斯特罗娃会晤,",
        "2,,奥氏|伊利亚奥斯特罗娃总理",
        "3,,Jana Marek|亚娜·马雷克",
        "4,馬雷克マレクとの電話,",
        "5,สวัสดีครับ,",
        "6,Разговор с Остров на ёлке «Ель»,",
    ]
    fields = [
        {"name": "id", "type": "integer"},
        {"name": "title", "type": "string"},
        {"name": "aliases", "type": "list", "delimiter": "|"},
    ]
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": fields, "primaryKey": "id"}}
    files: dict[str, bytes | str] = {"t.csv": "\n".join(["id,title,aliases", *rows, ""])}
    (database, _) = export(
        open_package(write_package_of(tmp_path / "p", files, [resource])), ["sqlite"], tmp_path / "o"
    )
    query = "SELECT id FROM t WHERE rowid IN (SELECT rowid FROM t_fts WHERE t_fts MATCH ?)"
    assert {key for (key,) in _rows(database, query, asked)} == found
    assert _rows(database, "PRAGMA integrity_check") == [("ok",)]
    assert _rows(database, "SELECT title FROM t_fts WHERE rowid = 1") == [("总统马雷克与奥斯特罗娃会晤",)]


def test_a_foreign_key_is_followed_backwards_by_an_index(exported: Path) -> None:
    plan = _rows(exported / "readouts.sqlite", "EXPLAIN QUERY PLAN SELECT * FROM spans WHERE statement_id = 'x'")
    assert "USING INDEX" in plan[0][3]


def test_hostile_names_are_names_and_nothing_else(hostile: DataPackage, tmp_path: Path) -> None:
    written = export(hostile, ["sqlite", "parquet", "jsonl"], tmp_path / "out")
    assert all(path.resolve().is_relative_to((tmp_path / "out").resolve()) for path in written)
    database = written[0]
    tables = [row[0] for row in _rows(database, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")]
    assert tables[0] == next(iter(dataset_of(hostile).tables))
    assert "_SQLITE_sequence" in tables
    columns = [row[1] for row in _rows(database, "SELECT * FROM pragma_table_info(?)", tables[0])]
    assert columns == ['select "x"', "a,b", "=1+1", "über", "Name", "name_2", "rowid", "it's"]
    quoted = tables[0].replace('"', '""')
    assert _rows(database, f'SELECT count(*) FROM "{quoted}"') == [(7,)]
    assert _rows(database, "SELECT \"table\" FROM pragma_foreign_key_list('_SQLITE_sequence')") == [(tables[0],)]


def test_a_reference_that_leads_nowhere_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "id"}, {"name": "up"}], "primaryKey": "id"}
    key = {"fields": "up", "reference": {"resource": "", "fields": "id"}}
    resource = {"name": "t", "path": "t.csv", "schema": {**schema, "foreignKeys": [key]}}
    package = open_package(write_package_of(tmp_path / "p", {"t.csv": "id,up\na,\nb,a\nc,gone\n"}, [resource]))
    with pytest.raises(ExportError, match="1 references have no target; the first is row 3 of t"):
        export(package, ["jsonl", "sqlite"], tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_key_that_is_there_twice_is_told(tmp_path: Path) -> None:
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "id"}], "primaryKey": "id"}}
    package = open_package(write_package_of(tmp_path / "p", {"t.csv": "id\na\na\n"}, [resource]))
    with pytest.raises(ExportError, match=r"UNIQUE constraint failed: t\.id.*readouts validate"):
        export(package, ["sqlite"], tmp_path / "out")


def test_a_circle_of_references_is_no_obstacle(tmp_path: Path) -> None:
    def resource(name: str, other: str) -> dict[str, Any]:
        key = {"fields": "to", "reference": {"resource": other, "fields": "id"}}
        fields = [{"name": "id"}, {"name": "to"}]
        return {
            "name": name,
            "path": f"{name}.csv",
            "schema": {"fields": fields, "primaryKey": "id", "foreignKeys": [key]},
        }

    files: dict[str, bytes | str] = {"a.csv": "id,to\n1,2\n", "b.csv": "id,to\n2,1\n"}
    package = open_package(write_package_of(tmp_path / "p", files, [resource("a", "b"), resource("b", "a")]))
    (database, _) = export(package, ["sqlite"], tmp_path / "out")
    assert _rows(database, 'SELECT a.id FROM a JOIN b ON a."to" = b.id AND b."to" = a.id') == [("1",)]
