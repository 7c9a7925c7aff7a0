"""Building a site: every kind of page in turn, rendered, and written where it changed."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from readouts.errors import PackageError
from readouts.site import (
    address,
    articles,
    downloads,
    entities,
    events,
    front,
    redirects,
    releases,
    search,
    statements,
    tables,
)
from readouts.site.output import open_folder
from readouts.site.page import Asset, Page
from readouts.site.rendering import Renderer
from readouts.site.world import open_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readouts.corpus import Corpus
    from readouts.site.output import Written
    from readouts.site.world import World

__all__ = ["PAGES", "build_site"]


def _static(world: World) -> Iterator[Asset]:
    """Yield stylesheet, scripts and icon, which are the same for every release."""
    del world
    for path in sorted((files("readouts.site") / "static").iterdir(), key=lambda path: path.name):
        yield Asset(address.asset(path.name), path.read_bytes())


PAGES: tuple[Callable[[World], Iterator[Page | Asset]], ...] = (
    _static,
    # First, while nothing else is in memory yet.
    tables.pages,
    front.pages,
    events.pages,
    statements.pages,
    entities.pages,
    articles.pages,
    releases.pages,
    search.pages,
    downloads.pages,
    redirects.pages,
)
"""Every kind of page: what makes them of a release."""


def build_site(corpus: Corpus, output: Path, texts: Path | None = None) -> Written:
    """Write the site of a corpus.

    Parameters
    ----------
    corpus
        The corpus.
    output
        Folder to write to: a new one, an empty one, or one that a site was written into before.
    texts
        Folder with the articles' texts: the pages then have the quotations, and must not be published.

    Returns
    -------
    Written
        How many files the site has, and how many were written and removed.

    Raises
    ------
    PackageError
        The folder holds something else, or pages with quotations would lie inside the package.
    ReadoutsError
        There is no such folder of texts, or none of them is one of the corpus.

    Examples
    --------
    >>> import readouts, tempfile
    >>> from pathlib import Path
    >>> output = Path(tempfile.mkdtemp())
    >>> build_site(readouts.load(), output).written > 100
    True
    >>> build_site(readouts.load(), output).written
    0
    """
    if texts is not None and output.resolve().is_relative_to(corpus.package.root.resolve()):
        message = (
            f"{output} lies inside the package: choose a place outside {corpus.package.root}, since the pages hold "
            "text of articles."
        )
        raise PackageError(message)
    world = open_world(corpus, texts)
    # A package that can't be read shows itself here, before anything is written.
    _ = world.mentions, world.comparisons
    folder = open_folder(output)
    folder.claim()
    renderer = Renderer(world)
    for make in PAGES:
        for page in make(world):
            folder.write(page.path, page.data if isinstance(page, Asset) else renderer.render(page))
        renderer.forget()
    return folder.finish()
