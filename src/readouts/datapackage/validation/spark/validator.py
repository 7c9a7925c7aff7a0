"""Checking a package on Spark: tables, and ranges of large ones, are checked by workers just as `check_package` does.

Each worker reads rows with the reader of one machine, judges their cells, and gives its keys to Spark by their hash, so
that equal ones meet at one worker, which looks for duplicates and references without a target. The driver gets
findings, as many as are shown, and, of each range, how many rows and lines it has: what is before it follows from that.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.datapackage.findings import Findings
from readouts.datapackage.incident import incident
from readouts.datapackage.table.file_kind import FileFault
from readouts.datapackage.table.file_ranges import can_be_cut, cut
from readouts.datapackage.table.partitions import part_count
from readouts.datapackage.table.reader import ResourceReader, Sizes, referred
from readouts.datapackage.table.table_stream import TableStream
from readouts.datapackage.validation.descriptor import CONTENT, Checked, described
from readouts.datapackage.validation.keys import FIRST, POSITION, followed, unique_keys
from readouts.datapackage.validation.spark.distant_rows import DistantRows
from readouts.datapackage.validation.spark.range_tasks import RangeTasks
from readouts.datapackage.validation.spark.session import Exchange, range_size, reason_of, session, spark_errors
from readouts.datapackage.validation.spark.tasks import CutTable, Task, answered, check, compare_part, frame_of
from readouts.datapackage.validation.table import add_repetitions, settle
from readouts.datapackage.validation.validator import add_dangling

if TYPE_CHECKING:
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.report import Check
    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.byte_stream import Hashed
    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.file_ranges import FileRange
    from readouts.datapackage.table.json_rows import JsonRows
    from readouts.datapackage.table.reader import Header
    from readouts.datapackage.table.resource import Resource
    from readouts.datapackage.validation.key_columns import Names
    from readouts.datapackage.validation.spark.tasks import Result
    from readouts.datapackage.validation.start import Beginning

__all__ = ["RangePlanner", "check_package_on_spark"]

_NOTHING = 0, pl.DataFrame(schema={POSITION: pl.Int64, FIRST: pl.Int64})
_SHARE = 10**9
"""Bytes of files that a worker compares the keys of in a quarter of its memory."""


class RangePlanner(ResourceReader[CutTable]):
    """One table while the driver looks at the beginnings of its files, to cut them into ranges.

    Attributes
    ----------
    tried, cut
        Whether it is large enough for that, and what is known of it if it could be cut.
    ranges
        Its ranges.
    fault
        What is wrong with the file after them.
    """

    def __init__(self, resource: Resource, findings: Findings | None, size: int) -> None:
        super().__init__(resource, findings)
        self._size = size
        self.ranges: list[FileRange] = []
        self.fault: FileFault | None = None
        self.cut: CutTable | None = None
        self.tried = can_be_cut(resource) and (len(resource.paths) > 1 or Sizes.of(resource) > size)
        if self.tried:
            with self.reading(whole=False):
                self.cut = self.read()

    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> CutTable:
        """Cut the rows of text."""
        assert isinstance(stream, TableStream)  # noqa: S101 - it is what `read` opens
        table, where = self.matched(table, header.labels, header.line)
        self.ranges, self.fault = cut(self.resource, header, stream, self._size)
        return CutTable(table, where, header.labels)

    def json_rows(self, table: Table, rows: JsonRows) -> CutTable | None:
        """Nothing: JSON is read as a whole."""

    def conclude(self, error: Exception | None, hashed: Hashed) -> None:
        """Add what ended the reading of the files, or compare them with what the descriptor says."""
        marked = self.digest.marked
        with self.reading(whole=False):
            if error is not None:
                raise error
            self.compare(replace(hashed, marked=marked))


class _Table:
    """One resource: its tasks, their results, and what was found."""

    def __init__(self, whole: Task, size: int) -> None:
        self.number, self.resource, self.findings = whole.number, whole.resource, Findings(whole.limit)
        self.planner = RangePlanner(self.resource, self.findings, size)
        self.hashed: Hashed | None = None
        self.rows: DistantRows | None = None  # if it was read to its end
        self.hashing = replace(whole, cut=self.planner.cut)
        bare = replace(self.hashing, resource=replace(self.resource, expected_hash=None, expected_bytes=None))
        ranges = [replace(bare, range=part) for part in self.planner.ranges]
        self.work: RangeTasks[Result] = RangeTasks(whole, ranges)

    @property
    def tasks(self) -> list[Task]:
        """Its tasks: ranges and the hash of its files, or the whole of it; none if its files can't be read."""
        if self.work.is_cut:
            return [*self.work.tasks, self.hashing]
        return [] if self.planner.tried else self.work.tasks

    def conclude(self) -> None:
        """Take the findings of all tasks, up to the first that could not read its rows to their end."""
        results = self.work.results
        if self.planner.tried and not self.work.is_cut and results:
            # What the planner found is found again by the reader of the whole.
            self.findings = Findings(self.findings.limit)
        rows = DistantRows(self.work.tasks, results, self.planner.files)
        error: Exception | None = self.planner.fault
        failed = next((place for place, each in enumerate(results) if each.height is None), None)
        for place, result in enumerate(results[: None if failed is None else failed + 1]):
            found, part = result.incidents, result.range
            if part is not None:
                found = [_shifted(each, rows, place, part, keyed=error is None and failed is None) for each in found]
            self.findings.merge(result.counts, found)
            if result.error is not None:
                error = result.error
                if isinstance(error, FileFault) and part is not None:
                    error.line = rows.shifted(place, part, error.line)[1]
                    self.planner.files.begin(1, of=part.file)
        if self.hashed is not None and self.work.is_cut:
            self.planner.conclude(error, self.hashed)
        self.rows = rows if results and failed is None and error is None else None

    @property
    def checks(self) -> list[Check]:
        """What a report says about its files besides findings."""
        if self.work.is_cut:
            return self.planner.checks
        return [each for result in self.work.results for each in result.checks]


