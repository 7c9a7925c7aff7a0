"""The command-line reference: a section for each command, from the command line itself."""

from __future__ import annotations

import types
import typing
from pathlib import Path
from typing import Any

import typer.main

from readouts.cli import app

__all__ = ["cli_reference", "commands"]

_HEAD = """\
# Command-line reference

Exit codes of every command: 0 clean, 1 findings or differences, 2 could not run. Results go to standard output,
everything else to standard error. `NO_COLOR=1` turns colours off.

Where a command takes a package, it takes the one in the current folder if none is named, else the release that ships
with the installation.
"""
_RUN = {
    "readouts hydrate": "run in: invented",
    "readouts show": "run in: invented; new-daily-2014-03-28=herald-2031-05-02",
    "readouts validate": "run with: data/datapackage.json=datapackage.json",
    "readouts diff": "run with: exit 1",
    "readouts canonicalise": "run in: lakes; downloaded/datapackage.json=unsorted/datapackage.json",
    "readouts merge": "run in: three-sides",
    "readouts site": "run with: --serve=.",
    "readouts release": "not run: a release is built twice from a clean commit; the tests of releases make whole ones",
    "readouts anchor": "run in: drafted",
    "readouts draft": "run in: invented",
    "readouts agreement": "run in: two-passes; pass-a=A pass-b=B",
    "readouts delta apply": "run with: newer=../newer",
    "readouts delta revert": "run with: older=../older",
    "readouts new article": "run in: fresh",
    "readouts new event": "run in: fresh",
    "readouts new entity": "run in: invented; jana-marek=jan-novak",
    "readouts new corpus": "run in: fresh",
}
"""How the tests of the pages run the example of a command that isn't run in a clone of the project as it stands."""


def commands() -> dict[str, Any]:
    """Return every command that can be run, by what is typed for it, such as `readouts delta create`."""
    found: dict[str, Any] = {}

    def walk(command: Any, words: str) -> None:
        for name, each in getattr(command, "commands", {}).items():
            walk(each, f"{words} {name}")
        if not getattr(command, "commands", None):
            found[words] = command

    walk(typer.main.get_command(app()), "readouts")
    return found


def cli_reference() -> str:
    """Return the page."""
    found = commands()
    lines = [_HEAD, "| command | what it does |", "|---|---|"]
    for words, command in found.items():
        anchor = words.replace(" ", "-")
        lines.append(f"| [`{words}`](#{anchor}) | {_told(command)[0]} |")
    lines.append("| `readouts --version` | Show the version and exit. |")
    for words, command in found.items():
        lines += ["", *_section(words, command)]
    return "\n".join(lines) + "\n"


def _told(command: Any) -> tuple[str, list[str], str]:
    """Return the first sentence of a command's help, the paragraphs behind it, and its example."""
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
    options = [each for each in shown if each.param_type_name == "option" and each.name != "help"]
    usage = [words, *(_metavar(each) for each in arguments), *(["[OPTIONS]"] if options else [])]
    lines = [f"## {words}", "", first, ""]
    for paragraph in more:
        lines += [paragraph, ""]
    lines += ["```text", " ".join(usage), "```", ""]
    hints = typing.get_type_hints(command.callback, include_extras=False)
    if arguments:
        lines += ["| argument | what it is |", "|---|---|"]
        lines += [
            f"| `{_name(each)}` | {_help(words, each)}{_choices(hints[each.name])}{_default(each)} |"
            for each in arguments
        ]
        lines.append("")
    if options:
        lines += ["| option | what it is |", "|---|---|"]
        for each in options:
            value = "" if each.is_flag else f" {_value(hints[each.name])}"
            names = ", ".join(f"`{name}{value}`" for name in (*each.opts, *each.secondary_opts))
            lines.append(f"| {names} | {_help(words, each)}{_choices(hints[each.name])}{_default(each)} |")
        lines.append("")
    run = [f"<!-- {_RUN[words]} -->"] if words in _RUN else []
    return [*lines, *run, "```console", f"$ {example}", "```"]


def _name(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper()).strip("[]{}")


def _metavar(argument: Any) -> str:
    name = _name(argument) + ("..." if argument.nargs != 1 else "")
    return name if argument.required else f"[{name}]"


def _help(words: str, parameter: Any) -> str:
    if not parameter.help:
        message = f"{words}: '{parameter.name}' has no help text: expected one."
        raise SystemExit(message)
    return str(parameter.help).replace("|", "\\|")


def _bare(hint: Any) -> Any:
    """Return the type of a value, without None and without the list around it."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return _bare(next(each for each in typing.get_args(hint) if each is not type(None)))
    if typing.get_origin(hint) in {list, tuple}:
        return _bare(typing.get_args(hint)[0])
    return hint


def _value(hint: Any) -> str:
    kind = _bare(hint)
    if typing.get_origin(kind) is typing.Literal:
        return "NAME"
    return {Path: "PATH", int: "NUMBER", float: "NUMBER"}.get(kind, "TEXT")


def _choices(hint: Any) -> str:
    kind = _bare(hint)
    if typing.get_origin(kind) is not typing.Literal:
        return ""
    return " One of " + ", ".join(f"`{each}`" for each in typing.get_args(kind)) + "."


def _default(parameter: Any) -> str:
    value = parameter.default
    if parameter.required:
        return " Required." if parameter.param_type_name == "option" else ""
    if value in (None, False, "", (), []) or callable(value) or "Default:" in parameter.help:
        return ""
    return f" Default: `{value}`."
