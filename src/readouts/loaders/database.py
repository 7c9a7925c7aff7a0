"""All tables in a DuckDB database in memory, with their types and keys."""

from __future__ import annotations

import json
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from readouts.datapackage.errors import PackageError
from readouts.datapackage.optional import requires_extra
from readouts.loaders.columns import read_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from readouts.datapackage.package.package import DataPackage
    from readouts.datapackage.schema.model import ForeignKey, Table
    from readouts.loaders.columns import Column

__all__ = ["database"]

_INCOMING = '"readouts: incoming"'
"""The rows that are to be put in; no table has a name like this."""
_TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}


def database(package: DataPackage) -> duckdb.DuckDBPyConnection:
    """Return a connection to a new database in memory that holds every table of a package.

    They are tables, since a view has no keys. Rows are put in after those that they refer to, so the database holds
    every primary, unique and foreign key, and every required field.

    Raises
    ------
    MissingDependencyError
        DuckDB is not installed.
    PackageError
        A table is not what its schema says: a value, a key or a reference is wrong.
    """
    with requires_extra("duckdb()", "duckdb"):
        import duckdb

    connection = duckdb.connect(":memory:")
    for table in _order(package):
        try:
            columns = read_columns(package, table.name)
            connection.execute(_create(table, columns))
            _fill(connection, table, columns)
        except (duckdb.Error, PackageError) as error:
            connection.close()
            if isinstance(error, PackageError):
                raise
            raise package.resource(table.name).misfit(str(error).partition("\n")[0]) from error
    return connection


def _order(package: DataPackage) -> list[Table]:
    """Return the tables, each after those that it refers to, otherwise in the descriptor's order."""
    tables = {name: resource.table for name, resource in package.resources.items() if resource.table is not None}
    unknown = {key.table for table in tables.values() for key in table.foreign_keys} - set(tables)
    if unknown:
        message = f"{package.root} has references to tables that it lacks: {', '.join(sorted(unknown))}."
        raise PackageError(message)
    held = {name: replace(table, foreign_keys=tuple(_kept(table, tables))) for name, table in tables.items()}
    graph = {name: {key.table for key in table.foreign_keys} - {name} for name, table in held.items()}
    sorter = TopologicalSorter(graph)
    ordered: list[Table] = []
    try:
        sorter.prepare()
    except CycleError as error:
        message = f"Tables of {package.root} refer to each other in a circle: {' -> '.join(error.args[1])}."
        raise PackageError(message) from error
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=list(graph).index)
        ordered += [held[name] for name in ready]
        sorter.done(*ready)
    return ordered


def _kept(table: Table, tables: Mapping[str, Table]) -> Iterator[ForeignKey]:
    """Yield the references that a database can hold: those to a key of the other table."""
    for key in table.foreign_keys:
        target = tables[key.table]
        keys = [target.primary_key, *target.unique_keys, *((name,) for name in target.unique_fields)]
        if key.target_fields in keys:
            yield key


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(_name, names))


def _type(column: Column) -> str:
    if column.kind == "closed":
        return f"ENUM({', '.join(map(_text, column.closed_list))})"
    return f"{_TYPES[column.item_kind]}[]" if column.kind == "list" else _TYPES[column.kind]


def _create(table: Table, columns: Sequence[Column]) -> str:
    lines = [
        f"{_name(column.name)} {_type(column)}{' NOT NULL' if column.required or column.kind == 'list' else ''}"
        for column in columns
    ]
    if table.primary_key:
        lines.append(f"PRIMARY KEY ({_listed(table.primary_key)})")
    lines += [f"UNIQUE ({_listed(key)})" for key in table.unique_keys]
    lines += [f"UNIQUE ({_name(name)})" for name in table.unique_fields if table.primary_key != (name,)]
    lines += [
        f"FOREIGN KEY ({_listed(key.fields)}) REFERENCES {_name(key.table)} ({_listed(key.target_fields)})"
        for key in table.foreign_keys
    ]
    return f"CREATE TABLE {_name(table.name)} ({', '.join(lines)})"


def _read(column: Column) -> str:
    name = _name(column.name)
    if column.kind == "list":
        return f"CAST(from_json({name}, '[\"VARCHAR\"]') AS {_type(column)})"
    return name if column.kind == "text" else f"CAST({name} AS {_type(column)})"


def _incoming(column: Column) -> list[str | None]:
    """Return the values of a column as texts that the database casts to its type."""
    if column.kind == "list":
        return [json.dumps([str(item) for item in value]) for value in column.values]
    if column.kind == "datetime":
        return [None if value is None else value.replace(tzinfo=None).isoformat(" ") for value in column.values]
    return [None if value is None else str(value) for value in column.values]


def _fill(connection: duckdb.DuckDBPyConnection, table: Table, columns: Sequence[Column]) -> None:
    import pandas as pd

    texts = {column.name: pd.Series(_incoming(column), dtype=object) for column in columns}
    connection.register(_INCOMING.strip('"'), pd.DataFrame(texts).astype("string"))
    read = f"SELECT {', '.join(map(_read, columns))} FROM {_INCOMING} AS incoming"  # noqa: S608 - quoted
    own = [key for key in table.foreign_keys if key.table == table.name]
    if not own:
        connection.execute(f"INSERT INTO {_name(table.name)} {read}")
    else:
        _fill_by_generations(connection, table.name, read, own)
    connection.unregister(_INCOMING.strip('"'))


def _fill_by_generations(
    connection: duckdb.DuckDBPyConnection, table: str, read: str, own: Sequence[ForeignKey]
) -> None:
    """Put in rows that refer to rows of the same table: a row can come only after the one that it refers to."""
    absent = _matched(table, [(name, name) for name in own[0].target_fields])
    ready = [
        f"({' OR '.join(f'{_name(name)} IS NULL' for name in key.fields)} OR "
        f"{_matched(table, list(zip(key.fields, key.target_fields, strict=True)))})"
        for key in own
    ]
    (total,) = connection.execute(f"SELECT count(*) FROM {_INCOMING}").fetchone() or (0,)  # noqa: S608 - ours
    done = 0
    while done < total:
        (count,) = connection.execute(
            f"INSERT INTO {_name(table)} {read} WHERE NOT {absent} AND {' AND '.join(ready)}"
        ).fetchone() or (0,)
        if not count:
            # The remaining tables refer to nothing, or in a circle: the database says which, in its own words.
            connection.execute(f"INSERT INTO {_name(table)} {read} WHERE NOT {absent}")
            return
        done += count


def _matched(table: str, pairs: Sequence[tuple[str, str]]) -> str:
    same = " AND ".join(f"there.{_name(target)} = incoming.{_name(name)}" for name, target in pairs)
    return f"EXISTS (SELECT 1 FROM {_name(table)} there WHERE {same})"  # noqa: S608 - quoted
