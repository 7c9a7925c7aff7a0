"""The types of Table Schema v2: how a cell's text becomes a value, and the lexical form that a good one has.

Every type is an entry of `TYPES`. Its `read` is the authority on one cell; its `surely` is a regular expression that
only good cells match and that nearly all good cells match, so that whole columns can be checked at once and only
what is left has to be read one by one. Such expressions are written so that Python, Rust and Java read them alike.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from readouts.datapackage.schema.duration import DURATION, Duration, read_duration
from readouts.datapackage.schema.spatial import geojson_problem, is_number, topojson_problem
from readouts.datapackage.strict_json import DuplicateKeyError, load_unique

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TYPES", "Mismatch", "TooLarge", "Type", "strptime_pattern", "year_text"]

_DIGITS = "[0-9]"
_DAY = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LONG_YEAR = f"(?:{_YEAR}|[1-9][0-9]{{4,8}})"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_MIDNIGHT = re.compile(r"T24:00:00(?=$|\.0*(?:$|Z|[+-])|Z|[+-])")
"""The end of a day, as XML Schema may write it."""
_ZONE = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
_URI_PART = "(?:[A-Za-z0-9._~:/?@!$&'()*+,;=\\[\\]-]|%[0-9A-Fa-f]{2})*"
_URI = f"[A-Za-z][A-Za-z0-9+.-]*:{_URI_PART}(?:#{_URI_PART})?"
"""The characters that RFC 3986 allows: a URI, not an IRI."""
_BASE64 = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_CANONICAL = re.compile("-?(?:0|[1-9][0-9]*)", re.ASCII)
_LONGEST_INTEGER = 18
"""Digits that every reader's 64 bits hold."""
_MOST_COUNTED = 50
"""Items of a list that a pattern counts."""
_DEEPEST = 100
"""How deep JSON in a cell may be."""
_JSON_TEXT = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


class Mismatch(ValueError):  # noqa: N818 - it is a finding about a cell, not a failure of the program
    """A text is not a value of a type; the message says what was expected, and `code` is that of the finding."""

    code = "type-error"


class TooLarge(Mismatch):
    """A text may be a value of a type, but of more than is read here."""

    code = "resource-limit"


class _Limits(Protocol):
    """What is read of the constraints of a field."""

    @property
    def min_length(self) -> int | None: ...
    @property
    def max_length(self) -> int | None: ...
    @property
    def bounds(self) -> tuple[Any, Any, Any, Any]: ...


