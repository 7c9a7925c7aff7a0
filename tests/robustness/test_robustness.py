"""Damaged files and kills: a sample of what `make fuzz` and `make kills` try for longer."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT
from tests.robustness.fuzzing import COMMANDS, failures, prepare, try_case
from tests.robustness.kills import OPERATIONS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="the trials fork, which this system can't")]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "world"
    prepare(folder)
    return folder


@pytest.mark.parametrize("number", range(len(COMMANDS)), ids=[call.words for call in COMMANDS])
def test_a_command_that_is_fuzzed_works_on_files_that_nothing_happened_to(
    world: Path, tmp_path: Path, number: int
) -> None:
    done, wrong = try_case(number, world, tmp_path / "run", untouched=True)
    assert wrong == []
    # Some export formats don't take a foreign package, which is said with 2.
    assert done.endswith(("-> 0", "-> 1")) or "export foreign" in done


def test_no_damaged_file_ends_a_command_in_a_traceback_or_lets_it_write_elsewhere(tmp_path: Path) -> None:
    cases = range(3 * len(COMMANDS))
    count, wrong = failures(tmp_path, cases)
    assert count == len(cases)
    assert wrong == []


def test_what_is_killed_at_a_random_moment_tears_and_loses_nothing() -> None:
    # In a process of its own, which has no threads: they don't survive a fork.
    command = [sys.executable, "-m", "tests.robustness.kills", "--kills", "20"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    lines = ended.stdout.splitlines()
    assert (ended.returncode, len(lines)) == (0, len(OPERATIONS) + 1), ended.stdout + ended.stderr
    assert sum(int(line.split(" kills, ")[1].split()[0]) for line in lines) > 0
