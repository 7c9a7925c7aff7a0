"""Reading records of CSV one by one, exactly: every fault is reported, and the rest is still read.

The plain way (`csv_blocks.py`) reads whole blocks at once and takes only what is flawless; this one takes the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from readouts.datapackage.table.file_kind import conflict_fault, is_conflict_marker
from readouts.datapackage.table.undecoded import UNDECODED, named, shown
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from readouts.datapackage.table.dialect import Dialect

__all__ = ["CONFLICT", "Fault", "Record", "Scan", "require_no_conflict", "scan", "sentence_of"]

CONFLICT = "format-error"
"""The code of a record that is a marker of a conflict that Git left."""
_LONGEST_CELL = 4 * 2**20
"""Characters of a quoted cell after which its closing quote is no longer waited for."""

_MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a record: its code, the column (from 0) it is in, the line, and the text there."""

    code: str
    column: int | None
    line: int | None
    value: str | None = None


@dataclass(slots=True)
class Record:
    """One record: its cells, the lines it begins and ends on, and what is wrong with it."""

    cells: list[str]
    line: int
    end_line: int
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scan:
    """Records, how many bytes they took, and the line that follows; the rest is the beginning of one more."""

    records: list[Record]
    consumed: int
    end_line: int


def scan(data: bytes, dialect: Dialect, line: int, *, final: bool, most: int | None = None) -> Scan:
    r"""Read records from the beginning of `data`.

    Parameters
    ----------
    data
        UTF-8, beginning where a record does.
    dialect
        How records are written.
    line
        Number of the physical line that `data` begins on.
    final
        Whether nothing comes after `data`.
    most
        How many records to read at most.

    Returns
    -------
    Scan
        Blank lines are records without cells; lines of comment are none.

    Examples
    --------
    >>> from readouts.datapackage.table.dialect import Dialect
    >>> [record.cells for record in scan(b'1,"a\nb"\n', Dialect(), 2, final=True).records]
    [['1', 'a\nb']]
    """
    if not final:
        data = data[: data.rfind(b"\n") + 1]
    text = data.decode("utf-8", "surrogateescape")
    records: list[Record] = []
    position, total = 0, len(text)
    quick = dialect.escape_char is None and not dialect.skip_initial_space
    quote = dialect.quote_char
    while position < total and (most is None or len(records) < most):
        end = text.find("\n", position)
        end = total if end < 0 else end
        row = text[position:end]
        if dialect.comment_char is not None and row.startswith(dialect.comment_char):
            position, line = end + 1, line + 1
            continue
        stripped = row.removesuffix("\r")
        if not stripped:
            record, following = Record([], line, line), end + 1
        elif quick and (quote is None or quote not in row):
            record, following = Record(stripped.split(dialect.delimiter), line, line), end + 1
        else:
            found = _quoted(text, position, dialect, line, final=final)
            if found is None:
                break
            record, following = found
        _look_into(record, row if record.end_line == record.line else text[position:following])
        records.append(record)
        position, line = following, record.end_line + 1
    consumed = len(text[:position].encode("utf-8", "surrogateescape"))
    return Scan(records, min(consumed, len(data)), line)


def _look_into(record: Record, raw: str) -> None:
    """Note what no cell may hold: NUL, bytes that are not UTF-8, a lone carriage return; and a marker of a conflict."""
    if raw.startswith(_MARKERS) and is_conflict_marker(raw):
        record.faults.append(Fault(CONFLICT, None, record.line, raw.rstrip("\r\n")))
    suspicious = "\0" in raw or (not raw.isascii() and UNDECODED.search(raw) is not None)
    alone = "\r" in raw.replace("\r\n", "\n").removesuffix("\r")
    if not suspicious and not alone:
        return
    for column, cell in enumerate(record.cells):
        if "\0" in cell:
            record.faults.append(Fault("null-byte", column, record.line, cell))
        if UNDECODED.search(cell) is not None:
            record.faults.append(Fault("encoding-error", column, record.line, cell))
        if "\r" in cell.replace("\r\n", "\n"):
            record.faults.append(Fault("line-ending", column, record.line, cell))


def require_no_conflict(records: list[Record], width: int) -> None:
    """Raise at a marker of a conflict that Git left.

    Where it could be a row, in a table of one column, all three markers of a conflict have to be there.

    Raises
    ------
    FileFault
        There is one.
    """
    found = [(fault, record) for record in records for fault in record.faults if fault.code == CONFLICT]
    if width == 1:
        marks = "".join((fault.value or "")[0] for fault, _ in found).replace("|", "")
        found = found[marks.find("<=>") :] if "<=>" in marks else []
    for fault, record in found:
        # A line of equals signs alone may be a rule.
        if width == 1 or (len(record.cells) != width and record.cells != ["======="]):
            raise conflict_fault(fault.value or "", record.line)


def _quoted(text: str, start: int, dialect: Dialect, line: int, *, final: bool) -> tuple[Record, int] | None:
    """Read a record that has quotes; None if it goes on beyond the text."""
    record, position, more = Record([], line, line), start, True
    while more:
        found = _cell(text, position, dialect, record, final=final)
        if found is None:
            return None
        cell, position, more = found
        record.cells.append(cell)
    return record, position


