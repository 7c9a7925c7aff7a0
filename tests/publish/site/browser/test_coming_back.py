"""Who opens a result of a search and comes back finds what was there, and the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.publish.site.browser.browsing import Reading

pytestmark = pytest.mark.slow


def test_results_that_were_shown_are_shown_again_at_the_same_place(reading: Reading) -> None:
    page = reading.open("search.html#q=p")
    results = page.locator(".result")
    results.first.wait_for()
    for number in (20, 40):
        page.get_by_role("button", name="Show more results").click()
        results.nth(number).wait_for()
    shown = results.count()
    opened = results.nth(45).locator("a")
    opened.scroll_into_view_if_needed()
    top = page.evaluate("window.scrollY")
    assert top > 1000
    title = opened.inner_text()
    opened.press("Enter")
    page.locator("h1").wait_for()
    page.go_back()
    results.nth(shown - 1).wait_for()
    page.wait_for_function("top => Math.abs(window.scrollY - top) < 5", arg=top)
    assert results.count() == shown
    assert page.evaluate("document.activeElement.innerText") == title


def test_a_new_question_begins_with_its_first_results(reading: Reading) -> None:
    page = reading.open("search.html#q=p")
    page.get_by_role("button", name="Show more results").click()
    page.locator(".result").nth(20).wait_for()
    page.get_by_role("searchbox").fill("pu")
    page.wait_for_url("**#q=pu")
    page.wait_for_function("document.querySelectorAll('.result').length <= 20")
    page.reload()
    page.locator(".result").first.wait_for()
    assert page.locator(".result").count() <= 20


def test_the_skip_link_leaves_what_was_searched(reading: Reading) -> None:
    page = reading.open("search.html#q=putin")
    page.locator(".result").first.wait_for()
    found = page.get_by_role("status").inner_text()
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert reading.place.endswith("#content")
    assert page.get_by_role("searchbox").input_value() == "putin"
    assert page.get_by_role("status").inner_text() == found
