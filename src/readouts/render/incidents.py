"""Findings in the terminal."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from readouts.incident import Incident

__all__ = ["print_incidents"]


def print_incidents(console: Console, incidents: Sequence[Incident], limit: int) -> None:
    """Print findings grouped by code: where, and what was expected and found; how to mend it once a group.

    Parameters
    ----------
    console
        Where to.
    incidents
        The findings.
    limit
        How many of each code are shown; how many are held back is said.
    """
    by_code = sorted(incidents, key=lambda finding: finding.code)
    for code, group in groupby(by_code, key=lambda finding: finding.code):
        findings = list(group)
        hints = dict.fromkeys(finding.hint for finding in findings if finding.hint)
        times = "once" if len(findings) == 1 else f"{len(findings):,} times"
        console.print(f"[bold red]{escape(code)}[/] [dim]{times}[/]", highlight=False)
        if console.is_terminal:
            table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
            table.add_column(overflow="fold")
            table.add_column(overflow="fold")
            for finding in findings[:limit]:
                table.add_row(Text(finding.place(), style="cyan"), Text(finding.message))
            console.print(Padding(table, (0, 0, 0, 2)))
        else:
            # A pipe has no width to fit: one finding a line, whole, so that it can be searched.
            for finding in findings[:limit]:
                console.print(Text(f"  {finding.place()}: {finding.message}"), soft_wrap=True)
        if len(findings) > limit:
            console.print(f"  [dim]and {len(findings) - limit:,} more of this code, held back (--limit)[/]")
        for hint in hints:
            console.print(Text(f"  {hint}", style="italic"), soft_wrap=not console.is_terminal)
    noun = "finding" if len(incidents) == 1 else "findings"
    console.print(f"[bold]{len(incidents):,} {noun}[/]", highlight=False)
