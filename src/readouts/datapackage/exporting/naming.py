"""Names that a format can take: of files, of sheets, of tables in SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["distinct", "file_stem", "file_stems", "sheet_names"]

_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_LONGEST_STEM, _LONGEST_SHEET = 100, 31
_NOT_IN_SHEETS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def distinct(
    names: Iterable[str], made: Callable[[str], str], longest: int, taken: Iterable[str] = ()
) -> dict[str, str]:
    """Return a name for each name, no two of them equal in any case.

    Parameters
    ----------
    names
        The names as they are.
    made
        Gives the name that the format takes, which two may share.
    longest
        The most characters.
    taken
        Names that are given away already.

    Examples
    --------
    >>> distinct(["a", "A", "b"], str, 10)
    {'a': 'a', 'A': 'A_2', 'b': 'b'}
    """
    used = {name.casefold() for name in taken}
    given = {}
    for name in names:
        wanted = made(name)[:longest]
        found, number = wanted, 1
        while found.casefold() in used:
            number += 1
            ending = f"_{number}"
            found = wanted[: longest - len(ending)] + ending
        used.add(found.casefold())
        given[name] = found
    return given


def file_stem(name: str) -> str:
    """Return a name as that of a file, which every system takes and which is not a path.

    Examples
    --------
    >>> file_stem("lakes"), file_stem("../Über all"), file_stem("con"), file_stem("")
    ('lakes', 'Über_all', '_con', '_')
    """
    stem = re.sub(r"[^\w.-]+", "_", name).strip("._-")[:_LONGEST_STEM]
    return f"_{stem}" if not stem or _RESERVED.fullmatch(stem) else stem


def file_stems(names: Iterable[str]) -> dict[str, str]:
    """Return the name of a file for each of the names."""
    return distinct(names, file_stem, _LONGEST_STEM)


def sheet_names(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return the name of a sheet for each of the names: at most 31 characters, without those that Excel refuses.

    Examples
    --------
    >>> sheet_names(["lakes", "a/b", "a:b", "'quoted'", "History"], taken=["index"])
    {'lakes': 'lakes', 'a/b': 'a_b', 'a:b': 'a_b_2', "'quoted'": 'quoted', 'History': 'History_'}
    """

    def made(name: str) -> str:
        sheet = _NOT_IN_SHEETS.sub("_", name)[:_LONGEST_SHEET].strip("'").strip()
        # Excel keeps the name History to itself.
        return f"{sheet}_" if not sheet or sheet.casefold() == "history" else sheet

    return distinct(names, made, _LONGEST_SHEET, taken)
