"""Words that messages, reports and pages share: counted nouns, lists in a sentence, values and lines cut to fit."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["as_json", "counted", "joined", "listed", "printable", "quoted", "shortened", "singular"]

_MOST_LISTED = 8
_LONGEST_VALUE = 120


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "finding"), counted(2000, "row"), counted(3, "city")
    ('1 finding', '2,000 rows', '3 cities')
    """
    plural = f"{noun[:-1]}ies" if noun.endswith("ty") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def singular(plural: str) -> str:
    """Return the singular of a regular plural, such as the name of a table.

    Examples
    --------
    >>> singular("countries"), singular("lakes")
    ('country', 'lake')
    """
    return f"{plural[:-3]}y" if plural.endswith("ies") else plural.removesuffix("s")


def joined(parts: Sequence[str]) -> str:
    """Return parts as a list in a sentence.

    Examples
    --------
    >>> joined(["one", "two", "three"])
    'one, two and three'
    """
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def listed(parts: Sequence[str], total: int | None = None, most: int = _MOST_LISTED) -> str:
    """Return parts with commas; of many, the first ones and how many more there are.

    Parameters
    ----------
    parts
        The parts, or the first ones of more.
    total
        How many there are, if `parts` are not all of them.
    most
        How many are listed.

    Examples
    --------
    >>> listed(["como", "garda"], total=5), listed(["como"])
    ('como, garda and 3 more', 'como')
    """
    first = parts[:most]
    left = max(total or 0, len(parts)) - len(first)
    return ", ".join(first) + (f" and {left:,} more" if left and first else "")


def shortened(text: str, longest: int) -> str:
    """Return a text that is at most so long, with an ellipsis where it is cut.

    Examples
    --------
    >>> shortened("Minister of Foreign Affairs", 13), shortened("Minister", 13)
    ('Minister of…', 'Minister')
    """
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def printable(text: str) -> str:
    r"""Return a text as one line without characters that can't be printed.

    Examples
    --------
    >>> printable("a  \n b\x00")
    'a b'
    """
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def quoted(value: str) -> str:
    r"""Return a value as a message shows it: in quotes, without control characters, and not too long.

    Examples
    --------
    >>> quoted("a\x1b[31m")
    "'a\\x1b[31m'"
    >>> quoted("x" * 500)[-34:]
    "xxxxx...' (500 characters in all)"
    """
    first = value[:_LONGEST_VALUE]
    text = "'" + "".join(map(_escaped, first))
    return text + ("'" if first == value else f"...' ({len(value):,} characters in all)")


def as_json(value: object) -> str:
    """Return a value of a descriptor as a message shows it: a text in quotes, all else as JSON, and not too long.

    Examples
    --------
    >>> as_json("CC0"), as_json({"title": "CC0"}), as_json(None), as_json([])
    ("'CC0'", '{"title": "CC0"}', 'null', '[]')
    """
    return quoted(value) if isinstance(value, str) else shortened(printable(dumps(value, ensure_ascii=False)), 80)


def _escaped(character: str) -> str:
    if character.isprintable() and character != "\\":
        return character
    return "\\\\" if character == "\\" else repr(character)[1:-1]
