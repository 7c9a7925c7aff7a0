"""The command line: one command for each function that `COMMANDS` names in a module of `readouts.commands`.

Only the command that is asked for is imported: what the others need would be half of the time that starting takes.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer

from readouts.commands.parsing import SETTINGS, Command, Group
from readouts.datapackage.processes import collect_seldom, end

__all__ = ["ALIASES", "COMMANDS", "app", "main"]

_COMPLETING = "_READOUTS_COMPLETE"
"""The environment variable with which a shell asks what may follow."""

COMMANDS = {
    "Corpus": {
        "compare": "compare.main",
        "overview": "overview.main",
        "show": "show.main",
        "texts": "texts.main",
        "hydrate": "hydrate.main",
        "plot": "plot.main",
        "site": "site.main",
    },
    "Packages": {
        "info": "info.main",
        "describe": "describe.main",
        "validate": "validate.main",
        "diff": "diff.main",
        "merge": "merge.main",
        "export": "export.main",
        "canonicalise": "canonicalise.main",
        "delta create": "delta.create",
        "delta apply": "delta.apply",
        "delta revert": "delta.revert",
    },
    "Annotation": {
        "new article": "new.article",
        "new event": "new.event",
        "new entity": "new.entity",
        "new corpus": "new.corpus",
        "import": "import_.main",
        "anchor": "anchor.main",
        "propose": "propose.main",
        "draft": "draft.main",
        "desk": "desk.main",
        "rebuild": "rebuild.main",
        "agreement": "agreement.main",
    },
    "Release": {
        "release": "release.main",
    },
}
"""Module and function of each command, in the groups and the order in which `--help` lists them."""

_SHELLS = frozenset(["bash", "zsh", "fish", "powershell", "pwsh"])

ALIASES = {"canonicalize": "canonicalise", "format": "canonicalise"}
"""Other names of commands."""

_HELP = "Build, check and read a corpus of diplomatic readouts: who said what, according to whom, in which article."
_GROUPS = {
    "delta": "Turn one release into another and back, byte for byte.",
    "new": "Write the scaffold for an annotation.",
}
"""What `--help` says about the commands of two words, by the first."""


def _shell() -> str:
    """Return the name of the shell that runs this; empty if it isn't known. Typer brings what tells."""
    import shellingham

    try:
        return str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        return ""


class _Root(Group):
    """The command line, whose commands may have other names."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if {"--install-completion", "--show-completion"} & {*args[:1]} and _shell() not in _SHELLS:
            ctx.fail("Completion is for bash, zsh, fish and PowerShell: run this from one of them.")
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer lists groups after commands
        names = dict.fromkeys(words.partition(" ")[0] for each in COMMANDS.values() for words in each)
        return [name for name in names if name in self.commands]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return super().get_command(ctx, ALIASES.get(cmd_name, cmd_name))


def _print_version(value: bool) -> None:
    if value:
        from importlib.metadata import version as installed_version

        from readouts.corpus_schema.bundled import bundled_package
        from readouts.datapackage.package.package import open_package
        from readouts.loaders.released import version_label

        typer.echo(f"readouts {installed_version('readouts')}")
        bundled = open_package(bundled_package())
        typer.echo(f"corpus {bundled.name} {version_label(bundled)}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Show the versions of the program and of the corpus that comes with it, and exit.",
        ),
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
    asked = ALIASES.get(asked or "", asked)
    places = {words: (panel, place) for panel, each in COMMANDS.items() for words, place in each.items()}
    wanted = {words: place for words, place in places.items() if words.partition(" ")[0] == asked}
    root = typer.Typer(
        name="readouts",
        cls=_Root,
        context_settings=SETTINGS,
        help=_HELP,
        rich_markup_mode=None,
        no_args_is_help=True,
        add_completion=not wanted or _COMPLETING in os.environ,
        pretty_exceptions_enable=False,
    )
    root.callback()(_options)
    groups: dict[str, typer.Typer] = {}
    for words, (panel, place) in (wanted or places).items():
        module, function = place.split(".")
        group, _, name = words.rpartition(" ")
        if group and group not in groups:
            groups[group] = typer.Typer(cls=Group, help=_GROUPS[group], rich_markup_mode=None, no_args_is_help=True)
            root.add_typer(groups[group], name=group, rich_help_panel=panel)
        run = getattr(import_module(f"readouts.commands.{module}"), function)
        groups.get(group, root).command(name, cls=Command, rich_help_panel=None if group else panel)(run)
    return root


def _first_word() -> str | None:
    """Return the first word that was typed, whether the command line is run or completed."""
    if _COMPLETING not in os.environ:
        return next(iter(sys.argv[1:]), None)
    words = (os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS") or "").split()
    return words[1] if len(words) > 1 else None


def main() -> None:
    """Run the command line."""
    collect_seldom()
    try:
        app(_first_word())()
    except SystemExit as ended:
        if not isinstance(ended.code, int):
            raise
        end(ended.code)
