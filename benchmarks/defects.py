"""Known defects for the generated package: what each is called, where it may be planted, and what it does to a row.

A defect lies in a row that nothing refers to and has that row to itself, so that a complete validator finds it exactly
once. Where two rows share a key, it is found at the later one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.content import spare_rows
from benchmarks.schemas import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from benchmarks.content import Plan

    Cells = dict[str, str | None]

__all__ = ["KINDS", "Kind", "Truth", "bad_values", "plant", "planted", "row_bytes"]


@dataclass(frozen=True)
class Truth:
    """One planted defect, as a validator should find it.

    Attributes
    ----------
    code, table
        The incident's code, and the table it is in.
    field
        The field, or the fields of a key joined by ", "; None for a defect of the whole row.
    row, line
        Row (1 is the first below the header; a blank row counts) and physical line.
    key
        The row's primary key as the file has it; None for a blank row.
    value
        The offending value, or the values of a key joined by ", "; None where the defect is not a value.
    kind
        The name of the defect in `KINDS`.
    """

    code: str
    table: str
    field: str | None
    row: int
    line: int
    key: list[str] | None
    value: str | None
    kind: str

    def as_json(self) -> dict[str, Any]:
        """Return it as an object for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Kind:
    """One kind of defect.

    Attributes
    ----------
    name, code, table
        Its name, the code of the incident it must cause, the table it is planted in.
    fields
        What the incident names; empty for a defect of the whole row.
    column
        The cell to change; None where no cell's value changes.
    value
        What the cell becomes. None copies the previous row's.
    far
        Whether it copies the first row's instead, however far that is.
    raw
        The bytes of that cell as they are in the file, quotes included; None for ordinary quoting.
    reshape
        What becomes of the row's bytes without their line end; None leaves them.
    """

    name: str
    code: str
    table: str
    fields: tuple[str, ...] = ()
    column: str | None = None
    value: str | None = None
    raw: bytes | None = None
    reshape: Callable[[bytes], bytes] | None = None
    far: bool = False


def _value(name: str, code: str, table: str, column: str, value: str, *fields: str) -> Kind:
    return Kind(name, code, table, fields or (column,), column, value)


def _copy(name: str, code: str, table: str, column: str, *fields: str, far: bool = False) -> Kind:
    return Kind(name, code, table, fields or (column,), column, far=far)


def _raw(name: str, code: str, table: str, column: str, raw: bytes) -> Kind:
    return Kind(name, code, table, (column,), column, raw=raw)


T, C = "type-error", "constraint-error"
KINDS: dict[str, Kind] = {kind.name: kind for kind in (
    _value("integer-letters", T, "statements", "start", "12a"),
    _value("integer-decimal", T, "relations", "mentions", "4.5"),
    _value("integer-other-digits", T, "statements", "end", "١٢"),
    _value("integer-leading-space", T, "relations", "mentions", " 12"),
    _value("number-underscore", T, "statements", "confidence", "1_000"),
    _value("number-comma", T, "relations", "intensity", "0,5"),
    _value("number-leading-space", T, "entities", "latitude", " 12.5"),
    _value("date-unpadded", T, "statements", "spoken_on", "2031-5-1"),
    _value("date-impossible", T, "relations", "valid_from", "2031-02-30"),
    _value("datetime-space", T, "relations", "recorded_at", "2031-05-01 10:00:00"),
    _value("datetime-impossible", T, "articles", "retrieved_at", "2031-05-01T25:00:00Z"),
    _value("year-letters", T, "entities", "founded", "190x"),
    _value("boolean-undeclared", T, "statements", "is_negated", "TRUE"),
    _value("boolean-word", T, "relations", "is_public", "yes"),
    _value("uri-words", T, "entities", "homepage", "not a uri"),
    _value("list-item", T, "relations", "offsets", "37,x,74"),
    _value("enum", C, "statements", "act", "mumble"),
    _value("category", C, "statements", "form", "sideways"),
    _value("pattern", C, "entities", "country", "Ar"),
    _value("too-long", C, "statements", "summary", "long " * 41),
    _value("too-short", C, "statements", "note", "ab"),
    _value("list-too-long", C, "relations", "contexts", "grain,grain,grain,grain"),
    _value("below-minimum", C, "relations", "intensity", "-10.1"),
    _value("above-maximum", C, "statements", "confidence", "1.001"),
    _value("at-exclusive-minimum", C, "statements", "end", "0"),
    _value("at-exclusive-maximum", C, "relations", "mentions", "1000"),
    _value("date-too-early", C, "relations", "valid_from", "1989-12-31"),
    _value("required-empty", C, "statements", "topic", ""),
    _value("required-missing-value", C, "relations", "status", "NA"),
    _copy("unique", "unique-error", "articles", "url"),
    _copy("unique-far", "unique-error", "articles", "sha256", far=True),
    _copy("unique-key", "unique-error", "statements", "number", "article_id", "number"),
    _copy("primary-key", "primary-key", "statements", "statement_id"),
    _copy("primary-key-composite", "primary-key", "relations", "number", "article_id", "number"),
    _copy("primary-key-entities", "primary-key", "entities", "entity_id"),
    _copy("primary-key-far", "primary-key", "statements", "statement_id", far=True),
    _copy("primary-key-entities-far", "primary-key", "entities", "entity_id", far=True),
    _value("reference", "foreign-key", "statements", "speaker_id", "person-nobody"),
    _value("reference-to-itself", "foreign-key", "statements", "parent_statement_id", "arvenia-courier.s1"),
    _value("reference-composite", "foreign-key", "relations", "statement_number", "999",
           "article_id", "statement_number"),
    Kind("short-row", "missing-cell", "statements", ("note",), reshape=lambda row: row[:row.rindex(b",")]),
    Kind("short-row-relations", "missing-cell", "relations", ("remark",), "remark", "",
         reshape=lambda row: row[:row.rindex(b",")]),
    Kind("long-row", "extra-cell", "statements", reshape=lambda row: row + b",more"),
    Kind("long-row-empty", "extra-cell", "relations", reshape=lambda row: row + b","),
    Kind("blank-row", "blank-row", "statements", reshape=lambda row: b"\n" + row),
    Kind("blank-row-entities", "blank-row", "entities", reshape=lambda row: b"\n" + row),
    _raw("null-byte", "null-byte", "statements", "summary", b"kalda\x00ro meista"),
    _raw("byte-not-utf-8", "encoding-error", "statements", "summary", b"kald\xe9 meista"),
    _raw("bytes-surrogate", "encoding-error", "entities", "description", b"kald\xed\xa0\x80 meista"),
    _raw("quote-within", "stray-quote", "statements", "summary", b'kalda "ro" meista'),
    _raw("quote-text-after", "stray-quote", "entities", "description", b'"kalda" meista'),
)}  # fmt: skip


