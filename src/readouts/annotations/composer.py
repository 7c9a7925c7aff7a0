"""YAML read by its parser, event by event: whatever is written in an unusual way, or is wrong.

Importing the parser takes longer than reading an article that is written as usual: it is imported for this only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from readouts.annotations.nodes import Limits, YamlError
from readouts.annotations.values import Mapping, Node, Scalar, Sequence, describe
from readouts.corpus_schema.incident_codes import incident
from readouts.datapackage.incident import Source

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["composed"]

_NULLS = frozenset(["", "~", "null"])
"""Texts that stand for no value, unless they are in quotation marks."""


def composed(text: str, file: str, limits: Limits) -> Mapping:
    r"""Read a text as a YAML mapping, as `nodes.parse` does, whatever it is like.

    Raises
    ------
    YamlError
        As `nodes.parse` says.

    Examples
    --------
    >>> composed("? date\n: !!str 2014-03-06\n", "x.yaml", Limits())
    Traceback (most recent call last):
    readouts.annotations.nodes.YamlError: x.yaml:2:3: Found the tag tag:yaml.org,2002:str; ...
    """
    return _Composer(text, file, limits).document()


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

    def explained(self, error: yaml.MarkedYAMLError) -> tuple[str, Any]:
        """Explain the usual cause of a parser's error, with its place."""
        problem, context, mark = error.problem or "", error.context or "", error.problem_mark
        raw = f"{' '.join(part for part in (context, problem) if part)}."
        if mark is None:
            return raw, mark
        lines = self.text.splitlines()
        line = lines[mark.line] if mark.line < len(lines) else ""
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return "the line begins with a tab; indent it with spaces.", mark
        if "quoted scalar" in context and "end of stream" in problem:
            return "the quotation mark that opens here is never closed.", error.context_mark
        if "escape" in problem:
            return (
                "a backslash between double quotation marks begins an escape; write single ones around the value.",
                mark,
            )
        before = line[: mark.column].rstrip()
        if before.endswith(('"', "'")) and "expected" in problem and line[mark.column :].strip():
            opening = self.opening_quote(mark)
            if opening is not None and opening.line != mark.line:
                return f"the quotation mark that opens here is closed only in line {mark.line + 1}.", opening
            return "text follows a closing quotation mark; put the whole value in other quotation marks.", mark
        if "cannot start any token" in problem and line[mark.column : mark.column + 1] in "@`%":
            return f"a value can't begin with {line[mark.column]}; put it in quotation marks.", mark
        if "mapping values are not allowed" in problem:
            if ": " in before:
                return "a second colon in the line; put the value in quotation marks.", mark
            if not line[:1].isspace():
                return "the line above has no 'key:'.", mark
            return "the line is indented more than the one above allows; check the indentation of both.", mark
        if "sequence entries" in problem or "mapping keys" in problem or "node content" in problem:
            return f"a value can't begin with '{line[mark.column :][:1]}' here; put it in quotation marks.", mark
        if "block mapping" in context and "expected" in problem and line[: mark.column].strip() == "":
            return "the indentation matches no line above; begin the key under those of its mapping.", mark
        if "flow" in context and error.context_mark is not None and error.context_mark.line != mark.line:
            needed = f"a comma or its closing bracket before line {mark.line + 1}"
            return f"the bracket that opens here needs {needed}.", error.context_mark
        if "flow" in context and line[mark.column : mark.column + 1] == ":":
            return "a second colon in a value; put the value in quotation marks.", mark
        if "block scalar" in context:
            return "nothing may follow | or > in its line; put a text that begins so in quotation marks.", mark
        if "simple key" in context and error.context_mark is not None:
            return "the line that begins here has no 'key:'.", error.context_mark
        return raw, mark

    def opening_quote(self, mark: Any) -> Any:
        """Return where the last quoted text before an error begins; None where there is none."""
        last = None
        try:
            for token in yaml.scan(self.text, Loader=yaml.BaseLoader):
                if token.start_mark.line > mark.line or (
                    token.start_mark.line == mark.line and token.start_mark.column >= mark.column
                ):
                    break
                if isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                    last = token.start_mark
        except yaml.YAMLError:
            return last
        return last

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
            message, mark = self.explained(error)
            self.fail("yaml-unreadable", f"Not well-formed YAML: {message}", mark)
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
            value: str | None = event.value
            # A plain scalar is null where nothing, ~ or null is written; a quoted one never is.
            if value in _NULLS and not event.style:
                value = None
            return Scalar(value, event.start_mark, event.end_mark)
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
            self.fail(
                "yaml-limit", f"Found the tag {event.tag}; tags are not allowed. Put a text in quotation marks.", mark
            )
        if isinstance(event, yaml.AliasEvent):
            message = f"Found the alias *{event.anchor}; aliases are not allowed. Put a text in quotation marks."
        else:
            message = f"Found the anchor &{event.anchor}; anchors are not allowed. Put a text in quotation marks."
        self.fail("yaml-limit", message, event.start_mark)

    def sequence(self, start: Any, depth: int) -> Sequence:
        items: list[Node] = []
        following, node, below = self.next, self.node, depth + 1
        while type(event := following()) is not yaml.SequenceEndEvent:
            items.append(node(event, below))
        end = _close(event, items[-1].end if items else start.end_mark.index)
        return Sequence(items, start.start_mark, end)

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
                message = f"Duplicate key '{name}' (first defined on line {keys[name].line})."
                self.fail("duplicate-key", message, event.start_mark)
            keys[name] = key
            value = entries[name] = node(following(), below)
            end = value.end
        return Mapping(entries, keys, start.start_mark, _close(event, end))


def _close(event: Any, end: int) -> int:
    """Return the end of a collection: its closing bracket, else the end of its last value."""
    # A block collection's own end mark lies at the next token, after comments and blank lines that are not its.
    closing: int = event.end_mark.index
    return closing if closing > event.start_mark.index else end
