"""The forms that a difference can be given in: adding one is one module and one entry here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.lazy import later
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from readouts.datapackage.difference.result import PackageDiffData

__all__ = ["FORMATS", "UnknownFormatError", "render"]


class UnknownFormatError(ReadoutsError):
    """The requested format doesn't exist."""


FORMATS: dict[str, Callable[..., str]] = {
    "terminal": later(f"{__package__}.terminal", "plain_difference"),
    **{name: later(f"{__package__}.{name}", "render") for name in ("json", "markdown", "html")},
}
"""The functions that give a difference as the text of a file, by the names of the forms."""


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
        message = f"Unknown format '{form}' of a difference. {did_you_mean(form, FORMATS)}"
        raise UnknownFormatError(message)
    return FORMATS[form](difference, *([links] if form == "markdown" else []))
