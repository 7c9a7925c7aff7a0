"""What the annotations of an article leave out: text without a span, sentences without a statement, names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.analysis.marks import Mark, mark_at
from readouts.text.quotation import WORD_EDGE
from readouts.text.sentences import sentences
from readouts.text.skeleton import skeleton

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from readouts.analysis.sides import Row

__all__ = ["letters", "lines", "uncovered", "unmentioned", "unstated"]

_REGIONS = frozenset({"headline", "caption", "readout"})
"""Roles that say what kind of text a stretch is; its words are annotated like all others."""
_ALIKE = {ord(mark): "'" for mark in "’‘ʼ"} | {0xA0: " "}
"""Characters that names are written with in either way."""


def letters(text: str) -> int:
    """Return how many letters and digits a text has."""
    return sum(map(bool, map(skeleton, text)))


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the lines of a text begin and end, without their ends of line."""
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line.rstrip("\r"))
        start += len(line) + 1


def uncovered(text: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the stretches within a line that no span covers, from letter to letter.

    Examples
    --------
    >>> [mark.words for mark in uncovered("Marek called. The lake was calm.", [Mark("source", 0, 5)])]
    ['called. The lake was calm']
    """
    covering = [mark for mark in marks if mark.role not in _REGIONS]
    for start, end in lines(text):
        yield from _gaps(text, "uncovered", start, end, covering)


def unstated(text: str, marks: Sequence[Mark]) -> Iterator[Mark]:
    """Yield the sentences outside boilerplate in which no content of a statement lies.

    Examples
    --------
    >>> [mark.words for mark in unstated("Marek called. The lake was calm.", [Mark("content", 6, 12)])]
    ['The lake was calm']
    """
    contents = [mark for mark in marks if mark.role == "content"]
    boilerplate = [mark for mark in marks if mark.role == "boilerplate"]
    for start, end in sentences(text):
        if not any(mark.start < end and mark.end > start for mark in contents):
            yield from _gaps(text, "unstated", start, end, boilerplate)


def _gaps(text: str, role: str, start: int, end: int, covering: Iterable[Mark]) -> Iterator[Mark]:
    """Yield what is left of a stretch, from letter to letter; the marks are in the order of the text."""
    free = start
    here = [(mark.start, mark.end) for mark in covering if mark.start < end and mark.end > start]
    for low, high in [*here, (end, end)]:
        places = [place for place in range(free, low) if skeleton(text[place])]
        if places:
            yield mark_at(text, role, (places[0], places[-1] + 1))
        free = max(free, high)


def unmentioned(text: str, marks: Iterable[Mark], entities: Iterable[Row]) -> Iterator[Mark]:
    """Yield names and aliases of entities that are in a text, outside boilerplate, with no mention over them.

    Of names that overlap, the longest at the first place counts. An article before a name doesn't belong to it.

    Examples
    --------
    >>> marek = {"entity_id": "jana-marek", "name": "Jana Marek", "aliases": "Marek|President Marek"}
    >>> text = "President Marek called. Marek smiled."
    >>> [(mark.words, mark.start, mark.label) for mark in unmentioned(text, [Mark("mention", 0, 15)], [marek])]
    [('Marek', 24, 'Jana Marek (jana-marek)')]
    """
    plain = text.translate(_ALIKE)
    named: dict[str, dict[str, None]] = {}
    for row in entities:
        for each in (row["name"] or "", *(row.get("aliases") or "").split("|")):
            name = re.sub("^[Tt]he (?=.)", "", each.strip().translate(_ALIKE))
            if name and name in plain:
                named.setdefault(name, {})[f"{row['name']} ({row['entity_id']})"] = None
    if not named:
        return
    over = [(mark.start, mark.end) for mark in marks if mark.role in {"mention", "boilerplate"}]
    longest_first = sorted(named, key=lambda name: (-len(name), name))
    for found in re.finditer(f"{WORD_EDGE}(?:{'|'.join(map(re.escape, longest_first))}){WORD_EDGE}", plain):
        if not any(start < found.end() and end > found.start() for start, end in over):
            yield mark_at(text, "unmentioned", found.span(), " or ".join(named[found[0]]))
