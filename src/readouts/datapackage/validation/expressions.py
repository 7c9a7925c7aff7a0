"""From a field of a schema to an expression that tells, for a whole column, which cells are certainly good.

The expressions never take a bad cell for a good one, and leave out few good ones: what they leave is judged cell by
cell (`cells.py`), by the rules of `schema/types.py`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from readouts.datapackage.schema.regex import whole
from readouts.datapackage.schema.types import TYPES
from readouts.datapackage.validation.patterns import is_linear

if TYPE_CHECKING:
    from readouts.datapackage.schema.model import Field

__all__ = ["certainly_good", "parsable"]

_EXACT_DIGITS = 15
"""Digits of a decimal that a float of 64 bits tells from every other of as many."""


def certainly_good(field: Field, missing: tuple[str, ...], cell: Any, *, number: Any = None) -> Any:
    """Return what tells the cells of a column that are certainly good.

    Parameters
    ----------
    field
        The field.
    missing
        Texts that stand for a missing value in it.
    cell
        The column, whose type is string, as an expression.
    number
        A column with the numbers that an engine made of the cells, null where it could not, if the field is
        `parsable`: engines parse numbers much faster than they match patterns.

    Returns
    -------
    Expr or None
        An expression of booleans; null where the cell is null, which is not a cell at all. None if every cell is good.

    Examples
    --------
    >>> import polars as pl
    >>> from readouts.datapackage.schema.model import Field
    >>> frame = pl.DataFrame({"0": ["12", "x", ""]})
    >>> frame.select(certainly_good(Field("depth", type="integer"), ("",), pl.col("0")))["0"].to_list()
    [True, False, True]
    """
    limits = field.constraints
    absent = () if limits.required else missing
    if limits.enum is not None or field.type == "boolean":
        return _among(field, cell, absent, missing)
    judged = _among_texts(cell, absent) if absent else pl.lit(value=False)
    if number is not None and parsable(field):
        good_number = _good_number(field, cell, number)
        return (good_number | judged) if absent else good_number
    everything = field.type == "any" or (field.type == "string" and field.format == "default")
    conditions: list[Any] = []
    excluded = missing if limits.required else ()
    if not everything:
        surely = TYPES[field.type].surely(field)
        bounded = None if surely is None else _bounded(field, cell, surely)
        if bounded is None or limits.json_schema is not None:
            # No short rule tells: every value is judged.
            return judged
        surely, conditions = bounded
        if absent == ("",) and not conditions and field.type != "string":
            # A cell that is missing is taken by the same pattern.
            return cell.str.contains(whole(f"(?:{surely})?"))
        conditions.insert(0, cell.str.contains(whole(surely)))
        excluded = tuple(text for text in excluded if re.fullmatch(surely, text, re.ASCII))
    if limits.min_length and field.type == "string":
        conditions.append(cell.str.len_chars() >= limits.min_length)
    if limits.max_length is not None and field.type == "string":
        conditions.append(cell.str.len_chars() <= limits.max_length)
    if limits.pattern is not None:
        if not is_linear(limits.pattern):
            return judged
        conditions.append(cell.str.contains(whole(limits.pattern)))
    conditions += [cell != text for text in excluded]
    if not conditions:
        return None
    good = conditions[0]
    for condition in conditions[1:]:
        good = good & condition
    return good | judged if absent else good


def _among_texts(cell: Any, texts: tuple[str, ...]) -> Any:
    return cell == texts[0] if len(texts) == 1 else cell.is_in(list(texts))


def _among(field: Field, cell: Any, absent: tuple[str, ...], missing: tuple[str, ...]) -> Any:
    """Return what tells the cells of a short list of texts."""
    if field.constraints.enum is not None:
        written = [str(value) for value in field.constraints.enum if not isinstance(value, bool | list | dict)]
        if field.type == "boolean":
            written += [*field.true_values, *field.false_values]
    else:
        written = [*field.true_values, *field.false_values]
    simple = field.constraints.pattern is None
    texts = [text for text in written if simple and text not in missing and field.problem(text) is None]
    return cell.is_in([*dict.fromkeys(texts), *absent])


def _bounded(field: Field, cell: Any, surely: str) -> tuple[str, list[Any]] | None:
    """Return the pattern, and the conditions that hold the bounds of cells that match it; None if there are none."""
    limits = field.constraints
    bounds = limits.bounds
    if all(bound is None for bound in bounds):
        return surely, []
    kind = TYPES[field.type]
    if kind.ordered:
        texts = [None if bound is None else str(bound) for bound in bounds]
        if any(text is not None and re.fullmatch(surely, text, re.ASCII) is None for text in texts):
            return None
        return surely, _within(cell, texts)
    if field.type not in {"integer", "number"}:
        return None
    values = [None if bound is None else field.value(bound) for bound in bounds]
    if values == [0, None, None, None] and field.type == "integer":
        # At least nothing: no sign needs to be read.
        return surely.removeprefix("[+-]?").removeprefix("-?"), []
    known = [Decimal(value) for value in values if value is not None]
    if any(not value.is_finite() or len(value.as_tuple().digits) > _EXACT_DIGITS for value in known):
        return None
    number = pl.Int64() if field.type == "integer" else pl.Float64()
    kind_of = int if field.type == "integer" else float
    plain = [None if value is None else kind_of(value) for value in values]
    return surely, _within(pl.when(cell.str.contains(whole(surely))).then(cell).cast(number), plain)


def parsable(field: Field) -> bool:
    """Return whether what Polars takes for a finite number, a cell of the field is by the specification as well.

    Examples
    --------
    >>> from readouts.datapackage.schema.model import Field
    >>> parsable(Field("depth", type="integer")), parsable(Field("depth", type="number", decimal_char=","))
    (True, False)
    """
    plain = field.bare_number and not field.group_char and field.decimal_char == "." and not field.canonical
    if field.type not in {"integer", "number"} or not plain or field.constraints.enum is not None:
        return False
    bounds = [field.value(bound) for bound in field.constraints.bounds if bound is not None]
    return all(abs(bound) < 2**62 if field.type == "integer" else bound.is_finite() for bound in bounds)


def _good_number(field: Field, cell: Any, number: Any) -> Any:
    """Return what tells the numbers that keep their bounds."""
    bounds = [None if bound is None else field.value(bound) for bound in field.constraints.bounds]
    conditions = [~number.is_null()]
    if field.type == "integer":
        conditions += _within(number, bounds)
    else:
        # A float as large as a bound may come from a text with more digits than it holds.
        conditions += _within_or_short(number, bounds, cell)
        if all(bound is None for bound in bounds[:1] + bounds[2:3]) or all(bound is None for bound in bounds[1::2]):
            conditions.append(number.is_finite())
    together = conditions[0]
    for condition in conditions[1:]:
        together = together & condition
    return together


def _within_or_short(number: Any, bounds: list[Any], cell: Any) -> list[Any]:
    """Hold the bounds of floats; a value equal to a bound counts only if both texts are short enough to be exact."""
    minimum, maximum, above, below = (None if bound is None else float(bound) for bound in bounds)
    conditions = []
    if minimum is not None:
        conditions.append((number > minimum) | ((number == minimum) & _surely_equal(bounds[0], cell)))
    if maximum is not None:
        conditions.append((number < maximum) | ((number == maximum) & _surely_equal(bounds[1], cell)))
    if above is not None:
        conditions.append(number > above)
    if below is not None:
        conditions.append(number < below)
    return conditions


def _surely_equal(bound: Any, cell: Any) -> Any:
    """Return which texts are the bound if their float is: two of few digits have the same float only as one number."""
    short = cell.str.len_chars() <= _EXACT_DIGITS
    if not bound:
        # A float too small to be told from zero has an exponent.
        return short & ~cell.str.contains("[eE]")
    return short if len(Decimal(bound).as_tuple().digits) <= _EXACT_DIGITS else pl.lit(value=False)


def _within(value: Any, bounds: Any) -> list[Any]:
    minimum, maximum, above, below = bounds
    conditions = []
    if minimum is not None:
        conditions.append(value >= minimum)
    if maximum is not None:
        conditions.append(value <= maximum)
    if above is not None:
        conditions.append(value > above)
    if below is not None:
        conditions.append(value < below)
    return conditions
