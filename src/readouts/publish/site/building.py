"""Building a site: every kind of page in turn, rendered, and written where it changed."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError
from readouts.datapackage.processes import process_pool
from readouts.loaders import Corpus
from readouts.publish.site import (
    about,
    address,
    articles,
    calendar_pages,
    downloads,
    entities,
    events,
    glossary,
    issuers,
    missing,
    pairs,
    patterns,
    redirects,
    releases,
    search,
    statements,
    tables,
)
from readouts.publish.site import home as front
from readouts.publish.site.context import open_site
from readouts.publish.site.data import SiteData
from readouts.publish.site.fingerprint import inputs_digest
from readouts.publish.site.output import open_folder
from readouts.publish.site.page import Asset, Page, Part
from readouts.publish.site.rendering import Renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readouts.datapackage.package.package import DataPackage
    from readouts.publish.site.context import SiteContext
    from readouts.publish.site.output import Folder, Written

    PageMaker = Callable[[SiteContext], Iterator[Page | Asset | Part]]

__all__ = ["PAGES", "build_site"]


def _static(site: SiteContext) -> Iterator[Page | Asset]:
    """Yield what is the same for every release: stylesheets, scripts and icon, and what servers look for."""
    del site
    for path in sorted((files("readouts.publish.site") / "static").iterdir(), key=lambda path: path.name):
        yield Asset(address.asset(path.name), path.read_bytes())
    # Without it, the pages of a repository would be made again, and leave out files whose names begin with `~`.
    yield Asset(".nojekyll", b"")


def _news(site: SiteContext) -> Iterator[Page | Asset]:
    """Yield the pages of releases and the front page: both show what changed, so that one process compares."""
    yield from releases.pages(site)
    yield from front.pages(site)


def _across(site: SiteContext) -> Iterator[Page | Asset]:
    """Yield the pages that look across events: all count the same claims, so that one process does it."""
    for each in (patterns, issuers, pairs, calendar_pages):
        yield from each.pages(site)


PAGES: tuple[PageMaker, ...] = (
    # The slowest come first, so that several processes end at about the same time.
    _news,
    statements.pages,
    tables.pages,
    events.pages,
    entities.pages,
    _across,
    articles.pages,
    search.pages,
    downloads.pages,
    about.pages,
    glossary.pages,
    redirects.pages,
    missing.pages,
    _static,
)
"""Every kind of page: what makes them of a release."""

_MANY = 1_000
"""Statements from which a second process, which reads the package again, saves more time than it takes."""
_MOST_PROCESSES = 2
"""A third would save little, since the pages of statements are made by one; and each has the release in memory."""


class _Site:
    """The pages of one release."""

    def __init__(self, corpus: Corpus, texts: Path | None) -> None:
        self._site = open_site(corpus, texts)
        # A package that can't be read shows itself here, before anything is written.
        _ = self._site.data.mentions, self._site.data.comparisons
        self._renderer = Renderer(self._site)

    def write(self, make: PageMaker, folder: Folder) -> None:
        """Write the pages of one kind."""
        for made in make(self._site):
            if not isinstance(made, Part):
                self._write(made, folder)
                continue
            key = self._renderer.key(made.name, made.values)
            if not folder.keep_all(key):
                for each in made.make():
                    self._write(each, folder, key)
        self._renderer.forget()

    def _write(self, made: Page | Asset, folder: Folder, part: str | None = None) -> None:
        if isinstance(made, Asset):
            folder.write(made.path, made.data, part or "")
            return
        context = self._renderer.context(made)
        key = self._renderer.page_key(made, context) if part is None else part
        if part is not None or not folder.keep(made.path, key):
            folder.write(made.path, self._renderer.render(made, context), key)


def build_site(corpus: Corpus, output: Path, texts: Path | None = None, *, processes: int = 1) -> Written:
    """Write the site of a corpus.

    Parameters
    ----------
    corpus
        The corpus.
    output
        Folder to write to: a new one, an empty one, or one that a site was written into before.
    texts
        Folder with the articles' texts: the pages then have the quotations, and must not be published.
    processes
        How many processes may write pages of a large corpus; no more than two are used. A script that asks for more
        than one guards what it runs by `if __name__ == "__main__"`.

    Returns
    -------
    Written
        How many files the site has, and how many were written and removed.

    Raises
    ------
    PackageError
        The folder holds something else, or pages with quotations would lie inside the package.
    ReadoutsError
        The folder of texts doesn't exist, or none of them is one of the corpus.

    Examples
    --------
    >>> import readouts, tempfile
    >>> from pathlib import Path
    >>> output = Path(tempfile.mkdtemp())
    >>> build_site(readouts.load("1.1.0"), output).written > 100
    True
    >>> build_site(readouts.load("1.1.0"), output).written
    0
    """
    root = corpus.package.root
    if texts is not None and output.resolve().is_relative_to(root.resolve()):
        message = (
            f"{output} is inside the package: choose a place outside {root}, since the pages hold text of articles."
        )
        raise PackageError(message)
    folder = open_folder(output)
    # What a corpus was hydrated from before isn't known any more: neither is whether it is the same, nor could another
    # process do it again.
    known = not corpus.hydration
    inputs = inputs_digest(corpus.package, texts) if known else ""
    unchanged = folder.unchanged(inputs)
    if unchanged is not None:
        return unchanged
    if processes > 1 and known and SiteData(corpus).count("statements") >= _MANY:
        _build_by_several(corpus.package, folder, texts, min(processes, _MOST_PROCESSES))
    else:
        site = _Site(corpus, texts)
        folder.claim()
        for make in PAGES:
            site.write(make, folder)
    # A file that changed meanwhile is shown by some pages, and by others not.
    return folder.finish(inputs if inputs and inputs == inputs_digest(corpus.package, texts) else "")


def _build_by_several(package: DataPackage, folder: Folder, texts: Path | None, processes: int) -> None:
    with process_pool(processes) as pool:
        for opened in [pool.submit(_open, package, texts) for _ in range(processes)]:
            opened.result()
        folder.claim()
        parts = [pool.submit(_write, package, texts, make, folder.part()) for make in PAGES]
        try:
            for part in parts:
                folder.join(part.result())
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


_opened: list[_Site] = []
"""The site that this process of a pool writes pages of, once it is opened."""


def _open(package: DataPackage, texts: Path | None) -> None:
    if not _opened:
        _opened.append(_Site(Corpus(package), texts))


def _write(package: DataPackage, texts: Path | None, make: PageMaker, folder: Folder) -> Folder:
    _open(package, texts)
    _opened[0].write(make, folder)
    return folder
