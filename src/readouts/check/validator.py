"""Checking a whole package: descriptor, then every table, then the references between them."""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

from readouts.check.authority import Authority
from readouts.check.blocks import read_blocks, read_header
from readouts.check.descriptors import Resource, read_descriptors
from readouts.check.findings import Findings, shown
from readouts.check.header import match_fields
from readouts.check.inline import inline_rows, json_blocks
from readouts.check.keys import POSITION, dangling
from readouts.check.limits import LimitError
from readouts.check.profiles import VERSION
from readouts.check.source import Digest, opened
from readouts.check.table import KeyColumns, Plan, Seen, check_blocks, settle
from readouts.incident import incident
from readouts.report import Check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from readouts.check.blocks import Block, Stream
    from readouts.package.reading import Package
    from readouts.schema import ForeignKey, Table

__all__ = ["Checked", "check_package"]

_LARGEST_JSON = 256 * 2**20
_UNREADABLE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError)


@dataclass
class Checked:
    """What was looked at: rows by table, files by table, and by whom."""

    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)


def check_package(
    package: Package,
    findings: Findings,
    *,
    content: bool = True,
    ask_frictionless: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Check a package of anybody's.

    Parameters
    ----------
    package
        The package.
    findings
        Takes what is found.
    content
        Whether types, constraints, keys and references are checked as well, or only the descriptor and the
        structure of files and rows.
    ask_frictionless
        Whether frictionless is asked about the descriptor as well, which takes a process and two seconds of its own.
    progress
        Called with the number of bytes read and to be read.

    Returns
    -------
    Checked
        What was looked at.
    """
    checked = Checked()
    read = read_descriptors(package.root, package.descriptor)
    findings.extend(read.incidents)
    authority = Authority(package.root, read.descriptor) if read.safe and ask_frictionless else None
    version = authority.version if authority is not None else None
    checked.checks.append(Check("descriptor", f"the official profiles of Data Package v{VERSION}", package.name))
    sizes = _Sizes(read.resources, progress)
    kept = _referred(read.resources)
    tables: dict[str, KeyColumns] = {}
    for resource in read.resources:
        table = _Reader(resource, findings, content=content, kept=kept.get(resource.name, set()), sizes=sizes).check()
        if table is not None:
            tables[resource.name] = table
            checked.rows[resource.name] = table.places.height
        if len(resource.files) == 1:
            checked.files[resource.name] = resource.files[0]
    if content:
        _references(tables, findings)
    for table in tables.values():
        settle(table, findings)
    if authority is not None:
        told = {
            found.table for found in read.incidents if found.code in {"package-error", "resource-error", "schema-error"}
        }
        findings.extend(found for found in authority.answer() if found.table not in told and None not in told)
        checked.checks.append(Check("descriptor", f"frictionless {version}", package.name))
    rows = sum(checked.rows.values())
    what = "structure, types, constraints, keys, references" if content else "structure"
    checked.checks.append(Check(what, "readouts", f"{len(tables):,} tables, {rows:,} rows"))
    return checked


class _Sizes:
    """How much of the files has been read."""

    def __init__(self, resources: list[Resource], progress: Callable[[int, int], None] | None) -> None:
        self._progress = progress
        self._done = 0
        self._total = sum(_size(path) for resource in resources for path in resource.paths)

    def add(self, amount: int) -> None:
        self._done += amount
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _referred(resources: list[Resource]) -> dict[str, set[str]]:
    """Return the fields of each table that foreign keys point to."""
    kept: dict[str, set[str]] = {}
    for resource in resources:
        for key in resource.table.foreign_keys if resource.table is not None else ():
            kept.setdefault(key.table, set()).update(key.target_fields)
    return kept


class _Reader:
    """One resource while it is checked."""

    def __init__(self, resource: Resource, findings: Findings, *, content: bool, kept: set[str], sizes: _Sizes) -> None:
        self.resource, self.findings = resource, findings
        self.content, self.kept, self.sizes = content, kept, sizes

    def _add(self, code: str, message: str, **place: Any) -> None:
        self.findings.add(incident(code, message, table=self.resource.name, **place))

    def check(self) -> KeyColumns | None:
        """Check the resource; None if it is no table that could be read."""
        resource = self.resource
        missing = [name for name, path in zip(resource.files, resource.paths, strict=True) if not path.is_file()]
        if missing:
            self._add("scheme-error", f"Expected the file {shown(missing[0])}; there is none.", field="path")
            return None
        algorithm = None if resource.expected_hash is None else resource.expected_hash[0]
        digest = Digest(algorithm)
        try:
            found = self._read(digest)
        except LookupError:
            self._add("encoding-error", f"The encoding {shown(resource.encoding)} is not known.", field="encoding")
            return None
        except LimitError as error:
            self._add("resource-limit", f"The file is not read to its end: {error}.")
            return None
        except _UNREADABLE as error:
            self._add("scheme-error", f"The file can't be read: {str(error)[:200]}.", field="path")
            return None
        finally:
            digest.close()
        self._compare(digest)
        return found

    def _compare(self, digest: Digest) -> None:
        """Compare hash and size with the descriptor's."""
        resource = self.resource
        if not resource.paths:
            return
        if digest.byte_order_mark and resource.encoding.lower().replace("_", "-") != "utf-8-sig":
            self._add("byte-order-mark", "Expected UTF-8 without a byte order mark; the file begins with one.", line=1)
        if resource.expected_bytes is not None and digest.size != resource.expected_bytes:
            message = f"Expected {resource.expected_bytes:,} bytes; found {digest.size:,}."
            self._add("byte-count", message, field="bytes")
        if resource.expected_hash is not None and digest.hexadecimal != resource.expected_hash[1]:
            algorithm, expected = resource.expected_hash
            self._add(
                "hash-count", f"Expected {algorithm}:{expected}; found {algorithm}:{digest.hexadecimal}.", field="hash"
            )

    def _stream(self, digest: Digest) -> Any:
        resource = self.resource
        return opened(
            list(resource.paths),
            digest,
            compression=resource.compression,
            inner=resource.inner,
            encoding=resource.encoding,
            terminator=resource.dialect.line_terminator,
        )

    def _read(self, digest: Digest) -> KeyColumns | None:
        resource = self.resource
        if resource.table is None:
            if resource.paths:
                stream = self._stream(digest) if not resource.compression else _plain_files(resource, digest)
                while data := stream.read(2**20):
                    self.sizes.add(len(data))
            return None
        if resource.form not in {"csv", "tsv"}:
            return self._json(digest)
        return self._csv(self._stream(digest))

    def _csv(self, stream: Stream) -> KeyColumns | None:
        resource, table = self.resource, self.resource.table
        if table is None:
            return None
        dialect = resource.dialect
        header, start = read_header(stream, dialect)
        if dialect.header:
            if len(header) < max(dialect.header_rows):
                self._add("source-error", "Expected a header; the file ends before it.")
                return None
            used = [header[row - 1] for row in dialect.header_rows]
            width = max((len(record.cells) for record in used), default=0)
            labels = [
                dialect.header_join.join(
                    part for record in used if (part := record.cells[place] if place < len(record.cells) else "")
                )
                for place in range(width)
            ]
            for record in used:
                for fault in record.faults:
                    self._add(
                        fault.code, f"The header is not well formed: {shown(fault.value or '')}.", line=fault.line
                    )
            labels = [label.encode("utf-8", "replace").decode() for label in labels]
            if not width:
                self._add("source-error", "Expected a header; found an empty line.", line=1)
                return None
        else:
            labels = list(table.field_names)
        return self._check(
            labels,
            used[-1].line if dialect.header else 1,
            lambda work: read_blocks(stream, dialect, len(labels), start, work),
        )

    def _json(self, digest: Digest) -> KeyColumns | None:
        resource, table = self.resource, self.resource.table
        if table is None:
            return None
        data = resource.data
        if resource.paths:
            stream, parts, size = self._stream(digest), [], 0
            while part := stream.read(2**20):
                size += len(part)
                if size > _LARGEST_JSON:
                    message = f"it is JSON of more than {_LARGEST_JSON // 2**20} MiB"
                    raise LimitError(message)
                parts.append(part)
            try:
                text = b"".join(parts).decode()
                data = (
                    json.loads(text)
                    if resource.form == "json"
                    else [json.loads(row) for row in text.splitlines() if row]
                )
            except (ValueError, RecursionError) as error:
                self._add("format-error", f"Expected JSON: {str(error)[:200]}.")
                return None
        elif isinstance(data, str):
            self._add("unsupported-feature", "Data in the descriptor is supported as rows in JSON only.", field="data")
            return None
        rows = inline_rows(data)
        if rows is None:
            self._add("source-error", "Expected a list of objects, or of arrays of which the first is the header.")
            return None
        labels, cells = rows
        ordered = bool(cells) and isinstance(cells[0], list)
        return self._check(labels, 1, lambda work: json_blocks(table, labels, cells, work), ordered=ordered)

    def _check(
        self,
        labels: list[str],
        line: int,
        blocks: Callable[[Callable[[pl.DataFrame], Seen]], Iterable[Block[Seen]]],
        *,
        ordered: bool = True,
    ) -> KeyColumns | None:
        resource, table = self.resource, self.resource.table
        if table is None:
            return None
        if resource.dialect.null_sequence is not None:
            table = _with_missing(table, resource.dialect.null_sequence)
        where: dict[str, int] = {}
        if table.fields:
            if not ordered and table.fields_match == "exact":
                # The properties of an object have no order.
                table = replace(table, fields_match="equal")
            where, found = match_fields(table, labels, line)
            self.findings.extend(found)
        plan = Plan(table, where if self.content else {}, frozenset(self.kept))
        return check_blocks(plan, blocks(plan.work), labels, self.findings)


def _with_missing(table: Table, text: str) -> Table:
    """Return a table in which one more text stands for a missing value, in every column."""
    fields = tuple(
        column if column.missing_values is None else replace(column, missing_values=(*column.missing_values, text))
        for column in table.fields
    )
    return replace(table, fields=fields, missing_values=(*table.missing_values, text))


def _plain_files(resource: Resource, digest: Digest) -> Any:
    """Return the files of a resource that is no table, as they are."""
    return opened(list(resource.paths), digest, compression="", inner=None, encoding="utf-8", terminator="\n")


def _references(tables: dict[str, KeyColumns], findings: Findings) -> None:
    """Add the rows that refer to a key that isn't there."""
    asked: list[tuple[str, ForeignKey]] = []
    queries: list[pl.LazyFrame] = []
    for name, own in tables.items():
        for key in own.table.foreign_keys:
            target = tables.get(key.table)
            if target is None or any(column not in own.columns for column in key.fields):
                continue
            if any(column not in target.columns for column in key.target_fields):
                continue
            columns = (target.columns[column] for column in key.target_fields)
            goals = pl.LazyFrame({f"goal {place}": column for place, column in enumerate(columns)})
            rows = own.frame(key.fields).lazy()
            queries.append(dangling(rows, list(key.fields), nw.from_native(goals)).to_native())
            asked.append((name, key))
    for (name, key), found in zip(asked, pl.collect_all(queries), strict=True):
        if found.height:
            rows = found.sort(POSITION)
            values = [", ".join(map(str, row)) for row in rows.select(key.fields).rows()]
            of = f"{key.table} ({', '.join(key.target_fields)})"
            positions = rows[POSITION].to_numpy().astype(np.int64)
            findings.add_rows("foreign-key", (name, ", ".join(key.fields)), positions, values, partial(_dangling, of))


def _dangling(of: str, value: str | None) -> str:
    return f"Expected a key of {of}; found {shown(value or '')}, which is none."
