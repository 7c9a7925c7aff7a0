"""Writing the package that a compilation gives, or telling how an existing one differs from it."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from hashlib import file_digest, sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from readouts.annotations.tree import path_state
from readouts.compile.codebook import codebook
from readouts.compile.compiler import Compilation, table_names
from readouts.compile.descriptor import package_descriptor, resource_descriptor
from readouts.compile.source_location import Origins
from readouts.corpus_schema.incident_codes import incident
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import PackageError, ReadoutsError
from readouts.datapackage.incident import Incident, Source
from readouts.datapackage.package.package import DESCRIPTOR, DataPackage, open_package
from readouts.datapackage.package.transaction import staging
from readouts.datapackage.table.canonical_csv import csv_reader, descriptor_bytes, row_key
from readouts.datapackage.words import counted, shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readouts.compile.store import Store
    from readouts.datapackage.schema.model import Table

__all__ = ["CODEBOOK", "Present", "hand_edits", "stale", "write_package"]

CODEBOOK = "data/README.md"
"""Path of the codebook in a package."""

_MOST_SHOWN = 5
"""Differences shown per table."""
_LONGEST, _CONTEXT = 120, 30
"""Characters shown of a value that differs, and those of them before the difference."""


def _pieces(compilation: Compilation, table: Table) -> Iterator[bytes]:
    """Yield the pieces of a table on their way to a file; what they come to is kept in the store."""
    count, size, digest = 0, 0, sha256()
    for rows, data in compilation.table(table):
        count += rows
        size += len(data)
        digest.update(data)
        yield data
    compilation.store.put_total(table.name, count, size, digest.hexdigest())


def _total(compilation: Compilation, table: Table) -> tuple[int, int, str]:
    """Return rows, bytes and SHA-256 of a table."""
    total = compilation.store.total(table.name)
    if total is None:
        for _ in _pieces(compilation, table):
            pass
        total = compilation.store.total(table.name)
    return total or (0, 0, "")


def _resource(compilation: Compilation, table: Table) -> dict[str, Any]:
    rows, size, digest = _total(compilation, table)
    return resource_descriptor(table, size=size, sha256=digest, rows=rows)


class Present:
    """The package that a folder has before it is written: opened once, and each of its files hashed once.

    Parameters
    ----------
    root
        The folder.
    store
        Where hashes are kept from one build to the next: a file that nobody wrote to is not read again.
    """

    def __init__(self, root: Path, store: Store | None = None) -> None:
        self.root = root
        self._store = store
        self._hashes: dict[str, str] = {}

    @cached_property
    def resources(self) -> list[dict[str, Any]]:
        """Its resources as the descriptor gives them; none where there is no package."""
        try:
            return list(open_package(self.root).descriptor["resources"])
        except PackageError:
            return []

    def has(self, path: str, digest: str) -> bool:
        """Return whether a file is there and has a hash."""
        if path not in self._hashes:
            self._hashes[path] = self._hash(self.root / path)
        return self._hashes[path] == digest

    def _hash(self, path: Path) -> str:
        """Return the hash of a file; empty where there is none."""
        state = None if self._store is None else path_state(path)
        found = None if self._store is None or state is None else self._store.file_hash(str(path), str(state))
        if found is None:
            found = ""
            with suppress(FileNotFoundError), path.open("rb") as stream:
                found = file_digest(stream, "sha256").hexdigest()
            if self._store is not None and state is not None:
                self._store.put_file_hash(str(path), str(state), found)
        return found


def _articles(compilation: Compilation) -> Iterator[dict[str, str]]:
    text = b"".join(data for _, data in compilation.table(tables()["articles"])).decode()
    yield from csv.DictReader(io.StringIO(text, newline=""), strict=True)


def _pages(compilation: Compilation) -> dict[str, bytes]:
    """Return the files that aren't tables, by their path: codebook and descriptor, the latter last."""
    if compilation.corpus is None or compilation.incidents:
        message = "Annotations with findings give no package; fix them first."
        raise ReadoutsError(message)
    all_tables = [tables()[name] for name in table_names()]
    resources = [_resource(compilation, table) for table in all_tables]
    rows = {resource["name"]: resource["rowCount"] for resource in resources}
    descriptor = package_descriptor(compilation.corpus, _articles(compilation), resources)
    return {
        CODEBOOK: codebook(compilation.corpus, all_tables, rows).encode(),
        DESCRIPTOR: descriptor_bytes(descriptor),
    }


