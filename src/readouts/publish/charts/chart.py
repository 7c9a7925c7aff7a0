"""A chart: its shapes, the figures that it was drawn from, and its description; it can be saved as SVG or PNG."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.transaction import replace_file
from readouts.publish.charts import drawing
from readouts.publish.charts.shapes import Picture

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from readouts.publish.charts.shapes import Mark

__all__ = ["FORMATS", "Chart", "chart_format"]


@dataclass(frozen=True)
class Chart:
    """A chart: what it shows, in marks, figures and text.

    Attributes
    ----------
    name
        Name of the kind of chart, as in `CHARTS`.
    title
        What is above it.
    description
        The alternative text: everything that the chart shows.
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
        return drawing.svg(self._picture)

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
        return drawing.png(self._picture, dpi)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the chart to a file whose name ends in `.svg` or `.png`.

        Parameters
        ----------
        path
            The file; an existing one is replaced in one step.

        Raises
        ------
        ReadoutsError
            The name has another ending.
        MissingDependencyError
            Matplotlib is not installed: `pip install 'readouts[charts]'`.
        """
        replace_file(Path(path), FORMATS[chart_format(path)](self))

    def _repr_svg_(self) -> str:
        return self.svg()

    @property
    def _picture(self) -> Picture:
        return Picture(self.name, self.title, self.description, self.width, self.height, self.marks)


FORMATS: dict[str, Callable[[Chart], bytes]] = {"svg": lambda chart: chart.svg().encode(), "png": Chart.png}
"""The formats that a chart can be saved in."""


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
    ending = Path(path).suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        found = f"'.{ending}'" if ending else "no ending"
        message = (
            f"A chart is saved as SVG or PNG: expected a name that ends in .svg or .png, found {found} in '{path}'."
        )
        raise ReadoutsError(message)
    return ending
