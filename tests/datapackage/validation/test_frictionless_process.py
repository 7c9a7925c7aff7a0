"""The process of frictionless: it may be started before there is a question, and ends where none is asked."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from readouts.datapackage.sample import sample_package
from readouts.datapackage.validation import frictionless_process
from readouts.datapackage.validation.frictionless import FrictionlessCheck

if TYPE_CHECKING:
    from pathlib import Path

_WATCHED = """
import sys
sys.addaudithook(lambda event, _: event == "subprocess.Popen" and print("begun", "typer" in sys.modules))
from readouts.__main__ import main
main()
"""


@pytest.fixture
def real_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each question have a process of its own, as outside of tests."""
    monkeypatch.setattr(frictionless_process, "subprocess", subprocess)


def _begun(*arguments: str) -> list[str]:
    command = [sys.executable, "-c", _WATCHED, *arguments]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return [line for line in ended.stdout.splitlines() if line.startswith("begun")]


def test_frictionless_is_imported_while_the_command_line_is(tmp_path: Path) -> None:
    assert _begun("validate", str(sample_package()), "--output", str(tmp_path / "report")) == ["begun False"]


@pytest.mark.parametrize("arguments", [("validate", "--help"), ("info", str(sample_package())), ("--version",)])
def test_no_process_is_started_where_nothing_is_asked(arguments: tuple[str, ...]) -> None:
    assert _begun(*arguments) == []


@pytest.mark.usefixtures("real_process")
def test_a_process_that_was_prepared_answers_the_next_question_and_no_other() -> None:
    wrong = {"name": "lakes", "resources": [{"name": "lakes", "path": "lakes.csv", "schema": {"fields": 5}}]}
    frictionless_process.prepare()
    (prepared,) = frictionless_process._prepared
    first, second = (FrictionlessCheck(sample_package(), wrong) for _ in range(2))
    assert first._process is prepared
    assert second._process is not prepared
    assert [each.code for each in first.answer()] == [each.code for each in second.answer()] == ["schema-error"]


@pytest.mark.usefixtures("real_process")
def test_a_process_that_nobody_asks_ends_without_a_word() -> None:
    assert frictionless_process.take().communicate(timeout=30) == (b"", b"")
    asked = frictionless_process.take()
    said = asked.communicate(json.dumps([{"name": "lakes", "resources": []}, "."]).encode(), timeout=30)
    assert (asked.returncode, said[1]) == (0, b"")
