"""The steps of a check that all engines share: descriptors, files, hashes, headers."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass, replace
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from readouts.datapackage.errors import is_absence
from readouts.datapackage.findings import Findings
from readouts.datapackage.incident import CODES, incident
from readouts.datapackage.report import Check
from readouts.datapackage.schema.field_matching import match_fields
from readouts.datapackage.strict_json import DuplicateKeyError
from readouts.datapackage.suggest import no_such_file
from readouts.datapackage.table.byte_stream import Digest, FileStream, require_encoding
from readouts.datapackage.table.csv_header import PIECE, header_labels, read_head
from readouts.datapackage.table.csv_scanner import CONFLICT, Fault, scan, sentence_of
from readouts.datapackage.table.delimiters import delimiter_fault
from readouts.datapackage.table.file_kind import FileFault, conflict_in, file_fault
from readouts.datapackage.table.json_text import JsonText
from readouts.datapackage.table.limits import LimitError
from readouts.datapackage.table.table_files import TableFiles
from readouts.datapackage.table.table_stream import TableStream
from readouts.datapackage.table.undecoded import UNDECODED, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.byte_stream import Hashed
    from readouts.datapackage.table.csv_header import ByteStream, Head
    from readouts.datapackage.table.json_rows import JsonRows
    from readouts.datapackage.table.resource import Resource

__all__ = ["Header", "ResourceReader", "Sizes", "referred", "with_missing"]

_LARGEST_JSON = 256 * 2**20
_USUAL_RATIO = 6
"""How many times its size a compressed file of rows unpacks to."""

Result = TypeVar("Result")


class Sizes:
    """How much of the files has been read.

    Attributes
    ----------
    unpacked
        Bytes that the files hold, where they are compressed by a guess.
    """

    def __init__(self, resources: list[Resource], progress: Callable[[int, int], None] | None) -> None:
        """Begin."""
        self._progress = progress
        self._done = 0
        self._total = sum(map(self.of, resources))
        self.unpacked = sum(self.of(each) * (_USUAL_RATIO if each.compression else 1) for each in resources)

    @staticmethod
    def of(resource: Resource) -> int:
        """Return the bytes of a resource's files, as they lie on disk."""
        return sum(map(_size, resource.paths))

    def add(self, amount: int) -> None:
        """Count bytes that were read."""
        self._done += amount
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)


