"""The archive of a release: the same bytes, whoever makes it and wherever.

Files are stored without compression: compressors differ between versions of their libraries, and a release is a few
megabytes. Order, times and permissions are fixed.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from readouts.corpus_schema.bundled import EXTRA_FILES
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.files import package_files
from readouts.loaders.registry import ENTRY as REGISTRY
from readouts.loaders.registry import Release

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.datapackage.package.package import DataPackage

__all__ = [
    "BESIDE",
    "REGISTRY",
    "archive_bytes",
    "checksums",
    "contents",
    "registry_entry",
    "zipped",
]

BESIDE = ("CITATION.cff", "LICENSE-DATA")
"""What a release has from the top of the project, where it is there."""
_TIME = (1980, 1, 1, 0, 0, 0)


def contents(package: DataPackage) -> dict[str, bytes]:
    """Return the files of a release by their path; every table is checked against its hash.

    Raises
    ------
    PackageError
        A table is not the one that the descriptor was written for.
    """
    for name in package.resources:
        # Reading a table holds it against its hash.
        package.read_bytes(name)
    files = package_files(replace(package, extra_files=EXTRA_FILES))
    return {name: path.read_bytes() for name, path in files.items()}


def zipped(files: Mapping[str, bytes], top: str) -> bytes:
    """Return a ZIP file of files by their path, under one folder: the same bytes on every machine.

    Examples
    --------
    >>> zipped({"b": b"2", "a": b"1"}, "top") == zipped({"a": b"1", "b": b"2"}, "top")
    True
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{top}/{name}", _TIME)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            archive.writestr(entry, data)
    return stream.getvalue()


def archive_bytes(package: DataPackage) -> bytes:
    """Return the archive of a package: a ZIP file with everything under `<name>-<version>/`.

    Raises
    ------
    PackageError
        A table is not the one that the descriptor was written for.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.corpus_schema.bundled import bundled_package
    >>> package = open_package(bundled_package())
    >>> archive_bytes(package) == archive_bytes(package)
    True
    """
    return zipped(contents(package), f"{package.name}-{package.version}")


def registry_entry(package: DataPackage, archive: bytes) -> Release:
    """Return what tells loaders of a release.

    Raises
    ------
    PackageError
        The package has no version or date.
    """
    released = str(package.descriptor.get("created", ""))[:10]
    if not package.version or not released:
        message = f"{package.root} can't be released: expected `version` and `created` in its descriptor."
        raise PackageError(message)
    name = f"{package.name}-{package.version}.zip"
    return Release(package.name, package.version, released, name, len(archive), sha256(archive).hexdigest())


def checksums(files: Mapping[str, bytes]) -> bytes:
    r"""Return the hashes of files by their names, as `sha256sum --check` reads them.

    Examples
    --------
    >>> checksums({"empty": b""})
    b'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty\n'
    """
    return "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()
