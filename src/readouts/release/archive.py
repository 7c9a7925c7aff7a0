"""The archive of a release: the same bytes, whoever makes it and wherever.

Files are stored without compression: compressors differ between versions of their libraries, and a release is a few
megabytes. Order, times and permissions are fixed.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from readouts.errors import PackageError
from readouts.package.reading import DESCRIPTOR, Package
from readouts.package.swap import replace_file

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RegistryEntry", "archive_bytes", "write_release"]

_BESIDE = ("CITATION.cff", "LICENSE-DATA")
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """What a loader needs to find a release and to check it."""

    name: str
    version: str
    released: str
    archive: str
    bytes: int
    sha256: str


def _contents(package: Package) -> dict[str, bytes]:
    """Return the files of a release by their path; every table is checked against its hash."""
    files = {DESCRIPTOR: (package.root / DESCRIPTOR).read_bytes()}
    for name, resource in package.resources.items():
        files[str(resource["path"])] = package.read_bytes(name)
    for name in ("data/README.md", *_BESIDE):
        path = package.root / name
        if path.is_file():
            files[name] = path.read_bytes()
    return files


def archive_bytes(package: Package) -> bytes:
    """Return the archive of a package: a ZIP file with everything under `<name>-<version>/`.

    Raises
    ------
    PackageError
        A table is not the one that the descriptor was written for.

    Examples
    --------
    >>> from readouts.package.reading import open_package
    >>> from readouts.resources import bundled_package
    >>> package = open_package(bundled_package())
    >>> archive_bytes(package) == archive_bytes(package)
    True
    """
    top = f"{package.name}-{package.version}"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(_contents(package).items()):
            entry = zipfile.ZipInfo(f"{top}/{name}", _TIME)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, data)
    return stream.getvalue()


def write_release(package: Package, folder: Path) -> RegistryEntry:
    """Write archive and registry entry of a package into a folder.

    Parameters
    ----------
    package
        The package; its descriptor tells name, version and date.
    folder
        Where to, usually `releases/<version>`. A release that is there already is never changed.

    Raises
    ------
    PackageError
        The folder holds another release of that version, or the package has no version or date.
    """
    released = str(package.descriptor.get("created", ""))[:10]
    if not package.version or not released:
        message = f"{package.root} can't be released: expected `version` and `created` in its descriptor."
        raise PackageError(message)
    data = archive_bytes(package)
    archive = folder / f"{package.name}-{package.version}.zip"
    if archive.exists() and archive.read_bytes() != data:
        message = f"{archive} is there and differs: a release is never changed. Raise the version instead."
        raise PackageError(message)
    digest = sha256(data).hexdigest()
    entry = RegistryEntry(package.name, package.version, released, archive.name, len(data), digest)
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(archive, data)
    replace_file(folder / "release.json", (json.dumps(asdict(entry), indent=2) + "\n").encode())
    return entry
