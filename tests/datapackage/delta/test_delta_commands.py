"""`readouts delta` and `readouts canonicalise`, as a person types them."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from readouts.commands import canonicalise, delta
from tests.conftest import ROOT
from tests.datapackage.delta.release_pairs import content, lakes

PAGE, FORM = (ROOT / "docs" / name for name in ("deltas.md", "delta-form.md"))

app = typer.Typer(rich_markup_mode=None)
_delta = typer.Typer(rich_markup_mode=None)
app.add_typer(_delta, name="delta")
for made in (delta.create, delta.apply, delta.revert):
    _delta.command(made.__name__)(made)
app.command("canonicalise")(canonicalise.main)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with two releases: the example of the page."""
    lakes(tmp_path / "old", "1.0.0", [("Como", "410"), ("Long", "7"), ("Ness", "230")])
    lakes(tmp_path / "new", "1.1.0", [("Bala", "42"), ("Como", "425"), ("Ness", "230")])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_of_the_page_is_true(folder: Path) -> None:
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    ran = 0
    for place, line in enumerate(lines):
        if line.startswith("$ readouts ") and "DIR" not in line:
            code, output = run(*line.removeprefix("$ readouts ").split())
            assert code == 0, output
            assert output.splitlines() == lines[place + 1 : place + 2]
            ran += 1
    assert ran == 3
    assert content(folder / "newer") == content(folder / "new")
    assert content(folder / "older") == content(folder / "old")
    with zipfile.ZipFile("lakes-delta.zip") as archive:
        for name in ("removed-lakes.csv", "added-lakes.csv", "changed-lakes.csv", "lines.csv"):
            assert archive.read(name).decode() in FORM.read_text(encoding="utf-8")


def test_what_is_not_canonical_is_refused_and_the_command_that_is_named_fixes_it(folder: Path) -> None:
    lakes(folder / "mine", "2.0.0", [("Ness", "230"), ("Como", "410")])
    code, output = run("delta", "create", "old", "mine", "--output", "d.zip")
    assert code == 2
    assert "Fix it with: readouts canonicalise mine --output DIR" in output
    assert run("canonicalise", "mine", "--output", "canonical") == (0, "canonical: 2 files\n")
    assert run("delta", "create", "old", "canonical", "--output", "d.zip")[0] == 0


def test_an_archive_is_a_side_like_any_other(folder: Path) -> None:
    shutil.make_archive("old", "zip", "old")
    assert run("delta", "create", "old.zip", "new", "--output", "d.zip")[0] == 0
    assert run("delta", "apply", "old.zip", "d.zip", "--output", "made") == (0, "made: lakes 1.1.0, 2 files\n")
    assert content(Path("made")) == content(Path("new"))


def test_a_base_that_is_another_one_is_exit_code_2_and_writes_nothing(folder: Path) -> None:
    assert run("delta", "create", "old", "new", "--output", "d.zip")[0] == 0
    lakes(folder / "other", "1.0.0", [("Como", "410")])
    code, output = run("delta", "apply", "other", "d.zip", "--output", "made")
    assert code == 2
    assert "is not the lakes 1.0.0 that the delta was made for: lakes.csv has sha256:" in output
    assert not (folder / "made").exists()
