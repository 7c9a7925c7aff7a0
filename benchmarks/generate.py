"""Generate a Data Package of four tables about invented countries, clean or with known defects.

At scale 1: 20,000 articles, 1,000,000 statements, 50,000 entities and 300,000 relations, about 230 MB. The same
arguments give the same bytes.

With `--defects N --seed K`, N defects are planted, each in a row of its own, and `truth.json` next to the package lists
them. With `--bad-cells SHARE`, that share of all cells outside keys and references is made bad, and `counts.json`
says how many of each code there are.

With `--pair`, two packages of one table are written instead, and every difference between them: see
`benchmarks/pair.py`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import polars as pl

from benchmarks.content import blocks, plan
from benchmarks.defects import KINDS, bad_values, plant, planted
from benchmarks.pair import write_pair
from benchmarks.schemas import DESCRIPTOR, KEYED, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.random import Generator

    from benchmarks.content import Plan
    from benchmarks.defects import Kind, Truth

    Spoil = Callable[[pl.DataFrame, str], pl.DataFrame]

__all__ = ["generate"]


@dataclass
class _File:
    """A table's file while it is written: its hash, size, how many rows and lines it has so far, and its first row."""

    stream: BinaryIO
    digest: Any = field(default_factory=sha256)
    size: int = 0
    rows: int = 0
    lines: int = 0
    first: dict[str, Any] = field(default_factory=dict)

    def write(self, data: bytes, rows: int) -> None:
        self.stream.write(data)
        self.digest.update(data)
        self.size += len(data)
        self.rows += rows
        self.lines += data.count(b"\n")


def _csv(frame: pl.DataFrame) -> bytes:
    return frame.write_csv(include_header=False, quote_style="necessary", line_terminator="\n").encode()


def _write_planted(file: _File, frame: pl.DataFrame, kinds: dict[int, Kind], truths: list[Truth]) -> None:
    """Write a block in which some rows (0 is the block's first) have a defect."""
    done = 0
    file.first = file.first or frame.row(0, named=True)
    for place, kind in sorted(kinds.items()):
        file.write(_csv(frame[done:place]), place - done)
        cells, previous = frame.row(place, named=True), file.first if kind.far else frame.row(place - 1, named=True)
        data, truth = plant(kind, cells, previous, file.rows + 1, file.lines + 1)
        truths.append(truth)
        file.write(data + b"\n", 2 if kind.code == "blank-row" else 1)
        done = place + 1
    file.write(_csv(frame[done:]), len(frame) - done)


def _spoilt(frame: pl.DataFrame, table: str, share: float, chance: Generator, counts: dict[str, int]) -> pl.DataFrame:
    """Return a block with this share of the cells of each column outside keys made bad, and count them by code."""
    changed = []
    for name in frame.columns:
        if name in KEYED[table]:
            continue
        try:
            code, values = bad_values(table, name)
        except ValueError:
            continue
        hit = chance.random(len(frame)) < share
        bad = pl.Series(values).gather(pl.Series(chance.integers(0, len(values), len(frame))))
        counts[code] = counts.get(code, 0) + int(hit.sum())
        changed.append(pl.select(pl.when(pl.Series(hit)).then(bad).otherwise(frame[name]).alias(name)).to_series())
    return frame.with_columns(changed)


def _write_table(
    path: Path, table: str, made: Plan, *, kinds: dict[int, Kind], truths: list[Truth], spoil: Spoil
) -> dict[str, Any]:
    """Write a table's file and return its resource."""
    schema = SCHEMAS[table]
    with path.open("wb") as stream:
        file = _File(stream)
        file.write((",".join(entry["name"] for entry in schema["fields"]) + "\n").encode(), 0)
        first = 0
        for block in blocks(table, made):
            frame = spoil(block, table)
            here = {row - first: kind for row, kind in kinds.items() if first <= row < first + len(frame)}
            _write_planted(file, frame, here, truths)
            first += len(frame)
    return {
        "name": table,
        "type": "table",
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.digest.hexdigest()}",
        "schema": schema,
    }


