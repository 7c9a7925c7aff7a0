"""Rules enforced here and overlooked by frictionless, and unsupported features: tables of docs/conformance.md."""

from __future__ import annotations

from dataclasses import dataclass

from docs.divergences import DIVERGENCES

__all__ = ["ENFORCED", "UNSUPPORTED", "Rule", "Unsupported", "divergence_table", "enforced_table", "unsupported_table"]


@dataclass(frozen=True)
class Rule:
    """A rule of the standard that is enforced here and that frictionless ignores, or breaks.

    Attributes
    ----------
    name
        Stable name; a test plants what breaks it.
    code
        What is found here.
    section, sentence
        Where the standard has it, and its words, shortened.
    """

    name: str
    code: str
    section: str
    sentence: str


@dataclass(frozen=True)
class Unsupported:
    """Something that the standard allows and that is not checked here: what, and how that is reported."""

    what: str
    said: str


ENFORCED: tuple[Rule, ...] = (
    Rule(
        "unique keys", "unique-error", "Table Schema, uniqueKeys", "required to have unique logical values in each row"
    ),
    Rule(
        "categories",
        "constraint-error",
        "Table Schema, categories",
        "The logical representation of data in the field MUST exactly match one of the values in categories",
    ),
    Rule(
        "enumeration outside the categories",
        "schema-error",
        "Table Schema, categories",
        "the enum values MUST be a subset of the values in categories",
    ),
    Rule(
        "part of a primary key",
        "constraint-error",
        "Table Schema, primaryKey",
        "equivalent to adding required: true to their constraints",
    ),
    Rule(
        "roles of contributors",
        "package-error",
        "Data Package, contributors",
        "roles: an array of strings describing the roles of the contributor",
    ),
    Rule("underscore", "type-error", "Table Schema, number", "a non-empty finite-length sequence of decimal digits"),
    Rule("digits of other scripts", "type-error", "Table Schema, number", "one or more decimal digits (0-9)"),
    Rule("unpadded date", "type-error", "Table Schema, date", "The lexical representation MUST be yyyy-mm-dd"),
    Rule("time with a zone", "type-error", "Table Schema, time", "The lexical representation MUST be hh:mm:ss"),
    Rule("week", "type-error", "Table Schema, duration", "We follow the definition of XML Schema duration datatype"),
    Rule("year 0", "type-error", "Table Schema, year", "A calendar year as per XMLSchema gYear"),
    Rule("constant that is not JSON", "type-error", "Table Schema, object", "The field contains a valid JSON object"),
    Rule("broken base64", "type-error", "Table Schema, string", "A base64 encoded string representing binary data"),
    Rule("address with blanks", "type-error", "Table Schema, string", "A valid URI"),
    Rule("bounds of durations", "constraint-error", "Field Constraints, minimum", "Fields: ... duration ..."),
    Rule("JSON Schema of a field", "constraint-error", "Field Constraints, jsonSchema", "to validate field values"),
    Rule("enumeration of lists", "constraint-error", "Field Constraints, enum", "Fields: all"),
    Rule(
        "unterminated quote",
        "unterminated-quote",
        "RFC 4180, section 2",
        "Each field may or may not be enclosed in double quotes",
    ),
    Rule(
        "stray quote",
        "stray-quote",
        "RFC 4180, section 2",
        "If fields are not enclosed with double quotes, then double quotes may not appear inside the fields",
    ),
    Rule("NUL", "null-byte", "RFC 4180, section 2", "TEXTDATA has no control characters"),
    Rule("lone carriage return", "line-ending", "RFC 4180, section 2", "delimited by a line break (CRLF)"),
    Rule("later file without a header", "type-error", "Data Resource, path", "treat the result as one large file"),
)
"""A test plants each and asks both."""

