"""How long `--engine spark` takes, next to the engine of one machine within a bound of memory, and whether it is exact.

A package with a defect of every kind is validated, and two packages whose rows are in any order are compared: by
Polars within 1 GB, by Spark on two cores of this machine, and by a standalone cluster of two workers of one core each.
Memory and processor seconds are those of all processes. Exit code 1 where something isn't found.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.cluster import SETTINGS, Cluster, standalone
from benchmarks.content import plan
from benchmarks.defects import KINDS
from benchmarks.measure import machine, markdown_table, measure
from benchmarks.pair import write_pair

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measure import Measure

ROOT = Path(__file__).resolve().parents[1]
LOCAL = "local[2]"
DISTRIBUTIONS = ["readouts", "polars", "pyspark"]
_COUNTS = ("rows_added", "rows_removed", "rows_changed", "cells_changed", "kinds")


@dataclass(frozen=True)
class Way:
    """A way to run a command."""

    title: str
    options: tuple[str, ...]
    processes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Line:
    """The figures of one command."""

    command: str
    way: str
    result: Measure
    exact: bool

    def cells(self) -> list[str]:
        """Return the line of a table."""
        found = self.result
        memory = found.memory * 2**20 / 1e6
        figures = [f"{found.seconds:.0f}", f"{found.work:.0f}", f"{memory:,.0f}"]
        return [self.command, self.way, *figures, "all" if self.exact else "not all"]


def ways(cluster: Cluster | None) -> list[Way]:
    """Return the ways that are measured."""
    found = [
        Way("Polars, `--memory 1GB`", ("--memory", "1GB")),
        Way(f"Spark, `{LOCAL}`", ("--engine", "spark", "--master", LOCAL)),
    ]
    if cluster is not None:
        options = ("--engine", "spark", "--master", cluster.master)
        found.append(Way("Spark, cluster of two workers", options, cluster.processes))
    return found


def _lines(
    title: str, command: list[str], folder: Path, each: list[Way], exact: Callable[[dict[str, Any]], bool]
) -> list[Line]:
    """Run a command in several ways."""
    found = []
    for way in each:
        output = folder / "output.json"
        output.unlink(missing_ok=True)
        typer.echo(f"{title}: {way.title}", err=True)
        options = ["--format", "json", "--output", str(output), *way.options]
        whole = [sys.executable, "-m", "readouts", *command, *options]
        result = measure(whole, ROOT, codes=[1], besides=way.processes)
        found.append(Line(title, way.title, result, exact(json.loads(output.read_text(encoding="utf-8")))))
    return found


def _validated(folder: Path, scale: float, each: list[Way]) -> list[Line]:
    package = folder / "package"
    script = [sys.executable, str(ROOT / "benchmarks" / "generate.py"), "--output", str(package)]
    subprocess.run(
        [*script, "--scale", str(scale), "--defects", str(len(KINDS))], check=True, stdout=subprocess.DEVNULL
    )
    size = sum(path.stat().st_size for path in package.glob("*.csv"))
    title = f"`validate`, {sum(plan(scale).rows.values()):,} rows, {size / 1e6:,.0f} MB"
    planted = _places(json.loads((package / "truth.json").read_text(encoding="utf-8")))
    lines = _lines(
        title, ["validate", str(package)], folder, each, lambda found: _places(found["incidents"]) == planted
    )
    shutil.rmtree(package)
    return lines


def _places(findings: list[dict[str, Any]]) -> list[list[str]]:
    names = ("code", "table", "field", "row", "line")
    return sorted([str(each[name]) for name in names] for each in findings)


def _compared(folder: Path, rows: int, each: list[Way]) -> list[Line]:
    pair = folder / "pair"
    truth = write_pair(pair, rows, shuffle=True)
    size = sum(path.stat().st_size for path in pair.glob("*/*.csv"))
    title = f"`diff`, twice {rows:,} rows, {size / 1e6:,.0f} MB"

    def exact(found: dict[str, Any]) -> bool:
        (table,) = found["tables"].values()
        return all(table[name] == getattr(truth, name) for name in _COUNTS)

    lines = _lines(title, ["diff", str(pair / "old"), str(pair / "new")], folder, each, exact)
    shutil.rmtree(pair)
    return lines


def main(
    *,
    scale: Annotated[
        list[float] | None, typer.Option("--scale", min=0.01, help="1 is 1.37 million rows; repeatable. Default: 1.")
    ] = None,
    rows: Annotated[
        list[int] | None, typer.Option("--rows", min=0, help="Rows of each of two packages; repeatable; 0 for none.")
    ] = None,
    cluster: Annotated[bool, typer.Option("--cluster/--no-cluster", help="Run on a standalone cluster too.")] = True,
    output: Annotated[Path | None, typer.Option("--output", help="Write the table here too, as Markdown.")] = None,
) -> None:
    """Measure `readouts validate` and `readouts diff` on Spark, next to Polars within a bound of memory."""
    folder = Path(tempfile.mkdtemp(prefix="readouts-benchmark-"))
    (folder / "conf").mkdir()
    (folder / "conf" / "spark-defaults.conf").write_text(SETTINGS, encoding="utf-8")
    os.environ["SPARK_CONF_DIR"] = str(folder / "conf")
    lines: list[Line] = []
    try:
        with ExitStack() as stack:
            each = ways(stack.enter_context(standalone(folder / "cluster")) if cluster else None)
            for one in scale or [1.0]:
                lines += _validated(folder, one, each)
            for number in filter(None, rows or [10**6]):
                lines += _compared(folder, number, each)
    finally:
        shutil.rmtree(folder)
    head = ["", "engine", "seconds", "processor seconds", "peak MB", "found"]
    text = markdown_table(head, (line.cells() for line in lines), texts=["", "engine", "found"])
    typer.echo(f"{machine(DISTRIBUTIONS)}\n\n{text}")
    if output is not None:
        output.write_text(f"{machine(DISTRIBUTIONS)}.\n\n{text}\n", encoding="utf-8")
    if not all(line.exact for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    typer.run(main)
