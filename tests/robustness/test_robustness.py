"""Damaged files and kills: a sample of what `make fuzz` and `make kills` try for longer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.robustness.fuzzing import COMMANDS, failures, prepare, try_case
from tests.robustness.kills import OPERATIONS, kill_often

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


def test_what_is_killed_at_a_random_moment_tears_and_loses_nothing(tmp_path: Path) -> None:
    found = kill_often(tmp_path, times=4)
    assert {*OPERATIONS} < {*found}
    assert sum(each.at_work for each in found.values()) > 0
    assert [line for each in found.values() for line in each.wrong] == []
