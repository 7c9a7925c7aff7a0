"""The text of a difference for the changelog: new, corrected, renamed and removed rows, by name rather than by id."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from readouts.corpus_schema.tables import tables
from readouts.datapackage.difference.result import CellKind
from readouts.datapackage.versioning import RULES, Level
from readouts.datapackage.words import listed, shortened
from readouts.publish.release.by_event import by_event, by_rule
from readouts.publish.release.markup import LONGEST, code, count, plain
from readouts.publish.words import predicate_text
from readouts.quality.gates import acceptances

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from readouts.datapackage.difference.result import CellChange, Lineage, PackageDiffData, RowChange, TableDiff
    from readouts.datapackage.package.package import DataPackage

__all__ = ["section"]

_MOST_ROWS = 10
"""Rows of a table that are named; the text says how many more there are."""
_MOST_CELLS = 5
_MOST_LISTED = 100
"""Up to so many new, corrected or gone rows are listed; of more, the events are described in sentences."""
_COUNTED = frozenset({"attributions", "spans"})
"""Tables whose rows say nothing to a reader by themselves."""


class _Names:
    """What rows are called, by the tables of both packages."""

    def __init__(self, old: DataPackage, new: DataPackage) -> None:
        self._packages = (old, new)

    @cached_property
    def _rows(self) -> dict[str, dict[str, dict[str, str]]]:
        found: dict[str, dict[str, dict[str, str]]] = {}
        for name in ("articles", "statements", "entities", "events", "accounts"):
            key = tables()[name].primary_key[0]
            found[name] = {
                row[key] or "": {column: value or "" for column, value in row.items()}
                for package in self._packages
                if name in package.resources
                for row in package.rows(name)
            }
        return found

    def of(self, table: str, identifier: str | None, column: str) -> str:
        """Return a cell of a row that is referred to, else its id."""
        row = self._rows[table].get(identifier or "", {})
        return row.get(column) or identifier or "?"

    def title(self, table: str, key: tuple[str, ...], cells: Mapping[str, str] | None = None) -> str:
        """Return a row as text; empty if its table has none."""
        describe = _TITLES.get(table)
        if describe is None:
            return ""
        row = (
            cells or self._rows.get(table, {}).get(key[0]) or dict(zip(tables()[table].primary_key, key, strict=False))
        )
        return plain(describe(self, row))


def _account(names: _Names, row: Mapping[str, str]) -> str:
    issuer = names.of("entities", row.get("issuer_id"), "name")
    return f"{issuer} on {names.of('events', row.get('event_id'), 'title')}"


def _carriage(names: _Names, row: Mapping[str, str]) -> str:
    account = names._rows["accounts"].get(row.get("account_id", ""), {})
    return f"{names.of('articles', row.get('article_id'), 'title')}, carrying {_account(names, account)}"


def _participant(names: _Names, row: Mapping[str, str]) -> str:
    entity = names.of("entities", row.get("entity_id"), "name")
    return f"{entity} in {names.of('events', row.get('event_id'), 'title')}"


def _relation(names: _Names, row: Mapping[str, str]) -> str:
    if "subject_id" not in row:
        return ""
    subject = names.of("entities", row["subject_id"], "name")
    target = names.of("entities", row["object_id"], "name") if row.get("object_id") else ""
    return " ".join(filter(None, [subject, predicate_text(row.get("predicate")), target]))


def _alignment(names: _Names, row: Mapping[str, str]) -> str:
    if "statement_a" not in row:
        return ""
    first, second = (names.of("statements", row.get(side), "summary") for side in ("statement_a", "statement_b"))
    half = LONGEST // 2 - 12
    relation = row.get("relation", "").replace("_", " ")
    return f"“{shortened(first, half)}” {relation} “{shortened(second, half)}”"


_TITLES: Mapping[str, Callable[[_Names, Mapping[str, str]], str]] = {
    "accounts": _account,
    "alignments": _alignment,
    "articles": lambda _, row: row.get("title", ""),
    "carriages": _carriage,
    "entities": lambda _, row: row.get("name", ""),
    "events": lambda _, row: row.get("title", ""),
    "participants": _participant,
    "relations": _relation,
    "statements": lambda _, row: row.get("summary", ""),
}
"""What a row is called, by its table."""


def section(difference: PackageDiffData, old: DataPackage, new: DataPackage) -> str:
    """Return the generated part of a release's changelog section, as Markdown."""
    names = _Names(old, new)
    changed = [table for table in difference.tables if not table.derived and table.name != "id_changes"]
    large = sum(_touched(table) for table in changed) > _MOST_LISTED
    if large:
        groups = by_event(changed, old, new)
    else:
        groups = {"Added": list(_added(changed, names)), "Corrected": list(_corrected(changed, names))}
    groups |= {
        "Renamed": list(_renamed(difference.lineage)),
        "Removed": list(_removed(changed, difference.lineage, names)),
        "Form of the tables and the package": list(by_rule(difference.changes) if large else _form(difference)),
        "Accepted findings of the release gates": list(_accepted(difference, new)),
    }
    lines = [_lead(difference)]
    for title, entries in groups.items():
        if entries:
            lines += ["", f"#### {title}", "", *entries]
    return "\n".join(lines) + "\n"


