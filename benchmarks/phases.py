"""Where the time of `readouts validate` goes: the processor seconds of each phase, all threads together.

The command runs as usual, but for its threads: what they do is done one after the other, so that each second belongs to
one phase. What they share of two cores is therefore less than the sum.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import Executor, Future
from functools import wraps
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Annotated, Any

import typer

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polars as pl

from benchmarks.content import plan
from benchmarks.generate import generate
from benchmarks.measure import machine
from readouts.datapackage import api
from readouts.datapackage.table import byte_stream, csv_blocks, prefetch, quote_places, table_stream
from readouts.datapackage.validation import key_columns, table, validator

if TYPE_CHECKING:
    from collections.abc import Callable

_IMPORTED = process_time()
REST = "Everything else"
IMPORTS = "Start of Python, and imports"
PEER = "frictionless, in a process of its own"
PHASES: dict[str, list[tuple[Any, str]]] = {
    "Files are read": [(table_stream.TableStream, "read")],
    "Files are hashed": [(byte_stream.Digest, "add")],
    "Rows are counted: delimiters, line ends, quotes": [(csv_blocks, "_seen"), (quote_places, "counts")],
    "Polars parses the rows": [(pl, "read_csv")],
    "Cells are checked": [(table, "_evaluated"), (table, "_judge_seen")],
    "Keys and references are compared": [
        (table, "comparable"),
        (key_columns.KeyColumns, "add"),
        (key_columns.KeyColumns, "finish"),
        (table, "repeated_rows"),
        (validator, "_references"),
    ],
}
"""The phases, and the functions that belong to them."""


class _Inline(Executor):
    """An executor whose work is done before `submit` returns."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do the work."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


class Clock:
    """Processor seconds by phase; what a phase calls of another one is that one's."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._phase, self._since = REST, process_time()

    def turn_to(self, phase: str) -> str:
        """Count from now on for a phase, and return the one before."""
        now = process_time()
        self.seconds[self._phase] += now - self._since
        before, self._phase, self._since = self._phase, phase, now
        return before

    def watch(self, owner: Any, name: str, phase: str) -> None:
        """Let the seconds of a function count for a phase."""
        function = getattr(owner, name)

        @wraps(function)
        def counted(*arguments: Any, **options: Any) -> Any:
            before = self.turn_to(phase)
            try:
                return function(*arguments, **options)
            finally:
                self.turn_to(before)

        setattr(owner, name, counted)


def profile(package: Path) -> dict[str, float]:
    """Return the processor seconds of each phase of a validation."""
    clock = Clock()
    clock.seconds[IMPORTS] = _IMPORTED
    for module in (csv_blocks, validator, prefetch):
        module.ThreadPoolExecutor = _Inline  # type: ignore[attr-defined]
    for phase, functions in PHASES.items():
        for owner, name in functions:
            clock.watch(owner, name, phase)
    api.validate(package)
    clock.turn_to(REST)
    used = os.times()
    return {PEER: used.children_user + used.children_system, **clock.seconds}


def main(
    *,
    scale: Annotated[float, typer.Option("--scale", min=0.001, help="1 is 1,370,000 rows.")] = 1,
    package: Annotated[Path | None, typer.Option("--package", help="A package instead of a generated one.")] = None,
) -> None:
    """Print where the time of `readouts validate` goes."""
    with tempfile.TemporaryDirectory(prefix="readouts-benchmark-") as folder:
        if package is None:
            package = Path(folder)
            generate(package, scale)
        seconds = profile(package)
    whole = sum(seconds.values())
    rows = f"{sum(plan(scale).rows.values()):,} rows; " if package == Path(folder) else ""
    typer.echo(f"{rows}{machine(['readouts', 'polars', 'frictionless'])}")
    typer.echo("\n| phase | seconds | share |\n| --- | ---: | ---: |")
    for phase in (IMPORTS, PEER, *PHASES, REST):
        typer.echo(f"| {phase} | {seconds[phase]:.2f} | {seconds[phase] / whole:.0%} |")
    typer.echo(f"| All | {whole:.2f} | 100% |")


if __name__ == "__main__":
    typer.run(main)
