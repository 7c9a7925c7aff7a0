"""Three versions of one annotation file, merged by key and cell, and written with the comments and layout of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.annotation_merge.blocks import entry_blocks
from readouts.annotation_merge.links import Links, links_of, lost_parents
from readouts.annotation_merge.node_kinds import Path, definition, plain
from readouts.annotation_merge.plan import Kept, Mixed, Plan, Planner, Taken, planned
from readouts.annotation_merge.text_edit import comments, edited
from readouts.annotations.nodes import Mapping, YamlError, parse
from readouts.datapackage.merging.conflict import Conflict, ConflictKind, MergedFile, MergeError, conflict
from readouts.datapackage.merging.text import has_markers, marked, merge_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Annotation", "File", "links", "merge_annotation", "read_annotation"]


@dataclass(frozen=True, slots=True)
class File:
    """Which annotation file is merged: its kind and id, as `annotation_kind` tells, and what messages call it."""

    kind: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """One version of an annotation file: its text, with line feeds only, and its nodes; None where there is none."""

    text: str = ""
    root: Mapping | None = None


def read_annotation(data: bytes, side: str) -> Annotation:
    """Read one version; an empty file is none.

    Raises
    ------
    MergeError
        It is not an annotation: not UTF-8, not YAML, or with the markers of an earlier conflict.
    """
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        message = f"{side} is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}. Save it as UTF-8."
        raise MergeError(message) from error
    if not text.strip():
        return Annotation()
    if has_markers(text):
        message = f"{side} has the markers of a conflict that isn't resolved yet. Resolve it, then merge again."
        raise MergeError(message)
    try:
        return Annotation(text, parse(text, side))
    except YamlError as error:
        message = f"{error} {error.finding.hint}"
        raise MergeError(message) from error


def links(version: Annotation, file: File) -> Links:
    """Return what a version defines and refers to."""
    return Links({}, {}) if version.root is None else links_of(version.root, file.kind, file.id, file.name)


def merge_annotation(
    file: File, base: Annotation, ours: Annotation, theirs: Annotation, *, needed: frozenset[Path] = frozenset()
) -> MergedFile:
    r"""Merge three versions of an annotation file.

    Parameters
    ----------
    file
        Which file it is.
    base, ours, theirs
        The versions; ours and theirs are there.
    needed
        Places that one side deleted although other files refer to them: they are put between markers. The caller has
        the conflicts.

    Examples
    --------
    >>> sides = [read_annotation(text, "a side") for text in (
    ...     b"kind: call\ndate: 2031-05-01  # by both\n",
    ...     b"kind: call\ndate: 2031-05-02  # by both\n",
    ...     b"kind: visit\ndate: 2031-05-01  # by both\n",
    ... )]
    >>> merge_annotation(File("event", "call", "call.yaml"), *sides).data
    b'kind: visit\ndate: 2031-05-02  # by both\n'
    """
    if not needed and theirs.text in {base.text, ours.text}:
        return MergedFile(ours.text.encode(), readable=ours.text.encode())
    if not needed and ours.text == base.text:
        return MergedFile(theirs.text.encode(), readable=theirs.text.encode())
    sides = (base, ours, theirs)
    texts, conflicts = _texts(file, sides, needed)
    if texts is None:
        return _by_line(file, sides)
    parents = lost_parents(*(links(side, file) for side in (read_annotation(texts[0].encode(), file.name), *sides[1:])))
    places = {definition(file.kind, file.id, *target) for target in parents}
    lost = needed | {place for place in places if place}
    if lost != needed:
        texts, conflicts = _texts(file, sides, lost)
        if texts is None:
            return _by_line(file, sides)
        conflicts += [found for each in parents.values() for found in each]
    notes = tuple(_lost_comments(file, sides, "".join(texts)))
    blocks = entry_blocks(file.kind, base.root, *texts)
    return MergedFile(marked(*texts, blocks=blocks).encode(), tuple(conflicts), notes, texts[0].encode())


Sides = tuple[Annotation, Annotation, Annotation]


def _texts(file: File, sides: Sides, needed: frozenset[Path]) -> tuple[tuple[str, str] | None, list[Conflict]]:
    """Return the merged text with either side of every conflict, None where it can't be written; and the conflicts."""
    texts = []
    found: list[Conflict] = []
    base, ours, theirs = sides
    for prefer_ours in (True, False):
        planner = Planner(file.kind, file.id, file.name, prefer_ours, needed, fresh=base.root is None)
        plan = planner.merge(base.root, ours.root, theirs.root)
        found = found or planner.conflicts
        text = _written(plan, sides, clean=not found and not needed)
        if text is None:
            return None, found
        texts.append(text)
    return (texts[0], texts[1]), found


def _written(plan: Plan | None, sides: Sides, *, clean: bool) -> str | None:
    """Return the text of a plan: a merge by line if it says the same, else our text, edited; None if neither does."""
    base, ours, theirs = sides
    candidates = []
    if clean:
        text, merged = merge_lines(base.text, ours.text, theirs.text)
        # Where a merge by line gives what the merge by key gives, it also has the comments of both.
        candidates = [text] if merged else []
    if isinstance(plan, Mixed):
        candidates.append(edited(plan, ours.text, theirs.text, base.text) if plan.ours is not None else theirs.text)
    elif isinstance(plan, Kept | Taken):
        candidates.append(ours.text if isinstance(plan, Kept) else theirs.text)
    for text in candidates:
        try:
            if plain(parse(text, "")) == planned(plan):
                return text
        except YamlError:
            continue
    return None


def _by_line(file: File, sides: Sides) -> MergedFile:
    """Merge by line what can't be written in place; a person has to look at it, whatever comes out."""
    text, _ = merge_lines(*(side.text for side in sides))
    message = f"{file.name} can't be merged by key in the layout that it has; it was merged by line instead."
    fix = "Look through the whole file: put every key on a line of its own, and delete the markers if there are any."
    found = conflict(ConflictKind.TEXT, message, fix=fix, file=file.name)
    return MergedFile(text.encode(), (found,), (), sides[1].text.encode())


def _lost_comments(file: File, sides: Sides, merged: str) -> Iterator[str]:
    """Say which comments somebody wrote that are not in the result: they belonged to what the other side replaced."""
    kept, known = set(comments(merged)), set(comments(sides[0].text))
    for who, side in (("ours", sides[1]), ("theirs", sides[2])):
        for comment in dict.fromkeys(comments(side.text)):
            if comment not in kept and comment not in known:
                yield f"{file.name}: the comment '{comment}' of {who} could not be carried over."
