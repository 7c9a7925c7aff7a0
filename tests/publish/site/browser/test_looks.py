"""What the stylesheets and pictures promise: in colours of the reader's own, on paper, and where labels are close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.publish.site.building import build_site
from readouts.publish.site.drawings import SHORTEST, fitted
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

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
    page.locator(".filters label").first.click()
    ready = [_style(page, button, name) for name in ("color", "border-top-style", "cursor")]
    assert all(one != other for one, other in zip(idle, ready, strict=True))


def test_no_dot_hangs_before_a_mark(visit: Callable[..., Reading], published_site: Path) -> None:
    page = visit(published_site.as_uri() + "/").open(EVENT)
    assert _style(page, ".further:has(.mark) .source", "content", "::after") == "none"
    assert "·" in _style(page, ".further:not(:has(.mark)) .source", "content", "::after")


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
  const marks = [...document.querySelectorAll('.timeline .point')].map(each => [each.textContent, each.getBBox()]);
  const met = (one, other) => one.x < other.x + other.width && other.x < one.x + one.width
    && one.y + 4 < other.y + other.height && other.y + 4 < one.y + one.height;
  return marks.flatMap(([name, one], place) =>
    marks.slice(place + 1).filter(([, other]) => met(one, other)).map(([other]) => [name, other]));
}"""

FARTHEST = """() => Math.max(...[...document.querySelectorAll('.timeline .point')]
  .map(each => each.getBBox().x + each.getBBox().width))"""


def test_labels_of_the_timeline_are_whole_and_meet_no_other(visit: Callable[..., Reading], tmp_path: Path) -> None:
    build_site(readouts.open(small_package()), tmp_path)
    page = visit(tmp_path.as_uri() + "/").open("index.html")
    labels = page.locator(".timeline .point text").all_text_contents()
    assert len(labels) > 10
    assert not [label for label in labels if "…" in label]
    assert page.evaluate(MET) == []
    # A line of a month passes behind them.
    assert _style(page, ".timeline .point text", "paint-order").startswith("stroke")
    assert page.evaluate(FARTHEST) <= 1000


def test_a_label_is_cut_to_its_room() -> None:
    title = "Economic summit planned for June"
    assert fitted(title, 40.0) == title
    assert fitted(title, 18.9) == "Economic summit p…"
    assert fitted(title, SHORTEST - 1) == ""
    assert fitted("", -3.0) == ""
