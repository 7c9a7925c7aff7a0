"""Charts as SVG and PNG, drawn by Matplotlib.

The same chart gives the same SVG on every machine: no date, no random ids, no setting of the user's, coordinates that
were rounded before they got here, and text as text, so that no outline of a letter depends on a version of a library.
"""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from readouts.datapackage.optional import requires_extra
from readouts.publish.charts.palette import PAPER
from readouts.publish.charts.shapes import Area, Curve, Dot
from readouts.publish.charts.text_layout import font

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    from readouts.publish.charts.shapes import Mark, Picture

__all__ = ["png", "svg"]

LIKE_DEJAVU = "'DejaVu Sans', Verdana, Geneva, sans-serif"
"""Verdana and Geneva are as wide as DejaVu Sans, and other fonts narrower: nothing overlaps where it is missing."""

NOISE = re.compile(r' id="(?:figure|patch|text)_[0-9]+"| transform="rotate\(-0 [^"]*"')
"""Ids that several charts in one page would share, and turns by nothing."""


@contextmanager
def _settings() -> Iterator[None]:
    """Draw with our settings only, whatever the user's are."""
    with requires_extra("A chart", "charts"):
        import matplotlib as mpl
    with mpl.rc_context():
        mpl.rcdefaults()
        # No name is mathematics, and no letter is moved to a pixel: texts are as wide as they were measured.
        mpl.rcParams.update(
            {"svg.fonttype": "none", "svg.hashsalt": "readouts", "text.parse_math": False, "text.hinting": "none"}
        )
        yield


def _figure(picture: Picture, *, tipped: bool) -> Figure:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Affine2D

    figure = Figure(figsize=(picture.width / 72, picture.height / 72), facecolor=PAPER)
    # Points from the upper left corner, to inches from the lower left one.
    place = Affine2D().scale(1, -1).translate(0, picture.height).scale(1 / 72) + figure.dpi_scale_trans
    for number, mark in enumerate(picture.marks):
        artist = _artist(mark)
        artist.set_transform(place)
        artist.set_zorder(number)
        if tipped and mark.tip:
            artist.set_gid(_key(picture, number))
        figure.add_artist(artist)
    return figure


def _key(picture: Picture, number: int) -> str:
    return f"readouts-{picture.name}-{number}"


def _artist(mark: Mark) -> Artist:
    from matplotlib.patches import Circle, PathPatch, Polygon
    from matplotlib.path import Path
    from matplotlib.text import Text

    if isinstance(mark, Area):
        return Polygon(mark.corners, facecolor=mark.fill, edgecolor=mark.edge or "none", linewidth=0.8)
    if isinstance(mark, Dot):
        return Circle(mark.centre, mark.radius, facecolor=mark.fill, edgecolor=PAPER, linewidth=0.8)
    if isinstance(mark, Curve):
        codes = [Path.MOVETO, *([Path.CURVE3] * 2 if len(mark.points) == 3 else [Path.LINETO])]
        return PathPatch(
            Path(mark.points, codes),
            facecolor="none",
            edgecolor=mark.colour,
            linewidth=mark.width,
            linestyle=(0, mark.dash) if mark.dash else "solid",
            alpha=mark.opacity,
            capstyle="butt",
        )
    face = font(mark.bold).copy()
    face.set_size(mark.size)
    return Text(
        *mark.place,
        mark.text,
        fontproperties=face,
        color=mark.colour,
        horizontalalignment=mark.anchor,
        verticalalignment="baseline",
        rotation=mark.angle,
        rotation_mode="anchor",
    )


def svg(picture: Picture) -> str:
    """Return a picture as SVG, with its title, its description, and a title for every mark that has a tip."""
    with _settings():
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        stream = io.StringIO()
        empty = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        canvas: Any = FigureCanvasSVG(_figure(picture, tipped=True))
        canvas.print_svg(stream, metadata=empty)
    drawn = NOISE.sub("", stream.getvalue()).replace("font-family: 'DejaVu Sans'", f"font-family: {LIKE_DEJAVU}")
    drawn = "".join(line.rstrip() + "\n" for line in drawn.splitlines())
    for number, mark in enumerate(picture.marks):
        if mark.tip:
            group = f'<g id="{_key(picture, number)}">'
            drawn = drawn.replace(group, f"{group}<title>{escape(mark.tip)}</title>", 1)
    head, start, rest = drawn.partition("<svg ")
    attributes, end, body = rest.partition(">")
    key = f"readouts-{picture.name}"
    accessible = f' role="img" aria-labelledby="{key}-title {key}-description"'
    labels = (
        f'\n <title id="{key}-title">{escape(picture.title)}</title>'
        f'\n <desc id="{key}-description">{escape(picture.description)}</desc>'
    )
    return f"{head}{start}{attributes}{accessible}{end}{labels}{body}"


def png(picture: Picture, dpi: int = 200) -> bytes:
    """Return a picture as PNG, with its title and description as metadata."""
    with _settings():
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        figure = _figure(picture, tipped=False)
        figure.set_dpi(dpi)
        stream = io.BytesIO()
        metadata = {"Software": None, "Title": picture.title, "Description": picture.description}
        canvas: Any = FigureCanvasAgg(figure)
        canvas.print_png(stream, metadata=metadata)
    return stream.getvalue()
