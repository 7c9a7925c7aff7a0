"""The same tables in pandas, Polars, Arrow, DuckDB and plain Python: equal contents, and right types."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import readouts
from readouts.corpus_schema.tables import tables
from readouts.datapackage.errors import PackageError
from readouts.datapackage.optional import OPTIONAL
from readouts.datapackage.package.package import open_package
from tests.packages import write_package_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.loaders import Corpus

Rows = list[dict[str, Any]]


@pytest.fixture
def invented(invented_package: Path) -> Corpus:
    return readouts.open(invented_package)


@pytest.fixture(scope="module")
def corpora(invented_package: Path) -> dict[str, Corpus]:
    """The corpora whose values are compared; opened once, and not to be changed."""
    return {"invented": readouts.open(invented_package), "published": readouts.load()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return value
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def from_pandas(corpus: Corpus, table: str) -> Rows:
    frame = corpus.table(table)
    rows = [{name: _plain(frame[name].iloc[place]) for name in frame.columns} for place in range(len(frame))]
    booleans = [name for name in frame.columns if str(frame[name].dtype) == "boolean"]
    return [{**row, **{name: bool(row[name]) for name in booleans if row[name] is not None}} for row in rows]


def from_polars(corpus: Corpus, table: str) -> Rows:
    return corpus.to_polars(table).to_dicts()


def from_arrow(corpus: Corpus, table: str) -> Rows:
    rows: Rows = corpus.to_arrow(table).to_pylist()
    return rows


@cache
def database(corpus: Corpus) -> duckdb.DuckDBPyConnection:
    """All tables of a corpus, loaded once."""
    return corpus.duckdb()


def from_duckdb(corpus: Corpus, table: str) -> Rows:
    found = database(corpus).execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    key = tables()[table].primary_key
    return sorted(rows, key=lambda row: [str(row[name]) for name in key])


READERS: dict[str, Callable[[Corpus, str], Rows]] = {
    "pandas": from_pandas,
    "polars": from_polars,
    "arrow": from_arrow,
    "duckdb": from_duckdb,
}


@pytest.mark.parametrize("library", READERS)
@pytest.mark.parametrize("table", tables())
@pytest.mark.parametrize("corpus", ["invented", "published"])
def test_every_library_has_the_values_of_the_rows(
    corpora: dict[str, Corpus], library: str, table: str, corpus: str
) -> None:
    opened = corpora[corpus]
    expected: Rows = list(opened.rows(table))
    assert READERS[library](opened, table) == expected


def test_the_rows_that_are_compared_have_every_kind_of_value(invented: Corpus) -> None:
    cells = [value for table in invented.tables for row in invented.rows(table) for value in row.values()]
    assert {type(cell) for cell in cells} == {str, int, bool, date, list, type(None)}
    assert [] in cells
    assert any(isinstance(cell, list) and len(cell) > 1 for cell in cells)


@pytest.mark.parametrize("table", tables())
def test_types_are_those_of_the_schema(corpora: dict[str, Corpus], table: str) -> None:
    frame, arrow = corpora["invented"].to_polars(table), corpora["invented"].to_arrow(table)
    connection = database(corpora["invented"])
    described = {row[0]: row[1] for row in connection.execute(f'DESCRIBE "{table}"').fetchall()}
    plain = {
        "string": (pl.String(), pa.string(), "VARCHAR"),
        "integer": (pl.Int64(), pa.int64(), "BIGINT"),
        "boolean": (pl.Boolean(), pa.bool_(), "BOOLEAN"),
        "date": (pl.Date(), pa.date32(), "DATE"),
        "list": (pl.List(pl.String()), pa.list_(pa.string()), "VARCHAR[]"),
    }
    for field in tables()[table].fields:
        values = field.constraints.enum
        found = frame.schema[field.name], arrow.schema.field(field.name).type, described[field.name]
        if values is None:
            assert found == plain[field.type], field.name
        else:
            assert found[0] == pl.Enum(values)
            assert pa.types.is_dictionary(found[1])
            assert arrow[field.name].chunk(0).dictionary.to_pylist() == list(values)
            assert found[2] == "ENUM(" + ", ".join(f"'{value}'" for value in values) + ")"
        assert arrow.schema.field(field.name).nullable is not field.constraints.required
        assert arrow.schema.field(field.name).metadata[b"description"].decode() == field.description


def test_an_empty_table_has_its_types_in_every_library(invented_package: Path, tmp_path: Path) -> None:
    corpus = readouts.open(_changed(invented_package, tmp_path / "copy", "id_changes", lambda text: text[:1]))
    assert corpus.to_polars("id_changes").schema["operation"] == pl.Enum(corpus.id_changes["operation"].cat.categories)
    arrow = corpus.to_arrow("id_changes")
    assert arrow.num_rows == 0
    assert pa.types.is_dictionary(arrow.schema.field("operation").type)
    assert corpus.duckdb().execute("SELECT * FROM id_changes").fetchall() == []


def test_one_table_is_read_without_the_others(invented_package: Path, tmp_path: Path) -> None:
    shutil.copytree(invented_package, tmp_path / "copy")
    corpus = readouts.open(tmp_path / "copy")
    frames, arrows = corpus.to_polars(), corpus.to_arrow()
    for path in (tmp_path / "copy" / "data").glob("*.csv"):
        if path.stem != "events":
            path.unlink()
    assert set(frames) == set(arrows) == set(corpus.tables)
    assert "statements" in frames
    assert len(frames["events"]) == arrows["events"].num_rows == len(corpus.rows("events")) == 2
    for read in (lambda: frames["statements"], lambda: arrows["statements"], lambda: corpus.rows("statements")):
        with pytest.raises(PackageError, match=r"statements\.csv"):
            read()
    (tmp_path / "copy" / "data" / "events.csv").unlink()
    assert frames["events"] is frames["events"]


def test_a_table_that_is_not_there_is_answered_with_the_nearest(invented: Corpus) -> None:
    for read in (invented.to_polars, invented.to_arrow, invented.rows, invented.codebook):
        with pytest.raises(PackageError, match="Did you mean 'statements'"):
            read("statement")
    with pytest.raises(KeyError, match="Did you mean 'statements'"):
        _ = invented.to_polars()["statement"]


def test_duckdb_has_every_key(invented: Corpus) -> None:
    connection = invented.duckdb()
    found: dict[str, set[tuple[Any, ...]]] = {}
    for kind, table, columns, target, theirs in connection.execute(
        "SELECT constraint_type, table_name, constraint_column_names, referenced_table, referenced_column_names "
        "FROM duckdb_constraints()"
    ).fetchall():
        found.setdefault(kind, set()).add((table, tuple(columns), target, tuple(theirs or ())))
    schemas = tables().values()
    assert {key[:2] for key in found["PRIMARY KEY"]} == {(table.name, table.primary_key) for table in schemas}
    assert found["FOREIGN KEY"] == {
        (table.name, key.fields, key.table, key.target_fields) for table in schemas for key in table.foreign_keys
    }
    unique = {(table.name, key) for table in schemas for key in table.unique_keys}
    unique |= {(table.name, (field.name,)) for table in schemas for field in table.fields if field.constraints.unique}
    assert {key[:2] for key in found["UNIQUE"]} == unique
    with pytest.raises(duckdb.ConstraintException):
        connection.execute("INSERT INTO participants VALUES ('no-event', 'nobody', 'host', 'a')")


def test_duckdb_joins_across_tables(invented: Corpus) -> None:
    query = (
        "SELECT e.name, count(*) FROM statements s JOIN entities e ON e.entity_id = s.speaker_id "
        "WHERE s.act IN ('say', 'deny') GROUP BY ALL ORDER BY ALL"
    )
    frame = invented.statements[invented.statements["act"].isin(["say", "deny"])]
    names = invented.entities.set_index("entity_id")["name"]
    counted = frame["speaker_id"].dropna().map(names).value_counts()
    assert dict(invented.duckdb().execute(query).fetchall()) == counted.to_dict()


@pytest.mark.parametrize("library", ["polars", "arrow", "duckdb"])
@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("events", ",call,", ",chat,"),
        ("events", "2031-05-01,day", "2031-13-01,day"),
        ("carriages", ",true,", ",yes,"),
        ("attributions", ",0,0,", ",0,0.5,"),
        ("events", "event_id,kind", "event_id,sort"),
    ],
)
def test_a_table_that_is_not_what_its_schema_says_is_refused(
    invented_package: Path, tmp_path: Path, *, library: str, table: str, old: str, new: str
) -> None:
    def change(lines: list[str]) -> list[str]:
        changed = "".join(lines).replace(old, new, 1)
        assert changed != "".join(lines)
        return [changed]

    corpus = readouts.open(_changed(invented_package, tmp_path / "copy", table, change))
    with pytest.raises(
        PackageError, match=rf"The table '{table}' of .* is not what its schema says.*readouts validate"
    ):
        READERS[library](corpus, table)
    with pytest.raises(PackageError, match=rf"The table '{table}' of .* is not what its schema says"):
        corpus.rows(table)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("statements", "parent_statement_id", "nothing.s99"), ("participants", "entity_id", "nobody")],
)
def test_duckdb_refuses_a_reference_to_nothing(
    invented_package: Path, tmp_path: Path, table: str, column: str, value: str
) -> None:
    name = [field.name for field in tables()[table].fields].index(column)

    def change(lines: list[str]) -> list[str]:
        cells = lines[1].rstrip("\n").split(",")
        cells[name] = value
        return [lines[0], ",".join(cells) + "\n", *lines[2:]]

    corpus = readouts.open(_changed(invented_package, tmp_path / "copy", table, change))
    with pytest.raises(PackageError, match=f"The table '{table}' .*{value}"):
        corpus.duckdb()


def test_duckdb_refuses_parents_that_lead_in_a_circle(invented_package: Path, tmp_path: Path) -> None:
    place = tables()["statements"].field_names.index("parent_statement_id")

    def change(lines: list[str]) -> list[str]:
        rows = [line.rstrip("\n").split(",") for line in lines[1:3]]
        rows[0][place], rows[1][place] = rows[1][0], rows[0][0]
        return [lines[0], *(",".join(row) + "\n" for row in rows), *lines[3:]]

    corpus = readouts.open(_changed(invented_package, tmp_path / "copy", "statements", change))
    with pytest.raises(PackageError, match="The table 'statements'"):
        corpus.duckdb()


@pytest.mark.parametrize(
    ("module", "question", "extra", "name"),
    [
        ("polars", "corpus.to_polars('events')", "polars", "to_polars"),
        ("pyarrow", "corpus.to_arrow('events')", "arrow", "to_arrow"),
        ("duckdb", "corpus.duckdb()", "duckdb", "duckdb"),
        ("networkx", "corpus.graph()", "graph", "graph"),
        ("polars", "corpus.changes(corpus)", "toolkit", "changes"),
        ("polars", "readouts.validate(corpus.package)", "toolkit", "validate"),
        ("polars", "readouts.canonicalise(corpus.package, 'made')", "toolkit", "canonicalise"),
    ],
)
def test_what_is_missing_is_named_with_the_extra_that_brings_it(
    module: str, question: str, extra: str, name: str
) -> None:
    code = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "import readouts\n"
        "corpus = readouts.load()\n"
        f"try: {question}\n"
        "except readouts.MissingDependencyError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == (
        f"{name}() needs {OPTIONAL[module][0]}, which is not installed. Run: pip install 'readouts[{extra}]'"
    )


def test_pandas_does_without_arrow() -> None:
    code = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "import readouts\n"
        "corpus = readouts.load()\n"
        "print(len(corpus.statements), corpus.duckdb().execute('SELECT count(*) FROM statements').fetchone()[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    count = len(readouts.load().rows("statements"))
    assert done.stdout.split() == [str(count), str(count)]


def _changed(package: Path, target: Path, table: str, change: Callable[[list[str]], list[str]]) -> Path:
    """Copy a package with the lines of one table changed, and no hashes to tell."""
    shutil.copytree(package, target)
    path = target / "data" / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(change(lines)), encoding="utf-8", newline="")
    descriptor = json.loads((target / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        resource.pop("hash", None)
    (target / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    assert open_package(target).resources
    return target


@pytest.mark.parametrize("text", ['a\n""\nx\n', "a\n  \nq\n\t\n", f"a\n{'x' * 3_000_000}\ny\n"])
def test_every_library_reads_every_row_of_a_table_of_one_column(tmp_path: Path, text: str) -> None:
    resource = {"name": "lakes", "path": "lakes.csv", "schema": {"fields": [{"name": "a", "type": "string"}]}}
    corpus = readouts.open(write_package_of(tmp_path, {"lakes.csv": text}, [resource]))
    expected = [None if line == '""' else line for line in text.splitlines()[1:]]
    cells = corpus.table("lakes")["a"]
    assert [None if absent else cell for cell, absent in zip(cells, cells.isna(), strict=True)] == expected
    assert corpus.to_polars("lakes")["a"].to_list() == expected
    assert corpus.to_arrow("lakes")["a"].to_pylist() == expected
