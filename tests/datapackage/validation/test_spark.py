"""Spark finds what Polars finds: the same findings, rows and lines, whether a table is cut into ranges or not."""

from __future__ import annotations

import gzip
import json
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.cluster import SETTINGS, standalone
from benchmarks.defects import KINDS
from benchmarks.generate import generate
from tests.on_spark import CUT, needs_spark, run

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


def validate(root: Path, *options: str, **how: Any) -> subprocess.CompletedProcess[str]:
    return run(root.parent / "spark", "validate", root, *options, **how)


def report(root: Path, *options: str, status: int, **how: Any) -> dict[str, Any]:
    done = validate(root, "--format", "json", "--limit", "0", *options, **how)
    assert done.stderr == ""
    assert done.returncode == status, done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def same(root: Path, status: int, settings: str = "") -> dict[str, Any]:
    """Return what both engines report of a package, which is the same but for the engine's name and the seconds."""
    reports = [
        report(root, status=status),
        report(root, "--engine", "spark", "--master", "local[2]", status=status, settings=settings),
    ]
    for each in reports:
        del each["seconds"]
        for check in each["checks"]:
            check["by"] = check["by"].partition(" on Spark")[0]
    assert reports[1] == reports[0]
    return reports[1]


class TestSpark:
    pytestmark = needs_spark

    def test_every_planted_defect_is_found_by_both_where_tables_are_cut(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        truths = generate(root, 0.003, defects=2 * len(KINDS))
        found = same(root, 1, CUT.format(30_000))
        assert len(found["incidents"]) >= len(truths)
        assert {each["row"] for each in found["incidents"] if each["code"] == "primary-key"} != {None}

    def test_a_clean_package_is_valid_on_both(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        generate(root, 0.001)
        assert same(root, 0)["valid"]

    @pytest.mark.parametrize("size", [60, 10**6])
    def test_what_is_written_in_other_ways_is_read_by_both_alike(self, tmp_path: Path, size: int) -> None:
        root = tmp_path / "package"
        root.mkdir()
        write(root, odd(root))
        found = same(root, 1, CUT.format(size))
        assert {"primary-key", "foreign-key", "type-error", "constraint-error"} <= set(found["counts"])

    def test_a_file_that_ends_within_a_cell_or_is_of_another_kind_is_reported_alike(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        root.mkdir()
        rows = "".join(f"{number},a\n" for number in range(40))
        (root / "open.csv").write_bytes(f'id,note\n{rows}40,"never closed\n{rows}'.encode())
        (root / "conflict.csv").write_bytes(f"id,note\n{rows}<<<<<<< ours\n{rows}".encode())
        (root / "first.csv").write_bytes(f'id,note\n{rows}77,"goes on'.encode())
        (root / "second.csv").write_bytes(b'in the next file"\n78,b\n')
        (root / "north.csv").write_bytes(f"id,note\n{rows}".encode())
        (root / "south.csv").write_bytes(b"note,id\na,1\n")
        schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "note"}], "primaryKey": ["id"]}
        paths: dict[str, Any] = {
            "open": "open.csv",
            "conflict": "conflict.csv",
            "over": ["first.csv", "second.csv"],
            "shores": ["north.csv", "south.csv"],
        }
        write(root, [{"name": name, "path": path, "schema": schema} for name, path in paths.items()])
        assert same(root, 1, CUT.format(50))["counts"].keys() >= {"unterminated-quote", "format-error"}

    def test_little_comes_back_to_the_driver_however_many_rows_there_are(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        generate(root, 0.05)
        # Spark gives up a job whose results are larger than this: the keys alone are.
        settings = f"{CUT.format(10**6)}spark.driver.maxResultSize 100k\n"
        assert report(root, "--engine", "spark", status=0, settings=settings)["valid"]

    def test_a_cluster_of_two_workers_finds_the_same(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        generate(root, 0.01, defects=len(KINDS))
        polars = report(root, status=1)
        with standalone(tmp_path / "cluster") as cluster:
            options = ("--engine", "spark", "--master", cluster.master)
            spark = report(root, *options, status=1, settings=f"{SETTINGS}{CUT.format(300_000)}")
        assert spark["incidents"] == polars["incidents"]
        assert spark["counts"] == polars["counts"]

    def test_a_spark_that_dies_is_no_verdict(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        generate(root, 0.001)
        found = report(root, "--engine", "spark", status=2, program=(sys.executable, "-c", DYING))
        assert found["state"] == "not checked"
        assert found["counts"] == {"check-failed": 1}
        assert found["incidents"][0]["hint"] == "Check them with --engine polars."

    def test_a_master_that_is_not_there_is_said_in_a_sentence(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        generate(root, 0.001)
        done = validate(root, "--engine", "spark", "--master", "nowhere")
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith("readouts: Expected to start Spark with the master 'nowhere'; it didn't: ")
        assert done.stderr.count("\n") == 1


DYING = """
import os, signal
from pyspark import SparkContext
from readouts.datapackage.validation.spark import validator
def dying(*_):
    os.kill(SparkContext._gateway.proc.pid, signal.SIGKILL)
    return check(*_)
check, validator._check = validator._check, dying
from readouts.cli import main
main()
"""
"""The command line, whose Java is killed when it comes to the tables."""


def write(root: Path, resources: list[dict[str, Any]]) -> None:
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "odd",
        "resources": [{"type": "table", "format": "csv"} | resource for resource in resources],
    }
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def odd(root: Path) -> list[dict[str, Any]]:
    """Write files in less usual ways, with a defect or more in each; return their resources."""
    # Lines that end in CRLF, cells of several lines, the same numbers in other digits, stray quotes, blank rows.
    (root / "_lakes [1]{a}.csv").write_bytes(
        b'id,name,depth\r\n7,"Long\r\nLake",3\r\n007,Twice,4.50\r\n8,"a ""b""",x\r\n9,,4.5\r\n\r\n10,short\r\n'
        b'11,5" pipe,1\r\n12,"a\r\n1,2,3\r\n",6\r\n13,b,7,more\r\n14,\0,8\r\n15,\xff,9\r\n'
    )
    # Two files of one resource, in another encoding and with other delimiters; no line end after the last row.
    (root / "first.csv").write_bytes("id;lake;note\n1;07;é\n2;8;\n".encode("latin-1"))
    (root / "second.csv").write_bytes("3;'11';'a;b'\n4;;''".encode("latin-1"))
    # Two files that each have the header, one of them with a byte order mark, and neither with a line end at its end.
    (root / "north.csv").write_bytes(b"id,lake\n1,7\n2,8")
    (root / "south.csv").write_bytes(b'\xef\xbb\xbf"id","lake"\r\n2,7\r\nz,9')
    (root / "east.csv.gz").write_bytes(gzip.compress(b"id,lake\n1,7\n2,8"))
    (root / "west.csv.gz").write_bytes(gzip.compress(b"id,lake\n2,77\n5,9"))
    with zipfile.ZipFile(root / "packed.csv.zip", "w") as archive:
        archive.writestr("packed.csv", "id\n1\n1\n")
    (root / "escaped.csv").write_bytes(b"id\n1\n~1\n")
    (root / "rows.jsonl").write_bytes(b'{"id": 1, "lake": 7}\n{"id": "x",\n "lake": 70}\n'.replace(b",\n", b","))
    long = "a" * 5_000
    (root / "patterns.csv").write_bytes(f'id,text,list\na,{long}!,\nb,aaa,"{"1," * 4_000}x"\n'.encode())
    of_shores = {
        "fields": [{"name": "id", "type": "integer"}, {"name": "lake", "type": "integer"}],
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["lake"], "reference": {"resource": "lakes", "fields": ["id"]}}],
    }
    return [
        {
            "name": "lakes",
            "path": "_lakes [1]{a}.csv",
            "bytes": 7,
            "hash": f"sha256:{'0' * 64}",
            "schema": {
                "fields": [
                    {"name": "id", "type": "integer"},
                    {"name": "name", "type": "string", "constraints": {"required": True, "maxLength": 10}},
                    {"name": "depth", "type": "number", "constraints": {"unique": True}},
                ],
                "primaryKey": ["id"],
            },
        },
        {
            "name": "visits",
            "path": ["first.csv", "second.csv"],
            "encoding": "latin-1",
            "dialect": {"delimiter": ";", "quoteChar": "'"},
            "schema": {
                "fields": [
                    {"name": "id", "type": "integer"},
                    {"name": "lake", "type": "integer"},
                    {"name": "note", "type": "string", "constraints": {"required": True}},
                ],
                "primaryKey": ["id"],
                "foreignKeys": [{"fields": ["lake"], "reference": {"resource": "lakes", "fields": ["id"]}}],
            },
        },
        {"name": "shores", "path": ["north.csv", "south.csv"], "schema": of_shores},
        {"name": "zipped", "path": ["east.csv.gz", "west.csv.gz"], "compression": "gz", "schema": of_shores},
        {"name": "lines", "path": "rows.jsonl", "format": "jsonl", "schema": of_shores},
        {
            "name": "inline",
            "format": "json",
            "data": [["id", "lake"], [1, 7], [2, 12], [1, None], ["z", 8]],
            "schema": of_shores,
        },
        {"name": "packed", "path": "packed.csv.zip", "schema": {"fields": [{"name": "id"}], "primaryKey": ["id"]}},
        {
            "name": "escaped",
            "path": "escaped.csv",
            "dialect": {"escapeChar": "~"},
            "schema": {"fields": [{"name": "id", "type": "integer"}], "primaryKey": ["id"]},
        },
        {
            "name": "patterns",
            "path": "patterns.csv",
            "schema": {
                "fields": [
                    {"name": "id", "type": "string"},
                    {"name": "text", "type": "string", "constraints": {"pattern": "(a+)+"}},
                    {"name": "list", "type": "list", "itemType": "integer"},
                ],
                "primaryKey": ["id"],
            },
        },
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--master", "local[1]"], "--master requires --engine spark."),
        (["--engine", "spark", "--level", "structure"], "for the level 'structure', use 'polars'"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: list[str], words: str, tmp_path: Path) -> None:
    generate(tmp_path / "package", 0.001)
    done = validate(tmp_path / "package", *options)
    assert done.returncode == 2
    assert words in done.stderr
