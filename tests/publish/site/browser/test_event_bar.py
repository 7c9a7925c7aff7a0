"""The bar of groups, the index and the links of statements, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.publish.site.browser.screens import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.publish.site.browser.browsing import Reading

EVENT = "events/call-2014-03-06.html"
LONG = "events/meeting-biden-xi-2021-11-15.html"


def _groups(page: Page) -> set[str]:
    found: list[str] = page.locator("article[id][data-group]:visible:not([data-aside] *)").evaluate_all(
        "all => all.map(each => each.dataset.group)"
    )
    return set(found)


def test_a_part_of_the_bar_chooses_its_group_by_mouse_and_keyboard_and_the_address_keeps_it(reading: Reading) -> None:
    page = reading.open(EVENT)
    part = page.get_by_role("button", name="2 contradicted")
    part.click()
    assert part.get_attribute("aria-pressed") == "true"
    assert _groups(page) == {"contradicted"}
    assert reading.place == f"{EVENT}#group=contradicted"
    # No entry of the index leads to what isn't shown.
    assert page.locator(".index li:visible").all_inner_texts()[0] == "Contradicted"
    assert "Call" not in page.locator(".index li:visible").all_inner_texts()

    other = page.get_by_role("button", name="11 in tension")
    other.focus()
    page.keyboard.press("Space")
    assert _groups(page) == {"contradicted", "in_tension"}
    part.focus()
    page.keyboard.press("Enter")
    assert _groups(page) == {"in_tension"}

    reading.open(f"{EVENT}#group=both")
    assert _groups(page) == {"both"}
    page.get_by_role("button", name="Show all").click()
    assert len(_groups(page)) == 6


def test_a_segment_of_the_bar_does_what_its_legend_does(reading: Reading) -> None:
    page = reading.open(EVENT)
    page.locator(".groups svg a[data-choose=only_b]").click()
    assert _groups(page) == {"only_b"}
    assert page.locator(".groups svg a").evaluate_all("all => all.every(each => each.tabIndex < 0)")


@pytest.mark.slow
def test_a_group_that_is_on_another_page_is_shown_there(visit: Callable[..., Reading], published_site: Path) -> None:
    reading = visit(published_site.as_uri() + "/")
    page = reading.open(LONG.replace(".html", "--2.html"))
    page.get_by_role("button", name="14 in tension").click()
    page.wait_for_url("**#group=in_tension")
    assert reading.place == f"{LONG}#group=in_tension"
    assert _groups(page) == {"in_tension"}


@pytest.mark.slow
def test_without_javascript_the_parts_of_the_bar_lead_to_claims(
    visit: Callable[..., Reading], published_site: Path
) -> None:
    reading = visit(published_site.as_uri() + "/", java_script_enabled=False)
    page = reading.open(EVENT)
    page.get_by_role("link", name="2 contradicted").click()
    target = reading.place.partition("#")[2]
    assert page.locator(f"[id='{target}']").is_visible()
    page.locator(f"[id='{target}'] summary").click()
    assert target in page.locator(f"[id='{target}'] .cite p").inner_text()
    assert page.locator(".index ol").is_visible()


@pytest.mark.slow
def test_the_index_stays_in_sight_and_shows_what_is_read_and_is_closed_on_a_phone(
    visit: Callable[..., Reading], published_site: Path
) -> None:
    home = published_site.as_uri() + "/"
    page = visit(home).open(EVENT)
    page.locator(".index").get_by_role("link", name="sanctions").click()
    page.locator(".index a[aria-current]", has_text="Sanctions").wait_for()
    assert page.locator(".index").bounding_box() is not None
    top = page.locator(".index").evaluate("each => each.getBoundingClientRect().top")
    assert 0 <= top < 60

    page = visit(home, viewport=PHONE).open(EVENT)
    assert not page.locator(".index ol").is_visible()
    page.locator(".index summary").click()
    page.locator(".index").get_by_role("link", name="sanctions").click()
    page.wait_for_timeout(900)
    assert not page.locator(".index ol").is_visible()
    assert page.locator(".index").evaluate("each => Math.round(each.getBoundingClientRect().top)") == 0


def test_a_link_is_copied_and_said_so(reading: Reading) -> None:
    page = reading.open(EVENT)
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => { window.copied = text; }}})"
    )
    link = page.locator("article[id] .copy").first
    address = link.evaluate("each => each.href")
    link.click()
    page.get_by_text("Link copied").first.wait_for()
    assert page.evaluate("window.copied") == address
    assert page.get_by_text("Copy link").count() > 10


def test_where_nothing_can_be_copied_the_link_leads_to_its_place_and_says_so(reading: Reading) -> None:
    page = reading.open(EVENT)
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined}); document.execCommand = () => false"
    )
    link = page.locator("article[id] .copy").first
    target = link.get_attribute("href")
    link.click()
    page.get_by_text("Copy it from the address bar").first.wait_for()
    assert reading.place == f"{EVENT}{target}"
