"""`readouts validate`."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readouts.commands.package import chosen_package
from readouts.commands.shell import SIDE, PackagePath, command, console, finish, progress, write_text
from readouts.commands.tree import compiled
from readouts.datapackage.errors import ReadoutsError

if TYPE_CHECKING:
    from readouts.datapackage.findings import Findings
    from readouts.datapackage.incident import Incident
    from readouts.datapackage.package.package import Package
    from readouts.datapackage.report import Check, Gate, Report

__all__ = ["Level", "main", "report_of"]


class ReportFormat(StrEnum):
    """The forms of a report."""

    TERMINAL = "terminal"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    GITHUB = "github"
    SARIF = "sarif"
    GATES = "gates"
    JUNIT = "junit"


class Level(StrEnum):
    """How far a validation goes."""

    STRUCTURE = "structure"
    CONTENT = "content"
    RELEASE = "release"


class Engine(StrEnum):
    """What checks the rows."""

    POLARS = "polars"
    SPARK = "spark"


_SHOWN = {ReportFormat.TERMINAL: 20}
_SHOWN_ELSEWHERE = 1000


@command
def main(
    package: PackagePath = None,
    form: Annotated[ReportFormat, typer.Option("--format", help="Form of the report.")] = ReportFormat.TERMINAL,
    output: Annotated[Path | None, typer.Option("--output", help="File for the report. Default: the terminal.")] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=0,
            help="How many findings of each code are shown; 0 shows all. Default: 20 in the terminal, else 1,000.",
        ),
    ] = None,
    level: Annotated[
        Level,
        typer.Option(
            "--level",
            help="structure: descriptor and files; content: types, keys, references and rules too; "
            "release: beside an older release too.",
        ),
    ] = Level.CONTENT,
    against: Annotated[
        str | None, typer.Option("--against", help=f"The older release, for --level release: {SIDE}.")
    ] = None,
    annotations: Annotated[
        Path | None,
        typer.Option(
            "--annotations", help="Folder of annotations. Default: the one beside the package, if there is one."
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="What checks the rows; spark where one machine is outgrown.")
    ] = Engine.POLARS,
    master: Annotated[
        str | None,
        typer.Option("--master", help="Where Spark runs, for --engine spark: local[*], spark://host:7077 or the like."),
    ] = None,
) -> None:
    """Check a package of anybody's, and the annotations that it is built from where there are any.

    Example: readouts validate data/datapackage.json --format json
    """
    if (level is Level.RELEASE) != (against is not None):
        message = "--level release and --against belong together: expected both, found one."
        raise ReadoutsError(message)
    if form is ReportFormat.GATES and level is not Level.RELEASE:
        message = "--format gates shows the release gates: it needs --level release and --against."
        raise ReadoutsError(message)
    if master is not None and engine is not Engine.SPARK:
        message = "--master says where Spark runs: it needs --engine spark."
        raise ReadoutsError(message)
    if engine is Engine.SPARK and level is Level.STRUCTURE:
        message = "--engine spark checks what the cells hold: for --level structure, take --engine polars."
        raise ReadoutsError(message)
    report = report_of(
        package,
        level,
        against,
        annotations,
        _SHOWN.get(form, _SHOWN_ELSEWHERE) if limit is None else limit,
        spark=(master or "local[*]") if engine is Engine.SPARK else None,
    )
    from readouts.datapackage.render.report.formats import FORMATS, print_report

    if form is ReportFormat.TERMINAL and output is None:
        print_report(console(), report)
    else:
        write_text(FORMATS[form.value].render(report), output)
    finish(clean=report.valid)


def report_of(
    path: Path | None, level: Level, against: str | None, annotations: Path | None, limit: int, *, spark: str | None
) -> Report:
    """Make all checks of a level, the rows by Spark where its master is given."""
    from time import perf_counter

    from readouts.datapackage.validation.start import begin

    started = perf_counter()
    opened = chosen_package(path)
    # Before anything heavy is imported, so that frictionless is asked meanwhile.
    beginning = begin(opened)
    from readouts.datapackage.findings import Findings
    from readouts.datapackage.incident import sorted_incidents
    from readouts.datapackage.report import Check, Report

    tree = annotations or opened.root / "annotations"
    annotated = annotations is not None or (tree / "corpus.yaml").is_file()
    findings = Findings(limit or None)
    checks: list[Check] = []
    if annotated and level is not Level.STRUCTURE:
        found, count = _annotations(tree, opened)
        findings.extend(found)
        checks.append(Check("annotations", "readouts", f"{count:,} files"))
    with progress("Checking the package") as update:
        if spark is None:
            from readouts.datapackage.validation.validator import check_package

            checked = check_package(beginning, findings, content=level is not Level.STRUCTURE, progress=update)
        else:
            from readouts.datapackage.validation.spark.validator import check_package_on_spark

            checked = check_package_on_spark(beginning, findings, spark, progress=update)
    checks += checked.checks
    if level is not Level.STRUCTURE:
        checks += _rules(opened, findings)
    gates: tuple[Gate, ...] = ()
    if against is not None:
        gates, check = _gates(opened, against, findings)
        checks.append(check)
    return Report(
        name=opened.name,
        version=opened.version,
        path=_name(opened.root) if path is None else path.as_posix(),
        level=level.value,
        checks=tuple(checks),
        incidents=tuple(sorted_incidents(_located(findings.incidents, tree))),
        counts=dict(sorted(findings.counts.items())),
        rows=sum(checked.rows.values()),
        seconds=perf_counter() - started,
        gates=gates,
        against=against or "",
        files=checked.files,
    )


def _name(root: Path) -> str:
    """Return a package that wasn't named as the same words on every machine."""
    return "." if root == Path.cwd() else "the bundled release"


