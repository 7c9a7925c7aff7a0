"""Changes the code that must not be wrong, a little at a time, and counts how many of the changes a test notices.

`python -m tests.mutation.mutants --cosmic-ray .venv/mutation/bin/cosmic-ray` has Cosmic Ray find all mutants of each
part, draws some of them by a seed, and runs every one that was drawn in a copy of the project. Annotations are left
out: they are never evaluated. A survivor that equivalents.yaml lists does what the original does.
"""

from __future__ import annotations

import ast
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import yaml

from tests.mutation.verdicts import NO_PROGRAM

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PARTS", "Equivalent", "Part", "Survivor", "Tally", "annotation_ranges", "equivalents", "mutate"]

ROOT = Path(__file__).resolve().parents[2]
EQUIVALENTS = Path(__file__).with_name("equivalents.yaml")
WANTED = 90
"""Percent of the mutants that must be killed."""
_LONGEST = 120
"""Seconds after which a mutant counts as killed."""
_HEAD = "part", "mutants", "in annotations", "drawn", "killed", "by time", "not compiled", "survived", "equivalent", "%"
_NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "node_modules")


@dataclass(frozen=True)
class Part:
    """A part of the code: its modules, and the tests that must notice a change in them; doctests are among them."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]


def _part(folder: str, names: str, tests: str) -> Part:
    sources = tuple(f"src/readouts/{folder}/{name}.py" for name in names.split())
    return Part(sources, (*(f"tests/{test}" for test in tests.split()), *sources))


PARTS = {
    "datapackage/schema/types": _part(
        "datapackage/schema", "types temporal_types spatial duration", "datapackage/schema"
    ),
    "datapackage/validation/keys": _part(
        "datapackage/validation",
        "keys key_columns",
        "datapackage/validation/test_key_columns.py datapackage/validation/test_keys.py "
        "datapackage/validation/test_duplicates.py",
    ),
    "datapackage/validation/cells": _part("datapackage/validation", "cells", "datapackage/validation/test_cells.py"),
    "datapackage/difference/cell_kinds": _part(
        "datapackage/difference", "cell_kinds", "datapackage/difference/test_cells.py"
    ),
    "datapackage/merging": _part(
        "datapackage/merging",
        "columns conflict descriptors files layout order package_merge packages references tables text version",
        "datapackage/merging annotation_merge/test_merge_folders.py annotation_merge/test_merge_annotations.py",
    ),
    "text/anchoring": _part("text", "anchoring", "text/test_anchoring.py text/test_anchoring_order.py"),
    "datapackage/versioning": Part(
        ("src/readouts/datapackage/versioning.py", "src/readouts/datapackage/difference/version_bump.py"),
        (
            "tests/datapackage/difference/test_verdict.py",
            "src/readouts/datapackage/versioning.py",
            "src/readouts/datapackage/difference/version_bump.py",
        ),
    ),
}


@dataclass(frozen=True)
class Equivalent:
    """A change of a part of a line, in one module or in any, that changes nothing; and why."""

    source: str | None
    part: str
    becomes: str
    because: str

    def is_this(self, source: str, old: str, new: str) -> bool:
        """Return whether a line became another by this change alone."""
        pieces = old.split(self.part)
        return self.source in {None, source} and any(
            self.part.join(pieces[:place]) + self.becomes + self.part.join(pieces[place:]) == new
            for place in range(1, len(pieces))
        )


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test noticed, and why it is equivalent to the original if it is."""

    source: str
    line: int
    operator: str
    diff: str
    because: str | None = None


@dataclass(frozen=True)
class Tally:
    """What became of the mutants of a part."""

    name: str
    mutants: int
    annotations: int
    drawn: int
    killed: int
    timeouts: int
    no_program: int
    survivors: tuple[Survivor, ...]

    @property
    def equivalent(self) -> int:
        """Survivors that do what the original does."""
        return sum(survivor.because is not None for survivor in self.survivors)

    @property
    def percent(self) -> float:
        """Killed mutants of those that aren't equivalent."""
        return 100 * self.killed / max(1, self.drawn - self.equivalent)


