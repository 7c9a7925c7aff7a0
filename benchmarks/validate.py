"""How fast `readouts validate` is, compared with its peers on the same files: whole processes, side by side.

Packages are made by `benchmarks/generate.py`. The runs take turns, so that a slow minute of the machine strikes all of
them; a figure is the median of the runs, the memory the highest peak. A peer that isn't installed is listed as such.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contenders import CONTENDERS, readouts_command
from benchmarks.content import plan
from benchmarks.measure import installed, machine, measure, median
from benchmarks.outcome import BadCells, Line, Outcome, markdown, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measure import Measure

ROOT = Path(__file__).resolve().parents[1]
BAD_SHARE = 0.01
Result = TypeVar("Result")


def _say(message: str) -> None:
    typer.echo(message, err=True)


def _package(folder: Path, scale: float, bad_cells: float = 0) -> Path:
    """Generate a package, unless it already exists, and return its descriptor."""
    target = folder / f"scale-{scale:g}-bad-{bad_cells:g}"
    if not target.exists():
        _say(f"generating scale {scale:g}" + (f", {bad_cells:.0%} bad cells" if bad_cells else ""))
        script = str(ROOT / "benchmarks" / "generate.py")
        options = ["--scale", str(scale), "--output", str(target), "--bad-cells", str(bad_cells)]
        subprocess.run([sys.executable, script, *options], check=True, stdout=subprocess.DEVNULL)
    return target / "datapackage.json"


def _compared(descriptor: Path, names: list[str], runs: int, scale: float) -> dict[str, Line]:
    """Measure contenders in turns."""
    lines: dict[str, Line] = {}
    turns: dict[str, int] = {}
    for name in names:
        contender = CONTENDERS[name]
        line = lines[name] = Line(contender.title, contender.unchecked)
        turns[name] = runs
        if installed(contender.distribution) is None:
            turns[name], line.note = 0, "not installed"
        elif runs > 1 and contender.single_from is not None and scale >= contender.single_from:
            turns[name], line.note = 1, "one run"
    for turn in range(runs):
        for name, line in lines.items():
            if turn >= turns[name]:
                continue
            _say(f"{name}, run {turn + 1} of {turns[name]}")
            try:
                line.measures.append(measure(CONTENDERS[name].arguments(str(descriptor)), ROOT))
            except subprocess.CalledProcessError as error:
                line.measures.clear()
                turns[name], line.note = 0, f"failed with exit code {error.returncode}"
    return lines


def _validated(descriptor: Path, runs: int, output: Path, code: int) -> Measure:
    """Measure `readouts validate` alone; another exit code than this one ends the benchmark."""
    _say(f"readouts on {descriptor.parent.name}, runs: {runs}")
    command = readouts_command(str(descriptor), str(output))
    return median([measure(command, ROOT, codes=[code]) for _ in range(runs)])


def _tried(part: Callable[[], Result]) -> Result | None:
    """Return what a part measured; None, with a message, where it failed: earlier measurements aren't lost."""
    try:
        return part()
    except subprocess.CalledProcessError as error:
        _say(f"{' '.join(error.cmd)} ended with exit code {error.returncode}, which it should not")
        return None


def _bad_cells(folder: Path, scale: float, runs: int) -> BadCells:
    descriptor = _package(folder, scale, BAD_SHARE)
    output = folder / "report.json"
    result = _validated(descriptor, runs, output, 1)
    planted = json.loads((descriptor.parent / "counts.json").read_text(encoding="utf-8"))
    found = json.loads(output.read_text(encoding="utf-8"))["counts"]
    return BadCells(BAD_SHARE, result, planted, dict(sorted(found.items())))


def _scaled(folder: Path, scale: float, runs: int) -> tuple[float, Measure, Measure]:
    small, large = (_validated(_package(folder, each), runs, folder / "report.json", 0) for each in (scale, scale * 10))
    return scale, small, large


def main(
    *,
    scale: Annotated[float, typer.Option("--scale", min=0.0005, help="1 is 1.37 million rows, 240 MB.")] = 1,
    peers: Annotated[
        list[str] | None,
        typer.Option("--peers", help=f"Take only these, of {', '.join(CONTENDERS)}; may be repeated."),
    ] = None,
    runs: Annotated[int, typer.Option("--runs", min=1, help="How many runs each; the median counts.")] = 3,
    bad: Annotated[bool, typer.Option("--bad/--no-bad", help="Measure a package with 1 % bad cells too.")] = True,
    scaling: Annotated[
        float | None, typer.Option("--scaling", min=0.0005, help="Measure this scale and ten times of it too.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", help="Write the tables here too, as Markdown.")] = None,
) -> None:
    """Measure `readouts validate` and its peers on generated packages."""
    if unknown := sorted(set(peers or ()) - set(CONTENDERS)):
        raise typer.BadParameter(f"No peer is called {unknown[0]!r}; there are {', '.join(CONTENDERS)}.")
    names = [name for name in CONTENDERS if name == "readouts" or not peers or name in peers]
    folder = Path(tempfile.mkdtemp(prefix="readouts-benchmark-"))
    try:
        descriptor = _package(folder, scale)
        lines = _compared(descriptor, names, runs, scale)
        works = lines["readouts"].result is not None
        outcome = Outcome(
            machine([CONTENDERS[name].distribution for name in names]),
            scale,
            sum(plan(scale).rows.values()),
            sum(path.stat().st_size for path in descriptor.parent.glob("*.csv")),
            runs,
            lines,
            _tried(lambda: _bad_cells(folder, scale, runs)) if bad and works else None,
            _tried(lambda: _scaled(folder, scaling, runs)) if scaling is not None and works else None,
        )
    finally:
        shutil.rmtree(folder)
    typer.echo(text(outcome))
    if output is not None:
        output.write_text(markdown(outcome), encoding="utf-8")
    if not works or (bad and outcome.bad is None) or (scaling is not None and outcome.scaling is None):
        raise SystemExit(1)


if __name__ == "__main__":
    typer.run(main)
