"""Kinds of change of a cell: its value, only the way it is written, or whether it has one."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from readouts.datapackage.difference.result import CellKind
from readouts.datapackage.schema.sameness import form_of
from readouts.datapackage.schema.types import Mismatch

if TYPE_CHECKING:
    from collections.abc import Collection

    import polars as pl

    from readouts.datapackage.schema.model import Field

__all__ = ["kind", "kinds"]


def kind(  # noqa: PLR0917 - two texts, each with its field and what is missing there
    old: str,
    new: str,
    old_field: Field,
    new_field: Field,
    missing_old: Collection[str] = ("",),
    missing_new: Collection[str] = ("",),
) -> CellKind:
    """Say what changed about a cell whose two texts differ.

    Returns
    -------
    CellKind
        `format` only where both texts mean the same, by the types of both sides: a change that is not understood is
        one of value.

    Examples
    --------
    >>> from readouts.datapackage.schema.model import Field
    >>> kind("1.50", "1.5", Field("depth", type="number"), Field("depth", type="number")).value
    'format'
    >>> kind("007", "7", Field("code", type="string"), Field("code", type="string")).value
    'value'
    >>> kind("7", "NA", Field("code", type="integer"), Field("code", type="integer"), ("",), ("", "NA")).value
    'to-null'
    """
    was, remains = old not in missing_old, new not in missing_new
    if not was or not remains:
        return CellKind.TO_NULL if was else CellKind.FROM_NULL if remains else CellKind.FORMAT
    if {old_field.type, new_field.type} <= {"string", "any"}:
        return CellKind.VALUE
    before, after = _value(old_field, old), _value(new_field, new)
    return CellKind.FORMAT if before is not None and before == after else CellKind.VALUE


def kinds(  # noqa: PLR0917 - as `kind`
    old: pl.Series,
    new: pl.Series,
    old_field: Field,
    new_field: Field,
    missing_old: Collection[str] = ("",),
    missing_new: Collection[str] = ("",),
) -> pl.Series:
    """Classify every changed cell of a column: `kind`, at column speed.

    Examples
    --------
    >>> import polars as pl
    >>> from readouts.datapackage.schema.model import Field
    >>> depth = Field("depth", type="integer")
    >>> kinds(pl.Series(["7", "7", "7"]), pl.Series(["8", "007", ""]), depth, depth).to_list()
    ['value', 'format', 'to-null']
    """
    import polars as pl

    # One change at a time needs neither of the two, and a comparison in a stream has no room for them.
    from readouts.datapackage.schema.regex import whole

    was, remains = pl.col("old").is_in(sorted(missing_old)).not_(), pl.col("new").is_in(sorted(missing_new)).not_()
    both = was & remains
    texts = {old_field.type, new_field.type} <= {"string", "any"}
    pattern = _WELL_KNOWN.get(old_field.type) if old_field == new_field and _plain(old_field) else None
    no = pl.lit(value=False)
    known = no if pattern is None else pl.col("old", "new").str.contains(whole(pattern))
    alike = both & pl.all_horizontal(known)
    frame = pl.DataFrame({"old": old, "new": new})
    same = _same_numbers(frame) if old_field.type in _NUMBERS else no
    frame = frame.with_columns(
        pl.when(no if texts else both & ~alike)
        .then(pl.lit(None, pl.String))
        .when(alike & same)
        .then(pl.lit(str(CellKind.FORMAT)))
        .when(both)
        .then(pl.lit(str(CellKind.VALUE)))
        .when(was)
        .then(pl.lit(str(CellKind.TO_NULL)))
        .when(remains)
        .then(pl.lit(str(CellKind.FROM_NULL)))
        .otherwise(pl.lit(str(CellKind.FORMAT)))
        .alias("kind")
    )
    open_ = frame["kind"].is_null().arg_true()
    if not open_.len():
        return frame["kind"]
    left = frame.select("old", "new")[open_]
    judged = {
        (before, after): str(kind(before, after, old_field, new_field, missing_old, missing_new))
        for before, after in left.unique().iter_rows()
    }
    return frame["kind"].scatter(open_, [judged[row] for row in left.iter_rows()])


def _same_numbers(frame: pl.DataFrame) -> pl.Series:
    """Return which pairs of numbers in digits are of one value."""
    import polars as pl

    # Digits are compared only where the nearest floating-point numbers are the same, which are compared much faster.
    old, new = (pl.col(name).cast(pl.Float64, strict=False) for name in ("old", "new"))
    near = frame.select(old.eq_missing(new).arg_true()).to_series()
    same = near.filter(frame[near].select(_number("old") == _number("new")).to_series())
    return pl.repeat(value=False, n=frame.height, eager=True).scatter(same, values=True)


def _number(name: str) -> pl.Expr:
    """Return a column of numbers in digits without the zeros that say nothing, nor the signs of zero and of plus."""
    import polars as pl

    bare = pl.col(name).str.replace(r"\A([+-]?)0*([0-9]*?)(?:\.([0-9]*?)0*)?\z", "$1$2.$3").str.strip_prefix("+")
    return pl.when(bare == "-.").then(pl.lit(".")).otherwise(bare)


def _plain(field: Field) -> bool:
    return field.format == "default" and not field.group_char and field.bare_number and field.decimal_char == "."


_NUMBERS = frozenset(["integer", "number"])
_WELL_KNOWN = {
    "integer": "[+-]?[0-9]+",
    "number": r"[+-]?[0-9]+(?:\.[0-9]+)?",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "datetime": "[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z",
    "year": "[0-9]{4}",
    "yearmonth": "[0-9]{4}-[0-9]{2}",
}
"""Patterns of texts that are the same if and only if their values are: of numbers, once `_number` has made them so."""


def _value(field: Field, text: str) -> tuple[Any, ...] | None:
    """Return what texts of the same value have in common; None for a text of no value, or of one not surely known."""
    if field.format == "any" and field.type in _TIMES:
        # Which day such a text means is a guess, and two guesses are not proof that nothing has changed.
        return None
    try:
        value = field.read(text)
    except Mismatch:
        return None
    if field.type in _JSON or (field.type == "geopoint" and field.format != "default"):
        try:
            return field.type, field.format, _exact(text)
        except (InvalidOperation, RecursionError):
            # Numbers and depths beyond what is read exactly.
            return None
    what = _ALIKE.get(field.type, field.type)
    if field.type == "duration":
        return what, value
    timed = field.type in _TIMES or (field.type == "list" and field.item_type in _TIMES)
    items = text.split(field.delimiter) if field.type == "list" else [text]
    return what, form_of(field, value), tuple(map(_unread, items)) if timed else ()


def _unread(text: str) -> tuple[Any, ...]:
    """Return what a text says about times that their values don't hold: zones or none, fractions below microseconds."""
    fractions = [found[1].rstrip("0") for found in _FRACTION.finditer(text)]
    return len(_ZONE.findall(text)), *(fraction for fraction in fractions if fraction)


def _exact(text: str) -> Any:
    """Return JSON as values that are equal only where nothing in it differs but spaces, order of names, and digits."""
    return _tagged(json.loads(text, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=_Pairs))


class _Pairs(tuple[Any, ...]):
    """The members of an object in JSON, those that have a name twice included."""

    __slots__ = ()


def _tagged(value: Any) -> Any:
    """Return a value of JSON that is equal to none of another type: to Python, true is 1."""
    if isinstance(value, _Pairs):
        return "object", sorted(((name, _tagged(member)) for name, member in value), key=repr)
    if isinstance(value, list):
        return "array", [_tagged(item) for item in value]
    return type(value).__name__, value


_TIMES = frozenset(["date", "time", "datetime", "year", "yearmonth"])
_JSON = frozenset(["array", "object", "geojson"])
_ALIKE = {"integer": "number"}
"""Types whose values are of one kind: an integer is a number."""
_ZONE = re.compile(r"(?<=[0-9])(?:Z|[+-][0-9]{2}:[0-9]{2})")
_FRACTION = re.compile(r"\.[0-9]{6}([0-9]+)")
