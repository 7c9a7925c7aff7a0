"""The rules of versions: what each kind of change raises, and why, and the result of a set of changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["RULES", "Bump", "Level", "Reason", "Rule", "version_of"]


class Level(IntEnum):
    """How much of a version number a change raises."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3
    UNKNOWN = 4
    """Some changes were hidden, or rows were paired by another key: no version can be called enough."""

    @property
    def word(self) -> str:
        """The level in lower case, as outputs write it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of change does to the version.

    Attributes
    ----------
    level
        What it raises at least.
    scope
        What it is a change of: `package`, `schema`, `row`, `cell` or `reference`.
    title
        The change, worded so that a sentence may continue with it.
    why
        Why it raises just that.
    """

    level: Level
    scope: str
    title: str
    why: str


_GONE = "Consumers that read it will break."
_STRICTER = "Data that was valid may become invalid."
_LOOSER = "All data that was valid still is; readers may meet values that they did not meet before."
_MEANING = "The same bytes are read as something else."
_WORDS = "Nothing that a program reads has changed."
_MORE = "Everything that existed is still there."

RULES: Mapping[str, Rule] = {
    "package-renamed": Rule(Level.MAJOR, "package", "the package has another name", "A name is what others refer to."),
    "licence-changed": Rule(
        Level.MAJOR, "package", "the licence has changed", "Readers may do other things with the data than before."
    ),
    "metadata-changed": Rule(Level.PATCH, "package", "descriptive metadata has changed", _WORDS),
    "resource-added": Rule(Level.MINOR, "package", "a resource is new", _MORE),
    "resource-removed": Rule(Level.MAJOR, "package", "a resource is gone", _GONE),
    "resource-moved": Rule(
        Level.MAJOR, "package", "a resource has another path", "Programs that read the file don't find it."
    ),
    "resource-form": Rule(Level.MAJOR, "package", "a resource is written in another way", _MEANING),
    "file-form": Rule(
        Level.PATCH,
        "package",
        "a file is written in another way",
        "No cell changes by it.",
    ),
    "columns-reordered": Rule(
        Level.MAJOR,
        "package",
        "the columns of a file are in another order",
        "Programs that count columns read the wrong one.",
    ),
    "content-changed": Rule(
        Level.MINOR, "package", "a file that is not a table has changed", "There is no row-level diff of it."
    ),
    "field-added": Rule(
        Level.MINOR,
        "schema",
        "a field is new, at the end",
        "Columns keep their names and places. The Data Package recipe says MAJOR: see docs/versioning.md.",
    ),
    "field-inserted": Rule(
        Level.MAJOR, "schema", "a field is new, before others", "Programs that count columns read the wrong one."
    ),
    "field-removed": Rule(Level.MAJOR, "schema", "a field is gone", _GONE),
    "field-reordered": Rule(
        Level.MAJOR, "schema", "fields are in another order", "Programs that count columns read the wrong one."
    ),
    "type-changed": Rule(Level.MAJOR, "schema", "a field has another type or format", _MEANING),
    "missing-changed": Rule(Level.MAJOR, "schema", "other texts stand for a missing value", _MEANING),
    "constraint-tightened": Rule(Level.MAJOR, "schema", "a constraint is tighter", _STRICTER),
    "constraint-loosened": Rule(Level.MINOR, "schema", "a constraint is looser", _LOOSER),
    "constraint-changed": Rule(
        Level.MAJOR, "schema", "a constraint changed", "It can't be determined which is tighter."
    ),
    "enum-value-added": Rule(Level.MINOR, "schema", "a list of values has a new one", _LOOSER),
    "enum-value-removed": Rule(Level.MAJOR, "schema", "a list of values lacks one that it had", _STRICTER),
    "key-changed": Rule(Level.MAJOR, "schema", "the primary key changed", "Rows are identified by other columns."),
    "unique-key-added": Rule(Level.MAJOR, "schema", "a unique key is new", _STRICTER),
    "unique-key-removed": Rule(Level.MINOR, "schema", "a unique key is gone", _LOOSER),
    "reference-added": Rule(Level.MAJOR, "schema", "a foreign key is new", _STRICTER),
    "reference-removed": Rule(Level.MINOR, "schema", "a foreign key is gone", _LOOSER),
    "description-changed": Rule(Level.PATCH, "schema", "titles, descriptions or examples have changed", _WORDS),
    "row-added": Rule(Level.MINOR, "row", "rows are new", _MORE),
    "row-removed": Rule(
        Level.MINOR,
        "row",
        "rows are gone that had no id of their own",
        "No id disappears, but joins give fewer rows than they gave.",
    ),
    "id-removed": Rule(Level.MAJOR, "row", "ids are gone", _GONE),
    "id-renamed": Rule(Level.MAJOR, "row", "ids are renamed", _GONE),
    "id-merged": Rule(Level.MAJOR, "row", "ids are merged into others", _GONE),
    "id-split": Rule(Level.MAJOR, "row", "ids are split into others", _GONE),
    "cell-value": Rule(Level.PATCH, "cell", "values are corrected", "The same row is more accurate."),
    "cell-format": Rule(Level.PATCH, "cell", "values are written in another way", "Their meaning is the same."),
    "cell-from-null": Rule(Level.PATCH, "cell", "missing values are filled in", "The same row says more."),
    "cell-to-null": Rule(Level.PATCH, "cell", "values are withdrawn", "The same row claims less."),
    "reference-dangling": Rule(
        Level.MAJOR, "reference", "references point to nothing", "Joins lose rows that they had."
    ),
}
"""What each kind of change does to the version. `docs/versioning.md` shows this table."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a version.

    Attributes
    ----------
    rule
        A name in `RULES`.
    count
        How many rows, cells, fields or properties.
    table, field
        Where; None where it is the package, or more than one.
    samples
        Some of what it is about, as text: ids, or values.
    """

    rule: str
    count: int
    table: str | None = None
    field: str | None = None
    samples: tuple[str, ...] = ()

    @property
    def level(self) -> Level:
        """What it raises."""
        return RULES[self.rule].level


@dataclass(frozen=True, slots=True)
class Bump:
    """The smallest version that the changes allow.

    Attributes
    ----------
    level
        The highest level of all reasons; `UNKNOWN` where not all changes are known.
    reasons
        Highest level first.
    smallest
        The version: the old one, raised; empty where the old package has none of three numbers.
    enough
        Whether the new package's version is at least that; None where one of them has no version.
    """

    level: Level
    reasons: tuple[Reason, ...] = ()
    smallest: str = ""
    enough: bool | None = None


_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")


def version_of(text: str) -> tuple[int, int, int] | None:
    """Return the three numbers of a version; None if it is no such version.

    Examples
    --------
    >>> version_of("1.10.0"), version_of("1.10"), version_of("2026-01")
    ((1, 10, 0), None, None)
    """
    found = _VERSION.fullmatch(text)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))
