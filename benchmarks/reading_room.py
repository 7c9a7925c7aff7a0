"""How fast `readouts site` is, how much memory it takes, and how large its pages are.

Sites of the bundled release and of a generated corpus: first build, a build when nothing changed, one after one change.
With Playwright and a Chromium (READOUTS_CHROMIUM names it where it isn't the command `chromium`), also how soon the
page of an event shows something, from the local disk.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.annotations import STATEMENTS, generate
from benchmarks.measure import Measure, installed, machine, measure
from readouts.corpus_schema.bundled import bundled_package

_PAINTS = 5
"""How often a page is opened; the median is reported."""


def _site(package: Path, output: Path) -> Measure:
    return measure([sys.executable, "-m", "readouts", "site", str(package), "--output", str(output)], output.parent)


def _paint(page: Path) -> float | None:
    """Return the seconds until a page from the disk shows something; None where there is no browser for it."""
    chromium = os.environ.get("READOUTS_CHROMIUM") or shutil.which("chromium")
    if installed("playwright") is None or chromium is None:
        return None
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - it needn't be there

    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(_PAINTS):
            context = browser.new_context()
            opened = context.new_page()
            opened.goto(page.as_uri())
            script = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
            opened.wait_for_function(f"() => {script} !== undefined")
            times.append(float(opened.evaluate(script)) / 1000)
            context.close()
        browser.close()
    return statistics.median(times)


def _sizes(output: Path) -> tuple[int, int, Path, int]:
    """Return how many pages a site has, the bytes of all its files, its largest page, and the bytes of that."""
    pages = {path: path.stat().st_size for path in output.rglob("*.html")}
    largest = max(sorted(pages), key=lambda path: pages[path])
    total = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    return len(pages), total, largest, pages[largest]


def _report(package: Path, folder: Path, changed: Path | None) -> None:
    output = folder / "site"
    rows = [("first build", _site(package, output)), ("nothing changed", _site(package, output))]
    if changed is not None:
        rows.append(("one entity renamed", _site(changed, output)))
    typer.echo(f"{'':24} {'seconds':>8} {'of work':>8} {'MiB':>7}")
    for name, found in rows:
        typer.echo(f"{name:24} {found.seconds:8.2f} {found.work:8.2f} {found.memory:7.0f}")
    count, total, largest, size = _sizes(output)
    typer.echo(
        f"{count:,} pages, {total / 2**20:.0f} MiB; the largest is {largest.relative_to(output)}: {size:,} bytes"
    )
    event = max(sorted((output / "events").glob("*.html")), key=lambda path: path.stat().st_size)
    seconds = _paint(event)
    if seconds is not None:
        typer.echo(f"first paint of {event.relative_to(output)} ({event.stat().st_size:,} bytes): {seconds:.2f} s")


def _generated(folder: Path, articles: int) -> tuple[Path, Path]:
    """Write a corpus, and the same with one entity renamed; return both packages."""
    first, second = folder / "first", folder / "second"
    rebuild = [sys.executable, "-m", "readouts", "rebuild"]
    generate(first, articles)
    measure(rebuild, first)
    shutil.copytree(first, second)
    entities = second / "annotations" / "entities.yaml"
    entities.write_text(entities.read_text(encoding="utf-8").replace("name: Person 1,", "name: Person One,"), "utf-8")
    measure(rebuild, second)
    return first, second


def main(
    articles: Annotated[list[int] | None, typer.Option("--articles", help="How many; repeatable.")] = None,
) -> None:
    """Measure builds of sites."""
    typer.echo(machine(("readouts", "jinja2", "playwright")))
    for count in [0, *(articles or [2500])]:
        folder = Path(tempfile.mkdtemp(prefix="readouts-benchmark-"))
        try:
            if count == 0:
                typer.echo("\nthe bundled release")
                _report(bundled_package(), folder, None)
                continue
            typer.echo(f"\n{count:,} generated articles, {count * STATEMENTS:,} statements")
            package, changed = _generated(folder, count)
            _report(package, folder, changed)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    typer.run(main)
