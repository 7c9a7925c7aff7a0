"""Deltas and bases that are not what they were: whatever byte is another one, nothing is made of them."""

from __future__ import annotations

import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from readouts.corpus_schema.bundled import EXTRA_FILES
from readouts.datapackage.delta.apply import apply_delta, revert_delta
from readouts.datapackage.delta.create import create_delta
from readouts.datapackage.delta.format import DeltaError, opened_delta
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import open_package
from tests.datapackage.delta.release_pairs import content, lakes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.datapackage.package.package import DataPackage


@pytest.fixture
def delta(tmp_path: Path) -> Path:
    """A delta between two small releases, which lie beside it."""
    old = lakes(tmp_path / "old", "1.0.0", [("Como", "410"), ("Long", "7")])
    new = lakes(tmp_path / "new", "1.1.0", [("Bala", "42"), ("Como", "425")])
    (old.root / "LICENSE-DATA").write_bytes(b"free\n")
    (new.root / "LICENSE-DATA").write_bytes(b"free\n")
    create_delta(old, new, tmp_path / "delta.zip")
    return tmp_path / "delta.zip"


@pytest.mark.parametrize("bit", [0x01, 0x20, 0x80])
def test_a_flipped_bit_in_any_byte_of_a_delta_is_refused(delta: Path, tmp_path: Path, bit: int) -> None:
    data = delta.read_bytes()
    damaged = tmp_path / "damaged.zip"
    for place in range(len(data)):
        damaged.write_bytes(data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :])
        with pytest.raises(DeltaError, match="can't be used"), opened_delta(damaged):
            pytest.fail(f"byte {place} was not missed")


def test_a_delta_that_was_cut_off_or_has_more_behind_it_is_refused(delta: Path, tmp_path: Path) -> None:
    data = delta.read_bytes()
    damaged = tmp_path / "damaged.zip"
    for changed in (*(data[:end] for end in range(len(data))), data + b"\0", data + data):
        damaged.write_bytes(changed)
        with pytest.raises(DeltaError, match="can't be used"), opened_delta(damaged):
            pytest.fail("something was made of it")


@pytest.mark.parametrize(("carry", "side"), [(apply_delta, "old"), (revert_delta, "new")])
def test_a_flipped_bit_in_any_byte_of_a_base_is_refused(
    delta: Path, tmp_path: Path, carry: Callable[[DataPackage, Path, Path], object], side: str
) -> None:
    base, made = tmp_path / side, tmp_path / "made"
    for path in sorted(base.iterdir()):
        data = path.read_bytes()
        for place in range(len(data)):
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            with pytest.raises(PackageError):
                carry(open_package(base, EXTRA_FILES), delta, made)
            assert not made.exists(), f"{path.name}, byte {place}"
        path.write_bytes(data)
    carry(open_package(base, EXTRA_FILES), delta, made)
    assert made.exists()


@pytest.mark.parametrize("name", ["lakes.csv", "LICENSE-DATA"])
def test_a_base_that_lacks_a_file_is_refused(delta: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "old" / name).unlink()
    with pytest.raises(PackageError, match=f"has no file {name}"):
        apply_delta(open_package(tmp_path / "old", EXTRA_FILES), delta, tmp_path / "made")


def test_a_base_with_a_file_that_the_release_lacks_is_refused(delta: Path, tmp_path: Path) -> None:
    (tmp_path / "old" / "CITATION.cff").write_bytes(b"cff-version: 1.2.0\n")
    with pytest.raises(DeltaError, match=r"it has the file CITATION\.cff, which the release lacks"):
        apply_delta(open_package(tmp_path / "old", EXTRA_FILES), delta, tmp_path / "made")


def resealed(delta: Path, name: str, change: Callable[[str], str]) -> None:
    """Change a member of a delta as somebody would who knows how it is sealed."""
    with zipfile.ZipFile(delta) as archive:
        members = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    members[name] = change(members[name].decode()).encode()
    with zipfile.ZipFile(delta, "w", zipfile.ZIP_BZIP2) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
        archive.comment = b"." * 71
    body = delta.read_bytes()[:-71]
    delta.write_bytes(body + b"sha256:" + sha256(body).hexdigest().encode())


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("changed-lakes.csv", "410", "411", "is not what the delta replaces: expected '411', found '410'"),
        ("changed-lakes.csv", "425", "426", "doesn't reproduce lakes.csv of lakes 1.1.0"),
        ("changed-lakes.csv", ",1,", ",9,", "has cells of lakes.csv that have no place in it"),
        ("changed-lakes.csv", ",1,", ",one,", "not a delta of a known form"),
        ("changed-lakes.csv", "depth,", "width,", "not a delta of a known form"),
        ("removed-lakes.csv", "Long,7", "Long,8", "is not what the delta replaces"),
        ("removed-lakes.csv", "2,Long", "7,Long", "has rows of lakes.csv that have no place in it"),
        ("added-lakes.csv", "1,Bala", "2,Bala", "doesn't reproduce lakes.csv"),
        ("added-lakes.csv", "1,Bala", "1,1,Bala", "not a delta of a known form"),
        ("lines.csv", "1.0.0", "0.9.0", "is not what the delta replaces"),
        ("files.csv", "lakes.csv", "../lakes.csv", "is not the lakes 1.0.0 that the delta was made for"),
        ("datapackage.json", '"format": 1', '"format": 2', "expected the form 1, found 2"),
        ("datapackage.json", '"delta": {', '"beta": {', "not a delta of a known form"),
    ],
)
def test_a_delta_that_was_sealed_again_gives_nothing_that_is_not_the_release(
    delta: Path, name: str, old: str, new: str, message: str
) -> None:
    folder = delta.parent
    resealed(delta, name, lambda text: text.replace(old, new))
    before = content(folder)
    with pytest.raises(DeltaError, match=message):
        apply_delta(open_package(folder / "old", EXTRA_FILES), delta, folder / "made")
    assert content(folder) == before


def test_a_new_file_outside_the_folder_is_refused(delta: Path, tmp_path: Path) -> None:
    empty = sha256(b"free\n").hexdigest()
    resealed(delta, "files.csv", lambda text: f"{text}../stolen,,,5,{empty}\n")
    with pytest.raises(PackageError, match="leaves the package"):
        apply_delta(open_package(tmp_path / "old", EXTRA_FILES), delta, tmp_path / "deep" / "made")
    assert not list(tmp_path.rglob("stolen"))
    assert not (tmp_path / "deep" / "made").exists()


def test_what_is_no_delta_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    with pytest.raises(DeltaError, match="it is not a delta"), opened_delta(tmp_path / "notes.txt"):
        pytest.fail("it was opened")
