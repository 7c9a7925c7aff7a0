"""What one annotation file gives to the package, in the form in which it is kept from one build to the next."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from readouts.annotations.tree import Contents, TreeFile, read_file
from readouts.compile.digest import compiler_digest
from readouts.compile.statements_wide import JOINED, Block, Registry, join_statements
from readouts.corpus_schema.tables import tables
from readouts.datapackage.table.canonical_csv import csv_line, row_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from readouts.annotations.records import Cells, Reading, Record
    from readouts.datapackage.incident import Incident

__all__ = [
    "CONTRIBUTORS",
    "SEPARATOR",
    "Fragment",
    "Packed",
    "Reference",
    "file_digest",
    "file_state",
    "pack_file",
    "pack_files",
    "references",
    "unique_values",
]

SEPARATOR = "\x1f"
"""Joins the parts of a key. It sorts before every character of an id, as a shorter tuple does."""

CONTRIBUTORS = "contributors"
"""What a reference to a contributor of corpus.yaml points to, in place of a table."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference of a record: where it points, and where it is written."""

    target: str
    value: str
    table: str
    column: str
    line: int


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
    incidents
        What is wrong with the file. A fragment that has any is not kept.
    """

    file: str
    ids: dict[str, list[str]] = field(default_factory=dict)
    references: dict[str, list[str]] = field(default_factory=dict)
    unique: list[list[str]] = field(default_factory=list)
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
        for person in _reviewers(record.cells):
            line = record.lines.get("reviewed_by", record.line)
            yield Reference(CONTRIBUTORS, person, record.table, "reviewed_by", line)
    span_targets = schemas["spans"].references
    for span in reading.spans:
        # What owns a span of another role is a record, which has made the reference.
        for column, value in span.owner.items() if span.role in {"mention", "readout"} else ():
            if value is not None and column in span_targets:
                yield Reference(span_targets[column], value, "spans", column, span.node.line)


def _reviewers(cells: Cells) -> list[str]:
    """Return the contributors listed as reviewers of a row."""
    value = cells.get("reviewed_by")
    return value.split("|") if value else []


def unique_values(record: Record) -> Iterator[tuple[str, ...]]:
    """Yield what no other record may have: table, columns, and the values of a unique key or field."""
    table = tables()[record.table]
    for name in table.unique_fields:
        value = record.cells.get(name)
        if value is not None:
            yield (table.name, name, value)
    for key in table.unique_keys:
        yield (table.name, SEPARATOR.join(key), *(record.cells.get(name) or "" for name in key))


@dataclass(slots=True)
class Packed:
    """A fragment on its way to the store: what is kept of it is text already.

    Attributes
    ----------
    file, digest
        Name of the file, and the hash of what the fragment was made from.
    summary
        Ids, references and unique values, as JSON.
    blocks
        The rows.
    joined
        The rows that it gives to the joined table, or None.
    registry
        Hash of the registry that they were joined with; None while they were not.
    broken
        What links the file, when something is wrong with it; nothing of it is kept then.
    """

    file: str
    digest: str
    summary: str = ""
    blocks: list[Block] = field(default_factory=list)
    joined: Block | None = None
    registry: str | None = None
    broken: Fragment | None = None


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows of several cells as canonical CSV."""
    text = "\n".join(map(",".join, rows)) + "\n"
    commas, ends = len(rows) * (len(rows[0]) - 1), len(rows)
    if '"' in text or "\r" in text or text.count(",") != commas or text.count("\n") != ends:
        text = "".join(map(csv_line, rows))
    return text.encode()


def _blocks(reading: Reading, *, whole: bool) -> Iterator[Block]:
    by_table: dict[str, list[tuple[tuple[str, ...], list[str]]]] = {}
    for record in reading.records:
        table, cell = tables()[record.table], record.cells.get
        row = [cell(name) or "" for name in table.field_names]
        by_table.setdefault(record.table, []).append((row_key(table, record.cells), row))
    for name, rows in by_table.items():
        rows.sort()
        for group in [rows] if whole else [[row] for row in rows]:
            first, last = SEPARATOR.join(group[0][0]), SEPARATOR.join(group[-1][0])
            yield Block(name, first, last, len(group), _lines([row for _, row in group]))
    if reading.anchored:
        yield _span_block(reading)


