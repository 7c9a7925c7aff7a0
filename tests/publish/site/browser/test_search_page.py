"""The search page in a browser: what it finds first, kinds to choose from, and ways on; and the page for no address."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from readouts.publish.site.search_index import phrase, words
from tests.publish.site.browser.screens import PHONE, site_at
from tests.publish.site.browser.test_site_pages import axe, found_by  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.publish.site.browser.browsing import Reading

pytestmark = pytest.mark.slow


@pytest.fixture
def reading(visit: Callable[..., Reading], published_site: Path) -> Reading:
    """A reader of the site on disk, which allows a page least."""
    return visit(published_site.as_uri() + "/")


def ask(page: Page, question: str) -> str:
    """Ask a question and return what the page announces."""
    page.get_by_role("searchbox").fill(question)
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_function(
        "question => decodeURIComponent(location.hash).startsWith(`#q=${question}`)"
        " && document.querySelector('[data-search-status]').textContent",
        arg=question,
    )
    page.wait_for_timeout(150)
    return page.get_by_role("status").inner_text()


@pytest.mark.parametrize(
    ("question", "first", "kinds"),
    [
        ("contradicts", "contradicts", {"Labels", "Events", "Statements"}),
        ("altered", "quotes with changes", {"Labels", "Events", "Statements"}),
        ("presupposed", "presupposed", {"Labels", "Statements"}),
        ("only China", "China alone", {"Labels", "Events", "Statements"}),
        ("left out by the White House", "left out by United States", {"Labels", "Events", "Statements"}),
        ("both say", "both say", {"Labels", "Events", "Statements"}),
        ("consult", "consult", {"Labels", "Entities", "Statements"}),
        ("taiwan", "Taiwan", {"Entities", "Statements"}),
        ("习近平", "Xi Jinping", {"Entities", "Articles", "Statements"}),
        ("Россией", "Russia", {"Entities", "Articles", "Statements"}),
        ("glossary of nothing in tension", None, set()),
    ],
)
def test_what_is_asked_for_comes_first(reading: Reading, question: str, first: str | None, kinds: set[str]) -> None:
    page = reading.open("search.html")
    told = ask(page, question)
    if first is None:
        assert told.startswith(f"Nothing is found for “{question}”.")
        return
    assert re.fullmatch(r"[\d,]+ results", told)
    assert page.locator(".result-title").first.inner_text() == first
    shown = page.locator(".kinds label:visible").all_inner_texts()
    assert kinds <= {text.split()[0] for text in shown}
    assert sum(int(text.split()[1].replace(",", "")) for text in shown) == int(told.split()[0].replace(",", ""))


def test_a_label_leads_to_all_that_have_it_and_joins_other_words(reading: Reading) -> None:
    page = reading.open("search.html#q=in%20tension")
    page.locator(".result").first.get_by_role("link", name="All that have").click()
    page.wait_for_url("**#q=relation%3Ain_tension")
    all_of_them = ask(page, "group:in_tension")
    both = ask(page, "taiwan group:in_tension")
    assert 0 < int(both.split()[0]) < int(all_of_them.split()[0])
    assert int(ask(page, "taiwan in tension").split()[0]) >= int(both.split()[0])


def test_results_are_filtered_by_kind_with_the_keyboard_and_the_address_keeps_it(reading: Reading) -> None:
    page = reading.open("search.html")
    every = int(ask(page, "taiwan").split()[0])
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "kind"
    kind = page.evaluate("document.activeElement.value")
    page.keyboard.press("Space")
    page.get_by_text(f"of {every} results: {kind}").wait_for()
    assert page.evaluate("document.activeElement.value") == kind
    assert reading.place == f"search.html#q=taiwan&kind={kind}"
    few = page.locator(".result").count()
    assert 0 < few < every
    page.reload()
    page.get_by_text(f"{few} of {every} results: {kind}").wait_for()
    for address in ("search.html?q=taiwan&kind=statements", "search.html#q=taiwan&kind=statements"):
        reading.open(address)
        page.get_by_text(f"of {every} results: statements").wait_for()
        assert {*page.locator(".result-kind").all_inner_texts()} == {"statement"}


def test_a_search_that_finds_nothing_leads_on(reading: Reading) -> None:
    page = reading.open("search.html")
    ways = page.get_by_role("region", name="Other ways")
    for question, offer in (
        ("taiwna", "taiwan"),
        ("zelenskii kursky", "zelenskyy"),
        ("taiwan xyzzyq", "taiwan"),
        ("习近平乙", "习近平"),
    ):
        assert ask(page, question) == f"Nothing is found for “{question}”. There are suggestions."
        assert offer in ways.locator("[data-search-others] a").all_inner_texts()
        assert ways.get_by_role("link", name="Statements").is_visible()
    ways.locator("[data-search-others] a").first.click()
    page.locator(".result").first.wait_for()
    assert not ways.is_visible()
    ask(page, "qqqqqqqq")
    assert ways.get_by_role("link", name="Events").is_visible()


def test_the_page_takes_endings_as_the_index_does(reading: Reading) -> None:
    page = reading.open("search.html")
    page.get_by_role("searchbox").wait_for()
    texts = [
        "the contradictions of warnings, meetings and houses",
        "Островского Островом Марека Сарниями Сарнией",
        "Київського Києві ними её",
        "left out by the White House 马雷克",
    ]
    there = page.evaluate("texts => texts.map(text => readoutsIndex.phrase(readoutsIndex.words(text)))", texts)
    assert there == [phrase(words(text)) for text in texts]


def test_axe_finds_nothing_serious_in_a_filtered_search_and_in_one_that_finds_nothing(
    visit: Callable[..., Reading],
    published_site: Path,
    axe: str,  # noqa: F811
) -> None:
    for how in ({}, {"color_scheme": "dark"}, {"viewport": PHONE}):
        reading = visit(published_site.as_uri() + "/", **how)
        reading.open("search.html#q=taiwan&kind=statements").locator(".result").first.wait_for()
        assert found_by(axe, reading) == []
        reading.open("search.html#q=taiwna").locator("[data-search-others] a").first.wait_for()
        assert found_by(axe, reading) == []


@pytest.fixture(scope="module", params=["", "deep/er/"])
def served(
    request: pytest.FixtureRequest, published_site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the site on a server: at its root, and in a folder of it, with the page where servers look."""
    if not request.param:
        with site_at(published_site, "http") as address:
            yield address
        return
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(published_site, root / request.param, ignore=shutil.ignore_patterns("statements", "articles"))
    for name in ("404.html", "index.html"):
        (root / name).write_bytes((published_site / name).read_bytes())
    with site_at(root, "http") as address:
        yield f"{address}{request.param}"


