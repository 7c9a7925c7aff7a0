"""Three versions of an annotation file, merged node by node: what stays as ours, what is taken from theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from readouts.annotation_merge.node_kinds import Path, Shape, identity, place_of, plain, shape_of, written
from readouts.annotations.nodes import Mapping, Node, Scalar, Sequence, is_offsets
from readouts.datapackage.merging.conflict import Conflict, ConflictKind, conflict

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Entry", "Kept", "Mixed", "Plan", "Planner", "Taken", "planned"]

_ANCHOR = (
    "`readouts anchor` writes this block: keep one side between the markers, of `spans_allotted` "
    "the higher number, then run `readouts anchor {} --texts DIR`."
)

_GONE = (
    "Keep the row or delete it, and delete the markers. An id that was published and goes needs a row in the table "
    "id_changes."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A node stays as ours."""

    node: Node


@dataclass(frozen=True, slots=True)
class Taken:
    """A node is as theirs."""

    node: Node


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a collection: its key in a mapping, its index in ours and in theirs in a list, and its plan."""

    plan: Plan
    key: str = ""
    ours: int | None = None
    theirs: int | None = None


@dataclass(frozen=True, slots=True)
class Mixed:
    """A collection with entries of both sides; `ours` is None where nothing of it is ours."""

    ours: Mapping | Sequence | None
    theirs: Mapping | Sequence | None
    entries: tuple[Entry, ...]

    @property
    def is_mapping(self) -> bool:
        """Whether it is a mapping, else a list."""
        return isinstance(self.ours or self.theirs, Mapping)


Plan = Kept | Taken | Mixed


def planned(plan: Plan | None) -> Any:
    """Return what a plan says, as `plain` returns what a node says."""
    if plan is None:
        return None
    if not isinstance(plan, Mixed):
        return plain(plan.node)
    if not plan.is_mapping:
        return [planned(entry.plan) for entry in plan.entries]
    entries = {entry.key: planned(entry.plan) for entry in sorted(plan.entries, key=lambda entry: entry.key)}
    return {key: entry for key, entry in entries.items() if entry is not None and entry not in ({}, [])}


@dataclass
class Planner:
    """Merges the nodes of one file.

    Attributes
    ----------
    kind, file_id, file
        Kind of the file, its id, what messages call it.
    prefer_ours
        Which side the plan takes in a conflict: it is made twice, to show both.
    needed
        Places that one side deleted although the other side refers to them: their deletion is in conflict.
    """

    kind: str
    file_id: str
    file: str
    prefer_ours: bool = True
    needed: frozenset[Path] = frozenset()
    conflicts: list[Conflict] = field(default_factory=list)
    fresh: bool = False

    def merge(self, base: Node | None, ours: Node | None, theirs: Node | None, path: Path = ()) -> Plan | None:
        """Return what becomes of a place; None where nothing is left there."""
        old, mine, yours = plain(base), plain(ours), plain(theirs)
        one_gone = ours is None or theirs is None
        if path in self.needed and one_gone:
            return self._side(ours, theirs)
        shape = shape_of(self.kind, path)
        if self.fresh and len(path) == 1 and shape is Shape.VALUE and mine != yours:
            return self._conflict(ConflictKind.ADDED, base, ours, theirs, path)
        if mine == yours or (yours == old and not self._within(path)):
            return None if ours is None else Kept(ours)
        merge = self._merger(shape, base, ours, theirs)
        if merge is not None:
            return merge(base, ours, theirs, path)
        if yours == old:
            return None if ours is None else Kept(ours)
        if mine == old:
            return None if theirs is None else Taken(theirs)
        return self._conflict(_clash(base, ours, theirs), base, ours, theirs, path)

    def _within(self, path: Path) -> bool:
        """Return whether a place that is needed lies below."""
        return any(place[: len(path)] == path for place in self.needed)

    def _merger(
        self, shape: Shape, base: Node | None, ours: Node | None, theirs: Node | None
    ) -> Callable[[Any, Any, Any, Path], Plan | None] | None:
        """Return what merges a collection entry by entry; None where it is one value."""
        sides = (base, ours, theirs)
        if shape is Shape.ROWS and all(side is None or isinstance(side, Mapping) or _null(side) for side in sides):
            return self._mapping
        if shape is Shape.SET and all(_distinct(side) for side in sides):
            return self._set
        if shape is Shape.STEPS and _aligned(base, ours, theirs):
            return self._steps
        if shape is Shape.KEYED and all(isinstance(side, Sequence) for side in sides):
            return self._keyed
        if all(isinstance(side, Mapping) for side in sides):
            return self._mapping
        return None

    def _side(self, ours: Node | None, theirs: Node | None) -> Plan | None:
        if self.prefer_ours:
            return None if ours is None else Kept(ours)
        return None if theirs is None else Taken(theirs)

    def _conflict(
        self, kind: ConflictKind, base: Node | None, ours: Node | None, theirs: Node | None, path: Path
    ) -> Plan | None:
        place = place_of(self.kind, self.file_id, path)
        texts = [None if node is None else written(plain(node)) for node in (base, ours, theirs)]
        name = f"'{place.field}'" if place.field else "the row"
        of = f" of {', '.join(place.key)}" if place.key else ""
        if kind is ConflictKind.DELETED:
            who, other = ("ours", "theirs") if ours is None else ("theirs", "ours")
            message = f"{name}{of} was deleted by {who} and changed by {other}."
        elif kind is ConflictKind.ADDED:
            message = f"Both sides added {name}{of}, and not the same."
        else:
            message = f"Both sides changed {name}{of}, and not to the same."
        fix = _GONE if kind is ConflictKind.DELETED else None
        if self.kind == "article" and path[:1] == ("text",):
            fix = _ANCHOR.format(self.file_id)
        self.conflicts.append(
            conflict(
                kind,
                message[0].upper() + message[1:],
                fix=fix,
                file=self.file,
                line=None if ours is None else ours.line,
                table=place.table,
                key=place.key,
                field=place.field,
                base=texts[0],
                ours=texts[1],
                theirs=texts[2],
            )
        )
        return self._side(ours, theirs)

    def _mapping(self, base: Node | None, ours: Node | None, theirs: Node | None, path: Path) -> Plan | None:
        old, mine, yours = (side.items if isinstance(side, Mapping) else {} for side in (base, ours, theirs))
        entries = []
        for key in mine:
            plan = self.merge(old.get(key), mine[key], yours.get(key), (*path, key))
            if plan is not None:
                entries.append(Entry(plan, key))
        for number, key in enumerate(yours):
            if key not in mine:
                plan = self.merge(old.get(key), None, yours[key], (*path, key))
                if plan is not None:
                    entries.insert(_behind(entries, list(yours)[:number], [*old, *yours]), Entry(plan, key))
        return _mixed(ours, theirs, entries, any(entry.key in mine for entry in entries))

    def _set(self, base: Node | None, ours: Node | None, theirs: Node | None, path: Path) -> Plan | None:
        """Merge a list as a set. What both sides took out and each replaced by something else was edited twice."""
        old, mine, yours = (_items(side) for side in (base, ours, theirs))
        gone = [key for key in old if key not in mine and key not in yours]
        if gone and {key for key in mine if key not in old} != {key for key in yours if key not in old}:
            return self._conflict(ConflictKind.CELL, base, ours, theirs, path)
        entries = [
            Entry(Kept(node), key, index)
            for index, (key, node) in enumerate(mine.items())
            if key in yours or key not in old
        ]
        for index, (key, node) in enumerate(yours.items()):
            if key not in mine and key not in old:
                place = _behind(entries, list(yours)[:index], [*old, *yours])
                entries.insert(place, Entry(Taken(node), key, theirs=index))
        return _mixed(ours, theirs, entries, any(entry.ours is not None for entry in entries))

    def _steps(self, base: Sequence, ours: Sequence, theirs: Sequence, path: Path) -> Plan | None:
        entries = []
        for index, nodes in enumerate(zip(base.items, ours.items, theirs.items, strict=True)):
            plan = self.merge(*nodes, (*path, index))
            if plan is not None:
                entries.append(Entry(plan, ours=index, theirs=index))
        return Mixed(ours, theirs, tuple(entries))

    def _keyed(self, base: Sequence, ours: Sequence, theirs: Sequence, path: Path) -> Plan | None:
        name = identity(path)
        named = [_named(side, name) for side in (base, ours, theirs)]
        if any(side is None for side in named):
            if plain(ours) == plain(base):
                return Taken(theirs)
            return self._conflict(ConflictKind.CELL, base, ours, theirs, path)
        old, mine, yours = (side or {} for side in named)
        entries = []
        for index, key in enumerate(mine):
            plan = self.merge(old.get(key), mine[key], yours.get(key), (*path, key))
            if plan is not None:
                entries.append(Entry(plan, key, index, list(yours).index(key) if key in yours else None))
        for index, key in enumerate(yours):
            if key not in mine:
                plan = self.merge(old.get(key), None, yours[key], (*path, key))
                if plan is not None:
                    place = _behind(entries, list(yours)[:index], [*old, *yours])
                    entries.insert(place, Entry(plan, key, theirs=index))
        return _mixed(ours, theirs, entries, any(entry.ours is not None for entry in entries))


def _clash(base: Node | None, ours: Node | None, theirs: Node | None) -> ConflictKind:
    if base is None:
        return ConflictKind.ADDED
    return ConflictKind.DELETED if ours is None or theirs is None else ConflictKind.CELL


def _mixed(ours: Any, theirs: Any, entries: list[Entry], some_ours: bool) -> Plan | None:
    if not entries:
        return None
    return Mixed(ours if some_ours else None, theirs, tuple(entries))


def _behind(entries: list[Entry], before: list[str], known: list[str]) -> int:
    """Return where an entry of theirs goes: after the one it follows there, and after what ours added after it."""
    place = max((number for number, entry in enumerate(entries) if entry.key in before), default=0) + 1
    while place < len(entries) and entries[place].key not in known:
        place += 1
    return min(place, len(entries))


def _null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _items(node: Node | None) -> dict[str, Node]:
    return {written(plain(item)): item for item in node.items} if isinstance(node, Sequence) else {}


def _distinct(node: Node | None) -> bool:
    """Return whether a node is a list of which each item occurs once, or nothing."""
    if isinstance(node, Sequence):
        return len(_items(node)) == len(node.items) and not is_offsets(node)
    return node is None or _null(node)


def _named(node: Sequence, name: str) -> dict[str, Node] | None:
    """Return the mappings of a list by one of their keys; None where it doesn't tell them apart."""
    found: dict[str, Node] = {}
    for item in node.items:
        value = item.items.get(name) if isinstance(item, Mapping) else None
        if not isinstance(value, Scalar) or value.value is None or value.value in found:
            return None
        found[value.value] = item
    return found


def _aligned(*sides: Node | None) -> bool:
    """Return whether lists can be merged position by position: as many items each, none moved to another place."""
    lists = [side.items for side in sides if isinstance(side, Sequence)]
    if len(lists) < len(sides) or len({len(items) for items in lists}) > 1:
        return False
    names = [[_source(item) for item in items] for items in lists]
    return all(names[0] == other or sorted(names[0]) != sorted(other) for other in names[1:])


def _source(node: Node) -> str:
    """Return who a step of a source chain names."""
    if isinstance(node, Mapping):
        return written({key: plain(entry) for key, entry in sorted(node.items.items()) if key not in {"at", "cue"}})
    return written([_source(item) for item in node.items]) if isinstance(node, Sequence) else written(plain(node))
