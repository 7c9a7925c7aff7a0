"""Keys and references that outgrow memory: the same is found, nothing is left behind, and a full disk is told."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readouts import datapackage
from readouts.datapackage import memory as bounds
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.findings import Findings
from readouts.datapackage.package.package import open_package
from readouts.datapackage.table import csv_blocks, partitions
from readouts.datapackage.validation.start import begin
from readouts.datapackage.validation.validator import check_package
from tests.packages import write_package_of
from tests.properties import examples

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

MUCH, LITTLE = 10**10, 100
MANY = [f"ar,{number},lake {number},lake {number},1" for number in range(1, 400)]
LAKES: dict[str, Any] = {
    "fields": [
        {"name": "country", "type": "string"},
        {"name": "number", "type": "integer"},
        {"name": "name", "type": "string", "constraints": {"unique": True}},
        {"name": "outflow", "type": "string"},
        {"name": "depth", "type": "number"},
    ],
    "primaryKey": ["country", "number"],
    "foreignKeys": [{"fields": "outflow", "reference": {"resource": "", "fields": "name"}}],
    "missingValues": ["", "-"],
}
LEVELS: dict[str, Any] = {
    "fields": [
        {"name": "number", "type": "integer"},
        {"name": "country", "type": "string"},
        {"name": "lake", "type": "string"},
        {"name": "level", "type": "number", "constraints": {"unique": True}},
    ],
    "foreignKeys": [
        {"fields": ["country", "number"], "reference": {"resource": "lakes", "fields": ["country", "number"]}},
        {"fields": ["lake"], "reference": {"resource": "lakes", "fields": ["name"]}},
    ],
    "missingValues": ["", "-"],
}
COUNTRY, NUMBER = st.sampled_from(["ar", "be", "", "-"]), st.sampled_from(["1", "01", "2", "+2", "3", "x", ""])
NAME, REAL = (
    st.sampled_from(["Long", "Como", '"a, b"', "é", "", "-"]),
    st.sampled_from(["1", "1.0", "2", "1e0", "", "y"]),
)
LAKE_ROWS = st.lists(st.tuples(COUNTRY, NUMBER, NAME, NAME, REAL).map(",".join), max_size=25)
LEVEL_ROWS = st.lists(st.tuples(NUMBER, COUNTRY, NAME, REAL).map(",".join), max_size=25)


def table(name: str, schema: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    return {"name": name, "type": "table", "path": paths if len(paths) > 1 else paths[0], "schema": schema}


def written(folder: Path, lakes: list[str], levels: list[str]) -> Path:
    """Write a package: lakes in two files, which don't repeat the header, and levels compressed."""
    half = len(lakes) // 2
    first = "\n".join(["country,number,name,outflow,depth", *lakes[:half]]) + "\n"
    packed = gzip.compress(("\n".join(["number,country,lake,level", *levels]) + "\n").encode(), mtime=0)
    files: dict[str, bytes | str] = {"a.csv": first, "b.csv": "".join(f"{row}\n" for row in lakes[half:])}
    resources = [table("lakes", LAKES, ["a.csv", "b.csv"] if lakes[half:] else ["a.csv"])]
    return write_package_of(
        folder, {**files, "levels.csv.gz": packed}, [*resources, table("levels", LEVELS, ["levels.csv.gz"])]
    )


def found(root: Path, memory: int, limit: int | None) -> tuple[Any, ...]:
    findings = Findings(limit)
    checked = check_package(begin(open_package(root), ask_frictionless=False), findings, memory=memory)
    return findings.counts, findings.incidents, checked.rows


