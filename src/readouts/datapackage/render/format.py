"""What the forms of a result have in common: what describes one, and a renderer that is imported when it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Format", "by_name", "later"]

Shown = TypeVar("Shown")
"""What is given in several forms: a report, or a difference."""


@dataclass(frozen=True, slots=True)
class Format(Generic[Shown]):
    """A form that a result can be given in.

    Attributes
    ----------
    name
        What `--format` takes.
    description
        What it is for.
    media_type, suffix
        Its media type, and the suffix of a file of it.
    render
        The function that gives a result in this form, as text for a file in UTF-8.
    """

    name: str
    description: str
    media_type: str
    suffix: str
    render: Callable[[Shown], str]


def later(module: str, function: str = "render") -> Callable[[Shown], str]:
    """Return a renderer that is imported when it is first used: a run needs one of them.

    Parameters
    ----------
    module
        Its full name.
    """

    def render(shown: Shown) -> str:
        text: str = getattr(import_module(module), function)(shown)
        return text

    return render


def by_name(*forms: Format[Shown]) -> dict[str, Format[Shown]]:
    """Return forms by what `--format` calls them.

    Examples
    --------
    >>> list(by_name(Format("loud", "for the deaf", "text/plain", ".txt", str.upper)))
    ['loud']
    """
    return {form.name: form for form in forms}
