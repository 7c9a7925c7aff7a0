"""What only shows when all files are seen together: references to nothing, ids and values used twice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from readouts.annotations.tree import TreeFile, read_file
from readouts.compile.fragment import CONTRIBUTORS, SEPARATOR, Fragment, Reference, references, unique_values
from readouts.corpus_schema.incident_codes import incident
from readouts.corpus_schema.tables import tables
from readouts.datapackage.incident import Incident, Source
from readouts.datapackage.suggest import did_you_mean, nearest
from readouts.datapackage.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from readouts.annotations.records import Reading

__all__ = ["KnownIds", "link"]

_MOST_PLACES, _MOST_IDS = 3, 5
"""How many further places of an unknown id are listed, and of how few known ids all are."""
_WORD = re.compile(r"[^\W_]+")

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
        The findings of the fragments, without those that follow from another one, a finding for each id that is
        referred to and that no file defines, and one for each id or unique value used twice.
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
    # The order matters only where there are duplicates.
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
    unknown: dict[tuple[str, str], list[tuple[str, Reference]]] = {}
    unsettled: set[Source] = set()
    for name in sorted(dangling | set(homes.clashes)):
        reading = read_file(files[name])
        missing = list(_dangling(reading, known, unread))
        for reference in missing:
            unknown.setdefault((reference.target, reference.value), []).append((name, reference))
        absent = {reference.value for reference in missing}
        for span in reading.spans:
            if not absent.isdisjoint(span.owner.values()):
                unsettled.add(Source(name, span.node.line, span.node.column))
        incidents += _clashes(reading, homes)
    names = _names(files) if any(target == "entities" for target, _ in unknown) else {}
    for (target, _), places in unknown.items():
        places.sort(key=lambda place: (place[0], place[1].line))
        incidents.append(_unknown(places, known.get(target, set()), names if target == "entities" else {}))
    # A span of something unknown can't have its anchor: it is found again once the id is corrected.
    found: list[Incident] = []
    for fragment in kept:
        misread = any(each.code in {"unknown-chain", "unknown-key"} for each in fragment.incidents)
        found += [
            each
            for each in fragment.incidents
            if each.code != "not-anchored" or not (misread or each.source in unsettled)
        ]
    return found + incidents


class KnownIds:
    """The ids that some files of a tree define, for a reading that isn't part of the tree yet.

    Parameters
    ----------
    files
        The registry and the events.
    """

    def __init__(self, files: Iterable[TreeFile]) -> None:
        listed_files = {file.name: file for file in files}
        self._ids = _defined(map(read_file, listed_files.values()))
        self._names = _names(listed_files)

    def unknown(self, reading: Reading) -> list[Incident]:
        """Return a finding for each reference of a reading to an id that neither it nor one of the files defines."""
        own, found = _defined([reading]), []
        for reference in references(reading):
            ids = self._ids.get(reference.target, set()) | own.get(reference.target, set())
            if reference.target != CONTRIBUTORS and reference.value not in ids:
                names = self._names if reference.target == "entities" else {}
                found.append(_unknown([(reading.file, reference)], ids, names))
        return found


def _defined(readings: Iterable[Reading]) -> dict[str, set[str]]:
    """Return the ids that readings define, by table."""
    known: dict[str, set[str]] = {}
    for record in (record for reading in readings for record in reading.records):
        known.setdefault(record.table, set()).add(record.cells.get(tables()[record.table].primary_key[0]) or "")
    return known


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
    """Return what is unknown, because the place that would define it can't be read: tables and beginnings of ids."""
    unread = set()
    for fragment in fragments:
        if fragment.incidents:
            file = files[fragment.file]
            for table, local in _DEFINED[file.kind]:
                if not fragment.ids.get(table):
                    unread.add((table, file.id if local else ""))
    return unread


def _dangling(
    reading: Reading, known: Mapping[str, set[str]], unread: Iterable[tuple[str, str]]
) -> Iterator[Reference]:
    """Yield the references of a file to what no file defines."""
    for reference in references(reading):
        starts = [start for table, start in unread if reference.target == table]
        # A file's own ids may be written without its own.
        hidden = any(reference.value.startswith(start) or start == PurePosixPath(reading.file).stem for start in starts)
        if not hidden and reference.value not in known.get(reference.target, ()):
            yield reference


def _unknown(places: Sequence[tuple[str, Reference]], ids: set[str], names: Mapping[str, list[str]]) -> Incident:
    """Return the finding of an unknown id, at the first place that has it."""
    file, reference = places[0]
    value = reference.value
    expected = f"an id of {reference.target}; no file defines"
    if reference.target == CONTRIBUTORS:
        expected = "a contributor of corpus.yaml; it has none of the title"
    message = f"Expected {expected} '{value}'. {_suggestion(value, PurePosixPath(file).stem, ids, names)}".rstrip()
    others = list(dict.fromkeys(f"{other}:{each.line}" for other, each in places))[1:]
    if others:
        message += f" It is also at {listed(others, most=_MOST_PLACES)}."
    place = Source(file, reference.line)
    return incident("foreign-key", message, table=reference.table, field=reference.column, value=value, source=place)


def _suggestion(value: str, file_id: str, ids: set[str], names: Mapping[str, list[str]]) -> str:
    """Return what may be meant: an entity of the name, an id of the file itself, or one that is alike."""
    own = f"{file_id}."
    near = nearest(value.removeprefix(own), [each.removeprefix(own) for each in ids if each.startswith(own)])
    named = names.get(_plain(value)) or ([] if near is None else [near])
    if not named and nearest(value, ids) is None:
        named = names.get(nearest(_plain(value), names) or "", [])
    if named:
        either = "' or '".join(named[:_MOST_PLACES])
        return f"Did you mean '{either}'?"
    return did_you_mean(value, ids, most=_MOST_IDS)


def _names(files: Mapping[str, TreeFile]) -> dict[str, list[str]]:
    """Return the ids of the entities by name and alias, in the form of ids."""
    found: dict[str, list[str]] = {}
    for file in files.values():
        for record in read_file(file).of("entities") if file.kind == "entities" else ():
            entity, aliases = record.cells["entity_id"] or "", record.cells.get("aliases")
            for name in (record.cells.get("name"), *(aliases.split("|") if aliases else ())):
                if name and entity not in found.setdefault(_plain(name), []):
                    found[_plain(name)].append(entity)
    return found


def _plain(name: str) -> str:
    """Return a name in the form of ids: in lower case, its words joined by hyphens."""
    return "-".join(_WORD.findall(name.casefold()))


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
                message = f"Expected '{shown}' once in {record.table} ({columns}); it is a duplicate."
                place = Source(reading.file, record.lines.get(column, record.line))
                found.append(
                    incident("unique-error", message, table=record.table, field=column, value=shown, source=place)
                )
            seen.add(entry)
    return found
