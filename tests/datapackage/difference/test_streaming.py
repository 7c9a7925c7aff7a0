"""Packages compared in one pass: the same counts as when tables are read whole, and in little memory."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.difference.compare import compare, side_of
from readouts.datapackage.difference.sorted_compare import compare_in_stream
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.datapackage.table.errors import TableError
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.difference.result import PackageDiffData, TableDiff

LAKES: dict[str, Any] = {"fields": [{"name": "lake"}, {"name": "depth", "type": "number"}], "primaryKey": ["lake"]}
OLD = "lake,depth\ncomo,425\ngarda,346\niseo,251\n"
NEW = "lake,depth\ncomo,425.0\nlugano,288\norta,143\n"


def package(folder: Path, rows: str, schema: dict[str, Any] = LAKES, **more: Any) -> DataPackage:
    resource = {"name": "lakes", "type": "table", "path": "lakes.csv", "schema": schema, **more}
    return open_package(write_package_of(folder, {"lakes.csv": rows}, [resource], version="1.0.0"))


def streamed(old: DataPackage, new: DataPackage, limit: int | None = None) -> PackageDiffData:
    return compare_in_stream(old, new, sides=(side_of(old), side_of(new)), limit=limit)


def comparable(table: TableDiff) -> TableDiff:
    return replace(table, columns=(), fields=dict(table.fields), kinds=dict(table.kinds))


def test_a_stream_finds_what_reading_whole_tables_finds(tmp_path: Path) -> None:
    old, new = package(tmp_path / "old", OLD), package(tmp_path / "new", NEW)
    found, whole = streamed(old, new), compare(old, new)
    assert [comparable(table) for table in found.tables] == [comparable(table) for table in whole.tables]
    assert (found.changes, dict(found.vanished), found.bump) == (whole.changes, dict(whole.vanished), whole.bump)
    assert found.notes[0].startswith("Read in one pass")


def test_ids_that_are_gone_are_counted_beyond_what_is_shown(tmp_path: Path) -> None:
    found = streamed(package(tmp_path / "old", OLD), package(tmp_path / "new", NEW), limit=1)
    (gone,) = (reason for reason in found.bump.reasons if reason.rule == "id-removed")
    assert (gone.count, gone.samples) == (2, ("garda",))


def test_the_two_releases_of_the_corpus_are_compared_alike(tmp_path: Path) -> None:
    from readouts.datapackage.package.locate import located
    from tests.conftest import ROOT

    with located("1.0.0", folder=ROOT) as (old_side, old), located("1.1.0", folder=ROOT) as (new_side, new):
        found = compare_in_stream(old, new, sides=(old_side, new_side), limit=3)
        whole = compare(old, new, sides=(old_side, new_side), limit=3)
    assert [comparable(table) for table in found.tables] == [comparable(table) for table in whole.tables]
    assert found.bump.smallest == whole.bump.smallest == "1.1.0"


@pytest.mark.parametrize(
    ("rows", "more", "message"),
    [
        ("lake,depth\niseo,251\ncomo,425\n", {}, "line 3"),
        (OLD, {"dialect": {"delimiter": ";"}}, "has a dialect of its own"),
        (OLD, {"encoding": "utf-16"}, "readouts canonicalise"),
        (OLD, {"path": ["lakes.csv", "lakes.csv"]}, "is one of several files of its table"),
        (OLD, {"schema": {"fields": LAKES["fields"]}}, "expected the same primary key"),
    ],
)
def test_what_is_not_in_canonical_form_is_refused(
    tmp_path: Path, rows: str, more: dict[str, Any], message: str
) -> None:
    old = package(tmp_path / "old", OLD)
    with pytest.raises(TableError, match=message):
        streamed(old, package(tmp_path / "new", rows, **more))


def test_a_stream_imports_nothing_that_takes_much_memory(tmp_path: Path) -> None:
    package(tmp_path / "old", OLD)
    package(tmp_path / "new", NEW)
    code = (
        "import sys\n"
        "from readouts.cli import app\n"
        f"sys.argv[1:] = ['diff', '--stream', {str(tmp_path / 'old')!r}, {str(tmp_path / 'new')!r}]\n"
        "try:\n    app()()\nexcept SystemExit as ended:\n    assert ended.code == 1\n"
        "loaded = {'polars', 'pandas', 'numpy', 'narwhals', 'pyarrow'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_table_on_one_side_only_is_counted_in_a_stream(tmp_path: Path) -> None:
    old, none = package(tmp_path / "old", OLD), open_package(write_package_of(tmp_path / "none", {}, []))
    assert [(table.status, table.rows_removed) for table in streamed(old, none).tables] == [("removed", 3)]
    assert [(table.status, table.rows_added) for table in streamed(none, old).tables] == [("added", 3)]


def test_a_stream_does_not_call_a_version_enough(tmp_path: Path) -> None:
    old = package(tmp_path / "old", OLD)
    assert streamed(old, package(tmp_path / "same", OLD)).bump.enough is None
    assert streamed(old, package(tmp_path / "new", NEW)).bump.enough is False
