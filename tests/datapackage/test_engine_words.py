"""The engine knows nothing of the corpus: its sources don't use the words of the corpus's tables and commands."""

from __future__ import annotations

import ast
import re
import tokenize
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGINE = ROOT / "src" / "readouts" / "datapackage"
WORDS = re.compile(
    r"statements?|articles?|events?|entity|entities|accounts?|readout|speakers?|outlets?|annotat(?:ions?|ed?|ors?)|plover"
    r"|alignments?|quotations?|anchor(?:s|ed|ing)?|hydrat(?:ed?|ion)|carriages?|rebuil[dt]s?|corpus|corpora|participants?"
    r"|attributions?|relations|spans|codebook|issuers?|wikidata|fingerprints?|skeletons?",
    re.IGNORECASE,
)
"""Words of the corpus. The plural `readouts` is the name of the package and of its command."""
TERMS = re.compile(r"carriage returns?", re.IGNORECASE)
"""A term of the engine that contains such a word."""
NAMES = re.compile(r"LICENSE-DATA|data/README\.md|\breadouts\.(?!datapackage\b)[a-z_]+")
"""Files and modules of the corpus. The table `id_changes` is not one: any package may declare its lineage there."""
ALLOWED = {
    ("exporting/formats.py", "codebook"): "a sheet of the workbook",
    ("exporting/sqlite.py", "statement"): "a statement in SQL",
    ("exporting/workbook.py", "codebook"): "the sheet that explains tables and columns, as statisticians call it",
    ("render/difference/html.py", "anchor"): "the id of a heading in HTML",
    (
        "render/report/families.py",
        "spans",
    ): "the rank of findings about positions in texts; no code of the engine is one",
    ("render/report/github.py", "annotation"): "GitHub's name of a message on a line of a pull request",
    ("render/report/github.py", "annotations"): "GitHub's name of messages on the lines of a pull request",
    ("render/report/html.py", "anchor"): "the id of a heading in HTML",
    ("render/report/sarif.py", "fingerprint"): "a term of SARIF",
    ("render/report/sarif.py", "fingerprints"): "a property of SARIF",
    ("render/templates/difference.html", "anchor"): "the id of a heading in HTML",
    ("render/templates/parts.html", "anchor"): "the id of a heading in HTML",
    ("render/templates/report.html", "anchor"): "the id of a heading in HTML",
    ("sample/datapackage.json", "attribution"): "part of the title of a Creative Commons licence",
    ("text_diff.py", "anchors"): "a term of the patience method",
    ("api.py", "readouts.checks"): "a group of entry points",
    ("validation/check_files.py", "readouts.checks"): "a group of entry points",
    ("validation/frictionless_process.py", "event"): "an audit event of Python",
}
"""Words that a file may use, each with what it means there."""


def _words(text: str) -> Iterator[str]:
    """Yield the words of the corpus in a text or name; CamelCase and snake_case are taken apart."""
    yield from NAMES.findall(text)
    for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", TERMS.sub("", NAMES.sub("", text))):
        if WORDS.fullmatch(part):
            yield part.lower()


def _of_python(text: str) -> Iterator[tuple[int, str]]:
    """Yield every name, string, docstring and comment of a module, with its line."""
    for node in ast.walk(ast.parse(text)):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Constant(value=str(part)) | ast.Name(id=part) | ast.Attribute(attr=part):
                yield line, part
            case ast.arg(arg=part) | ast.keyword(arg=str(part)):
                yield line, part
            case ast.FunctionDef(name=part) | ast.AsyncFunctionDef(name=part) | ast.ClassDef(name=part):
                yield line, part
            case ast.ImportFrom(module=str(part), names=names) if part != "__future__":
                yield line, " ".join([part, *(each.name for each in names)])
            case ast.Import(names=names):
                yield line, " ".join(each.name for each in names)
    for token in tokenize.generate_tokens(StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _found() -> dict[tuple[str, str], list[int]]:
    """Return the words of the corpus in the engine: the lines by file and word."""
    found: dict[tuple[str, str], list[int]] = {}
    for path in sorted(ENGINE.rglob("*")):
        if path.suffix in {".py", ".html", ".css", ".js", ".json"}:
            text = path.read_text(encoding="utf-8")
            parts = _of_python(text) if path.suffix == ".py" else enumerate(text.splitlines(), 1)
            for line, part in parts:
                for word in _words(part):
                    found.setdefault((path.relative_to(ENGINE).as_posix(), word), []).append(line)
    return found


def test_the_engine_uses_no_word_of_the_corpus() -> None:
    found = _found()
    assert {place: lines for place, lines in found.items() if place not in ALLOWED} == {}
    assert ALLOWED.keys() - found.keys() == set(), "these exceptions aren't needed any more"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def read_events(): ...", ["events"]),
        ("class EventReader: ...", ["event"]),
        ("rows(statement=1)", ["statement"]),
        ("'Run `readouts rebuild`.'", ["rebuild"]),
        ("x = later('readouts.publish.render')", ["readouts.publish"]),
        ("x = 1  # as in the corpus", ["corpus"]),
        ("import readouts.datapackage.errors  # a carriage return, prevented", []),
    ],
)
def test_a_word_is_found_wherever_it_is(text: str, words: list[str]) -> None:
    assert [word for _, part in _of_python(text) for word in _words(part)] == words
