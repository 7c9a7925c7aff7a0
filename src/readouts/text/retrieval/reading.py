"""From the bytes of a page to the text of an article, which its anchors recognise.

What a server says about the encoding may be wrong, and no extractor knows which part of a page somebody annotated. The
anchors do: of the readings that a page allows, the one in which most spans are found is the text. The ladder guesses
nothing, so that looking in several places finds more and nothing wrong.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate, product
from typing import TYPE_CHECKING

from readouts.text.anchoring import Found, Status, locate
from readouts.text.retrieval.page_text import page_texts
from readouts.text.retrieval.problem import ForbiddenError, RetrievalError
from readouts.text.skeleton import Skeleton, skeleton

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from readouts.text.anchoring import Anchor
    from readouts.text.retrieval.web import Page

__all__ = ["Article", "Reading"]

_MOST_DOUBTFUL = 60
_BEYOND = 3
"""Paragraphs before the first and after the last one with a span that may be the article's too."""


@dataclass(frozen=True)
class Reading:
    """A text, where the spans of an article lie in it, and how many contents of statements there are."""

    text: str
    places: Mapping[str, Found]
    content: int  # how many spans of that role were found
    contents: int  # how many the article has

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


@dataclass(frozen=True)
class Article:
    """What an article is recognised by: its row of `articles`, its spans, and the ids of those that are content."""

    row: Mapping[str, str | None]
    anchors: Sequence[Anchor]
    contents: Collection[str]

    def reading(self, text: str) -> Reading:
        """Look for the spans in a text."""
        same = sha256(text.encode("utf-8", "replace")).hexdigest() == self.row["sha256_raw"]
        places = locate(Skeleton(text), self.anchors, same_text=same)
        found = sum(places[span_id].status is not Status.ORPHAN for span_id in self.contents)
        return Reading(text, places, found, len(self.contents))

    def read(self, page: Page) -> Reading:
        """Return the text as far as a page has it.

        Raises
        ------
        ForbiddenError
            The page reserves the rights of text and data mining.
        RetrievalError
            It is something else than a page of text.
        """
        kind = page.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
        if kind not in {"text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", ""}:
            message = f"{page.address} is {kind}, not a page of text"
            raise RetrievalError(message)
        best = self.reading("")
        for text in page_texts(page, self.row["language"] or "", plain=kind == "text/plain"):
            if page.headers.get("tdm-reservation", "").strip() == "1" or text.reserved:
                message = f"{page.address} reserves its rights of text and data mining"
                raise ForbiddenError(message)
            title = self.row["title"] or ""
            heading = title if text.has_title(title) else ""
            best = _better(best, self.reading(_titled(text.main, heading)))
            if best.found < len(self.anchors):
                best = _better(best, self._without_strange_paragraphs(self.reading(text.shown), heading))
            # In the wrong encoding, next to nothing is found.
            if best.holds_article:
                break
        return best

    def _without_strange_paragraphs(self, whole: Reading, title: str) -> Reading:
        """Leave out paragraphs of a page that are not the article's, as far as its spans show.

        Paragraphs before the first and after the last one with a span are dropped. A paragraph between them that has
        none is the article's unless it parts spans from their contexts, as an advertisement or the author's name does.
        """
        paragraphs = whole.text.split("\n\n")
        ends = list(accumulate(len(paragraph) + 2 for paragraph in paragraphs))
        kept: set[int] = set()
        for place in self._in_order(whole):
            kept.update(range(bisect_right(ends, place[0]), bisect_right(ends, place[1] - 1) + 1))
        if not kept:
            return whole

        def tried(numbers: Collection[int]) -> Reading:
            text = "\n\n".join(paragraphs[number] for number in sorted(numbers))
            return self.reading(_titled(text, title))

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
        # Several in a row may be between a span and its context.
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


def _titled(text: str, title: str) -> str:
    """Return a text with a title before it, unless it is one of its first paragraphs."""
    there = not title or any(skeleton(each) == skeleton(title) for each in text.split("\n\n", _BEYOND)[:_BEYOND])
    return text if there or not text else f"{title}\n\n{text}"


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
