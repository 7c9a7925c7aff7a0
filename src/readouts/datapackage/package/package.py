"""Reading a package: its descriptor, and its tables as rows of strings, with their hashes checked."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.canonical_csv import csv_reader
from readouts.datapackage.package.paths import inside
from readouts.datapackage.package.transaction import settle
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["DESCRIPTOR", "Package", "PackageVersion", "Row", "open_package"]

DESCRIPTOR = "datapackage.json"

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
class Package:
    """A package of CSV tables on disk. Nothing is read before it is asked for.

    Attributes
    ----------
    root
        Its folder.
    descriptor
        What `datapackage.json` holds.
    extra_files
        Paths of files that belong to it, where they exist, though the descriptor doesn't name them, such as a licence.
    """

    root: Path
    descriptor: dict[str, Any]
    extra_files: tuple[str, ...] = ()

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources by name, in the descriptor's order."""
        return {resource["name"]: resource for resource in self.descriptor["resources"]}

    @property
    def name(self) -> str:
        """Name of the package."""
        return str(self.descriptor.get("name", self.root.name))

    @property
    def version(self) -> str:
        """Version of the package, or an empty text."""
        return str(self.descriptor.get("version", ""))

    def resource(self, name: str) -> dict[str, Any]:
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
        """Return the bytes of a table's file.

        Raises
        ------
        PackageError
            The path leaves the package, there is no such file, or its hash is not the descriptor's.
        """
        resource = self.resource(name)
        if not isinstance(resource.get("path"), str):
            message = f"The table '{name}' of {self.root} has no path: expected that of one file inside the package."
            raise PackageError(message)
        path = inside(self.root, resource["path"])
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"{path} can't be read: {error.strerror}. The descriptor lists it as the table '{name}'."
            raise PackageError(message) from error
        expected = resource.get("hash")
        if expected is not None and expected != f"sha256:{sha256(data).hexdigest()}":
            message = (
                f"{path} is not the file that {DESCRIPTOR} was written for: expected {expected}, found "
                f"sha256:{sha256(data).hexdigest()}. Restore the file, or build the package again."
            )
            raise PackageError(message)
        return data

    def rows(self, name: str) -> list[Row]:
        """Return a table as rows of strings; an empty cell is None.

        Raises
        ------
        PackageError
            The file can't be read, a column is there twice, or a row doesn't have as many cells as the header.
        """
        return list(self.each_row(name))

    def each_row(self, name: str) -> Iterator[Row]:
        """Yield the rows of a table one by one, for tables that aren't to be in memory as a whole.

        Raises
        ------
        PackageError
            As for `rows`; the file is held to its hash before the first row, and each row when its turn comes.
        """
        data = self.read_bytes(name)
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"The table '{name}' of {self.root} is not UTF-8: byte {error.start}."
            raise PackageError(message) from error
        reader = csv_reader(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=""))
        try:
            labels = next(reader)
            twice = next((label for label in labels if labels.count(label) > 1), None)
            if twice is not None:
                message = f"The table '{name}' of {self.root}, line 1: the column '{twice}' is there twice."
                raise PackageError(message)
            for cells in reader:
                if len(cells) != len(labels):
                    message = (
                        f"The table '{name}' of {self.root}, line {reader.line_num}: expected {len(labels)} cells, "
                        f"found {len(cells)}."
                    )
                    raise PackageError(message)
                yield {label: cell or None for label, cell in zip(labels, cells, strict=True)}
        except (csv.Error, StopIteration) as error:
            message = f"The table '{name}' of {self.root}, line {reader.line_num}: {error or 'no header'}."
            raise PackageError(message) from error


def open_package(path: Path, extra_files: tuple[str, ...] = ()) -> Package:
    """Open a package, given as its folder or its descriptor.

    A write that was interrupted is completed or undone first. `extra_files` are those of `Package`.

    Raises
    ------
    PackageError
        There is no descriptor, or it is none.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> open_package(sample_package()).name
    'lakes'
    """
    descriptor_path = path / DESCRIPTOR if path.is_dir() and path.name != DESCRIPTOR else path
    settle(descriptor_path.parent)
    if descriptor_path.exists() and not descriptor_path.is_file():
        message = f"{descriptor_path} is not a file: expected the descriptor of a data package."
        raise PackageError(message)
    try:
        descriptor = json.loads(descriptor_path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"No data package is at {path}: expected a folder with {DESCRIPTOR}, or that file."
        if descriptor_path.is_symlink():
            message = f"{descriptor_path} is a link to {descriptor_path.readlink()}, which doesn't exist."
        raise PackageError(message) from None
    except (OSError, ValueError, RecursionError) as error:
        message = f"{descriptor_path} can't be read as a descriptor: {error}."
        raise PackageError(message) from error
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    if not isinstance(resources, list) or not all(
        isinstance(entry, dict) and isinstance(entry.get("name"), str) for entry in resources
    ):
        message = f"{descriptor_path} is no descriptor of a data package: expected a list of named `resources`."
        raise PackageError(message)
    return Package(descriptor_path.parent, descriptor, extra_files)
