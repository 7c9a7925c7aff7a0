"""What holds on every kind of page: axe finds nothing serious, it fits any screen, and nothing hostile runs."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from tests.publish.site.browser.conftest import visiting
from tests.publish.site.browser.hostile import HOSTILE
from tests.publish.site.browser.screens import DESKTOP, NARROW, PHONE, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.publish.site.browser.browsing import Chromium, Reading

KINDS = (
    "index.html",
    "about.html",
    "datasheet.html",
    "guideline.html",
    "glossary.html",
    "events.html",
    "events/call-2014-03-06.html",
    "statements.html",
    "statements/zero-hedge-2014-03-06.s21.html",
    "entities.html",
    "entities/barack-obama.html",
    "articles.html",
    "articles/zero-hedge-2014-03-06.html",
    "tables.html",
    "tables/events.html#sort=date&filter=call",
    "releases.html",
    "releases/1.1.0.html",
    "releases/1.1.0--changes.html",
    "search.html#q=putin",
)


STATE = """() => ({
  hacked: window.hacked,
  text: document.body.innerText,
  strange: [...document.querySelectorAll('img, iframe, object, embed, base, body script, [onerror], [onmouseover]')]
    .map(each => each.outerHTML),
  protocols: [...document.querySelectorAll('a')]
    .map(each => new URL(each.getAttribute('href'), document.baseURI).protocol),
})"""
"""What a page has that it should not have."""


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, as the distribution axe-playwright-python has it."""
    pytest.importorskip("axe_playwright_python", reason="axe is not here: pip install axe-playwright-python")
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def found_by(axe: str, reading: Reading, *rules: str) -> list[str]:
    """Return what axe finds serious or critical on a page, and where; of some rules or of all."""
    page = reading.page
    page.evaluate(axe)
    # It would fetch stylesheets once more, which a page may not.
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    violations: list[dict[str, Any]] = page.evaluate(
        "async options => (await axe.run(options)).violations", options | ({"runOnly": [*rules]} if rules else {})
    )
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in violations
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"][:5]
    ]


def settled(reading: Reading, path: str) -> None:
    """Open a page and wait until its script has shown what the address asks for."""
    reading.open(path)
    if path.startswith("search.html#"):
        reading.page.locator(".result").first.wait_for()


def serious(
    visit: Callable[..., Reading], site: Path, axe: str, *rules: str, kinds: Sequence[str] = KINDS, **how: Any
) -> dict[str, list[str]]:
    """Return what axe finds on each kind of page."""
    reading = visit(site.as_uri() + "/", **how)
    found = {}
    for path in kinds:
        settled(reading, path)
        found[path] = found_by(axe, reading, *rules)
    return {path: problems for path, problems in found.items() if problems}


@pytest.mark.slow
def test_axe_finds_nothing_serious(visit: Callable[..., Reading], published_site: Path, axe: str) -> None:
    assert serious(visit, published_site, axe) == {}


@pytest.mark.slow
def test_axe_finds_enough_contrast_in_the_dark(visit: Callable[..., Reading], published_site: Path, axe: str) -> None:
    # The lists have the colours of what they list, and the page of changes is that of `readouts diff`.
    kinds = [path for path in KINDS if "/" in path and "--" not in path]
    kinds += ["index.html", "about.html", "glossary.html", "search.html#q=putin"]
    assert serious(visit, published_site, axe, "color-contrast", kinds=kinds, color_scheme="dark") == {}


@pytest.mark.slow
def test_axe_finds_nothing_serious_on_a_phone(visit: Callable[..., Reading], published_site: Path, axe: str) -> None:
    rules = ("target-size", "scrollable-region-focusable", "aria-hidden-focus")
    kinds = [path for path in KINDS if "--" not in path]
    assert serious(visit, published_site, axe, *rules, kinds=kinds, viewport=PHONE) == {}


def test_axe_does_find_what_is_wrong(visit: Callable[..., Reading], published_site: Path, axe: str) -> None:
    reading = visit(published_site.as_uri() + "/")
    reading.open("search.html")
    reading.page.evaluate("document.querySelector('label').remove()")
    assert any(problem.startswith("label:") for problem in found_by(axe, reading))


SCREENS = {"narrow": NARROW, "phone": PHONE, "desktop": DESKTOP, "wide": WIDE}


@pytest.fixture(scope="module")
def widths(browser: Chromium, published_site: Path) -> dict[str, dict[str, int]]:
    """By how many pixels each kind of page is wider than each screen; each is opened once, and seen on all of them."""
    found: dict[str, dict[str, int]] = {name: {} for name in SCREENS}
    with visiting(browser) as visit:
        reading = visit(published_site.as_uri() + "/", viewport=NARROW)
        for path in KINDS:
            settled(reading, path)
            for name, screen in SCREENS.items():
                # What is painted takes most of the time, and how wide a page is depends on no height and no colour.
                reading.page.set_viewport_size({**screen, "height": 300})
                width = "document.scrollingElement.scrollWidth - window.innerWidth"
                found[name][path] = reading.page.evaluate(width)
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_scrolls_sideways(widths: dict[str, dict[str, int]], screen: str) -> None:
    assert list(widths[screen]) == list(KINDS)
    assert {path: beyond for path, beyond in widths[screen].items() if beyond > 0} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_drawn_as_the_system_has_it(visit: Callable[..., Reading], published_site: Path, scheme: str) -> None:
    reading = visit(published_site.as_uri() + "/", color_scheme=scheme)
    reading.open("index.html")
    ground = reading.page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number)")
    assert (sum(ground) < 150) is (scheme == "dark")


@pytest.mark.slow
def test_hostile_texts_are_shown_and_run_nothing(
    visit: Callable[..., Reading], hostile: str, hostile_site: Path
) -> None:
    reading = visit(hostile)
    page = reading.page
    seen = ""
    pages = sorted(path.relative_to(hostile_site).as_posix() for path in hostile_site.rglob("*.html"))
    # What a server sends are the same bytes: some pages tell whether it says of them what it should.
    for path in pages if hostile.startswith("file:") else pages[::4]:
        page.goto(hostile + path)
        state: dict[str, Any] = page.evaluate(STATE)
        assert state["hacked"] is None, path
        assert state["strange"] == [], path
        assert {*state["protocols"]} <= {"http:", "https:", "file:"}, path
        seen += state["text"]
    for text in HOSTILE[:2]:
        assert text in seen
    # Marks that turn the direction of a line are written out.
    assert "\u202e" not in seen
    assert "\\u202e" in seen


@pytest.mark.slow
def test_hostile_texts_are_found_sorted_and_filtered_as_text(visit: Callable[..., Reading], hostile: str) -> None:
    reading = visit(hostile)
    page = reading.open("search.html")
    box = page.get_by_role("searchbox")
    for asked in ("window hacked", "lodz", "ŁÓDŹ", "київ", "القاهرة", "שלום"):
        box.fill(asked)
        page.get_by_text(" result").first.wait_for()
        page.locator(".result").first.wait_for()
        box.fill("")
        page.locator(".result").first.wait_for(state="detached")
    reading.open("tables/entities.html#filter=script&sort=name")
    assert page.locator("table.rows tbody tr").count() > 0
    assert page.evaluate("window.hacked") is None
