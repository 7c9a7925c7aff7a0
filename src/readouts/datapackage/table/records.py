"""Tables as records of texts and of values, in pure Python, for code that needs no library."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from readouts.datapackage.schema.model import Field, Table
from readouts.datapackage.schema.types import Mismatch
from readouts.datapackage.table.csv_header import LONGEST_LINE, PIECE, too_long
from readouts.datapackage.table.csv_scanner import CONFLICT, require_no_conflict, scan, sentence_of
from readouts.datapackage.table.json_rows import json_text, kinds_of
from readouts.datapackage.table.reader import Header, ResourceReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.csv_scanner import Record
    from readouts.datapackage.table.dialect import Dialect
    from readouts.datapackage.table.errors import TableError
    from readouts.datapackage.table.json_rows import JsonRows
    from readouts.datapackage.table.resource import Resource

__all__ = ["RecordReader", "TableRows"]

Texts = list[str | None]
HARMLESS = frozenset(["line-ending", "byte-order-mark"])
"""A carriage return within a cell and the mark of a file's beginning: nothing is lost."""


def _flawless(data: bytes, dialect: Dialect, width: int, *, final: bool) -> tuple[list[Texts], int] | None:
    """Return the rows that data begins with and how many bytes they are; None if the scanner has to look."""
    end = len(data) if final else data.rfind(b"\n") + 1
    piece = data[:end]
    quote = dialect.quote_char
    if width == 1 and b"<<<<<<< " in piece:
        return None
    if not dialect.plain or not piece or b"\0" in piece or piece.count(b"\r") != piece.count(b"\r\n"):
        return None
    if quote is not None and piece.count(quote.encode()) % 2:
        # It ends within a cell.
        return None
    try:
        text = io.StringIO(piece.decode(), newline="")
        if quote is None:
            reader = csv.reader(text, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE, strict=True)
        else:
            reader = csv.reader(text, delimiter=dialect.delimiter, quotechar=quote, strict=True)
        rows: list[Texts] = [list(row) for row in reader]
    except (UnicodeDecodeError, csv.Error):
        return None
    if any(len(row) != width for row in rows):
        return None
    if quote is not None and quote.encode() in piece and quote in "".join(cell for row in rows for cell in row if cell):
        # The library takes a quote within a cell that has none around it.
        return (rows, end) if _well_quoted(quote, dialect.delimiter).fullmatch(text.getvalue()) else None
    return rows, end


@cache
def _well_quoted(quote: str, delimiter: str) -> re.Pattern[str]:
    """Return the pattern of records whose quotes are around whole cells, or twice within these."""
    q, d = re.escape(quote), re.escape(delimiter)
    quoted, plain = f"{q}[^{q}]*+(?:{q}{q}[^{q}]*+)*+{q}", f"[^{q}{d}\r\n]*+"
    return re.compile(f"(?:(?>{quoted}|{plain})(?:{d}|\r?\n|\\Z))*+")