class _Field(Protocol):
    """What is read of a field."""

    @property
    def format(self) -> str: ...
    @property
    def delimiter(self) -> str: ...
    @property
    def item_type(self) -> str | None: ...
    @property
    def item(self) -> _Field: ...
    @property
    def decimal_char(self) -> str: ...
    @property
    def group_char(self) -> str: ...
    @property
    def bare_number(self) -> bool: ...
    @property
    def true_values(self) -> tuple[str, ...]: ...
    @property
    def false_values(self) -> tuple[str, ...]: ...
    @property
    def constraints(self) -> _Limits: ...
    @property
    def canonical(self) -> bool: ...
    def read(self, text: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Type:
    """One type: its formats, how a cell is read, and what its constraints may be.

    Attributes
    ----------
    read
        Gives the value of a cell's text, or raises `Mismatch`.
    surely
        Gives a regular expression for whole cells that are certainly good, or None where there is no short one.
    formats
        The formats it has; one with `%` is a pattern of strptime where `patterns` says so.
    constraints
        The constraints that apply to it, beside `required`, `unique` and `enum`.
    ordered
        Whether good cells that match `surely` sort as their values do.
    """

    read: Callable[[_Field, str], Any]
    surely: Callable[[_Field], str | None]
    formats: tuple[str, ...] = ("default",)
    patterns: bool = False
    constraints: frozenset[str] = frozenset()
    ordered: bool = False


def _matched(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.ASCII) is not None


def _string(field: _Field, text: str) -> str:
    if field.format == "uri" and not _matched(_URI, text):
        raise Mismatch("an address with its scheme, such as https://example.org/page")
    if field.format == "email" and _EMAIL.fullmatch(text) is None:
        raise Mismatch("an e-mail address")
    if field.format == "uuid" and not _matched(_UUID, text):
        raise Mismatch("a UUID, such as 123e4567-e89b-12d3-a456-426614174000")
    if field.format == "binary":
        try:
            base64.b64decode(text.encode("ascii"), validate=True)
        except ValueError:
            raise Mismatch("bytes in base64") from None
    return text


def _string_surely(field: _Field) -> str | None:
    return {"uri": _URI, "uuid": _UUID, "binary": _BASE64, "email": _EMAIL.pattern}.get(field.format)


_META = frozenset("\\.+*?()|[]{}^$#&-~ ")
"""What means something in a pattern."""


def _escaped(characters: str) -> str:
    # Of others, the engines of patterns don't take the same for escaped.
    return "".join(f"\\{character}" if character in _META else character for character in characters)


def _digits(field: _Field) -> str:
    """Return the pattern of digits, in groups where the field groups them."""
    return f"{_DIGITS}+(?:{_escaped(field.group_char)}{_DIGITS}+)*" if field.group_char else f"{_DIGITS}+"


def _dressed(field: _Field, number: str) -> str:
    """Return the pattern of a number, with what may stand around it where the field allows that."""
    if field.bare_number:
        return number
    # A plus that stands alone says nothing; a minus might be the sign of what follows.
    return f"[^0-9-]*?({number})[^0-9]*"


def _integer(field: _Field, text: str) -> int | Decimal:
    if field.canonical:
        found = _CANONICAL.fullmatch(text)
        if found is not None and len(text) > _LONGEST_INTEGER:
            raise Mismatch(f"a whole number of at most {_LONGEST_INTEGER} digits")
    else:
        found = re.fullmatch(_dressed(field, f"[+-]?{_digits(field)}"), text, re.ASCII)
    if found is None:
        raise Mismatch("a whole number in digits")
    number = found[found.lastindex or 0]
    if field.group_char:
        number = number.replace(field.group_char, "")
    # Python refuses to convert very long texts to int, and would take long; a Decimal compares with numbers as well.
    return int(number) if len(number) < 4000 else Decimal(number)


def _integer_surely(field: _Field) -> str | None:
    if field.canonical:
        return "-?(?:0|[1-9][0-9]{0,16})"
    return f"[+-]?{_DIGITS}{{1,18}}" if field.bare_number and not field.group_char else None


_SPECIAL = frozenset(["nan", "inf", "-inf"])


def _number(field: _Field, text: str) -> Decimal:
    if text.lower() in _SPECIAL:
        return Decimal(text)
    point, digits = _escaped(field.decimal_char), _digits(field)
    number = f"[+-]?(?:{digits}(?:{point}{_DIGITS}*)?|{point}{_DIGITS}+)(?:[eE][+-]?{_DIGITS}+)?"
    found = re.fullmatch(_dressed(field, number), text, re.ASCII)
    if found is None:
        raise Mismatch(f"a number such as 1234{field.decimal_char}5" if field.decimal_char != "." else "a number")
    number = found[found.lastindex or 0]
    if field.group_char:
        number = number.replace(field.group_char, "")
    try:
        return Decimal(number.replace(field.decimal_char, "."))
    except ArithmeticError:
        raise TooLarge("a number whose exponent can be computed with") from None


def _number_surely(field: _Field) -> str | None:
    if not field.bare_number or field.group_char or field.decimal_char != ".":
        return None
    # Few enough digits to be exact as a float of 64 bits, so that bounds hold as they do for decimals.
    return r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,6})?"


def _boolean(field: _Field, text: str) -> bool:
    if text in field.true_values:
        return True
    if text in field.false_values:
        return False
    if field.true_values == ("true",) and field.false_values == ("false",):
        raise Mismatch("true or false")
    raise Mismatch(f"one of {', '.join((*field.true_values, *field.false_values))}")


