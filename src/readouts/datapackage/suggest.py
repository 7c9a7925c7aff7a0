"""What every message needs when a name is wrong: the nearest one that is right."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from itertools import takewhile
from typing import TYPE_CHECKING

from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["did_you_mean", "look_alike", "looks_of", "nearest", "no_such_file"]


_MOST_POINTS = 4
_MOST_ENDS = 3


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None when nothing is alike.

    Examples
    --------
    >>> nearest("dept", ["depth", "name"])
    'depth'
    >>> nearest("Consult", ["CONSULT", "Result"])
    'CONSULT'
    """
    names = list(known)
    others = [other for other in names if other != name]
    same = next((other for other in others if looks_of(other) == looks_of(name)), None)
    same = same or next((other for other in others if looks_of(other).casefold() == looks_of(name).casefold()), None)
    return same or next(iter(get_close_matches(name, names, n=1, cutoff=0.6)), None)


def looks_of(name: str) -> str:
    """Return what a name looks like: composed characters, without those that can't be seen.

    Examples
    --------
    >>> looks_of("cafe\u0301\u200b") == "caf\u00e9"
    True
    """
    seen = [
        unicodedata.normalize("NFKC", each) if unicodedata.decomposition(each).startswith("<compat>") else each
        for each in name
        if unicodedata.category(each) != "Cf"
    ]
    return "".join(" " if each.isspace() else each for each in unicodedata.normalize("NFC", "".join(seen)))


def look_alike(name: str, other: str | None) -> str:
    """Return a sentence that tells a name from another that looks the same; an empty text where they don't.

    Examples
    --------
    >>> look_alike("caf\u00e9", "cafe\u0301")
    'They look the same, but the first has U+00E9 where the second has U+0065 U+0301: write both in one way.'
    >>> look_alike("cafe", "coffee")
    ''
    """
    if other is None or name == other or looks_of(name) != looks_of(other):
        return ""
    first = _shared(name, other)
    last = min(_shared(name[::-1], other[::-1]), min(len(name), len(other)) - first)
    points = [_points(each[first : len(each) - last]) for each in (name, other)]
    return f"They look the same, but the first has {points[0]} where the second has {points[1]}: write both in one way."


def _shared(one: str, other: str) -> int:
    """Return with how many same characters two texts begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _points(text: str) -> str:
    """Return the code points of a text, of a long one only the first."""
    points = [f"U+{ord(each):04X}" for each in text[:_MOST_POINTS]] + ["..."] * (len(text) > _MOST_POINTS)
    return " ".join(points) or "nothing"


def no_such_file(path: Path, name: str) -> str:
    """Return the sentence that a file isn't there, with the name next to it that is most like its own.

    Examples
    --------
    >>> from readouts.datapackage.sample import sample_package
    >>> no_such_file(sample_package() / "data" / "lake.csv", "data/lake.csv")
    "Expected the file 'data/lake.csv'; there is none. Did you mean 'lakes.csv'?"
    """
    there = sorted(each.name for each in path.parent.iterdir()) if path.parent.is_dir() else []
    close = did_you_mean(path.name, there) if nearest(path.name, there) else ""
    return f"Expected the file {quoted(name)}; there is none. {close}".rstrip()


def did_you_mean(name: str, known: Iterable[str], most: int | None = None) -> str:
    """Return a sentence that names the nearest known name, or else lists what is known.

    Parameters
    ----------
    name
        The name that is wrong.
    known
        Those that are right.
    most
        How many are listed; where there are more, none is. Default: the first twelve are listed.

    Examples
    --------
    >>> did_you_mean("dept", ["depth", "name"])
    "Did you mean 'depth'?"
    >>> did_you_mean("x", ["depth", "name"])
    'Known are: depth, name.'
    >>> did_you_mean("s02", ["lake-north.s02", "lake-north.s03", "lake-south.s02"])
    "Did you mean 'lake-north.s02' or 'lake-south.s02'?"
    >>> did_you_mean("x", [])
    'None is known yet.'
    >>> did_you_mean("x", ["depth", "name"], most=1)
    'None of the 2 that are known is like it.'
    """
    names = sorted(known)
    ends = [other for other in names if name and other.endswith(f".{name}")][:_MOST_ENDS]
    if ends and name not in names:
        either = "' or '".join(ends)
        return f"Did you mean '{either}'?"
    match = nearest(name, names)
    if match is not None:
        return f"Did you mean '{match}'? {look_alike(name, match)}".strip()
    if not names:
        return "None is known yet."
    if most is not None and len(names) > most:
        return f"None of the {len(names):,} that are known is like it."
    shown = ", ".join(names[:12])
    held_back = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"Known are: {shown}{held_back}."
