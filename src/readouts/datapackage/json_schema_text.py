"""What a JSON Schema expects and what was found instead, as sentences made of the schema itself."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from readouts.datapackage.words import as_json, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["ValuePath", "expected", "found_text", "place_in", "problems"]

ValuePath = list[str | int]
"""The way from a value to a part of it: names of properties, and positions in lists from 0."""

_TYPES = {
    "string": ("a text", "texts"),
    "integer": ("a whole number", "whole numbers"),
    "number": ("a number", "numbers"),
    "boolean": ("true or false", "values that are true or false"),
    "null": ("null", "nulls"),
    "array": ("a list", "lists"),
    "object": ("an object", "objects"),
}
_FORMATS = {
    "uri": ("an address such as https://example.org/page", "addresses"),
    "email": ("an e-mail address", "e-mail addresses"),
    "date-time": ("a date with its time and zone, such as 2026-03-01T10:00:00Z", "dates with their times"),
}
_PATTERNS = {
    r"^((?=[^./~])(?!file:)((?!\/\.\.\/)(?!\\)(?!:\/\/).)*|(http|ftp)s?:\/\/.*)$": (
        "a relative path such as data/lakes.csv or an address",
        "relative paths or addresses",
        " (a path has neither '..' nor a backslash, and begins with none of '.', '/' and '~')",
    ),
    "^([-a-zA-Z0-9._])+$": ("a name of ASCII letters, digits, '-', '.' and '_'", "names", ""),
    "^(.+)/(.+)$": ("a media type such as text/csv", "media types", ""),
    "^([^:]+:[a-fA-F0-9]+|[a-fA-F0-9]{32}|)$": (
        "a hash in hexadecimal digits",
        "hashes",
        " (of MD5, or of the algorithm that is named before a colon)",
    ),
}
"""Patterns of the official profiles: one, many, and what else to say of them; any other is shown as it is."""
_IN_WORDS = frozenset(
    ["type", "enum", "pattern", "format", "required", "minItems", "minProperties", "minimum", "uniqueItems"]
) | {"oneOf", "anyOf"}
"""Keywords that `expected` puts into words."""


_MOST_NAMES = 8


def problems(validator: Any, schema: Mapping[str, Any], value: Any) -> Iterator[tuple[ValuePath, str]]:
    """Yield where a value departs from a JSON Schema: the way to the place, and what is expected and found there.

    Parameters
    ----------
    validator
        What `jsonschema_rs` makes of the schema.
    schema
        The schema.
    value
        The value.

    Examples
    --------
    >>> import jsonschema_rs
    >>> schema = {"properties": {"tags": {"type": "array", "items": {"type": "string"}}}}
    >>> list(problems(jsonschema_rs.validator_for(schema), schema, {"tags": ["deep", 7]}))
    [(['tags', 1], 'expected a text; found 7')]
    """
    said = set()
    for error in validator.iter_errors(value):
        for path, sentence in _explained(schema, error):
            if (key := (tuple(path), sentence)) not in said:
                said.add(key)
                yield path, sentence


def _explained(schema: Mapping[str, Any], error: Any) -> Iterator[tuple[ValuePath, str]]:
    """Yield the sentences of an error; of alternatives, those of the one that the value comes closest to."""
    place = list(error.instance_path)
    fitting = [
        branch
        for branch in getattr(error.kind, "context", ())
        if branch and not any(each.kind.name == "type" and len(each.instance_path) == len(place) for each in branch)
    ]
    distances = [(-min(len(each.instance_path) for each in branch), len(branch)) for branch in fitting]
    closest = [branch for branch, distance in zip(fitting, distances, strict=True) if distance == min(distances)]
    errors = [each for branch in closest for each in branch]
    if len(closest) == 1:
        for each in errors:
            yield from _explained(schema, each)
    elif len(closest) > 1 and len({tuple(each.instance_path) for each in errors} - {tuple(place)}) == 1:
        wanted = ", or ".join(dict.fromkeys(_wanted(schema, each) for each in errors))
        yield list(errors[0].instance_path), f"expected {wanted}; found {found_text(errors[0].instance)}"
    else:
        yield place, f"expected {_wanted(schema, error)}; found {found_text(error.instance)}"


def _wanted(schema: Mapping[str, Any], error: Any) -> str:
    """Return what the part of a schema that an error is about expects."""
    part: Any = schema
    *way, keyword = error.schema_path
    try:
        for name in way:
            part = part[name]
        limit = part[keyword]
    except (KeyError, IndexError, TypeError):
        return f"a value that `{keyword}` of the schema allows"
    if keyword == "pattern" and limit in _PATTERNS:
        return expected(part) + _PATTERNS[limit][2]
    return expected(part) if keyword in _IN_WORDS else f"a value that `{keyword}`: {as_json(limit)} allows"


def expected(schema: Mapping[str, Any], *, many: bool = False) -> str:
    """Return what a JSON Schema expects, of one value or of many.

    Examples
    --------
    >>> expected({"oneOf": [{"type": "array", "minItems": 1, "items": {"type": "string"}}, {"type": "string"}]})
    'a list of at least one text, or a text'
    >>> expected({"anyOf": [{"required": ["name"]}, {"required": ["path"]}], "type": "object"}, many=True)
    'objects with `name` or `path`'
    """
    options = [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
    if typed := [option for option in options if "type" in option or "enum" in option]:
        return ", or ".join(dict.fromkeys(expected(option, many=many) for option in typed))
    of_objects = {"properties", "minProperties", "required"}.intersection(chain(schema, *options))
    kind = schema.get("type", "object" if of_objects else None)
    if isinstance(kind, list):
        return " or ".join(expected({**schema, "type": each}, many=many) for each in kind)
    if "enum" in schema:
        values = ", ".join(map(as_json, schema["enum"]))
        return values if len(schema["enum"]) == 1 else f"one of {values}"
    if "pattern" in schema:
        return _PATTERNS.get(schema["pattern"], (f"a text of the form {schema['pattern']}",) * 2)[many]
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]][many]
    word = _TYPES.get(str(kind), ("a value", "values"))[many]
    if kind == "array":
        return word + _of_items(schema)
    if kind == "object":
        return word + _with_properties(schema, options)
    return f"{word} of at least {schema['minimum']}" if "minimum" in schema else word


def _of_items(schema: Mapping[str, Any]) -> str:
    items, least = schema.get("items"), schema.get("minItems", 0)
    each = expected(items, many=least != 1) if isinstance(items, dict) else "value" if least == 1 else "values"
    number = f"at least {'one' if least == 1 else least} " if least else ""
    return f" of {number}{each.removeprefix('a ').removeprefix('an ')}{', each once' * bool(schema.get('uniqueItems'))}"


def _with_properties(schema: Mapping[str, Any], options: Sequence[Mapping[str, Any]]) -> str:
    """Return which properties an object must have: those that all alternatives require, and what is left of each."""
    sets = [option["required"] for option in options if "required" in option]
    shared = [name for name in chain(*sets) if all(name in each for each in sets)]
    always = dict.fromkeys([*schema.get("required", ()), *shared])
    left = [joined([f"`{name}`" for name in each if name not in always]) for each in sets]
    needed = [f"`{name}`" for name in always]
    if left and all(left):
        needed.append("either " * ("oneOf" in schema) + " or ".join(left))
    if needed:
        return f" with {joined(needed)}"
    least = schema.get("minProperties", 0)
    return "" if not least else f" with at least {'one property' if least == 1 else f'{least} properties'}"


def found_text(value: Any) -> str:
    """Return what stands in a place: of an object its properties, of anything else the value.

    Examples
    --------
    >>> found_text({"title": "CC0"}), found_text([]), found_text("x")
    ('an object with `title`', 'an empty list', "'x'")
    """
    if isinstance(value, dict) and value:
        names = [f"`{name}`" for name in value]
        return (
            f"an object with {joined(names[:8])}" if len(names) <= 8 else f"an object with {', '.join(names[:8])}, ..."
        )
    return {"[]": "an empty list", "{}": "an empty object", "''": "an empty text"}.get(as_json(value), as_json(value))


def place_in(path: Sequence[str | int]) -> str:
    """Return the way to a part of a value in words; positions count from 1.

    Examples
    --------
    >>> place_in(["schema", "foreignKeys", 0, "reference", "fields"])
    '`schema.foreignKeys`, item 1, `reference.fields`'
    """
    words: list[str] = []
    for part in path:
        if isinstance(part, int):
            words.append(f"item {part + 1}")
        elif words and words[-1].startswith("`"):
            words[-1] = f"{words[-1][:-1]}.{part}`"
        else:
            words.append(f"`{part}`")
    return ", ".join(words)
