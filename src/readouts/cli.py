"""The command line: one command for each function that `COMMANDS` names in a module of `readouts.commands`.

Only the command that is asked for is imported: what the others need would be half of the time that starting takes.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated

import typer

from readouts.datapackage.processes import collect_seldom, end

__all__ = ["COMMANDS", "app", "main"]

COMMANDS = {
    "compare": "compare.main",
    "overview": "overview.main",
    "info": "info.main",
    "texts": "texts.main",
    "hydrate": "hydrate.main",
    "show": "show.main",
    "validate": "validate.main",
    "diff": "diff.main",
    "delta create": "delta.create",
    "delta apply": "delta.apply",
    "delta revert": "delta.revert",
    "canonicalise": "canonicalise.main",
    "merge": "merge.main",
    "export": "export.main",
    "plot": "plot.main",
    "site": "site.main",
    "rebuild": "rebuild.main",
    "release": "release.main",
    "anchor": "anchor.main",
    "draft": "draft.main",
    "agreement": "agreement.main",
    "new article": "new.article",
    "new event": "new.event",
    "new entity": "new.entity",
    "new corpus": "new.corpus",
}
"""Module and function of each command, in the order in which `--help` lists them."""

_HELP = "Build, check and read a corpus of diplomatic readouts: who said what, according to whom, in which article."
_GROUPS = {
    "delta": "Carry one release to another and back, byte for byte.",
    "new": "Write the scaffold of an annotation.",
}
"""What `--help` says of the commands of two words, by the first."""


def _print_version(value: bool) -> None:
    if value:
        from importlib.metadata import version as installed_version

        typer.echo(f"readouts {installed_version('readouts')}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def app(asked: str | None = None) -> typer.Typer:
    """Return the command line.

    Parameters
    ----------
    asked
        The first word that was typed. Where it is a command, or a group of them, the others are left out.

    Examples
    --------
    >>> len(app().registered_groups), len(app("delta").registered_groups), len(app("diff").registered_commands)
    (2, 1, 1)
    """
    root = typer.Typer(
        name="readouts",
        help=_HELP,
        rich_markup_mode=None,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    root.callback()(_options)
    groups: dict[str, typer.Typer] = {}
    wanted = [words for words in COMMANDS if words.partition(" ")[0] == asked] or list(COMMANDS)
    for words in wanted:
        module, function = COMMANDS[words].split(".")
        group, _, name = words.rpartition(" ")
        if group and group not in groups:
            groups[group] = typer.Typer(help=_GROUPS[group], rich_markup_mode=None, no_args_is_help=True)
            root.add_typer(groups[group], name=group)
        place = groups.get(group, root)
        place.command(name)(getattr(import_module(f"readouts.commands.{module}"), function))
    return root


def main() -> None:
    """Run the command line."""
    collect_seldom()
    try:
        app(next(iter(sys.argv[1:]), None))()
    except SystemExit as ended:
        if not isinstance(ended.code, int):
            raise
        end(ended.code)
