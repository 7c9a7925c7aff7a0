"""A package made from another one: the same tables, some of them with further columns, in a folder of its own."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import DESCRIPTOR, DataPackage, open_package
from readouts.datapackage.package.transaction import locked, staging
from readouts.datapackage.table.canonical_csv import csv_line, descriptor_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["HYDRATED_FIELDS", "write_hydrated"]

HYDRATED_FIELDS: dict[str, list[dict[str, Any]]] = {
    "spans": [
        {"name": "text", "title": "Text", "description": "The words of the span.", "type": "string"},
        {
            "name": "found_start",
            "title": "Found start",
            "description": "Where the span begins in the given text, in Unicode code points.",
            "type": "integer",
        },
        {
            "name": "found_end",
            "title": "Found end",
            "description": "Where the span ends in the given text: offset after its last character.",
            "type": "integer",
        },
        {
            "name": "found",
            "title": "Found",
            "description": "How the span was found; empty where there was no text.",
            "type": "string",
            "constraints": {"enum": ["exact", "moved", "drifted", "orphan"]},
        },
    ],
    "statements": [
        {
            "name": "content",
            "title": "Content",
            "description": "The words of the content; an ellipsis separates parts that don't adjoin.",
            "type": "string",
        },
    ],
}


def write_hydrated(
    package: DataPackage, output: Path, replaced: Mapping[str, Sequence[Mapping[str, str | None]]]
) -> None:
    """Write a package with quotations.

    Raises
    ------
    PackageError
        The folder lies inside the package, or holds another package.
    """
    root, target = package.root.resolve(), output.resolve()
    if target.is_relative_to(root):
        message = f"{output} lies inside the package that is read: choose a folder outside {package.root}."
        raise PackageError(message)
    title = f"{package.descriptor.get('title', package.name)}, with quotations: not for publication"
    if (target / DESCRIPTOR).exists() and open_package(target).descriptor.get("title") != title:
        message = f"{output} holds another data package: choose a folder of its own for the quotations."
        raise PackageError(message)
    target.mkdir(parents=True, exist_ok=True)
    resources = []
    with locked(target), staging(target) as stage:
        for name, resource in package.resources.items():
            changed = dict(resource.descriptor)
            if name in replaced:
                schema = dict(resource.descriptor["schema"])
                schema["fields"] = [*schema["fields"], *HYDRATED_FIELDS[name]]
                names = [field["name"] for field in schema["fields"]]
                lines = [csv_line(names), *(csv_line(map(row.get, names)) for row in replaced[name])]
                data = "".join(lines).encode()
                changed |= {"bytes": len(data), "hash": f"sha256:{sha256(data).hexdigest()}", "schema": schema}
            else:
                data = package.read_bytes(name)
            stage.write(str(resource.descriptor["path"]), iter([data]))
            resources.append(changed)
        descriptor = {
            **package.descriptor,
            "title": title,
            "resources": resources,
        }
        stage.write(DESCRIPTOR, iter([descriptor_bytes(descriptor)]))
        stage.commit()
