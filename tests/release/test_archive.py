"""The archive of a release."""

from __future__ import annotations

import json
import os
import zipfile
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from conftest import ROOT, Run
from readouts.errors import PackageError
from readouts.package.reading import open_package
from readouts.release.archive import archive_bytes, write_release

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def built(corpus: Path, run: Run) -> Path:
    assert run("rebuild", "--annotations", corpus / "annotations").returncode == 0
    return corpus


def test_two_archives_of_one_package_are_the_same_bytes_whatever_its_times_and_permissions(built: Path) -> None:
    first = archive_bytes(open_package(built))
    for path in (built / "data").iterdir():
        path.chmod(0o600)
        os.utime(path, (1, 1))
    assert archive_bytes(open_package(built)) == first


def test_the_archive_holds_the_package_and_nothing_else(built: Path, tmp_path: Path) -> None:
    (built / "data" / "notes.txt").write_text("private", encoding="utf-8")
    entry = write_release(open_package(built), tmp_path / "release")
    with zipfile.ZipFile(tmp_path / "release" / entry.archive) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "unpacked")
    top = "invented-calls-0.3.1"
    tables = {f"{top}/data/{name}.csv" for name in open_package(built).resources}
    assert names == {f"{top}/datapackage.json", f"{top}/data/README.md", *tables}
    again = open_package(tmp_path / "unpacked" / top)
    assert again.rows("statements") == open_package(built).rows("statements")


def test_the_registry_entry_has_the_hash_of_the_archive(built: Path, tmp_path: Path) -> None:
    entry = write_release(open_package(built), tmp_path)
    data = (tmp_path / entry.archive).read_bytes()
    assert (entry.sha256, entry.bytes) == (sha256(data).hexdigest(), len(data))
    assert json.loads((tmp_path / "release.json").read_text(encoding="utf-8"))["released"] == "2031-06-01"


def test_a_release_that_is_there_is_never_changed(built: Path, tmp_path: Path) -> None:
    entry = write_release(open_package(built), tmp_path)
    write_release(open_package(built), tmp_path)
    (tmp_path / entry.archive).write_bytes(b"another")
    with pytest.raises(PackageError, match="a release is never changed"):
        write_release(open_package(built), tmp_path)
    assert (tmp_path / entry.archive).read_bytes() == b"another"


def test_a_table_that_was_changed_by_hand_is_not_archived(built: Path, tmp_path: Path) -> None:
    path = built / "data" / "events.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Marek", "Nobody"), encoding="utf-8")
    with pytest.raises(PackageError, match="not the file that"):
        write_release(open_package(built), tmp_path)
    assert list(tmp_path.glob("*.zip")) == []


def test_the_published_release_is_what_the_package_gives() -> None:
    package = open_package(ROOT)
    folder = ROOT / "releases" / package.version
    if not folder.is_dir():
        pytest.skip(f"{package.version} is not released yet")
    entry = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    assert sha256(archive_bytes(package)).hexdigest() == entry["sha256"]
    assert sha256((folder / entry["archive"]).read_bytes()).hexdigest() == entry["sha256"]
