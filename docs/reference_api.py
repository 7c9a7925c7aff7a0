"""The reference of the Python API, from signatures and docstrings."""

from __future__ import annotations

import ast
import builtins
import doctest
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import griffe
from griffe import DocstringSectionKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MODULES", "api_reference", "public_names"]

SOURCE = Path(__file__).resolve().parents[1] / "src"
_HEAD = """\
# Python API

What `readouts` and the modules named here offer. Whatever else is in the package is its own affair and may change. The
package is typed (`py.typed`); the examples run as tests.
"""


@dataclass(frozen=True)
class Module:
    """A module of the reference.

    Attributes
    ----------
    title
        Heading of its section.
    path
        Where it is imported from.
    names
        What is told of it; empty takes its `__all__`.
    """

    title: str
    path: str
    names: tuple[str, ...] = ()


MODULES = (
    Module("Loading", "readouts", ("load", "open", "Corpus", "Citation")),
    Module(
        "What a comparison holds", "readouts.analysis.comparison", ("Comparison", "Side", "Voice", "Claim", "Contest")
    ),
    Module("Charts of a corpus", "readouts.publish.charts.accessor", ("Plots",)),
    Module(
        "Charts",
        "readouts.publish.charts",
        ("sides", "agreement", "coverage", "entities", "plot", "Chart", "NothingToDrawError"),
    ),
    Module("Contracts", "readouts.contracts"),
    Module(
        "Errors",
        "readouts",
        (
            "ReadoutsError",
            "FetchError",
            "LockedError",
            "MissingDependencyError",
            "PackageError",
            "SchemaError",
            "UnknownIdError",
        ),
    ),
)


@cache
def _package() -> griffe.Module:
    loaded = griffe.load("readouts", search_paths=[SOURCE], docstring_parser="numpy", resolve_aliases=True)
    if not isinstance(loaded, griffe.Module):
        message = f"{SOURCE} has no package 'readouts'."
        raise SystemExit(message)
    return loaded


def _at(package: griffe.Module, path: str) -> Any:
    inner = path.removeprefix("readouts").lstrip(".")
    found: Any = package[inner] if inner else package
    return found.final_target if found.is_alias else found


def _present(package: griffe.Module) -> Iterator[tuple[Module, list[Any]]]:
    for module in MODULES:
        try:
            inside = _at(package, module.path)
        except KeyError:
            message = f"docs/reference_api.py lists {module.path}, which is no module: take it out."
            raise SystemExit(message) from None
        names = module.names or tuple(str(name) for name in inside.exports or ())
        missing = [name for name in names if name not in inside.members]
        if missing:
            message = f"docs/reference_api.py lists {', '.join(missing)} of {module.path}, which has no such names."
            raise SystemExit(message)
        yield module, [(name, _at(inside, name)) for name in names]


def public_names() -> set[str]:
    """Return the dotted names of everything that the page describes, such as `readouts.Corpus.compare`."""
    names = set()
    for module, members in _present(_package()):
        for name, member in members:
            names.add(f"{module.path}.{name}")
            if member.is_class:
                names |= {f"{module.path}.{name}.{each.name}" for each in _members(member)}
    return names


def api_reference() -> str:
    """Return the page."""
    lines = [_HEAD]
    for module, members in _present(_package()):
        lines += [f"## {module.title}", ""]
        for name, member in members:
            lines += _described(f"{module.path}.{name}", member, "###")
    return "\n".join(lines).rstrip("\n") + "\n"


def _members(member: Any) -> list[Any]:
    """Return the public methods and properties of a class, its own and inherited ones, that have a docstring."""
    inherited = [each.final_target if each.is_alias else each for each in member.inherited_members.values()]
    found = [*member.members.values(), *(each for each in inherited if str(each.path).startswith("readouts."))]
    return [
        each
        for each in found
        if not each.name.startswith("_") and (each.is_function or "property" in each.labels) and each.docstring
    ]


def _described(path: str, member: Any, level: str) -> Iterator[str]:
    if member.docstring is None:
        message = f"{path} has no docstring: expected one, since it is part of the API."
        raise SystemExit(message)
    short = path.removeprefix("readouts.") if path.count(".") > 1 else path
    yield f"{level} `{short}`"
    yield ""
    if member.is_function or "dataclass" in member.labels:
        yield from ("```py", _signature(path, member), "```", "")
    for section in member.docstring.parse("numpy"):
        yield from _section(section, member)
    if member.is_class:
        for each in _members(member):
            yield from _described(f"{path}.{each.name}", each, level + "#")


def _signature(path: str, member: Any) -> str:
    """Return a call as it is written, broken into one parameter a line where it is long."""
    name = path.rpartition(".")[2]
    parts: list[str] = []
    for each in member.parameters:
        if each.name in {"self", "cls"}:
            continue
        if each.kind is griffe.ParameterKind.keyword_only and "*" not in parts:
            parts.append("*")
        annotation = f": {each.annotation}" if each.annotation is not None else ""
        default = (" = " if annotation else "=") + str(each.default) if each.default is not None else ""
        parts.append(f"{each.name}{annotation}{default}")
    returns = f" -> {member.returns}" if member.is_function and member.returns is not None else ""
    line = f"{name}({', '.join(parts)}){returns}"
    return line if len(line) <= 78 else f"{name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){returns}"


def _section(section: Any, member: Any) -> Iterator[str]:
    """Return a section of a docstring as Markdown."""
    match section.kind:
        case Kind.text:
            yield from (str(section.value), "")
        case Kind.parameters | Kind.attributes | Kind.other_parameters:
            yield from (f"**{section.kind.value.replace('_', ' ').capitalize()}**", "")
            for each in section.value:
                yield f"- `{each.name}`: {_flat(each.description)}"
            yield ""
        case Kind.returns | Kind.yields | Kind.raises | Kind.warns:
            yield from (f"**{section.kind.value.capitalize()}**", "")
            for each in section.value:
                kind = f"`{each.annotation}`: " if each.annotation is not None else ""
                yield f"- {kind}{_flat(each.description)}"
            yield ""
        case Kind.examples:
            yield from ("**Examples**", "")
            for kind, text in section.value:
                if kind is Kind.examples:
                    yield from ("```pycon", *_imports(text, member), text, "```", "")
                else:
                    yield from (text, "")
        case _:
            message = f"docs/reference_api.py doesn't know how to show a section '{section.kind.value}' of a docstring."
            raise SystemExit(message)


def _imports(text: str, member: Any) -> Iterator[str]:
    """Return imports of what an example takes from its module, which a reader of the page doesn't have."""
    code = "".join(example.source for example in doctest.DocTestParser().get_examples(text + "\n"))
    bound = set(dir(builtins))
    used: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {(each.asname or each.name).partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    for name in sorted(used - bound):
        found = member.module.members.get(name)
        if found is None:
            message = f"{member.path}: its example takes '{name}' from nowhere."
            raise SystemExit(message)
        path = found.target_path if found.is_alias else found.path
        yield f">>> from {_homes().get(path, path.rpartition('.')[0])} import {name}"


@cache
def _homes() -> dict[str, str]:
    """Return where each thing of the page is imported from, by where it is written."""
    return {str(member.path): module.path for module, members in _present(_package()) for _, member in members}


def _flat(text: str) -> str:
    return " ".join(text.split())
