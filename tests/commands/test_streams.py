"""What a command prints to a pipe, to a terminal, and to a reader who has had enough."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.command_line import in_terminal
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

EVENT = "call-2031-05-01"
PROGRAM = [sys.executable, "-m", "readouts"]
PRINTING = [
    ("info",),
    ("validate",),
    ("compare", EVENT),
    ("compare", EVENT, "--format", "json"),
    ("compare", EVENT, "--format", "csv"),
    ("compare", EVENT, "--format", "markdown"),
    ("overview",),
    ("overview", "--by", "issuer", "--format", "csv"),
    ("rebuild", "--check"),
    ("--help",),
    ("rebuild", "--help"),
]


@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_pipe_gets_no_escape_codes(invented_package: Path, run: Run, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments, cwd=invented_package, env={"TERM": "xterm-256color", "COLORTERM": "truecolor"})
    assert ended.returncode == 0
    assert "\x1b" not in ended.stdout + ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="this system has no such terminals")
@pytest.mark.sample(3)
@pytest.mark.parametrize("arguments", [("compare", EVENT), ("info",), ("validate",)], ids=" ".join)
def test_a_terminal_gets_colours_unless_no_color_is_set(invented_package: Path, arguments: tuple[str, ...]) -> None:
    style = re.compile(r"\x1b\[[0-9;]*m")
    status, shown = in_terminal([*PROGRAM, *arguments], invented_package, NO_COLOR="1")
    assert status == 0
    assert style.search(shown) is None
    if arguments != ("validate",):
        assert style.search(in_terminal([*PROGRAM, *arguments], invented_package)[1]) is not None


@pytest.mark.skipif(os.name == "nt", reason="this system has no such pipes")
@pytest.mark.sample(4)
@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
def test_a_reader_who_has_enough_ends_a_command_quietly(invented_package: Path, arguments: tuple[str, ...]) -> None:
    # Help is printed by Typer, which then ends with 1.
    assert unread(arguments, invented_package) == (int("--help" in arguments), "")


def unread(arguments: tuple[str, ...], cwd: Path) -> tuple[int, str]:
    """Run the command line where nobody reads standard output; return its exit code and standard error."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "readouts", *arguments]
    ended = subprocess.run(command, cwd=cwd, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(writing)
    return ended.returncode, ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="this system has no such pipes")
@pytest.mark.sample(4)
@pytest.mark.parametrize("form", ["terminal", "json"])
@pytest.mark.parametrize(
    ("text", "changes", "code"),
    [("knot\nbowline\n", {}, 0), ("knot\n" + "\n" * 300, {}, 1), ("knot\n" + "\n" * 300, {"hash": "blake3:00"}, 2)],
    ids=["valid", "not valid", "not checked"],
)
def test_a_reader_who_has_enough_leaves_the_verdict_as_it_is(
    tmp_path: Path, form: str, text: str, changes: dict[str, str], code: int
) -> None:
    knots = {"name": "knots", "path": "knots.csv", "schema": {"fields": [{"name": "knot"}]}, **changes}
    package = write_package_of(tmp_path / "knots", {"knots.csv": text}, [knots])
    assert unread(("validate", str(package), "--format", form, "--limit", "0"), tmp_path) == (code, "")


@pytest.mark.skipif(shutil.which("head") is None, reason="there is no command head")
def test_head_gets_its_line(invented_package: Path) -> None:
    script = f'"{sys.executable}" -m readouts compare {EVENT} --format csv | head -1'
    ended = subprocess.run(
        ["sh", "-c", script], cwd=invented_package, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.stderr == ""
    assert ended.stdout.startswith("group,claim_id,side,")
