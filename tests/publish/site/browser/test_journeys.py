"""What readers do, in a real browser, with the site on disk and on a server."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from readouts.loaders import open_corpus
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.publish.site.browser.browsing import Reading

EVENT = "events/call-2014-03-06.html"


def rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((ROOT / "data" / f"{table}.csv").read_text(encoding="utf-8"))))


def shown(page: Page) -> list[str]:
    """Return the ids of the statements that can be seen, but for those in pale, which others stand against."""
    found: list[str] = page.locator("article[data-topic]:visible[id]").evaluate_all(
        "all => all.filter(each => !each.closest('[data-aside]')).map(each => each.id)"
    )
    return found


def column(page: Page, name: str) -> list[str]:
    """Return the cells of a column as they stand on the page."""
    place = page.locator("table.rows thead th").evaluate_all("all => all.map(each => each.dataset.name)").index(name)
    found: list[str] = page.locator("table.rows tbody tr").evaluate_all(
        f"all => all.map(row => row.cells[{place}].textContent)"
    )
    return found


def press_until(page: Page, selector: str, key: str = "Tab", most: int = 80) -> None:
    """Press a key until an element has the focus, as a reader without a mouse does."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} can't be reached with {key}")


def test_an_event_is_filtered_by_topic_and_the_filter_can_be_linked(reading: Reading) -> None:
    page = reading.open(EVENT)
    all_of_them = shown(page)
    wanted = {row["statement_id"] for row in rows("statements") if row["topic"] == "sovereignty"} & {*all_of_them}
    assert wanted
    assert wanted < {*all_of_them}

    page.locator(".filters summary").click()
    page.get_by_role("group", name="Topic").get_by_label(re.compile("sovereignty")).check()
    assert {*shown(page)} == wanted
    status = page.get_by_role("status")
    assert f"of {len(all_of_them)} statements" in status.inner_text()
    # No heading stands above nothing.
    assert page.locator("section.topic:visible").count() == len(
        page.locator("section.topic").filter(has=page.locator("article:visible")).all()
    )

    linked = reading.place
    assert linked == f"{EVENT}#topic=sovereignty"
    reading.open(linked)
    assert {*shown(page)} == wanted

    page.get_by_role("button", name="Show all").click()
    assert shown(page) == all_of_them
    assert reading.place == f"{EVENT}#"


def test_filters_of_several_kinds_are_joined_with_and_and_those_of_one_with_or(reading: Reading) -> None:
    page = reading.open(f"{EVENT}#topic=sovereignty&topic=talks&outlet=Zero+Hedge")
    topics = {row["statement_id"]: row["topic"] for row in rows("statements")}
    found = shown(page)
    assert {topics[name] for name in found} == {"sovereignty", "talks"}
    assert all(name.startswith("zero-hedge") for name in found)


def test_what_no_statement_has_is_said(reading: Reading) -> None:
    page = reading.open(f"{EVENT}#topic=military&certainty=possible")
    assert shown(page) == []
    assert page.locator("[data-filters-empty]").is_visible()
    assert page.get_by_role("status").inner_text().startswith("0 of ")


@pytest.mark.slow
def test_a_filter_works_by_keyboard(reading: Reading) -> None:
    page = reading.open(EVENT)
    press_until(page, ".filters summary")
    page.keyboard.press("Enter")
    press_until(page, "input[name=side][value=b]")
    page.keyboard.press("Space")
    assert all(page.locator(f"[id='{name}']").get_attribute("data-side") == "b" for name in shown(page))
    press_until(page, "button[type=reset]")
    page.keyboard.press("Enter")
    assert len(shown(page)) > 20


def test_a_link_to_a_statement_shows_it_whatever_was_filtered(reading: Reading) -> None:
    page = reading.open(f"{EVENT}#side=b")
    hidden = page.locator(".alone article[data-side=a][id]").first
    assert not hidden.is_visible()
    name = hidden.get_attribute("id")
    page.evaluate("name => { window.location.hash = name }", name)
    hidden.wait_for(state="visible")


