"""Tables in a real browser: how they sort, what a reader sees of a value, and what reaches the paper."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.publish.site.browser.screens import DESKTOP, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.publish.site.browser.browsing import Reading

pytestmark = pytest.mark.slow

PAPER = {"width": 720, "height": 1000}
"""What a sheet of A4 has between its margins."""


def _rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((ROOT / "data" / f"{table}.csv").read_text(encoding="utf-8"))))


def _last(page: Page) -> list[str]:
    found: list[str] = page.locator("table.rows tbody tr").evaluate_all(
        "all => all.map(row => row.cells[row.cells.length - 1].textContent)"
    )
    return found


@pytest.mark.parametrize("table", ["accounts", "carriages", "entities"])
def test_the_last_column_sorts_as_the_others_do(reading: Reading, table: str) -> None:
    name = [*_rows(table)[0]][-1]
    given = [row[name] for row in _rows(table)]
    page = reading.open(f"tables/{table}.html")
    assert _last(page) == given
    for order in ("", "&order=descending"):
        cells = _last(reading.open(f"tables/{table}.html#sort={name}{order}"))
        filled = [cell for cell in given if cell]
        assert "" not in cells[: len(filled)]
        assert cells[len(filled) :] == [""] * (len(given) - len(filled))
        if name == "end":
            assert cells[: len(filled)] == sorted(filled, key=int, reverse=bool(order))


@pytest.mark.parametrize("link", ["Skip to the content", "Codebook"])
def test_a_link_within_the_page_leaves_what_was_asked_of_a_table(reading: Reading, link: str) -> None:
    page = reading.open("tables/statements.html#filter=ukraine&sort=start")
    status = page.get_by_role("status").inner_text()
    assert "“ukraine”, by start" in status
    page.get_by_role("link", name=link, exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert "=" not in reading.place
    assert page.get_by_role("status").inner_text() == status
    page.go_back()
    page.evaluate("window.location.hash = ''")
    page.locator("[data-table-reset]").wait_for(state="hidden")


COVERED = """async () => {
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const link = document.activeElement;
  const row = link.closest('tbody tr');
  if (!row) { return null; }
  const area = link.getBoundingClientRect();
  const head = document.querySelector('table.rows thead th').getBoundingClientRect();
  const first = row.cells[0];
  const side = first.contains(link) ? -Infinity : first.getBoundingClientRect().right;
  return area.top < head.bottom - 1 || area.left < side - 1;
}"""


def test_what_has_the_focus_lies_under_no_head(visit: Callable[..., Reading], published_site: Path) -> None:
    page = visit(published_site.as_uri() + "/", viewport=DESKTOP).open("tables/relations.html")
    page.locator("table.rows tbody tr").nth(40).locator("a").last.focus()
    covered = []
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        covered.append(page.evaluate(COVERED))
    assert covered == [False] * 60


def test_a_hash_is_found_by_its_whole_value_and_can_be_read(reading: Reading) -> None:
    digest = _rows("spans")[500]["skeleton_sha256"]
    page = reading.open("tables/spans.html")
    cell = page.locator("table.rows tbody .hash").first
    assert len(cell.text_content() or "") == 64
    short = cell.bounding_box()
    assert short is not None
    assert short["width"] < 200
    page.get_by_role("button", name="Whole values").click()
    assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth")
    page.get_by_label("Filter the rows").fill(digest)
    found = page.locator("table.rows tbody tr")
    page.get_by_text(f"rows with “{digest}”").wait_for()
    assert found.count() == sum(digest in row.values() for row in _rows("spans"))
    assert found.first.locator(".hash").first.text_content() == digest


def test_without_scripts_whole_hashes_are_in_sight(visit: Callable[..., Reading], published_site: Path) -> None:
    page = visit(published_site.as_uri() + "/", java_script_enabled=False).open("tables/articles.html")
    cell = page.locator("table.rows tbody .hash").first
    box = cell.bounding_box()
    assert box is not None
    assert box["width"] > 300


def test_rows_are_one_line_high_on_a_phone_until_whole_values_are_asked_for(
    visit: Callable[..., Reading], published_site: Path
) -> None:
    page = visit(published_site.as_uri() + "/", viewport=PHONE).open("tables/statements.html")
    highest = "Math.max(...[...document.querySelectorAll('table.rows tbody tr')].map(row => row.offsetHeight))"
    assert page.evaluate(highest) < 40
    button = page.get_by_role("button", name="Whole values")
    button.press("Enter")
    assert button.get_attribute("aria-pressed") == "true"
    assert page.evaluate(highest) > 50


def test_a_table_and_its_rows_have_names(reading: Reading) -> None:
    page = reading.open("tables/spans.html")
    assert page.get_by_role("table", name="Rows").is_visible()
    for fragment in ("", "#sort=end"):
        reading.open(f"tables/spans.html{fragment}")
        assert page.locator("table.rows tbody tr").first.get_by_role("rowheader").count() == 1


BEYOND = """() => [...document.querySelectorAll('table.rows :is(th, td)')]
  .filter(cell => cell.offsetParent !== null)
  .filter(cell => cell.getBoundingClientRect().right > window.innerWidth || cell.scrollWidth > cell.clientWidth + 1)
  .map(cell => cell.textContent)"""


@pytest.mark.parametrize(
    "table", ["accounts", "attributions", "entities", "events", "participants", "relations", "spans", "statements_wide"]
)
def test_nothing_of_a_table_is_cut_on_paper(visit: Callable[..., Reading], published_site: Path, table: str) -> None:
    page = visit(published_site.as_uri() + "/", viewport=PAPER).open(f"tables/{table}.html")
    page.emulate_media(media="print")
    assert page.evaluate(BEYOND) == []
    names = page.locator("table.rows thead th").evaluate_all("all => all.map(each => each.dataset.name)")
    if len(names) > 8:
        # Each value stands below its row's name, with its own name before it.
        contents = (
            page.locator("table.rows tbody tr")
            .first.locator("> *")
            .evaluate_all("all => all.map(each => getComputedStyle(each, '::before').content)")
        )
        assert contents == [f'"{name}"' for name in names]
    else:
        assert page.locator("table.rows thead").is_visible()


def test_a_filtered_table_says_so_on_paper(visit: Callable[..., Reading], published_site: Path) -> None:
    page = visit(published_site.as_uri() + "/", viewport=PAPER).open("tables/statements.html#filter=ukraine")
    page.emulate_media(media="print")
    assert page.get_by_role("status").inner_text().endswith("rows with “ukraine”")
    assert page.get_by_role("status").is_visible()
    assert not page.get_by_role("searchbox").is_visible()
