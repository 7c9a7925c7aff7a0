"""Tables that outgrow memory are compared part by part: the same is found, and refused, as in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readouts import datapackage
from readouts.datapackage import memory as bounds
from readouts.datapackage.difference.line_pairing import pair_tables
from readouts.datapackage.difference.parted_pairing import outgrows, pair_in_parts
from readouts.datapackage.difference.row_pairing import pair
from readouts.datapackage.table import csv_blocks, partitions
from readouts.datapackage.table.errors import TableError
from tests.datapackage.difference.folders import package
from tests.properties import examples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.datapackage.difference.row_pairing import RowPairing

Row = tuple[str, ...]
LABELS = ("id", "part", "name", "depth")
FIELDS = dict.fromkeys(LABELS, "string")
MISSING = {"missingValues": ["", "NA"]}
CELL = st.sampled_from(["a", "b", "", "NA", "é", '"a, b"', '"a\nb"'])
KEY_CELL = st.one_of(st.integers(0, 30).map(str), st.sampled_from(["NA", "", "é"]))
ROWS = st.lists(st.tuples(KEY_CELL, st.sampled_from("ab"), CELL, CELL), max_size=25)
KEYS = st.sampled_from([(), ("id",), ("id", "part"), ("part", "id"), ("other",)])


def once(rows: list[Row]) -> list[Row]:
    return list({row[0]: row for row in rows if row[0] not in {"", "NA"}}.values())


def data(rows: list[Row], labels: tuple[str, ...] = LABELS) -> bytes:
    places = [LABELS.index(label) for label in labels]
    return "".join(f"{','.join(row)}\n" for row in [labels, *(tuple(row[p] for p in places) for row in rows)]).encode()


def told(find: Callable[[], RowPairing]) -> Any:
    """What is found, or what is wrong."""
    try:
        each = find()
    except TableError as error:
        return str(error)
    frames = [(frame.columns, frame.rows()) for frame in (each.added, each.removed, each.cells, each.renamed)]
    return each.key, each.match, each.rows_old, each.rows_new, each.rows_changed, frames


@pytest.mark.property
@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=examples(200))
@given(ROWS, ROWS, KEYS, st.booleans(), st.booleans(), st.sampled_from([LABELS, ("depth", "id", "part"), ("name",)]))
def test_the_same_is_found_in_parts_as_in_memory(  # noqa: PLR0917
    tmp_path: Path,
    before: list[Row],
    after: list[Row],
    key: tuple[str, ...],
    told_apart: bool,
    colliding: bool,
    labels: tuple[str, ...],
) -> None:
    if told_apart:
        before, after = once(before), once(after)
    sides = zip(("old", "new"), (data(before), data(after, labels)), strict=True)
    old, new = (package(tmp_path / name, each, FIELDS, (), schema=MISSING).resource("lakes") for name, each in sides)
    ids = sorted({row[0] for row in before} | {row[0] for row in after})
    renamed: dict[Row, Row] = {(ids[0],): (ids[-1],), (ids[-1],): ("12",)} if len(ids) > 3 and key == ("id",) else {}
    expected = told(lambda: pair(old.text_table(), new.text_table(), key, renamed))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(csv_blocks, "SIZE", 64)
        patched.setattr(csv_blocks, "PIECE", 64)
        if colliding:
            patched.setattr(partitions, "hashes", lambda keys: pl.repeat(7, keys.height, dtype=pl.UInt64, eager=True))
        assert told(lambda: pair_in_parts(old, new, key, renamed, 20_000)[2]) == expected


def test_a_bound_that_both_tables_fit_into_needs_no_file(tmp_path: Path) -> None:
    lakes = package(tmp_path, data([("1", "a", "b", "c")]), FIELDS).resource("lakes")
    assert not outgrows(lakes, lakes, 10**6)
    assert outgrows(lakes, lakes, 100)
    assert pair_tables(lakes, lakes, ("id",), memory=100).pairing.rows_old == 1


def test_two_packages_differ_alike_whatever_memory_they_may_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LEAST", 1)
    rows: list[Row] = [(str(number), "a", f"name {number}", "7") for number in range(300)]
    changed = [(*row[:3], "8") if row[0].endswith("3") else row for row in reversed(rows[5:])]
    for name, each in (("old", rows), ("new", [*changed, ("x", "a", "new", "1")])):
        package(tmp_path / name, data(each), FIELDS)
    much, little = (datapackage.diff(tmp_path / "old", tmp_path / "new", memory=size) for size in ("1GB", "10kB"))
    assert much.to_json() == little.to_json()
    assert (little.tables[0].rows_removed, little.tables[0].rows_added, little.tables[0].cells_changed) == (5, 1, 29)
