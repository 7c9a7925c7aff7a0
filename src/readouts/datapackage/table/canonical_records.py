"""Records of a table in canonical form, one by one and in little memory: as they are in the file, and as cells.

Canonical CSV needs no general reader: lines end in LF, and a quote is doubled or delimits. Anything else in a file is
reported rather than guessed.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from readouts.datapackage.table.canonical_csv import csv_line, csv_reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

__all__ = ["NotCanonical", "cells_of", "ordered", "read_records"]


class NotCanonical(Exception):  # noqa: N818 - a verdict that is caught where a sentence is made of it
    """A table is not in canonical form; the message is the end of a sentence about its file."""


def read_records(path: Path) -> Iterator[str]:
    r"""Yield the records of a file as they are in it, each with its line end.

    Raises
    ------
    NotCanonical
        It is not UTF-8, or it ends within a quoted cell or without a line end.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "lakes.csv"
    >>> path.write_bytes(b'name,note\nLong,"two\nlines"\n')
    27
    >>> list(read_records(path))
    ['name,note\n', 'Long,"two\nlines"\n']
    """
    waiting: list[str] = []
    quotes = 0
    line = ""
    try:
        with path.open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                if not waiting and '"' not in line:
                    yield line
                    continue
                waiting.append(line)
                quotes += line.count('"')
                if quotes % 2 == 0:
                    yield "".join(waiting)
                    waiting.clear()
                    quotes = 0
    except UnicodeDecodeError as error:
        message = "is not in UTF-8"
        raise NotCanonical(message) from error
    if waiting:
        message = "ends within a quoted cell"
        raise NotCanonical(message)
    if not line.endswith("\n"):
        message = "ends without a line end" if line else "has no header"
        raise NotCanonical(message)


def cells_of(record: str) -> list[str]:
    r"""Return the cells of a record in canonical form.

    Examples
    --------
    >>> cells_of('a,,"say ""b"", c"\n')
    ['a', '', 'say "b", c']
    """
    text = record[:-1]
    if '"' not in text:
        return text.split(",")
    try:
        return next(csv_reader([text]))
    except csv.Error:
        # A quote where none may be; the caller, who writes the cells again, sees that they are others.
        return [text]


def ordered(records: Iterable[str], width: int, key: Sequence[int]) -> Iterator[str]:
    r"""Yield records of canonical form; stop at the first one that is not.

    Parameters
    ----------
    records
        Records below the header.
    width
        Number of columns.
    key
        Places of the columns that no two rows have alike, and that rows are sorted by. Without any, rows are sorted by
        all their cells, and one may be there many times.

    Raises
    ------
    NotCanonical
        A record has another number of cells, needless quotes or none where they are needed, or is out of order.

    Examples
    --------
    >>> list(ordered(["b,1\n", "a,2\n"], 2, [0]))
    Traceback (most recent call last):
    readouts.datapackage.table.canonical_records.NotCanonical: has row 2 out of order: 'a' comes after 'b'
    """
    columns = list(key) or list(range(width))
    # A key in the first column, as most are, is found without cutting the record.
    first = columns == [0] and width > 1
    last: list[str] | None = None
    last_first = ""
    for number, record in enumerate(records, 1):
        if '"' in record or "\r" in record or record == "\n" or record.count(",") != width - 1:
            cells = cells_of(record)
            if len(cells) != width:
                message = f"has {len(cells)} cells in row {number:,}, where its header has {width}"
                raise NotCanonical(message)
            if csv_line(cells) != record:
                message = f"has row {number:,} quoted differently, or not ended by LF"
                raise NotCanonical(message)
        elif first:
            here = record[: record.index(",")]
            if here > last_first:
                last_first = here
                yield record
                continue
            cells = [here]
        else:
            cells = record[:-1].split(",")
        found = [cells[place] for place in columns]
        if first:
            last = [last_first] if number > 1 else None
            last_first = found[0]
        if last is not None and found <= last and (key or found != last):
            message = f"has row {number:,} out of order: {_shown(found)} comes after {_shown(last)}"
            if found == last:
                message = f"has the key {_shown(found)} twice, in row {number:,} the second time"
            raise NotCanonical(message)
        last = found
        yield record


def _shown(cells: Sequence[str]) -> str:
    shown = ", ".join(repr(cell) for cell in cells[:4])
    return shown if len(shown) <= 200 else f"{shown[:200]}…"
