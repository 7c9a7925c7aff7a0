"""Files of a folder described, for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage import Description, describe

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["described", "types"]


def described(folder: Path, **files: str | bytes) -> Description:
    """Write each file, `name` as `name.csv`, and describe and validate them all."""
    paths = []
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(path)
    return describe(*paths, check=True)


def types(description: Description) -> dict[str, str]:
    """Return the types of the fields of the first table."""
    return {field.name: field.type for field in description.tables[0].fields}
