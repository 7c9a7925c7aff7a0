"""The shapes of a chart, as plain values: `drawing.py` turns them into SVG and PNG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from readouts.publish.charts.palette import BODY, INK

__all__ = ["Anchor", "Area", "Curve", "Dot", "Label", "Mark", "Picture", "Point"]

Point = tuple[float, float]
"""A place, in points of 1/72 inch from the left and from the top."""

Anchor = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon. `tip` is what a viewer shows of it when it is pointed at."""

    corners: tuple[Point, ...]
    fill: str
    edge: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through two points, or a quadratic curve through the first and the last of three."""

    points: tuple[Point, ...]
    colour: str
    width: float
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    centre: Point
    radius: float
    fill: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text on a baseline that begins, is centred, or ends at `place`; `angle` in degrees, to the left."""

    place: Point
    text: str
    size: float = BODY
    colour: str = INK
    bold: bool = False
    anchor: Anchor = "left"
    angle: float = 0.0
    tip: str = ""


Mark = Area | Curve | Dot | Label


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes on a sheet of paper: its name, title and description, its size in points, and the shapes in order."""

    name: str
    title: str
    description: str
    width: float
    height: float
    marks: tuple[Mark, ...]
