"""Running the blocks of one page, as a reader would: one after the other, in the folder that they are meant for."""

from __future__ import annotations

import ast
import contextlib
import csv
import doctest
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import typer.main
import yaml
from typer.testing import CliRunner

from readouts.cli import app
from tests.docs.blocks import ROOT, blocks_of, commands_of, same_output

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.docs.blocks import Block

__all__ = ["LANGUAGES", "Checker", "Runner", "command_of"]

_SHOWN = 1500
"""Characters of an output that a failure quotes."""


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """Return the command of ours that words call, and the words that are its arguments."""
    found: Any = typer.main.get_command(app())
    while getattr(found, "commands", None):
        assert words, "expected a command"
        assert words[0] in found.commands, f"there is no command '{words[0]}'"
        found, words = found.commands[words[0]], words[1:]
    return found, words


def _installs(arguments: list[str]) -> None:
    """Hold what pip is asked to install to the extras that there are; to install it would take the network."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    verb, *wanted = arguments
    assert verb == "install", arguments
    for each in wanted:
        named = re.fullmatch(r"(?:readouts|\.)(?:\[([\w,]+)\])?", each)
        assert named is not None, f"pip install {each}: the pages install readouts and its extras"
        unknown = set((named[1] or "").split(",")) - {"", *project["optional-dependencies"]}
        assert not unknown, f"pyproject.toml has no extra {', '.join(unknown)}"


def _makes(arguments: list[str]) -> None:
    """Hold what make is asked for to the targets that there are; CI runs them."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in arguments or ["all"]:
        assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), f"the Makefile has no target {target}"


_PROMISES = {"pip": _installs, "make": _makes}
"""Commands that aren't run, and what they are held to."""


