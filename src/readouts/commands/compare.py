"""`readouts compare`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, command, console

__all__ = ["main"]


@command
def main(
    event: Annotated[str, typer.Argument(help="Id of the event.")],
    package: CorpusPath = None,
    form: Annotated[
        Literal["terminal", "json", "csv", "markdown"], typer.Option("--format", help="How it is put out.")
    ] = "terminal",
) -> None:
    """Lay the accounts of one event side by side: what both say, contest, and say alone.

    Example: readouts compare call-2014-03-28
    """
    from readouts.analysis.comparison import compare
    from readouts.publish.render.comparison import FORMATS, print_comparison

    opened = corpus_package(package)
    comparison = compare(event, opened.rows)
    if form == "terminal":
        print_comparison(console(), comparison)
    else:
        typer.echo(FORMATS[form](comparison), nl=False)
