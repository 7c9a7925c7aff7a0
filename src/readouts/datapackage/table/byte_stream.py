"""The bytes of a table, wherever its descriptor says they are: files inside the package, compressed or not."""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import new as new_hash
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from readouts.datapackage.table.limits import MOST_BYTES, MOST_RATIO, RATIO_FROM, LimitError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from mmap import mmap
    from pathlib import Path

    from readouts.datapackage.table.csv_header import ByteStream

__all__ = ["Digest", "opened"]

_BOM = b"\xef\xbb\xbf"
_STEP = 2**18

Data = TypeVar("Data", "bytes", "mmap")


@dataclass
class Digest:
    """Hash and size of what a resource's files hold, taken while they are read."""

    algorithm: str | None = None
    progress: Callable[[int], None] | None = None
    size: int = 0
    byte_order_mark: bool = False
    _hash: object = field(default=None, repr=False)
    _open: ExitStack = field(default_factory=ExitStack, repr=False)

    def __post_init__(self) -> None:
        """Begin the hash."""
        if self.algorithm is not None:
            self._hash = new_hash(self.algorithm, usedforsecurity=False)

    def add(self, data: Data) -> Data:
        """Count the bytes of a file as they lie on disk, and return them."""
        self.size += len(data)
        if self._hash is not None:
            self._hash.update(data)  # type: ignore[attr-defined]
        if self.progress is not None:
            self.progress(len(data))
        return data

    def held(self, stream: BinaryIO) -> BinaryIO:
        """Return a file that `close` will close."""
        return self._open.enter_context(stream)

    def close(self) -> None:
        """Close the files that are still open."""
        self._open.close()

    @property
    def hexadecimal(self) -> str:
        """The hash so far."""
        return self._hash.hexdigest() if self._hash is not None else ""  # type: ignore[attr-defined]


class _Raw:
    """A file whose bytes are counted and hashed as they are read."""

    def __init__(self, stream: BinaryIO, digest: Digest) -> None:
        self._stream, self._digest = stream, digest

    def read(self, size: int, /) -> bytes:
        return self._digest.add(self._stream.read(size))


def _held(packed: int, unpacked: int) -> None:
    if unpacked > MOST_BYTES:
        message = f"it unpacks to more than {MOST_BYTES // 2**30} GiB"
        raise LimitError(message)
    if unpacked > RATIO_FROM and unpacked > packed * MOST_RATIO:
        message = f"it unpacks to more than {MOST_RATIO} times its size"
        raise LimitError(message)


class _Gzip:
    """The content of a gzip file of one member or several."""

    def __init__(self, raw: ByteStream) -> None:
        self._raw = raw
        self._inflate = zlib.decompressobj(31)
        self._packed = self._unpacked = 0
        self._tail = b""

    def read(self, size: int, /) -> bytes:
        parts: list[bytes] = []
        wanted = size
        while wanted > 0:
            if self._inflate.eof:
                self._tail = (self._inflate.unused_data or self._raw.read(_STEP)).lstrip(b"\0")
                if not self._tail:
                    break
                self._inflate = zlib.decompressobj(31)
            data = self._tail or self._raw.read(_STEP)
            if data is not self._tail:
                self._packed += len(data)
            if not data:
                if self._packed:
                    message = "the gzip file ends in the middle"
                    raise EOFError(message)
                break
            part = self._inflate.decompress(data, wanted)
            self._tail = self._inflate.unconsumed_tail
            self._unpacked += len(part)
            _held(self._packed, self._unpacked)
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)