class Checker(doctest.OutputChecker):
    """Doctest's, with no eye for blanks at the ends of lines: pages don't keep them."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        bare = ["".join(f"{line.rstrip()}\n" for line in text.splitlines()) for text in (want, got)]
        return super().check_output(bare[0], bare[1], optionflags)


class Runner:
    """Runs the blocks of one page.

    Attributes
    ----------
    ran
        How many commands and snippets were run.
    missing
        Programs and libraries that some blocks need and that aren't here.
    """

    def __init__(self, place: Callable[[str], Path]) -> None:
        self._place = place
        self._names: dict[str, Any] = {"__name__": "__main__"}
        self._script: list[str] = []
        self.ran = 0
        self.missing: list[str] = []

    def page(self, page: str) -> None:
        """Run all blocks of a page."""
        for block in blocks_of(page):
            if block.file is not None:
                path = self._place(block.place) / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                before = path.read_text(encoding="utf-8") if block.append else ""
                path.write_text(f"{before}{block.text}\n", encoding="utf-8")
            run = LANGUAGES.get(block.language)
            if run is not None and block.reason is None:
                with contextlib.chdir(self._place(block.place)):
                    run(self, block)

    def console(self, block: Block) -> None:
        for command in commands_of(block):
            text = command.text
            for name, value in block.names.items():
                text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", value, text)
            code, output = self._command(text)
            told = f"{block.page}:{command.line}: $ {text}"
            assert code == block.exit or code is None, f"{told}\nexit code {code}\n{output[-_SHOWN:]}"
            if command.output is not None and code is not None:
                self.hold(block, command.output, output, told)
            self.ran += 1

    def hold(self, block: Block, shown: str, real: str, told: str) -> None:  # noqa: ARG002 - what mends pages needs it
        """Hold what a page shows to what is printed."""
        assert same_output(shown, real), f"{told}\nthe page shows\n{shown}\nbut it prints\n{real[:_SHOWN]}"

    def _command(self, text: str) -> tuple[int | None, str]:
        """Run a command line; ours in this process, which takes a tenth of the time."""
        words = shlex.split(text, comments=True)
        if words[0] in _PROMISES:
            _PROMISES[words[0]](words[1:])
            return 0, ""
        if words[0].endswith("readouts") and "|" not in words and ">" not in words:
            result = CliRunner().invoke(app(next(iter(words[1:]), None)), words[1:], catch_exceptions=False)
            return result.exit_code, result.output
        if shutil.which(words[0]) is None:
            self.missing.append(words[0])
            return None, ""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
            env={**os.environ, "PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"},  # noqa: PTH120
        )
        return done.returncode, done.stdout + done.stderr

    def python(self, block: Block) -> None:
        if block.text.lstrip().startswith(">>>"):
            self.pycon(block)
            return
        printed = io.StringIO()
        code = compile("\n" * block.line + block.text, block.page, "exec")
        with contextlib.redirect_stdout(printed):
            exec(code, self._names)
        if block.output is not None:
            self.hold(block, block.output, printed.getvalue(), block.where)
        self.ran += 1

    def pycon(self, block: Block) -> None:
        # A block may show a traceback, and leaves its names to the blocks behind it.
        flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
        test = doctest.DocTestParser().get_doctest(block.text + "\n", self._names, block.where, block.page, block.line)
        told: list[str] = []
        runner = self.doctests(block, flags)
        result = runner.run(test, out=told.append, clear_globs=False)
        self._names.update(test.globs)
        assert result.failed == 0, f"{block.where}\n{''.join(told)}"
        self.ran += result.attempted

    def doctests(self, block: Block, flags: int) -> doctest.DocTestRunner:  # noqa: ARG002 - what mends pages needs it
        """Return what runs a session and holds it to what it shows."""
        return doctest.DocTestRunner(Checker(), optionflags=flags, verbose=False)

    def r(self, block: Block) -> None:
        if shutil.which("Rscript") is None:
            self.missing.append("Rscript")
            return
        # R has no session to come back to: what came before is run again, with what it prints thrown away.
        before = "\n".join(self._script)
        mark = "--- here the block begins"
        program = f'{before}\ncat("{mark}\\n")\noptions(width = 100)\n{block.text}\n'
        done = subprocess.run(
            ["Rscript", "--vanilla", "-"],
            input=program,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        if "there is no package called" in done.stderr:
            self.missing.append(re.findall(r"there is no package called .(\w+)", done.stderr)[0])
            return
        assert done.returncode == 0, f"{block.where}\n{done.stderr}"
        self._script.append(block.text)
        if block.output is not None:
            self.hold(block, block.output, done.stdout.partition(f"{mark}\n")[2], block.where)
        self.ran += 1

    def sql(self, block: Block) -> None:
        """Run SQL in DuckDB's tables of the corpus, or in a SQLite file that the page has made."""
        files = sorted(self._place(block.place).rglob("*.sqlite")) + sorted(self._place(block.place).rglob("*.db"))
        if files:
            import sqlite3

            with contextlib.closing(sqlite3.connect(files[0])) as connection:
                cursor = connection.execute(block.text)
                rows = [tuple(each[0] for each in cursor.description), *cursor.fetchall()]
            found = "\n".join("|".join("" if cell is None else str(cell) for cell in row) for row in rows)
        else:
            database = self._names.get("connection")
            assert database is not None, f"{block.where}: expected a block of Python that sets `connection` above"
            found = str(database.sql(block.text))
        if block.output is not None:
            self.hold(block, block.output, found, block.where)
        self.ran += 1

    def signature(self, block: Block) -> None:
        ast.parse(f"def {block.text}: ...")
        self.ran += 1

    def yaml(self, block: Block) -> None:
        assert yaml.safe_load(block.text) is not None, block.where
        self.ran += 1

    def json(self, block: Block) -> None:
        json.loads(block.text)
        self.ran += 1

    def csv(self, block: Block) -> None:
        widths = {len(row) for row in csv.reader(block.text.splitlines())}
        assert len(widths) == 1, f"{block.where}: rows of {widths} cells"
        self.ran += 1


LANGUAGES: dict[str, Callable[[Runner, Block], None]] = {
    "console": Runner.console,
    "python": Runner.python,
    "py": Runner.signature,
    "pycon": Runner.pycon,
    "r": Runner.r,
    "sql": Runner.sql,
    "yaml": Runner.yaml,
    "json": Runner.json,
    "csv": Runner.csv,
}
"""How a block of each language is run. `py` is a signature; `text` is what something prints, or a drawing."""
