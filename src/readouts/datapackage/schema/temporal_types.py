"""The types of Table Schema that are about time: dates, times, years, months and durations."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from readouts.datapackage.schema.duration import DURATION, Duration, read_duration
from readouts.datapackage.schema.type_definition import BOUNDS, Mismatch, TooLarge, Type, matched

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.datapackage.schema.model import Field

__all__ = ["TEMPORAL_TYPES", "strptime_pattern", "year_text"]

_DAY = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LONG_YEAR = f"(?:{_YEAR}|[1-9][0-9]{{4,8}})"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_MIDNIGHT = re.compile(r"T24:00:00(?=$|\.0*(?:$|Z|[+-])|Z|[+-])")
"""The end of a day, as XML Schema may write it."""
_ZONE = "(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_NUMBERS = "%[GHIMSUVWYdfjmuwy]"
_DIRECTIVE = re.compile(rf"((?<={_NUMBERS}){_NUMBERS}|{_NUMBERS}(?={_NUMBERS}))|%(.)|\s+", re.DOTALL)
"""A directive of strptime among numbers that nothing separates, any other directive, or blanks."""
_IN_FULL = {
    "c": "%a %b %d %H:%M:%S %Y", "x": "%m/%d/%y", "X": "%H:%M:%S", "D": "%m/%d/%y", "F": "%Y-%m-%d", "R": "%H:%M",
    "T": "%H:%M:%S", "e": "%d", "h": "%b", "n": " ", "t": " ",
}  # fmt: skip
"""Directives of C that stand for others, in the locale of C."""
_ANY_SPELLING = {"f": "[0-9]+", "z": "(?:Z|[+-][0-9:.]+)", "Z": "(?:UTC|GMT)"}
"""Directives that no other one could contradict. Other names of zones would depend on the machine's."""


def strptime_pattern(form: str) -> str:
    """Return a pattern of strptime with each directive of C that Python lacks written out.

    Examples
    --------
    >>> strptime_pattern("%F %R")
    '%Y-%m-%d %H:%M'
    """
    return _DIRECTIVE.sub(lambda found: _IN_FULL.get(found[2] or "", found[0]), form)


def _by_pattern(field: Field, text: str, what: str) -> datetime:
    form = strptime_pattern(field.format)
    mismatch = Mismatch(f"{what} in the form {field.format}")
    if not text.isascii():
        raise Mismatch(f"{mismatch}, in ASCII digits")
    try:
        value = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the pattern's
    except (ValueError, re.error):
        raise mismatch from None
    # strptime turns day 366 of a short year into a day of the next one, and believes every name of a weekday.
    literal = re.sub(r"([^\s\w%])", r"\\\1", form)
    spelled = _DIRECTIVE.sub(lambda found: _spelling(value, found), literal)
    if re.fullmatch(spelled, text, re.ASCII | re.IGNORECASE) is None:
        raise mismatch
    return value


def _spelling(value: datetime, found: re.Match[str]) -> str:
    """Return the pattern of what may stand for a directive, or for blanks, where this is the value."""
    directive = found[0].removeprefix("%")
    if found[1] is None and found[2] is None:
        return r"\s+"
    if directive in _ANY_SPELLING:
        return _ANY_SPELLING[directive]
    written = value.strftime(found[0])
    # A zero that leads a number may be left out, as in C, where something else separates it from other numbers.
    return f"[ 0]*{int(written)}" if written.isdigit() and found[1] is None else re.escape(written)


def _any_form(text: str, what: str) -> datetime:
    from dateutil import parser

    try:
        # A text without a zone has none; one with a name for it has the same everywhere, not this machine's.
        value = parser.parse(text, default=datetime(2000, 1, 1), tzinfos=lambda _name, offset: offset)  # noqa: DTZ001
        # A zone of a day or more is only refused once it is asked for.
        value.utcoffset()
    except (ValueError, OverflowError, TypeError):
        raise Mismatch(f"{what} in some common form") from None
    return value


