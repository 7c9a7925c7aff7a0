"""The content of one file of a table as UTF-8: unpacked, decoded, without a byte order mark, and hashed on the way."""

from __future__ import annotations

import codecs
import io
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import new as new_hash
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from readouts.datapackage.suggest import nearest
from readouts.datapackage.table.decompression import Gzip, Zip
from readouts.datapackage.table.file_kind import FileFault, encoding_fault
from readouts.datapackage.table.undecoded import escaped, without_halves
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from mmap import mmap

    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.resource import Resource

__all__ = ["Digest", "FileStream", "Hashed", "require_encoding"]

_BOM = b"\xef\xbb\xbf"
_USUAL = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "iso-8859-1", "windows-1252")
_HEAD = 2**12
"""First bytes of a file by which its kind is recognised."""

Data = TypeVar("Data", "bytes", "mmap")


@dataclass
class Digest:
    """Hash and size of what a resource's files hold, taken while they are read.

    Attributes
    ----------
    marked
        Numbers of the files that begin with a byte order mark, from 0.
    """

    algorithm: str | None = None
    progress: Callable[[int], None] | None = None
    size: int = 0
    marked: list[int] = field(default_factory=list)
    _hash: Any = field(default=None, repr=False)
    _open: ExitStack = field(default_factory=ExitStack, repr=False)

    def __post_init__(self) -> None:
        """Begin the hash."""
        if self.algorithm is not None:
            self._hash = new_hash(self.algorithm, usedforsecurity=False)

    def add(self, data: Data) -> Data:
        """Count the bytes of a file as they lie on disk, and return them."""
        self.size += len(data)
        if self._hash is not None:
            self._hash.update(data)
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
        return self._hash.hexdigest() if self._hash is not None else ""


@dataclass(frozen=True)
class Hashed:
    """What a `Digest` has come to."""

    size: int
    hexadecimal: str
    marked: Sequence[int] = ()


class _Raw:
    """A file whose bytes are counted and hashed as they are read; it is closed at its end."""

    def __init__(self, stream: BinaryIO, digest: Digest) -> None:
        self._stream, self._digest = stream, digest

    def read(self, size: int, /) -> bytes:
        data = b"" if self._stream.closed else self._stream.read(size)
        if not data:
            self._stream.close()
        return self._digest.add(data)


class _Beginning:
    """A stream that keeps what it began with."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.head = b""

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        if len(self.head) < _HEAD:
            self.head += data[: _HEAD - len(self.head)]
        return data


class _Recoded:
    """A stream in another encoding, as UTF-8; bytes that can't be decoded stay bytes that are not UTF-8 either."""

    def __init__(self, stream: ByteStream, encoding: str) -> None:
        self._stream, self._encoding = stream, encoding
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="readouts-escape")
        self._ended = False

    def read(self, size: int, /) -> bytes:
        while not self._ended:
            data = self._stream.read(size)
            self._ended = not data
            try:
                text = self._decoder.decode(data, final=self._ended)
            except UnicodeError as error:
                # The mark of the encoding is missing, or its codec can't stand in for what it doesn't know.
                raise encoding_fault(data, self._encoding) or _unknown(self._encoding) from error
            if text:
                return without_halves(text).encode("utf-8", "surrogateescape")
        return b""


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Stand in for what can't be decoded: bytes that are not UTF-8, which the reader of records will report."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return escaped(error.object[error.start : error.end]), error.end


codecs.register_error("readouts-escape", _escape)


class FileStream:
    """The content of one file of a resource as UTF-8, without the byte order mark that it may begin with.

    Parameters
    ----------
    resource
        The resource; one without files has a text as its data, which is read like a file.
    number
        Which of its files, from 0.
    digest
        Counts what is read.
    """

    def __init__(self, resource: Resource, number: int, digest: Digest) -> None:
        self._number, self._digest = number, digest
        self._begun = False
        encoding = resource.encoding
        raw: ByteStream
        if not resource.paths:
            text = without_halves(str(resource.data))
            raw, encoding = io.BytesIO(text.encode("utf-8", "surrogateescape")), "utf-8"
        elif resource.compression == "zip":
            raw = Zip(resource.paths[number], resource.inner, digest)
        else:
            raw = _Raw(digest.held(resource.paths[number].open("rb")), digest)
            raw = Gzip(raw) if resource.compression else raw
        self._beginning = _Beginning(raw)
        self._stream: ByteStream = self._beginning
        if codecs.lookup(encoding).name not in {"utf-8", "utf-8-sig"}:
            self._stream = _Recoded(self._stream, encoding)
        self._returns = resource.dialect.line_terminator == "\r"

    @property
    def head(self) -> bytes:
        """The bytes that the file begins with, unpacked and not decoded, as far as they were read."""
        return self._beginning.head

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""
        data = self._stream.read(size)
        if not self._begun:
            self._begun = True
            while 0 < len(data) < len(_BOM) and (more := self._stream.read(size)):
                data += more
            if data.startswith(_BOM):
                self._digest.marked.append(self._number)
                data = data[len(_BOM) :] or self._stream.read(size)
        # Lines that end in a carriage return alone get line feeds instead.
        return data.replace(b"\r", b"\n") if self._returns else data


def require_encoding(name: str) -> None:
    """Raise unless there is an encoding of text of that name.

    Raises
    ------
    FileFault
        There is none.

    Examples
    --------
    >>> require_encoding("uft-8")
    Traceback (most recent call last):
    readouts.datapackage.table.file_kind.FileFault: The encoding 'uft-8' is not known.
    """
    try:
        codecs.lookup(name)
        b"a".decode(name, "ignore")
    except (LookupError, UnicodeError) as error:
        raise _unknown(name) from error


def _unknown(name: str) -> FileFault:
    similar = nearest(name.lower().replace("_", "-"), _USUAL)
    hint = f"Did you mean {similar}?" if similar else "Name an encoding, such as utf-8, utf-16 or windows-1252."
    return FileFault(f"The encoding {quoted(name)} is not known.", hint, "encoding-error", field="encoding")
