from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

import pytest

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.publish.export import FORMATS, ExportError, export
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run


def _hashes(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_two_exports_have_the_same_bytes_wherever_and_whenever_they_are_made(
    package: DataPackage, exported: Path, tmp_path: Path, run_process: Run
) -> None:
    # Dates in ZIP files count in steps of two seconds.
    time.sleep(2.1)
    other = tmp_path / "another place" / "with a longer näme"
    env = {"TZ": "Pacific/Chatham", "LC_ALL": "C", "PYTHONHASHSEED": "4711", "PYTHONUTF8": "1"}
    done = run_process("export", package.root, "--to", "all", "--output", other, cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    first, second = _hashes(exported), _hashes(other)
    assert first == second
    assert len(done.stdout.splitlines()) == len(second)


def test_every_format_writes_what_it_says_and_nothing_else(package: DataPackage, tmp_path: Path) -> None:
    for name in FORMATS:
        folder = tmp_path / name
        files = export(package, [name], folder)
        assert sorted(files) == sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_package_of_anybody_is_exported_in_every_format_that_is_not_the_corpus_own(
    hostile: DataPackage, tmp_path: Path
) -> None:
    hostile.descriptor.update(
        created="2031-05-01T00:00:00Z", licenses=[{"name": "CC0-1.0", "path": "https://example.org/cc0"}]
    )
    written = export(hostile, "all", tmp_path / "out")
    assert {path.suffix for path in written} >= {".parquet", ".sqlite", ".xlsx", ".jsonl", ".json", ".cff"}
    assert not any(path.suffix == ".jsonld" for path in written)


def test_what_is_there_and_differs_is_only_replaced_when_asked(package: DataPackage, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportError, match=r"README\.md already exists with other content"):
        export(package, ["zenodo", "huggingface"], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    export(package, ["zenodo"], tmp_path)
    assert export(package, ["zenodo"], tmp_path) == [tmp_path / ".zenodo.json"]
    export(package, ["huggingface"], tmp_path, overwrite=True)
    assert (tmp_path / "README.md").read_text(encoding="utf-8").startswith("---")


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_in_the_folder_leads_nothing_astray(package: DataPackage, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".zenodo.json").symlink_to(victim)
    with pytest.raises(ExportError, match="already exists"):
        export(package, ["zenodo"], tmp_path / "out")
    assert victim.read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
def test_the_package_itself_is_only_read(package: DataPackage, tmp_path: Path) -> None:
    before = _hashes(package.root / "data")
    export(package, "all", tmp_path)
    assert _hashes(package.root / "data") == before


def test_a_format_with_a_slip_of_the_pen_is_told_the_right_one(run_export: Run, tmp_path: Path) -> None:
    done = run_export("--to", "parkett", "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "Unknown format 'parkett'. Did you mean 'parquet'?" in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_left_out_is_said(hostile: DataPackage, tmp_path: Path, run_export: Run) -> None:
    done = run_export("--to", "jsonl", "--output", tmp_path / "out", hostile.root)
    assert done.returncode == 0
    assert "readouts: 'notes' is left out: it is 'txt', not a table." in done.stderr
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("data", "more", "message"),
    [
        ("a,b\n1\n", {}, "line 2: expected 2 cells, found 1"),
        (
            "a,b\nx,2\n",
            {"schema": {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]}},
            "row 1, a: expected a",
        ),
        ("a,b\n", {"schema": {"fields": [{"name": "a"}]}}, "Expected only columns of the schema; found 'b'"),
        ("a\n", {"schema": {"fields": [{"name": "a"}, {"name": "b"}]}}, "Expected the column 'b'; found none"),
        ("a,a\n", {}, "two columns have the name 'a'"),
        ("a\n1\n", {"hash": "0" * 64}, "expected md5:0{64}, found md5:"),
        (
            "a\n1\n",
            {"dialect": {"delimiter": ""}},
            "`dialect.delimiter`: expected a text that is not empty",
        ),
        ("a\n1\n", {"path": "../t.csv"}, "leaves the package"),
        ('a\n"1\n', {}, "Expected the quoted cell that begins here to end with a quote"),
    ],
)
@pytest.mark.parametrize("name", ["jsonl", "sqlite"])
def test_a_table_in_disorder_is_refused_before_anything_is_written(
    tmp_path: Path, name: str, data: str, more: dict[str, object], message: str
) -> None:
    resource = {"name": "t", "path": "t.csv", **more}
    package = open_package(write_package_of(tmp_path / "p", {"t.csv": data}, [resource]))
    with pytest.raises((ExportError, PackageError), match=message):
        export(package, [name], tmp_path / "out")
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []
