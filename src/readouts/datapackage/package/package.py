"""A package on disk: its descriptor, and its resources."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.incident import incident
from readouts.datapackage.package.dereference import dereferenced
from readouts.datapackage.package.schema_copies import SchemaCopies
from readouts.datapackage.package.transaction import settle
from readouts.datapackage.strict_json import DuplicateKeyError, duplicate_keys, load_unique
from readouts.datapackage.suggest import did_you_mean
from readouts.datapackage.table.file_kind import json_problem, other_kind
from readouts.datapackage.words import as_json, listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.package.dereference import Dereferenced
    from readouts.datapackage.table.resource import Resource

__all__ = [
    "DESCRIPTOR",
    "DESCRIPTORS",
    "DataPackage",
    "PackageVersion",
    "Row",
    "descriptor_in",
    "open_package",
    "read_descriptor",
]

DESCRIPTOR = "datapackage.json"
DESCRIPTORS = (DESCRIPTOR, "datapackage.yaml", "datapackage.yml")
"""What the descriptor of a folder may be called: the first that is there is read."""

Row = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class PackageVersion:
    """What a package is called: what a report or a comparison shows of it.

    Attributes
    ----------
    label
        What the user called it.
    name, version
        As the descriptor has them, or empty.
    """

    label: str
    name: str = ""
    version: str = ""


@dataclass(frozen=True)
class DataPackage:
    """A package on disk. Nothing but its descriptor is read before it is asked for.

    Attributes
    ----------
    root
        Its folder.
    descriptor
        What `datapackage.json` holds.
    extra_files
        Paths of files that belong to it, where they exist, though the descriptor doesn't name them, such as a licence.
    duplicate_keys
        A sentence for each key that an object of the descriptor has twice; its last value was taken.
    descriptor_file
        Name of the descriptor's file in its folder; `-` if standard input had it, empty for a table without one.
    notes
        What a report says about how the package was opened, such as that its schema was inferred.
    copies
        Copies of schemas and profiles that the descriptor names by address.
    """

    root: Path
    descriptor: dict[str, Any]
    extra_files: tuple[str, ...] = ()
    duplicate_keys: tuple[str, ...] = ()
    descriptor_file: str = DESCRIPTOR
    notes: tuple[str, ...] = ()
    copies: SchemaCopies | None = None

    @cached_property
    def dereferenced(self) -> Dereferenced:
        """The descriptor with everything in it that it refers to."""
        found = dereferenced(self.root, self.descriptor, self.copies)
        found.incidents += [incident("package-error", message) for message in self.duplicate_keys]
        return found

    @cached_property
    def resources(self) -> dict[str, Resource]:
        """The resources by name, in the descriptor's order."""
        # What checks a package is at work before this is imported.
        from readouts.datapackage.package.resource import read_resources

        found = read_resources(self.root, self.dereferenced)
        if not self.descriptor_file:
            # Where a table without a descriptor lies is nothing that anybody said about it.
            found = [replace(each, descriptor={**each.descriptor, "path": each.name}) for each in found]
        return {resource.name: resource for resource in found}

    def with_copies(self, schemas: str | os.PathLike[str] | None) -> DataPackage:
        """Return the package with a folder of copies of schemas and profiles that it names by address, if one is given.

        Raises
        ------
        ArgumentError
            The folder doesn't exist.
        """
        return self if schemas is None else replace(self, copies=SchemaCopies(schemas))

    @property
    def name(self) -> str:
        """Name of the package."""
        return str(self.descriptor.get("name", self.root.name))

    @property
    def version(self) -> str:
        """Version of the package, or an empty text."""
        return str(self.descriptor.get("version", ""))

    def resource(self, name: str) -> Resource:
        """Return the resource of that name.

        Raises
        ------
        PackageError
            There is none; the message names the nearest one.
        """
        try:
            return self.resources[name]
        except KeyError:
            message = f"{self.root} has no table '{name}'. {did_you_mean(name, self.resources)}"
            raise PackageError(message) from None

    def read_bytes(self, name: str) -> bytes:
        """Return the bytes of a resource's file.

        Raises
        ------
        PackageError
            The path leaves the package, there is no such file, or its hash is not the descriptor's.
        """
        return self.resource(name).read_bytes()

    def rows(self, name: str) -> list[Row]:
        """Return a table as rows of texts by field; a missing value is None.

        Raises
        ------
        PackageError
            It can't be read as a table, its columns don't match its fields, or its files have a different hash.
        """
        return list(self.each_row(name))

    def each_row(self, name: str) -> Iterator[Row]:
        """Yield the rows of a table one by one, for tables that aren't to be in memory as a whole.

        Raises
        ------
        PackageError
            As for `rows`; the hash of the files is checked before the first row, and each row when its turn comes.
        """
        rows = self.resource(name).rows()
        return (dict(zip(rows.schema.field_names, cells, strict=True)) for cells in rows.cells())


