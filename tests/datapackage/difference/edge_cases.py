"""Edge cases of comparing two tables: what each side's file holds, and what has to come of it.

The documentation shows this table: titles and outcomes are sentences for readers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["EDGE_CASES", "EdgeCase"]


@dataclass(frozen=True)
class EdgeCase:
    """Two files, and what comparing them gives.

    Attributes
    ----------
    id, title, outcome
        Its name, what it is about, and in one sentence what comes of it.
    old, new
        The bytes of the two files.
    fields
        Types by name; the first is the primary key, unless `key` says otherwise.
    resource
        What the resource says besides path and schema.
    counts
        Attributes of the `TableDiff` that differ from 0 or from none.
    kinds
        Number of changed cells by kind.
    error
        What the message of the refusal has; None where the two can be compared.
    form
        `byte_order_mark` and `line_end` of the new file, where they are reported.
    """

    id: str
    title: str
    outcome: str
    old: bytes
    new: bytes
    fields: dict[str, str]
    counts: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    key: tuple[str, ...] | None = None
    resource: dict[str, Any] = field(default_factory=dict)
    schema: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    form: tuple[bool, str] | None = None


_DEPTH = {"id": "string", "depth": "integer"}
_AREA = {"id": "string", "area": "number"}
_NAME = {"id": "string", "name": "string"}
_ONE_CELL = {"rows_changed": 1, "cells_changed": 1}
_VALUE, _FORMAT, _TO_NULL, _FROM_NULL = ({each: 1} for each in ("value", "format", "to-null", "from-null"))
_MISSING = {"missingValues": ["", "NA"]}


_OUTCOMES = {
    "value": "One value changed.",
    "format": "One change of format.",
    "to-null": "One value is withdrawn.",
    "from-null": "One value is filled in.",
}


def _one(  # noqa: PLR0917
    name: str, title: str, cells: tuple[str, str], fields: Any, kinds: dict[str, int], outcome: str = "", **more: Any
) -> EdgeCase:
    """Return a case of one row with one cell that changed."""
    label = list(fields)[1]
    old, new = (f"id,{label}\na,{cell}\n".encode() for cell in cells)
    (kind,) = kinds
    return EdgeCase(name, title, outcome or _OUTCOMES[kind], old, new, fields, _ONE_CELL, kinds, **more)


def _refused(name: str, title: str, new: bytes, error: str, outcome: str = "Refused.", **more: Any) -> EdgeCase:
    """Return a case whose new file can't be compared."""
    return EdgeCase(name, title, outcome, b"id,name\na,Long\nb,Como\n", new, _NAME, error=error, **more)


