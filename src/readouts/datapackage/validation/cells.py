"""Judging the cells that no expression called good: what is wrong with each, reported once for each value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from readouts.datapackage.incident import NULL
from readouts.datapackage.validation.patterns import STEPS, matching
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.datapackage.schema.model import Field

__all__ = ["Verdict", "judge", "message_of"]

Verdict = tuple[str, str] | None
"""The code of a finding and what was expected; None for a good cell."""


def judge(field: Field, missing: tuple[str, ...], values: Iterable[str]) -> dict[str, Verdict]:
    """Judge values of a field, each on its own.

    Examples
    --------
    >>> from readouts.datapackage.schema.model import Field
    >>> judge(Field("depth", type="integer"), ("",), ["7", "1_000"])
    {'7': None, '1_000': ('type-error', 'a whole number in digits')}
    """
    absent = frozenset(missing)
    verdicts: dict[str, Verdict] = {}
    for value in values:
        if value in absent:
            required = field.constraints.required
            verdicts[value] = ("constraint-error", "a value, since it is required") if required else None
        else:
            verdicts[value] = field.problem(value, pattern=False)
    if field.constraints.pattern is not None:
        # Within bounds, whatever the pattern: Python's own engine may take for ever.
        rest = [value for value, verdict in verdicts.items() if verdict is None and value not in absent]
        pattern = field.constraints.pattern
        for value, taken in zip(rest, matching(pattern, rest), strict=True):
            if taken is None:
                verdicts[value] = ("resource-limit", f"a text that the pattern {pattern} decides on in {STEPS:,} steps")
            elif not taken:
                verdicts[value] = ("constraint-error", f"a text of the form {pattern}")
    return verdicts


def message_of(expected: str, value: str | None) -> str:
    """Return the sentence of a finding about a cell.

    Examples
    --------
    >>> message_of("a whole number in digits", "1_000")
    "Expected a whole number in digits; found '1_000'."
    """
    expected = expected.rstrip()
    sentence, _, more = expected.partition(". ")
    found = "null" if value == NULL else "nothing" if value is None else quoted(value) if value else "an empty cell"
    return f"Expected {sentence.removesuffix('.')}; found {found}." + (f" {more}" if more else "")