@pytest.mark.parametrize(
    ("path", "name", "listed", "nearest"),
    [
        ("events/call-2014-03-6.html", "call-2014-03-6", "Events", "events/call-2014-03-06.html"),
        ("entities/barak-obama.html", "barak-obama", "People & organisations", "entities/barack-obama.html"),
        ("tables/statments.html", "statments", "Tables", "tables/statements.html"),
        ("statements/a/b/taiwna.html", "taiwna", "Statements", None),
        (f"entities/{quote('习近平')}.html", "习近平", "People & organisations", "entities/xi-jinping.html"),
        ("putin", "putin", None, "entities/vladimir-putin.html"),
        ("package/%E0%A4%A.csv", "%E0%A4%A", None, None),
    ],
)
def test_an_address_without_a_page_leads_on_from_any_depth(
    visit: Callable[..., Reading], served: str, *, path: str, name: str, listed: str | None, nearest: str | None
) -> None:
    reading = visit(served)
    page = reading.page
    answer = page.goto(served + path)
    assert answer is not None
    assert answer.status == 404
    search = page.get_by_role("link", name=f"Search for “{name}”")
    search.wait_for()
    if nearest:
        near = page.locator("[data-nearest] a")
        near.first.wait_for()
        assert near.first.evaluate("link => link.href") == served + nearest
    assert page.get_by_role("link", name="Front page").evaluate("link => link.href") == f"{served}index.html"
    if listed:
        assert page.locator("[data-first] a").last.inner_text() == listed
    assert not page.locator("[data-plain]").is_visible()
    search.click()
    assert page.get_by_role("searchbox").input_value() == name
    # A browser tells of the page itself, which has to be answered by 404, and of nothing else.
    assert {re.sub(r" \(.*", "", error) for error in reading.errors} == {
        "Failed to load resource: the server responded with a status of 404"
    }
    reading.errors.clear()


def test_the_page_for_no_address_is_whole_without_javascript_and_axe_finds_nothing(
    visit: Callable[..., Reading],
    published_site: Path,
    axe: str,  # noqa: F811
) -> None:
    with site_at(published_site, "http") as address:
        for how in ({"java_script_enabled": False}, {}, {"color_scheme": "dark"}, {"viewport": PHONE}):
            reading = visit(address, **how)
            page = reading.page
            page.goto(f"{address}events/call-2014-03-6.html")
            if how == {"java_script_enabled": False}:
                assert page.locator("[data-plain]").is_visible()
                assert not page.locator("[data-ways]").is_visible()
            else:
                page.locator("[data-nearest] a").first.wait_for()
                assert found_by(axe, reading) == []
                assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
            reading.errors.clear()
