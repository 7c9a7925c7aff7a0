"""JSON in which each key of an object occurs once."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DuplicateKeyError", "duplicate_keys", "load_unique", "unique_pairs"]

_TOKEN = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}\[\]]', re.DOTALL)


class DuplicateKeyError(ValueError):
    """An object in JSON has a key twice: readers differ on which of its values they take."""

    def __init__(self, key: str, line: int, first: int) -> None:
        self.line = line
        super().__init__(f"Duplicate key {quoted(key)} on line {line} (first on line {first}).")


def load_unique(text: str, line: int = 1, *, constants: bool = True) -> Any:
    """Return the value of a text in JSON in which every object has each key once.

    Parameters
    ----------
    text
        The text.
    line
        Line of the file that it begins on.
    constants
        Whether NaN and Infinity, which are not JSON, are read as Python reads them.

    Raises
    ------
    DuplicateKeyError
        An object has a key twice.
    json.JSONDecodeError
        It is not JSON.
    ValueError
        A whole number has more digits than Python reads.
    RecursionError
        It is too deep.

    Examples
    --------
    >>> load_unique('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    readouts.datapackage.strict_json.DuplicateKeyError: Duplicate key 'a' on line 1 (first on line 1).
    """
    try:
        return json.loads(text, object_pairs_hook=unique_pairs, parse_constant=None if constants else _refuse)
    except KeyError:
        found = next(duplicate_keys(text, line))
    raise found


def duplicate_keys(text: str, line: int = 1) -> Iterator[DuplicateKeyError]:
    r"""Yield where a text in JSON, which begins on a line, has a key of an object again.

    Examples
    --------
    >>> [str(found) for found in duplicate_keys('{"a": {"a": 1},\n "a": [{"b": 1, "\\u0062": 2}]}')]
    ["Duplicate key 'a' on line 2 (first on line 1).", "Duplicate key 'b' on line 2 (first on line 2)."]
    """
    objects: list[dict[str, int]] = []
    counted = 0
    for token in _TOKEN.finditer(text):
        string, colon = token.groups()
        if string is None:
            if token[0] in "{[":
                objects.append({})
            elif objects:
                objects.pop()
        elif colon is not None and objects:
            line, counted = line + text.count("\n", counted, token.start()), token.start()
            key = json.loads(string, strict=False)
            if key in objects[-1]:
                yield DuplicateKeyError(key, line, objects[-1][key])
            objects[-1].setdefault(key, line)


def _refuse(name: str) -> None:
    raise json.JSONDecodeError(f"{name} is not JSON", name, 0)


def unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of its keys and values, for a decoder of JSON.

    Raises
    ------
    KeyError
        There is a duplicate key; `duplicate_keys` says which.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        raise KeyError
    return found
