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
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from readouts.datapackage.schema.spatial import geojson_problem, is_number, topojson_problem
from readouts.datapackage.schema.temporal_types import TEMPORAL_TYPES, strptime_pattern, year_text
from readouts.datapackage.schema.type_definition import BOUNDS, Mismatch, TooLarge, Type, matched
from readouts.datapackage.strict_json import DuplicateKeyError, load_unique

if TYPE_CHECKING:
    from readouts.datapackage.schema.model import Field

__all__ = ["TYPES", "Mismatch", "TooLarge", "Type", "strptime_pattern", "year_text"]

_DIGITS = "[0-9]"
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


def _string(field: Field, text: str) -> str:
    if field.format == "uri" and not matched(_URI, text):
        raise Mismatch("an address with its scheme, such as https://example.org/page")
    if field.format == "email" and _EMAIL.fullmatch(text) is None:
        raise Mismatch("an e-mail address")
    if field.format == "uuid" and not matched(_UUID, text):
        raise Mismatch("a UUID, such as 123e4567-e89b-12d3-a456-426614174000")
    if field.format == "binary":
        try:
            base64.b64decode(text.encode("ascii"), validate=True)
        except ValueError:
            raise Mismatch("bytes in base64") from None
    return text


def _string_surely(field: Field) -> str | None:
    return {"uri": _URI, "uuid": _UUID, "binary": _BASE64, "email": _EMAIL.pattern}.get(field.format)


_META = frozenset("\\.+*?()|[]{}^$#&-~ ")
"""Characters with a meaning in a pattern."""


def _escaped(characters: str) -> str:
    # Of others, the engines of patterns don't take the same for escaped.
    return "".join(f"\\{character}" if character in _META else character for character in characters)


def _digits(field: Field) -> str:
    """Return the pattern of digits, in groups where the field groups them."""
    return f"{_DIGITS}+(?:{_escaped(field.group_char)}{_DIGITS}+)*" if field.group_char else f"{_DIGITS}+"


def _bare(field: Field, number: str, text: str) -> str | None:
    """Return the number of a text, without what the field allows around and between its digits; None if it has none."""
    # A plus that stands alone says nothing; a minus might be the sign of what follows.
    found = re.fullmatch(number if field.bare_number else f"[^0-9-]*?({number})[^0-9]*", text, re.ASCII)
    bare = found and found[found.lastindex or 0]
    return bare.replace(field.group_char, "") if bare and field.group_char else bare


def _integer(field: Field, text: str) -> int | Decimal:
    if field.canonical:
        number = text if _CANONICAL.fullmatch(text) else None
        if number is not None and len(number) > _LONGEST_INTEGER:
            raise Mismatch(f"a whole number of at most {_LONGEST_INTEGER} digits")
    else:
        number = _bare(field, f"[+-]?{_digits(field)}", text)
    if number is None:
        raise Mismatch("a whole number in digits")
    # Python refuses to convert very long texts to int, and would take long; a Decimal compares with numbers as well.
    return int(number) if len(number) < 4000 else Decimal(number)


def _integer_surely(field: Field) -> str | None:
    if field.canonical:
        return "-?(?:0|[1-9][0-9]{0,16})"
    return f"[+-]?{_DIGITS}{{1,18}}" if field.bare_number and not field.group_char else None


_SPECIAL = frozenset(["nan", "inf", "-inf"])


def _number(field: Field, text: str) -> Decimal:
    if text.lower() in _SPECIAL:
        return Decimal(text)
    point, digits = _escaped(field.decimal_char), _digits(field)
    form = f"[+-]?(?:{digits}(?:{point}{_DIGITS}*)?|{point}{_DIGITS}+)(?:[eE][+-]?{_DIGITS}+)?"
    number = _bare(field, form, text)
    if number is None:
        raise Mismatch(f"a number such as 1234{field.decimal_char}5" if field.decimal_char != "." else "a number")
    try:
        return Decimal(number.replace(field.decimal_char, "."))
    except ArithmeticError:
        raise TooLarge("a number whose exponent can be computed with") from None


def _number_surely(field: Field) -> str | None:
    if not field.bare_number or field.group_char or field.decimal_char != ".":
        return None
    # Few enough digits to be exact as a float of 64 bits, so that bounds hold as they do for decimals.
    return r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,6})?"


def _boolean(field: Field, text: str) -> bool:
    if text in field.true_values:
        return True
    if text in field.false_values:
        return False
    if field.true_values == ("true",) and field.false_values == ("false",):
        raise Mismatch("true or false")
    raise Mismatch(f"one of {', '.join((*field.true_values, *field.false_values))}")


def _list(field: Field, text: str) -> list[Any]:
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


def _list_surely(field: Field) -> str | None:
    delimiter, of_texts = _escaped(field.delimiter), field.item_type in {None, "string"}
    if len(field.delimiter) != 1 or (not of_texts and (field.delimiter.isalnum() or field.delimiter in "+-.:")):
        # A separator may be inside an item.
        return None
    item: str | None = f"[^{delimiter}]{'+' if field.canonical else '*'}"
    if not of_texts:
        item = TYPES[field.item.type].surely(field.item)
    least, most = field.constraints.min_length or 1, field.constraints.max_length
    if item is None or (most is not None and not least <= most <= _MOST_COUNTED) or least > _MOST_COUNTED:
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


def _geopoint(field: Field, text: str) -> tuple[Decimal, Decimal]:
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
        if not all(matched(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?", part) for part in parts):
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


def _geojson(field: Field, text: str) -> Any:
    value = _json(text, dict, "an object in JSON")
    problem = topojson_problem(value) if field.format == "topojson" else geojson_problem(value)
    if problem is not None:
        raise Mismatch(problem)
    return value


_LENGTHS = frozenset(["minLength", "maxLength"])

TYPES: dict[str, Type] = {
    "string": Type(
        _string, _string_surely, ("default", "email", "uri", "binary", "uuid"), constraints=_LENGTHS | {"pattern"}
    ),
    "number": Type(_number, _number_surely, constraints=BOUNDS),
    "integer": Type(_integer, _integer_surely, constraints=BOUNDS),
    "boolean": Type(_boolean),
    **TEMPORAL_TYPES,
    "list": Type(_list, _list_surely, constraints=_LENGTHS),
    "array": Type(lambda _, text: _json(text, list, "an array in JSON"), constraints=_LENGTHS | {"jsonSchema"}),
    "object": Type(lambda _, text: _json(text, dict, "an object in JSON"), constraints=_LENGTHS | {"jsonSchema"}),
    "geopoint": Type(_geopoint, formats=("default", "array", "object")),
    "geojson": Type(_geojson, formats=("default", "topojson")),
    "any": Type(lambda _, text: text),
}
