"""A difference as a Markdown comment on a pull request: losses first, within a budget, inert whatever it quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.render.difference.inline_diff import marked
from readouts.datapackage.render.difference.sections import (
    SAMPLES,
    Part,
    changes_in,
    differing,
    references_in,
    row_text,
    same_tables,
    title,
    verdict,
)
from readouts.datapackage.render.difference.sentences import key_text, sentence, vanished_sentence
from readouts.datapackage.render.report.markdown import LIMIT, prose
from readouts.datapackage.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from readouts.datapackage.difference.result import CellChange, PackageDiffData, RowChange, TableDiff
    from readouts.datapackage.render.difference.inline_diff import Piece

__all__ = ["LIMIT", "LinkError", "render"]

_TABLES = 40
"""Tables at most, in the summary and with samples."""
_OPEN = 12
"""Lines up to which a list isn't folded."""
_ROWS = frozenset([Part.LOST, Part.NEW])
"""Parts that have whole rows."""
_CELL = 240
_ROW = 300
_ADDRESS = re.compile(r"https?://[\w!#$%&'()*+,./:;=?@\[\]~-]+", re.IGNORECASE | re.ASCII)
"""An address as it may be between angle brackets."""
_HIDDEN = (
    f"`readouts diff OLD NEW --format html --limit 0 --output FILE` shows {SAMPLES:,} rows and cells on one page; "
    "`--format json --limit 0` gives all."
)


class LinkError(ReadoutsError):
    """An address of the whole difference is none that a comment can link to."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, and the number of things that it describes."""

    text: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class _Block:
    """A list or a table that may be cut."""

    part: str
    name: str  # in Markdown
    columns: tuple[str, ...]
    lines: Iterator[_Line]  # made as they are asked for: of a million changes, hundreds have room
    total: int  # how many things there are to report
    noun: str
    folds: bool = True  # when it is long

    @property
    def overhead(self) -> int:
        """How many characters it needs besides its lines, at most."""
        return len(self.part) + len(self.name) + 20 * len(self.columns) + sum(map(len, self.columns)) + 200

    def left(self, shown: Sequence[_Line]) -> int:
        """Return how many things these lines don't cover."""
        return self.total - sum(line.size for line in shown)

    def text(self, shown: Sequence[_Line]) -> Iterator[str]:
        """Yield it with these of its lines."""
        fold = self.folds and len(shown) > _OPEN
        if fold:
            yield from ("", f"<details><summary>{self.name or counted(self.total, self.noun)}</summary>")
        elif self.name:
            yield from ("", self.name)
        yield ""
        if self.columns:
            yield from (f"| {' | '.join(self.columns)} |", "|---" * len(self.columns) + "|")
        yield from (line.text for line in shown)
        if fold:
            yield from ("", "</details>")
        if self.left(shown) > 0:
            yield from ("", f"{counted(self.left(shown), f'further {self.noun}')} not shown here.")


def render(difference: PackageDiffData, links: Mapping[str, str] | None = None) -> str:
    """Return a difference as Markdown of fewer than `LIMIT` characters.

    Raises
    ------
    LinkError
        An address is not an absolute one of http or https, or has characters that must be percent-encoded.

    Examples
    --------
    >>> from readouts.datapackage.difference.result import PackageDiffData
    >>> from readouts.datapackage.package.package import PackageVersion
    >>> same = PackageDiffData(PackageVersion("a", "lakes", "1.0.0"), PackageVersion("b", "lakes", "1.0.1"))
    >>> print(render(same, {"the page": "https://lakes.example/diff.html"}), end="")
    ## lakes 1.0.0 → 1.0.1: nothing differs
    <BLANKLINE>
    The whole of it: [the page](<https://lakes.example/diff.html>)
    """
    parts = [f"## {prose(title(difference), 300)}: {prose(verdict(difference), 300)}"]
    parts += [*_links(links or {}), *_summary(difference)]
    blocks = [block for block in _blocks(difference) if block.total]
    chosen = _fitting(blocks, LIMIT - sum(len(line) + 1 for line in parts) - len(_HIDDEN) - 200)
    part = ""
    for block, shown in zip(blocks, chosen, strict=True):
        if shown:
            parts += ["", f"### {block.part}"] if block.part != part else []
            parts += block.text(shown)
            part = block.part
    if [] in chosen:
        parts += ["", f"{counted(chosen.count([]), 'further list')} had no room here."]
    complete = not any(block.left(shown) for block, shown in zip(blocks, chosen, strict=True))
    if not complete or len(differing(difference)) > _TABLES or any(table.hidden for table in difference.tables):
        parts += ["", _HIDDEN]
    return "\n".join(parts) + "\n"


