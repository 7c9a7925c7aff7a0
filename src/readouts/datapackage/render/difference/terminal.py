"""A difference in the terminal: which tables differ, which version that needs and why, then samples by table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from readouts.datapackage.render.difference.inline_diff import marked
from readouts.datapackage.render.difference.sections import (
    Part,
    changes_in,
    counts,
    differing,
    keys,
    references_in,
    row_text,
    same_tables,
    title,
    verdict,
)
from readouts.datapackage.render.difference.sentences import key_text, sentence, vanished_sentence
from readouts.datapackage.render.escaping import visible
from readouts.datapackage.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from readouts.datapackage.difference.result import CellChange, PackageDiffData, TableDiff
    from readouts.datapackage.render.difference.inline_diff import Piece

__all__ = ["plain_difference", "print_difference"]

_LENGTHS = {True: 200, False: 1000}
"""Characters shown of a cell or row, in a terminal and in a pipe."""
_SIDE_BY_SIDE = 60
_LINES = 20
"""Lines of a list at most."""
_STYLES = {"major": "bold red", "minor": "green", "patch": "yellow"}


def print_difference(console: Console, difference: PackageDiffData) -> None:
    """Print a difference, with as many samples as it holds, and say how many it doesn't.

    On a terminal what differs within a cell is marked; elsewhere each row and cell is one line, so that it can be
    searched.
    """
    _print_tables(console, difference)
    _print_list(console, "The ids that were asked about", [(sentence(entry), "") for entry in difference.asked])
    kept = difference.has_lineage
    lost = [
        (vanished_sentence(name, ids, has_lineage=kept), "bold red")
        for name, ids in sorted(difference.vanished.items())
        if ids
    ]
    _print_list(console, "Removed ids not listed in id_changes" if kept else "Removed ids", lost)
    reasons = [
        (f"{reason.level.name}  {sentence(reason)}", _STYLES.get(reason.level.word, ""))
        for reason in difference.bump.reasons
    ]
    _print_list(console, "Why this version", reasons)
    for part in Part:
        lines = [*map(sentence, changes_in(difference, part)), *map(sentence, references_in(difference, part))]
        if part is Part.LOST:
            lines += map(sentence, difference.lineage)
        about = "" if part is Part.FILES else ": package, schemas, references"
        _print_list(console, f"{part.value}{about}", [(line, "") for line in lines])
    for table in differing(difference):
        _print_samples(console, table)
    _print_list(console, "Perhaps renamed", [(sentence(entry), "") for entry in difference.suggestions])
    _print_list(console, "Notes", [(visible(note), "") for note in difference.notes])
    told = [(sentence(each), "") for each in difference.settings]
    _print_list(console, "Options of this comparison", told, most=len(told))
    bad = difference.bump.enough is False or difference.undeclared
    good = difference.bump.enough or (difference.same and not difference.hidden)
    style = "bold red" if bad else "bold green" if good else "bold yellow"
    _print(console, Text(f"{title(difference)}: {verdict(difference)}", style=style))


def plain_difference(difference: PackageDiffData) -> str:
    """Return the difference as `print_difference` writes it where there is no terminal."""
    import io

    from rich.console import Console

    stream = io.StringIO()
    console = Console(file=stream, width=100, color_system=None, force_terminal=False, highlight=False)
    print_difference(console, difference)
    return stream.getvalue()


def _print(console: Console, text: Text) -> None:
    # A pipe has no width to fit.
    console.print(text, soft_wrap=not console.is_terminal)


def _print_list(console: Console, heading: str, lines: Sequence[tuple[str, str]], most: int = _LINES) -> None:
    if not lines:
        return
    _print(console, Text(heading, style="bold"))
    for line, style in lines[:most]:
        if console.is_terminal:
            console.print(Padding(Text(line, style=style), (0, 0, 0, 2)))
        else:
            _print(console, Text(f"  {line}"))
    if len(lines) > most:
        _print(console, Text(f"  and {len(lines) - most:,} more (--format json has all)", style="dim"))
    console.print()


def _print_tables(console: Console, difference: PackageDiffData) -> None:
    tables = differing(difference)
    if tables:
        overview = Table(box=None, padding=(0, 2, 0, 0))
        overview.add_column("table", style="cyan", overflow="fold")
        overview.add_column("rows", justify="right", no_wrap=True)
        for name in ("gone", "changed", "cells", "new"):
            overview.add_column(name, justify="right", no_wrap=True)
        overview.add_column("")
        for table in tables:
            numbers = (table.rows_removed, table.rows_changed, table.cells_changed, table.rows_added)
            remark = "derived" if table.derived else "" if table.status == "changed" else table.status
            overview.add_row(
                Text(visible(table.name, 100)),
                f"{table.rows_old:,} → {table.rows_new:,}",
                *(f"{number:,}" if number else "" for number in numbers),
                remark,
            )
        console.print(overview)
        same = same_tables(difference)
        if same:
            _print(console, Text(f"No row differs in {listed(same, most=20)}.", style="dim"))
        console.print()


def _print_samples(console: Console, table: TableDiff) -> None:
    heading = Text(visible(table.name, 100), style="bold cyan")
    remarks = ": ".join(["", ", ".join(part for part in (counts(table), keys(table)) if part)])
    heading.append(remarks, style="not bold default")
    _print(console, heading)
    _print_lines(console, _lines(console, table))
    if table.hidden:
        words = f"and {table.hidden:,} rows or cells not shown (--limit N; --format html --output FILE)"
        _print(console, Text(f"  {words}", style="dim"))
    console.print()


def _print_lines(console: Console, lines: Iterable[Text]) -> None:
    for line in lines:
        if console.is_terminal:
            console.print(Padding(line, (0, 0, 0, 2)))
        else:
            _print(console, Text("  ").append(line))


def _lines(console: Console, table: TableDiff) -> Iterator[Text]:
    length = _LENGTHS[console.is_terminal]
    for row in table.removed:
        yield _row("- ", "red", key_text(row.key) if table.key else "", row_text(table, row, length), row.count)
    for cell in table.cells:
        yield _cell(console, cell, length)
    for row in table.added:
        yield _row("+ ", "green", key_text(row.key) if table.key else "", row_text(table, row, length), row.count)


def _row(sign: str, style: str, key: str, said: str, count: int) -> Text:
    line = Text(sign, style=style)
    line.append(key, style="bold")
    if count > 1:
        line.append(f" {count:,} times" if key else f"{count:,} times", style="default")
    if said:
        line.append(f"  {said}" if key or count > 1 else said, style="not bold default")
    return line


def _cell(console: Console, cell: CellChange, length: int) -> Text:
    line = Text("~ ", style="yellow")
    line.append(key_text(cell.key), style="bold default")
    line.append(f"  {visible(cell.field, 100)}: ", style="default")
    sides = marked(cell.old, cell.new, length)
    if console.is_terminal:
        _append(line, sides[0], "bold red")
        # Two long texts are told apart more easily when the second one begins a line.
        line.append("\n  → " if len(cell.old) + len(cell.new) > _SIDE_BY_SIDE else " → ", style="default")
        _append(line, sides[1], "bold green")
    else:
        shown = [_whole(text, pieces, length) for text, pieces in zip((cell.old, cell.new), sides, strict=True)]
        line.append(" → ".join(shown))
    if cell.kind != "value":
        line.append(f"  ({cell.kind.value})", style="dim default")
    return line


def _append(line: Text, pieces: Sequence[Piece], style: str) -> None:
    if not pieces:
        line.append("(empty)", style="dim default")
    for piece in pieces:
        line.append(piece.text, style=style if piece.changed else "default")


def _whole(text: str, pieces: Sequence[Piece], length: int) -> str:
    """Return a cell on one line: whole where it fits, so that it can be searched, else what is around the changes."""
    shown = "".join(piece.text for piece in pieces)
    return shown or "(empty)" if len(text) > length or not visible(text).strip() else _unabridged(text, pieces)


def _unabridged(text: str, pieces: Sequence[Piece]) -> str:
    # Escapes of what can't be told apart are kept: they are why there is a change at all.
    kept = any("\\u" in piece.text or "␣" in piece.text for piece in pieces if piece.changed)
    return "".join(piece.text for piece in pieces) if kept else visible(text)
