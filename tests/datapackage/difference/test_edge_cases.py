from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from readouts.datapackage.difference.line_pairing import pair_tables
from readouts.datapackage.difference.row_pairing import pair, table_difference
from readouts.datapackage.table.errors import TableError
from tests.datapackage.difference.edge_cases import EDGE_CASES, EdgeCase
from tests.datapackage.difference.folders import sides

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.difference.result import TableDiff

COUNTS = ("rows_added", "rows_removed", "rows_changed", "cells_changed")


def whole(folder: Path, case: EdgeCase) -> TableDiff:
    """Compare by reading both sides whole."""
    old, new = (package.resource("lakes").text_table() for package in sides(folder, case))
    return table_difference(pair(old, new, new.table.primary_key), old.table, new.table)


def by_lines(folder: Path, case: EdgeCase) -> TableDiff:
    """Compare the way that looks at lines first."""
    old, new = sides(folder, case)
    found = pair_tables(
        old.resource("lakes"), new.resource("lakes"), case.key if case.key is not None else (next(iter(case.fields)),)
    )
    return table_difference(found.pairing, found.old, found.new)


@pytest.mark.parametrize("way", [whole, by_lines], ids=["whole", "by-lines"])
@pytest.mark.parametrize("case", EDGE_CASES, ids=lambda case: case.id)
def test_an_edge_case_has_the_outcome_of_the_table(tmp_path: Path, case: EdgeCase, way: object) -> None:
    assert callable(way)
    if case.error is not None:
        with pytest.raises(TableError) as raised:
            way(tmp_path, case)
        assert case.error in str(raised.value)
        return
    found = way(tmp_path, case)
    assert {name: getattr(found, name) for name in COUNTS} == dict.fromkeys(COUNTS, 0) | case.counts
    assert found.kinds == case.kinds
    assert found.status == ("changed" if case.counts else "same")


@pytest.mark.parametrize("case", [case for case in EDGE_CASES if case.form is not None], ids=lambda case: case.id)
def test_the_form_of_a_file_is_told(tmp_path: Path, case: EdgeCase) -> None:
    form = sides(tmp_path, case)[1].resource("lakes").text_table().form
    assert (form.byte_order_mark, form.line_end) == case.form


def test_there_are_enough_cases_and_each_has_a_name_of_its_own() -> None:
    assert len({case.id for case in EDGE_CASES}) == len(EDGE_CASES) >= 25
    assert all(
        getattr(case, entry.name) for case in EDGE_CASES for entry in fields(case) if entry.name in {"title", "outcome"}
    )
