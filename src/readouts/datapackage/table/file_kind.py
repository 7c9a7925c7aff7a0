"""What a file is, recognised by its first bytes, where it is not what its descriptor calls it."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "FileFault",
    "conflict_fault",
    "conflict_in",
    "encoding_fault",
    "file_fault",
    "is_conflict_marker",
    "json_problem",
    "other_kind",
    "unicode_encoding",
]


class FileFault(Exception):  # noqa: N818 - it becomes a finding where it is caught
    """A file is not what its descriptor says: message, hint, code, line and field of the finding."""

    def __init__(
        self,
        message: str,
        hint: str = "",
        code: str = "format-error",
        line: int | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message)
        self.hint, self.code, self.line, self.field = hint, code, line, field


_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7}) .*|={7}", re.DOTALL)
_FIRST_CONFLICT = re.compile(r"^<{7} .*$", re.MULTILINE)
_SEPARATOR_LINE = re.compile(r'"?sep=[,;|\t]"?\r?\n', re.IGNORECASE)
_EXPORT = "Export the table as CSV."
_KINDS = [
    (re.compile(pattern, re.DOTALL), what, hint)
    for pattern, what, hint in (
        (rb"version https://git-lfs\.github\.com/spec/v1\s", "a Git LFS pointer", "Run `git lfs pull`."),
        (
            rb"(?i)\s*(?:<!--.*?-->\s*|<\?xml\b[^>]*>\s*)*<(?:!doctype\s+html|html|head|body)\b",
            "an HTML page",
            "Fetch the file again: servers answer with a page where a file is missing or a login is needed.",
        ),
        (rb"PK\x03\x04.*?(?:\[Content_Types\]\.xml|mimetypeapplication/vnd\.oasis)", "a spreadsheet", _EXPORT),
        (rb"PK\x03\x04", "a ZIP archive", 'Set `compression` to "zip", or unpack the archive.'),
        (rb"\x1f\x8b\x08", "a gzip file", 'Set `compression` to "gz", or unpack the file.'),
        (rb"BZh[1-9]1AY&SY|\xfd7zXZ\x00|\x28\xb5\x2f\xfd|7z\xbc\xaf\x27\x1c", "a compressed file", "Unpack it."),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook", _EXPORT),
        (rb"SQLite format 3\x00", "an SQLite database", _EXPORT),
        (rb"PAR1", "a Parquet file", _EXPORT),
        (rb"ARROW1\x00", "an Arrow file", _EXPORT),
        (rb"\x89HDF\r\n\x1a\n", "an HDF5 file", _EXPORT),
        (rb"%PDF-[0-9]", "a PDF document", _EXPORT),
    )
]
"""What a file of each kind begins with, and what to do."""
_XML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:\?xml\s|[A-Za-z][^<>]*>\s*<)", re.DOTALL)
_JSON = re.compile(r'\s*(?:\[\s*[\[{]|\{\s*"[^"\n]*"\s*:)')
_UTF_8_MARK = b"\xef\xbb\xbf"
_MARKS = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NULLS = {"x000": "utf-32-le", "000x": "utf-32-be", "x0x0": "utf-16-le", "0x0x": "utf-16-be"}
_BEGINNING = 2**16
_LOOKED_AT = 64
"""Bytes in which NULs are counted."""


def is_conflict_marker(line: str) -> bool:
    """Return whether a line is one of those that Git writes around the two sides of a conflict.

    Examples
    --------
    >>> is_conflict_marker("<<<<<<< HEAD"), is_conflict_marker("<<<<<<<")
    (True, False)
    """
    return _CONFLICT.fullmatch(line.rstrip("\r\n")) is not None


def conflict_fault(marker: str, line: int | None = None) -> FileFault:
    """Return the fault of a file in which a conflict was left."""
    message = f"Expected no conflict; found the Git conflict marker {quoted(marker.strip())}."
    return FileFault(message, "Resolve the conflict: keep lines of either side, or of both, and no marker.", line=line)


def file_fault(head: bytes, expected: str, encoding: str = "utf-8", *, doubtful: bool = True) -> FileFault | None:
    r"""Return the fault of a file of another kind than its descriptor says; None if it isn't recognised.

    Parameters
    ----------
    head
        What it begins with.
    expected
        What its descriptor calls it, such as `CSV`.
    encoding
        Its encoding, as the descriptor has it.
    doubtful
        Whether a beginning counts that a table might have: only where its columns are not those of its schema.

    Examples
    --------
    >>> str(file_fault(b"%PDF-1.7", "CSV")), file_fault(b"id,name\n1,Long\n", "CSV")
    ('Expected CSV; the file is a PDF document.', None)
    """
    start = head.removeprefix(_UTF_8_MARK)
    known = _kind(head)
    if known is not None:
        return FileFault(f"Expected {expected}; the file is {known[0]}.", known[1], line=1)
    found = encoding_fault(head, encoding)
    if found is not None:
        return found
    text = start.decode(encoding, "replace").removeprefix("\ufeff")
    if text.startswith("<<<<<<< "):
        return conflict_fault(text.partition("\n")[0], 1)
    if (line := _SEPARATOR_LINE.match(text)) is not None:
        message = f"Expected the header; found {quoted(line[0].strip())}, a line that only Excel understands."
        return FileFault(message, "Remove that line, and set `delimiter` in the dialect to what it names.", line=1)
    if doubtful and _XML.match(start):
        return FileFault(f"Expected {expected}; the file is an XML document.", _EXPORT, line=1)
    if doubtful and expected != "JSON" and _JSON.match(text):
        lines = text.lstrip().startswith("{") and text.partition("\n")[0].rstrip().endswith("}")
        hint = f'Set `format` to "{"jsonl" if lines else "json"}".'
        return FileFault(f"Expected {expected}; the file is JSON.", hint, line=1)
    return None


def _kind(head: bytes) -> tuple[str, str] | None:
    start = head.removeprefix(_UTF_8_MARK)
    return next(((what, hint) for pattern, what, hint in _KINDS if pattern.match(start)), None)


def other_kind(path: Path) -> tuple[str, str] | None:
    r"""Return what a file is that can't be the descriptor of a package, and what to do; None if it may be one.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "lakes.csv"
    ...     file.write_bytes(b"name,depth\n") and other_kind(file)
    ('a table', 'List it as a resource in a datapackage.json, and name that.')
    """
    with path.open("rb") as stream:
        head = stream.read(_BEGINNING)
    name, start = path.name.lower(), head.removeprefix(_UTF_8_MARK).lstrip()
    what, hint = _kind(head) or ("", "")
    if not start:
        return "an empty file", "Restore it, or write it again."
    if head[257:262] == b"ustar" or name.endswith((".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst")):
        return "a tar archive", "Unpack it, and name the folder."
    if what in {"a gzip file", "a compressed file"}:
        return what, "Unpack it, and name the folder."
    if what and hint != _EXPORT:
        return None
    if not what and name.endswith((".yaml", ".yml")) and _is_utf_8(head):
        return None
    if not what and name.endswith((".csv", ".tsv")):
        return "a table", "List it as a resource in a datapackage.json, and name that."
    if not what and (start.startswith((b"{", b"<<<<<<< ")) or encoding_fault(head, "utf-8") is not None):
        return None
    if not what and (b"\0" in head or not _is_utf_8(head)):
        what = "a binary file"
    if not what and name.endswith(".json"):
        return None
    if hint == _EXPORT:
        return what, "Export the table as CSV, and name that file."
    return what or "a text file", "Name a folder with a datapackage.json, that file, or a ZIP archive of the folder."


def json_problem(path: Path, error: Exception) -> str:
    """Return why a file of JSON, or YAML, that a package is described by can't be read, as the end of a sentence."""
    if isinstance(error, OSError) or not path.is_file() or path.suffix.lower() in {".yaml", ".yml"}:
        return f"{str(error)[:200]}."
    data = path.read_bytes()
    if data.startswith(_UTF_8_MARK + b"{"):
        return "it begins with a byte order mark, which JSON doesn't have. Save it as UTF-8 without one."
    fault = conflict_in(data.decode("utf-8", "replace")) or file_fault(data, "JSON", doubtful=False)
    if fault is None:
        return f"{str(error)[:200]}."
    # What a descriptor may say about a table's file, nothing says about the descriptor.
    hint = "" if fault.hint.startswith("Set ") else f" {fault.hint}"
    return f"line {fault.line}: {fault}{hint}"