class _Zip:
    """The content of one file of a ZIP archive."""

    def __init__(self, path: Path, inner: str | None, digest: Digest) -> None:
        with path.open("rb") as stream:
            while digest.add(stream.read(_STEP)):
                pass
        self._archive: zipfile.ZipFile = zipfile.ZipFile(digest.held(path.open("rb")))
        names = [entry.filename for entry in self._archive.infolist() if not entry.is_dir()]
        if inner is None and len(names) != 1:
            message = f"the archive has {len(names)} files, and `innerpath` doesn't say which one it is"
            raise zipfile.BadZipFile(message)
        if inner is not None and inner not in names:
            message = f"the archive has no '{inner}'"
            raise zipfile.BadZipFile(message)
        entry = self._archive.getinfo(inner or names[0])
        if entry.flag_bits & 1:
            message = "the archive is encrypted"
            raise zipfile.BadZipFile(message)
        self._packed: int = entry.compress_size
        self._unpacked = 0
        self._stream = self._archive.open(entry)

    def read(self, size: int, /) -> bytes:
        parts = []
        while size > 0 and (part := self._stream.read(min(size, _STEP))):
            self._unpacked += len(part)
            _held(self._packed, self._unpacked)
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class _Joined:
    """Files one after the other; a file that ends without a line end gets one."""

    def __init__(self, streams: Iterator[ByteStream]) -> None:
        self._streams = streams
        self._current: ByteStream | None = next(streams, None)
        self._last = b"\n"

    def read(self, size: int, /) -> bytes:
        while self._current is not None:
            data = self._current.read(size)
            if data:
                self._last = data[-1:]
                return data
            self._current = next(self._streams, None)
            if self._current is not None and self._last != b"\n":
                self._last = b"\n"
                return b"\n"
        return b""


_LONE = re.compile("[\ud800-\udfff]")
"""Halves of characters, which some encodings can spell and no text has."""


class _Recoded:
    """A stream in another encoding, as UTF-8; what can't be decoded becomes bytes that are no UTF-8 either."""

    def __init__(self, stream: ByteStream, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="readouts-escape")
        self._ended = False

    def read(self, size: int, /) -> bytes:
        while not self._ended:
            data = self._stream.read(size)
            self._ended = not data
            try:
                text = self._decoder.decode(data, final=self._ended)
            except UnicodeError as error:
                # A codec that can't stand in for what it doesn't know.
                raise LookupError(str(error)) from error
            if text:
                return _LONE.sub("\udcff", text).encode("utf-8", "surrogateescape")
        return b""


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Stand in for what can't be decoded: one byte that is no UTF-8, which the reader of records will report."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


codecs.register_error("readouts-escape", _escape)


class _Terminated:
    """A stream whose lines end in a carriage return alone, with line feeds instead."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        return self._stream.read(size).replace(b"\r", b"\n")


class _Unmarked:
    """A stream without the byte order mark that it may begin with."""

    def __init__(self, stream: ByteStream, digest: Digest) -> None:
        self._stream, self._digest = stream, digest
        self._begun = False

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        if not self._begun:
            self._begun = True
            while 0 < len(data) < len(_BOM) and (more := self._stream.read(size)):
                data += more
            if data.startswith(_BOM):
                self._digest.byte_order_mark = True
                data = data[len(_BOM) :] or self._stream.read(size)
        return data


def _one(path: Path, compression: str, inner: str | None, digest: Digest) -> ByteStream:
    if compression == "zip":
        return _Zip(path, inner, digest)
    raw = _Raw(digest.held(path.open("rb")), digest)
    return _Gzip(raw) if compression == "gz" else raw


def opened(
    source: list[Path] | str, digest: Digest, *, compression: str, inner: str | None, encoding: str, terminator: str
) -> ByteStream:
    """Return the content of a resource as UTF-8.

    Parameters
    ----------
    source
        Its files, which lie inside the package, or its text.
    digest
        Counts what is read.
    compression
        `gz`, `zip` or an empty text.
    inner
        Which file of a ZIP archive.
    encoding
        Name of the encoding.
    terminator
        What ends a line; a carriage return is turned into a line feed.

    Raises
    ------
    LookupError
        There is no such encoding.
    OSError, EOFError, zlib.error, zipfile.BadZipFile
        A file can't be read; also while it is read.
    """
    if isinstance(source, str):
        text: ByteStream = BytesIO(source.encode("utf-8", "replace"))
        return _Terminated(text) if terminator == "\r" else text
    name = codecs.lookup(encoding).name
    try:
        b"a".decode(encoding, "ignore")
    except UnicodeError as error:
        raise LookupError(encoding) from error
    stream: ByteStream = _Joined(_one(path, compression, inner, digest) for path in source)
    if name != "utf-8":
        stream = _Recoded(stream, "utf-8" if name == "utf-8-sig" else encoding)
    stream = _Unmarked(stream, digest)
    return _Terminated(stream) if terminator == "\r" else stream
