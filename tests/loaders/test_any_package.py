"""Packages of any form give the values that the authority on cells reads, in every library, or one reason why not."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import math
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import readouts
from readouts.datapackage.errors import PackageError
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.schema.types import Mismatch
from readouts.datapackage.table.values import TooWideError, kind_of, plain
from tests.datapackage.validation.generating import CELLS, FIELDS, FORMATTED, near
from tests.packages import write_package_of
from tests.properties import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn

    from readouts.datapackage.schema.model import Field, Table
    from readouts.loaders import Corpus

Row = list[Any]


@dataclass(frozen=True)
class Case:
    """A table, and the files that hold it."""

    schema: dict[str, Any]
    rows: list[list[str]]
    resource: dict[str, Any]
    files: dict[str, bytes]
    null: str | None


def cell_text(cell: str, dialect: dict[str, Any]) -> str:
    """Write a cell in quotes, as a dialect wants it."""
    quote: str = dialect.get("quoteChar", '"')
    escape: str | None = dialect.get("escapeChar")
    if escape is not None:
        return quote + cell.replace(escape, escape * 2).replace(quote, escape + quote) + quote
    return quote + cell.replace(quote, quote * 2) + quote


def csv_text(records: list[list[str]], dialect: dict[str, Any]) -> str:
    """Write records as a dialect wants them."""
    end = dialect.get("lineTerminator", "\n")
    delimiter = dialect.get("delimiter", ",") + (" " if dialect.get("skipInitialSpace") else "")
    return "".join(delimiter.join(cell_text(cell, dialect) for cell in record) + end for record in records)


@st.composite
def dialects(draw: DrawFn) -> dict[str, Any]:
    """Generate dialects whose characters mean one thing each."""
    dialect: dict[str, Any] = {}
    if draw(st.booleans()):
        dialect["delimiter"] = draw(st.sampled_from([";", "\t", "|", "::"]))
    if draw(st.booleans()):
        dialect["quoteChar"] = draw(st.sampled_from(["'", "^"]))
    if draw(st.booleans()):
        dialect |= {"escapeChar": "~", "doubleQuote": False}
    if draw(st.booleans()):
        dialect["lineTerminator"] = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    dialect |= draw(st.sampled_from([{}, {"commentChar": "#"}, {"commentRows": [2]}, {"skipInitialSpace": True}]))
    return dialect


def kept(field: Field, table: Table, cell: str) -> bool:
    """Tell whether a cell of a field has a value or is missing."""
    return cell in table.missing(field.name) or value_of(field, cell)[1] is None


@st.composite
def tables(draw: DrawFn) -> tuple[dict[str, Any], list[list[str]]]:
    """Generate the schema of a table with fields of every type and format, and its rows: all good, or any."""
    fields = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3))
    fields = [{**field, "name": f"c{place}"} for place, field in enumerate(fields)]
    schema: dict[str, Any] = {"fields": fields}
    marks = draw(st.sampled_from([None, ["", "NA"], ["-99"], []]))
    if marks is not None:
        schema["missingValues"] = marks
    if draw(st.booleans()):
        fields[0]["missingValues"] = ["x", "1"]
    table = read_schema("t", schema)[0]
    good = draw(st.booleans())
    columns = []
    for written, field in zip(fields, table.fields, strict=True):
        samples = FORMATTED.get(written.get("format", ""), CELLS[written["type"]])
        # One bad cell refuses the table: most tables have good ones only.
        chosen = [cell for cell in samples if kept(field, table, cell)] if good else samples
        marked = [cell for cell in ("", "NA", "-99", "x") if not good or kept(field, table, cell)]
        columns.append(
            st.sampled_from([*chosen, *marked]) if good else st.one_of(st.sampled_from(samples), near(written))
        )
    rows = draw(st.lists(st.tuples(*columns), max_size=4))
    return schema, [list(row) for row in rows]


JSON = ("json", "jsonl", "inline")
LAID_OUT = ("csv", "csv", "csv", "gz", "zip", "parts", "inline csv")


@st.composite
def cases(draw: DrawFn) -> Case:
    """Generate a table in a file of any form."""
    schema, rows = draw(tables())
    form = draw(st.sampled_from([*LAID_OUT, *JSON]))
    resource: dict[str, Any] = {"name": "t", "type": "table", "schema": schema}
    return in_json(schema, rows, resource, form) if form in JSON else draw(in_csv(schema, rows, resource, form))


def in_json(schema: dict[str, Any], rows: list[list[str]], resource: dict[str, Any], form: str) -> Case:
    """Write a table as objects of texts."""
    labels = [field["name"] for field in schema["fields"]]
    # Without a row there would be no columns.
    rows = rows or [["" for _ in labels]]
    objects = [dict(zip(labels, row, strict=True)) for row in rows]
    if form == "inline":
        return Case(schema, rows, {**resource, "data": objects}, {}, None)
    text = json.dumps(objects) if form == "json" else "".join(json.dumps(row) + "\n" for row in objects)
    return Case(schema, rows, {**resource, "path": f"t.{form}"}, {f"t.{form}": text.encode()}, None)


@st.composite
def in_csv(draw: DrawFn, schema: dict[str, Any], rows: list[list[str]], resource: dict[str, Any], form: str) -> Case:
    """Write a table as text in some dialect, encoding and compression, in one file, several or the descriptor."""
    labels = [field["name"] for field in schema["fields"]]
    dialect = draw(dialects())
    # What ends lines, or makes the reader turn it into what does, can't be in cells.
    breaks = "\r\n" if dialect.get("lineTerminator") == "\r" else "\r"
    rows = [["".join(" " if each in breaks else each for each in cell) for cell in row] for row in rows]
    header = draw(st.sampled_from(["one", "none", "two"]))
    head = {"one": [labels], "none": [], "two": [[label[0] for label in labels], [label[1:] for label in labels]]}
    begin, end = csv_text(head[header], dialect), dialect.get("lineTerminator", "\n")
    if "commentRows" in dialect:
        dialect["commentRows"] = [len(head[header]) + 1]
        begin += csv_text([["left out" for _ in labels]], dialect)
    if "commentChar" in dialect:
        begin += f"# left out{end}"
    null = draw(st.sampled_from([None, None, "apple", "true"]))
    headers: dict[str, dict[str, Any]] = {"none": {"header": False}, "two": {"headerRows": [1, 2], "headerJoin": ""}}
    shown = {**dialect, **headers.get(header, {})} | ({} if null is None else {"nullSequence": null})
    resource = {**resource, "dialect": shown} if shown else resource
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-8-sig"]))
    body = csv_text(rows, dialect)
    if form == "inline csv":
        return Case(schema, rows, {**resource, "format": "csv", "data": begin + body}, {}, null)
    if form == "parts":
        half = len(rows) // 2
        texts = [begin + csv_text(rows[:half], dialect), csv_text(rows[half:], dialect)]
        files = {f"{number}.csv": text.encode() for number, text in enumerate(texts)}
        return Case(schema, rows, {**resource, "path": list(files)}, files, null)
    data = (begin + body).encode(encoding)
    files = {"t.csv": data}
    if form == "gz":
        files = {"t.csv.gz": gzip.compress(data)}
    if form == "zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("t.csv", data)
        files = {"t.csv.zip": stream.getvalue()}
    return Case(schema, rows, {**resource, "path": next(iter(files)), "encoding": encoding}, files, null)


def value_of(field: Field, cell: str) -> tuple[Any, str | None]:
    """Return the value of a cell by the authority, and why it has none that tables in memory can hold."""
    try:
        value = field.read(cell)
        if kind_of(field) == "text":
            return cell, None
        if kind_of(field) == "list":
            if field.item_type in {"integer", "number", "boolean", "date"}:
                return list(map(plain, value)), None
            return cell.split(field.delimiter), None
        return plain(value), None
    except Mismatch as mismatch:
        return None, f"expected {mismatch}"
    except TooWideError as wide:
        return None, str(wide)


def expected(case: Case) -> tuple[list[Row] | None, str | None]:
    """Return the rows as the authority reads them, or the reason of the first cell, column by column, that it can't."""
    table = read_schema("t", case.schema)[0]
    columns: list[Row] = []
    for place, field in enumerate(table.fields):
        missing = {*table.missing(field.name), *([] if case.null is None else [case.null])}
        column: Row = []
        for row in case.rows:
            if row[place] in missing:
                column.append([] if field.type == "list" else None)
                continue
            value, reason = value_of(field, row[place])
            if reason is not None:
                return None, reason
            column.append(value)
        columns.append(column)
    return [list(row) for row in zip(*columns, strict=True)], None


