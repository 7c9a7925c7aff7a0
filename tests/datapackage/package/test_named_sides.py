"""What one side of a comparison may be called, and what is found there."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Literal

import pytest

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.locate import located, opened, released
from readouts.datapackage.package.package import open_package
from tests.packages import write_package_of

LAKES = {
    "name": "lakes",
    "type": "table",
    "path": "data/lakes.csv",
    "schema": {"fields": [{"name": "name"}], "primaryKey": ["name"]},
}


def package(root: Path, text: str = "name\nComo\n", version: str = "1.0.0") -> Path:
    return write_package_of(root, {"data/lakes.csv": text, "notes.txt": "none of it"}, [LAKES], version=version)


def archive(root: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as opened_archive:
        for name in ("datapackage.json", "data/lakes.csv"):
            opened_archive.write(root / name, f"invented/{name}")
    return target


def git(folder: Path, *arguments: str) -> None:
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=environment)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a package in two commits, the first of them tagged, and a release of it."""
    root = package(tmp_path / "project")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "one")
    git(root, "tag", "v1.0.0")
    archive(root, tmp_path / "one.zip")
    package(root, "name\nComo\nIseo\n", "1.1.0")
    git(root, "commit", "-q", "-a", "-m", "two")
    return root


def rows(name: str, folder: Path | None = None) -> list[str | None]:
    with located(name, folder=folder) as (side, found):
        assert side.label == name
        return [row["name"] for row in found.rows("lakes")]


def test_a_folder_a_descriptor_and_an_archive_are_sides(project: Path, tmp_path: Path) -> None:
    assert rows(str(project)) == ["Como", "Iseo"]
    assert rows(str(project / "datapackage.json")) == ["Como", "Iseo"]
    assert rows(str(tmp_path / "one.zip")) == ["Como"]


def test_a_folder_that_holds_one_archive_is_a_side(project: Path, tmp_path: Path) -> None:
    archive(project, tmp_path / "held" / "any.zip")
    assert rows(str(tmp_path / "held")) == ["Como", "Iseo"]


def test_a_revision_is_read_from_the_object_store(project: Path) -> None:
    (project / "data" / "lakes.csv").write_text("name\nedited\n", encoding="utf-8")
    assert rows("git:v1.0.0", project) == ["Como"]
    assert rows("git:main", project) == ["Como", "Iseo"]
    assert rows("git:HEAD~1", project) == ["Como"]
    assert (project / "data" / "lakes.csv").read_text(encoding="utf-8") == "name\nedited\n"


def test_a_revision_gives_the_bytes_that_were_committed(project: Path) -> None:
    (project / ".gitattributes").write_text("*.csv text eol=crlf\n", encoding="utf-8")
    git(project, "add", ".gitattributes")
    git(project, "commit", "-q", "-m", "three")
    with located("git:HEAD", folder=project) as (_, found):
        assert found.read_bytes("lakes") == b"name\nComo\nIseo\n"


def test_a_package_below_the_top_of_a_repository_is_found(project: Path) -> None:
    package(project / "deep" / "er", "name\nOrta\n")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "three")
    assert rows("git:HEAD", project / "deep" / "er") == ["Orta"]
    assert rows("git:HEAD:deep/er", project) == ["Orta"]
    assert rows("git:HEAD:deep/er/datapackage.json", project) == ["Orta"]


def test_a_tag_that_a_clone_lacks_means_the_release_of_that_version(project: Path, tmp_path: Path) -> None:
    git(project, "tag", "-d", "v1.0.0")
    with pytest.raises(PackageError, match=r"no revision 'v1\.0\.0'"):
        rows("git:v1.0.0", project)
    archive(project, project / "releases" / "1.0.0" / "invented-1.0.0.zip")
    assert rows("git:v1.0.0", project) == ["Como", "Iseo"]
    assert rows("1.0.0", project) == rows("v1.0.0", project) == ["Como", "Iseo"]


def test_releases_are_in_the_order_of_their_numbers(project: Path) -> None:
    for version in ("1.10.0", "1.9.0", "1.2.0"):
        archive(project, project / "releases" / version / f"invented-{version}.zip")
        (project / "releases" / version / "source.zip").write_bytes(b"something else")
    assert list(released(project)) == ["1.2.0", "1.9.0", "1.10.0"]
    assert rows(str(project / "releases" / "1.9.0")) == ["Como", "Iseo"]


def test_a_link_in_a_revision_is_refused(project: Path) -> None:
    (project / "data" / "lakes.csv").unlink()
    (project / "data" / "lakes.csv").symlink_to("/etc/passwd")
    git(project, "commit", "-q", "-a", "-m", "three")
    with pytest.raises(PackageError, match="is a link in that revision"):
        rows("git:HEAD", project)


