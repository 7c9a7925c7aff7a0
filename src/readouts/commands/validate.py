"""`readouts validate`."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Annotated, Literal

import typer

from readouts.commands.engine import EngineName, SparkMaster, require_engine
from readouts.commands.package import package_path
from readouts.commands.shell import (
    SIDE,
    MemorySize,
    PackagePath,
    SchemaPath,
    SchemasPath,
    command,
    console,
    finish,
    is_quiet,
    noting_what_is_logged,
    progress,
    write_text,
)
from readouts.datapackage.errors import ReadoutsError

__all__ = ["main"]


_SHOWN, _SHOWN_ELSEWHERE = 20, 1000


@command
def main(
    package: PackagePath = None,
    form: Annotated[
        Literal["terminal", "json", "markdown", "html", "github", "sarif", "gates", "junit"],
        typer.Option("--format", help="Format of the report."),
    ] = "terminal",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File for the report. Default: the terminal.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            min=0,
            help="Findings shown per code; 0 shows all. Default: 20 in the terminal, else 1,000.",
        ),
    ] = None,
    level: Annotated[
        Literal["structure", "content", "release"],
        typer.Option(
            "--level",
            help="structure: descriptor and files; content: types, keys, references and rules too; "
            "release: also compared with an older release.",
        ),
    ] = "content",
    against: Annotated[
        str | None, typer.Option("--against", help=f"The older release, for --level release: {SIDE}.")
    ] = None,
    annotations: Annotated[
        Path | None,
        typer.Option(
            "--annotations", help="Folder of annotations. Default: the folder next to the package, if it exists."
        ),
    ] = None,
    schema: SchemaPath = None,
    engine: EngineName = "polars",
    master: SparkMaster = None,
    checks: Annotated[
        list[str] | None,
        typer.Option("--checks", help="Custom checks: a file such as checks.py, or an entry point; repeatable."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CODE", help="Ignore findings of this code; repeatable.")
    ] = None,
    warn: Annotated[
        list[str] | None,
        typer.Option("--warn", metavar="CODE", help="Count findings of this code as warnings; repeatable."),
    ] = None,
    schemas: SchemasPath = None,
    memory: MemorySize = None,
    package_settings: Annotated[
        Literal["severities", "all", "none"],
        typer.Option(
            "--package-settings",
            help="Which settings of the descriptor are applied: severities (its ignore and warn), "
            "all (its checks too, which runs code of the package), or none.",
        ),
    ] = "severities",
) -> None:
    """Validate any package, and annotations that it is built from.

    Exit code 0: valid; 1: not valid; 2: not everything could be checked.

    Example: readouts validate data/datapackage.json --format json
    """
    if (level == "release") != (against is not None):
        message = "--level release requires --against, and no other level takes it."
        raise ReadoutsError(message)
    if form == "gates" and level != "release":
        message = "--format gates shows the release gates: it requires --level release and --against."
        raise ReadoutsError(message)
    require_engine(engine, master)
    from readouts.compile.validation import validate

    if form == "terminal":
        # Before the check, in which frictionless, in another process, is waited for.
        from readouts.datapackage.render.report.terminal import print_report
    chosen = package_path(package)
    shown = limit if limit is not None else _SHOWN if form == "terminal" else _SHOWN_ELSEWHERE
    with noting_what_is_logged():
        report = validate(
            chosen,
            level=level,
            against=against,
            annotations=annotations,
            engine=engine,
            master=master,
            limit=shown or None,
            label=PurePath(chosen).as_posix(),
            schema=schema,
            checks=checks or (),
            ignore=ignore or (),
            warn=warn or (),
            package_settings=package_settings,
            schemas=schemas,
            memory=memory,
            progress=progress,
        )
    if form == "terminal" and output is None:
        if report.incidents or report.settings or not is_quiet():
            print_report(console(), report)
    else:
        from readouts.publish.render import FORMATS

        write_text(FORMATS[form](report), output)
    finish(clean=report.valid, checked=report.checked)
