"""Tables of any package as sheets of texts: every cell as its file has it; anything else is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from readouts.datapackage.table.csv_scanner import sentence_of
from readouts.datapackage.table.reader import Header, ResourceReader
from readouts.datapackage.words import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from readouts.datapackage.schema.model import Table
    from readouts.datapackage.table.csv_blocks import Block
    from readouts.datapackage.table.csv_header import ByteStream
    from readouts.datapackage.table.json_rows import JsonRows
    from readouts.datapackage.table.resource import Resource

__all__ = ["Form", "SheetReader", "TextTable"]

_HARMLESS = frozenset(["line-ending"])
"""A carriage return within a cell is read as it is: nothing is lost."""
_OF_SCHEMAS = frozenset(
    ["byte-order-mark", "missing-label", "extra-label", "incorrect-label", "blank-label", "duplicate-label"]
)
"""Findings that are reported elsewhere; duplicate columns are refused before."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written, apart from its cells.

    Attributes
    ----------
    byte_order_mark
        Whether it begins with one.
    line_end
        What its header ends in: `LF`, `CRLF` or `CR`; empty where it has none, as JSON does.
    """

    byte_order_mark: bool = False
    line_end: str = ""


@dataclass(frozen=True)
class TextTable:
    """One table as texts.

    Attributes
    ----------
    table
        What its schema says.
    labels
        Its columns, in the order of the file.
    frame
        Its rows, by label: every cell is the text that the file has, an empty one is an empty text and never null.
    form
        How its file is written.
    """

    table: Table
    labels: tuple[str, ...]
    frame: pl.DataFrame
    form: Form = field(default_factory=Form)


class SheetReader(ResourceReader[TextTable]):
    """One resource, read as a sheet.

    Attributes
    ----------
    harmless
        Codes of faults in rows that don't end the reading.
    null
        The text that stands for a null of JSON.
    memory
        Bytes that the blocks which are read may take; None for the usual ones.
    """

    harmless = _HARMLESS
    null = ""
    memory: int | None = None

    def __init__(self, resource: Resource) -> None:
        """Read the rows; raise a TableError if the descriptor doesn't say how."""
        resource.require_readable()
        super().__init__(resource)
        self._frames: list[pl.DataFrame] = []
        self.table: Table | None = None
        self.sheet = self.check()

    def require_rows(self) -> TextTable:
        """Return the sheet; raise a TableError unless it was read without a fault, with each column once."""
        sheet, error = self.sheet, self.resource.error
        if wrong := [each for each in self.findings.incidents if each.code not in _OF_SCHEMAS]:
            raise error(wrong[0].message, wrong[0].line, wrong[0].file)
        if sheet is None:
            raise error("Expected a table; found none.")
        labels = sheet.labels
        if twice := [label for place, label in enumerate(labels) if label in labels[:place]]:
            raise error(f"Expected each column once; found {quoted(twice[0])} twice.")
        return sheet

    def require_sheet(self) -> TextTable:
        """Return the sheet as `require_rows` does; raise a TableError too if rows can't be told apart by its key."""
        sheet, error = self.require_rows(), self.resource.error
        labels = sheet.labels
        # Polars takes such a name for a pattern of names, and with it other columns or none.
        if pattern := [each for each in labels if each == "*" or (each.startswith("^") and each.endswith("$"))]:
            message = (
                f"A column named {quoted(pattern[0])} can't be compared, since it would be taken for a pattern "
                "of names. Give it another name, or compare packages in canonical form with `--stream`."
            )
            raise error(message)
        if absent := [column for column in sheet.table.primary_key if column not in labels]:
            found = ", ".join(map(quoted, labels[:20]))
            raise error(f"Expected the column {quoted(absent[0])} of the primary key; found {found}.")
        return sheet

    def _form(self, line_end: str = "") -> Form:
        return Form(bool(self.digest.marked), "CR" if self.resource.dialect.line_terminator == "\r" else line_end)

    def text_rows(self, table: Table, header: Header, stream: ByteStream) -> TextTable | None:
        """Read rows of text."""
        from readouts.datapackage.table.csv_blocks import read_blocks

        labels = header.labels
        table, _ = self.matched(table, labels, header.line)
        blocks = read_blocks(
            stream, self.resource.dialect, len(labels), header.head, lambda _: None, memory=self.memory
        )
        return self._sheet(table, labels, blocks, self._form(header.line_end))

    def json_rows(self, table: Table, rows: JsonRows) -> TextTable | None:
        """Read rows of JSON."""
        from readouts.datapackage.table.json_rows import json_blocks

        table, _ = self.matched(table, rows.labels, rows.header_line, ordered=rows.ordered)
        blocks = json_blocks(table, rows, lambda _: None, self.null, typed=False)
        return self._sheet(table, rows.labels, blocks, Form(bool(self.digest.marked)))

    def _sheet(self, table: Table, labels: list[str], blocks: Iterable[Block[None]], form: Form) -> TextTable | None:
        if len(set(labels)) < len(labels):
            return TextTable(table, tuple(labels), pl.DataFrame())
        self.table = table
        self.take(pl.DataFrame(schema=dict.fromkeys(labels, pl.String)))
        for block in blocks:
            for fault in (fault for _, _, fault in block.faults if fault.code not in self.harmless):
                self.add(fault.code, sentence_of(fault.code, fault.value, self.resource.encoding), line=fault.line)
                return None
            block.frame.columns = labels
            self.take(block.frame)
        return TextTable(table, tuple(labels), self.taken(), form)

    def take(self, rows: pl.DataFrame) -> None:
        """Keep the rows of a block; the first have no rows."""
        self._frames.append(rows)

    def taken(self) -> pl.DataFrame:
        """Return the rows that were kept, as far as the sheet is to have them."""
        return pl.concat(self._frames)
