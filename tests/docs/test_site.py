"""The site builds without a warning, has no broken link, and asks nobody for anything."""

from __future__ import annotations

import re
import tomllib
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

from tests.docs.blocks import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("zensical", reason="zensical builds the site; it is installed with the development tools")

LOADED = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("embed", "src"),
    ("object", "data"),
}
"""Attributes that a browser fetches by itself, besides those of `link`."""
FETCHED = frozenset(
    {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "manifest"}
)


class Page(HTMLParser):
    """A page of the site: what it links to and loads, its anchors, its heading, and the titles in its navigation."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.heading = ""
        self.titles: dict[str, str] = {}
        self._link: str | None = None
        self._in_heading = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        self.loaded += [values[name] for loading, name in LOADED if tag == loading and name in values]
        if tag == "link" and FETCHED & set(values.get("rel", "").split()):
            self.loaded.append(values.get("href", ""))
        if tag == "a" and "md-nav__link" in values.get("class", ""):
            self._link = values.get("href")
        self._in_heading = tag == "h1" or (self._in_heading and tag != "a")
        self.loaded += re.findall(r"url\(['\"]?([^)'\"]+)", values.get("style", ""))

    def handle_endtag(self, tag: str) -> None:
        self._link = None if tag == "a" else self._link
        self._in_heading = self._in_heading and tag != "h1"

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.heading += data
        if self._link is not None and data.strip():
            self.titles[self._link] = self.titles.get(self._link, "") + data.strip()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from docs.site_pages import build

    return build(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def _outside(address: str) -> bool:
    return bool(urlsplit(address).scheme or address.startswith("//"))


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Path, pages: dict[Path, Page]) -> None:
    broken = []
    for path, page in pages.items():
        # The page of an address that isn't there is served from anywhere, so its own links are from the root.
        here = site if path.name == "404.html" else path.parent
        for link in page.links:
            if _outside(link):
                continue
            address, anchor = urldefrag(unquote(link))
            target = (here / address.lstrip("/")).resolve() if address else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                broken.append(f"{path.relative_to(site)}: {link}")
            elif anchor and target in pages and anchor not in pages[target].anchors | {"__skip"}:
                broken.append(f"{path.relative_to(site)}: {link} (no such place on the page)")
    assert not broken, "\n".join(broken)


def test_nothing_is_fetched_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    fetched = [f"{path.name}: {each}" for path, page in pages.items() for each in page.loaded if _outside(each)]
    for path in sorted(site.rglob("*.css")):
        addresses = re.findall(r"(?:url\(|@import )['\"]?([^)'\";]+)", path.read_text(encoding="utf-8"))
        fetched += [f"{path.name}: {each}" for each in addresses if _outside(each) and not each.startswith("data:")]
    assert not [each for each in fetched if ": data:" not in each]


def test_the_navigation_calls_each_page_what_its_heading_says(site: Path, pages: dict[Path, Page]) -> None:
    named = {
        site / link: title for link, title in pages[site / "index.html"].titles.items() if not link.startswith("#")
    }
    headed = {path: page.heading.strip() for path, page in pages.items() if path.name != "404.html"}
    assert named == headed


def _listed(entry: object) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    children = entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ()
    return [page for child in children for page in _listed(child)]


def _navigation() -> list[Any]:
    settings = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))
    navigation: list[Any] = settings["project"]["nav"]
    return navigation


def test_every_page_is_in_the_navigation_once() -> None:
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert sorted(_listed(_navigation())) == sorted({*pages, "contributing.md", "changelog.md"})


def test_a_page_is_a_tutorial_a_how_to_a_reference_or_an_explanation() -> None:
    start, *sections = _navigation()
    assert start == "index.md"
    assert [name for section in sections for name in section] == ["Tutorials", "How to", "Reference", "Explanation"]
