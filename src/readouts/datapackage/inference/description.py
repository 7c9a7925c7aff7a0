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

from readouts.datapackage.errors import PackageError
from readouts.datapackage.inference.columns import Column, typed, typed_as
from readouts.datapackage.inference.inferred import DescribedTable
from readouts.datapackage.inference.keys import holds, keys, rows_of
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

__all__ = ["described_alike", "described_files", "sniffed_file"]

_PROFILES = "https://datapackage.org/profiles/2.0"
_MOST_PROBLEMS = 3


@dataclass(frozen=True)
class _Cells:
    """The cells of a table: labels, columns as texts, and what is wrong with rows."""

    labels: list[str]
    frame: pl.DataFrame
    problems: tuple[str, ...]


class _CellReader(ResourceReader[_Cells]):
    """One file, read with whatever is wrong with its rows; nothing is checked against a schema."""

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


def described_files(paths: Sequence[Path], root: Path) -> tuple[dict[str, Any], tuple[DescribedTable, ...]]:
    """Return the descriptor of a package with files as its tables, and what was inferred of each file.

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
        resources.append(properties | {"schema": _schema(columns, table.name, proposals)})
    return _descriptor(name, resources), tuple(described)


def _descriptor(name: str, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {"$schema": f"{_PROFILES}/datapackage.json", "name": _name(name), "resources": resources}


def _schema(columns: Sequence[Column], table: str, proposals: Sequence[Proposal]) -> dict[str, Any]:
    fields = [{"name": column.name, **column.properties} for column in columns]
    return {"$schema": f"{_PROFILES}/tableschema.json", "fields": fields} | _keys(table, proposals)


def sniffed_file(path: Path, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the descriptor of a file whose schema is known: only how it is written is inferred.

    Raises
    ------
    PackageError
        It can't be read as a table.
    """
    (name,) = _names([path])
    names = [str(field.get("name")) for field in schema["fields"] if isinstance(field, dict)]
    resource = {"name": name, "type": "table", "path": path.name, **sniffed(path, name, names=names).properties}
    return _descriptor(name, [resource | {"schema": schema}])


def described_alike(
    old: Path, new: Path, schema: dict[str, Any] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the descriptors of two states of a table, under one name and with a schema that holds for both.

    A column has the narrowest type of all its cells in both; the key is one that neither repeats.

    Raises
    ------
    PackageError
        One of them can't be read as a table.
    """
    (name,) = _names([new])
    if schema is not None:
        found = [(sniffed_file(path, schema)["resources"][0], schema) for path in (old, new)]
    else:
        found = _alike(old, new, name)
    first, second = (_descriptor(name, [entry | {"name": name, "schema": each}]) for entry, each in found)
    return first, second


def _alike(old: Path, new: Path, name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    read = [_read(path, name) for path in (old, new)]
    labels = [_labels(cells.labels) for _, cells in read]
    texts = [
        {label: cells.frame[str(place)] for place, label in enumerate(named)}
        for named, (_, cells) in zip(labels, read, strict=True)
    ]
    delimiter = read[0][0].resource.dialect.delimiter
    if delimiter != read[1][0].resource.dialect.delimiter:
        delimiter = ","
    both = {
        label: typed(label, pl.concat([side[label] for side in texts if label in side]), delimiter)
        for label in dict.fromkeys([*labels[0], *labels[1]])
    }
    columns = [[typed_as(both[label], side[label]) for label in side] for side in texts]
    key = next(
        (
            proposal
            for side in columns
            for proposal in keys(name, side)[:1]
            if proposal.kind == "primary key" and all(holds(proposal.fields, other) for other in columns)
        ),
        None,
    )
    proposals = () if key is None else (key,)
    return [
        ({"type": "table", "path": path.name, **file.properties}, _schema(side, name, proposals))
        for path, (file, _), side in zip((old, new), read, columns, strict=True)
    ]


def _described(path: Path, name: str, root: Path) -> tuple[dict[str, Any], DescribedTable, list[Column]]:
    try:
        place = Path(os.path.relpath(path, root)).as_posix()
    except ValueError:
        place = ".."
    if place.startswith(".."):
        message = f"{path} is outside of {root}, where the descriptor is to be: expected a file in it."
        raise PackageError(message)
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
    """Return names of fields for the labels of columns, which may be blank or duplicate."""
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
        wrong = next((each.message for each in reader.findings.incidents), "its bytes are not in any known encoding")
        message = f"{path} can't be described as a table: {wrong}"
        raise PackageError(message)
    return read, cells


def _cells(resource: Resource) -> tuple[_CellReader, _Cells | None]:
    reader = _CellReader(resource)
    cells = reader.check()
    reader.undecoded |= any(each.code == "encoding-error" for each in reader.findings.incidents)
    return reader, None if reader.undecoded else cells


def _keys(table: str, proposals: Sequence[Proposal]) -> dict[str, Any]:
    """Return what a schema says about the keys and references that were adopted."""
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
