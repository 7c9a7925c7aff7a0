"""What has to hold of every JSON Schema that we publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["assert_explained_and_closed"]


def _objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema within a schema."""
    if isinstance(schema, dict):
        if "type" in schema or "enum" in schema:
            yield schema
        for name, part in schema.items():
            for inner in part.values() if name in {"properties", "$defs"} else [part] if name == "items" else []:
                yield from _objects(inner)


def assert_explained_and_closed(schema: dict[str, Any]) -> None:
    """Hold a schema to explaining every property, requiring it, and taking no other."""
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for part in _objects(schema):
        if part != {"type": "string"} and "minimum" not in part:
            assert part.get("title"), part
            assert part.get("description"), part
        if "properties" in part:
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
