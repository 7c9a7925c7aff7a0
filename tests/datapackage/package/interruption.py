"""Kills a rebuild at one step after another, each time on a fresh copy, and tells what a later command leaves.

Run as `python interruption.py MODE FOLDER COPY`; FOLDER holds a package and annotations that give another one. The mode
is `steps` (before every access to a file), `lines` (before every line of the swap as well), `settling` (as `steps`, but
it is the command that completes a rebuild which is killed) or `moments` (at random). Each line of the output is one
trial as JSON.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from contextlib import redirect_stdout
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


def _arm(root: Path, last: int, *, lines: bool = False) -> None:
    """Kill this process before its step number `last`."""
    import readouts.datapackage.package.transaction

    count = 0
    folder, swap, flush = str(root), readouts.datapackage.package.transaction.__file__, os.fsync

    def step(before: Callable[[], object] | None = None) -> None:
        nonlocal count
        count += 1
        if count == last + 1:
            if before is not None:
                before()
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _EVENTS and arguments and str(arguments[0]).startswith(folder):
            step()

    def flush_counted(fd: Any) -> None:
        step()
        flush(fd)

    def filling(write: Callable[..., int]) -> Callable[..., int]:
        """Let a function that opens a file and fills it die in between."""

        def write_counted(path: Path, *arguments: Any, **options: Any) -> int:
            step(lambda: os.truncate(path, 0) if path.exists() else path.touch())
            return write(path, *arguments, **options)

        return write_counted

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename != swap:
            return None
        if event == "line":
            step()
        return trace

    for name in ("write_text", "write_bytes"):
        setattr(Path, name, filling(getattr(Path, name)))
    sys.addaudithook(hook)
    os.fsync = flush_counted
    if lines:
        sys.settrace(trace)


def _command(name: str, root: Path) -> None:
    from readouts.commands import info, rebuild, validate

    if name == "rebuild":
        rebuild.main(annotations=root / "annotations")
    elif name == "check":
        rebuild.main(annotations=root / "annotations", check=True)
    elif name == "validate":
        validate.main(package=str(root))
    else:
        info.main(package=str(root))


def _fork(work: Callable[[], None], delay: float | None = None) -> int:
    """Do work in a process of its own, killed after a while where that is asked for; return its exit status."""
    import typer

    child = os.fork()
    if child == 0:
        status = 0
        try:
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
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


def _trial(
    folder: Path, copy: Path, number: int, work: Callable[[], None], delay: float | None = None
) -> dict[str, Any]:
    """Kill a piece of work on a copy of the folder, then run other commands there."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    status = _fork(work, delay)
    later = "validate" if number % 16 == 0 else "info"
    answer = _fork(lambda: _command(later, copy))
    trial = {"trial": number, "status": status, "later": later, "answer": answer, "published": published(copy)}
    if number % 8 == 1:
        trial["again"] = _fork(lambda: _command("rebuild", copy))
        trial["published_again"] = published(copy)
    print(json.dumps(trial), flush=True)
    return trial


def _each_step(mode: str, folder: Path, copy: Path) -> None:
    command = "info" if mode == "settling" else "rebuild"
    for number in range(10_000):

        def work(last: int = number) -> None:
            _arm(copy, last, lines=mode == "lines")
            _command(command, copy)

        if _trial(folder, copy, number, work)["status"] != -signal.SIGKILL:
            return


def _each_moment(folder: Path, copy: Path) -> None:
    chance = random.Random(20310501)
    begin = time.monotonic()
    shutil.rmtree(copy)
    shutil.copytree(folder, copy)
    _fork(lambda: _command("rebuild", copy))
    whole = time.monotonic() - begin
    for number in range(1, _MOMENTS + 1):
        _trial(folder, copy, number, lambda: _command("rebuild", copy), chance.uniform(0, whole))


def _interrupted_after_the_journal(folder: Path, copy: Path) -> Path:
    """Return a folder like the first whose rebuild was killed when the swap had just begun."""
    other = copy.with_name(f"{copy.name}-interrupted")
    journal = other / ".readouts" / "journal.json"
    for number in range(10_000):
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(folder, other)

        def work(last: int = number) -> None:
            _arm(other, last)
            _command("rebuild", other)

        if _fork(work) == 0 or journal.exists():
            break
    return other


def main(mode: str, folder: Path, copy: Path) -> None:
    """Run the trials."""
    # Everything that a rebuild or a check imports is a duplicate the first trial; none of it has run, since the
    # threads of Polars don't survive a fork.
    import frictionless  # noqa: F401

    import readouts.compile.rebuild
    import readouts.compile.source_location
    import readouts.datapackage.render.report.terminal  # noqa: F401

    if mode == "lines":
        # It is the swap that is looked at, as often as it has lines: what comes before it is kept from trial to trial.
        _fork(lambda: _command("check", folder))
    shutil.copytree(folder, copy)
    _fork(lambda: _command("rebuild", copy))
    if mode == "moments":
        _each_moment(folder, copy)
    elif mode == "settling":
        _each_step(mode, _interrupted_after_the_journal(folder, copy), copy)
    else:
        _each_step(mode, folder, copy)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