def test_from_a_statement_to_its_speaker_and_back(reading: Reading) -> None:
    page = reading.open(EVENT)
    statement = page.locator("[id='zero-hedge-2014-03-06.s21']")
    statement.locator(".summary a").click()
    assert reading.place == "statements/zero-hedge-2014-03-06.s21.html"
    page.locator("main").get_by_role("link", name="Vladimir Putin", exact=True).first.click()
    assert reading.place == "entities/vladimir-putin.html"
    assert page.get_by_role("heading", level=1).inner_text() == "Vladimir Putin"
    page.go_back()
    page.go_back()
    assert reading.place == EVENT
    assert statement.is_visible()


def test_a_name_is_searched_and_landed_on(reading: Reading) -> None:
    page = reading.open("index.html")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Search").click()
    box = page.get_by_role("searchbox")
    box.fill("obama")
    page.locator(".result").first.wait_for()
    assert re.fullmatch(r"[0-9]+ results", page.get_by_role("status").inner_text())
    first = page.locator(".result").first
    assert first.locator("a").inner_text() == "Barack Obama"
    first.locator("a").click()
    assert reading.place == "entities/barack-obama.html"
    # Who goes back finds what was searched for.
    page.go_back()
    page.locator(".result").first.wait_for()
    assert box.input_value() == "obama"


def test_a_search_works_by_keyboard(reading: Reading) -> None:
    page = reading.open("search.html")
    page.get_by_role("searchbox").wait_for()
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("zero hed")
    page.locator(".result").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Zero Hedge"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Tab")
    press_until(page, ".result a", most=12)
    page.keyboard.press("Enter")
    page.wait_for_url("**/entities/zero-hedge.html")


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("sovereignty", "statement"),
        ("call 28 march", "call"),
        ("moscow times putin", "article"),
        ("alignments", "table"),
    ],
)
def test_everything_is_searched(reading: Reading, asked: str, kind: str) -> None:
    page = reading.open("search.html")
    page.get_by_role("searchbox").fill(asked)
    page.locator(".result-kind", has_text=re.compile(f"^{kind}$")).first.wait_for()


def test_a_search_that_finds_nothing_says_so_and_more_results_can_be_had(reading: Reading) -> None:
    page = reading.open("search.html")
    box = page.get_by_role("searchbox")
    box.fill("xyzzy")
    page.get_by_text("Nothing is found for “xyzzy”.").wait_for()
    box.fill("p")
    page.get_by_role("button", name="Show more results").click()
    page.locator(".result").nth(20).wait_for()
    assert page.evaluate("document.activeElement.closest('li') === document.querySelectorAll('.result')[20]")


@pytest.mark.slow
def test_a_table_sorts_by_any_column(reading: Reading) -> None:
    page = reading.open("tables/articles.html")
    expected = sorted(int(row["character_count"]) for row in rows("articles"))
    button = page.get_by_role("columnheader", name="character_count").get_by_role("button")
    head = page.locator("th[data-name=character_count]")
    before = column(page, "article_id")

    button.click()
    assert [int(cell) for cell in column(page, "character_count")] == expected
    assert head.get_attribute("aria-sort") == "ascending"
    assert reading.place == "tables/articles.html#sort=character_count"
    button.focus()
    page.keyboard.press("Enter")
    assert [int(cell) for cell in column(page, "character_count")] == expected[::-1]
    assert head.get_attribute("aria-sort") == "descending"
    assert page.get_by_role("status").inner_text() == f"{len(expected)} rows, by character_count, descending"
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") is None
    assert column(page, "article_id") == before


@pytest.mark.slow
def test_what_is_missing_stands_at_the_end_in_either_order(reading: Reading) -> None:
    page = reading.open("tables/statements.html#sort=addressee_id")
    for fragment in ("sort=addressee_id", "sort=addressee_id&order=descending"):
        reading.open(f"tables/statements.html#{fragment}")
        cells = column(page, "addressee_id")
        given = [cell for cell in cells if cell]
        assert 0 < len(given) < len(cells)
        assert cells[: len(given)] == given


