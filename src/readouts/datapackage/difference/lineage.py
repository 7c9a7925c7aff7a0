"""What became of ids: what `id_changes` says about them, what vanished silently, and what was used again.

An id is a primary key of one column that refers to nothing. A package tells the lineage of its ids in a table
`id_changes` with the columns `table`, `old_id`, `operation`, `new_id`, `reason`; the parts of a composite key are
joined by `/`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.datapackage.difference.result import Lineage, Suggestion
from readouts.datapackage.errors import PackageError
from readouts.datapackage.table.canonical_csv import csv_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import polars as pl

    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.resource import Resource

__all__ = [
    "CHANGES",
    "Key",
    "Reused",
    "contradictions",
    "declared_lineage",
    "has_ids",
    "lineage_row",
    "lineage_table",
    "rename_candidates",
    "renamed",
    "renamed_columns",
    "reused_ids",
    "undeclared_removals",
]

CHANGES = "id_changes"
_OPERATIONS = ("renamed", "merged", "split", "removed")
_LINEAGE_COLUMNS = ("table", "old_id", "operation", "new_id")
_AFTER = "\0after"
_MOST_COMPARED = 200_000
"""Removed or added rows up to which renames are looked for."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reused:
    """An id of the past that a package uses again."""

    table: str
    id: str
    release: str  # the last one that had it


def lineage_table(resources: Mapping[str, Resource]) -> Resource | None:
    """Return the table of lineage of a package; None if it has none."""
    resource = resources.get(CHANGES)
    if resource is None or resource.table is None or not set(_LINEAGE_COLUMNS) <= set(resource.table.field_names):
        return None
    return resource


def has_ids(table: Table) -> bool:
    """Return whether the rows of a table have ids of their own.

    Examples
    --------
    >>> from readouts.datapackage.schema.model import ForeignKey, Table
    >>> reference = ForeignKey(("lake_id",), "lakes", ("lake_id",))
    >>> has_ids(Table("lakes", primary_key=("lake_id",)))
    True
    >>> has_ids(Table("depths", primary_key=("lake_id",), foreign_keys=(reference,)))
    False
    """
    return len(table.primary_key) == 1 and table.primary_key[0] not in {
        name for key in table.foreign_keys if len(key.fields) == 1 for name in key.fields
    }


def _key(text: str, width: int) -> Key:
    return (text,) if width == 1 else tuple(text.rsplit("/", width - 1))


def declared_lineage(
    rows: Iterable[Mapping[str, str]], before: Iterable[Mapping[str, str]], tables: Mapping[str, Table]
) -> list[Lineage]:
    """Return what `id_changes` newly says.

    Raises
    ------
    PackageError
        A row names a table that is not there, an operation that is none, or a key of the wrong width; or it has no
        column that it needs.
    """
    known = {tuple(row.get(name, "") for name in _LINEAGE_COLUMNS) for row in before}
    found = []
    for number, row in enumerate(rows, 1):
        lacking = [name for name in _LINEAGE_COLUMNS if name not in row]
        if lacking:
            message = f"{CHANGES} has no column '{lacking[0]}': expected {', '.join(_LINEAGE_COLUMNS)}."
            raise PackageError(message)
        if tuple(row[name] for name in _LINEAGE_COLUMNS) in known:
            continue
        table, operation = tables.get(row["table"]), row["operation"]
        width = 0 if table is None else len(table.primary_key)
        if operation not in _OPERATIONS:
            message = f"{CHANGES}, row {number}: unknown operation '{operation}'; expected {', '.join(_OPERATIONS)}."
            raise PackageError(message)
        # A table that has no key now may have had one whose ids went.
        old = _key(row["old_id"], width or 1)
        new = _key(row["new_id"], width or 1) if row["new_id"] else ()
        widths = {len(key) for key in (old, new) if key}
        if width and widths - {width}:
            message = (
                f"{CHANGES}, row {number}: expected the {width} parts of a key of {row['table']}, "
                f"joined by '/'; found '{row['old_id']}' and '{row['new_id']}'."
            )
            raise PackageError(message)
        if (operation == "removed") != (not new):
            expected = "no new_id" if operation == "removed" else "a new_id"
            message = f"{CHANGES}, row {number}: '{operation}' of '{row['old_id']}' needs {expected}."
            raise PackageError(message)
        found.append(Lineage(row["table"], operation, old, new, row.get("reason", "")))
    return found


