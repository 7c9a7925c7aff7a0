"""Every kind of mistake in annotations: one folder a code, each case of which must trip that code and nothing else."""

from __future__ import annotations

import ast
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.testing import CliRunner

import readouts
from readouts.annotations.drafting import anchor_article
from readouts.annotations.tree import annotation_tree
from readouts.cli import app
from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import stale, write_package
from readouts.compile.store import Store
from readouts.compile.verify import verify_texts
from readouts.corpus_schema.incident_codes import CODES
from readouts.text.sources import TextFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.datapackage.incident import Incident
    from tests.conftest import Run

CASES = Path(__file__).resolve().parent
ROOMS = ("annotations", "compile", "text", "schema.py")
"""Where the findings of `rebuild` and `anchor` come from."""


@dataclass(frozen=True)
class Case:
    """One case: what is done to the invented corpus, which command is run, and what must come out.

    A case file has the keys `about`, `from` (`drafts`: the articles are not anchored yet), `edit` (a list of steps, see
    `apply`), `run` (default `rebuild`), `at` (file, line and column of the first finding), `times` (how many there are,
    default 1) and `says` (what the first finding's message has).
    """

    code: str
    name: str
    content: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.code}/{self.name}"

    @property
    def command(self) -> list[str]:
        return shlex.split(self.content.get("run", "rebuild"))

    def apply(self, folder: Path) -> None:
        for step in self.content["edit"]:
            if "remove" in step:
                (folder / step["remove"]).unlink()
            elif "copy" in step:
                shutil.copyfile(folder / step["copy"], folder / step["to"])
            else:
                path = folder / step["file"]
                path.write_bytes(edited(path.read_bytes() if path.is_file() else b"", step))


def edited(data: bytes, step: dict[str, Any]) -> bytes:
    """Return what an edit makes of a file; what it replaces must be there once."""
    times = int(step.get("times", 1))
    if "bytes" in step:
        return bytes(step["bytes"])
    if "text" in step:
        return str(step["text"]).encode()
    if "append" in step:
        return data + str(step["append"]).encode() * times
    text = data.decode()
    if "between" in step:
        start, end = step["between"]
        assert text.count(start) == 1
        assert text.count(end) == 1
        return f"{text[: text.index(start)]}{step['with']}{text[text.index(end) :]}".encode()
    assert text.count(step["replace"]) == 1, f"{step['replace']!r} is not there once"
    return text.replace(step["replace"], f"{step['with']}{step.get('repeat', '') * times}").encode()


def cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*/*.yaml")):
        if path.name not in {"package.yaml", "release.yaml"}:
            yield Case(path.parent.name, path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))


ALL = list(cases())
COMMANDS = sorted({case.content.get("run", "rebuild") for case in ALL})


@pytest.fixture
def start(request: pytest.FixtureRequest) -> Any:
    """Prepare the corpus that a case begins with."""

    def prepare(case: Case) -> Path:
        folder: Path = request.getfixturevalue("drafted" if case.content.get("from") == "drafts" else "corpus")
        if case.command == ["rebuild", "--check"]:
            write_package(compile_tree(folder / "annotations", Store(None)), folder)
        return folder

    return prepare


def findings(command: list[str], folder: Path) -> list[Incident]:
    """Return what a command finds, without writing anything."""
    texts = TextFolder(folder / "texts") if "--texts" in command else None
    if command[0] == "anchor":
        files = {file.id: file for file in annotation_tree(folder / "annotations")[0]}
        return anchor_article(files[command[1]], texts).reading.incidents
    compilation = compile_tree(folder / "annotations", Store(None))
    if compilation.incidents:
        return compilation.incidents
    if "--check" in command:
        return stale(compilation, folder)
    return [] if texts is None else verify_texts(compilation.files.values(), texts)


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder, but for the lock and the cache."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".readouts" not in path.parts
    }


@pytest.mark.parametrize("case", ALL, ids=str)
def test_a_mistake_is_found_where_it_is_and_nothing_else(case: Case, start: Any) -> None:
    folder = start(case)
    case.apply(folder)
    found = findings(case.command, folder)
    assert [finding.code for finding in found] == [case.code] * case.content.get("times", 1)
    first = found[0]
    place = "" if first.source is None else str(first.source)
    assert f"{place}:".startswith(f"{case.content.get('at', place)}:")
    for words in case.content["says"]:
        assert words in first.message
    assert first.hint


@pytest.mark.parametrize("case", ALL, ids=str)
def test_a_mistake_ends_the_command_with_1_and_leaves_every_file_as_it_was(
    case: Case, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = start(case)
    case.apply(folder)
    before = contents(folder)
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(app(), case.command)
    assert result.exit_code == 1
    assert contents(folder) == before
    lines = result.output.splitlines()
    assert {line.split()[0] for line in lines if line.split()[0] in CODES} == {case.code}
    place = case.content.get("at", "")
    assert any(place in line and all(words in line for words in case.content["says"]) for line in lines)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_process_of_its_own_says_the_same(command: str, start: Any, run: Run) -> None:
    case = next(case for case in ALL if case.content.get("run", "rebuild") == command)
    folder = start(case)
    case.apply(folder)
    before = contents(folder)
    done = run(*case.command, cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert case.code in done.stdout
    assert all(words in done.stdout for words in case.content["says"])
    assert contents(folder) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_mistake_there_is_no_finding(command: str, start: Any) -> None:
    given = {"from": "drafts"} if command == "anchor herald-2031-05-02 --texts texts" else {}
    case = Case("none", "none", {"edit": [], "run": command, **given})
    assert findings(case.command, start(case)) == []


def raised_in(room: Path) -> set[str]:
    """Return the codes that stand in the code of a room: each is a constant where a finding is made."""
    files = [room] if room.is_file() else sorted(room.rglob("*.py"))
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and node.value in CODES}


def test_every_code_that_annotations_can_raise_has_a_case() -> None:
    source = Path(readouts.__file__).resolve().parent
    raised = set[str]().union(*(raised_in(source / room) for room in ROOMS))
    assert {"yaml-unreadable", "span-edge", "stale-package", "type-error"} <= raised
    assert raised <= {case.code for case in ALL}


def test_every_case_stands_in_the_folder_of_a_code() -> None:
    assert {case.code for case in ALL} <= set(CODES)
