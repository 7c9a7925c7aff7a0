"""Two packages of one table each, and every difference between them: what `readouts diff` has to find.

Ten columns of several types. One cell in a hundred is changed, half a row in a hundred added, half a row in a hundred
removed. Rows are in the order of their keys, or, shuffled, in any. The same arguments give the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from benchmarks.invented import chosen, days, decimals, joined, moments, pick, sentence, some, texts
from benchmarks.schemas import ACTS, DESCRIPTOR, TOPICS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.random import Generator

__all__ = ["KEY", "Truth", "write_pair"]

KEY = "statement_id"
CELLS, ROWS = 0.01, 0.005
"""The share of cells that are changed, and the shares of rows that are added and removed."""
_FORMAT_ONLY, _WITHDRAWN = 0.1, 0.1

SCHEMA: dict[str, Any] = {
    "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
    "fields": [
        {"name": KEY, "type": "string", "constraints": {"required": True}},
        {"name": "topic", "type": "string"},
        {"name": "act", "type": "string"},
        {"name": "spoken_on", "type": "date"},
        {"name": "recorded_at", "type": "datetime"},
        {"name": "confidence", "type": "number"},
        {"name": "start", "type": "integer"},
        {"name": "is_negated", "type": "boolean"},
        {"name": "summary", "type": "string"},
        {"name": "note", "type": "string"},
    ],
    "primaryKey": [KEY],
}
FIELDS = tuple(field["name"] for field in SCHEMA["fields"][1:])
_NULLABLE = frozenset(["spoken_on", "confidence", "note"])


@dataclass(frozen=True, slots=True)
class Truth:
    """How many differences there are of each kind."""

    rows_old: int
    rows_new: int
    rows_added: int
    rows_removed: int
    rows_changed: int
    cells_changed: int
    kinds: dict[str, int]


def _column(name: str, chance: Generator, rows: int) -> pl.Series:
    """Return cells of a column; an empty one is an empty text."""
    match name:
        case "topic" | "act":
            made = chosen(TOPICS if name == "topic" else ACTS, chance, rows)
        case "spoken_on":
            made = some(chosen(days().to_list(), chance, rows), chance, 0.8)
        case "recorded_at":
            made = pick(moments(), chance.integers(0, len(moments()), rows))
        case "confidence":
            # No zero at the end, so that one more is the same number.
            made = some(decimals(chance.integers(1, 1000, rows) * 10 + chance.integers(1, 10, rows), 4), chance, 0.8)
        case "start":
            made = texts(chance.integers(0, 10**9, rows))
        case "is_negated":
            made = chosen(("true", "false"), chance, rows)
        case "summary":
            made = sentence(chance, rows, 2, 3)
        case _:
            made = some(sentence(chance, rows, 2, 3), chance, 0.5)
    return made.fill_null("").alias(name)


def _rewritten(name: str, cells: pl.Series) -> pl.Series:
    """Return the same values written in another way, where the column's type has one."""
    cell = pl.lit(cells)
    match name:
        case "confidence":
            other = cell + "0"
        case "start":
            other = "0" + cell
        case "is_negated":
            other = cell.str.to_titlecase()
        case _:
            other = cell
    return pl.select(other.alias("new")).to_series()


def _changed(name: str, cells: pl.Series, chance: Generator) -> pl.DataFrame:
    """Return a new text for each cell, and what kind of change it is."""
    rows = len(cells)
    fresh = _column(name, chance, rows)
    while True:
        same = ((fresh == cells) | (fresh == "")).arg_true()
        if not len(same):
            break
        fresh = fresh.scatter(same, _column(name, chance, len(same)))
    draw = pl.Series(chance.random(rows))
    rewritten = _rewritten(name, cells)
    frame = pl.DataFrame({"old": cells, "fresh": fresh, "other": rewritten, "draw": draw})
    empty, withdrawn = pl.col("old") == "", pl.lit(name in _NULLABLE) & (pl.col("draw") > 1 - _WITHDRAWN)
    alike = (pl.col("draw") < _FORMAT_ONLY) & (pl.col("other") != pl.col("old"))
    return frame.select(
        pl.col("old"),
        pl.when(empty)
        .then("fresh")
        .when(withdrawn)
        .then(pl.lit(""))
        .when(alike)
        .then("other")
        .otherwise("fresh")
        .alias("new"),
        pl.when(empty)
        .then(pl.lit("from-null"))
        .when(withdrawn)
        .then(pl.lit("to-null"))
        .when(alike)
        .then(pl.lit("format"))
        .otherwise(pl.lit("value"))
        .alias("kind"),
    )


