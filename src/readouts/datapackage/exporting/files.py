"""The files of a package, for the formats that describe them where they lie."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.package.paths import inside
from readouts.datapackage.table.canonical_csv import descriptor_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset

__all__ = ["content_of", "copy_package", "description_of", "media_type", "package_paths"]

_MEDIA_TYPES = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
    "": "text/plain",
}


def package_paths(dataset: Dataset) -> list[str]:
    """Return the files of a package as the descriptor calls them: itself, the data, and what these refer to."""
    root = dataset.package.root
    named = [DESCRIPTOR]
    for resource in dataset.package.descriptor["resources"]:
        named += _local(resource)
    named += [name for name in dataset.conventions.files if (root / name).is_file()]
    return list(dict.fromkeys(named))


def _local(resource: dict[str, Any]) -> Iterator[str]:
    for part in ("path", "schema", "dialect"):
        value = resource.get(part)
        for name in value if isinstance(value, list) else [value]:
            if isinstance(name, str) and "://" not in name:
                yield name


def copy_package(dataset: Dataset, folder: Path) -> list[Path]:
    """Copy the files of a package, and return where they are now.

    Raises
    ------
    PackageError
        A path leaves the package, or there is no file at it.
    """
    copied = []
    for name in package_paths(dataset):
        target = inside(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if name == DESCRIPTOR != dataset.package.descriptor_file:
            target.write_bytes(content_of(dataset, name))
        else:
            source = inside(dataset.package.root, name)
            try:
                shutil.copyfile(source, target)
            except OSError as error:
                message = f"{source} can't be copied: {error.strerror}. The descriptor names it."
                raise PackageError(message) from error
        copied.append(target)
    return copied


def content_of(dataset: Dataset, path: str) -> bytes:
    """Return the content of a file; a descriptor that isn't in JSON, or in no file, becomes JSON."""
    if path == DESCRIPTOR != dataset.package.descriptor_file:
        return descriptor_bytes(dataset.package.descriptor)
    return inside(dataset.package.root, path).read_bytes()


def description_of(dataset: Dataset, path: str) -> str:
    """Return what a file of a package is, in a sentence, or an empty text."""
    if path == DESCRIPTOR:
        return "The descriptor of the data package: its tables, columns, types, keys and hashes."
    for resource in dataset.package.descriptor["resources"]:
        if path in list(_local({"path": resource.get("path")})):
            table = dataset.tables.get(resource["name"])
            return (table.schema.description if table else "") or str(resource.get("description", ""))
    return dataset.conventions.files.get(path, "")


def media_type(name: str) -> str:
    """Return the media type of a file by its name.

    Examples
    --------
    >>> media_type("data/lakes.csv"), media_type("LICENSE")
    ('text/csv', 'text/plain')
    """
    file = name.rpartition("/")[2]
    return _MEDIA_TYPES.get(file.rpartition(".")[2].lower() if "." in file else "", "application/octet-stream")
