"""`readouts anchor`: quotations become offsets in place, spans get ids, fingerprints are written.

The file is edited as text: only the drafts themselves and the block `text:` change, so that comments, order and spacing
stay as they were.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.annotations.anchors import AnchorRow, anchors_text, read_anchors
from readouts.annotations.article import read_article
from readouts.annotations.nodes import Mapping, Node, Scalar, Sequence, YamlError, decode, parse
from readouts.annotations.records import Reading, Span
from readouts.annotations.tree import annotation_tree
from readouts.datapackage.errors import UnknownIdError
from readouts.datapackage.package.transaction import locked, replace_file
from readouts.datapackage.suggest import did_you_mean
from readouts.text.fingerprint import fingerprint, hash_text
from readouts.text.problem import TextProblem
from readouts.text.quotation import edges_hold, find_quote
from readouts.text.skeleton import NORMALISER, word_count
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from readouts.annotations.tree import TreeFile
    from readouts.text.sources import Text, TextFolder

__all__ = ["Anchored", "anchor", "anchor_article"]

_COLLECTIONS = ("carries", "regions", "statements", "mentions", "relations")
_FACTS = ("character_count", "word_count", "sha256_raw", "sha256_skeleton", "normaliser")
_NUMBER = re.compile(r"x([0-9]+)")


@dataclass(frozen=True, slots=True)
class Anchored:
    """What anchoring an article gives.

    Attributes
    ----------
    reading
        The reading of the file, with what is wrong. When anything is, nothing is to be written.
    article
        New text of the article's file.
    anchors
        New text of its anchors file.
    placed, kept, new
        Drafts that were replaced, spans that kept their id, spans that were given one.
    """

    reading: Reading
    article: str = ""
    anchors: str = ""
    placed: int = 0
    kept: int = 0
    new: int = 0


def anchor_article(file: TreeFile, folder: TextFolder | None) -> Anchored:
    """Anchor an article's drafts.

    Parameters
    ----------
    file
        The article's file.
    folder
        The texts. None will do as long as every span keeps its place: then only owners and ids are brought up to date.

    Raises
    ------
    OSError
        A file can't be read.
    """
    reading = Reading(file.name)
    old = Reading(file.anchors_name)
    try:
        source = decode(file.path, file.name)
        root = parse(source, file.name)
        known = []
        if file.anchors is not None and file.anchors.is_file():
            known = read_anchors(decode(file.anchors, file.anchors_name), file.id, old)
    except YamlError as error:
        reading.incidents.append(error.finding)
        return Anchored(reading)
    article = read_article(root, file.id, reading)
    reading.incidents += old.incidents
    if reading.incidents:
        return Anchored(reading)
    placed_before = {(row.identity[1], row.identity[2]): row for row in known}
    unplaced = [span for span in reading.spans if (str(span.start), str(span.end)) not in placed_before]
    text: Text | None = None
    if folder is not None:
        text = _text(file, folder, article.cells.get("sha256_raw"), reading)
    elif unplaced or "text" not in root.items:
        message = f"{len(unplaced)} spans need the article's text, and no folder of texts was given."
        node = unplaced[0].node if unplaced else root
        reading.add("text-missing", message, node, hint="Run the command again with --texts DIR.")
    drafts = [span for span in reading.spans if span.quote is not None]
    if text is not None:
        _place(reading, text)
    spans = [] if reading.incidents else list(reading.distinct_spans())
    if reading.incidents:
        return Anchored(reading)

    allotment = _Allotment(file.id, known, _allotted(root))
    ids = allotment.allot(spans)
    rows: list[AnchorRow] = []
    for span in spans:
        if text is not None and span.start is not None and span.end is not None:
            prints = fingerprint(text.skeleton, span.start, span.end)
        else:
            prints = placed_before[str(span.start), str(span.end)].fingerprint
        rows.append(AnchorRow(ids[span.identity], span.identity, prints))
    facts = {name: article.cells.get(name) or "" for name in _FACTS} if text is None else _facts(text)
    changed = _edit(source, [(span.node, f"[{span.start}, {span.end}]") for span in drafts])
    try:
        if text is not None or allotment.highest > _allotted(root):
            changed = _with_text_block(changed, file.name, {**facts, "spans_allotted": str(allotment.highest)})
        again = Reading(file.name)
        read_article(parse(changed, file.name), file.id, again)
        same = _content(again) == _content(reading)
    except YamlError:
        same = False
    if not same:
        message = (
            "Expected a file whose drafts can be replaced in place: the keys of the article each on a line of its own, "
            "and no text that goes on over the line behind a draft with a comment in it."
        )
        reading.add("wrong-shape", message, root)
        return Anchored(reading)
    kept = len({row.span_id for row in known}.intersection(ids.values()))
    return Anchored(reading, changed, anchors_text(rows), len(drafts), kept, len(ids) - kept)


def _facts(text: Text) -> dict[str, str]:
    """Return what is published of a text as a whole."""
    skeleton = text.skeleton
    return {
        "character_count": str(len(skeleton.text)),
        "word_count": "" if (words := word_count(skeleton.text)) is None else str(words),
        "sha256_raw": text.sha256,
        "sha256_skeleton": hash_text(skeleton.letters),
        "normaliser": NORMALISER,
    }


def _content(reading: Reading) -> list[object]:
    """Return what an article's file says, but for what anchoring adds."""
    added = {*_FACTS, "start", "end"}
    rows: list[object] = [
        {name: cell for name, cell in record.cells.items() if name not in added} for record in reading.records
    ]
    return rows + [span.identity for span in reading.spans]


def _text(file: TreeFile, folder: TextFolder, raw_sha256: str | None, reading: Reading) -> Text | None:
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


