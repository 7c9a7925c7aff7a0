"""The prose in the project's files: messages, docstrings, comments, templates, schemas, summaries and pages."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from typing import TYPE_CHECKING, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Passage", "passages"]

SOURCES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md", "notebooks/*.ipynb")
CODE = ("src/**/*.py", "scripts/*.py", "benchmarks/*.py", "docs/*.py", "tests/datapackage/difference/edge_cases.py")
TEMPLATES = ("src/**/templates/*.html", "src/**/static/*.js", "docs/*.html")
DATA = ("schemas/*.json", "src/**/*.schema.json", "annotations/*.yaml", "annotations/**/*.yaml")

_DOCTEST = re.compile(r"^ *>>> .*?(?:\n\s*\n|\Z)", re.DOTALL | re.MULTILINE)
_GENERATED = re.compile(r"<!-- generated: .*?<!-- end -->", re.DOTALL)
_FENCED = re.compile(r"^ *(?P<fence>```+|~~~+).*?^ *(?P=fence) *$", re.DOTALL | re.MULTILINE)
_CODE_SPAN = re.compile(r"`+[^`\n]*(?:\n[^`\n]+)?`+")
_PARAGRAPH = re.compile(r"(?:[^\n]*\S[^\n]*\n?)+")
_MARKUP = re.compile(r"\{%.*?%\}|\{#.*?#\}|<style.*?</style>|<script.*?</script>|<!--.*?-->", re.DOTALL)
_ATTRIBUTE = re.compile(r'(?:title|alt|placeholder|content|aria-label|data-label)="([^"]*)"')
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_JS_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`""")


class Passage(NamedTuple):
    """A piece of prose, on one line: code spans, placeholders and markup are `{}`."""

    path: str
    line: int
    text: str


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each string literal of a module with its line; an f-string is one, whatever it is made of."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.JoinedStr(values=values):
                pieces = (v.value if isinstance(v, ast.Constant) and isinstance(v.value, str) else "{}" for v in values)
                yield node.lineno, "".join(pieces)
                for value in values:
                    if isinstance(value, ast.FormattedValue):
                        yield from _strings(value)
            case ast.Constant(value=str(text)):
                yield node.lineno, text
            case _:
                yield from _strings(node)


def _python(text: str) -> Iterator[tuple[int, str]]:
    for line, string in _strings(ast.parse(text)):
        if " " in string.strip():
            yield line, _CODE_SPAN.sub("{}", _DOCTEST.sub("\n", string))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], _CODE_SPAN.sub("{}", token.string.removeprefix("#"))


def _blank(match: re.Match[str]) -> str:
    """Return the lines of a match, empty, so that what follows keeps its number."""
    return "{}" + "\n" * match[0].count("\n")


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    for match in _PARAGRAPH.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[0]


def _markdown(text: str) -> Iterator[tuple[int, str]]:
    for pattern in (_GENERATED, _FENCED, _CODE_SPAN):
        text = pattern.sub(_blank, text)
    yield from _paragraphs(text)


def _html(text: str) -> Iterator[tuple[int, str]]:
    text = _MARKUP.sub(_blank, text)
    for match in _ATTRIBUTE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, re.sub(r"\{\{.*?\}\}", "{}", match[1])
    yield from _paragraphs(_TAG.sub(_blank, re.sub(r"\{\{.*?\}\}", _blank, text, flags=re.DOTALL)))


def _javascript(text: str) -> Iterator[tuple[int, str]]:
    for match in _JS_STRING.finditer(text):
        if " " in match[0]:
            yield text.count("\n", 0, match.start()) + 1, re.sub(r"\$\{[^}]*\}", "{}", match[0])


def _notebook(text: str) -> Iterator[tuple[int, str]]:
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "markdown":
            yield from ((0, paragraph) for _, paragraph in _markdown("".join(cell["source"])))


def _values(value: object, keys: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield the texts under some keys, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in keys and isinstance(inner, str):
                yield 0, inner
            else:
                yield from _values(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, keys)


def _schema(text: str) -> Iterator[tuple[int, str]]:
    yield from _values(json.loads(text), ("title", "description"))


def _annotations(text: str) -> Iterator[tuple[int, str]]:
    yield from _values(yaml.load(text, yaml.CSafeLoader), ("summary", "description", "reason", "note"))


def _readers() -> Iterator[tuple[str, Callable[[str], Iterator[tuple[int, str]]]]]:
    yield from ((pattern, _notebook if pattern.endswith(".ipynb") else _markdown) for pattern in SOURCES)
    yield from ((pattern, _python) for pattern in CODE)
    yield from ((pattern, _javascript if pattern.endswith(".js") else _html) for pattern in TEMPLATES)
    yield from ((pattern, _schema if pattern.endswith(".json") else _annotations) for pattern in DATA)


def passages(root: Path) -> Iterator[Passage]:
    """Yield the prose below a folder that is laid out as the project is, file by file."""
    for pattern, reader in _readers():
        for path in sorted(root.glob(pattern)):
            for line, text in reader(path.read_text(encoding="utf-8")):
                yield Passage(path.relative_to(root).as_posix(), line, " ".join(text.split()))
