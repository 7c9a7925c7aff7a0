"""YAML read with limits, keeping the place of every value.

The files are hostile until shown otherwise: size, depth and number of values are limited, aliases, tags and repeated
keys are refused, and every scalar stays the text that was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from readouts.incident import Incident, Source, incident

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Limits", "Mapping", "Node", "Scalar", "Sequence", "YamlError", "decode", "describe", "parse"]

_NULLS = frozenset(["", "~", "null"])


@dataclass(frozen=True, slots=True)
class Limits:
    """How large an annotation file may be."""

    size: int = 2 * 1024 * 1024
    depth: int = 12
    values: int = 200_000


@dataclass(slots=True)
class Scalar:
    """A text as written; `value` is None where nothing was written."""

    value: str | None
    start: int
    end: int
    line: int
    column: int


@dataclass(slots=True)
class Sequence:
    """A list. `start` and `end` are offsets in the file's text; `end` is that of its last value, or its bracket."""

    items: list[Node]
    start: int
    end: int
    line: int
    column: int


@dataclass(slots=True)
class Mapping:
    """A mapping, with the places of its keys."""

    items: dict[str, Node]
    keys: dict[str, Scalar]
    start: int
    end: int
    line: int
    column: int


Node = Scalar | Sequence | Mapping


class YamlError(Exception):
    """A file can't be read as an annotation; it carries the finding that says why."""

    def __init__(self, finding: Incident) -> None:
        super().__init__(finding.message)
        self.finding = finding


