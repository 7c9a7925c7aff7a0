"""One resource of a package: what its descriptor says about its data, and the ways to read that."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING, Any

from readouts.datapackage.table.byte_stream import Digest, Hashed
from readouts.datapackage.table.dialect import Dialect
from readouts.datapackage.table.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from readouts.datapackage.incident import Incident
    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.records import TableRows
    from readouts.datapackage.table.text_frame import TextTable

__all__ = ["AT_ONCE", "Resource"]

AT_ONCE = 2**26
"""Bytes of a file that are hashed at once, and in memory meanwhile."""
_ABOUT_READING = frozenset([None, "dialect", "schema", "path", "data", "encoding"])


@dataclass(frozen=True)
class Resource:
    """One resource.

    Attributes
    ----------
    root
        Folder of the package.
    descriptor
        What the package's descriptor says about it, with the schema and the dialect that it refers to.
    schema
        What its rows must be, as it is written; None if it has none and is not a table.
    readable, tabular
        Whether its data can be read, and as rows.
    paths, files
        Its files, and what the descriptor calls them; empty if its data is in the descriptor or can't be meant.
    data
        Data in the descriptor.
    expected_hash
        Algorithm and hexadecimal digest.
    problems
        What is wrong with its descriptor, as far as it is about reading it.
    doubt
        Why its cells may mean something else than they are read as.
    """

    name: str
    root: Path
    descriptor: Mapping[str, Any] = field(default_factory=dict)
    schema: Table | None = None
    readable: bool = True
    tabular: bool = False
    dialect: Dialect = field(default_factory=Dialect)
    paths: tuple[Path, ...] = ()
    files: tuple[str, ...] = ()
    data: Any = None
    form: str = "csv"
    encoding: str = "utf-8"
    compression: str = ""
    inner: str | None = None
    expected_hash: tuple[str, str] | None = None
    expected_bytes: int | None = None
    problems: tuple[Incident, ...] = ()
    doubt: str | None = None

    @property
    def table(self) -> Table | None:
        """What its rows must be, if they can be read."""
        return self.schema if self.tabular else None

    @property
    def unusual_form(self) -> str | None:
        """What keeps its file from being plain CSV in UTF-8, as the end of a sentence; None if nothing does."""
        if len(self.files) != 1:
            return "is one of several files of its table"
        if self.compression:
            return "is compressed"
        if self.form != "csv" or replace(self.dialect, line_terminator=Dialect().line_terminator) != Dialect():
            return "has a dialect of its own"
        if self.encoding.lower().replace("_", "-") not in {"utf-8", "utf8"}:
            return f"is in {self.encoding}"
        return None

    def error(self, message: str, line: int | None = None, file: str | None = None) -> TableError:
        """Return the error for a table that can't be read, in the file of several and on the line that are known."""
        where = ("" if file is None else f", {file}") + ("" if line is None else f", line {line:,}")
        return TableError(f"The table '{self.name}' of {self.root}{where}: {message}")

    def misfit(self, reason: str) -> TableError:
        """Return the error for a table that is not what its schema says."""
        return TableError(
            f"The table '{self.name}' of {self.root} is not what its schema says: {reason.strip().rstrip('.')}. "
            f"`readouts validate {self.root}` shows every place."
        )

    def require_readable(self) -> Table:
        """Return the schema of a table whose rows can be read.

        Raises
        ------
        TableError
            It is not a table, or its descriptor doesn't say how it can be read.
        """
        for problem in self.problems:
            # Without a schema that is elsewhere, its cells are texts.
            elsewhere = problem.code == "unsupported-feature" and problem.field == "schema"
            about_it = problem.code in {"resource-error", "unsupported-feature"} and problem.field in _ABOUT_READING
            if about_it and not elsewhere:
                raise self.error(problem.message)
        if self.table is None:
            raise self.error("Expected a table; its descriptor describes another kind of file.")
        return self.table

    def digest(self) -> tuple[str, ...] | None:
        """Return the SHA-256 of each of its files, or its data in the descriptor; None if there is neither to read."""
        if self.paths:
            try:
                return tuple(self._hashed("sha256", path) for path in self.paths)
            except OSError:
                return None
        return (json.dumps(self.data, sort_keys=True),) if "data" in self.descriptor else None

    def false_claim(self, at_once: int = AT_ONCE) -> tuple[str, str] | None:
        """Return the size or hash that its descriptor claims and the one that its files have; None where these agree.

        Parameters
        ----------
        at_once
            Bytes of a file that are hashed at once, and in memory meanwhile: a multiple of 64 KiB.
        """
        if not self.paths or not all(path.is_file() for path in self.paths):
            return None
        size = sum(path.stat().st_size for path in self.paths)
        if self.expected_bytes is not None and self.expected_bytes != size:
            # A file of a different size has a different hash too.
            return f"{self.expected_bytes:,} bytes", f"{size:,}"
        return self._false_hash(at_once)

    def _false_hash(self, at_once: int = AT_ONCE) -> tuple[str, str] | None:
        if self.expected_hash is None:
            return None
        algorithm, expected = self.expected_hash
        found = self._hashed(algorithm, *self.paths, at_once=at_once)
        return None if found == expected else (f"{algorithm}:{expected}", f"{algorithm}:{found}")

    def hashed(self) -> Hashed:
        """Return the size of its files, and their hash if the descriptor claims one."""
        size = sum(path.stat().st_size for path in self.paths)
        return Hashed(size, "" if self.expected_hash is None else self._hashed(self.expected_hash[0], *self.paths))

    @staticmethod
    def _hashed(algorithm: str, *paths: Path, at_once: int = AT_ONCE) -> str:
        """Return the hash of files in few steps: between two, this thread waits for those that import modules."""
        digest = Digest(algorithm)
        for path in paths:
            size = path.stat().st_size
            with path.open("rb") as stream:
                for start in range(0, size, at_once):
                    with mmap(stream.fileno(), min(at_once, size - start), access=ACCESS_READ, offset=start) as part:
                        digest.add(part)
        return digest.hexadecimal

    def verify(self) -> None:
        """Hold its files to the hash that the descriptor has for them.

        Raises
        ------
        TableError
            They are others.
        """
        claim = self._false_hash() if self.paths and all(path.is_file() for path in self.paths) else None
        if claim is not None:
            message = (
                f"{self.paths[0]} is not the file that the descriptor was written for: expected {claim[0]}, found "
                f"{claim[1]}. Restore the file, or build the package again."
            )
            raise TableError(message)

    def read_bytes(self) -> bytes:
        """Return the bytes of its only file, or its text in the descriptor.

        Raises
        ------
        TableError
            It has no file or several, the file can't be read, or is not the one that the descriptor was written for.
        """
        if (problem := next((each for each in self.problems if each.field == "path"), None)) is not None:
            raise self.error(problem.message)
        if not self.files and isinstance(self.data, str):
            return self.data.encode()
        if len(self.paths) != 1:
            raise self.error("Expected the path of one file inside the package.")
        try:
            data = self.paths[0].read_bytes()
        except OSError as error:
            message = f"{self.paths[0]} can't be read: {error.strerror}. The descriptor lists it as '{self.name}'."
            raise TableError(message) from error
        self.verify()
        return data

    def records(self) -> Iterator[list[str | None]]:
        """Yield the labels of a table's columns, then its rows as texts: in pure Python, and in little memory.

        Raises
        ------
        TableError
            It can't be read as a table; the message says why, and on which line.
        """
        from readouts.datapackage.table.records import RecordReader

        self.require_readable()
        return RecordReader(self).each()

    def rows(self) -> TableRows:
        """Return the rows of a table by the fields of its schema, as texts and as values.

        Raises
        ------
        TableError
            It can't be read as a table, its columns don't match the fields, or its files have a different hash.
        """
        from readouts.datapackage.table.records import RecordReader

        self.require_readable()
        if self.doubt is not None:
            raise self.error(f"Its schema can't be read as it is meant: {self.doubt}")
        self.verify()
        return replace(RecordReader(self).rows(), resource=self)

    def text_table(self) -> TextTable:
        """Return a table as a Polars frame of texts, whatever its dialect, encoding or compression.

        Raises
        ------
        TableError
            It can't be read as a table: rows of unequal length, a quote that is never closed, NUL, another encoding, a
            duplicate column, a key column that is not there. The message says what, and on which line.

        Examples
        --------
        >>> from readouts.datapackage.package.package import open_package
        >>> from readouts.datapackage.sample import sample_package
        >>> open_package(sample_package()).resource("measurements").text_table().labels
        ('lake_id', 'date', 'level', 'remark')
        """
        from readouts.datapackage.table.text_frame import SheetReader

        return SheetReader(self).require_sheet()
