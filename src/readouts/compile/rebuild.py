"""Writing the package that a compilation gives, or telling how an existing one differs from it."""

from __future__ import annotations

import csv
import io
from hashlib import file_digest, sha256
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from readouts.compile.codebook import codebook
from readouts.compile.compiler import Compilation, table_names
from readouts.compile.descriptor import package_descriptor, resource_descriptor
from readouts.corpus_schema.incident_codes import incident
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import PackageError, ReadoutsError
from readouts.datapackage.incident import Incident, Source
from readouts.datapackage.package.package import DESCRIPTOR, DataPackage, open_package
from readouts.datapackage.package.transaction import staging
from readouts.datapackage.table.canonical_csv import descriptor_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.schema.model import Table

__all__ = ["CODEBOOK", "stale", "write_package"]

CODEBOOK = "data/README.md"
"""Path of the codebook in a package."""


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


def _is(path: Path, digest: str) -> bool:
    """Tell whether a file is there and has a hash."""
    try:
        with path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest() == digest
    except FileNotFoundError:
        return False


def _articles(compilation: Compilation) -> Iterator[dict[str, str]]:
    text = b"".join(data for _, data in compilation.table(tables()["articles"])).decode()
    yield from csv.DictReader(io.StringIO(text, newline=""), strict=True)


def _pages(compilation: Compilation) -> dict[str, bytes]:
    """Return the files that aren't tables, by their path: codebook and descriptor, the latter last."""
    if compilation.corpus is None or compilation.incidents:
        message = "Annotations with findings give no package; mend them first."
        raise ReadoutsError(message)
    all_tables = [tables()[name] for name in table_names()]
    resources = [_resource(compilation, table) for table in all_tables]
    rows = {resource["name"]: resource["rowCount"] for resource in resources}
    descriptor = package_descriptor(compilation.corpus, _articles(compilation), resources)
    return {
        CODEBOOK: codebook(compilation.corpus, all_tables, rows).encode(),
        DESCRIPTOR: descriptor_bytes(descriptor),
    }


def write_package(compilation: Compilation, root: Path) -> DataPackage:
    """Write the package into a folder, in place of the one that is there.

    The caller holds the folder's lock. Files of the old package that the new one doesn't have are removed; any other
    file stays.

    Raises
    ------
    ReadoutsError
        The compilation has findings.
    OSError
        A file can't be written; the old package is untouched.
    """
    names = {f"data/{name}.csv": tables()[name] for name in table_names()}
    obsolete = [path for path in _listed(root) if path not in names]
    with staging(root) as stage:
        for path, table in names.items():
            total = compilation.store.total(table.name)
            # A file that already is what it should be stays.
            if total is None or not _is(root / path, total[2]):
                stage.write(path, _pieces(compilation, table))
        for path, data in _pages(compilation).items():
            stage.write(path, iter([data]))
        stage.commit(obsolete)
    return open_package(root)


def _listed(root: Path) -> list[str]:
    try:
        package = open_package(root)
    except PackageError:
        return []
    paths = [PurePosixPath(str(resource.descriptor.get("path"))) for resource in package.resources.values()]
    return [path.as_posix() for path in paths if path.parts[:1] == ("data",) and ".." not in path.parts]


def stale(compilation: Compilation, root: Path) -> list[Incident]:
    """Return a finding for each file of a package that isn't what the annotations give."""
    found = []
    for name in table_names():
        table = tables()[name]
        path = root / "data" / f"{name}.csv"
        if not _is(path, _total(compilation, table)[2]):
            expected = b"".join(_pieces(compilation, table))
            found.append(_difference(path, f"data/{name}.csv", expected))
    for name, data in _pages(compilation).items():
        if not _is(root / name, sha256(data).hexdigest()):
            found.append(_difference(root / name, name, data))
    known = {f"{name}.csv" for name in table_names()}
    strange = sorted(path.name for path in (root / "data").glob("*.csv") if path.name not in known)
    found += [_stale(f"data/{name}", None, "The annotations give no such table.") for name in strange]
    return found


def _difference(path: Path, name: str, expected: bytes) -> Incident:
    """Say where a file first differs from what it should be."""
    if not path.is_file():
        return _stale(name, None, "The file is not there.")
    found = path.read_bytes()
    want, have = expected.decode().split("\n"), found.decode("utf-8", "replace").split("\n")
    differing = sum(a != b for a, b in zip(want, have, strict=False)) + abs(len(want) - len(have))
    for number, (wanted, had) in enumerate(zip([*want, "(no line)"], [*have, "(no line)"], strict=False), 1):
        if wanted != had:
            many = "1 line differs" if differing == 1 else f"{differing:,} lines differ"
            message = f"The annotations give '{_short(wanted)}', the file has '{_short(had)}'; {many}."
            return _stale(name, number, message)
    return _stale(name, None, "The file has other line ends or bytes than the annotations give.")


def _stale(name: str, line: int | None, message: str) -> Incident:
    """Return the finding that a file of the package is not what the annotations give."""
    return incident("stale-package", message, source=Source(name, line))


def _short(line: str) -> str:
    return line if len(line) <= 160 else line[:157] + "..."
