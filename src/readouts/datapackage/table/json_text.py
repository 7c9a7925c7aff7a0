"""JSON and JSON Lines, read with the line of each row and of each value in it."""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING, Any

from readouts.datapackage.strict_json import duplicate_keys, unique_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["JsonText"]

_SPACE = re.compile(r"[ \t\n\r]*")


class JsonText:
    r"""A text in JSON: its value, and where the rows begin if that is a list of them.

    Parameters
    ----------
    text
        The text.
    lines
        Whether it is JSON Lines: a value on each line, and the value of the whole is the list of them.

    Attributes
    ----------
    text, value
        The text, and what it says.
    lines
        The line that each row begins on.

    Raises
    ------
    json.JSONDecodeError
        It is not JSON; line and column are those of the text.
    DuplicateKeyError
        An object has a key twice.

    Examples
    --------
    >>> rows = JsonText('[\n {"name": "Long",\n  "depth": 7}]')
    >>> rows.value, rows.line(0), rows.line(0, "depth")
    ([{'name': 'Long', 'depth': 7}], 2, 3)
    """

    def __init__(self, text: str, *, lines: bool = False) -> None:
        self.text = text
        self._decoder = json.JSONDecoder(object_pairs_hook=unique_pairs)
        self.lines, self._starts = array("q"), array("q")
        self._end = 0
        try:
            self.value: Any = self._read(lines=lines)
        except KeyError:
            raise next(duplicate_keys(text)) from None

    def _read(self, *, lines: bool) -> Any:
        text, start = self.text, self._after_space(0)
        if not lines and not text.startswith("[", start):
            return self._decoder.decode(text)
        rows = []
        line, before = 1, 0
        for _, place, value in self._of_lines() if lines else self._members(start):
            line, before = line + text.count("\n", before, place), place
            self._starts.append(place)
            self.lines.append(line)
            rows.append(value)
        if not lines and self._after_space(self._end) < len(text):
            raise json.JSONDecodeError("Extra data", text, self._after_space(self._end))
        return rows

    def line(self, row: int, name: str | int | None = None) -> int:
        """Return the line of a row, counted from 0, or of the value in it that has a name or, in a list, a place."""
        start = found = self._starts[row]
        if name is not None and self.text[start] in "[{":
            for place, (member, at, _) in enumerate(self._members(start)):
                found = at if name == (place if member is None else member) else found
        return self.lines[row] + self.text.count("\n", start, found)

    def _of_lines(self) -> Iterator[tuple[None, int, Any]]:
        start = 0
        for row in self.text.split("\n"):
            if row.strip():
                try:
                    yield None, start + len(row) - len(row.lstrip()), self._decoder.decode(row)
                except json.JSONDecodeError as error:
                    raise json.JSONDecodeError(error.msg, self.text, start + error.pos) from None
            start += len(row) + 1

    def _members(self, start: int) -> Iterator[tuple[str | None, int, Any]]:
        """Yield name, place and value of each member of the object, or item of the list, that begins at a place."""
        text, closing = self.text, "}" if self.text[start] == "{" else "]"
        place = self._after_space(start + 1)
        more = not text.startswith(closing, place)
        while more:
            name = None
            if closing == "}":
                name, place = self._decoder.raw_decode(text, place)
                place = self._after_space(self._after_space(place) + 1)
            value, end = self._decoder.raw_decode(text, place)
            yield name, place, value
            place = self._after_space(end)
            more = text.startswith(",", place)
            if not more and not text.startswith(closing, place):
                raise json.JSONDecodeError("Expecting ',' delimiter", text, place)
            place = self._after_space(place + 1) if more else place
        self._end = place + 1

    def _after_space(self, place: int) -> int:
        found = _SPACE.match(self.text, place)
        return place if found is None else found.end()
