"""The official profiles of Data Package v2 (https://datapackage.org/profiles/), as JSON Schemas.

They come with the `dplib-py` distribution. A field is checked against the profile of its own type, so that a message
says what is wrong with it rather than that it is not one of fifteen things.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.json_schema_text import JsonSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from readouts.datapackage.json_schema_text import ValuePath

__all__ = ["STANDARD", "VERSION", "profile_errors", "profile_problems"]

VERSION = "2.0"
_MOST_ERRORS = 1000

STANDARD = (
    "https://datapackage.org/profiles/",
    "https://specs.frictionlessdata.io/schemas/",
    "https://frictionlessdata.io/schemas/",
)
"""What the addresses of the standard's profiles begin with."""


def _refuse(address: str) -> dict[str, Any]:
    """Return nothing for what the standard's profiles refer to: every descriptor is checked against these."""
    if not address.startswith(STANDARD):
        message = f"{address} is not part of the profile"
        raise ReadoutsError(message)
    return {}


def profile_problems(
    profile: dict[str, Any], part: Any, find: Callable[[str], Any] = _refuse
) -> Iterator[tuple[ValuePath, str]]:
    """Yield where a part of a descriptor departs from a profile, which may extend one of the standard.

    Parameters
    ----------
    profile
        The profile.
    part
        The part of the descriptor, as it is written.
    find
        Gives another document that the profile refers to. Default: it may refer to the standard's only.

    Raises
    ------
    ValueError
        The profile is not a JSON Schema.

    Examples
    --------
    >>> profile = {"$ref": "https://datapackage.org/profiles/2.0/datapackage.json", "required": ["title"]}
    >>> list(profile_problems({"allOf": [profile, {"required": ["title"]}]}, {"name": "lakes"}))
    [([], 'expected an object with `title`; found an object with `name`')]
    """

    def retrieve(address: str) -> Any:
        return {} if address.startswith(STANDARD) else _pointed(find(address))

    yield from JsonSchema(_pointed(profile), retrieve).problems(part)


def _pointed(schema: Any) -> Any:
    """Return a schema whose references into itself are JSON pointers: published profiles leave out the first slash."""
    if isinstance(schema, dict):
        return {
            name: f"#/{value[1:]}" if name == "$ref" and _lacks_slash(value) else _pointed(value)
            for name, value in schema.items()
        }
    return [_pointed(each) for each in schema] if isinstance(schema, list) else schema


def _lacks_slash(reference: Any) -> bool:
    """Return whether a reference has slashes, as no plain name does, but for the first one."""
    return isinstance(reference, str) and reference[:1] == "#" and reference[1:2] != "/" and "/" in reference


@cache
def _profile() -> tuple[JsonSchema, dict[str, JsonSchema]]:
    """Return the profile of a package without its fields, and those of a field by type."""
    found = find_spec("dplib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError(name="dplib")
    path = Path(found.origin).parent / "profiles" / VERSION / "datapackage.json"
    profile = json.loads(path.read_text(encoding="utf-8"))
    schema = profile["properties"]["resources"]["items"]["properties"]["schema"]
    schema.pop("examples", None)
    fields = schema["properties"]["fields"]
    branches = {branch["properties"]["type"]["enum"][0]: branch for branch in fields["items"]["oneOf"]}
    # The profile has lost the type `list`, and `fieldsMatch` is a text in the specification and in its version 2.1.
    branches["list"] = copy.deepcopy(branches["any"])
    branches["list"]["properties"] |= {"type": {"enum": ["list"]}, "delimiter": {"type": "string"}}
    del schema["properties"]["fieldsMatch"]
    for branch in branches.values():
        # "Both `type` and `format` are optional" (Table Schema, Field): the profile says otherwise of the type.
        branch["required"] = ["name"]
        # "An example value for the field" (Table Schema, Field) may be a number; the profile asks for a text.
        branch["properties"]["example"].pop("type", None)
    fields["items"] = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}

    return JsonSchema(profile, _refuse), {kind: JsonSchema(branch, _refuse) for kind, branch in branches.items()}


def profile_errors(descriptor: dict[str, Any]) -> Iterator[tuple[ValuePath, str]]:
    """Yield where a descriptor departs from the official profile: the way to the place, and a sentence.

    Examples
    --------
    >>> list(profile_errors({"version": 2, "resources": [{"name": "lakes", "path": "lakes.csv"}]}))
    [(['version'], 'expected a text; found 2')]
    """
    whole, of_type = _profile()
    yield from islice(whole.problems(descriptor), _MOST_ERRORS)
    resources = descriptor.get("resources")
    for number, resource in enumerate(resources if isinstance(resources, list) else ()):
        schema = resource.get("schema") if isinstance(resource, dict) else None
        fields = schema.get("fields") if isinstance(schema, dict) else None
        for place, field in enumerate(fields if isinstance(fields, list) else ()):
            named = isinstance(field, dict) and isinstance(field.get("name"), str)
            kind = field.get("type", "any") if named else None
            if isinstance(kind, str) and kind in of_type:
                for path, message in of_type[kind].problems(field):
                    yield ["resources", number, "schema", "fields", place, *path], message
