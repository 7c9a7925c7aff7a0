"""Comparing two tables by their lines first: one that both files have needs no look at its cells.

Most lines of two releases are the same, so that only the others are cut into cells. Everything left out is proven
anyway: every line that both files have is well formed, and every key occurs once on either side. Where that can't
be shown, both tables are read whole, and faults are reported from there.
"""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from readouts.datapackage.difference.content_changes import KeptResource
from readouts.datapackage.difference.parted_pairing import outgrows, pair_in_parts
from readouts.datapackage.difference.row_pairing import RowPairing, missing_in, pair
from readouts.datapackage.table.errors import TableError
from readouts.datapackage.table.text_frame import Form, SheetReader, TextTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.dialect import Dialect
    from readouts.datapackage.table.reader import Header
    from readouts.datapackage.table.resource import Resource

__all__ = ["Paired", "by_lines", "pair_tables"]

_MARK = b"\xef\xbb\xbf"
_SEPARATOR = "\x01"
"""Bytes that end no line: the lines of a file that has one are not read as such."""
_LINE, _HASH, _ROW, _OTHER = "line", "hash", "row", "other"
_STEP = 2**24
_PART = 2**15
"""Lines that a core looks at before it takes others: so few that they stay near it."""
_MOST_DIFFERENT = 0.5
"""The share of lines that differ up to which it pays to leave the others out."""


@dataclass(frozen=True, slots=True)
class Paired:
    """The rows of one table of two packages, side by side, and what the packages say about it."""

    pairing: RowPairing
    old: Table
    new: Table
    labels_old: tuple[str, ...]
    labels_new: tuple[str, ...]
    form_old: Form
    form_new: Form


Key = tuple[str, ...]
Part = TypeVar("Part")


def pair_tables(
    old: Resource,
    new: Resource,
    key: Key | None,
    renamed: Mapping[Key, Key] | None = None,
    memory: int | None = None,
) -> Paired:
    """Pair the rows of a table of two packages: `text_table` and `pair` in one, and several times as fast.

    Parameters
    ----------
    old, new
        The table in both packages.
    key
        The columns that tell rows apart; None or empty to compare the tables as multisets of rows.
    renamed
        New keys by old keys.
    memory
        Bytes that the comparison may take: rows that don't fit go to a temporary file. None for no bound.

    Raises
    ------
    TableError
        A table can't be read, or its rows can't be told apart.

    Examples
    --------
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> lakes = open_package(sample_package()).resource("lakes")
    >>> pair_tables(lakes, lakes, ("lake_id",)).pairing.cells.height
    0
    """
    if memory is not None and outgrows(old, new, memory):
        before, after, pairing = pair_in_parts(old, new, key, renamed or {}, memory)
    else:
        if key and not all(isinstance(each, KeptResource) and each.is_kept for each in (old, new)):
            found = by_lines(old, new, key, renamed or {})
            if found is not None:
                return found
        before, after = old.text_table(), new.text_table()
        pairing = pair(before, after, key, renamed)
    return Paired(pairing, before.table, after.table, before.labels, after.labels, before.form, after.form)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a file below its header, which can be looked at as such."""

    sheet: TextTable
    dialect: Dialect
    lines: pl.Series

    @property
    def width(self) -> int:
        return len(self.sheet.labels)


class _LineReader(SheetReader):
    """One resource while its lines are read."""

    found: _Lines | None = None

    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> TextTable | None:
        """Read the lines below the header, if these are rows."""
        dialect = self.resource.dialect
        table, _ = self.matched(table, header.labels, header.line)
        if not dialect.plain or len(header.labels) < 2:
            return None
        lines = self._lines(header, stream)
        if lines is None:
            return None
        sheet = TextTable(table, tuple(header.labels), pl.DataFrame(), self._form(header.line_end))
        self.found = _Lines(sheet, dialect, lines)
        return sheet

    def _lines(self, header: Header, stream: ByteStream) -> pl.Series | None:
        """Return what is below the header, line by line; None if it is not text."""
        resource, parts = self.resource, [header.head.rest]
        if len(parts[0]) < len(_MARK):
            parts.append(stream.read(_STEP))
        if b"".join(parts).startswith(_MARK):
            # Polars would take it for the mark of a file's beginning, even after the lines that it passes.
            return None
        plain = len(resource.paths) == 1 and not resource.compression and not self.digest.marked
        if plain and resource.encoding.lower() in {"utf-8", "utf8"}:
            # Polars reads the file itself, by several threads and without a copy of it here.
            source: Path | bytes = resource.paths[0]
            passed = header.head.end_line - 1
        else:
            while part := stream.read(_STEP):
                parts.append(part)
            source, passed = b"".join(parts), 0
        try:
            lines = pl.read_csv(
                source,
                has_header=False,
                skip_lines=passed,
                schema={_LINE: pl.String()},
                separator=_SEPARATOR,
                quote_char=None,
                empty_string_is_null=False,
            )
        except pl.exceptions.PolarsError:
            return None
        # One chunk: lines in any order are found faster in it.
        return lines.to_series().rechunk()


def _read(resource: Resource) -> _Lines | None:
    reader = _LineReader(resource)
    try:
        reader.require_sheet()
    except TableError:
        return None
    return reader.found


def by_lines(old: Resource, new: Resource, key: Key, renamed: Mapping[Key, Key]) -> Paired | None:
    """Pair two tables by their lines; None if they can't be, or it would not pay."""
    if not renamed.keys().isdisjoint(renamed.values()):
        # A row that stays as it is may have to be paired with another one.
        return None
    # One after the other: each takes all cores, and the second has the room that the first one's file took.
    before, after = _read(old), _read(new)
    if before is None or after is None:
        return None
    dialects = {replace(each.dialect, line_terminator="\n") for each in (before, after)}
    if before.sheet.labels != after.sheet.labels or len(dialects) > 1 or any(k not in before.sheet.labels for k in key):
        return None
    same = _same(before, after)
    if same is None or len(before.lines) - len(same.lines) > len(before.lines) * _MOST_DIFFERENT:
        return None
    rest_old = _whole_rows(before.lines.filter(~same.here), before)
    rest_new = _whole_rows(after.lines.filter(~same.there), after)
    if rest_old is None or rest_new is None:
        return None
    with ThreadPoolExecutor(1) as pool:
        # RowPairing leaves cores idle, which prove the other lines meanwhile.
        proven = pool.submit(_told_apart, same, key, (rest_old, rest_new))
        try:
            found = pair(replace(before.sheet, frame=rest_old), replace(after.sheet, frame=rest_new), key, renamed)
        except TableError:
            # The caller that has all rows says which are meant.
            return None
        if not proven.result():
            return None
    pairing = replace(found, rows_old=len(before.lines), rows_new=len(after.lines))
    return Paired(
        pairing,
        before.sheet.table,
        after.sheet.table,
        before.sheet.labels,
        after.sheet.labels,
        before.sheet.form,
        after.sheet.form,
    )