def test_a_path_that_leaves_the_package_is_not_followed_in_a_revision(project: Path) -> None:
    outside = {**LAKES, "path": "../../outside.csv"}
    (project / "datapackage.json").write_text(json.dumps({"name": "a", "resources": [outside]}), encoding="utf-8")
    git(project, "commit", "-q", "-a", "-m", "three")
    with located("git:HEAD", folder=project) as (_, found), pytest.raises(PackageError, match="leaves the package"):
        found.read_bytes("lakes")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", "is not a data package: there is no such file or folder"),
        ("9.9.9", "Known are: 1.0.0"),
        ("git:nothing", "no revision 'nothing'"),
        ("git:--help", "is not a revision"),
        ("git:", "is not a revision"),
        ("git:HEAD:elsewhere", r"has no datapackage.json in 'elsewhere'"),
    ],
)
def test_what_is_no_side_is_refused_with_what_would_be(project: Path, name: str, message: str) -> None:
    archive(project, project / "releases" / "1.0.0" / "invented-1.0.0.zip")
    with pytest.raises(PackageError, match=message):
        rows(name, project)


def test_an_archive_is_known_by_its_content_whatever_it_is_called(project: Path) -> None:
    assert rows(str(archive(project, project / "release.download")), project) == rows(str(project), project)


def packed(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as written:
        for name, data in files.items():
            written.writestr(name, data)
    return stream.getvalue()


def tar(mode: Literal["w", "w:gz"]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as written:
        written.addfile(tarfile.TarInfo("datapackage.json"))
    return stream.getvalue()


OTHERS = {
    "lakes.txt": (b"Como and Garda\n", "is a text file"),
    "datapackage.yaml": (b"name: lakes\n", "expected `resources` to be a list of objects"),
    "broken.yml": (b"name: lakes\n\tresources: []\n", "line 2: found character"),
    "tagged.yml": (b"!!python/object:os.system {}\n", "line 1: the tag"),
    "lakes.tgz": (tar("w:gz"), "is a tar archive, not a data package. Unpack it, and name the folder."),
    "lakes.tar": (tar("w"), "is a tar archive"),
    "empty.json": (b"", "is an empty file"),
    "blank.csv": (b" \n", "is an empty file"),
    "lakes.bin": (bytes(range(256)), "is a binary file"),
    "lakes.json": (bytes(range(128, 256)), "is a binary file"),
    "lakes.parquet": (b"PAR1\x15\x04", "is a Parquet file"),
    "lakes.xlsx": (packed(**{"[Content_Types].xml": b"<Types/>"}), "is an office document, not a data package"),
    "tables.zip": (packed(**{"lakes.csv": b"", "seas.csv": b""}), "found lakes.csv, seas.csv. Unpack it"),
    "void.zip": (packed(), "found no file"),
    "cut.zip": (packed(**{"datapackage.json": b"{}"})[:40], "cut off, or something else. Fetch it again."),
    "page.zip": (b"<!DOCTYPE html><html>", "the file is an HTML page. Fetch the file again"),
    "mark.json": (b'\xef\xbb\xbf{"resources": []}', "begins with a byte order mark"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_not_a_package_is_refused_with_what_it_is_and_what_to_do(tmp_path: Path, name: str) -> None:
    data, message = OTHERS[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(PackageError, match=re.escape(message)) as refused:
        rows(str(tmp_path / name), tmp_path)
    assert str(refused.value).startswith(str(tmp_path / name))
    assert "codec" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("https://example.org/datapackage.json", "is an address, which is not fetched. Download the package first."),
        (os.devnull, "is not a file"),
    ],
)
def test_what_is_not_on_the_disk_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(PackageError, match=re.escape(message)):
        rows(name, tmp_path)


def test_what_macos_and_windows_add_to_an_archive_is_passed_over(project: Path, tmp_path: Path) -> None:
    for prefix in ("", "lakes/"):
        with zipfile.ZipFile(tmp_path / "added.zip", "w") as written:
            for name in ("datapackage.json", "data/lakes.csv"):
                written.write(project / name, prefix + name)
            for name in ("__MACOSX/datapackage.json", f"__MACOSX/{prefix}._datapackage.json", f"{prefix}.DS_Store",
                         f"{prefix}data/._lakes.csv", "desktop.ini", "Thumbs.db"):  # fmt: skip
                written.writestr(name, b"\0\5")
        assert rows(str(tmp_path / "added.zip"), project) == rows(str(project), project)
        with located(tmp_path / "added.zip") as (_, found):
            assert {path.name for path in found.root.rglob("*")} <= {"data", "lakes.csv", "datapackage.json"}


def test_an_opened_archive_lasts_as_long_as_the_package_or_a_resource_of_it(project: Path, tmp_path: Path) -> None:
    resource = opened(archive(project, tmp_path / "one.zip")).resources["lakes"]
    place = Path(resource.root)
    assert [*resource.records()] == [["name"], ["Como"], ["Iseo"]]
    again = opened(opened(tmp_path / "one.zip"))
    del resource
    gc.collect()
    assert not place.exists()
    assert again.rows("lakes")


def test_a_revision_outside_a_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="not a git repository"):
        rows("git:HEAD", tmp_path)


def test_an_error_names_what_the_user_named_and_not_where_it_was_unpacked(project: Path) -> None:
    with (
        pytest.raises(PackageError, match=r"^git:HEAD has no table 'seas'"),
        located("git:HEAD", folder=project) as (_, found),
    ):
        found.rows("seas")


def test_opening_a_side_leaves_nothing_behind(project: Path) -> None:
    with located("git:HEAD", folder=project) as (_, found):
        place = found.root
        assert open_package(place).version == "1.1.0"
    assert not place.exists()
