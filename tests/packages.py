"""Packages written for tests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from readouts.datapackage.table.canonical_csv import csv_line, header, row_key
from readouts.publish.release.archive import REGISTRY, STORED, archive_bytes, registry_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.schema.model import Table
    from readouts.loaders.registry import Release

__all__ = ["PROFILE", "table_text", "write_package_of", "write_release"]

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def write_package_of(root: Path, files: dict[str, bytes | str], resources: list[dict[str, Any]], **more: Any) -> Path:
    """Write a package from its files and resources, which need no schema; return its folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    descriptor = {"$schema": PROFILE, "name": "invented", "resources": resources, **more}
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return root


def write_release(package: DataPackage, folder: Path, compression: str = STORED) -> Release:
    """Write archive and registry entry of a package into a folder: a release without its checks and its source."""
    data = archive_bytes(package, compression)
    entry = registry_entry(package, data, compression)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / entry.archive).write_bytes(data)
    (folder / REGISTRY).write_text(entry.text(), encoding="utf-8", newline="\n")
    return entry


def table_text(table: Table, rows: Iterable[Mapping[str, str | None]]) -> str:
    """Return a table as canonical CSV; None and a column that isn't there are missing values."""
    ordered = sorted(rows, key=lambda row: row_key(table, row))
    return header(table) + "".join(csv_line([row.get(name) for name in table.field_names]) for row in ordered)
