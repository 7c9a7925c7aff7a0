"""The type of a column, from all of its cells: the narrowest that every one of them has, else string."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.datapackage.inference.inferred import DescribedField
from readouts.datapackage.schema.model import Field
from readouts.datapackage.schema.regex import whole
from readouts.datapackage.schema.types import TYPES
from readouts.datapackage.words import counted, listed, quoted, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MISSING", "Column", "typed", "typed_as"]

MISSING = ("NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL", "Null", "None", "none", "-", "--", ".", "?", "..")
"""Texts that stand for a missing value where all other cells of a column have a type."""
_SAMPLE = 200
_MOST_JUDGED = 1000
"""Different cells that no pattern vouches for, and that are read one by one."""
_START = 2**14
"""Cells that show at once that a column is not unique, or not of a type."""
_NEARLY = 0.9
_SHOWN = 40
_INTEGER = "-?(?:0|[1-9][0-9]*)"
_WHOLE = re.compile(_INTEGER)
_COMMA = "-?(?:0|[1-9][0-9]*),[0-9]+"


@dataclass(frozen=True)
class _Candidate:
    """A type that a column may have: its field, a pattern of cells that have it, and what it is called."""

    field: Field
    pattern: str
    called: str
    judged: bool = False

    @cached_property
    def matches(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.ASCII)

    def has(self, text: str) -> bool:
        """Return whether one cell is of the type."""
        return self.matches.fullmatch(text) is not None or (self.judged and self.field.problem(text) is None)


def _surely(kind: str, called: str, **properties: Any) -> _Candidate:
    field = Field("", type=kind, **properties)
    return _Candidate(field, TYPES[kind].surely(field) or "(?!)", called, judged=True)


_YEAR = _surely("year", "a year")
_CANDIDATES = (
    _Candidate(Field("", type="integer"), _INTEGER, "a whole number"),
    _Candidate(
        Field("", type="number"),
        r"-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
        "a number",
    ),
    _Candidate(Field("", type="boolean"), "true|false|True|False|TRUE|FALSE", "true or false"),
    _surely("date", "a date as YYYY-MM-DD"),
    _surely("datetime", "a date with its time in ISO 8601"),
    _surely("time", "a time as hh:mm:ss"),
    _surely("yearmonth", "a month as YYYY-MM"),
)
_COMMAS = _Candidate(
    Field("", type="number", decimal_char=","), f"{_COMMA}|{_INTEGER}", "a number with a decimal comma"
)
_D, _M, _Y = "(?:0[1-9]|[12][0-9]|3[01])", "(?:0[1-9]|1[0-2])", "[1-9][0-9]{3}"
_T = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_PATTERNS = (
    ("date", "%d.%m.%Y", rf"{_D}\.{_M}\.{_Y}"),
    ("date", "%Y/%m/%d", f"{_Y}/{_M}/{_D}"),
    ("date", "%d/%m/%Y", f"{_D}/{_M}/{_Y}"),
    ("date", "%m/%d/%Y", f"{_M}/{_D}/{_Y}"),
    ("datetime", "%Y-%m-%d %H:%M:%S", f"{_Y}-{_M}-{_D} {_T}:[0-5][0-9]"),
    ("datetime", "%Y-%m-%d %H:%M", f"{_Y}-{_M}-{_D} {_T}"),
    ("datetime", "%Y-%m-%d %H:%M:%S.%f", rf"{_Y}-{_M}-{_D} {_T}:[0-5][0-9]\.[0-9]{{1,6}}"),
)
_FORMS = tuple(
    _Candidate(Field("", type=kind, format=form), pattern, f"a {kind} in the form {form}")
    for kind, form, pattern in _PATTERNS
)
_BY_NAME = re.compile(r"(?:.*[_\s-])?(?:year|jahr|ann[eé]e|a[nñ]o|anno|год)", re.IGNORECASE)
_ISO = "%Y-%m-%d"
_DAY_FORM = len(_ISO)
_ZEROS = re.compile("-?0[0-9]+")


@dataclass(frozen=True)
class Column:
    """A column with the type that was inferred."""

    name: str
    cells: pl.Series  # that aren't missing
    described: DescribedField
    properties: dict[str, Any]  # of its field besides the name

    @property
    def type(self) -> str:
        """Its type."""
        return str(self.properties["type"])

    @cached_property
    def first(self) -> frozenset[str]:
        """Some of its values."""
        return frozenset(self.cells.head(_SAMPLE).to_list())

    @cached_property
    def distinct(self) -> pl.Series:
        """Its values, each once."""
        return self.cells.unique()

    @cached_property
    def unique(self) -> bool:
        """Whether it has a value in every row, and none twice."""
        if self.described.empty or len(self.first) < min(_SAMPLE, len(self.cells)):
            return False
        start = self.cells.head(_START)
        if start.n_unique() < len(start):
            return False
        if self.type == "integer":
            # Whole numbers are written in one way, and numbers are compared faster than texts.
            numbers = self.cells.cast(pl.Int64, strict=False)
            if not numbers.null_count():
                return numbers.n_unique() == len(numbers)
        return len(self.distinct) == len(self.cells)


def typed(name: str, cells: pl.Series, delimiter: str) -> Column:
    """Infer the type of a column.

    Parameters
    ----------
    name
        Its name.
    cells
        Its cells as texts; null where a row has none.
    delimiter
        What separates cells in its file: only another one leaves commas to decimals.

    Examples
    --------
    >>> column = typed("depth", pl.Series(["12", "", "n/a", "7"]), ",")
    >>> column.type, column.described.missing, column.described.reason
    ('integer', ('n/a',), "each of 2 values is a whole number, once 'n/a' counts as missing")
    >>> typed("code", pl.Series(["007", "12"]), ",").described.reason
    "whole numbers, but a leading zero as in '007' would be lost"
    """
    filled = cells.drop_nulls() if cells.null_count() else cells
    there = filled.str.len_bytes() > 0
    filled = filled if there.all() else filled.filter(there)
    best = _best(name, filled, delimiter)
    missing: tuple[str, ...] = ()
    kind, properties, reason = "string", _properties(Field("", type="string")), str(best)
    if not isinstance(best, str):
        candidate, missing = best
        field = candidate.field
        kind, properties = field.type, _properties(field)
        kind += f" ({field.format})" * (field.format != "default") + " (decimal comma)" * (field.decimal_char == ",")
        if missing:
            filled = filled.filter(~filled.is_in(list(missing)))
            properties["missingValues"] = ["", *missing]
        called = f"{candidate.called}, by its name" if candidate is _YEAR else candidate.called
        reason = f"the only value is {called}" if len(filled) == 1 else f"each of {len(filled):,} values is {called}"
        if missing:
            reason += (
                f", once {listed([*map(quoted, missing)])} {'counts' if len(missing) == 1 else 'count'} as missing"
            )
    return Column(name, filled, DescribedField(name, kind, reason, missing, len(cells) - len(filled)), properties)


def typed_as(column: Column, cells: pl.Series) -> Column:
    """Return some of a column's cells as a column of its type."""
    filled = cells.drop_nulls().filter(~cells.drop_nulls().is_in(["", *column.described.missing]))
    return replace(column, cells=filled, described=replace(column.described, empty=len(cells) - len(filled)))


