"""Measure whole processes: wall time, and the peak of their memory."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Measure", "installed", "machine", "markdown_table", "measure", "median"]

_EVERY, _SELDOM = 0.02, 5
"""Seconds from one look at the memory of processes to the next, and every how many looks the processes are found."""


@dataclass(frozen=True)
class Measure:
    """What a process took with its children.

    Seconds; the peak of memory in MiB; for how long processors worked, in seconds; temporary files at most, in bytes.
    """

    seconds: float
    memory: float
    work: float = field(default=0.0, repr=False)
    temporary: int = 0


def _resident(pid: int) -> int:
    """Return the resident memory of a process, in bytes; 0 where the system doesn't tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


def _family(pid: int) -> list[int]:
    """Return a process and its descendants, whichever of its threads began them."""
    found = [pid]
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in listed.read_text(encoding="ascii").split():
                found += _family(int(child))
    return found


def _worked(family: Iterable[int], known: dict[int, float]) -> float:
    """Note for how long each of some processes has worked, and return the sum, in seconds."""
    for pid in family:
        with suppress(OSError, ValueError, IndexError):
            used = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            known[pid] = (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")
    return sum(known.values())


def _work() -> float:
    """Return for how long processors have worked for the children of this process that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _temporary(pid: int) -> int:
    """Return the size of the files that a process has open and that have no name, in bytes."""
    total = 0
    try:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            found = entry.stat()
            total += found.st_size if S_ISREG(found.st_mode) and not found.st_nlink else 0
    except OSError:
        pass
    return total


def _high_water(pid: int) -> int:
    """Return the peak so far of one process, in bytes, as the kernel keeps it; 0 where the system doesn't tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) * 1024 if lines else 0


def measure(command: Sequence[str], cwd: Path, *, codes: Sequence[int] = (0,), besides: Sequence[int] = ()) -> Measure:
    """Run a command and measure it.

    The sum over all processes is sampled; the kernel's own mark, which misses nothing between two samples, is taken for
    the first of them. `getrusage` isn't used: what it reports for a child has the parent's memory at the fork in it.
    Looking for descendants, which takes a core that the command could use, is done less often than reading memory.

    Parameters
    ----------
    command, cwd
        What to run, and where.
    codes
        The exit codes that are not failures.
    besides
        Processes that work for the command, such as those of a cluster; they count with their descendants.

    Raises
    ------
    subprocess.CalledProcessError
        The command ended with another exit code.
    """
    started, before = time.perf_counter(), _work()
    # Bytecode is kept from one process to the next, as it is where the package is installed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, env=environment)
    peak = temporary = 0
    done = threading.Event()
    worked: dict[int, float] = {}
    idle = sum(_worked(_family(pid), {}) for pid in besides)

    def watch() -> None:
        nonlocal peak, temporary
        own: list[int] = []
        beside: list[int] = []
        for turn in count():
            if done.wait(_EVERY):
                break
            if turn % _SELDOM == 0:
                own, beside = _family(process.pid), [each for pid in besides for each in _family(pid)]
                temporary = max(temporary, _temporary(process.pid))
                _worked((*own, *beside), worked)
            others = sum(map(_resident, beside))
            peak = max(peak, sum(map(_resident, own)) + others, _high_water(process.pid) + others)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - started
    done.set()
    watcher.join()
    if code not in codes:
        raise subprocess.CalledProcessError(code, list(command))
    # A process that nobody waits for, such as Java's, is only seen while it runs.
    work = max(_work() - before, sum(worked.values()) - idle)
    return Measure(seconds, peak / 2**20, work, temporary)


def median(measures: Sequence[Measure]) -> Measure:
    """Return the median time and work, and the highest peak, of several runs.

    Examples
    --------
    >>> median([Measure(1.0, 90.0), Measure(3.0, 80.0), Measure(1.5, 85.0)])
    Measure(seconds=1.5, memory=90.0, temporary=0)
    """
    usual = {name: statistics.median(getattr(each, name) for each in measures) for name in ("seconds", "work")}
    most = {name: max(getattr(each, name) for each in measures) for name in ("memory", "temporary")}
    return Measure(**usual, **most)


def installed(distribution: str) -> str | None:
    """Return the version of an installed distribution; None where it isn't installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def machine(distributions: Sequence[str]) -> str:
    """Return a line that says where something was measured: architecture, cores, Python, versions."""
    versions = ", ".join(f"{name} {installed(name)}" for name in distributions if installed(name))
    return f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}; {versions}"


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]], *, texts: Sequence[str]) -> str:
    """Return a table as Markdown, with numbers to the right and the columns called `texts` to the left.

    Examples
    --------
    >>> print(markdown_table(["", "seconds"], [["diff", "2"]], texts=[""]))
    |  | seconds |
    | --- | ---: |
    | diff | 2 |
    """
    rule = ["---" if name in texts else "---:" for name in head]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])
