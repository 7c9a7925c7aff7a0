"""Packages of one table, written for a test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from readouts.datapackage.package.package import DataPackage, open_package

if TYPE_CHECKING:
    from pathlib import Path

    from tests.datapackage.difference.edge_cases import EdgeCase

__all__ = ["package", "sides"]


def package(
    folder: Path,
    data: bytes | None,
    fields: dict[str, Any],
    key: tuple[str, ...] | None = None,
    *,
    resource: dict[str, Any] | None = None,
    schema: dict[str, Any] | None = None,
) -> DataPackage:
    """Write a package with the table `lakes`, whose primary key is its first field unless `key` says otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = [{"name": name, **({"type": kind} if isinstance(kind, str) else kind)} for name, kind in fields.items()]
    keys = (next(iter(fields)),) if key is None else key
    written: dict[str, Any] = {"fields": listed, **({"primaryKey": list(keys)} if keys else {}), **(schema or {})}
    entry: dict[str, Any] = {"name": "lakes", "type": "table", "path": "lakes.csv", "schema": written}
    entry |= resource or {}
    if data is not None:
        (folder / entry["path"]).write_bytes(data)
    descriptor = {"name": "lakes", "resources": [entry]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return open_package(folder)


def sides(folder: Path, case: EdgeCase) -> tuple[DataPackage, DataPackage]:
    """Write both sides of an edge case."""
    more = {"resource": case.resource, "schema": case.schema}
    return (
        package(folder / "old", case.old, case.fields, case.key, **more),
        package(folder / "new", case.new, case.fields, case.key, **more),
    )