def _properties(field: Field) -> dict[str, Any]:
    """Return what a descriptor says about the type of a field."""
    written = {"type": field.type, "format": field.format, "decimalChar": field.decimal_char}
    return {name: value for name, value in written.items() if value not in {"default", "."}}


def _best(name: str, cells: pl.Series, delimiter: str) -> tuple[_Candidate, tuple[str, ...]] | str:
    """Return the type of cells and which of them are missing; for texts, why they are texts."""
    if not len(cells):
        return "no values"
    some = [text for text in dict.fromkeys(cells.head(_SAMPLE)) if text not in MISSING]
    if not some:
        some = cells.filter(~cells.is_in(list(MISSING))).head(_SAMPLE).unique(maintain_order=True).to_list()
    if not some:
        return f"nothing but texts such as {quoted(cells[0])}, which may stand for missing values"
    nearly = ""
    for candidate in _candidates(name, some, delimiter):
        odd = _odd(candidate, cells)
        if odd is not None and all(text in MISSING for text in odd):
            return candidate, tuple(sorted(odd, key=MISSING.index))
        nearly = nearly or _nearly(candidate, cells, odd)
    forms = [(form, _odd(form, cells)) for form in _FORMS if _likely(form, some)]
    good = [(form, odd) for form, odd in forms if odd is not None and all(text in MISSING for text in odd)]
    if len(good) == 1:
        return good[0][0], tuple(sorted(good[0][1], key=MISSING.index))
    if good:
        either = " or ".join(form.field.format for form, _ in good)
        return f"dates, but nothing tells the day from the month: {either}"
    return nearly or _why_text(some)


