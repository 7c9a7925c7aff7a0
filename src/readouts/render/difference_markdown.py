"""A difference as a Markdown comment on a pull request: losses first, within a budget, inert whatever it quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.errors import ReadoutsError
from readouts.render.difference_marks import marked
from readouts.render.difference_parts import (
    Part,
    changes_in,
    differing,
    references_in,
    row_text,
    same_tables,
    title,
    verdict,
)
from readouts.render.difference_words import key_text, listed, sentence, vanished_sentence
from readouts.render.findings import counted
from readouts.render.report_markdown import LIMIT, prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.difference import Difference, RowChange, TableDifference
    from readouts.render.difference_marks import Piece

__all__ = ["LIMIT", "LinkError", "render"]

_TABLES = 40
"""Tables at most, in the summary and with samples."""
_LINES = 60
"""Lines of a list, and rows of a table, at most."""
_OPEN = 12
"""Lines up to which a list isn't folded."""
_CELL = 240
_ROW = 300
_ADDRESS = re.compile(r"https?://[\w!#$%&'()*+,./:;=?@\[\]~-]+", re.IGNORECASE | re.ASCII)
"""An address as it may stand between angle brackets."""
_HIDDEN = "`readouts diff OLD NEW --format html --limit 0 --output FILE` shows everything on one page."


class LinkError(ReadoutsError):
    """An address of the whole difference is none that a comment can link to."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A list or a table that may be cut: the lines that it can show, and of how many each is a part.

    Attributes
    ----------
    name
        What stands above it, in Markdown.
    sizes
        How many things each line tells of, where it isn't one.
    folds
        Whether it is folded when it is long.
    """

    part: str
    name: str
    columns: tuple[str, ...]
    lines: tuple[str, ...]
    total: int
    noun: str
    sizes: tuple[int, ...] = ()
    folds: bool = True

    @property
    def overhead(self) -> int:
        """How many characters it needs besides its lines, at most."""
        return len(self.part) + len(self.name) + 20 * len(self.columns) + sum(map(len, self.columns)) + 200

    def text(self, shown: int) -> Iterator[str]:
        """Yield it with so many of its lines."""
        fold = self.folds and shown > _OPEN
        if fold:
            yield from ("", f"<details><summary>{self.name or counted(self.total, self.noun)}</summary>")
        elif self.name:
            yield from ("", self.name)
        yield ""
        if self.columns:
            yield from (f"| {' | '.join(self.columns)} |", "|---" * len(self.columns) + "|")
        yield from self.lines[:shown]
        if fold:
            yield from ("", "</details>")
        left = self.total - (sum(self.sizes[:shown]) if self.sizes else shown)
        if left > 0:
            yield from ("", f"{counted(left, f'further {self.noun}')} not shown here.")


def render(difference: Difference, links: Mapping[str, str] | None = None) -> str:
    """Return a difference as Markdown of fewer than `LIMIT` characters.

    Parameters
    ----------
    difference
        What to show.
    links
        Addresses of the whole difference, by what they are called.

    Raises
    ------
    LinkError
        An address is no absolute one of http or https, or has characters that must be percent-encoded.

    Examples
    --------
    >>> from readouts.difference import Difference, Side
    >>> same = Difference(Side("a", "lakes", "1.0.0"), Side("b", "lakes", "1.0.1"))
    >>> print(render(same, {"the page": "https://lakes.example/diff.html"}), end="")
    ## lakes 1.0.0 → 1.0.1: nothing differs
    <BLANKLINE>
    The whole of it: [the page](<https://lakes.example/diff.html>)
    """
    parts = [f"## {prose(title(difference), 300)}: {prose(verdict(difference), 300)}"]
    parts += [*_links(links or {}), *_summary(difference)]
    blocks = [block for block in _blocks(difference) if block.lines]
    shown = _fitting(blocks, LIMIT - sum(len(line) + 1 for line in parts) - len(_HIDDEN) - 200)
    part = ""
    for block, number in zip(blocks, shown, strict=True):
        if number:
            parts += ["", f"### {block.part}"] if block.part != part else []
            parts += block.text(number)
            part = block.part
    if 0 in shown:
        parts += ["", f"{counted(shown.count(0), 'further list')} had no room here."]
    complete = shown == [len(block.lines) for block in blocks] and len(differing(difference)) <= _TABLES
    if not complete or any(table.hidden for table in difference.tables):
        parts += ["", _HIDDEN]
    return "\n".join(parts) + "\n"


def _fitting(blocks: Sequence[_Block], budget: int) -> list[int]:
    """Return how many lines of each block fit: of every block one, then a second, so that none starves another."""
    shown = [0] * len(blocks)
    for index in range(_LINES):
        for number, block in enumerate(blocks):
            if shown[number] == index < len(block.lines):
                cost = len(block.lines[index]) + 1 + (0 if index else block.overhead)
                if cost <= budget:
                    budget -= cost
                    shown[number] += 1
    return shown


