"""The package that a command takes when none is named: found from the current folder upwards, and named."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.datapackage.sample import sample_package
from tests.command_line import ended_script

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

ENGINE = [
    ("validate",),
    ("validate", "--level", "structure", "--format", "json"),
    ("export", "--to", "jsonl", "--output", "written"),
    ("canonicalise", "--output", "written"),
    ("diff", "1.0.0"),
    ("diff", "git:HEAD"),
]
"""Commands for any package."""
CORPUS = [
    ("info",),
    ("compare", "call-2014-03-28", "--format", "json"),
    ("plot", "coverage", "--output", "chart.svg"),
]
"""Commands for the corpus alone."""


@pytest.fixture
def lakes(tmp_path: Path) -> Path:
    """A copy of the sample package, with a folder in it."""
    root = tmp_path.resolve() / "lakes"
    shutil.copytree(sample_package(), root)
    (root / "notes" / "2031").mkdir(parents=True)
    return root


@pytest.mark.parametrize("arguments", ENGINE, ids=" ".join)
def test_where_no_package_is_found_a_command_for_any_package_ends_with_2(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ended = run(*arguments, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        f"readouts: There is no datapackage.json in {tmp_path.resolve()} or in any folder above it. "
        "Change to the folder of a data package, or name the package.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["validate", "diff"])
def test_a_script_finds_no_package_either(tmp_path: Path, name: str) -> None:
    arguments = next(words[1:] for words in reversed(ENGINE) if words[0] == name)
    ended = ended_script(name, *arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert "There is no datapackage.json in" in ended.stderr


@pytest.mark.parametrize("arguments", CORPUS, ids=" ".join)
def test_where_no_package_is_found_a_command_for_the_corpus_takes_the_bundled_package_and_says_so(
    run: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ended = run(*arguments, cwd=tmp_path)
    assert ended.returncode == 0
    version = readouts.load().version
    assert ended.stderr.startswith(f"readouts: Using the bundled corpus {version}: no datapackage.json is here")


def test_info_says_that_the_package_is_the_bundled_one(run: Run, tmp_path: Path) -> None:
    version = readouts.load().version
    assert run("info", cwd=tmp_path).stdout.splitlines()[0] == f"readouts {version} (bundled)"


def test_in_a_folder_of_a_package_validate_takes_it_and_names_it(run: Run, lakes: Path) -> None:
    ended = run("validate", cwd=lakes / "notes" / "2031")
    assert ended.returncode == 0
    assert ended.stderr == f"readouts: Using {lakes / 'datapackage.json'}.\n"
    assert "lakes 1.0.0 is valid (../../datapackage.json, 13 rows, " in ended.stdout


def test_in_the_folder_of_a_package_its_descriptor_is_named_and_nothing_is_said(run: Run, lakes: Path) -> None:
    ended = run("validate", "--format", "json", cwd=lakes)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["package"]["path"] == "datapackage.json"


@pytest.mark.parametrize("form", ["terminal", "json", "markdown", "html", "github", "sarif", "junit"])
def test_every_form_of_a_report_names_the_package_that_was_checked(run: Run, lakes: Path, form: str) -> None:
    assert "../datapackage.json" in run("validate", "--format", form, cwd=lakes / "notes").stdout
    assert "../../lakes" in run("validate", "../../lakes", "--format", form, cwd=lakes / "notes").stdout


def test_findings_name_their_file_from_the_current_folder(run: Run, lakes: Path) -> None:
    table = lakes / "data" / "lakes.csv"
    table.write_bytes(table.read_bytes().replace(b",592,12", b",592,deep"))
    ended = run("validate", "--format", "github", cwd=lakes / "notes")
    assert ended.returncode == 1
    assert "::error file=../data/lakes.csv,line=2," in ended.stdout


def test_export_takes_the_package_above_and_writes_where_the_current_folder_is(run: Run, lakes: Path) -> None:
    here = lakes / "notes"
    ended = run("export", "--to", "jsonl", "--output", "written", cwd=here)
    assert (ended.returncode, ended.stderr) == (0, f"readouts: Using {lakes / 'datapackage.json'}.\n")
    assert ended.stdout.splitlines()[0] == "written/jsonl/countries.jsonl"
    assert (here / "written" / "jsonl" / "lakes.jsonl").is_file()


def test_diff_takes_the_package_above_as_the_newer_one(run: Run, lakes: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(sample_package(), older)
    ended = run("diff", "../../older", "--format", "json", cwd=lakes / "notes")
    assert (ended.returncode, ended.stderr) == (0, f"readouts: Using {lakes / 'datapackage.json'}.\n")
    assert json.loads(ended.stdout)["new"]["label"] == "../datapackage.json"


def test_diff_takes_a_release_of_the_package_above(run: Run, lakes: Path) -> None:
    shutil.make_archive(str(lakes / "releases" / "0.9.0" / "lakes-0.9.0"), "zip", sample_package())
    ended = run("diff", "0.9.0", cwd=lakes / "notes")
    assert ended.returncode == 0, ended.stderr


def test_canonicalise_takes_the_package_above(run: Run, lakes: Path, tmp_path: Path) -> None:
    ended = run("canonicalise", "--output", "../../canonical", cwd=lakes / "notes")
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "canonical" / "data" / "lakes.csv").is_file()


def test_a_descriptor_that_is_a_folder_is_never_passed_over_for_the_one_above(run: Run, lakes: Path) -> None:
    (lakes / "notes" / "datapackage.json").mkdir()
    ended = run("validate", cwd=lakes / "notes")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "readouts: datapackage.json is not a file: expected the descriptor of a data package.\n"
