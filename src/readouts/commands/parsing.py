"""How the command line is read and shows its help: commands in groups, values in capitals, errors of one form."""

from __future__ import annotations

import os
import re
import sys
import textwrap
import types
import typing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SETTINGS", "Command", "Group", "choices", "default_of", "failed", "metavar", "usage"]

SETTINGS = {"help_option_names": ["-h", "--help"]}
"""Settings of the program, which its commands inherit."""

_UsageError: type[Exception] = typer.BadParameter.__mro__[1]


def _bare(hint: Any) -> Any:
    """Return the type of a value, without None and without the list around it."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return _bare(next(each for each in typing.get_args(hint) if each is not type(None)))
    if typing.get_origin(hint) in {list, tuple}:
        return _bare(typing.get_args(hint)[0])
    return hint


def choices(parameter: Any, hint: Any) -> tuple[str, ...]:
    """Return the values that a parameter takes, if they are a closed list."""
    kind = None if getattr(parameter, "is_flag", False) else _bare(hint)
    return tuple(map(str, typing.get_args(kind))) if typing.get_origin(kind) is typing.Literal else ()


def metavar(parameter: Any, hint: Any) -> str:
    """Return the word in capitals that stands for the value of a parameter; empty for a flag."""
    if getattr(parameter, "is_flag", False):
        return ""
    if parameter.metavar:
        return str(parameter.metavar)
    if choices(parameter, hint):
        return "NAME"
    return {Path: "PATH", int: "NUMBER", float: "NUMBER"}.get(_bare(hint), "TEXT")


def usage(parameter: Any) -> str:
    """Return an argument as the line of usage has it."""
    name = metavar(parameter, None) + ("..." if parameter.nargs != 1 else "")
    return name if parameter.required else f"[{name}]"


def default_of(parameter: Any) -> str:
    """Return the default of a parameter, unless there is none or its help tells it."""
    value = parameter.default
    if parameter.required or value in (None, False, "", (), []) or callable(value) or "Default:" in parameter.help:
        return ""
    return "the current folder" if value == Path() else str(value)


def failed(message: str) -> None:
    """Print why a command could not run to standard error."""
    print(f"readouts: {message}", file=sys.stderr)


def _plain(value: Any, hint: Any) -> Any:
    """Return a value that plainly has its type as that type.

    Raises
    ------
    ValueError
        It takes a closer look to tell.

    Examples
    --------
    >>> _plain(["a", "b"], list[str]), _plain("json", typing.Literal["json", "html"])
    (['a', 'b'], 'json')
    """
    if isinstance(value, str):
        value.encode()
    if typing.get_origin(hint) is list and isinstance(value, list | tuple):
        return [_plain(each, *typing.get_args(hint)) for each in value]
    if hint is Path:
        path = Path(value)
        if os.access(path, os.R_OK) or not os.access(path, os.F_OK):
            return path
    elif value in typing.get_args(hint) if typing.get_origin(hint) is typing.Literal else type(value) is hint:
        return value
    raise ValueError


class _Plainly:
    """Reads the values of a parameter; Pydantic, which takes long to import, reads what isn't plain."""

    def __init__(self, parameter: Any, closely: Callable[[], Any]) -> None:
        self._hint, self._closely = parameter.type_descriptor.annotation, closely

    def coerce(self, value: Any, *, param: Any, ctx: Any) -> Any:
        """Return the value as the command takes it."""
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        try:
            return _plain(value, self._hint)
        except ValueError:
            return self._closely().coerce(value, param=param, ctx=ctx)


