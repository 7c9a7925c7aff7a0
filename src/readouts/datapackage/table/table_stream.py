"""The files of a resource as one stream: joined in the simplest way, but for a header that they repeat."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from readouts.datapackage.table.byte_stream import Digest, FileStream, require_encoding
from readouts.datapackage.table.csv_header import header_labels, read_head
from readouts.datapackage.table.csv_scanner import scan
from readouts.datapackage.table.delimiters import delimiter_fault
from readouts.datapackage.table.file_kind import FileFault, file_fault
from readouts.datapackage.words import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.table.csv_header import Head
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.table.table_files import TableFiles

__all__ = ["TableStream"]


class TableStream:
    """The content of a resource as UTF-8, its files one after the other; a file without a line end gets one.

    A header that a later file repeats is left out, so that nobody takes it for a row, and so are the rows of comment
    that the dialect has below it.

    Parameters
    ----------
    resource
        The resource.
    digest
        Counts what is read.
    files
        Receives the line on which each file begins, and whether it has the header.

    Raises
    ------
    FileFault
        There is no such encoding, a file can't be unpacked, or is evidently not a part of the table; also while it is
        read.
    OSError
        A file can't be read; also while it is read.
    """

    def __init__(self, resource: Resource, digest: Digest, files: TableFiles) -> None:
        require_encoding(resource.encoding)
        self._resource, self._digest, self._files = resource, digest, files
        self._first = self._file = FileStream(resource, 0, digest)
        self._rest = iter(range(1, len(resource.paths)))
        self._waiting, self._line, self._last = b"", 1, b"\n"
        self._begun = 0, 1
        files.begin(1)
        self._of_table = files.several and resource.table is not None
        if self._of_table:
            head = read_head(self._file, resource.dialect)
            self._waiting, self._header = head.data, header_labels(head.records, resource.dialect)

    @property
    def head(self) -> bytes:
        """What the first file begins with, unpacked and not decoded, as far as it was read."""
        return self._first.head

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, none at the end."""
        while True:
            data, self._waiting = self._waiting or self._file.read(size), b""
            if not data:
                number = next(self._rest, None)
                if number is None:
                    return b""
                self._turn_to(number)
                continue
            if self._files.several:
                self._line += data.count(b"\n")
                self._last = data[-1:]
            return data

    def beginnings(self) -> Iterator[tuple[int, int, int]]:
        """Yield each later file, how many bytes its header takes, and the line below it; none is read to its end."""
        for number in self._rest:
            self._digest.close()
            self._line, self._last = 1, b"\n"
            self._turn_to(number)
            yield number, *self._begun

    def _turn_to(self, number: int) -> None:
        self._files.turn_to(number)
        self._file = FileStream(self._resource, number, self._digest)
        self._begun = 0, 1
        self._waiting = b"" if self._last == b"\n" else b"\n"
        start = self._line + len(self._waiting)
        self._files.begin(start)
        if not self._of_table:
            return
        try:
            for own, data in self._beginning():
                self._files.begin(self._line + self._waiting.count(b"\n"), own)
                self._waiting += data
        except FileFault as fault:
            fault.line = None if fault.line is None else start + fault.line - 1
            raise

    def _beginning(self) -> Iterator[tuple[int, bytes]]:
        """Yield what a later file begins with, but for a repeated header, and the line of each part."""
        dialect = self._resource.dialect
        head = read_head(self._file, dialect)
        if not head.data:
            yield 1, b""
            return
        labels = header_labels(head.records, dialect)
        if self._header:
            self._files.note_header(again=labels == self._header)
            if labels == self._header:
                yield from self._below(head)
                return
            if len(labels) > 1 and _same(self._header) <= _same(labels):
                found = listed([*map(quoted, labels)])
                message = f"Expected the header of {self._files.name(0)}, or a row; found {found}."
                raise FileFault(message, "Give every file the same columns in the same order.", line=1)
        self._require_rows(head)
        yield 1, head.data

    def _below(self, head: Head) -> Iterator[tuple[int, bytes]]:
        """Yield what was read of a file below its header, without the rows of comment among it."""
        dialect = self._resource.dialect
        data, line, row = head.data[head.consumed :], head.end_line, len(head.records)
        self._begun = head.consumed, line
        for comment in sorted(number for number in dialect.comment_rows if number > row):
            rows = scan(data, dialect, line, final=False, most=comment - row - 1)
            yield line, data[: rows.consumed]
            passed = scan(data[rows.consumed :], dialect, rows.end_line, final=False, most=1)
            data, line, row = data[rows.consumed + passed.consumed :], passed.end_line, comment
        yield line, data

    def _require_rows(self, head: Head) -> None:
        """Raise if a later file is of another kind, or has another delimiter, than the first one."""
        resource, table = self._resource, self._resource.table
        assert table is not None  # noqa: S101 - only the files of tables are looked into
        width = len(self._header) or len(table.field_names)
        dialect = replace(resource.dialect, header=False)
        first = scan(head.data, dialect, 1, final=True, most=1).records
        if not width or not first or (len(first[0].cells) in {0, width} and not first[0].faults):
            return
        fault = file_fault(self._file.head, "CSV", resource.encoding)
        fault = fault or delimiter_fault(head.data, table, dialect, width=width, final=False)
        if fault is not None:
            if fault.hint.startswith("Set "):
                fault.hint = f"Write the file like {self._files.name(0)}: all files of a table have one format."
            raise fault


def _same(labels: list[str]) -> set[str]:
    return {label.strip().casefold() for label in labels}
