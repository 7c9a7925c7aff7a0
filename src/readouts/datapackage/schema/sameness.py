"""When two texts are one value: the one form that all texts of a value have in common."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import TYPE_CHECKING, Any

from readouts.datapackage.schema.types import Mismatch, year_text

if TYPE_CHECKING:
    from readouts.datapackage.schema.model import Field

__all__ = ["form_of", "same_text", "within"]

_LONGEST_ZEROS = 400
_MOST_DIGITS = 100_000
"""Digits up to which a difference of two numbers is computed."""
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


def same_text(field: Field, text: str) -> str:
    """Return a text that is the same for texts of the same value; one of no value stays as it is.

    Examples
    --------
    >>> from readouts.datapackage.schema.model import Field
    >>> same_text(Field("depth", type="number"), "1.50"), same_text(Field("code"), "007")
    ('1.5', '007')
    """
    try:
        value = field.read(text)
    except Mismatch:
        return text
    return form_of(field, value)


def within(one: Decimal, other: Decimal, most: Decimal) -> bool:
    """Return whether two numbers differ by at most as much, exactly: nothing is rounded.

    Examples
    --------
    >>> within(Decimal("0.3"), Decimal("0.1"), Decimal("0.2")), within(Decimal("0.3"), Decimal("0.1"), Decimal("0.19"))
    (True, False)
    """
    numbers = one, other, most
    if one == other or not (one.is_finite() and other.is_finite()):
        return one == other
    places = max(number.adjusted() for number in numbers) - min(int(number.as_tuple().exponent) for number in numbers)
    return places <= _MOST_DIGITS and _EXACT.subtract(one, other).copy_abs() <= most


def form_of(field: Field, value: Any) -> str:
    """Return the text that all texts of a value have in common, which `Field.read` has read from one of them.

    Examples
    --------
    >>> from decimal import Decimal
    >>> from readouts.datapackage.schema.model import Field
    >>> form_of(Field("depth", type="number"), Decimal("1.50"))
    '1.5'
    """
    if field.type == "year":
        return year_text(value)
    if field.type == "yearmonth":
        return f"{year_text(value[0])}-{value[1]:02}"
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
    short = _EXACT.normalize(value)
    if not short:
        return "0"
    power = int(short.as_tuple().exponent)
    # In full where it is not longer than it may be; the digits of an exponent are not part of it.
    return format(short, "f") if abs(power) <= _LONGEST_ZEROS else f"{short.scaleb(-power, _EXACT):f}e{power}"
