"""How fast `readouts diff` is, and how exact, compared with its peers on the same files: whole processes, side by side.

Two packages are made by `benchmarks/generate.py --pair`, and with them every difference. The runs take turns, so that a
slow minute of the machine strikes all of them; a figure is the median of the runs, the memory the highest peak. What
each counts is compared with the truth.

Not all peers install along with readouts: datacompy wants an older Polars. Put them into an environment of their
own and name it with `--peers-folder`: `python -m venv PEERS`, `PEERS/bin/pip install datacompy csv-diff daff venn-bin`.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import machine, measure, median
from benchmarks.pair import KEY, write_pair

if TYPE_CHECKING:
    from benchmarks.measure import Measure

ROOT = Path(__file__).resolve().parents[1]
COUNTED = ("rows_added", "rows_removed", "cells_changed")
AIM = 1.5
"""How many times what Polars needs to read both files a comparison is to take at most."""
SMALL = 0.3
"""Seconds that it may take in any case: two small packages take as long as the start of the program."""

Counts = dict[str, int]
Reader = Callable[[Path], Counts]


def _own(path: Path) -> Counts:
    tables = json.loads(path.read_text(encoding="utf-8"))["tables"]
    return {name: sum(table[name] for table in tables.values()) for name in COUNTED}


def _plain(path: Path) -> Counts:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _venn(path: Path) -> Counts:
    found = json.loads(path.read_text(encoding="utf-8"))
    cells = sum((found["column_changes"] or {}).values())
    return {"rows_added": found["added"], "rows_removed": found["removed"], "cells_changed": cells}


def _csv_diff(path: Path) -> Counts:
    found = json.loads(path.read_text(encoding="utf-8"))
    cells = sum(len(row["changes"]) for row in found["changed"])
    return {"rows_added": len(found["added"]), "rows_removed": len(found["removed"]), "cells_changed": cells}


def _daff(path: Path) -> Counts:
    counts = dict.fromkeys(COUNTED, 0)
    with path.open(encoding="utf-8", newline="") as stream:
        for action, *cells in csv.reader(stream):
            counts["rows_added"] += action == "+++"
            counts["rows_removed"] += action == "---"
            if action.endswith("->"):
                counts["cells_changed"] += sum(action in cell for cell in cells)
    return counts


@dataclass(frozen=True)
class Contender:
    """One program: how it is called, and how what it found is read.

    Attributes
    ----------
    command
        What to run; `{old}` and `{new}` are the files, `{bin}` the folder of the peers' programs, `{out}` the result.
    counts
        Reads the counts from the result; None for one that only reads.
    program
        What has to be there of the peers' programs; None for what readouts has itself.
    to_stdout
        Whether the result comes on the standard output.
    codes
        The exit codes that are not failures.
    slow
        Whether it is run only once from 200,000 rows on.
    """

    title: str
    command: tuple[str, ...]
    counts: Reader | None = None
    program: str | None = None
    to_stdout: bool = True
    codes: tuple[int, ...] = (0,)
    slow: bool = False


PYTHON = sys.executable
CONTENDERS: dict[str, Contender] = {
    "readouts": Contender(
        "readouts diff",
        (PYTHON, "-m", "readouts", "diff", "{old_folder}", "{new_folder}", "--format", "json", "--output", "{out}"),
        _own,
        to_stdout=False,
        codes=(1,),
    ),
    "stream": Contender(
        "readouts diff --stream",
        (
            *(PYTHON, "-m", "readouts", "diff", "{old_folder}", "{new_folder}", "--stream"),
            *("--format", "json", "--output", "{out}"),
        ),
        _own,
        to_stdout=False,
        codes=(1,),
    ),
    "polars": Contender("Polars, reading both", (PYTHON, "-m", "benchmarks.peers.polars_read_both", "{old}", "{new}")),
    "venn": Contender(
        "venn",
        ("{bin}/venn", "{old}", "{new}", "--key", KEY, "--format", "json"),
        _venn,
        "venn",
        codes=(1,),
    ),
    "datacompy": Contender(
        "datacompy, Polars",
        ("{bin}/python", "-m", "benchmarks.peers.datacompy_compare", "{old}", "{new}", KEY),
        _plain,
        "datacompy",
    ),
    "csv-diff": Contender(
        "csv-diff", ("{bin}/csv-diff", "{old}", "{new}", "--key", KEY, "--json"), _csv_diff, "csv-diff", slow=True
    ),
    "daff": Contender(
        "daff",
        ("{bin}/daff", "diff", "--id", KEY, "--unordered", "--output", "{out}", "{old}", "{new}"),
        _daff,
        "daff",
        to_stdout=False,
        slow=True,
    ),
}


@dataclass
class Line:
    """One contender: its runs, what it counted, or why there are none."""

    title: str
    measures: list[Measure] = field(default_factory=list)
    counts: Counts | None = None
    note: str = ""


def _run(contender: Contender, folder: Path, programs: Path) -> tuple[Measure, Counts | None]:
    out = folder / "result"
    out.unlink(missing_ok=True)
    places = {
        "old": folder / "old" / "statements.csv",
        "new": folder / "new" / "statements.csv",
        "old_folder": folder / "old",
        "new_folder": folder / "new",
        "bin": programs,
        "out": out,
    }
    command = [part.format(**places) for part in contender.command]
    if contender.to_stdout:
        command = ["sh", "-c", 'out=$1; shift; exec "$@" > "$out"', "sh", str(out), *command]
    result = measure(command, ROOT, codes=contender.codes)
    return result, None if contender.counts is None else contender.counts(out)


def _compared(names: list[str], folder: Path, programs: Path, runs: int, rows: int) -> dict[str, Line]:
    """Measure contenders in turns."""
    lines = {name: Line(CONTENDERS[name].title) for name in names}
    for turn in range(runs):
        for name, line in lines.items():
            contender = CONTENDERS[name]
            if line.note in {"not installed", "failed"} or (turn and contender.slow and rows >= 200_000):
                continue
            if contender.program is not None and not (programs / contender.program).exists():
                line.note = "not installed"
                continue
            typer.echo(f"{name}, run {turn + 1} of {runs}", err=True)
            try:
                result, line.counts = _run(contender, folder, programs)
            except subprocess.CalledProcessError as error:
                line.note = "failed"
                typer.echo(f"{name} ended with exit code {error.returncode}, which it should not", err=True)
                continue
            line.measures.append(result)
    return lines


def _table(lines: dict[str, Line], truth: Counts) -> list[list[str]]:
    floor = median(lines["polars"].measures).seconds if "polars" in lines and lines["polars"].measures else None
    rows = [["", "seconds", "peak MiB", "times reading", "exact"]]
    for name, line in lines.items():
        if not line.measures:
            rows.append([line.title, line.note, "", "", ""])
            continue
        result = median(line.measures)
        ratio = "" if floor is None else f"{result.seconds / floor:.2f}"
        wrong = [
            f"{key} {line.counts[key]:,} of {truth[key]:,}"
            for key in COUNTED
            if line.counts and line.counts[key] != truth[key]
        ]
        exact = "" if CONTENDERS[name].counts is None else "; ".join(wrong) or "yes"
        rows.append([line.title, f"{result.seconds:.2f}", f"{result.memory:.0f}", ratio, exact])
    return rows


def _text(rows: list[list[str]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for first, *rest in rows:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines)


def _markdown(rows: list[list[str]]) -> str:
    rule = ["---", *("---:" for _ in rows[0][1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], rule, *rows[1:])) + "\n"


def main(
    *,
    rows: Annotated[int, typer.Option("--rows", min=200, help="Rows of each side; a million are 150 MB.")] = 10**6,
    shuffle: Annotated[
        bool, typer.Option("--shuffle", help="Rows in any order: nothing to compare in a stream.")
    ] = False,
    peers: Annotated[
        list[str] | None, typer.Option("--peers", help=f"Take only these, of {', '.join(CONTENDERS)}; may be repeated.")
    ] = None,
    peers_folder: Annotated[
        Path, typer.Option("--peers-folder", help="The environment that the peers are installed in.")
    ] = Path(sys.prefix),
    runs: Annotated[int, typer.Option("--runs", min=1, help="How many runs each; the median counts.")] = 3,
    output: Annotated[Path | None, typer.Option("--output", help="Write the table here too, as Markdown.")] = None,
) -> None:
    """Measure `readouts diff` and its peers on two generated packages; exit code 1 where its counts are wrong."""
    if unknown := sorted(set(peers or ()) - set(CONTENDERS)):
        raise typer.BadParameter(f"No contender is called {unknown[0]!r}; there are {', '.join(CONTENDERS)}.")
    names = [name for name in CONTENDERS if not peers or name in peers or name in {"readouts", "polars"}]
    names = [name for name in names if not (shuffle and name == "stream")]
    folder = Path(tempfile.mkdtemp(prefix="readouts-benchmark-"))
    try:
        found = write_pair(folder, rows, shuffle=shuffle)
        truth = {name: getattr(found, name) for name in COUNTED}
        size = sum(path.stat().st_size for path in folder.glob("*/*.csv")) / 2e6
        lines = _compared(names, folder, peers_folder.absolute() / "bin", runs, rows)
    finally:
        shutil.rmtree(folder)
    order = "rows in any order" if shuffle else "rows sorted by key"
    head = f"{rows:,} rows, {size:.0f} MB a side, {order}; whole processes, the median of {runs} runs, highest peak."
    table = _table(lines, truth)
    own, floor = lines["readouts"], lines["polars"]
    typer.echo(f"{machine(['readouts', 'polars'])}\n{head}\n\n{_text(table)}")
    if output is not None:
        output.write_text(f"{head}\n\n{machine(['readouts', 'polars'])}.\n\n{_markdown(table)}", encoding="utf-8")
    if not own.measures or not floor.measures or own.counts != truth:
        raise SystemExit(1)
    wanted = max(SMALL, AIM * median(floor.measures).seconds)
    verdict = "met" if median(own.measures).seconds <= wanted else "missed"
    typer.echo(f"\nThe aim, {AIM:g} times reading or {SMALL:g} s, is {verdict}.")


if __name__ == "__main__":
    typer.run(main)
