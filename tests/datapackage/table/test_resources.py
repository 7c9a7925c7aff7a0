"""Where the bytes of a table come from: archives, encodings, several files, the descriptor; and what is told."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from hashlib import md5, sha1, sha256, sha512
from typing import TYPE_CHECKING, Any

import pytest

from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.findings import Findings
from readouts.datapackage.package.package import open_package
from readouts.datapackage.validation.start import begin
from readouts.datapackage.validation.validator import check_package
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]}
TEXT = "a,b\n1,\u00e9t\u00e9\n2,\u20acuro\nx,\U0001f600\n"
EXPECTED = [("type-error", 3, 4, "x")]


def places(root: Path) -> list[tuple[str, int | None, int | None, str | None]]:
    return [(finding.code, finding.row, finding.line, finding.value) for finding in check(root)]


def table(path: str | list[str], **more: Any) -> dict[str, Any]:
    return {"name": "t", "type": "table", "path": path, "schema": SCHEMA, **more}


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.csv", data)
    return stream.getvalue()


DATA = TEXT.encode()


@pytest.mark.parametrize(
    ("path", "content", "more"),
    [
        ("t.csv.gz", gzip.compress(DATA, mtime=0), {}),
        ("t.csv.gz", gzip.compress(DATA[:9], mtime=0) + gzip.compress(DATA[9:], mtime=0), {}),
        ("t.csv", gzip.compress(DATA, mtime=0), {"compression": "gz"}),
        ("t.csv.zip", zipped(t=DATA), {}),
        ("t.csv.zip", zipped(other=b"x", t=DATA), {"innerpath": "t.csv"}),
        ("t.csv.zip", zipped(t=DATA, **{"__MACOSX/._t": b"x"}), {}),
        ("t.csv", TEXT.encode("utf-16"), {"encoding": "utf-16"}),
        ("t.csv", TEXT.encode("utf-16-le"), {"encoding": "utf-16-le"}),
        ("t.csv", TEXT.encode("utf-8-sig"), {"encoding": "utf-8-sig"}),
        ("t.csv", TEXT.replace("\U0001f600", "!").encode("cp1252"), {"encoding": "windows-1252"}),
        ("t.tsv", TEXT.replace(",", "\t").encode(), {}),
        ("t.csv", TEXT.replace("\n", "\r").encode(), {"dialect": {"lineTerminator": "\r"}}),
        ("t.csv", TEXT.replace("\n", "\r\n").encode(), {}),
        ("t.csv", TEXT.replace(",", ";").encode(), {"dialect": {"delimiter": ";"}}),
        ("t.dat", DATA, {"format": "csv"}),
    ],
)
def test_a_table_is_read_however_it_is_packed_and_written(
    tmp_path: Path, path: str, content: bytes, more: dict[str, Any]
) -> None:
    assert places(write_package_of(tmp_path / "p", {path: content}, [table(path, **more)])) == EXPECTED


def test_several_files_are_one_table_whose_header_is_in_the_first(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {"1.csv": "a,b\n1,x\n2,y", "2.csv": "3,z\nx,w\n", "3.csv": "5,v"}
    root = write_package_of(tmp_path / "p", files, [table(sorted(files))])
    found = check(root)
    assert [(finding.row, finding.file, finding.line, finding.value) for finding in found] == [(4, "2.csv", 2, "x")]


@pytest.mark.parametrize("algorithm", [md5, sha1, sha256, sha512])
def test_the_hash_and_size_are_those_of_the_file_as_it_lies_there(tmp_path: Path, algorithm: Any) -> None:
    packed = gzip.compress(DATA.replace(b"x", b"3"))
    name = algorithm().name
    told = algorithm(packed).hexdigest()
    for written in (f"{name}:{told}", told) if name == "md5" else (f"{name}:{told}",):
        good = table("t.csv.gz", hash=written, bytes=len(packed))
        assert check(write_package_of(tmp_path / written[:6], {"t.csv.gz": packed}, [good])) == []
    bad = table("t.csv.gz", hash=f"{name}:{told[:-1]}{'0' if told[-1] != '0' else '1'}", bytes=len(packed) + 1)
    found = check(write_package_of(tmp_path / "bad", {"t.csv.gz": packed}, [bad]))
    assert sorted(finding.code for finding in found) == ["byte-count", "hash-count"]


@pytest.mark.parametrize(
    "data",
    [
        [["a", "b"], [1, "x"], ["2", None], ["x", ""]],
        [{"a": 1, "b": "x"}, {"b": "y", "a": "2"}, {"a": "x"}],
        [{"a": 1, "b": "x"}, {"a": 2.5, "b": "y"}, {"a": True, "b": "y"}],
    ],
)
def test_rows_in_the_descriptor_are_checked_like_those_of_a_file(tmp_path: Path, data: Any) -> None:
    wrong = [row for row, value in enumerate((row["a"] if isinstance(row, dict) else row[0]) for row in data) if
             (value == "x" or isinstance(value, float | bool))]  # fmt: skip
    first = 0 if isinstance(data[0], dict) else -1
    for root in (
        write_package_of(tmp_path / "inline", {}, [{"name": "t", "type": "table", "data": data, "schema": SCHEMA}]),
        write_package_of(tmp_path / "file", {"t.json": json.dumps(data)}, [table("t.json")]),
    ):
        found = check(root)
        assert {finding.code for finding in found} == {"type-error"}
        assert [finding.row for finding in found] == [row + 1 + first for row in wrong]


def test_a_missing_value_of_the_dialect_is_one_in_every_column(tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "integer", "missingValues": ["-"]}, {"name": "b", "type": "integer"}]
    resource = table("t.csv", dialect={"nullSequence": "\\N"}) | {"schema": {"fields": fields}}
    root = write_package_of(tmp_path / "p", {"t.csv": "a,b\n\\N,\\N\n-,\nx,-\n"}, [resource])
    assert [(finding.row, finding.field) for finding in check(root)] == [(3, "a"), (3, "b")]


def test_only_the_structure_is_checked_where_that_is_asked_for(tmp_path: Path) -> None:
    root = write_package_of(tmp_path / "p", {"t.csv": "a,b\nx,1\n1\n"}, [table("t.csv")])
    assert {finding.code for finding in check(root)} == {"type-error", "missing-cell"}
    assert {finding.code for finding in check(root, content=False)} == {"missing-cell"}


def test_what_is_held_back_is_counted(tmp_path: Path) -> None:
    root = write_package_of(tmp_path / "p", {"t.csv": "a,b\n" + "x,1\n" * 700 + "1\n" * 300}, [table("t.csv")])
    for limit in (0, 1, 5, 1000, None):
        findings = Findings(limit)
        check_package(begin(open_package(root), ask_frictionless=False), findings)
        assert findings.counts == {"type-error": 700, "missing-cell": 300}
        kept = [found.code for found in findings.incidents]
        assert kept.count("type-error") == (700 if limit is None else min(700, limit))
        assert kept.count("missing-cell") == (300 if limit is None else min(300, limit))
        rows = [found.row for found in findings.incidents if found.code == "type-error"]
        assert rows == list(range(1, len(rows) + 1))


def test_findings_of_different_checks_are_counted_together() -> None:
    findings = Findings(2)
    findings.add(incident("type-error", "a"))
    findings.merge({"type-error": 5, "blank-row": 1}, [incident("type-error", "b"), incident("blank-row", "c")])
    findings.extend([incident("type-error", "d")])
    assert findings.counts == {"type-error": 7, "blank-row": 1}
    assert [found.message for found in findings.incidents] == ["a", "b", "c"]


@pytest.mark.slow
def test_what_was_found_before_a_file_broke_off_is_kept_with_its_place(tmp_path: Path) -> None:
    # 48 megabytes, several blocks; the pipe breaks in the last of them.
    packed = gzip.compress(DATA + b"4,x\n" * 12_000_000, compresslevel=1)
    root = write_package_of(tmp_path / "p", {"t.csv.gz": packed[:-100]}, [table("t.csv.gz")])
    assert [(finding.code, finding.row) for finding in check(root)] == [("scheme-error", None), ("type-error", 3)]
    findings = Findings()
    check_package(begin(open_package(root), ask_frictionless=False), findings)
    assert sum(findings.counts.values()) == len(findings.incidents)


@pytest.mark.parametrize("encoding", ["utf-7", "raw_unicode_escape"])
def test_half_a_character_is_an_encoding_error(tmp_path: Path, encoding: str) -> None:
    half = {"utf-7": b"+2AA-", "raw_unicode_escape": rb"\ud800"}[encoding]
    root = write_package_of(tmp_path, {"t.csv": b"a,b\n1," + half + b"\n"}, [table("t.csv", encoding=encoding)])
    assert [code for code, *_ in places(root)] == ["encoding-error"]


def test_rows_in_json_may_hold_every_line_separator_of_unicode(tmp_path: Path) -> None:
    text = '{"a": 1, "b": "x\u2028y\u0085z"}\n \n{"a": 2, "b": "z"}\n'
    root = write_package_of(tmp_path, {"t.ndjson": text}, [table("t.ndjson", format="ndjson")])
    assert places(root) == []
