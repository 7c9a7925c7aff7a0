"""A generated package with planted defects: each is found exactly once, where it is, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from benchmarks.defects import KINDS
from benchmarks.generate import generate
from tests.datapackage.validation.planting import check

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [1, 2])
def test_every_planted_defect_is_found_once_and_nothing_else(tmp_path: Path, seed: int) -> None:
    generate(tmp_path, 0.005, defects=2 * len(KINDS), seed=seed)
    truths = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert {truth["kind"] for truth in truths} == set(KINDS)
    expected = sorted(
        (truth["code"], truth["table"], truth["row"], truth["line"], truth["field"] or "") for truth in truths
    )
    found = check(tmp_path)
    told = sorted((one.code, one.table or "", one.row or 0, one.line or 0, one.field or "") for one in found)
    assert told == expected
    values = {(truth["table"], truth["row"]): truth for truth in truths}
    for one in found:
        truth = values[one.table or "", one.row or 0]
        assert truth["key"] is None or one.key is None or list(one.key) == truth["key"]
        if truth["value"] is not None and one.code in {"type-error", "constraint-error", "foreign-key", "unique-error"}:
            assert one.value == truth["value"]


def test_a_clean_package_has_no_finding(tmp_path: Path) -> None:
    generate(tmp_path, 0.002)
    assert check(tmp_path, ask=True) == []
