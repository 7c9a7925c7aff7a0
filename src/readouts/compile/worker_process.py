"""Processes that help a rebuild: each calls the functions that it is asked to, with nothing but what is sent to it.

One is started first of all, and imports the rules while the command line is read: Polars takes a quarter of a rebuild
in which one article changed. So this module imports next to nothing.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from select import select
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Helper", "HelperError", "help_out", "prepare", "take"]

_prepared: list[Helper] = []


class HelperError(Exception):
    """A process ended before it answered: the one that asked calls the function itself."""


class Helper:
    """A process that calls functions; it is asked for the next call when it has answered.

    Parameters
    ----------
    module
        A module that it imports before it is asked for anything.
    """

    def __init__(self, module: str = "") -> None:
        called = f"from {__name__} import help_out; help_out({module!r})"
        program = f"import sys; sys.path[:] = {sys.path!r}; {called}"
        self._process = subprocess.Popen(  # noqa: S603 - this Python, and this module
            [sys.executable, "-I", *["-B"] * sys.dont_write_bytecode, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, function: Callable[..., object], *arguments: object) -> None:
        """Ask for a call of a function of a module.

        Raises
        ------
        HelperError
            The process has ended.
        """
        try:
            if self._process.stdin is not None:
                pickle.dump((function, arguments), self._process.stdin)
                self._process.stdin.flush()
        except Exception as error:
            raise HelperError from error

    def waited(self) -> Helper:
        """Wait for the beginning of the answer, or the end of the process."""
        with suppress(OSError, ValueError):
            self._process.stdout.peek(1)  # type: ignore[union-attr]
        return self

    def answered(self) -> bool:
        """Return whether the beginning of the answer, or the end of the process, is there; not known on Windows."""
        return os.name == "posix" and bool(select([self._process.stdout], (), (), 0)[0])  # type: ignore[type-var]

    def answer(self) -> Any:
        """Return the result of the call.

        Raises
        ------
        HelperError
            The process has ended, by an error of the function maybe.
        """
        try:
            # It comes from the process that was started here.
            return pickle.load(self._process.stdout)  # type: ignore[arg-type]  # noqa: S301
        except Exception as error:
            # Half an answer can be anything.
            raise HelperError from error

    def close(self) -> None:
        """End the process."""
        with suppress(OSError), self._process as process:
            process.kill()


def prepare() -> None:
    """Start a process that imports the rules and waits; it ends with this one. A single core has no time for it."""
    if (os.cpu_count() or 1) > 1:
        _prepared.append(Helper("readouts.quality.rules.screen"))


def take() -> Helper | None:
    """Return the process that was prepared, if any."""
    return _prepared.pop() if _prepared else None


def help_out(module: str) -> None:
    """Call one function after the other, as asked on standard input, until it ends."""
    from importlib import import_module

    from readouts.datapackage.processes import collect_seldom

    collect_seldom()
    if module:
        import_module(module)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            # It comes from the process that started this one.
            function, arguments = pickle.load(questions)  # noqa: S301
        except EOFError:
            # Nothing is left to be tidied up.
            os._exit(0)
        pickle.dump(function(*arguments), answers)
        answers.flush()
