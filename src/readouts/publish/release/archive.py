"""The archive of a release: the same bytes on every machine.

Order, times and permissions are fixed, and so is the compressor. zlib, which every Python brings, has several
implementations that give different bytes; Zopfli calculates with floating point numbers, which compilers round
differently. libdeflate calculates with whole numbers: one version gives the same bytes on every platform. Which version
of its package `deflate` packed a release is recorded. The first releases are stored without compression.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

from readouts.corpus_schema.bundled import EXTRA_FILES
from readouts.datapackage.errors import PackageError
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.package.files import package_files
from readouts.loaders.registry import ENTRY as REGISTRY
from readouts.loaders.registry import Release

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.datapackage.package.package import DataPackage

__all__ = [
    "BESIDE",
    "CHECKSUMS",
    "REGISTRY",
    "STORED",
    "archive_bytes",
    "checksums",
    "contents",
    "current_compression",
    "registry_entry",
    "zipped",
]

BESIDE = ("CITATION.cff", "LICENSE-DATA")
"""What a release has from the top of the project, where it is there."""
CHECKSUMS = "SHA256SUMS"
"""The file with the hashes of the others."""
STORED = "stored"
"""The compression of an archive whose files are stored as they are."""
_LEVEL = 12
_DEFLATED = re.compile(r"(deflate [0-9][\w.+!-]*), level ([0-9]{1,2})")
_VERSION, _UNIX, _UTF8 = 20, 3, 0x800
_DATE = 1 << 5 | 1
"""The first of January 1980, at midnight."""
_MODE = 0o100644 << 16


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


def current_compression() -> str:
    """Return how a new release is compressed: by the version of `deflate` that is installed.

    Examples
    --------
    >>> current_compression().endswith(", level 12")
    True
    """
    with requires_extra("Compressing a release"):
        import deflate  # noqa: F401
    return f"deflate {version('deflate')}, level {_LEVEL}"


def zipped(files: Mapping[str, bytes], top: str, compression: str = STORED) -> bytes:
    """Return a ZIP file of files by their path, under one folder: the same bytes on every machine.

    Raises
    ------
    PackageError
        The compression is one that this version doesn't know.

    Examples
    --------
    >>> zipped({"b": b"2", "a": b"1"}, "top") == zipped({"a": b"1", "b": b"2"}, "top")
    True
    """
    body, directory = bytearray(), bytearray()
    for path, data in sorted(files.items()):
        name = f"{top}/{path}".encode()
        method, packed = _packed(data, compression)
        flags = 0 if name.isascii() else _UTF8
        about = struct.pack("<4H3L2H", flags, method, 0, _DATE, zlib.crc32(data), len(packed), len(data), len(name), 0)
        directory += struct.pack("<4s4B", b"PK\1\2", _VERSION, _UNIX, _VERSION, 0) + about
        directory += struct.pack("<3H2L", 0, 0, 0, _MODE, len(body)) + name
        body += struct.pack("<4s2B", b"PK\3\4", _VERSION, 0) + about + name + packed
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return bytes(body + directory + end)


def _packed(data: bytes, compression: str) -> tuple[int, bytes]:
    """Return the method of ZIP by which a file is packed, and the packed bytes."""
    if compression == STORED:
        return 0, data
    form = _DEFLATED.fullmatch(compression)
    if form is None:
        message = f"'{compression}' is a compression that this version doesn't know: pip install --upgrade readouts"
        raise PackageError(message)
    with requires_extra("Compressing a release"):
        from deflate import deflate_compress
    packed = bytes(deflate_compress(data, int(form[2])))
    return (8, packed) if len(packed) < len(data) else (0, data)


def archive_bytes(package: DataPackage, compression: str = STORED) -> bytes:
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
    return zipped(contents(package), f"{package.name}-{package.version}", compression)


def registry_entry(package: DataPackage, archive: bytes, compression: str = STORED) -> Release:
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
    digest = sha256(archive).hexdigest()
    return Release(package.name, package.version, released, name, len(archive), digest, compression)


def checksums(files: Mapping[str, bytes]) -> bytes:
    r"""Return the hashes of files by their names, as `sha256sum --check` reads them.

    Examples
    --------
    >>> checksums({"empty": b""})
    b'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty\n'
    """
    return "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()
