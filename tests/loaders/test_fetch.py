"""Releases from a registry: a real server on this machine, a folder, and neither."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.datapackage.errors import PackageError, UnknownIdError
from readouts.datapackage.package.package import open_package
from readouts.loaders.registry import (
    CACHE_VARIABLE,
    REGISTRY_VARIABLE,
    FetchError,
    Release,
    cache_folder,
    default_registry,
    fetched,
    known_releases,
)
from readouts.publish.release.archive import archive_bytes
from tests.conftest import ROOT
from tests.packages import write_release

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = "0.3.1"
"""Version of the invented corpus."""
AT = f"/releases/{VERSION}/invented-calls-{VERSION}.zip"


@dataclass
class Registry:
    """A registry on a real server, and everything it was asked.

    Attributes
    ----------
    asked
        For each request its path and its `Range`.
    breaks
        After how many bytes the next answers end too early, one number for each of them.
    stalls
        After how many bytes the next answers stop coming, without an end, one number for each of them.
    ranges
        Whether the server can answer with a part of a file.
    closing
        Set when the server ends, so that nobody waits on.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    stalls: list[int] = field(default_factory=list)
    ranges: bool = True
    closing: threading.Event = field(default_factory=threading.Event)


def _handler(registry: Registry) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            registry.asked.append((self.path, wanted))
            data = registry.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and registry.ranges else 0
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            if registry.stalls:
                self.wfile.write(data[start : start + registry.stalls.pop(0)])
                registry.closing.wait()
                return
            self.wfile.write(data[start : start + registry.breaks.pop(0)] if registry.breaks else data[start:])

        def log_message(self, *_: object) -> None:
            """Keep the test's output to itself."""

    return Handler


@pytest.fixture
def registry() -> Iterator[Registry]:
    made = Registry()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(made)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        made.address = f"http://127.0.0.1:{server.server_port}/releases"
        yield made
        made.closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REGISTRY_VARIABLE, raising=False)
    monkeypatch.delenv(CACHE_VARIABLE, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def archive(invented_package: Path) -> bytes:
    return archive_bytes(open_package(invented_package))


@pytest.fixture
def known(archive: bytes) -> dict[str, Release]:
    """What ships with the package of the release that is fetched."""
    name = f"invented-calls-{VERSION}.zip"
    return {
        VERSION: Release(
            "invented-calls", VERSION, "2031-06-01", name, len(archive), hashlib.sha256(archive).hexdigest()
        )
    }


def left(cache: Path) -> list[str]:
    """Return what is in a cache, but for the files of locks."""
    return sorted(path.name for path in cache.rglob("*") if path.is_file() and path.suffix != ".lock")


def test_a_release_is_downloaded_once_and_then_taken_from_the_cache(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path
) -> None:
    registry.files[AT] = archive
    first = fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    assert first.read_bytes() == archive
    assert registry.asked == [(AT, None)]
    second = fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    assert second == first
    assert registry.asked == [(AT, None)], "the second time nothing is asked of the server"
    assert left(tmp_path / "cache") == [first.name]
    assert len(readouts.open(first).statements) == 12


@pytest.mark.parametrize("wrong", [b"short", None], ids=["another file", "one byte of the same length"])
def test_what_has_another_hash_is_refused_and_removed(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path, wrong: bytes | None
) -> None:
    registry.files[AT] = wrong if wrong is not None else bytes([archive[0] ^ 1]) + archive[1:]
    with pytest.raises(FetchError, match=rf"is not release {VERSION}: expected .* SHA-256 {known[VERSION].sha256}"):
        fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    assert left(tmp_path / "cache") == []
    registry.files[AT] = archive
    assert fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known).read_bytes() == archive


def test_no_more_is_taken_than_the_release_has(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path
) -> None:
    registry.files[AT] = archive + b"\0" * 50_000_000
    with pytest.raises(FetchError, match="has a different hash and was deleted"):
        fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    assert left(tmp_path / "cache") == []


def test_a_file_of_the_cache_that_was_spoilt_is_downloaded_again(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path
) -> None:
    registry.files[AT] = archive
    path = fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    path.write_bytes(archive[:-1] + bytes([archive[-1] ^ 1]))
    again = fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    assert again.read_bytes() == archive
    assert len(registry.asked) == 2


