"""Passes tests again and again, each time in a fork of a process that has imported everything but what they test.

`python -m tests.mutation.verdicts SOCKET SOURCE... -- TEST...` answers whoever runs `verdict.py` with the same socket.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import signal
import socket
import sys
import tempfile
import warnings
from pathlib import Path

import pytest

__all__ = ["NO_PROGRAM", "serve"]

NO_PROGRAM = 9
"""The exit code where a source can't be compiled."""
_OWN = ("readouts", "tests", "__m", "conftest")
_OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning")


def _verdict(sources: list[str], tests: list[str]) -> int:
    for source in sources:
        try:
            compile(Path(source).read_bytes(), source, "exec")
        except SyntaxError:
            return NO_PROGRAM
    return int(pytest.main([*_OPTIONS, *tests]))


def _imported(sources: list[str], tests: list[str]) -> list[str]:
    """Return the modules of others that passing the tests imports; raise SystemExit if they fail as the code is."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as names:
        child = os.fork()
        if child == 0:
            sys.dont_write_bytecode = False
            code = _verdict(sources, tests)
            names.write("\n".join(name for name in sys.modules if not name.startswith(_OWN)))
            names.flush()
            os._exit(code)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise SystemExit(f"The tests fail before anything is changed: {' '.join(tests)}")
        names.seek(0)
        return names.read().splitlines()


def serve(place: str, sources: list[str], tests: list[str]) -> None:
    """Answer each connection with the exit code of the tests, as a line, until the process is ended."""
    for name in _imported(sources, tests):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                importlib.import_module(name)
            except Exception as error:
                del error
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place)
        listener.listen()
        while True:
            connection, _ = listener.accept()
            with connection:
                child = os.fork()
                if child == 0:
                    os.setsid()
                    code = 1
                    try:
                        code = _verdict(sources, tests)
                    finally:
                        os._exit(code)
                ended = os.pidfd_open(child)
                # The client closes the connection on a timeout.
                if ended not in select.select([connection.fileno(), ended], [], [])[0]:
                    os.killpg(child, signal.SIGKILL)
                os.close(ended)
                code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
                try:
                    connection.sendall(f"{code}\n".encode())
                except OSError:
                    continue


if __name__ == "__main__":
    between = sys.argv.index("--")
    serve(sys.argv[1], sys.argv[2:between], sys.argv[between + 1 :])
