"""`load()` and `open_corpus()`: a release of this installation or of the registry, or any package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.package.package import open_package
from readouts.loaders.corpus import Corpus

if TYPE_CHECKING:
    import os

    from readouts.datapackage.package.locate import PackageLike

__all__ = ["load", "open_corpus"]


def open_corpus(path: PackageLike) -> Corpus:
    """Open a package; `readouts.open` is this function.

    Parameters
    ----------
    path
        Folder of the package, its `datapackage.json`, a ZIP archive of it, `git:REVISION`, or the version of a release
        in `releases/`. An archive is unpacked into a temporary folder that lasts as long as the corpus.

    Returns
    -------
    Corpus
        The corpus; its tables are read when they are asked for.

    Raises
    ------
    PackageError
        It is not a package, or the archive is unsafe to unpack.

    Examples
    --------
    >>> import readouts
    >>> readouts.open(bundled_package()).name
    'readouts'
    """
    from readouts.datapackage.package.locate import opened

    return Corpus(opened(path))


def load(version: str | None = None, *, registry: str | os.PathLike[str] | None = None) -> Corpus:
    """Load a release of the corpus: the one that ships with this installation, or another one.

    Parameters
    ----------
    version
        Version of the release. None takes the data that are here, and so does their version, unless they differ from
        that release (`1.1.0+unreleased`). Any other is taken from the registry and checked against the hash that ships
        with the package; downloads are kept in the cache.
    registry
        The registry: a folder or an address that has `<version>/<archive>` of each release. None takes that of the
        environment variable `READOUTS_REGISTRY`, else the folder of releases that came with the package.

    Returns
    -------
    Corpus
        The corpus; its tables are read when they are asked for.

    Raises
    ------
    UnknownIdError
        This installation knows no such release; a newer one brings newer releases.
    FetchError
        The release can't be reached, or a different one was found.

    Examples
    --------
    >>> import readouts
    >>> len(readouts.load().statements) > 0
    True
    """
    package = open_package(bundled_package())
    if version is None:
        return Corpus(package)
    from readouts.loaders.opening import opened_release
    from readouts.loaders.released import version_label

    # The data of a checkout may have moved on since the release of the same version.
    if version == version_label(package):
        return Corpus(package)

    return Corpus(opened_release(version, registry))