def test_a_download_that_breaks_off_is_taken_up_where_it_ended(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path
) -> None:
    registry.files[AT] = archive
    registry.breaks = [10_000, 5000]
    path = fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    assert path.read_bytes() == archive
    starts = [int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0 for _, wanted in registry.asked]
    assert starts == [0, 8192, 8192 + 4096], "all but the last piece of each is kept"


def test_a_download_that_breaks_off_begins_again_where_the_server_has_no_parts(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path
) -> None:
    registry.files[AT] = archive
    registry.breaks, registry.ranges = [10_000], False
    path = fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    assert path.read_bytes() == archive
    assert len(registry.asked) == 2


def test_a_download_that_never_completes_leaves_nothing_and_can_be_repeated(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path
) -> None:
    registry.files[AT] = archive
    registry.breaks = [10_000, 5000, 10]
    with pytest.raises(FetchError, match="the connection was interrupted 3 times"):
        fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    assert left(tmp_path / "cache") == []
    assert fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known).read_bytes() == archive


def test_a_download_that_is_killed_leaves_no_release_and_can_be_repeated(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path
) -> None:
    registry.files[AT] = archive
    registry.stalls = [100_000]
    code = (
        "from pathlib import Path; from readouts.loaders.registry import *\n"
        f"fetched({VERSION!r}, registry={registry.address!r}, cache=Path({str(tmp_path)!r}), known={known!r})"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        while not (begun := [path for path in tmp_path.rglob("tmp*") if _size(path)]):
            assert process.poll() is None, "it waits for a server that has stopped in the middle"
            time.sleep(0.01)
        process.kill()
    assert left(tmp_path) == [path.name for path in begun], "what it had of the download, under no release's name"
    found = fetched(VERSION, registry=registry.address, cache=tmp_path, known=known)
    assert found.read_bytes() == archive
    assert left(tmp_path) == [found.name]


def _size(path: Path) -> int:
    """Return the size of a file that may be gone the next moment."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def test_offline_the_cache_is_enough(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path
) -> None:
    registry.files[AT] = archive
    path = fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    with _closed_port() as address:
        assert fetched(VERSION, registry=address, cache=tmp_path / "cache", known=known) == path
    assert fetched(VERSION, cache=tmp_path / "cache", known=known) == path, "nor is a registry needed"


def test_offline_without_the_cache_the_message_says_what_can_be_done(known: dict[str, Release], tmp_path: Path) -> None:
    with _closed_port() as address, pytest.raises(FetchError) as error:
        fetched(VERSION, registry=address, cache=tmp_path / "cache", known=known)
    for part in (f"Release {VERSION} is not in the cache", address, "no connection", REGISTRY_VARIABLE, "load()"):
        assert part in str(error.value)
    assert left(tmp_path / "cache") == []


def test_an_address_without_the_release_is_told_with_its_answer(
    registry: Registry, known: dict[str, Release], tmp_path: Path
) -> None:
    with pytest.raises(FetchError, match="the server answers 404 Not Found"):
        fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)
    assert registry.asked == [(AT, None)], "an answer is an answer: nothing is asked again"


def test_by_default_a_release_is_the_one_that_came_with_the_package(tmp_path: Path) -> None:
    for version, release in known_releases().items():
        found = fetched(version, cache=tmp_path / "cache")
        assert found == default_registry() / version / release.archive
    assert not (tmp_path / "cache").exists(), "what is on this machine needs no copy"


def test_what_the_default_lacks_is_told_with_the_settings(known: dict[str, Release], tmp_path: Path) -> None:
    with pytest.raises(FetchError) as error:
        fetched(VERSION, cache=tmp_path / "cache", known=known)
    for part in (str(default_registry()), str(tmp_path / "cache"), "registry=", REGISTRY_VARIABLE, "load()"):
        assert part in str(error.value)


def test_the_environment_names_registry_and_cache(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.files[AT] = archive
    monkeypatch.setenv(REGISTRY_VARIABLE, registry.address + "/")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "here"))
    assert cache_folder() == tmp_path / "here"
    assert fetched(VERSION, known=known).parent == tmp_path / "here" / VERSION
    assert registry.asked == [(AT, None)]


@pytest.mark.parametrize("form", ["path", "text", "file address"])
def test_a_folder_is_a_registry(invented_package: Path, known: dict[str, Release], tmp_path: Path, form: str) -> None:
    folder = tmp_path / "a folder"
    write_release(open_package(invented_package), folder / VERSION)
    places: dict[str, str | Path] = {"path": folder, "text": str(folder), "file address": folder.as_uri()}
    place = places[form]
    cache = tmp_path / "cache"
    assert fetched(VERSION, registry=place, cache=cache, known=known) == folder / VERSION / known[VERSION].archive
    assert not cache.exists(), "what is on this machine needs no copy"
    (folder / VERSION / known[VERSION].archive).write_bytes(b"spoilt")
    with pytest.raises(FetchError, match=r"expected .* bytes with SHA-256 .*, found 6 with"):
        fetched(VERSION, registry=place, cache=cache, known=known)
    with pytest.raises(FetchError, match="is not in the registry"):
        fetched(VERSION, registry=tmp_path, cache=cache, known=known)


def test_a_registry_of_an_unknown_kind_is_refused(known: dict[str, Release], tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"expected a folder, or an address that begins with https://"):
        fetched(VERSION, registry="ftp://127.0.0.1/releases", cache=tmp_path, known=known)


def test_a_cache_that_is_a_file_is_named(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path
) -> None:
    registry.files[AT] = archive
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    with pytest.raises(FetchError, match=rf"The cache .* can't be written: .*{CACHE_VARIABLE}"):
        fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known)


def test_of_processes_that_want_the_same_release_one_downloads_it(
    registry: Registry, archive: bytes, known: dict[str, Release], tmp_path: Path
) -> None:
    registry.files[AT] = archive
    found: list[Path] = []

    def fetch() -> None:
        found.append(fetched(VERSION, registry=registry.address, cache=tmp_path / "cache", known=known))

    threads = [threading.Thread(target=fetch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {path.read_bytes() for path in found} == {archive}
    assert len(found) == 4
    assert len(registry.asked) == 1


def test_a_release_that_is_newer_than_the_installation_is_never_downloaded(
    registry: Registry, archive: bytes, tmp_path: Path
) -> None:
    registry.files["/releases/99.0.0/readouts-99.0.0.zip"] = archive
    with pytest.raises(UnknownIdError, match=r"newer than this installation.*pip install --upgrade readouts"):
        readouts.load("99.0.0", registry=registry.address)
    with pytest.raises(UnknownIdError, match=r"Unknown release 1\.0\.7"):
        readouts.load("1.0.7", registry=registry.address)
    assert registry.asked == []


def test_every_published_release_is_known_by_its_hash() -> None:
    folder = ROOT / "releases"
    known = known_releases()
    assert set(known) == {path.name for path in folder.iterdir() if (path / "release.json").is_file()}
    for version, release in known.items():
        data = (folder / version / release.archive).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (release.bytes, release.sha256)


def test_a_release_of_the_past_is_loaded_from_a_registry(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert readouts.load().version != "1.0.0"
    data = (ROOT / "releases" / "1.0.0" / "readouts-1.0.0.zip").read_bytes()
    registry.files["/releases/1.0.0/readouts-1.0.0.zip"] = data
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    corpus = readouts.load("1.0.0", registry=registry.address)
    assert corpus.version == "1.0.0"
    assert len(corpus.events) == next(
        each["rowCount"] for each in corpus.descriptor["resources"] if each["name"] == "events"
    )
    assert len(registry.asked) == 1
    assert readouts.load("1.0.0", registry=registry.address).version == "1.0.0"
    assert len(registry.asked) == 1


def test_releases_are_in_the_order_of_their_versions(tmp_path: Path) -> None:
    for version in ("1.10.0", "1.9.0", "1.9.0-rc.1"):
        _entry(tmp_path, version)
    assert list(known_releases(tmp_path)) == ["1.9.0", "1.9.0-rc.1", "1.10.0"]


@pytest.mark.parametrize(
    "change",
    [{"archive": "../evil.zip"}, {"bytes": "many"}, {"sha256": None}, {"version": "2.0.0"}, {"archive": "a/b.zip"}],
)
def test_an_entry_that_is_none_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    _entry(tmp_path, "1.0.0", **change)
    with pytest.raises(PackageError, match="is not the entry of a release"):
        known_releases(tmp_path)


def _entry(folder: Path, place: str, **change: object) -> None:
    (folder / place).mkdir()
    entry = {
        "name": "calls",
        "version": place,
        "released": "2031-06-01",
        "archive": f"calls-{place}.zip",
        "bytes": 1,
        "sha256": "0" * 64,
        **change,
    }
    (folder / place / "release.json").write_text(json.dumps(entry), encoding="utf-8")


@contextmanager
def _closed_port() -> Iterator[str]:
    """Give an address that nobody answers at: the port is taken, and not listened to."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/releases"