def conflict_in(text: str) -> FileFault | None:
    """Return the fault of a text in which a conflict was left, for texts in which no value goes over lines."""
    found = _FIRST_CONFLICT.search(text)
    return None if found is None else conflict_fault(found[0], text.count("\n", 0, found.start()) + 1)


def encoding_fault(head: bytes, encoding: str) -> FileFault | None:
    """Return the fault of a file that is evidently in another encoding of Unicode than its descriptor says."""
    codec = codecs.lookup(encoding).name
    name = None if head.startswith(_UTF_8_MARK) else unicode_encoding(head)
    if name is None and codec.startswith(("utf-16", "utf-32")) and _is_utf_8(head):
        name = "utf-8"
    if name is not None and _decoded(head, encoding) != _decoded(head, name):
        message, hint = f"the file is in {name.upper()}", f'Set `encoding` to "{name}", or save the file as UTF-8.'
    elif codec in {"utf-16", "utf-32"} and not head.startswith(tuple(mark for mark, _ in _MARKS)):
        message = "the file has no byte order mark, which gives the byte order"
        hint = f'Set `encoding` to "{name or f"{codec}-le"}".'
    else:
        return None
    return FileFault(f"Expected {encoding}; {message}.", hint, "encoding-error", 1)


def unicode_encoding(head: bytes) -> str | None:
    """Return the encoding that a byte order mark tells, or NULs of a text of ASCII mostly; None if neither does."""
    if head.startswith(_UTF_8_MARK):
        return "utf-8-sig"
    return next((name for mark, name in _MARKS if head.startswith(mark)), None) or _by_nulls(head)


def _by_nulls(head: bytes) -> str | None:
    """Return the encoding of a text of ASCII mostly, by the bytes of each character that are NUL."""
    part = head[:_LOOKED_AT]
    return _NULLS.get("".join("0" if 2 * part[place::4].count(0) > len(part) // 4 else "x" for place in range(4)))


def _decoded(head: bytes, encoding: str) -> str:
    part = head[: len(head) // 4 * 4]
    return part.decode(encoding, "replace").removeprefix("\ufeff")


def _is_utf_8(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
