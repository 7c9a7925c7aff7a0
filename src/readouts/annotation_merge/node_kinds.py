"""What each place of an annotation file is, for a merge: a mapping of rows, a row, a list with identities, a value."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import PurePosixPath
from typing import Any

from readouts.annotations.nodes import Mapping, Node, Sequence

__all__ = [
    "Path",
    "Place",
    "Shape",
    "annotation_kind",
    "definition",
    "identity",
    "place_of",
    "plain",
    "shape_of",
    "written",
]

Path = tuple[str | int, ...]


class Shape(Enum):
    """How a place is merged.

    ROWS is a mapping whose keys are ids, and no mapping is an empty one. SET is a list whose items are what they say,
    in no order, and no list is an empty one. STEPS is a list whose items are what their position makes them. KEYED is
    a list of mappings that one of their keys tells apart. Anything else is a mapping of cells, or one value.
    """

    ROWS = auto()
    SET = auto()
    STEPS = auto()
    KEYED = auto()
    VALUE = auto()


_ROWS = {
    "article": ("statements", "relations", "carries", "mentions", "defaults", "chains"),
    "event": ("participants", "accounts", "alignments"),
    "entities": ("entities", "relations"),
    "corpus": (),
}
_KEYED = {"licenses": "name", "contributors": "title", "sources": "title", "accepted": "gate"}
_OWN = {
    # Per kind of file: the table its own cells are in, and for each mapping of rows the table and the form of a key.
    "article": ("articles", {"statements": "statements", "relations": "relations", "carries": "carriages"}),
    "event": ("events", {"participants": "participants", "accounts": "accounts", "alignments": "alignments"}),
    "entities": ("", {"entities": "entities", "relations": "relations"}),
    "corpus": ("", {}),
}
_LOCAL = frozenset(["statements", "alignments"])


@dataclass(frozen=True, slots=True)
class Place:
    """What a place of an annotation file is called in the tables."""

    table: str
    key: tuple[str, ...]
    field: str | None


def annotation_kind(path: str) -> tuple[str, str] | None:
    """Return the kind and id of the annotation file that a path means; None if it means none.

    Examples
    --------
    >>> annotation_kind("annotations/articles/herald-2031-05-02.yaml")
    ('article', 'herald-2031-05-02')
    >>> annotation_kind("notes.yaml") is None
    True
    """
    where = PurePosixPath(path)
    if where.suffix != ".yaml":
        return None
    if where.parent.name in {"articles", "events"}:
        return where.parent.name.removesuffix("s"), where.stem
    return (where.stem, "") if where.name in {"entities.yaml", "corpus.yaml"} else None


def shape_of(kind: str, path: Path) -> Shape:
    """Return how a place is merged.

    Examples
    --------
    >>> shape_of("article", ("mentions", "jana-marek")).name, shape_of("article", ("statements", "s01", "act")).name
    ('SET', 'VALUE')
    """
    if not path or (len(path) == 1 and path[0] in _ROWS[kind]):
        return Shape.ROWS
    if kind == "article":
        if path == ("regions",) or (path[0] == "mentions" and len(path) == 2):
            return Shape.SET
        for chain in (("chains", *path[1:2]), ("defaults", "sources"), ("statements", *path[1:2], "sources")):
            if path[: len(chain)] == chain and all(isinstance(part, int) for part in path[len(chain) :]):
                return Shape.STEPS
    if kind == "corpus" and len(path) == 1 and path[0] in _KEYED:
        return Shape.KEYED
    return Shape.VALUE


def identity(path: Path) -> str:
    """Return the key that tells the mappings of a KEYED list apart."""
    return _KEYED[str(path[0])]


def place_of(kind: str, file_id: str, path: Path) -> Place:
    """Return what a place is called in the tables.

    Examples
    --------
    >>> place_of("article", "herald", ("statements", "s01", "sources", 0, "entity"))
    Place(table='statements', key=('herald.s01',), field='sources.0.entity')
    """
    table, rows = _OWN[kind]
    own = (file_id,) if file_id else ()
    if path and len(path) > 1 and path[0] in rows:
        table, name = rows[str(path[0])], str(path[1])
        key: tuple[str, ...] = (name,)
        if table in _LOCAL or (table == "relations" and file_id):
            key = (f"{file_id}.{name}",)
        elif table == "participants":
            key = (file_id, name)
        elif table == "carriages":
            key = (name, file_id)
        return Place(table, key, ".".join(map(str, path[2:])) or None)
    if path and path[0] in {"mentions", "regions"}:
        table = "spans"
    return Place(table, own, ".".join(map(str, path)) or None)


def definition(kind: str, file_id: str, table: str, row_id: str) -> Path | None:
    """Return the place of a file that defines an id; `()` is the file as a whole, None means that it doesn't."""
    own, rows = _OWN[kind]
    if table == own and row_id == file_id:
        return ()
    for name, held in rows.items():
        if held == table:
            local = table in _LOCAL or (table == "relations" and bool(file_id))
            return (name, row_id.removeprefix(f"{file_id}.") if local else row_id)
    return None


def plain(node: Node | None) -> Any:
    r"""Return what a node says, as plain values: without layout, order of keys, and keys that have no value.

    Examples
    --------
    >>> from readouts.annotations.nodes import parse
    >>> plain(parse("a: [1, x]\nb:\nc: {}\n", "x.yaml"))
    {'a': ['1', 'x']}
    """
    if node is None:
        return None
    if isinstance(node, Mapping):
        entries = {name: plain(entry) for name, entry in sorted(node.items.items())}
        return {name: entry for name, entry in entries.items() if entry is not None and entry not in ({}, [])}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value


def written(value: Any) -> str:
    """Return plain values as one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
