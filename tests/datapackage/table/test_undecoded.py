"""Bytes that can't be decoded are named with their place and the encoding, and never become text."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.datapackage.table.undecoded import UNDECODED, escaped, named
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of
from tests.properties import examples

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.incident import Incident
    from tests.conftest import Run

SCHEMA = {"fields": [{"name": "name"}, {"name": "note"}]}


def found(root: Path, data: bytes, path: str = "t.csv", **more: str) -> list[Incident]:
    return check(write_package_of(root, {path: data}, [{"name": "t", "path": path, "schema": SCHEMA, **more}]))


@settings(max_examples=examples(200))
@given(st.binary(min_size=1, max_size=4), st.text(st.characters(exclude_categories=["Cs"]), max_size=3))
def test_escaped_bytes_are_not_utf_8_whatever_follows_and_are_named(data: bytes, text: str) -> None:
    written = (text + escaped(data) + text).encode("utf-8", "surrogateescape")
    read = written.decode("utf-8", "surrogateescape")
    assert (read, UNDECODED.sub("", read)) == (text + escaped(data) + text, text * 2)
    numbers = " ".join(f"0x{byte:02X}" for byte in data)
    assert f" {numbers} as character {len(text) + 1} of" in named(read, "ascii")


@pytest.mark.parametrize(
    ("data", "encoding", "line", "says"),
    [
        (b"name,note\na,b\nIs\xe9o,c\n", "utf-8", 3, "text in utf-8; found the byte 0xE9 as character 3 of 'Is?o'."),
        (b'name,note\n"a\nb",c\nd,"e\nf\xff"\n', "utf-8", 4, "found the byte 0xFF as character 4 of 'e\\nf?'."),
        (b"name,note\na,\xe2\x82", "utf-8", 2, "found the bytes 0xE2 0x82 as character 1 of '??'."),
        ("name,note\na,caf\u00e9\n".encode(), "ascii", 2, "text in ascii; found the bytes 0xC3 0xA9 as character 4"),
        (b"name,note\na,b\x81c\n", "windows-1252", 2, "text in windows-1252; found the byte 0x81 as character 2"),
        (b"name,note\na,\x81\n", "shift_jis", 2, "found the byte 0x81 as character 1"),
        ("name,note\na,b".encode("utf-16-le") + b"\x3d\xd8\n\0", "utf-16-le", 2, "the bytes 0x3D 0xD8 as character 2"),
        (b"name,note\na,+2AA-\n", "utf-7", 2, "found bytes that are not text in '?'"),
    ],
)  # fmt: skip
def test_a_finding_names_byte_place_and_encoding(
    tmp_path: Path, data: bytes, encoding: str, line: int, says: str
) -> None:
    (finding,) = found(tmp_path, data, encoding=encoding)
    assert (finding.code, finding.line) == ("encoding-error", line)
    assert says in finding.message


def test_a_header_that_cant_be_decoded_is_one_finding(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, b"name,n\xf6te\na,b\n")
    assert (finding.code, finding.line) == ("encoding-error", 1)
    assert "the byte 0xF6 as character 2 of 'n?te'" in finding.message


def test_the_hint_leads_to_a_valid_package(tmp_path: Path, run: Run) -> None:
    data = "name,note\nIseo,caf\u00e9\n".encode("windows-1252")
    (finding,) = found(tmp_path / "before", data)
    assert "set `encoding` to the one that it is in, such as windows-1252" in finding.hint
    assert found(tmp_path / "after", data, encoding="windows-1252") == []
    assert run("validate", tmp_path / "after").returncode == 0


def test_json_that_cant_be_decoded_names_the_byte_and_its_line(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, b'[{"name": "Iseo",\n"note": "caf\xe9"}]', path="t.json")
    assert (finding.code, finding.line) == ("encoding-error", 2)
    assert 'the byte 0xE9 as character 13 of \'"note": "caf?"}]\'' in finding.message


@pytest.mark.parametrize(
    ("encoding", "hint"),
    [
        ("uft-8", "Did you mean utf-8?"),
        ("windows1252", "Did you mean windows-1252?"),
        ("klingon", "Name an encoding, such as utf-8, utf-16 or windows-1252."),
        ("base64", "Name an encoding, such as utf-8, utf-16 or windows-1252."),
    ],
)
def test_an_encoding_that_is_not_known_is_told_a_known_one(tmp_path: Path, encoding: str, hint: str) -> None:
    (finding,) = found(tmp_path, b"name,note\n", encoding=encoding)
    assert (finding.code, finding.field, finding.hint) == ("encoding-error", "encoding", hint)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16BE", "utf_32_le"])
def test_a_mark_of_another_encoding_is_told_with_advice_that_works(tmp_path: Path, encoding: str) -> None:
    data = "\ufeffname,note\na,b\n".encode(encoding)
    (finding,) = found(tmp_path / "before", data, encoding=encoding)
    wide = encoding[:6].replace("_", "-")
    assert (finding.code, finding.hint) == ("byte-order-mark", f'Set `encoding` to "{wide}", which has a mark.')
    assert found(tmp_path / "after", data, encoding=wide) == []


TEXT = b"name,note\n" + b"Como,a\n" * 99
PACKED = gzip.compress(TEXT, mtime=0)


@pytest.mark.parametrize(
    ("data", "says", "hint"),
    [
        (PACKED[:-12], "The gzip file is cut off", "Fetch the file again"),
        (PACKED[:12], "The gzip file is cut off after 1 byte of its content.", "Fetch the file again"),
        (PACKED + b"more", "The gzip file goes on after its end, with 'more'.", "Remove what follows"),
        (PACKED[:-8] + bytes(8), "The gzip file is damaged: incorrect data check.", "Fetch the file again"),
        (TEXT, "the file is not compressed with it: it begins with 'name,note\\nComo", "remove `.gz` from its name"),
        (b"<!doctype html>", "Expected gzip; the file is an HTML page.", "Fetch the file again"),
        (b"PK\x03\x04more", "Expected gzip; the file is a ZIP archive.", 'Set `compression` to "zip"'),
    ],
)  # fmt: skip
def test_a_broken_gzip_file_says_what_is_wrong_with_it(tmp_path: Path, data: bytes, says: str, hint: str) -> None:
    (finding,) = found(tmp_path, data, path="t.csv.gz")
    assert says in finding.message
    assert hint in finding.hint


@pytest.mark.parametrize(
    "data", [PACKED, PACKED + bytes(600_000), PACKED + bytes(3) + gzip.compress(b"Iseo,b\n", mtime=0)]
)
def test_a_gzip_file_may_be_padded_and_have_several_members(tmp_path: Path, data: bytes) -> None:
    assert found(tmp_path, data, path="t.csv.gz") == []