def _annotations(tree: Path, package: Package) -> tuple[list[Incident], int]:
    """Compile the annotations: their findings, or, without any, how the package differs from what they give."""
    from readouts.compile.rebuild import stale

    with compiled(tree) as compilation:
        return compilation.incidents or stale(compilation, package.root), len(compilation.files)


def _rules(package: Package, findings: Findings) -> list[Check]:
    """Hold a corpus to the rules that Table Schema can't say; any other package has none."""
    from readouts.corpus_schema.tables import tables

    if any(name not in package.resources for name, table in tables().items() if not table.derived):
        return []
    from importlib.metadata import version
    from io import BytesIO

    import polars as pl

    from readouts.datapackage.report import Check
    from readouts.quality.rules.rules import RULES
    from readouts.quality.rules.tables import examine

    try:
        frames = {
            name: pl.read_csv(BytesIO(package.read_bytes(name)), infer_schema=False)
            for name, table in tables().items()
            if not table.derived
        }
    except (ReadoutsError, pl.exceptions.PolarsError):
        # A table can't be read as it is; the findings say why.
        return []
    found = examine(frames, findings.limit)
    findings.merge(found.counts, found.incidents)
    return [Check("contracts", f"pandera {version('pandera')}", f"{len(RULES)} rules")]


def _gates(package: Package, against: str, findings: Findings) -> tuple[tuple[Gate, ...], Check]:
    """Compare the package with an older release."""
    from importlib.metadata import version

    from readouts.datapackage.package.locate import opened
    from readouts.datapackage.report import Check
    from readouts.quality.gates import gates_of

    with opened(against) as (_, old):
        found, gates = gates_of(package.root, old.root)
    findings.extend(found)
    return gates, Check(
        "release gates", f"Great Expectations {version('great-expectations')}", f"{len(gates)} measures"
    )


def _located(incidents: list[Incident], tree: Path) -> list[Incident]:
    """Give findings in the tables the annotation file and line that they come from."""
    if not (tree / "corpus.yaml").is_file() or not any(finding.key for finding in incidents):
        return incidents
    from readouts.compile.source_location import Origins

    origins = Origins(tree.resolve())
    located = []
    for finding in incidents:
        source = origins.find(finding.table, finding.key, finding.field)
        located.append(finding if source is None else replace(finding, source=source))
    return located