def _write_json(path: Path, content: Any) -> None:
    path.write_bytes((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())


def generate(
    output: Path,
    scale: float,
    *,
    defects: int = 0,
    seed: int = 1,
    kinds: Iterable[str] | None = None,
    bad_cells: float = 0,
) -> list[Truth]:
    """Write the package into a folder, and a list of its defects next to it.

    Parameters
    ----------
    output
        The folder; it is made where it is not there.
    scale
        1 is 1.37 million rows.
    defects
        How many defects are planted, the kinds in turn.
    seed
        Chooses the rows of defects and the bad cells; the clean rows don't depend on it.
    kinds
        Which kinds of defects (names in `KINDS`); by default, all.
    bad_cells
        The share of bad cells (0 to 1) in each column outside keys and references.

    Returns
    -------
    list of Truth
        The planted defects, in the order of the tables and rows.
    """
    made = plan(scale)
    chosen = planted(made, defects, seed, kinds)
    truths: list[Truth] = []
    counts: dict[str, int] = {}
    chance = np.random.default_rng([seed, 1])

    def spoil(frame: pl.DataFrame, table: str) -> pl.DataFrame:
        return _spoilt(frame, table, bad_cells, chance, counts) if bad_cells else frame

    output.mkdir(parents=True, exist_ok=True)
    resources = [
        _write_table(output / f"{table}.csv", table, made, kinds=chosen[table], truths=truths, spoil=spoil)
        for table in SCHEMAS
    ]
    _write_json(output / "datapackage.json", DESCRIPTOR | {"resources": resources})
    if defects:
        _write_json(output / "truth.json", [truth.as_json() for truth in truths])
    if bad_cells:
        _write_json(output / "counts.json", dict(sorted(counts.items())))
    return truths


def main(
    *,
    output: Annotated[Path, typer.Option("--output", help="Folder to write to.")],
    scale: Annotated[float, typer.Option("--scale", min=0.0005, help="1 is 1.37 million rows, 230 MB.")] = 1,
    defects: Annotated[int, typer.Option("--defects", min=0, help="How many defects to plant.")] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Chooses where defects and bad cells are.")] = 1,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Plant this kind only; may be repeated.")] = None,
    bad_cells: Annotated[float, typer.Option("--bad-cells", min=0, max=1, help="The share of bad cells.")] = 0,
    pair: Annotated[bool, typer.Option("--pair", help="Write two packages that differ, and how, instead.")] = False,
    rows: Annotated[int, typer.Option("--rows", min=200, help="With --pair: rows of each; a million are 150 MB.")] = 10
    ** 6,
    shuffle: Annotated[bool, typer.Option("--shuffle", help="With --pair: rows in any order.")] = False,
) -> None:
    """Generate a Data Package about invented countries, clean or with known defects; or two that differ."""
    if pair:
        truth = write_pair(output, rows, shuffle=shuffle, seed=seed)
        size = sum(path.stat().st_size for path in output.glob("*/*.csv")) / 2e6
        found = (
            f"{truth.cells_changed:,} cells changed, {truth.rows_added:,} rows added, {truth.rows_removed:,} removed"
        )
        typer.echo(f"{output}: {rows:,} rows, {size:.1f} MB a side; {found}")
        return
    if unknown := sorted(set(kind or ()) - set(KINDS)):
        raise typer.BadParameter(f"No kind of defect is called {unknown[0]!r}; there are {', '.join(KINDS)}.")
    if defects and bad_cells:
        raise typer.BadParameter("--defects and --bad-cells can't be given together: the defects wouldn't be alone.")
    try:
        truths = generate(output, scale, defects=defects, seed=seed, kinds=kind, bad_cells=bad_cells)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    size = sum(path.stat().st_size for path in output.glob("*.csv")) / 1e6
    typer.echo(f"{output}: {sum(plan(scale).rows.values()):,} rows, {size:.1f} MB, {len(truths)} defects planted")


if __name__ == "__main__":
    typer.run(main)
