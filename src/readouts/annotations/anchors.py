"""`annotations/anchors/<article>.csv`: span ids and fingerprints, written by `readouts anchor` like a lock file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.annotations.records import Reading, Record, Span
from readouts.corpus_schema.tables import tables
from readouts.datapackage.table.canonical_csv import csv_line
from readouts.text.fingerprint import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Anchor", "AnchorRow", "anchor_lines", "anchors_text", "join_anchors", "read_anchors", "span_records"]

OWNER = ("statement_id", "depth", "relation_id", "account_id", "entity_id")
IDENTITY = ("role", "start", "end", *OWNER)
FINGERPRINT = ("skeleton_sha256", "skeleton_length", "prefix_sha256", "suffix_sha256")
COLUMNS = ("span_id", *IDENTITY, *FINGERPRINT)

_SLUG = r"[a-z0-9]+(?:[._-][a-z0-9]+)*+"
_NUMBER = r"(?:0|[1-9][0-9]{0,9})"
_HASH = r"[0-9a-f]{64}"
# What `readouts anchor` writes; a row that isn't like this is checked cell by cell.
_CELLS = (
    _SLUG, "[a-z]+", _NUMBER, _NUMBER, f"(?:{_SLUG})?", "[0-9]?", *[f"(?:{_SLUG})?"] * 3,
    _HASH, "[1-9][0-9]{0,9}", _HASH, _HASH,
)  # fmt: skip
_GOOD_ROW = re.compile(",".join(_CELLS))
_ANCHOR = tuple(",".join(_CELLS[part]) for part in (slice(1), slice(1, 9), slice(9, None)))
_GOOD_LINE = re.compile(f"^{','.join(f'({part})' for part in _ANCHOR)}\n", re.MULTILINE)
_HEADER = ",".join(COLUMNS) + "\n"

Anchor = tuple[str, str, str]
"""A row of an anchors file: the id of a span, and the cells of its identity and fingerprint as they are in a line."""


@dataclass(frozen=True, slots=True)
class AnchorRow:
    """One anchored span: its id, what identifies it among its article's, its fingerprint, its line in the file."""

    span_id: str
    identity: tuple[str, ...]
    fingerprint: Fingerprint
    line: int = 0


def read_anchors(text: str, article_id: str, reading: Reading) -> list[AnchorRow]:
    """Read an article's anchors file; its faults are added to the reading, whose file it is."""
    return [
        AnchorRow(name, tuple(identity.split(",")), Fingerprint(whole, int(length), before, after), line)
        for (name, identity, prints), line in anchor_lines(text, article_id, reading)
        for whole, length, before, after in (prints.split(","),)
    ]


def anchor_lines(text: str, article_id: str, reading: Reading) -> list[tuple[Anchor, int]]:
    """Return the rows of an anchors file as texts, each with its line; faults are added to the reading."""
    if text.startswith(_HEADER):
        rows: list[Anchor] = _GOOD_LINE.findall(text, len(_HEADER))
        prefix = f"{article_id}."
        if (
            len(rows) == text.count("\n") - 1
            and text.endswith("\n")
            and len({row[0] for row in rows}) == len({row[1] for row in rows}) == len(rows)
            and all(row[0].startswith(prefix) for row in rows)
        ):
            return [(row, line) for line, row in enumerate(rows, 2)]
    return _looked_at(text, article_id, reading)


