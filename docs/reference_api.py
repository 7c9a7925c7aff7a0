"""The reference of the Python API, from signatures and docstrings."""

from __future__ import annotations

import ast
import builtins
import doctest
from dataclasses import dataclass
from functools import cache
from itertools import groupby
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

What `readouts` and the modules named here offer; anything else may change without notice. The package is typed
(`py.typed`), and the examples run as tests. [Use the toolkit from Python](../using-python.md) shows the
functions in use; [Upgrade from 1.1](../upgrading.md) lists the names that moved.
"""


@dataclass(frozen=True)
class Module:
    """A module of the reference.

    Attributes
    ----------
    title
        Heading of its section; empty continues the section before.
    path
        Where it is imported from.
    names
        The names that are described; empty takes its `__all__`.
    about
        What the section begins with.
    """

    title: str
    path: str
    names: tuple[str, ...] = ()
    about: str = ""


_PACKAGES = ("merge", "canonicalise", "create_delta", "apply_delta", "revert_delta", "export", "not_mapped")
MODULES = (
    Module("Loading", "readouts", ("load", "open", "Corpus", "Citation")),
    Module(
        "Validating, comparing, merging, converting",
        "readouts",
        ("validate", "Report", "diff", "PackageDiff", "describe", "Description", *_PACKAGES),
        "What the commands do, as functions: for any Data Package, and by the rules of the corpus for its releases. "
        "They need `pip install 'readouts[toolkit]'`. A package (`PackageLike`) is given as its folder, its "
        "descriptor, a ZIP archive, `git:REVISION`, the version of a release in `releases/`, or as what "
        "`readouts.datapackage.open` returned.",
    ),
    Module("What a report holds", "readouts.datapackage.incident", ("Incident", "Source", "Severity", "Code")),
    Module("", "readouts.datapackage.report", ("Check", "Gate", "Setting")),
    Module(
        "What a comparison of packages holds",
        "readouts.datapackage.difference.result",
        ("TableDiff", "RowChange", "CellChange", "Change", "ReferenceChange", "Lineage"),
    ),
    Module("", "readouts.datapackage.versioning", ("Bump", "Reason", "Level")),
    Module(
        "What a description of files holds",
        "readouts.datapackage.inference.inferred",
        ("DescribedTable", "Inferred", "DescribedField", "Proposal"),
    ),
    Module(
        "What a merge and a delta give",
        "readouts.datapackage.merging.conflict",
        ("MergedFolder", "MergedFile", "Conflict"),
    ),
    Module("", "readouts.datapackage.delta.format", ("Release",)),
    Module(
        "Building and releasing",
        "readouts",
        ("anchor", "draft", "rebuild", "prepare_release", "release", "verify_release", "plan_deposits"),
        "The corpus from its annotations, in a clone of the project.",
    ),
    Module("", "readouts.annotations.drafting", ("Anchored",)),
    Module("", "readouts.annotations.drafts", ("Drafted",)),
    Module("", "readouts.proposals.propose", ("propose", "Proposed")),
    Module(
        "What a proposal holds",
        "readouts.proposals.proposal",
        (
            "Proposal",
            "StatementProposal",
            "SourceProposal",
            "MentionProposal",
            "RegionProposal",
            "RelationProposal",
            "Origin",
        ),
    ),
    Module("", "readouts.compile.build", ("Build",)),
    Module("", "readouts.publish.release.preparing", ("Prepared",)),
    Module("", "readouts.publish.release.making", ("ReleaseResult",)),
    Module("", "readouts.publish.release.problem", ("Problem",)),
    Module(
        "Any Data Package",
        "readouts.datapackage",
        ("open", "find_package", "validate", "diff", "describe", *_PACKAGES),
        "The engine, which knows nothing of the corpus. `Report`, `PackageDiff` and `Description` are the classes "
        "described above.",
    ),
    Module("Checks of your own", "readouts.datapackage", ("check", "CustomCheck", "Finding")),
    Module("", "readouts.datapackage.findings", ("Findings",)),
    Module("", "readouts.datapackage.incident", ("incident", "register_codes")),
    Module("A package to try things with", "readouts.datapackage.sample", ("sample_package",)),
    Module(
        "What a comparison of accounts holds",
        "readouts.analysis.comparison",
        ("Comparison", "Side", "Claim", "Voice", "Pair", "Wording"),
    ),
    Module(
        "An article with its annotations",
        "readouts.analysis.annotated",
        ("annotate", "AnnotatedArticle", "Paragraph", "Segment", "Note", "Aligned"),
        "What `readouts show` prints. Results made with a text contain it and must not be published.",
    ),
    Module("", "readouts.analysis.marks", ("Mark",)),
    Module("", "readouts.text.sources", ("TextFolder", "text_folder")),
    Module("Charts of a corpus", "readouts.publish.charts.accessor", ("Plots",)),
    Module(
        "Charts",
        "readouts.publish.charts",
        ("sides", "agreement", "omissions", "coverage", "entities", "plot", "Chart", "NothingToDrawError"),
    ),
    Module("Contracts", "readouts.contracts"),
    Module(
        "Errors",
        "readouts",
        (
            "ReadoutsError",
            "ArgumentError",
            "FetchError",
            "LockedError",
            "MissingDependencyError",
            "PackageError",
            "SchemaError",
            "UnknownIdError",
        ),
    ),
    Module("", "readouts.datapackage.table.errors", ("TableError",)),
    Module("", "readouts.datapackage.merging.conflict", ("MergeError",)),
    Module("", "readouts.datapackage.exporting.errors", ("ExportError",)),
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
            message = f"docs/reference_api.py lists {module.path}, which is not a module: remove it."
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
        if module.title:
            lines += [f"## {module.title}", ""]
        if module.about:
            lines += [module.about, ""]
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
    sections = member.docstring.parse("numpy")
    if member.is_class and not any(section.kind is Kind.attributes for section in sections):
        # Text first, then the attributes, then the examples.
        sections[1:1] = _inherited_attributes(member)
    for section in sections:
        yield from _section(section, member, path.rpartition(".")[0])
    if member.is_class:
        for each in _members(member):
            yield from _described(f"{path}.{each.name}", each, level + "#")


def _inherited_attributes(member: Any) -> list[Any]:
    """Return the sections on attributes of the nearest base class of ours that has any."""
    for base in member.mro():
        if str(base.path).startswith("readouts.") and base.docstring is not None:
            found = [section for section in base.docstring.parse("numpy") if section.kind is Kind.attributes]
            if found:
                return found
    return []


def _signature(path: str, member: Any) -> str:
    """Return a call as it is written, broken into one parameter per line where it is long."""
    name = path.rpartition(".")[2]
    parts: list[str] = []
    for each in member.parameters:
        if each.name in {"self", "cls"}:
            continue
        if each.kind is griffe.ParameterKind.keyword_only and not any(part.startswith("*") for part in parts):
            parts.append("*")
        annotation = f": {each.annotation}" if each.annotation is not None else ""
        default = ""
        if each.default is not None and each.kind not in _STARS:
            default = (" = " if annotation else "=") + str(each.default)
        parts.append(f"{_STARS.get(each.kind, '')}{each.name}{annotation}{default}")
    returns = f" -> {member.returns}" if member.is_function and member.returns is not None else ""
    line = f"{name}({', '.join(parts)}){returns}"
    return line if len(line) <= 78 else f"{name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){returns}"


_STARS = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}


def _section(section: Any, member: Any, home: str) -> Iterator[str]:
    """Return a section of a docstring as Markdown."""
    match section.kind:
        case Kind.text:
            yield from (str(section.value), "")
        case Kind.parameters | Kind.attributes | Kind.other_parameters:
            yield from (f"**{section.kind.value.replace('_', ' ').capitalize()}**", "")
            # Names that are described together come apart, with the same words.
            for words, together in groupby(section.value, key=lambda each: _flat(each.description)):
                yield f"- {', '.join(f'`{each.name}`' for each in together)}: {words}"
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
                    yield from ("```pycon", *_imports(text, member, home), text, "```", "")
                else:
                    yield from (text, "")
        case _:
            message = f"docs/reference_api.py doesn't know how to show a section '{section.kind.value}' of a docstring."
            raise SystemExit(message)


def _imports(text: str, member: Any, home: str) -> Iterator[str]:
    """Return imports of what an example takes from its module, which a reader of the page doesn't have."""
    homes = _homes() | {str(member.path): home}
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
        elif isinstance(node, ast.FunctionDef):
            bound |= {node.name, *(each.arg for each in node.args.args)}
    for name in sorted(used - bound):
        found = member.module.members.get(name)
        if found is None:
            message = f"{member.path}: its example uses '{name}', which it doesn't define."
            raise SystemExit(message)
        path = found.target_path if found.is_alias else found.path
        place = homes.get(path, path.rpartition(".")[0])
        yield f">>> from {place} import {name}" if place else f">>> import {name}"


@cache
def _homes() -> dict[str, str]:
    """Return where each thing of the page is imported from, by where it is written."""
    homes: dict[str, str] = {}
    for module, members in _present(_package()):
        for _, member in members:
            homes.setdefault(str(member.path), module.path)
    return homes


def _flat(text: str) -> str:
    return " ".join(text.split())
