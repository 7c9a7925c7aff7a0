"""`load()` and `open_corpus()`: a release that is here, or that is fetched, or a package on disk."""

from __future__ import annotations

import os
import weakref
from contextlib import ExitStack
from typing import TYPE_CHECKING

from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.package.package import open_package
from readouts.loaders.corpus import Corpus
from readouts.loaders.opening import opened, opened_release

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from readouts.datapackage.package.package import Package

__all__ = ["load", "open_corpus"]


def open_corpus(path: str | os.PathLike[str]) -> Corpus:
    """Open a package on disk; `readouts.open` is this function.

    Parameters
    ----------
    path
        Folder of the package, its `datapackage.json`, or a ZIP archive of it. An archive is unpacked into a temporary
        folder that lasts as long as the corpus.

    Returns
    -------
    Corpus
        The corpus; its tables are read when they are asked for.

    Raises
    ------
    PackageError
        There is no package, or the archive is unsafe to unpack.

    Examples
    --------
    >>> import readouts
    >>> readouts.open(bundled_package()).name
    'readouts'
    """
    return _corpus(opened(path))


def _corpus(opening: AbstractContextManager[Package]) -> Corpus:
    """Return the corpus of a package that stays open as long as the corpus lives."""
    with ExitStack() as stack:
        corpus = Corpus(stack.enter_context(opening))
        weakref.finalize(corpus, _close, stack.pop_all(), os.getpid())
    return corpus


def _close(stack: ExitStack, process: int) -> None:
    """Remove what was unpacked, unless this is a forked child, whose parent still reads it."""
    if os.getpid() == process:
        stack.close()


def load(version: str | None = None, *, registry: str | os.PathLike[str] | None = None) -> Corpus:
    """Load a release of the corpus: the one that ships with this installation, or another one.

    Parameters
    ----------
    version
        Version of the release. None, or the version of the one that is here, takes that. Any other is taken from the
        registry and held to the hash that ships with the package; what is downloaded is kept in the cache.
    registry
        Where releases lie: a folder or an address that has `<version>/<archive>`. None takes that of the environment
        variable `READOUTS_REGISTRY`, else the folder of releases that came with the package.

    Returns
    -------
    Corpus
        The corpus; its tables are read when they are asked for.

    Raises
    ------
    UnknownIdError
        This installation knows no such release; a newer one brings newer releases.
    FetchError
        The release can't be reached, or what was found is another one.

    Examples
    --------
    >>> import readouts
    >>> len(readouts.load().statements) > 0
    True
    """
    package = open_package(bundled_package())
    if version is None or version == package.version:
        return Corpus(package)
    return _corpus(opened_release(version, registry))