EDGE_CASES: tuple[EdgeCase, ...] = (
    _one(
        "large-integer",
        "An integer beyond 64 bits changes in its last digit",
        ("123456789012345678901234567890", "123456789012345678901234567891"),
        _DEPTH,
        _VALUE,
        outcome="One value changed; no digit is rounded away.",
    ),
    _one("trailing-zero", "`1.50` becomes `1.5` in a number", ("1.50", "1.5"), _AREA, _FORMAT),
    _one(
        "trailing-zero-of-text",
        "`1.50` becomes `1.5` in a string",
        ("1.50", "1.5"),
        _NAME,
        _VALUE,
        outcome="One value changed: to a string, every character counts.",
    ),
    _one(
        "precise-number",
        "A number changes beyond what a float holds",
        ("0.10000000000000000001", "0.10000000000000000002"),
        _AREA,
        _VALUE,
    ),
    _one("exponent", "`1200` becomes `1.2e3`", ("1200", "1.2e3"), _AREA, _FORMAT),
    _one(
        "nan",
        "`NaN` becomes `nan`",
        ("NaN", "nan"),
        _AREA,
        _FORMAT,
        outcome="One change of format: neither is a number.",
    ),
    EdgeCase(
        "nan-stays",
        "`NaN` on both sides",
        "The same: texts are compared, not numbers that are unequal to themselves.",
        b"id,area\na,NaN\n",
        b"id,area\na,NaN\n",
        _AREA,
    ),
    _one(
        "missing-text-to-empty",
        "`NA` becomes empty, where both stand for a missing value",
        ("NA", ""),
        _DEPTH,
        _FORMAT,
        outcome="One change of format: there was no value and is none.",
        schema=_MISSING,
    ),
    _one(
        "na-is-a-value",
        "`NA` becomes empty, where only the empty text stands for a missing value",
        ("NA", ""),
        _NAME,
        _TO_NULL,
    ),
    _one("to-null", "A value becomes empty", ("7", ""), _DEPTH, _TO_NULL),
    _one("from-null", "An empty cell gets a value", ("", "7"), _DEPTH, _FROM_NULL),
    _one("boolean", "`true` becomes `True`", ("true", "True"), {"id": "string", "open": "boolean"}, _FORMAT),
    _one("boolean-flips", "`true` becomes `0`", ("true", "0"), {"id": "string", "open": "boolean"}, _VALUE),
    _one("leading-zeros", "`007` becomes `7` in an integer", ("007", "7"), _DEPTH, _FORMAT),
    _one("leading-zeros-of-text", "`007` becomes `7` in a string", ("007", "7"), _NAME, _VALUE),
    EdgeCase(
        "leading-zeros-of-key",
        "`007` becomes `7` in a primary key of integers",
        "One row removed and one added: keys are texts, and `007` no longer exists.",
        b"id,name\n007,Long\n",
        b"id,name\n7,Long\n",
        {"id": "integer", "name": "string"},
        {"rows_added": 1, "rows_removed": 1},
    ),
    _one("trailing-space", "A string loses a space at its end", ("Long ", "Long"), _NAME, _VALUE),
    _one(
        "spaces-in-json",
        "An object is written with spaces",
        ('"{""a"":1,""b"":2}"', '"{""b"": 2, ""a"": 1}"'),
        {"id": "string", "more": "object"},
        _FORMAT,
    ),
    _one(
        "true-is-not-1",
        "`[1]` becomes `[true]`",
        ("[1]", "[true]"),
        {"id": "string", "more": "array"},
        _VALUE,
        outcome="One value changed: they are equal in some languages only.",
    ),
    _one(
        "zone",
        "A moment is written in another zone",
        ("2014-03-06T20:00:00Z", "2014-03-06T15:00:00-05:00"),
        {"id": "string", "at": "datetime"},
        _FORMAT,
    ),
    _one(
        "zone-appears",
        "A moment without a zone gets one",
        ("2014-03-06T20:00:00", "2014-03-06T20:00:00Z"),
        {"id": "string", "at": "datetime"},
        _VALUE,
        outcome="One value changed: it says more than it did.",
    ),
    _one(
        "unreadable",
        "A cell that is not an integer changes",
        ("7 m", "7m"),
        _DEPTH,
        _VALUE,
        outcome="One value changed: of what can't be read, nothing is assumed.",
    ),
    EdgeCase(
        "byte-order-mark",
        "The new file begins with a byte order mark",
        "The same cells; the form of the file is reported.",
        b"id,name\na,Long\n",
        b"\xef\xbb\xbfid,name\na,Long\n",
        _NAME,
        form=(True, "LF"),
    ),
    EdgeCase(
        "line-ends",
        "The new file has CRLF at the ends of its lines",
        "The same cells; the form of the file is reported.",
        b"id,name\na,Long\nb,Como\n",
        b"id,name\r\na,Long\r\nb,Como\r\n",
        _NAME,
        form=(False, "CRLF"),
    ),
    EdgeCase(
        "no-last-line-end",
        "The new file lacks a final newline",
        "The same.",
        b"id,name\na,Long\nb,Como\n",
        b"id,name\na,Long\nb,Como",
        _NAME,
    ),
    EdgeCase(
        "needless-quotes",
        "Every cell of the new file is in quotes",
        "The same: quotes are not part of a cell.",
        b"id,name\na,Long\n",
        b'"id","name"\n"a","Long"\n',
        _NAME,
    ),
    EdgeCase(
        "quoted-line-end",
        "A line end within a cell becomes a space",
        "One value changed.",
        b'id,name\na,"Long\nLake"\nb,Como\n',
        b"id,name\na,Long Lake\nb,Como\n",
        _NAME,
        _ONE_CELL,
        _VALUE,
    ),
    EdgeCase(
        "row-within-a-cell",
        "A cell holds lines that look like the rows of the other side",
        "Two rows removed and one value changed: what is in quotes is a cell, whatever it looks like.",
        b"id,name\na,Long\nb,Como\nc,Loch\n",
        b'id,name\na,"Long\nb,Como\nc,Loch\n"\n',
        _NAME,
        {"rows_removed": 2} | _ONE_CELL,
        _VALUE,
    ),
    EdgeCase(
        "long-cell",
        "A cell of two million characters changes in its last one",
        "One value changed.",
        b"id,name\na," + b"x" * 2_000_000 + b"y\n",
        b"id,name\na," + b"x" * 2_000_000 + b"z\n",
        _NAME,
        _ONE_CELL,
        _VALUE,
    ),
    EdgeCase(
        "beyond-16-bits",
        "Characters beyond 16 bits, also in a key",
        "One value changed; rows are sorted by code point, U+FF5E before U+1F30A.",
        "id,name\n\U0001f30a,\U0001f3d4\n\uff5e,b\n".encode(),
        "id,name\n\uff5e,b\n\U0001f30a,\U0001f3de\n".encode(),
        _NAME,
        _ONE_CELL,
        _VALUE,
    ),
    EdgeCase(
        "composed-letters",
        "A letter with an accent is written as two code points instead of one",
        "One value changed, though they look the same.",
        "id,name\na,\u00e9\n".encode(),
        "id,name\na,e\u0301\n".encode(),
        _NAME,
        _ONE_CELL,
        _VALUE,
    ),
    EdgeCase(
        "columns-in-another-order",
        "The columns are in another order",
        "No cell changed: cells are compared by column.",
        b"id,name,depth\na,Long,7\n",
        b"depth,id,name\n7,a,Long\n",
        {"id": "string", "name": "string", "depth": "integer"},
        schema={"fieldsMatch": "equal"},
    ),
    EdgeCase(
        "rows-in-another-order",
        "The rows are in another order",
        "The same: rows are paired by key.",
        b"id,name\na,Long\nb,Como\nc,Loch\n",
        b"id,name\nc,Loch\na,Long\nb,Como\n",
        _NAME,
    ),
    EdgeCase(
        "key-of-two-columns",
        "A key of two columns whose texts, put together, would be the same",
        "One row removed and one added.",
        b"id,part,name\nab,c,Long\n",
        b"id,part,name\na,bc,Long\n",
        {"id": "string", "part": "string", "name": "string"},
        {"rows_added": 1, "rows_removed": 1},
        key=("id", "part"),
    ),
    EdgeCase(
        "multiset",
        "A table without a primary key loses one of three equal rows",
        "One row removed; the table is compared as a multiset.",
        b"id,name\na,Long\na,Long\na,Long\n",
        b"id,name\na,Long\na,Long\n",
        _NAME,
        {"rows_removed": 1},
        key=(),
    ),
    EdgeCase(
        "empty-table",
        "All rows are gone",
        "Two rows removed.",
        b"id,name\na,Long\nb,Como\n",
        b"id,name\n",
        _NAME,
        {"rows_removed": 2},
    ),
    EdgeCase(
        "other-encoding",
        "The new file is in Latin-1, as its descriptor says",
        "The same: encodings are not part of a cell.",
        "id,name\na,Lac Léman\n".encode("latin-1"),
        "id,name\na,Lac Léman\n".encode("latin-1"),
        _NAME,
        resource={"encoding": "iso-8859-1"},
    ),
    _refused(
        "key-twice",
        "A duplicate key",
        b"id,name\na,Long\na,Como\n",
        "has the key 'a' twice, in rows 1 and 2",
        outcome="Refused: which of the two rows is meant is unknown.",
    ),
    _refused(
        "same-row-twice",
        "A duplicate row",
        b"id,name\na,Long\nb,Como\na,Long\n",
        "has the key 'a' twice, in rows 1 and 3",
        outcome="Refused as well: its key is a duplicate.",
    ),
    _refused("key-empty", "A key is empty", b"id,name\na,Long\n,Como\n", "no value of the key column 'id' in row 2"),
    _refused(
        "key-missing",
        "A key is a text that stands for a missing value",
        b"id,name\na,Long\nNA,Como\n",
        "no value of the key column 'id' in row 2",
        schema=_MISSING,
    ),
    _refused("key-column-gone", "The column of the key is gone", b"name\nLong\n", "the column 'id' of the primary key"),
    _refused(
        "short-row",
        "A row has too few cells",
        b"id,name\na,Long\nb\n",
        "line 3",
        outcome="Refused: it is not filled up.",
    ),
    _refused("long-row", "A row has too many cells", b"id,name\na,Long\nb,Como,7\n", "line 3"),
    _refused(
        "blank-line", "A line is empty", b"id,name\na,Long\n\nb,Como\n", "line 3", outcome="Refused: it is not a row."
    ),
    _refused("open-quote", "A quote is never closed", b'id,name\na,"Long\nb,Como\n', "line 2"),
    _refused("stray-quote", "A quote is within a cell", b'id,name\na,Lo"ng\nb,Como\n', "line 2"),
    _refused("nul", "A cell has a NUL character", b"id,name\na,Lo\0ng\nb,Como\n", "line 2"),
    _refused("wrong-encoding", "A cell is not in the encoding of the file", b"id,name\na,L\xe9man\nb,Como\n", "line 2"),
    _refused("column-twice", "A duplicate column", b"id,name,name\na,Long,Long\n", "'name' twice"),
)
"""The cases, each with a name of its own."""
