"""The lock, the journal and the swap: what is replaced, what stays, who may write."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from readouts.datapackage.errors import LockedError, PackageError
from readouts.datapackage.package.transaction import HIDDEN, locked, replace_file, settle, staging
from tests.datapackage.package.interruption import published

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Run

_HOLD = """
import sys
from pathlib import Path
from readouts.datapackage.package.transaction import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(root: Path) -> Iterator[subprocess.Popen[str]]:
    """Hold the lock of a package in another process."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def built(corpus: Path, run: Run) -> Path:
    assert run("rebuild", cwd=corpus).returncode == 0
    return corpus


def rename_marek(root: Path) -> None:
    path = root / "annotations" / "entities.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("name: Jana Marek", "name: J. Marek"), encoding="utf-8")


def test_a_replaced_file_has_the_new_bytes_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    for data in (b"first", b"", b"second\n"):
        replace_file(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cant_be_replaced_is_as_it_was_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    (path / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match=r"a\.yaml"):
        replace_file(path, b"new")
    assert list(tmp_path.iterdir()) == [path]
    assert (path / "in the way").is_dir()


def test_a_reader_of_a_file_that_is_replaced_keeps_what_it_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old" * 10_000)
    with path.open("rb") as stream:
        replace_file(path, b"new")
        assert stream.read() == b"old" * 10_000


def test_what_is_staged_and_not_committed_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")
    with staging(tmp_path) as stage:
        stage.write("a.txt", iter([b"new"]))
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert not (tmp_path / HIDDEN / "staged").exists()


def test_a_commit_puts_all_files_in_place_and_removes_those_that_are_obsolete(tmp_path: Path) -> None:
    for name in ("a.txt", "gone.txt", "mine.txt"):
        (tmp_path / name).write_bytes(b"old")
    with staging(tmp_path) as stage:
        stage.write("a.txt", iter([b"n", b"ew"]))
        stage.write("data/b.txt", iter([]))
        stage.commit(["a.txt", "gone.txt", "never-there.txt"])
    assert {path.name: path.read_bytes() for path in tmp_path.rglob("*.txt")} == {
        "a.txt": b"new",
        "b.txt": b"",
        "mine.txt": b"old",
    }
    assert list((tmp_path / HIDDEN).iterdir()) == []


@pytest.mark.parametrize("obsolete", ["../mine.txt", "/etc/hostname", "data", "data/./b.txt", "data\\b.txt", "link"])
def test_an_obsolete_name_that_is_no_file_of_the_old_package_is_let_be(tmp_path: Path, obsolete: str) -> None:
    root = tmp_path / "package"
    (root / "data").mkdir(parents=True)
    (tmp_path / "mine.txt").write_bytes(b"mine")
    if os.name != "nt":
        (root / "link").symlink_to(tmp_path / "mine.txt")
    with staging(root) as stage:
        stage.write("data/b.txt", iter([b"new"]))
        stage.commit([obsolete])
    assert (root / "data" / "b.txt").read_bytes() == b"new"
    assert (tmp_path / "mine.txt").read_bytes() == b"mine"
    assert not (root / HIDDEN / "journal.json").exists()


def test_a_folder_in_the_place_of_a_file_is_refused_before_anything_is_swapped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")
    (tmp_path / "data" / "b.txt").mkdir(parents=True)
    with staging(tmp_path) as stage:
        stage.write("a.txt", iter([b"new"]))
        with pytest.raises(PackageError, match=r"b\.txt is in the way"):
            stage.write("data/b.txt", iter([b"new"]))
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def test_a_file_in_the_place_of_the_folder_is_refused_before_anything_is_swapped(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"mine")
    with pytest.raises(PackageError, match="data is in the way"), staging(tmp_path) as stage:
        stage.write("data/b.txt", iter([b"new"]))
    assert (tmp_path / "data").read_bytes() == b"mine"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on this system")
def test_a_data_folder_that_is_a_link_out_of_the_package_is_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "package", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "data").symlink_to(outside, target_is_directory=True)
    with pytest.raises(PackageError, match="through a link"), staging(root) as stage:
        stage.write("data/b.txt", iter([b"new"]))
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("name", ["../a.txt", "/tmp/a.txt", "C:/a.txt"])
def test_a_staged_file_cant_leave_the_package(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageError, match="leaves the package"), staging(tmp_path / "package") as stage:
        stage.write(name, iter([b"new"]))


def test_completing_an_interrupted_write_twice_does_no_harm(tmp_path: Path) -> None:
    staged = tmp_path / HIDDEN / "staged"
    staged.mkdir(parents=True)
    (staged / "a.txt").write_bytes(b"new")
    (tmp_path / "gone.txt").write_bytes(b"old")
    journal = tmp_path / HIDDEN / "journal.json"
    plan = json.dumps({"put": ["a.txt"], "remove": ["gone.txt"]})
    for _ in range(2):
        journal.write_text(plan, encoding="utf-8")
        settle(tmp_path)
        assert [path.name for path in tmp_path.iterdir() if path.name != HIDDEN] == ["a.txt"]
        assert (tmp_path / "a.txt").read_bytes() == b"new"
        assert not journal.exists()


def test_settling_where_nothing_was_interrupted_touches_nothing(tmp_path: Path) -> None:
    settle(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        '{"put": 1, "remove": []}',
        '{"put": [1], "remove": []}',
        '{"put": []}',
        "\xff",
        "[" * 200_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_broken_journal_is_a_sentence_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / HIDDEN).mkdir()
    (tmp_path / HIDDEN / "journal.json").write_text(text, encoding="latin-1")
    with pytest.raises(PackageError, match=r"journal\.json is not the journal of a write: .+\. Delete it"):
        settle(tmp_path)


def test_a_journal_cant_reach_out_of_the_package(tmp_path: Path) -> None:
    root = tmp_path / "package"
    (root / HIDDEN).mkdir(parents=True)
    (tmp_path / "mine.txt").write_bytes(b"mine")
    for plan in ({"put": ["../../mine.txt"], "remove": []}, {"put": [], "remove": ["../mine.txt"]}):
        (root / HIDDEN / "journal.json").write_text(json.dumps(plan), encoding="utf-8")
        with pytest.raises(PackageError, match="leaves the package"):
            settle(root)
    assert (tmp_path / "mine.txt").read_bytes() == b"mine"


def test_a_second_holder_of_the_lock_is_refused_and_the_first_is_named(tmp_path: Path) -> None:
    with held_elsewhere(tmp_path) as holder, pytest.raises(LockedError) as error, locked(tmp_path):
        pass
    assert f"by process {holder.pid}" in str(error.value)
    assert str(tmp_path / HIDDEN / "lock") in str(error.value)


def test_the_lock_is_free_again_after_use_also_after_an_error(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(KeyError), locked(tmp_path):
            raise KeyError
    with locked(tmp_path):
        pass


def test_the_lock_of_a_dead_process_doesnt_block(built: Path, run: Run) -> None:
    rename_marek(built)
    with held_elsewhere(built) as holder:
        holder.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        holder.wait()
    assert (built / HIDDEN / "lock").exists()
    assert run("rebuild", cwd=built).returncode == 0
    assert run("rebuild", "--check", cwd=built).returncode == 0


def test_of_two_rebuilds_at_once_one_is_told_who_holds_the_lock(built: Path, run: Run) -> None:
    before = published(built)
    rename_marek(built)
    with held_elsewhere(built) as holder:
        refused = run("rebuild", cwd=built)
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert f"by process {holder.pid}" in refused.stderr
    assert str(built / HIDDEN / "lock") in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert published(built) == before


@pytest.mark.slow
def test_rebuilds_that_race_leave_one_whole_release(built: Path, run: Run) -> None:
    rename_marek(built)
    command = [sys.executable, "-m", "readouts", "rebuild"]
    racing = [
        subprocess.Popen(command, cwd=built, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    ended = [(*process.communicate(timeout=60), process.returncode) for process in racing]
    assert {status for _, _, status in ended} <= {0, 2}
    assert any(status == 0 for _, _, status in ended)
    for _, error, status in ended:
        assert (status == 0) == (error == "")
        assert "Traceback" not in error
    assert run("rebuild", "--check", cwd=built).returncode == 0
    assert run("validate", cwd=built).returncode == 0


def test_files_of_data_that_are_not_the_packages_survive(built: Path, run: Run) -> None:
    (built / "data" / "notes.txt").write_text("mine", encoding="utf-8")
    (built / "data" / "sketch.csv").write_text("a\n", encoding="utf-8")
    (built / "data" / "maps").mkdir()
    (built / "data" / "maps" / "lakes.svg").write_text("<svg/>", encoding="utf-8")
    rename_marek(built)
    assert run("rebuild", cwd=built).returncode == 0
    assert (built / "data" / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert (built / "data" / "sketch.csv").read_text(encoding="utf-8") == "a\n"
    assert (built / "data" / "maps" / "lakes.svg").read_text(encoding="utf-8") == "<svg/>"


def add_resource(root: Path, path: str) -> None:
    descriptor = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"].append({"name": "former", "path": path})
    (root / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def test_a_file_of_the_old_package_that_the_new_one_lacks_is_removed(built: Path, run: Run) -> None:
    (built / "data" / "former.csv").write_text("a\n", encoding="utf-8")
    add_resource(built, "data/former.csv")
    assert run("rebuild", cwd=built).returncode == 0
    assert not (built / "data" / "former.csv").exists()
    assert run("rebuild", "--check", cwd=built).returncode == 0


@pytest.mark.parametrize(
    "path", ["data/./events.csv", "data//events.csv", "data/maps", "../precious.csv", "annotations/corpus.yaml"]
)
def test_an_old_descriptor_cant_make_a_rebuild_remove_what_isnt_an_old_table(built: Path, run: Run, path: str) -> None:
    precious = built.parent / "precious.csv"
    precious.write_text("a\n", encoding="utf-8")
    (built / "data" / "maps").mkdir()
    add_resource(built, path)
    rename_marek(built)
    assert run("rebuild", cwd=built).returncode == 0
    assert run("rebuild", "--check", cwd=built).returncode == 0
    assert precious.exists()
    assert (built / "annotations" / "corpus.yaml").exists()
    assert (built / "data" / "maps").is_dir()
    assert not (built / HIDDEN / "journal.json").exists()


def test_a_package_can_be_built_in_a_folder_of_its_own(corpus: Path, run: Run, tmp_path: Path) -> None:
    assert run("rebuild", "--output", tmp_path / "elsewhere", cwd=corpus).returncode == 0
    assert not (corpus / "data").exists()
    assert run("rebuild", cwd=corpus).returncode == 0
    assert published(corpus) == published(tmp_path / "elsewhere")
    shutil.rmtree(corpus)
    assert run("validate", tmp_path / "elsewhere").returncode == 0
