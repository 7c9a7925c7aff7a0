"""What the stylesheets and pictures promise: in colours of the reader's own, on paper, and where labels are close."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.publish.site.browser.screens import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, ViewportSize

    from tests.publish.site.browser.browsing import Reading

pytestmark = pytest.mark.slow

EVENT = "events/call-2014-03-06.html"


def _style(page: Page, selector: str, name: str, pseudo: str = "") -> str:
    found: str = page.locator(selector).first.evaluate(
        "(element, [name, pseudo]) => getComputedStyle(element, pseudo || null).getPropertyValue(name)", [name, pseudo]
    )
    return found


def test_forced_colours_leave_the_current_page_and_the_legend(
    visit: Callable[..., Reading], published_site: Path
) -> None:
    page = visit(published_site.as_uri() + "/", forced_colors="active").open(EVENT)
    ground = _style(page, "body", "background-color")
    assert _style(page, ".masthead nav a:not([aria-current])", "border-bottom-color") == ground
    assert _style(page, ".masthead nav a[aria-current]", "border-bottom-color") != ground
    swatches = {
        _style(page, f".legend .key-{key}", "background-color", "::before")
        for key in ("only_a", "contradicted", "only_b")
    }
    assert len(swatches - {ground}) == 3


def test_a_button_that_does_nothing_looks_so(visit: Callable[..., Reading], published_site: Path) -> None:
    page = visit(published_site.as_uri() + "/").open(EVENT)
    button = ".filters [type=reset]"
    idle = [_style(page, button, name) for name in ("color", "border-top-style", "cursor")]
    page.locator(".legend [data-choose]").first.click()
    ready = [_style(page, button, name) for name in ("color", "border-top-style", "cursor")]
    assert all(one != other for one, other in zip(idle, ready, strict=True))


def test_a_filtered_event_says_so_on_paper_and_another_says_nothing(
    visit: Callable[..., Reading], published_site: Path
) -> None:
    reading = visit(published_site.as_uri() + "/")
    page = reading.open(f"{EVENT}#side=b")
    page.emulate_media(media="print")
    assert page.locator("[data-filters-status]").is_visible()
    assert page.locator(".filters label:visible").all_inner_texts() == [
        page.locator(".filters label:has(:checked)").inner_text()
    ]
    assert page.locator(".filters :is(input, button):visible").count() == 0
    page = reading.open(EVENT)
    assert not page.locator(".filters").is_visible()


MET = """() => {
  const marks = [...document.querySelectorAll('.timeline circle')].map(each => each.getBoundingClientRect());
  const met = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
  return marks.flatMap((one, place) => marks.slice(place + 1).filter(other => met(one, other))).length;
}"""

CUT = """() => [...document.querySelectorAll('.timeline .row :is(text, .label, .quiet)')]
  .filter(each => each.getBoundingClientRect().right > window.innerWidth || each.scrollWidth > each.clientWidth + 1)
  .map(each => each.textContent)"""


@pytest.mark.parametrize("screen", [PHONE, DESKTOP])
def test_marks_of_the_timeline_meet_no_other_and_its_labels_are_whole(
    visit: Callable[..., Reading], published_site: Path, screen: ViewportSize
) -> None:
    page = visit(published_site.as_uri() + "/", viewport=screen).open("index.html")
    assert page.locator(".timeline circle").count() > 40
    assert page.evaluate(MET) == 0
    assert page.evaluate(CUT) == []
    months = page.locator(".timeline svg text").evaluate_all("all => all.map(each => each.getBoundingClientRect())")
    assert all(one["right"] < other["left"] for one, other in pairwise(months))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
