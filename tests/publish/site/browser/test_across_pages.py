"""Pages across events in a browser: axe finds nothing serious, and they fit any screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.publish.site.browser.screens import NARROW, PHONE
from tests.publish.site.browser.test_site_pages import axe, serious

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.publish.site.browser.browsing import Reading

pytestmark = pytest.mark.slow
__all__ = ["axe"]

KINDS = (
    "patterns.html",
    "patterns/russia--united-states--in-tension.html",
    "patterns/united-states--china.html",
    "issuers.html",
    "issuers/white-house.html",
    "pairs.html",
    "pairs/china--united-states.html",
    "calendar.html",
    "events/call-biden-xi-2022-03-18.html",
)


def test_axe_finds_nothing_serious(visit: Callable[..., Reading], published_site: Path, axe: str) -> None:
    assert serious(visit, published_site, axe, kinds=KINDS) == {}
    assert serious(visit, published_site, axe, "color-contrast", kinds=KINDS, color_scheme="dark") == {}
    rules = ("target-size", "scrollable-region-focusable", "aria-hidden-focus")
    assert serious(visit, published_site, axe, *rules, kinds=KINDS, viewport=PHONE) == {}


def test_no_page_scrolls_sideways(visit: Callable[..., Reading], published_site: Path) -> None:
    reading = visit(published_site.as_uri() + "/", viewport=NARROW)
    width = "document.scrollingElement.scrollWidth - window.innerWidth"
    assert {path: beyond for path in KINDS if (beyond := reading.open(path).evaluate(width)) > 0} == {}


def test_everything_is_there_without_javascript(visit: Callable[..., Reading], published_site: Path) -> None:
    reading = visit(published_site.as_uri() + "/", java_script_enabled=False, viewport=PHONE)
    page = reading.open("calendar.html")
    page.get_by_role("link", name="17").click()
    assert reading.place == "calendar.html#y2014-03"
    page = reading.open("patterns.html")
    page.get_by_role("link", name="381 of 424").first.click()
    assert re.fullmatch(r"patterns/united-states--china(--2)?\.html#topic-relations", reading.place)
