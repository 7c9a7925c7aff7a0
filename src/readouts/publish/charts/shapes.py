"""What a chart is made of, and the chart itself: plain values, which `drawing.py` turns into SVG and PNG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from readouts.datapackage.errors import ReadoutsError
from readouts.publish.charts.palette import BODY, INK

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = ["Anchor", "Area", "Chart", "Curve", "Dot", "Label", "Mark", "Point", "chart_format"]

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


@dataclass(frozen=True)
class Chart:
    """A chart: what it shows, in marks, in figures and in words.

    Attributes
    ----------
    name
        Name of the kind of chart, as in `CHARTS`.
    title
        What stands above it.
    description
        Everything it says, in words: the alternative text for who can't see it.
    rows
        The figures it was drawn from; `pandas.DataFrame(chart.rows)` is their table.
    width, height
        Its size, in points of 1/72 inch.
    marks
        What is drawn, in that order.
    """

    name: str
    title: str
    description: str
    rows: tuple[Mapping[str, str | int], ...]
    width: float
    height: float
    marks: tuple[Mark, ...]

    def __repr__(self) -> str:
        return f"<readouts chart '{self.name}': {self.title}>"

    def svg(self) -> str:
        """Return the chart as SVG: text stays text, and the same chart gives the same characters.

        Raises
        ------
        MissingDependencyError
            Matplotlib is not installed: `pip install 'readouts[charts]'`.
        """
        from readouts.publish.charts.drawing import svg

        return svg(self)

    def png(self, dpi: int = 200) -> bytes:
        """Return the chart as PNG.

        Parameters
        ----------
        dpi
            Pixels an inch: 100 for a screen, 300 for print.

        Raises
        ------
        MissingDependencyError
            Matplotlib is not installed: `pip install 'readouts[charts]'`.
        """
        from readouts.publish.charts.drawing import png

        return png(self, dpi)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the chart to a file whose name ends in `.svg` or `.png`.

        Parameters
        ----------
        path
            The file; what was there before is replaced in one step.

        Raises
        ------
        ReadoutsError
            The name has another ending.
        MissingDependencyError
            Matplotlib is not installed: `pip install 'readouts[charts]'`.
        """
        from pathlib import Path

        from readouts.datapackage.package.transaction import replace_file
        from readouts.publish.charts.drawing import FORMATS

        replace_file(Path(path), FORMATS[chart_format(path)](self))

    def _repr_svg_(self) -> str:
        return self.svg()


def chart_format(path: str | os.PathLike[str]) -> str:
    """Return the format that the name of a file asks for.

    Raises
    ------
    ReadoutsError
        It asks for none that charts have.

    Examples
    --------
    >>> chart_format("figures/sides.SVG")
    'svg'
    """
    from pathlib import Path

    ending = Path(path).suffix.lower().removeprefix(".")
    if ending not in {"svg", "png"}:
        found = f"'.{ending}'" if ending else "no ending"
        message = (
            f"A chart is saved as SVG or PNG: expected a name that ends in .svg or .png, found {found} in '{path}'."
        )
        raise ReadoutsError(message)
    return ending
