"""Who made the annotation and who has reviewed it, counted from the rows: what every page says at its top."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from readouts.datapackage.words import counted, joined

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from readouts.datapackage.package.package import Row

__all__ = ["made_and_reviewed"]

_MODEL = "language-model"
_REVIEWED = {
    "machine": "no person has reviewed it",
    "one_human": "one person has reviewed it",
    "two_humans": "two persons have reviewed it independently",
    "adjudicated": "two persons have reviewed it, and a third has settled their differences",
}


def made_and_reviewed(kinds: Mapping[str, Sequence[Row]], where: str = "") -> str:
    """Return who annotated rows and who has reviewed them, as far as their columns `made_by` and `review` record it.

    Parameters
    ----------
    kinds
        The rows by what one of them is, such as `statement`.
    where
        What follows the noun, such as ` of this article`.

    Examples
    --------
    >>> row = {"made_by": "language-model", "review": "machine"}
    >>> made_and_reviewed({"statement": [row] * 3, "comparison": [row] * 2})
    'A language model annotated all 3 statements and 2 comparisons; no person has reviewed them.'
    >>> made_and_reviewed({"statement": [row] * 3 + [{**row, "review": "one_human"}]})
    'A language model annotated all 4 statements; a person has reviewed 1 of them.'
    >>> made_and_reviewed({"statement": [row]})
    'A language model annotated this statement; no person has reviewed it.'
    >>> made_and_reviewed({"lake": [{"depth": "3"}] * 2})
    "It isn't recorded who annotated the 2 lakes, or whether a person has reviewed them."
    """
    kinds = {noun: rows for noun, rows in kinds.items() if rows}
    # One sentence for kinds that are alike.
    alike = len({(row.get("made_by"), row.get("review")) for rows in kinds.values() for row in rows}) == 1
    sentences = [_sentence(each, where) for each in ([kinds] if alike else [{noun: kinds[noun]} for noun in kinds])]
    return " ".join(sentences) or "It isn't recorded who made this annotation, or whether a person has reviewed it."


def _sentence(kinds: Mapping[str, Sequence[Row]], where: str) -> str:
    rows = [row for each in kinds.values() for row in each]
    makers = Counter(row.get("made_by") for row in rows)
    reviews = Counter(row.get("review") for row in rows)
    number = joined([counted(len(each), noun) for noun, each in kinds.items()])
    one = f"the one {next(iter(kinds))}{where}" if where else f"this {next(iter(kinds))}"
    what = one if len(rows) == 1 else f"all {number}{where}"
    if makers[None] + reviews[None] == 2 * len(rows):
        what, them = what.replace("all", "the", 1), "it" if len(rows) == 1 else "them"
        return f"It isn't recorded who annotated {what}, or whether a person has reviewed {them}."
    return f"{_made(makers)} annotated {what}; {_reviewed(reviews)}."


def _made(makers: Counter[str | None]) -> str:
    """Return who annotated: of several, how many each."""
    named = sorted(((name or "somebody unrecorded", count) for name, count in makers.items()), key=_model_first)
    words = ["a language model" if name == _MODEL else name for name, _ in named]
    made = words if len(words) == 1 else [f"{word} ({count:,})" for word, (_, count) in zip(words, named, strict=True)]
    return joined(made).replace("a language model", "A language model", 1) if named[0][0] == _MODEL else joined(made)


def _model_first(entry: tuple[str, int]) -> tuple[bool, str]:
    return entry[0] != _MODEL, entry[0]


def _reviewed(reviews: Counter[str | None]) -> str:
    """Return who has reviewed: of several rows, how many of them a person has."""
    if reviews.total() == 1:
        return _REVIEWED.get(next(iter(reviews)) or "", "it isn't recorded whether a person has reviewed it")
    unrecorded = sum(count for review, count in reviews.items() if review not in _REVIEWED)
    by_person = reviews.total() - unrecorded - reviews["machine"]
    if unrecorded == reviews.total():
        return "it isn't recorded whether a person has reviewed them"
    known = f"a person has reviewed {by_person:,} of them" if by_person else "no person has reviewed them"
    return known if not unrecorded else f"{known}, and of {unrecorded:,} it isn't recorded"
