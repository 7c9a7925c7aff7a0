"""`readouts validate`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from readouts.commands.package import chosen_package
from readouts.commands.shell import SIDE, PackagePath, command, console, finish, progress, write_text
from readouts.datapackage.errors import ReadoutsError

__all__ = ["main"]


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
        Engine, typer.Option("--engine", help="Validation engine: polars, or spark for data that exceeds one machine.")
    ] = Engine.POLARS,
    master: Annotated[
        str | None,
        typer.Option("--master", help="Where Spark runs, for --engine spark: local[*], spark://host:7077 or the like."),
    ] = None,
) -> None:
    """Validate any package, and the annotations that it is built from where there are any.

    Example: readouts validate data/datapackage.json --format json
    """
    if (level is Level.RELEASE) != (against is not None):
        message = "--level release requires --against, and no other level takes it."
        raise ReadoutsError(message)
    if form is ReportFormat.GATES and level is not Level.RELEASE:
        message = "--format gates shows the release gates: it requires --level release and --against."
        raise ReadoutsError(message)
    if master is not None and engine is not Engine.SPARK:
        message = "--master requires --engine spark."
        raise ReadoutsError(message)
    from readouts.compile.validation import validate

    opened = chosen_package(package)
    shown = _SHOWN.get(form, _SHOWN_ELSEWHERE) if limit is None else limit
    report = validate(
        opened,
        level=level.value,
        against=against,
        annotations=annotations,
        engine=engine.value,
        master=master or "local[*]",
        limit=shown or None,
        label=_label(opened.root) if package is None else package.as_posix(),
        progress=progress,
    )
    if form is ReportFormat.TERMINAL and output is None:
        from readouts.datapackage.render.report.terminal import print_report

        print_report(console(), report)
    else:
        from readouts.publish.render import FORMATS

        write_text(FORMATS[form.value](report), output)
    finish(clean=report.valid)


def _label(root: Path) -> str:
    """Return a package that wasn't named as the same words on every machine."""
    return "." if root == Path.cwd() else "the bundled release"