def renamed(lineage: Iterable[Lineage], table: str) -> dict[Key, Key]:
    """Return the new keys of a table's renamed rows by their old ones."""
    return {entry.old: entry.new for entry in lineage if entry.table == table and entry.operation == "renamed"}


def undeclared_removals(removed: Iterable[Key], lineage: Iterable[Lineage], table: str) -> list[Key]:
    """Return the removed keys that `id_changes` says nothing of, in order."""
    told = {entry.old for entry in lineage if entry.table == table}
    return sorted(key for key in removed if key not in told)


def contradictions(
    lineage: Sequence[Lineage], old: Mapping[str, Collection[Key]], new: Mapping[str, Collection[Key]]
) -> dict[Lineage, str]:
    """Return the entries that the tables contradict, each with what is wrong.

    Parameters
    ----------
    lineage
        What `id_changes` newly says.
    old, new
        Keys of either side by table, at least those that the entries name; entries of other tables are believed.

    Examples
    --------
    >>> entry = Lineage("lakes", "renamed", ("como",), ("lario",))
    >>> contradictions([entry], {"lakes": {("como",)}}, {"lakes": {("como",), ("lario",)}})[entry]
    "'como' is still there"
    """
    told: dict[tuple[str, Key], list[Lineage]] = defaultdict(list)
    renames = Counter((entry.table, entry.new) for entry in lineage if entry.operation == "renamed")
    for entry in lineage:
        told[entry.table, entry.old].append(entry)
    news = {(entry.table, entry.new) for entry in lineage if entry.new}
    found = {}
    for entry in lineage:
        table = entry.table
        if table not in old or table not in new:
            continue
        # An id may be given to another row in the same step, and be renamed more than once between two releases.
        others = told[table, entry.old]
        if len(others) > 1 and {other.operation for other in others} != {"split"}:
            found[entry] = f"{len(others)} rows are about '{'/'.join(entry.old)}', but only a split has several"
        elif entry.operation == "renamed" and renames[table, entry.new] > 1:
            found[entry] = f"other rows are renamed to '{'/'.join(entry.new)}' too: rows that become one are merged"
        elif entry.operation == "renamed" and entry.new in old[table] and (table, entry.new) not in told:
            found[entry] = f"'{'/'.join(entry.new)}' existed before: a row that becomes an existing one is merged"
        elif entry.old not in old[table] and (table, entry.old) not in news:
            found[entry] = f"'{'/'.join(entry.old)}' was never there"
        elif entry.old in new[table] and (table, entry.old) not in news:
            found[entry] = f"'{'/'.join(entry.old)}' is still there"
        elif entry.new and not _ends(entry, told, new[table]):
            found[entry] = f"'{'/'.join(entry.new)}' is not there"
    return found


def _ends(entry: Lineage, told: Mapping[tuple[str, Key], list[Lineage]], there: Collection[Key]) -> bool:
    """Return whether an id was followed to one that exists, or to a removal; in a circle it never is."""
    passed = {entry.old}
    open_ = [entry]
    while open_:
        entry = open_.pop()
        if not entry.new or entry.new in there:
            return True
        if entry.new not in passed:
            passed.add(entry.new)
            open_ += told.get((entry.table, entry.new), [])
    return False


