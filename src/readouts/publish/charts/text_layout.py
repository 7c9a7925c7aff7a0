"""How wide a text is, and how it is made to fit: measured in the font that comes with Matplotlib, on every machine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from readouts.datapackage.optional import requires_extra
from readouts.datapackage.words import printable

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

__all__ = ["balanced", "fit", "font", "width_of", "wrap"]

ELLIPSIS = "…"


@cache
def font(bold: bool = False) -> FontProperties:
    """Return the font of all charts: the DejaVu Sans that comes with Matplotlib.

    Its file is named, so that a system's font of the same name, or a user's settings, change nothing.

    Raises
    ------
    MissingDependencyError
        Matplotlib is not installed.
    """
    with requires_extra("A chart", "charts"):
        from matplotlib import get_data_path
        from matplotlib.font_manager import FontProperties
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(
        family=["DejaVu Sans"], weight="bold" if bold else "normal", fname=f"{get_data_path()}/fonts/ttf/{name}"
    )


@cache
def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return the width of a line of text, in points.

    Examples
    --------
    >>> width_of("Владимир Путин", 9.0) > width_of("Путин", 9.0) > 0
    True
    """
    # The font comes first: it says what is missing where Matplotlib is.
    face = font(bold).copy()
    from matplotlib.textpath import TextToPath

    face.set_size(size)
    width, _, _ = TextToPath().get_text_width_height_descent(text, face, False)
    return round(float(width), 3)


def fit(text: str, room: float, size: float, bold: bool = False) -> str:
    """Return a text as far as it fits, with an ellipsis where it is cut.

    Examples
    --------
    >>> fit("Minister of Foreign Affairs", 90, 9.0)
    'Minister of Foreig…'
    """
    text = printable(text)
    if width_of(text, size, bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle].rstrip() + ELLIPSIS, size, bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def wrap(text: str, room: float, size: float, bold: bool = False, lines: int = 3) -> list[str]:
    """Return a text as lines that fit, the last one cut where they are more than allowed.

    Examples
    --------
    >>> wrap("Call between Obama and Putin, 6 March 2014", 110, 9.0)
    ['Call between Obama', 'and Putin, 6 March', '2014']
    """
    done: list[str] = []
    current = ""
    words = printable(text).split(" ")
    for number, word in enumerate(words):
        longer = f"{current} {word}".strip()
        if not current or width_of(longer, size, bold) <= room:
            current = longer
            continue
        if len(done) == lines - 1:
            current = " ".join([current, *words[number:]])
            break
        done.append(fit(current, room, size, bold))
        current = word
    return [*done, fit(current, room, size, bold)]


def balanced(text: str, room: float, size: float) -> list[str]:
    """Return a text as few lines as fit, about equally long: no last line of a word or two.

    Examples
    --------
    >>> balanced("Each square is a statement, and its colour tells the side.", 240, 9.0)
    ['Each square is a statement,', 'and its colour tells the side.']
    """
    lines = wrap(text, room, size)
    # Where a text is cut, a narrower one would lose more of it.
    while len(lines) > 1 and not lines[-1].endswith(ELLIPSIS):
        room -= size / 2
        narrower = wrap(text, room, size)
        if len(narrower) > len(lines) or any(width_of(line, size) > room or ELLIPSIS in line for line in narrower):
            break
        lines = narrower
    return lines
