"""A disk that can't be written to, or is full: one sentence, exit code 2, and the old package as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import INVENTED
from tests.datapackage.package.interruption import published

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

Ended = subprocess.CompletedProcess[str]

READOUTS = [sys.executable, "-m", "readouts"]
_READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && cd "$1" && shift && exec "$@"'
# Copies keep the times of files, by which a build knows the cache that it left: one that is made again leaves room.
_FULL = """
mount -t tmpfs -o size=1536k none "$2" && cp -Rp "$1/." "$2" && cd "$2" || exit 9
free=$3
dd if=/dev/zero of=filler bs=1024 count=99999 2> /dev/null
truncate -s -"$free"K filler
saved="$4"
shift 4
"$@"
status=$?
rm -f filler
cp -R . "$saved"
exit $status
"""
_LIMITED = """
import resource, signal, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from readouts.cli import main
main()
"""


@pytest.fixture(scope="module")
def mounting(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A command that runs a shell which may mount; what it mounts is gone when it ends."""
    if shutil.which("unshare") is None:
        pytest.skip("there is no command unshare to mount with")
    command = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    folder = tmp_path_factory.mktemp("mounting")
    probe = [*command, "sh", "-c", 'mount -t tmpfs none "$0"', str(folder)]
    if subprocess.run(probe, capture_output=True, check=False).returncode != 0:
        pytest.skip("this system doesn't let a test mount anything")
    return [*command, "sh", "-c"]


@pytest.fixture(scope="module")
def stale(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """A folder with a package and annotations that give another one; not to be written to."""
    folder = tmp_path_factory.mktemp("stale") / "corpus"
    for part in ("annotations", "texts"):
        shutil.copytree(INVENTED / part, folder / part)
    assert run("rebuild", cwd=folder).returncode == 0
    entities = folder / "annotations" / "entities.yaml"
    changed = entities.read_text(encoding="utf-8").replace("An invented state", "A state that never was")
    entities.write_text(changed, encoding="utf-8")
    return folder


def copied(stale: Path, tmp_path: Path, *, hidden: bool = True) -> Path:
    folder = tmp_path / "corpus"
    shutil.copytree(stale, folder)
    if not hidden:
        shutil.rmtree(folder / ".readouts")
    return folder


def ended(command: list[str], cwd: Path | None = None) -> Ended:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


def assert_said_in_a_sentence(found: Ended, reason: str) -> None:
    assert found.returncode == 2, found
    assert found.stdout == ""
    assert found.stderr.startswith("readouts: ")
    assert found.stderr.count("\n") == 1
    assert reason in found.stderr


@pytest.mark.sample(4)
@pytest.mark.parametrize("hidden", [True, False], ids=["built before", "never built here"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["rebuild"],
        ["anchor", "herald-2031-05-02", "--texts", "texts"],
        ["new", "event", "call-2031-06-01"],
        ["hydrate", "--texts", "texts", "--output", "../corpus-hydrated"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_nothing_can_be_written_in_a_read_only_folder(
    mounting: list[str], stale: Path, tmp_path: Path, arguments: list[str], hidden: bool
) -> None:
    folder = copied(stale, tmp_path, hidden=hidden)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    # What is mounted is the folder above, so that a folder beside the package is read-only as well.
    there = ["sh", "-c", 'cd corpus && exec "$@"', "sh", *READOUTS, *arguments]
    found = ended([*mounting, _READ_ONLY, "sh", str(tmp_path), *there])
    assert_said_in_a_sentence(found, "Read-only file system")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.sample(4)
@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["rebuild", "--check"], 1), (["validate"], 1), (["info"], 0), (["compare", "call-2031-05-01"], 0)],
)
def test_what_only_reads_works_in_a_read_only_folder(
    mounting: list[str], stale: Path, tmp_path: Path, arguments: list[str], status: int
) -> None:
    folder = copied(stale, tmp_path, hidden=False)
    found = ended([*mounting, _READ_ONLY, "sh", str(folder), *READOUTS, *arguments])
    assert (found.returncode, found.stderr) == (status, "")


def test_an_interrupted_rebuild_that_cant_be_completed_is_said_and_nothing_is_read(
    mounting: list[str], stale: Path, tmp_path: Path
) -> None:
    folder = copied(stale, tmp_path)
    (folder / ".readouts" / "journal.json").write_text('{"put": [], "remove": []}', encoding="utf-8")
    found = ended([*mounting, _READ_ONLY, "sh", str(folder), *READOUTS, "info"])
    assert_said_in_a_sentence(found, "is in force, but not all of its files could be moved")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions don't hold root back")
def test_nothing_can_be_written_in_a_folder_without_permission(stale: Path, tmp_path: Path, run: Run) -> None:
    folder = copied(stale, tmp_path, hidden=False)
    before = published(folder)
    folder.chmod(0o555)
    try:
        assert_said_in_a_sentence(run("rebuild", cwd=folder), "Permission denied")
    finally:
        folder.chmod(0o755)
    assert published(folder) == before


@pytest.mark.slow
@pytest.mark.parametrize("hidden", [True, False], ids=["built before", "never built here"])
def test_a_rebuild_on_a_full_disk_leaves_the_old_package(
    mounting: list[str], stale: Path, tmp_path: Path, run: Run, hidden: bool
) -> None:
    source = copied(stale, tmp_path, hidden=hidden)
    old = published(source)
    answers = []
    for free in (0, 12, 48, 96, 192, 320):
        disk, saved = tmp_path / f"disk-{free}", tmp_path / f"saved-{free}"
        disk.mkdir()
        saved.mkdir()
        found = ended([*mounting, _FULL, "sh", str(source), str(disk), str(free), str(saved), *READOUTS, "rebuild"])
        answers.append(found.returncode)
        if found.returncode == 2:
            assert_said_in_a_sentence(found, "No space left on device")
            assert published(saved) == old
        else:
            assert (found.returncode, found.stderr) == (0, "")
            assert published(saved) != old
        # With room again, the next rebuild doesn't care what the full disk left behind.
        assert run("rebuild", cwd=saved).returncode == 0
        assert run("rebuild", "--check", cwd=saved).returncode == 0
    assert answers[0] == 2
    assert answers == sorted(answers, reverse=True)


@pytest.mark.skipif(os.name == "nt", reason="this system has no limit on the size of a file")
@pytest.mark.sample(3)
@pytest.mark.parametrize("limit", [0, 2, 100, 1000, 20_000, 100_000])
def test_a_rebuild_that_may_not_write_so_much_leaves_the_old_package(
    stale: Path, tmp_path: Path, run: Run, limit: int
) -> None:
    folder = copied(stale, tmp_path)
    old = published(folder)
    found = ended([sys.executable, "-c", _LIMITED, str(limit), "rebuild"], cwd=folder)
    assert_said_in_a_sentence(found, "File too large")
    assert published(folder) == old
    assert not (folder / ".readouts" / "journal.json").exists()
    assert run("rebuild", cwd=folder).returncode == 0
    assert run("rebuild", "--check", cwd=folder).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="this system has no limit on the size of a file")
def test_a_cache_that_runs_out_of_room_amid_a_long_build_is_passed_over(stale: Path, tmp_path: Path) -> None:
    """A database holds back so much in memory; a larger tree makes it write before the build is done."""
    folder = copied(stale, tmp_path, hidden=False)
    tree = folder / "annotations"
    article = (tree / "articles" / "herald-2031-05-02.yaml").read_text(encoding="utf-8")
    anchors = (tree / "anchors" / "herald-2031-05-02.csv").read_text(encoding="utf-8")
    for number in range(120):
        name = f"gazette-{number:03d}"
        (tree / "articles" / f"{name}.yaml").write_text(article, encoding="utf-8")
        text = anchors.replace("herald-2031-05-02", name)
        (tree / "anchors" / f"{name}.csv").write_text(text, encoding="utf-8")
    found = ended([sys.executable, "-c", _LIMITED, "1000000", "rebuild", "--check"], cwd=folder)
    assert (found.returncode, found.stderr) == (1, "")
    assert "stale-package" in found.stdout
