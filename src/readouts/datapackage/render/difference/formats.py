"""The forms that a difference can be given in: adding one is one module and one entry here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.render.format import Format, by_name, later
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from readouts.datapackage.difference.result import PackageDiffData

__all__ = ["FORMATS", "Format", "UnknownFormatError", "print_difference", "render"]


class UnknownFormatError(ReadoutsError):
    """A form was asked for that there is none of."""


FORMATS: dict[str, Format[PackageDiffData]] = by_name(
    Format("terminal", "text for people", "text/plain", ".txt", later(f"{__package__}.terminal", "plain_difference")),
    Format(
        "json", "for programs; described by a JSON Schema", "application/json", ".json", later(f"{__package__}.json")
    ),
    Format("markdown", "a comment on a pull request", "text/markdown", ".md", later(f"{__package__}.markdown")),
    Format("html", "one page that needs nothing else", "text/html", ".html", later(f"{__package__}.html")),
)
"""The forms by name."""


def render(difference: PackageDiffData, form: str, links: Mapping[str, str] | None = None) -> str:
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
    >>> from readouts.datapackage.difference.result import PackageDiffData
    >>> from readouts.datapackage.package.package import PackageVersion
    >>> old, new = PackageVersion("a", "lakes", "1.0.0"), PackageVersion("b", "lakes", "1.0.1")
    >>> print(render(PackageDiffData(old, new), "terminal"), end="")
    lakes 1.0.0 → 1.0.1: nothing differs
    """
    if form not in FORMATS:
        message = f"There is no form '{form}' of a difference. {did_you_mean(form, FORMATS)}"
        raise UnknownFormatError(message)
    if form == "markdown":
        from readouts.datapackage.render.difference.markdown import render as markdown

        return markdown(difference, links)
    return FORMATS[form].render(difference)


def print_difference(console: Console, difference: PackageDiffData) -> None:
    """Print a difference in the terminal."""
    from readouts.datapackage.render.difference.terminal import print_difference as print_it

    print_it(console, difference)
