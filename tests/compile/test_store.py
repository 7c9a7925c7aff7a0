"""The cache between builds: it may be missing, damaged, locked or full, and never changes what is built."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from readouts.annotations.tree import Contents, TreeFile
from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import Present
from readouts.compile.store import Store
from readouts.corpus_schema.tables import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Run

HIDDEN = Path(".readouts") / "fragments.sqlite3"


def package(folder: Path) -> dict[str, bytes]:
    paths = [folder / "datapackage.json", *sorted((folder / "data").iterdir())]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def built(corpus: Path, run: Run) -> tuple[Path, dict[str, bytes]]:
    """A corpus that was built once, and its package."""
    done = run("rebuild", cwd=corpus)
    assert done.returncode == 0
    assert "(6 read, 0 unchanged)" in done.stdout
    return corpus, package(corpus)


def rebuilt(folder: Path, run: Run) -> str:
    """Build again from nothing but the annotations and the cache, and say how many files were read."""
    shutil.rmtree(folder / "data")
    (folder / "datapackage.json").unlink()
    done = run("rebuild", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    counts: str = done.stdout.partition("(")[2].partition(")")[0]
    return counts


def test_the_cache_spares_reading_what_did_not_change(built: tuple[Path, dict[str, bytes]], run: Run) -> None:
    folder, first = built
    assert rebuilt(folder, run) == "0 read, 6 unchanged"
    assert package(folder) == first


def later(path: Path) -> None:
    """Give a file another time of change, as any writer does that comes later."""
    times = path.stat()
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns + 1_000_000_000))


def cut_off(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size // 2 + 1)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def overwritten(path: Path) -> None:
    path.write_bytes(b"no database at all\n" * 500)


def page_zeroed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8192:12288] = bytes(4096)
    path.write_bytes(data)
    later(path)


def rows_changed(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE block SET text = replace(text, 'phone', 'visit')")
    connection.commit()
    connection.close()
    later(path)


def tables_dropped(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE block")
    connection.commit()
    connection.close()
    later(path)


def seal_lost(path: Path) -> None:
    path.with_suffix(".seal").unlink()


@pytest.mark.parametrize(
    "damage",
    [cut_off, emptied, overwritten, page_zeroed, rows_changed, tables_dropped, seal_lost],
    ids=lambda damage: damage.__name__,
)
def test_a_damaged_cache_is_made_again_and_changes_nothing(
    built: tuple[Path, dict[str, bytes]], run: Run, damage: Callable[[Path], None]
) -> None:
    folder, first = built
    damage(folder / HIDDEN)
    assert rebuilt(folder, run) == "6 read, 0 unchanged"
    assert package(folder) == first
    assert rebuilt(folder, run) == "0 read, 6 unchanged"
    assert package(folder) == first


def test_a_cache_that_can_not_be_opened_is_passed_over(built: tuple[Path, dict[str, bytes]], run: Run) -> None:
    folder, first = built
    (folder / HIDDEN).unlink()
    (folder / HIDDEN).mkdir()
    assert rebuilt(folder, run) == "6 read, 0 unchanged"
    assert package(folder) == first


def test_a_cache_that_another_process_holds_is_passed_over_and_left_alone(
    built: tuple[Path, dict[str, bytes]], run: Run
) -> None:
    folder, first = built
    kept = (folder / HIDDEN).read_bytes()
    holder = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN EXCLUSIVE')\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(folder / HIDDEN)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert rebuilt(folder, run) == "6 read, 0 unchanged"
        assert package(folder) == first
        process.communicate("")
    assert (folder / HIDDEN).read_bytes() == kept
    assert rebuilt(folder, run) == "0 read, 6 unchanged"


def test_a_process_that_dies_before_it_closes_the_cache_leaves_nothing_that_is_trusted(corpus: Path, run: Run) -> None:
    done = run("rebuild", cwd=corpus)
    assert done.returncode == 0
    first = package(corpus)
    dying = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from readouts.compile.compiler import compile_tree\n"
        "from readouts.compile.store import Store\n"
        "store = Store(Path(sys.argv[1]) / '.readouts' / 'fragments.sqlite3')\n"
        "store._connection.execute('PRAGMA cache_size = 1')\n"
        "compile_tree(Path(sys.argv[1]) / 'annotations', store)\n"
        "os._exit(9)\n"
    )
    entities = corpus / "annotations" / "entities.yaml"
    text = entities.read_text(encoding="utf-8")
    entities.write_text(text.replace("name: Sarnia", "name: Sarn"), encoding="utf-8")
    ended = subprocess.run([sys.executable, "-c", dying, str(corpus)], check=False)
    assert ended.returncode == 9
    entities.write_text(text, encoding="utf-8")
    rebuilt(corpus, run)
    assert package(corpus) == first


def test_what_was_not_committed_is_not_there_the_next_time(corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "store"
    store = Store(path)
    compile_tree(corpus / "annotations", store)
    store.discard()
    again = Store(path)
    assert again.digests() == {}
    again.close()


def waited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file be as if it had been written long ago."""
    monkeypatch.setattr("readouts.annotations.tree._GRAIN", -(10**12))


