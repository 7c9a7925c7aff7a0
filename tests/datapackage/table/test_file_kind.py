"""What a file is, told by its first bytes; and files of JSON that a package is described by."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from readouts.datapackage.table.file_kind import conflict_in, file_fault, is_conflict_marker
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run


def archive(name: str, content: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as written:
        written.writestr(name, content)
    return stream.getvalue()


TABLE = "name,depth\nLoch Ness,230\n"
KINDS = {
    "a Git LFS pointer": [
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00ff\nsize 9\n",
        b"version https://git-lfs.github.com/spec/v1\r\noid sha256:00ff\r\nsize 9\r\n",
    ],
    "an HTML page": [
        b"<!DOCTYPE html>\n<html>",
        b"\n\t <html lang='en'>",
        b"<!-- saved, from -->\r\n<!doctype HTML PUBLIC '-//W3C//DTD'>",
        b'<?xml version="1.0"?>\n<!DOCTYPE html><html>',
        b"\xef\xbb\xbf<HTML>",
        b"<head><title>Not found</title>",
    ],
    "an XML document": [b'<?xml version="1.0"?>\n<lakes>', b"<Error><Code>NoSuchKey</Code></Error>"],
    "JSON": [b'[{"name": "Loch Ness"}]', b'{"name": "Loch Ness"}\n{"name": "Como"}\n', b'[{"name": "Loch N'],
    "a gzip file": [gzip.compress(TABLE.encode(), mtime=0)],
    "a ZIP archive": [archive("lakes.csv", TABLE)],
    "a spreadsheet": [archive("[Content_Types].xml"), archive("mimetype", "application/vnd.oasis.opendocument")],
    "an Excel workbook": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)],
    "a PDF document": [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"],
    "a Parquet file": [b"PAR1\x15\x04\x15\x1e"],
    "an SQLite database": [b"SQLite format 3\x00\x10\x00\x01\x01"],
    "in UTF-16": [TABLE.encode("utf-16"), b"\xfe\xff" + TABLE.encode("utf-16-be")],
    "in UTF-16-LE": [TABLE.encode("utf-16-le")],
    "in UTF-16-BE": [TABLE.encode("utf-16-be")],
    "in UTF-32": [TABLE.encode("utf-32")],
    "in UTF-32-LE": [TABLE.encode("utf-32-le")],
    "in UTF-32-BE": [TABLE.encode("utf-32-be")],
}


@pytest.mark.parametrize(("what", "head"), [(what, head) for what, heads in KINDS.items() for head in heads])
def test_a_file_of_another_kind_is_named_with_what_to_do(what: str, head: bytes) -> None:
    fault = file_fault(head, "CSV")
    assert fault is not None
    assert str(fault).endswith(f"; the file is {what}.")
    assert fault.hint.endswith(".")


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"name\n",
        TABLE.encode(),
        b"\xef\xbb\xbf" + TABLE.encode(),
        "Name;Tiefe\nM\u00fcggelsee;8\n".encode("latin-1"),
        "\u6e56\u540d,\u6df1\u3055\n\u7435\u7436\u6e56,104\n".encode(),
        b"[name],{depth}\n1,2\n",
        b"<name>,depth\n1,2\n",
        b"a < b,b > c\n1,2\n",
        b"version,https\n1,2\n",
        b"sep=a,b\n1,2\n",
        b"sep\n1\n",
        b"name,note\nLong,\0\n",
        b"<<<<<<<,depth\n1,2\n",
        b"PKname,depth\n1,2\n",
        b"PARIS,depth\n1,2\n",
    ],
)
def test_a_table_is_not_taken_for_anything_else(head: bytes) -> None:
    assert file_fault(head, "CSV") is None


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (TABLE.encode("utf-16"), "utf-16"),
        (TABLE.encode("utf-16"), "utf-16le"),
        (TABLE.encode("utf-16-be"), "utf_16_be"),
        (TABLE.encode("utf-32-le"), "utf-32-le"),
        ("\u6e56\u540d,\u6df1\u3055\n".encode("utf-16-le"), "utf-16-le"),
        (TABLE.encode(), "windows-1252"),
    ],
)
def test_a_file_in_the_encoding_of_its_descriptor_is_not_blamed_for_it(head: bytes, encoding: str) -> None:
    assert file_fault(head, "CSV", encoding) is None


@pytest.mark.parametrize(
    ("head", "encoding", "right"),
    [
        (TABLE.encode(), "utf-16", "utf-8"),
        (TABLE.encode(), "utf-32-le", "utf-8"),
        (TABLE.encode("utf-16-be"), "utf-16", "utf-16-be"),
        (TABLE.encode("utf-16-le"), "utf-16", "utf-16-le"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16-le", "utf-16"),
        (TABLE.encode("utf-16"), "latin-1", "utf-16"),
    ],
)
def test_a_file_in_another_encoding_is_told_the_right_one(head: bytes, encoding: str, right: str) -> None:
    fault = file_fault(head, "CSV", encoding)
    assert fault is not None
    assert (fault.code, fault.hint.partition(",")[0].rstrip(".")) == ("encoding-error", f'Set `encoding` to "{right}"')
    assert head.decode(right).startswith("name")


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=,\r\n", '"sep=\t"\n', "\ufeffsep=|\n"])
def test_the_line_that_tells_excel_the_delimiter_is_recognised(line: str) -> None:
    fault = file_fault(f"{line}name;depth\n".encode(), "CSV")
    assert fault is not None
    assert "only Excel understands" in str(fault)


def test_a_marker_of_a_conflict_has_seven_signs_and_a_name() -> None:
    markers = ["<<<<<<< HEAD", "||||||| 1a2b3c", "=======", ">>>>>>> topic (More, and more)\r\n"]
    assert all(map(is_conflict_marker, markers))
    others = ["<<<<<<<", "<<<<<<<<", "<<<<<<HEAD", "======", "======= x", "========", " <<<<<<< HEAD", ""]
    assert not any(map(is_conflict_marker, others))


def test_the_line_of_the_first_conflict_in_a_text_is_told() -> None:
    fault = conflict_in('{\n"a": 1,\n<<<<<<< HEAD\n"b": 2\n=======\n"b": 3\n>>>>>>> topic\n}')
    assert fault is not None
    assert fault.line == 3
    assert conflict_in('{"a": "<<<<<<< HEAD"}') is None


SCHEMA = '{"fields": [\n<<<<<<< HEAD\n{"name": "depth"}\n=======\n{"name": "level"}\n>>>>>>> topic\n]}'
RESOURCE = {"name": "lakes", "path": "lakes.csv", "schema": "schema.json"}


def test_a_conflict_in_the_descriptor_or_a_schema_is_named_with_its_line(tmp_path: Path, run: Run) -> None:
    files: dict[str, bytes | str] = {"lakes.csv": "depth\n1\n", "schema.json": SCHEMA}
    root = write_package_of(tmp_path / "p", files, [RESOURCE])
    found = json.loads(run("validate", root, "--format", "json").stdout)["incidents"]
    assert [(each["code"], each["field"]) for each in found] == [("resource-error", "schema")]
    assert "line 2: Expected no conflict; found the Git conflict marker '<<<<<<< HEAD'." in found[0]["message"]
    (root / "datapackage.json").write_text(f'{{"name": "lakes",\n"resources": {SCHEMA}}}', encoding="utf-8")
    done = run("validate", root)
    assert done.returncode == 2
    assert "line 3: Expected no conflict; found the Git conflict marker '<<<<<<< HEAD'." in done.stderr


def test_a_descriptor_that_was_not_downloaded_says_so(tmp_path: Path, run: Run) -> None:
    (tmp_path / "datapackage.json").write_bytes(KINDS["a Git LFS pointer"][0])
    done = run("validate", tmp_path)
    assert done.returncode == 2
    assert "the file is a Git LFS pointer. Run `git lfs pull`." in done.stderr
