"""Digests of what a site is made of: files as a whole, and the values of each page.

A digest covers all that it stands for, so that equal digests mean equal pages. Unequal ones only cost time.
"""

from __future__ import annotations

import pickle
import platform
from dataclasses import fields
from functools import cache
from hashlib import file_digest, sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from readouts.corpus_schema.bundled import EXTRA_FILES, bundled_package, bundled_schemas
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.package.paths import inside, is_address
from readouts.datapackage.table.canonical_csv import descriptor_bytes
from readouts.loaders.registry import default_registry
from readouts.publish.site.data import SiteData
from readouts.publish.site.documents import DOCUMENTS
from readouts.publish.site.statement_view import StatementView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from readouts.datapackage.package.package import DataPackage

__all__ = ["code_digest", "digest", "files_of", "inputs_digest", "key_of", "value_digest"]

_LIBRARIES = ("jinja2", "markdown-it-py", "markupsafe", "narwhals", "polars")
"""The libraries that make pages besides this package."""


def digest(data: bytes | memoryview) -> str:
    """Return the digest of bytes.

    Examples
    --------
    >>> digest(b"a page")
    '9a8eeff1d0bc6b9b7acf170b1168d6d0'
    """
    return sha256(data).hexdigest()[:32]


Seen = dict[int, tuple[StatementView, str]]
"""Digests of statements that are on several pages, each with the statement itself, so that its number stays its own."""


def value_digest(*values: object, seen: Seen | None = None) -> str:
    """Return the digest of values.

    Raises
    ------
    TypeError
        One of them can't be written down.

    Examples
    --------
    >>> value_digest("a", [1]) == value_digest("a", [1]), value_digest("a", [1]) == value_digest("a", [2])
    (True, False)
    """
    stream = BytesIO()
    pickler = _Pickler(stream, 5)
    pickler.seen = seen
    # Without a memo: whether two equal values are one object is not a difference.
    pickler.fast = True
    try:
        pickler.dump(values)
    except (pickle.PicklingError, AttributeError, ValueError, RecursionError) as error:
        raise TypeError(str(error)) from error
    return digest(stream.getbuffer())


def key_of(*values: object, seen: Seen | None = None) -> str:
    """Return the digest of values; an empty text, by which nothing is kept, where they can't be written down.

    Examples
    --------
    >>> key_of("a") == value_digest("a"), key_of(lambda: 1)
    (True, '')
    """
    try:
        return value_digest(*values, seen=seen)
    except TypeError:
        return ""


class _Pickler(pickle.Pickler):
    seen: Seen | None = None

    def reducer_override(self, value: Any) -> Any:
        """Write down the fields of a dataclass, and not what it has computed of them."""
        kind: Any = type(value)
        if kind is StatementView and self.seen is not None:
            known = self.seen.get(id(value))
            if known is None:
                known = self.seen[id(value)] = value, value_digest(value)
            return str, (known[1],)
        if hasattr(kind, "__dataclass_fields__"):
            return kind, _values(kind)(value)
        if isinstance(value, SiteData):
            message = "it holds the whole release"
            raise TypeError(message)
        return NotImplemented


@cache
def _values(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    """Return what gives the values of the fields of a dataclass."""
    names = [each.name for each in fields(kind)]
    get = attrgetter(*names) if names else None
    return lambda value: () if get is None else get(value) if len(names) > 1 else (get(value),)


@cache
def code_digest() -> str:
    """Return the digest of what makes pages of a release: this package, its schemas and releases, and libraries."""
    bundled = bundled_package()
    folders = [Path(str(files("readouts"))), bundled_schemas(), default_registry(), bundled / "docs"]
    versions = [_version(name) for name in _LIBRARIES]
    found = [list(_tree(folder)) for folder in folders], list(_digests(bundled, [bundled / DESCRIPTOR]))
    return value_digest(platform.python_version(), versions, found)


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def files_of(package: DataPackage) -> list[Path]:
    """Return the files, there or not, that a site is made of besides the descriptor and the releases.

    Raises
    ------
    PackageError
        The descriptor names a file outside the package.

    Examples
    --------
    >>> import readouts
    >>> package = readouts.load().package
    >>> [path.name for path in files_of(package) if path.suffix == ".md"]
    ['README.md', 'datasheet.md', 'annotating.md']
    """
    named = (each.get(name) for each in package.descriptor["resources"] for name in ("schema", "dialect"))
    parts = [inside(package.root, name) for name in named if isinstance(name, str) and not is_address(name)]
    tables = [path for resource in package.resources.values() for path in resource.paths]
    return [*tables, *parts, *(package.root / name for name in (*EXTRA_FILES, *DOCUMENTS.values()))]


def inputs_digest(package: DataPackage, texts: Path | None) -> str:
    """Return the digest of all that the site of a package is made of; an empty text where that can't be read.

    Examples
    --------
    >>> import readouts
    >>> package = readouts.load().package
    >>> inputs_digest(package, None) == inputs_digest(package, None)
    True
    """
    try:
        found = [
            descriptor_bytes(package.descriptor),
            # The schemas that were read, which may have changed since.
            [resource.descriptor for resource in package.resources.values()],
            list(_digests(package.root, filter(Path.is_file, files_of(package)))),
            list(_tree(package.root / "releases")),
            None if texts is None else list(_tree(texts)),
        ]
    except (ReadoutsError, OSError):
        return ""
    return value_digest(code_digest(), found)


def _tree(folder: Path) -> Iterator[tuple[str, str]]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file())
    return _digests(folder, paths)


def _digests(root: Path, paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield each file, as it is called below a folder, and the digest of what it holds."""
    for path in paths:
        with path.open("rb") as stream:
            yield path.relative_to(root).as_posix(), file_digest(stream, "sha256").hexdigest()
