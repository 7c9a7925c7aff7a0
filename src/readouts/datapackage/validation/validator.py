"""Checking a whole package: descriptor, then every table, then the references between them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.findings import Findings
from readouts.datapackage.incident import NULL
from readouts.datapackage.memory import memory_bound
from readouts.datapackage.table.csv_blocks import read_blocks
from readouts.datapackage.table.json_rows import JsonRows, json_blocks
from readouts.datapackage.table.reader import Header, ResourceReader, Sizes, referred, with_missing
from readouts.datapackage.validation.descriptor import CONTENT, Checked, described
from readouts.datapackage.validation.key_columns import KeyColumns, KeyMemory, dangling_rows
from readouts.datapackage.validation.keys import POSITION, dangles, followed
from readouts.datapackage.validation.table import TablePlan, check_blocks, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.datapackage.report import Check
    from readouts.datapackage.schema.model import ForeignKey, Table
    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.validation.key_columns import KeyRows
    from readouts.datapackage.validation.start import Beginning

__all__ = ["Checked", "TableReader", "add_dangling", "check_package"]

_AT_ONCE = 2
"""Tables that are read at the same time: the next one's beginning fills the gaps of the last one's end."""


def check_package(
    beginning: Beginning,
    findings: Findings,
    *,
    content: bool = True,
    memory: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Check a package of anybody's.

    Parameters
    ----------
    beginning
        The package, as `begin` gives it.
    findings
        Takes what is found.
    content
        Whether types, constraints, keys and references are checked as well, or only the descriptor and the
        structure of files and rows.
    memory
        How many bytes of memory the check may take; None for the default of `memory_bound`.
    progress
        Called with the number of bytes read and to be read.

    Returns
    -------
    Checked
        The checks that were made.
    """
    checked = Checked()
    tables: dict[str, KeyColumns] = {}
    notes: list[Check] = []
    with described(beginning, findings, checked) as resources, ExitStack() as stack:
        sizes, kept = Sizes(resources, progress), referred(resources)
        room = stack.enter_context(KeyMemory(memory or memory_bound(), sizes.unpacked))
        # Each table has findings of its own, so that they come in order whichever is read first.
        own = [Findings(findings.limit) for _ in resources]

        def check(resource: Resource, found: Findings) -> tuple[KeyColumns | None, list[Check]]:
            needed = kept.get(resource.name, set()) if content else None
            reader = TableReader(resource, found, sizes, needed, room)
            with found.outlasting("The check of the table", table=resource.name):
                return reader.check(), reader.checks
            return None, []

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            # The largest first, so that none is left to be read alone at the end.
            order = sorted(range(len(resources)), key=lambda place: -sizes.of(resources[place]))
            futures = {place: pool.submit(check, resources[place], own[place]) for place in order}
            for place, resource in enumerate(resources):
                table, checks = futures[place].result()
                notes += checks
                if table is not None:
                    tables[resource.name] = table
                    checked.rows[resource.name] = table.places.height
                if len(resource.files) == 1:
                    checked.files[resource.name] = resource.files[0]
        by_table = dict(zip((resource.name for resource in resources), own, strict=True))
        if content:
            with findings.outlasting("The check of references"):
                _references(tables, by_table)
        for resource, found in zip(resources, own, strict=True):
            if resource.name in tables and found is by_table[resource.name]:
                settle(tables[resource.name], found)
            findings.merge(found.counts, found.incidents)
    known = {name for name, keys in tables.items() if keys.table.fields or not content}
    checked.add_tables("structure", CONTENT if content else "", "readouts", known)
    checked.checks += notes
    return checked


class TableReader(ResourceReader[KeyColumns]):
    """One resource while Polars checks it."""

    def __init__(
        self,
        resource: Resource,
        findings: Findings,
        sizes: Sizes,
        kept: set[tuple[str, ...]] | None,
        memory: KeyMemory,
        *,
        checked: bool = True,
        cores: int | None = None,
    ) -> None:
        super().__init__(resource, findings, sizes)
        self.kept, self.memory = kept, memory  # kept is None where only the structure is checked
        self.checked, self.cores = checked, cores  # whether cells are judged, or only keys collected

    def _plan(self, table: Table, where: dict[str, int]) -> TablePlan:
        found = {} if self.kept is None else where
        plan = TablePlan(table, found, sorted(self.kept or ()), self.memory, self.resource.encoding, self.place)
        if not self.checked:
            plan.columns.clear()
        return plan

    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> KeyColumns:
        """Check rows of text."""
        labels = header.labels
        plan = self._plan(*self.matched(table, labels, header.line))
        memory = self.memory.bound // _AT_ONCE
        blocks = read_blocks(
            stream, self.resource.dialect, len(labels), header.head, plan.work, memory=memory, cores=self.cores
        )
        return check_blocks(plan, blocks, labels, self.findings)

    def json_rows(self, table: Table, rows: JsonRows) -> KeyColumns:
        """Check rows of JSON."""
        table = with_missing(table, NULL)
        plan = self._plan(*self.matched(table, rows.labels, rows.header_line, ordered=rows.ordered))
        return check_blocks(plan, json_blocks(table, rows, plan.work, NULL), rows.labels, self.findings)


def _references(tables: dict[str, KeyColumns], findings: dict[str, Findings]) -> None:
    """Add the rows that refer to a key that isn't there."""
    known = {name: own.table for name, own in tables.items()}
    asked = list(followed(known, {name: own.names for name, own in tables.items()}))
    limits = [findings[name].limit for name, _ in asked]
    ends = [(tables[name], key.fields, tables[key.table], key.target_fields) for name, key in asked]
    for (name, key), (count, rows) in zip(asked, dangling_rows(ends, limits), strict=True):
        add_dangling(tables[name], key, findings[name], count, rows)


def add_dangling(keys: KeyRows, key: ForeignKey, findings: Findings, count: int, rows: pl.DataFrame) -> None:
    """Add so many rows of a table, of which the first are given, that refer to a key that isn't there."""
    if count:
        positions = rows[POSITION].cast(pl.Int64).to_numpy()
        values = keys.texts(key.fields, positions)
        of = f"{key.table} ({', '.join(key.target_fields)})"
        place = keys.table.name, ", ".join(key.fields)
        findings.add_rows("foreign-key", place, positions, values, partial(dangles, of), count=count)
