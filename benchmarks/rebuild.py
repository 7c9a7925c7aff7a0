"""How fast `readouts rebuild` is, compared with the floor: reading the same YAML with the fastest kept parsers.

Each figure is a process of its own; that of one changed file is the median of several. Peak memory is that of the
largest process and, for the rebuild, of all its processes at once.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.annotations import generate
from benchmarks.measure import Measure, installed, machine, measure, median

FLOORS = {
    "PyYAML (libyaml), safe_load": (
        "import sys,yaml,pathlib\n"
        "for p in sorted(pathlib.Path(sys.argv[1]).rglob('*.yaml')): yaml.load(p.read_bytes(), Loader=yaml.CSafeLoader)"
    ),
    "yaml-rs, loads": (
        "import sys,yaml_rs,pathlib\n"
        "for p in sorted(pathlib.Path(sys.argv[1]).rglob('*.yaml')): yaml_rs.loads(p.read_text(encoding='utf-8'))"
    ),
}

_RUNS = 5
"""Rebuilds with one changed file, another one each time; the median is reported."""


def _replace(path: Path, old: str, new: str) -> None:
    """Change a file; the text to replace must be there."""
    text = path.read_text(encoding="utf-8")
    if old not in text:
        message = f"{path.name} has no '{old}'."
        raise ValueError(message)
    path.write_text(text.replace(old, new), encoding="utf-8")


def _report(articles: int, folder: Path) -> None:
    generate(folder, articles)
    tree = folder / "annotations"
    rebuild = [sys.executable, "-m", "readouts", "rebuild"]
    rows: list[tuple[str, Measure, float]] = []
    floor = None
    for name, code in FLOORS.items():
        if installed(name.partition(" ")[0].strip(",").lower()) is None:
            continue
        found = measure([sys.executable, "-c", code, str(tree)], folder)
        floor = found.seconds if floor is None else min(floor, found.seconds)
        rows.append((name, found, articles / found.seconds))
    first = measure(rebuild, folder)
    rows.append(("readouts rebuild, first", first, articles / first.seconds))
    again = []
    for number in range(_RUNS):
        _replace(tree / "articles" / f"article-{number:06}.yaml", "kind: press", "kind: repost")
        again.append(measure(rebuild, folder))
    second = median(again)
    rows.append(("readouts rebuild, one file changed", second, articles / second.seconds))
    _replace(tree / "entities.yaml", "Person 1,", "Person One,")
    renamed = measure(rebuild, folder)
    rows.append(("readouts rebuild, one entity renamed", renamed, articles / renamed.seconds))
    size = sum(path.stat().st_size for path in tree.rglob("*.yaml")) / 2**20
    times = first.seconds / second.seconds
    typer.echo(f"\n{articles:,} articles, {size:.0f} MiB of YAML; first rebuild / one file changed = {times:.1f}")
    typer.echo(f"{'':38} {'seconds':>8} {'of work':>8} {'articles/s':>11} {'MiB':>7} {'x floor':>8}")
    for name, found, speed in rows:
        ratio = "" if floor is None else f"{found.seconds / floor:8.2f}"
        typer.echo(f"{name:38} {found.seconds:8.2f} {found.work:8.2f} {speed:11.0f} {found.memory:7.0f} {ratio}")


def main(
    articles: Annotated[list[int] | None, typer.Option("--articles", help="How many; repeatable.")] = None,
) -> None:
    """Measure rebuilds of generated trees."""
    typer.echo(machine(("readouts", "pyyaml")))
    for count in articles or [1000, 10_000]:
        folder = Path(tempfile.mkdtemp(prefix="readouts-benchmark-"))
        try:
            _report(count, folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    typer.run(main)
