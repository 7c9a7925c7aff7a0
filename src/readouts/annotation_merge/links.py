"""Ids that annotation files define and refer to, and what a merge of them would leave dangling or doubly defined."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from readouts.annotations.article import read_article
from readouts.annotations.event import read_event
from readouts.annotations.records import Reading
from readouts.annotations.registry import read_entities
from readouts.corpus_schema.tables import tables
from readouts.datapackage.merging.conflict import Conflict, ConflictKind, conflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from readouts.annotations.nodes import Mapping

__all__ = ["Links", "Reference", "joined_links", "links_of", "lost_parents", "twice_defined"]

Id = tuple[str, str]
"""A table, and an id in it."""


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """One reference: the row that makes it, its column, and the id it refers to."""

    file: str
    table: str
    key: tuple[str, ...]
    column: str
    target: Id


@dataclass(frozen=True, slots=True)
class Links:
    """What files define and refer to: each id with the files that define it, each reference with its line."""

    defined: dict[Id, tuple[str, ...]]
    references: dict[Reference, int]


def links_of(root: Mapping, kind: str, file_id: str, file: str) -> Links:
    """Return what one annotation file defines and refers to, whatever else is wrong with it."""
    reading = Reading(file)
    if kind == "article":
        read_article(root, file_id, reading)
    elif kind == "event":
        read_event(root, file_id, reading)
    elif kind == "entities":
        read_entities(root, reading)
    defined: dict[Id, tuple[str, ...]] = {
        (record.table, record.cells.get(tables()[record.table].primary_key[0]) or ""): (file,)
        for record in reading.records
        if len(tables()[record.table].primary_key) == 1 and record.table != "spans"
    }
    return Links(defined, {_in_full(reference, file_id): line for reference, line in _references(reading)})


def _in_full(reference: Reference, file_id: str) -> Reference:
    """Return a reference with the id that a local name means, also where what it names has just been deleted."""
    table, name = reference.target
    if table in {"statements", "relations"} and name.isalnum():
        return replace(reference, target=(table, f"{file_id}.{name}"))
    return reference


def _references(reading: Reading) -> Iterator[tuple[Reference, int]]:
    for record in reading.records:
        table = tables()[record.table]
        key = tuple(record.cells.get(name) or "" for name in table.primary_key)
        for column, target in table.references.items():
            value = record.cells.get(column)
            if value is not None and record.table != "spans":
                line = record.lines.get(column, record.line)
                yield Reference(reading.file, table.name, key, column, (target, value)), line
    targets = tables()["spans"].references
    for span in reading.spans:
        for column, value in span.owner.items():
            if value is not None and column in targets:
                yield Reference(reading.file, "spans", (), column, (targets[column], value)), span.node.line


def joined_links(links: Iterable[Links]) -> Links:
    """Return the links of several files together."""
    defined: dict[Id, tuple[str, ...]] = {}
    references: dict[Reference, int] = {}
    for each in links:
        for known, files in each.defined.items():
            defined[known] = (*defined.get(known, ()), *files)
        references.update(each.references)
    return Links(defined, references)


def lost_parents(merged: Links, ours: Links, theirs: Links) -> dict[Id, list[Conflict]]:
    """Return the ids that one side deleted and to which the other refers, with the conflicts that this makes.

    A reference that dangled on its side already is not one of the merge's conflicts.
    """
    found: dict[Id, list[Conflict]] = {}
    for reference, line in sorted(merged.references.items()):
        target = reference.target
        if target in merged.defined or (target in ours.defined) == (target in theirs.defined):
            continue
        deleted, kept = ("ours", "theirs") if target in theirs.defined else ("theirs", "ours")
        if reference in (ours if deleted == "ours" else theirs).references:
            continue
        row = f"{', '.join(reference.key)} of {reference.table}" if reference.key else f"a span in {reference.file}"
        message = f"'{target[1]}' of {target[0]} was deleted by {deleted}, and {row}, as {kept} has it, refers to it."
        found.setdefault(target, []).append(
            conflict(
                ConflictKind.PARENT,
                message,
                file=reference.file,
                line=line,
                table=reference.table,
                key=reference.key,
                field=reference.column,
                **{kept: target[1]},
            )
        )
    return found


def twice_defined(merged: Links, ours: Links, theirs: Links) -> list[Conflict]:
    """Return a conflict for each id that both sides gave away, in different files."""
    found = []
    for (table, row_id), files in sorted(merged.defined.items()):
        before = [len(side.defined.get((table, row_id), ())) for side in (ours, theirs)]
        if len(files) > max(1, *before):
            message = f"The id '{row_id}' of {table} is now defined by {' and by '.join(sorted(files))}."
            fix = "Give one of the two an id of its own."
            found.append(conflict(ConflictKind.ADDED, message, fix=fix, file=max(files), table=table, key=(row_id,)))
    return found
