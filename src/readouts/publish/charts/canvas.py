"""The sheet that a chart is laid out on: marks in their order, and the parts that all charts share."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from readouts.publish.charts.chart import Chart
from readouts.publish.charts.palette import BODY, INK, MUTED, PAPER, RULE, SIDE_FILL, SMALL, TITLE
from readouts.publish.charts.shapes import Area, Curve, Dot, Label
from readouts.publish.charts.text_layout import balanced, fit, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from readouts.publish.charts.shapes import Anchor, Mark, Point

__all__ = ["GAP", "MARGIN", "UNIT", "Canvas", "Unit", "meaning_of"]

MARGIN = 20.0
UNIT = 11.0
"""Edge of the square that stands for one statement or claim."""
GAP = 2.5
NARROW = 5.0
"""Below this, squares would be specks, and are drawn as a bar."""

Unit = tuple[str, bool, str]
"""What a square shows: the side (`a`, `b`, `both`, `third`), whether it is contested, and its tip."""


def meaning_of(step: float, what: str) -> str:
    """Return what the squares of a chart stand for, or the bars, where a square and its gap have so little room.

    Examples
    --------
    >>> meaning_of(UNIT + GAP, "claim"), meaning_of(1.5, "claim")
    ('Each square is a claim', 'The longer a bar, the more claims')
    """
    return f"Each square is a {what}" if step >= NARROW else f"The longer a bar, the more {what}s"


class Canvas:
    """Marks as they are drawn. Every place is rounded, so that no machine's arithmetic shows."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.marks: list[Mark] = []

    def area(self, corners: Iterable[Point], fill: str, *, edge: str = "", tip: str = "") -> None:
        """Draw a polygon."""
        self.marks.append(Area(tuple(map(_rounded, corners)), fill, edge, tip))

    def curve(
        self,
        points: Iterable[Point],
        colour: str = RULE,
        width: float = 0.7,
        *,
        dash: tuple[float, ...] = (),
        opacity: float = 1.0,
        tip: str = "",
    ) -> None:
        """Draw a line or a curve."""
        self.marks.append(Curve(tuple(map(_rounded, points)), colour, round(width, 2), dash, opacity, tip))

    def dot(self, centre: Point, radius: float, fill: str, tip: str = "") -> None:
        """Draw a circle."""
        self.marks.append(Dot(_rounded(centre), round(radius, 2), fill, tip))

    def label(
        self,
        place: Point,
        text: str,
        size: float = BODY,
        *,
        colour: str = INK,
        bold: bool = False,
        anchor: Anchor = "left",
        angle: float = 0.0,
        tip: str = "",
    ) -> None:
        """Draw a line of text."""
        self.marks.append(Label(_rounded(place), text, size, colour, bold, anchor, round(angle, 2), tip))

    def lines(
        self,
        place: Point,
        lines: Iterable[str],
        size: float = BODY,
        *,
        colour: str = INK,
        bold: bool = False,
        anchor: Anchor = "left",
    ) -> float:
        """Draw lines of text below each other, the first on the baseline of `place`; return the next baseline."""
        x, y = place
        for line in lines:
            self.label((x, y), line, size, colour=colour, bold=bold, anchor=anchor)
            y += size * 1.35
        return y

    def heading(self, title: str, subtitle: str) -> float:
        """Draw title and subtitle; return how far down the sheet they reach."""
        room = self.width - 2 * MARGIN
        y = self.lines((MARGIN, MARGIN + TITLE * 0.8), wrap(title, room, TITLE, bold=True), TITLE, bold=True)
        return self.lines((MARGIN, y), balanced(subtitle, room, BODY), BODY, colour=MUTED) + 4

    def legend(self, entries: Iterable[tuple[Unit, str]], y: float) -> float:
        """Draw what the squares mean, in as many lines as it takes; return how far down they reach."""
        x = MARGIN
        for unit, text in entries:
            meaning = fit(text, self.width - 2 * MARGIN - UNIT - 5, BODY)
            taken = UNIT + 5 + width_of(meaning, BODY)
            if x > MARGIN and x + taken > self.width - MARGIN:
                x, y = MARGIN, y + UNIT + 6
            self.unit((x, y), unit)
            self.label((x + UNIT + 5, y + UNIT - 2), meaning)
            x += taken + 18
        return y + UNIT + 14

    def unit(self, corner: Point, unit: Unit, edge: float = UNIT) -> None:
        """Draw the square that stands for one statement or claim, smaller where there are many."""
        side, contested, tip = unit
        x, y = corner
        right, low = x + edge, y + edge
        if side == "both":
            self.area([(x, y), (x, low), (right, low)], SIDE_FILL["a"], tip=tip)
            self.area([(x, y), (right, low), (right, y)], SIDE_FILL["b"], tip=tip)
            return
        if side == "third":
            inset = 0.4
            corners = [(x + inset, y + inset), (x + inset, low - inset)]
            corners += [(right - inset, low - inset), (right - inset, y + inset)]
            self.area(corners, SIDE_FILL[side], edge=MUTED, tip=tip)
            return
        self.area([(x, y), (x, low), (right, low), (right, y)], SIDE_FILL[side], tip=tip)
        if contested:
            self.curve([(x, low), (right, y)], PAPER, edge * 0.18)

    def units(self, corner: Point, units: Sequence[Unit], step: float, *, leftwards: bool = False) -> None:
        """Draw squares next to each other, away from a corner, or bars where there are too many for squares."""
        x, y = corner
        if step < NARROW:
            self._bars(corner, units, step, leftwards=leftwards)
            return
        gap = GAP if step >= UNIT + GAP else step * 0.18
        edge = step - gap
        for unit in units:
            self.unit((x - edge if leftwards else x, y + (UNIT - edge) / 2), unit, edge)
            x += -step if leftwards else step

    def _bars(self, corner: Point, units: Sequence[Unit], step: float, *, leftwards: bool) -> None:
        """Draw a bar for each stretch of units that look the same."""
        x, y = corner
        for (side, contested), same in groupby(units, key=lambda unit: unit[:2]):
            number = len(list(same))
            long = number * step
            left, right, low = (x - long, x, y + UNIT) if leftwards else (x, x + long, y + UNIT)
            edge = MUTED if side == "third" else ""
            halves = (("a", y, y + UNIT / 2), ("b", y + UNIT / 2, low)) if side == "both" else ((side, y, low),)
            for half, above, below in halves:
                corners = [(left, above), (left, below), (right, below), (right, above)]
                self.area(corners, SIDE_FILL[half], edge=edge, tip=f"{number:,}")
            for place in range(int(long // UNIT) if contested else 0):
                start = left + place * UNIT
                self.curve([(start, low), (start + UNIT, y)], PAPER, 1.5)
            x += -long if leftwards else long

    def finish(
        self,
        y: float,
        *,
        name: str,
        title: str,
        description: str,
        rows: Iterable[Mapping[str, str | int]],
        source: str,
    ) -> Chart:
        """Put the source at the foot, and return the chart."""
        y = self.lines((MARGIN, y + SMALL), wrap(source, self.width - 2 * MARGIN, SMALL), SMALL, colour=MUTED)
        height = round(y + MARGIN - SMALL)
        return Chart(name, title, description, tuple(rows), self.width, float(height), tuple(self.marks))


def _rounded(place: Point) -> Point:
    return round(place[0], 2), round(place[1], 2)
