"""What only shows when all files are seen together: references to nothing, ids and values used twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from readouts.annotations.tree import TreeFile, read_file
from readouts.compile.fragment import CONTRIBUTORS, SEPARATOR, Fragment, references, unique_values
from readouts.corpus_schema.incident_codes import incident
from readouts.corpus_schema.tables import tables
from readouts.datapackage.incident import Incident, Source
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from readouts.annotations.records import Reading

__all__ = ["link"]

_DEFINED = {
    "article": (("articles", True), ("statements", True), ("relations", True)),
    "event": (("events", True), ("accounts", False), ("alignments", True)),
    "entities": (("entities", False),),
    "id_changes": (),
}
"""The tables whose ids each kind of file defines, and whether they begin with the file's own id."""


def link(
    fragments: Iterable[Fragment], files: Mapping[str, TreeFile], contributors: Iterable[str] | None = None
) -> list[Incident]:
    """Check what joins the files of a tree.

    Parameters
    ----------
    fragments
        What the files give; their summaries are enough.
    files
        The files by name. One that has something wrong is read again, for the lines.
    contributors
        Titles of the contributors of the corpus, who may have reviewed rows; None if they can't be read.

    Returns
    -------
    list
        A finding for each reference to an id that no file defines, and for each id or unique value used twice.
    """
    kept = list(fragments)
    known: dict[str, set[str]] = {}
    values: set[tuple[str, ...]] = set()
    count = 0
    for fragment in kept:
        for table, ids in fragment.ids.items():
            known.setdefault(table, set()).update(ids)
            count += len(ids)
        values.update(map(tuple, fragment.unique))
        count += len(fragment.unique)
    # Who was first matters only where something is there twice.
    once = count == len(values) + sum(map(len, known.values()))
    homes = _Homes() if once else _Homes.of(kept)
    known[CONTRIBUTORS] = set(contributors or ())
    dangling = {
        fragment.file
        for fragment in kept
        for table, wanted in fragment.references.items()
        if not known.get(table, set()).issuperset(wanted) and (table != CONTRIBUTORS or contributors is not None)
    }
    unread = _unread(kept, files)
    incidents: list[Incident] = []
    for name in sorted(dangling | set(homes.clashes)):
        reading = read_file(files[name])
        incidents += _dangling(reading, known, unread)
        incidents += _clashes(reading, homes)
    return incidents


@dataclass
class _Homes:
    """Which file has an id, or a unique value, first; and which files have it again."""

    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    values: dict[tuple[str, ...], str] = field(default_factory=dict)
    clashes: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, fragments: Iterable[Fragment]) -> _Homes:
        homes = cls()
        for fragment in fragments:
            for table, ids in fragment.ids.items():
                for value in ids:
                    if (table, value) in homes.ids:
                        homes.clashes.setdefault(fragment.file, set()).add((table, value))
                    homes.ids.setdefault((table, value), fragment.file)
            for entry in map(tuple, fragment.unique):
                if entry in homes.values:
                    homes.clashes.setdefault(fragment.file, set()).add(entry)
                homes.values.setdefault(entry, fragment.file)
        return homes


def _unread(fragments: Iterable[Fragment], files: Mapping[str, TreeFile]) -> set[tuple[str, str]]:
    """Return what can't be told, because the place that would define it can't be read: tables and beginnings of ids."""
    unread = set()
    for fragment in fragments:
        if fragment.incidents:
            file = files[fragment.file]
            for table, local in _DEFINED[file.kind]:
                if not fragment.ids.get(table):
                    unread.add((table, file.id if local else ""))
    return unread


def _dangling(reading: Reading, known: Mapping[str, set[str]], unread: Iterable[tuple[str, str]]) -> list[Incident]:
    found: dict[tuple[str, int, str], Incident] = {}
    for reference in references(reading):
        ids = known.get(reference.target, set())
        hidden = any(reference.target == table and reference.value.startswith(start) for table, start in unread)
        if reference.value not in ids and not hidden:
            expected = f"an id of {reference.target}; no file defines"
            if reference.target == CONTRIBUTORS:
                expected = "a contributor of corpus.yaml; it has none of the title"
            message = f"Expected {expected} '{reference.value}'. {did_you_mean(reference.value, ids)}"
            found.setdefault(
                (reference.target, reference.line, reference.value),
                incident(
                    "foreign-key",
                    message,
                    table=reference.table,
                    field=reference.column,
                    value=reference.value,
                    source=Source(reading.file, reference.line),
                ),
            )
    return list(found.values())


def _clashes(reading: Reading, homes: _Homes) -> list[Incident]:
    clashes, defined, values = homes.clashes.get(reading.file, set()), homes.ids, homes.values
    found = []
    seen: set[tuple[str, ...]] = set()
    for record in reading.records:
        table = tables()[record.table]
        key = record.cells.get(table.primary_key[0]) or ""
        again = (record.table, key) in seen or defined.get((record.table, key)) != reading.file
        if (record.table, key) in clashes and again:
            message = f"The id '{key}' of {record.table} is already defined in {defined[record.table, key]}."
            place = Source(reading.file, record.lines.get(table.primary_key[0], record.line))
            hint = "Give one of them an id of its own."
            found.append(incident("primary-key", message, hint=hint, table=record.table, value=key, source=place))
        seen.add((record.table, key))
        for entry in unique_values(record):
            column = entry[1].split(SEPARATOR)[-1]
            if entry in clashes and (entry in seen or values[entry] != reading.file):
                shown = ", ".join(entry[2:])
                columns = entry[1].replace(SEPARATOR, ", ")
                message = f"Expected '{shown}' once in {record.table} ({columns}); it is there before."
                place = Source(reading.file, record.lines.get(column, record.line))
                found.append(
                    incident("unique-error", message, table=record.table, field=column, value=shown, source=place)
                )
            seen.add(entry)
    return found
