"""YAML that has nothing in it to be refused, read in the quickest way that keeps all places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from readouts.annotations.values import NUMBER, Mapping, Node, NumberLists, Numbers, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NULLS", "close", "usual"]

NULLS = frozenset(["", "~", "null"])
"""Texts that stand for no value, unless they are in quotation marks."""
_PAIR = rf"{NUMBER}, {NUMBER}"
_PAIRS = rf"\[{_PAIR}\](?:, \[{_PAIR}\])*"
_WORD = "[A-Za-z0-9][A-Za-z0-9_.-]*+"
_WORDS = rf"{_WORD}(?:, {_WORD})*"
_KEY = "[a-z_]{1,99}+"
_FLOW = rf"{_KEY}: (?:{_WORD}|\[(?:{_PAIRS}|{_WORDS})\])"
_QUICK = re.compile(rf"\[({_PAIRS}|{_PAIR})\]|\{{({_FLOW}(?:, {_FLOW})*)\}}")
"""Spans as they are usually written, `[3, 14]` or a list of such, and mappings of words and spans, in one line."""
_ENTRY = re.compile(rf"({_KEY}): (?:({_WORD})|\[(?:({_PAIRS})|({NUMBER}), ({NUMBER})|({_WORDS}))\])")


class _Unusual(Exception):  # noqa: N818 - nothing is wrong yet
    """A text holds something that has to be looked at more closely."""


def usual(text: str, deepest: int, most: int) -> Mapping | None:  # noqa: PLR0915 - closures count as one
    """Read a text that has nothing in it to be refused; return None for any other.

    Most values in an annotation are the numbers of spans, or in small mappings on one line. For the parser, `[[3, 14]]`
    is put in quotation marks instead of its outer brackets: `"[3, 14]"` is one value for it instead of five, and every
    place stays what it was. So is `{entity: marek, at: [3, 14]}`.
    Where all of them come back as one quoted value each, at the place where a bracket was written, the parser was
    about to begin a value there and was done with it after its end, so that the text means the same either way.
    A quotation mark that changes what is around it, in a title or in a comment, doesn't come back.
    """
    quoted, left = _QUICK.subn(r'"\1\2"', text)
    following: Callable[[], Any]
    scalar_event, values = yaml.ScalarEvent, 1

    def scalar(event: Any, depth: int) -> Node:
        nonlocal left, values
        if event.anchor is not None or event.tag is not None:
            raise _Unusual
        mark = event.start_mark
        value, style = event.value, event.style
        if style == '"' and (bracket := text[mark.index]) in "[{":
            left -= 1
            # Where that may be too deep, the other one counts.
            if depth + 4 > deepest:
                raise _Unusual
            if bracket == "{":
                found = _flow(value, mark, event.end_mark.index)
                values += 2 * len(found.items) + value.count(", ") + 2 * value.count("[")
                return found
            if value[0] == "[":
                values += 3 * value.count("[")
                return NumberLists(value, mark, event.end_mark.index)
            values += 2
            first, _, second = value.partition(", ")
            return Numbers((first, second), mark, 0)
        return Scalar(None if not style and value in NULLS else value, mark, event.end_mark)

    def node(event: Any, depth: int, again: Callable[..., Node]) -> Node:
        # A function that knows itself by name would keep the text for ever: nobody looks for circles meanwhile.
        nonlocal values
        if depth > deepest:
            raise _Unusual
        if type(event) is scalar_event:
            return scalar(event, depth)
        if event.anchor is not None or event.tag is not None:
            raise _Unusual
        start, below = event, depth + 1
        end = start.end_mark.index
        if type(event) is yaml.SequenceStartEvent:
            items: list[Node] = []
            while type(event := following()) is not yaml.SequenceEndEvent:
                items.append(again(event, below, again))
            values += len(items)
            return Sequence(items, start.start_mark, close(event, items[-1].end if items else end))
        entries: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        value: Node | None = None
        if below > deepest:
            raise _Unusual
        while type(event := following()) is not yaml.MappingEndEvent:
            key = scalar(event, below) if type(event) is scalar_event else None
            if type(key) is not Scalar or (name := key.value) is None or name in entries:
                raise _Unusual
            keys[name] = key
            event = following()
            value = entries[name] = scalar(event, below) if type(event) is scalar_event else again(event, below, again)
        values += 2 * len(entries)
        return Mapping(entries, keys, start.start_mark, close(event, end if value is None else value.end))

    try:
        following = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(quoted).get_event
        following()
        if type(following()) is not yaml.DocumentStartEvent:
            return None
        root = node(following(), 0, node)
        following()
        if type(following()) is not yaml.StreamEndEvent:
            return None
    except (_Unusual, yaml.YAMLError):
        return None
    return root if isinstance(root, Mapping) and left == 0 and values <= most else None


def _flow(text: str, mark: Any, end: int) -> Mapping:
    """Return the mapping that a text of `_QUICK` is, without its brackets."""
    entries: dict[str, Node] = {}
    keys: dict[str, Scalar] = {}
    within = 1
    for name, word, pairs, first, second, words in _ENTRY.findall(text):
        if name in entries or name in NULLS or word == "null":
            raise _Unusual
        keys[name] = Scalar(name, mark, None, within)
        within += len(name) + 2
        if word:
            entries[name] = Scalar(word, mark, None, within)
            within += len(word) + 2
            continue
        if pairs:
            found: Sequence = NumberLists(pairs, mark, mark.index + within + len(pairs) + 2, within)
        elif first:
            found = Numbers((first, second), mark, within)
        else:
            found = Sequence([], mark, mark.index + within + len(words) + 2, within)
            inside = within + 1
            for each in words.split(", "):
                if each == "null":
                    raise _Unusual
                found.items.append(Scalar(each, mark, None, inside))
                inside += len(each) + 2
        entries[name] = found
        within = found.end - mark.index + 2
    return Mapping(entries, keys, mark, end)


def close(event: Any, end: int) -> int:
    """Return the end of a collection: its closing bracket, else the end of its last value."""
    # A block collection's own end mark lies at the next token, after comments and blank lines that are not its.
    closing: int = event.end_mark.index
    return closing if closing > event.start_mark.index else end
