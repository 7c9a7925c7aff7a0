"""What a merge returns: the merged text, and every conflict in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from readouts.datapackage.errors import ReadoutsError

__all__ = ["Conflict", "ConflictKind", "MergeError", "MergedFile", "MergedFolder", "conflict"]


class MergeError(ReadoutsError):
    """Three versions can't be merged as they are: one of them can't be read, or has no keys to go by."""


class ConflictKind(StrEnum):
    """The ways in which two sides contradict each other."""

    CELL = "cell"
    DELETED = "deleted"
    ADDED = "added"
    PARENT = "parent"
    UNIQUE = "unique"
    FIELD = "field"
    TEXT = "text"
    GENERATED = "generated"


_FIXES = {
    ConflictKind.CELL: "Keep the one of the two between the markers that holds, and delete the markers.",
    ConflictKind.DELETED: "Keep the row or delete it, and delete the markers.",
    ConflictKind.ADDED: "If both are meant, keep both and give one of them an id of its own; else keep one. Then "
    "delete the markers.",
    ConflictKind.PARENT: "Keep what is referred to, or remove the reference.",
    ConflictKind.UNIQUE: "Change one of the two, or remove it.",
    ConflictKind.FIELD: "Keep the same side in the table and in datapackage.json, and delete the markers. Or agree on "
    "the columns on one side, and merge again.",
    ConflictKind.TEXT: "Keep the one of the two between the markers that holds, and delete the markers.",
    ConflictKind.GENERATED: "Merge everything else first; then generate this file again.",
}
"""How to fix each kind of conflict."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One contradiction between two sides.

    Attributes
    ----------
    kind
        How they contradict each other.
    message
        What happened, in a sentence.
    fix
        What to do about it.
    file
        The file it is in; empty where a file was merged without saying what it is called.
    table, key, field
        The row's table and primary key, and the field; None or empty where it is about more than that.
    base, ours, theirs
        The three values as text; None where there is none.
    line
        The line in our version, counted from 1, where it is known.
    """

    kind: ConflictKind
    message: str
    fix: str
    file: str = ""
    table: str = ""
    key: tuple[str, ...] = ()
    field: str | None = None
    base: str | None = None
    ours: str | None = None
    theirs: str | None = None
    line: int | None = None

    @property
    def place(self) -> str:
        """Where it is, as text.

        Examples
        --------
        >>> conflict(ConflictKind.CELL, "x", table="levels", key=("como", "2031"), field="depth").place
        'levels como, 2031: depth'
        """
        row = " ".join(part for part in (self.table, ", ".join(self.key)) if part)
        return f"{row}: {self.field}" if self.field is not None else row

    def as_dict(self) -> dict[str, Any]:
        """Return the conflict as plain values, for JSON."""
        return {
            "kind": self.kind.value,
            "file": self.file,
            "line": self.line,
            "table": self.table,
            "key": list(self.key),
            "field": self.field,
            "base": self.base,
            "ours": self.ours,
            "theirs": self.theirs,
            "message": self.message,
            "fix": self.fix,
        }


def conflict(kind: ConflictKind, message: str, *, fix: str | None = None, **place: Any) -> Conflict:
    """Make a conflict; how to fix it comes from `FIXES` unless it is given.

    Examples
    --------
    >>> conflict(ConflictKind.UNIQUE, "Two rows have Q42.").fix
    'Change one of the two, or remove it.'
    """
    return Conflict(kind, message, _FIXES[kind] if fix is None else fix, **place)


@dataclass(frozen=True, slots=True)
class MergedFile:
    """A merged file.

    Attributes
    ----------
    data
        Its bytes, with conflicts between markers.
    conflicts
        The contradictions; empty where everything could be merged.
    notes
        Remarks that are not conflicts, such as a comment that could not be carried over.
    readable
        The bytes with our side of every conflict, and no markers: what later checks read.
    """

    data: bytes
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()
    readable: bytes = b""


@dataclass(frozen=True, slots=True)
class MergedFolder:
    """A merged folder: the files by their path, those that are gone left out, and every contradiction."""

    files: dict[str, bytes]
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()
