"""What a site is made of: pages, which are a template and what it shows, and files, which are bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Asset", "Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site.

    Attributes
    ----------
    path
        Where it lies in the site, as `readouts.publish.site.address` computes it.
    template
        Name of a file in `templates/`.
    values
        What the template shows. `title` is always there; `description` is for link previews, `section` says which
        entry of the navigation is the current one, `trail` has the pages above this one as (name, path).
    """

    path: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the site that is written as it is: a stylesheet, a script, a table."""

    path: str
    data: bytes
