"""Durations as XML Schema writes them: years and months on one side, days to seconds on the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["DURATION", "Duration", "read_duration"]

DURATION = "-?P(?:[0-9]{1,9}[YMD]|T[0-9]{1,9}[HMS])"
"""A pattern of durations of one part, which are the most common."""

_FORM = re.compile(
    r"(?P<sign>-?)P(?=[0-9T])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?"
    r"(?:(?P<days>[0-9]+)D)?(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?",
    re.ASCII,
)
_MONTH = Decimal(2629746)
"""Seconds of a twelfth of the mean Gregorian year, for putting durations in an order."""
_LONGEST = 1000


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A duration, in the order of its mean length.

    Attributes
    ----------
    length
        Mean length in seconds: a month counts as a twelfth of a mean Gregorian year.
    months, seconds
        Its two parts as XML Schema has them; neither can be converted into the other.
    """

    length: Decimal
    months: int
    seconds: Decimal


def read_duration(text: str) -> Duration | None:
    """Read a duration of XML Schema (https://www.w3.org/TR/xmlschema-2/#duration); weeks of ISO 8601 are none.

    Returns
    -------
    Duration or None
        None if the text is none.

    Examples
    --------
    >>> read_duration("P1Y2M").months
    14
    >>> read_duration("P1M") < read_duration("P31D")
    True
    >>> read_duration("1 month") is None
    True
    """
    found = _FORM.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    part = {name: Decimal(value or 0) for name, value in found.groupdict().items() if name != "sign"}
    sign = -1 if found["sign"] else 1
    months = sign * int(part["years"] * 12 + part["months"])
    seconds = sign * (((part["days"] * 24 + part["hours"]) * 60 + part["minutes"]) * 60 + part["seconds"])
    return Duration(months * _MONTH + seconds, months, seconds)