def _shifted(found: Incident, rows: DistantRows, place: int, part: FileRange, *, keyed: bool) -> Incident:
    """Return a finding of a range as one of the table."""
    row = None if found.row is None else found.row + rows.rows_before(place)
    file, line = rows.shifted(place, part, found.line)
    return replace(found, row=row, line=line, file=file, key=found.key if keyed else None)


def check_package_on_spark(
    beginning: Beginning,
    findings: Findings,
    master: str | None,
) -> Checked:
    """Check a package of anybody's on Spark.

    Parameters
    ----------
    beginning
        The package; driver and workers see its files under the same path.
    findings
        Takes what is found.
    master
        Where Spark runs, such as `local[*]` or `spark://host:7077`; None for what its settings say.

    Returns
    -------
    Checked
        The checks that were made.

    Raises
    ------
    EngineError
        Spark could not be started.
    """
    checked = Checked()
    with session(master) as context, described(beginning, findings, checked) as resources:
        version = context.version
        exchange = Exchange(context, part_count(Sizes(resources, None).unpacked, _SHARE))
        size = range_size(context, sum(map(Sizes.of, resources)))
        kept = referred(resources)
        tables = [
            _Table(Task(number, each, frozenset(kept.get(each.name, ())), findings.limit, exchange.parts), size)
            for number, each in enumerate(resources)
        ]
        try:
            _check(exchange, tables)
            _compare(exchange, tables, findings.limit)
        except spark_errors() as error:
            message = f"Spark could not check the tables: {reason_of(error)}."
            findings.add(incident("check-failed", message, hint="Check them with --engine polars."))
        for own in tables:
            name, rows = own.resource.name, own.rows
            findings.merge(own.findings.counts, own.findings.incidents)
            if rows is not None:
                checked.rows[name] = rows.height
            if len(own.resource.files) == 1:
                checked.files[name] = own.resource.files[0]
    known = {own.resource.name for own in tables if own.rows is not None and own.rows.table.fields}
    checked.add_tables("structure", CONTENT, f"readouts on Spark {version}", known)
    checked.checks += [each for own in tables for each in own.checks]
    return checked


def _check(exchange: Exchange, tables: list[_Table]) -> None:
    """Check the rows of all tables, each on its own."""
    waiting = [task for own in tables for task in own.tasks]
    while waiting:
        # The largest first, so that none is left to be read alone at the end.
        for result in exchange.run(sorted(waiting, key=_size, reverse=True), check):
            own = tables[result.number]
            if result.hashed is None:
                own.work.results.append(result)
            else:
                own.hashed = result.hashed
        waiting = [task for own in tables for task in own.work.retried()]
    for own in tables:
        own.conclude()


def _size(task: Task) -> int:
    part = task.range
    return part.end - part.start if part is not None and part.cut else Sizes.of(task.resource)


def _compare(exchange: Exchange, tables: list[_Table], limit: int | None) -> None:
    """Compare the keys and references of all tables."""
    read = {own.resource.name: (own, own.rows) for own in tables if own.rows is not None}
    # A table that one task has read has been searched for duplicate keys by it.
    unique = [
        (own.number, names)
        for own, rows in read.values()
        if own.work.is_cut
        for _, names in unique_keys(rows.table)
        if rows.has(names)
    ]
    schemas = {name: rows.table for name, (_, rows) in read.items()}
    asked = list(followed(schemas, {name: rows.names for name, (_, rows) in read.items()}))
    ends = [(read[name][0].number, key.fields, read[key.table][0].number, key.target_fields) for name, key in asked]
    starts = {
        (own.number, task.range): start
        for own, rows in read.values()
        for task, start in zip(rows.tasks, rows.starts, strict=True)
    }
    found: dict[Any, tuple[int, pl.DataFrame]] = {}
    for what, count, data in exchange.each_part(partial(compare_part, starts, unique, ends, limit)):
        before, frames = found.get(what, (0, frame_of(data).clear()))
        frame = pl.concat([frames, frame_of(data)]).sort(POSITION)
        found[what] = before + count, frame if limit is None else frame.head(limit)
    _ask(exchange, read, found)
    for own, rows in read.values():
        add_repetitions(rows, own.findings, partial(_repeated, found, own.number))
    for (name, key), end in zip(asked, ends, strict=True):
        own, rows = read[name]
        add_dangling(rows, key, own.findings, *found.get(end, _NOTHING))
    for own, rows in read.values():
        settle(rows, own.findings)


def _repeated(found: dict[Any, tuple[int, pl.DataFrame]], number: int, names: Names) -> tuple[int, pl.DataFrame]:
    return found.get((number, names), _NOTHING)


def _ask(
    exchange: Exchange, read: dict[str, tuple[_Table, DistantRows]], found: dict[Any, tuple[int, pl.DataFrame]]
) -> None:
    """Ask the workers about the rows that are shown."""
    wanted: dict[int, set[int]] = {}
    sets: dict[int, list[Names]] = {}
    for (number, names, *_), (_, frame) in found.items():
        wanted.setdefault(number, set()).update(frame[POSITION], frame[FIRST].drop_nulls())
        sets.setdefault(number, []).append(names)
    asked = [
        (rows, place, question)
        for own, rows in read.values()
        for place, question in rows.questions(wanted.get(own.number, ()), sets.get(own.number, ()))
    ]
    answers = exchange.map([question for _, _, question in asked], answered)
    for (rows, place, _), answer in zip(asked, answers, strict=True):
        rows.take(place, answer)
