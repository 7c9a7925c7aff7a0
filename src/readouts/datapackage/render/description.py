"""The results of inference from bare files, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from readouts.datapackage.render.escaping import visible
from readouts.datapackage.words import counted, joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from readouts.datapackage.inference.inferred import DescribedTable, Proposal

__all__ = ["print_description"]

_MOST_UNIQUE = 6


def print_description(console: Console, tables: Iterable[DescribedTable]) -> None:
    """Print what was inferred of each file: how it is written, its columns, keys and references, with reasons."""
    for table in tables:
        _print_table(console, table)


def _print_table(console: Console, table: DescribedTable) -> None:
    heading = Text(visible(table.path), style="bold")
    heading.append(f" ({counted(table.rows, 'row')}, {counted(len(table.fields), 'column')})", style="not bold")
    console.print(heading, soft_wrap=not console.is_terminal)
    for found in table.form:
        _print_line(console, f"{found.property}: {found.value}", found.reason)
    for problem in table.problems:
        _print_indented(console, Text(f"not well formed: {visible(problem)}", style="yellow"))
    grid = Table(box=None, padding=(0, 1), show_edge=False, header_style="dim")
    grid.add_column("  column", overflow="fold")
    grid.add_column("type", overflow="fold")
    grid.add_column("empty", justify="right")
    grid.add_column("because", overflow="fold")
    for field in table.fields:
        empty = f"{field.empty:,}" if field.empty else ""
        grid.add_row(Text(f"  {visible(field.name)}"), field.type, empty, Text(visible(field.reason), style="dim"))
    console.print(grid)
    unique = [each.fields[0] for each in table.proposals if each.kind == "unique"]
    for each in table.proposals:
        if each.kind != "unique":
            _print_line(console, f"{each.kind}: {_fields(each)} [{each.confidence}]", each.reason)
    if unique:
        more = f" and {len(unique) - _MOST_UNIQUE} more" if len(unique) > _MOST_UNIQUE else ""
        shown = visible(joined(unique[:_MOST_UNIQUE]) if not more else ", ".join(unique[:_MOST_UNIQUE]) + more)
        _print_line(console, f"unique too: {shown}", "may be coincidence, so it is not in the descriptor")
    console.print()


def _print_line(console: Console, what: str, reason: str) -> None:
    line = Text(visible(what))
    line.append(f" - {visible(reason)}", style="dim")
    _print_indented(console, line)


def _print_indented(console: Console, line: Text) -> None:
    """Print a line two columns in: whole, or on a terminal so that it fits."""
    if console.is_terminal:
        console.print(Padding(line, (0, 0, 0, 2)))
    else:
        console.print(Text("  ") + line, soft_wrap=True)


def _fields(proposal: Proposal) -> str:
    names = ", ".join(proposal.fields)
    return f"{names} -> {proposal.resource}.{', '.join(proposal.target)}" if proposal.resource else names
