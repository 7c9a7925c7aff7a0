"""A file that is not the table that its descriptor says is one finding with the cause, and a table is left alone."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.package.package import open_package
from readouts.datapackage.table.errors import TableError
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

LAKES = "name,depth\nComo,425\nIseo,251\n"


def package(root: Path, content: bytes | str, path: str = "lakes.csv", *fields: str, **more: Any) -> Path:
    kinds = [each.partition(":") for each in fields or ("name:string", "depth:integer")]
    schema = {"fields": [{"name": name, "type": kind} for name, _, kind in kinds]}
    return write_package_of(root, {path: content}, [{"name": "lakes", "path": path, "schema": schema, **more}])


def zipped(content: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("lakes.csv", content)
    return stream.getvalue()


CONFLICT = "<<<<<<< HEAD\nComo,425\n=======\nComo,410\n>>>>>>> topic (Correct Como, and Iseo)\n"
WRONG: dict[str, tuple[bytes | str, dict[str, Any], int, str]] = {
    "pointer": ("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", {}, 1, "a Git LFS pointer"),
    "page": ("\n<!-- gone -->\n<html><title>404, gone</title></html>\n", {}, 1, "an HTML page"),
    "json": (json.dumps([{"name": "Como", "depth": 425}] * 500), {}, 1, "the file is JSON"),
    "archive": (zipped(LAKES), {}, 1, "a ZIP archive"),
    "gzip": (gzip.compress(LAKES.encode(), mtime=0), {}, 1, "a gzip file"),
    "excel": ("sep=;\nname;depth\nComo;425\n", {"dialect": {"delimiter": ";"}}, 1, "only Excel understands"),
    "comma": ("sep=,\r\n" + LAKES, {}, 1, "only Excel understands"),
    "conflict": (LAKES + CONFLICT + "Garda,346\n", {}, 4, "marker '<<<<<<< HEAD'"),
    "conflict with CRLF": ((LAKES + CONFLICT).replace("\n", "\r\n"), {}, 4, "marker '<<<<<<< HEAD'"),
    "conflict in the header": (CONFLICT + LAKES, {}, 1, "marker '<<<<<<< HEAD'"),
    "conflict of three": (
        LAKES + "<<<<<<< HEAD\nComo,1\n||||||| base\nComo,2\n=======\nComo,3\n>>>>>>> topic\n",
        {},
        4,
        "marker '<<<<<<< HEAD'",
    ),
    "end of a conflict": (LAKES + ">>>>>>> topic\nGarda,346\n", {}, 4, "marker '>>>>>>> topic'"),
    "conflict without a header": (CONFLICT, {"dialect": {"header": False}}, 1, "marker '<<<<<<< HEAD'"),
    "conflict far below": ("name,depth\n" + "Como,425\n" * 300_000 + CONFLICT, {}, 300_002, "marker '<<<<<<< HEAD'"),
}


@pytest.mark.parametrize(("content", "more", "line", "says"), WRONG.values(), ids=WRONG)
def test_a_file_that_is_not_the_table_is_one_finding_with_the_cause(
    tmp_path: Path, content: bytes | str, more: dict[str, Any], line: int, says: str
) -> None:
    root = package(tmp_path, content, **more)
    (finding,) = check(root)
    assert (finding.code, finding.line) == ("format-error", line)
    assert says in finding.message
    resource = open_package(root).resource("lakes")
    for read in (resource.text_table, lambda: list(resource.records())):
        with pytest.raises(TableError, match=f"line {line:,}"):
            read()


@pytest.mark.parametrize("kind", ["string", "integer"])
def test_a_conflict_in_a_table_of_one_column_is_found_by_its_three_markers(tmp_path: Path, kind: str) -> None:
    text = "depth\n1\n<<<<<<< HEAD\n2\n=======\n3\n>>>>>>> topic\n"
    root = package(tmp_path, text, "lakes.csv", f"depth:{kind}")
    (finding,) = check(root)
    assert (finding.code, finding.line) == ("format-error", 3)
    with pytest.raises(TableError, match="line 3"):
        list(open_package(root).resource("lakes").records())


@pytest.mark.parametrize(
    ("text", "fields", "more"),
    [
        ('name,depth\n"a\n<<<<<<< HEAD\n=======\n>>>>>>> b\n",1\n', ["name:string", "depth:integer"], {}),
        ('name,depth\n"<<<<<<< HEAD",1\n', ["name:string", "depth:integer"], {}),
        ('line\na\n"<<<<<<< HEAD"\nb\n"======="\nc\n">>>>>>> topic"\n', ["line:string"], {}),
        ("line\na\n<<<<<<< HEAD\nb\n=======\n", ["line:string"], {}),
        ("line\nversion https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n", ["line:string"], {}),
        ("line\n<html>\n", ["line:string"], {}),
        ("<html>\n1\n", ["<html>:integer"], {}),
        ("sep=;\n1\n", ["sep=;:integer"], {}),
        ("sep=;\n", ["line:string"], {"dialect": {"header": False}}),
        ("sep=;\nname;depth\nComo;425\n", ["name:string", "depth:integer"],
         {"dialect": {"delimiter": ";", "headerRows": [2]}}),
        ("|||||||\n||||||| x\n", [f"{name}:string" for name in "abcdefgh"],
         {"dialect": {"delimiter": "|", "header": False}}),
        ("[1]\n2\n", ["[1]:integer"], {}),
        ("PK\x03\x04\n2\n", ["PK\x03\x04:integer"], {}),
        ("%PDF-1.4\n2\n", ["%PDF-1.4:integer"], {}),
    ],
)  # fmt: skip
def test_a_table_that_matches_its_schema_is_not_suspected(
    tmp_path: Path, text: str, fields: list[str], more: dict[str, Any]
) -> None:
    root = package(tmp_path, text, "lakes.csv", *fields, **more)
    assert check(root) == []
    resource = open_package(root).resource("lakes")
    assert [tuple(record) for record in resource.records()][1:] == resource.text_table().frame.rows()


def test_a_line_of_equals_signs_is_a_row_without_its_cells(tmp_path: Path) -> None:
    found = check(package(tmp_path, LAKES + "=======\n"))
    assert {finding.code for finding in found} == {"missing-cell"}


def test_a_header_that_is_only_wrong_is_judged_as_ever(tmp_path: Path) -> None:
    found = check(package(tmp_path, "names,depth\nComo,425\n"))
    assert [finding.code for finding in found] == ["incorrect-label"]


@pytest.mark.parametrize(
    ("content", "more"),
    [
        (zipped(LAKES), {"compression": "zip"}),
        (gzip.compress(LAKES.encode(), mtime=0), {"compression": "gz"}),
        (json.dumps([{"name": "Como", "depth": 425}]), {"format": "json"}),
        ('{"name": "Como", "depth": 425}\n{"name": "Iseo", "depth": 251}\n', {"format": "jsonl"}),
        (LAKES.encode("utf-16"), {"encoding": "utf-16"}),
        (LAKES.encode("utf-32-be"), {"encoding": "utf-32-be"}),
    ],
)
def test_the_hint_says_what_makes_the_package_valid(
    tmp_path: Path, run: Run, content: bytes | str, more: dict[str, str]
) -> None:
    (finding,) = check(package(tmp_path / "before", content))
    ((name, value),) = more.items()
    assert f'Set `{name}` to "{value}"' in finding.hint
    assert check(package(tmp_path / "after", content, **more)) == []
    done = run("validate", tmp_path / "after")
    assert done.returncode == 0, done.stdout


def test_a_reference_to_a_table_that_is_not_one_is_left_open(tmp_path: Path) -> None:
    key = {"fields": ["lake"], "reference": {"resource": "lakes", "fields": ["name"]}}
    visits = {"fields": [{"name": "lake", "type": "string"}], "foreignKeys": [key]}
    root = package(tmp_path, WRONG["pointer"][0])
    descriptor = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"].append({"name": "visits", "type": "table", "data": [["lake"], ["Como"]], "schema": visits})
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert [(finding.code, finding.table) for finding in check(root)] == [("format-error", "lakes")]
