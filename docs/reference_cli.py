"""The command-line reference: a section for each command, from the command line itself."""

from __future__ import annotations

import typing
from typing import Any

import typer.main

from readouts.cli import COMMANDS, app
from readouts.commands.parsing import choices, default_of, metavar, usage

__all__ = ["cli_reference", "commands"]

_HEAD = """\
# Command-line reference

[Conventions of the command line](../command-line.md) has what is common to all commands: exit codes, streams,
`--format json`, `-q`, `-v`, completion, and which package a command takes.
"""
_EVERYWHERE = {"quiet", "verbose", "help"}
"""Options of every command, which are documented once."""
_RUN = {
    "readouts hydrate": "run in: invented",
    "readouts show": "run in: invented; new-daily-2014-03-28=herald-2031-05-02",
    "readouts describe": "run in: bare",
    "readouts validate": "run with: data/datapackage.json=datapackage.json",
    "readouts diff": "run with: exit 1",
    "readouts canonicalise": "run in: lakes; downloaded/datapackage.json=unsorted/datapackage.json",
    "readouts merge": "run in: three-sides",
    "readouts site": "run with: --serve=.",
    "readouts release": "not run: a release is built twice from a clean commit; the tests of releases make whole ones",
    "readouts anchor": "run in: drafted",
    "readouts draft": "run in: invented",
    "readouts desk": "not run: it serves a page until Ctrl-C; the tests of the desk run it in a browser",
    "readouts import": "run in: answered",
    "readouts propose": "run in: invented; herald-2031-05-02=courier-2031-05-02",
    "readouts agreement": "run in: two-passes; pass-a=A pass-b=B",
    "readouts delta apply": "run with: newer=../newer",
    "readouts delta revert": "run with: older=../older",
    "readouts new article": "run in: fresh",
    "readouts new event": "run in: fresh",
    "readouts new entity": "run in: invented; jana-marek=jan-novak",
    "readouts new corpus": "run in: fresh",
}
"""How the tests of the pages run the example of a command that isn't run in a clone of the project as it is."""


def commands() -> dict[str, Any]:
    """Return every command that can be run, by what is typed for it, such as `readouts delta create`."""
    found: dict[str, Any] = {}

    def walk(command: Any, words: str) -> None:
        names = command.list_commands(None) if hasattr(command, "list_commands") else ()
        for name in names:
            walk(command.commands[name], f"{words} {name}")
        if not getattr(command, "commands", None):
            found[words] = command

    walk(typer.main.get_command(app()), "readouts")
    return found


def cli_reference() -> str:
    """Return the page."""
    found = commands()
    panels = {f"readouts {words}": panel for panel, each in COMMANDS.items() for words in each}
    lines = [_HEAD, "| group | command | what it does |", "|---|---|---|"]
    for words, command in found.items():
        link = f"[`{words}`](#{words.replace(' ', '-')})"
        lines.append(f"| {panels.get(words, '')} | {link} | {_told(command)[0]} |")
    for words, command in found.items():
        lines += ["", *_section(words, command)]
    return "\n".join(lines) + "\n"


def _told(command: Any) -> tuple[str, list[str], str]:
    """Return the first sentence of a command's help, the paragraphs after it, and its example."""
    paragraphs = [" ".join(part.split()) for part in (command.help or "").split("\n\n") if part.strip()]
    examples = [part.removeprefix("Example: ") for part in paragraphs if part.startswith("Example: ")]
    said = [part for part in paragraphs if not part.startswith("Example: ")]
    if len(examples) != 1 or not said:
        message = f"{command.name}: expected a help text that says what it does, and one 'Example: ...'."
        raise SystemExit(message)
    return said[0], said[1:], examples[0]


def _section(words: str, command: Any) -> list[str]:
    first, more, example = _told(command)
    shown = [each for each in command.params if not getattr(each, "hidden", False)]
    arguments = [each for each in shown if each.param_type_name == "argument"]
    options = [each for each in shown if each.param_type_name == "option" and each.name not in _EVERYWHERE]
    pieces = [words, *(usage(each) for each in arguments), "[OPTIONS]"]
    lines = [f"## {words}", "", first, ""]
    for paragraph in more:
        lines += [paragraph, ""]
    lines += ["```text", " ".join(pieces), "```", ""]
    hints = typing.get_type_hints(command.callback, include_extras=False)
    if arguments:
        lines += ["| argument | what it is |", "|---|---|"]
        lines += [
            f"| `{metavar(each, None)}` | {_help(words, each)}{_told_more(each, hints[each.name])} |"
            for each in arguments
        ]
        lines.append("")
    if options:
        lines += ["| option | what it is |", "|---|---|"]
        for each in options:
            value = metavar(each, hints[each.name])
            names = ", ".join(f"`{name} {value}`" if value else f"`{name}`" for name in sorted(each.opts, key=len))
            lines.append(f"| {names} | {_help(words, each)}{_told_more(each, hints[each.name])} |")
        lines.append("")
    run = [f"<!-- {_RUN[words]} -->"] if words in _RUN else []
    return [*lines, *run, "```console", f"$ {example}", "```"]


def _help(words: str, parameter: Any) -> str:
    if not parameter.help:
        message = f"{words}: '{parameter.name}' has no help text: expected one."
        raise SystemExit(message)
    return str(parameter.help).replace("|", "\\|")


def _told_more(parameter: Any, hint: Any) -> str:
    """Return the values that a parameter takes, whether it is required, and its default."""
    closed = ", ".join(f"`{each}`" for each in choices(parameter, hint))
    required = parameter.required and parameter.param_type_name == "option"
    default = default_of(parameter)
    return (
        (f" One of {closed}." if closed else "")
        + (" Required." if required else "")
        + (f" Default: `{default}`." if default else "")
    )
