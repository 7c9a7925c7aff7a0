"""What a page says: its encoding, the main text that an extractor sees in it, and all the text that it shows."""

from __future__ import annotations

import codecs
import logging
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.datapackage.optional import requires_extra
from readouts.text.skeleton import skeleton

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from readouts.text.retrieval.web import Page

__all__ = ["PageText", "decoded", "page_texts"]

_LONGEST = 300_000
"""Characters of the longest text in which an article is looked for."""
_BY_LANGUAGE = {
    "zh-Hant": ["big5hkscs", "gb18030"],
    "zh": ["gb18030", "big5hkscs"],
    "ru": ["cp1251", "koi8-r"],
    "uk": ["cp1251", "koi8-u"],
}
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso8859-1": "cp1252", "ascii": "cp1252"}
"""What browsers take a declared encoding for (WHATWG Encoding Standard, section 4.2)."""
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARED = re.compile(
    rb"""<meta[^<>]*?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^<>]*?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE
)
_TEXTUAL = re.compile(r"utf-(8|16|32)|iso8859|iso2022|cp\d|koi8|mac|gb|big5|euc|shift|tis|hz")
"""Encodings that a page may be in; Python knows others, such as one for names of hosts."""
_HEAD = 4096
_UNSEEN = {"script", "style", "noscript", "template", "head", "title", "svg", "iframe", "select", "button", "textarea"}
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
}  # fmt: skip


def page_texts(page: Page, language: str, *, plain: bool) -> Iterator[PageText]:
    """Yield what a page says in each encoding that it may have, the likeliest first."""
    for source in decoded(page, language):
        yield PageText(source, plain=plain)


@dataclass(frozen=True)
class PageText:
    """A page in one encoding."""

    source: str
    plain: bool = False  # whether the source is a plain text rather than HTML

    @cached_property
    def main(self) -> str:
        """What the extractor takes for the article, a paragraph for each line of it."""
        if self.plain:
            return self.source[:_LONGEST]
        with requires_extra("Fetching texts", "texts"):
            import trafilatura
        # Of a page without a text, it would tell on standard error.
        logging.getLogger("trafilatura").addHandler(logging.NullHandler())
        # Without the extractors that it would compare its own result with: on a large page, they take minutes.
        found = trafilatura.extract(self.source, fast=True, include_comments=False, output_format="txt") or ""
        return "\n\n".join(filter(None, map(str.strip, found[:_LONGEST].splitlines())))

    @cached_property
    def shown(self) -> str:
        """All text that the page shows, a paragraph for each block."""
        if self.plain:
            return self.source[:_LONGEST]
        # White space of the source means nothing; only the edges of blocks end a line.
        whole = "".join(part if part == "\n" else re.sub(r"\s+", " ", part) for part in self._parts())
        return "\n\n".join(line for each in whole.split("\n") if (line := " ".join(each.split())))[:_LONGEST]

    @property
    def reserved(self) -> bool:
        """Whether the page reserves text and data mining (TDMRep)."""
        elements = [] if self._tree is None else self._tree.iter("meta")
        return any(
            (each.get("name") or "").lower() == "tdm-reservation" and (each.get("content") or "").strip() == "1"
            for each in elements
        )

    def has_title(self, title: str) -> bool:
        """Return whether the page has a title, as a paragraph of its own or in what a browser shows above it.

        Examples
        --------
        >>> PageText("<title>Marek speaks | The Gazette</title><p>Marek spoke.</p>").has_title("Marek speaks")
        True
        """
        wanted = skeleton(title)
        names = [] if self._tree is None else [skeleton(element.text_content()) for element in self._tree.iter("title")]
        return bool(wanted) and (
            any(name.startswith(wanted) for name in names)
            or any(skeleton(paragraph) == wanted for paragraph in self.shown.split("\n\n"))
        )

    def _parts(self) -> Iterator[str]:
        """Yield the text that is seen, with a line end at each edge of a block."""
        if self._tree is None:
            return
        from lxml import etree

        walk = etree.iterwalk(self._tree, events=("start", "end"))
        for event, element in walk:
            seen = element.tag not in _UNSEEN and "hidden" not in element.attrib
            if seen and element.tag not in _INLINE:
                yield "\n"
            if event == "end":
                yield element.tail or ""
            elif seen:
                yield element.text or ""
            else:
                walk.skip_subtree()

    @cached_property
    def _tree(self) -> HtmlElement | None:
        if self.plain:
            return None
        with requires_extra("Fetching texts", "texts"):
            from lxml import etree, html
        # Elements that are never closed nest deeply; the size of a page has its limit already.
        parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
        try:
            return html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", self.source), parser=parser)
        except (etree.ParserError, ValueError):
            return None


def decoded(page: Page, language: str) -> Iterator[str]:
    """Yield the content of a page in every encoding that it may have, the likeliest first.

    Bytes that are UTF-8 throughout are hardly ever anything else, whatever a server declares.

    Examples
    --------
    >>> from readouts.text.retrieval.web import Page
    >>> page = Page("http://example.org/", 200, {"content-type": "text/html; charset=latin-1"}, "Ёлка".encode())
    >>> list(decoded(page, "ru"))
    ['Ёлка']
    """
    data = page.data
    marked = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    try:
        text = data.decode(marked or "utf-8")
        if marked or "\0" not in text:
            yield text
            return
    except UnicodeError:
        pass
    declared = re.findall(r"charset\s*=\s*[\"']?([\w.:-]+)", page.headers.get("content-type", ""), re.IGNORECASE)
    declared += [(one or two).decode("ascii") for one, two in _DECLARED.findall(data[:_HEAD])]
    guesses = [*next((names for tag, names in _BY_LANGUAGE.items() if language.startswith(tag)), []), "cp1252"]
    names = list(dict.fromkeys(filter(None, map(_codec, ["utf-8", *declared, *guesses]))))
    for errors in ("strict", "replace"):
        for name in names:
            try:
                yield data.decode(name, errors)
            except UnicodeError:
                continue


def _codec(name: str) -> str | None:
    """Return the encoding that a declaration means; None if no text is in one of that name."""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    return _SUPERSETS.get(known, known) if _TEXTUAL.match(known) else None
