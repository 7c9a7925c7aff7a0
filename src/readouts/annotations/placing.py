"""Where the spans of an article lie in its text, and putting something else in their place in its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.annotations.nodes import Node, Scalar, Sequence
from readouts.text.problem import TextProblem
from readouts.text.quotation import edges_hold, find_quote
from readouts.text.sentences import sentence_extent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.annotations.nodes import Mapping
    from readouts.annotations.records import Reading, Span
    from readouts.annotations.tree import TreeFile
    from readouts.text.skeleton import Skeleton
    from readouts.text.sources import Text, TextFolder

__all__ = ["Sentences", "article_text", "edit_nodes", "place_spans"]


def article_text(file: TreeFile, folder: TextFolder, raw_sha256: str | None, reading: Reading) -> Text | None:
    """Return the text of an article: by name or hash; for a first draft, the file that holds its quotations."""
    try:
        try:
            text = folder.find(file.id, raw_sha256, [])
        except TextProblem:
            quotes = [span.within or span.quote for span in reading.spans if span.quote is not None]
            if raw_sha256 is not None or not quotes:
                raise
            scores = [_held(text, filter(None, quotes)) for text in folder.texts()]
            text = folder.choose(file.id, scores, len(quotes))
        _ = text.skeleton
    except TextProblem as problem:
        reading.add(problem.code, str(problem), 1)
        return None
    if raw_sha256 is not None and text.sha256 != raw_sha256:
        message = f"Expected a text with the SHA-256 {raw_sha256}; {text.path.name} has {text.sha256}."
        reading.add("text-differs", message, 1)
        return None
    return text


def _held(text: Text, quotes: Iterable[str]) -> int:
    try:
        return sum(quote in text.skeleton.text for quote in quotes)
    except TextProblem:
        return 0


def place_spans(reading: Reading, root: Mapping, text: Skeleton) -> None:
    """Give every draft its offsets, and check those that are there: contents first, since others lie next to them."""
    sentences = Sentences(reading, root, text)
    for content in (True, False):
        for span in reading.spans:
            if (span.role == "content") == content:
                _place(span, reading, text, sentences)


def _place(span: Span, reading: Reading, text: Skeleton, sentences: Sentences) -> None:
    length = len(text.text)
    if span.quote is not None:
        try:
            nearby = sentences.near(span)
            span.start, span.end = find_quote(text, span.quote, span.within, span.occurrence, nearby)
        except TextProblem as problem:
            if problem.code != "quote-ambiguous" or not sentences.unknown(span):
                sentences.wrong(span, problem)
    elif span.start is None or span.end is None or not span.start < span.end <= length:
        message = f"Expected a span inside the text's {length} characters; found [{span.start}, {span.end}]."
        reading.add("span-outside-article", message, span.node)
    elif not edges_hold(text.text, span.start, span.end):
        message = f"The span [{span.start}, {span.end}] must begin and end on a letter, a digit or a quotation mark."
        reading.add("span-edge", message, span.node)


class Sentences:
    """The sentences of each statement: those that its content lies in, as soon as that has been placed."""

    def __init__(self, reading: Reading, root: Mapping, text: Skeleton) -> None:
        self._reading = reading
        self._text = text.text
        self._statement_of = {
            record.cells.get("relation_id"): record.cells.get("statement_id") for record in reading.of("relations")
        }
        self._contents: dict[str, list[Span]] = {}
        for span in reading.spans:
            if span.role == "content":
                self._contents.setdefault(span.owner.get("statement_id") or "", []).append(span)
        self._extents: dict[str, list[tuple[int, int]]] = {}
        # What several statements share lies next to none of them.
        shared = [root.items[key] for key in ("chains", "defaults") if key in root.items]
        self._shared = [(node.start, node.end) for node in shared]
        self._wrong: set[int] = set()

    def near(self, span: Span) -> list[tuple[int, int]]:
        """Return where the quotation of a span is looked up before the rest of the text."""
        if span.role == "content" or any(start <= span.node.start < end for start, end in self._shared):
            return []
        statement = self._statement(span)
        if statement not in self._extents:
            extents: list[tuple[int, int]] = []
            contents = self._contents.get(statement, ())
            for start, end in sorted((part.start or 0, part.end or 0) for part in contents if part.end is not None):
                first, last = sentence_extent(self._text, start, min(end, len(self._text)))
                if extents and first <= extents[-1][1]:
                    extents[-1] = (extents[-1][0], max(last, extents[-1][1]))
                else:
                    extents.append((first, last))
            self._extents[statement] = extents
        return self._extents[statement]

    def _statement(self, span: Span) -> str:
        return span.owner.get("statement_id") or self._statement_of.get(span.owner.get("relation_id")) or ""

    def unknown(self, span: Span) -> bool:
        """Return whether a span's statement has a content that couldn't be placed: that is the mistake to fix first."""
        contents = self._contents.get(self._statement(span), ())
        return span.role != "content" and any(part.end is None for part in contents)

    def wrong(self, span: Span, problem: TextProblem) -> None:
        """Add what is wrong with a quotation, once for all statements that share it."""
        if span.node.start not in self._wrong:
            self._reading.add(problem.code, str(problem), span.node)
        self._wrong.add(span.node.start)


def edit_nodes(source: str, edits: list[tuple[Node, str]]) -> str:
    """Replace nodes of a file's text, from the end to the start; comments inside a node stay after it."""
    # A span of a chain belongs to several statements, and is written once.
    distinct = {node.start: (node, text) for node, text in edits}
    for _, (node, text) in sorted(distinct.items(), reverse=True):
        end = node.end
        while source[end - 1 : end] in {"\n", "\r", " "}:
            end -= 1
        comments = _comments(source[node.start : end], node)
        rest_of_line = source[end:].partition("\n")[0].rstrip("\r")
        place = end + len(rest_of_line)
        tail = "".join(f"  {comment}" for comment in comments)
        source = source[: node.start] + text + source[end:place] + tail + source[place:]
    return source


def _comments(text: str, node: Node) -> list[str]:
    """Return the comments inside a node: what is after a '#' that is in none of its values."""
    inner: list[tuple[int, int]] = []

    def visit(part: Node) -> None:
        if isinstance(part, Scalar):
            start, end = part.start - node.start, part.end - node.start
            if text[start : start + 1] in {"|", ">"}:
                start = text.find("\n", start, end) + 1
            inner.append((start, end))
        elif isinstance(part, Sequence):
            for item in part.items:
                visit(item)
        else:
            for item in (*part.keys.values(), *part.items.values()):
                visit(item)

    visit(node)
    blank = list(text)
    for start, end in inner:
        blank[start:end] = "." * (end - start)
    return [match[0].rstrip() for match in re.finditer(r"#[^\r\n]*", "".join(blank))]