@dataclass(frozen=True, slots=True)
class _SharedLines:
    """The lines that both files seem to have, as the old file has them, and which lines of either file they are."""

    here: pl.Series
    there: pl.Series
    lines: pl.Series
    others: pl.Series  # where each is in the new file
    before: _Lines
    after: _Lines


def _same(before: _Lines, after: _Lines) -> _SharedLines | None:
    """Return the lines that both files have by their hash; None if there are duplicates."""
    with ThreadPoolExecutor() as pool:
        hashes = pool.map(pl.Series.hash, (before.lines, after.lines))
        old, new = (each.to_frame(_HASH).with_row_index(row) for each, row in zip(hashes, (_ROW, _OTHER), strict=True))
    # The streaming engine joins as many rows in half the time.
    both = old.lazy().join(new.lazy(), on=_HASH).collect(engine="streaming")
    sides = []
    for lines, name in ((before.lines, _ROW), (after.lines, _OTHER)):
        has = pl.repeat(value=False, n=len(lines), eager=True).scatter(both[name], values=True)
        if int(has.sum()) != both.height:
            return None
        sides.append(has)
    here, there = sides
    others = pl.zeros(len(here), both[_OTHER].dtype, eager=True).scatter(both[_ROW], both[_OTHER])
    return _SharedLines(here, there, before.lines.filter(here), others.filter(here), before, after)


def _parted(lines: pl.Series, of: _Lines) -> tuple[pl.Series, pl.Series] | None:
    """Part lines without quotes, where delimiters part cells, from rows with quotes; None if one is not a row."""
    quote = of.dialect.quote_char
    odd = lines.str.contains(f"[\0\r{'' if quote is None else re.escape(quote)}]")
    plain, quoted = lines.filter(~odd), lines.filter(odd)
    if quoted.str.contains("[\0\r]").any() or not quoted.str.contains(_well_formed(of)).all():
        return None
    return plain, quoted


def _cut(quoted: pl.Series, of: _Lines, columns: Key | None = None) -> pl.DataFrame | None:
    """Cut well-formed rows with quotes into cells, all or some; None if Polars takes them for other rows."""
    labels = of.sheet.labels
    wanted = list(labels if columns is None else columns)
    data = io.BytesIO()
    quoted.to_frame().write_csv(data, include_header=False, quote_style="never")
    written = data.getvalue()
    if written.startswith(_MARK):
        # Polars would take it for the mark of a file's beginning.
        return None
    if not written:
        return pl.DataFrame(schema=dict.fromkeys(wanted, pl.String))
    places = sorted(map(labels.index, wanted))
    frame = pl.read_csv(
        written,
        has_header=False,
        columns=places,
        infer_schema=False,
        separator=of.dialect.delimiter,
        quote_char=of.dialect.quote_char,
        empty_string_is_null=False,
    )
    frame = frame.rename(dict(zip(frame.columns, [labels[place] for place in places], strict=True)))
    return frame.select(wanted) if frame.height == len(quoted) else None


