"""How a bare file is written: its compression, encoding, delimiter, quotes, comments and header."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError, is_absence
from readouts.datapackage.inference.inferred import Inferred
from readouts.datapackage.schema.model import Field, Table
from readouts.datapackage.table.byte_stream import Digest, FileStream
from readouts.datapackage.table.csv_scanner import scan
from readouts.datapackage.table.dialect import read_dialect
from readouts.datapackage.table.file_kind import FileFault, file_fault, unicode_encoding
from readouts.datapackage.table.resource import Resource
from readouts.datapackage.words import counted, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from clevercsv.dialect import SimpleDialect

__all__ = ["Sniffed", "another_encoding", "sniffed"]

_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE = 2**14
"""Characters that are read for sniffing; the rest is checked against the result."""
_ROWS = 200
_ENCODED = 2**18
"""Bytes of lines that aren't ASCII by which an encoding is detected."""
_NOT_WESTERN = "[^\\x00-\\x7fÀ-ÖØ-öø-ÿŒœŠšŽžŸ‘’“”„‚‹›«»–—…€£§©°²³µ·ªº¿¡•™®½¼¾\\xa0]|£[^\\W\\d_]"
_TYPED = re.compile(
    r"[+-]?(?:[0-9]+(?:[.,][0-9]*)*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ].*)?"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|true|false",
    re.IGNORECASE,
)
"""What a cell looks like that isn't the name of a column."""
_YEARS = range(1500, 2200)


@dataclass(frozen=True)
class Sniffed:
    """A file as it can be read, what its descriptor says about it, and the reasons."""

    resource: Resource
    properties: dict[str, Any] = field(default_factory=dict)
    form: tuple[Inferred, ...] = ()


def sniffed(path: Path, name: str, encoding: tuple[str, str] | None = None, names: Collection[str] = ()) -> Sniffed:
    """Sniff how a file is written.

    Parameters
    ----------
    path, name
        The file, and the name of its table.
    encoding
        Its encoding and the reason for it, where they are known. Default: what its beginning is in.
    names
        Names of fields that it has, where they are known: a first row with one of them is the header.

    Raises
    ------
    PackageError
        It is evidently not a table of text.
    """
    suffixes = path.name.lower().split(".")[1:]
    compression = "gz" if suffixes[-1:] == ["gz"] else ""
    form = "tsv" if {"tsv", "tab"} & {*suffixes} else "csv"
    resource = Resource(
        name,
        path.parent,
        {"name": name, "path": path.name},
        Table(name),
        tabular=True,
        paths=(path,),
        files=(path.name,),
        form=form,
        compression=compression,
    )
    if path.is_dir():
        message = f"{path} is a folder: name the files in it, such as {path / '*.csv'}."
        raise PackageError(message)
    try:
        head, sample = _beginning(resource)
        if not sample.strip():
            message = f"{path} is an empty file: it has no columns."
            raise PackageError(message)
        encoding = encoding or _unicode(head)
        if (fault := file_fault(head, "CSV", encoding[0])) is not None:
            # What a descriptor may say about a file, nothing says about a bare one.
            hint = "Save it as CSV, or write its descriptor." if fault.hint.startswith("Set ") else fault.hint
            message = f"{path} can't be described as a table. {fault} {hint}"
            raise PackageError(message)
        resource = replace(resource, encoding=encoding[0])
        _, sample = _beginning(resource)
        if resource.encoding == "utf-8" and not _is_utf_8(sample):
            encoding = another_encoding(resource) or encoding
            resource = replace(resource, encoding=encoding[0])
            _, sample = _beginning(resource)
    except (FileFault, OSError, NotImplementedError) as error:
        reason = "there is no such file" if isinstance(error, OSError) and is_absence(error) else str(error).rstrip(".")
        message = f"{path} can't be described: {reason}."
        raise PackageError(message) from error
    written, reasons = _dialect(sample, form, names)
    dialect, _ = read_dialect(written, form)
    if not dialect.header:
        width = max(map(len, _rows(sample, written, form)))
        fields = tuple(Field(f"field{number}", type="string") for number in range(1, width + 1))
        resource = replace(resource, schema=Table(name, fields=fields))
    properties: dict[str, Any] = {
        "format": form,
        "mediatype": "text/tab-separated-values" if form == "tsv" else "text/csv",
    }
    properties |= {"encoding": encoding[0], **({"compression": compression} if compression else {})}
    properties |= {"dialect": written} if written else {}
    found = (Inferred("encoding", *encoding), *reasons)
    return Sniffed(replace(resource, dialect=dialect), properties, found)


def _unicode(head: bytes) -> tuple[str, str]:
    found = unicode_encoding(head)
    if found is None:
        return "utf-8", "every byte is UTF-8"
    marked = found in {"utf-8-sig", "utf-16", "utf-32"}
    return found, "the file begins with a byte order mark" if marked else "every other byte is NUL"


