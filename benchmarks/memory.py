"""How much memory `readouts validate` and `readouts diff` take of large packages, and whether they find all there is.

A package with 10,000 defects of every kind is validated within a bound, and the findings are compared with the truth;
two packages whose rows are in any order are compared, and the counts with the truth. The memory is that of the whole
process and its children, as the kernel counts it. Exit code 1 where a bound isn't kept, or something isn't found.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.content import plan
from benchmarks.measure import machine, markdown_table, measure
from benchmarks.pair import write_pair
from readouts.datapackage.memory import memory_bound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.measure import Measure

ROOT = Path(__file__).resolve().parents[1]
DEFECTS = 10_000
HUGE, HUGE_MEMORY = 100.0, "2GB"
_PLACE = ("code", "table", "field", "row", "line")


@dataclass
class Line:
    """The figures of one command."""

    title: str
    bound: str
    result: Measure
    found: str
    exact: bool

    @property
    def kept(self) -> bool:
        """Whether the bound was kept, and all was found."""
        return self.exact and self.result.memory * 2**20 <= memory_bound(self.bound)

    def cells(self) -> list[str]:
        """Return the line of a table."""
        memory, temporary = self.result.memory * 2**20 / 1e6, self.result.temporary / 1e9
        return [self.title, self.bound, f"{self.result.seconds:.0f}", f"{memory:.0f}", f"{temporary:.2f}", self.found]


def _places(findings: Iterable[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
    return Counter((*(each[name] for name in _PLACE), *(each["key"] or ())) for each in findings)


def _run(command: str, *arguments: object) -> Measure:
    """Run a command that finds something, and measure it."""
    typer.echo(f"readouts {command} within {arguments[-1]}", err=True)
    return measure([sys.executable, "-m", "readouts", command, *map(str, arguments)], ROOT, codes=[1])


def _validated(folder: Path, scale: float, memory: str) -> Line:
    package, report = folder / f"scale-{scale:g}", folder / "report.json"
    typer.echo(f"generating scale {scale:g}", err=True)
    script = [sys.executable, str(ROOT / "benchmarks" / "generate.py"), "--output", str(package)]
    subprocess.run([*script, "--scale", str(scale), "--defects", str(DEFECTS)], check=True, stdout=subprocess.DEVNULL)
    result = _run("validate", package, "--limit", 0, "--format", "json", "--output", report, "--memory", memory)
    planted = _places(json.loads((package / "truth.json").read_text(encoding="utf-8")))
    found = _places(json.loads(report.read_text(encoding="utf-8"))["incidents"])
    shutil.rmtree(package)
    title = f"`readouts validate`, {sum(plan(scale).rows.values()):,} rows"
    counted = f"{(planted & found).total():,} of {DEFECTS:,} defects, {(found - planted).total():,} others"
    return Line(title, memory, result, counted, planted == found)


def _compared(folder: Path, rows: int, memory: str) -> Line:
    pair, output = folder / "pair", folder / "difference.json"
    typer.echo(f"generating two packages of {rows:,} rows", err=True)
    truth = write_pair(pair, rows, shuffle=True)
    result = _run("diff", pair / "old", pair / "new", "--format", "json", "--output", output, "--memory", memory)
    (table,) = json.loads(output.read_text(encoding="utf-8"))["tables"].values()
    shutil.rmtree(pair)
    names = ("rows_added", "rows_removed", "rows_changed", "cells_changed")
    exact = all(table[name] == getattr(truth, name) for name in names)
    counted = f"{table['cells_changed']:,} of {truth.cells_changed:,} cells changed"
    return Line(f"`readouts diff`, twice {rows:,} rows in any order", memory, result, counted, exact)


def main(
    *,
    scale: Annotated[float, typer.Option("--scale", min=0.05, help="10 is 13.7 million rows, 2.4 GB.")] = 10,
    rows: Annotated[int, typer.Option("--rows", min=200, help="Rows of each of two packages.")] = 10**7,
    memory: Annotated[str, typer.Option("--memory", help="The bound.")] = "1GB",
    huge: Annotated[
        bool, typer.Option("--huge", help="Validate 137 million rows within 2 GB too: needs 40 GB of disk.")
    ] = False,
    output: Annotated[Path | None, typer.Option("--output", help="Write the table here too, as Markdown.")] = None,
) -> None:
    """Measure the memory of `readouts validate` and `readouts diff` on large generated packages."""
    folder = Path(tempfile.mkdtemp(prefix="readouts-benchmark-"))
    try:
        lines = [_validated(folder, scale, memory), _compared(folder, rows, memory)]
        if huge:
            lines.append(_validated(folder, HUGE, HUGE_MEMORY))
    finally:
        shutil.rmtree(folder)
    head = ["", "bound", "seconds", "peak MB", "temporary GB", "found"]
    text = markdown_table(head, (line.cells() for line in lines), texts=["", "found"])
    typer.echo(f"{machine(['readouts', 'polars'])}\n\n{text}")
    if output is not None:
        output.write_text(f"{machine(['readouts', 'polars'])}.\n\n{text}\n", encoding="utf-8")
    if not all(line.kept for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    typer.run(main)
