"""Whether a package is in canonical form, and how it is brought into it: no value changes, only how it is written."""

from __future__ import annotations

import copy
import json
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.files import chunks, contents, gathered, new_folder, package_files, write_new
from readouts.datapackage.package.locate import PackageLike, located
from readouts.datapackage.package.package import DESCRIPTOR
from readouts.datapackage.table.canonical_csv import csv_line, descriptor_bytes
from readouts.datapackage.table.canonical_records import NotCanonical, cells_of, ordered, read_records

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from readouts.datapackage.package.files import Content
    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.resource import Resource

__all__ = ["canonicalise", "not_canonical", "require_canonical", "tables_of"]

_TABULAR = frozenset(["csv", "tsv"])
_OF_FORM = ("dialect", "compression", "innerpath", "extrapaths")
"""Properties of a resource that say how its file is written: canonical form is the default of each."""


def tables_of(package: DataPackage) -> dict[str, Resource]:
    """Return the tables of a package that have files of CSV, by name; other resources are files like any other."""
    for name in package.dereferenced.undelimited:
        package.resource(name).require_readable()
    return {
        name: resource
        for name, resource in package.resources.items()
        if resource.table is not None and resource.files and resource.form in _TABULAR
    }


def _order(table: Table, labels: Sequence[str]) -> list[str]:
    """Return the columns of a file as canonical form has them: in the schema's order, then those it doesn't know."""
    known = [name for name in dict.fromkeys(table.field_names) if name in labels]
    return known + [label for label in labels if label not in known]


def not_canonical(package: DataPackage) -> Iterator[str]:
    """Yield what keeps a package from being in canonical form: a sentence for the descriptor and for each file.

    Files are read in a stream, whatever their size.

    Raises
    ------
    PackageError
        A file is missing.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> list(not_canonical(open_package(sample_package())))
    []
    """
    return _problems(package, contents(package_files(package)))


def _problems(package: DataPackage, held: Mapping[str, Content]) -> Iterator[str]:
    if package.descriptor_file != DESCRIPTOR:
        yield f"It has no {DESCRIPTOR}."
    elif (package.root / DESCRIPTOR).read_bytes() != _descriptor_bytes(package.descriptor):
        yield f"{DESCRIPTOR} is not written as JSON with an indent of two spaces and a final line end."
    for resource in tables_of(package).values():
        problem = resource.unusual_form or _stale(resource, held) or _table_problem(resource)
        if problem:
            yield f"{resource.files[0]} {problem}."


def require_canonical(package: DataPackage, name: str) -> dict[str, Content]:
    """Return what the files of a package hold, if it is in canonical form.

    Raises
    ------
    PackageError
        It is not; the message says how to fix it.
    """
    held = contents(package_files(package))
    problems = list(_problems(package, held))
    if problems:
        left = len(problems) - 1
        more = "" if not left else f" {left:,} more of its files {'is' if left == 1 else 'are'} not either."
        message = (
            f"{name} is not in canonical form: {problems[0]}{more} "
            f"Fix it with: readouts canonicalise {name} --output DIR"
        )
        raise PackageError(message)
    return held


def _stale(resource: Resource, held: Mapping[str, Content]) -> str | None:
    """Say so if the descriptor gives a different size or hash than a file has."""
    found, written = held[_posix(resource.files[0])], resource.descriptor
    if written.get("bytes", found.bytes) != found.bytes:
        return f"has {found.bytes:,} bytes, and the descriptor says {written['bytes']}"
    if written.get("hash", f"sha256:{found.sha256}") != f"sha256:{found.sha256}":
        return f"has the hash sha256:{found.sha256}, and the descriptor says {written['hash']}"
    return None


def _table_problem(resource: Resource) -> str | None:
    table = resource.table
    assert table is not None  # noqa: S101 - tables_of gives no others
    try:
        records = read_records(resource.paths[0])
        first = next(records)
        labels = cells_of(first)
        if first.startswith("\ufeff"):
            return "begins with a byte order mark"
        if csv_line(labels) != first or len(set(labels)) < len(labels):
            return "has a header that is quoted in another way, ends in another way than by LF, or has a column twice"
        if labels != _order(table, labels):
            return "has its columns in another order than the schema"
        key = [labels.index(name) for name in table.primary_key if name in labels]
        for _ in ordered(records, len(labels), key):
            pass
    except NotCanonical as problem:
        return str(problem)
    return None