def _fitting(blocks: Sequence[_Block], budget: int) -> list[list[_Line]]:
    """Return the lines of each block that fit: of every block one, then a second, so that none starves another."""
    shown: list[list[_Line]] = [[] for _ in blocks]
    open_ = list(range(len(blocks)))
    while open_:
        going_on = []
        for number in open_:
            line = next(blocks[number].lines, None)
            if line is None:
                continue
            cost = len(line.text) + 1 + (0 if shown[number] else blocks[number].overhead)
            if cost <= budget:
                budget -= cost
                shown[number].append(line)
                going_on.append(number)
        open_ = going_on
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


def _summary(difference: PackageDiffData) -> Iterator[str]:
    if difference.settings:
        yield from ("", f"Options of this comparison: {prose('; '.join(map(sentence, difference.settings)), 3000)}.")
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


def _blocks(difference: PackageDiffData) -> Iterator[_Block]:
    yield _listing("The ids that were asked about", difference.asked, "id", folds=True)
    for part in Part:
        lost = part is Part.LOST
        told: list[Any] = [*changes_in(difference, part), *references_in(difference, part)]
        gone = [
            vanished_sentence(table, found, has_lineage=difference.has_lineage)
            for table, found in sorted(difference.vanished.items())
            if found
        ]
        told = [*gone, *told, *difference.lineage] if lost else told
        yield _listing(part.value, told, "change", folds=not lost)
        for table in differing(difference)[:_TABLES]:
            yield from _samples(table, part)
    bump = difference.bump
    words = [f"{reason.level.name}: {sentence(reason)}" for reason in bump.reasons]
    yield _listing("Why this version", words, "reason", folds=True)
    yield _listing("Perhaps renamed", difference.suggestions, "pair", folds=True)
    yield _listing("Notes", difference.notes, "note", folds=True)


def _listing(part: str, told: Sequence[Any], noun: str, *, folds: bool) -> _Block:
    """Return a list of things, each a sentence or something that there is one for."""
    lines = (_Line(f"- {prose(each if isinstance(each, str) else sentence(each), 600)}") for each in told)
    return _Block(part, "", (), lines, len(told), noun, folds=folds)


def _samples(table: TableDiff, part: Part) -> Iterator[_Block]:
    """Yield what one part reports of a table's rows; a file that is not a table has none."""
    name = prose(table.name, 80)
    if part is Part.CORRECTED:
        heading = f"<b>{name}</b>: {counted(table.cells_changed, 'cell')} in {counted(table.rows_changed, 'row')}"
        cells = (_Line(_cell(cell)) for cell in table.cells)
        yield _Block(part.value, heading, ("row", "field", "before", "now"), cells, table.cells_changed, "cell")
    elif part in _ROWS:
        rows, number, word, said = (
            (table.removed, table.rows_removed, "gone", "what it said")
            if part is Part.LOST
            else (table.added, table.rows_added, "new", "what it says")
        )
        heading = f"<b>{name}</b>: {counted(number, 'row')} {word}"
        lines = (_Line(_row(table, row), row.count) for row in rows)
        yield _Block(part.value, heading, ("row", said), lines, number, "row")


def _row(table: TableDiff, row: RowChange) -> str:
    often = f" ({row.count:,} times)" if row.count > 1 else ""
    name = key_text(row.key) if table.key else "(no key)"
    return f"| {prose(name, 200)}{often} | {prose(row_text(table, row, _ROW), 2 * _ROW)} |"


def _cell(cell: CellChange) -> str:
    sides = " | ".join(_cells(cell.old, cell.new))
    return f"| {prose(key_text(cell.key), 200)} | {prose(cell.field, 80)} | {sides} |"


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