class _Conventions:
    """What commands and groups of commands share."""

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        for each in extra.get("params") or ():
            if each.param_type_name == "argument":
                each.metavar = each.metavar or each.name.upper()

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters, the one for help among them."""
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for each in params:
            vars(each).setdefault("get_runtime_param", partial(_Plainly, each, each.get_runtime_param))
        return params

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run the command line; a fault in it is one sentence on standard error, and exit code 2."""
        run: Callable[..., Any] = super().main  # type: ignore[misc]
        if not standalone_mode:
            return run(*args, standalone_mode=False, **extra)
        code: Any = 2
        try:
            code = run(*args, standalone_mode=False, **extra) or 0
        except typer.Abort:
            failed("Stopped.")
        except _UsageError as error:
            failed(_sentence(error)) if type(error).__name__ != "NoArgsIsHelpError" else error.show()  # type: ignore[attr-defined]
        sys.exit(code)

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 - the first sentence is kept short instead
        """Return the first sentence of the help, whole."""
        text = " ".join(str(getattr(self, "help", None) or "").split("\n\n")[0].split())
        return re.split(r"(?<=\.) ", text)[0]

    def format_help_text(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """Write what the command does, and its example as it can be copied."""
        text, _, example = str(self.help or "").partition("\n\nExample: ")  # type: ignore[attr-defined]
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)
        if example:
            words = f"Example: {' '.join(example.split())}"
            lines = textwrap.wrap(words, formatter.width - 6, break_on_hyphens=False, break_long_words=False)
            formatter.write_paragraph()
            formatter.write("  " + " \\\n    ".join(lines) + "\n")

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the parts of the line of usage."""
        params: list[Any] = self.params  # type: ignore[attr-defined]
        pieces = ["[OPTIONS]", *(usage(each) for each in params if each.param_type_name == "argument")]
        return [*pieces, self.subcommand_metavar] if isinstance(self, TyperGroup) else pieces

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and options, and the commands of a group."""
        callback = getattr(self, "callback", None)
        hints = {} if callback is None else typing.get_type_hints(callback)
        rows: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for each in self.get_params(ctx):
            if not getattr(each, "hidden", False):
                rows[each.param_type_name].append(_row(each, hints.get(each.name)))
        for kind, records in rows.items():
            if records:
                with formatter.section(f"{kind.title()}s"):
                    formatter.write_dl(records)
        if isinstance(self, Group):
            self.format_commands(ctx, formatter)


def _row(parameter: Any, hint: Any) -> tuple[str, str]:
    """Return the name of an argument or option, and its help."""
    closed = choices(parameter, hint)
    told = [f"One of {', '.join(closed)}."] if closed else []
    if default := default_of(parameter):
        told.append(f"Default: {default}.")
    if parameter.param_type_name == "argument":
        return metavar(parameter, hint), " ".join([parameter.help or "", *told])
    if parameter.required:
        told.append("Required.")
    names = ", ".join(sorted(parameter.opts, key=len))
    return f"{names} {metavar(parameter, hint)}".strip(), " ".join([parameter.help or "", *told])


class Command(_Conventions, TyperCommand):
    """A command."""


class Group(_Conventions, TyperGroup):
    """A group of commands, whose help lists them by the panel that each is in."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands with the first sentence of their help."""
        panels: dict[str, list[tuple[str, str]]] = {}
        names = self.list_commands(ctx)
        for name in names:
            command: Any = self.get_command(ctx, name)
            panel = command.rich_help_panel if isinstance(command.rich_help_panel, str) else "Commands"
            row = f"{name:{max(map(len, names))}}", command.get_short_help_str()
            panels.setdefault(panel, []).append(row)
        for panel, rows in panels.items():
            with formatter.section(panel):
                formatter.write_dl(rows)


def _sentence(error: Any) -> str:
    """Return what is wrong with what was typed, and where to read about it."""
    message = " ".join(error.format_message().replace("Value error, ", "").split())
    message = re.sub(r" \(Possible options: (.*)\)$", r". Did you mean \1?", message)
    context = getattr(error, "ctx", None)
    help_of = context.command_path if context is not None else "readouts"
    return f"{message}{'' if message.endswith(('.', '?')) else '.'} See: {help_of} -h"