def _place(reading: Reading, text: Text) -> None:
    """Give every draft its offsets, and check those that are there."""
    length = len(text.skeleton.text)
    for span in reading.spans:
        if span.quote is not None:
            try:
                span.start, span.end = find_quote(text.skeleton, span.quote, span.within)
            except TextProblem as problem:
                reading.add(problem.code, str(problem), span.node)
        elif span.start is None or span.end is None or not span.start < span.end <= length:
            message = f"Expected a span inside the text's {length} characters; found [{span.start}, {span.end}]."
            reading.add("span-outside-article", message, span.node)
        elif not edges_hold(text.skeleton.text, span.start, span.end):
            message = (
                f"The span [{span.start}, {span.end}] must begin and end on a letter, a digit or a quotation mark."
            )
            reading.add("span-edge", message, span.node)


def _allotted(root: Mapping) -> int:
    block = root.items.get("text")
    node = block.items.get("spans_allotted") if isinstance(block, Mapping) else None
    return int(node.value or 0) if isinstance(node, Scalar) else 0


class _Allotment:
    """Ids of spans: each keeps the one it had; a new span gets the next number, never one that was used before."""

    def __init__(self, article_id: str, known: list[AnchorRow], allotted: int) -> None:
        numbers = (_NUMBER.fullmatch(row.span_id.rpartition(".")[2]) for row in known)
        self.highest = max([allotted, *(int(match[1]) for match in numbers if match)])
        self._prefix = article_id
        self._known = known

    def allot(self, spans: list[Span]) -> dict[tuple[str, ...], str]:
        """Return the id of each span, by its identity.

        A span is the one that had an id when it has its role, place and owner; else its role and place; else when it
        is the only one left of its role and owner, as is the one that had it: its edges were corrected.
        """
        ids: dict[tuple[str, ...], str] = {}
        rows = list(self._known)
        left = [span.identity for span in spans]
        for same in (slice(None), slice(0, 3), None):
            held: dict[tuple[str, ...], list[AnchorRow]] = {}
            for row in rows:
                held.setdefault(_aspect(row.identity, same), []).append(row)
            wanted: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
            for identity in left:
                wanted.setdefault(_aspect(identity, same), []).append(identity)
            for aspect, identities in wanted.items():
                candidates = held.get(aspect, [])
                if same is None and not len(candidates) == len(identities) == 1:
                    continue
                ids.update(zip(identities, (row.span_id for row in candidates), strict=False))
            taken = set(ids.values())
            rows = [row for row in rows if row.span_id not in taken]
            left = [identity for identity in left if identity not in ids]
        for identity in left:
            self.highest += 1
            ids[identity] = f"{self._prefix}.x{self.highest:04d}"
        return ids


def _aspect(identity: tuple[str, ...], same: slice | None) -> tuple[str, ...]:
    """Return a part of an identity; None stands for role and owner without the place."""
    return (identity[0], *identity[3:]) if same is None else identity[same]


def _edit(source: str, edits: list[tuple[Node, str]]) -> str:
    """Replace nodes of a file's text, from the end to the start; comments inside a node stay behind it."""
    for node, text in sorted(edits, key=lambda edit: -edit[0].start):
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
    """Return the comments inside a node: what stands behind a '#' that is in none of its values."""
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


def _with_text_block(source: str, name: str, block: dict[str, str]) -> str:
    """Put the block `text:` in place of the old one, or above the article's first list."""
    newline = "\r\n" if "\r\n" in source else "\n"
    lines = newline.join(f"  {key}: {value}" for key, value in block.items() if value)
    root = parse(source, name)
    old = root.items.get("text")
    if old is not None:
        key = root.keys["text"]
        return source[: key.start] + f"text:{newline}{lines}" + source[max(old.end, key.end + 1) :]
    following = min((root.keys[key].start for key in _COLLECTIONS if key in root.keys), default=None)
    if following is None:
        line_end = source.find("\n", root.end)
        place = len(source) if line_end < 0 else line_end + 1
        gap = newline if line_end < 0 else ""
        return f"{source[:place]}{gap}text:{newline}{lines}{newline}{source[place:]}"
    head = source[:following].splitlines(keepends=True)
    while head and head[-1].lstrip().startswith("#"):
        del head[-1]
    place = len("".join(head))
    return source[:place] + f"text:{newline}{lines}{newline}" + source[place:]


def anchor(
    article: str, annotations: str | os.PathLike[str] = "annotations", texts: str | os.PathLike[str] | None = None
) -> Anchored:
    """Replace the quotations of an article's drafts by offsets, and write its spans' ids and fingerprints.

    Parameters
    ----------
    article
        Id of the article, or path of its file.
    annotations
        Folder of annotations.
    texts
        Folder of the articles' texts. None will do as long as every span keeps its place.

    Returns
    -------
    Anchored
        What was placed and kept. With findings in `reading.incidents`, nothing was written.

    Raises
    ------
    UnknownIdError
        There is no such article.
    """
    folder = Path(annotations)
    articles = {file.id: file for file in annotation_tree(folder.resolve())[0] if file.kind == "article"}
    name = Path(article).stem if article.endswith(".yaml") else article
    file = articles.get(name)
    if file is None or file.anchors is None:
        message = f"No article '{name}' is in {folder}. {did_you_mean(name, articles)}"
        raise UnknownIdError(message)
    with locked(folder.resolve().parent):
        anchored = anchor_article(file, None if texts is None else text_folder(Path(texts)))
        if not anchored.reading.incidents:
            file.anchors.parent.mkdir(exist_ok=True)
            # Anchors first: spans whose ids are already known keep them when the command is run again after a kill.
            replace_file(file.anchors, anchored.anchors.encode())
            replace_file(file.path, anchored.article.encode())
    return anchored
