"""What tests of the site in a real browser share: Chromium, sites, and readers of them.

The tests are skipped, and say so, where Playwright or Chromium is missing: `pip install playwright` brings the one, and
READOUTS_CHROMIUM names the other where it isn't the command `chromium`.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from readouts.loaders import open_corpus
from readouts.publish.site.building import build_site
from tests.publish.site.browser.browsing import Chromium, Reading
from tests.publish.site.browser.hostile import hostile_package
from tests.publish.site.browser.screens import SCHEMES, site_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


CHROMIUM = Chromium()
HERE = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Close the browser behind the tests of this folder: while it runs, no other test could use asyncio."""
    if nextitem is None or HERE not in nextitem.path.parents:
        CHROMIUM.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """Chromium, without a window."""
    pytest.importorskip("playwright.sync_api", reason="Playwright is not here: pip install playwright")
    if CHROMIUM.program is None:
        pytest.skip("Chromium is not here: install it, or set READOUTS_CHROMIUM to the program")
    yield CHROMIUM
    CHROMIUM.close()


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
def visiting(browser: Chromium) -> Iterator[Callable[..., Reading]]:
    """Give what visits a site: `visit(address, viewport=PHONE)`. In the end, nothing has gone wrong or left it."""
    readings: list[Reading] = []

    def visited(address: str, **how: Any) -> Reading:
        readings.append(browser.reading(address, **how))
        return readings[-1]

    yield visited
    for reading in readings:
        browser.leave(reading)
        assert reading.errors == []
        assert reading.foreign == []


@pytest.fixture
def visit(browser: Chromium) -> Iterator[Callable[..., Reading]]:
    """Visit a site: `visit(address, viewport=PHONE)`."""
    with visiting(browser) as visit:
        yield visit


@pytest.fixture
def reading(visit: Callable[..., Reading], published: str) -> Reading:
    """A reader of the corpus's site on a desktop screen."""
    return visit(published)
