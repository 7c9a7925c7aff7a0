"""The benchmark of `readouts validate`: what it measures, and what it says of it."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.contenders import CONTENDERS
from benchmarks.generate import generate
from benchmarks.measure import Measure, installed, measure
from benchmarks.outcome import BadCells, Line, Outcome, markdown, targets, text
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

PEERS = [name for name in CONTENDERS if CONTENDERS[name].command[-1].startswith("benchmarks.peers.")]


def outcome(own: float, polars: float, found: int = 10) -> Outcome:
    lines = {
        "readouts": Line("`readouts validate`", "Checks all.", [Measure(own, 400)]),
        "polars": Line("Polars", "Checks nothing.", [Measure(polars, 300)]),
        "pointblank": Line("pointblank", "No references.", note="not installed"),
    }
    bad = BadCells(0.01, Measure(own * 3, 500), {"type-error": 10}, {"type-error": found})
    return Outcome("x86_64", 1, 1_370_000, 240_000_000, 3, lines, bad, (0.1, Measure(1, 100), Measure(9, 400)))


@pytest.mark.parametrize("name", ["measure", "content", "defects", "outcome"])
def test_examples_hold(name: str) -> None:
    tried = doctest.testmod(importlib.import_module(f"benchmarks.{name}"))
    assert tried.attempted > 0
    assert tried.failed == 0


def test_the_memory_of_a_process_is_its_peak() -> None:
    code = "import time; data = bytearray(200 * 2**20); del data; time.sleep(0.3)"
    assert 200 < measure([sys.executable, "-c", code], ROOT).memory < 300


def test_a_command_that_fails_is_no_measure() -> None:
    command = [sys.executable, "-c", "raise SystemExit(1)"]
    with pytest.raises(subprocess.CalledProcessError):
        measure(command, ROOT)
    assert measure(command, ROOT, codes=[1]).seconds > 0


def test_a_target_is_met_missed_or_not_measured() -> None:
    verdicts = {target.title: target.verdict for target in targets(outcome(2.0, 1.0))}
    assert verdicts["time compared with Polars reading"] == "met"
    assert verdicts["time with bad cells, compared with clean"] == "missed"
    assert verdicts["time of ten times the rows"] == "met"
    assert verdicts["time compared with pointblank"] == "not measured"
    slow = {target.title: target.verdict for target in targets(outcome(3.0, 1.0))}
    assert slow["time compared with Polars reading"] == "missed"


def test_bad_cells_that_were_not_all_found_are_a_missed_target() -> None:
    assert "| bad cells found | all | 100 % | met |" in markdown(outcome(2.0, 1.0))
    assert "| bad cells found | all | 90 % | missed |" in markdown(outcome(2.0, 1.0, found=9))


def test_a_peer_that_is_not_installed_is_listed() -> None:
    for shown in (text(outcome(2.0, 1.0)), markdown(outcome(2.0, 1.0))):
        assert any("pointblank" in line and "not installed" in line for line in shown.splitlines())


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_accepts_the_clean_package_and_refuses_a_broken_one(tmp_path: Path, name: str) -> None:
    contender = CONTENDERS[name]
    if installed(contender.distribution) is None:
        pytest.skip(f"{contender.distribution} is not installed")
    generate(tmp_path / "clean", 0.001)
    generate(tmp_path / "broken", 0.001, defects=1, kinds=["above-maximum"])
    codes = {}
    for package in ("clean", "broken"):
        command = contender.arguments(str(tmp_path / package / "datapackage.json"))
        codes[package] = subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode
    # Reading alone refuses nothing.
    assert codes == {"clean": 0, "broken": 0 if name == "polars" else 1}