def _well_formed(of: _Lines) -> str:
    """Return the pattern of a row that is whole: as many cells as columns, and every quote where one may be."""
    quote, delimiter = re.escape(of.dialect.quote_char or '"'), re.escape(of.dialect.delimiter)
    cell = f"(?:{quote}(?:[^{quote}]|{quote}{quote})*{quote}|[^{quote}{delimiter}]*)"
    return f"^{cell}(?:{delimiter}{cell}){{{of.width - 1}}}$"


def _in_parts(look: Callable[[int], Part | None], lines: int) -> list[Part] | None:
    """Return what a look at each part of so many lines gives; None if one gives nothing."""
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        found = [each for each in pool.map(look, range(0, max(lines, 1), _PART)) if each is not None]
    return found if len(found) == len(range(0, max(lines, 1), _PART)) else None


def _whole_rows(lines: pl.Series, of: _Lines) -> pl.DataFrame | None:
    """Cut lines into cells, in no order; None if one of them is not a well-formed row of its own."""

    def cut(start: int) -> pl.DataFrame | None:
        parted = _parted(lines.slice(start, _PART), of)
        if parted is None:
            return None
        plain, quoted = parted
        cells = plain.str.split(of.dialect.delimiter)
        if (cells.list.len() != of.width).any():
            return None
        others = _cut(quoted, of)
        rows = cells.list.to_struct(fields=of.sheet.labels).struct.unnest()
        return None if others is None else pl.concat([rows, others])

    found = _in_parts(cut, len(lines))
    return None if found is None else pl.concat(found)


def _told_apart(same: _SharedLines, key: Key, rests: tuple[pl.DataFrame, pl.DataFrame]) -> bool:
    """Return whether the lines that both files have are well formed, and each is alone with its key on either side."""
    found = _in_parts(lambda start: _plain_keys(same, start, key), len(same.lines))
    if found is None:
        return False
    # All rows that have to be cut at once: reading a few takes as long as reading many.
    cut = _cut(pl.concat([quoted for _, quoted in found]), same.before, key)
    if cut is None:
        return False
    # The other lines of each file have been compared with one another, so that either file may have a key of these.
    others = pl.concat([rest.lazy().select(key) for rest in rests]).unique().collect()
    keys = pl.concat([others, cut, *(keys for keys, _ in found)])
    missing = ((keys[name], text) for name in key for text in missing_in(same.before.sheet.table, name))
    if any((texts == text).any() for texts, text in missing):
        return False
    hashes = keys.hash_rows() if len(key) > 1 else keys.to_series().hash()
    return hashes.n_unique() == keys.height


def _plain_keys(same: _SharedLines, start: int, key: Key) -> tuple[pl.DataFrame, pl.Series] | None:
    """Return the keys of a part of the lines that have no quotes before them, and the other lines; else None."""
    of, lines = same.before, same.lines.slice(start, _PART)
    # Lines of the same hash need not be the same: it is their texts that count.
    if not (lines == same.after.lines.gather(same.others.slice(start, _PART))).all():
        return None
    parted = _parted(lines, of)
    if parted is None:
        return None
    plain, quoted = parted
    delimiter = re.escape(of.dialect.delimiter)
    if (plain.str.count_matches(delimiter) != of.width - 1).any():
        return None
    # Of lines that have no quotes so far, only the beginning is read.
    places = [of.sheet.labels.index(name) for name in key]
    cell = f"[^{re.escape(of.dialect.quote_char or '')}{delimiter}]*"
    easy = quoted.str.contains(f"^(?:{cell}{delimiter}){{{max(places)}}}{cell}(?:{delimiter}|$)")
    easily = pl.concat([plain, quoted.filter(easy)])
    cells = [
        _cells_at(place, easily, of.dialect.delimiter).alias(name) for place, name in zip(places, key, strict=True)
    ]
    return pl.DataFrame(cells), quoted.filter(~easy)


def _cells_at(place: int, lines: pl.Series, delimiter: str) -> pl.Series:
    """Return a column of lines that have no quotes up to its end."""
    if place == 0:
        # Places in a line are counted in bytes.
        first = pl.col(_LINE).cast(pl.Binary).bin.head(pl.col(_LINE).str.find(delimiter, literal=True))
        return lines.to_frame(_LINE).select(first.cast(pl.String)).to_series()
    delimiter = re.escape(delimiter)
    return lines.str.extract(f"^(?:[^{delimiter}]*{delimiter}){{{place}}}([^{delimiter}]*)")
