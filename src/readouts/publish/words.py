"""Sides, topics and relations of the corpus in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.words import joined, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["predicate_text", "side_name", "topic_name"]


def side_name(names: Iterable[str], side: str) -> str:
    """Return the name of a side: its principal participants, else its letter.

    Examples
    --------
    >>> side_name(["Jana Marek", "Ilya Sokol"], "a")
    'Jana Marek and Ilya Sokol'
    >>> side_name([], "b")
    'side b'
    """
    known = [printable(name) for name in names]
    return joined(known) if known else f"side {side}"


def topic_name(topic: str) -> str:
    """Return a topic as words.

    Examples
    --------
    >>> topic_name("domestic_politics")
    'domestic politics'
    """
    return topic.replace("_", " ") or "no topic"


def predicate_text(predicate: str | None) -> str:
    """Return the predicate of a relation as words.

    Examples
    --------
    >>> predicate_text("CONSULT"), predicate_text("holds_office")
    ('consult', 'holds office')
    """
    return (predicate or "").replace("_", " ").lower()
