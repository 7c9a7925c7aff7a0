"""How two packages differ: the one object that `diff` makes, renderers show and versions are computed from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from readouts.datapackage.versioning import Bump, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readouts.datapackage.package.package import PackageVersion

__all__ = [
    "Asked",
    "CellChange",
    "CellKind",
    "Change",
    "Lineage",
    "Match",
    "PackageDiffData",
    "ReferenceChange",
    "RowChange",
    "Setting",
    "SettingKind",
    "Suggestion",
    "TableDiff",
]


class CellKind(StrEnum):
    """The kind of change of a cell."""

    VALUE = "value"
    FORMAT = "format"
    TO_NULL = "to-null"
    FROM_NULL = "from-null"


class Match(StrEnum):
    """How the rows of two tables were paired."""

    KEY = "key"
    MULTISET = "multiset"
    NONE = "none"
    """The table is on one side only, or is not a table."""


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
    """One changed cell, with both values as the files have them.

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
        The table that it is a key of; empty when it is not in any table of either side.
    status
        `unchanged`, `changed`, `added`, `removed`, `renamed`, `merged`, `split` or `unknown`.
    new
        The ids that took its place.
    """

    id: str
    table: str
    status: str
    new: tuple[str, ...] = ()


class SettingKind(StrEnum):
    """What a comparison was asked to do otherwise than by default."""

    KEY = "key"
    IGNORE = "ignore"
    TOLERANCE = "tolerance"
    SPACES = "ignore-trailing-spaces"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that the comparison was asked to do otherwise.

    Attributes
    ----------
    table, columns
        What it is about; empty where it is about all tables.
    value
        The tolerance; empty for anything else.
    hidden
        How many changes it hid: cells, rows of a table without a key, or changes of a field's schema.
    """

    kind: SettingKind
    table: str = ""
    columns: tuple[str, ...] = ()
    value: str = ""
    hidden: int = 0


@dataclass(frozen=True)
class TableDiff:
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
        Whether its rows have ids of their own, which must not disappear silently.
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


@dataclass(frozen=True)
class PackageDiffData:
    """How two packages differ.

    Attributes
    ----------
    old, new
        The two packages: `label`, `name` and `version` of each.
    changes
        Changes of the package and of its schemas.
    tables
        Every table of either package, in the order of the new one, then those that are gone.
    references
        What the changes did to foreign keys.
    lineage
        The rows of `id_changes` that are new.
    suggestions
        Rows, fields and resources that look renamed.
    vanished
        Ids that are gone without a row in `id_changes`, by table.
    bump
        The smallest version that the changes allow, with its reasons.
    notes
        Remarks on the comparison, such as tables that were compared as multisets, and why.
    asked
        What became of each of the requested `ids`; everything else is then limited to them.
    settings
        Settings that differ from the default, and how many changes they hid.
    has_lineage
        Whether one of the packages has a table `id_changes`, which is to say what became of ids.
    """

    old: PackageVersion
    new: PackageVersion
    changes: tuple[Change, ...] = ()
    tables: tuple[TableDiff, ...] = ()
    references: tuple[ReferenceChange, ...] = ()
    lineage: tuple[Lineage, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    vanished: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    bump: Bump = field(default_factory=lambda: Bump(Level.NONE))
    notes: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    settings: tuple[Setting, ...] = ()
    has_lineage: bool = True

    @property
    def hidden(self) -> int:
        """How many changes the settings hid."""
        return sum(setting.hidden for setting in self.settings)

    @property
    def undeclared(self) -> bool:
        """Whether ids are gone of which `id_changes` should say what became of them."""
        return self.has_lineage and any(self.vanished.values())

    @property
    def same(self) -> bool:
        """Whether nothing differs, apart from what the settings hid."""
        return not self.changes and all(table.status == "same" for table in self.tables)
