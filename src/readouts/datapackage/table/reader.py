"""What is done whatever engine checks the rows: descriptors, files, hashes, headers."""

from __future__ import annotations

import zipfile
import zlib
from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from readouts.datapackage.incident import incident
from readouts.datapackage.schema.field_matching import match_fields
from readouts.datapackage.strict_json import DuplicateKeyError, load_unique
from readouts.datapackage.table.byte_stream import Digest, opened
from readouts.datapackage.table.csv_header import labels_of, read_header
from readouts.datapackage.table.limits import LimitError
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readouts.datapackage.findings import Findings
    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.csv_header import ByteStream, RowStart
    from readouts.datapackage.table.resource import Resource

__all__ = ["Header", "ResourceReader", "Sizes", "referred"]

_LARGEST_JSON = 256 * 2**20
_UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)

Result = TypeVar("Result")


class _Absent(Exception):  # noqa: N818 - it is caught where a finding is made of it
    """A file that the descriptor names is not there; the message is its name."""


class Sizes:
    """How much of the files has been read."""

    def __init__(self, resources: list[Resource], progress: Callable[[int, int], None] | None) -> None:
        """Begin."""
        self._progress = progress
        self._done = 0
        self._total = sum(map(self.of, resources))

    @staticmethod
    def of(resource: Resource) -> int:
        """Return the bytes of a resource's files, as they lie on disk."""
        return sum(map(_size, resource.paths))

    def add(self, amount: int) -> None:
        """Count bytes that were read."""
        self._done += amount
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def referred(resources: list[Resource]) -> dict[str, set[str]]:
    """Return the fields of each table that foreign keys point to."""
    kept: dict[str, set[str]] = {}
    for resource in resources:
        for key in resource.table.foreign_keys if resource.table is not None else ():
            kept.setdefault(key.table, set()).update(key.target_fields)
    return kept


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file, the line they stand on, and where its rows begin."""

    labels: list[str]
    line: int
    start: RowStart


class ResourceReader(ABC, Generic[Result]):
    """One resource while it is checked; what is made of its rows is the engine's."""

    def __init__(self, resource: Resource, findings: Findings, sizes: Sizes) -> None:
        """Begin."""
        self.resource, self.findings, self.sizes = resource, findings, sizes

    @abstractmethod
    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> Result | None:
        """Check rows of text, which `stream` goes on with."""

    @abstractmethod
    def json_rows(self, table: Table, labels: list[str], rows: list[Any]) -> Result | None:
        """Check rows of JSON, arrays or objects."""

    def add(self, code: str, message: str, **place: Any) -> None:
        """Add a finding about the resource."""
        self.findings.add(incident(code, message, table=self.resource.name, **place))

    def check(self) -> Result | None:
        """Check the resource; None if it is not a table that could be read."""
        with self.reading() as digest:
            return self.read(digest)
        return None

    @contextmanager
    def reading(self) -> Iterator[Digest]:
        """Give the hash of the bytes read in the block; what keeps them from being read becomes a finding."""
        resource = self.resource
        digest = Digest(None if resource.expected_hash is None else resource.expected_hash[0], self.sizes.add)
        try:
            yield digest
        except _Absent as absent:
            self.add("scheme-error", f"Expected the file {quoted(str(absent))}; there is none.", field="path")
        except LookupError:
            self.add("encoding-error", f"The encoding {quoted(resource.encoding)} is not known.", field="encoding")
        except LimitError as error:
            self.add("resource-limit", f"The file is not read to its end: {error}.")
        except _UNREADABLE as error:
            self.add("scheme-error", f"The file can't be read: {str(error)[:200]}.", field="path")
        else:
            self._compare(digest)
        finally:
            digest.close()

    def _compare(self, digest: Digest) -> None:
        """Compare hash and size with the descriptor's."""
        resource = self.resource
        if not resource.paths:
            return
        if digest.byte_order_mark and resource.encoding.lower().replace("_", "-") != "utf-8-sig":
            self.add("byte-order-mark", "Expected UTF-8 without a byte order mark; the file begins with one.", line=1)
        if resource.expected_bytes is not None and digest.size != resource.expected_bytes:
            message = f"Expected {resource.expected_bytes:,} bytes; found {digest.size:,}."
            self.add("byte-count", message, field="bytes")
        if resource.expected_hash is not None and digest.hexadecimal != resource.expected_hash[1]:
            algorithm, expected = resource.expected_hash
            self.add(
                "hash-count", f"Expected {algorithm}:{expected}; found {algorithm}:{digest.hexadecimal}.", field="hash"
            )

    def _stream(self, digest: Digest) -> Any:
        resource = self.resource
        return opened(
            resource.data if resource.in_memory else list(resource.paths),
            digest,
            compression=resource.compression,
            inner=resource.inner,
            encoding=resource.encoding,
            terminator=resource.dialect.line_terminator,
        )

    def read(self, digest: Digest) -> Result | None:
        """Read the resource; None if it is not a table."""
        resource = self.resource
        for name, path in zip(resource.files, resource.paths, strict=True):
            if not path.is_file():
                raise _Absent(name)
        if resource.table is None:
            if resource.paths:
                stream = self._stream(digest) if not resource.compression else _plain_files(resource, digest)
                while stream.read(2**20):
                    pass
            return None
        if resource.form not in {"csv", "tsv"}:
            return self._json(digest)
        return self._csv(self._stream(digest))

    def _csv(self, stream: ByteStream) -> Result | None:
        resource, table = self.resource, self.resource.table
        if table is None:
            return None
        dialect = resource.dialect
        header, start = read_header(stream, dialect)
        if dialect.header:
            if len(header) < max(dialect.header_rows):
                self.add("source-error", "Expected a header; the file ends before it.")
                return None
            used = [header[row - 1] for row in dialect.header_rows]
            labels = labels_of([record.cells for record in used], dialect.header_join)
            for record in used:
                for fault in record.faults:
                    self.add(
                        fault.code, f"The header is not well formed: {quoted(fault.value or '')}.", line=fault.line
                    )
            labels = [label.encode("utf-8", "replace").decode() for label in labels]
            if not labels:
                self.add("source-error", "Expected a header; found an empty line.", line=1)
                return None
        else:
            labels = list(table.field_names)
        line = used[-1].line if dialect.header else 1
        return self.text_rows(table, Header(labels, line, start), stream)

    def _json(self, digest: Digest) -> Result | None:
        resource, table = self.resource, self.resource.table
        if table is None:
            return None
        data = resource.data
        if resource.paths:
            stream, parts, size = self._stream(digest), [], 0
            while part := stream.read(2**20):
                size += len(part)
                if size > _LARGEST_JSON:
                    message = f"it is JSON of more than {_LARGEST_JSON // 2**20} MiB"
                    raise LimitError(message)
                parts.append(part)
            try:
                text = b"".join(parts).decode()
                data = (
                    load_unique(text)
                    if resource.form == "json"
                    else [load_unique(row, line) for line, row in enumerate(text.split("\n"), 1) if row.strip()]
                )
            except DuplicateKeyError as error:
                self.add("format-error", str(error), line=error.line)
                return None
            except (ValueError, RecursionError) as error:
                self.add("format-error", f"Expected JSON: {str(error)[:200]}.")
                return None
        from readouts.datapackage.table.json_rows import inline_rows

        rows = inline_rows(data)
        if rows is None:
            self.add("source-error", "Expected a list of objects, or of arrays of which the first is the header.")
            return None
        labels, cells = rows
        return self.json_rows(table, labels, cells)

    def matched(
        self, table: Table, labels: list[str], line: int, *, ordered: bool = True
    ) -> tuple[Table, dict[str, int]]:
        """Return the table as its dialect has it, and the column of each field that is there, from 0."""
        if self.resource.dialect.null_sequence is not None:
            table = _with_missing(table, self.resource.dialect.null_sequence)
        if not table.fields:
            return table, {}
        if not ordered and table.fields_match == "exact":
            # The properties of an object have no order.
            table = replace(table, fields_match="equal")
        where, found = match_fields(table, labels, line)
        self.findings.extend(found)
        return table, where


def _with_missing(table: Table, text: str) -> Table:
    """Return a table in which one more text stands for a missing value, in every column."""
    fields = tuple(
        column if column.missing_values is None else replace(column, missing_values=(*column.missing_values, text))
        for column in table.fields
    )
    return replace(table, fields=fields, missing_values=(*table.missing_values, text))


def _plain_files(resource: Resource, digest: Digest) -> Any:
    """Return the files of a resource that is no table, as they are."""
    return opened(list(resource.paths), digest, compression="", inner=None, encoding="utf-8", terminator="\n")