def _is_missing(path: Path) -> bool:
    """Return whether a file is missing; a file that can't be examined may exist."""
    try:
        return not S_ISREG(path.stat().st_mode)
    except OSError as error:
        return is_absence(error)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def referred(resources: list[Resource]) -> dict[str, set[tuple[str, ...]]]:
    """Return the fields of each table that foreign keys point to, as each has them."""
    kept: dict[str, set[tuple[str, ...]]] = {}
    for resource in resources:
        for key in resource.table.foreign_keys if resource.table is not None else ():
            kept.setdefault(key.table, set()).add(key.target_fields)
    return kept


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a file, their line, what was read of it, and what its first line ends in: `LF` or `CRLF`."""

    labels: list[str]
    line: int
    head: Head
    line_end: str


class ResourceReader(ABC, Generic[Result]):
    """One resource while it is checked; the engine decides what to do with its rows.

    Attributes
    ----------
    files, digest
        Its files, and their hash and size, as far as they have been read.
    """

    def __init__(self, resource: Resource, findings: Findings | None = None, sizes: Sizes | None = None) -> None:
        """Begin; where no findings are asked for, nothing is compared with the claims of the descriptor."""
        if findings is None:
            resource = replace(resource, expected_hash=None, expected_bytes=None)
        self.resource, self.findings = resource, Findings(None) if findings is None else findings
        self.sizes = sizes or Sizes([], None)
        self.files, self.digest = TableFiles(resource.files), Digest()
        self._rows: JsonRows | None = None

    @abstractmethod
    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> Result | None:
        """Check rows of text, which `stream` goes on with."""

    @abstractmethod
    def json_rows(self, table: Table, rows: JsonRows) -> Result | None:
        """Check rows of JSON, arrays or objects."""

    @property
    def checks(self) -> list[Check]:
        """What a report says about the files besides findings: that they all begin with the header."""
        note = self.files.header_note
        return [] if note is None else [Check(f"header of {self.resource.name}", "readouts", note)]

    def add(self, code: str, message: str, *, line: int | None = None, **place: Any) -> None:
        """Add a finding about the resource; its line is one of all files counted through."""
        if line is not None:
            place["file"], line = self.files.place(line)
        self.findings.add(incident(code, message, table=self.resource.name, line=line, **place))

    def place(self, row: int, line: int | None, field: str | None) -> tuple[str | None, int | None]:
        """Return the file of a finding, where there are several, and the line in it."""
        if self._rows is not None and field is not None:
            line = self._rows.line(row, field)
        return (None, None) if line is None else self.files.place(line)

    def check(self) -> Result | None:
        """Check the resource; None if it is not a table that could be read."""
        with self.reading():
            return self.read()
        return None

    @contextmanager
    def reading(self, *, whole: bool = True) -> Iterator[None]:
        """Hash what is read in the block, if that is the whole; what keeps the files from being read is a finding."""
        expected = self.resource.expected_hash
        self.digest = digest = Digest(None if expected is None else expected[0], self.sizes.add)
        try:
            yield
        except FileFault as fault:
            self._add_fault(fault)
        except LimitError as error:
            self.add("resource-limit", f"The file is not read to its end: {error}.", file=self.files.name())
        except (NotImplementedError, OSError) as error:
            code = "unsupported-feature"
            if isinstance(error, OSError):
                code = "scheme-error" if is_absence(error) else "file-unreadable"
            self.add(code, f"The file can't be read: {str(error)[:200]}.", field="path", file=self.files.name())
        else:
            if whole:
                self.compare(digest)
        finally:
            digest.close()

    def _add_fault(self, fault: FileFault) -> None:
        where: dict[str, Any] = {"file": self.files.name()} if fault.line is None else {"line": fault.line}
        self.add(fault.code, str(fault), field=fault.field, hint=fault.hint, **where)

    def compare(self, digest: Digest | Hashed) -> None:
        """Compare the files with what the descriptor says about them: their encoding, header, hash and size."""
        resource = self.resource
        if (fault := self.files.header_fault()) is not None:
            self._add_fault(fault)
        if not resource.paths:
            return
        name = resource.encoding.lower().replace("_", "-")
        for number in digest.marked if name != "utf-8-sig" else ():
            wide = re.match(r"utf-?(?:16|32)", name)
            message = f"Expected {resource.encoding} without a byte order mark; the file begins with one."
            hint = None if wide is None else f'Set `encoding` to "{wide[0]}", which has a mark.'
            found = incident("byte-order-mark", message, table=resource.name, line=1, hint=hint)
            self.findings.add(replace(found, file=self.files.name(number)))
        if resource.expected_bytes is not None and digest.size != resource.expected_bytes:
            message = f"Expected {resource.expected_bytes:,} bytes; found {digest.size:,}."
            self.add("byte-count", message, field="bytes")
        if resource.expected_hash is not None and digest.hexadecimal != resource.expected_hash[1]:
            algorithm, expected = resource.expected_hash
            message = f"Expected {algorithm}:{expected}; found {algorithm}:{digest.hexadecimal}."
            self.add("hash-count", message, field="hash")

    def read(self) -> Result | None:
        """Read the resource; None if it is not a table."""
        resource, table = self.resource, self.resource.table
        for name, path in zip(resource.files, resource.paths, strict=True):
            if _is_missing(path):
                fix = CODES["scheme-error"].fix
                raise FileFault(no_such_file(path, name), fix, "scheme-error", field="path")
        if table is None:
            if resource.paths:
                plain = replace(resource, compression="", encoding="utf-8") if resource.compression else resource
                stream = TableStream(plain, self.digest, self.files)
                while stream.read(2**20):
                    pass
            return None
        if resource.form not in {"csv", "tsv"}:
            return self._json(table)
        return self._csv(table, TableStream(resource, self.digest, self.files))

    def _csv(self, table: Table, stream: TableStream) -> Result | None:
        resource, dialect = self.resource, self.resource.dialect
        head = read_head(stream, dialect)
        header = head.records
        labels, line = list(table.field_names), 1
        if dialect.header:
            labels = [shown(label) for label in header_labels(header, dialect)]
        self._require_kind(table, stream.head, head, labels)
        if dialect.header:
            if len(header) < max(dialect.header_rows):
                self.add("source-error", "Expected a header; the file ends before it.")
                return None
            used = [header[row - 1] for row in dialect.header_rows]
            line = used[-1].line
            for fault in (fault for record in used for fault in record.faults):
                if fault.code != CONFLICT:
                    sentence = sentence_of(fault.code, fault.value, resource.encoding)
                    self.add(fault.code, f"The header is not well formed: {sentence}", line=fault.line)
            if not labels:
                self.add("source-error", "Expected a header; found an empty line.", line=1)
                return None
        first = head.data.partition(b"\n")
        line_end = ("CRLF" if first[0].endswith(b"\r") else "LF") if first[1] else ""
        return self.text_rows(table, Header(labels, line, head, line_end), stream)

    def _require_kind(self, table: Table, raw: bytes, head: Head, labels: list[str]) -> None:
        """Raise if the columns are not the schema's because the file is of another kind or has another delimiter."""
        resource, dialect, names = self.resource, self.resource.dialect, table.field_names
        matched = bool(names) and not match_fields(table, labels, 1)[1]
        first = scan(head.data, dialect, 1, final=True, most=1).records
        if not dialect.header:
            matched = not first or not names or (len(first[0].cells) == len(names) and not first[0].faults)
        fault = None
        if not matched:
            broken = (each for record in head.records for each in record.faults if each.code == "encoding-error")
            fault = file_fault(raw, "CSV", resource.encoding, doubtful=bool(names))
            fault = fault or next((_undecoded(each, resource.encoding) for each in broken), None)
        if fault is None and names:
            width = None if dialect.header and not matched else len(labels)
            fault = delimiter_fault(head.data, table, dialect, width=width, final=len(head.data) < PIECE)
        if fault is not None:
            raise fault

    def _json(self, table: Table) -> Result | None:
        from readouts.datapackage.table.json_rows import JsonRows, inline_rows

        resource = self.resource
        if resource.paths or isinstance(resource.data, str):
            require_encoding(resource.encoding)
            texts: list[JsonText] = []
            before = size = 0
            for number in range(max(1, len(resource.paths))):
                self.files.turn_to(number)
                self.files.begin(before + 1)
                stream = FileStream(resource, number, self.digest)
                data = _whole(stream, _LARGEST_JSON - size)
                texts.append(self._json_text(data, stream.head, before))
                size, before = size + len(data), before + data.count(b"\n") + 1
            rows = JsonRows.read(texts, self.files)
        else:
            labelled = inline_rows(resource.data)
            rows = None if labelled is None else JsonRows(*labelled)
        if rows is None:
            self.add("source-error", "Expected a list of objects, or of arrays of which the first is the header.")
            return None
        self._rows = rows
        return self.json_rows(table, rows)

    def _json_text(self, data: bytes, head: bytes, before: int) -> JsonText:
        """Return the JSON of a file that comes after so many lines of others."""
        text = data.decode("utf-8", "surrogateescape")
        encoding, lines = self.resource.encoding, self.resource.form != "json"
        try:
            wrong = None if text.isascii() else UNDECODED.search(text)
            if wrong is None:
                return JsonText(text, lines=lines)
            number = text.count("\n", 0, wrong.start())
            fault = _undecoded(Fault("encoding-error", None, number + 1, text.split("\n")[number]), encoding)
        except DuplicateKeyError as error:
            fault = FileFault(str(error), "Remove one of the two.", line=error.line)
        except json.JSONDecodeError as error:
            fault = _not_json(text, error, lines=lines)
        except (RecursionError, ValueError) as error:
            raise LimitError("its JSON has more levels, or longer numbers, than are read") from error
        fault = file_fault(head, "JSON", encoding) or conflict_in(text) or fault
        fault.line = None if fault.line is None else fault.line + before
        raise fault

    def matched(
        self, table: Table, labels: list[str], line: int | None, *, ordered: bool = True
    ) -> tuple[Table, dict[str, int]]:
        """Return the table as its dialect has it, and the column of each field that is there, from 0."""
        if self.resource.dialect.null_sequence is not None:
            table = with_missing(table, self.resource.dialect.null_sequence)
        if not table.fields:
            return table, {}
        if not ordered and table.fields_match == "exact":
            # The properties of an object have no order.
            table = replace(table, fields_match="equal")
        where, found = match_fields(table, labels, line)
        file = None if line is None else self.files.place(line)[0]
        self.findings.extend(replace(each, file=file) for each in found)
        return table, where


