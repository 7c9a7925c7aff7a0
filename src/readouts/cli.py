"""The command line: one command for each module of `readouts.commands`."""

from __future__ import annotations

from typing import Annotated

import typer

from readouts.commands import (
    agreement,
    anchor,
    canonicalise,
    compare,
    delta,
    diff,
    export,
    hydrate,
    info,
    merge,
    new,
    plot,
    rebuild,
    release,
    show,
    validate,
)

__all__ = ["app", "main"]

app = typer.Typer(
    name="readouts",
    help="Build, check and read a corpus of diplomatic readouts: who said what, according to whom, in which article.",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_new = typer.Typer(help="Write the scaffold of an annotation.", rich_markup_mode=None, no_args_is_help=True)
_delta = typer.Typer(
    help="Carry one release to another and back, byte for byte.", rich_markup_mode=None, no_args_is_help=True
)


def _print_version(value: bool) -> None:
    if value:
        from importlib.metadata import version as installed_version

        typer.echo(f"readouts {installed_version('readouts')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


app.command("compare")(compare.main)
app.command("info")(info.main)
app.command("hydrate")(hydrate.main)
app.command("show")(show.main)
app.command("validate")(validate.main)
app.command("diff")(diff.main)
app.add_typer(_delta, name="delta")
_delta.command("create")(delta.create)
_delta.command("apply")(delta.apply)
_delta.command("revert")(delta.revert)
app.command("canonicalise")(canonicalise.main)
app.command("merge")(merge.main)
app.command("export")(export.main)
app.command("plot")(plot.main)
app.command("rebuild")(rebuild.main)
app.command("release")(release.main)
app.command("anchor")(anchor.main)
app.command("agreement")(agreement.main)
app.add_typer(_new, name="new")
_new.command("article")(new.article)
_new.command("event")(new.event)


def main() -> None:
    """Run the command line."""
    app()
