"""`readouts overview`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, command, console, write_text

__all__ = ["main"]


@command
def main(
    package: CorpusPath = None,
    by: Annotated[
        Literal["event", "issuer", "topic", "year", "pair"],
        typer.Option("--by", help="Count by event, issuer, topic, year, or pair of governments."),
    ] = "event",
    form: Annotated[Literal["terminal", "json", "csv"], typer.Option("--format", help="Output format.")] = "terminal",
) -> None:
    """Count what accounts share, contradict and leave out.

    Example: readouts overview --by issuer
    """
    from readouts.loaders import Corpus
    from readouts.loaders.questions import overview
    from readouts.publish.render.overview import FORMATS, print_overview

    found = overview(Corpus(corpus_package(package)), by)
    if form == "terminal":
        print_overview(console(), found)
    else:
        write_text(FORMATS[form](found), None)