def weak(keys: pl.DataFrame) -> pl.Series:
    """A hash by which all keys collide."""
    return pl.repeat(7, keys.height, dtype=pl.UInt64, eager=True)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a few rows at once, so that keys go to the file bit by bit."""
    monkeypatch.setattr(csv_blocks, "SIZE", 64)
    monkeypatch.setattr(csv_blocks, "PIECE", 64)


@pytest.mark.property
@pytest.mark.usefixtures("small_blocks")
@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=examples(150))
@given(LAKE_ROWS, LEVEL_ROWS, st.sampled_from([None, 1, 3]), st.booleans())
def test_the_same_is_found_in_little_memory_as_in_much(
    tmp_path: Path, lakes: list[str], levels: list[str], limit: int | None, colliding: bool
) -> None:
    root = written(tmp_path, lakes, levels)
    expected = found(root, MUCH, limit)
    with pytest.MonkeyPatch.context() as patched:
        if colliding:
            patched.setattr(partitions, "hashes", weak)
        assert found(root, LITTLE, limit) == expected


@pytest.mark.usefixtures("small_blocks")
def test_keys_that_are_far_apart_and_written_in_other_ways_are_found(tmp_path: Path) -> None:
    levels = [f"{number},ar,lake {number},{number}.5" for number in range(1, 400)]
    root = written(tmp_path, [*MANY, "ar,007,lake 1,lake 1000,1"], [*levels, "1000,ar,lake 7,001.50"])
    counts, incidents, rows = found(root, LITTLE, None)
    assert (counts, incidents, rows) == found(root, MUCH, None)
    assert counts == {"primary-key": 1, "unique-error": 2, "foreign-key": 2}
    messages = [incident.message for incident in incidents]
    assert any("found 'ar, 007', the same value as 'ar, 7' in row 7 (a.csv, line 8)" in each for each in messages)
    assert any("found '001.50', the same value as '1.5' in row 1 (line 2)" in each for each in messages)


def test_a_note_says_where_the_rest_of_the_keys_is_kept(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LEAST", 1)
    root = written(tmp_path, MANY, ["1,ar,lake 1,3"])
    ended = run("validate", root, "--memory", "1kB")
    assert ended.returncode == 0
    assert "Keys and references outgrow the memory that they may take" in ended.stderr
    assert "outgrow" not in run("validate", root, "--memory", "1kB", "--quiet").stderr
    assert run("validate", root).stderr == ""


_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
from readouts.datapackage import memory
memory.LEAST = 1
from readouts.cli import main
main()
"""


def process(code: str, *arguments: object, tmp: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"TMPDIR": str(tmp)}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit of the size of files")
@pytest.mark.parametrize(("command", "what"), [("validate", "Keys and references"), ("diff", "The rows to compare")])
def test_a_full_disk_is_one_sentence_that_says_what_to_do(tmp_path: Path, command: str, what: str) -> None:
    root, tmp = written(tmp_path / "package", MANY, []), tmp_path / "tmp"
    others = [written(tmp_path / "other", MANY[::-1], [])] if command == "diff" else []
    tmp.mkdir()
    ended = process(_LIMITED, command, root, *others, "--memory", "1kB", tmp=tmp)
    output, error = ended.communicate(timeout=120)
    assert (ended.returncode, output) == (2, "")
    assert "Traceback" not in error
    assert f"{what} outgrow the memory that they may take, and a temporary file can't take them after" in error
    assert f"File too large ({tmp}). Make room there, name another folder in the environment variable TMPDIR" in error
    assert list(tmp.iterdir()) == []


_KILLED = """
import os, signal
from readouts.datapackage import memory
memory.LEAST = 1
from readouts.datapackage.table import partitions
write = partitions.TemporaryFrames.write
def last(self, frame):
    write(self, frame)
    os.kill(os.getpid(), signal.SIGKILL)
partitions.TemporaryFrames.write = last
from readouts.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_killed_process_leaves_no_temporary_file(tmp_path: Path) -> None:
    root, tmp = written(tmp_path / "package", MANY, []), tmp_path / "tmp"
    tmp.mkdir()
    ended = process(_KILLED, "validate", root, "--memory", "1kB", tmp=tmp)
    ended.communicate(timeout=120)
    assert ended.returncode == -9
    assert list(tmp.iterdir()) == []


@pytest.mark.parametrize("given_size", ["much", "-1GB", "0", "1 PB", "", "9" * 400])
def test_what_is_not_a_size_is_refused(tmp_path: Path, run: Run, given_size: str) -> None:
    ended = run("validate", written(tmp_path, [], []), "--memory", given_size)
    assert ended.returncode == 2
    assert "Expected a size such as 500MB or 2GB; found" in ended.stderr


def test_spark_has_its_own_settings(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="leave out `memory`"):
        datapackage.validate(written(tmp_path, [], []), engine="spark", memory="1GB")


def test_a_system_that_reads_a_few_bytes_at_once_gives_every_row() -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(7 if size is None or size < 0 else min(7, size))

    frame = pl.DataFrame({"a": [*range(100)]})
    with partitions.TemporaryFrames("Rows", Slow()) as file:
        assert file.read(file.write(frame)).equals(frame)
