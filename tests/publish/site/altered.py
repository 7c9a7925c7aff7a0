"""Packages for tests of the site: the bundled release or an invented one, with rows changed, and hashes that fit."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from readouts.datapackage.package.package import open_package
from readouts.datapackage.table.canonical_csv import csv_line, descriptor_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from readouts.datapackage.package.package import Row

    Change = Callable[[list[Row]], list[Row]]

__all__ = ["altered"]


def altered(source: Path, folder: Path, changes: Mapping[str, Change], without: Collection[str] = ()) -> Path:
    """Write a package whose tables are those of another one, some with changed rows; return its folder.

    The tables with changes lack the columns that are left out.
    """
    package = open_package(source)
    descriptor = json.loads(json.dumps(package.descriptor))
    for resource in descriptor["resources"]:
        name = resource["name"]
        data = package.read_bytes(name)
        if name in changes:
            fields = [field for field in resource["schema"]["fields"] if field["name"] not in without]
            resource["schema"]["fields"] = fields
            labels = [field["name"] for field in fields]
            rows = changes[name](package.rows(name))
            data = "".join([csv_line(labels), *(csv_line(map(row.get, labels)) for row in rows)]).encode()
        resource |= {"bytes": len(data), "hash": f"sha256:{sha256(data).hexdigest()}"}
        path = folder / resource["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "datapackage.json").write_bytes(descriptor_bytes(descriptor))
    return folder
