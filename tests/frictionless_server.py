"""Frictionless, imported once a session: each question is answered by a fork of the process that imported it.

What is asked and what is answered is what `readouts validate` asks and gets: the same program reads the same question.
Only the second or so that importing takes is spent once instead of for each package.
"""

from __future__ import annotations

import json
import select
import subprocess
import tempfile
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FrictionlessServer"]

_SERVER = """
import io, json, os, sys, warnings
warnings.simplefilter("ignore")
import frictionless, frictionless.package, frictionless.resource
program = compile(json.loads(sys.stdin.readline()), "<frictionless>", "exec")
for line in sys.stdin:
    question, answer, complaint = json.loads(line)
    child = os.fork()
    if child == 0:
        for path, number in ((answer, 1), (complaint, 2)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.stdin = io.StringIO(question)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)
        try:
            exec(program, {"__name__": "__main__"})
        except BaseException:
            import traceback
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.__stdout__.write(f"{status}\\n")
    sys.__stdout__.flush()
"""


class FrictionlessServer:
    """The process that imported frictionless; it is started by the first question."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()
        self._folder = tempfile.TemporaryDirectory()

    @property
    def subprocess(self) -> SimpleNamespace:
        """What takes the place of the module `subprocess` where frictionless is asked."""
        return SimpleNamespace(Popen=self._asked, PIPE=subprocess.PIPE, TimeoutExpired=subprocess.TimeoutExpired)

    def _asked(self, command: Sequence[str], **_: int) -> _Question:
        return _Question(self, command)

    def answer(self, command: Sequence[str], question: bytes, timeout: float) -> tuple[int, bytes, bytes]:
        """Return the exit code, the output and the complaints of the command's program."""
        with self._lock:
            if self._process is None:
                self._process = subprocess.Popen(
                    [*command[:-1], _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
                )
                self._tell(command[-1])
            paths = [Path(self._folder.name, name) for name in ("answer", "complaint")]
            self._tell([question.decode(), *map(str, paths)])
            assert self._process.stdout is not None
            if not select.select([self._process.stdout], [], [], timeout)[0]:
                self._stop()
                raise subprocess.TimeoutExpired(command[0], timeout)
            status = int(self._process.stdout.readline())
            output, complaint = (path.read_bytes() for path in paths)
            return status, output, complaint

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()
        self._folder.cleanup()

    def _tell(self, value: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


class _Question:
    """A question that looks to who asks it like the process that answers it."""

    def __init__(self, server: FrictionlessServer, command: Sequence[str]) -> None:
        self._server = server
        self._command = command
        self.returncode: int | None = None

    def communicate(self, question: bytes = b"", timeout: float = 60) -> tuple[bytes, bytes]:
        if not question:
            return b"", b""
        self.returncode, output, complaint = self._server.answer(self._command, question, timeout)
        return output, complaint

    def kill(self) -> None:
        """Do nothing: a question that took too long has ended with the server's process."""
