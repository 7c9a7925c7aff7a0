"""Where pages are looked at: on which screens, and from the disk or from a server."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from readouts.publish.site.serving import address_of, server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import ViewportSize

__all__ = ["DESKTOP", "NARROW", "PHONE", "SCHEMES", "WIDE", "site_at"]

SCHEMES = ["file", pytest.param("http", marks=pytest.mark.slow)]
"""Where sites are visited: on disk, which allows a page least, and, in the tests that run apart, on a server."""

NARROW: ViewportSize = {"width": 320, "height": 600}
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
WIDE: ViewportSize = {"width": 2560, "height": 1440}


@contextmanager
def site_at(folder: Path, scheme: str) -> Iterator[str]:
    """Give the address of a site's folder, from the disk or from the server that `readouts site --serve` runs."""
    if scheme == "file":
        yield folder.as_uri() + "/"
        return
    with server(folder, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield address_of(running)
        finally:
            running.shutdown()
            thread.join()
