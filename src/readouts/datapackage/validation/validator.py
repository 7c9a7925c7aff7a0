"""Checking a whole package: descriptor, then every table, then the references between them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import polars as pl

from readouts.datapackage.findings import Findings
from readouts.datapackage.incident import NULL
from readouts.datapackage.table.csv_blocks import read_blocks
from readouts.datapackage.table.json_rows import JsonRows, json_blocks
from readouts.datapackage.table.reader import Header, ResourceReader, Sizes, referred, with_missing
from readouts.datapackage.validation.descriptor import CONTENT, Checked, described
from readouts.datapackage.validation.keys import POSITION, dangles, dangling, followed
from readouts.datapackage.validation.table import KeyColumns, TablePlan, check_blocks, places, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.datapackage.report import Check
    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.validation.start import Beginning

__all__ = ["Checked", "check_package"]

_AT_ONCE = 2
"""Tables that are read at the same time: the next one's beginning fills the gaps of the last one's end."""


def check_package(
    beginning: Beginning,
    findings: Findings,
    *,
    content: bool = True,
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
    with described(beginning, findings, checked) as resources:
        sizes, kept = Sizes(resources, progress), referred(resources)
        # Each table has findings of its own, so that they come in order whichever is read first.
        own = [Findings(findings.limit) for _ in resources]

        def check(resource: Resource, found: Findings) -> tuple[KeyColumns | None, list[Check]]:
            reader = _Reader(resource, found, sizes, content=content, kept=kept.get(resource.name, set()))
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


class _Reader(ResourceReader[KeyColumns]):
    """One resource while Polars checks it."""

    def __init__(self, resource: Resource, findings: Findings, sizes: Sizes, *, content: bool, kept: set[str]) -> None:
        super().__init__(resource, findings, sizes)
        self.content, self.kept = content, kept

    def _plan(self, table: Table, where: dict[str, int]) -> TablePlan:
        found = where if self.content else {}
        return TablePlan(table, found, frozenset(self.kept), self.resource.encoding, self.place)

    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> KeyColumns:
        """Check rows of text."""
        labels = header.labels
        plan = self._plan(*self.matched(table, labels, header.line))
        blocks = read_blocks(stream, self.resource.dialect, len(labels), header.head, plan.work)
        return check_blocks(plan, blocks, labels, self.findings)

    def json_rows(self, table: Table, rows: JsonRows) -> KeyColumns:
        """Check rows of JSON."""
        table = with_missing(table, NULL)
        plan = self._plan(*self.matched(table, rows.labels, rows.header_line, ordered=rows.ordered))
        return check_blocks(plan, json_blocks(table, rows, plan.work, NULL), rows.labels, self.findings)


def _references(tables: dict[str, KeyColumns], findings: dict[str, Findings]) -> None:
    """Add the rows that refer to a key that isn't there."""
    asked = list(
        followed({name: own.table for name, own in tables.items()}, {name: own.columns for name, own in tables.items()})
    )
    queries: list[pl.LazyFrame] = []
    for name, key in asked:
        columns = (tables[key.table].columns[column] for column in key.target_fields)
        goals = pl.LazyFrame({f"goal {place}": column for place, column in enumerate(columns)})
        rows = tables[name].frame(key.fields).lazy()
        queries.append(dangling(rows, places(key.fields), nw.from_native(goals)).to_native())
    for (name, key), found in zip(asked, pl.collect_all(queries), strict=True):
        if found.height:
            rows = found.sort(POSITION)
            kept = findings[name].limit
            values = tables[name].texts(key.fields, (rows if kept is None else rows.head(kept))[POSITION].to_list())
            of = f"{key.table} ({', '.join(key.target_fields)})"
            positions = rows[POSITION].to_numpy().astype(np.int64)
            findings[name].add_rows(
                "foreign-key", (name, ", ".join(key.fields)), positions, values, partial(dangles, of)
            )
