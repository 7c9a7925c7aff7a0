"""Where a row of a table comes from: the annotation file and line."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from readouts.annotations.tree import annotation_tree, read_file
from readouts.corpus_schema.tables import tables
from readouts.datapackage.incident import Incident, Source
from readouts.datapackage.table.canonical_csv import row_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.annotations.tree import TreeFile

__all__ = ["Origins"]

Places = dict[tuple[str, tuple[str, ...]], tuple[str, int, dict[str, int]]]


class Origins:
    """The places of all rows of an annotation tree, a folder or its files; they are read for the first place."""

    def __init__(self, tree: Path | Iterable[TreeFile]) -> None:
        self._tree = tree

    @cached_property
    def _places(self) -> Places:
        places: Places = {}
        for file in annotation_tree(self._tree)[0] if isinstance(self._tree, Path) else self._tree:
            for record in read_file(file).records:
                key = row_key(tables()[record.table], record.cells)
                places[record.table, key] = (file.name, record.line, record.lines)
        return places

    def locate(self, incidents: Iterable[Incident]) -> list[Incident]:
        """Return findings with the place of their cell or row in the annotations, where it has one."""
        found = ((each, self.find(each.table, each.key, each.field)) for each in incidents)
        return [each if source is None else each.at(source) for each, source in found]

    def find(self, table: str | None, key: tuple[str, ...] | None, field: str | None) -> Source | None:
        """Return where a cell, or else its row, is written; None when no annotation gives such a row."""
        if table is None or key is None:
            return None
        name = "statements" if table == "statements_wide" else table
        place = self._places.get((name, key))
        if place is None:
            return None
        file, line, lines = place
        return Source(file, lines.get(field or "", line))
