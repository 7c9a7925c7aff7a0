"""Reading the pages of a site as a browser would: links, ids, texts, and what they load."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Read", "broken_links", "read_site"]

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
OPTIONAL = frozenset({"td", "th", "tr", "li", "p", "dt", "dd"})
"""Elements that end where the one around them does, without a tag of their own."""


@dataclass
class Read(HTMLParser):
    """A page that was read."""

    text: str
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            elif tag == "a" and name == "href":
                self.links.append(value or "")
            elif name in {"href", "src", "srcset", "poster", "data", "action"}:
                self.loads.append(value or "")
        values = dict(attrs)
        if values.get("http-equiv") == "refresh":
            self.links.append((values.get("content") or "").partition("url=")[2])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self.open and self.open[-1] != tag and self.open[-1] in OPTIONAL:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing that is open")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def said(self) -> str:
        """What the page says, in one line."""
        return " ".join(" ".join(self.words).split())


def read_site(folder: Path) -> dict[str, Read]:
    """Return every page of a site by its path."""
    return {
        path.relative_to(folder).as_posix(): Read(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


def broken_links(folder: Path, pages: dict[str, Read]) -> list[str]:
    """Return each link and each file that a page loads, as far as it leads to nothing in the site."""
    broken = []
    for path, page in pages.items():
        for target in [*page.links, *page.loads]:
            if re.match(r"https?://", target):
                if target in page.loads:
                    broken.append(f"{path} loads {target}")
                continue
            place, _, fragment = target.partition("#")
            file = normpath(join(dirname(path), unquote(place))) if place else path
            if file.startswith("..") or not (folder / file).is_file():
                broken.append(f"{path} -> {target}")
            elif fragment and unquote(fragment) not in pages[file].ids:
                broken.append(f"{path} -> {target}, which has no such place")
    return broken
