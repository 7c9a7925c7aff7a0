"""Completion: what a shell is given, in bash, zsh and fish as they are."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from readouts.cli import COMMANDS

if TYPE_CHECKING:
    from tests.conftest import Run

FIRST = sorted({words.split()[0] for each in COMMANDS.values() for words in each})
SOURCES = Path(__file__).resolve().parents[2] / "src"
PROGRAM = f"""#!{sys.executable}
import sys
sys.path.insert(0, {str(SOURCES)!r})
sys.argv[0] = "readouts"
from readouts.cli import main
main()
"""
SHELLS = {"bash": "exec bash --norc -i", "zsh": "exec zsh -f -i"}
SET_UP = {
    "bash": 'eval "$(readouts --show-completion)"\n',
    "zsh": 'autoload -Uz compinit; compinit -u; eval "$(readouts --show-completion)"\n',
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with the program on its path."""
    program = tmp_path / "bin" / "readouts"
    program.parent.mkdir()
    program.write_text(PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    path = os.pathsep.join([str(home / "bin"), "/usr/local/bin", "/usr/bin", "/bin"])
    return {"HOME": str(home), "PATH": path, "TERM": "dumb", "PS1": "$ ", "COLUMNS": "80", "LINES": "60"}


def shell_or_skip(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"there is no {name}")
    return found


def completed(home: Path, *words: str) -> list[str]:
    """Return what bash may complete the last of these words to."""
    script = f"""
eval "$(readouts --show-completion)"
COMP_WORDS=({" ".join(f"'{word}'" for word in words)}) COMP_CWORD={len(words) - 1}
_readouts_completion readouts
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    done = subprocess.run(
        [shell_or_skip("bash"), "--norc", "-c", script],
        env=environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["readouts", ""], FIRST),
        (["readouts", "va"], ["validate"]),
        (["readouts", "delta", ""], ["create", "apply", "revert"]),
        (["readouts", "overview", "--by", ""], ["event", "issuer", "topic", "year", "pair"]),
        (["readouts", "info", "--f"], ["--format"]),
        (["readouts", "canonicalize", "--out"], ["--output"]),
    ],
    ids=lambda value: " ".join(value) if value[0] == "readouts" else "",
)
def test_bash_completes_commands_options_and_values(home: Path, words: list[str], expected: list[str]) -> None:
    assert sorted(completed(home, *words)) == sorted(expected)


def test_completing_a_command_imports_no_other(home: Path) -> None:
    program = "import sys; from readouts.cli import app, _first_word; app(_first_word()); print(*sys.modules)"
    env = {**environment(home), "_READOUTS_COMPLETE": "complete_bash", "COMP_WORDS": "readouts\ninfo\n--f"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**env, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    commands = {name for name in done.stdout.split() if name.startswith("readouts.commands.")}
    assert "readouts.commands.info" in commands
    assert "readouts.commands.diff" not in commands


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such terminals")
@pytest.mark.parametrize("name", sorted(SHELLS))
def test_tab_twice_in_a_shell_lists_the_commands(home: Path, name: str) -> None:
    import pty

    shell_or_skip(name)
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(home)
        os.execve("/bin/sh", ["sh", "-c", SHELLS[name]], environment(home))
    try:
        os.write(terminal, SET_UP[name].encode() + b"echo set''up\n")
        read_until(terminal, r"setup")
        os.write(terminal, b"readouts \t\t")
        # In columns, any of them may be the last.
        shown = read_until(terminal, "(?s)" + "".join(rf"(?=.*\b{word}\b)" for word in FIRST))
    finally:
        os.write(terminal, b"\x03exit\n")
        os.close(terminal)
        os.waitpid(process, 0)
    assert [word for word in FIRST if not re.search(rf"\b{word}\b", shown)] == []


def read_until(terminal: int, pattern: str) -> str:
    """Return what a terminal shows up to what matches, or after a while."""
    shown, end = "", time.monotonic() + 30
    while time.monotonic() < end and not re.search(pattern, shown):
        if select.select([terminal], [], [], 0.1)[0]:
            shown += os.read(terminal, 65536).decode(errors="replace")
    return shown


@pytest.mark.parametrize("option", ["--show-completion", "--install-completion"])
def test_without_a_shell_that_has_completion_there_is_an_error_like_any_other(
    option: str, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda: ("tcsh", "/bin/tcsh"))
    ended = run(option, env={"HOME": str(tmp_path)})
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("readouts: Completion is for bash, zsh, fish and PowerShell")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "file"),
    [("bash", ".bashrc"), ("zsh", ".zfunc/_readouts"), ("fish", ".config/fish/completions/readouts.fish")],
)
def test_completion_is_installed_for_the_shell_that_asks(home: Path, name: str, file: str) -> None:
    # A shell may replace itself by the last command of a script: it would not be found then.
    script = "readouts --install-completion; true"
    done = subprocess.run(
        [shell_or_skip(name), "-c", script],
        env=environment(home),
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert f"{name} completion installed" in done.stdout
    assert "readouts" in (home / file).read_text(encoding="utf-8")
