"""Processes: several for one work, how they show progress, how often they look for garbage, and how they end."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, NoReturn, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ProcessPoolExecutor
    from contextlib import AbstractContextManager

__all__ = ["Progress", "collect_seldom", "end", "no_progress", "process_pool"]

_SELDOM = 100_000
"""New objects after which cycles are looked for; with the usual 700, a tenth of the start goes into looking."""


def collect_seldom() -> None:
    """Let this process look for cycles seldom: the data has none, and looking takes longer the more there is."""
    gc.set_threshold(_SELDOM)


def end(code: int) -> NoReturn:
    """End this process at once, without giving back piece by piece what it read: that takes a tenth of a long run.

    Exit handlers still run, and printed output is still written.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        # The reader may have had enough.
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def process_pool(processes: int) -> ProcessPoolExecutor:
    """Return a pool of processes, which start as they are needed.

    They start alike on every system, with nothing of this process but what is sent to them. A script that uses one
    guards what it runs by `if __name__ == "__main__"`, since each process imports it.

    Examples
    --------
    >>> with process_pool(1) as pool:
    ...     pool.submit(abs, -3).result()
    3
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=collect_seldom)


Progress: TypeAlias = "Callable[[str], AbstractContextManager[Callable[[int, int], None] | None]]"
"""Shows progress: given what is being done, a block that gives a function of the amounts done and to be done."""


def no_progress(_: str) -> AbstractContextManager[None]:
    """Show no progress."""
    return nullcontext()
