"""The content of compressed files: gzip and ZIP, within limits, and what is wrong with one that is broken."""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING

from readouts.datapackage.table.file_kind import FileFault, file_fault
from readouts.datapackage.table.limits import MOST_BYTES, MOST_RATIO, RATIO_FROM, LimitError
from readouts.datapackage.words import counted, listed, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.table.byte_stream import Digest
    from readouts.datapackage.table.csv_header import ByteStream

__all__ = ["Gzip", "Zip", "is_clutter"]

_STEP = 2**18
_GZIP = b"\x1f\x8b"
_CLUTTER = frozenset([".DS_Store", "Thumbs.db", "desktop.ini"])
_AGAIN = "Fetch the file again, or compress its content again."


def _fault(message: str, hint: str = _AGAIN) -> FileFault:
    return FileFault(message, hint, "scheme-error", field="path")


def _require_within_limits(packed: int, unpacked: int) -> None:
    if unpacked > MOST_BYTES:
        message = f"it unpacks to more than {MOST_BYTES // 2**30} GiB"
        raise LimitError(message)
    if unpacked > RATIO_FROM and unpacked > packed * MOST_RATIO:
        message = f"it unpacks to more than {MOST_RATIO} times its size"
        raise LimitError(message)


class Gzip:
    """The content of a gzip file of one member or several."""

    def __init__(self, raw: ByteStream) -> None:
        """Begin."""
        self._raw = raw
        self._inflate = zlib.decompressobj(31)
        self._packed = self._unpacked = 0
        self._tail = b""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""
        parts: list[bytes] = []
        wanted = size
        while wanted > 0:
            if self._inflate.eof and not self._next_member():
                break
            begun = self._packed > 0
            data = self._tail or self._more()
            if not data:
                if begun:
                    message = f"The gzip file is cut off after {counted(self._unpacked, 'byte')} of its content."
                    raise _fault(message)
                break
            if not begun and not data.startswith(_GZIP):
                raise _not_gzip(data)
            try:
                part = self._inflate.decompress(data, wanted)
            except zlib.error as error:
                reason = str(error).rpartition(": ")[2]
                message = f"The gzip file is damaged: {reason}."
                raise _fault(message) from error
            self._tail = self._inflate.unconsumed_tail
            self._unpacked += len(part)
            _require_within_limits(self._packed, self._unpacked)
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def _more(self) -> bytes:
        data = self._raw.read(_STEP)
        self._packed += len(data)
        return data

    def _next_member(self) -> bool:
        """Go to the member that follows; whether there is one. Members may be padded with NUL."""
        data = self._inflate.unused_data.lstrip(b"\0")
        while len(data) < len(_GZIP) and (more := self._more()):
            data = (data + more).lstrip(b"\0")
        if data and not data.startswith(_GZIP):
            message = f"The gzip file goes on after its end, with {quoted(data[:20].decode('latin-1'))}."
            raise _fault(message, "Remove what follows the compressed data, or compress the content again.")
        if data:
            self._tail, self._inflate = data, zlib.decompressobj(31)
        return bool(data)


def _not_gzip(data: bytes) -> FileFault:
    beginning = quoted(data[:20].decode("latin-1"))
    return file_fault(data, "gzip", doubtful=False) or _fault(
        f"Expected gzip; the file is not compressed with it: it begins with {beginning}.",
        "Compress the file with gzip; or remove `.gz` from its name, and `compression` from the descriptor.",
    )


def _chosen(names: list[str], inner: str | None) -> str:
    """Return which file of an archive is meant."""
    if inner is None and len(names) != 1:
        message = f"Expected one file in the archive, or `innerpath`; found {len(names)} files."
        raise _fault(message, f"Set `innerpath` to one of them: {listed(names)}." if names else _AGAIN)
    if inner is not None and inner not in names:
        raise _fault(f"The archive has no {quoted(inner)}.", f"Set `innerpath` to one that it has: {listed(names)}.")
    return inner or names[0]


def is_clutter(name: str) -> bool:
    """Return whether a file of an archive is what macOS or Windows adds to it.

    Examples
    --------
    >>> [is_clutter(name) for name in ("__MACOSX/lakes/._lakes.csv", "lakes/.DS_Store", "lakes/lakes.csv")]
    [True, True, False]
    """
    folder, _, file = name.rpartition("/")
    return folder.partition("/")[0] == "__MACOSX" or file in _CLUTTER or file.startswith("._")


class Zip:
    """The content of one file of a ZIP archive."""

    def __init__(self, path: Path, inner: str | None, digest: Digest) -> None:
        """Hash the archive, and open the file in it."""
        with path.open("rb") as stream:
            head = data = digest.add(stream.read(_STEP))
            while data:
                data = digest.add(stream.read(_STEP))
        try:
            archive = zipfile.ZipFile(digest.held(path.open("rb")))
            files = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            names = [name for name in files if not is_clutter(name)]
            entry = archive.getinfo(_chosen(names, inner))
            self._stream = archive.open(entry)
        except zipfile.BadZipFile as error:
            found = None if head.startswith(b"PK") else file_fault(head, "a ZIP archive", doubtful=False)
            raise found or _fault("Expected a ZIP archive; the file is not one, or it is cut off.") from error
        except (RuntimeError, NotImplementedError) as error:
            message = f"The archive can't be unpacked: {error}."
            hint = "Make an archive without a password, with the usual compression."
            raise FileFault(message, hint, "unsupported-feature", field="path") from error
        self._packed: int = entry.compress_size
        self._unpacked = 0

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""
        parts = []
        try:
            while size > 0 and (part := self._stream.read(min(size, _STEP))):
                self._unpacked += len(part)
                _require_within_limits(self._packed, self._unpacked)
                parts.append(part)
                size -= len(part)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            message = f"The archive is damaged: {error}."
            raise _fault(message) from error
        return b"".join(parts)