def canonicalise(package: PackageLike, output: str | os.PathLike[str]) -> list[str]:
    """Write a package in canonical form, as a new folder that appears whole or not at all.

    Every cell stays the text that it is. Rows are sorted by the primary key, by code point; without one by all cells,
    and none is dropped.

    Parameters
    ----------
    package
        A package in any dialect, encoding or compression that can be read. Nothing in it is touched.
    output
        A folder that is new or empty, outside the package.

    Returns
    -------
    list of str
        The files written, by path.

    Raises
    ------
    PackageError
        There is no package, or a table of it can't be read, has a key twice, or is not the one that the descriptor has
        the hash of.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from readouts.datapackage.sample import sample_package
    >>> with TemporaryDirectory() as folder:
    ...     canonicalise(sample_package(), folder)
    ['data/countries.csv', 'data/lakes.csv', 'data/measurements.csv', 'datapackage.json']
    """
    with located(package) as (_, found):
        tables, files = tables_of(found), package_files(found)
        descriptor = copy.deepcopy(found.descriptor)
        replaced = {name for resource in tables.values() for name in map(_posix, resource.files)}
        with new_folder(Path(output), found.root if found.descriptor_file else None) as folder:
            written = {
                name: write_new(folder, name, chunks(path))
                for name, path in files.items()
                if name not in replaced and name != found.descriptor_file
            }
            for entry in descriptor["resources"]:
                resource = tables.get(entry["name"])
                found.resource(entry["name"]).verify()
                if resource is not None:
                    name = _new_path(resource)
                    if name in written:
                        message = f"Two resources of {found.root} would be written to {name}: expected two files."
                        raise PackageError(message)
                    sheet = resource.text_table()
                    frame = sheet.frame.select(_order(sheet.table, sheet.labels))
                    written[name] = _write_table(found, folder, name, sheet.table, frame)
                    _describe(entry, resource, name, written[name], frame.height)
            written[DESCRIPTOR] = write_new(folder, DESCRIPTOR, [_descriptor_bytes(descriptor)])
        return sorted(written)


def _posix(name: str) -> str:
    return PurePosixPath(name).as_posix()


def _new_path(resource: Resource) -> str:
    """Return the path of a table's only file; its name doesn't say any longer that it is packed or has tabs."""
    path = PurePosixPath(resource.files[0])
    if resource.compression and path.suffix.lower() == f".{resource.compression}":
        path = path.with_suffix("")
    return (path if path.suffix.lower() == ".csv" else path.with_suffix(".csv")).as_posix()


def _write_table(package: DataPackage, folder: Path, name: str, table: Table, frame: pl.DataFrame) -> Content:
    key = [frame.columns.index(column) for column in table.primary_key]
    rows = frame.sort([frame.columns[place] for place in key] or frame.columns)
    records = ordered(map(csv_line, rows.iter_rows()), frame.width, key)
    try:
        return write_new(folder, name, gathered(chain([csv_line(frame.columns)], records)))
    except NotCanonical as problem:
        message = (
            f"The table '{table.name}' of {package.root} {problem}. Rows are sorted by key: expected each key once, "
            "or no `primaryKey` in the schema."
        )
        raise PackageError(message) from None


def _describe(entry: dict[str, Any], resource: Resource, name: str, content: Content, rows: int) -> None:
    """Make the descriptor of a table describe its new file."""
    null = resource.dialect.null_sequence
    if null is not None and resource.table is not None:
        # The text stays in the cells, and keeps its meaning.
        schema = entry["schema"] = copy.deepcopy(resource.table.descriptor)
        for part in (schema, *(each for each in schema.get("fields", ()) if "missingValues" in each)):
            values = part.get("missingValues", [""])
            part["missingValues"] = values if null in values else [*values, null]
    for property_ in _OF_FORM:
        entry.pop(property_, None)
    entry["path"] = name
    for property_, value in (("format", "csv"), ("mediatype", "text/csv"), ("encoding", "utf-8"), ("rowCount", rows)):
        if property_ in entry:
            entry[property_] = value
    entry["bytes"], entry["hash"] = content.bytes, f"sha256:{content.sha256}"


def _descriptor_bytes(descriptor: Mapping[str, Any]) -> bytes:
    try:
        json.dumps(descriptor, allow_nan=False)
        return descriptor_bytes(descriptor)
    except ValueError as error:
        message = f"{DESCRIPTOR} has a value that JSON can't represent: {error}. Replace it."
        raise PackageError(message) from error
