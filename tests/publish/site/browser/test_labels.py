"""Labels in a real browser: what they mean is reached by keyboard and by touch, not by pointing at them alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.publish.site.browser.screens import PHONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.publish.site.browser.browsing import Reading

EVENT = "events/call-2014-03-06.html"
STATEMENT = "statements/zero-hedge-2014-03-06.s21.html"


def test_a_label_leads_to_its_meaning_by_keyboard(reading: Reading) -> None:
    page = reading.open(EVENT)
    label = page.locator(".tag[href$='#certainty-possible']").first
    label.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary.html#certainty-possible")
    assert page.locator(":target").inner_text().split("\n") == ["possible", "As possible."]
    page.go_back()
    assert reading.place == EVENT


@pytest.mark.parametrize(
    ("path", "label", "meaning"),
    [
        (EVENT, ".verdict.contradicts .verdict-words", "Both can't be true"),
        (EVENT, ".tag[href$='#certainty-possible']", "As possible."),
        (STATEMENT, ".codes a[href*='modality-']", "As a fact."),
    ],
)
def test_a_label_leads_to_its_meaning_by_touch(
    visit: Callable[..., Reading], published_site: Path, path: str, label: str, meaning: str
) -> None:
    reading = visit(published_site.as_uri() + "/", viewport=PHONE, has_touch=True)
    page = reading.open(path)
    page.locator(label).first.tap()
    page.wait_for_url("**/glossary.html#*")
    assert meaning in page.locator(":target").inner_text()


def test_the_labels_of_an_event_are_explained_on_its_page_without_javascript(
    visit: Callable[..., Reading], published_site: Path
) -> None:
    page = visit(published_site.as_uri() + "/", java_script_enabled=False).open(EVENT)
    summary = page.get_by_text("What the labels mean")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("A claim of the other side contradicts it.").is_visible()
