"""The archive of a release."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
import zlib
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.corpus_schema.bundled import bundled_schemas
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.locate import released
from readouts.datapackage.package.package import open_package
from readouts.datapackage.table.limits import RATIO_FROM
from readouts.publish.release.archive import STORED, archive_bytes, current_compression, zipped
from readouts.publish.release.source import SOURCE, read_source, source_bytes, source_files, verify
from readouts.publish.release.source import built as building
from tests.conftest import ROOT, Run
from tests.packages import write_release

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


WORDS = " ".join(f"{['call', 'side', 'talks', 'claim'][n % 4]}-{n * n % 9973}" for n in range(20_000))
FILES = {"b/long.csv": WORDS.encode(), "a.txt": b"a", "empty": b"", "文.csv": "中,文\n".encode() * 99}
PACKED = "84aacb3233586a4d740fe84c9edcbe20eebbdbda56ea7d97faa51700cf8f8cc5"


def test_a_stored_archive_has_the_bytes_that_python_s_own_writer_gives() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(FILES.items()):
            entry = zipfile.ZipInfo(f"top/{name}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system = 0o100644 << 16, 3
            archive.writestr(entry, data)
    assert zipped(FILES, "top") == stream.getvalue()


@pytest.mark.parametrize("compression", [STORED, current_compression(), "deflate 0.1, level 1"])
def test_any_reader_of_zip_files_gets_back_what_was_packed(compression: str, tmp_path: Path) -> None:
    data = zipped(FILES, "top", compression)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {name.removeprefix("top/"): archive.read(name) for name in archive.namelist()} == FILES
        assert {entry.compress_type for entry in archive.infolist()} <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if unzip := shutil.which("unzip"):
        (tmp_path / "t.zip").write_bytes(data)
        assert subprocess.run([unzip, "-tq", str(tmp_path / "t.zip")], check=False, capture_output=True).returncode == 0


def test_the_compressor_gives_the_bytes_that_it_gave_when_it_was_chosen() -> None:
    # The same on every platform: where this differs with the pinned version, releases can't be verified.
    if version("deflate") == "0.9.0":
        assert sha256(zipped(FILES, "top", "deflate 0.9.0, level 12")).hexdigest() == PACKED


@pytest.mark.parametrize(
    "compression", ["zip", "deflate", "deflate 0.9.0", "deflate 0.9.0, level high", "zstd 1, level 3"]
)
def test_a_compression_of_a_later_version_is_refused(compression: str) -> None:
    with pytest.raises(PackageError, match="pip install --upgrade readouts"):
        zipped({"a": b"1"}, "top", compression)


@pytest.mark.slow
def test_a_compressed_release_is_smaller_verified_and_loaded(built: Path, tmp_path: Path) -> None:
    stored, _ = _released_with_its_source(built, tmp_path / "stored")
    folder, files = _released_with_its_source(built, tmp_path / "packed", current_compression())
    name = "invented-calls-0.3.1.zip"
    assert (folder / name).stat().st_size < (stored / name).stat().st_size / 3
    assert (folder / SOURCE).stat().st_size < (stored / SOURCE).stat().st_size / 2
    assert read_source(folder / SOURCE) == files
    entry = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    assert entry["compression"] == current_compression()
    loaded = [readouts.open(each / name) for each in (stored, folder)]
    assert loaded[0].statements.equals(loaded[1].statements)


@pytest.mark.slow
def test_another_version_of_the_compressor_is_asked_for_where_the_bytes_differ(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, files = _released_with_its_source(built, tmp_path, current_compression())
    entry = folder / "release.json"
    entry.write_text(
        entry.read_text(encoding="utf-8").replace(current_compression(), "deflate 0.8.9, level 12"), encoding="utf-8"
    )
    # The same bytes from another version are the same bytes.
    assert verify(folder)["compression"] == "deflate 0.8.9, level 12"
    data = zipped(FILES, "top")
    monkeypatch.setattr("deflate.deflate_compress", lambda data, _: zlib.compress(data, 1, -15))
    with pytest.raises(
        PackageError, match=r"expected the compressor deflate 0\.8\.9, found deflate .*pip install deflate==0\.8\.9"
    ):
        verify(folder)
    # What differs in the files themselves is told whatever is installed.
    files["annotations/entities.yaml"] = files["annotations/entities.yaml"].replace(b"name: Courier", b"name: Curier")
    (folder / SOURCE).write_bytes(source_bytes(files, "invented-calls", "0.3.1"))
    with pytest.raises(PackageError, match=r"data/.* differs"):
        verify(folder)
    assert zipped(FILES, "top") == data


def test_the_registry_entry_has_the_hash_of_the_archive(built: Path, tmp_path: Path) -> None:
    entry = write_release(open_package(built), tmp_path)
    data = (tmp_path / entry.archive).read_bytes()
    assert (entry.sha256, entry.bytes) == (sha256(data).hexdigest(), len(data))
    assert json.loads((tmp_path / "release.json").read_text(encoding="utf-8"))["released"] == "2031-06-01"


def test_a_table_that_was_changed_by_hand_is_not_archived(built: Path, tmp_path: Path) -> None:
    path = built / "data" / "events.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Marek", "Nobody"), encoding="utf-8")
    with pytest.raises(PackageError, match="not the file that"):
        write_release(open_package(built), tmp_path)
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.sample(3)
@pytest.mark.parametrize("version", sorted(released(ROOT), reverse=True))
def test_the_source_of_every_release_gives_its_archive_byte_for_byte(version: str) -> None:
    folder = released(ROOT)[version].parent
    entry = verify(folder)
    assert entry["version"] == version
    assert sha256((folder / entry["archive"]).read_bytes()).hexdigest() == entry["sha256"]


@pytest.mark.slow
def test_a_release_of_the_past_is_built_with_the_schemas_of_its_time(built: Path, tmp_path: Path) -> None:
    folder, files = _released_with_its_source(built, tmp_path)
    older = files["schemas/events.schema.json"].replace(b'"title": "Events"', b'"title": "Happenings"')
    assert older != files["schemas/events.schema.json"]
    with building(files | {"schemas/events.schema.json": older}) as package:
        entry = write_release(package, folder / "older")
        (folder / "older" / SOURCE).write_bytes(
            source_bytes(files | {"schemas/events.schema.json": older}, entry.name, entry.version)
        )
    assert b"Happenings" in (folder / "older" / entry.archive).read_bytes()
    assert verify(folder / "older")["sha256"] == entry.sha256


def test_a_source_that_gives_another_archive_is_told_with_the_file_that_differs(built: Path, tmp_path: Path) -> None:
    folder, files = _released_with_its_source(built, tmp_path)
    files["annotations/entities.yaml"] = files["annotations/entities.yaml"].replace(b"name: Courier", b"name: Curier")
    (folder / SOURCE).write_bytes(source_bytes(files, "invented-calls", "0.3.1"))
    with pytest.raises(
        PackageError, match=r"invented-calls-0\.3\.1/data/(README\.md|entities\.csv|alignments_wide\.csv) differs"
    ):
        verify(folder)


def test_an_archive_that_is_not_the_registered_one_is_told(built: Path, tmp_path: Path) -> None:
    folder, _ = _released_with_its_source(built, tmp_path)
    archive = folder / "invented-calls-0.3.1.zip"
    archive.write_bytes(archive.read_bytes().replace(b"Courier", b"Curious"))
    with pytest.raises(PackageError, match=r"not the archive described in release\.json"):
        verify(folder)


def test_an_entry_that_tells_of_another_release_is_told(built: Path, tmp_path: Path) -> None:
    folder, _ = _released_with_its_source(built, tmp_path)
    entry = folder / "release.json"
    entry.write_text(entry.read_text(encoding="utf-8").replace('"0.3.1"', '"9.9.9"'), encoding="utf-8")
    with pytest.raises(PackageError, match=r"describes invented-calls 9\.9\.9, but .* gives invented-calls 0\.3\.1"):
        verify(folder)
    entry.write_text('{"archive": "invented-calls-0.3.1.zip", "bytes": Infinity, "sha256": ""}', encoding="utf-8")
    with pytest.raises(PackageError, match="is not a release"):
        verify(folder)


def test_a_source_archive_that_unpacks_to_far_more_than_its_size_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "packed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("top/annotations/corpus.yaml", b"0" * (RATIO_FROM + 1))
    with pytest.raises(PackageError, match="unpacks to 33,554,433 bytes, more than 250 times its size"):
        read_source(tmp_path / "packed.zip")


def test_a_source_archive_can_t_write_outside_its_folder(built: Path) -> None:
    with pytest.raises(PackageError, match="leaves the package"), building({"../outside": b""}):
        pass


def _released_with_its_source(built: Path, tmp_path: Path, compression: str = STORED) -> tuple[Path, dict[str, bytes]]:
    """Release a package into a folder, with the archive of what it was built from; return the folder and that."""
    folder = tmp_path / "0.3.1"
    entry = write_release(open_package(built), folder, compression)
    annotations = {
        path.relative_to(built).as_posix(): path.read_bytes()
        for path in (built / "annotations").rglob("*")
        if path.is_file()
    }
    files = source_files(built, annotations, bundled_schemas())
    (folder / SOURCE).write_bytes(source_bytes(files, entry.name, entry.version, compression))
    assert verify(folder)["sha256"] == entry.sha256
    return folder, files
