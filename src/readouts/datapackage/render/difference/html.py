"""A difference as one HTML page: nothing runs, nothing is fetched, and what differs within a cell is marked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from readouts.datapackage.render.difference.inline_diff import marked
from readouts.datapackage.render.difference.sections import (
    SAMPLES,
    Part,
    counts,
    differing,
    keys,
    part,
    same_tables,
    shared,
    title,
    verdict,
)
from readouts.datapackage.render.difference.sentences import key_text, sentence, vanished_sentence
from readouts.datapackage.render.escaping import visible
from readouts.datapackage.render.page import page, part_of_page, template_text
from readouts.datapackage.versioning import RULES
from readouts.datapackage.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from readouts.datapackage.difference.result import (
        CellChange,
        PackageDiffData,
        ReferenceChange,
        RowChange,
        TableDiff,
    )
    from readouts.datapackage.render.difference.inline_diff import Piece

__all__ = ["inside", "inside_style", "render"]

_LISTED = 300
"""Lines of a list at most."""
_FIRST = 10
"""Reasons that aren't folded."""
_OPEN = 40
"""Samples up to which a group isn't folded."""
_FIELDS = 60
_CELL = 600
_NAME = 100
_KINDS = {"format": "only written otherwise", "to-null": "withdrawn", "from-null": "filled in"}


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    level: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Cell:
    field: str
    kind: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    often: int
    cells: tuple[tuple[str, str], ...]
    more: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Samples of one kind: whole rows, or changed cells by row."""

    title: str
    kind: str
    number: int
    hidden: int
    rows: tuple[_Row, ...] = ()
    changes: tuple[tuple[str, tuple[_Cell, ...]], ...] = ()
    open: bool = True


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    anchor: str
    remarks: tuple[str, ...]
    number: int
    lines: tuple[_Line, ...]
    groups: tuple[_Group, ...]


def _row(table: TableDiff, row: RowChange) -> _Row:
    said = [
        (visible(name, _NAME), visible(cell, _CELL))
        for name, cell in row.cells.items()
        if cell and name not in table.key
    ]
    return _Row(key_text(row.key) if table.key else "", row.count, tuple(said[:_FIELDS]), max(0, len(said) - _FIELDS))


def _changes(cells: Iterable[CellChange]) -> Iterator[tuple[str, tuple[_Cell, ...]]]:
    for key, group in groupby(cells, key=lambda cell: cell.key):
        yield (
            key_text(key),
            tuple(
                _Cell(visible(cell.field, _NAME), _KINDS.get(cell.kind.value, ""), *marked(cell.old, cell.new, _CELL))
                for cell in group
            ),
        )


def _groups(table: TableDiff, room: int) -> Iterator[_Group]:
    gone, changed, new = shared([len(table.removed), len(table.cells), len(table.added)], room)
    if table.rows_removed:
        rows = tuple(_row(table, row) for row in table.removed[:gone])
        yield _Group(
            "Rows that are gone", "gone", table.rows_removed, _left(table.rows_removed, rows), rows, (), gone <= _OPEN
        )
    if table.cells_changed:
        changes = tuple(_changes(table.cells[:changed]))
        hidden = table.cells_changed - changed
        name = f"Cells that changed, in {counted(table.rows_changed, 'row')}"
        yield _Group(name, "changed", table.cells_changed, hidden, (), changes, changed <= _OPEN)
    if table.rows_added:
        rows = tuple(_row(table, row) for row in table.added[:new])
        yield _Group(
            "Rows that are new", "new", table.rows_added, _left(table.rows_added, rows), rows, (), new <= _OPEN
        )


def _left(number: int, rows: Iterable[_Row]) -> int:
    return number - sum(row.often for row in rows)


def _remarks(table: TableDiff) -> Iterator[str]:
    if table.status == "added":
        yield f"The table is new, with {counted(table.rows_new, 'row')}"
    elif table.status == "removed":
        yield f"The table is gone; it had {counted(table.rows_old, 'row')}"
    else:
        yield f"{table.rows_old:,} → {counted(table.rows_new, 'row')}"
    yield counts(table)
    if keys(table):
        yield keys(table)
    if table.derived:
        yield "only repeats what other tables say, so it doesn't count for the version"


def _lines(difference: PackageDiffData, name: str | None) -> list[_Line]:
    """Return what changed about a table, or about the package, besides its rows; losses first."""
    found: list[tuple[int, _Line]] = []
    order = list(Part)
    for change in difference.changes:
        if change.table == name:
            rule = RULES[change.rule]
            found.append((order.index(part(change.rule)), _Line(sentence(change), rule.level.word)))
    if name is not None:
        if ids := difference.vanished.get(name):
            found.append((-1, _Line(vanished_sentence(name, ids, has_lineage=difference.has_lineage), "major")))
        for entry in difference.lineage:
            if entry.table == name:
                lost = order.index(Part.LOST)
                found.append((lost, _Line(sentence(entry), RULES[f"id-{entry.operation}"].level.word)))
        for reference in difference.references:
            if reference.table == name:
                told = Part.LOST if reference.kind == "dangling" else Part.CORRECTED
                found.append((order.index(told), _reference(reference)))
        found += [
            (len(order), _Line(sentence(entry), "hint")) for entry in difference.suggestions if entry.table == name
        ]
    return [line for _, line in sorted(found, key=lambda pair: pair[0])]


def _reference(change: ReferenceChange) -> _Line:
    samples = [
        f"{key_text(key)}: {key_text(old) or 'nothing'} → {key_text(new) or 'nothing'}" if old != new else key_text(key)
        for key, old, new in change.samples[:20]
    ]
    left = change.count - len(samples)
    more = [f"and {left:,} more"] if left > 0 and samples else []
    level = "major" if change.kind == "dangling" else "note"
    return _Line(sentence(change), level, "; ".join([*samples, *more]))


def _sections(difference: PackageDiffData) -> Iterator[_Section]:
    tables = differing(difference)
    room = shared([len(table.removed) + len(table.cells) + len(table.added) for table in tables], SAMPLES)
    told, known = ({table.name for table in each} for each in (tables, difference.tables))
    lines = _lines(difference, None)
    # A change may be of a resource that is not a table, or of a schema whose table has the same rows.
    names = [
        *(change.table for change in difference.changes if change.table is not None),
        *(entry.table for entry in difference.lineage),
        *(change.table for change in difference.references),
        *(entry.table for entry in difference.suggestions),
        *difference.vanished,
    ]
    others = dict.fromkeys(name for name in names if name not in told)
    if lines:
        yield _Section("The package", "package", (), len(lines), _cut(lines), ())
    for number, (table, most) in enumerate(zip(tables, room, strict=True)):
        lines = _lines(difference, table.name)
        groups = tuple(_groups(table, most))
        number_of = len(lines) + sum(group.number for group in groups)
        yield _Section(
            visible(table.name, 200), f"table-{number}", tuple(_remarks(table)), number_of, _cut(lines), groups
        )
    for number, name in enumerate(others):
        lines = _lines(difference, name)
        remark = "no row differs" if name in known else "no table"
        yield _Section(visible(name, 200), f"other-{number}", (remark,), len(lines), _cut(lines), ())


def _cut(lines: Sequence[_Line]) -> tuple[_Line, ...]:
    left = len(lines) - _LISTED
    return (*lines[:_LISTED], *([_Line(f"and {left:,} more")] if left > 0 else []))


def _state(difference: PackageDiffData) -> str:
    if difference.bump.enough is False or difference.undeclared:
        return "bad"
    return "good" if (difference.same and not difference.hidden) or difference.bump.enough else "warn"


def render(difference: PackageDiffData) -> str:
    """Return a difference as one HTML page, with at most some thousands of samples and the number of all."""
    styles = ("report.css", "difference_colours.css", "difference.css")
    return page("difference.html", styles, layout="sheet.html", **_values(difference))


def inside(difference: PackageDiffData) -> str:
    """Return what the page of a difference shows, to embed in another page, which brings heading, colours and style."""
    return part_of_page("difference.html", layout="inside.html", **_values(difference))


def inside_style() -> str:
    """Return the rules for what `inside` returns, as they are for the page of a difference; the colours are left out.

    Examples
    --------
    >>> inside_style().splitlines()[0]
    '.inside {'
    """
    return f".inside {{\n{template_text('difference.css')}}}\n"


def _values(difference: PackageDiffData) -> dict[str, Any]:
    tables = differing(difference)
    sections = list(_sections(difference))
    reasons = [_Line(sentence(reason), reason.level.word, RULES[reason.rule].why) for reason in difference.bump.reasons]
    return {
        "title": title(difference),
        "verdict": verdict(difference),
        "state": _state(difference),
        "sides": [
            (name, visible(side.label, 300), visible(" ".join(part for part in (side.name, side.version) if part), 200))
            for name, side in (("Before", difference.old), ("Now", difference.new))
        ],
        "totals": _totals(difference),
        "asked": _cut([_Line(sentence(entry)) for entry in difference.asked]),
        "settings": _cut([_Line(sentence(each)) for each in difference.settings]),
        "reasons": _cut(reasons[:_FIRST]),
        "more_reasons": _cut(reasons[_FIRST:]),
        "notes": _cut([_Line(visible(note)) for note in difference.notes]),
        "tables": [(table, visible(table.name, 200), f"table-{number}") for number, table in enumerate(tables)],
        "same": same_tables(difference)[:_LISTED],
        "same_number": sum(table.status == "same" for table in difference.tables),
        "sections": sections,
        "most": SAMPLES,
        "hidden": sum(group.hidden for section in sections for group in section.groups),
        "nothing": difference.same and not difference.asked and not difference.hidden,
    }


def _totals(difference: PackageDiffData) -> list[tuple[str, str]]:
    tables = [table for table in difference.tables if not table.derived]
    numbers = (
        ("Rows gone", sum(table.rows_removed for table in tables)),
        ("Cells changed", sum(table.cells_changed for table in tables)),
        ("Rows new", sum(table.rows_added for table in tables)),
    )
    return [(name, f"{number:,}") for name, number in numbers]