class RecordReader(ResourceReader["Iterator[Texts]"]):
    """One resource while its records are read: the first fault ends that."""

    table: Table | None = None
    where: dict[str, int]

    def add(self, code: str, message: str, *, line: int | None = None, **place: Any) -> None:
        """Raise what keeps the resource from being read."""
        if code not in HARMLESS:
            raise self._error(message, line, place.get("file"))

    def _error(self, message: str, line: int | None, file: str | None = None) -> TableError:
        file, line = (file, None) if line is None else self.files.place(line)
        return self.resource.error(message, line, file)

    def each(self) -> Iterator[Texts]:
        """Yield the labels, then the rows."""
        with self.reading():
            yield from self.read() or ()

    def rows(self) -> TableRows:
        """Return the rows by the fields of the schema, whose columns have to be there."""
        resource = self.resource
        labels = [label or "" for label in next(self.each(), ())]
        if self.table is None:
            raise resource.error("Expected a header or rows; found none.")
        twice = [f"two columns have the name '{label}'" for label in labels if labels.count(label) > 1]
        for mismatch in [*(each.message for each in self.findings.incidents), *twice]:
            raise resource.misfit(mismatch)
        more = {label: place for place, label in enumerate(labels) if place not in self.where.values()}
        whole = replace(self.table, fields=(*self.table.fields, *map(Field, more)))
        return TableRows(resource, whole, self.where | more)

    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> Iterator[Texts]:
        """Yield rows of text."""
        self.table, self.where = self.matched(table, header.labels, header.line)
        yield list(header.labels)
        width, dialect = len(header.labels), self.resource.dialect
        line, number, rest, chunk = header.head.end_line, len(header.head.records), header.head.rest, b"first"
        while chunk:
            chunk = stream.read(PIECE)
            data = rest + chunk
            if (whole := _flawless(data, dialect, width, final=not chunk)) is not None:
                rows, consumed = whole
                yield from rows
                line += data.count(b"\n", 0, consumed)
            else:
                found = scan(data, dialect, line, final=not chunk)
                require_no_conflict(found.records, width)
                for number, record in enumerate(found.records, number + 1):  # noqa: B020 - it counts on
                    if number not in dialect.comment_rows:
                        yield self._cells(record, width)
                line, consumed = found.end_line, found.consumed
            rest = data[consumed:]
            if len(rest) > LONGEST_LINE:
                raise too_long(line)

    def _cells(self, record: Record, width: int) -> Texts:
        fault = next((each for each in record.faults if each.code not in {*HARMLESS, CONFLICT}), None)
        if fault is not None:
            raise self._error(sentence_of(fault.code, fault.value, self.resource.encoding), fault.line)
        if len(record.cells) != width:
            found = f"{len(record.cells)}" if record.cells else "an empty line"
            raise self._error(f"expected {width} cells, found {found}.", record.line)
        return list(record.cells)

    def json_rows(self, table: Table, rows: JsonRows) -> Iterator[Texts]:
        """Yield rows of JSON as the texts that a file would have."""
        labels = rows.labels
        self.table, self.where = self.matched(table, labels, rows.header_line, ordered=rows.ordered)
        yield list(labels)
        kinds = kinds_of(table, labels)
        for number, row in enumerate(rows.rows, 1):
            values = [row.get(label) for label in labels] if isinstance(row, dict) else row
            line = None if rows.lines is None else rows.lines[number - 1]
            if len(values) != len(labels):
                raise self._error(f"row {number}: expected {len(labels)} cells, found {len(values)}.", line)
            cells: Texts = []
            for label, value, kind in zip(labels, values, kinds, strict=True):
                text, wrong = (None, False) if value is None else json_text(value, kind)
                if wrong:
                    sentence = sentence_of("type-error", text, self.resource.encoding)
                    raise self._error(f"row {number}, {label}: {sentence}", line)
                cells.append(text)
            yield cells


@dataclass(frozen=True)
class TableRows:
    """The rows of a table by the fields of its schema; they are read again each time that they are asked for.

    Attributes
    ----------
    schema
        The schema, with a field of the type `any` for each column that it doesn't know.
    where
        The column of each field that the file has, from 0.
    """

    resource: Resource
    schema: Table
    where: Mapping[str, int]

    def cells(self) -> Iterator[Texts]:
        """Yield the rows as texts, in the order of the fields; None where a value is missing."""
        places = [self.where.get(field.name) for field in self.schema.fields]
        missing = [frozenset(self.schema.missing(field.name)) for field in self.schema.fields]
        records = self.resource.records()
        next(records)
        if places == list(range(len(self.where))) and all(absent == {""} for absent in missing):
            # Most tables, and this takes a third of the time.
            yield from ([cell or None for cell in record] for record in records)
            return
        for record in records:
            cells = (None if place is None else record[place] for place in places)
            yield [None if cell in absent else cell for cell, absent in zip(cells, missing, strict=True)]

    def columns(self) -> list[Sequence[str | None]]:
        """Return the columns as texts, in the order of the fields; None where a value is missing."""
        records = self.resource.records()
        next(records)
        rows = list(records)
        read = list(zip(*rows, strict=True))
        found: list[Sequence[str | None]] = []
        for field in self.schema.fields:
            place, absent = self.where.get(field.name), frozenset(self.schema.missing(field.name))
            if place is None or not rows:
                found.append([None] * len(rows))
            elif absent.isdisjoint(read[place]):
                found.append(read[place])
            else:
                found.append([None if cell in absent else cell for cell in read[place]])
        return found

    def value(self, field: Field, cell: str, number: int) -> Any:
        """Return the value of a cell in a row, counted from 1.

        Raises
        ------
        TableError
            It is not a value of the field's type.
        """
        try:
            return field.read(cell)
        except Mismatch as mismatch:
            reason = f"row {number}, {field.name}: expected {mismatch}, found '{cell[:80]}'"
            raise self.resource.misfit(reason) from None
