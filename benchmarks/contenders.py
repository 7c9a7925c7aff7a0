"""The contenders in the benchmark of `readouts validate`, how each is run, and what it leaves unchecked."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

__all__ = ["CONTENDERS", "READOUTS", "Contender", "readouts_command"]


@dataclass(frozen=True)
class Contender:
    """One program to measure.

    Attributes
    ----------
    name, title
        Its name in the options, and in the table.
    distribution
        What has to be installed.
    command
        The arguments after the interpreter; the path of the descriptor follows.
    unchecked
        What it doesn't check of what the package's descriptor asks for, as a sentence.
    single_from
        The scale from which it is run only once, since it takes minutes.
    """

    name: str
    title: str
    distribution: str
    command: tuple[str, ...]
    unchecked: str
    single_from: float | None = None

    def arguments(self, descriptor: str) -> list[str]:
        """Return the whole command for a package."""
        return [sys.executable, *self.command, descriptor, *self._output()]

    def _output(self) -> list[str]:
        return ["--format", "json", "--output", os.devnull] if self.name == "readouts" else []


def _script(module: str) -> tuple[str, str]:
    return "-m", f"benchmarks.peers.{module}"


_POLARS_TYPES = "its types are Polars's own casts, which take more forms than the standard does"

READOUTS = Contender("readouts", "`readouts validate`", "readouts", ("-m", "readouts", "validate"), "Checks all of it.")
CONTENDERS: dict[str, Contender] = {contender.name: contender for contender in (
    READOUTS,
    Contender(
        "polars", "Polars, reading alone", "polars", _script("polars_read"),
        "Checks nothing: every file is read, all columns as strings.",
    ),
    Contender(
        "dataframely", "dataframely, a collection", "dataframely", _script("dataframely_collection"),
        f"No references, no structure of the files, no hashes; {_POLARS_TYPES}; lengths are counted in bytes.",
    ),
    Contender(
        "pointblank", "pointblank, all steps it has", "pointblank", _script("pointblank_checks"),
        f"No references, no structure of the files, no hashes; {_POLARS_TYPES}; a defect is a count, not a row.",
    ),
    Contender(
        "pandera", "pandera, schemas for Polars", "pandera", _script("pandera_schemas"),
        f"No references, no structure of the files, no hashes; {_POLARS_TYPES}.",
    ),
    Contender(
        "frictionless", "`frictionless validate`", "frictionless", ("-m", "frictionless", "validate"),
        "Unique keys, categories, stray quotes and NUL bytes pass, and so do forms such as `1_000` and `2031-5-1`.",
        single_from=0.2,
    ),
)}  # fmt: skip


def readouts_command(descriptor: str, output: str) -> list[str]:
    """Return the command that validates a package and writes its report to a file."""
    return [sys.executable, *READOUTS.command, descriptor, "--format", "json", "--output", output]
