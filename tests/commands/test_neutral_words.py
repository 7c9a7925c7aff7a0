"""What a package of others is told has no word of the corpus: no table, command or file that it doesn't have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

WORDS = re.compile(
    r"id_changes|anchor|annotat|corpus|article|statement|entit|\bevents?\b|account|readouts (?:rebuild|release|draft)",
    re.IGNORECASE,
)
BASE = "stall,goods,price\nfour,tea,3\none,figs,2\nthree,salt,1\ntwo,oil,5\n"
OURS = "stall,goods,price\nfour,tea,4\nnine,rye,1\nthree,salt,1\ntwo,oil,6\n"
THEIRS = "stall,goods,price\nfour,tea,5\nnine,rye,2\none,figs,3\ntwo,oil,5\n"
FIELDS = [
    {"name": "stall", "type": "string"},
    {"name": "goods", "type": "string"},
    {"name": "price", "type": "integer"},
]
HOLES: list[dict[str, object]] = [{"name": "key", "type": "string"}]


def market(root: Path, name: str, text: str, *, stalls: str = "stalls", version: str = "1.0.0") -> Path:
    """Write a market that has folders and tables of names that the corpus uses too."""
    schema = {"fields": FIELDS, "primaryKey": ["stall"]}
    files: dict[str, bytes | str] = {f"{stalls}.csv": text, "notes.txt": f"{name}\n", "anchors/holes.csv": "key\nx\n"}
    tables: list[dict[str, Any]] = [
        {"name": "stalls", "path": f"{stalls}.csv", "schema": schema},
        {"name": "holes", "path": "anchors/holes.csv", "schema": {"fields": HOLES, "primaryKey": ["key"]}},
        {"name": "notes", "path": "notes.txt"},
    ]
    return write_package_of(root / name, files, tables, version=version)


def assert_neutral(text: str) -> None:
    assert text.strip()
    # The file of this name is the package's own.
    assert not WORDS.search(text.replace("anchors/holes.csv", "")), text


@pytest.mark.parametrize("form", ["terminal", "json", "markdown", "html", "github", "sarif", "junit"])
def test_a_report_on_a_package_of_others(form: str, tmp_path: Path, run: Run) -> None:
    bad = "stall,goods,price\none,tea,many\none,figs\n"
    ended = run("validate", market(tmp_path, "market", bad), "--format", form)
    assert ended.returncode == 1
    # The pages' styles have names of their own.
    assert_neutral(re.sub(r"<style>.*?</style>|annotations?\.html", "", ended.stdout, flags=re.DOTALL))


@pytest.mark.parametrize("options", [[], ["--format", "markdown"], ["--stream"]])
def test_a_difference_of_packages_of_others_in_which_ids_are_gone(options: list[str], tmp_path: Path, run: Run) -> None:
    old, new = market(tmp_path, "old", BASE), market(tmp_path, "new", OURS, version="1.0.1")
    ended = run("diff", old, new, *options)
    assert ended.returncode == 1, ended.stderr
    assert_neutral(ended.stdout)
    assert "stalls: 1 id is gone: one" in ended.stdout.replace("**", "")


def test_a_difference_of_packages_that_say_what_became_of_ids_still_asks_for_it(tmp_path: Path, run: Run) -> None:
    columns = ("change_id", "table", "old_id", "operation", "new_id", "reason")
    changes = {
        "name": "id_changes",
        "path": "id_changes.csv",
        "schema": {"fields": [{"name": name, "type": "string"} for name in columns], "primaryKey": ["change_id"]},
    }
    stalls = {"name": "stalls", "path": "stalls.csv", "schema": {"fields": FIELDS, "primaryKey": ["stall"]}}
    sides = [
        write_package_of(
            tmp_path / name, {"stalls.csv": text, "id_changes.csv": ",".join(columns) + "\n"}, [stalls, changes]
        )
        for name, text in (("old", BASE), ("new", OURS))
    ]
    for options in ([], ["--stream"]):
        assert "id_changes does not say what became of it" in run("diff", *sides, *options).stdout


@pytest.mark.parametrize("form", ["terminal", "json"])
def test_a_merge_of_packages_of_others_with_conflicts_of_every_kind(form: str, tmp_path: Path, run: Run) -> None:
    sides = [market(tmp_path, name, text) for name, text in (("base", BASE), ("ours", OURS), ("theirs", THEIRS))]
    ended = run("merge", *sides, "--format", form, "--output", tmp_path / "merged")
    assert ended.returncode == 1, ended.stderr
    shown = ended.stdout + ended.stderr
    assert_neutral(shown)
    for kind in ("cell", "deleted", "added"):
        assert kind in shown


def test_a_file_of_others_is_no_file_of_the_corpus_for_its_folder(tmp_path: Path, run: Run) -> None:
    """A folder `anchors` or `data` of a package that has no annotations is like any other."""
    for number, name in enumerate(("anchors/holes.csv", "data/events.csv", "notes.txt", "README.md")):
        folder = tmp_path / str(number)
        sides = []
        for side in ("base", "ours", "theirs"):
            path = folder / side / name
            path.parent.mkdir(parents=True)
            path.write_text(f"key,depth\na,{side}\n")
            sides.append(path)
        ended = run("merge", *sides, "--path", name, cwd=folder)
        assert ended.returncode == 2
        assert_neutral(ended.stderr.replace(name, ""))


def test_what_is_not_a_package_is_told_in_words_of_packages(tmp_path: Path, run: Run) -> None:
    for name in ("base", "ours", "theirs"):
        (tmp_path / name).mkdir()
    for arguments in (("merge", "base", "ours", "theirs"), ("validate", "base"), ("diff", "base", "ours")):
        ended = run(*arguments, cwd=tmp_path)
        assert ended.returncode == 2
        assert_neutral(ended.stderr)
