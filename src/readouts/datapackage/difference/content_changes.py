"""The resources of the packages that are compared, and whether the content of one that is not a table differs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from readouts.datapackage.difference.result import Change
from readouts.datapackage.table.csv_header import SMALL
from readouts.datapackage.table.errors import TableError
from readouts.datapackage.table.reader import Sizes
from readouts.datapackage.table.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.table.text_frame import TextTable

__all__ = ["KeptResource", "content_changes", "distinct_resources"]


class KeptResource(Resource):
    """A resource during one comparison: the rows of a small table are read only once."""

    @property
    def is_kept(self) -> bool:
        """Whether its rows are kept."""
        return not self.compression and Sizes.of(self) <= SMALL

    @cached_property
    def _texts(self) -> TextTable:
        return super().text_table()

    def text_table(self) -> TextTable:
        """Return its rows, as `Resource.text_table` does."""
        return self._texts if self.is_kept else super().text_table()


def distinct_resources(package: DataPackage, side: str) -> dict[str, Resource]:
    """Return the resources of a package by name, those that can't be read included.

    Raises
    ------
    TableError
        Two resources have the same name.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> distinct_resources(open_package(sample_package()), "new")["lakes"].schema.primary_key
    ('lake_id',)
    """
    names = [resource["name"] for resource in package.descriptor["resources"]]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        message = f"The {side} package has two resources of the name '{twice}'. Give each a name of its own."
        raise TableError(message)
    return {name: KeptResource(**vars(resource)) for name, resource in package.resources.items()}


def content_changes(old: Resource, new: Resource, notes: list[str]) -> Iterator[Change]:
    """Yield whether the content of a resource that is not a table differs; note what can't be compared."""
    before, after = old.digest(), new.digest()
    if before is None or after is None:
        notes.append(
            f"The content of '{new.name}' is not among the files of both packages: only its descriptions were compared."
        )
        claims = [tuple(each.descriptor.get(what) for what in ("hash", "bytes")) for each in (old, new)]
        before, after = ((repr(claim),) for claim in claims)
    if before != after:
        yield Change("content-changed", new.name, what="bytes")
