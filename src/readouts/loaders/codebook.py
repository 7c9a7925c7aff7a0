"""What the columns of a table mean, as a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.loaders.columns import columns_of

if TYPE_CHECKING:
    import pandas as pd

    from readouts.datapackage.package.package import Package

__all__ = ["codebook"]

COLUMNS = ("field", "type", "required", "key", "description", "values", "example")


def codebook(package: Package, table: str) -> pd.DataFrame:
    """Return a frame with a row for each field of a table.

    Raises
    ------
    PackageError
        There is no such table, or it has no schema.
    """
    import pandas as pd

    columns_of(package, table)
    schema = package.resource(table)["schema"]
    rows = [
        {
            "field": field["name"],
            "type": field.get("type", "string"),
            "required": bool(field.get("constraints", {}).get("required", False)),
            "key": _key(field["name"], schema, table),
            "description": field.get("description", ""),
            "values": _values(field),
            "example": field.get("example"),
        }
        for field in schema["fields"]
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _values(field: dict[str, Any]) -> dict[str, str]:
    meanings = {
        str(entry["value"]): str(entry.get("label", "")) if isinstance(entry, dict) else ""
        for entry in field.get("categories", ())
        if not isinstance(entry, dict) or "value" in entry
    }
    return {str(value): meanings.get(str(value), "") for value in field.get("constraints", {}).get("enum", ())}


def _key(name: str, schema: dict[str, Any], table: str) -> str:
    primary = schema.get("primaryKey", ())
    parts = ["primary key"] if name in ([primary] if isinstance(primary, str) else primary) else []
    for key in schema.get("foreignKeys", ()):
        reference = key["reference"]
        own, theirs = (
            [names] if isinstance(names, str) else list(names) for names in (key["fields"], reference["fields"])
        )
        parts += [
            f"{reference.get('resource') or table}.{target}"
            for field, target in zip(own, theirs, strict=True)
            if field == name
        ]
    return ", ".join(parts)
