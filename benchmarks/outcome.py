"""What the benchmark of `readouts validate` measured, compared with the aims: as text, and as Markdown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.measure import median

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measure import Measure

__all__ = ["BadCells", "Line", "Outcome", "Target", "markdown", "targets", "text"]

MEGABYTES = 2**20 / 1e6


@dataclass
class Line:
    """One contender: its runs, or why there are none.

    Attributes
    ----------
    title, unchecked
        What it is, and what it leaves unchecked.
    measures
        Its runs; empty where it didn't run or failed.
    note
        A remark, such as "not installed".
    """

    title: str
    unchecked: str
    measures: list[Measure] = field(default_factory=list)
    note: str = ""

    @property
    def result(self) -> Measure | None:
        """The median of its runs; None without any."""
        return median(self.measures) if self.measures else None


@dataclass(frozen=True)
class BadCells:
    """`readouts validate` on a package with many bad cells: its time, what was planted and what it found."""

    share: float
    result: Measure
    planted: dict[str, int]
    found: dict[str, int]


@dataclass(frozen=True)
class Outcome:
    """All that one run of the benchmark measured.

    Attributes
    ----------
    machine
        Architecture, cores, Python, versions.
    scale, rows, size
        Of the package that all contenders were given; the size in bytes.
    runs
        How many runs each contender had.
    lines
        The contenders by name.
    bad
        The package with bad cells, if it was measured.
    scaling
        The smaller of two scales, and `readouts validate` on it and on ten times of it, if that was measured.
    """

    machine: str
    scale: float
    rows: int
    size: int
    runs: int
    lines: dict[str, Line]
    bad: BadCells | None = None
    scaling: tuple[float, Measure, Measure] | None = None


@dataclass(frozen=True)
class Target:
    """Something aimed at, and whether it was reached; `met` is None where it wasn't measured."""

    title: str
    wanted: str
    measured: str
    met: bool | None

    @property
    def verdict(self) -> str:
        """The outcome in a word or two."""
        return "not measured" if self.met is None else ("met" if self.met else "missed")


def _target(title: str, wanted: str, measured: float | None, reached: Callable[[float], bool], unit: str) -> Target:
    if measured is None:
        return Target(title, wanted, "", None)
    return Target(title, wanted, f"{measured:.2f}{unit}" if unit == "x" else f"{measured:.0f}{unit}", reached(measured))


def targets(outcome: Outcome) -> list[Target]:
    """Return the targets, with what was measured.

    Examples
    --------
    >>> from benchmarks.measure import Measure
    >>> lines = {"readouts": Line("r", "", [Measure(2.0, 500)]), "polars": Line("p", "", [Measure(1.0, 400)])}
    >>> [target.verdict for target in targets(Outcome("", 1, 10, 10, 1, lines))][:3]
    ['not measured', 'met', 'met']
    """
    own = outcome.lines["readouts"].result

    def times(name: str, *, faster: bool = False) -> float | None:
        other = outcome.lines[name].result if name in outcome.lines else None
        if own is None or other is None:
            return None
        return other.seconds / own.seconds if faster else own.seconds / other.seconds

    memory = None if own is None else own.memory * MEGABYTES
    bad = None if own is None or outcome.bad is None else outcome.bad.result.seconds / own.seconds
    found = None if outcome.bad is None else sum(outcome.bad.found.values()) / sum(outcome.bad.planted.values()) * 100
    ten = None if outcome.scaling is None else outcome.scaling[2].seconds / outcome.scaling[1].seconds
    # A small package takes as long as both programs need to start, with what they import.
    least, faster = 42 if outcome.scale >= 0.1 else 1.6, times("frictionless", faster=True)
    return [
        _target("faster than frictionless", f"at least {least:g}x", faster, lambda x: x >= least, "x"),
        _target("time compared with Polars reading", "at most 2.3x", times("polars"), lambda x: x <= 2.3, "x"),
        _target("peak memory", "at most 700 MB", memory, lambda x: x <= 700, " MB"),
        _target("time compared with pointblank", "below 1x", times("pointblank"), lambda x: x < 1, "x"),
        _target("time compared with dataframely", "at most 1.3x", times("dataframely"), lambda x: x <= 1.3, "x"),
        _target("time with bad cells, compared with clean", "at most 2x", bad, lambda x: x <= 2, "x"),
        _target("bad cells found", "all", found, lambda _: _all_found(outcome.bad), " %"),
        _target("time of ten times the rows", "at most 11x", ten, lambda x: x <= 11, "x"),
    ]