def _is_utf_8(sample: bytes) -> bool:
    """Return whether whole lines are UTF-8; the last one may be cut."""
    try:
        sample.rpartition(b"\n")[0].decode()
    except UnicodeDecodeError:
        return False
    return True


def _beginning(resource: Resource) -> tuple[bytes, bytes]:
    """Return what a file begins with, as it is, and whole lines of it in UTF-8."""
    digest = Digest()
    try:
        stream = FileStream(resource, 0, digest)
        data = b""
        while len(data) < _SAMPLE and (more := stream.read(_SAMPLE)):
            data += more
        data = data[:_SAMPLE]
        return stream.head, data[: data.rfind(b"\n") + 1] or data
    finally:
        digest.close()


def another_encoding(resource: Resource) -> tuple[str, str] | None:
    """Return the encoding of a file that isn't in a Unicode one, and the reason; None if it is unknown."""
    from chardet import detect

    digest = Digest()
    lines: list[bytes] = []
    size, rest = 0, b""
    try:
        stream = FileStream(replace(resource, encoding="utf-8"), 0, digest)
        while size < _ENCODED and (data := stream.read(2**20)):
            *whole, rest = (rest + data).split(b"\n")
            wanted = [line for line in whole if not line.isascii()]
            lines += wanted
            size += sum(map(len, wanted))
    finally:
        digest.close()
    data = b"\n".join([*lines, rest])[:_ENCODED]
    western = data.decode("windows-1252", "replace")
    letters, foreign = (len(re.findall(pattern, western)) for pattern in ("[A-Za-z]", r"[^\x00-\x7f]"))
    if foreign <= letters / 2 and not re.search(_NOT_WESTERN, western):
        return "windows-1252", "it isn't UTF-8, and its letters are Western European ones: look at a few"
    name = detect(data)["encoding"]
    return None if name is None else (name.lower(), "it isn't UTF-8; chardet takes it for this: look at a few cells")


def _dialect(sample: bytes, form: str, names: Collection[str]) -> tuple[dict[str, Any], list[Inferred]]:
    """Return the properties of the dialect that differ from the default, and what was seen."""
    text = sample.decode("utf-8", "replace")
    reasons: list[Inferred] = []
    written: dict[str, Any] = {}
    if "\r" in text and "\n" not in text:
        written["lineTerminator"] = "\r"
        reasons.append(Inferred("line ends", "CR", "no line ends in a line feed"))
        sample, text = sample.replace(b"\r", b"\n"), text.replace("\r", "\n")
    body = _uncommented(text)
    if body != text:
        written["commentChar"] = "#"
        reasons.append(Inferred("comments", "#", "lines before the header begin with #"))
    written |= _characters(sample, body, written, form, reasons)
    if "commentChar" not in written and _has_comments(_records(sample, written, form)):
        written["commentChar"] = "#"
        reasons.append(Inferred("comments", "#", "lines that begin with # have one cell, all others several"))
    if (first := _first(sample, written, form)) > 1:
        written["headerRows"] = [first]
        reasons.append(Inferred("lines above", str(first - 1), "they have no more than one cell: blanks or a title"))
    rows = _rows(sample, written, form)
    behind = [cell for row in rows for cell in row[1:] if cell]
    if len(behind) > 1 and all(cell.startswith(" ") for cell in behind):
        written["skipInitialSpace"] = True
        reasons.append(Inferred("blanks", "skipped", "one follows every delimiter"))
        rows = _rows(sample, written, form)
    if (headless := _headless(rows)) is not None and not set(names) & set(rows[0]):
        written["header"] = False
        reasons.append(Inferred("header", "none", headless))
    elif rows:
        reasons.append(
            Inferred("header", f"row {first}", f"its cells are names: {listed([*map(quoted, rows[0])], most=4)}")
        )
    return written, reasons


def _characters(sample: bytes, body: str, known: dict[str, Any], form: str, reasons: list[Inferred]) -> dict[str, Any]:
    """Return what delimits, quotes and escapes, as far as it isn't the default, and add the reasons."""
    written: dict[str, Any] = {}
    found = None
    delimiter = _evident(sample, body, known, form)
    lines = counted(min(_ROWS, body.count("\n") or 1), "line")
    why = f"of comma, semicolon, tab and bar it alone cuts the first {lines} into equally many cells"
    if not delimiter and (found := _detected(body)) is not None and found.delimiter:
        why = f"of comma, semicolon, tab and bar it cuts the first {lines} best (clevercsv)"
        widths = _widths(sample, known, form, found.delimiter)
        # Commas in a few cells of a single column.
        delimiter = "" if len(widths) > 1 and widths.most_common(1)[0][0] == 1 else found.delimiter
    if not delimiter:
        absent = [each for each in (("\t", *_DELIMITERS) if form == "tsv" else _DELIMITERS) if each not in body]
        delimiter = absent[0] if absent else _DELIMITERS[0]
        why = "one column: no delimiter cuts the lines into equally many cells"
    reasons.append(Inferred("delimiter", _NAMES[delimiter], why))
    if delimiter != ("\t" if form == "tsv" else ","):
        written["delimiter"] = delimiter
    if found is not None and found.quotechar == "'" and re.search(rf"(?m)(?:^|{re.escape(delimiter)})'", body):
        written["quoteChar"] = "'"
        reasons.append(Inferred("quotes", "'", "cells begin and end with it"))
    elif '"' in body and not re.search(rf'(?m)(?:^|{re.escape(delimiter)} ?)"', body):
        written["quoteChar"] = ""
        reasons.append(Inferred("quotes", "none", "no cell begins with a quote, though there are some within cells"))
    if found is not None and found.escapechar == "\\":
        written["escapeChar"] = "\\"
        reasons.append(Inferred("escape", "\\", "it comes before quotes within cells"))
    return written


