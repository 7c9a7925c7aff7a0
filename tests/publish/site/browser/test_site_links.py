"""Every link of the site leads somewhere: a page, a place on it, a file; nothing is fetched from elsewhere."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "use": "href", "image": "href"}


@dataclass
class Contents(HTMLParser):
    """What a page links to, what it fetches, and the places on it."""

    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.places.append(values["id"] or "")
        if tag in {"a", "area"} and values.get("href") is not None:
            self.links.append(values["href"] or "")
        if values.get(FETCHED.get(tag, "")):
            self.fetched.append(values[FETCHED[tag]] or "")


def contents(root: Path) -> dict[Path, Contents]:
    found = {}
    for path in sorted(root.rglob("*.html")):
        found[path] = Contents()
        found[path].feed(path.read_text(encoding="utf-8"))
    return found


def broken(root: Path) -> list[str]:
    """Return what is wrong with the links of a site."""
    pages = contents(root)
    there = {path: frozenset(page.places) for path, page in pages.items()}
    whole = root.resolve()
    problems = []
    for path, page in pages.items():
        name = path.relative_to(root).as_posix()
        places = Counter(page.places)
        problems += [f"{name}: {number} places are called {each}" for each, number in places.items() if number > 1]
        for link in dict.fromkeys(page.links + page.fetched):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in page.fetched:
                    problems.append(f"{name}: {link} is fetched from elsewhere")
                continue
            target = Path(os.path.normpath(path.parent / unquote(parts.path))) if parts.path else path
            if not target.is_file() or not target.resolve().is_relative_to(whole):
                problems.append(f"{name}: {link} leads nowhere")
            elif parts.fragment and target in pages and unquote(parts.fragment) not in there[target]:
                problems.append(f"{name}: {link} leads to no place of {target.name}")
    return problems


@pytest.mark.parametrize("site", [pytest.param("published_site", marks=pytest.mark.slow), "hostile_site"])
def test_no_link_is_broken(request: pytest.FixtureRequest, site: str) -> None:
    assert broken(request.getfixturevalue(site)) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html">1</a><a href="#x">2</a><p id="y"><p id="y"><script src="//b/c.js"></script>', encoding="utf-8"
    )
    assert [each.partition(": ")[2] for each in broken(tmp_path)] == [
        "2 places are called y",
        "b.html leads nowhere",
        "#x leads to no place of a.html",
        "//b/c.js is fetched from elsewhere",
    ]


@pytest.mark.slow
def test_every_page_can_be_reached_from_the_front(published_site: Path) -> None:
    root = published_site.resolve()
    pages = contents(root)
    reached, waiting = {root / "index.html"}, [root / "index.html"]
    while waiting:
        path = waiting.pop()
        for link in pages[path].links:
            parts = urlsplit(link)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path and not parts.netloc else path
            if target in pages and target not in reached:
                reached.add(target)
                waiting.append(target)
    # Nothing leads to the answer for what isn't there.
    assert {path.relative_to(root).as_posix() for path in pages.keys() - reached} == {"404.html"}
