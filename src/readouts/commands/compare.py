"""`readouts compare`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, command, console, write_text

__all__ = ["main"]


@command
def main(
    event: Annotated[str, typer.Argument(help="Id or title of the event.")],
    package: CorpusPath = None,
    form: Annotated[
        Literal["terminal", "json", "csv", "markdown"], typer.Option("--format", help="Output format.")
    ] = "terminal",
    wording: Annotated[
        bool, typer.Option("--wording", help="Show which quotations were altered, translated differently or kept.")
    ] = False,
) -> None:
    """Lay the accounts of one event side by side.

    It groups the claims that both sides make, contest, and make alone.

    Example: readouts compare call-2014-03-28
    """
    from readouts.analysis.comparison import compare
    from readouts.publish.render.comparison import FORMATS, WORDING_FORMATS, print_comparison, print_wording

    opened = corpus_package(package)
    comparison = compare(event, opened.rows)
    if form == "terminal":
        (print_wording if wording else print_comparison)(console(), comparison)
    else:
        write_text((WORDING_FORMATS if wording else FORMATS)[form](comparison), None)
