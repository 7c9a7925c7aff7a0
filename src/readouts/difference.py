"""How two packages differ: the one object that `diff` makes, renderers show and versions are computed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "RULES",
    "Asked",
    "Bump",
    "CellChange",
    "CellKind",
    "Change",
    "Difference",
    "Level",
    "Lineage",
    "Match",
    "Reason",
    "ReferenceChange",
    "RowChange",
    "Rule",
    "Side",
    "Suggestion",
    "TableDifference",
]


class Level(IntEnum):
    """How much of a version number a change raises."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

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
        The change, in words that a sentence may continue.
    why
        Why it raises just that.
    """

    level: Level
    scope: str
    title: str
    why: str


_GONE = "Whoever reads it finds it no longer."
_STRICTER = "Data that was valid may be so no longer."
_LOOSER = "All data that was valid still is; readers may meet values that they did not meet before."
_MEANING = "The same bytes are read as something else."
_WORDS = "Nothing that a program reads has changed."
_MORE = "What was there still is."

RULES: Mapping[str, Rule] = {
    "package-renamed": Rule(Level.MAJOR, "package", "the package has another name", "A name is what others refer to."),
    "licence-changed": Rule(
        Level.MAJOR, "package", "the licence has changed", "What readers may do with the data is something else."
    ),
    "metadata-changed": Rule(Level.PATCH, "package", "descriptive metadata has changed", _WORDS),
    "resource-added": Rule(Level.MINOR, "package", "a resource is new", _MORE),
    "resource-removed": Rule(Level.MAJOR, "package", "a resource is gone", _GONE),
    "resource-moved": Rule(
        Level.MAJOR, "package", "a resource has another path", "Programs that read the file don't find it."
    ),
    "resource-form": Rule(Level.MAJOR, "package", "a resource is written in another way", _MEANING),
    "file-form": Rule(
        Level.PATCH, "package", "a file is written in another way", "Every cell is what it was; only the bytes differ."
    ),
    "columns-reordered": Rule(
        Level.MAJOR,
        "package",
        "the columns of a file are in another order",
        "Programs that count columns read another one.",
    ),
    "content-changed": Rule(
        Level.MINOR, "package", "a file that is no table has changed", "What changed in it can't be told."
    ),
    "field-added": Rule(
        Level.MINOR,
        "schema",
        "a field is new, behind all others",
        "Columns keep their names and places. The Data Package recipe says MAJOR: see docs/versioning.md.",
    ),
    "field-inserted": Rule(
        Level.MAJOR, "schema", "a field is new, before others", "Programs that count columns read another one."
    ),
    "field-removed": Rule(Level.MAJOR, "schema", "a field is gone", _GONE),
    "field-reordered": Rule(
        Level.MAJOR, "schema", "fields are in another order", "Programs that count columns read another one."
    ),
    "type-changed": Rule(Level.MAJOR, "schema", "a field has another type or format", _MEANING),
    "missing-changed": Rule(Level.MAJOR, "schema", "other texts stand for a missing value", _MEANING),
    "constraint-tightened": Rule(Level.MAJOR, "schema", "a constraint is tighter", _STRICTER),
    "constraint-loosened": Rule(Level.MINOR, "schema", "a constraint is looser", _LOOSER),
    "constraint-changed": Rule(
        Level.MAJOR, "schema", "a constraint is another one", "Which of the two is tighter can't be told."
    ),
    "enum-value-added": Rule(Level.MINOR, "schema", "a list of values has a new one", _LOOSER),
    "enum-value-removed": Rule(Level.MAJOR, "schema", "a list of values lacks one that it had", _STRICTER),
    "key-changed": Rule(Level.MAJOR, "schema", "the primary key is another one", "Rows are told apart otherwise."),
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
    "cell-value": Rule(Level.PATCH, "cell", "values are corrected", "The same row says something better."),
    "cell-format": Rule(Level.PATCH, "cell", "values are written in another way", "They mean what they meant."),
    "cell-from-null": Rule(Level.PATCH, "cell", "missing values are filled in", "The same row says more."),
    "cell-to-null": Rule(Level.PATCH, "cell", "values are withdrawn", "The same row claims less."),
    "reference-dangling": Rule(
        Level.MAJOR, "reference", "references point to nothing", "Joins lose rows that they had."
    ),
}
"""What each kind of change does to the version. `docs/versioning.md` shows this table."""


class CellKind(StrEnum):
    """What changed about a cell."""

    VALUE = "value"
    FORMAT = "format"
    TO_NULL = "to-null"
    FROM_NULL = "from-null"


class Match(StrEnum):
    """How the rows of two tables were paired."""

    KEY = "key"
    MULTISET = "multiset"
    NONE = "none"
    """The table is on one side only, or is no table."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two packages.

    Attributes
    ----------
    label
        What the user called it.
    name, version
        As the descriptor has them, or empty.
    """

    label: str
    name: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the package or of a schema.

    Attributes
    ----------
    rule
        A name in `RULES`.
    table, field
        What changed; None where it is the package, or the table as a whole.
    what
        The property, such as `licenses`, `maximum` or `primaryKey`.
    old, new
        What the descriptor had and has, as JSON values.
    """

    rule: str
    table: str | None = None
    field: str | None = None
    what: str = ""
    old: Any = None
    new: Any = None


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that is not what it was, as the two files have it.

    Attributes
    ----------
    key
        Primary key of the row, in the new package.
    kind
        What changed about it, by the field's type.
    """

    key: tuple[str, ...]
    field: str
    old: str
    new: str
    kind: CellKind


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that is on one side only.

    Attributes
    ----------
    key
        Its primary key; all its cells in a table that is compared as a multiset.
    cells
        Its cells by column, as the file has them.
    count
        How often: more than once only in a table that is compared as a multiset.
    """

    key: tuple[str, ...]
    cells: dict[str, str]
    count: int = 1


