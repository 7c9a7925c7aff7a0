"""The forms that a difference can be given in: adding one is one module and one entry here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from readouts.errors import ReadoutsError
from readouts.names import nearest_hint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rich.console import Console

    from readouts.difference import Difference

__all__ = ["FORMATS", "Format", "UnknownFormatError", "print_difference", "render"]


class UnknownFormatError(ReadoutsError):
    """A form was asked for that there is none of."""


@dataclass(frozen=True, slots=True)
class Format:
    """A form of a difference.

    Attributes
    ----------
    name
        What `--format` takes.
    description
        What it is for.
    media_type, suffix
        Its media type, and the suffix of a file of it.
    render
        The function that gives a difference in this form, as text for a file in UTF-8.
    """

    name: str
    description: str
    media_type: str
    suffix: str
    render: Callable[[Difference], str]


def _later(module: str, function: str = "render") -> Callable[[Difference], str]:
    """Return a renderer that is imported when it is first used: a run needs one of them."""

    def render(difference: Difference) -> str:
        text: str = getattr(import_module(f"readouts.render.{module}"), function)(difference)
        return text

    return render


FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        Format("terminal", "text for people", "text/plain", ".txt", _later("difference_terminal", "plain_difference")),
        Format(
            "json", "for programs; described by a JSON Schema", "application/json", ".json", _later("difference_json")
        ),
        Format("markdown", "a comment on a pull request", "text/markdown", ".md", _later("difference_markdown")),
        Format("html", "one page that needs nothing else", "text/html", ".html", _later("difference_html")),
    )
}
"""The forms by name."""


def render(difference: Difference, form: str, links: Mapping[str, str] | None = None) -> str:
    """Return a difference in one of the forms.

    Parameters
    ----------
    difference
        What to show. It may be about some ids only.
    form
        A name in `FORMATS`.
    links
        Addresses of the whole difference by what they are called; a comment on a pull request links to them, and no
        other form does.

    Raises
    ------
    UnknownFormatError
        There is no such form.
    LinkError
        An address is none that a comment can link to.

    Examples
    --------
    >>> from readouts.difference import Difference, Side
    >>> print(render(Difference(Side("a", "lakes", "1.0.0"), Side("b", "lakes", "1.0.1")), "terminal"), end="")
    lakes 1.0.0 → 1.0.1: nothing differs
    """
    if form not in FORMATS:
        message = f"There is no form '{form}' of a difference. {nearest_hint(form, FORMATS)}"
        raise UnknownFormatError(message)
    if form == "markdown":
        from readouts.render.difference_markdown import render as markdown

        return markdown(difference, links)
    return FORMATS[form].render(difference)


def print_difference(console: Console, difference: Difference) -> None:
    """Print a difference in the terminal."""
    from readouts.render.difference_terminal import print_difference as print_it

    print_it(console, difference)
