"""The values of a table in the few types that every library and format of tables has."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from readouts.datapackage.schema.model import Field

__all__ = ["TooWideError", "item_kind_of", "kind_of", "plain"]

_KINDS = {
    "integer": "integer",
    "year": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "list": "list",
}
_ITEMS = frozenset(["integer", "number", "boolean", "date"])
_INTEGERS = range(-(2**63), 2**63)


class TooWideError(ValueError):
    """A value lies beyond the 64 bits that libraries and formats of tables have for it."""


def kind_of(field: Field) -> str:
    """Return the type that a field's values have everywhere; a value without a counterpart stays the text of its cell.

    Returns
    -------
    str
        `text`, `integer`, `number`, `boolean`, `date`, `datetime` or `list`.
    """
    return _KINDS.get(field.type, "text")


def item_kind_of(field: Field) -> str:
    """Return the type that the items of a list have: `text`, `integer`, `number`, `boolean` or `date`."""
    return field.item_type if field.item_type in _ITEMS else "text"


def plain(value: Any) -> Any:
    """Return a value as an integer or float of 64 bits, a truth value, a date, or a datetime in UTC.

    Raises
    ------
    TooWideError
        It doesn't fit.

    Examples
    --------
    >>> plain(Decimal("0.5")), plain(2**62) == 2**62
    (0.5, True)
    """
    if isinstance(value, int):
        if value in _INTEGERS:
            return value
    elif isinstance(value, Decimal):
        number = float(value)
        if math.isfinite(number) or not value.is_finite():
            return number
    elif isinstance(value, datetime):
        with suppress(OverflowError):
            # One zone in a column: texts of it sort as they should.
            return value.astimezone(UTC)
    else:
        return value
    text = f"'{str(value)[:80]}'"
    raise TooWideError(f"{text} doesn't fit into 64 bits. Declare the field as a string to keep such values as texts")
