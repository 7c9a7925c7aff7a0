"""How fast `readouts rebuild` is, beside the floor: reading the same YAML with the fastest kept parsers.

Each figure is a process of its own. Peak memory is that of the largest process and, for the rebuild, of all its
processes at once.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.generate import generate

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


@dataclass(frozen=True)
class Measure:
    """Seconds of one process with its children, and the peak of their memory in MiB."""

    seconds: float
    memory: float


def _resident(pid: int) -> int:
    """Return the resident memory of a process and its descendants, in bytes; 0 where the system doesn't tell."""
    total = 0
    try:
        total += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
            total += _resident(int(child))
    except (OSError, ValueError):
        pass
    return total


def measure(command: list[str], cwd: Path) -> Measure:
    """Run a command and measure it."""
    started = time.perf_counter()
    # Bytecode is kept from one process to the next, as it is where the package is installed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, env=environment)
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.05):
            peak = max(peak, _resident(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - started
    done.set()
    watcher.join()
    if code != 0:
        raise SystemExit(f"{' '.join(command)} exited {code}")
    return Measure(seconds, peak / 2**20)


def _report(articles: int, folder: Path) -> None:
    generate(folder, articles)
    tree = folder / "annotations"
    rebuild = [sys.executable, "-m", "readouts", "rebuild"]
    rows: list[tuple[str, Measure, float]] = []
    floor = None
    for name, code in FLOORS.items():
        try:
            version(name.partition(" ")[0].strip(",").lower())
        except ModuleNotFoundError:
            continue
        found = measure([sys.executable, "-c", code, str(tree)], folder)
        floor = found.seconds if floor is None else min(floor, found.seconds)
        rows.append((name, found, articles / found.seconds))
    first = measure(rebuild, folder)
    rows.append(("readouts rebuild, first", first, articles / first.seconds))
    changed = tree / "articles" / "article-000000.yaml"
    changed.write_text(changed.read_text(encoding="utf-8").replace("kind: press", "kind: repost"), encoding="utf-8")
    second = measure(rebuild, folder)
    rows.append(("readouts rebuild, one file changed", second, articles / second.seconds))
    registry = tree / "entities.yaml"
    registry.write_text(registry.read_text(encoding="utf-8").replace("Person 1,", "Person One,"), encoding="utf-8")
    renamed = measure(rebuild, folder)
    rows.append(("readouts rebuild, one entity renamed", renamed, articles / renamed.seconds))
    size = sum(path.stat().st_size for path in tree.rglob("*.yaml")) / 2**20
    times = first.seconds / second.seconds
    typer.echo(f"\n{articles:,} articles, {size:.0f} MiB of YAML; first rebuild / one file changed = {times:.1f}")
    typer.echo(f"{'':38} {'seconds':>8} {'articles/s':>11} {'MiB':>7} {'x floor':>8}")
    for name, found, speed in rows:
        ratio = "" if floor is None else f"{found.seconds / floor:8.2f}"
        typer.echo(f"{name:38} {found.seconds:8.2f} {speed:11.0f} {found.memory:7.0f} {ratio}")


def main(
    articles: Annotated[
        list[int] | None, typer.Option("--articles", help="How many; may be given several times.")
    ] = None,
) -> None:
    """Measure rebuilds of generated trees."""
    names = ("readouts", "pyyaml")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    typer.echo(f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}; {versions}")
    for count in articles or [1000, 10_000]:
        folder = Path(tempfile.mkdtemp(prefix="readouts-benchmark-"))
        try:
            _report(count, folder)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    typer.run(main)
