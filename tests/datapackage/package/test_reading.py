"""Reading a package: every way in which it can be another than its descriptor says is a sentence."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import DESCRIPTOR, DataPackage, open_package

if TYPE_CHECKING:
    from pathlib import Path

ROWS = b'id,name\na,"Marek, Jana"\nb,\n'


def package(root: Path, data: bytes = ROWS, **properties: Any) -> Path:
    """Write a package of one table, `people`, whose size and hash are right."""
    (root / "data").mkdir(parents=True, exist_ok=True)
    (root / "data" / "people.csv").write_bytes(data)
    resource = {"name": "people", "path": "data/people.csv", "hash": f"sha256:{sha256(data).hexdigest()}"} | properties
    descriptor = {"name": "small", "version": "1.2.3", "resources": [resource]}
    (root / DESCRIPTOR).write_text(json.dumps(descriptor), encoding="utf-8")
    return root


def opened(root: Path, data: bytes = ROWS, **properties: Any) -> DataPackage:
    return open_package(package(root, data, **properties))


def test_rows_are_strings_and_an_empty_cell_is_none(tmp_path: Path) -> None:
    found = opened(tmp_path)
    assert (found.name, found.version) == ("small", "1.2.3")
    assert found.rows("people") == [{"id": "a", "name": "Marek, Jana"}, {"id": "b", "name": None}]


def test_a_package_can_be_named_by_its_folder_or_its_descriptor(tmp_path: Path) -> None:
    package(tmp_path)
    assert open_package(tmp_path).rows("people") == open_package(tmp_path / DESCRIPTOR).rows("people")


def test_opening_reads_no_table(tmp_path: Path) -> None:
    package(tmp_path)
    shutil.rmtree(tmp_path / "data")
    assert list(open_package(tmp_path).resources) == ["people"]


def test_a_file_with_another_hash_is_refused_with_both_hashes(tmp_path: Path) -> None:
    found = opened(tmp_path)
    other = ROWS.replace(b"Jana", b"Jane")
    (tmp_path / "data" / "people.csv").write_bytes(other)
    with pytest.raises(PackageError) as error:
        found.rows("people")
    assert sha256(ROWS).hexdigest() in str(error.value)
    assert sha256(other).hexdigest() in str(error.value)
    assert "Restore the file" in str(error.value)


def test_a_package_without_hashes_can_be_read(tmp_path: Path) -> None:
    assert len(opened(tmp_path, hash=None).rows("people")) == 2


@pytest.mark.parametrize(
    ("data", "line", "found"),
    [(b"id,name\na,b\na\n", 3, 1), (b"id,name\na,b,c\n", 2, 3), (b'id,name\n"a\nb",c\na,b,c\n', 4, 3)],
)
def test_a_ragged_row_is_refused_with_its_physical_line(tmp_path: Path, data: bytes, line: int, found: int) -> None:
    with pytest.raises(PackageError, match=rf"line {line}: expected 2 cells, found {found}\."):
        opened(tmp_path, data).rows("people")


@pytest.mark.parametrize("data", [b'id,name\na,"b\n', b'id,name\na,"b"c\n'])
def test_a_file_that_is_no_csv_is_refused_with_its_line(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(PackageError, match=r"'people' of .*, line \d: "):
        opened(tmp_path, data).rows("people")


def test_two_columns_of_the_same_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="two columns have the name 'id'"):
        opened(tmp_path, b"id,id\na,b\n").rows("people")


def test_a_file_that_is_not_there_is_named_with_its_table(tmp_path: Path) -> None:
    found = opened(tmp_path)
    (tmp_path / "data" / "people.csv").unlink()
    with pytest.raises(
        PackageError, match=r"The table 'people' of .*: Expected the file 'data/people\.csv'; there is none"
    ):
        found.rows("people")


def test_a_file_that_is_not_utf_8_is_refused_with_the_place_of_the_byte(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"'people' of .*, line 2: Expected text in utf-8; found the byte 0xE9"):
        opened(tmp_path, b"id,name\na,\xe9\n").rows("people")


@pytest.mark.parametrize("path", ["../people.csv", "/etc/passwd", "https://example.org/a.csv", "data\\people.csv"])
def test_a_path_that_leaves_the_package_is_never_read(tmp_path: Path, path: str) -> None:
    found = opened(tmp_path / "package", path=path, hash=None)
    (tmp_path / "people.csv").write_bytes(ROWS)
    with pytest.raises(PackageError, match=r"leaves the package|is an address"):
        found.rows("people")


@pytest.mark.parametrize("path", [None, 7, ["data/people.csv", 7], {"a": "b"}])
def test_a_path_that_is_no_text_is_refused(tmp_path: Path, path: object) -> None:
    with pytest.raises(PackageError, match=r"'people'.* path"):
        opened(tmp_path, path=path).rows("people")


def test_a_table_that_is_not_there_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"has no table 'poeple'\. Did you mean 'people'"):
        opened(tmp_path).rows("poeple")


@pytest.mark.parametrize(
    ("files", "hint"),
    [
        ([], r"has no datapackage\.json\. Name the folder"),
        (["lakes/datapackage.json"], "Did you mean .*lakes"),
        (["one.zip", "two.zip"], r"Did you mean .*one\.zip, .*two\.zip"),
        (["datapackage.yaml"], r"datapackage\.yaml is an empty file"),
        (["lakes.csv"], r"Name one of its tables, or let `readouts describe .*\*\.csv --output .*` make one"),
    ],
)
def test_a_folder_without_a_descriptor_is_refused_with_what_may_be_meant(
    tmp_path: Path, files: list[str], hint: str
) -> None:
    for file in files:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).touch()
    with pytest.raises(PackageError, match=hint):
        open_package(tmp_path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="does not exist"):
        open_package(tmp_path / "nowhere" / DESCRIPTOR)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[]", "expected an object with `resources`; found []."),
        ("null", "expected an object with `resources`; found null."),
        ("7", "expected an object with `resources`; found 7."),
        ('"text"', "expected an object with `resources`; found 'text'."),
        ("{}", "expected `resources` to be a list of objects, each with a `name`; found no such property."),
        ('{"resources": {}}', "expected `resources` to be a list of objects, each with a `name`; found {}."),
        ('{"resources": [1]}', "expected resource 1 to be an object with a `name`; found 1."),
        (
            '{"resources": [{"name": "a"}, {"path": "b.csv"}]}',
            """expected resource 2 to have a text as its `name`; found none in {"path": "b.csv"}.""",
        ),
        ('{"resources": [{"name": 7}]}', "expected resource 1 to have a text as its `name`; found 7."),
    ],
)
def test_the_refusal_of_a_descriptor_says_which_resource_is_at_fault(tmp_path: Path, text: str, found: str) -> None:
    (tmp_path / DESCRIPTOR).write_text(text, encoding="utf-8")
    with pytest.raises(PackageError) as refused:
        open_package(tmp_path)
    assert str(refused.value) == f"{tmp_path / DESCRIPTOR} is not the descriptor of a data package: {found}"


def test_a_descriptor_with_a_key_twice_is_opened_only_by_those_that_report_it(tmp_path: Path) -> None:
    text = '{"name": "a",\n "resources": [{"name": "t", "path": "a.csv",\n "path": "b.csv"}]}'
    (tmp_path / DESCRIPTOR).write_text(text, encoding="utf-8")
    with pytest.raises(PackageError, match=r"Duplicate key 'path' on line 3 \(first on line 2\)\.$"):
        open_package(tmp_path)
    assert len(open_package(tmp_path, duplicates=True).duplicate_keys) == 1


@pytest.mark.parametrize(
    "data",
    [b"{", b'{"resources": NaN', b"[" * 200_000 + b"]" * 200_000, b"<html></html>", b"1" * 10_000],
    ids=["cut off", "cut off number", "deep", "no json", "a number of ten thousand digits"],
)
def test_a_file_that_is_not_json_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / DESCRIPTOR).write_bytes(data)
    with pytest.raises(PackageError, match="can't be read as a descriptor"):
        open_package(tmp_path)
