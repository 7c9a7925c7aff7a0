from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.pair import write_pair
from readouts.datapackage.difference.line_pairing import pair_tables
from readouts.datapackage.difference.row_pairing import table_difference
from readouts.datapackage.difference.sorted_merge import compare_stream
from readouts.datapackage.package.package import open_package
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("shuffle", [False, True])
def test_the_truth_is_what_differs(tmp_path: Path, shuffle: bool) -> None:
    truth = write_pair(tmp_path, 1000, shuffle=shuffle)
    old, new = (open_package(tmp_path / side) for side in ("old", "new"))
    paired = pair_tables(old.resource("statements"), new.resource("statements"), ("statement_id",))
    found = table_difference(paired.pairing, paired.old, paired.new)
    assert all(getattr(found, name) == getattr(truth, name) for name in truth.__slots__)
    listed = {
        *((str(change.kind), *change.key, change.field, change.old, change.new) for change in found.cells),
        *(("added", *row.key, "", "", "") for row in found.added),
        *(("removed", *row.key, "", "", "") for row in found.removed),
    }
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as stream:
        assert {tuple(row) for row in csv.reader(stream)} - {("change", "key", "field", "old", "new")} == listed
    if not shuffle:
        paths = [tmp_path / side / "statements.csv" for side in ("old", "new")]
        assert compare_stream(paths[0], paths[1], paired.old, paired.new) == found


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    write_pair(tmp_path / "here", 400, shuffle=True, seed=3)
    script = [sys.executable, str(ROOT / "benchmarks" / "generate.py"), "--pair", "--rows", "400", "--shuffle"]
    command = [*script, "--seed", "3", "--output", str(tmp_path / "there")]
    subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": "5"}, check=True, capture_output=True)
    for path in (tmp_path / "here").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "there" / path.relative_to(tmp_path / "here")).read_bytes()


def test_about_one_cell_in_a_hundred_is_changed(tmp_path: Path) -> None:
    write_pair(tmp_path, 1000)
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert (truth["cells_changed"], truth["rows_added"], truth["rows_removed"]) == (100, 5, 5)
    assert set(truth["kinds"]) == {"value", "format", "to-null", "from-null"}
