"""How many rows each table has, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

__all__ = ["print_counts"]


def print_counts(console: Console, title: str, counts: Mapping[str, tuple[int, str]]) -> None:
    """Print tables with their number of rows and what one row is."""
    console.print(Text(title, style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("table", style="cyan", no_wrap=True)
    table.add_column("rows", justify="right", no_wrap=True)
    table.add_column("one row is", overflow="fold")
    for name, (rows, sentence) in counts.items():
        table.add_row(name, f"{rows:,}", sentence)
    console.print(table)
