"""PLOVER's labels: the vocabulary of who did what to whom (Open Event Data Alliance, PLOVER 2.0 draft)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from readouts.corpus_schema.bundled import bundled_schemas

__all__ = ["Plover", "load_plover"]


@dataclass(frozen=True, slots=True)
class Plover:
    """The labels of PLOVER 2.0: which modes each event has, which need a recipient, and the contexts."""

    modes: dict[str, tuple[str, ...]]
    recipient_required: frozenset[str]
    contexts: tuple[str, ...]


@cache
def load_plover() -> Plover:
    """Return PLOVER's labels (Open Event Data Alliance, PLOVER 2.0 draft).

    Examples
    --------
    >>> load_plover().modes["CONSULT"]
    ('visit', 'third-party', 'multilateral', 'phone')
    """
    labels = json.loads((bundled_schemas() / "plover.json").read_text(encoding="utf-8"))
    events = labels["events"]
    return Plover(
        modes={name: tuple(event["modes"]) for name, event in events.items()},
        recipient_required=frozenset(name for name, event in events.items() if event["recipient"] == "required"),
        contexts=tuple(labels["contexts"]),
    )
