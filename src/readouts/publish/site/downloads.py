"""The files of the release, copied into the site for download: as published, without quotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.table.canonical_csv import descriptor_bytes
from readouts.publish.site import address
from readouts.publish.site.page import Asset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.publish.site.context import SiteContext

__all__ = ["pages"]


def pages(site: SiteContext) -> Iterator[Asset]:
    """Yield the descriptor and the tables, laid out as in the package, so that they are a package there too."""
    package = site.data.package
    yield Asset(address.download(DESCRIPTOR), descriptor_bytes(package.descriptor))
    for name, resource in package.resources.items():
        yield Asset(address.download(str(resource.descriptor["path"])), package.read_bytes(name))
