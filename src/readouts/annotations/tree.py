"""The tree of annotation files: which there are, and what each one gives."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.annotations.anchors import Anchor, anchor_lines, join_anchors, span_records
from readouts.annotations.article import read_article
from readouts.annotations.event import read_event
from readouts.annotations.nodes import Mapping, YamlError, decode, parse, read_bytes
from readouts.annotations.records import Reading
from readouts.annotations.registry import read_entities, read_id_changes
from readouts.corpus_schema.incident_codes import incident
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.incident import Incident, Source
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Contents", "TreeFile", "annotation_tree", "path_state", "read_file", "read_root"]

_TOP = ("corpus.yaml", "entities.yaml", "events", "articles", "anchors", "id_changes.csv")
"""What a tree may hold at its top."""


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One annotation file.

    Attributes
    ----------
    kind
        `article`, `event`, `entities` or `id_changes`.
    id
        Id of the article or event, from the file's name; else empty.
    path
        Where it lies.
    name
        How messages call it: its path from the folder above the annotations.
    anchors
        Path of the article's anchors file, whether or not there is one.
    """

    kind: str
    id: str
    path: Path
    name: str
    anchors: Path | None = None

    @property
    def anchors_name(self) -> str:
        """How messages call the anchors file."""
        folder = self.name.rsplit("/", 2)[0]
        return f"{folder}/anchors/{self.id}.csv"

    def contents(self) -> Contents:
        """Return the bytes of the file and of its anchors file; None where there is none."""
        anchors = None
        if self.anchors is not None:
            with suppress(FileNotFoundError):
                anchors = read_bytes(self.anchors)
        return read_bytes(self.path), anchors

    def state(self) -> str:
        """Return what changes whenever the file, or its anchors file, is written to; empty where that is unknown.

        It is unknown in the moments after a change, when another change could bear the same time, nor where the
        system keeps no time of change that a program can't set.
        """
        paths = [self.path] if self.anchors is None else [self.path, self.anchors]
        states = [path_state(path) for path in paths]
        return "" if None in states else f"{states}"


Contents = tuple[bytes, bytes | None]
"""The bytes of a file, and of its anchors file where there is one."""
_NEVER = (0, 0, 0, 0)
_GRAIN = 2 * 10**9
"""Nanoseconds after which no further change of a file bears the same time: file systems keep whole seconds, or two."""


def path_state(path: Path) -> tuple[int, ...] | None:
    """Return what Git's index compares, too, to tell whether a file was written to; None where that says nothing."""
    try:
        found = os.stat(path)  # noqa: PTH116 - of thousands of files, half the time is pathlib's
    except FileNotFoundError:
        return _NEVER
    if os.name != "posix" or max(found.st_mtime_ns, found.st_ctime_ns) > time.time_ns() - _GRAIN:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _entries(folder: Path) -> list[str]:
    """Return the names in a folder in the order of their code points, hidden ones left out."""
    return sorted(name for name in os.listdir(folder) if name[0] != ".") if folder.is_dir() else []  # noqa: PTH208


def annotation_tree(folder: Path) -> tuple[list[TreeFile], list[Incident]]:
    """List the annotation files of a tree, sorted by kind and name, and what is wrong with their names.

    Raises
    ------
    ReadoutsError
        There is no such folder, or it has no `corpus.yaml`.
    """
    if not (folder / "corpus.yaml").is_file():
        message = f"No annotations are in {folder}: expected a folder with corpus.yaml."
        raise ReadoutsError(message)
    top = folder.name
    found: list[TreeFile] = []
    incidents: list[Incident] = []
    for kind, name in (("entities", "entities.yaml"), ("id_changes", "id_changes.csv")):
        if (folder / name).is_file():
            found.append(TreeFile(kind, "", folder / name, f"{top}/{name}"))
    for entry in _entries(folder):
        if entry not in _TOP:
            message = f"Expected one of {', '.join(_TOP)}; found '{entry}'. {did_you_mean(entry, _TOP)}"
            incidents.append(incident("file-name", message, source=Source(f"{top}/{entry}")))
    articles: set[str] = set()
    for kind, sub, table, column in (
        ("event", "events", "events", "event_id"),
        ("article", "articles", "articles", "article_id"),
    ):
        place, beside, named = folder / sub, folder / "anchors", tables()[table].field(column)
        for entry in _entries(place):
            name = f"{top}/{sub}/{entry}"
            stem = entry.removesuffix(".yaml")
            if stem == entry or named.problem(stem) is not None:
                message = f"Expected a file named <{column}>.yaml; found '{entry}'."
                incidents.append(incident("file-name", message, source=Source(name)))
                continue
            anchors = beside / f"{stem}.csv" if kind == "article" else None
            found.append(TreeFile(kind, stem, place / entry, name, anchors))
            if kind == "article":
                articles.add(stem)
    for entry in _entries(folder / "anchors"):
        stem = entry.removesuffix(".csv")
        if stem not in articles:
            message = f"No article has the id '{stem}'."
            incidents.append(incident("anchor-unused", message, source=Source(f"{top}/anchors/{entry}")))
    return found, incidents


def read_root(source: Path | bytes, name: str, reading: Reading) -> Mapping | None:
    """Read a YAML file, or its bytes; None, and a finding, when it can't be read."""
    try:
        return parse(decode(source, name), name)
    except YamlError as error:
        reading.incidents.append(error.finding)
        return None


def read_file(file: TreeFile, *, spans: bool = True, contents: Contents | None = None) -> Reading:
    """Read one annotation file, with its anchors, into records and findings.

    Everything that can be told from the file alone is checked; what it refers to in other files is not.

    Parameters
    ----------
    file
        The file.
    spans
        Whether the spans of an article become records. They are nine in ten of its rows; callers that need only their
        cells find these in `Reading.anchored`.
    contents
        What `file.contents()` gave; None to read the file.

    Raises
    ------
    OSError
        The file can't be read.
    """
    reading = Reading(file.name)
    data, anchors = contents or file.contents()
    if file.kind == "id_changes":
        try:
            read_id_changes(decode(data, file.name), reading)
        except YamlError as error:
            reading.incidents.append(error.finding)
        return reading
    root = read_root(data, file.name, reading)
    if root is None:
        return reading
    if file.kind == "entities":
        read_entities(root, reading)
    elif file.kind == "event":
        read_event(root, file.id, reading)
    else:
        _read_anchored_article(file, root, anchors, reading)
        if spans:
            reading.records += span_records(file.id, reading)
    return reading


def _read_anchored_article(file: TreeFile, root: Mapping, anchors: bytes | None, reading: Reading) -> None:
    article = read_article(root, file.id, reading)
    anchors_reading = Reading(file.anchors_name)
    rows: list[tuple[Anchor, int]] = []
    if anchors is not None:
        try:
            rows = anchor_lines(decode(anchors, file.anchors_name), file.id, anchors_reading)
        except YamlError as error:
            anchors_reading.incidents.append(error.finding)
    count = article.cells.get("character_count")
    length = int(count) if count is not None and re.fullmatch(r"[0-9]{1,18}", count) else None
    if "text" not in root.items:
        message = "Expected the block 'text', which `readouts anchor` writes; it isn't there."
        reading.add("not-anchored", message, root, table="articles")
    join_anchors(length, None if anchors_reading.incidents else rows, file.anchors_name, reading)
    reading.incidents += anchors_reading.incidents