def lineage_row(number: int, table: str, old: Key, suggestion: Key | None = None) -> str:
    """Return the row to add to `id_changes` for an id that is gone; its reason is still to be written.

    Examples
    --------
    >>> lineage_row(3, "lakes", ("como",))
    'change-0003,lakes,como,unreleased,removed,,WHY'
    """
    operation, new = ("removed", None) if suggestion is None else ("renamed", "/".join(suggestion))
    cells = [f"change-{number:04}", table, "/".join(old), "unreleased", operation, new, "WHY"]
    return csv_line(cells).rstrip("\n")


def rename_candidates(table: str, key: Sequence[str], removed: pl.DataFrame, added: pl.DataFrame) -> list[Suggestion]:
    """Return pairs of a removed and an added row that are the same but for their key.

    A pair counts only if no other removed or added row has that content, and if it has any.
    """
    if not key or not removed.height or not added.height or max(removed.height, added.height) > _MOST_COMPARED:
        return []
    columns = [name for name in removed.columns if name in added.columns and name not in key]
    if not columns or not all(name in frame.columns for frame in (removed, added) for name in key):
        return []
    import polars as pl

    content, names = pl.struct(columns), list(key)
    gone = removed.lazy().select(*names, *columns).filter(content.is_unique())
    come = added.lazy().select(pl.col(names).name.prefix(_AFTER), *columns).filter(content.is_unique())
    both = gone.join(come, on=columns).filter(pl.any_horizontal(pl.col(columns) != "")).sort(names)
    return [
        Suggestion("row", table, row[: len(names)], row[len(names) :])
        for row in both.select(*names, *(_AFTER + name for name in names)).collect(engine="in-memory").iter_rows()
    ]


def renamed_columns(  # noqa: PLR0917 - two frames, each with its columns
    table: str, old: pl.DataFrame, new: pl.DataFrame, key: Sequence[str], gone: Sequence[str], come: Sequence[str]
) -> list[Suggestion]:
    """Return pairs of a removed and an added column that hold the same, row by row, and not only empty cells."""
    gone = [name for name in gone if name in old.columns]
    come = [name for name in come if name in new.columns]
    if not key or not gone or not come:
        return []
    both = old.select([*key, *gone]).join(new.select([*key, *come]), on=list(key), how="inner")
    return [
        Suggestion("field", table, (before,), (after,))
        for before in gone
        for after in come
        if both.height and (both[before] == both[after]).all() and (both[before] != "").any()
    ]


def reused_ids(
    ids: Mapping[str, set[str]],
    earlier: Sequence[tuple[str, Mapping[str, set[str]]]],
    changes: Iterable[Mapping[str, str]] = (),
) -> list[Reused]:
    """Return the ids of a package that once were another's: gone in an earlier release, or by what `id_changes` says.

    Parameters
    ----------
    ids
        The ids of the package by table.
    earlier
        For each earlier release, oldest first, its version and its ids.
    changes
        Rows of the package's `id_changes`.

    Examples
    --------
    >>> now = {"lakes": {"como", "garda"}}
    >>> reused_ids(now, [("1.0.0", {"lakes": {"como", "garda"}}), ("1.1.0", {"lakes": {"como"}})])
    [Reused(table='lakes', id='garda', release='1.0.0')]
    """
    gone: dict[str, dict[str, str]] = defaultdict(dict)
    present: dict[str, set[str]] = defaultdict(set)
    version = ""
    for following, held in earlier:
        for table, before in present.items():
            for identifier in before - held.get(table, set()):
                gone[table][identifier] = version
        for table, identifiers in held.items():
            present[table] = set(identifiers)
        for table in present.keys() - held.keys():
            present[table] = set()
        version = following
    for row in changes:
        table, old = row.get("table", ""), row.get("old_id", "")
        # What the last release still had may be there until this one; what it lacked may not come back.
        if old in ids.get(table, ()) and row.get("operation") in _OPERATIONS:
            gone[table].setdefault(old, row.get("version", ""))
    return [
        Reused(table, identifier, gone[table][identifier])
        for table in sorted(gone)
        for identifier in sorted(gone[table].keys() & ids.get(table, set()))
    ]