def _span_block(reading: Reading) -> Block:
    """Return the rows of the table `spans`, none of whose cells needs quotation marks."""
    article = reading.of("articles")[0].cells["article_id"] or ""
    rows = []
    for span, (name, identity, prints) in reading.anchored:
        role, start, end, owner = identity.split(",", 3)
        rows.append((name, f"{name},{article},{role},{start},{end},{span.seq},{owner},{prints}\n"))
    rows.sort()
    return Block("spans", rows[0][0], rows[-1][0], len(rows), "".join([line for _, line in rows]).encode())


def _summarise(reading: Reading) -> Fragment:
    """Return what links a file to others: the ids it defines, those it refers to, and its unique values."""
    ids: dict[str, list[str]] = {}
    unique: list[list[str]] = []
    wanted: dict[str, set[str]] = {}
    schemas = tables()
    for record in reading.records:
        table, cells = schemas[record.table], record.cells
        if len(table.primary_key) == 1:
            ids.setdefault(record.table, []).append(cells.get(table.primary_key[0]) or "")
        if table.unique_fields or table.unique_keys:
            unique += [list(value) for value in unique_values(record)]
        for column, target in table.references.items():
            if (value := cells.get(column)) is not None:
                wanted.setdefault(target, set()).add(value)
        if people := _reviewers(cells):
            wanted.setdefault(CONTRIBUTORS, set()).update(people)
    if reading.incidents:
        # Spans that have no anchor, or none that can be read, refer to something anyway.
        for reference in references(reading):
            wanted.setdefault(reference.target, set()).add(reference.value)
    elif reading.anchored:
        owners = {id(span.owner): span.owner for span, _ in reading.anchored}.values()
        for column, target in schemas["spans"].references.items():
            wanted.setdefault(target, set()).update([owner.get(column) or "" for owner in owners])
    found = {name: sorted(values.difference(ids.get(name, ()), [""])) for name, values in wanted.items()}
    return Fragment(
        reading.file, ids, {name: values for name, values in found.items() if values}, unique, list(reading.incidents)
    )


def file_digest(contents: Contents, compiler: str | None = None) -> str:
    """Return a hash of an annotation file, its anchors, and what turns them into a fragment."""
    digest = sha256((compiler or compiler_digest()).encode())
    for data in contents:
        digest.update(b"" if data is None else len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def file_state(file: TreeFile) -> str:
    """Return what changes whenever the hash of a file may have; empty where only the hash can tell."""
    state = file.state()
    return f"{compiler_digest()} {state}" if state else ""


def pack_file(file: TreeFile, registry: Registry | None = None, compiler: str | None = None) -> Packed:
    """Turn one annotation file into its part of the package."""
    contents = file.contents()
    packed = Packed(file.name, file_digest(contents, compiler))
    reading = read_file(file, spans=False, contents=contents)
    summary = _summarise(reading)
    if reading.incidents:
        packed.broken = summary
        return packed
    packed.summary = json.dumps({"ids": summary.ids, "references": summary.references, "unique": summary.unique})
    packed.blocks = list(_blocks(reading, whole=file.kind == "article"))
    if file.kind == "article" and registry is not None:
        article, *parts = ([record.cells for record in reading.of(table)] for table in JOINED)
        packed.joined = join_statements(registry, article[0], *parts)
        packed.registry = registry.digest
    return packed


_registry: tuple[str, Registry] | None = None
"""The registry that this process was last given: it comes along with every chunk of files."""


def pack_files(files: list[TreeFile], compiler: str, known: tuple[str, bytes] | None) -> list[Packed]:
    """Turn files into their parts of the package, in a process that another one started.

    Parameters
    ----------
    files
        The files.
    compiler
        The hash of what turns files into fragments.
    known
        The hash of the registry, and what is pickled of it; None for files that need none.
    """
    global _registry  # noqa: PLW0603 - a process of a pool has no other place to keep it
    if known is not None and (_registry is None or _registry[0] != known[0]):
        # It comes from the process that started this one.
        _registry = (known[0], pickle.loads(known[1]))  # noqa: S301
    registry = None if known is None or _registry is None else _registry[1]
    return [pack_file(file, registry, compiler) for file in files]