def _all_found(bad: BadCells | None) -> bool:
    return bad is not None and bad.found == bad.planted


def _table(outcome: Outcome) -> list[list[str]]:
    own = outcome.lines["readouts"].result
    rows = [["", "seconds", "rows/s", "peak MiB", "times readouts"]]
    for line in outcome.lines.values():
        result = line.result
        if result is None:
            rows.append([line.title, line.note, "", "", ""])
            continue
        ratio = f"{result.seconds / own.seconds:.2f}" if own else ""
        title = f"{line.title} ({line.note})" if line.note else line.title
        speed = f"{outcome.rows / result.seconds:,.0f}"
        rows.append([title, f"{result.seconds:.2f}", speed, f"{result.memory:.0f}", ratio])
    return rows


def _others(outcome: Outcome) -> list[list[str]]:
    """Return the rows of the table of what else `readouts validate` was given."""
    rows = [["`readouts validate` on", "seconds", "peak MiB", "found"]]
    if outcome.bad is not None:
        bad = outcome.bad
        counts = ", ".join(f"{bad.found.get(code, 0):,} of {count:,} {code}" for code, count in bad.planted.items())
        result = bad.result
        rows.append([f"{bad.share:.0%} bad cells", f"{result.seconds:.2f}", f"{result.memory:.0f}", counts])
    if outcome.scaling is not None:
        scale, *results = outcome.scaling
        for each, result in zip((scale, scale * 10), results, strict=True):
            rows.append([f"scale {each:g}", f"{result.seconds:.2f}", f"{result.memory:.0f}", ""])
    return rows if len(rows) > 1 else []


def _targets(outcome: Outcome) -> list[list[str]]:
    rows = [["aim", "wanted", "measured", ""]]
    return rows + [[each.title, each.wanted, each.measured, each.verdict] for each in targets(outcome)]


def _head(outcome: Outcome) -> str:
    runs = "one run" if outcome.runs == 1 else f"the median of {outcome.runs} runs"
    return (
        f"Scale {outcome.scale:g}: {outcome.rows:,} rows in four files, {outcome.size / 1e6:.0f} MB; "
        f"whole processes, {runs}, highest peak."
    )


NOT_SCALE_1 = "The aims are for scale 1: at another scale they are only indicative."


def markdown(outcome: Outcome) -> str:
    """Return the outcome as a part of a Markdown page."""

    def table(rows: list[list[str]]) -> list[str]:
        if not rows:
            return []
        rule = ["---", *("---:" for _ in rows[0][1:])]
        return [*("| " + " | ".join(row) + " |" for row in (rows[0], rule, *rows[1:])), ""]

    lines = [_head(outcome), "", f"{outcome.machine}.", "", *table(_table(outcome)), "What each leaves unchecked:", ""]
    lines += [f"- {line.title}: {line.unchecked}" for line in outcome.lines.values()] + [""]
    lines += [*table(_others(outcome)), *table(_targets(outcome))]
    if outcome.scale != 1:
        lines += [NOT_SCALE_1, ""]
    return "\n".join(lines)


def text(outcome: Outcome) -> str:
    """Return the outcome as aligned columns."""

    def table(rows: list[list[str]]) -> list[str]:
        plain = [[cell.replace("`", "") for cell in row] for row in rows]
        widths = [max(len(row[place]) for row in plain) for place in range(len(plain[0]))] if plain else []
        lines = []
        for first, *rest in plain:
            cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
            lines.append("  ".join([first.ljust(widths[0]), *cells]).rstrip())
        return [*lines, ""] if lines else []

    lines = [outcome.machine, _head(outcome), "", *table(_table(outcome)), *table(_others(outcome))]
    lines += table(_targets(outcome))
    return "\n".join(lines + ([NOT_SCALE_1] if outcome.scale != 1 else []))
