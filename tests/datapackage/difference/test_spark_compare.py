"""Spark finds every difference that there is, the same that Polars finds, and refuses what it can't compare."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.cluster import SETTINGS, standalone
from benchmarks.pair import write_pair
from readouts import datapackage
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.optional import MissingDependencyError
from readouts.datapackage.sample import sample_package
from readouts.datapackage.validation.import_guard import without
from tests.on_spark import CUT, needs_spark, run

if TYPE_CHECKING:
    from pathlib import Path


def diff(folder: Path, *options: str, settings: str = "", status: int = 1) -> dict[str, Any]:
    done = run(
        folder / "spark", "diff", folder / "old", folder / "new", "--format", "json", *options, settings=settings
    )
    assert done.stderr == ""
    assert done.returncode == status
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def write(folder: Path, files: dict[str, bytes], **resource: Any) -> None:
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    fields = [{"name": name, "type": kind} for name, kind in (("a", "integer"), ("b", "string"), ("depth", "number"))]
    schema = {"fields": fields, "fieldsMatch": "equal", "primaryKey": ["a", "b"], **resource.pop("schema", {})}
    table = {"name": "lakes", "type": "table", "format": "csv", "path": [*files], "schema": schema, **resource}
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "lakes",
        "resources": [table],
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


class TestSpark:
    pytestmark = needs_spark

    def test_every_difference_of_a_generated_pair_is_found_where_files_are_cut(self, tmp_path: Path) -> None:
        truth = write_pair(tmp_path, 3_000, shuffle=True)
        polars = diff(tmp_path, "--limit", "0")
        spark = diff(tmp_path, "--limit", "0", "--engine", "spark", settings=CUT.format(50_000))
        assert spark["tables"] == polars["tables"]
        (table,) = spark["tables"].values()
        for name in ("rows_old", "rows_new", "rows_added", "rows_removed", "rows_changed", "cells_changed", "kinds"):
            assert table[name] == getattr(truth, name)

    def test_a_cluster_of_two_workers_finds_the_same(self, tmp_path: Path) -> None:
        write_pair(tmp_path, 3_000)
        polars = diff(tmp_path, "--limit", "7")
        with standalone(tmp_path / "cluster") as cluster:
            options = ("--limit", "7", "--engine", "spark", "--master", cluster.master)
            spark = diff(tmp_path, *options, settings=f"{SETTINGS}{CUT.format(100_000)}")
        assert spark["tables"] == polars["tables"]

    def test_files_that_are_written_in_other_ways_are_compared_by_their_cells(self, tmp_path: Path) -> None:
        rows = [f'{number},"x ""{number}""\ny",{number}.5' for number in range(40)]
        text = "a,b,depth\n" + "\n".join(rows)
        write(tmp_path / "old", {"one.csv": text.encode()})
        # Other files, other line ends, other columns first; one row less and one more, and a number in other digits.
        head = "b;a;depth"
        cells = [f'"x ""{number}""\ny";{number};{number}.5' for number in range(1, 41)]
        cells[25] += "0"
        parts = cells[:20], cells[20:]
        files = {f"{number}.csv.gz": "\r\n".join([head, *part]).encode() for number, part in enumerate(parts)}
        packed = {name: gzip.compress(data) for name, data in files.items()}
        write(tmp_path / "new", packed, compression="gz", dialect={"delimiter": ";"})
        polars = diff(tmp_path)
        spark = diff(tmp_path, "--engine", "spark", settings=CUT.format(100))
        assert spark["tables"] == polars["tables"]
        assert spark["changes"] == polars["changes"]
        assert polars["tables"]["lakes"]["kinds"] == {"format": 1}

    def test_rows_that_keys_do_not_tell_apart_are_refused_in_the_same_words(self, tmp_path: Path) -> None:
        rows = b"".join(b"%d,x,1\n" % number for number in range(50))
        write(tmp_path / "old", {"lakes.csv": b"a,b,depth\n" + rows})
        for case, wrong in enumerate((b"7,x,2\n3,x,2\n", b",x,2\n", b'5,"x" y,3\n')):
            write(tmp_path / f"{case}" / "new", {"lakes.csv": b"a,b,depth\n" + rows + wrong})
            sides = (tmp_path / "old", tmp_path / f"{case}" / "new")
            polars = run(tmp_path / "spark", "diff", *sides)
            spark = run(tmp_path / "spark", "diff", *sides, "--engine", "spark", settings=CUT.format(100))
            assert (spark.returncode, spark.stderr) == (polars.returncode, polars.stderr)
            assert polars.returncode == 2

    def test_a_table_without_a_key_is_refused(self, tmp_path: Path) -> None:
        for side in ("old", "new"):
            write(tmp_path / side, {"lakes.csv": b"a,b,depth\n1,x,2\n"}, schema={"primaryKey": []})
        done = run(tmp_path / "spark", "diff", tmp_path / "old", tmp_path / "new", "--engine", "spark")
        assert done.returncode == 2
        assert "can't be compared on Spark: expected the same primary key on both sides" in done.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"stream": True}, "doesn't take `stream`"),
        ({"memory": "1GB"}, "doesn't take `memory`"),
        ({"ids": ["a"]}, "doesn't take `ids`"),
        ({"ignore": "depth"}, "goes by the primary key"),
    ],
)
def test_what_a_comparison_on_spark_cannot_do_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        datapackage.diff(sample_package(), sample_package(), engine="spark", **options)


def test_without_pyspark_a_sentence_says_how_to_install_it() -> None:
    with without("pyspark"), pytest.raises(MissingDependencyError, match=r"pip install 'readouts\[spark\]'"):
        datapackage.diff(sample_package(), sample_package(), engine="spark")
    with without("pyspark"), pytest.raises(MissingDependencyError, match=r"pip install 'readouts\[spark\]'"):
        datapackage.validate(sample_package(), engine="spark")
