"""Writing the package that a compilation gives, or telling how an existing one differs from it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from readouts.build.compiler import Compilation, table_names
from readouts.build.descriptor import package_descriptor, resource_descriptor
from readouts.errors import PackageError, ReadoutsError
from readouts.incident import Incident, incident
from readouts.package.canonical import descriptor_bytes
from readouts.package.reading import DESCRIPTOR, Package, open_package
from readouts.package.swap import staging
from readouts.schema import Table, tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["row_counts", "stale", "write_package"]


class _Counted:
    """Pieces of a table on their way to a file, counted and hashed as they pass."""

    def __init__(self, compilation: Compilation, table: Table) -> None:
        self.table = table
        self.rows = 0
        self.size = 0
        self._hash = sha256()
        self._pieces = compilation.table(table)

    def __iter__(self) -> Iterator[bytes]:
        for rows, text in self._pieces:
            data = text.encode()
            self.rows += rows
            self.size += len(data)
            self._hash.update(data)
            yield data

    def resource(self) -> dict[str, Any]:
        return resource_descriptor(self.table, size=self.size, sha256=self._hash.hexdigest(), rows=self.rows)


def _articles(compilation: Compilation) -> list[dict[str, str | None]]:
    names = sorted(name for name, file in compilation.files.items() if file.kind == "article")
    return [compilation.store.extra(name)["article"][0] for name in names]


def _descriptor(compilation: Compilation, resources: list[dict[str, Any]]) -> bytes:
    if compilation.corpus is None or compilation.incidents:
        message = "Annotations with findings give no package; mend them first."
        raise ReadoutsError(message)
    return descriptor_bytes(package_descriptor(compilation.corpus, _articles(compilation), resources))


def row_counts(compilation: Compilation) -> dict[str, int]:
    """Return the number of rows of each table, in the order of the package."""
    return {name: sum(rows for rows, _ in compilation.table(tables()[name])) for name in table_names()}


def write_package(compilation: Compilation, root: Path) -> Package:
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
    obsolete = _listed(root)
    with staging(root) as stage:
        resources = []
        for name in table_names():
            counted = _Counted(compilation, tables()[name])
            stage.write(f"data/{name}.csv", iter(counted))
            resources.append(counted.resource())
        stage.write(DESCRIPTOR, iter([_descriptor(compilation, resources)]))
        stage.commit(obsolete)
    return open_package(root)


def _listed(root: Path) -> list[str]:
    try:
        package = open_package(root)
    except PackageError:
        return []
    paths = (resource.get("path") for resource in package.resources.values())
    return [path for path in paths if isinstance(path, str) and path.startswith("data/") and ".." not in path]


def stale(compilation: Compilation, root: Path) -> list[Incident]:
    """Return a finding for each file of a package that isn't what the annotations give."""
    found = []
    resources = []
    for name in table_names():
        counted = _Counted(compilation, tables()[name])
        expected = b"".join(counted)
        resources.append(counted.resource())
        finding = _difference(root / "data" / f"{name}.csv", f"data/{name}.csv", expected)
        if finding is not None:
            found.append(finding)
    finding = _difference(root / DESCRIPTOR, DESCRIPTOR, _descriptor(compilation, resources))
    if finding is not None:
        found.append(finding)
    known = {f"{name}.csv" for name in table_names()}
    for path in sorted((root / "data").glob("*.csv")):
        if path.name not in known:
            found.append(incident("stale-package", f"data/{path.name}: the annotations give no such table."))
    return found


def _difference(path: Path, name: str, expected: bytes) -> Incident | None:
    """Say where a file first differs from what it should be; None when it doesn't."""
    if not path.is_file():
        return incident("stale-package", f"{name}: the file is not there.")
    found = path.read_bytes()
    if found == expected:
        return None
    want, have = expected.decode().split("\n"), found.decode("utf-8", "replace").split("\n")
    differing = sum(a != b for a, b in zip(want, have, strict=False)) + abs(len(want) - len(have))
    for number, (wanted, had) in enumerate(zip([*want, "(no line)"], [*have, "(no line)"], strict=False), 1):
        if wanted != had:
            message = (
                f"{name}, line {number}: the annotations give '{_short(wanted)}', the file has '{_short(had)}'; "
                f"{differing} lines differ."
            )
            return incident("stale-package", message, line=number)
    return incident("stale-package", f"{name}: the file has other line ends or bytes than the annotations give.")


def _short(line: str) -> str:
    return line if len(line) <= 160 else line[:157] + "..."
