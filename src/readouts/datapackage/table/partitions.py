"""Rows that outgrow memory: kept in a temporary file by the hash of their key, and read again part by part.

Rows of the same key are in the same part, so that a comparison by key takes one part after the other. A hash only
chooses the part: the texts decide which keys are equal.
"""

from __future__ import annotations

import io
import logging
import tempfile
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO

import polars as pl

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.memory import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

__all__ = ["Partitions", "Spilled", "TemporaryFrames", "hashes", "part_count", "parted", "together"]

_PART = "\0part"
_FEWEST, _MOST = 16, 4096
_LOG = logging.getLogger("readouts")


@dataclass(frozen=True, slots=True)
class Spilled:
    """Where a frame is in the file, and how many rows and bytes of memory it has when it is read."""

    start: int
    length: int
    rows: int
    size: int


@dataclass
class TemporaryFrames:
    """Frames in a temporary file without a name: the system removes it when the process ends, however it ends.

    Attributes
    ----------
    what
        Its content, as the beginning of a sentence, for the note that names the folder.
    """

    what: str
    _stream: BinaryIO | None = None
    _end: int = 0
    _lock: Lock = field(default_factory=Lock)

    def write(self, frame: pl.DataFrame) -> Spilled:
        """Append a frame.

        Raises
        ------
        ReadoutsError
            The disk is full, or the folder of temporary files can't be written to.
        """
        data = io.BytesIO()
        frame.write_ipc_stream(data, compression="lz4")
        with self._lock:
            try:
                if self._stream is None:
                    _LOG.warning(
                        "%s outgrow the memory that they may take: the rest goes to a temporary file in %s.",
                        self.what,
                        tempfile.gettempdir(),
                    )
                    self._stream = tempfile.TemporaryFile(prefix="readouts-", buffering=0)  # noqa: SIM115
                self._stream.seek(self._end)
                left = data.getbuffer()
                while left:
                    left = left[self._stream.write(left) :]
            except OSError as error:
                message = (
                    f"{self.what} outgrow the memory that they may take, and a temporary file can't take them after "
                    f"{size_text(self._end)}: {(error.strerror or str(error)).rstrip('.')} ({tempfile.gettempdir()}). "
                    "Make room there, name another folder in the environment variable TMPDIR, or give more `--memory`."
                )
                raise ReadoutsError(message) from error
            start, length = self._end, data.tell()
            self._end += length
        return Spilled(start, length, frame.height, int(frame.estimated_size()))

    def read(self, spilled: Spilled) -> pl.DataFrame:
        """Return a frame that was written."""
        assert self._stream is not None  # noqa: S101 - it was written
        with self._lock:
            self._stream.seek(spilled.start)
            pieces, left = [], spilled.length
            while left:
                # The system gives no more than 2 GB at once.
                pieces.append(self._stream.read(left))
                left -= len(pieces[-1])
        return pl.read_ipc_stream(b"".join(pieces))

    def __enter__(self) -> Self:
        """Begin; there is no file before something is written."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the file."""
        if self._stream is not None:
            self._stream.close()


def part_count(size: int, memory: int) -> int:
    """Return into how many parts files of a size are parted, so that a part of them fits well into memory.

    Examples
    --------
    >>> part_count(10**6, 10**9), part_count(22 * 10**9, 2 * 10**9)
    (16, 128)
    """
    wanted = 8 * size // max(memory, 1)
    return min(_MOST, max(_FEWEST, 1 << wanted.bit_length()))


class Partitions:
    """Rows by the hash of their key, in the order in which they came.

    Examples
    --------
    >>> with TemporaryFrames("Rows") as file:
    ...     rows = Partitions(file, 2)
    ...     rows.add(pl.DataFrame({"key": ["a", "b", "a"], "row": [1, 2, 3]}), ["key"])
    ...     sorted(row for number in range(2) for frame in rows.batches(number, 10**6) for row in frame["row"])
    [1, 2, 3]
    """

    def __init__(self, file: TemporaryFrames, count: int) -> None:
        """Begin without rows."""
        self._file = file
        self._parts: list[list[Spilled]] = [[] for _ in range(count)]

    def add(self, frame: pl.DataFrame, key: Sequence[str]) -> None:
        """Add rows by the hash of some columns; without any, all are one part."""
        for number, rows in parted(frame, key, len(self._parts)):
            self._parts[number].append(self._file.write(rows))

    def __len__(self) -> int:
        """Return the number of parts."""
        return len(self._parts)

    def batches(self, number: int, most: int) -> Iterator[pl.DataFrame]:
        """Yield the rows of a part, as many at once as fit into so many bytes: all, unless one key has very many."""
        frames: list[pl.DataFrame] = []
        size = 0
        for spilled in self._parts[number]:
            if frames and size + spilled.size > most:
                yield together(frames)
                frames, size = [], 0
            frames.append(self._file.read(spilled))
            size += spilled.size
        if frames:
            yield together(frames)


def parted(frame: pl.DataFrame, key: Sequence[str], count: int) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield the rows of each of so many parts, as far as there are any, in their order."""
    parts = hashes(frame.select(key)) % count if key else pl.repeat(0, frame.height, eager=True)
    ordered = frame.with_columns(parts.alias(_PART)).sort(_PART, maintain_order=True)
    start = 0
    for number, height in ordered[_PART].value_counts().sort(_PART).iter_rows():
        yield number, ordered.slice(start, height).drop(_PART)
        start += height


def hashes(keys: pl.DataFrame) -> pl.Series:
    """Return a hash of each key that is the same for equal texts, be they written as numbers elsewhere."""
    return keys.select(pl.all().cast(pl.String)).hash_rows()


def together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Return frames as one; a column that is of numbers in one and of texts in another becomes one of texts."""
    return pl.concat(frames, how="vertical_relaxed")