def _evident(sample: bytes, body: str, known: dict[str, Any], form: str) -> str:
    """Return the only delimiter that cuts rows into equally many cells, where nothing else is quoted or escaped."""
    widths = {each: _widths(sample, known, form, each) for each in _DELIMITERS if each in body}
    found = [each for each, several in widths.items() if len(several) == 1 and 1 not in several]
    if len(found) != 1 or "\\" in body or re.search(rf"(?m)(?:^|{re.escape(found[0])})'", body):
        return ""
    return found[0]


def _widths(sample: bytes, known: dict[str, Any], form: str, delimiter: str) -> Counter[int]:
    """Return how many of the first rows a delimiter cuts into how many cells."""
    return Counter(map(len, _rows(sample, known | {"delimiter": delimiter}, form)))


def _detected(body: str) -> SimpleDialect | None:
    """Return what clevercsv, which takes a quarter of a second to import, finds in a text."""
    from clevercsv.detect import Detector
    from clevercsv.exceptions import Error

    try:
        return Detector().detect(body.replace("\0", ""), delimiters=[*_DELIMITERS])
    except Error:
        return None


def _records(sample: bytes, written: dict[str, Any], form: str) -> list[list[str]]:
    """Return the cells of the first records, but for one that the sample cuts; a blank line has none."""
    dialect, _ = read_dialect(written, form)
    records = scan(sample, dialect, 1, final=True, most=_ROWS).records
    return [record.cells for record in (records[:-1] if records and records[-1].faults else records)]


def _rows(sample: bytes, written: dict[str, Any], form: str) -> list[list[str]]:
    """Return the first rows from the header on."""
    above = written.get("headerRows", [1])[0] - 1
    return [cells for cells in _records(sample, written, form)[above:] if cells]


def _has_comments(records: list[list[str]]) -> bool:
    """Return whether lines of one cell, in a table of several columns, begin with #."""
    width = Counter(len(cells) for cells in records if cells).most_common(1)
    marked = [cells for cells in records if cells and cells[0].startswith("#")]
    return bool(marked) and width[0][0] > 1 and all(len(cells) == 1 for cells in marked)


def _first(sample: bytes, written: dict[str, Any], form: str) -> int:
    """Return the row of the header: the first one, or that below blank lines and titles."""
    records = _records(sample, written, form)
    widths = Counter(len(cells) for cells in records if cells)
    least = 2 if widths and widths.most_common(1)[0][0] > 1 else 1
    return next((row for row, cells in enumerate(records, 1) if len(cells) >= least), 1)


def _uncommented(text: str) -> str:
    """Return a text without the comments that it begins with; a header may begin with # as well."""
    found = re.match(r"(?:#[^\n]*\n)+", text)
    if found is None or not (body := text[found.end() :]):
        return text
    last, first = found[0].rstrip("\n").rpartition("\n")[2], body.partition("\n")[0]
    if any(last.count(each) == first.count(each) > 0 for each in _DELIMITERS):
        return text
    return body


def _headless(rows: list[list[str]]) -> str | None:
    """Return why a table has no header; None if it has one, or nothing tells."""
    if len(rows) < 2:
        return None
    first, below = rows[0], rows[1:]
    width = Counter(map(len, rows)).most_common(1)[0][0]
    typed = [place for place, cell in enumerate(first) if _TYPED.fullmatch(cell.strip())]
    if len(first) != width or not typed:
        return None
    numbers = [int(first[place]) for place in typed if first[place].isdecimal()]
    steps = {after - before for before, after in pairwise(numbers)}
    years = all(number in _YEARS for number in numbers) and min(steps, default=0) > 0
    if len(numbers) == len(typed) < len(first) and (years or (steps == {1} and len(numbers) > 2)):
        # Years, months or similar periods as columns.
        return None
    if all(any(_TYPED.fullmatch(row[place].strip()) for row in below if place < len(row)) for place in typed):
        return f"its first row has values such as {quoted(first[typed[0]])} where the rows below have some"
    return None
