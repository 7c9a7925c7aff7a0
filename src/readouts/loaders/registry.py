"""Finding releases: which are known, where they lie, and a checked copy of each in the cache.

A registry is a folder, or an address on the web, that has the archive of each release at `<version>/<archive>`: the
layout of `releases/`. The hashes aren't taken from there. They ship with the package (`release.json` of every release),
so that a registry can be anybody's copy: what it gives is the release, byte for byte, or is refused. Where nobody names
one, it is the folder `releases/` that came with the package.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, fields
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn
from urllib.parse import urlsplit

from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.errors import PackageError, ReadoutsError, UnknownIdError
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

__all__ = [
    "CACHE_VARIABLE",
    "ENTRY",
    "REGISTRY_VARIABLE",
    "FetchError",
    "Release",
    "cache_folder",
    "default_registry",
    "fetched",
    "known_releases",
    "release_entry",
]

ENTRY = "release.json"
"""The file next to an archive that describes it to loaders."""
REGISTRY_VARIABLE = "READOUTS_REGISTRY"
"""Environment variable that names the registry: a folder, or an address on the web."""
CACHE_VARIABLE = "READOUTS_CACHE"
"""Environment variable that names the folder of downloaded releases."""

_ATTEMPTS = 3
"""How often a download is begun or taken up again before it counts as failed."""
_TIMEOUT = 30
"""Seconds without a byte after which a connection counts as lost."""
_STEP = 2**12
"""Bytes that are written at once, and so at most lost when a download is interrupted."""


class FetchError(ReadoutsError):
    """A release can't be had: it can't be reached, or what came is not the release."""


@dataclass(frozen=True, slots=True)
class Release:
    """The entry of a release in a registry.

    Attributes
    ----------
    name, version, released
        Of the corpus; the day as `YYYY-MM-DD`.
    archive, bytes, sha256
        Name, size and hash of its archive.
    compression
        How the files in it are compressed: `stored` (they aren't), or the compressor with its version and level.
    """

    name: str
    version: str
    released: str
    archive: str
    bytes: int
    sha256: str
    compression: str = "stored"

    def text(self) -> str:
        """Return the entry as the file that lies next to the archive."""
        return json.dumps(asdict(self), indent=2) + "\n"


def default_registry() -> Path:
    """Return the registry that is asked where nobody names another: the folder of releases that came with the package.

    In a checkout that is its `releases/`; in an installed package, `bundled/releases/` inside it.

    Examples
    --------
    >>> (default_registry() / "1.0.0" / ENTRY).is_file()
    True
    """
    return bundled_package() / "releases"


def known_releases(folder: Path | None = None) -> dict[str, Release]:
    """Return the releases that this installation knows, by version, the oldest first.

    Parameters
    ----------
    folder
        A folder with `<version>/release.json` for each; None takes the one that ships with the package.

    Raises
    ------
    PackageError
        An entry is not one that `readouts release` writes.

    Examples
    --------
    >>> known_releases()["1.0.0"].archive
    'readouts-1.0.0.zip'
    """
    folder = default_registry() if folder is None else folder
    entries = [_entry(path) for path in sorted(folder.glob(f"*/{ENTRY}"))]
    return {entry.version: entry for entry in sorted(entries, key=lambda entry: _order(entry.version))}


def release_entry(folder: Path, version: str) -> Release | None:
    """Return what a folder of releases knows of one of them; None if it doesn't have that one.

    Raises
    ------
    PackageError
        The entry is not one that `readouts release` writes.

    Examples
    --------
    >>> release_entry(default_registry(), "0.0.1") is None
    True
    """
    path = folder / version / ENTRY
    return _entry(path) if path.is_file() else None


def _entry(path: Path) -> Release:
    wanted = {each.name: int if each.name == "bytes" else str for each in fields(Release)}
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        # The first releases say nothing of it.
        values = {"compression": "stored"} | entry
        values = {name: values[name] for name in wanted}
    except (OSError, ValueError, LookupError, TypeError) as error:
        message = f"{path} is not the entry of a release: {error}. Reinstall readouts."
        raise PackageError(message) from error
    good = all(isinstance(values[name], kind) for name, kind in wanted.items())
    # The name becomes part of an address and of a path.
    if not good or not re.fullmatch(r"[\w][\w.+-]*\.zip", values["archive"]) or path.parent.name != values["version"]:
        message = f"{path} is not the entry of a release as `readouts release` writes it. Reinstall readouts."
        raise PackageError(message)
    return Release(**values)


def _order(version: str) -> tuple[list[int], str]:
    return [int(part) for part in re.findall(r"\d+", version.partition("-")[0])], version


def cache_folder() -> Path:
    """Return the folder of downloaded releases: that of `READOUTS_CACHE`, else the one that the system has for caches.

    Examples
    --------
    >>> cache_folder().is_absolute()
    True
    """
    import pooch

    named = os.environ.get(CACHE_VARIABLE)
    return Path(named).absolute() if named else Path(pooch.os_cache("readouts"))


def fetched(
    version: str,
    *,
    registry: str | os.PathLike[str] | None = None,
    cache: Path | None = None,
    known: Mapping[str, Release] | None = None,
) -> Path:
    """Return the archive of a release on this machine, checked against the hash that ships with the package.

    It is taken from the registry, if that is a folder; else from the cache; else it is downloaded into the cache, which
    has the layout of a registry. A download that is interrupted is taken up where it ended, three times at most; what
    remains incomplete or has a different hash is deleted.

    Parameters
    ----------
    version
        Version of the release.
    registry
        A folder or an address. None takes `READOUTS_REGISTRY`, and without that `default_registry()`.
    cache
        Folder of downloaded releases; None takes `cache_folder()`.
    known
        The releases that may be fetched; None takes `known_releases()`.

    Raises
    ------
    UnknownIdError
        This installation doesn't know the release.
    FetchError
        The release can't be reached, or a different one is there.

    Examples
    --------
    >>> fetched("99.0.0", known=known_releases())
    Traceback (most recent call last):
    readouts.datapackage.errors.UnknownIdError: Release 99.0.0 is newer than this installation, which doesn't know its \
hash. Run: pip install --upgrade readouts
    """
    releases = known_releases() if known is None else known
    release = releases.get(version)
    if release is None:
        _unknown(version, releases)
    place = registry or os.environ.get(REGISTRY_VARIABLE) or None
    folder = default_registry() if place is None else _folder(place)
    # The default may hold fewer archives than hashes, and then what was downloaded before will do.
    if folder is not None and (place is not None or (folder / version / release.archive).is_file()):
        return _from_folder(release, folder)
    cache = cache_folder() if cache is None else cache
    archive = cache / version / release.archive
    if _matches(archive, release):
        return archive
    if place is None:
        message = (
            f"Release {version} neither came with this installation ({folder}) nor is in the cache ({cache}). Name a "
            f"registry, a folder or an address with {version}/{release.archive}: load({version!r}, registry=...), or "
            f"set {REGISTRY_VARIABLE}. load() without a version needs none."
        )
        raise FetchError(message)
    _download(release, f"{str(place).rstrip('/')}/{version}/{release.archive}", cache)
    return archive


def _unknown(version: str, releases: Mapping[str, Release]) -> NoReturn:
    if re.fullmatch(r"\d+(\.\d+)*.*", version) and all(_order(version) > _order(each) for each in releases):
        message = (
            f"Release {version} is newer than this installation, which doesn't know its hash. "
            "Run: pip install --upgrade readouts"
        )
    else:
        message = f"Unknown release {version}. {did_you_mean(version, releases)}"
    raise UnknownIdError(message)


def _folder(place: str | os.PathLike[str]) -> Path | None:
    """Return the folder that a registry is; None for an address on the web."""
    if not isinstance(place, str):
        return Path(place)
    scheme = urlsplit(place).scheme.lower()
    if scheme in {"http", "https"}:
        return None
    if scheme == "file":
        from urllib.request import url2pathname

        return Path(url2pathname(urlsplit(place).path))
    # One letter is the drive of a Windows path.
    if "://" in place and len(scheme) > 1:
        message = f"The registry {place} can't be read: expected a folder, or an address that begins with https://."
        raise FetchError(message)
    return Path(place)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _matches(path: Path, release: Release) -> bool:
    try:
        return path.stat().st_size == release.bytes and _digest(path) == release.sha256
    except OSError:
        return False


def _from_folder(release: Release, folder: Path) -> Path:
    path = folder / release.version / release.archive
    if not path.is_file():
        message = (
            f"Release {release.version} is not in the registry {folder}: expected {release.version}/{release.archive} "
            "there."
        )
        raise FetchError(message)
    if not _matches(path, release):
        message = (
            f"{path} is not release {release.version}: expected {release.bytes:,} bytes with SHA-256 {release.sha256}, "
            f"found {path.stat().st_size:,} with {_digest(path)}. Put the published archive there."
        )
        raise FetchError(message)
    return path


def _download(release: Release, address: str, cache: Path) -> None:
    """Download a release into the cache; nothing is left there unless it is the release."""
    import pooch
    import requests
    from filelock import FileLock

    def downloader(url: str, output_file: str, _: Any) -> None:
        with Path(output_file).open("wb") as target:
            _stream(url, target, release)

    try:
        folder = cache / release.version
        folder.mkdir(parents=True, exist_ok=True)
        # Of two processes that want the same release, one downloads it, and the other finds it.
        with FileLock(cache / f"{release.archive}.lock"):
            if _matches(folder / release.archive, release):
                return
            # Left behind by a process that was killed: a running download holds the lock.
            for part in folder.glob("tmp*"):
                part.unlink()
            shelf = pooch.create(
                path=folder, base_url="", registry={release.archive: release.sha256}, urls={release.archive: address}
            )
            shelf.fetch(release.archive, downloader=downloader)
    except requests.RequestException as error:
        message = (
            f"Release {release.version} is not in the cache ({cache}) and can't be downloaded from {address}: "
            f"{_reason(error)}. Try again with a connection, or name another registry, a folder or an address, by "
            f"registry=... or {REGISTRY_VARIABLE}. load() without a version needs no connection."
        )
        raise FetchError(message) from error
    except ValueError as error:
        message = (
            f"{address} is not release {release.version}: expected {release.bytes:,} bytes with SHA-256 "
            f"{release.sha256}; the file received has a different hash and was deleted. The registry is wrong or was "
            "tampered with: use another one."
        )
        raise FetchError(message) from error
    except OSError as error:
        message = (
            f"The cache {cache} can't be written: {error.strerror or error}. Name another folder by {CACHE_VARIABLE}."
        )
        raise FetchError(message) from error


def _reason(error: requests.RequestException) -> str:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answers {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.Timeout):
        return f"no answer within {_TIMEOUT} seconds"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return f"the connection was interrupted {_ATTEMPTS} times"
    if isinstance(error, requests.ConnectionError):
        return "there is no connection to it"
    return str(error)


def _stream(address: str, target: BinaryIO, release: Release) -> None:
    """Write what an address gives, taking up a download that is interrupted; never more bytes than the release has."""
    import requests

    answered = False
    for attempt in range(1, _ATTEMPTS + 1):
        have = target.tell()
        if have == release.bytes:
            return
        # As it is, since a range of a compressed answer is not a range of the file.
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        try:
            with requests.get(address, headers=headers, stream=True, timeout=_TIMEOUT) as answer:
                answer.raise_for_status()
                answered = True
                if have and not _continues(answer, have):
                    target.seek(0)
                    target.truncate()
                for part in answer.iter_content(_STEP):
                    target.write(part)
                    if target.tell() > release.bytes:
                        # Too much already: the hash will say so, and nobody's disk is filled.
                        return
            return
        except (requests.exceptions.ChunkedEncodingError, requests.ConnectionError, requests.Timeout):
            # Who never answered is away, and waiting helps nobody.
            if attempt == _ATTEMPTS or not answered:
                raise


def _continues(answer: requests.Response, have: int) -> bool:
    """Return whether an answer is what follows the bytes that are there: servers may send everything again."""
    return answer.status_code == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
