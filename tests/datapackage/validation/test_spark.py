"""Both engines find the same: what Polars finds in a package, Spark finds by the same expressions, and reverse.

Three kinds are not the same, and can't be. Spark's reader skips blank rows without a word, and mends quotes that stand
where none may: it finds neither, and the report says so. And for bytes that are no text it puts one mark for several.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from benchmarks.defects import KINDS
from benchmarks.generate import generate

READOUTS = Path(sys.executable).with_name("readouts")
UNSEEN = {"blank-row", "stray-quote"}
needs_spark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("pyspark") is None, reason="PySpark is not installed (the extra 'spark')"),
    pytest.mark.skipif(
        shutil.which("java") is None and "JAVA_HOME" not in os.environ, reason="there is no Java, which Spark runs on"
    ),
]
QUICK = """\
spark.driver.memory 1g
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.sql.adaptive.enabled false
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
"""
"""Settings for a Spark that works little and starts soon."""


def validate(
    root: Path, *options: str, settings: str = QUICK, program: tuple[str | Path, ...] = (READOUTS,)
) -> subprocess.CompletedProcess[str]:
    folder = root.parent / "spark"
    folder.mkdir(exist_ok=True)
    (folder / "spark-defaults.conf").write_text(settings, encoding="utf-8")
    return subprocess.run(
        [*program, "validate", root, *options],
        env=os.environ | {"SPARK_CONF_DIR": str(folder)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


def report(root: Path, *options: str, status: int, **how: Any) -> dict[str, Any]:
    done = validate(root, "--format", "json", "--limit", "0", *options, **how)
    assert done.stderr == ""
    assert done.returncode == status, done.stdout
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def incidents(found: dict[str, Any]) -> Counter[tuple[Any, ...]]:
    """How often there is an incident of this code, table, field, key and value."""
    listed = []
    for each in found["incidents"]:
        value = re.sub(r"\?+", "?", each["value"]) if each["code"] == "encoding-error" else each["value"]
        listed.append((each["code"], each["table"], each["field"], tuple(each["key"] or ()), value))
    return Counter(listed)


class TestSpark:
    pytestmark = needs_spark

    def test_every_planted_defect_is_found_by_both(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        truths = generate(root, 0.003, defects=2 * len(KINDS))
        polars = incidents(report(root, status=1))
        found = report(root, "--engine", "spark", status=1)
        spark = incidents(found)
        assert spark == Counter({each: count for each, count in polars.items() if each[0] not in UNSEEN})
        assert Counter(truth.code for truth in truths) - Counter(found["counts"]) == Counter(
            truth.code for truth in truths if truth.code in UNSEEN
        )
        assert {each["row"] for each in found["incidents"]} == {None}
        assert any("not reported by Spark: blank rows, stray quotes" in check["name"] for check in found["checks"])

    def test_a_clean_package_is_valid_on_both(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        generate(root, 0.001)
        polars, spark = report(root, status=0), report(root, "--engine", "spark", "--master", "local[1]", status=0)
        assert polars["valid"]
        assert spark["valid"]
        assert polars["rows"] == spark["rows"]

    def test_what_is_written_in_other_ways_is_read_by_both_alike(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        root.mkdir()
        resources = odd(root)
        write(root, resources)
        polars, spark = report(root, status=1), report(root, "--engine", "spark", status=1)
        assert incidents(spark) == incidents(polars)
        assert {"primary-key", "foreign-key", "type-error", "constraint-error"} <= set(spark["counts"])

    def test_what_spark_does_not_read_is_said(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        root.mkdir()
        with zipfile.ZipFile(root / "lakes.csv.zip", "w") as archive:
            archive.writestr("lakes.csv", "id\n1\n")
        (root / "_lakes.csv").write_bytes(b"id\n1\n")
        (root / "escaped.csv").write_bytes(b"id\n1\n")
        schema = {"fields": [{"name": "id", "type": "integer"}]}
        write(
            root,
            [
                {"name": "packed", "path": "lakes.csv.zip", "format": "csv", "schema": schema},
                {"name": "hidden", "path": "_lakes.csv", "schema": schema},
                {"name": "escaped", "path": "escaped.csv", "dialect": {"escapeChar": "~"}, "schema": schema},
            ],
        )
        assert report(root, status=0)["valid"]
        found = report(root, "--engine", "spark", status=2)
        assert found["state"] == "not checked"
        assert [(each["code"], each["table"]) for each in found["incidents"]] == [
            ("unsupported-feature", "escaped"),
            ("unsupported-feature", "hidden"),
            ("unsupported-feature", "packed"),
        ]
        assert {each["hint"] for each in found["incidents"]} == {"Check it with --engine polars."}

    def test_little_comes_back_to_the_driver_however_much_is_found(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        generate(root, 0.05, defects=4 * len(KINDS))
        table = root / "entities.csv"
        # A finding in every row, of which all are shown.
        table.write_bytes(table.read_bytes().replace(b",state,", b",realm,").replace(b",person,", b",being,"))
        polars = incidents(report(root, status=1))
        # Spark gives up a job whose results are larger than this: the values of the patterns alone are.
        spark = report(root, "--engine", "spark", status=1, settings=f"{QUICK}spark.driver.maxResultSize 400k\n")
        assert incidents(spark) == Counter({each: count for each, count in polars.items() if each[0] not in UNSEEN})

    @pytest.mark.parametrize("table", ["articles", "relations"])
    def test_a_spark_that_dies_is_no_verdict_on_what_it_had_to_check(self, tmp_path: Path, table: str) -> None:
        root = tmp_path / "package"
        generate(root, 0.001)
        path = root / "articles.csv"
        path.write_bytes(path.read_bytes().replace(b",press,", b",pressed,", 1))
        found = report(root, "--engine", "spark", status=2, program=(sys.executable, "-c", DYING, table))
        assert found["state"] == "not checked"
        assert found["counts"]["check-failed"] >= 1
        assert set(found["counts"]) <= {"check-failed", "constraint-error", "byte-count", "hash-count"}
        assert ("constraint-error" in found["counts"]) is (table == "relations")
        assert {each["hint"] for each in found["incidents"] if each["code"] == "check-failed"} == {
            "Check it with --engine polars."
        }

    def test_a_master_that_is_not_there_is_said_in_a_sentence(self, tmp_path: Path) -> None:
        root = tmp_path / "package"
        generate(root, 0.001)
        done = validate(root, "--engine", "spark", "--master", "nowhere")
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith("readouts: Expected to start Spark with the master 'nowhere'; it didn't: ")
        assert done.stderr.count("\n") == 1


DYING = """
import os, signal, sys
from pyspark import SparkContext
from readouts.datapackage.validation.spark import validator
table = sys.argv.pop(1)
check = validator._Reader._checked
def dying(reader, *rest):
    if reader.resource.name == table:
        os.kill(SparkContext._gateway.proc.pid, signal.SIGKILL)
    return check(reader, *rest)
