"""Where our verdict and that of frictionless differ, and which sentence of the specification decides.

The data is what the differential test exempts, entry by entry, and what `docs/conformance.md` shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

__all__ = ["DIVERGENCES", "Divergence", "divergence_table"]

OURS, THEIRS = "readouts", "frictionless"


@dataclass(frozen=True)
class Divergence:
    """One kind of finding that only one of the two makes.

    Attributes
    ----------
    name
        Stable name.
    found_by
        Which of the two finds something: `readouts` or `frictionless`.
    codes
        The codes of what it finds.
    types
        The types of the fields concerned; `header`, `row` and `key` for what is no single cell.
    pattern
        A regular expression that the cell matches as a whole; for what is no cell, what the finding is about.
    section
        Where the sentence stands in the specification.
    sentence
        The sentence, shortened.
    reason
        Who is right, and why.
    """

    name: str
    found_by: str
    codes: tuple[str, ...]
    types: tuple[str, ...]
    pattern: str
    section: str
    sentence: str
    reason: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.DOTALL)

    def exempts(self, found_by: str, code: str, kind: str, value: str) -> bool:
        """Tell whether it speaks of a finding.

        Examples
        --------
        >>> DIVERGENCES[0].exempts("readouts", "type-error", "integer", "1_000")
        True
        """
        return (
            found_by == self.found_by
            and code in self.codes
            and kind in self.types
            and self._pattern.fullmatch(value) is not None
        )


def _cells(name: str, types: str, pattern: str, section: str, sentence: str, reason: str) -> Divergence:
    """Return what we refuse and frictionless takes."""
    return Divergence(name, OURS, ("type-error",), tuple(types.split()), pattern, section, sentence, reason)


def _taken(name: str, types: str, pattern: str, section: str, sentence: str, reason: str) -> Divergence:
    """Return what frictionless refuses and we take."""
    return Divergence(name, THEIRS, ("type-error",), tuple(types.split()), pattern, section, sentence, reason)


_DECIMAL = "a non-empty finite-length sequence of decimal digits separated by a period"
_NUMBER, _INTEGER = "Field Types, number", "Field Types, integer"

DIVERGENCES: tuple[Divergence, ...] = (
    _cells("underscore", "integer number list geopoint year yearmonth", r".*[0-9]_[0-9].*", _NUMBER, _DECIMAL,
           "Python's int and Decimal take an underscore between digits; it is no digit."),
)  # fmt: skip


def divergence_table() -> str:
    """Return the divergences as a Markdown table."""
    head = "| what | found by | in | cells like | the specification | why |\n|---|---|---|---|---|---|\n"
    rows = []
    for entry in DIVERGENCES:
        kinds, codes = ", ".join(entry.types), ", ".join(f"`{code}`" for code in entry.codes)
        pattern = entry.pattern.replace("|", "\\|").replace("`", "'")
        rows.append(
            f"| {entry.name} | {entry.found_by}: {codes} | {kinds} | `{pattern}` | {entry.section}: "
            f"\u201c{entry.sentence}\u201d | {entry.reason} |\n"
        )
    return head + "".join(rows)