def _looked_at(text: str, article_id: str, reading: Reading) -> list[tuple[Anchor, int]]:
    """Read an anchors file that isn't as `readouts anchor` writes it, cell by cell."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    table = tables()["spans"]
    rows: list[tuple[Anchor, int]] = []
    seen: set[str] = set()
    owners: dict[tuple[str, ...], str] = {}
    try:
        labels = tuple(next(reader, []))
        if labels != COLUMNS:
            reading.add("anchor-broken", f"Expected the columns {', '.join(COLUMNS)}.", 1)
            return rows
        for cells in reader:
            line = reader.line_num
            if len(cells) != len(COLUMNS):
                reading.add("anchor-broken", f"Expected {len(COLUMNS)} cells, found {len(cells)}.", line)
                continue
            bad = False
            for name, cell in () if _GOOD_ROW.fullmatch(",".join(cells)) else zip(COLUMNS, cells, strict=True):
                problem = table.field(name).problem(cell) if cell else None
                if problem is not None or (not cell and table.field(name).constraints.required):
                    expected = problem[1] if problem else "a value"
                    reading.add("anchor-broken", f"Expected {expected}; found '{cell}' for '{name}'.", line)
                    bad = True
            if cells[0] in seen:
                message, hint = f"Duplicate span id {cells[0]}.", "Take one out and run `readouts anchor`."
                reading.add("primary-key", message, line, table="spans", value=cells[0], hint=hint)
                bad = True
            seen.add(cells[0])
            if not bad and not cells[0].startswith(f"{article_id}."):
                message = f"Expected the id of a span of {article_id}; found '{cells[0]}'."
                reading.add("anchor-broken", message, line, value=cells[0])
                bad = True
            other = owners.setdefault(tuple(cells[1:9]), cells[0])
            if not bad and other != cells[0]:
                message = f"Expected each span once; {cells[0]} is the same as {other}."
                reading.add("anchor-broken", message, line, value=cells[0])
                bad = True
            if not bad:
                rows.append(((cells[0], ",".join(cells[1:9]), ",".join(cells[9:])), line))
    except csv.Error as error:
        reading.add("anchor-broken", f"Not a well-formed CSV file: {error}.", reader.line_num)
    return rows


def anchors_text(rows: Iterable[AnchorRow]) -> str:
    """Return the text of an anchors file: canonical CSV, sorted by span id."""
    lines = [csv_line(COLUMNS)]
    for row in sorted(rows, key=lambda row: row.span_id):
        prints = row.fingerprint
        length = str(prints.skeleton_length)
        cells = (row.span_id, *row.identity, prints.skeleton_sha256, length, prints.prefix_sha256, prints.suffix_sha256)
        lines.append(csv_line(cell or None for cell in cells))
    return "".join(lines)


def _expected(span: Span) -> str:
    return f"[{span.start}, {span.end}]"


def join_anchors(length: int | None, anchors: list[tuple[Anchor, int]] | None, file: str, reading: Reading) -> None:
    """Give every span of a reading its id and fingerprint.

    Parameters
    ----------
    length
        Length of its text in code points, or None while it has not been anchored.
    anchors
        The rows of its anchors file; None when it is broken, so that its missing rows are unknown.
    file
        Name of the anchors file, for messages.
    reading
        The reading of the article's file; takes what was joined, and the findings.
    """
    known = {row[1]: row for row, _ in anchors or ()}
    used: set[str] = set()
    drafts = [span for span in reading.spans if span.quote is not None]
    for span in drafts:
        reading.add("quote-left", "Expected offsets, found a quotation.", span.node)
    for identity, span in () if drafts else reading.identified_spans():
        start, end = span.start or 0, span.end or 0
        if end <= start or (length is not None and end > length):
            bound = "" if length is None else f" and at most {length}, the text's length"
            message = f"Expected the span's end to be larger than its start{bound}; found {_expected(span)}."
            reading.add("span-outside-article", message, span.node, table="spans", field="end", value=str(span.end))
            continue
        used.add(identity)
        row = known.get(identity)
        if row is not None:
            reading.anchored.append((span, row))
        elif anchors is not None:
            message = f"The {span.role} span {_expected(span)} has no fingerprint in {file}."
            reading.add("not-anchored", message, span.node, table="spans")
    # A span whose offsets were edited, or that a mistake hides, shows up at the place to fix; its old row says nothing
    # more, and nothing can be done about it before.
    if anchors is None or reading.incidents or used.issuperset(known):
        return
    unused = Reading(file)
    for (name, identity, _), line in anchors:
        if identity not in used:
            cells = identity.split(",")
            message = f"The {cells[0]} span [{cells[1]}, {cells[2]}] belongs to no annotation."
            unused.add("anchor-unused", message, line, value=name)
    reading.incidents += unused.incidents


def span_records(article_id: str, reading: Reading) -> list[Record]:
    """Return the anchored spans of a reading as rows of the table `spans`."""
    records = []
    for span, anchor in reading.anchored:
        line = span.node.line
        row = ",".join(anchor).split(",")
        cells: dict[str, str | None] = {name: cell or None for name, cell in zip(COLUMNS, row, strict=True)}
        cells["article_id"] = article_id
        cells["seq"] = str(span.seq)
        records.append(Record("spans", cells, line, dict.fromkeys(("start", "end", "role"), line)))
    return records
