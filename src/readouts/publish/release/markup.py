"""Texts and values of rows as Markdown that shows just them."""

from __future__ import annotations

from readouts.datapackage.words import shortened, singular

__all__ = ["LONGEST", "code", "count", "plain"]

LONGEST = 100
"""Characters of a text or value that are shown."""
_MARKUP = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|~"})


def plain(text: str, longest: int | None = LONGEST) -> str:
    r"""Return a text as Markdown that shows just it, in one line, cut where it is long.

    Examples
    --------
    >>> plain("a *bold* claim")
    'a \\*bold\\* claim'
    """
    line = " ".join(text.split())
    return (line if longest is None else shortened(line, longest)).translate(_MARKUP)


def code(text: str) -> str:
    """Return a value as Markdown code, whatever is in it.

    Examples
    --------
    >>> code("a`b")
    '`` a`b ``'
    """
    line = shortened(" ".join(text.split()), LONGEST)
    fence = "``" if "`" in line else "`"
    space = " " if "`" in line else ""
    return f"{fence}{space}{line}{space}{fence}"


def count(number: int, table: str) -> str:
    """Return a number of rows as text.

    Examples
    --------
    >>> count(1, "entities"), count(2, "id_changes")
    ('1 entity', '2 id changes')
    """
    noun = table.replace("_", " ")
    return f"{number:,} {singular(noun) if number == 1 else noun}"
