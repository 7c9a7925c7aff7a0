"""When two texts are one value: the one form that all texts of a value have in common."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from readouts.schema.types import Mismatch

if TYPE_CHECKING:
    from readouts.schema.model import Field

__all__ = ["same_text"]

_LONGEST_ZEROS = 400


def same_text(field: Field, text: str) -> str:
    """Return a text that is the same for texts of the same value; one of no value stays as it is.

    Examples
    --------
    >>> from readouts.schema import Field
    >>> same_text(Field("depth", type="number"), "1.50"), same_text(Field("code"), "007")
    ('1.5', '007')
    """
    try:
        value = field.read(text)
    except Mismatch:
        return text
    if field.type == "year":
        return f"{value:04}"
    if field.type == "yearmonth":
        return f"{value[0]:04}-{value[1]:02}"
    # A text is its own form; within a list or object it is put in quotes.
    return value if isinstance(value, str) else _normal(value)


def _normal(value: Any) -> str:
    """Return a text that equal values have in common."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        try:
            return value.astimezone(UTC).isoformat()
        except OverflowError:
            return value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return _digits(Decimal(value))
    if isinstance(value, str):
        # A part of a list or object: in quotes, which keep parts apart, and without what no column can hold.
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_normal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(name)}: {_normal(value[name])}' for name in sorted(value))}}}"
    return str(value)


def _digits(value: Decimal) -> str:
    """Return a number in one form, exactly: neither rounded to a precision nor longer than it was written."""
    if not value.is_finite():
        return str(value)
    sign, digits, exponent = value.as_tuple()
    kept = "".join(map(str, digits)).lstrip("0")
    short = kept.rstrip("0")
    if not short:
        return "0"
    power = int(exponent) + len(kept) - len(short)
    minus = "-" if sign else ""
    if abs(power) > _LONGEST_ZEROS:
        return f"{minus}{short}e{power}"
    return minus + format(Decimal((0, tuple(map(int, short)), power)), "f")
