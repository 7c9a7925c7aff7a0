"""Patterns of schemas: in linear time where an engine can, and those with look-around within a number of steps."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from readouts.datapackage.schema.regex import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["STEPS", "is_linear", "matching", "refusal"]

STEPS = 100_000
"""Steps back that the engine with look-around takes at most for one value."""
_LONGEST = 2_000
"""Characters of a value that it looks at: a step forward may look at all of them."""
_UNDECIDED = 100
"""Values without an answer after which no further one is tried."""
_SUBTRACTION = re.compile(r"\[[^\[\]]*-\[")
"""A class of characters without those of another, in the syntax of XML Schema."""


@cache
def refusal(pattern: str) -> str | None:
    """Return why no engine takes a pattern; None if one does.

    Examples
    --------
    >>> refusal("(?!x).*") is None, refusal("[a-z-[aeiou]]")
    (True, 'a class is subtracted from another')
    """
    if _SUBTRACTION.search(pattern) is not None:
        # To the engines it would be a union.
        return "a class is subtracted from another"
    if is_linear(pattern):
        return None
    try:
        _bounded(pattern)
    except ValueError as error:
        return str(error).partition("\n")[0]
    return None


@cache
def is_linear(pattern: str) -> bool:
    """Return whether the engine of linear time takes a pattern; it has neither look-around nor back-references."""
    import polars as pl

    try:
        pl.Series(["", "a"]).str.contains(whole(pattern))
    except pl.exceptions.PolarsError:
        return False
    return True


@cache
def _bounded(pattern: str) -> Any:
    """Return what holds a text to a pattern with look-around or back-references; raise a ValueError if it can't."""
    import jsonschema_rs

    options = jsonschema_rs.FancyRegexOptions(backtrack_limit=STEPS)
    return jsonschema_rs.validator_for({"pattern": f"^(?:{pattern})$"}, pattern_options=options)


def matching(pattern: str, values: Sequence[str]) -> list[bool | None]:
    """Return which values a pattern takes as a whole; None where it takes too many steps to tell.

    Examples
    --------
    >>> matching("[a-c]+", ["ab", "ad"]), matching("(?!a)[a-c]+", ["ab", "ba"])
    ([True, False], [False, True])
    >>> matching("(?=a)(a|aa)+(?=c)", ["a" * 60 + "b"])
    [None]
    """
    if is_linear(pattern):
        import polars as pl

        return pl.Series(values, dtype=pl.String).str.contains(whole(pattern)).to_list()
    validator, undecided = _bounded(pattern), 0
    found: list[bool | None] = []
    for value in values:
        taken: bool | None = None
        if undecided < _UNDECIDED and len(value) <= _LONGEST:
            taken = validator.is_valid(value)
            if not taken and any(each.message.startswith("Error executing") for each in validator.iter_errors(value)):
                taken = None
        undecided += taken is None
        found.append(taken)
    return found
