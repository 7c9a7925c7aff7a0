"""`readouts agreement`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from readouts.commands.shell import SIDE, command, console, write_text

__all__ = ["main"]


@command
def main(
    first: Annotated[str, typer.Argument(help=f"Package of the first annotation: {SIDE}.")],
    second: Annotated[str, typer.Argument(help="Package of the second annotation, in any of the same forms.")],
    form: Annotated[
        Literal["terminal", "json", "markdown"], typer.Option("--format", help="Output format.")
    ] = "terminal",
    language: Annotated[
        str | None, typer.Option(help="Compare only the articles in this language, such as 'en' or 'zh'.")
    ] = None,
) -> None:
    """Measure how well two annotations of the same texts agree.

    Example: readouts agreement pass-a pass-b
    """
    from readouts.analysis.agreement import agree
    from readouts.datapackage.package.locate import opened
    from readouts.publish.render.agreement import FORMATS, print_agreement

    agreement = agree(opened(first).rows, opened(second).rows, language)
    if form == "terminal":
        print_agreement(console(), agreement)
    else:
        write_text(FORMATS[form](agreement), None)
