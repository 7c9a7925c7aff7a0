"""Messages, help, docstrings, pages and summaries avoid the phrases listed in phrases.yaml."""

from __future__ import annotations

import re
import shutil
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from tests.conftest import ROOT
from tests.prose.passages import Passage, passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RULES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))
PHRASES = [(re.compile(each["phrase"], re.IGNORECASE), each) for each in RULES["phrases"]]
ALLOWED = [(each["files"], re.compile(each["words"])) for each in RULES["allowed"]]
ANY = re.compile("|".join(f"(?:{each['phrase']})" for each in RULES["phrases"]), re.IGNORECASE)
AROUND = 40


class Hit(NamedTuple):
    """A phrase of the list in a passage."""

    passage: Passage
    found: str
    around: str
    rule: dict[str, str]

    def __str__(self) -> str:
        place = f"{self.passage.path}:{self.passage.line}"
        return f"{place}: '{self.found}' in '{self.around}': {self.rule['why']}. Write: {self.rule['write']}"


def hits(read: Iterable[Passage]) -> Iterator[Hit]:
    """Yield every phrase of the list that passages have, allowed or not."""
    for passage in read:
        if ANY.search(passage.text):
            for pattern, rule in PHRASES:
                for match in pattern.finditer(passage.text):
                    around = passage.text[max(0, match.start() - AROUND) : match.end() + AROUND]
                    yield Hit(passage, match[0], around, rule)


def allowing(hit: Hit) -> set[int]:
    """Return which entries of the allow-list are for a hit."""
    return {
        number
        for number, (files, words) in enumerate(ALLOWED)
        if fnmatch(hit.passage.path, files) and words.search(hit.around)
    }


@pytest.fixture(scope="module")
def found() -> list[Hit]:
    return list(hits(passages(ROOT)))


def test_no_passage_has_a_phrase_of_the_list(found: list[Hit]) -> None:
    assert [str(hit) for hit in found if not allowing(hit)] == []


def test_every_entry_of_the_allow_list_allows_something(found: list[Hit]) -> None:
    used = set().union(*(allowing(hit) for hit in found))
    assert [RULES["allowed"][number] for number in range(len(ALLOWED)) if number not in used] == []


def test_every_phrase_and_every_exception_has_its_reason() -> None:
    assert all(each.keys() == {"phrase", "why", "write"} and each["why"] for each in RULES["phrases"])
    assert all(each.keys() == {"files", "words", "why"} and each["why"] for each in RULES["allowed"])


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("src/readouts/cli.py", 'A = 1\nB = f"{A} is no package: expected a folder."\n', 2),
        ("src/readouts/cli.py", '"""Reads.\n\nA folder is no package."""\n', 1),
        ("src/readouts/cli.py", "A = 1\n\n# A folder is no package.\n", 3),
        ("src/readouts/cli.py", "A = f\"{str(1) + ' is no package'}\"\n", 1),
        ("scripts/validate.py", 'A = ("it is "\n     "no package")\n', 1),
        ("docs/index.md", "# Title\n\nA folder is\nno package.\n", 3),
        ("README.md", "- one\n\n| a | is no package |\n", 3),
        (
            "src/readouts/publish/site/templates/base.html",
            "<p>{{ name }}\n</p>\n\n<p>It <b>is no package</b>.</p>\n",
            4,
        ),
        ("src/readouts/publish/site/templates/base.html", '<p title="It is no package">x</p>\n', 1),
        ("src/readouts/publish/site/static/search.js", "const a = 1;\nconst b = `${a} is no package`;\n", 2),
        ("schemas/events.schema.json", '{"fields": [{"description": "It is no package."}]}', 0),
        ("annotations/articles/a.yaml", "statements: {s1: {summary: It is no package.}}", 0),
    ],
)
def test_a_planted_phrase_is_found_with_its_place(name: str, text: str, line: int, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    (hit,) = hits(passages(tmp_path))
    assert (hit.passage.path, hit.passage.line, hit.found) == (name, line, "is no package")
    assert not allowing(hit)
    assert f"{name}:{line}: 'is no package' in" in str(hit)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("src/readouts/cli.py", "told = 1\nbehind_it = told\n"),
        ("src/readouts/cli.py", '"""Reads.\n\n>>> said = "it is no package"\n"""\n'),
        (
            "src/readouts/cli.py",
            '"""The function `told of` is there; there is no package, and it is no longer one."""\n',
        ),
        (
            "docs/index.md",
            "```console\n$ it is no package\n```\n\n<!-- generated: a -->\nis no package\n<!-- end -->\n",
        ),
        ("src/readouts/publish/site/templates/base.html", '{% if told %}<p class="is no package">it</p>{% endif %}\n'),
        ("annotations/articles/a.yaml", "title: It is no package.\n"),
    ],
)
def test_names_code_and_quotations_are_not_prose(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    assert list(hits(passages(tmp_path))) == []


def test_a_module_of_the_project_with_a_planted_phrase_is_found(tmp_path: Path) -> None:
    name = "src/readouts/datapackage/errors.py"
    (tmp_path / name).parent.mkdir(parents=True)
    shutil.copy(ROOT / name, tmp_path / name)
    assert list(hits(passages(tmp_path))) == []
    with (tmp_path / name).open("a", encoding="utf-8") as file:
        file.write('\nMESSAGE = "x is no package"\n')
    assert [hit.found for hit in hits(passages(tmp_path))] == ["is no package"]
