"""A rebuild that is killed leaves the old release or the new one, whole, whenever it dies."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import INVENTED
from tests.datapackage.package.interruption import published

if TYPE_CHECKING:
    from tests.conftest import Run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the trials fork, which this system can't")

Trials = list[dict[str, Any]]
Published = dict[str, str]


@pytest.fixture(scope="module")
def between(tmp_path_factory: pytest.TempPathFactory, run: Run) -> tuple[Path, Published, Published]:
    """A folder with a package and annotations that give another one; what is published before and after a rebuild."""
    home = tmp_path_factory.mktemp("between")
    folder, built = home / "corpus", home / "built"
    shutil.copytree(INVENTED / "annotations", folder / "annotations")
    assert run("rebuild", cwd=folder).returncode == 0
    assert run("validate", cwd=folder).returncode == 0
    old = published(folder)
    shutil.rmtree(folder / ".readouts")
    for name, before, after in (
        ("corpus.yaml", "version: 0.3.1", "version: 0.4.0"),
        ("entities.yaml", "name: Jana Marek", "name: Jana Mareková"),
        ("articles/courier-2031-05-02.yaml", "language: en", "language: de"),
    ):
        path = folder / "annotations" / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")
    shutil.copytree(folder, built)
    assert run("rebuild", cwd=built).returncode == 0
    assert run("validate", cwd=built).returncode == 0
    new = published(built)
    assert sum(old[name] != new[name] for name in new) > 3
    return folder, old, new


def trials(mode: str, folder: Path, copy: Path) -> Trials:
    command = [sys.executable, str(Path(__file__).with_name("interruption.py")), mode, str(folder), str(copy)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=2400)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def assert_never_a_mixture(found: Trials, old: Published, new: Published) -> None:
    for trial in found:
        assert trial["published"] in (old, new), trial
        # The annotations are those of the new release, so validating the old one finds that it is stale, and no more.
        clean = trial["later"] == "info" or trial["published"] == new
        assert trial["answer"] == (0 if clean else 1), trial
        if "again" in trial:
            assert trial["again"] == 0
            assert trial["published_again"] == new


def assert_switched_once(found: Trials, old: Published, new: Published) -> None:
    assert all(trial["status"] == -signal.SIGKILL for trial in found[:-1])
    assert found[-1]["status"] == 0
    states = [trial["published"] == new for trial in found]
    assert states == sorted(states)
    assert 20 < sum(states) < len(states) - 20


@pytest.mark.slow
def test_a_rebuild_killed_before_any_access_to_a_file_leaves_the_old_or_the_new_release(
    between: tuple[Path, Published, Published], tmp_path: Path
) -> None:
    folder, old, new = between
    found = trials("steps", folder, tmp_path / "trial")
    assert len(found) > 100
    assert_never_a_mixture(found, old, new)
    assert_switched_once(found, old, new)


@pytest.mark.slow
def test_a_rebuild_killed_before_any_line_of_the_swap_leaves_the_old_or_the_new_release(
    between: tuple[Path, Published, Published], tmp_path: Path
) -> None:
    folder, old, new = between
    found = trials("lines", folder, tmp_path / "trial")
    assert len(found) > 300
    assert_never_a_mixture(found, old, new)
    assert_switched_once(found, old, new)


@pytest.mark.slow
def test_a_command_killed_while_it_completes_a_rebuild_leaves_that_to_the_next_one(
    between: tuple[Path, Published, Published], tmp_path: Path
) -> None:
    folder, _, new = between
    found = trials("settling", folder, tmp_path / "trial")
    assert len(found) > 20
    assert [trial["published"] for trial in found] == [new] * len(found)
    assert {trial["answer"] for trial in found} == {0}


@pytest.mark.slow
def test_a_rebuild_killed_at_random_moments_leaves_the_old_or_the_new_release(
    between: tuple[Path, Published, Published], tmp_path: Path
) -> None:
    folder, old, new = between
    found = trials("moments", folder, tmp_path / "trial")
    assert len(found) == 50
    assert_never_a_mixture(found, old, new)
    assert sum(trial["status"] == -signal.SIGKILL for trial in found) > 10


_LIMITED = """
import resource, signal, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
signal.signal(signal.SIGXFSZ, signal.SIG_DFL if sys.argv[2] == "killed" else signal.SIG_IGN)
from readouts.cli import main
sys.argv = ["readouts", "rebuild", "--check"]
main()
"""


def check_with_a_limit(folder: Path, limit: int, then: str) -> subprocess.CompletedProcess[str]:
    """Compile in a process that is killed, or refused, when a file grows over the limit: the cache is the only one."""
    command = [sys.executable, "-c", _LIMITED, str(limit), then]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


def with_another_cache(folder: Path, copy: Path, run: Run) -> int:
    """Copy the folder, with a cache that was made when all its files were others; return the size of the cache."""
    shutil.copytree(folder, copy)
    files = sorted((copy / "annotations").rglob("*.yaml"))
    texts = [path.read_text(encoding="utf-8") for path in files]
    for path, text in zip(files, texts, strict=True):
        other = text.replace("Ostrova", "Ostrava").replace("Marek", "Morek")
        path.write_text(f"# Another file.\n{other}", encoding="utf-8")
    assert run("rebuild", "--check", cwd=copy).returncode == 1
    for path, text in zip(files, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return (copy / ".readouts" / "fragments.sqlite3").stat().st_size


@pytest.mark.slow
@pytest.mark.parametrize("cached", [False, True], ids=["without a cache", "with an older cache"])
def test_a_command_killed_while_it_writes_its_cache_doesnt_mislead_the_next_one(
    between: tuple[Path, Published, Published], run: Run, tmp_path: Path, cached: bool
) -> None:
    folder, _, new = between
    size = with_another_cache(folder, tmp_path / "cached", run)
    killed = 0
    for limit in range(4096, size, 6 * 4096):
        trial = tmp_path / f"trial-{limit}"
        shutil.copytree(tmp_path / "cached" if cached else folder, trial)
        killed += check_with_a_limit(trial, limit, "killed").returncode == -signal.SIGXFSZ
        after = run("rebuild", cwd=trial)
        assert (after.returncode, after.stderr) == (0, "")
        assert published(trial) == new
    assert killed > 1


@pytest.mark.sample(3)
@pytest.mark.parametrize("limit", [0, 4096, 40960])
def test_a_cache_that_cant_be_written_in_full_is_passed_over(
    between: tuple[Path, Published, Published], run: Run, tmp_path: Path, limit: int
) -> None:
    folder, _, new = between
    trial = tmp_path / "trial"
    shutil.copytree(folder, trial)
    first = check_with_a_limit(trial, limit, "refused")
    assert (first.returncode, first.stderr) == (1, "")
    assert "stale-package" in first.stdout
    assert run("rebuild", cwd=trial).returncode == 0
    assert published(trial) == new
