"""HTML pages for tests: what they are made of, and what none of them may do."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

__all__ = ["ELEMENTS", "Page", "assert_harmless", "assert_own_style_only"]

VOID = {"meta", "br", "rect"}
ATTRIBUTES_THAT_FETCH = {"src", "srcset", "href", "xlink:href", "action", "formaction", "data", "poster", "background",
                         "ping", "manifest", "cite", "longdesc", "srcdoc"}  # fmt: skip
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "nav", "footer", "article"),
    *("h1", "h2", "h3", "p", "dl", "div", "dt", "dd", "code", "bdi", "b", "strong", "span", "details", "summary"),
    *("ul", "li", "a", "br", "table", "thead", "tbody", "tr", "th", "td", "svg", "rect"),
}


class Page(HTMLParser):
    """What a page is made of, read by the standard library."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.style = ""
        self.text = ""
        self.ids: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text += data

    def value(self, tag: str, name: str) -> list[str]:
        return [value for where, what, value in self.attributes if (where, what) == (tag, name)]


def assert_harmless(page: Page, more: frozenset[str] = frozenset()) -> None:
    """Hold a page to our own elements, and some more, without anything that runs or is fetched."""
    assert page.open == []
    assert page.elements <= ELEMENTS | more
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name != "style", tag
        if name in ATTRIBUTES_THAT_FETCH:
            assert (tag, name) == ("a", "href")
            assert value.startswith("#")
            assert value[1:] in page.ids
    assert len(page.ids) == len(set(page.ids))
    assert re.search(r"url\(|@import|expression\(|image-set", page.style) is None


def assert_own_style_only(page: Page) -> None:
    """Hold the policy of a page to allowing its own style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert (
        page.value("meta", "content")[0]
        == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert page.value("meta", "http-equiv") == ["Content-Security-Policy"]
