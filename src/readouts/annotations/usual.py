"""YAML as annotations are usually written, read line by line in the quickest way that keeps all places."""

from __future__ import annotations

import re

from readouts.annotations.values import (
    NUMBER,
    BlockMapping,
    FlowMapping,
    Line,
    Mapping,
    Node,
    NumberLists,
    Numbers,
    Scalar,
    Sequence,
)

__all__ = ["usual"]

_ODD = re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML refuses, or reads in a way of its own."""
_KEY = r"[A-Za-z0-9_][\w.-]{0,98}+"
_IN_QUOTES = r'(?:[^"\\\n]|\\["\\])*+'
_FOLDED = rf'"{_IN_QUOTES}(?:(?<! )\n +(?=[^ \n]){_IN_QUOTES})*+"'
_QUOTED = rf'"{_IN_QUOTES}"|' + r"'[^'\n]*+'"
_PLAIN = r"\w[^\n:#]*+(?:(?::(?=[^ \n])|(?<! )#)[^\n:#]*+)*+(?<! )"
_BRACKETS = r"[\[{][^\n]*(?:,\n +[^ \n][^\n]*){0,29}[\]}]"
_LINE = re.compile(
    rf"^(( *+)((?:- )*+)(?:({_KEY}):(?: |(?=\n)))?"
    rf"(?:((?!null\n){_PLAIN})|({_FOLDED}|{_QUOTED}|{_BRACKETS}|null|\#[^\n]*))?\n)",
    re.MULTILINE,
)
"""A line: its indentation, dashes of list items, a key, and a plain text or another value, of several lines maybe."""
_FOLD, _ESCAPE = re.compile("\n +"), re.compile(r'\\(["\\])')

_WORD = r"\w[^\n:#,?\[\]{}]*+(?::(?=[\w/])[^\n:#,?\[\]{}]*+)*+(?<! )"
_PAIR = rf"\[({NUMBER}), ({NUMBER})\]"
_PAIRS = rf"\[{NUMBER}, {NUMBER}\](?:,(?: |\n +)\[{NUMBER}, {NUMBER}\])*+"
_ENTRY = re.compile(rf"({_KEY}): (?:({_WORD})|\[(?:({_PAIRS})|({NUMBER}), ({NUMBER})|({_WORD}))\])(?:, (?!\}})|\}}\Z)")
"""An entry of a mapping as most are, with the comma or bracket after it."""
_ITEM = re.compile(rf"\[({_PAIRS})\]|{_PAIR}|({_WORD}|{_QUOTED})|[\[{{]")
_NAME, _COMMA = re.compile(rf"({_KEY}): "), re.compile(",(?: |\n +)")
_LONGEST = 10_000
"""Characters of a value in brackets, unless it is a list of spans or a mapping whose entries are as most are."""
_ROOM = 6
"""How much deeper than the mapping or list that it is in a value in brackets can be."""


class _Unusual(Exception):  # noqa: N818 - nothing is wrong yet
    """A text holds something that has to be looked at more closely."""


def usual(text: str, deepest: int, most: int) -> Mapping | None:
    """Read a text that is written as annotations usually are; return None for any other.

    Each line has keys and values as most have them: a text without anything that needs a closer look, or, in brackets,
    numbers, texts, and mappings of them. Where every line is like this, and begins where one above it lets it begin,
    the text has the meaning that any reader of YAML gives it. A text that could be deeper or have more values than is
    allowed isn't usual either.
    """
    if _ODD.search(text):
        return None
    written = text if text.endswith("\n") else f"{text}\n"
    rows = _LINE.findall(written)
    # No text has more values than characters.
    if len(text) > most and _values(text) > most:
        return None
    try:
        return _mapping(rows, len(written), deepest)
    except _Unusual:
        return None


def _values(text: str) -> int:
    """Return a number that a text has fewer values than."""
    return 4 * (text.count("\n") + 1) + 2 * sum(map(text.count, (",", ": ", "[", "{", "- ")))


def _mapping(rows: list[tuple[str, str, str, str, str, str]], size: int, deepest: int) -> Mapping:
    """Return the mapping that lines are."""
    root = BlockMapping({}, [], Line(0, 0), 0)
    node: Sequence | BlockMapping = root
    above: list[tuple[Sequence | BlockMapping, int]] = []
    at, following, number, awaiting = 0, 0, 0, ""
    for line, indent, dashes, key, plain, other in rows:
        column = len(indent)
        mark = Line(following, number)
        following += len(line)
        number += 1 if not other else 1 + other.count("\n")
        if not key and not dashes:
            if plain or (other and other[0] != "#"):
                if not awaiting or column <= at or isinstance(node, Sequence):
                    raise _Unusual
                node.items[awaiting] = _value(plain or other, mark, column)
                awaiting = ""
            continue
        # A list may begin below the first character of its key, and the next key ends it.
        if awaiting and (column > at or (column == at and dashes)):
            above.append((node, at))
            node, at = _open(node, awaiting, mark, column, dashes), column
        else:
            while column < at or (column == at and not dashes and type(node) is Sequence):
                _close(node)
                node, at = above.pop()
            if column != at or (type(node) is Sequence) != bool(dashes):
                raise _Unusual
        awaiting = ""
        for left in range(len(dashes) - 2, -2, -2):
            column += 2
            if left or key:
                above.append((node, at))
                node, at = _open(node, "", mark, column, left), column
        if len(above) + _ROOM > deepest:
            raise _Unusual
        if isinstance(node, Sequence):
            node.items.append(_value(plain or other, mark, column))
            continue
        entries = node.items
        if key in entries or key == "null":
            raise _Unusual
        node.lines.append(mark)
        column += len(key) + 2
        if plain:
            entries[key] = Scalar(plain, mark, None, column)
        elif other:
            entries[key] = _value(other, mark, column)
        else:
            entries[key] = Scalar(None, mark, None, column - 1)
            awaiting = key
    # What matches no line was passed over.
    if following != size or not root.items:
        raise _Unusual
    for each, _ in reversed([*above, (node, 0)]):
        _close(each)
    return BlockMapping(root.items, root.lines, root.lines[0], 0, root.end)


def _open(node: Sequence | BlockMapping, name: str, mark: Line, column: int, listed: object) -> Sequence | BlockMapping:
    """Return a list or mapping that begins within another one, as its last item or as the value of a key."""
    below = Sequence([], mark, 0, column) if listed else BlockMapping({}, [], mark, column)
    if isinstance(node, Sequence):
        node.items.append(below)
    else:
        node.items[name] = below
    return below


def _close(node: Sequence | BlockMapping) -> None:
    """Let a list or mapping end where its last value does."""
    node.end = (node.items[-1] if isinstance(node, Sequence) else next(reversed(node.items.values()))).end


def _value(text: str, mark: Line, within: int) -> Node:
    """Return the value that a part of the text is, from a place in a line on."""
    if text[:1] not in {"[", "{"}:
        return _text(text, mark, within)
    if text[0] == "{" and (found := _entries(text, mark, within)) is not None:
        return found
    item, end = _item(text, 0, mark, within, 0)
    if end != len(text):
        raise _Unusual
    return item


def _text(text: str, mark: Line, within: int) -> Scalar:
    """Return the text that a part of a line is, which may be in quotation marks."""
    first = text[:1]
    if first in {"", "#"}:
        raise _Unusual
    value: str | None = text
    if first in {'"', "'"}:
        value = text[1:-1]
        if first == '"':
            if "\n" in text:
                value = _FOLD.sub(" ", value)
            if "\\" in text:
                value = _ESCAPE.sub(r"\1", value)
    elif text == "null":
        value = None
    else:
        return Scalar(text, mark, None, within)
    return Scalar(value, mark, Line(mark.index + within + len(text), mark.line), within)


def _entries(text: str, mark: Line, within: int) -> Mapping | None:
    """Return the mapping that a part of a line is; None unless all its entries are as most are."""
    entries: dict[str, Node] = {}
    places: list[tuple[Line, int]] = []
    place = within + 1
    for name, word, pairs, first, second, only in _ENTRY.findall(text, 1):
        places.append((mark, place))
        place += len(name) + 2
        if word:
            entries[name] = Scalar(word, mark, None, place)
            place += len(word)
        elif pairs:
            end = place + len(pairs) + 2
            entries[name] = NumberLists(pairs, mark, mark.index + end, place)
            place = end
        elif first:
            entries[name] = Numbers((first, second), mark, place)
            place += len(first) + len(second) + 4
        else:
            end = place + len(only) + 2
            entries[name] = Sequence([Scalar(only, mark, None, place + 1)], mark, mark.index + end, place)
            place = end
        place += 2
    usual = place == within + len(text) + 1 and len(entries) == len(places) and "null" not in text and "\n" not in text
    return FlowMapping(entries, places, mark, mark.index + within + len(text), within) if usual else None


def _item(text: str, place: int, line: Line, within: int, depth: int) -> tuple[Node, int]:
    """Return the value that begins at a place of a text in brackets, and where it ends; the text begins in a line."""
    found = _ITEM.match(text, place)
    if found is None or depth > 3:
        raise _Unusual
    mark, start = _place(text, place, line, within)
    end = found.end()
    if found[1]:
        return NumberLists(found[1], mark, line.index + within + end, start), end
    if found[2]:
        return Numbers((found[2], found[3]), mark, start), end
    if found[4]:
        return _text(found[4], mark, start), end
    # The place of each value in it is looked up.
    if len(text) > _LONGEST:
        raise _Unusual
    items: list[Node] = []
    entries: dict[str, Node] = {}
    places: list[tuple[Line, int]] = []
    listed = found[0] == "["
    while True:
        if listed:
            item, end = _item(text, end, line, within, depth + 1)
            items.append(item)
        else:
            name = _NAME.match(text, end)
            if name is None or name[1] in entries or name[1] == "null":
                raise _Unusual
            places.append(_place(text, end, line, within))
            entries[name[1]], end = _item(text, name.end(), line, within, depth + 1)
        if text[end : end + 1] == ("]" if listed else "}"):
            break
        comma = _COMMA.match(text, end)
        if comma is None:
            raise _Unusual
        end = comma.end()
    end += 1
    after = line.index + within + end
    return Sequence(items, mark, after, start) if listed else FlowMapping(entries, places, mark, after, start), end


def _place(text: str, place: int, line: Line, within: int) -> tuple[Line, int]:
    """Return the line in which a place of a text is, and where in it; the text begins in a line."""
    before = text.count("\n", 0, place)
    if not before:
        return line, within + place
    start = text.rindex("\n", 0, place) + 1
    return Line(line.index + within + start, line.line + before), place - start
