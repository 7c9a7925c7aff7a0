"""Conflicts between markers, resolved the way a person would."""

from __future__ import annotations

from typing import Literal

from readouts.datapackage.merging.text import CLOSE, MIDDLE, OPEN

__all__ = ["resolved"]


def resolved(text: str, side: Literal["ours", "theirs"]) -> str:
    """Return a text with one side of every conflict, and without the markers."""
    kept, now = [], ""
    for line in text.splitlines(keepends=True):
        if line in {OPEN, MIDDLE, CLOSE}:
            now = {OPEN: "ours", MIDDLE: "theirs", CLOSE: ""}[line]
        elif now in {"", side}:
            kept.append(line)
    return "".join(kept)
