"""The codebook of the package, `data/README.md`: every table, column and value, from the schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.annotations.corpus import Corpus
    from readouts.datapackage.schema.model import Field, Table

__all__ = ["codebook"]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _limits(table: Table, field: Field) -> str:
    """Describe what a value of a column must be."""
    limits = field.constraints
    said = []
    if field.name in table.primary_key:
        said.append("key" if len(table.primary_key) == 1 else "part of the key")
    if field.name in table.references:
        said.append(f"refers to `{table.references[field.name]}`")
    said.append("required" if limits.required else "may be empty")
    if limits.unique:
        said.append("never twice")
    if field.type == "list":
        said.append(f"items separated by `{field.delimiter}`")
    if limits.enum is not None:
        said.append("one of the values below")
    if limits.minimum is not None:
        said.append(f"at least {limits.minimum}")
    if limits.maximum is not None:
        said.append(f"at most {limits.maximum}")
    if limits.max_length is not None:
        said.append(f"at most {limits.max_length} characters")
    if limits.pattern is not None and limits.enum is None:
        said.append(f"form `{limits.pattern}`")
    return ", ".join(said)


def _table(table: Table, rows: int) -> Iterator[str]:
    yield f"## {table.name}"
    yield ""
    yield f"{table.description} {counted(rows, 'row')}."
    yield ""
    key = ", ".join(f"`{name}`" for name in table.primary_key)
    yield f"Key: {key}."
    for unique in table.unique_keys:
        yield f"Unique: {', '.join(f'`{name}`' for name in unique)}."
    yield ""
    yield "| column | type | what it is | a value is | example |"
    yield "|---|---|---|---|---|"
    for field in table.fields:
        example = str(field.example).lower() if isinstance(field.example, bool) else str(field.example)
        parts = (f"`{field.name}`", field.type, field.description, _limits(table, field), f"`{example}`")
        yield f"| {' | '.join(map(_cell, parts))} |"
    yield ""
    for field in table.fields:
        if field.categories:
            yield f"### Values of `{table.name}.{field.name}`"
            yield ""
            yield "| value | meaning |"
            yield "|---|---|"
            for category in field.categories:
                yield f"| `{category.value}` | {_cell(category.label)} |"
            yield ""


def codebook(corpus: Corpus, tables: Sequence[Table], rows: Mapping[str, int]) -> str:
    """Return the codebook as Markdown.

    Parameters
    ----------
    corpus
        What `corpus.yaml` says.
    tables
        The schemas, in the order of the package.
    rows
        Number of rows of each table.
    """
    lines = [
        f"# Codebook of {corpus.name} {corpus.version}",
        "",
        corpus.description,
        "",
        "The tables are CSV files in UTF-8, with a header, comma as delimiter, and `\\n` as line end. An empty cell is",
        "a missing value. Positions are Unicode code points from 0, and the end of a span is not part of it.",
        "`../datapackage.json` says the same for programs. This page is generated from the schemas: don't edit it.",
        "",
        "| table | rows |",
        "|---|---:|",
        *(f"| [{table.name}](#{table.name}) | {rows[table.name]:,} |" for table in tables),
        "",
    ]
    for table in tables:
        lines += _table(table, rows[table.name])
    return "\n".join(lines).rstrip("\n") + "\n"
