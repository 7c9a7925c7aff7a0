"""The command line, run in this process or in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import runpy
import subprocess
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

from readouts.cli import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Ended", "captured", "ended_command", "ended_here", "ended_process", "ended_script", "in_terminal"]

Ended = subprocess.CompletedProcess[str]


class _Output:
    """Standard output and standard error while they are captured: text streams over bytes, as a process has them."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO(), io.BytesIO()
        self.streams = tuple(
            io.TextIOWrapper(data, encoding="utf-8", errors=errors, newline="\n", write_through=True)
            for data, errors in zip(self._bytes, ("strict", "backslashreplace"), strict=True)
        )

    def texts(self) -> tuple[str, str]:
        """Return what was written, with universal newlines."""
        for stream in self.streams:
            stream.flush()
        out, err = (io.TextIOWrapper(io.BytesIO(data.getvalue()), encoding="utf-8").read() for data in self._bytes)
        return out, err


@contextlib.contextmanager
def captured(cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Iterator[_Output]:
    """Run the block with captured output, in another folder and with more environment variables, if they are given."""
    output = _Output()
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, env or {}))
        if cwd is not None:
            stack.enter_context(contextlib.chdir(cwd))
        stack.enter_context(contextlib.redirect_stdout(output.streams[0]))
        stack.enter_context(contextlib.redirect_stderr(output.streams[1]))
        yield output


def ended_here(
    program: Callable[[], object],
    arguments: list[str],
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Ended:
    """Run a program in this process, and return its exit code and its output as if it had been another process.

    Parameters
    ----------
    program
        The program; it reads its arguments from `sys.argv`.
    arguments
        `sys.argv`, with the name of the program first.
    cwd, env
        Its folder, if not this process's, and environment variables that it has besides those of this process.
    """
    status: int | str | None = 0
    with captured(cwd, env) as output, mock.patch.object(sys, "argv", arguments):
        try:
            program()
        except SystemExit as end:
            status = end.code
        except BaseException:
            traceback.print_exc()
            status = 1
        if isinstance(status, str):
            print(status, file=sys.stderr)
    out, err = output.texts()
    code = status if isinstance(status, int) else 0 if status is None else 1
    return Ended(arguments, code, out, err)


def ended_command(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ended:
    """Run the command line in this process."""
    words = [*map(str, arguments)]

    def program() -> None:
        app(next(iter(words), None))(prog_name="readouts")

    return ended_here(program, ["readouts", *words], cwd, env)


def ended_script(name: str, *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ended:
    """Run one of the scripts in `scripts/` in this process."""
    path = str(Path(__file__).resolve().parents[1] / "scripts" / f"{name}.py")
    return ended_here(lambda: runpy.run_path(path, run_name="__main__"), [path, *arguments], cwd, env)


def ended_process(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ended:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "readouts", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def in_terminal(program: list[str], cwd: Path, **env: str) -> tuple[int, str]:
    """Run a program in a terminal; return its exit code and what it shows."""
    import pty

    reading, writing = pty.openpty()
    inherited = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
    process = subprocess.Popen(
        program,
        cwd=cwd,
        env={**inherited, "TERM": "xterm-256color", "COLUMNS": "100", **env},
        stdout=writing,
        stderr=writing,
        stdin=subprocess.DEVNULL,
    )
    os.close(writing)
    shown = b""
    while True:
        try:
            data = os.read(reading, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
    os.close(reading)
    return process.wait(timeout=60), shown.decode()
