"""Tables, fields, constraints and keys, as Table Schema v2 has them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import SchemaError
from readouts.datapackage.json_schema_text import JsonSchema, place_in
from readouts.datapackage.schema.types import TYPES, Mismatch, year_text
from readouts.datapackage.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Category", "Constraints", "Field", "ForeignKey", "Table"]

TRUE_VALUES = ("true", "True", "TRUE", "1")
_MOST_KNOWN, _LONGEST_KNOWN = 20_000, 100
FALSE_VALUES = ("false", "False", "FALSE", "0")


@dataclass(frozen=True, slots=True)
class Category:
    """One value of an enumerated field, and what it means."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a value of a field must satisfy, in the terms of Table Schema; bounds and enum as the schema writes them."""

    required: bool = False
    unique: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: Any = None
    maximum: Any = None
    exclusive_minimum: Any = None
    exclusive_maximum: Any = None
    pattern: str | None = None
    enum: tuple[Any, ...] | None = None
    json_schema: dict[str, Any] | None = None

    @property
    def bounds(self) -> tuple[Any, Any, Any, Any]:
        """The four bounds, None where there is none."""
        return self.minimum, self.maximum, self.exclusive_minimum, self.exclusive_maximum


@dataclass(frozen=True)
class Field:
    """One column of a table.

    Attributes
    ----------
    missing_values
        Texts that stand for a missing value in this column; None where the table's hold.
    canonical
        Whether a value may be written in one way only, as in canonical form: `7` and never `007`, `true`
        and never `1`, no empty items in a list.
    """

    name: str
    title: str = ""
    description: str = ""
    type: str = "any"
    example: Any = None
    format: str = "default"
    delimiter: str = ","
    item_type: str | None = None
    decimal_char: str = "."
    group_char: str = ""
    bare_number: bool = True
    true_values: tuple[str, ...] = TRUE_VALUES
    false_values: tuple[str, ...] = FALSE_VALUES
    missing_values: tuple[str, ...] | None = None
    constraints: Constraints = field(default_factory=Constraints)
    categories: tuple[Category, ...] = ()
    canonical: bool = False

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return None if self.constraints.pattern is None else re.compile(self.constraints.pattern)

    @cached_property
    def item(self) -> Field:
        """The field that one item of a list would be."""
        return replace(self, type=self.item_type or "string", format="default", constraints=Constraints())

    @cached_property
    def _read(self) -> Callable[[Field, str], Any]:
        return TYPES[self.type].read

    def read(self, text: str) -> Any:
        """Return the value of a cell that is not missing.

        Raises
        ------
        Mismatch
            The text is not a value of the field's type; the message says what was expected.

        Examples
        --------
        >>> Field("shares", type="number", group_char=",").read("1,234.50")
        Decimal('1234.50')
        >>> Field("days", type="list", item_type="integer").read("1,2")
        [1, 2]
        """
        return self._read(self, text)

    def value(self, written: Any) -> Any:
        """Return the value of a bound or of an item of an enumeration, as a schema writes it.

        Raises
        ------
        Mismatch
            It is not a value of the field's type.
        """
        if self.type == "any" and not isinstance(written, str):
            return json.dumps(written)
        if isinstance(written, bool):
            if self.type != "boolean":
                raise Mismatch(f"a value of the type {self.type}")
            return written
        if isinstance(written, list | dict):
            if self.type in {"array", "object", "list", "geojson"}:
                return written
            # A point may be written in JSON; a list or object is a value of no other type.
            return self.read(json.dumps(written))
        if isinstance(written, float) and written.is_integer() and self.type == "integer":
            written = int(written)
        if self.type == "year" and isinstance(written, int):
            written = year_text(written)
        if isinstance(written, str):
            try:
                return replace(self, canonical=False).read(written)
            except Mismatch:
                if self.type not in {"integer", "number"}:
                    raise
        plain = replace(self, decimal_char=".", group_char="", bare_number=True, canonical=False)
        return plain.read(str(written))

    @cached_property
    def _enum(self) -> list[Any] | frozenset[Any] | None:
        if self.constraints.enum is None:
            return None
        values = [self.value(written) for written in self.constraints.enum]
        try:
            return frozenset(values) if values else values
        except TypeError:
            return values

    @cached_property
    def _bounds(self) -> tuple[Any, Any, Any, Any]:
        minimum, maximum, above, below = (
            None if bound is None else self.value(bound) for bound in self.constraints.bounds
        )
        return minimum, maximum, above, below

    @cached_property
    def json_schema(self) -> JsonSchema | None:
        """The field's `jsonSchema`, ready to check values; None without one. ValueError if it can't be used."""
        schema = self.constraints.json_schema
        return None if schema is None else JsonSchema(schema, _refuse)

    def problem(self, text: str, *, pattern: bool = True) -> tuple[str, str] | None:
        """Say what is wrong with `text` as a cell of this column.

        Parameters
        ----------
        text
            The cell as it is in the file; never one that stands for a missing value.
        pattern
            Whether the field's pattern is tried as well. Python's engine may take for ever on a pattern that its
            author doesn't vouch for.

        Returns
        -------
        tuple or None
            The code of the incident (`type-error`, `constraint-error` or `resource-limit`) and what was expected, or
            None for a good cell.

        Examples
        --------
        >>> Field("date", type="date").problem("2014-3-6")
        ('type-error', 'a date as YYYY-MM-DD')
        >>> Field("date", type="date").problem("2014-03-06") is None
        True
        >>> Field("depth", type="integer", constraints=Constraints(minimum=0)).problem("-1")
        ('constraint-error', 'at least 0')
        """
        known = self._known
        try:
            return known[text, pattern]
        except KeyError:
            found = self._problem(text, pattern=pattern)
        if len(known) < _MOST_KNOWN and len(text) < _LONGEST_KNOWN:
            known[text, pattern] = found
        return found

    @cached_property
    def _known(self) -> dict[tuple[str, bool], tuple[str, str] | None]:
        """Results for earlier values: the same come again and again."""
        return {}

    def _problem(self, text: str, *, pattern: bool) -> tuple[str, str] | None:
        try:
            value = self._read(self, text)
        except Mismatch as mismatch:
            return mismatch.code, str(mismatch)
        limits = self.constraints
        enum = self._enum
        if enum is not None and value not in enum:
            return "constraint-error", f"one of the values of its list. {self._nearest(text)}".rstrip()
        if pattern and self._pattern is not None and self._pattern.fullmatch(text) is None:
            return "constraint-error", f"a text of the form {limits.pattern}"
        if limits.min_length is not None and len(value) < limits.min_length:
            return "constraint-error", f"at least {limits.min_length} {self._unit}, not {len(value)}"
        if limits.max_length is not None and len(value) > limits.max_length:
            return "constraint-error", f"at most {limits.max_length} {self._unit}, not {len(value)}"
        expected = self._out_of_bounds(value)
        if expected is None and self.json_schema is not None:
            expected = _json_problem(self.json_schema, value)
        return None if expected is None else ("constraint-error", expected)

    @property
    def _unit(self) -> str:
        return {"string": "characters", "object": "properties"}.get(self.type, "items")

    def _nearest(self, text: str) -> str:
        written = [str(value) for value in self.constraints.enum or ()]
        return did_you_mean(text, written) if len(text) < 200 else ""

    def _out_of_bounds(self, value: Any) -> str | None:
        minimum, maximum, above, below = self._bounds
        limits = self.constraints
        if value != value:  # noqa: PLR0124 - NaN, which has no order
            return "a number within bounds" if any(bound is not None for bound in self._bounds) else None
        if minimum is not None and not value >= minimum:
            return f"at least {limits.minimum}"
        if maximum is not None and not value <= maximum:
            return f"at most {limits.maximum}"
        if above is not None and not value > above:
            return f"more than {limits.exclusive_minimum}"
        if below is not None and not value < below:
            return f"less than {limits.exclusive_maximum}"
        return None


