"""The form of a delta: a small Data Package in one sealed file, from which either of two releases becomes the other.

Both releases are in canonical form, so that a row has a number. A delta holds the rows that only one of them has, with
their numbers there, and of the others the cells that changed. Files that are not tables are compared line by line, or
are carried whole. `docs/deltas.md` has the form in full.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.files import Content
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.datapackage.package.unzip import unpacked
from readouts.datapackage.table.canonical_records import NotCanonical, cells_of, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = [
    "FILES",
    "FORMAT",
    "LINES",
    "PARTS",
    "SEAL_LENGTH",
    "Delta",
    "DeltaError",
    "Release",
    "TableDelta",
    "file_of",
    "opened_delta",
    "read_part",
    "seal_of",
]

FORMAT = 1
FILES, LINES = "files", "lines"
PARTS = ("removed", "added", "changed", "lost", "gained")
"""What a delta may hold of a table."""
_SEAL = re.compile(rb"sha256:[0-9a-f]{64}")
SEAL_LENGTH = 71


class DeltaError(PackageError):
    """A delta is damaged, or is not one of the package that it is to be applied to."""


@dataclass(frozen=True, slots=True)
class Release:
    """One of the two releases.

    Attributes
    ----------
    files
        What each of its files holds.
    """

    name: str
    version: str
    files: Mapping[str, Content] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.version}".rstrip()


@dataclass(frozen=True, slots=True)
class TableDelta:
    """How one table becomes that of the other release.

    Attributes
    ----------
    name
        Of the resource.
    old_path, new_path
        Its file in each release; None where it has none.
    old_fields, new_fields
        Its columns in each.
    renamed
        Columns of the new release by what they were called in the old one.
    parts
        Resources of the delta, by what they hold: `removed` and `added` rows, `changed` cells, and the cells of columns
        that were `lost` or `gained`, for rows that both releases have.
    """

    name: str
    old_path: str | None
    new_path: str | None
    old_fields: tuple[str, ...]
    new_fields: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def shared(self) -> dict[str, str]:
        """What columns of both releases were called, by what they are called."""
        before = {new: old for old, new in self.renamed.items()}
        names = {name: before.get(name, name) for name in self.new_fields}
        return {
            new: old
            for new, old in names.items()
            if old in self.old_fields and (new in before) == (old in self.renamed)
        }

    @property
    def lost(self) -> list[str]:
        """Columns that only the old release has."""
        shared = set(self.shared.values())
        return [name for name in self.old_fields if name not in shared]

    @property
    def gained(self) -> list[str]:
        """Columns that only the new release has."""
        return [name for name in self.new_fields if name not in self.shared]


@dataclass(frozen=True)
class Delta:
    """What carries one release to another, and back."""

    old: Release
    new: Release
    tables: tuple[TableDelta, ...]
    package: DataPackage  # its resources have what differs


def file_of(hash_: str) -> str:
    """Return where in a delta a file lies that it carries whole."""
    return f"whole/{hash_}"


def seal_of(body: bytes) -> bytes:
    """Return what a delta ends in, given all bytes before it."""
    return f"sha256:{sha256(body).hexdigest()}".encode()


@contextmanager
def opened_delta(path: Path) -> Iterator[Delta]:
    """Open a delta until the end of the block, after proving that no byte of its file has changed.

    Raises
    ------
    DeltaError
        It is not a delta, was damaged, or is of a form that is not known here.

    Examples
    --------
    >>> from pathlib import Path
    >>> with opened_delta(Path("nothing.zip")) as delta:
    ...     print(delta.old)
    Traceback (most recent call last):
    readouts.datapackage.delta.format.DeltaError: nothing.zip can't be read: No such file or directory.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{path} can't be read: {error.strerror}."
        raise DeltaError(message) from error
    body, seal = data[:-SEAL_LENGTH], data[-SEAL_LENGTH:]
    if seal != seal_of(body):
        reason = "it was damaged, or cut off" if data.startswith(b"PK") else "it is not a delta"
        held = (
            "" if _SEAL.fullmatch(seal) is None else f": it ends in {seal.decode()}, and holds {seal_of(body).decode()}"
        )
        message = f"{path} can't be used: {reason}{held}. Get it again, or make it with `readouts delta create`."
        raise DeltaError(message)
    with unpacked(path) as folder:
        try:
            yield _read(open_package(folder))
        except (LookupError, TypeError, ValueError, AttributeError, NotCanonical) as error:
            message = f"{path} is sealed, but not a delta of a known form: {error}."
            raise DeltaError(message) from error


def _read(package: DataPackage) -> Delta:
    written = package.descriptor["delta"]
    if written["format"] != FORMAT:
        message = f"expected the form {FORMAT}, found {written['format']!r}; a newer readouts may know it"
        raise ValueError(message)
    files: dict[str, dict[str, Content]] = {"old": {}, "new": {}}
    for path, old_bytes, old_sha256, new_bytes, new_sha256 in read_part(package, FILES):
        for side, size, hash_ in (("old", old_bytes, old_sha256), ("new", new_bytes, new_sha256)):
            if hash_:
                files[side][path] = Content(int(size), hash_)
    old, new = (Release(written[side]["name"], written[side]["version"], files[side]) for side in ("old", "new"))
    tables = tuple(
        TableDelta(
            name=each["name"],
            old_path=(each["old"] or {}).get("path"),
            new_path=(each["new"] or {}).get("path"),
            old_fields=tuple((each["old"] or {}).get("fields", ())),
            new_fields=tuple((each["new"] or {}).get("fields", ())),
            renamed=each["renamed"],
            parts=each["parts"],
        )
        for each in written["tables"]
    )
    return Delta(old, new, tables, package)


def read_part(package: DataPackage, name: str | None) -> Iterator[list[str]]:
    """Yield the rows of a resource of a delta; none if there is no such resource."""
    if name is None or name not in package.resources:
        return
    records = read_records(package.root / f"{name}.csv")
    width = len(cells_of(next(records)))
    for record in records:
        cells = cells_of(record)
        if len(cells) != width:
            message = f"{name}.csv has {len(cells)} cells in a row, where its header has {width}"
            raise NotCanonical(message)
        yield cells