_NUMBERS = "%[GHIMSUVWYdfjmuwy]"
_DIRECTIVE = re.compile(rf"((?<={_NUMBERS}){_NUMBERS}|{_NUMBERS}(?={_NUMBERS}))|%(.)|\s+", re.DOTALL)
"""A directive of strptime among numbers that nothing separates, any other directive, or blanks."""
_IN_FULL = {
    "c": "%a %b %d %H:%M:%S %Y", "x": "%m/%d/%y", "X": "%H:%M:%S", "D": "%m/%d/%y", "F": "%Y-%m-%d", "R": "%H:%M",
    "T": "%H:%M:%S", "e": "%d", "h": "%b", "n": " ", "t": " ",
}  # fmt: skip
"""Directives of C that stand for others, in the locale of C."""
_ANY_SPELLING = {"f": "[0-9]+", "z": "(?:Z|[+-][0-9:.]+)", "Z": "(?:UTC|GMT)"}
"""Directives that no other one could contradict. Other names of zones would depend on the machine's."""


def strptime_pattern(form: str) -> str:
    """Return a pattern of strptime with each directive of C that Python lacks written out.

    Examples
    --------
    >>> strptime_pattern("%F %R")
    '%Y-%m-%d %H:%M'
    """
    return _DIRECTIVE.sub(lambda found: _IN_FULL.get(found[2] or "", found[0]), form)


def _by_pattern(field: _Field, text: str, what: str) -> datetime:
    form = strptime_pattern(field.format)
    mismatch = Mismatch(f"{what} in the form {field.format}")
    if not text.isascii():
        raise Mismatch(f"{mismatch}, in ASCII digits")
    try:
        value = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the pattern's
    except (ValueError, re.error):
        raise mismatch from None
    # strptime turns day 366 of a short year into a day of the next one, and believes every name of a weekday.
    literal = re.sub(r"([^\s\w%])", r"\\\1", form)
    spelled = _DIRECTIVE.sub(lambda found: _spelling(value, found), literal)
    if re.fullmatch(spelled, text, re.ASCII | re.IGNORECASE) is None:
        raise mismatch
    return value


def _spelling(value: datetime, found: re.Match[str]) -> str:
    """Return the pattern of what may stand for a directive, or for blanks, where this is the value."""
    directive = found[0].removeprefix("%")
    if found[1] is None and found[2] is None:
        return r"\s+"
    if directive in _ANY_SPELLING:
        return _ANY_SPELLING[directive]
    written = value.strftime(found[0])
    # A zero that leads a number may be left out, as in C, where something else separates it from other numbers.
    return f"[ 0]*{int(written)}" if written.isdigit() and found[1] is None else re.escape(written)


def _any_form(text: str, what: str) -> datetime:
    from dateutil import parser

    try:
        # A text without a zone has none; one with a name for it has the same everywhere, not this machine's.
        return parser.parse(text, default=datetime(2000, 1, 1), tzinfos=lambda _name, offset: offset)  # noqa: DTZ001
    except (ValueError, OverflowError, TypeError):
        raise Mismatch(f"{what} in some common form") from None


