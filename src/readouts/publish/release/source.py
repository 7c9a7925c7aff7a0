"""What a release was built from, kept next to it, and building it again from that alone.

`releases/<version>/source.zip` holds the annotations and the schemas of the time, and the files that a release has from
the top of the project. So a clone without history, whose schemas have moved on, can still make the same bytes.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.corpus_schema.bundled import EXTRA_FILES, SCHEMAS_VARIABLE
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.datapackage.package.paths import inside
from readouts.datapackage.table.limits import MOST_RATIO, RATIO_FROM
from readouts.publish.release.archive import BESIDE, REGISTRY, STORED, archive_bytes, current_compression, zipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["SOURCE", "built", "read_source", "source_bytes", "source_files", "verify"]

SOURCE = "source.zip"
"""The archive of what a release was built from."""
_PACKED = "the files are the same, but not how they are packed"


def source_files(root: Path, annotations: Mapping[str, bytes], schemas: Path) -> dict[str, bytes]:
    """Return what a release is built from, by path."""
    files = dict(annotations)
    files |= {f"schemas/{path.name}": path.read_bytes() for path in sorted(schemas.glob("*.json"))}
    files |= {name: (root / name).read_bytes() for name in BESIDE if (root / name).is_file()}
    return files


def source_bytes(files: Mapping[str, bytes], name: str, version: str, compression: str = STORED) -> bytes:
    """Return the source archive of a release."""
    return zipped(files, f"{name}-{version}-source", compression)


def read_source(archive: Path) -> dict[str, bytes]:
    """Return the files of a source archive by their path below its one folder.

    Raises
    ------
    PackageError
        It is not such an archive: it unpacks to more than is taken, or its files aren't under one folder.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as opened:
            entries = opened.infolist()
            total = sum(entry.file_size for entry in entries)
            if total > RATIO_FROM and total > archive.stat().st_size * MOST_RATIO:
                message = f"{archive} unpacks to {total:,} bytes, more than {MOST_RATIO} times its size."
                raise PackageError(message)
            read = {entry.filename: opened.read(entry) for entry in entries}
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, IndexError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{archive} can't be read as a source archive: {reason}."
        raise PackageError(message) from error
    tops = {name.partition("/")[0] for name in read}
    if len(tops) != 1:
        message = f"{archive} has {len(tops)} folders at its top: expected one, <name>-<version>-source."
        raise PackageError(message)
    return {name.partition("/")[2]: data for name, data in read.items()}


@contextmanager
def built(
    files: Mapping[str, bytes], env: Mapping[str, str] | None = None, *, place: str = ""
) -> Iterator[DataPackage]:
    """Build a package from its source in a clean folder and a process of its own, for the time of the block.

    Parameters
    ----------
    files
        What `source_files` or `read_source` gives.
    env
        Environment variables to set for the build.
    place
        A folder to make inside the temporary one, so that builds can be made at places of different kinds.

    Raises
    ------
    PackageError
        The build fails; the message has what it said.
    """
    with tempfile.TemporaryDirectory(prefix="readouts-", ignore_cleanup_errors=True) as temporary:
        root = Path(temporary) / place
        for name, data in files.items():
            path = inside(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        # Where an early package has no schemas next to it, this installation's are the ones.
        schemas = {SCHEMAS_VARIABLE: str(root / "schemas")} if (root / "schemas").is_dir() else {}
        done = subprocess.run(  # noqa: S603 - this Python, and a module of this package
            [sys.executable, "-m", "readouts.publish.release.building", str(root)],
            env={**os.environ, **(env or {}), **schemas, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            reason = done.stderr.decode("utf-8", "replace").strip()
            message = f"The annotations can't be built: {reason or f'the build ended with {done.returncode}'}"
            raise PackageError(message)
        yield open_package(root, EXTRA_FILES)


def verify(folder: Path) -> dict[str, Any]:
    """Build the release in a folder of `releases` again from its sources, and hold it to its archive, byte for byte.

    Raises
    ------
    PackageError
        A file is missing, the archive is not the one of the registry entry, the build gives another one, or the
        compressor that packed it isn't installed.
    """
    try:
        entry: dict[str, Any] = json.loads((folder / REGISTRY).read_text(encoding="utf-8"))
        published = inside(folder, str(entry["archive"])).read_bytes()
        expected = (int(entry["bytes"]), str(entry["sha256"]))
        told = (str(entry["name"]), str(entry["version"]))
        compression = str(entry.get("compression", STORED))
    except (OSError, ValueError, LookupError, TypeError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{folder} is not a release: expected {REGISTRY} and the archive that it names; {reason}."
        raise PackageError(message) from error
    found = (len(published), sha256(published).hexdigest())
    if found != expected:
        message = (
            f"{folder / str(entry['archive'])} is not the archive described in {REGISTRY}: expected {expected[0]:,} "
            f"bytes with SHA-256 {expected[1]}, found {found[0]:,} with {found[1]}. Restore it from the repository."
        )
        raise PackageError(message)
    with built(read_source(folder / SOURCE)) as package:
        again = archive_bytes(package, compression)
        gives = (package.name, package.version)
    if told != gives:
        message = (
            f"{folder / REGISTRY} describes {' '.join(told)}, but {folder / SOURCE} gives {' '.join(gives)}: expected "
            "one release. Restore them from the repository."
        )
        raise PackageError(message)
    if again != published:
        if compression != STORED:
            _require_compressor(compression, published, again, folder)
        message = (
            f"{folder / SOURCE} gives another archive than {entry['archive']}: {_first_difference(published, again)}. "
            "A release can't change: the builder must make the same archive from these sources again."
        )
        raise PackageError(message)
    return entry


def _first_difference(published: bytes, again: bytes) -> str:
    """Name the first file that two archives differ in."""
    with zipfile.ZipFile(io.BytesIO(published)) as old, zipfile.ZipFile(io.BytesIO(again)) as new:
        before, after = set(old.namelist()), set(new.namelist())
        for name in sorted(before | after):
            if name not in after:
                return f"it lacks {name}"
            if name not in before:
                return f"it has {name} as well"
            if old.read(name) != new.read(name):
                return f"{name} differs"
    return _PACKED


def _require_compressor(compression: str, published: bytes, again: bytes, folder: Path) -> None:
    """Refuse to judge how files are packed where another version of the compressor is installed."""
    packed, installed = (each.partition(",")[0] for each in (compression, current_compression()))
    if packed != installed and _first_difference(published, again) == _PACKED:
        message = (
            f"{folder / SOURCE} gives the files of the release, but how they are packed can't be checked: expected the "
            f"compressor {packed}, found {installed}. Install it, then verify again: "
            f"pip install {packed.replace(' ', '==')}"
        )
        raise PackageError(message)