def _links(links: Mapping[str, str]) -> Iterator[str]:
    for name, address in links.items():
        if not _ADDRESS.fullmatch(address) or len(address) > 1000:
            message = (
                f"The link '{name}' has no address that a comment can hold: expected one that begins with https:// and "
                f"has no spaces, quotes, angle brackets or backslashes, found '{address[:200]}'. Percent-encode it."
            )
            raise LinkError(message)
    if links:
        whole = ", ".join(f"[{prose(name, 80)}](<{address}>)" for name, address in list(links.items())[:5])
        yield from ("", f"The whole of it: {whole}")


def _summary(difference: Difference) -> Iterator[str]:
    tables = differing(difference)
    if tables:
        yield from ("", "| table | rows | new | gone | changed | cells | |", "|---|---:|---:|---:|---:|---:|---|")
    for table in tables[:_TABLES]:
        rows = f"{table.rows_old:,} → {table.rows_new:,}" if table.rows_old != table.rows_new else f"{table.rows_new:,}"
        numbers = (table.rows_added, table.rows_removed, table.rows_changed, table.cells_changed)
        remark = "only repeats others" if table.derived else "" if table.status == "changed" else table.status
        cells = [prose(table.name, 80), rows, *(f"{number:,}" if number else "" for number in numbers), remark]
        yield f"| {' | '.join(cells)} |"
    if len(tables) > _TABLES:
        yield f"| {len(tables) - _TABLES:,} further tables | | | | | | |"
    same = same_tables(difference)
    if same and tables:
        yield from ("", f"No row differs in {prose(listed(same, most=20), 2500)}.")


def _blocks(difference: Difference) -> Iterator[_Block]:
    if difference.asked:
        asked = tuple(f"- {prose(sentence(entry))}" for entry in difference.asked[:_LINES])
        yield _Block("The ids that were asked about", "", (), asked, len(difference.asked), "id")
    tables = differing(difference)[:_TABLES]
    lost = [vanished_sentence(table, found) for table, found in sorted(difference.vanished.items()) if found]
    lines = {part: [sentence(change) for change in changes_in(difference, part)] for part in Part}
    for part in Part:
        lines[part] += [sentence(change) for change in references_in(difference, part)]
    lines[Part.LOST] = [*lost, *lines[Part.LOST], *(sentence(entry) for entry in difference.lineage)]
    for part in Part:
        listing = tuple(f"- {prose(line, 600)}" for line in lines[part][:_LINES])
        folds = part is not Part.LOST
        yield _Block(part.value, "", (), listing, len(lines[part]), "change", folds=folds)
        for table in tables:
            yield _samples(table, part)
    yield from _lists(difference)


def _samples(table: TableDifference, part: Part) -> _Block:
    name = prose(table.name, 80)
    if part is Part.CORRECTED:
        heading = f"<b>{name}</b>: {counted(table.cells_changed, 'cell')} in {counted(table.rows_changed, 'row')}"
        cells = tuple(
            f"| {prose(key_text(cell.key), 200)} | {prose(cell.field, 80)} | {' | '.join(_cells(cell.old, cell.new))} |"
            for cell in table.cells[:_LINES]
        )
        return _Block(part.value, heading, ("row", "field", "before", "now"), cells, table.cells_changed, "cell")
    rows, number, word = (
        (table.removed, table.rows_removed, "gone") if part is Part.LOST else (table.added, table.rows_added, "new")
    )
    heading = f"<b>{name}</b>: {counted(number, 'row')} {word}"
    columns = ("row", "what it said") if part is Part.LOST else ("row", "what it says")
    shown = rows[:_LINES]
    sizes = tuple(row.count for row in shown)
    return _Block(part.value, heading, columns, tuple(_row(table, row) for row in shown), number, "row", sizes)


def _row(table: TableDifference, row: RowChange) -> str:
    often = f" ({row.count:,} times)" if row.count > 1 else ""
    name = key_text(row.key) if table.key else "(no key)"
    return f"| {prose(name, 200)}{often} | {prose(row_text(table, row, _ROW), 2 * _ROW)} |"


def _cells(old: str, new: str) -> list[str]:
    return [
        _pieces(side) if text else "(empty)" for text, side in zip((old, new), marked(old, new, _CELL), strict=True)
    ]


def _pieces(pieces: Sequence[Piece]) -> str:
    written = []
    for number, piece in enumerate(pieces, 1):
        text = prose(piece.text, 2 * len(piece.text) + 10)
        # What ends a piece could be made a mention or a link with what begins the next.
        part = "&#8203;" if number < len(pieces) and piece.text[-1] in "@#:/.-" else ""
        written.append(f"<b>{text}</b>{part}" if piece.changed else text + part)
    return "".join(written)


def _lists(difference: Difference) -> Iterator[_Block]:
    reasons = difference.bump.reasons
    lines = tuple(f"- {reason.level.name}: {prose(sentence(reason), 600)}" for reason in reasons[:_LINES])
    yield _Block("Why this version", "", (), lines, len(reasons), "reason")
    suggestions = difference.suggestions
    lines = tuple(f"- {prose(sentence(entry), 600)}" for entry in suggestions[:_LINES])
    yield _Block("Perhaps renamed", "", (), lines, len(suggestions), "pair")
    lines = tuple(f"- {prose(note, 600)}" for note in difference.notes[:_LINES])
    yield _Block("Notes", "", (), lines, len(difference.notes), "note")
