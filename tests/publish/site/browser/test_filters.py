"""The filters of an event, in a real browser: what they show beside what was asked for, and on which page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from readouts.loaders import open_corpus
from readouts.publish.site.building import build_site
from tests.publish.site.altered import altered
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from readouts.datapackage.package.package import Row
    from tests.publish.site.browser.browsing import Reading

EVENT = "events/call-2014-03-06.html"
STATUS = "[data-filters-status]"


def _many(rows: list[Row]) -> list[Row]:
    """Return the statements, and so many more that the event has several pages."""
    first = next(row for row in rows if row["event_id"] == "call-2014-03-06")
    return [
        *rows,
        *(
            {**first, "statement_id": f"moscow-times-2014-03-07.t{number:04d}", "summary": f"No {number}. " + "Ж" * 150}
            for number in range(600)
        ),
    ]


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a site in which the event has several pages."""
    folder: Path = tmp_path_factory.mktemp("paged")
    build_site(open_corpus(altered(small_package(), folder / "package", {"statements": _many})), folder / "site")
    return f"{(folder / 'site').as_uri()}/"


def _unfolded(page: Page) -> Page:
    page.locator(".filters summary").click()
    return page


def _seen(page: Page, selector: str) -> int:
    return page.locator(f"{selector}:visible").count()


@pytest.mark.slow
def test_a_verdict_is_never_shown_without_what_it_is_about(reading: Reading) -> None:
    page = reading.open(f"{EVENT}#side=b")
    assert _seen(page, ".verdict") > 3
    for verdict in page.locator("[data-pair]:visible").all():
        line = verdict.locator("xpath=ancestor::*[@data-row][1]")
        assert line.locator(".left article:visible").count() >= 1
        assert verdict.locator(".right article:visible").count() >= 1
    for line in page.locator(".line.both:visible").all():
        assert line.locator("article:visible").count() >= 2 or line.locator(".joint article:visible").count() == 1
    # What was not asked for is told from what was.
    assert _seen(page, "[data-aside] article") > 0
    assert page.locator("[data-aside] article[data-side=b]:visible").count() == 0


def test_the_first_statement_that_is_shown_of_a_claim_is_shown_in_full(reading: Reading) -> None:
    page = reading.open(f"{EVENT}#outlet=The+Moscow+Times")
    for claim in page.locator(":is(.left, .right, .joint, .claim):has(> article)").all():
        first = claim.locator("> article:visible").first
        if first.count():
            assert "further" not in (first.get_attribute("class") or "")
    page.get_by_role("button", name="Show all").click()
    assert _seen(page, "article.further") > 0


@pytest.mark.parametrize("link", ["#content", "#accounts"])
def test_a_link_within_the_page_leaves_what_was_chosen(reading: Reading, link: str) -> None:
    page = reading.open(f"{EVENT}#side=b")
    before = page.locator(STATUS).inner_text()
    page.evaluate("link => { window.location.hash = link }", link)
    page.wait_for_timeout(100)
    assert page.locator(STATUS).inner_text() == before
    assert page.locator("input[name=side][value=b]").is_checked()


def test_choices_are_of_the_whole_event_and_lead_to_the_pages_that_have_them(
    visit: Callable[..., Reading], paged: str
) -> None:
    reading = visit(paged)
    page = _unfolded(reading.open(EVENT))
    topics = page.get_by_role("group", name="Topic").locator("label").all_inner_texts()
    second = _unfolded(reading.open(EVENT.replace(".html", "--2.html")))
    assert second.get_by_role("group", name="Topic").locator("label").all_inner_texts() == topics

    page = _unfolded(reading.open(EVENT))
    page.get_by_role("group", name="Certainty").locator("label").first.click()
    assert re.search(r"of \d+ statements of this page", page.locator(STATUS).inner_text())
    links = page.locator("[data-filters-pages] a:visible")
    assert links.count() >= 1
    links.first.click()
    assert re.search(r"--\d+\.html#certainty=", reading.place)
    assert page.get_by_role("group", name="Certainty").locator("input").first.is_checked()
    page.locator(".pager a[rel=prev]").first.click()
    assert "#certainty=" in reading.place


@pytest.mark.slow
def test_what_was_shown_before_is_linked_where_it_stands(visit: Callable[..., Reading], paged: str) -> None:
    reading = visit(paged)
    seen, number = 0, 1
    while True:
        page = reading.open(EVENT if number == 1 else EVENT.replace(".html", f"--{number}.html"))
        for link in page.locator(".voice.again .evidence a").all():
            target = link.get_attribute("href") or ""
            seen += 1
            if target.startswith("#"):
                assert page.locator(f"[id='{target[1:]}']").count() == 1
            else:
                assert "on page" in link.inner_text()
        if not page.locator(".pager a[rel=next]").count():
            break
        number += 1
    assert number > 1
    assert seen > 0
