"""Packages for tests of the site: the bundled release or an invented one, with rows changed, and hashes that fit."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from readouts.datapackage.package.package import open_package
from readouts.datapackage.table.canonical_csv import csv_line, descriptor_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from readouts.datapackage.package.package import Row

    Change = Callable[[list[Row]], list[Row]]

__all__ = ["altered"]


def altered(source: Path, folder: Path, changes: Mapping[str, Change]) -> Path:
    """Write a package whose tables are those of another one, some of them with changed rows; return its folder."""
    package = open_package(source)
    descriptor = json.loads(json.dumps(package.descriptor))
    for resource in descriptor["resources"]:
        name = resource["name"]
        data = package.read_bytes(name)
        if name in changes:
            labels = [field["name"] for field in resource["schema"]["fields"]]
            rows = changes[name](package.rows(name))
            data = "".join([csv_line(labels), *(csv_line(map(row.get, labels)) for row in rows)]).encode()
        resource |= {"bytes": len(data), "hash": f"sha256:{sha256(data).hexdigest()}"}
        path = folder / resource["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "datapackage.json").write_bytes(descriptor_bytes(descriptor))
    return folder
