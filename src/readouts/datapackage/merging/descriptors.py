"""Three versions of a descriptor, merged property by property; resources and fields by their names."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from readouts.datapackage.merging.conflict import Conflict, ConflictKind, MergedFile, MergeError, conflict
from readouts.datapackage.merging.order import merged_order
from readouts.datapackage.merging.text import has_markers, marked, merged_chunks
from readouts.datapackage.strict_json import load_unique

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Place", "descriptor_texts", "merge_descriptor", "merge_values", "read_descriptor"]

_ABSENT: Any = object()
_NAMES = {"resources": "name", "fields": "name", "licenses": "name", "contributors": "title", "sources": "title"}
_INDENT = re.compile(r'\{[ \t]*\r?\n([ \t]+)"')
_WRITTEN = frozenset(["hash", "bytes", "rowCount"])
"""Properties of a resource that follow from its file."""

Place = tuple[str, ...]
Both = tuple[Any, Any]
Sides = tuple[Any, Any, Any]


def read_descriptor(data: bytes, side: str) -> Any:
    """Read one version; an empty file is an empty descriptor.

    Raises
    ------
    MergeError
        It is not a JSON object, has a key twice, or has the markers of an earlier conflict.
    """
    try:
        text = data.decode("utf-8-sig")
        if has_markers(text):
            message = f"{side} has the markers of a conflict that isn't resolved yet. Resolve it, then merge again."
            raise MergeError(message)
        descriptor = load_unique(text or "{}")
    except (ValueError, RecursionError) as error:
        message = f"{side} can't be read as JSON: {str(error).rstrip('.')}. Fix it, then merge again."
        raise MergeError(message) from error
    if not isinstance(descriptor, dict):
        message = f"{side}: expected a JSON object, found {type(descriptor).__name__}."
        raise MergeError(message)
    return descriptor


def merge_descriptor(base: bytes, ours: bytes, theirs: bytes, file: str) -> MergedFile:
    r"""Merge three versions of a descriptor.

    Hash, size and row count follow from the merged tables, and can't be merged: they are in conflict until
    the package is built again.

    Examples
    --------
    >>> merged = merge_descriptor(b'{"title": "a"}', b'{"title": "b"}', b'{"title": "a", "version": "2"}', "x.json")
    >>> json.loads(merged.data)
    {'title': 'b', 'version': '2'}
    """
    if theirs in {base, ours}:
        return MergedFile(ours, readable=ours)
    if ours == base:
        return MergedFile(theirs, readable=theirs)
    sides = zip((base, ours, theirs), ("base", "ours", "theirs"), strict=True)
    old, first, second = (read_descriptor(data, f"{file} ({side})") for data, side in sides)
    (mine, yours), conflicts = merge_values(old, first, second, file)
    texts = descriptor_texts((base, ours, theirs), (mine, yours))
    return MergedFile(marked(*texts).encode(), tuple(conflicts), (), texts[0].encode())


def descriptor_texts(versions: tuple[bytes, bytes, bytes], merged: Both) -> list[str]:
    r"""Return both versions of a merged descriptor as texts.

    Where a merge by line says the same, lines stay as they are; else all of it is written with the indentation and the
    line ends of ours.

    Examples
    --------
    >>> versions = b'{"a": [1], "b": 1}\n', b'{\n\t"a": [2],\n\t"b": 1\n}\n', b'{"a": [1], "b": 2}\n'
    >>> descriptor_texts(versions, ({"a": [2], "b": 2},) * 2)[0]
    '{\n\t"a": [\n\t\t2\n\t],\n\t"b": 2\n}\n'
    """
    texts = [data.decode("utf-8-sig") for data in versions]
    chunks = [*merged_chunks(*texts)]
    by_line = ["".join(line for chunk in chunks for line in chunk[side]) for side in (0, 1)]
    if all(_says(text, value) for text, value in zip(by_line, merged, strict=True)):
        return by_line
    ours = texts[1] or texts[2]
    indent = _INDENT.match(ours)
    written = [json.dumps(value, indent=indent[1] if indent else 2, ensure_ascii=False) + "\n" for value in merged]
    end = "\r\n" if "\r\n" in ours else "\n"
    return [text.replace("\n", end) for text in written]


def _says(text: str, value: Any) -> bool:
    """Return whether a text is a value in JSON."""
    try:
        return _same(load_unique(text), value)
    except (ValueError, RecursionError):
        return False


def merge_values(
    base: Any, ours: Any, theirs: Any, file: str, disputes: Mapping[Place, str] | None = None
) -> tuple[Both, list[Conflict]]:
    """Return the merged descriptor with our side, and with their side, of every conflict; and the conflicts.

    Parameters
    ----------
    base, ours, theirs
        The versions.
    file
        What messages call the descriptor.
    disputes
        Places at which each side keeps its own value, because of a conflict elsewhere, and the message that says so.
    """
    merger = _Merger(file, disputes or {})
    return merger.merge((base, ours, theirs), ()), merger.conflicts


def _same(a: Any, b: Any) -> bool:
    """Compare as JSON does: true is not 1, and 1 is not 1.0."""
    if a is _ABSENT or b is _ABSENT:
        return a is b
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def _named(side: Any, name: str | None) -> dict[str, Any] | None:
    """Return the objects of a list by name; None where they have none, or share one."""
    if name is None or not isinstance(side, list):
        return None
    found = {item[name]: item for item in side if isinstance(item, dict) and isinstance(item.get(name), str)}
    return found if len(found) == len(side) else None


class _Merger:
    """Merges one descriptor, and collects its conflicts."""

    def __init__(self, file: str, disputes: Mapping[Place, str]) -> None:
        self.file = file
        self.disputes = disputes
        self.conflicts: list[Conflict] = []

    def merge(self, sides: Sides, path: Place) -> Both:
        """Return what becomes of a value: with our side of what is in conflict, and with theirs."""
        base, ours, theirs = sides
        if _same(ours, theirs):
            return ours, ours
        if path in self.disputes:
            self.conflicts.append(_conflict(sides, path, self.file, self.disputes[path]))
            return ours, theirs
        if not any(place[: len(path)] == path for place in self.disputes):
            if _same(theirs, base):
                return ours, ours
            if _same(ours, base):
                return theirs, theirs
        if isinstance(base, dict) and isinstance(ours, dict) and isinstance(theirs, dict):
            found = self.entries((base, ours, theirs), path)
            mine = {key: value for key, (value, _) in found if value is not _ABSENT}
            return mine, {key: value for key, (_, value) in found if value is not _ABSENT}
        name = _NAMES.get(path[-1]) if path else None
        old, first, second = (_named(side, name) for side in sides)
        if old is not None and first is not None and second is not None:
            found = self.entries((old, first, second), path)
            return [a for _, (a, _) in found if a is not _ABSENT], [b for _, (_, b) in found if b is not _ABSENT]
        self.conflicts.append(_conflict(sides, path, self.file))
        return ours, theirs

    def entries(
        self, sides: tuple[dict[str, Any], dict[str, Any], dict[str, Any]], path: Place
    ) -> list[tuple[str, Both]]:
        """Merge the entries of a mapping, in the order of ours unless only theirs moved some."""
        found = []
        for key in merged_order(*sides):
            base_value, our_value, their_value = (side.get(key, _ABSENT) for side in sides)
            found.append((key, self.merge((base_value, our_value, their_value), (*path, key))))
        return found


def _conflict(sides: Sides, path: Place, file: str, because: str | None = None) -> Conflict:
    base, ours, theirs = sides
    table = path[1] if path[:1] == ("resources",) and len(path) > 1 else ""
    name = ".".join(path)
    kind = ConflictKind.CELL
    message = f"Both sides changed '{name}', and not to the same value."
    if because is not None:
        kind, message = ConflictKind.FIELD, because
    elif len(path) == 3 and table and path[2] in _WRITTEN:
        kind = ConflictKind.GENERATED
        message = f"'{name}' follows from the table's file, which both sides changed."
    elif base is _ABSENT:
        kind, message = ConflictKind.ADDED, f"Both sides added '{name}', with different values."
    elif ours is _ABSENT or theirs is _ABSENT:
        who, other = ("ours", "theirs") if ours is _ABSENT else ("theirs", "ours")
        kind, message = ConflictKind.DELETED, f"'{name}' was deleted by {who} and changed by {other}."
    shown = [None if side is _ABSENT else json.dumps(side, ensure_ascii=False) for side in (base, ours, theirs)]
    return conflict(kind, message, file=file, table=table, field=name, base=shown[0], ours=shown[1], theirs=shown[2])
