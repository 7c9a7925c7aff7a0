"""One finding of one checker, whatever it checked: code, place, message, and how to fix it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

__all__ = ["CODES", "NULL", "Code", "Incident", "Severity", "Source", "incident", "register_codes", "sorted_incidents"]

NULL = "\0null\0"
"""What stands for a null of JSON among the texts of cells; a finding shows it as no value."""


class Severity(StrEnum):
    """What a finding says about the package: an error makes it not valid, a warning doesn't.

    `UNCHECKED` is neither: something could not be checked, so its validity is unknown.
    """

    ERROR = "error"
    WARNING = "warning"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: its stable name, the family it is reported in, what it means, and how to fix it."""

    name: str
    family: str
    meaning: str
    fix: str
    severity: Severity = Severity.ERROR


CODES: dict[str, Code] = {}
"""Every code that is registered, by name."""


def register_codes(*codes: Code) -> None:
    """Make codes known, so that findings with them can be made, ordered and explained.

    Raises
    ------
    ValueError
        Another code of that name is registered.
    """
    for code in codes:
        if CODES.setdefault(code.name, code) != code:
            message = f"Duplicate code '{code.name}': another kind of finding already has this name."
            raise ValueError(message)


register_codes(
    Code("type-error", "types",
         "A value can't be read as the type of its field.",
         "Write the value in the form that the message names."),
    Code("constraint-error", "constraints",
         "A value breaks a constraint of its field: its list of values, pattern, length or bounds.",
         "Use a value that the schema allows."),
    Code("foreign-key", "references",
         "A reference points to an id that isn't there.",
         "Correct the id, or add what it should point to."),
    Code("primary-key", "keys",
         "Two rows have the same key.",
         "Give one of them a key of its own."),
    Code("unique-error", "keys",
         "Two rows have the same value where each must have its own.",
         "Correct one of the two."),
    Code("package-error", "files",
         "The descriptor is not a valid Data Package.",
         "Fix the property that the message names."),
    Code("resource-error", "files",
         "A resource of the descriptor is not valid.",
         "Fix the property that the message names."),
    Code("schema-error", "files",
         "A Table Schema of the descriptor is not valid.",
         "Fix the property that the message names."),
    Code("scheme-error", "files",
         "A file of the package can't be opened.",
         "Put the file where the descriptor says it is."),
    Code("encoding-error", "files",
         "A file is not in the encoding that its descriptor names.",
         "Save the file in that encoding, or set `encoding` to the one that it is in, such as windows-1252."),
    Code("format-error", "files",
         "A file is not in the format that its descriptor names.",
         "Fix the file, or name its format in the descriptor."),
    Code("source-error", "files",
         "A file has no content that can be read as a table.",
         "Fix the file."),
    Code("hash-count", "files",
         "A file is not the one that the descriptor was written for: its hash differs.",
         "Restore the file, or build the package again."),
    Code("byte-count", "files",
         "A file is not the one that the descriptor was written for: its size differs.",
         "Restore the file, or build the package again."),
    Code("duplicate-label", "structure",
         "Two columns have the same name.",
         "Remove one of them."),
    Code("blank-label", "structure",
         "A column has no name.",
         "Name the column as the schema does."),
    Code("incorrect-label", "structure",
         "A column is not the one that the schema has in its place.",
         "Order and name the columns as the schema does."),
    Code("extra-label", "structure",
         "A column is not in the schema.",
         "Remove the column, or add it to the schema."),
    Code("missing-label", "structure",
         "A column of the schema is not there.",
         "Add the column."),
    Code("blank-row", "structure",
         "A row is empty.",
         "Remove the row."),
    Code("extra-cell", "structure",
         "A row has more cells than there are columns.",
         "Remove the extra cells."),
    Code("missing-cell", "structure",
         "A row has fewer cells than there are columns.",
         "Add the missing cells."),
    Code("null-byte", "files",
         "A cell has a NUL character, which many readers take for the end of it.",
         "Remove it."),
    Code("stray-quote", "structure",
         "A quote inside a cell is not doubled, or text follows a closing quote.",
         'Put the whole cell in quotes, and double those within it: "a ""b"" c".'),
    Code("unterminated-quote", "files",
         "A quoted cell is never closed: most readers would take the rest of the file for it.",
         "Close the quote, or double it if it belongs to the text."),
    Code("line-ending", "style",
         "A lone carriage return: some readers end the row there, others don't.",
         "End every line with LF or CRLF; put a cell that has line ends in quotes."),
    Code("byte-order-mark", "style",
         "The file begins with a byte order mark, which many readers take for a part of the first column's name.",
         "Save it as UTF-8 without a byte order mark, or set `encoding` to utf-8-sig.", Severity.WARNING),
    Code("check-failed", "unchecked",
         "A check crashed: the fault of the checker or of the machine, not a verdict on the data.",
         "Validate again, with more memory or another engine; if it crashes again, report it to its authors.",
         Severity.UNCHECKED),
    Code("file-unreadable", "unchecked",
         "A file is there, and can't be read.",
         "Let this user read the file, or look at the disk that it is on.", Severity.UNCHECKED),
    Code("unsupported-feature", "unchecked",
         "The descriptor asks for something that is not checked here.",
         "Express it in another way, or check it with another tool.", Severity.UNCHECKED),
    Code("profile-unknown", "files",
         "The descriptor is made for a profile that is not known here; it was checked against the official ones.",
         "Save a copy in a folder, and validate with `--schemas` and that folder.", Severity.WARNING),
    Code("resource-limit", "unchecked",
         "A file, a line or a value is larger than the limit, or a pattern takes too many steps.",
         "Split it, give the file uncompressed, or simplify the pattern.", Severity.UNCHECKED),
    Code("peer-failed", "files",
         "frictionless crashed while checking the descriptor; validation continued without it.",
         "Check the property that its message names; often the standard doesn't define it.",
         Severity.WARNING),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A place to show to a person: a file, its line, and its column, both counted from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Incident:
    """One finding.

    Attributes
    ----------
    code
        Stable name of the kind of finding; a key of `CODES`.
    message
        What was expected and what was found.
    hint
        How to fix it.
    severity
        Whether it makes the package not valid, or says that something could not be checked.
    table, field
        The table and column concerned.
    row, line
        The row (1 is the first below the header) and the physical line of the table's file.
    file
        The file that the line is in, relative to the package's folder, where the table has several.
    key
        The primary key of the row.
    value
        The offending value as text.
    source
        The place to look at: in the files that the package is built from, or in one that is built.
    """

    code: str
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    table: str | None = None
    field: str | None = None
    row: int | None = None
    line: int | None = None
    key: tuple[str, ...] | None = None
    value: str | None = None
    source: Source | None = None
    file: str | None = None

    def at(self, source: Source) -> Incident:
        """Return the same finding with the place that has to be edited."""
        return replace(self, source=source)

    def place(self) -> str:
        """Return its place, most useful first: the place to edit, else the table's row and field.

        Examples
        --------
        >>> incident("foreign-key", "No such country.", table="lakes", row=3, line=4, field="country_id").place()
        'lakes row 3 (line 4) country_id'
        """
        if self.source is not None:
            return str(self.source)
        parts = [self.table or ""]
        if self.row is not None:
            parts.append(f"row {self.row}")
        elif self.key is not None:
            parts.append(f"key {', '.join(self.key)}")
        where = [self.file or "", "" if self.line is None else f"line {self.line}"]
        if any(where):
            parts.append(f"({', '.join(filter(None, where))})")
        if self.field is not None:
            parts.append(self.field)
        return " ".join(part for part in parts if part)


def incident(code: str, message: str, *, hint: str | None = None, **place: Any) -> Incident:
    """Make a finding; severity and, unless another is given, the hint come from its code's entry in `CODES`.

    Raises
    ------
    KeyError
        There is no such code.

    Examples
    --------
    >>> incident("blank-row", "Row 3 is empty.").hint
    'Remove the row.'
    """
    entry = CODES[code]
    if place.get("value") == NULL:
        place["value"] = None
    return Incident(code, message, entry.fix if hint is None else hint, entry.severity, **place)


def sorted_incidents(incidents: list[Incident]) -> list[Incident]:
    """Return the findings in the order of their places: by file and line, else by table and row.

    Examples
    --------
    >>> late = incident("unknown-key", "b", source=Source("a.yaml", 9))
    >>> early = incident("unknown-key", "a", source=Source("a.yaml", 2))
    >>> [finding.message for finding in sorted_incidents([late, early])]
    ['a', 'b']
    """

    def place(finding: Incident) -> tuple[Any, ...]:
        source = finding.source or Source("")
        return (
            source.file,
            source.line or 0,
            source.column or 0,
            finding.table or "",
            finding.row or 0,
            finding.field or "",
            finding.code,
            finding.message,
        )

    return sorted(incidents, key=place)
