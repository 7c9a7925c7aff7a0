"""The files of the release, copied into the site for download: as published, without quotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.package.canonical import descriptor_bytes
from readouts.package.reading import DESCRIPTOR
from readouts.site import address
from readouts.site.page import Asset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.site.world import World

__all__ = ["pages"]


def pages(world: World) -> Iterator[Asset]:
    """Yield the descriptor and the tables, laid out as in the package, so that they are a package there too."""
    package = world.package
    yield Asset(address.download(DESCRIPTOR), descriptor_bytes(package.descriptor))
    for name, resource in package.resources.items():
        yield Asset(address.download(str(resource["path"])), package.read_bytes(name))