def _cell(
    text: str, start: int, dialect: Dialect, record: Record, *, final: bool, literal: bool = False
) -> tuple[str, int, bool] | None:
    """Read one cell: its value, where the next one begins, and whether the record has a next one."""
    delimiter, quote, escape = dialect.delimiter, dialect.quote_char, dialect.escape_char
    position = start
    if dialect.skip_initial_space:
        while text.startswith(" ", position):
            position += 1
    quoted = quote is not None and text.startswith(quote, position) and not literal
    parts: list[str] = []
    lines = 0
    if quoted and quote is not None:
        position += 1
        while True:
            close = text.find(quote, position)
            escaped = -1 if escape is None else text.find(escape, position, None if close < 0 else close)
            if escaped >= 0:
                parts += [text[position:escaped], text[escaped + 1 : escaped + 2]]
                position = escaped + 2
                continue
            beyond = close - position > _LONGEST_CELL and close + 1 < len(text)
            if close < 0 or (beyond and not text.startswith((delimiter, "\n", "\r", quote), close + 1)):
                if close < 0 and not final and len(text) - position <= _LONGEST_CELL:
                    return None
                return _literal(text, start, dialect, record)
            parts.append(text[position:close])
            position = close + 1
            if dialect.double_quote and text.startswith(quote, position):
                # Two quotes stand for one; of a row of them, an odd one closes the cell.
                found = _row_of(quote).match(text, close)
                row = 0 if found is None else found.end() - close
                parts.append(quote * (row // 2))
                position = close + row
                if row % 2 == 0:
                    continue
            break
        lines = sum(part.count("\n") for part in parts)
    end = _end(text, position, delimiter, escape)
    rest = text[position:end]
    ends_line = end >= len(text) or text[end] == "\n"
    if ends_line:
        rest = rest.removesuffix("\r")
    if quoted:
        if rest and lines:
            # A quote closes in another line and text follows it at once: it opens a cell there, and this one never did.
            return _literal(text, start, dialect, record)
        if rest:
            record.faults.append(Fault("stray-quote", len(record.cells), record.end_line, text[start:end][:200]))
    else:
        if escape is not None and escape in rest:
            rest = re.sub(re.escape(escape) + "(.)", r"\1", rest)
        if quote is not None and quote in rest and not literal:
            record.faults.append(Fault("stray-quote", len(record.cells), record.end_line, rest[:200]))
    record.end_line += lines
    return "".join([*parts, rest]), end + (1 if ends_line else len(delimiter)), not ends_line


def _literal(text: str, start: int, dialect: Dialect, record: Record) -> tuple[str, int, bool] | None:
    """Read a cell whose quote never closes, unchanged, so that the lines that follow are still read."""
    record.faults.append(Fault("unterminated-quote", len(record.cells), record.end_line))
    return _cell(text, start, dialect, record, final=True, literal=True)


@cache
def _row_of(quote: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(quote)}+")


def _end(text: str, position: int, delimiter: str, escape: str | None) -> int:
    """Return where an unquoted stretch ends: at the delimiter, at the line's end, or at the text's."""
    newline = text.find("\n", position)
    newline = len(text) if newline < 0 else newline
    found = text.find(delimiter, position, newline)
    while escape is not None and found > position and text[found - 1] == escape:
        found = text.find(delimiter, found + 1, newline)
    return newline if found < 0 else found


_SENTENCES = {
    "type-error": "Expected a value of the field's type; found {value}.",
    "blank-row": "Expected a row with cells; found an empty line.",
    "missing-cell": "Expected a cell; the row ends before it.",
    "extra-cell": "Expected as many cells as the header has; found more: {value}.",
    "null-byte": "Expected text; found a NUL character in {value}.",
    "encoding-error": "Expected text in {encoding}; found {bytes} {value}.",
    "line-ending": "Expected lines to end in LF or CRLF; found a carriage return alone in {value}.",
    "stray-quote": "Expected quotes around a whole cell, and twice within it; found {value}.",
    "unterminated-quote": "Expected the quoted cell that begins here to end with a quote; found none.",
    CONFLICT: "Expected a row; found the Git conflict marker {value}.",
}


def sentence_of(code: str, value: str | None, encoding: str = "utf-8") -> str:
    r"""Return the sentence of a finding about the structure of a row.

    Parameters
    ----------
    code
        Its code.
    value
        The text that is wrong; in it, bytes that can't be decoded are surrogates, as `surrogateescape` has them.
    encoding
        Encoding of the file, as the descriptor has it.

    Examples
    --------
    >>> sentence_of("extra-cell", "more")
    "Expected as many cells as the header has; found more: 'more'."
    >>> sentence_of("encoding-error", "caf\udce9")
    "Expected text in utf-8; found the byte 0xE9 as character 4 of 'caf?'."
    """
    text = value or ""
    return _SENTENCES[code].format(value=quoted(shown(text)), bytes=named(text, encoding), encoding=encoding)
