"""What a notebook shows: a heading, notes and a table, in the notebook's own colours, with everything escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from readouts.datapackage.render.escaping import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["notebook_html"]


def notebook_html(
    heading: str, notes: Iterable[str], columns: Sequence[str], rows: Iterable[Sequence[str | int]], mark: str = ""
) -> str:
    """Return a heading, notes and a table as HTML; numbers are at the right.

    Parameters
    ----------
    heading
        What it is.
    notes
        Lines below the heading.
    columns
        The headings of the columns.
    rows
        The cells.
    mark
        What follows the heading in plain type.

    Examples
    --------
    >>> notebook_html("<b>", [], ["lake", "depth"], [["Bala", 42]])[:46]
    '<div><strong>&lt;b&gt;</strong><table><thead><'
    """
    below = "".join(f"<br>{_escaped(note)}" for note in notes)
    cells = [[*row] for row in rows]
    numbers = [all(isinstance(row[place], int) for row in cells) for place in range(len(columns))]
    sides = [f' style="text-align:{"right" if number else "left"}"' for number in numbers]
    head = "".join(f"<th{side}>{_escaped(name)}</th>" for side, name in zip(sides, columns, strict=True))
    body = "".join(
        f"<tr>{''.join(f'<td{side}>{_cell(cell)}</td>' for side, cell in zip(sides, row, strict=True))}</tr>"
        for row in cells
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<div><strong>{_escaped(heading)}</strong>{_escaped(mark)}{below}{table}</div>"


def _cell(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else "<br>".join(map(_escaped, value.split("\n")))


def _escaped(text: str) -> str:
    return escape(visible(text))
