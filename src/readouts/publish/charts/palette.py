"""Colours and sizes of the charts.

The blue and the orange stay apart for every kind of colour blindness, and in grey print, where one is dark, the
other light. Colour is never the only sign: place, shape and words say the same. The paper is opaque, since a chart
can't know whether the page around it is light or dark.
"""

from __future__ import annotations

__all__ = [
    "BODY",
    "GREEN",
    "INK",
    "MUTED",
    "PAPER",
    "RED",
    "RULE",
    "SIDE_FILL",
    "SIDE_TEXT",
    "SMALL",
    "STANDING",
    "TITLE",
    "VIOLET",
]

PAPER = "#ffffff"
INK = "#1b1d21"
MUTED = "#5a5f68"
RULE = "#d5d8dd"
STANDING = "#9aa0a9"
VIOLET, GREEN, RED = "#6a4c9c", "#2f9e83", "#b3243b"
"""Of kinds of relations: none of them is the colour of a side."""
SIDE_FILL = {"a": "#0b5394", "b": "#d9730d", "third": "#ffffff", "missing": INK}
"""Of squares and bars; `missing` is not a side, but what an account leaves out."""
SIDE_TEXT = {"a": "#0b5394", "b": "#a04e00", "third": MUTED}
"""The orange of areas is too light for letters: these have a contrast of at least 4.5 with the paper."""

TITLE = 14.0
BODY = 9.0
SMALL = 7.5
