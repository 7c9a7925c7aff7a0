"""Readouts: who said what, according to whom, in which article.

A corpus of diplomatic readouts and their press coverage, and the tools that keep it trustworthy.

>>> import readouts
>>> corpus = readouts.load()
>>> corpus.name
'readouts'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import LockedError, PackageError, ReadoutsError, SchemaError, UnknownIdError

if TYPE_CHECKING:
    from readouts.datapackage.optional import MissingDependencyError
    from readouts.loaders import Citation, Corpus, load
    from readouts.loaders import open_corpus as open  # noqa: A004 - `readouts.open`, as one opens a file
    from readouts.loaders.registry import FetchError

__all__ = [
    "Citation",
    "Corpus",
    "FetchError",
    "LockedError",
    "MissingDependencyError",
    "PackageError",
    "ReadoutsError",
    "SchemaError",
    "UnknownIdError",
    "load",
    "open",
]

_LATER = {
    "Citation": ("loaders", "Citation"),
    "Corpus": ("loaders", "Corpus"),
    "FetchError": ("loaders.registry", "FetchError"),
    "MissingDependencyError": ("datapackage.optional", "MissingDependencyError"),
    "load": ("loaders", "load"),
    "open": ("loaders", "open_corpus"),
}
"""What is imported when it is first asked for, and where it lies: a command that loads no corpus doesn't wait."""


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _LATER:
        message = f"module 'readouts' has no attribute '{name}'"
        raise AttributeError(message)
    from importlib import import_module

    module, attribute = _LATER[name]
    value = globals()[name] = getattr(import_module(f"readouts.{module}"), attribute)
    return value


def __dir__() -> list[str]:
    """Return the public names too."""
    return sorted({*globals(), *__all__})