def describe(node: Node) -> str:
    """Say what a value is, for a message.

    Examples
    --------
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


def decode(path: Path, file: str, limits: Limits | None = None) -> str:
    """Read a file as UTF-8 within the limit of its size.

    Raises
    ------
    YamlError
        The file is too large or not UTF-8.
    OSError
        The file can't be read.
    """
    largest = (limits or Limits()).size
    with path.open("rb") as stream:
        data = stream.read(largest + 1)
    if len(data) > largest:
        message = f"The file is larger than {largest:,} bytes, the most that an annotation may be."
        raise YamlError(incident("yaml-limit", message, source=Source(file)))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = f"Expected UTF-8, found the byte 0x{data[error.start]:02x}."
        raise YamlError(incident("yaml-unreadable", message, source=Source(file, line))) from error


def parse(text: str, file: str, limits: Limits | None = None) -> Mapping:
    r"""Read a text as a YAML mapping.

    Parameters
    ----------
    text
        The file's text.
    file
        Its name, for the places in messages.
    limits
        How large it may be.

    Returns
    -------
    Mapping
        Every scalar as the text that was written, with its place.

    Raises
    ------
    YamlError
        The text is no YAML, no mapping, over a limit, or uses an alias, an anchor, a tag or a key twice.

    Examples
    --------
    >>> node = parse("date: 2014-03-06\nquiet: no\n", "x.yaml")
    >>> node.items["quiet"].value, node.items["quiet"].line
    ('no', 2)
    """
    return _Composer(text, file, limits or Limits()).document()


class _Composer:
    """Turns the events of the YAML parser into nodes."""

    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self.text = text
        self.file = file
        self.most, self.deepest = limits.values, limits.depth
        self.values = 0
        # The C parser's events and marks have the attributes of the Python parser's, but no types of their own.
        self.loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        self.next: Callable[[], Any]

    def fail(self, code: str, message: str, mark: Any) -> NoReturn:
        place = Source(self.file) if mark is None else Source(self.file, mark.line + 1, mark.column + 1)
        raise YamlError(incident(code, message, source=place))

    def document(self) -> Mapping:
        try:
            self.next = self.loader(self.text).get_event
            self.next()
            event = self.next()
            if isinstance(event, yaml.StreamEndEvent):
                self.fail("yaml-unreadable", "Expected a mapping, found an empty file.", None)
            node = self.node(self.next(), 0)
            self.next()
            event = self.next()
            if not isinstance(event, yaml.StreamEndEvent):
                self.fail("yaml-unreadable", "Expected one document, found a second one.", event.start_mark)
        except yaml.MarkedYAMLError as error:
            problem = " ".join(part for part in (error.context, error.problem) if part)
            self.fail("yaml-unreadable", f"Not well-formed YAML: {problem}.", error.problem_mark)
        except yaml.reader.ReaderError as error:
            # Its position counts bytes in one parser and characters in the other: the character is looked up.
            line = self.text.count("\n", 0, self.text.find(chr(error.character))) + 1
            message = f"Not well-formed YAML: the character U+{error.character:04X} is not allowed."
            raise YamlError(incident("yaml-unreadable", message, source=Source(self.file, line))) from error
        except yaml.YAMLError as error:
            self.fail("yaml-unreadable", f"Not well-formed YAML: {error}.", None)
        if not isinstance(node, Mapping):
            message = f"Expected a mapping, found {describe(node)}."
            raise YamlError(incident("yaml-unreadable", message, source=Source(self.file, node.line, node.column)))
        return node

    def node(self, event: Any, depth: int) -> Node:
        self.values += 1
        if self.values > self.most or depth > self.deepest or event.anchor is not None or event.tag is not None:
            self.refuse(event, depth)
        if type(event) is yaml.ScalarEvent:
            mark: Any = event.start_mark
            last: Any = event.end_mark
            value: str | None = event.value
            # A plain scalar is null where nothing, ~ or null is written; a quoted one never is.
            if value in _NULLS and not event.style:
                value = None
            return Scalar(value, mark.index, last.index, mark.line + 1, mark.column + 1)
        if type(event) is yaml.SequenceStartEvent:
            return self.sequence(event, depth)
        return self.mapping(event, depth)

    def refuse(self, event: Any, depth: int) -> NoReturn:
        """Say what of an event is not allowed."""
        mark = event.start_mark
        if self.values > self.most:
            self.fail("yaml-limit", f"The file has more than {self.most:,} values.", mark)
        if depth > self.deepest:
            self.fail("yaml-limit", f"Values are nested more than {self.deepest} deep.", mark)
        if event.anchor is None:
            self.fail("yaml-limit", f"Found the tag {event.tag}; tags are not allowed.", mark)
        if isinstance(event, yaml.AliasEvent):
            message = f"Found the alias *{event.anchor}; aliases are not allowed."
        else:
            message = f"Found the anchor &{event.anchor}; anchors are not allowed."
        self.fail("yaml-limit", message, event.start_mark)

    def sequence(self, start: Any, depth: int) -> Sequence:
        items: list[Node] = []
        following, node, below = self.next, self.node, depth + 1
        while type(event := following()) is not yaml.SequenceEndEvent:
            items.append(node(event, below))
        mark = start.start_mark
        end = self.close(event, items[-1].end if items else start.end_mark.index)
        return Sequence(items, mark.index, end, mark.line + 1, mark.column + 1)

    def mapping(self, start: Any, depth: int) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        end = start.end_mark.index
        following, node, below = self.next, self.node, depth + 1
        while type(event := following()) is not yaml.MappingEndEvent:
            key = node(event, below)
            if not isinstance(key, Scalar) or key.value is None:
                self.fail("yaml-unreadable", "Expected a text as key.", event.start_mark)
            name = key.value
            if name in entries:
                message = f"The key '{name}' is here twice; first on line {keys[name].line}."
                self.fail("duplicate-key", message, event.start_mark)
            keys[name] = key
            value = entries[name] = node(following(), below)
            end = value.end
        mark = start.start_mark
        return Mapping(entries, keys, mark.index, self.close(event, end), mark.line + 1, mark.column + 1)

    @staticmethod
    def close(event: Any, end: int) -> int:
        """Return the end of a collection: its closing bracket if it has one, else the end of its last value.

        A block collection's own end mark lies at the next token, behind comments and blank lines that are not its.
        """
        closing: int = event.end_mark.index
        return closing if closing > event.start_mark.index else end
