"""The codebook: a page for each table, from its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.compile.compiler import table_names
from readouts.corpus_schema.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.schema.model import Field, Table

__all__ = ["codebook_index", "codebook_page", "codebook_pages"]

_HEAD = """\
# Codebook

The corpus is thirteen tables. Each is a CSV file in UTF-8 with a header, commas and `\\n` as line end; an empty cell is
a missing value. Positions count Unicode code points from 0, and the end of a span is not part of it. A *slug* is an id
that can be read: lower-case letters and digits, joined by `-`, `_` or `.`, at most 120 characters.

"""
_IDS = "^[a-z0-9]+([._-][a-z0-9]+)*$"


def codebook_pages() -> dict[str, str]:
    """Return all pages of the codebook by their name."""
    pages = {"index.md": codebook_index()}
    return pages | {f"{name}.md": codebook_page(tables()[name]) for name in table_names()}


def codebook_index() -> str:
    """Return the page that leads to those of the tables."""
    lines = [_HEAD.rstrip("\n"), "", "| table | one row is | key |", "|---|---|---|"]
    for name in table_names():
        table = tables()[name]
        sentence = table.description.partition(". ")[0].rstrip(".").removeprefix("One row is ")
        key = ", ".join(f"`{field}`" for field in table.primary_key)
        lines.append(f"| [{name}]({name}.md) | {_cell(sentence)} | {key} |")
    lines += [
        "",
        'In Python, `corpus.codebook("statements")` has the same as a frame. `datapackage.json` has it for programs.',
        "",
    ]
    return "\n".join(lines)


def codebook_page(table: Table) -> str:
    """Return the page of one table: its columns, their values, and what refers to it."""
    lines = [f"# {table.name}", "", table.description, ""]
    lines.append(f"Key: {_listed(table.primary_key)}.")
    lines += [f"Never twice together: {_listed(unique)}." for unique in table.unique_keys]
    referring = [name for name in table_names() if table.name in tables()[name].references.values()]
    if referring:
        lines += ["", "Referred to by " + ", ".join(f"[{name}]({name}.md)" for name in referring) + "."]
    lines += ["", "| column | type | what it is | a value is | example |", "|---|---|---|---|---|"]
    lines += [_row(table, field) for field in table.fields]
    lines.append("")
    for field in table.fields:
        if field.categories:
            lines += [f"## {field.name}", "", "| value | meaning |", "|---|---|"]
            lines += [f"| `{category.value}` | {_cell(category.label)} |" for category in field.categories]
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _row(table: Table, field: Field) -> str:
    # "True" is how Python writes it; the file has "true".
    example = str(field.example).lower() if isinstance(field.example, bool) else str(field.example)
    name = f"[`{field.name}`](#{field.name})" if field.categories else f"`{field.name}`"
    parts = (name, field.type, _cell(field.description), ", ".join(_limits(table, field)), f"`{_cell(example)}`")
    return f"| {' | '.join(parts)} |"


def _limits(table: Table, field: Field) -> Iterator[str]:
    limits = field.constraints
    if field.name in table.primary_key:
        yield "key" if len(table.primary_key) == 1 else "part of the key"
    if field.name in table.references:
        target = table.references[field.name]
        yield f"refers to [{target}]({target}.md)"
    yield "required" if limits.required else "may be empty"
    if limits.unique:
        yield "never twice"
    if field.type == "list":
        yield f"items separated by `{_cell(field.delimiter)}`"
    if limits.minimum is not None:
        yield f"at least {limits.minimum:,}"
    if limits.maximum is not None:
        yield f"at most {limits.maximum:,}"
    if limits.max_length is not None and limits.pattern != _IDS:
        yield f"at most {limits.max_length} characters"
    if limits.pattern == _IDS:
        yield "a slug"
    elif limits.pattern is not None and limits.enum is None:
        yield f"form `{_cell(limits.pattern)}`"
