"""Spans as they must be to be anchored."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from readouts.text.quotation import edges_hold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.proposals.proposal import Place, StatementProposal

__all__ = ["anchorable", "joined"]


def anchorable(text: str, statement: StatementProposal) -> StatementProposal:
    """Return a statement whose spans `anchor` takes.

    Every span begins and ends on a letter, a digit or a quotation mark; a cue is removed from the content that it is a
    part of (4.8); the form says how much of the content is quoted (4.13).

    Examples
    --------
    >>> from readouts.proposals.proposal import Origin, StatementProposal
    >>> crude = StatementProposal(((9, 23),), ((),), Origin("rule"))
    >>> anchorable("He said, that it rains.", crude).content
    ((9, 22),)
    """
    trim = partial(_trimmed, text)
    chain = tuple(
        tuple(replace(source, at=trim(source.at), cue=trim(source.cue)) for source in step) for step in statement.chain
    )
    cues = [cue for step in chain for source in step for cue in source.cue]
    content = list(trim(statement.content))
    for cue in cues:
        if cue not in content:
            content = [part for place in content for part in _without(place, cue)]
    content, quoted = list(trim(content)), trim(statement.quoted)
    return replace(
        statement,
        content=tuple(content),
        chain=chain,
        labels=_with_form(text, content, quoted, statement.labels),
        quoted=quoted,
        addressee=trim(statement.addressee),
        addressees=tuple((entity, trim(places)) for entity, places in statement.addressees),
    )


def _with_form(text: str, content: Iterable[Place], quoted: Iterable[Place], labels: dict[str, str]) -> dict[str, str]:
    """Let the form say how much of the content is quoted (4.13)."""
    if labels.get("form") == "free_indirect":
        return labels
    letters = {place for start, end in content for place in range(start, end) if text[place].isalnum()}
    inside = {place for start, end in quoted for place in range(start, end)} & letters
    form = "direct" if inside and inside == letters else "mixed" if inside else "indirect"
    return {**labels, "form": form} if "form" in labels else labels


def _trimmed(text: str, places: Iterable[Place]) -> tuple[Place, ...]:
    """Return places that begin and end on a letter, a digit or a quotation mark; nothing is left of one without."""
    kept: list[Place] = []
    for start, end in places:
        first, last = start, end
        while first < last and not edges_hold(text, first, first + 1):
            first += 1
        while last > first and not edges_hold(text, last - 1, last):
            last -= 1
        if first < last and (first, last) not in kept:
            kept.append((first, last))
    return tuple(kept)


def _without(place: Place, cue: Place) -> list[Place]:
    """Return what of a place lies outside a cue."""
    if cue[1] <= place[0] or place[1] <= cue[0]:
        return [place]
    return [part for part in ((place[0], cue[0]), (cue[1], place[1])) if part[0] < part[1]]


def joined(places: Iterable[Place], *, touching: bool = False) -> tuple[Place, ...]:
    """Return places in reading order, those that overlap as one; `touching` ones too, if so asked.

    Examples
    --------
    >>> joined([(4, 6), (0, 4), (5, 9)]), joined([(4, 6), (0, 4), (5, 9)], touching=True)
    (((0, 4), (4, 9)), ((0, 9),))
    """
    kept: list[Place] = []
    for start, end in sorted(places):
        if kept and start < kept[-1][1] + touching:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return tuple(kept)
