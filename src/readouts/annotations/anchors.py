"""`annotations/anchors/<article>.csv`: span ids and fingerprints, written by `readouts anchor` like a lock file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from readouts.annotations.records import Reading, Record, Span
from readouts.package.canonical import csv_line
from readouts.schema import tables
from readouts.text.fingerprint import Fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["COLUMNS", "AnchorRow", "anchors_text", "join_anchors", "read_anchors"]

IDENTITY = ("role", "start", "end", "statement_id", "depth", "relation_id", "account_id", "entity_id")
FINGERPRINT = ("skeleton_sha256", "skeleton_length", "prefix_sha256", "suffix_sha256")
COLUMNS = ("span_id", *IDENTITY, *FINGERPRINT)

_SLUG = r"[a-z0-9]+(?:[._-][a-z0-9]+)*+"
_NUMBER = r"(?:0|[1-9][0-9]{0,9})"
_HASH = r"[0-9a-f]{64}"
# What `readouts anchor` writes; a row that isn't like this is looked at cell by cell.
_GOOD_ROW = re.compile(
    f"{_SLUG},[a-z]+,{_NUMBER},{_NUMBER},(?:{_SLUG})?,[0-9]?,(?:{_SLUG})?,(?:{_SLUG})?,(?:{_SLUG})?,"
    f"{_HASH},[1-9][0-9]{{0,9}},{_HASH},{_HASH}"
)


@dataclass(frozen=True, slots=True)
class AnchorRow:
    """One anchored span: its id, what identifies it among its article's, its fingerprint, its line in the file."""

    span_id: str
    identity: tuple[str, ...]
    fingerprint: Fingerprint
    line: int = 0


def read_anchors(text: str, article_id: str, reading: Reading) -> list[AnchorRow]:
    """Read an article's anchors file; what is wrong with it is added to the reading, whose file it is."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    table = tables()["spans"]
    rows: list[AnchorRow] = []
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
                reading.add(
                    "primary-key", f"The span id {cells[0]} is here twice.", line, table="spans", value=cells[0]
                )
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
                fingerprint = Fingerprint(cells[9], int(cells[10]), cells[11], cells[12])
                rows.append(AnchorRow(cells[0], tuple(cells[1:9]), fingerprint, line))
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


def join_anchors(
    article_id: str, length: int | None, anchors: list[AnchorRow] | None, file: str, reading: Reading
) -> None:
    """Give every span of a reading its id and fingerprint, as records of the table `spans`.

    Parameters
    ----------
    article_id
        The article.
    length
        Length of its text in code points, or None while it has not been anchored.
    anchors
        The rows of its anchors file; None when it is broken, so that nothing can be told of what it lacks.
    file
        Name of the anchors file, for messages.
    reading
        The reading of the article's file; takes the records and the findings.
    """
    known = {row.identity: row for row in anchors or ()}
    used: set[tuple[str, ...]] = set()
    drafts = [span for span in reading.spans if span.quote is not None]
    for span in drafts:
        reading.add("quote-left", "Expected offsets, found a quotation.", span.node)
    for span in () if drafts else reading.distinct_spans():
        start, end = span.start or 0, span.end or 0
        if end <= start or (length is not None and end > length):
            bound = "" if length is None else f" and at most {length}, the text's length"
            message = f"Expected the span's end to be larger than its start{bound}; found {_expected(span)}."
            reading.add("span-outside-article", message, span.node, table="spans", field="end", value=str(span.end))
            continue
        identity = span.identity
        used.add(identity)
        row = known.get(identity)
        if anchors is None:
            continue
        if row is None:
            message = f"The {span.role} span {_expected(span)} has no fingerprint in {file}."
            reading.add("not-anchored", message, span.node, table="spans")
            continue
        cells: dict[str, str | None] = {"span_id": row.span_id, "article_id": article_id, "seq": str(span.seq)}
        cells.update({name: value or None for name, value in zip(IDENTITY, identity, strict=True)})
        prints = row.fingerprint
        cells["skeleton_sha256"] = prints.skeleton_sha256
        cells["skeleton_length"] = str(prints.skeleton_length)
        cells["prefix_sha256"] = prints.prefix_sha256
        cells["suffix_sha256"] = prints.suffix_sha256
        lines = dict.fromkeys(("start", "end", "role"), span.node.line)
        reading.records.append(Record("spans", cells, span.node.line, lines))
    unused = Reading(file)
    for row in anchors or ():
        if row.identity not in used:
            message = f"No annotation has the {row.identity[0]} span [{row.identity[1]}, {row.identity[2]}] any more."
            unused.add("anchor-unused", message, row.line, value=row.span_id)
    # A span whose offsets were edited, or that a mistake hides, shows up at the place to mend; its old row says nothing
    # more, and nothing can be done about it before.
    if not reading.incidents:
        reading.incidents += unused.incidents