validator._Reader._checked = dying
from readouts.cli import main
main()
"""
"""The command line, whose Java is killed when it comes to a table."""


def write(root: Path, resources: list[dict[str, Any]]) -> None:
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "odd",
        "resources": [{"type": "table", "format": "csv"} | resource for resource in resources],
    }
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def odd(root: Path) -> list[dict[str, Any]]:
    """Write files in less usual ways, with a defect or more in each; return their resources."""
    # Lines that end in CRLF, cells of several lines, and numbers that are the same in other digits.
    (root / "lakes [1]{a}.csv").write_bytes(
        b'id,name,depth\r\n7,"Long\r\nLake",3\r\n007,Twice,4.50\r\n8,"a ""b""",x\r\n9,,4.5\r\n10,short\r\n'
    )
    # Two files of one resource, in another encoding and with other delimiters; no line end after the last row.
    (root / "first.csv").write_bytes("id;lake;note\n1;07;é\n2;8;\n".encode("latin-1"))
    (root / "second.csv").write_bytes("3;'11';'a;b'\n4;;''".encode("latin-1"))
    # Two files that each have the header.
    (root / "north.csv").write_bytes(b"id,lake\n1,7\n2,8\n")
    (root / "south.csv").write_bytes(b'"id","lake"\r\n2,7\r\nz,9\r\n')
    long = "a" * 5_000
    (root / "patterns.csv").write_bytes(f'id,text,list\na,{long}!,\nb,aaa,"{"1," * 4_000}x"\n'.encode())
    return [
        {
            "name": "lakes",
            "path": "lakes [1]{a}.csv",
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
        {
            "name": "shores",
            "path": ["north.csv", "south.csv"],
            "schema": {"fields": [{"name": "id", "type": "integer"}, {"name": "lake"}], "primaryKey": ["id"]},
        },
        {
            "name": "inline",
            "format": "json",
            "data": [["id", "lake"], [1, 7], [2, 12], [1, None], ["z", 8]],
            "schema": {
                "fields": [{"name": "id", "type": "integer"}, {"name": "lake", "type": "integer"}],
                "primaryKey": ["id"],
                "foreignKeys": [{"fields": ["lake"], "reference": {"resource": "lakes", "fields": ["id"]}}],
            },
        },
        {
            # To Java's engine, this pattern means years, and a list as long as this one the end of its stack.
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