def equivalents() -> list[Equivalent]:
    """Return the mutants that are known to do what the original does."""
    groups = yaml.safe_load(EQUIVALENTS.read_text(encoding="utf-8"))
    return [
        Equivalent(entry.get("source"), _one_line(entry["part"]), _one_line(mutant), group["because"])
        for group in groups
        for entry in group["mutants"]
        for mutant in entry["becomes"]
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def annotation_ranges(code: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield where annotations begin and end: line from 1, column from 0."""
    for node in ast.walk(ast.parse(code)):
        annotations = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        for annotation in annotations:
            if isinstance(annotation, ast.expr):
                end = (annotation.end_lineno or 0, annotation.end_col_offset or 0)
                yield (annotation.lineno, annotation.col_offset), end


def _draw(session: Path, copy: Path, count: int, seed: int) -> tuple[int, int, int]:
    """Leave only the mutants in a session that a seed draws; return how many there were, in annotations, and are."""
    with sqlite3.connect(session) as database:
        rows = database.execute(
            "select module_path, operator_name, occurrence, start_pos_row, start_pos_col, job_id from mutation_specs "
            "order by module_path, operator_name, occurrence"
        ).fetchall()
        ranges = {path: list(annotation_ranges((copy / path).read_text("utf-8"))) for path in {row[0] for row in rows}}
        living = [job for path, _, _, *place, job in rows if not any(a <= tuple(place) < b for a, b in ranges[path])]
        drawn = random.Random(seed).sample(living, min(count, len(living)))
        database.execute("create temporary table drawn as select value from json_each(?)", [json.dumps(drawn)])
        for table in ("mutation_specs", "work_items"):
            database.execute(f"delete from {table} where job_id not in (select value from drawn)")
    return len(rows), len(rows) - len(living), len(drawn)


def _execute(cosmic_ray: Path, part: Part, copy: Path, work: Path, draw: tuple[int, int]) -> tuple[int, int, int]:
    """Have the mutants of a part found, drawn and run; the session is `work`/session.sqlite."""
    place, config, session = work / "socket", work / "config.toml", work / "session.sqlite"
    command = f"{sys.executable} -I -S tests/mutation/verdict.py {place}"
    config.write_text(
        f"[cosmic-ray]\nmodule-path = {json.dumps(part.sources)}\ntimeout = {_LONGEST}.0\nexcluded-modules = []\n"
        f'test-command = "{command}"\ndistributor.name = "local"\n',
        encoding="utf-8",
    )
    subprocess.run([cosmic_ray, "init", config, session], cwd=copy, check=True)
    counts = _draw(session, copy, *draw)
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    asked: list[str | Path] = [sys.executable, "-m", "tests.mutation.verdicts", place, *part.sources, "--", *part.tests]
    with (
        (work / "output").open("w") as output,
        subprocess.Popen(asked, cwd=copy, env=environment, stdout=output, stderr=output) as server,
    ):
        try:
            while not place.exists():
                if server.poll() is not None:
                    raise SystemExit((work / "output").read_text())
                time.sleep(0.1)
            # The tests pass in a fork too while nothing is changed.
            if subprocess.run([cosmic_ray, "baseline", config], cwd=copy, capture_output=True, check=False).returncode:
                raise SystemExit((work / "output").read_text())
            subprocess.run([cosmic_ray, "exec", config, session], cwd=copy, check=True)
        finally:
            server.kill()
    return counts


def _reason(source: str, diff: str, known: list[Equivalent]) -> str | None:
    """Return why a mutant is equivalent; None if it isn't known to be."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    old, new = (_one_line(" ".join(line[1:] for line in lines if line.startswith(sign))) for sign in "-+")
    return next((each.because for each in known if each.is_this(source, old, new)), None)


def _tally(name: str, session: Path, counts: tuple[int, int, int], known: list[Equivalent]) -> Tally:
    with sqlite3.connect(session) as database:
        rows = database.execute(
            "select module_path, start_pos_row, operator_name, diff, lower(test_outcome), output from mutation_specs "
            "join work_results using (job_id) order by module_path, start_pos_row, operator_name, occurrence"
        ).fetchall()
    survivors = tuple(
        Survivor(path, line, operator, diff, _reason(path, diff, known))
        for path, line, operator, diff, outcome, _ in rows
        if outcome == "survived"
    )
    outputs = [row[5].strip() for row in rows]
    killed = sum(row[4] == "killed" for row in rows)
    return Tally(name, *counts, killed, outputs.count("timeout"), outputs.count(str(NO_PROGRAM)), survivors)


def mutate(cosmic_ray: Path, names: list[str], per_part: int, seed: int) -> Iterator[Tally]:
    """Yield what becomes of the mutants that a seed draws of each part."""
    known = equivalents()
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "copy")
            shutil.copytree(ROOT, copy, symlinks=True, ignore=_NOT_COPIED)
            counts = _execute(cosmic_ray.absolute(), PARTS[name], copy, Path(folder), (per_part, seed))
            yield _tally(name, Path(folder, "session.sqlite"), counts, known)


def _shown(survivor: Survivor) -> str:
    lines = [line for line in survivor.diff.splitlines() if line[:1] in "-+" and line[:3] not in {"---", "+++"}]
    place = f"{survivor.source}:{survivor.line}: {survivor.operator.removeprefix('core/')}"
    return "\n".join([place, *lines, *([f"  equivalent: {survivor.because}"] if survivor.because else [])])


def main(
    cosmic_ray: Annotated[Path, typer.Option(help="The program, in an environment of its own.")],
    part: Annotated[list[str] | None, typer.Option(help="A part. Default: all.")] = None,
    per_part: Annotated[int, typer.Option(help="How many mutants to draw of each part.")] = 40,
    seed: Annotated[int, typer.Option(help="What they are drawn by.")] = 1,
) -> None:
    """Change the code a little at a time, and count how many of the changes a test notices."""
    rows: list[tuple[object, ...]] = []
    enough = True
    for tally in mutate(cosmic_ray, part or list(PARTS), per_part, seed):
        typer.echo("\n\n".join(map(_shown, tally.survivors)) + "\n")
        counts = tally.mutants, tally.annotations, tally.drawn, tally.killed, tally.timeouts, tally.no_program
        rows.append((f"`{tally.name}`", *counts, len(tally.survivors), tally.equivalent, f"{tally.percent:.1f}"))
        enough &= tally.percent >= WANTED
    tool = subprocess.run([cosmic_ray, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    versions = f"Python {sys.version.split()[0]}, pytest {version('pytest')}, cosmic-ray {tool}"
    typer.echo(f"{versions}; seed {seed}, {per_part} mutants of each part.\n")
    for row in (_HEAD, ("---", *["---:"] * (len(_HEAD) - 1)), *rows):
        typer.echo(f"| {' | '.join(map(str, row))} |")
    raise typer.Exit(not enough)


if __name__ == "__main__":
    typer.run(main)
