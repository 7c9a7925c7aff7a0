"""`readouts describe`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from readouts.commands.shell import STANDARD_OUTPUT, command, console, finish, is_quiet, note, say, write_text

__all__ = ["main"]


@command
def main(
    files: Annotated[list[str], typer.Argument(help="CSV or TSV files, plain or compressed with gzip.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="File for the descriptor, such as datapackage.json. Default: the terminal."
        ),
    ] = None,
    form: Annotated[
        Literal["descriptor", "report", "json"] | None,
        typer.Option(
            "--format",
            help="Output: the descriptor; a report of what was inferred, and why; or both as JSON. Default: "
            "the descriptor, with --output the report.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Validate the files by the descriptor at once; exit code 1 if not valid.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing file with other content.")
    ] = False,
) -> None:
    """Propose a descriptor for CSV files that have none.

    Dialect, types, missing values, keys and references are inferred from all rows, each with the reason.

    Exit code 0: described; 1: described, and --check found something; 2: not described.

    Example: readouts describe lakes.csv countries.csv --output datapackage.json --check
    """
    from readouts.datapackage.describe_api import describe

    output = None if output == STANDARD_OUTPUT else output
    replaced = output is not None and output.exists()
    found = describe(*files, output=output, overwrite=overwrite, check=check)
    shown = form or ("descriptor" if output is None else "report")
    if shown != "report":
        write_text(found.to_descriptor() if shown == "descriptor" else found.to_json(), None)
        for table in found.tables:
            for problem in table.problems:
                say(f"readouts: {table.path}, {problem}")
    elif form is not None or not is_quiet():
        from readouts.datapackage.render.description import print_description

        print_description(console(), found.tables)
    if output is not None:
        note(f"{'Replaced' if replaced else 'Wrote'} {output}.")
    elif shown == "descriptor":
        note("Keys and references are proposals; --format report shows what they rest on.")
    if found.report is None:
        return
    if found.report.incidents or not is_quiet():
        from readouts.datapackage.render.report.terminal import plain_report, print_report

        if shown == "report":
            print_report(console(), found.report)
        else:
            say(plain_report(found.report).rstrip())
    finish(clean=found.report.valid, checked=found.report.checked)
