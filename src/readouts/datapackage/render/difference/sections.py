"""What all forms of a difference share: its title and verdict, and the order of its parts."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from readouts.datapackage.render.escaping import visible
from readouts.datapackage.versioning import RULES, Level
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readouts.datapackage.difference.result import Change, PackageDiffData, ReferenceChange, RowChange, TableDiff
    from readouts.datapackage.package.package import PackageVersion

__all__ = [
    "SAMPLES",
    "Part",
    "changes_in",
    "counts",
    "differing",
    "keys",
    "part",
    "references_in",
    "row_text",
    "same_tables",
    "shared",
    "title",
    "verdict",
]

_NAME = 100
SAMPLES = 4_000
"""Rows and cells on a page at most, of all tables: a browser shows so many without delay."""


class Part(StrEnum):
    """A section of a report of a difference, in this order; the value is its heading."""

    LOST = "Gone, stricter, or read otherwise"
    FILES = "Files that are not tables"
    CORRECTED = "Corrected"
    NEW = "New, or looser"


_LOST = frozenset(["row-removed"])
_FILES = frozenset(["content-changed"])
"""Such a file has no row-level diff: the change may be a loss, so it comes after those that are known."""


def part(rule: str) -> Part:
    """Return the section with changes of a rule.

    Examples
    --------
    >>> [part(rule).name for rule in ("row-removed", "content-changed", "cell-value", "row-added")]
    ['LOST', 'FILES', 'CORRECTED', 'NEW']
    """
    level = RULES[rule].level
    if level is Level.MAJOR or rule in _LOST:
        return Part.LOST
    if rule in _FILES:
        return Part.FILES
    return Part.CORRECTED if level < Level.MINOR else Part.NEW


def changes_in(difference: PackageDiffData, wanted: Part) -> list[Change]:
    """Return the changes of package and schemas that one part tells, the higher levels first."""
    found = [change for change in difference.changes if part(change.rule) is wanted]
    return sorted(found, key=lambda change: -RULES[change.rule].level)


def references_in(difference: PackageDiffData, wanted: Part) -> list[ReferenceChange]:
    """Return what happened to references that one part tells."""
    return [
        change
        for change in difference.references
        if (Part.LOST if change.kind == "dangling" else Part.CORRECTED) is wanted
    ]


def differing(difference: PackageDiffData) -> list[TableDiff]:
    """Return the tables that differ; those that only repeat what others say come last."""
    return sorted((table for table in difference.tables if table.status != "same"), key=lambda table: table.derived)


def same_tables(difference: PackageDiffData) -> list[str]:
    """Return the names of the tables whose rows are the same; their schemas may differ."""
    return [visible(table.name, _NAME) for table in difference.tables if table.status == "same"]


def shared(sizes: Sequence[int], most: int) -> list[int]:
    """Return how many of each get room, when there is room for so many in all: as equally as they need it.

    Examples
    --------
    >>> shared([2, 100, 7], 20), shared([2, 3], 20)
    ([2, 11, 7], [2, 3])
    """
    given = [0] * len(sizes)
    left = most
    for number, place in enumerate(sorted(range(len(sizes)), key=lambda place: (sizes[place], place))):
        given[place] = min(sizes[place], left // (len(sizes) - number))
        left -= given[place]
    return given


def keys(table: TableDiff) -> str:
    """Return by what the rows of a table were paired.

    Examples
    --------
    >>> from readouts.datapackage.difference.result import Match, TableDiff
    >>> keys(TableDiff("lakes", Match.KEY, ("lake_id",))), keys(TableDiff("notes", Match.MULTISET))
    ('paired by lake_id', 'has no key: whole rows are compared, and how often they are there')
    """
    if table.key:
        return f"paired by {', '.join(visible(name, _NAME) for name in table.key)}"
    return "has no key: whole rows are compared, and how often they are there" if table.match == "multiset" else ""


def _side(side: PackageVersion) -> str:
    return " ".join(visible(part, _NAME) for part in (side.name or side.label, side.version) if part)


def title(difference: PackageDiffData) -> str:
    """Return what is compared with what, in a few words.

    Examples
    --------
    >>> from readouts.datapackage.difference.result import PackageDiffData
    >>> from readouts.datapackage.package.package import PackageVersion
    >>> title(PackageDiffData(PackageVersion("git:v1.0.0", "lakes", "1.0.0"), PackageVersion(".", "lakes", "1.1.0")))
    'lakes 1.0.0 → 1.1.0'
    """
    old, new = difference.old, difference.new
    if _side(old) == _side(new):
        return f"{_side(new)}: {visible(old.label, _NAME)} → {visible(new.label, _NAME)}"
    if old.name == new.name and old.version and new.version:
        return f"{_side(old)} → {visible(new.version, _NAME)}"
    return f"{_side(old)} → {_side(new)}"


def verdict(difference: PackageDiffData) -> str:
    """Return which version the changes need at least, and whether the one that is given is enough."""
    bump = difference.bump
    given = visible(difference.new.version, _NAME)
    if bump.level is Level.UNKNOWN:
        differs = "nothing else differs" if difference.same else "they differ"
        why = f"the options hid {counted(difference.hidden, 'change')}"
        if not difference.hidden:
            why = "rows were paired by the given key, which is not the primary one"
        return f"{differs}; {why}, so no version is judged"
    if bump.level is Level.NONE:
        return "nothing differs" if difference.same else "needs no new version"
    if not bump.smallest:
        needs = f"is a {bump.level.name} change"
        if not difference.old.version:
            return needs
        return f"{needs}, but '{visible(difference.old.version, _NAME)}' is not a version of three numbers to raise"
    needs = f"needs at least version {visible(bump.smallest, _NAME)} ({bump.level.name})"
    if bump.enough is None:
        found = f"'{given}', which doesn't have three numbers" if given else "none"
        return f"{needs}; the new package has {found}"
    return f"{needs}; {given} is {'' if bump.enough else 'NOT '}enough"


def counts(table: TableDiff) -> str:
    """Return as text what changed of a table's rows.

    Examples
    --------
    >>> from readouts.datapackage.difference.result import Match, TableDiff
    >>> counts(TableDiff("lakes", Match.KEY, rows_added=2, rows_changed=1, cells_changed=3))
    '2 rows new, 1 row changed (3 cells)'
    """
    parts = [
        f"{counted(number, 'row')} {word}"
        for number, word in ((table.rows_removed, "gone"), (table.rows_renamed, "renamed"))
        if number
    ]
    if table.rows_added:
        parts.append(f"{counted(table.rows_added, 'row')} new")
    if table.rows_changed or table.cells_changed:
        parts.append(f"{counted(table.rows_changed, 'row')} changed ({counted(table.cells_changed, 'cell')})")
    return ", ".join(parts) or "no row differs"


def row_text(table: TableDiff, row: RowChange, limit: int) -> str:
    """Return a row as text: what its cells say, without its key and without empty ones.

    Examples
    --------
    >>> from readouts.datapackage.difference.result import Match, RowChange, TableDiff
    >>> table = TableDiff("lakes", Match.KEY, ("lake_id",))
    >>> row_text(table, RowChange(("como",), {"lake_id": "como", "name": "Como", "depth": "", "of": "Italy"}), 100)
    'name: Como; of: Italy'
    """
    said = [
        f"{visible(name, _NAME)}: {visible(cell, limit)}"
        for name, cell in row.cells.items()
        if cell and name not in table.key
    ]
    return visible("; ".join(said), limit)
