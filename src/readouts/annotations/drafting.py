"""`readouts anchor`: quotations become offsets in place, spans get ids, fingerprints are written.

The file is edited as text: only the drafts themselves and the block `text:` change, so that comments, order and spacing
stay as they were. Where `readouts draft` has written a draft, that is read in place of the article's file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.annotations.anchors import AnchorRow, anchors_text, read_anchors
from readouts.annotations.article import read_article
from readouts.annotations.drafts import article_file, draft_article, draft_file, first_line
from readouts.annotations.nodes import Mapping, Scalar, YamlError, decode, parse
from readouts.annotations.placing import article_text, edit_nodes, place_spans
from readouts.annotations.records import Reading, Span
from readouts.annotations.summaries import copied_summaries
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.transaction import locked, replace_file
from readouts.text.fingerprint import fingerprint, hash_text
from readouts.text.skeleton import NORMALISER, word_count
from readouts.text.sources import text_folder

if TYPE_CHECKING:
    import os

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


def anchor_article(  # noqa: PLR0915 - one step after the other
    file: TreeFile, folder: TextFolder | None, draft: TreeFile | None = None
) -> Anchored:
    """Anchor an article's drafts.

    Parameters
    ----------
    file
        The article's file.
    folder
        The texts. None will do as long as every span keeps its place: then only owners and ids are brought up to date.
    draft
        What `readouts draft` wrote, which is read in place of the article's file.

    Raises
    ------
    OSError
        A file can't be read.
    """
    old = Reading(file.anchors_name)
    written = draft or file
    head = ""
    reading = Reading(written.name)
    try:
        source = decode(written.path, written.name)
        if draft is not None:
            if folder is not None and source == draft_article(file, folder).text:
                # Nothing was changed: the article stays as it is, however its offsets are written.
                return anchor_article(file, folder)
            head = source[: source.find("\n") + 1]
        root = parse(source, written.name)
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
        text = article_text(file, folder, article.cells.get("sha256_raw"), reading)
    elif unplaced or "text" not in root.items:
        node = unplaced[0].node if unplaced else root
        many = "1 span needs" if len(unplaced) == 1 else f"{len(unplaced)} spans need"
        what = "The article needs its" if not unplaced else f"{many} the article's"
        message = f"{what} text, and no folder of texts was given."
        hint = "Run the command again with --texts DIR. It works without texts where every span keeps its place."
        reading.add("text-missing", message, node, hint=hint)
    drafts = [span for span in reading.spans if span.quote is not None]
    if text is not None:
        place_spans(reading, root, text.skeleton)
    spans = [] if reading.incidents else list(reading.distinct_spans())
    if text is not None and not reading.incidents:
        reading.incidents += copied_summaries(reading, text.skeleton.text)
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
    changed = edit_nodes(source, [(span.node, f"[{span.start}, {span.end}]") for span in drafts])
    try:
        if text is not None or allotment.highest > _allotted(root):
            block = {**facts, "spans_allotted": str(allotment.highest)}
            changed = _with_text_block(changed, written.name, {key: value for key, value in block.items() if value})
        changed = changed[len(head) :]
        again = Reading(file.name)
        read_article(parse(changed, file.name), file.id, again)
        same = _content(again) == _content(reading)
    except YamlError:
        same = False
    if not same:
        message = (
            "Expected a file whose drafts can be replaced in place: the keys of the article each on a line of its own, "
            "and no text that continues on the line after a draft with a comment in it."
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


def _with_text_block(source: str, name: str, block: dict[str, str]) -> str:
    """Put the block `text:` in place of the old one, or above the article's first list."""
    newline = "\r\n" if "\r\n" in source else "\n"
    lines = newline.join(f"  {key}: {value}" for key, value in block.items())
    root = parse(source, name)
    old = root.items.get("text")
    if isinstance(old, Mapping) and block == {
        key: node.value for key, node in old.items.items() if isinstance(node, Scalar)
    }:
        return source
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

    Where `draft` has written a draft of the article, that is read in place of its file, and removed.

    Parameters
    ----------
    article
        Id of the article, or path of its file.
    annotations
        Folder of annotations.
    texts
        Folder of the articles' texts. Optional as long as every span keeps its place.

    Returns
    -------
    Anchored
        What was placed and kept. With findings in `reading.incidents`, nothing was written.

    Raises
    ------
    UnknownIdError
        No article has this id.
    ReadoutsError
        The article has changed since its draft was written.
    """
    file = article_file(article, Path(annotations))
    with locked(Path(annotations).resolve().parent):
        folder = None if texts is None else text_folder(Path(texts))
        draft = draft_file(file)
        if not draft.path.is_file():
            anchored = anchor_article(file, folder)
        else:
            anchored = anchor_article(file, folder, draft)
            _require_same_state(file, draft, anchored)
        if not anchored.reading.incidents and file.anchors is not None:
            file.anchors.parent.mkdir(exist_ok=True)
            # Anchors first: spans whose ids are already known keep them when the command is run again after a kill.
            replace_file(file.anchors, anchored.anchors.encode())
            if decode(file.path, file.name) != anchored.article:
                replace_file(file.path, anchored.article.encode())
            draft.path.unlink(missing_ok=True)
    return anchored


def _require_same_state(file: TreeFile, draft: TreeFile, anchored: Anchored) -> None:
    """Refuse a draft whose article has changed since, unless anchoring the draft was what changed it."""
    line = draft.path.read_bytes().decode("utf-8-sig", "replace").partition("\n")[0].rstrip("\r")
    if line == first_line(file) or anchored.article == decode(file.path, file.name):
        return
    message = (
        f"{draft.name} was made from another state of {file.name}. Nothing was written. Bring the changes of one into "
        f"the other: keep a copy of the draft elsewhere, delete it, and run `readouts draft {file.id} --texts DIR`."
    )
    raise ReadoutsError(message)
