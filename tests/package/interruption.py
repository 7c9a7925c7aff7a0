"""Kills a rebuild at one step after another, each time on a fresh copy, and tells what a later command leaves.

Run as `python interruption.py steps|moments FOLDER COPY`; FOLDER holds a package and annotations that give another one.
Each line of its output is one trial as JSON.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

__all__ = ["published"]

_EVENTS = frozenset(["open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"])
_MOMENTS = 50


def published(root: Path) -> dict[str, str]:
    """Return the hashes of all that is published in a folder: `data/` and the descriptor."""
    files = [root / "datapackage.json", *sorted((root / "data").rglob("*"))]
    return {
        path.relative_to(root).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files if path.is_file()
    }


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(root: Path, last: int) -> Callable[[], int]:
    """Kill this process before its step number `last`: an access to a file of the folder, or a line of the swap."""
    import readouts.package.swap

    count = 0
    folder, swap = str(root), readouts.package.swap.__file__

    def step() -> None:
        nonlocal count
        if count == last:
            _die()
        count += 1

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _EVENTS and arguments and str(arguments[0]).startswith(folder):
            step()

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename != swap:
            return None
        if event == "line":
            step()
        return trace

    sys.addaudithook(hook)
    sys.settrace(trace)
    return lambda: count


def _command(name: str, root: Path) -> None:
    from readouts.commands import info, rebuild, validate

    if name == "rebuild":
        rebuild.main(annotations=root / "annotations")
    elif name == "validate":
        validate.main(package=root)
    else:
        info.main(package=root)


def _fork(work: Callable[[], None], delay: float | None = None) -> int:
    """Do work in a process of its own, killed after a while where that is asked for; return its exit status."""
    import typer

    child = os.fork()
    if child == 0:
        status = 0
        try:
            with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
                work()
        except typer.Exit as end:
            status = end.exit_code
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            status = 99
        os._exit(status)
    if delay is not None:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _trial(folder: Path, copy: Path, number: int, rebuild: Callable[[], int]) -> dict[str, Any]:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    status = rebuild()
    later = "validate" if number % 8 == 0 else "info"
    answer = _fork(lambda: _command(later, copy))
    found = published(copy)
    again = _fork(lambda: _command("rebuild", copy))
    return {
        "trial": number,
        "status": status,
        "later": later,
        "answer": answer,
        "published": found,
        "again": again,
        "published_again": published(copy),
    }


def main(mode: str, folder: Path, copy: Path) -> None:
    """Run the trials."""
    import frictionless  # noqa: F401 - so that no trial spends its time on importing it

    # Everything that a rebuild imports is there before the first trial.
    shutil.copytree(folder, copy)
    _command("rebuild", copy)
    if mode == "steps":
        number = 0
        while True:

            def work(last: int = number) -> None:
                _arm(copy, last)
                _command("rebuild", copy)

            trial = _trial(folder, copy, number, lambda: _fork(work))
            print(json.dumps(trial), flush=True)
            if trial["status"] != -signal.SIGKILL:
                return
            number += 1
    chance = random.Random(20310501)
    shutil.rmtree(copy)
    shutil.copytree(folder, copy)
    begin = time.monotonic()
    _fork(lambda: _command("rebuild", copy))
    whole = time.monotonic() - begin
    for number in range(1, _MOMENTS + 1):
        delay = chance.uniform(0, whole * 1.1)
        trial = _trial(folder, copy, number, lambda: _fork(lambda: _command("rebuild", copy), delay))
        print(json.dumps(trial), flush=True)


if __name__ == "__main__":
    with redirect_stderr(sys.stderr):
        main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