UNSUPPORTED: tuple[Unsupported, ...] = (
    Unsupported(
        "paths, schemas and dialects that are addresses",
        "`unsupported-feature`: nothing is fetched, but "
        "[copies](validating.md#give-copies-of-schemas-and-profiles) of schemas and dialects are read",
    ),
    Unsupported(
        "tables of other formats than CSV, TSV and JSON: spreadsheets, databases, Parquet", "`unsupported-feature`"
    ),
    Unsupported(
        "compressions other than gzip and ZIP, archives with a password or a rare compression", "`unsupported-feature`"
    ),
    Unsupported("hashes other than MD5, SHA-1, SHA-256 and SHA-512", "`unsupported-feature`"),
    Unsupported("rows of JSON that are not a list at the top: `property`, `itemKeys`", "`unsupported-feature`"),
    Unsupported("line ends other than LF, CRLF and CR", "`unsupported-feature`"),
    Unsupported(
        "patterns with look-around or back-references, on values of more than 2,000 characters or that take more than "
        "100,000 steps back",
        "`resource-limit`; other patterns run in linear time",
    ),
    Unsupported("patterns with atomic or named groups, or possessive quantifiers", "`unsupported-feature`"),
    Unsupported(
        "patterns in the syntax of XML Schema where it differs: `\\i`, `\\c`, subtraction", "`unsupported-feature`"
    ),
    Unsupported("a `jsonSchema` that refers to another document", "`unsupported-feature`"),
    Unsupported("two fields of the same name, as version 1 allowed", "`unsupported-feature`; the first is checked"),
    Unsupported(
        "properties and constraints that the standard doesn't know",
        "`unsupported-feature` for constraints and dialects",
    ),
    Unsupported(
        "profiles of others than the standard's",
        "`profile-unknown`, a warning; one that is a file of the package, or of which there is a copy, is checked",
    ),
    Unsupported("patterns of strptime that don't say which day or time is meant", "`unsupported-feature`"),
    Unsupported("years beyond 9999 and before 1 in `datetime`", "`resource-limit`"),
    Unsupported("JSON of more than 100 levels in a cell, numbers with an exponent of 19 digits", "`resource-limit`"),
    Unsupported(
        "lines of more than 64 MiB, archives that unpack to more than 250 times their size", "`resource-limit`"
    ),
    Unsupported("guessing an encoding: without `encoding`, a file is UTF-8", "`encoding-error`"),
)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def enforced_table() -> str:
    """Return what frictionless overlooks, as a Markdown table."""
    rows = [
        f"| {rule.name} | `{rule.code}` | {rule.section}: \u201c{_cell(rule.sentence)}\u201d |" for rule in ENFORCED
    ]
    return "\n| what is broken | found as | the specification |\n|---|---|---|\n" + "\n".join(rows) + "\n\n"


def unsupported_table() -> str:
    """Return the unsupported features and how they are reported, as a Markdown table."""
    rows = [f"| {_cell(entry.what)} | {_cell(entry.said)} |" for entry in UNSUPPORTED]
    return "\n| what | how it is reported |\n|---|---|\n" + "\n".join(rows) + "\n\n"


def divergence_table() -> str:
    """Return the divergences that the differential test exempts, as a Markdown table.

    Examples
    --------
    >>> divergence_table().count("underscore") > 0
    True
    """
    rows = []
    for entry in DIVERGENCES:
        codes, kinds = ", ".join(f"`{code}`" for code in entry.codes), ", ".join(entry.types)
        about = _cell(f"`{entry.pattern}`" if entry.pattern else "empty")
        given = "" if entry.given == ".*" else _cell(f", where `{entry.given}`")
        rows.append(
            f"| {entry.name} | {entry.found_by}: {codes} | {kinds}{given}: {about} "
            f"| {entry.section}: \u201c{_cell(entry.sentence)}\u201d | {_cell(entry.reason)} |"
        )
    head = "| name | who finds it | in what | the specification | who is right, and why |\n|---|---|---|---|---|\n"
    return "\n" + head + "\n".join(rows) + "\n\n"
