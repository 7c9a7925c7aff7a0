"""The rows of an annotation file's data: found, named, filled and confirmed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ReadoutsError
from readouts.desk.editing import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from readouts.desk.editing import Data, Rows

__all__ = ["as_mapping", "confirm_row", "next_name", "put_values", "row_of", "rows_below"]

_REVIEW = ("review", "reviewed_by")
_NUMBER = re.compile(r"[a-z]+([0-9]+)")


def rows_below(data: Rows, key: str) -> Rows:
    """Return the mapping below a key, which is made where there is none."""
    found = data.get(key)
    if not isinstance(found, dict):
        found = data[key] = {}
    return found


def as_mapping(value: Data) -> Rows:
    """Return a value that is a mapping; an empty one for any other."""
    return value if isinstance(value, dict) else {}


def row_of(data: Rows, key: str, name: str) -> Rows:
    """Return the row of a name below a key.

    Raises
    ------
    ReadoutsError
        It is not there.
    """
    found = rows_below(data, key).get(name)
    if not isinstance(found, dict):
        message = f"'{name}' was removed from {key} meanwhile."
        raise ReadoutsError(message)
    return found


def put_values(row: Rows, values: Mapping[str, Any], allowed: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    """Put values into a row: None takes a key out, and takes back a default.

    Raises
    ------
    ReadoutsError
        A key is not allowed, or is that of a review.
    """
    for key, value in values.items():
        if key in _REVIEW:
            message = f"'{key}' is set by confirming, and by nothing else here."
            raise ReadoutsError(message)
        if key not in allowed:
            message = f"Unknown key '{key}'."
            raise ReadoutsError(message)
        if value not in (None, "", []):
            row[key] = value if isinstance(value, list | dict) else str(value)
        elif defaults.get(key) is not None:
            row[key] = NOTHING
        else:
            row.pop(key, None)


def next_name(letter: str, taken: Iterable[str]) -> str:
    """Return a name with the first number above those of the names that are taken."""
    numbers = [int(match[1]) for name in taken if (match := _NUMBER.fullmatch(name))]
    return f"{letter}{max(numbers, default=0) + 1:02}"


def confirm_row(row: Rows, person: str, *, on: bool) -> None:
    """Note that a person has read a row, or take that back; what others confirmed stays, and no more is claimed."""
    by = row.get("reviewed_by")
    people: list[Data] = [each for each in (by if isinstance(by, list) else [by] if by else []) if each != person]
    people += [person] if on else []
    if not people:
        row.pop("reviewed_by", None)
        row["review"] = "machine"
        return
    if len(people) == 1 or row.get("review") in {None, "machine"}:
        row["review"] = "one_human"
    row["reviewed_by"] = people