def _rows(numbers: Any, total: int, chance: Generator) -> pl.DataFrame:
    width = len(str(2 * total))
    keys = joined("call-", texts(numbers).str.zfill(width)).alias(KEY)
    return pl.DataFrame([keys, *(_column(name, chance, len(numbers)) for name in FIELDS)])


def _csv(frame: pl.DataFrame) -> bytes:
    # An empty text would be written in quotes.
    empty = frame.with_columns(pl.all().replace("", None))
    return empty.write_csv(quote_style="necessary", line_terminator="\n").encode()


def _write(folder: Path, version: str, frame: pl.DataFrame) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    data = _csv(frame)
    (folder / "statements.csv").write_bytes(data)
    resource = {
        "name": "statements",
        "type": "table",
        "path": "statements.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{sha256(data).hexdigest()}",
        "schema": SCHEMA,
    }
    descriptor = DESCRIPTOR | {"version": version, "resources": [resource]}
    (folder / "datapackage.json").write_bytes((json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n").encode())


def write_pair(output: Path, rows: int, *, shuffle: bool = False, seed: int = 1) -> Truth:
    """Write two packages, `old` and `new`, and next to them what differs: `truth.json` and `truth.csv`.

    Parameters
    ----------
    output
        The folder; it is made where it is not there.
    rows
        Rows of the old package.
    shuffle
        Whether the rows of both are in any order rather than in that of their keys.
    seed
        Chooses the values and the changes.
    """
    chance = np.random.default_rng([seed, rows])
    removed_count = round(rows * ROWS)
    cell_count = min(round(rows * (len(FIELDS) + 1) * CELLS), (rows - removed_count) * len(FIELDS))
    # Keys of the old package are even, so that an odd one is new and anywhere between them.
    old = _rows(np.arange(rows) * 2, rows, chance)
    gone = np.sort(chance.choice(rows, removed_count, replace=False))
    kept = np.setdiff1d(np.arange(rows), gone)
    hit = np.sort(chance.choice(len(kept) * len(FIELDS), cell_count, replace=False))
    places, columns = kept[hit // len(FIELDS)], hit % len(FIELDS)
    new, listed = old, []
    for number, name in enumerate(FIELDS):
        where = pl.Series(places[columns == number])
        changes = _changed(name, old[name].gather(where), chance)
        new = new.with_columns(new[name].scatter(where, changes["new"]))
        described = pl.DataFrame({"change": changes["kind"], "key": old[KEY].gather(where)})
        listed.append(described.with_columns(pl.lit(name).alias("field"), changes["old"], changes["new"]))
    fresh = _rows(np.sort(chance.choice(rows, removed_count, replace=False)) * 2 + 1, rows, chance)
    new = pl.concat([new[kept], fresh]).sort(KEY)
    for change, keys in (("added", fresh[KEY]), ("removed", old[KEY].gather(pl.Series(gone)))):
        empty = (pl.lit("").alias(name) for name in ("field", "old", "new"))
        listed.append(pl.DataFrame({"key": keys}).select(pl.lit(change).alias("change"), "key", *empty))
    truth = pl.concat(listed).sort("key", "field")
    if shuffle:
        old, new = (frame[chance.permutation(len(frame))] for frame in (old, new))
    _write(output / "old", "1.0.0", old)
    _write(output / "new", "2.0.0", new)
    (output / "truth.csv").write_bytes(_csv(truth))
    kinds = dict(sorted(truth.filter(pl.col("field") != "")["change"].value_counts().rows()))
    found = Truth(rows, len(new), removed_count, removed_count, len(np.unique(places)), cell_count, kinds)
    content = {name: getattr(found, name) for name in Truth.__slots__}
    (output / "truth.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return found