def _date(field: _Field, text: str) -> date:
    if field.format == "any":
        return _any_form(text, "a date").date()
    if field.format != "default":
        return _by_pattern(field, text, "a date of the calendar").date()
    if not _matched("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Mismatch("a date as YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Mismatch("a day that exists in the calendar") from None


def _date_surely(field: _Field) -> str | None:
    return f"{_YEAR}-{_DAY}" if field.format == "default" else None


def _zoned(value: Any) -> Any:
    """Return a time or datetime that can be compared with every other; one without a zone counts as UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _time(field: _Field, text: str) -> time:
    if field.format == "any":
        return time.fromisoformat(_any_form(text, "a time").time().isoformat()).replace(tzinfo=UTC)
    if field.format != "default":
        return _zoned(_by_pattern(field, text, "a time").timetz())  # type: ignore[no-any-return]
    if not _matched(_TIME, text):
        raise Mismatch("a time as hh:mm:ss")
    return _zoned(time.fromisoformat(text))  # type: ignore[no-any-return]


def _microseconds(text: str) -> str:
    """Return a time with the fraction that Python can hold."""
    return re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)


def _time_surely(field: _Field) -> str | None:
    return _TIME if field.format == "default" else None


def _datetime(field: _Field, text: str) -> datetime:
    if field.format == "any":
        return _zoned(_any_form(text, "a date with its time"))  # type: ignore[no-any-return]
    if field.format != "default":
        return _zoned(_by_pattern(field, text, "a date of the calendar with its time"))  # type: ignore[no-any-return]
    rest = rf"-[0-9]{{2}}-[0-9]{{2}}T(?:{_TIME}(?:\.[0-9]+)?|24:00:00(?:\.0+)?){_ZONE}?"
    if not _matched(f"[0-9]{{4}}{rest}", text):
        if _matched(f"-?{_LONG_YEAR}{rest}", text):
            raise TooLarge("a moment from the year 1 to 9999")
        raise Mismatch("a date with its time as YYYY-MM-DDThh:mm:ss, with or without a zone such as Z or +02:00")
    try:
        value: datetime = _zoned(datetime.fromisoformat(_microseconds(_MIDNIGHT.sub("T00:00:00", text))))
        return value + timedelta(days=1) if _MIDNIGHT.search(text) else value
    except OverflowError:
        raise TooLarge("a moment from the year 1 to 9999") from None
    except ValueError:
        raise Mismatch("a day that exists in the calendar") from None


def _datetime_surely(field: _Field) -> str | None:
    if field.format != "default":
        return None
    bounds = [str(bound) for bound in field.constraints.bounds if bound is not None]
    if bounds and not all(_matched(f"{_YEAR}-{_DAY}T{_TIME}Z", bound) for bound in bounds):
        return None
    return f"{_YEAR}-{_DAY}T{_TIME}Z" if bounds else f"{_YEAR}-{_DAY}T{_TIME}{_ZONE}?"


def _year(_field: _Field, text: str) -> int:
    found = re.fullmatch(f"(-?{_LONG_YEAR}){_ZONE}?", text, re.ASCII)
    if found is None:
        raise Mismatch("a year such as 2014 or -0044, in four digits or more; no calendar has a year 0000")
    return int(found[1])


def year_text(year: int) -> str:
    """Return a year as a cell has it.

    Examples
    --------
    >>> year_text(900), year_text(-44)
    ('0900', '-0044')
    """
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _yearmonth(_field: _Field, text: str) -> tuple[int, int]:
    found = re.fullmatch(f"(-?{_LONG_YEAR})-(0[1-9]|1[0-2]){_ZONE}?", text, re.ASCII)
    if found is None:
        raise Mismatch("a month as YYYY-MM")
    return int(found[1]), int(found[2])


def _duration(_field: _Field, text: str) -> Duration:
    value = read_duration(text)
    if value is None:
        raise Mismatch("a duration such as P1Y2M10DT2H30M")
    return value


def _list(field: _Field, text: str) -> list[Any]:
    items = text.split(field.delimiter)
    if field.canonical and not all(items):
        raise Mismatch(f"items separated by '{field.delimiter}', none of them empty")
    if field.item_type in {None, "string"}:
        return list(items)
    values = []
    for item in items:
        try:
            values.append(field.item.read(item))
        except Mismatch as mismatch:
            raise Mismatch(f"items separated by '{field.delimiter}', each {mismatch}") from None
    return values


def _list_surely(field: _Field) -> str | None:
    delimiter = _escaped(field.delimiter)
    if len(field.delimiter) != 1:
        return None
    if field.item_type not in {None, "string"} and (field.delimiter.isalnum() or field.delimiter in "+-.:"):
        # What stands between items may stand in one.
        return None
    if field.item_type in {None, "string"}:
        item: str | None = f"[^{delimiter}]{'+' if field.canonical else '*'}"
    else:
        item = TYPES[field.item_type].surely(field.item)
    if item is None:
        return None
    least, most = field.constraints.min_length or 1, field.constraints.max_length
    if (most is not None and not least <= most <= _MOST_COUNTED) or least > _MOST_COUNTED:
        return None
    more = f"{{{least - 1},{'' if most is None else most - 1}}}"
    return f"(?:{item})(?:{delimiter}(?:{item})){more}"


def _json(text: str, kind: type, what: str) -> Any:
    depth = deepest = 0
    for character in _JSON_TEXT.sub("", text) if len(text) > _DEEPEST else "":
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise TooLarge(f"{what} of at most {_DEEPEST} levels")
    try:
        value = load_unique(text, constants=False)
    except DuplicateKeyError:
        raise Mismatch(f"{what} with each key once") from None
    except json.JSONDecodeError:
        raise Mismatch(what) from None
    except ValueError:
        raise TooLarge(f"{what} with numbers of at most {sys.get_int_max_str_digits():,} digits") from None
    if not isinstance(value, kind):
        raise Mismatch(what)
    return value


def _array(_field: _Field, text: str) -> Any:
    return _json(text, list, "an array in JSON")


def _object(_field: _Field, text: str) -> Any:
    return _json(text, dict, "an object in JSON")


def _geopoint(field: _Field, text: str) -> tuple[Decimal, Decimal]:
    shapes = {
        "default": "a longitude and a latitude, such as 90.50, 45.50",
        "array": "a longitude and a latitude in JSON, such as [90.50, 45.50]",
        "object": 'a longitude and a latitude in JSON, such as {"lon": 90.50, "lat": 45.50}',
    }
    expected = shapes[field.format]
    if field.format == "default":
        parts: Any = text.split(",")
        # One blank after the comma, as the specification's own example has.
        parts = [parts[0], parts[1].removeprefix(" ")] if len(parts) == 2 else []
        if not all(_matched(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?", part) for part in parts):
            parts = []
    elif field.format == "array":
        parts = _json(text, list, expected)
    else:
        value = _json(text, dict, expected)
        parts = [value["lon"], value["lat"]] if set(value) == {"lon", "lat"} else []
    # JSON has numbers; a number in quotes is a text.
    if len(parts) != 2 or (field.format != "default" and not all(map(is_number, parts))):
        raise Mismatch(expected)
    longitude, latitude = (Decimal(str(part)) for part in parts)
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise Mismatch("a longitude from -180 to 180 and a latitude from -90 to 90")
    return longitude, latitude


def _geojson(field: _Field, text: str) -> Any:
    topo = field.format == "topojson"
    value = _json(text, dict, "an object in JSON")
    problem = topojson_problem(value) if topo else geojson_problem(value)
    if problem is not None:
        raise Mismatch(problem)
    return value


def _any(_field: _Field, text: str) -> str:
    return text


def _always(pattern: str) -> Callable[[_Field], str | None]:
    return lambda _field: pattern


def _never(_field: _Field) -> str | None:
    return None


_BOUNDS = frozenset(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"])
_LENGTHS = frozenset(["minLength", "maxLength"])

TYPES: dict[str, Type] = {
    "string": Type(
        _string,
        _string_surely,
        ("default", "email", "uri", "binary", "uuid"),
        constraints=_LENGTHS | {"pattern"},
    ),
    "number": Type(_number, _number_surely, constraints=_BOUNDS),
    "integer": Type(_integer, _integer_surely, constraints=_BOUNDS),
    "boolean": Type(_boolean, _never),
    "date": Type(_date, _date_surely, ("default", "any"), patterns=True, constraints=_BOUNDS, ordered=True),
    "time": Type(_time, _time_surely, ("default", "any"), patterns=True, constraints=_BOUNDS, ordered=True),
    "datetime": Type(_datetime, _datetime_surely, ("default", "any"), patterns=True, constraints=_BOUNDS, ordered=True),
    "year": Type(_year, _always(_YEAR), constraints=_BOUNDS, ordered=True),
    "yearmonth": Type(_yearmonth, _always(f"{_YEAR}-(?:0[1-9]|1[0-2])"), constraints=_BOUNDS, ordered=True),
    "duration": Type(_duration, _always(DURATION), constraints=_BOUNDS),
    "list": Type(_list, _list_surely, constraints=_LENGTHS),
    "array": Type(_array, _never, constraints=_LENGTHS | {"jsonSchema"}),
    "object": Type(_object, _never, constraints=_LENGTHS | {"jsonSchema"}),
    "geopoint": Type(_geopoint, _never, ("default", "array", "object")),
    "geojson": Type(_geojson, _never, ("default", "topojson")),
    "any": Type(_any, _never),
}
