"""What tests of the site in a real browser share: Chromium, sites, and readers of them.

The tests are skipped, and say so, where Playwright or Chromium is missing: `pip install playwright` brings the one, and
READOUTS_CHROMIUM names the other where it isn't the command `chromium`.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from readouts.loaders import open_corpus
from readouts.publish.site.building import build_site
from tests.conftest import ROOT
from tests.publish.site.browser.browsing import Reading
from tests.publish.site.browser.hostile import hostile_package
from tests.publish.site.browser.screens import DESKTOP, SCHEMES, site_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser


# The browser runs as long as the tests of one file and no longer: while it does, no other test could use asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not here: pip install playwright")
    program = os.environ.get("READOUTS_CHROMIUM") or shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not here: install it, or set READOUTS_CHROMIUM to the program")
    with sync_api.sync_playwright() as playwright:
        # Chromium's own sandbox doesn't work for root, as which tests run in containers.
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def published_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the corpus of this project."""
    folder = tmp_path_factory.mktemp("published") / "site"
    build_site(open_corpus(ROOT), folder)
    return folder


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory, invented_package: Path) -> Path:
    """The site of a package whose every text tries to be more than text."""
    folder = tmp_path_factory.mktemp("hostile")
    build_site(open_corpus(hostile_package(invented_package, folder / "package")), folder / "site")
    return folder / "site"


@pytest.fixture(scope="module", params=SCHEMES)
def published(request: pytest.FixtureRequest, published_site: Path) -> Iterator[str]:
    """The address of the corpus's site, once on disk and once on a server."""
    with site_at(published_site, request.param) as address:
        yield address


@pytest.fixture(scope="module", params=SCHEMES)
def hostile(request: pytest.FixtureRequest, hostile_site: Path) -> Iterator[str]:
    """The address of the hostile site, once on disk and once on a server."""
    with site_at(hostile_site, request.param) as address:
        yield address


@contextmanager
def visiting(browser: Browser) -> Iterator[Callable[..., Reading]]:
    """Give what visits a site: `visit(address, viewport=PHONE)`. In the end, nothing has gone wrong or left it."""
    readings = []

    def visited(address: str, **how: Any) -> Reading:
        context = browser.new_context(**{"viewport": DESKTOP, **how})
        context.set_default_timeout(30_000)
        reading = Reading(context.new_page(), address)
        reading.watch(context)
        readings.append(reading)
        return reading

    yield visited
    for reading in readings:
        reading.page.context.close()
        assert reading.errors == []
        assert reading.foreign == []


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Reading]]:
    """Visit a site: `visit(address, viewport=PHONE)`."""
    with visiting(browser) as visit:
        yield visit


@pytest.fixture
def reading(visit: Callable[..., Reading], published: str) -> Reading:
    """A reader of the corpus's site on a desktop screen."""
    return visit(published)