def _likely(candidate: _Candidate, some: list[str]) -> bool:
    """Return whether most of some cells are of a type."""
    return sum(map(candidate.has, some)) >= _NEARLY * len(some)


def _candidates(name: str, some: list[str], delimiter: str) -> Iterator[_Candidate]:
    """Yield the types that most of the first cells have."""
    if _BY_NAME.fullmatch(name) and all(re.fullmatch("[12][0-9]{3}", text) for text in some):
        yield _YEAR
    yield from (candidate for candidate in _CANDIDATES if _likely(candidate, some))
    commas = [text for text in some if "," in text]
    # Commas before three digits may group thousands as well.
    if delimiter != "," and _likely(_COMMAS, some) and not all(re.search(",[0-9]{3}$", text) for text in commas):
        yield _COMMAS


def _odd(candidate: _Candidate, cells: pl.Series) -> list[str] | None:
    """Return the different cells that are not of a type; None if they are many."""
    if len(cells) > _START and _odd(candidate, cells.head(_START)) is None:
        return None
    good = cells.str.contains(whole(candidate.pattern))
    odd = cells.head(0) if good.all() else cells.filter(~good).unique(maintain_order=True)
    if len(odd) > _MOST_JUDGED:
        return None
    found = [text for text in odd if not (candidate.judged and candidate.field.problem(text) is None)]
    form = candidate.field.format
    if form != "default":
        # The pattern takes the 31st of every month.
        days = cells.filter(good).str.slice(0, 10).unique()
        wrong = days.filter(days.str.to_date(form if len(form) == _DAY_FORM else _ISO, strict=False).is_null())
        found += wrong.to_list()
    return found


def _nearly(candidate: _Candidate, cells: pl.Series, odd: list[str] | None) -> str:
    """Return that nearly all cells have a type, and which one hasn't."""
    wrong = [text for text in odd or () if text not in MISSING]
    if not wrong:
        return ""
    if candidate.field.type in {"integer", "number"} and (zero := next(filter(_ZEROS.match, wrong), None)):
        return f"whole numbers, but a leading zero as in {quoted(zero)} would be lost"
    count = int(cells.is_in(wrong).sum())
    if count > (1 - _NEARLY) * len(cells):
        return ""
    return f"{len(cells) - count:,} of {counted(len(cells), 'value')} are {candidate.called}; {quoted(wrong[0])} isn't"


def _why_text(some: list[str]) -> str:
    zero = next((text for text in some if _ZEROS.fullmatch(text)), None)
    if zero is not None and all(text.lstrip("-").isdecimal() for text in some):
        return f"whole numbers, but a leading zero as in {quoted(zero)} would be lost"
    text = next((text for text in some if not _WHOLE.fullmatch(text)), some[0])
    return f"texts such as {quoted(shortened(text, _SHOWN))}"
