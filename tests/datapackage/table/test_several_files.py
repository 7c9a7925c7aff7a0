"""A table of several files: its findings name the file and the line in it, and a header that files repeat is no row."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.datapackage.package.package import open_package
from readouts.datapackage.table.errors import TableError
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of
from tests.properties import examples

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

SCHEMA: dict[str, Any] = {"fields": [{"name": "depth", "type": "integer"}, {"name": "name", "type": "string"}]}
TEXTS: dict[str, Any] = {"fields": [{"name": "depth", "type": "string"}, {"name": "name", "type": "string"}]}


def package(root: Path, *contents: bytes | str, suffix: str = "csv", schema: Any = SCHEMA, **more: Any) -> Path:
    """Write a package of one table of several files: `1.csv`, `2.csv`, ..."""
    files = {f"{number}.{suffix}": content for number, content in enumerate(contents, 1)}
    resource = {"name": "lakes", "type": "table", "path": list(files), "schema": schema, **more}
    return write_package_of(root, files, [resource])


def places(root: Path) -> list[tuple[str, int | None, str | None, int | None]]:
    return [(finding.code, finding.row, finding.file, finding.line) for finding in check(root)]


def rows(root: Path) -> list[tuple[str, ...]]:
    """Return the rows as a frame has them, which are those that the reader without a library gives."""
    resource = open_package(root).resource("lakes")
    found = resource.text_table().frame.rows()
    assert [tuple(record) for record in resource.records()][1:] == found
    return found


FILES: list[tuple[list[bytes | str], dict[str, Any], list[tuple[int, str, int]]]] = [
    (["depth,name\n7,Long\n?,Loch\n", "8,Como\n?,Garda"], {}, [(2, "1.csv", 3), (4, "2.csv", 2)]),
    (["depth,name\n7,Long", "8,Como\n?,Garda", "?,Maggiore"], {}, [(3, "2.csv", 2), (4, "3.csv", 1)]),
    (["depth,name\n7,Long\n", "depth,name\n8,Como\n?,Garda\n"], {}, [(3, "2.csv", 3)]),
    (["depth,name\r\n7,Long\r\n", '"depth","name"\r\n8,"Co\r\nmo"\r\n?,Garda\r\n'], {}, [(3, "2.csv", 4)]),
    (["depth,name\n7,Long\n", "", "depth,name\n", "depth,name\n?,Garda\n"], {}, [(2, "4.csv", 2)]),
    (["7,Long\n", "8,Como\n?,Garda\n"], {"dialect": {"header": False}}, [(3, "2.csv", 2)]),
    (
        ["Lakes\ndepth,name\n7,Long\n", "More lakes\ndepth,name\n?,Garda\n"],
        {"dialect": {"headerRows": [2]}},
        [(2, "2.csv", 3)],
    ),
    (
        ["depth,name\nm,\n7,Long\n", "depth,name\nm,\n8,Como\n?,Garda\n"],
        {"dialect": {"commentRows": [2]}},
        [(4, "2.csv", 4)],
    ),
    (
        ["depth,name\n7,Long\nm,\n", "depth,name\n8,Como\nm,\n?,Garda\n"],
        {"dialect": {"commentRows": [3]}},
        [(4, "2.csv", 4)],
    ),
    (
        ["# a\ndepth,name\n7,Long\n", "# b\ndepth,name\n# c\n?,Garda\n"],
        {"dialect": {"commentChar": "#"}},
        [(2, "2.csv", 4)],
    ),
    (["depth,name\r7,Long\r", "depth,name\r?,Garda\r"], {"dialect": {"lineTerminator": "\r"}}, [(2, "2.csv", 2)]),
    (["depth;name\n7;Long\n", "depth;name\n?;Garda\n"], {"dialect": {"delimiter": ";"}}, [(2, "2.csv", 2)]),
    (["\ufeffdepth,name\n7,Long\n", "\ufeffdepth,name\n?,Garda\n"], {"encoding": "utf-8-sig"}, [(2, "2.csv", 2)]),
    (
        ["depth,name\n7,Long\n".encode("utf-16"), "depth,name\n8,Com\u00f2\n?,Garda\n".encode("utf-16")],
        {"encoding": "utf-16"},
        [(3, "2.csv", 3)],
    ),
    (
        ["depth,name\n7,Long\n".encode("utf-32-be"), "?,Garda\n".encode("utf-32-be")],
        {"encoding": "utf-32-be"},
        [(2, "2.csv", 1)],
    ),
]


@pytest.mark.parametrize(("contents", "more", "expected"), FILES)
def test_a_finding_names_its_file_and_the_line_in_it(
    tmp_path: Path, contents: list[bytes | str], more: dict[str, Any], expected: list[tuple[int, str, int]]
) -> None:
    assert places(package(tmp_path, *contents, **more)) == [("type-error", *place) for place in expected]


def test_compressed_files_are_files_like_any_other(tmp_path: Path) -> None:
    parts = [
        gzip.compress(text.encode(), mtime=0) for text in ("depth,name\n7,Long\n", "depth,name\n8,Como\n?,Garda\n")
    ]
    root = package(tmp_path / "p", *parts, suffix="csv.gz")
    assert places(root) == [("type-error", 3, "2.csv.gz", 3)]
    cut = package(tmp_path / "cut", parts[0], parts[1][:-9], suffix="csv.gz")
    assert ("scheme-error", None, "2.csv.gz", None) in places(cut)


@pytest.mark.parametrize(
    ("second", "code", "row", "line"),
    [
        ("8\n", "missing-cell", 2, 1),
        ("8,Como\n9,Iseo,Lago\n", "extra-cell", 3, 2),
        ("8,Como\n\n", "blank-row", 3, 2),
        ('8,"Co\nmo"\n7,Long\n', "primary-key", 3, 3),
        ("8,Como\n9,\n", "constraint-error", 3, 2),
        ("8,Como\n9,Lago\n", "foreign-key", 3, 2),
        ('8,"Como\n', "unterminated-quote", 2, 1),
        (b"8,Como\n9,Is\xe9o\n", "encoding-error", 3, 2),
        ("8,Como\n<<<<<<< HEAD\n9,Iseo\n=======\n", "format-error", None, 2),
    ],
)
def test_every_kind_of_finding_has_its_place(
    tmp_path: Path, second: bytes | str, code: str, row: int | None, line: int
) -> None:
    name = {"name": "name", "type": "string", "constraints": {"required": True}}
    known = [["name"], *([each] for each in ("Long", "Como", "Co\nmo", "Iseo"))]
    key = {"fields": ["name"], "reference": {"resource": "names", "fields": ["name"]}}
    schema = {"fields": [SCHEMA["fields"][0], name], "primaryKey": ["depth"], "foreignKeys": [key]}
    root = package(tmp_path, "depth,name\n7,Long\n", second, schema=schema)
    written = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    written["resources"].append({"name": "names", "type": "table", "data": known, "schema": {"fields": [name]}})
    (root / "datapackage.json").write_text(json.dumps(written), encoding="utf-8")
    assert (code, row, "2.csv", line) in places(root)
    assert {file for _, _, file, _ in places(root)} == {"2.csv"}


def test_a_wrong_header_is_one_of_the_first_file(tmp_path: Path) -> None:
    found = check(package(tmp_path, "depth,nam\n7,Long\n", "8,Como\n"))
    assert [(each.code, each.file, each.line) for each in found] == [("incorrect-label", "1.csv", 1)]


CELL = st.text(st.sampled_from('ab",\n1'), min_size=1, max_size=4)
TABLE = st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8)


def written_as(table: list[tuple[str, str]], *, header: bool) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([("depth", "name"), *table] if header else table)
    return stream.getvalue()


@pytest.mark.property
def test_a_table_is_the_same_in_one_file_in_several_and_in_several_with_a_header_each(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    @settings(max_examples=examples(60))
    @given(st.lists(TABLE, min_size=2, max_size=4), st.booleans())
    def holds(parts: list[list[tuple[str, str]]], ended: bool) -> None:
        whole = [row for part in parts for row in part]
        for again in (True, False):
            texts = [written_as(part, header=again or not number) for number, part in enumerate(parts)]
            texts = texts if ended else [text.removesuffix("\n") for text in texts]
            root = package(tmp_path_factory.mktemp("p"), *texts, schema=TEXTS)
            assert rows(root) == whole
            assert check(root) == []

    holds()


def test_a_header_that_every_file_has_is_read_once_and_the_report_says_so(tmp_path: Path, run: Run) -> None:
    root = package(tmp_path, "depth,name\n7,Long\n", "depth,name\n8,Como\n", "depth,name\n9,Iseo\n", schema=TEXTS)
    assert rows(root) == [("7", "Long"), ("8", "Como"), ("9", "Iseo")]
    done = run("validate", root, "--format", "json")
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert report["rows"] == 3
    assert {
        "name": "header of lakes",
        "by": "readouts",
        "subject": "3 files begin with it, and it was read only once",
    } in report["checks"]


@pytest.mark.parametrize(
    ("contents", "says"),
    [
        (
            ["depth,name\n7,Long\n", "depth,name\n8,Como\n", "9,Iseo\n"],
            "2.csv begins with the header again; 3.csv does not.",
        ),
        (
            ["depth,name\n7,Long\n", "8,Como\n", "depth,name\n9,Iseo\n", "depth,name\n9,Iseo\n", ""],
            "3.csv and 4.csv begin with the header again; 2.csv does not.",
        ),
    ],
)
def test_a_header_that_only_some_files_repeat_is_one_finding_and_no_row(
    tmp_path: Path, contents: list[str], says: str
) -> None:
    root = package(tmp_path, *contents)
    (found,) = check(root)
    assert (found.code, found.message) == ("format-error", says)
    assert found.hint == "Begin every file with the header, or only the first one."
    resource = open_package(root).resource("lakes")
    for read in (resource.text_table, lambda: list(resource.records())):
        with pytest.raises(TableError, match="with the header again"):
            read()


@pytest.mark.parametrize("second", ["name,depth\nComo,8\n", "Depth,Name\n8,Como\n", "depth,name,in\n8,Como,Italy\n"])
def test_a_later_file_with_another_header_is_refused(tmp_path: Path, second: str) -> None:
    (found,) = check(package(tmp_path, "depth,name\n7,Long\n", second, schema=TEXTS))
    assert (found.code, found.file, found.line) == ("format-error", "2.csv", 1)
    assert "Expected the header of 1.csv, or a row" in found.message


def test_a_row_that_has_only_some_of_the_labels_is_a_row(tmp_path: Path) -> None:
    root = package(tmp_path, "depth,name\n7,Long\n", "depth,Como\n", schema=TEXTS)
    assert check(root) == []
    assert rows(root) == [("7", "Long"), ("depth", "Como")]


@pytest.mark.parametrize(
    ("second", "code", "says"),
    [
        ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", "format-error", "a Git LFS pointer"),
        ("<html><body>", "format-error", "an HTML page"),
        ("8;Como\n9;Iseo\n", "format-error", "Expected the delimiter ','; found ';'"),
        ("8,Como\n".encode("utf-16"), "encoding-error", "the file is in UTF-16"),
        (gzip.compress(b"8,Como\n", mtime=0), "format-error", "a gzip file"),
    ],
)
def test_a_later_file_of_another_kind_is_one_finding(tmp_path: Path, second: bytes | str, code: str, says: str) -> None:
    (found,) = check(package(tmp_path, "depth,name\n7,Long\n", second))
    assert (found.code, found.file, found.line) == (code, "2.csv", 1)
    assert says in found.message
    assert not found.hint.startswith("Set")


def test_a_byte_order_mark_is_told_of_each_file_that_has_one(tmp_path: Path) -> None:
    root = package(tmp_path, "depth,name\n7,Long\n", "\ufeff8,Como\n", "\ufeff9,Iseo\n")
    assert places(root) == [("byte-order-mark", None, "2.csv", 1), ("byte-order-mark", None, "3.csv", 1)]
    assert rows(root) == [("7", "Long"), ("8", "Como"), ("9", "Iseo")]


OBJECTS = '[{"depth": 7, "name": "Long"}]', '[\n{"depth": 8, "name": "Como"},\n{"name": "Iseo",\n"depth": "?"}]'
WITH_HEADER = '[["depth", "name"],\n[7, "Long"]]', '[["depth", "name"],\n[8, "Como"],\n["?", "Iseo"]]'
WITHOUT = '[["depth", "name"],\n[7, "Long"]]', '[\n[8, "Como"],\n["?", "Iseo"]]'
LINES = '{"depth": 7, "name": "Long"}', '{"depth": 8, "name": "Como"}\n\n{"depth": "?", "name": "Iseo"}\n'


@pytest.mark.parametrize(
    ("suffix", "contents", "place"),
    [
        ("json", OBJECTS, (3, "2.json", 4)),
        ("json", WITH_HEADER, (3, "2.json", 3)),
        ("json", WITHOUT, (3, "2.json", 3)),
        ("jsonl", LINES, (3, "2.jsonl", 3)),
    ],
)
def test_tables_in_json_may_have_several_files_too(
    tmp_path: Path, suffix: str, contents: tuple[str, str], place: tuple[int, str, int]
) -> None:
    assert places(package(tmp_path, *contents, suffix=suffix)) == [("type-error", *place)]


def test_a_thousand_files_are_open_one_after_the_other(tmp_path: Path) -> None:
    import resource as limits

    soft, hard = limits.getrlimit(limits.RLIMIT_NOFILE)
    limits.setrlimit(limits.RLIMIT_NOFILE, (min(soft, 256), hard))
    try:
        root = package(tmp_path, "depth,name\n7,Long\n", *["8,Como\n"] * 400)
        assert check(root) == []
    finally:
        limits.setrlimit(limits.RLIMIT_NOFILE, (soft, hard))


def test_errors_of_all_readers_name_the_file_and_the_line_in_it(tmp_path: Path) -> None:
    resource = open_package(package(tmp_path, "depth,name\n7,Long\n", "8,Como\n9\n")).resource("lakes")
    for read in (resource.text_table, lambda: list(resource.records())):
        with pytest.raises(TableError, match=r"2\.csv, line 2"):
            read()


def test_an_export_has_no_row_for_a_repeated_header(tmp_path: Path, run: Run) -> None:
    root = package(tmp_path / "p", "depth,name\n7,Long\n", "depth,name\n8,Como\n")
    assert run("export", root, "--to", "jsonl", "--output", tmp_path / "out").returncode == 0
    written = (tmp_path / "out" / "jsonl" / "lakes.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["name"] for line in written.splitlines()] == ["Long", "Como"]
