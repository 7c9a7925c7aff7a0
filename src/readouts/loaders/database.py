"""All tables in a DuckDB database in memory, with their types and keys."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import PackageError
from readouts.datapackage.optional import requires_extra
from readouts.loaders.columns import columns_of, misfit
from readouts.loaders.pandas_frames import text_frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from readouts.datapackage.package.package import Package
    from readouts.loaders.columns import Column

__all__ = ["database"]

_INCOMING = '"readouts: incoming"'
"""The rows that are to be put in; no table has a name like this."""
_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}


def database(package: Package) -> duckdb.DuckDBPyConnection:
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
        schema = package.resource(table)["schema"]
        columns = columns_of(package, table)
        try:
            connection.execute(_create(table, schema, columns))
            _fill(connection, package, table, columns)
        except duckdb.Error as error:
            connection.close()
            raise misfit(package, table, str(error).partition("\n")[0]) from error
    return connection


def _order(package: Package) -> list[str]:
    """Return the tables, each after those that it refers to, otherwise in the descriptor's order."""
    graph = {}
    for table, resource in package.resources.items():
        keys = resource.get("schema", {}).get("foreignKeys", ())
        graph[table] = {_target(key, table) for key in keys} - {table}
    unknown = {target for targets in graph.values() for target in targets} - set(graph)
    if unknown:
        message = f"{package.root} has references to tables that it lacks: {', '.join(sorted(unknown))}."
        raise PackageError(message)
    sorter = TopologicalSorter(graph)
    ordered: list[str] = []
    try:
        sorter.prepare()
    except CycleError as error:
        message = f"Tables of {package.root} refer to each other in a circle: {' -> '.join(error.args[1])}."
        raise PackageError(message) from error
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=list(graph).index)
        ordered += ready
        sorter.done(*ready)
    return ordered


def _target(key: dict[str, Any], table: str) -> str:
    # A reference without a resource is one to the table's own rows.
    return str(key["reference"].get("resource") or table)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _names(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _listed(names: str | Sequence[str]) -> str:
    return ", ".join(map(_name, _names(names)))


def _type(column: Column) -> str:
    if column.kind == "closed":
        return f"ENUM({', '.join(map(_text, column.values))})"
    return "VARCHAR[]" if column.kind == "list" else _TYPES[column.kind]


def _create(table: str, schema: dict[str, Any], columns: Sequence[Column]) -> str:
    lines = [
        f"{_name(column.name)} {_type(column)}{' NOT NULL' if column.required or column.kind == 'list' else ''}"
        for column in columns
    ]
    if schema.get("primaryKey"):
        lines.append(f"PRIMARY KEY ({_listed(schema['primaryKey'])})")
    lines += [f"UNIQUE ({_listed(key)})" for key in schema.get("uniqueKeys", ())]
    lines += [
        f"UNIQUE ({_name(field['name'])})"
        for field in schema["fields"]
        if field.get("constraints", {}).get("unique") and _names(schema.get("primaryKey", ())) != [field["name"]]
    ]
    lines += [
        f"FOREIGN KEY ({_listed(key['fields'])}) REFERENCES {_name(_target(key, table))} "
        f"({_listed(key['reference']['fields'])})"
        for key in schema.get("foreignKeys", ())
    ]
    return f"CREATE TABLE {_name(table)} ({', '.join(lines)})"


def _read(column: Column) -> str:
    name = _name(column.name)
    if column.kind == "list":
        return f"coalesce(string_split({name}, {_text(column.delimiter)}), [])"
    return name if column.kind == "string" else f"CAST({name} AS {_type(column)})"


def _fill(connection: duckdb.DuckDBPyConnection, package: Package, table: str, columns: Sequence[Column]) -> None:
    frame = text_frame(package, table)
    connection.register(_INCOMING.strip('"'), frame)
    read = f"SELECT {', '.join(map(_read, columns))} FROM {_INCOMING} AS incoming"  # noqa: S608 - quoted
    own = [key for key in package.resource(table)["schema"].get("foreignKeys", ()) if _target(key, table) == table]
    if not own:
        connection.execute(f"INSERT INTO {_name(table)} {read}")
    else:
        _fill_by_generations(connection, table, read, own)
    connection.unregister(_INCOMING.strip('"'))


def _fill_by_generations(
    connection: duckdb.DuckDBPyConnection, table: str, read: str, own: Sequence[dict[str, Any]]
) -> None:
    """Put in rows that refer to rows of the same table: a row can come only after the one that it refers to."""
    key = own[0]["reference"]["fields"]
    absent = _matched(table, [(name, name) for name in _names(key)])
    ready = [
        f"({' OR '.join(f'{_name(name)} IS NULL' for name in _names(each['fields']))} OR "
        + _matched(table, list(zip(_names(each["fields"]), _names(each["reference"]["fields"]), strict=True)))
        + ")"
        for each in own
    ]
    (total,) = connection.execute(f"SELECT count(*) FROM {_INCOMING}").fetchone() or (0,)  # noqa: S608 - ours
    done = 0
    while done < total:
        (count,) = connection.execute(
            f"INSERT INTO {_name(table)} {read} WHERE NOT {absent} AND {' AND '.join(ready)}"
        ).fetchone() or (0,)
        if not count:
            # What is left refers to nothing, or in a circle: the database says which, in its own words.
            connection.execute(f"INSERT INTO {_name(table)} {read} WHERE NOT {absent}")
            return
        done += count


def _matched(table: str, pairs: Sequence[tuple[str, str]]) -> str:
    same = " AND ".join(f"there.{_name(target)} = incoming.{_name(name)}" for name, target in pairs)
    return f"EXISTS (SELECT 1 FROM {_name(table)} there WHERE {same})"  # noqa: S608 - quoted
