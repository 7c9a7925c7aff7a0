"""What the columns of a table mean, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readouts.publish.site import address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.schema.model import Category, Constraints, Field, Table

__all__ = ["Entry", "column_anchor", "entries"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One column as text."""

    name: str
    anchor: str  # its place on the page
    description: str
    type: str
    limits: tuple[str, ...]  # what a value must be
    key: bool
    refers: str  # the table that it refers to
    example: str
    values: tuple[Category, ...]


def column_anchor(name: str) -> str:
    """Return the anchor of a column in the codebook.

    Examples
    --------
    >>> column_anchor("event_id")
    'column-event_id'
    """
    return f"column-{address.fragment(name)}"


def entries(table: Table) -> tuple[Entry, ...]:
    """Return the codebook of a table.

    Examples
    --------
    >>> from readouts.datapackage.schema.descriptor import read_schema
    >>> fields = [{"name": "lake_id", "type": "string", "constraints": {"required": True, "maxLength": 9}}]
    >>> entries(read_schema("lakes", {"fields": fields, "primaryKey": ["lake_id"]})[0])[0].limits
    ('required', 'at most 9 characters')
    """
    return tuple(
        Entry(
            field.name,
            column_anchor(field.name),
            field.description,
            f"{field.type} of {field.item_type}" if field.item_type else field.type,
            tuple(_limits(field)),
            field.name in table.primary_key,
            table.references.get(field.name, ""),
            _example(field.example),
            field.categories,
        )
        for field in table.fields
    )


def _limits(field: Field) -> Iterator[str]:
    limits: Constraints = field.constraints
    yield "required" if limits.required else "may be empty"
    if limits.unique:
        yield "never twice"
    if field.type == "list":
        yield f"items separated by {field.delimiter}"
    for bound, words in (
        (limits.minimum, "at least"),
        (limits.maximum, "at most"),
        (limits.exclusive_minimum, "more than"),
        (limits.exclusive_maximum, "less than"),
    ):
        if bound is not None:
            yield f"{words} {bound}"
    if limits.min_length is not None:
        yield f"at least {limits.min_length} character{'' if limits.min_length == 1 else 's'}"
    if limits.max_length is not None:
        yield f"at most {limits.max_length} characters"
    if limits.enum is not None:
        yield "one of the values listed here" if field.categories else f"one of {', '.join(map(str, limits.enum))}"
    elif limits.pattern is not None:
        yield f"of the form {limits.pattern}"


def _example(example: Any) -> str:
    if example is None:
        return ""
    return str(example).lower() if isinstance(example, bool) else str(example)
