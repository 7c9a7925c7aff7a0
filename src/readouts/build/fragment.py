"""What one annotation file gives to the package, in the form in which it is kept from one build to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from readouts.annotations.tree import TreeFile, read_file
from readouts.package.canonical import csv_line, row_key
from readouts.schema import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.annotations.records import Reading, Record
    from readouts.incident import Incident

__all__ = ["SEPARATOR", "Block", "Fragment", "Reference", "compile_file", "references", "unique_values"]

SEPARATOR = "\x1f"
"""Joins the parts of a key. It sorts before every character of an id, as a shorter tuple does."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference of a record: where it points, and where it is written."""

    target: str
    value: str
    table: str
    column: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one table in canonical form, in the order of their keys."""

    table: str
    first: str
    last: str
    count: int
    text: bytes


@dataclass
class Fragment:
    """One file's part of the package.

    Attributes
    ----------
    file
        Name of the file.
    ids
        For each table that can be referred to, the ids that the file defines.
    references
        For each table, the ids that the file refers to and doesn't define itself.
    unique
        Values that no other file may have, by what they are.
    blocks
        The rows.
    extra
        What the joined table needs: names and sides from the registry, chains from an article.
    incidents
        What is wrong with the file. A fragment that has any is not kept.
    """

    file: str
    ids: dict[str, list[str]] = field(default_factory=dict)
    references: dict[str, list[str]] = field(default_factory=dict)
    unique: list[list[str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    incidents: list[Incident] = field(default_factory=list)


def references(reading: Reading) -> Iterator[Reference]:
    """Yield every reference that a file makes, with the line it is written on."""
    schemas = tables()
    for record in reading.records:
        if record.table == "spans":
            continue
        for column, target in schemas[record.table].references.items():
            value = record.cells.get(column)
            if value is not None:
                line = record.lines.get(column, record.line)
                yield Reference(target, value, record.table, column, line)
    span_targets = schemas["spans"].references
    for span in reading.spans:
        for column, value in span.owner.items():
            if value is not None and column in span_targets:
                yield Reference(span_targets[column], value, "spans", column, span.node.line)


def unique_values(record: Record) -> Iterator[tuple[str, ...]]:
    """Yield what no other record may have: table, columns, and the values of a unique key or field."""
    table = tables()[record.table]
    for name in table.unique_fields:
        value = record.cells.get(name)
        if value is not None:
            yield (table.name, name, value)
    for key in table.unique_keys:
        yield (table.name, SEPARATOR.join(key), *(record.cells.get(name) or "" for name in key))


def _blocks(reading: Reading, *, whole: bool) -> Iterator[Block]:
    by_table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for record in reading.records:
        table = tables()[record.table]
        cells = record.cells
        line = csv_line(map(cells.get, table.field_names))
        by_table.setdefault(record.table, []).append((row_key(table, cells), line))
    for name, rows in by_table.items():
        rows.sort()
        for group in [rows] if whole else [[row] for row in rows]:
            first, last = SEPARATOR.join(group[0][0]), SEPARATOR.join(group[-1][0])
            yield Block(name, first, last, len(group), "".join(line for _, line in group).encode())


def _extra(file: TreeFile, reading: Reading) -> dict[str, Any]:
    if file.kind == "article":
        return {
            "article": [record.cells for record in reading.of("articles")],
            "statements": [record.cells for record in reading.of("statements")],
            "attributions": [record.cells for record in reading.of("attributions")],
        }
    names = ("entities", "events", "participants", "accounts")
    return {name: [record.cells for record in reading.of(name)] for name in names}


def compile_file(file: TreeFile) -> Fragment:
    """Turn one annotation file into its part of the package."""
    reading = read_file(file)
    ids: dict[str, list[str]] = {}
    unique: list[list[str]] = []
    for record in reading.records:
        table = tables()[record.table]
        if len(table.primary_key) == 1 and record.table != "spans":
            ids.setdefault(record.table, []).append(record.cells.get(table.primary_key[0]) or "")
        unique += [list(value) for value in unique_values(record)]
    own = {name: set(values) for name, values in ids.items()}
    wanted: dict[str, set[str]] = {}
    for reference in references(reading):
        if reference.value not in own.get(reference.target, ()):
            wanted.setdefault(reference.target, set()).add(reference.value)
    return Fragment(
        file=file.name,
        ids=ids,
        references={name: sorted(values) for name, values in wanted.items()},
        unique=unique,
        blocks=[] if reading.incidents else list(_blocks(reading, whole=file.kind == "article")),
        extra={} if reading.incidents else _extra(file, reading),
        incidents=reading.incidents,
    )
