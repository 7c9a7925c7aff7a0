"""Every command and function that takes a package takes the same forms, and refuses the rest in the same words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest
import yaml

import readouts
from readouts import datapackage
from readouts.datapackage.errors import PackageError
from readouts.datapackage.sample import sample_package

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

COMMANDS = {
    "validate": ("validate", "{}"),
    "export": ("export", "{}", "--to", "jsonl", "--output", "exported"),
    "diff": ("diff", "{}", "lakes"),
    "diff, the newer": ("diff", "lakes", "{}"),
    "canonicalise": ("canonicalise", "{}", "--output", "canonical"),
    "delta create": ("delta", "create", "{}", "lakes", "--output", "delta.zip"),
    "delta apply": ("delta", "apply", "{}", "none.delta.zip", "--output", "applied"),
    "delta revert": ("delta", "revert", "{}", "none.delta.zip", "--output", "reverted"),
    "merge": ("merge", "lakes", "lakes", "{}", "--output", "merged"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose package is in the folder `lakes`, committed, and packed as an archive and a release."""
    root = tmp_path_factory.mktemp("project")
    datapackage.canonicalise(sample_package(), root / "lakes")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    author = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    for command in (("init", "-q"), ("add", "."), (*author, "commit", "-q", "-m", "one")):
        subprocess.run(["git", "-C", root, *command], check=True, capture_output=True, env=environment)
    release = root / "releases" / "1.0.0" / "lakes-1.0.0.zip"
    release.parent.mkdir(parents=True)
    for archive, prefix in ((root / "lakes.zip", ""), (release, "lakes/")):
        with zipfile.ZipFile(archive, "w") as written:
            for path in sorted((root / "lakes").rglob("*.*")):
                written.write(path, prefix + path.relative_to(root / "lakes").as_posix())
    datapackage.create_delta(root / "lakes", root / "lakes", root / "none.delta.zip")
    (root / "table.csv").write_text("name\nComo\n", encoding="utf-8")
    (root / "notes.txt").write_text("Como and Garda\n", encoding="utf-8")
    (root / "empty").mkdir()
    for name in ("yaml", "yml"):
        (root / name).mkdir()
        shutil.copytree(root / "lakes" / "data", root / name / "data")
        descriptor = json.loads((root / "lakes" / "datapackage.json").read_text(encoding="utf-8"))
        (root / name / f"datapackage.{name}").write_text(yaml.safe_dump(descriptor), encoding="utf-8")
    return root


@pytest.mark.parametrize("form", ["lakes", "lakes/datapackage.json", "lakes.zip", "git:HEAD:lakes", "1.0.0"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_every_form(project: Path, tmp_path: Path, run: Run, name: str, form: str) -> None:
    arguments = [form if word == "{}" else word for word in COMMANDS[name]]
    if "--output" in arguments:
        arguments[-1] = str(tmp_path / arguments[-1])
    done = run(*arguments, cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "readouts-" not in done.stdout + done.stderr, (
        "the folder that it was unpacked into means nothing to the user"
    )


@pytest.mark.parametrize("form", ["yaml", "yaml/datapackage.yaml", "yml", "lakes/data/lakes.csv"])
@pytest.mark.parametrize("name", ["validate", "export", "canonicalise"])
def test_yaml_and_single_tables_are_taken_where_no_file_of_theirs_is_written(
    project: Path, tmp_path: Path, run: Run, name: str, form: str
) -> None:
    arguments = [form if word == "{}" else word for word in COMMANDS[name]]
    if "--output" in arguments:
        arguments[-1] = str(tmp_path / arguments[-1])
    done = run(*arguments, cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["delta create", "merge"])
@pytest.mark.parametrize("form", ["yaml/datapackage.yaml", "lakes/data/lakes.csv"])
def test_what_needs_a_descriptor_in_json_says_how_to_get_one(
    project: Path, tmp_path: Path, run: Run, name: str, form: str
) -> None:
    arguments = [form if word == "{}" else word for word in COMMANDS[name]]
    arguments[-1] = str(tmp_path / arguments[-1])
    done = run(*arguments, cwd=project)
    assert done.returncode == 2
    assert "has no datapackage.json" in done.stderr
    assert "readouts canonicalise" in done.stderr


REFUSED = {
    "notes.txt": "notes.txt is a text file, not a data package. Name a folder with a datapackage.json",
    "nowhere": "'nowhere' is not a data package: there is no such file or folder.",
}


@pytest.mark.parametrize("other", REFUSED)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_refuses_the_rest_in_the_same_words(
    project: Path, tmp_path: Path, run: Run, name: str, other: str
) -> None:
    arguments = [other if word == "{}" else word for word in COMMANDS[name]]
    if "--output" in arguments:
        arguments[-1] = str(tmp_path / arguments[-1])
    done = run(*arguments, cwd=project)
    assert done.returncode == 2
    assert done.stderr.startswith(f"readouts: {REFUSED[other]}")


@pytest.mark.parametrize("form", ["lakes", "lakes/datapackage.json", "lakes.zip", "git:HEAD:lakes", "1.0.0"])
def test_both_functions_that_open_take_every_form(project: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.chdir(project)
    assert datapackage.open(form).rows("lakes") == datapackage.open("lakes").rows("lakes")
    assert readouts.open(form).table("lakes").equals(readouts.open("lakes").table("lakes"))


def test_both_functions_that_open_refuse_the_rest_in_the_same_words(project: Path) -> None:
    for other in ("notes.txt", "nowhere", "empty"):
        with pytest.raises(PackageError) as first:
            datapackage.open(project / other)
        with pytest.raises(PackageError) as second:
            readouts.open(project / other)
        assert str(first.value) == str(second.value)
