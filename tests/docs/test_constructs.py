"""The table of the standard's constructs has what the two checkers make of them today."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from docs.constructs import RESULTS, Construct, constructs, judged, ours, theirs
from readouts.datapackage.errors import PackageError
from readouts.datapackage.incident import Severity
from tests.datapackage.validation.planting import check

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = json.loads(RESULTS.read_text(encoding="utf-8"))
CONSTRUCTS = constructs()
REBUILD = "run `python docs/constructs.py` and `make docs`, and look at what changed"


def alone(root: Path) -> set[str]:
    """Judge a package without frictionless, which takes a process of its own."""
    try:
        found = check(root)
    except PackageError:
        return {"not a package"}
    return {each.code for each in found if each.severity is not Severity.WARNING}


def test_every_construct_is_judged_once() -> None:
    assert [construct.section for construct in CONSTRUCTS] == list(WRITTEN["constructs"]), REBUILD
    assert all(construct.good or construct.bad for construct in CONSTRUCTS)


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.section)
def test_what_is_written_of_us_holds(construct: Construct) -> None:
    assert judged(construct, alone) == WRITTEN["constructs"][construct.section]["readouts"], REBUILD


@pytest.mark.slow
@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda construct: construct.section)
def test_what_is_written_of_both_holds(construct: Construct) -> None:
    if version("frictionless") != WRITTEN["frictionless"]:
        pytest.skip(f"frictionless has another version than the table: {REBUILD}")
    found = {"readouts": judged(construct, ours), "frictionless": judged(construct, theirs)}
    assert found == WRITTEN["constructs"][construct.section], REBUILD
