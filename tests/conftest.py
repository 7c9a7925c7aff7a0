"""What all tests share: an invented corpus, the texts of the real one where they are, and the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# The suite gives the same verdict every time; HYPOTHESIS_PROFILE=explore looks for new examples.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

ROOT = Path(__file__).resolve().parents[1]
INVENTED = ROOT / "tests" / "invented"

COLLECTED = pytest.StashKey[set[Path]]()
"""The files that contributed a test to this session, whether or not it was deselected."""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Remember what was collected, before any test is deselected."""
    config.stash[COLLECTED] = {item.path for item in items}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy of the invented corpus: a folder with `annotations/` and `texts/`, anchored and not yet built."""
    target = tmp_path / "corpus"
    for part in ("annotations", "texts"):
        shutil.copytree(INVENTED / part, target / part)
    return target


@pytest.fixture
def drafted(corpus: Path) -> Path:
    """A copy of the invented corpus whose articles are still drafts: quotations instead of offsets, no anchors."""
    shutil.rmtree(corpus / "annotations" / "articles")
    shutil.rmtree(corpus / "annotations" / "anchors")
    shutil.copytree(INVENTED / "drafts" / "articles", corpus / "annotations" / "articles")
    return corpus


@pytest.fixture(scope="session")
def source_texts() -> Path:
    """The folder with the texts of the published corpus, which aren't part of the project."""
    folder = Path(os.environ.get("READOUTS_TEXTS", ROOT.parent / "shared" / "seeds"))
    if not folder.is_dir():
        pytest.skip("the texts of the source articles are not here: set READOUTS_TEXTS to their folder")
    return folder


@pytest.fixture(scope="session")
def run() -> Run:
    """Run the command line in a process of its own: `run("rebuild", "--check", cwd=folder)`."""

    def run_command(
        *arguments: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "readouts", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=300,
        )

    return run_command


@pytest.fixture(scope="session")
def invented_package(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """The folder of the invented corpus with its package, built once; never written to."""
    folder = tmp_path_factory.mktemp("invented")
    shutil.copytree(INVENTED / "annotations", folder / "annotations")
    done = run("rebuild", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder
