"""What every message needs when a name is wrong: the nearest one that is right."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean", "nearest"]


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None when nothing is alike.

    Examples
    --------
    >>> nearest("dept", ["depth", "name"])
    'depth'
    """
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known name, or lists what is known when the list is short.

    Examples
    --------
    >>> did_you_mean("dept", ["depth", "name"])
    "Did you mean 'depth'?"
    >>> did_you_mean("x", ["depth", "name"])
    'Known are: depth, name.'
    >>> did_you_mean("x", [])
    'None is known yet.'
    """
    names = sorted(known)
    match = nearest(name, names)
    if match is not None:
        return f"Did you mean '{match}'?"
    if not names:
        return "None is known yet."
    shown = ", ".join(names[:12])
    held_back = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"Known are: {shown}{held_back}."