@dataclass(frozen=True, slots=True)
class Lineage:
    """One row of `id_changes` that is new: what became of an id.

    Attributes
    ----------
    operation
        `renamed`, `merged`, `split` or `removed`.
    old, new
        Keys; `new` is empty for a removed id.
    cells_changed
        For a renamed row, how many of its other cells changed as well.
    """

    table: str
    operation: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    reason: str = ""
    cells_changed: int = 0


@dataclass(frozen=True, slots=True)
class ReferenceChange:
    """What changes did to one foreign key.

    Attributes
    ----------
    fields
        The columns that refer.
    target
        The table that they refer to.
    kind
        `dangling`: a reference points to a row that is not there, and did not before; `repointed`: it points to another
        row than it did; `parent-changed`: it points where it did, and that row has other cells.
    count
        How many rows.
    samples
        Some of them: key of the row, the key it pointed to, the key it points to.
    """

    table: str
    fields: tuple[str, ...]
    target: str
    kind: str
    count: int
    samples: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A removed and an added thing with the same content: perhaps renamed. Nothing is assumed of it.

    Attributes
    ----------
    what
        `row`, `field` or `resource`.
    """

    what: str
    table: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one id that somebody asked about.

    Attributes
    ----------
    table
        The table that it is a key of; empty when it is in no table of either side.
    status
        `unchanged`, `changed`, `added`, `removed`, `renamed`, `merged`, `split` or `unknown`.
    new
        The ids that took its place.
    """

    id: str
    table: str
    status: str
    new: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableDifference:
    """How one table differs. Counts are exact; the samples are the first ones by key, as many as were asked for.

    Attributes
    ----------
    key
        The columns that rows were paired by; empty for a multiset.
    status
        `same`, `changed`, `added` or `removed`.
    derived
        Whether the table only repeats what others say: its rows don't count for the version.
    has_ids
        Whether its rows have ids of their own, which must not disappear without a word.
    rows_renamed
        Rows that were paired through `id_changes`; they are neither added nor removed.
    kinds
        Number of changed cells by `CellKind`.
    fields
        Number of changed cells by field.
    """

    name: str
    match: Match
    key: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    status: str = "same"
    derived: bool = False
    has_ids: bool = False
    rows_old: int = 0
    rows_new: int = 0
    rows_added: int = 0
    rows_removed: int = 0
    rows_changed: int = 0
    rows_renamed: int = 0
    cells_changed: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, int] = field(default_factory=dict)
    added: tuple[RowChange, ...] = ()
    removed: tuple[RowChange, ...] = ()
    cells: tuple[CellChange, ...] = ()

    @property
    def hidden(self) -> int:
        """How many added rows, removed rows and changed cells are not among the samples."""
        shown = sum(row.count for row in (*self.added, *self.removed)) + len(self.cells)
        return self.rows_added + self.rows_removed + self.cells_changed - shown


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
        The highest level of all reasons.
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


@dataclass(frozen=True)
class Difference:
    """How two packages differ.

    Attributes
    ----------
    changes
        Of the package and of the schemas.
    tables
        Every table of either side, in the order of the new package, then those that are gone.
    lineage
        What `id_changes` newly says.
    suggestions
        What looks like a rename.
    vanished
        Ids that are gone without a row in `id_changes`, by table.
    notes
        What the reader must know: tables that were compared as multisets, and why.
    asked
        What became of the ids that were asked about; the rest then speaks of them alone.
    """

    old: Side
    new: Side
    changes: tuple[Change, ...] = ()
    tables: tuple[TableDifference, ...] = ()
    references: tuple[ReferenceChange, ...] = ()
    lineage: tuple[Lineage, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    vanished: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    bump: Bump = field(default_factory=lambda: Bump(Level.NONE))
    notes: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.changes and all(table.status == "same" for table in self.tables)
