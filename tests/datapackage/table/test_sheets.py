from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.errors import PackageError
from readouts.datapackage.table.errors import TableError
from readouts.datapackage.table.text_frame import Form
from tests.datapackage.difference.folders import package

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {"id": "string", "name": "string"}
PLAIN = b"id,name\na,Long\nb,\n"
ROWS = [("a", "Long"), ("b", "")]


def zipped(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("lakes.csv", data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "resource"),
    [
        (PLAIN, {}),
        (gzip.compress(PLAIN, mtime=0), {"path": "lakes.csv.gz"}),
        (zipped(PLAIN), {"path": "lakes.csv.zip"}),
        (PLAIN.replace(b",", b";"), {"dialect": {"delimiter": ";"}}),
        (PLAIN.replace(b",", b"\t"), {"path": "lakes.tsv"}),
        (PLAIN.decode().encode("utf-16"), {"encoding": "utf-16"}),
        (b"a,Long\nb,\n", {"dialect": {"header": False}}),
        (b"# lakes\nid,name\na,Long\nb,\n", {"dialect": {"commentChar": "#"}}),
        (PLAIN.replace(b"\n", b"\r"), {"dialect": {"lineTerminator": "\r"}}),
        (b'[["id", "name"], ["a", "Long"], ["b", null]]', {"path": "lakes.json", "format": "json"}),
    ],
)
def test_every_form_of_a_table_gives_the_same_texts(tmp_path: Path, data: bytes, resource: dict[str, Any]) -> None:
    sheet = package(tmp_path, data, NAMES, resource=resource).resource("lakes").text_table()
    assert sheet.labels == ("id", "name")
    assert sheet.frame.rows() == ROWS


def test_several_files_are_one_table(tmp_path: Path) -> None:
    made = package(tmp_path, PLAIN, NAMES)
    (tmp_path / "more.csv").write_bytes(b"c,Como\n")
    made.descriptor["resources"][0]["path"] = ["lakes.csv", "more.csv"]
    assert made.resource("lakes").text_table().frame.rows() == [*ROWS, ("c", "Como")]


def test_data_in_the_descriptor_is_read_as_texts(tmp_path: Path) -> None:
    made = package(tmp_path, PLAIN, {"id": "string", "depth": "integer", "open": "boolean"})
    del made.descriptor["resources"][0]["path"]
    made.descriptor["resources"][0]["data"] = [{"id": "a", "depth": 7, "open": True}, {"id": 8, "depth": None}]
    assert made.resource("lakes").text_table().frame.rows() == [("a", "7", "true"), ("8", "", "")]


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        ({"path": "absent.csv"}, "absent.csv"),
        ({"encoding": "utf-99"}, "utf-99"),
        ({"path": "../lakes.csv"}, "leaves the package"),
        ({"compression": "zst"}, "zst"),
        ({"dialect": {"delimiter": ""}}, "delimiter"),
    ],
)
def test_what_cannot_be_read_is_refused_and_says_why(tmp_path: Path, resource: dict[str, Any], message: str) -> None:
    made = package(tmp_path / "here", PLAIN, NAMES)
    made.descriptor["resources"][0].update(resource)
    with pytest.raises(TableError, match=message) as raised:
        made.resource("lakes").text_table()
    assert "The table 'lakes' of" in str(raised.value)


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    made = package(tmp_path, PLAIN, NAMES)
    made.descriptor["resources"][0] = {"name": "lakes", "path": "lakes.md"}
    (tmp_path / "lakes.md").write_text("# Lakes")
    with pytest.raises(TableError, match="Expected a table"):
        made.resource("lakes").text_table()


def test_a_table_that_is_not_there_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="lakes"):
        package(tmp_path, PLAIN, NAMES).resource("lake").text_table()


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    data = gzip.compress(PLAIN, mtime=0)[:-12]
    with pytest.raises(TableError, match="The gzip file is cut off"):
        package(tmp_path, data, NAMES, resource={"path": "lakes.csv.gz"}).resource("lakes").text_table()


def test_carriage_returns_within_a_cell_are_kept(tmp_path: Path) -> None:
    sheet = package(tmp_path, b'id,name\na,"Lo\rng"\nb,"Co\r\nmo"\n', NAMES).resource("lakes").text_table()
    assert sheet.frame["name"].to_list() == ["Lo\rng", "Co\r\nmo"]
    assert sheet.form == Form(byte_order_mark=False, line_end="LF")