def _json_problem(schema: JsonSchema, value: Any) -> str | None:
    path, message = next(schema.problems(value), ([], ""))
    where = f" at {place_in(path)}" if path else ""
    wanted = message.removeprefix("expected ").replace("; found ", ", not ", 1)
    return f"what its `jsonSchema` says{where}: {wanted}" if message else None


def _refuse(address: str) -> None:
    message = f"{address} lies outside the schema"
    raise SchemaError(message)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values must be a key of another table, or of the same one."""

    fields: tuple[str, ...]
    table: str
    target_fields: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table: its columns, keys and references, as its schema tells them.

    Attributes
    ----------
    missing_values
        Texts that stand for a missing value in every column that has none of its own.
    fields_match
        How the columns of a file are matched with the fields: `exact`, `equal`, `subset`, `superset` or `partial`.
    """

    name: str
    title: str = ""
    description: str = ""
    fields: tuple[Field, ...] = ()
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    derived: bool = False
    missing_values: tuple[str, ...] = ("",)
    fields_match: str = "exact"
    descriptor: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the file."""
        return tuple(column.name for column in self.fields)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {column.name: column for column in self.fields}

    @cached_property
    def unique_fields(self) -> tuple[str, ...]:
        """Columns in which no value may repeat."""
        return tuple(column.name for column in self.fields if column.constraints.unique)

    @cached_property
    def references(self) -> dict[str, str]:
        """The table that each single-column foreign key points to, by column."""
        return {key.fields[0]: key.table for key in self.foreign_keys if len(key.fields) == 1}

    def missing(self, name: str) -> tuple[str, ...]:
        """Return the texts that stand for a missing value in a column."""
        own = self.field(name).missing_values
        return self.missing_values if own is None else own

    def field(self, name: str) -> Field:
        """Return the column of that name.

        Raises
        ------
        SchemaError
            There is no such column; the message names the nearest one.
        """
        try:
            return self._by_name[name]
        except KeyError:
            message = f"The table {self.name} has no field '{name}'. {did_you_mean(name, self._by_name)}"
            raise SchemaError(message) from None