def _quoted(cell: str | None) -> bytes:
    text = cell or ""
    if any(character in text for character in ',"\r\n'):
        text = '"' + text.replace('"', '""') + '"'
    return text.encode()


def row_bytes(cells: Mapping[str, str | None], raw: Mapping[str, bytes] | None = None) -> bytes:
    r"""Return a row as the file has it, without its line end; `raw` gives cells that aren't written the ordinary way.

    Examples
    --------
    >>> row_bytes({"a": "1", "b": None, "c": "two, three"}, {"a": b"\xff"})
    b'\xff,,"two, three"'
    """
    return b",".join((raw or {}).get(name) or _quoted(cell) for name, cell in cells.items())


def plant(kind: Kind, cells: Cells, previous: Cells, row: int, line: int) -> tuple[bytes, Truth]:
    """Return a row's bytes with a defect planted, and what is true of it; the row is at that row number and line."""
    raw: dict[str, bytes] = {}
    changed = dict(cells)
    if kind.raw is not None and kind.column is not None:
        raw[kind.column] = kind.raw
    elif kind.column is not None:
        changed[kind.column] = previous[kind.column] if kind.value is None else kind.value
    written = row_bytes(changed, raw)
    if kind.reshape is not None:
        # The last cell is cut off at the last comma: it may not have one itself.
        if kind.code == "missing-cell":
            written = row_bytes(changed | {list(changed)[-1]: None})
        written = kind.reshape(written)
    blank = kind.code == "blank-row"
    valued = not raw and kind.reshape is None
    truth = Truth(
        kind.code,
        kind.table,
        ", ".join(kind.fields) or None,
        row,
        line,
        None if blank else [changed[name] or "" for name in SCHEMAS[kind.table]["primaryKey"]],
        ", ".join(changed[name] or "" for name in kind.fields) if valued else None,
        kind.name,
    )
    return written, truth


def planted(made: Plan, count: int, seed: int, kinds: Iterable[str] | None = None) -> dict[str, dict[int, Kind]]:
    """Choose rows for so many defects, the kinds (by default, all) in turn: table -> row (0 is the first) -> kind.

    Raises
    ------
    ValueError
        There are not that many rows in which a defect stays alone.
    """
    taken = list(KINDS.values()) if kinds is None else [KINDS[name] for name in kinds]
    chance = np.random.default_rng([seed])
    rows = {table: chance.permutation(spare_rows(table, made)).tolist() for table in SCHEMAS}
    chosen: dict[str, dict[int, Kind]] = {table: {} for table in SCHEMAS}
    while count:
        before = count
        for kind in taken:
            if count and rows[kind.table]:
                chosen[kind.table][rows[kind.table].pop()] = kind
                count -= 1
        if count == before:
            raise ValueError(f"{count} defects have no row left: take fewer, or a larger scale")
    return chosen


@cache
def bad_values(table: str, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the code and a thousand values, all of which break the type or a constraint of a field.

    Raises
    ------
    ValueError
        Every value of the field is good.
    """
    field = next(field for field in SCHEMAS[table]["fields"] if field["name"] == name)
    constraints = field.get("constraints", {})
    numbers = range(1000)
    made: Callable[[int], str]
    match field["type"], field.get("format"):
        case "integer", _:
            made = "{}a".format
        case "number", _:
            made = "1_{:03d}".format
        case "boolean", _:
            made = "perhaps {}".format
        case "date", _:
            made = "{:04d}-02-30".format
        case "datetime", _:
            made = "2031-05-01 {}".format
        case "year", _:
            made = "{:03d}x".format
        case "list", _ if field.get("itemType") == "integer":
            made = "37,x{}".format
        case "list", _:
            return C, tuple(",".join([f"t{n}"] * (constraints["maxLength"] + 1)) for n in numbers)
        case "string", "uri":
            made = "not a uri {}".format
        case _ if "enum" in constraints or "categories" in field:
            return C, tuple(f"other-{n}" for n in numbers)
        case _ if "pattern" in constraints:
            return C, tuple(f"Not So {n}" for n in numbers)
        case _ if "minLength" in constraints:
            return C, tuple(f"{n}"[: constraints["minLength"] - 1] for n in numbers)
        case _:
            raise ValueError(f"no value of {table}.{name} is bad")
    return T, tuple(made(n) for n in numbers)
