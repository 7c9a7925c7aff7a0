"""The page for an address without one: it works out from the address where the site is, and leads on from there.

It is answered at any depth, so that no relative link on it holds: script and style are in the page, and its policy
allows these two by their hashes.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from readouts.publish.site import address
from readouts.publish.site.page import LISTS, Page
from readouts.publish.site.serving import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.publish.site.context import SiteContext

__all__ = ["pages"]

_FOLDERS = (*address.KINDS, "issuers", "pairs", "package", "search", "static")
"""The folders of a site: the first of them in an address is below the front page."""


def pages(site: SiteContext) -> Iterator[Page]:
    """Yield the page."""
    from markupsafe import Markup

    del site
    inside = {name: (files(__package__) / "templates" / f"missing.{name}").read_text("utf-8") for name in ("css", "js")}
    hashes = {name: b64encode(sha256(text.encode()).digest()).decode() for name, text in inside.items()}
    values = {
        "title": "There is no such page",
        # Files of ours.
        "inside": {name: Markup(text) for name, text in inside.items()},  # noqa: S704
        "hashes": {name: Markup(text) for name, text in hashes.items()},  # noqa: S704
        "folders": _FOLDERS,
        "lists": [(kind, title, address.listing(kind)) for kind, title in LISTS.items()],
        "search": address.SEARCH,
    }
    yield Page(MISSING, "missing.html", values)