def _whole(stream: ByteStream, most: int) -> bytes:
    """Return all of a file of JSON."""
    parts: list[bytes] = []
    while part := stream.read(2**20):
        parts.append(part)
        most -= len(part)
        if most < 0:
            message = f"it is JSON of more than {_LARGEST_JSON // 2**20} MiB"
            raise LimitError(message)
    return b"".join(parts)


def _undecoded(fault: Fault, encoding: str) -> FileFault:
    """Return the fault of a file that isn't read any further, since bytes in it can't be decoded."""
    return FileFault(sentence_of(fault.code, fault.value, encoding), CODES[fault.code].fix, fault.code, fault.line)


def _not_json(text: str, error: json.JSONDecodeError, *, lines: bool) -> FileFault:
    """Return the fault of a text that is not JSON, or not JSON Lines."""
    forms = ("JSON Lines", "JSON") if lines else ("JSON", "JSON Lines")
    try:
        if text.strip() and isinstance(JsonText(text, lines=not lines).value, list):
            hint = f'Set `format` to "{"json" if lines else "jsonl"}".'
            return FileFault(f"Expected {forms[0]}; the file is {forms[1]}.", hint, line=1)
    except (json.JSONDecodeError, RecursionError):
        pass
    message = f"Expected {forms[0]}: {error.msg} (character {error.colno} of the line)."
    return FileFault(message, CODES["format-error"].fix, line=error.lineno)


def with_missing(table: Table, text: str) -> Table:
    """Return a table in which one more text stands for a missing value, in every column."""
    fields = tuple(
        column if column.missing_values is None else replace(column, missing_values=(*column.missing_values, text))
        for column in table.fields
    )
    return replace(table, fields=fields, missing_values=(*table.missing_values, text))
