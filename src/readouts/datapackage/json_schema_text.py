"""What a JSON Schema expects and what was found instead, as sentences made of the schema itself."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from readouts.datapackage.words import as_json, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = ["JsonSchema", "ValuePath", "expected", "found_text", "place_in"]

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
    "date": ("a date such as 2026-03-01", "dates"),
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
"""Patterns of the official profiles: one, many, and what else to say about them; any other is shown as it is."""
_UNFIT = frozenset(["type", "falseSchema"])
"""Kinds of errors of an alternative that takes no value like the one that is there."""
_MOST_NAMES = 8
_BASE = "schema:/"
"""What the address of a part begins with in a schema that has no address of its own."""


class JsonSchema:
    """A JSON Schema, ready to check values.

    Parameters
    ----------
    schema
        The schema.
    retrieve
        Gives another document that the schema refers to, by address.

    Raises
    ------
    ValueError
        It is not a JSON Schema.

    Examples
    --------
    >>> tags = {"properties": {"tags": {"type": "array", "items": {"type": "string"}}}}
    >>> list(JsonSchema(tags, {}.__getitem__).problems({"tags": ["deep", 7]}))
    [(['tags', 1], 'expected a text; found 7')]
    """

    def __init__(self, schema: Any, retrieve: Callable[[str], Any]) -> None:
        """Compile the schema."""
        import jsonschema_rs

        def kept(address: str) -> Any:
            held = retrieve(address.removeprefix(_BASE))
            if isinstance(held, dict):
                # `jsonschema_rs` fails where a document has references and another address than it is asked for by.
                held = {
                    name: part for name, part in held.items() if name not in {"$id", "id"} or "://" not in str(part)
                }
            self._documents[address] = held
            return held

        self._documents: dict[str, Any] = {_BASE: schema}
        self._parts: dict[str, Any] = {}
        self._validator = jsonschema_rs.validator_for(schema, retriever=kept, base_uri=_BASE)

    def problems(self, value: Any) -> Iterator[tuple[ValuePath, str]]:
        """Yield where a value departs from the schema: the way to the place, and what is expected and found there."""
        said = set()
        for error in self._validator.iter_errors(value):
            for path, sentence in self._explained(error):
                if (key := (tuple(path), sentence)) not in said:
                    said.add(key)
                    yield path, sentence

    def _explained(self, error: Any) -> Iterator[tuple[ValuePath, str]]:
        """Yield the sentences of an error; of alternatives, those of the one that the value comes closest to."""
        place = list(error.instance_path)
        fitting = [
            branch
            for branch in getattr(error.kind, "context", ())
            if branch and all(each.kind.name not in _UNFIT or len(each.instance_path) > len(place) for each in branch)
        ]
        # An alternative that is not meant for such a value (`not`) does not show what is wrong with it.
        fitting = [branch for branch in fitting if all(each.kind.name != "not" for each in branch)] or fitting
        distances = [(-min(len(each.instance_path) for each in branch), len(branch)) for branch in fitting]
        closest = [branch for branch, distance in zip(fitting, distances, strict=True) if distance == min(distances)]
        errors = [each for branch in closest for each in branch]
        if len(closest) == 1:
            for each in errors:
                yield from self._explained(each)
        elif len(closest) > 1 and len({tuple(each.instance_path) for each in errors} - {tuple(place)}) == 1:
            wanted = ", or ".join(dict.fromkeys(map(self._wanted, errors)))
            yield list(errors[0].instance_path), f"expected {wanted}; found {self._found(errors[0])}"
        else:
            yield place, f"expected {self._wanted(error)}; found {self._found(error)}"

    def _wanted(self, error: Any) -> str:
        """Return what the part of the schema that an error is about expects."""
        part, keyword = self._part(error)
        if extra := _extra(error):
            return f"an object without {_names(extra)}"
        if error.kind.name == "falseSchema":
            return "an empty object" if keyword == "additionalProperties" else "nothing"
        if error.kind.name == "required" and keyword != "required":
            return f"an object with `{error.kind.property}`"
        if keyword not in part:
            return f"a value that `{keyword}` of the schema allows"
        words = expected(part)
        if keyword == "pattern" and part[keyword] in _PATTERNS:
            return words + _PATTERNS[part[keyword]][2]
        without = expected({name: part[name] for name in part if name != keyword})
        if words != without or not _has_basics(part, error.instance):
            # They name what this keyword asks for, or what comes before it.
            return words
        if context := _context(error):
            return ", or ".join(dict.fromkeys(map(self._wanted, context)))
        return f"a value that `{keyword}`: {as_json(part[keyword])} allows"

    def _found(self, error: Any) -> str:
        """Return what is in the place of an error; of an object with many properties, what is wrong with them."""
        value = error.instance
        if error.kind.name == "falseSchema" and self._part(error)[1] == "additionalProperties":
            # The instance of this error is the first property's value.
            return "an object with properties"
        if isinstance(value, dict) and len(value) > _MOST_NAMES:
            if extra := _extra(error):
                return f"an object with {_names(extra)}"
            missing = [each for each in (error, *_context(error)) if each.kind.name == "required"]
            asked = chain(*(self._part(each)[0].get("required", [each.kind.property]) for each in missing))
            if lacking := [name for name in dict.fromkeys(asked) if name not in value]:
                return f"an object without {_names(lacking)}"
        return found_text(value)

    def _part(self, error: Any) -> tuple[dict[str, Any], str]:
        """Return the part of the schema that an error is about, in whichever document it is, and the keyword."""
        import jsonschema_rs

        way, _, keyword = error.absolute_keyword_location.rpartition("/")
        if way not in self._parts:
            try:
                known = jsonschema_rs.Registry(self._documents.items(), retriever=self._documents.__getitem__)
                part = known.resolver(_BASE).lookup(way).contents
            except (jsonschema_rs.ReferencingError, ValueError):
                part = None
            self._parts[way] = part if isinstance(part, dict) else {}
        return self._parts[way], keyword


def _has_basics(part: dict[str, Any], value: Any) -> bool:
    """Return whether a value has the type and the properties that a part of a schema asks for."""
    import jsonschema_rs

    return jsonschema_rs.is_valid({name: part[name] for name in ("type", "required") if name in part}, value)


def _extra(error: Any) -> list[str]:
    """Return the properties that an object must not have, where an error names them."""
    return error.kind.unexpected if error.kind.name in {"additionalProperties", "unevaluatedProperties"} else []


def _context(error: Any) -> list[Any]:
    """Return what is wrong, by the alternatives of an error, with the very value that it is about."""
    errors = chain(*getattr(error.kind, "context", ()))
    return [each for each in errors if len(each.instance_path) == len(error.instance_path)]


def _names(names: Iterable[str]) -> str:
    """Return names of properties, the first ones of many."""
    quoted = [f"`{name}`" for name in names]
    return joined(quoted) if len(quoted) <= _MOST_NAMES else f"{', '.join(quoted[:_MOST_NAMES])}, ..."


def expected(schema: Mapping[str, Any], *, many: bool = False) -> str:
    """Return what a JSON Schema expects, of one value or of many.

    Examples
    --------
    >>> expected({"oneOf": [{"type": "array", "minItems": 1, "items": {"type": "string"}}, {"type": "string"}]})
    'a list of at least one text, or a text'
    >>> expected({"anyOf": [{"required": ["name"]}, {"required": ["path"]}], "type": "object"}, many=True)
    'objects with `name` or `path`'
    """
    options = [each for name in ("oneOf", "anyOf") for each in schema.get(name, ()) if isinstance(each, dict)]
    if typed := [option for option in options if "type" in option or "enum" in option]:
        return ", or ".join(dict.fromkeys(expected(option, many=many) for option in typed))
    of_objects = {"properties", "minProperties", "required"}.intersection(chain(schema, *options))
    of_lists = {"items", "minItems", "uniqueItems"}.intersection(schema)
    kind = schema.get("type", "object" if of_objects else "array" if of_lists else None)
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
    bound = "of more than" if schema.get("exclusiveMinimum") is True else "of at least"
    return f"{word} {bound} {schema['minimum']}" if "minimum" in schema else word


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
    """Return what is in a place: of an object its properties, of anything else the value.

    Examples
    --------
    >>> found_text({"title": "CC0"}), found_text([]), found_text("x")
    ('an object with `title`', 'an empty list', "'x'")
    """
    if isinstance(value, dict) and value:
        return f"an object with {_names(value)}"
    return {"[]": "an empty list", "{}": "an empty object", "''": "an empty text"}.get(as_json(value), as_json(value))


def place_in(path: Sequence[str | int]) -> str:
    """Return the way to a part of a value as text; positions count from 1.

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
