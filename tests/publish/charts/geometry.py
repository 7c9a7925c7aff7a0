"""Where the marks of a chart lie, and which of them lie on each other."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

from readouts.publish.charts.shapes import Area, Dot, Label
from readouts.publish.charts.text_layout import width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.publish.charts.chart import Chart
    from readouts.publish.charts.shapes import Mark, Point

__all__ = ["collisions", "outside"]

ABOVE, BELOW = 0.76, 0.22
"""How far letters reach above and below their baseline, in sizes of the font: capitals, and those that hang down."""


def outline(mark: Mark) -> list[Point]:
    """Return the corners of the convex area that a mark takes."""
    if isinstance(mark, Label):
        width = width_of(mark.text, mark.size, mark.bold)
        left = {"left": 0.0, "center": -width / 2, "right": -width}[mark.anchor]
        turn = math.radians(mark.angle)
        corners = [
            (left, -mark.size * ABOVE),
            (left + width, -mark.size * ABOVE),
            (left + width, mark.size * BELOW),
            (left, mark.size * BELOW),
        ]
        return [
            (
                mark.place[0] + x * math.cos(turn) + y * math.sin(turn),
                mark.place[1] - x * math.sin(turn) + y * math.cos(turn),
            )
            for x, y in corners
        ]
    if isinstance(mark, Dot):
        (x, y), r = mark.centre, mark.radius
        return [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
    if isinstance(mark, Area):
        return list(mark.corners)
    return []


def apart(first: Sequence[Point], second: Sequence[Point]) -> bool:
    """Tell whether two convex areas have a line between them."""
    for corners in (first, second):
        for (x, y), (u, v) in zip(corners, [*corners[1:], corners[0]], strict=True):
            normal = (y - v, u - x)
            spans = [[normal[0] * a + normal[1] * b for a, b in area] for area in (first, second)]
            if max(spans[0]) <= min(spans[1]) + 1e-6 or max(spans[1]) <= min(spans[0]) + 1e-6:
                return True
    return False


def collisions(chart: Chart) -> Iterator[tuple[Mark, Mark]]:
    """Yield the pairs of marks that lie on each other, one of which at least is a text."""
    taken = [(mark, outline(mark)) for mark in chart.marks if not isinstance(mark, Area) or len(mark.corners) == 4]
    for (first, one), (second, other) in combinations([each for each in taken if each[1]], 2):
        if (isinstance(first, Label) or isinstance(second, Label)) and not apart(one, other):
            yield first, second


def outside(chart: Chart) -> Iterator[Mark]:
    """Yield the marks that reach over the edge of the sheet."""
    for mark in chart.marks:
        if any(not (0 <= x <= chart.width and 0 <= y <= chart.height) for x, y in outline(mark)):
            yield mark
