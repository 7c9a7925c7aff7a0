"""What a site is made of: pages, which are a template and what it shows, and files, which are bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from readouts.datapackage.words import singular
from readouts.publish.site import address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from readouts.publish.site.pagination import PageSlice

__all__ = ["LISTS", "Asset", "Page", "Part", "list_page", "page_of"]

LISTS = {
    "events": "Events",
    "patterns": "Patterns",
    "statements": "Statements",
    "entities": "People & organisations",
    "articles": "Articles",
    "tables": "Tables",
    "releases": "Releases",
}
"""The titles of the lists that every page leads to, by the kind of things that they list."""


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


@dataclass(frozen=True, slots=True)
class Part:
    """Files that are made together, and not at all where they are there already.

    Attributes
    ----------
    name
        What tells the part from all others.
    values
        All that the files are made of, in a form that takes less time to make than they do.
    make
        Makes the files.
    """

    name: str
    values: object
    make: Callable[[], Iterator[Page | Asset]]


def page_of(kind: str, name: str, leaf: PageSlice[Any], title: str, values: Mapping[str, Any]) -> Page:
    """Return one page of a thing, by the template of its kind.

    Parameters
    ----------
    kind, name
        The thing, as `address.place` takes it.
    leaf
        The entries of this page.
    title
        Title of the thing; further pages have their number in theirs.
    values
        What else the template shows.
    """
    place = partial(address.place, kind, name)
    shared = {
        "title": title if leaf.number == 1 else f"{title} (page {leaf.number} of {leaf.count})",
        "section": kind,
        "trail": [(LISTS[kind], address.listing(kind))],
        "leaf": leaf,
        "place_of_page": place,
    }
    return Page(place(leaf.number), f"{singular(kind)}.html", {**shared, **values})


def list_page(kind: str, leaf: PageSlice[Any], description: str, values: Mapping[str, Any]) -> Page:
    """Return one page of the list of all things of a kind."""
    place = partial(address.listing, kind)
    shared = {
        "title": LISTS[kind],
        "description": description,
        "section": kind,
        "leaf": leaf,
        "place_of_page": place,
    }
    return Page(place(leaf.number), f"{kind}.html", {**shared, **values})