def write_package(
    compilation: Compilation, root: Path, present: Present | None = None, require: Callable[[], None] | None = None
) -> DataPackage:
    """Write the package into a folder, in place of the one that is there, which may have been looked at already.

    The caller holds the folder's lock. Files of the old package that the new one doesn't have are removed; any other
    file stays. `require` is called when everything is staged: an error that it raises leaves the old package.

    Raises
    ------
    ReadoutsError
        The compilation has findings.
    OSError
        A file can't be written; the old package is untouched.
    """
    names = {f"data/{name}.csv": tables()[name] for name in table_names()}
    present = present or Present(root)
    listed = [PurePosixPath(str(resource.get("path"))) for resource in present.resources]
    kept = {path.as_posix() for path in listed if path.parts[:1] == ("data",) and ".." not in path.parts}
    obsolete = sorted(kept - names.keys())
    with staging(root) as stage:
        for path, table in names.items():
            total = compilation.store.total(table.name)
            # A file that already is what it should be stays.
            if total is None or not present.has(path, total[2]):
                stage.write(path, _pieces(compilation, table))
        for path, data in _pages(compilation).items():
            stage.write(path, iter([data]))
        if require is not None:
            require()
        stage.commit(obsolete)
    return open_package(root)


def stale(compilation: Compilation, root: Path) -> list[Incident]:
    """Return findings for each file of a package that isn't what the annotations give, with what differs."""
    found: list[Incident] = []
    origins, present = Origins(compilation.files.values()), Present(root)
    for name in table_names():
        table = tables()[name]
        if not present.has(f"data/{name}.csv", _total(compilation, table)[2]):
            found += _table_differences(compilation, root, table, origins)
    for name, data in _pages(compilation).items():
        if not present.has(name, sha256(data).hexdigest()):
            found.append(_difference(root / name, name, data))
    known = {f"{name}.csv" for name in table_names()}
    strange = sorted(path.name for path in (root / "data").glob("*.csv") if path.name not in known)
    found += [_stale(f"data/{name}", None, "No annotation produces this table.") for name in strange]
    return found


def hand_edits(compilation: Compilation, present: Present) -> list[Incident]:
    """Return what differs from the annotations in tables that are not what the descriptor says either."""
    found: list[Incident] = []
    origins = Origins(compilation.files.values())
    for resource in present.resources:
        table, path = tables().get(resource["name"]), f"data/{resource['name']}.csv"
        declared = str(resource.get("hash")).removeprefix("sha256:")
        if table is None or not (present.root / path).is_file() or present.has(path, declared):
            continue
        if not present.has(path, _total(compilation, table)[2]):
            found += _table_differences(compilation, present.root, table, origins)
    return found


def _table_differences(compilation: Compilation, root: Path, table: Table, origins: Origins) -> list[Incident]:
    """Say which cells and rows of a table differ from what the annotations give; of many, the first."""
    name = f"data/{table.name}.csv"
    expected = b"".join(_pieces(compilation, table))
    wanted, had = _rows(expected, table), _rows(_bytes(root / name), table)
    found = [] if wanted is None or had is None else list(_row_differences(table, wanted, had, origins, name))
    if not found:
        return [_difference(root / name, name, expected)]
    # One edit changes many cells of a table that is derived from others.
    shown = found[: 1 if table.derived else _MOST_SHOWN]
    if len(found) > len(shown):
        message = f"{shown[-1].message} {counted(len(found) - len(shown), 'further difference')} in this table."
        shown[-1] = replace(shown[-1], message=message)
    return shown


