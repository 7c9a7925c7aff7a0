"""What the columns of a table mean, as a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.schema.model import Table

__all__ = ["codebook"]

COLUMNS = ("field", "type", "required", "key", "description", "values", "example")


def codebook(package: DataPackage, table: str) -> pd.DataFrame:
    """Return a frame with a row for each field of a table.

    Raises
    ------
    PackageError
        There is no such table, or it has no schema.
    """
    import pandas as pd

    resource = package.resource(table)
    keys, fields = resource.schema, resource.descriptor.get("schema", {}).get("fields")
    if keys is None or not fields:
        raise resource.error("Expected a schema with fields in the descriptor; found none.")
    rows = [
        {
            "field": field["name"],
            "type": field.get("type", "string"),
            "required": bool(field.get("constraints", {}).get("required", False)),
            "key": _key(field["name"], keys),
            "description": field.get("description", ""),
            "values": _values(field),
            "example": field.get("example"),
        }
        for field in fields
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _values(field: dict[str, Any]) -> dict[str, str]:
    meanings = {
        str(entry["value"]): str(entry.get("label", "")) if isinstance(entry, dict) else ""
        for entry in field.get("categories", ())
        if not isinstance(entry, dict) or "value" in entry
    }
    return {str(value): meanings.get(str(value), "") for value in field.get("constraints", {}).get("enum", ())}


def _key(name: str, table: Table) -> str:
    parts = ["primary key"] if name in table.primary_key else []
    for key in table.foreign_keys:
        pairs = zip(key.fields, key.target_fields, strict=True)
        parts += [f"{key.table}.{target}" for field, target in pairs if field == name]
    return ", ".join(parts)
