"""`readouts plot`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from readouts.commands.package import corpus_package
from readouts.commands.shell import CorpusPath, command, note

__all__ = ["main"]


@command
def main(
    name: Annotated[
        Literal["sides", "agreement", "omissions", "coverage", "entities"], typer.Argument(help="Chart to draw.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    package: CorpusPath = None,
    event: Annotated[
        str | None,
        typer.Option("--event", help="Id or title of an event; `sides` needs one. Default: the whole corpus."),
    ] = None,
    form: Annotated[
        Literal["svg", "png"] | None,
        typer.Option("--format", help="File format. Default: by the extension of the file name."),
    ] = None,
) -> None:
    """Draw a chart, such as statements by side or what is left out.

    The charts: statements by side, agreement of the accounts, what each leaves out, coverage, and entities.

    Example: readouts plot sides --event call-2014-03-28 --output sides.svg
    """
    from readouts.datapackage.package.transaction import replace_file
    from readouts.loaders import Corpus
    from readouts.publish.charts import plot
    from readouts.publish.charts.chart import FORMATS, chart_format

    chosen = form or chart_format(output)
    chart = plot(Corpus(corpus_package(package)), name, event)
    replace_file(output, FORMATS[chosen](chart))
    note(f"Wrote {output}: {chart.title}.")
