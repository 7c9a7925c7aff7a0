"""Keys of a table: columns, or the first few columns together, in which no value repeats."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.inference.inferred import Proposal
from readouts.datapackage.words import joined, quoted, singular

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.datapackage.inference.columns import Column
    from readouts.datapackage.inference.inferred import Confidence

__all__ = ["holds", "is_identifier", "keys", "rows_of", "words"]

_NEVER = frozenset(["number", "boolean", "time", "list"])
"""Types that no key has, though no value may repeat."""
_SELDOM = frozenset(["date", "datetime"])
_IDENTIFIER = re.compile(
    r"(?:.*[_\s.-])?(?:id|ids|uid|uuid|guid|key|code|nr|no|number|num|slug|isbn|doi|pk|identifier)"
)
_WIDEST = 4
"""Columns of a key of several."""
_TRIED = 8
_START = 2**14
"""Rows that show at once that most columns are not keys."""
_LONGEST = 60
_MANY = 10


def words(name: str) -> list[str]:
    """Return the words of a column's or table's name, in lower case.

    Examples
    --------
    >>> words("parentLake_ID")
    ['parent', 'lake', 'id']
    """
    return re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())


def is_identifier(name: str) -> bool:
    """Return whether the name of a column is one of an identifier."""
    return _IDENTIFIER.fullmatch("_".join(words(name))) is not None


def keys(table: str, columns: Sequence[Column]) -> list[Proposal]:
    """Propose the primary key of a table and name the other columns that could be one.

    Returns
    -------
    list of Proposal
        The primary key first, where there is one.
    """
    rows = rows_of(columns)
    if not rows:
        return []
    scores = {column.name: score for column in columns if (score := _score(table, column, columns)) is not None}
    found: list[Proposal] = []
    best = max(scores, key=lambda name: scores[name], default=None)
    if best is not None and scores[best] > 0:
        named, many = scores[best] >= 3, rows >= _MANY
        sure: Confidence = "high" if named and many else "medium" if (named or many) and rows > 1 else "low"
        found.append(Proposal("primary key", (best,), _why(best, columns, rows), sure))
    else:
        found += _composite(columns, rows)
    for name in scores if rows > 1 else ():
        if not found or found[0].fields != (name,):
            reason = f"{rows:,} rows, no duplicates, none missing; may be chance"
            found.append(Proposal("unique", (name,), reason, "low", adopted=False))
    return found


def holds(key: Sequence[str], columns: Sequence[Column]) -> bool:
    """Return whether columns of a table are all there, without a missing value, and together repeat none."""
    named = {column.name: column for column in columns}
    if any(name not in named or named[name].described.empty for name in key):
        return False
    return _distinct(pl.DataFrame({name: named[name].cells for name in key}), list(key))


def rows_of(columns: Sequence[Column]) -> int:
    """Return how many rows a table has."""
    return len(columns[0].cells) + columns[0].described.empty if columns else 0


def _score(table: str, column: Column, columns: Sequence[Column]) -> float | None:
    """Return how much a column looks like a primary key; None if it can't be one."""
    if column.type in _NEVER or not column.unique:
        return None
    name = words(column.name)
    own = {"_".join(words(table)), singular("_".join(words(table)))}
    score = 0.0
    named = is_identifier(column.name) or "_".join(name) in own
    if is_identifier(column.name):
        score += 2
    if "_".join(name) in {"id", *own, *(f"{each}_id" for each in own)}:
        score += 2
    if column is columns[0]:
        score += 1
    if column.type in _SELDOM or (column.type == "integer" and not named):
        score -= 1
    if column.type == "string" and any(len(text) > _LONGEST or " " in text for text in column.first):
        score -= 2
    return score


def _why(name: str, columns: Sequence[Column], rows: int) -> str:
    reasons = [f"{rows:,} rows, no duplicates, none missing" if rows > 1 else "one row only, so by its name"]
    if is_identifier(name):
        reasons.append("it is named like an identifier")
    if columns[0].name == name:
        reasons.append("the first column")
    return "; ".join(reasons)


def _composite(columns: Sequence[Column], rows: int) -> list[Proposal]:
    """Return the key of several columns: the first ones of the table, else a few among its identifiers."""
    usable = [
        column
        for column in columns[:_TRIED]
        if column.type not in _NEVER
        and not column.unique
        and not column.described.empty
        and not any(len(text) > _LONGEST for text in column.first)
    ]
    names = [column.name for column in usable]
    leading = [each for each, column in zip(names, columns, strict=False) if each == column.name]
    frame = pl.DataFrame({column.name: column.cells for column in usable})
    for width in range(2, min(_WIDEST, len(leading)) + 1):
        if _distinct(frame, leading[:width]):
            key = _reduced(frame, leading[:width])
            reason = f"the first columns, and in {rows:,} rows no values of them twice"
            sure: Confidence = "high" if rows >= 10 * _MANY and all(map(is_identifier, key)) else "medium"
            return [Proposal("primary key", tuple(key), reason, sure)]
    likely = [column.name for column in usable if is_identifier(column.name) or column.type != "string"]
    for width in (2, 3):
        for chosen in combinations(likely, width):
            if _distinct(frame, list(chosen)):
                reason = f"in {rows:,} rows no values of {joined([*map(quoted, chosen)])} twice; may be chance"
                return [Proposal("primary key", chosen, reason, "low")]
    return []


def _distinct(frame: pl.DataFrame, names: list[str]) -> bool:
    """Return whether no row has the same values as another."""
    some = frame.select(names).head(_START)
    if some.n_unique() < some.height:
        return False
    return frame.height <= _START or frame.select(names).n_unique() == frame.height


def _reduced(frame: pl.DataFrame, names: list[str]) -> list[str]:
    """Leave out columns of a key that another one determines, such as the name next to a code; identifiers stay."""
    kept = list(names)
    for name in (each for each in reversed(names) if not is_identifier(each)):
        others = [each for each in kept if each != name]
        if len(others) > 1 and any(frame.select(each, name).n_unique() == frame[each].n_unique() for each in others):
            kept = others
    return kept
