"""The lines of a merged table: as a side has them where it says the same, else cell by cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.datapackage.table.canonical_csv import csv_line

if TYPE_CHECKING:
    from readouts.datapackage.merging.version import Key, Row, Version

__all__ = ["ended", "line_end", "line_of"]

_CELL = re.compile(r'(?:^|,)("[^"]*(?:""[^"]*)*"|[^,]*)')
_LINE_END = re.compile(r"\r\n|\r|\n")


def _parted(line: str) -> tuple[str, str]:
    """Part what is written of a row from what ends it."""
    text = line.rstrip("\r\n")
    return text, line[len(text) :]


def line_end(*sides: Version) -> str:
    """Return what ends the lines of the first version that tells: of its header, as editors and libraries write it."""
    found = (_LINE_END.search(_parted(side.lines.get((), ""))[1]) for side in sides)
    return next((end[0] for end in found if end), "\n")


def ended(line: str, end: str) -> str:
    """Return a line with an end, if there is a line."""
    return line + end if line and not line.endswith(("\n", "\r")) else line


def line_of(key: Key, row: Row, columns: Key, ours: Version, theirs: Version) -> str:
    r"""Return the line of a row of the result, or, by the empty key, of the header.

    A side that has these very cells gives its line as it is, ours first. Of a row that both changed, each cell is
    written as in a side that says the same. Text from theirs gets the line ends of ours.

    Examples
    --------
    >>> from readouts.datapackage.merging.version import read_version
    >>> from readouts.datapackage.schema.model import Field, Table
    >>> table = Table("lakes", fields=tuple(map(Field, ("lake", "depth", "of"))), primary_key=("lake",))
    >>> rows = (b'lake,depth,of\r\n"como","410","Italy"\r\n', b"lake,depth,of\ncomo,425,IT\n")
    >>> ours, theirs = (read_version(row, table, "a side") for row in rows)
    >>> line_of(("como",), {"lake": "como", "depth": "425", "of": "Italy"}, table.field_names, ours, theirs)
    '"como",425,"Italy"\r\n'
    """
    cells = [row.get(name, "") for name in columns]
    sides = [(side, found) for side in (ours, theirs) if (found := side.cells(key)) is not None]
    for side, found in sides:
        if [*found.values()] == cells:
            line = side.lines[key]
            break
    else:
        written = [
            (found, dict(zip(side.columns, _CELL.findall(_parted(side.lines[key])[0]), strict=True)))
            for side, found in sides
        ]
        text = ",".join(_written(name, cell, written) for name, cell in zip(columns, cells, strict=True))
        side = sides[0][0]
        line = (text or _parted(csv_line(cells))[0]) + _parted(side.lines[key])[1]
    if side is ours or ours.columns == ():
        return line
    text, end = _parted(line)
    return text + end.replace(line_end(theirs), line_end(ours, theirs))


def _written(name: str, cell: str, sides: list[tuple[Row, Row]]) -> str:
    """Return a cell as the first side has it that says the same, else in canonical form."""
    found = next((written[name] for cells, written in sides if cells.get(name) == cell), None)
    return _parted(csv_line([cell, ""]))[0].removesuffix(",") if found is None else found
