"""The resources of a package as they stand: what its descriptor says of each, its files, and whether these differ."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from typing import TYPE_CHECKING, Any

from readouts.datapackage.difference.result import Change
from readouts.datapackage.package.canonical_csv import descriptor_bytes
from readouts.datapackage.package.dereference import dereferenced
from readouts.datapackage.package.errors import DiffError
from readouts.datapackage.schema.descriptor import read_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from readouts.datapackage.package.package import Package
    from readouts.datapackage.schema.model import Table

__all__ = ["ResourceSnapshot", "content_changes", "snapshots_of"]


@dataclass(frozen=True)
class ResourceSnapshot:
    """One resource.

    Attributes
    ----------
    written
        Its descriptor, with everything in it that it refers to.
    table
        Its schema as it is written, whether or not it can be checked; None if it has none.
    paths
        Its files; None if they can't be meant: an address, or a path outside the package.
    """

    name: str
    written: Mapping[str, Any]
    table: Table | None
    paths: tuple[Path, ...] | None

    @property
    def content(self) -> tuple[str, ...] | None:
        """The hashes of its files, or of the data in the descriptor; None if it can't be had."""
        if self.paths:
            try:
                return tuple(_digest(path) for path in self.paths)
            except OSError:
                return None
        return (descriptor_bytes({"data": self.written["data"]}).decode(),) if "data" in self.written else None


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def snapshots_of(package: Package, side: str) -> dict[str, ResourceSnapshot]:
    """Return the resources of a package by name, those that can't be read included.

    Parameters
    ----------
    package
        The package.
    side
        What it is called in messages.

    Raises
    ------
    DiffError
        Two resources have the same name.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> snapshots_of(open_package(sample_package()), "new")["lakes"].table.primary_key
    ('lake_id',)
    """
    found = dereferenced(package.root, package.descriptor)
    resources: dict[str, ResourceSnapshot] = {}
    for written, places in zip(found.descriptor["resources"], found.places, strict=True):
        name, schema = written["name"], written.get("schema")
        if name in resources:
            message = f"The {side} package has two resources of the name '{name}'. Give each a name of its own."
            raise DiffError(message)
        table = read_schema(name, schema)[0] if isinstance(schema, dict) else None
        resources[name] = ResourceSnapshot(name, written, table, None if places is None else tuple(places[0]))
    return resources


def content_changes(old: ResourceSnapshot, new: ResourceSnapshot, notes: list[str]) -> Iterator[Change]:
    """Yield whether the content of a resource that is no table differs; note what can't be told."""
    before, after = old.content, new.content
    if before is None or after is None:
        notes.append(
            f"The content of '{new.name}' is not among the files of both packages: only what the descriptors say of it "
            "was compared."
        )
        claims = [tuple(each.written.get(what) for what in ("hash", "bytes")) for each in (old, new)]
        before, after = ((repr(claim),) for claim in claims)
    if before != after:
        yield Change("content-changed", new.name, what="bytes")
