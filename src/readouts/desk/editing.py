"""An annotation file as plain data, and changed data written back: comments, order and layout stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from readouts.annotation_merge.annotations import File, merge_annotation, read_annotation
from readouts.annotation_merge.node_kinds import plain
from readouts.annotation_merge.plan import Mixed, Planner
from readouts.annotation_merge.text_edit import edited
from readouts.annotations.nodes import Mapping, Scalar, Sequence, YamlError, parse
from readouts.annotations.values import double_quoted
from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from readouts.annotations.nodes import Node
    from readouts.datapackage.merging.conflict import Conflict

__all__ = ["NOTHING", "Data", "Rows", "data_of", "merged", "span_items", "with_data"]

Data = str | list["Data"] | dict[str, "Data"] | None
Rows = dict[str, Data]

NOTHING = "desk-writes-nothing-here"
"""Stands for a key without a value, which takes a default back; a merge would take such a key for none."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*", re.ASCII)


def data_of(node: Node) -> Data:
    r"""Return what a node says, with its keys in their order.

    Examples
    --------
    >>> data_of(parse("b: [1, x]\na:\n", "x.yaml"))
    {'b': ['1', 'x'], 'a': None}
    """
    if isinstance(node, Mapping):
        return {name: data_of(entry) for name, entry in node.items.items()}
    if isinstance(node, Sequence):
        return [data_of(item) for item in node.items]
    return node.value if isinstance(node, Scalar) else None


def span_items(value: Data) -> list[Data]:
    """Return the spans that a value holds: one may be written without a list.

    Examples
    --------
    >>> span_items("said"), span_items(["3", "14"]), span_items([["3", "14"], "said"])
    (['said'], [['3', '14']], [['3', '14'], 'said'])
    """
    if not isinstance(value, list):
        return [] if value is None else [value]
    offsets = len(value) == 2 and all(isinstance(each, str) and each.isdecimal() for each in value)
    return [value] if offsets else value


def with_data(source: str, kind: str, file_id: str, data: Rows) -> str:
    r"""Return a file's text with what changed in its data; everything else stays byte for byte.

    Parameters
    ----------
    source
        The text.
    kind, file_id
        Which file it is, as `annotation_kind` tells.
    data
        What the file is to say.

    Raises
    ------
    ReadoutsError
        The layout of the file doesn't allow the change.

    Examples
    --------
    >>> source = "kind: call  # by phone\ntitle: A call\n"
    >>> print(with_data(source, "event", "call", {"kind": "visit", "title": "A call"}))
    kind: visit  # by phone
    title: A call
    <BLANKLINE>
    """
    newline = "\r\n" if "\r\n" in source else "\n"
    lines = source.replace("\r\n", "\n")
    wanted = _dumped(data)
    ours, theirs = parse(lines, file_id), parse(wanted, file_id)
    plan = Planner(kind, file_id, file_id).merge(ours, ours, theirs)
    text = edited(plan, lines, wanted, lines) if isinstance(plan, Mixed) else lines
    try:
        same = plain(parse(text, file_id)) == plain(theirs)
    except YamlError:
        same = False
    if not same:
        message = f"{file_id}: the layout of the file doesn't allow this change. Put every key on a line of its own."
        raise ReadoutsError(message)
    return text.replace(NOTHING, "~").replace("\n", newline)


def merged(file: File, base: str, ours: str, theirs: str) -> tuple[str, tuple[Conflict, ...]]:
    """Merge two changes of a file's text; where both changed the same, the text has ours, and a conflict says so."""
    versions = (read_annotation(text.encode(), file.name) for text in (base, ours, theirs))
    found = merge_annotation(file, *versions)
    text = (found.readable or found.data).decode()
    return text.replace("\n", "\r\n") if "\r\n" in ours else text, found.conflicts


def _dumped(data: Rows) -> str:
    lines = []
    for key, value in data.items():
        if isinstance(value, dict) and value:
            lines.append(f"{_flow(key)}:")
            for name, row in value.items():
                lines += _row(name, row)
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            lines += [f"{key}:", *(f"  - {_flow(item)}" for item in value)]
        else:
            lines.append(f"{key}: {_flow(value)}".rstrip())
    return "\n".join([*lines, ""])


def _row(name: str, row: Data) -> list[str]:
    if not isinstance(row, dict) or not row or not {"content", "a"} & row.keys():
        return [f"  {name}: {_flow(row)}".rstrip()]
    lines = [f"  {name}:"]
    for key, value in row.items():
        if key == "sources" and isinstance(value, list):
            lines += ["    sources:", *(f"      - {_flow(item)}" for item in value)]
        else:
            lines.append(f"    {key}: {_flow(value)}".rstrip())
    return lines


def _flow(value: Data) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(each) or 'null'}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) or "null" for each in value) + "]"
    if value is None:
        return ""
    plain_text = _PLAIN.fullmatch(value) and not value.endswith(" ") and value != "null"
    return value if plain_text else double_quoted(value)
