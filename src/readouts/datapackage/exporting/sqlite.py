"""SQLite: one database with every table, its keys, indexes, and a full-text index of its prose."""

from __future__ import annotations

import json
import math
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.errors import ExportError
from readouts.datapackage.exporting.naming import distinct, file_stem
from readouts.datapackage.scripts import UNSPACED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset, TableSource
    from readouts.datapackage.schema.model import Field, ForeignKey

__all__ = ["SqlTable", "database_stem", "sql_tables", "write_sqlite"]

_SEARCHED = ("summary", "title", "name", "description", "aliases")
"""Fields whose words are searched, in whatever table they are."""
_LONGEST_SEARCHED = 12
"""Characters of a word that is found inside a run without spaces."""
_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "BOOLEAN", "date": "DATE", "datetime": "TIMESTAMP"}
_LONGEST_NAME = 200


@dataclass(frozen=True)
class SqlTable:
    """One table of the database.

    Attributes
    ----------
    name
        Its name there: SQLite takes two names that differ in case only for one.
    columns
        The name of each field's column.
    searched
        The columns in its full-text index, which is called `search`; none without one.
    references
        The foreign keys that the database holds: those that point to a key.
    """

    source: TableSource
    name: str
    columns: Mapping[str, str]
    searched: tuple[str, ...]
    search: str
    references: tuple[ForeignKey, ...]


def database_stem(dataset: Dataset) -> str:
    """Return the name of the database, which Datasette calls it by as well."""
    return file_stem(dataset.package.name)


def write_sqlite(dataset: Dataset, folder: Path) -> list[Path]:
    """Write the tables into a database; lists become JSON arrays, dates and times texts of ISO 8601.

    Raises
    ------
    ExportError
        A key or a reference doesn't hold, or SQLite refuses a table.
    """
    path = folder / f"{database_stem(dataset)}.sqlite"
    path.unlink(missing_ok=True)
    tables = sql_tables(dataset)
    with closing(sqlite3.connect(path)) as connection:
        # A page size and an encoding of its own would differ from one build of SQLite to another.
        connection.executescript("PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'; PRAGMA journal_mode = OFF;")
        try:
            with connection:
                for table in tables.values():
                    connection.execute(_create(table, tables))
                    places = ", ".join("?" * len(table.columns))
                    insert = f"INSERT INTO {quoted(table.name)} VALUES ({places})"  # noqa: S608 - quoted
                    connection.executemany(insert, (list(map(_value, row)) for row in table.source.rows()))
                    for statement in _indexes(table):
                        connection.execute(statement)
            _hold_references(connection, dataset)
            connection.create_function("searchable", 1, _searchable, deterministic=True)
            connection.executescript("".join(_search_indexes(tables.values())))
            # What the work has left in free pages would be in the file, and differ with it.
            connection.execute("VACUUM")
        except sqlite3.Error as error:
            message = (
                f"{dataset.package.root} can't be put into a database: {error}. "
                f"`readouts validate {dataset.package.root}` shows every violated key."
            )
            raise ExportError(message) from error
    return [path]


def sql_tables(dataset: Dataset) -> dict[str, SqlTable]:
    """Return how each table is called in the database, and what it has there."""
    named = distinct(dataset.tables, _sql_name, _LONGEST_NAME)
    # What a full-text index keeps are tables named after it.
    kept = [f"{name}_fts{ending}" for name in named.values() for ending in ("", "_data", "_idx", "_docsize", "_config")]
    taken = {name.casefold() for name in named.values()} & {name.casefold() for name in kept}
    tables = {}
    for name, source in dataset.tables.items():
        columns = distinct(source.schema.field_names, lambda text: text or "_", _LONGEST_NAME)
        # A column of that name hides the number of the row, by which an index of words finds it.
        free = not taken and "rowid" not in {column.casefold() for column in columns.values()}
        searched = tuple(columns[field.name] for field in source.fields if free and _is_searched(field))
        references = tuple(key for key in source.schema.foreign_keys if _points_to_key(dataset, key))
        tables[name] = SqlTable(source, named[name], columns, searched, f"{named[name]}_fts", references)
    return tables


