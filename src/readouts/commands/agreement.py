"""`readouts agreement`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from readouts.commands.shell import command, console

__all__ = ["main"]


@command
def main(
    first: Annotated[Path, typer.Argument(help="Package of the one annotation: a folder with datapackage.json.")],
    second: Annotated[Path, typer.Argument(help="Package of the other annotation.")],
    form: Annotated[
        Literal["terminal", "json", "markdown"], typer.Option("--format", help="How it is put out.")
    ] = "terminal",
) -> None:
    """Tell how well two independent annotations of the same texts agree.

    Example: readouts agreement pass-a pass-b
    """
    from readouts.analysis.agreement import agree
    from readouts.datapackage.package.package import open_package
    from readouts.publish.render.agreement import FORMATS, print_agreement

    agreement = agree(open_package(first).rows, open_package(second).rows)
    if form == "terminal":
        print_agreement(console(), agreement)
    else:
        typer.echo(FORMATS[form](agreement), nl=False)
