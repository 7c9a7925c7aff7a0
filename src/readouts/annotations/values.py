"""The values of an annotation file: texts, lists and mappings, each with its place."""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = [
    "NUMBER",
    "BlockMapping",
    "FlowMapping",
    "Line",
    "Mapping",
    "Node",
    "NumberLists",
    "Numbers",
    "Scalar",
    "Sequence",
    "describe",
    "double_quoted",
    "is_offsets",
]

NUMBER = r"(?:0|[1-9][0-9]{0,8})"
"""Form of an offset."""
_PAIR = re.compile(rf"(\n +)?\[({NUMBER}), ({NUMBER})\]")


class Line:
    """A line of a file, which the places of values count from: its offset, and its number from 0."""

    __slots__ = ("index", "line")

    column = 0

    def __init__(self, index: int, line: int) -> None:
        self.index = index
        self.line = line


class _Place:
    """Where a node lies: `line` and `column` count from 1, and are looked up when a message asks for them."""

    __slots__ = ("_mark", "_within")

    def __init__(self, mark: Any, within: int = 0) -> None:
        self._mark = mark
        self._within = within

    @property
    def start(self) -> int:
        """Offset in the file's text."""
        return int(self._mark.index) + self._within

    @property
    def line(self) -> int:
        """The line it begins on."""
        number: int = self._mark.line
        return number + 1

    @property
    def column(self) -> int:
        """The column it begins in."""
        return int(self._mark.column) + 1 + self._within


class Scalar(_Place):
    """A text as written; `value` is None where nothing was written."""

    __slots__ = ("_last", "value")

    def __init__(self, value: str | None, mark: Any, last: Any, within: int = 0) -> None:
        self.value = value
        self._mark = mark
        self._last = last
        self._within = within

    @property
    def end(self) -> int:
        """Offset after its last character."""
        # A number of a span has no mark of its own after it.
        return self.start + len(self.value or "") if self._last is None else int(self._last.index)

    def part(self, start: int, end: int) -> Scalar:
        """Return a part of its text as a text of its own, at its place where the text is written as it is."""
        return Scalar((self.value or "")[start:end], self._mark, None, self._within + start)


class Sequence(_Place):
    """A list. `start` and `end` are offsets in the file's text; `end` is that of its last value, or its bracket."""

    __slots__ = ("_items", "end")

    def __init__(self, items: list[Node], mark: Any, end: int, within: int = 0) -> None:
        self._items: list[Node] | None = items
        self._mark = mark
        self.end = end
        self._within = within

    @property
    def items(self) -> list[Node]:
        """The values."""
        if self._items is None:
            self._items = self._read()
        return self._items

    def _read(self) -> list[Node]:
        return []


class Numbers(Sequence):
    """A list of two whole numbers, `[3, 14]`; nodes are made of them only when somebody asks."""

    __slots__ = ("texts",)

    def __init__(self, texts: tuple[str, str], mark: Any, within: int) -> None:
        self._items = None
        self._mark = mark
        self._within = within
        self.texts = texts
        self.end = mark.index + within + len(texts[0]) + len(texts[1]) + 4

    def _read(self) -> list[Node]:
        first, second = self.texts
        within = self._within + 1
        return [Scalar(first, self._mark, None, within), Scalar(second, self._mark, None, within + len(first) + 2)]


class NumberLists(Sequence):
    """A list of lists of two whole numbers each."""

    __slots__ = ("_text",)

    def __init__(self, text: str, mark: Any, end: int, within: int = 0) -> None:
        self._items = None
        self._mark = mark
        self._within = within
        self._text = text
        self.end = end

    def _read(self) -> list[Node]:
        mark, within = self._mark, self._within + 1
        found: list[Node] = []
        for space, first, second in _PAIR.findall(self._text):
            if space:
                mark = Line(mark.index + within, mark.line + 1)
                within = len(space) - 1
            found.append(Numbers((first, second), mark, within))
            # The brackets, and a comma between the two numbers and after them, each with a space.
            within += len(first) + len(second) + 6
        return found


class Mapping(_Place):
    """A mapping, with the places of its keys."""

    __slots__ = ("_keys", "end", "items")

    def __init__(self, items: dict[str, Node], keys: dict[str, Scalar], mark: Any, end: int) -> None:
        self.items = items
        self._keys: dict[str, Scalar] | None = keys
        self._mark = mark
        self._within = 0
        self.end = end

    @property
    def keys(self) -> dict[str, Scalar]:
        """The keys."""
        if self._keys is None:
            self._keys = self._read()
        return self._keys

    def _read(self) -> dict[str, Scalar]:
        return {}


class BlockMapping(Mapping):
    """A mapping with a line for each key; nodes are made of the keys only when somebody asks."""

    __slots__ = ("lines",)

    def __init__(self, items: dict[str, Node], lines: list[Line], mark: Line, column: int, end: int = 0) -> None:
        self.items = items
        self.lines = lines
        self._keys = None
        self._mark = mark
        self._within = column
        self.end = end

    def _read(self) -> dict[str, Scalar]:
        pairs = zip(self.items, self.lines, strict=True)
        return {name: Scalar(name, line, None, self._within) for name, line in pairs}


class FlowMapping(Mapping):
    """A mapping on one line; nodes are made of the keys only when somebody asks."""

    __slots__ = ("_places",)

    def __init__(
        self, items: dict[str, Node], places: list[tuple[Line, int]], mark: Line, end: int, within: int
    ) -> None:
        self.items = items
        self._places = places
        self._keys = None
        self._mark = mark
        self._within = within
        self.end = end

    def _read(self) -> dict[str, Scalar]:
        pairs = zip(self.items, self._places, strict=True)
        return {name: Scalar(name, line, None, within) for name, (line, within) in pairs}


Node = Scalar | Sequence | Mapping


def double_quoted(text: str) -> str:
    r"""Return a text as a YAML scalar in double quotation marks, on one line.

    Examples
    --------
    >>> print(double_quoted('the "lake"\x85'))
    "the \"lake\"\u0085"
    """
    return "".join(map(_printable, json.dumps(text, ensure_ascii=False)))


def _printable(character: str) -> str:
    number = ord(character)
    return character if character.isprintable() else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def is_offsets(node: Node) -> bool:
    """Return whether a value is a list of two whole numbers."""
    if type(node) is Numbers or not isinstance(node, Sequence):
        return type(node) is Numbers
    texts = [item.value or "" if isinstance(item, Scalar) else "" for item in node.items]
    return len(texts) == 2 and all(map(str.isdecimal, texts))


def describe(node: Node) -> str:
    """Say what a value is, for a message.

    Examples
    --------
    >>> from readouts.annotations.nodes import parse
    >>> describe(parse("a: [1]", "x.yaml").items["a"])
    'a list'
    """
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    if node.value is None:
        return "nothing"
    shown = node.value if len(node.value) <= 60 else node.value[:57] + "..."
    return f"'{shown}'"