def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list to which the name of every annotation file is added that is read."""
    found: list[Path] = []
    read = TreeFile.contents

    def contents(file: TreeFile) -> Contents:
        found.append(file.path)
        return read(file)

    monkeypatch.setattr(TreeFile, "contents", contents)
    return found


def compiled_names(folder: Path, store: Path) -> list[str]:
    held = Store(store)
    names = compile_tree(folder / "annotations", held).compiled
    held.close()
    return names


@pytest.mark.skipif(os.name != "posix", reason="the system keeps no time of change")
def test_a_file_that_nobody_wrote_to_is_not_opened(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited(monkeypatch)
    assert len(compiled_names(corpus, tmp_path / "store")) == 6
    files = opened(monkeypatch)
    assert compiled_names(corpus, tmp_path / "store") == []
    assert files == []
    touched = corpus / "annotations" / "entities.yaml"
    later(touched)
    assert compiled_names(corpus, tmp_path / "store") == []
    assert files == [touched]
    assert compiled_names(corpus, tmp_path / "store") == []
    assert files == [touched]


def test_a_file_is_opened_while_another_change_could_bear_the_same_time(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(corpus / "annotations" / "entities.yaml")
    compiled_names(corpus, tmp_path / "store")
    files = opened(monkeypatch)
    assert compiled_names(corpus, tmp_path / "store") == []
    assert corpus / "annotations" / "entities.yaml" in files


@pytest.mark.parametrize("how", ["in place", "replaced", "anchors"])
def test_a_change_is_seen_though_size_and_time_are_put_back(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    waited(monkeypatch)
    compiled_names(corpus, tmp_path / "store")
    changed = corpus / "annotations" / "articles" / "herald-2031-05-02.yaml"
    name = f"annotations/articles/{changed.name}"
    if how == "anchors":
        changed = corpus / "annotations" / "anchors" / "herald-2031-05-02.csv"
    before = changed.stat()
    data = changed.read_bytes()
    if how == "replaced":
        changed.unlink()
    other = data.replace(b"a", b"b", 1) if how == "anchors" else data.replace(b"kind: press", b"kind: prose")
    assert other != data
    changed.write_bytes(other)
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert compiled_names(corpus, tmp_path / "store") == [name]


def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which the name of every file of a package is added that is read to be hashed."""
    found: list[str] = []

    def digest(stream: Any, name: str) -> Any:
        found.append(Path(stream.name).name)
        return file_digest(stream, name)

    monkeypatch.setattr("readouts.compile.rebuild.file_digest", digest)
    return found


@pytest.mark.skipif(os.name != "posix", reason="the system keeps no time of change")
def test_a_table_that_nobody_wrote_to_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited(monkeypatch)
    files = hashed(monkeypatch)
    table, store = tmp_path / "lakes.csv", Store(None)
    data, other = b"id\nlake\n", b"id\nlako\n"
    table.write_bytes(data)
    for _ in range(2):
        assert Present(tmp_path, store).has("lakes.csv", sha256(data).hexdigest())
    assert files == ["lakes.csv"]
    before = table.stat()
    table.write_bytes(other)
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert Present(tmp_path, store).has("lakes.csv", sha256(other).hexdigest())
    assert files == ["lakes.csv"] * 2
    table.unlink()
    assert not Present(tmp_path, store).has("lakes.csv", sha256(other).hexdigest())


def test_a_table_is_read_while_another_change_could_bear_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = hashed(monkeypatch)
    table, store = tmp_path / "lakes.csv", Store(None)
    table.write_bytes(b"id\nlake\n")
    for _ in range(2):
        assert Present(tmp_path, store).has("lakes.csv", sha256(b"id\nlake\n").hexdigest())
    assert files == ["lakes.csv"] * 2


@pytest.mark.parametrize("seed", range(12))
def test_bytes_changed_at_random_never_reach_a_table(corpus: Path, tmp_path: Path, seed: int) -> None:
    def content() -> list[bytes]:
        store = Store(tmp_path / "store")
        compilation = compile_tree(corpus / "annotations", store)
        assert compilation.incidents == []
        found = [b"".join(data for _, data in compilation.table(table)) for table in tables().values()]
        store.close()
        return found

    first = content()
    order = random.Random(seed)
    data = bytearray((tmp_path / "store").read_bytes())
    for _ in range(20):
        data[order.randrange(len(data))] ^= 1 << order.randrange(8)
    (tmp_path / "store").write_bytes(data[: order.choice([len(data), order.randrange(len(data))])])
    later(tmp_path / "store")
    assert content() == first
