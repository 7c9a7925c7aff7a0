"""Writing a merge plan into our text: only what comes from theirs changes, everything else stays byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.annotation_merge.plan import Entry, Kept, Mixed, Plan, Taken
from readouts.annotations.nodes import Mapping, Node, Scalar, Sequence
from readouts.annotations.values import double_quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["comments", "edited", "line_extent"]

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$", re.MULTILINE)
_IN_FLOW = re.compile(r"[,\[\]{}]|: | #|:$")

Collection = Mapping | Sequence


def comments(text: str) -> list[str]:
    r"""Return the comments of a text.

    Examples
    --------
    >>> comments("# top\na: b#c  # end\n")
    ['# top', '# end']
    """
    return [match[0].rstrip() for match in _COMMENT.finditer(text)]


def edited(plan: Mixed, ours: str, theirs: str, base: str) -> str:
    """Return our text with a plan put into it.

    Parameters
    ----------
    plan
        The plan of the file's whole mapping, of which at least one entry is ours.
    ours, theirs, base
        The texts that its nodes are places of, and that both come from.
    """
    editor = _Editor(ours, theirs, base)
    editor.collection(plan)
    found, place = [], 0
    for start, end, _, text in sorted(editor.edits, key=lambda edit: edit[:3]):
        found += [ours[place:start], text]
        place = end
    return "".join([*found, ours[place:]])


def _is_flow(text: str, node: Collection) -> bool:
    return text[node.start] in "[{"


def _end(text: str, node: Node) -> int:
    """Return the end of a node without the white space that follows it."""
    end = node.end
    while end > node.start and text[end - 1] in " \t\r\n":
        end -= 1
    return end


def _line_end(text: str, place: int) -> int:
    """Return where the line after this one begins."""
    end = text.find("\n", place)
    return len(text) if end < 0 else end + 1


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _extent(text: str, node: Collection, index: int) -> tuple[int, int]:
    """Return where an entry starts, with its key or dash, and where it ends."""
    if isinstance(node, Mapping):
        name = list(node.items)[index]
        key, value = node.keys[name], node.items[name]
        return key.start, max(_end(text, value), key.end + (0 if _is_flow(text, node) else 1))
    item = node.items[index]
    start = item.start
    if not _is_flow(text, node):
        # The dash is on the item's line or above it, in the column of the list.
        line, column = _line_start(text, start), node.column - 1
        while text[line + column : line + column + 1] != "-":
            line = _line_start(text, line - 1)
        start = line + column
    return start, max(_end(text, item), item.start)


def line_extent(text: str, node: Mapping, index: int) -> slice:
    """Return which lines of a text an entry of a mapping takes up, counted from 0."""
    start, end = _extent(text, node, index)
    first = text.count("\n", 0, start)
    return slice(first, first + text.count("\n", start, end) + 1)


def _shifted(text: str, by: int) -> str:
    """Indent the lines of a text but for the first by so many more or, if negative, fewer spaces."""
    first, *rest = text.split("\n")
    if by >= 0:
        return "\n".join([first, *(" " * by + line if line.strip() else line for line in rest)])
    return "\n".join([first, *(line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in rest)])


class _Editor:
    """Collects the edits of one file: start, end, depth and new text."""

    def __init__(self, ours: str, theirs: str, base: str) -> None:
        self.text = ours
        self.other = theirs
        self.known_comments = set(comments(base))
        self.edits: list[tuple[int, int, int, str]] = []

    def collection(self, plan: Mixed, depth: int = 0) -> None:
        """Edit a collection that is ours."""
        node = plan.ours
        if node is None:
            return
        flow = _is_flow(self.text, node)
        kept: list[int] = []
        added: dict[int, list[Entry]] = {}
        names = list(node.items) if isinstance(node, Mapping) else []
        for entry in plan.entries:
            index = names.index(entry.key) if entry.key in names else entry.ours
            if index is None:
                added.setdefault(len(kept), []).append(entry)
                continue
            kept.append(index)
            if isinstance(entry.plan, Mixed) and entry.plan.ours is not None:
                self.collection(entry.plan, depth + 1)
            elif not isinstance(entry.plan, Kept):
                self.replace(plan, entry, node, index, flow=flow)
        if flow:
            self.flow_gaps(plan, node, kept, added)
        else:
            self.block_lines(plan, node, kept, added, depth)

    def replace(self, plan: Mixed, entry: Entry, node: Collection, index: int, *, flow: bool) -> None:
        """Put the value of theirs in place of ours."""
        start, end = _extent(self.text, node, index)
        rest = self.text[end : _line_end(self.text, end)].strip()
        text = self.entry_text(plan, entry, node.column - 1, flow=flow)
        if "\n" in text and rest:
            text = self.entry_text(plan, entry, node.column - 1, flow=flow, one_line=True)
        self.edits.append((start, end, 0, text))

    def entry_text(self, plan: Mixed, entry: Entry, indent: int, *, flow: bool, one_line: bool = False) -> str:
        """Return an entry as it is written in a collection of ours: as theirs wrote it, where that will do."""
        head = self.key_text(plan, entry) + ": " if plan.is_mapping else ("" if flow else "- ")
        source = plan.theirs
        if isinstance(entry.plan, Taken) and source is not None and not flow and not one_line:
            block = not _is_flow(self.other, source)
            index = list(source.items).index(entry.key) if isinstance(source, Mapping) else entry.theirs
            if block and index is not None:
                start, end = _extent(self.other, source, index)
                return _shifted(self.other[start:end], indent + 1 - source.column)
        if isinstance(entry.plan, Mixed) and not flow and not one_line:
            lines = [
                " " * (indent + 2) + self.entry_text(entry.plan, child, indent + 2, flow=False)
                for child in entry.plan.entries
            ]
            return "\n".join([head.rstrip(), *lines])
        return head + self.inline(entry.plan, flow=flow)

    def key_text(self, plan: Mixed, entry: Entry) -> str:
        """Return a key as it is written: by ours, else by theirs."""
        for text, node in ((self.text, plan.ours), (self.other, plan.theirs)):
            if isinstance(node, Mapping) and entry.key in node.keys:
                key = node.keys[entry.key]
                return text[key.start : key.end].rstrip()
        return double_quoted(entry.key)

    def inline(self, plan: Plan, *, flow: bool) -> str:
        """Return a value on one line."""
        if isinstance(plan, Mixed):
            parts = [
                (f"{self.key_text(plan, entry)}: " if plan.is_mapping else "") + self.inline(entry.plan, flow=True)
                for entry in plan.entries
            ]
            return ("{%s}" if plan.is_mapping else "[%s]") % ", ".join(parts)
        return self.value_text(self.text if isinstance(plan, Kept) else self.other, plan.node, flow=flow)

    def value_text(self, text: str, node: Node, *, flow: bool) -> str:
        """Return a node of a text on one line."""
        raw = text[node.start : _end(text, node)]
        if isinstance(node, Scalar):
            if node.value is None:
                return "null"
            plain = raw[:1] not in {'"', "'", "|", ">"}
            if "\n" in raw or raw[:1] in {"|", ">"} or (flow and plain and _IN_FLOW.search(raw)):
                return double_quoted(node.value)
            return raw
        if _is_flow(text, node) and "\n" not in raw:
            return raw
        if isinstance(node, Mapping):
            parts = [
                f"{text[key.start : key.end].rstrip()}: {self.value_text(text, node.items[name], flow=True)}"
                for name, key in node.keys.items()
            ]
            return "{" + ", ".join(parts) + "}"
        return "[" + ", ".join(self.value_text(text, item, flow=True) for item in node.items) + "]"

    def flow_gaps(self, plan: Mixed, node: Collection, kept: list[int], added: dict[int, list[Entry]]) -> None:
        """Take entries out of a flow collection and put others in, by editing what is between those that stay."""
        count = len(node.items)
        if len(kept) == count and not added:
            return
        extents = [_extent(self.text, node, index) for index in range(count)]
        # The text before each entry, and after the last one.
        gaps = [self.text[node.start + 1 : extents[0][0]]]
        gaps += [self.text[extents[index - 1][1] : extents[index][0]] for index in range(1, count)]
        tail = self.text[extents[-1][1] : node.end - 1]
        for number in range(len(kept) + 1):
            new = [self.entry_text(plan, entry, 0, flow=True) for entry in added.get(number, [])]
            before = extents[kept[number - 1]][1] if number else node.start + 1
            behind = extents[kept[number]][0] if number < len(kept) else node.end - 1
            if number == 0:
                text = gaps[0] + "".join(f"{part}, " for part in new)
            elif number < len(kept):
                text = "".join(f", {part}" for part in new) + gaps[kept[number]]
            else:
                text = "".join(f", {part}" for part in new) + tail
            if self.text[before:behind] != text:
                self.edits.append((before, behind, 0, text))

    def block_lines(
        self, plan: Mixed, node: Collection, kept: list[int], added: dict[int, list[Entry]], depth: int
    ) -> None:
        """Take entries out of a block collection, with their lines, and put others in."""
        indent = node.column - 1
        for index in range(len(node.items)):
            if index not in kept:
                self.edits.append((*self.lines_of(node, index), -depth, ""))
        for number, entries in added.items():
            # Nothing is put before the first entry: what is above that may be the file's own comment.
            index = kept[max(number - 1, 0)]
            place = _line_end(self.text, _extent(self.text, node, index)[1])
            lines = "" if self.text[place - 1 : place] == "\n" else "\n"
            for entry in entries:
                lines += "".join(f"{' ' * indent}{comment}\n" for comment in self.comments_above(plan, entry))
                lines += f"{' ' * indent}{self.entry_text(plan, entry, indent, flow=False)}"
                lines += f"{self.comment_behind(plan, entry)}\n"
            self.edits.append((place, place, -depth, lines))

    def lines_of(self, node: Collection, index: int) -> tuple[int, int]:
        """Return the place of an entry's lines, with the comments directly above it that both sides know."""
        start, end = _extent(self.text, node, index)
        behind, line = _line_end(self.text, end), _line_start(self.text, start)
        if self.text[line:start].strip():
            # The first entry after a dash: the next one moves up to it.
            return start, min(behind + node.column - 1, len(self.text))
        for above in self._lines_above(self.text, line):
            if self.text[above : _line_end(self.text, above)].strip() not in self.known_comments:
                break
            line = above
        return line, behind

    @staticmethod
    def _lines_above(text: str, line: int) -> Iterator[int]:
        """Yield the starts of the comment lines directly above a line, upwards."""
        while line > 0:
            above = _line_start(text, line - 1)
            if not text[above:line].lstrip(" ").startswith("#"):
                return
            yield above
            line = above

    def _place(self, plan: Mixed, entry: Entry) -> tuple[int, int] | None:
        """Return where theirs has an entry in a block collection."""
        source = plan.theirs
        if source is None or _is_flow(self.other, source) or not isinstance(entry.plan, Taken):
            return None
        index = list(source.items).index(entry.key) if isinstance(source, Mapping) else entry.theirs
        return None if index is None else _extent(self.other, source, index)

    def comments_above(self, plan: Mixed, entry: Entry) -> list[str]:
        """Return the comments that theirs wrote directly above a new entry."""
        place = self._place(plan, entry)
        if place is None:
            return []
        line = _line_start(self.other, place[0])
        above = [
            self.other[start : _line_end(self.other, start)].strip() for start in self._lines_above(self.other, line)
        ]
        return [comment for comment in reversed(above) if comment not in self.known_comments]

    def comment_behind(self, plan: Mixed, entry: Entry) -> str:
        """Return the comment that theirs wrote after a new entry, on its last line."""
        place = self._place(plan, entry)
        return "" if place is None else self.other[place[1] : _line_end(self.other, place[1])].rstrip()
