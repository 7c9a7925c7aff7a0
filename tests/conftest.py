"""What all tests share: an invented corpus, the texts of the real one where they are, and the command line."""

from __future__ import annotations

import gc
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from readouts.datapackage.processes import collect_seldom
from readouts.datapackage.validation import frictionless_process
from tests.command_line import Ended, ended_command, ended_process
from tests.frictionless_server import FrictionlessServer
from tests.properties import PROFILE

settings.load_profile(PROFILE)

ROOT = Path(__file__).resolve().parents[1]
INVENTED = ROOT / "tests" / "invented"

COLLECTED = pytest.StashKey[set[Path]]()
"""The files that contributed a test to this session, whether or not it was deselected."""

Run = Callable[..., Ended]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Remember what was collected, and mark the property tests and cases left out, before any test is deselected."""
    config.stash[COLLECTED] = {item.path for item in items}
    cases: Counter[str] = Counter()
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.property)
        sample = item.get_closest_marker("sample")
        if sample is not None:
            test = item.nodeid.partition("[")[0]
            if cases[test] % sample.args[0]:
                item.add_marker(pytest.mark.slow)
            cases[test] += 1


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the many objects that tests are, and look less often."""
    gc.collect()
    collect_seldom()


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
    folder = Path(os.environ.get("READOUTS_TEXTS", ROOT.parent / "shared" / "texts"))
    if not folder.is_dir():
        pytest.skip("the texts of the source articles are not here: set READOUTS_TEXTS to their folder")
    return folder


@pytest.fixture(scope="session")
def run() -> Run:
    """Run the command line in this process: `run("rebuild", "--check", cwd=folder)`."""
    return ended_command


@pytest.fixture(scope="session")
def run_process() -> Run:
    """Run the command line in a process of its own, where that is what is tested."""
    return ended_process


@pytest.fixture(scope="session", autouse=True)
def drawn_alike() -> Iterator[None]:
    """Keep constants of the code out of what Hypothesis draws: they depend on which modules other tests imported."""
    nothing = Constants()
    with pytest.MonkeyPatch.context() as patched:
        if PROFILE != "explore":
            patched.setattr(providers, "_get_local_constants", lambda: nothing)
            patched.setattr(providers, "CONSTANTS_CACHE", type(providers.CONSTANTS_CACHE)(1024))
        yield


@pytest.fixture(scope="session", autouse=True)
def frictionless_server() -> Iterator[None]:
    """Let one process import frictionless for all questions that tests ask it from this process."""
    if not hasattr(os, "fork"):
        yield
        return
    server = FrictionlessServer()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(frictionless_process, "subprocess", server.subprocess)
        yield
    server.close()


@pytest.fixture(scope="session")
def invented_package(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """The folder of the invented corpus with its package, built once; never written to."""
    folder = tmp_path_factory.mktemp("invented")
    shutil.copytree(INVENTED / "annotations", folder / "annotations")
    done = run("rebuild", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder
