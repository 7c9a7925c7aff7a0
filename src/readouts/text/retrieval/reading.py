"""From the bytes of a page to the text of an article, which its anchors recognise.

What a server says of the encoding may be wrong, and no extractor knows which part of a page somebody annotated. The
anchors do: of the readings that a page allows, the one in which most spans are found is the text. The ladder guesses
nothing, so that looking in several places finds more and nothing wrong.
"""

from __future__ import annotations

import codecs
import html as html_module
import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, product
from typing import TYPE_CHECKING

from readouts.datapackage.optional import requires_extra
from readouts.text.anchoring import Found, Status, locate
from readouts.text.retrieval.problem import ForbiddenError, RetrievalError
from readouts.text.skeleton import Skeleton, skeleton

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

    from readouts.text.anchoring import Anchor
    from readouts.text.retrieval.web import Page

__all__ = ["Reading", "decoded", "read_page", "reading"]

_LONGEST = 300_000
"""Characters of the longest text in which an article is looked for."""
_BY_LANGUAGE = {
    "zh-Hans": ["gb18030", "big5hkscs"],
    "zh-Hant": ["big5hkscs", "gb18030"],
    "ru": ["cp1251", "koi8-r"],
    "uk": ["cp1251", "koi8-u"],
}
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso8859-1": "cp1252", "ascii": "cp1252"}
"""What browsers take a declared encoding for (WHATWG Encoding Standard, section 4.2)."""
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARED = re.compile(
    rb"""<meta[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE
)
_RESERVED = re.compile(
    rb"""<meta[^>]*?name\s*=\s*["']?tdm-reservation["']?[^>]*?content\s*=\s*["']?1\b""", re.IGNORECASE
)
_HEAD = 4096
_MOST_DOUBTFUL = 60
_BEYOND = 3
"""Paragraphs before the first and after the last one with a span that may be the article's too."""
_UNSEEN = {"script", "style", "noscript", "template", "head", "title", "svg", "iframe", "select", "button", "textarea"}
_INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "rb", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr",
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A text, where the spans of an article lie in it, and how many contents of statements there are.

    Attributes
    ----------
    text
        The text.
    places
        For each span how and where it was found.
    content, contents
        How many spans of role `content` were found, and how many the article has.
    """

    text: str
    places: Mapping[str, Found]
    content: int
    contents: int

    @property
    def found(self) -> int:
        """How many spans were found."""
        return sum(place.status is not Status.ORPHAN for place in self.places.values())

    @property
    def holds_article(self) -> bool:
        """Whether at least half of the contents were found; of an article without any, half of its spans."""
        found, total = (self.content, self.contents) if self.contents else (self.found, len(self.places))
        return total > 0 and 2 * found >= total

    @property
    def rank(self) -> tuple[int, int]:
        """What the better one of two readings has more of."""
        return self.content, self.found


def reading(text: str, anchors: Sequence[Anchor], contents: Collection[str], *, same_text: bool = False) -> Reading:
    """Look for the spans of an article in a text.

    Parameters
    ----------
    text
        The text.
    anchors
        All spans of the article.
    contents
        Ids of those that are content of a statement.
    same_text
        Whether it is the annotated text, byte for byte.
    """
    places = locate(Skeleton(text), anchors, same_text=same_text)
    found = sum(places[span_id].status is not Status.ORPHAN for span_id in contents)
    return Reading(text, places, found, len(contents))


def read_page(page: Page, title: str, language: str, anchors: Sequence[Anchor], contents: Collection[str]) -> Reading:
    """Return the text of an article as far as a page has it.

    Parameters
    ----------
    page
        The page.
    title, language
        Of the article.
    anchors, contents
        Its spans, and the ids of those that are content.

    Raises
    ------
    ForbiddenError
        The page reserves the rights of text and data mining.
    RetrievalError
        It is something else than a page of text.
    """
    if page.headers.get("tdm-reservation", "").strip() == "1" or _RESERVED.search(page.data):
        message = f"{page.address} reserves its rights of text and data mining"
        raise ForbiddenError(message)
    kind = page.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if kind not in {"text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", ""}:
        message = f"{page.address} is {kind}, not a page of text"
        raise RetrievalError(message)
    article = _Article(title, anchors, contents)
    best = article.reading("")
    for source in decoded(page, language):
        plain = kind == "text/plain"
        best = _better(best, article.reading(_plain(source) if plain else _main_text(source, title)))
        if best.found < len(anchors):
            shown = article.reading(_plain(source) if plain else _shown(source))
            best = _better(best, article.without_strange_paragraphs(shown))
        # In the wrong encoding, next to nothing is found.
        if best.holds_article:
            break
    return best


@dataclass(frozen=True)
class _Article:
    """What an article is recognised by."""

    title: str
    anchors: Sequence[Anchor]
    contents: Collection[str]

    def reading(self, text: str) -> Reading:
        return reading(text, self.anchors, self.contents)

    def without_strange_paragraphs(self, whole: Reading) -> Reading:
        """Leave out paragraphs of a page that are not the article's, as far as its spans tell.

        What stands before the first and after the last paragraph with a span goes. A paragraph between them that has
        none is the article's unless it parts spans from their contexts, as an advertisement or the author's name does.
        """
        paragraphs = whole.text.split("\n\n")
        ends = list(accumulate(len(paragraph) + 2 for paragraph in paragraphs))
        kept: set[int] = set()
        for place in self._in_order(whole):
            kept.update(range(bisect_right(ends, place[0]), bisect_right(ends, place[1] - 1) + 1))
        if not kept:
            return whole
        titled = skeleton(self.title) in skeleton(whole.text)

        def tried(numbers: Collection[int]) -> Reading:
            text = "\n\n".join(paragraphs[number] for number in sorted(numbers))
            return self.reading(_titled(text, self.title) if titled else text)

        best = tried(kept)
        first, last = min(kept), max(kept)
        around = range(max(0, first - _BEYOND), min(last + 1 + _BEYOND, len(paragraphs)))
        doubtful = [number for number in around if number not in kept]
        if len(doubtful) > _MOST_DOUBTFUL:
            return _better(best, whole)
        # First those that give spans back, beginning with the one that gives most; then those that take none away.
        gains = {number: tried({*kept, number}).rank for number in doubtful}
        useful = sorted((number for number in doubtful if gains[number] > best.rank), key=lambda number: gains[number])
        for number in [*reversed(useful), *(number for number in doubtful if first < number < last)]:
            more = tried({*kept, number})
            if more.rank > best.rank or (more.rank == best.rank and number not in useful):
                best = more
                kept.add(number)
        # Several in a row may stand between a span and its context.
        for start, length in product(doubtful, range(1, _BEYOND + 1)):
            row = {*range(start, start + length)} & kept
            if best.found < len(self.anchors) and row <= {*doubtful}:
                fewer = tried(kept - row)
                if fewer.rank > best.rank:
                    best = fewer
                    kept -= row
        return _better(best, whole)

    def _in_order(self, whole: Reading) -> list[tuple[int, int]]:
        """Return the places of the spans that keep their order: of copies elsewhere on the page, fewer do."""
        places = []
        for anchor in sorted(self.anchors, key=lambda each: (each.start, each.end)):
            place = whole.places[anchor.span_id]
            if place.start is not None and place.end is not None:
                places.append((place.start, place.end))
        return _longest_rising(places)


def _longest_rising(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of a sequence that doesn't fall."""
    tops: list[tuple[int, int]] = []
    ends: list[int] = []
    before: list[int | None] = []
    for number, place in enumerate(places):
        at = bisect_right(tops, place)
        before.append(ends[at - 1] if at else None)
        tops[at : at + 1] = [place]
        ends[at : at + 1] = [number]
    chain = []
    last = ends[-1] if ends else None
    while last is not None:
        chain.append(places[last])
        last = before[last]
    return chain[::-1]


def _better(one: Reading, other: Reading) -> Reading:
    return other if other.rank > one.rank else one


def decoded(page: Page, language: str) -> Iterator[str]:
    """Yield the content of a page in every encoding that it may have, the likeliest first.

    Bytes that are UTF-8 throughout are hardly ever anything else, whatever a server declares.

    Examples
    --------
    >>> from readouts.text.retrieval.web import Page
    >>> page = Page("http://example.org/", 200, {"content-type": "text/html; charset=latin-1"}, "Ёлка".encode())
    >>> next(decoded(page, "ru"))
    'Ёлка'
    """
    data = page.data
    declared = re.findall(r"charset\s*=\s*[\"']?([\w.:-]+)", page.headers.get("content-type", ""), re.IGNORECASE)
    declared += [(one or two).decode("ascii") for one, two in _DECLARED.findall(data[:_HEAD])]
    marked = [name for mark, name in _MARKS.items() if data.startswith(mark)]
    guesses = [*_BY_LANGUAGE.get(language, _BY_LANGUAGE.get(language.partition("-")[0], [])), "cp1252"]
    names = list(dict.fromkeys(filter(None, map(_codec, [*marked, "utf-8", *declared, *guesses]))))
    seen: set[str] = set()
    for errors in ("strict", "replace"):
        for name in names:
            try:
                text = data.decode(name, errors)
            except UnicodeError:
                continue
            if text not in seen:
                seen.add(text)
                yield text


def _codec(name: str) -> str | None:
    """Return the encoding that a declaration means; None if there is none of that name."""
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    return _SUPERSETS.get(known, known)


def _plain(source: str) -> str:
    return source[:_LONGEST]


def _main_text(source: str, title: str) -> str:
    """Return what the extractor takes for the article, with the title before it if the page has it."""
    with requires_extra("Fetching texts", "texts"):
        import trafilatura
    main = trafilatura.extract(source, include_comments=False, output_format="txt") or ""
    text = "\n\n".join(main[:_LONGEST].splitlines())
    there = skeleton(title) in skeleton(html_module.unescape(source[:_LONGEST]))
    return _titled(text, title) if text and there else text


def _tree(source: str) -> HtmlElement | None:
    from lxml import etree, html

    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source), parser=parser)
    except (etree.ParserError, ValueError):
        return None


def _titled(text: str, title: str) -> str:
    """Return a text with the title before it, unless it begins with it."""
    return text if skeleton(text).startswith(skeleton(title)) else f"{title}\n\n{text}"


def _shown(source: str) -> str:
    """Return all text that a page shows, a paragraph for each block."""
    tree = _tree(source)
    parts: list[str] = []
    if tree is not None:
        _walk(tree, parts)
    # White space of the source means nothing; only the edges of blocks end a line.
    whole = "".join(part if part == "\n" else re.sub(r"\s+", " ", part) for part in parts)
    return "\n\n".join(line for each in whole.split("\n") if (line := " ".join(each.split())))[:_LONGEST]


def _walk(element: HtmlElement, parts: list[str]) -> None:
    if element.tag in _UNSEEN or "hidden" in element.attrib:
        return
    edge = "" if element.tag in _INLINE else "\n"
    parts += [edge, element.text or ""]
    for child in element:
        _walk(child, parts)
        parts.append(child.tail or "")
    parts.append(edge)