def same(value: Any) -> Any:
    """Return a value in one form, whatever library it comes from; a number that is none has a name."""
    if isinstance(value, float) and math.isnan(value):
        return "not a number"
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, list):
        return [same(item) for item in value]
    return value


def by_pandas(corpus: Corpus) -> list[Row]:
    frame = corpus.table("t")
    columns = []
    for name in frame.columns:
        column = frame[name]
        is_date = str(column.dtype) == "datetime64[s]"
        is_number = str(column.dtype) == "Float64"
        missing = column.array._mask if is_number else column.isna()
        values = column.array._data.tolist() if is_number else column.tolist()
        if str(column.dtype) == "Int64":
            values = [None if value is pd.NA else int(value) for value in values]
        columns.append(
            [
                None if gone and not isinstance(value, list) else value.date() if is_date else same(value)
                for gone, value in zip(missing, values, strict=True)
            ]
        )
    return [list(row) for row in zip(*columns, strict=True)]


def by_polars(corpus: Corpus) -> list[Row]:
    return [list(map(same, row)) for row in corpus.to_polars("t").rows()]


def by_arrow(corpus: Corpus) -> list[Row]:
    return [list(map(same, row.values())) for row in corpus.to_arrow("t").to_pylist()]


def by_duckdb(corpus: Corpus) -> list[Row]:
    with corpus.duckdb() as connection:
        rows = connection.execute('SELECT * FROM "t" ORDER BY rowid').fetchall()
    return [
        [same(value.replace(tzinfo=dt.UTC) if isinstance(value, dt.datetime) else value) for value in row]
        for row in rows
    ]


def by_rows(corpus: Corpus) -> list[Row]:
    return [list(map(same, row.values())) for row in corpus.rows("t")]


LOADERS = [by_pandas, by_polars, by_arrow, by_duckdb, by_rows]


def result(load: Callable[[Corpus], list[Row]], corpus: Corpus) -> list[Row] | str:
    """Return the rows of a loader, or the message with which it refuses."""
    try:
        return load(corpus)
    except PackageError as error:
        return str(error)


def held(case: Case, folder: Path) -> None:
    """Hold every loader to the authority."""
    rows, reason = expected(case)
    corpus = readouts.open(write_package_of(folder, {**case.files}, [case.resource]))
    found = [result(load, corpus) for load in LOADERS]
    if rows is None:
        assert isinstance(found[0], str)
        assert reason is not None
        assert reason in found[0]
        assert set(map(str, found)) == {found[0]}
    else:
        for load, each in zip(LOADERS, found, strict=True):
            assert each == [list(map(same, row)) for row in rows], load.__name__


@settings(max_examples=examples(400))
@given(cases())
def test_every_library_gives_what_the_authority_reads_or_all_refuse_alike(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        held(case, Path(folder))