def _rows(data: bytes, table: Table) -> dict[tuple[str, ...], tuple[int, dict[str, str]]] | None:
    """Return the rows of a table by key, with their lines; None if it isn't a table with these columns and key."""
    rows: dict[tuple[str, ...], tuple[int, dict[str, str]]] = {}
    try:
        reader = csv_reader(io.StringIO(data.decode(), newline=""))
        if next(reader, None) != list(table.field_names):
            return None
        line = reader.line_num + 1
        for cells in reader:
            row = dict(zip(table.field_names, cells, strict=True))
            if row_key(table, row) in rows:
                return None
            rows[row_key(table, row)] = (line, row)
            line = reader.line_num + 1
    except (ValueError, csv.Error):
        return None
    return rows


def _row_differences(
    table: Table,
    wanted: dict[tuple[str, ...], tuple[int, dict[str, str]]],
    had: dict[tuple[str, ...], tuple[int, dict[str, str]]],
    origins: Origins,
    name: str,
) -> Iterator[Incident]:
    for key in dict.fromkeys([*wanted, *had]):
        what = f"{table.name} {'/'.join(key)}"
        line, row = had.get(key, (None, {}))
        if key not in wanted:
            message = f"{what}: the file has this row, the annotations don't."
            yield _stale(name, line, message, table=table.name)
        elif key not in had:
            place = _written(origins, table, key, None)
            message = f"{what}: the annotations produce this row{place}, the file lacks it."
            yield _stale(name, None, message, table=table.name)
        else:
            for field, value in wanted[key][1].items():
                if row[field] != value:
                    ours, theirs = (f"'{each}'" if each else "nothing" for each in _around(value, row[field]))
                    given = f"the annotations give {ours}{_written(origins, table, key, field)}"
                    message = f"{what}, {field}: {given}, the file has {theirs}."
                    yield _stale(name, line, message, table=table.name, field=field, value=row[field])


def _written(origins: Origins, table: Table, key: tuple[str, ...], field: str | None) -> str:
    """Say where the annotations have a row or cell, in brackets; nothing where no line is its own."""
    place = origins.find(table.name, key, field)
    return "" if place is None else f" (edit {place})"


def _difference(path: Path, name: str, expected: bytes) -> Incident:
    """Say where a file first differs from what it should be."""
    if not path.is_file():
        return _stale(name, None, "The file is not there.")
    want, have = expected.decode().split("\n"), _bytes(path).decode("utf-8", "replace").split("\n")
    differing = sum(a != b for a, b in zip(want, have, strict=False)) + abs(len(want) - len(have))
    for number, (wanted, had) in enumerate(zip([*want, "(no line)"], [*have, "(no line)"], strict=False), 1):
        if wanted != had:
            many = "1 line differs" if differing == 1 else f"{differing:,} lines differ"
            ours, theirs = _around(wanted, had)
            return _stale(name, number, f"The annotations give '{ours}', the file has '{theirs}'; {many}.")
    return _stale(name, None, "The file has other line ends or bytes than the annotations produce.")


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _around(one: str, other: str) -> tuple[str, str]:
    """Return two texts; of long ones, the part around the place where they begin to differ."""
    if max(len(one), len(other)) <= _LONGEST:
        return one, other
    differing = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    first = next(differing, min(len(one), len(other))) - _CONTEXT
    cut = (each if first <= 0 else f"…{each[first:]}" for each in (one, other))
    return shortened(next(cut), _LONGEST), shortened(next(cut), _LONGEST)


def _stale(name: str, line: int | None, message: str, **place: str) -> Incident:
    """Return the finding that a file of the package is not what the annotations give."""
    return incident("stale-package", message, source=Source(name, line), **place)
