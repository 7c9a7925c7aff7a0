"""The official profiles of Data Package v2 (https://datapackage.org/profiles/), as JSON Schemas.

They come with the `dplib-py` distribution. A field is checked against the profile of its own type, so that a message
says what is wrong with it rather than that it is none of fifteen things.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["VERSION", "profile_errors"]

VERSION = "2.0"
_MOST_ERRORS = 1000


def _refuse(address: str) -> None:
    message = f"{address} lies outside the package"
    raise ReadoutsError(message)


@cache
def _profile() -> tuple[Any, dict[str, Any]]:
    """Return the validator of a package without its fields, and those of a field by type."""
    import jsonschema_rs

    found = find_spec("dplib")
    if found is None or found.origin is None:
        raise ModuleNotFoundError(name="dplib")
    path = Path(found.origin).parent / "profiles" / VERSION / "datapackage.json"
    profile = json.loads(path.read_text(encoding="utf-8"))
    schema = profile["properties"]["resources"]["items"]["properties"]["schema"]
    schema.pop("examples", None)
    fields = schema["properties"]["fields"]
    branches = {branch["properties"]["type"]["enum"][0]: branch for branch in fields["items"]["oneOf"]}
    for branch in branches.values():
        # "Both `type` and `format` are optional" (Table Schema, Field): the profile says otherwise of the type.
        branch["required"] = ["name"]
    fields["items"] = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
    # The profile has lost the type `list`, and `fieldsMatch` is a text in the specification and in its version 2.1.
    del schema["properties"]["fieldsMatch"]
    validators = {kind: jsonschema_rs.validator_for(branch, retriever=_refuse) for kind, branch in branches.items()}
    return jsonschema_rs.validator_for(profile, retriever=_refuse), validators


def profile_errors(descriptor: dict[str, Any]) -> Iterator[tuple[list[str | int], str]]:
    """Yield where a descriptor departs from the official profile: the path to the place, and a sentence.

    Examples
    --------
    >>> list(profile_errors({"name": "lakes", "resources": []}))
    [(['resources'], '[] has less than 1 item')]
    """
    whole, of_type = _profile()
    for count, error in enumerate(whole.iter_errors(descriptor)):
        if count >= _MOST_ERRORS:
            return
        yield list(error.instance_path), _short(error.message)
    resources = descriptor.get("resources")
    for number, resource in enumerate(resources if isinstance(resources, list) else ()):
        schema = resource.get("schema") if isinstance(resource, dict) else None
        fields = schema.get("fields") if isinstance(schema, dict) else None
        for place, field in enumerate(fields if isinstance(fields, list) else ()):
            kind = field.get("type", "any") if isinstance(field, dict) else None
            if isinstance(kind, str) and kind in of_type:
                for error in of_type[kind].iter_errors(field):
                    path = ["resources", number, "schema", "fields", place, *error.instance_path]
                    yield path, _short(error.message)


def _short(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:200]}...{message[-90:]}"