@pytest.mark.slow
def test_a_table_of_several_pages_is_sorted_and_filtered_as_a_whole(reading: Reading) -> None:
    spans = rows("spans")
    page = reading.open("tables/spans--2.html")
    on_page = len(column(page, "span_id"))
    assert on_page < len(spans)
    page.get_by_label("Filter the rows").fill("boilerplate")
    wanted = sorted(row["span_id"] for row in spans if row["role"] == "boilerplate")
    page.get_by_text(f"{len(wanted):,} of {len(spans):,} rows").wait_for()
    assert column(page, "span_id") == wanted
    assert not page.get_by_role("navigation", name="Pages").first.is_visible()

    page.get_by_role("button", name="Reset").click()
    assert len(column(page, "span_id")) == on_page
    page.get_by_role("columnheader", name="end").get_by_role("button").click()
    page.get_by_text(f"{len(spans):,} rows, by end, ascending").wait_for()
    ends = [int(cell) for cell in column(page, "end")]
    assert ends == sorted(int(row["end"]) for row in spans)[: len(ends)]
    page.get_by_role("button", name="Show 500 more").click()
    assert len(column(page, "end")) == len(ends) + 500


@pytest.mark.slow
def test_links_of_rows_are_the_same_whether_the_page_or_the_script_brings_them(reading: Reading) -> None:
    page = reading.open("tables/spans.html")

    def links() -> dict[str, str]:
        found: list[tuple[str, str]] = page.locator("table.rows tbody a").evaluate_all(
            "all => all.map(each => [each.textContent, each.href])"
        )
        return dict(found)

    written = links()
    page.get_by_label("Filter the rows").fill(".")
    number = len(rows("spans"))
    page.get_by_text(f"{number:,} of {number:,} rows").wait_for()
    page.get_by_role("button", name="Show 500 more").click()
    loaded = links()
    assert written.items() <= loaded.items()


def test_a_downloaded_table_is_the_release_s(reading: Reading) -> None:
    if not reading.home.startswith("http"):
        # A browser saves nothing from the disk to the disk: the link leads to the file itself.
        page = reading.open("tables/statements.html")
        link = page.locator("[data-download]").get_attribute("href") or ""
        place = Path(reading.home.removeprefix("file://")) / "tables" / link
        assert place.resolve().read_bytes() == (ROOT / "data" / "statements.csv").read_bytes()
        return
    page = reading.open("tables/statements.html")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download statements.csv").click()
    saved = waiting.value
    assert saved.suggested_filename == "statements.csv"
    assert Path(saved.path()).read_bytes() == (ROOT / "data" / "statements.csv").read_bytes()
    assert len(open_corpus(ROOT).statements) == len(rows("statements"))


def test_the_theme_is_switched_by_keyboard_and_kept(reading: Reading) -> None:
    page = reading.open("index.html")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    press_until(page, "[data-theme-switch]")
    assert page.evaluate("document.activeElement.textContent") == "Theme: system"
    page.keyboard.press("Enter")
    assert page.evaluate(ground) == light
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.textContent") == "Theme: dark"
    dark = page.evaluate(ground)
    assert dark != light
    reading.open("tables.html")
    assert page.evaluate(ground) == dark
    page.get_by_role("button", name="Theme: dark").click()
    assert page.evaluate(ground) == light


def test_the_skip_link_leads_to_the_content(reading: Reading) -> None:
    page = reading.open(EVENT)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.slow
def test_everything_can_be_read_without_javascript(visit: Callable[..., Reading], published: str) -> None:
    reading = visit(published, java_script_enabled=False)
    page = reading.open(EVENT)
    assert page.locator("article[data-topic][id]").count() > 20
    for selector in ("[data-filters]", "[data-theme-switch]"):
        assert not page.locator(selector).is_visible()
    reading.open("tables/spans.html")
    assert page.locator("table.rows tbody tr").count() > 300
    assert not page.locator("[data-table-form]").is_visible()
    page.get_by_role("link", name="Next").first.click()
    assert reading.place == "tables/spans--2.html"
    reading.open("search.html")
    assert page.get_by_text("Searching needs JavaScript").is_visible()
    assert not page.get_by_role("searchbox").is_visible()
    page.locator("main").get_by_role("link", name="People & organisations").click()
    assert reading.place == "entities.html"
