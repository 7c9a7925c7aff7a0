"""Where our verdict and that of frictionless differ, and which sentence of the specification decides.

The data is what the differential test exempts, entry by entry, and what `docs/conformance.md` shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

__all__ = ["DIVERGENCES", "Divergence"]

OURS, THEIRS = "readouts", "frictionless"


@dataclass(frozen=True)
class Divergence:
    """One kind of finding that only one of the two makes.

    Attributes
    ----------
    name
        Stable name.
    found_by
        Which of the two finds something: `readouts` or `frictionless`.
    codes
        The codes of what it finds.
    types
        The types of the fields concerned; `header`, `row` and `key` for what is not a single cell.
    pattern
        A regular expression that the cell matches as a whole; for what is not a cell, what the finding is about.
    section
        Where the sentence is in the specification.
    sentence
        The sentence, shortened.
    reason
        Who is right, and why.
    given
        A regular expression that the properties of the field, table or key match.
    """

    name: str
    found_by: str
    codes: tuple[str, ...]
    types: tuple[str, ...]
    pattern: str
    section: str
    sentence: str
    reason: str
    given: str = ".*"

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        return re.compile(self.given, re.DOTALL), re.compile(self.pattern, re.DOTALL)

    def exempts(self, found_by: str, code: str, kind: str, given: str, value: str) -> bool:
        """Return whether it speaks of a finding.

        Examples
        --------
        >>> DIVERGENCES[0].exempts("readouts", "type-error", "integer", "", "1_000")
        True
        """
        return (
            found_by == self.found_by
            and code in self.codes
            and kind in self.types
            and self._patterns[0].fullmatch(given) is not None
            and self._patterns[1].fullmatch(value) is not None
        )


def _cells(  # noqa: PLR0917 - the columns of a table
    name: str, types: str, pattern: str, section: str, sentence: str, reason: str, given: str = ".*"
) -> Divergence:
    """Return what we refuse and frictionless takes."""
    return Divergence(name, OURS, ("type-error",), tuple(types.split()), pattern, section, sentence, reason, given)


def _taken(  # noqa: PLR0917 - the columns of a table
    name: str, types: str, pattern: str, section: str, sentence: str, reason: str, given: str = ".*"
) -> Divergence:
    """Return what frictionless refuses and we take."""
    return Divergence(name, THEIRS, ("type-error",), tuple(types.split()), pattern, section, sentence, reason, given)


_DECIMAL = "a non-empty finite-length sequence of decimal digits separated by a period"
_WHOLE = "Integer values are indicated in the standard way for any valid integer"
_NUMBERS = "integer number list geopoint"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
_DURATION = "We follow the definition of XML Schema duration datatype directly"

DIVERGENCES: tuple[Divergence, ...] = (
    _cells(
        "underscore",
        f"{_NUMBERS} year yearmonth",
        r".*_.*",
        "number",
        _DECIMAL,
        "An underscore is not a digit; Python's own readers of numbers skip it, `Decimal` wherever it appears.",
    ),
    _cells(
        "other digits",
        f"{_NUMBERS} date time datetime year yearmonth duration",
        r".*(?![0-9])\d.*",
        "number",
        "one or more decimal digits (0-9)",
        "Digits of other scripts are not among these ten.",
    ),
    _cells(
        "point of texts",
        "geopoint",
        r"[\[{].*",
        "geopoint",
        "where each item is a number",
        "A number in quotes is a text, and true is none either.",
    ),
    _cells(
        "unpadded date",
        "date list",
        r"(?:.*,)?[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:,.*)?",
        "date",
        "The lexical representation MUST be yyyy-mm-dd",
        "Month and day have two digits.",
    ),
    _cells(
        "blanks around a number",
        "integer number list geopoint year yearmonth",
        r"(?:.*[,-])?\s.*|.*\s(?:[,-].*)?",
        "number",
        _DECIMAL,
        "A blank is not part of a number, and only `bareNumber: false` lets it be stripped; "
        "a geopoint has one, after its comma.",
    ),
    _cells(
        "special values",
        "number list geopoint",
        r"(?i)(?:.*[,])?\s*(?:[+-]?(?:inf(?:inity)?|s?nan[0-9]*))\s*(?:,.*)?",
        "number",
        "The following special string values are permitted: NaN, INF, -INF",
        "`Infinity`, `+INF`, `-NaN` and `sNaN` are not among the three.",
    ),
    _cells(
        "stray group characters",
        "number",
        r".*[.,].*",
        "number",
        "groupChar: A string whose value is used to group digits within the number",
        "A group character is between digits, not before, after or within the exponent.",
        r".*groupChar=.*",
    ),
    _cells(
        "clock with more than seconds",
        "time list",
        rf".*{_CLOCK}(?:[.,][0-9]+)?(?:[Zz]|[+-][0-9:]+)?(?:,.*)?",
        "time",
        "The lexical representation MUST be hh:mm:ss",
        "It has neither a fraction nor a zone, and a day has the hours 00 to 23.",
    ),
    _cells(
        "other forms of ISO 8601",
        "datetime list",
        r"(?:.*,)?[0-9]{4}-?(?:[0-9]{2}-?[0-9]{2}|W[0-9]{2}-?[0-9]|[0-9]{3}).[0-9].*",
        "datetime",
        "The lexical representation MUST be in a form defined by XML Schema",
        "XML Schema has the separator T, a full stop before the fraction, and zones as Z or +hh:mm, at most 14 hours.",
        r"(?!.*format=).*(?:itemType=datetime.*)?",
    ),
    _cells(
        "year of other length",
        "year yearmonth",
        r"[+-]?[0-9]{1,9}(?:-.*)?",
        "year",
        "A calendar year as per XMLSchema gYear",
        "It has four digits or more, no plus, and there is no year 0000; a month has two digits.",
    ),
    _cells(
        "durations of ISO 8601 only",
        "duration",
        r"[+-]?P.*",
        "duration",
        _DURATION,
        "XML Schema has no weeks, no other form, no plus, no fraction but of seconds, and something after P and T.",
    ),
    _cells(
        "constants that are not JSON",
        "array object geojson geopoint",
        r".*(?:NaN|Infinity).*",
        "array",
        "The field contains a valid JSON array",
        "RFC 8259 has neither NaN nor Infinity; Python's reader does.",
    ),
    _cells(
        "duplicate keys",
        "array object geojson geopoint",
        r'.*("(?:[^"\\]|\\.)*")\s*:.*\1\s*:.*',
        "object",
        "The field contains a valid JSON object",
        "RFC 8259, section 4: all readers agree only if each name occurs once; Python keeps the last.",
    ),
    _cells(
        "other forms of UUID",
        "string",
        r"(?i)[^-]*[0-9a-f-]{32,36}[^-]*",
        "string",
        "A string that is a uuid",
        "RFC 4122, section 3, has one form: digits in groups of 8, 4, 4, 4 and 12.",
        r".*format=uuid.*",
    ),
    _cells(
        "broken base64",
        "string",
        r".*[^A-Za-z0-9+/].*",
        "string",
        "A base64 encoded string representing binary data",
        "RFC 4648: only its 64 characters, padded at the end; frictionless skips all others.",
        r".*format=binary.*",
    ),
    _cells(
        "broken addresses",
        "string",
        r".*[^A-Za-z0-9._~:/?@!$&'()*+,;=-].*",
        "string",
        "A valid URI",
        "RFC 3986 has no blanks, no letters beyond ASCII and no stray per cent sign; frictionless looks at the scheme.",
        r".*format=uri.*",
    ),
    _cells(
        "e-mail addresses",
        "string",
        r".*[^\x00-\x7f].*",
        "string",
        "A valid email address",
        "RFC 5321 without its extension for other scripts: ASCII only.",
        r".*format=email.*",
    ),
    _cells(
        "rings that are open",
        "geojson",
        r".*Polygon.*",
        "geojson",
        "A geojson object as per the GeoJSON spec",
        "RFC 7946, 3.1.6: a ring is closed and has four positions or more.",
    ),
    Divergence(
        "alternatives of a pattern",
        OURS,
        ("constraint-error",),
        ("string",),
        ".*",
        "Field Constraints, pattern",
        "The values of this field MUST conform to the standard XML Schema regular expression syntax",
        "There, a pattern matches the whole value; frictionless ties only its first and last alternative to an end.",
        r".*'pattern': '[^']*\|.*",
    ),
    Divergence(
        "numbers written out",
        OURS,
        ("constraint-error",),
        ("string",),
        r".*[^\x00-\x7f].*",
        "Field Constraints, pattern",
        "The values of this field MUST conform to the standard XML Schema regular expression syntax",
        "There, superscripts and fractions are word characters, as are symbols such as +, and _ is none. We keep to "
        "Unicode's (UTS 18): letters, marks, decimal digits, and what joins words.",
        r".*'pattern': '[^']*\\\\[wW].*",
    ),
    Divergence(
        "marks within words",
        THEIRS,
        ("constraint-error",),
        ("string",),
        r".*[^\x00-\x7f].*",
        "Field Constraints, pattern",
        "The values of this field MUST conform to the standard XML Schema regular expression syntax",
        "A letter may be written with a mark of its own, which is part of a word; Python's re takes it for none.",
        r".*'pattern': '[^']*\\\\[wW].*",
    ),
    _taken(
        "special values next to others",
        "number",
        r"(?i)-?inf|nan",
        "number",
        "case need not be respected",
        "The special values are numbers with `bareNumber: false` and another `decimalChar` too.",
        r".*(?:bareNumber=False|decimalChar=).*",
    ),
    _taken(
        "groups of integers",
        "integer",
        r".*,.*",
        "integer",
        "groupChar: A string whose value is used to group digits within the integer",
        "Version 2 has it for integers as well.",
        r".*groupChar=,.*",
    ),
    _taken(
        "years of XML Schema",
        "year yearmonth",
        r"-?[0-9]{4,9}(?:-[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
        "year",
        "A calendar year as per XMLSchema gYear",
        "It may be negative, longer than four digits, and have a zone.",
    ),
    _taken(
        "empty geometry",
        "geojson",
        r".*\"coordinates\": \[\].*",
        "geojson",
        "A geojson object as per the GeoJSON spec",
        "RFC 7946, 3.1: the list of coordinates may be empty.",
    ),
    Divergence(
        "key without value",
        OURS,
        ("constraint-error",),
        ("integer", "number", "string", "date"),
        "",
        "primaryKey",
        "equivalent to adding required: true to their constraints",
        "Each empty part of a primary key is a finding; frictionless has one if all are empty.",
        ".*primaryKey",
    ),
    Divergence(
        "key without value, reported for the row",
        THEIRS,
        ("primary-key",),
        ("key",),
        r"\|*|\|.+|.+\|",
        "primaryKey",
        "equivalent to adding required: true to their constraints",
        "A key that lacks a part is reported as incomplete, not as a duplicate.",
    ),
    Divergence(
        "unique keys",
        OURS,
        ("unique-error",),
        ("key",),
        ".*",
        "uniqueKeys",
        "a field or a set of fields that are required to have unique logical values in each row",
        "frictionless doesn't look at them.",
        "uniqueKeys",
    ),
    Divergence(
        "references with a part missing",
        THEIRS,
        ("foreign-key",),
        ("key",),
        r"\|.+|.+\|",
        "foreignKeys",
        "directly modelled on the concept of foreign keys in SQL",
        "In SQL, a reference of which a part is null refers to nothing.",
    ),
    Divergence(
        "row of empty cells",
        THEIRS,
        ("blank-row", "missing-cell"),
        ("row",),
        r"\|.*",
        "missingValues",
        "empty strings will be converted to null",
        "A row of empty cells is one of missing values; only an empty line is none.",
    ),
    Divergence(
        "row of empty cells and more",
        OURS,
        ("extra-cell", "missing-cell"),
        ("row",),
        r"\|.*",
        "fields",
        "fields in the data source MUST completely match the elements in the fields array",
        "A row that begins with empty cells may still have too many or too few of them.",
    ),
    Divergence(
        "columns out of order, theirs",
        THEIRS,
        ("incorrect-label", "extra-label", "missing-label", "duplicate-label"),
        ("header",),
        ".*",
        "fieldsMatch",
        "exact: Fields MUST be mapped by their order",
        "Both refuse the header; each names its columns in another way.",
        "exact",
    ),
    Divergence(
        "columns out of order, ours",
        OURS,
        ("incorrect-label", "extra-label", "missing-label", "duplicate-label"),
        ("header",),
        ".*",
        "fieldsMatch",
        "exact: Fields MUST be mapped by their order",
        "Both refuse the header; each names its columns in another way.",
        "exact",
    ),
)
"""In this order: the first that speaks of a finding exempts it."""
