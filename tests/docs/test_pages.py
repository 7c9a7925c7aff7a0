"""Every command and snippet of README and the pages runs, and prints what stands there."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
import yaml

from readouts.datapackage.incident import CODES
from tests.docs.blocks import PAGES, ROOT, Block, blocks_of, commands_of, same_output
from tests.docs.places import PLACES
from tests.docs.refresh import refreshed
from tests.docs.running import LANGUAGES, Runner, command_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST = {f"docs/{name}.md" for name in ("tutorial", "first-article", "first-package")}
"""The pages that a newcomer reads first, besides those at the root of the repository."""
BLOCKS = [block for page in PAGES for block in blocks_of(page)]
LEFT = [block for block in BLOCKS if block.reason is not None]
NOT_RUN = 13
"""Blocks that may go without a run: fewer is better, more needs a decision."""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Make each place once; pages get copies."""
    root = tmp_path_factory.mktemp("places")

    def make(name: str) -> Path:
        folder = root / name
        if not folder.exists():
            folder.mkdir()
            PLACES[name](folder)
        return folder

    return make


def _in_the_long_run(page: str) -> bool:
    """Return whether a page is for later: the suite runs those that a newcomer reads first."""
    return page.startswith("docs/") and page not in FIRST


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=[pytest.mark.slow] if _in_the_long_run(page) else [])
        for page in PAGES
        if any(block.page == page for block in BLOCKS)
    ],
)
def test_what_stands_on_a_page_runs_and_prints_what_stands_there(
    page: str, made: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("READOUTS_CACHE", str(tmp_path / "cache"))

    def place(name: str) -> Path:
        folder = tmp_path / name / "here"
        if not folder.exists():
            shutil.copytree(made(name), folder)
        return folder

    runner = Runner(place)
    with patch.dict(CODES):  # A page may register codes of its own.
        runner.page(page)
    if runner.missing:
        pytest.skip(f"{runner.ran} were run; the rest needs {', '.join(dict.fromkeys(runner.missing))}")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.where)
def test_a_block_is_in_a_language_that_is_run_or_says_why_it_is_not(block: Block) -> None:
    assert block.language in {*LANGUAGES, "text"}, f"{block.where}: nothing runs '{block.language}'"
    assert block.place in PLACES, f"{block.where}: there is no place '{block.place}'"
    if block.reason is not None:
        assert len(block.reason) > 10, f"{block.where}: say why it is not run"


def test_few_blocks_are_not_run() -> None:
    assert len(LEFT) <= NOT_RUN, "\n".join(f"{block.where}: {block.reason}" for block in LEFT)


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120


@pytest.mark.parametrize("block", LEFT, ids=lambda block: block.where)
def test_commands_that_are_not_run_are_commands_all_the_same(block: Block) -> None:
    for command in commands_of(block) if block.language == "console" else ():
        words = shlex.split(command.text, comments=True)
        if words[0].endswith("readouts"):
            found, rest = command_of(words[1:])
            found.make_context(words[0], rest)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```console\n$ readouts info\nreadouts 0.0.1\n...\n```", "the page shows"),
        ("<!-- run with: exit 1 -->\n```console\n$ readouts info\n```", "exit code 0"),
        ("```console\n$ readouts info nowhere\n```", "exit code 2"),
        ("```console\n$ readouts info --loud\n```", "exit code 2"),
        ("```console\n$ make coffee\n```", "no target coffee"),
        ("```console\n$ pip install 'readouts[coffee]'\n```", "no extra coffee"),
        ("```console\nreadouts info\n```", "begins with a command"),
        ("```python\nprint(1)\n```\n\n```text\n2\n```", "but it prints"),
        ("```pycon\n>>> 1 + 1\n3\n```", "Expected"),
        ("```py\nload(version: str | None = None -> Corpus\n```", "was never closed|invalid syntax"),
        ("```yaml\na: [\n```", "while parsing"),
        ("```csv\na,b\n1\n```", "cells"),
    ],
)
def test_a_page_that_is_not_true_is_found_out(
    text: str, message: str, made: Callable[[str], Path], tmp_path: Path
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# A page\n\n{text}\n", encoding="utf-8")
    with pytest.raises((AssertionError, SyntaxError, yaml.YAMLError), match=message):
        Runner(made).page(str(page))


def test_a_block_can_be_a_file_and_another_can_be_added_to_it(made: Callable[[str], Path], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    told = (
        "<!-- run in: empty; file notes/one.yaml -->\n```yaml\na: 1\n```\n\n"
        "<!-- run in: empty; append notes/one.yaml -->\n```yaml\nb: 2\n```\n\n"
        "<!-- run in: empty -->\n```console\n$ cat notes/one.yaml\na: 1\nb: 2\n```\n"
    )
    page.write_text(told, encoding="utf-8")
    Runner(made).page(str(page))


def test_outputs_of_a_page_are_brought_up_to_date_and_nothing_else(made: Callable[[str], Path], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    told = (
        "# A page\n\n```pycon\n>>> one = [1]\n>>> for each in (1, 2):\n...     print(each)\n{}>>> one\n{}```\n\n"
        "Then\n\n```console\n$ readouts new event e --help\n{}```\n\n"
        "```python\nprint('a\\n\\nb')\n```\n\n```text\n{}```\n\nEnd.\n"
    )
    stale = told.format("1\n", "[2]\n", "Usage: nothing\n", "b\n")
    page.write_text(stale, encoding="utf-8")
    mended = refreshed(str(page), made)
    assert mended.startswith(told.format("1\n2\n", "[1]\n", "", "").partition("$ ")[0])
    assert mended.endswith("```text\na\n\nb\n```\n\nEnd.\n")
    page.write_text(mended, encoding="utf-8")
    Runner(made).page(str(page))
    assert refreshed(str(page), made) == mended


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a\nc\n", False),
        ("a\n...", "a\nb\nc\n", True),
        ("a\n...\nd", "a\nb\nc\n", False),
        ("...\nb\n...\nd", "a\nb\nc\nd\n", True),
        ("...\nc\n...\nb\n...", "a\nb\nc\nd\n", False),
        ("a\n...\na", "a\n", False),
    ],
)
def test_dots_stand_for_any_lines_and_for_nothing_else(shown: str, printed: str, same: bool) -> None:
    assert same_output(shown, printed) is same
