"""dbt: the tables of a package as sources, with the tests that dbt has for what their schemas say.

https://docs.getdbt.com/reference/source-properties
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from readouts.datapackage.exporting.mapping import Facts, Mapped, as_written, header
from readouts.datapackage.exporting.metadata import metadata_of
from readouts.datapackage.exporting.naming import distinct
from readouts.datapackage.optional import requires_extra
from readouts.datapackage.table.values import kind_of

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.exporting.source import Dataset, TableSource
    from readouts.datapackage.schema.model import Field, ForeignKey

__all__ = ["dbt_sources", "write_dbt"]

_LONGEST_NAME = 100
_UNSAFE = re.compile(r"[\"`\\\[\]{}\x00-\x1f\x7f]")
"""Characters with which a name would be more than a name in the SQL or the templates of dbt, which escapes none."""
_BREAKS_SQL = re.compile(r"['\\\x00-\x1f]")
_TYPES = {
    "text": "varchar",
    "integer": "bigint",
    "number": "numeric",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp",
}
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_WORDS = (
    "all analyse analyze and any array as asc asymmetric authorization between binary both by case cast check "
    "collate collation column concurrently constraint create cross current current_catalog current_date "
    "current_role current_schema current_time current_timestamp current_user default deferrable desc distinct do "
    "else end except exists extract false fetch for foreign freeze from full grant group grouping groups hash "
    "having if ignore ilike in initially inner intersect interval into is isnull join lateral leading left like "
    "limit localtime localtimestamp merge natural new not notnull null nulls of offset on only or order outer "
    "over overlaps partition placing primary proto qualify range recursive references respect returning right "
    "rollup rows select session_user set similar some start struct symmetric table tablesample then to trailing "
    "treat true trigger unbounded union unique unnest update user using values variadic verbose when where window "
    "with within"
)
_RESERVED = frozenset(_WORDS.split())
"""Names that PostgreSQL, DuckDB, Snowflake or BigQuery take for words of SQL unless they are quoted."""


def write_dbt(dataset: Dataset, folder: Path) -> list[Path]:
    """Write the sources and their tests."""
    with requires_extra("The format dbt", "formats"):
        import yaml
    mapped = dbt_sources(dataset)
    path = folder / "dbt" / "schema.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = header(mapped.lost) + yaml.safe_dump(mapped.document, sort_keys=False, allow_unicode=True, width=100)
    path.write_text(text, encoding="utf-8", newline="\n")
    return [path]


def dbt_sources(dataset: Dataset) -> Mapped:
    """Return the sources with their tests; what these don't test is in `meta`, under `not_mapped`.

    Examples
    --------
    >>> from readouts.datapackage.exporting.source import dataset_of
    >>> from readouts.datapackage.package.package import open_package
    >>> from readouts.datapackage.sample import sample_package
    >>> made = dbt_sources(dataset_of(open_package(sample_package())))
    >>> made.document["sources"][0]["tables"][0]["columns"][1]["data_tests"]
    ['not_null', 'unique']
    """
    mapped, about = Mapped(), metadata_of(dataset.package.descriptor)
    source = _identifier(about.name)
    names = distinct(dataset.tables, _identifier, _LONGEST_NAME)
    tables = [_table(mapped, table, source, names) for table in dataset.tables.values()]
    made: dict[str, Any] = {"name": source, "description": _plain(about.description or about.title), "schema": source}
    meta: dict[str, Any] = {"version": about.version} if about.version else {}
    if mapped.lost:
        meta["not_mapped"] = [_plain(each) for each in mapped.lost]
    made |= {"config": {"meta": meta}} if meta else {}
    mapped.document = {"version": 2, "sources": [{**made, "tables": tables}]}
    return mapped


def _identifier(name: str) -> str:
    found = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
    return found if re.match(r"[A-Za-z]", found) else f"_{found}"


def _is_quoted(name: str) -> bool:
    return not _PLAIN.fullmatch(name) or name in _RESERVED


def _plain(text: str) -> str:
    """Return a text that dbt, which renders it as a template, gives back as it is."""
    return re.sub(r"\{(?=[{%#])", "{{ '{' }}", text)


def _table(mapped: Mapped, table: TableSource, source: str, names: dict[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {"name": names[table.name]}
    if _UNSAFE.search(table.name):
        mapped.lost.append(f"{table.name}: its name, which is {names[table.name]} here")
    elif names[table.name] != table.name:
        made["identifier"] = table.name
    if text := table.text["description"] or table.text["title"]:
        made["description"] = _plain(text)
    columns = {}
    for column in table.fields:
        if _UNSAFE.search(column.name):
            mapped.lost.append(f"{table.name}.{column.name}: the column, since dbt doesn't escape its name")
        else:
            columns[column.name] = _column(mapped, table, column)
    with mapped.of_table(table) as facts:
        if len(table.schema.primary_key) == 1 and table.schema.primary_key[0] in columns:
            tests = columns[facts.take("primaryKey")["primaryKey"][0]]["data_tests"]
            tests += ["unique"] * ("unique" not in tests)
        lost = []
        for key in facts.take("foreignKeys").get("foreignKeys", ()):
            safe = key.fields[0] in columns and not _UNSAFE.search(key.target_fields[0])
            if len(key.fields) == 1 and key.table in names and safe:
                columns[key.fields[0]].setdefault("data_tests", []).append(_relationship(key, source, names))
            else:
                lost.append(key)
        if lost:
            facts.facts["foreignKeys"] = lost
    return {**made, "columns": [*columns.values()]}


def _relationship(key: ForeignKey, source: str, names: dict[str, str]) -> dict[str, Any]:
    target = key.target_fields[0]
    field = f'"{target}"' if _is_quoted(target) else target
    return {"relationships": {"arguments": {"to": f"source('{source}', '{names[key.table]}')", "field": field}}}


def _column(mapped: Mapped, table: TableSource, column: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"name": column.name}
    if _is_quoted(column.name):
        made["quote"] = True
    if text := column.description or column.title:
        made["description"] = _plain(text)
    kind = kind_of(column)
    with mapped.of_field(table, column) as facts:
        if kind in _TYPES:
            made["data_type"] = "time" if column.type == "time" else _TYPES[kind]
        if kind == "list" or (kind == "text" and column.type not in {"string", "time", "any"}):
            mapped.lose(facts.place, "type", column.type)
        if kind != "text":
            # It says how a value is written in a cell.
            facts.take("format")
        tests = [{"required": "not_null", "unique": "unique"}[name] for name in facts.take("required", "unique")]
        tests += _accepted(column, facts)
    return made | ({"data_tests": tests} if tests else {})


def _accepted(column: Field, facts: Facts) -> list[Any]:
    """Return the test for a closed list, unless dbt would write its values into SQL that is broken."""
    values = [as_written(column, each) for each in column.constraints.enum or ()]
    if not values or any(isinstance(each, list | dict) or _BREAKS_SQL.search(str(each)) for each in values):
        return []
    facts.take("enum")
    quoted = kind_of(column) not in {"integer", "number", "boolean"}
    shown = [_plain(each) if isinstance(each, str) else each for each in values]
    return [{"accepted_values": {"arguments": {"values": shown} | ({} if quoted else {"quote": False})}}]