def _sql_name(name: str) -> str:
    # SQLite keeps names that begin so to itself.
    return f"_{name}" if not name or name.casefold().startswith("sqlite_") else name


def _is_searched(field: Field) -> bool:
    return field.name in _SEARCHED and field.type in {"string", "list"} and not field.constraints.enum


def _points_to_key(dataset: Dataset, key: ForeignKey) -> bool:
    target = dataset.tables.get(key.table)
    if target is None:
        return False
    schema = target.schema
    keys = [schema.primary_key, *schema.unique_keys, *((name,) for name in schema.unique_fields)]
    return any({*known} == {*key.target_fields} for known in keys if known)


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(quoted, names))


def _create(table: SqlTable, tables: Mapping[str, SqlTable]) -> str:
    schema, columns = table.source.schema, table.columns
    lines = []
    for field in schema.fields:
        kind = _TYPES.get(table.source.kind(field), "TEXT")
        lines.append(f"{quoted(columns[field.name])} {kind}{' NOT NULL' if field.constraints.required else ''}")
    if schema.primary_key:
        lines.append(f"PRIMARY KEY ({_listed(columns[name] for name in schema.primary_key)})")
    unique = [*schema.unique_keys, *((name,) for name in schema.unique_fields)]
    lines += [
        f"UNIQUE ({_listed(columns[name] for name in key)})"
        for key in dict.fromkeys(unique)
        if key != schema.primary_key
    ]
    for key in table.references:
        target = tables[key.table]
        lines.append(
            f"FOREIGN KEY ({_listed(columns[name] for name in key.fields)}) REFERENCES {quoted(target.name)} "
            f"({_listed(target.columns[name] for name in key.target_fields)})"
        )
    return f"CREATE TABLE {quoted(table.name)} ({', '.join(lines)})"


def _value(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        # SQLite takes it for a missing value.
        return "NaN"
    if isinstance(value, list):
        return json.dumps([_value(item) for item in value], ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else value


def _indexes(table: SqlTable) -> Iterator[str]:
    """Yield the indexes that following a reference backwards needs."""
    for number, key in enumerate(table.references, 1):
        columns = [table.columns[name] for name in key.fields]
        if key.fields == table.source.schema.primary_key[: len(key.fields)]:
            continue
        yield f"CREATE INDEX {quoted(f'{table.name}_reference_{number}')} ON {quoted(table.name)} ({_listed(columns)})"


def _hold_references(connection: sqlite3.Connection, dataset: Dataset) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        table, row, target, _ = broken[0]
        message = (
            f"{dataset.package.root}: {len(broken):,} references have no target; the first is row {row} of {table}, "
            f"which names no row of {target}. `readouts validate {dataset.package.root}` shows every place."
        )
        raise ExportError(message)


def _search_indexes(tables: Iterable[SqlTable]) -> Iterator[str]:
    for table in tables:
        if table.searched:
            search = quoted(table.search)
            content = table.name.replace("'", "''")
            options = f"content='{content}', tokenize='unicode61 remove_diacritics 2'"
            columns, texts = (
                _listed(table.searched),
                ", ".join(f"searchable({quoted(name)})" for name in table.searched),
            )
            yield f"CREATE VIRTUAL TABLE {search} USING fts5({columns}, {options});"
            yield f"INSERT INTO {search} (rowid, {columns}) SELECT rowid, {texts} FROM {quoted(table.name)};"  # noqa: S608
            yield f"INSERT INTO {search} ({search}) VALUES ('optimize');"  # noqa: S608 - quoted


def _searchable(text: str | None) -> str | None:
    """Return a text for an index of words, and after it whatever could be a word in its runs without spaces."""
    # SQLite takes such a run for one word, and only what was asked for as a whole would be found in it.
    if text is None or not (runs := UNSPACED.findall(text)):
        return text
    return " ".join([text, *dict.fromkeys(part for run in runs for part in _parts_of(run) if part != run)])


def _parts_of(run: str) -> Iterator[str]:
    for start in range(len(run)):
        for end in range(start + 1, min(start + _LONGEST_SEARCHED, len(run)) + 1):
            yield run[start:end]
