"""Files described together: a descriptor, and what it was inferred from."""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.datapackage.errors import PackageError, is_absence
from readouts.datapackage.inference.columns import Column, typed
from readouts.datapackage.inference.inferred import DescribedTable, DescriptionData
from readouts.datapackage.inference.keys import keys, rows_of
from readouts.datapackage.inference.references import Keyed, references
from readouts.datapackage.inference.sniffing import Sniffed, another_encoding, sniffed
from readouts.datapackage.table.csv_blocks import read_blocks
from readouts.datapackage.table.csv_scanner import sentence_of
from readouts.datapackage.table.reader import Header, ResourceReader
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.datapackage.inference.inferred import Proposal
    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.json_rows import JsonRows
    from readouts.datapackage.table.resource import Resource

__all__ = ["described_files"]

_PROFILES = "https://datapackage.org/profiles/2.0"
_MOST_PROBLEMS = 3


@dataclass(frozen=True)
class _Cells:
    """The cells of a table: labels, columns as texts, and what is wrong with rows."""

    labels: list[str]
    frame: pl.DataFrame
    problems: tuple[str, ...]


class _CellReader(ResourceReader[_Cells]):
    """One file, read with whatever is wrong with its rows; nothing is held to a schema."""

    undecoded = False

    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> _Cells | None:  # noqa: ARG002
        """Read rows of text."""
        width = len(header.labels)
        frames = [pl.DataFrame(schema={str(place): pl.String for place in range(width)})]
        problems: list[str] = []
        count = 0
        for block in read_blocks(stream, self.resource.dialect, width, header.head, lambda _: None):
            frames.append(block.frame)
            for _, _, fault in block.faults:
                self.undecoded |= fault.code == "encoding-error"
                count += 1
                if len(problems) < _MOST_PROBLEMS:
                    said = sentence_of(fault.code, fault.value, self.resource.encoding)
                    problems.append(f"line {fault.line:,}: {said}")
            if self.undecoded:
                return None
        if count > len(problems):
            problems.append(f"and {counted(count - len(problems), 'more fault')} like these")
        problems += [each.message for each in self.findings.incidents if each.code != "byte-order-mark"]
        return _Cells(header.labels, pl.concat(frames), tuple(problems))

    def json_rows(self, table: Table, rows: JsonRows) -> _Cells | None:
        """Refuse rows of JSON, which no bare file has."""
        raise NotImplementedError(table, rows)


def described_files(paths: Sequence[Path], root: Path) -> DescriptionData:
    """Describe files as the tables of one package.

    Parameters
    ----------
    paths
        The files.
    root
        The folder that paths in the descriptor start from.

    Raises
    ------
    PackageError
        A file can't be read as a table, or lies outside the folder.
    """
    called = _names(paths)
    name = called[0] if len(called) == 1 else root.resolve().name
    found = [_described(path, each, root) for path, each in zip(paths, called, strict=True)]
    tables = [
        Keyed(table.name, {each.name: each for each in columns}, keys(table.name, columns))
        for _, table, columns in found
    ]
    described, resources = [], []
    for (properties, table, columns), keyed in zip(found, tables, strict=True):
        proposals = (*keyed.keys, *references(keyed, tables))
        described.append(replace(table, proposals=proposals))
        schema: dict[str, Any] = {
            "$schema": f"{_PROFILES}/tableschema.json",
            "fields": [{"name": column.name, **column.properties} for column in columns],
        }
        resources.append(properties | {"schema": schema | _keys(table.name, proposals)})
    descriptor = {"$schema": f"{_PROFILES}/datapackage.json", "name": _name(name), "resources": resources}
    return DescriptionData(root, descriptor, tuple(described))


def _described(path: Path, name: str, root: Path) -> tuple[dict[str, Any], DescribedTable, list[Column]]:
    try:
        place = Path(os.path.relpath(path, root)).as_posix()
    except ValueError:
        place = ".."
    if place.startswith(".."):
        message = f"{path} is outside of {root}, where the descriptor is to be: expected a file in it."
        raise PackageError(message)
    try:
        if path.is_dir():
            message = f"{path} is a folder: name the files in it, such as {path / '*.csv'}."
            raise PackageError(message)
        with path.open("rb") as stream:
            if not stream.read(1):
                message = f"{path} is an empty file: it has no columns to describe."
                raise PackageError(message)
    except OSError as error:
        reason = "there is no such file" if is_absence(error) else error.strerror
        message = f"{path} can't be described: {reason}."
        raise PackageError(message) from error
    read, cells = _read(path, name)
    delimiter = read.resource.dialect.delimiter
    named = _labels(cells.labels)
    texts = [cells.frame[str(place)] for place in range(len(named))]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        columns = list(pool.map(typed, named, texts, repeat(delimiter)))
    properties = {"name": name, "type": "table", "path": place, **read.properties}
    table = DescribedTable(
        name,
        place,
        rows_of(columns),
        read.form,
        tuple(column.described for column in columns),
        problems=cells.problems,
    )
    return properties, table, columns


def _labels(labels: Sequence[str]) -> list[str]:
    """Return names of fields for the labels of columns, which may be blank, or there twice."""
    found: list[str] = []
    for place, label in enumerate(labels, 1):
        name, number = label if label.strip() else f"column{place}", 2
        while name in found:
            name, number = f"{label or 'column'}_{number}", number + 1
        found.append(name)
    return found


def _read(path: Path, name: str) -> tuple[Sniffed, _Cells]:
    """Read a file as it was sniffed; in another encoding where bytes turn out not to be Unicode."""
    read = sniffed(path, name)
    reader, cells = _cells(read.resource)
    if cells is None and reader.undecoded and (other := another_encoding(read.resource)) is not None:
        read = sniffed(path, name, other)
        reader, cells = _cells(read.resource)
    if cells is None:
        wrong = next((each.message for each in reader.findings.incidents), "its bytes are in no known encoding")
        message = f"{path} can't be described as a table: {wrong}"
        raise PackageError(message)
    return read, cells


def _cells(resource: Resource) -> tuple[_CellReader, _Cells | None]:
    reader = _CellReader(resource)
    cells = reader.check()
    reader.undecoded |= any(each.code == "encoding-error" for each in reader.findings.incidents)
    return reader, None if reader.undecoded else cells


def _keys(table: str, proposals: Sequence[Proposal]) -> dict[str, Any]:
    """Return what a schema says of the keys and references that were adopted."""
    written: dict[str, Any] = {}
    for each in proposals:
        if not each.adopted:
            continue
        if each.kind == "primary key":
            written["primaryKey"] = list(each.fields)
        else:
            reference = {} if each.resource == table else {"resource": each.resource}
            written.setdefault("foreignKeys", []).append(
                {"fields": list(each.fields), "reference": reference | {"fields": list(each.target)}}
            )
    return written


def _name(text: str) -> str:
    """Return a name as the standard recommends one."""
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._") or "data"


def _names(paths: Sequence[Path]) -> list[str]:
    """Return the names of files without endings, each once."""
    found: list[str] = []
    for path in paths:
        stem = re.sub(r"(?i)\.(?:csv|tsv|tab|txt|dat)?(?:\.gz)?$", "", path.name)
        name, number = _name(stem), 2
        while name in found:
            name, number = f"{_name(stem)}-{number}", number + 1
        found.append(name)
    return found
