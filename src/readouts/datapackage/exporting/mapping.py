"""What schemas say, fact by fact, for formats that have words for some of it: what they have none for is kept."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from readouts.datapackage.table.values import TooWideError, kind_of, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.exporting.source import TableSource
    from readouts.datapackage.schema.model import Field

__all__ = ["Facts", "Mapped", "as_written", "examples", "header", "portable_pattern"]

_NOT_ECMA = re.compile(r"\(\?[P#aiLmsux>(]|\\[AZzGhHQE]|\[\[:|[+*?}]\+")
_WHOLE = re.compile(r"\^[^|\\]*\$")
_LONGEST = 120


@dataclass
class Facts:
    """What a schema says about one table or field, by the names that Table Schema has for it."""

    place: str
    facts: dict[str, Any]

    def take(self, *names: str) -> dict[str, Any]:
        """Return those of these facts that there are: the format has words for them."""
        return {name: self.facts.pop(name) for name in names if name in self.facts}


@dataclass
class Mapped:
    """What became of a package in a format.

    Attributes
    ----------
    document
        The document, or one per table.
    lost
        What the format can't express: where, and what.
    """

    document: dict[str, Any] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    @contextmanager
    def of_field(self, table: TableSource, column: Field) -> Iterator[Facts]:
        """Give the facts of a field; those that nobody takes are lost."""
        limits = column.constraints
        facts = {
            "required": limits.required or column.name in table.schema.primary_key or None,
            "unique": limits.unique or None,
            "minLength": limits.min_length,
            "maxLength": limits.max_length,
            "minimum": limits.minimum,
            "maximum": limits.maximum,
            "exclusiveMinimum": limits.exclusive_minimum,
            "exclusiveMaximum": limits.exclusive_maximum,
            "pattern": limits.pattern,
            "enum": None if limits.enum is None else list(limits.enum),
            "jsonSchema": limits.json_schema,
            "format": None if column.format in {"default", "any"} else column.format,
        }
        with self._of(f"{table.name}.{column.name}", facts) as found:
            yield found

    @contextmanager
    def of_table(self, table: TableSource) -> Iterator[Facts]:
        """Give the facts of a table, which concern several of its rows; those that nobody takes are lost."""
        schema = table.schema
        facts = {
            "primaryKey": list(schema.primary_key) or None,
            "uniqueKeys": [list(key) for key in schema.unique_keys] or None,
            "foreignKeys": list(schema.foreign_keys) or None,
        }
        with self._of(table.name, facts) as found:
            yield found

    @contextmanager
    def _of(self, place: str, facts: dict[str, Any]) -> Iterator[Facts]:
        found = Facts(place, {name: value for name, value in facts.items() if value is not None})
        yield found
        for name, value in found.facts.items():
            self.lose(place, name, value)

    def lose(self, place: str, name: str, value: Any) -> None:
        """Note something that the format can't express."""
        if name == "foreignKeys":
            self.lost += [f"{place}: reference of {', '.join(key.fields)} to {key.table}" for key in value]
        elif name == "uniqueKeys":
            self.lost += [f"{place}: unique key {', '.join(key)}" for key in value]
        else:
            text = "" if value is True else f" {', '.join(map(str, value)) if isinstance(value, list) else value}"
            self.lost.append(f"{place}: {name}{text if len(text) <= _LONGEST else text[:_LONGEST] + '...'}")


def as_written(column: Field, written: Any) -> Any:
    """Return a bound, or an item of an enumeration, as JSON has the values of the field.

    Examples
    --------
    >>> from readouts.datapackage.schema.model import Field
    >>> as_written(Field("depth", type="integer"), "7"), as_written(Field("day", type="date"), "2031-05-01")
    (7, '2031-05-01')
    """
    if kind_of(column) == "text":
        return written if isinstance(written, list | dict) else str(written)
    value = column.value(written)
    return [_in_json(each) for each in value] if isinstance(value, list) else _in_json(value)


def _in_json(value: Any) -> Any:
    try:
        value = plain(value)
    except TooWideError:
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def examples(column: Field) -> list[Any]:
    """Return the example of a field as JSON has it; nothing without one, or where it isn't a value of the field."""
    try:
        return [] if column.example is None else [as_written(column, column.example)]
    except ValueError:
        return []


def portable_pattern(pattern: str) -> str | None:
    r"""Return a pattern as ECMA 262 has it, for a whole text; None if it uses what only some engines have.

    Examples
    --------
    >>> portable_pattern("[a-z]+|-"), portable_pattern("^[a-z]$"), portable_pattern(r"(?i)ok")
    ('^(?:[a-z]+|-)$', '^[a-z]$', None)
    """
    if _NOT_ECMA.search(pattern):
        return None
    return pattern if _WHOLE.fullmatch(pattern) else f"^(?:{pattern})$"


def header(lost: list[str]) -> str:
    """Return the lines of comment that a YAML file begins with: what the format can't express."""
    told = "".join(f"#   {' '.join(each.split())}\n" for each in lost)
    return f"# The schemas say this too, which the format can't express:\n{told}" if lost else ""