def _date(field: Field, text: str) -> date:
    if field.format == "any":
        return _any_form(text, "a date").date()
    if field.format != "default":
        return _by_pattern(field, text, "a date of the calendar").date()
    if not matched("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Mismatch("a date as YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Mismatch("a day that exists in the calendar") from None


def _zoned(value: Any) -> Any:
    """Return a time or datetime that can be compared with every other; one without a zone counts as UTC."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _time(field: Field, text: str) -> time:
    if field.format == "any":
        return time.fromisoformat(_any_form(text, "a time").time().isoformat()).replace(tzinfo=UTC)
    if field.format != "default":
        return _zoned(_by_pattern(field, text, "a time").timetz())  # type: ignore[no-any-return]
    if not matched(_TIME, text):
        raise Mismatch("a time as hh:mm:ss")
    return _zoned(time.fromisoformat(text))  # type: ignore[no-any-return]


def _datetime(field: Field, text: str) -> datetime:
    if field.format == "any":
        return _zoned(_any_form(text, "a date with its time"))  # type: ignore[no-any-return]
    if field.format != "default":
        return _zoned(_by_pattern(field, text, "a date of the calendar with its time"))  # type: ignore[no-any-return]
    rest = rf"-[0-9]{{2}}-[0-9]{{2}}T(?:{_TIME}(?:\.[0-9]+)?|24:00:00(?:\.0+)?){_ZONE}?"
    if not matched(f"[0-9]{{4}}{rest}", text):
        if matched(f"-?{_LONG_YEAR}{rest}", text):
            raise TooLarge("a moment from the year 1 to 9999")
        raise Mismatch("a date with its time as YYYY-MM-DDThh:mm:ss, with or without a zone such as Z or +02:00")
    try:
        # Python holds six digits of a fraction.
        short = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", _MIDNIGHT.sub("T00:00:00", text))
        value: datetime = _zoned(datetime.fromisoformat(short))
        return value + timedelta(days=1) if _MIDNIGHT.search(text) else value
    except OverflowError:
        raise TooLarge("a moment from the year 1 to 9999") from None
    except ValueError:
        raise Mismatch("a day that exists in the calendar") from None


def _datetime_surely(field: Field) -> str | None:
    if field.format != "default":
        return None
    bounds = [str(bound) for bound in field.constraints.bounds if bound is not None]
    if bounds and not all(matched(f"{_YEAR}-{_DAY}T{_TIME}Z", bound) for bound in bounds):
        return None
    return f"{_YEAR}-{_DAY}T{_TIME}Z" if bounds else f"{_YEAR}-{_DAY}T{_TIME}{_ZONE}?"


def _year(_field: Field, text: str) -> int:
    found = re.fullmatch(f"(-?{_LONG_YEAR}){_ZONE}?", text, re.ASCII)
    if found is None:
        raise Mismatch("a year such as 2014 or -0044, in four digits or more; no calendar has a year 0000")
    return int(found[1])


def year_text(year: int) -> str:
    """Return a year as a cell has it.

    Examples
    --------
    >>> year_text(900), year_text(-44)
    ('0900', '-0044')
    """
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _yearmonth(_field: Field, text: str) -> tuple[int, int]:
    found = re.fullmatch(f"(-?{_LONG_YEAR})-(0[1-9]|1[0-2]){_ZONE}?", text, re.ASCII)
    if found is None:
        raise Mismatch("a month as YYYY-MM")
    return int(found[1]), int(found[2])


def _duration(_field: Field, text: str) -> Duration:
    value = read_duration(text)
    if value is None:
        raise Mismatch("a duration such as P1Y2M10DT2H30M")
    return value


def _by_default(pattern: str) -> Callable[[Field], str | None]:
    """Return a `surely` that holds for the default format."""
    return lambda field: pattern if field.format == "default" else None


TEMPORAL_TYPES: dict[str, Type] = {
    "date": Type(
        _date, _by_default(f"{_YEAR}-{_DAY}"), ("default", "any"), patterns=True, constraints=BOUNDS, ordered=True
    ),
    "time": Type(_time, _by_default(_TIME), ("default", "any"), patterns=True, constraints=BOUNDS, ordered=True),
    "datetime": Type(_datetime, _datetime_surely, ("default", "any"), patterns=True, constraints=BOUNDS, ordered=True),
    "year": Type(_year, _by_default(_YEAR), constraints=BOUNDS, ordered=True),
    "yearmonth": Type(_yearmonth, _by_default(f"{_YEAR}-(?:0[1-9]|1[0-2])"), constraints=BOUNDS, ordered=True),
    "duration": Type(_duration, _by_default(DURATION), constraints=BOUNDS),
}