def _touched(table: TableDiff) -> int:
    """Return how many rows of a table are new, corrected or gone, of those that say something by themselves."""
    return 0 if table.name in _COUNTED else table.rows_added + table.rows_changed + table.rows_removed


def _lead(difference: PackageDiffData) -> str:
    bump, old = difference.bump, difference.old.version
    if bump.level is Level.NONE:
        return f"Nothing in the tables has changed since {old}."
    titles = dict.fromkeys(RULES[reason.rule].title for reason in bump.reasons if reason.level is bump.level)
    *first, last = titles
    since = f"{', '.join(first)}, and {last}" if first else last
    return f"Compared with {old}. The smallest version after it is {bump.smallest}, since {since}."


def _listed(table: str, total: int, entries: Iterable[str]) -> Iterator[str]:
    """Yield the rows of a table under its name, and how many more there are."""
    shown = list(entries)[:_MOST_ROWS]
    yield f"- {count(total, table)}:"
    yield from (f"  - {entry}" for entry in shown)
    if total > len(shown):
        yield f"  - and {total - len(shown):,} more"


def _named(title: str, key: tuple[str, ...]) -> str:
    identifier = code("/".join(key))
    return f"{title} ({identifier})" if title else identifier


def _rows(table: str, rows: Iterable[RowChange], names: _Names) -> Iterator[str]:
    return (_named(names.title(table, row.key, row.cells), row.key) for row in rows)


def _added(changed: Iterable[TableDiff], names: _Names) -> Iterator[str]:
    counted = []
    for table in changed:
        if not table.rows_added:
            continue
        if table.name in _COUNTED:
            counted.append(count(table.rows_added, table.name))
        else:
            yield from _listed(table.name, table.rows_added, _rows(table.name, table.added, names))
    if counted:
        yield f"- {' and '.join(counted)}"


def _corrected(changed: Iterable[TableDiff], names: _Names) -> Iterator[str]:
    for table in changed:
        if not table.cells_changed:
            continue
        if table.name in _COUNTED:
            fields = ", ".join(map(code, sorted(table.fields)))
            yield f"- {count(table.rows_changed, table.name)}, in {fields}"
            continue
        rows: dict[tuple[str, ...], list[CellChange]] = defaultdict(list)
        for cell in table.cells:
            rows[cell.key].append(cell)
        entries = (f"{_named(names.title(table.name, key), key)}: {_cells(cells)}" for key, cells in rows.items())
        yield from _listed(table.name, len(rows), entries)


def _cells(cells: list[CellChange]) -> str:
    said = [_cell(cell) for cell in cells[:_MOST_CELLS]]
    if len(cells) > _MOST_CELLS:
        said.append(f"and {len(cells) - _MOST_CELLS:,} more values")
    return "; ".join(said)


def _cell(cell: CellChange) -> str:
    field = code(cell.field)
    if cell.kind is CellKind.FROM_NULL:
        return f"{field} is filled in with {code(cell.new)}"
    if cell.kind is CellKind.TO_NULL:
        return f"{field} is empty, was {code(cell.old)}"
    verb = "is written" if cell.kind is CellKind.FORMAT else "is"
    return f"{field} {verb} {code(cell.new)}, was {code(cell.old)}"


def _renamed(lineage: Iterable[Lineage]) -> Iterator[str]:
    words = {"renamed": "is now", "merged": "went into", "split": "was divided into"}
    grouped: dict[tuple[str, str, tuple[str, ...], str], list[tuple[str, ...]]] = defaultdict(list)
    for entry in lineage:
        if entry.operation in words:
            grouped[entry.table, entry.operation, entry.old, entry.reason].append(entry.new)
    for (table, operation, old, reason), keys in grouped.items():
        targets = ", ".join(code("/".join(key)) for key in keys)
        yield f"- {table}: {code('/'.join(old))} {words[operation]} {targets}. {plain(reason, None)}".rstrip()


def _removed(changed: Iterable[TableDiff], lineage: Iterable[Lineage], names: _Names) -> Iterator[str]:
    told = {(entry.table, entry.old): entry for entry in lineage}
    counted = []
    for table in changed:
        entries = []
        for row in table.removed:
            entry = told.get((table.name, row.key))
            if entry is not None and entry.operation != "removed":
                continue
            reason = "" if entry is None or not entry.reason else f": {plain(entry.reason, None)}"
            entries.append(f"{_named(names.title(table.name, row.key, row.cells), row.key)}{reason}")
        if entries and table.name in _COUNTED:
            counted.append(count(len(entries), table.name))
        elif entries:
            yield from _listed(table.name, len(entries), entries)
    if counted:
        yield f"- {' and '.join(counted)}"


def _form(difference: PackageDiffData) -> Iterator[str]:
    grouped: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for change in difference.changes:
        what = ".".join(part for part in (change.field, change.what) if part)
        if what not in grouped[change.rule, change.table]:
            grouped[change.rule, change.table].append(what)
    for (rule, table), places in grouped.items():
        where = "" if table is None else f"{table}: "
        named = listed([code(place) for place in places if place], most=_MOST_ROWS)
        yield f"- {where}{RULES[rule].title}{f' ({named})' if named else ''}"


def _accepted(difference: PackageDiffData, new: DataPackage) -> Iterator[str]:
    for entry in acceptances(new.descriptor, difference.old.version):
        yield f"- {code(entry.gate)}, with {code(entry.found)}: {plain(entry.reason, None)}"