def open_package(path: Path, extra_files: tuple[str, ...] = (), *, duplicates: bool = False) -> DataPackage:
    """Open a package, given as its folder or its descriptor.

    A write that was interrupted is completed or undone first. `extra_files` are those of `DataPackage`; `duplicates`
    says that a descriptor with a key twice is opened as well, by those that report it.

    Raises
    ------
    PackageError
        There is no descriptor, or it is not one; the message says which resource is at fault.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> open_package(sample_package()).name
    'lakes'
    """
    descriptor_path = descriptor_in(path) if path.is_dir() and path.name != DESCRIPTOR else path
    settle(descriptor_path.parent)
    if descriptor_path.exists() and not descriptor_path.is_file():
        message = f"{descriptor_path} is not a file: expected the descriptor of a data package."
        raise PackageError(message)
    try:
        other = other_kind(descriptor_path)
        if other is not None:
            message = f"{descriptor_path} is {other[0]}, not a data package. {other[1]}"
            raise PackageError(message)
        descriptor, repeated = read_descriptor(descriptor_path)
    except FileNotFoundError:
        raise PackageError(_absent(path, descriptor_path)) from None
    except (OSError, ValueError, RecursionError) as error:
        message = f"{descriptor_path} can't be read as a descriptor: {json_problem(descriptor_path, error)}"
        raise PackageError(message) from error
    fault = _fault(descriptor) or (repeated[0] if repeated and not duplicates else None)
    if fault is not None:
        message = f"{descriptor_path} is not the descriptor of a data package: {fault}"
        raise PackageError(message)
    return DataPackage(descriptor_path.parent, descriptor, extra_files, repeated, descriptor_path.name)


def descriptor_in(folder: Path) -> Path:
    """Return the descriptor of a folder, in JSON or else in YAML; where that in JSON would be, if there is none."""
    found = (folder / name for name in DESCRIPTORS if os.path.lexists(folder / name))
    return next(found, folder / DESCRIPTOR)


def read_descriptor(path: Path) -> tuple[Any, tuple[str, ...]]:
    """Return what a file of JSON or YAML holds, and a sentence for each duplicate key.

    Raises
    ------
    OSError, ValueError, RecursionError
        It can't be read, or holds something else.
    """
    text = path.read_text(encoding="utf-8")
    if path.name.lower().endswith((".yaml", ".yml")):
        from readouts.datapackage.package.yaml_text import read_yaml

        return read_yaml(text)
    try:
        return load_unique(text), ()
    except DuplicateKeyError:
        return json.loads(text), tuple(map(str, duplicate_keys(text)))


def _absent(path: Path, descriptor: Path) -> str:
    """Return why there is no descriptor, and what may be meant."""
    if descriptor.is_symlink():
        return f"{descriptor} is a link to {descriptor.readlink()}, which doesn't exist."
    if not path.is_dir():
        return f"{path} does not exist. Name a folder with a {DESCRIPTOR}, that file, or a ZIP archive of the folder."
    if next(path.glob("*.csv"), None) is not None:
        described = f"readouts describe {path / '*.csv'} --output {path / DESCRIPTOR}"
        return f"{path} has no {DESCRIPTOR}. Name one of its tables, or let `{described}` make one."
    near = [place.parent for place in path.glob(f"*/{DESCRIPTOR}")] or [*path.glob("*.zip")]
    hint = f"Did you mean {listed(sorted(map(str, near)))}?" if near else "Name the folder of a data package."
    return f"{path} has no {DESCRIPTOR}. {hint}"


def _fault(descriptor: Any) -> str | None:
    """Return why the resources of a descriptor can't be told apart; None if they can."""
    if not isinstance(descriptor, dict):
        return f"expected an object with `resources`; found {as_json(descriptor)}."
    resources = descriptor.get("resources")
    if "resources" not in descriptor and isinstance(descriptor.get("fields"), list):
        return "it is a Table Schema. Name the table that it is for, and this file with --schema."
    if not isinstance(resources, list):
        found = as_json(resources) if "resources" in descriptor else "no such property"
        return f"expected `resources` to be a list of objects, each with a `name`; found {found}."
    for number, resource in enumerate(resources, 1):
        if not isinstance(resource, dict):
            return f"expected resource {number} to be an object with a `name`; found {as_json(resource)}."
        if not isinstance(resource.get("name"), str):
            found = as_json(resource["name"]) if "name" in resource else f"none in {as_json(resource)}"
            return f"expected resource {number} to have a text as its `name`; found {found}."
    return None
