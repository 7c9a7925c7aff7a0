"""The folder that a site is written to: what a build writes, leaves, removes and refuses."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.datapackage.errors import PackageError
from readouts.publish.site import building
from readouts.publish.site.building import build_site
from readouts.publish.site.output import MANIFEST, open_folder
from tests.publish.site.altered import altered
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run


def _bytes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _changed_name(folder: Path, name: str = "City of Paris") -> Path:
    return altered(
        small_package(),
        folder,
        {"entities": lambda rows: [{**row, "name": name} if row["entity_id"] == "paris" else row for row in rows]},
    )


def test_a_second_build_writes_nothing(invented_package: Path, tmp_path: Path) -> None:
    corpus = readouts.open(invented_package)
    first = build_site(corpus, tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    second = build_site(corpus, tmp_path / "out")
    assert (second.files, second.written, second.removed) == (first.files, 0, 0)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.suffix == ".html"} == {
        path: time for path, time in times.items() if path.suffix == ".html"
    }


def test_a_build_after_one_change_writes_only_what_shows_it_and_gives_what_a_fresh_build_gives(tmp_path: Path) -> None:
    # Both differ from the release, so that every page shows the same version.
    build_site(readouts.open(_changed_name(tmp_path / "old", "Town of Paris")), tmp_path / "out")
    before = _bytes(tmp_path / "out")
    changed = readouts.open(_changed_name(tmp_path / "new"))
    done = build_site(changed, tmp_path / "out")
    after = _bytes(tmp_path / "out")
    differing = [path for path in after if before.get(path) != after[path] and path != MANIFEST]
    assert done.written == len(differing)
    assert "entities/paris.html" in differing
    assert not [path for path in differing if path.startswith(("statements/", "articles/"))]
    build_site(changed, tmp_path / "fresh")
    assert after == _bytes(tmp_path / "fresh")


@pytest.mark.slow
def test_two_processes_write_what_one_writes(
    invented_package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = build_site(readouts.open(invented_package), tmp_path / "one")
    monkeypatch.setattr(building, "_MANY", 1)
    two = build_site(readouts.open(invented_package), tmp_path / "two", processes=2)
    assert two == one
    assert _bytes(tmp_path / "two") == _bytes(tmp_path / "one")
    assert build_site(readouts.open(invented_package), tmp_path / "one", processes=2).written == 0


def test_pages_with_quotations_are_the_same_by_two_processes(
    invented_package: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = corpus / "texts"
    build_site(readouts.open(invented_package), tmp_path / "one", texts)
    monkeypatch.setattr(building, "_MANY", 1)
    build_site(readouts.open(invented_package), tmp_path / "two", texts, processes=2)
    assert _bytes(tmp_path / "two") == _bytes(tmp_path / "one")


def test_what_one_of_two_processes_cant_read_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = altered(small_package(), tmp_path / "package", {})
    (package / "data" / "spans.csv").write_text("changed", encoding="utf-8")
    monkeypatch.setattr(building, "_MANY", 1)
    with pytest.raises(PackageError, match="is not the file"):
        build_site(readouts.open(package), tmp_path / "out", processes=2)
    assert not (tmp_path / "out").exists()


def test_two_processes_that_want_the_same_place_are_told_so(tmp_path: Path) -> None:
    whole = open_folder(tmp_path / "out")
    parts = [whole.part(), whole.part()]
    for part in parts:
        part.write("events/call.html", b"a page")
    whole.join(parts[0])
    with pytest.raises(PackageError, match="Two pages of the site"):
        whole.join(parts[1])


@pytest.mark.slow
def test_pages_of_what_is_gone_are_removed_and_files_of_others_stay(tmp_path: Path) -> None:
    build_site(readouts.open(small_package()), tmp_path / "out")
    mine = tmp_path / "out" / "events" / "notes.txt"
    mine.write_text("mine", encoding="utf-8")
    gone = altered(
        small_package(),
        tmp_path / "package",
        {"events": lambda rows: [row for row in rows if row["event_id"] != "meeting-paris-2014-03"]},
    )
    done = build_site(readouts.open(gone), tmp_path / "out")
    assert done.removed >= 1
    assert not (tmp_path / "out" / "events" / "meeting-paris-2014-03.html").exists()
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_holds_something_else_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(PackageError, match=r"has other files \(thesis.txt\)"):
        build_site(readouts.open(small_package()), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(PackageError, match="is not a folder"):
        build_site(readouts.open(small_package()), tmp_path / "thesis.txt")


def test_a_package_that_cant_be_read_leaves_no_folder(tmp_path: Path) -> None:
    package = altered(small_package(), tmp_path / "package", {})
    (package / "data" / "statements.csv").write_text("changed", encoding="utf-8")
    with pytest.raises(PackageError, match="is not the file"):
        build_site(readouts.open(package), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_that_no_build_wrote_is_not_overwritten(
    published_site: Path, invented_package: Path, tmp_path: Path
) -> None:
    shutil.copytree(published_site, tmp_path / "out")
    foreign = tmp_path / "out" / "events" / "call-2031-05-01.html"
    foreign.write_text("mine", encoding="utf-8")
    with pytest.raises(PackageError, match="isn't part of the site"):
        build_site(readouts.open(invented_package), tmp_path / "out")
    assert foreign.read_text(encoding="utf-8") == "mine"


def test_a_build_that_broke_off_is_completed_by_the_next(invented_package: Path, tmp_path: Path) -> None:
    build_site(readouts.open(invented_package), tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "broken")
    manifest = tmp_path / "broken" / MANIFEST
    manifest.write_text(json.dumps({"finished": False, "files": []}), encoding="utf-8")
    (tmp_path / "broken" / "index.html").write_text("<html>half of it", encoding="utf-8")
    build_site(readouts.open(invented_package), tmp_path / "broken")
    assert _bytes(tmp_path / "broken") == _bytes(tmp_path / "whole")


@pytest.mark.parametrize("text", ["[]", "{", '{"files": [3], "finished": true}', '{"files": []}'])
def test_a_list_of_files_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(PackageError, match="not the list of a site's files"):
        build_site(readouts.open(small_package()), tmp_path)


def test_a_list_of_files_removes_nothing_outside_the_folder(invented_package: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("here", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / MANIFEST).write_text('{"finished": true, "files": ["../victim.txt"]}', encoding="utf-8")
    with pytest.raises(PackageError, match="leaves the package"):
        build_site(readouts.open(invented_package), tmp_path / "out")
    assert victim.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_in_the_folder_is_not_followed_out_of_it(invented_package: Path, tmp_path: Path) -> None:
    build_site(readouts.open(invented_package), tmp_path / "out")
    victim = tmp_path / "victim.html"
    victim.write_text("here", encoding="utf-8")
    (tmp_path / "out" / "index.html").unlink()
    (tmp_path / "out" / "index.html").symlink_to(victim)
    build_site(readouts.open(invented_package), tmp_path / "out")
    assert victim.read_text(encoding="utf-8") == "here"
    assert not (tmp_path / "out" / "index.html").is_symlink()


def test_two_builds_give_the_same_bytes_whatever_the_place_and_the_surroundings(
    invented_package: Path, run: Run, tmp_path: Path
) -> None:
    surroundings = (
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "COLUMNS": "40"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"},
    )
    for number, environment in enumerate(surroundings):
        done = run("site", invented_package, "--output", tmp_path / str(number), env=environment)
        assert done.returncode == 0, done.stderr
    assert _bytes(tmp_path / "0") == _bytes(tmp_path / "1")


def test_the_command_says_what_it_wrote_and_where_to_look(invented_package: Path, run: Run, tmp_path: Path) -> None:
    done = run("site", invented_package, "--output", "out", cwd=tmp_path)
    assert done.returncode == 0
    assert "files to out" in done.stdout
    assert "index.html" in done.stderr
    again = run("site", invented_package, "--output", "out", cwd=tmp_path)
    assert "Nothing changed: the " in again.stdout


def test_pages_with_quotations_have_them_and_a_banner_and_ask_not_to_be_indexed(
    invented_package: Path, corpus: Path, run: Run, tmp_path: Path
) -> None:
    done = run("site", invented_package, "--output", tmp_path / "out", "--texts", corpus / "texts")
    assert done.returncode == 0, done.stderr
    assert "must stay local" in done.stderr
    hydrated = readouts.open(invented_package).hydrate(corpus / "texts")
    quotation = next(" ".join(row["content"].split()) for row in hydrated.texts("statements") if row["content"])
    found = [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "out").rglob("*.html"))]
    assert all("must not be published" in text and 'content="noindex, noarchive"' in text for text in found)
    plain = tmp_path / "plain"
    build_site(readouts.open(invented_package), plain)
    published = [path.read_text(encoding="utf-8") for path in sorted(plain.rglob("*.html"))]
    words = quotation[:30]
    assert any(words in text for text in found)
    assert not any(words in text or "must not be published" in text for text in published)
    for name in ("statements.csv", "spans.csv"):
        assert (tmp_path / "out" / "package" / "data" / name).read_bytes() == (
            invented_package / "data" / name
        ).read_bytes()


def test_pages_with_quotations_never_lie_inside_the_package(invented_package: Path, corpus: Path, run: Run) -> None:
    done = run("site", invented_package, "--output", invented_package / "site", "--texts", corpus / "texts")
    assert done.returncode == 2
    assert "is inside the package" in done.stderr
    assert not (invented_package / "site").exists()


def test_a_folder_without_a_text_of_the_corpus_is_refused(invented_package: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    done = run("site", invented_package, "--output", tmp_path / "out", "--texts", tmp_path / "texts")
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


def test_what_a_build_added_before_it_broke_off_goes_with_the_next_one(tmp_path: Path) -> None:
    def build(pages: dict[str, bytes], last: str = "") -> None:
        folder = open_folder(tmp_path / "site")
        folder.claim()
        for path, data in pages.items():
            folder.write(path, data)
            if path == last:
                return
        folder.finish()

    build({"a.html": b"a"})
    build({"things/draft.html": b"draft", "a.html": b"b"}, last="things/draft.html")
    build({"a.html": b"a"})
    assert sorted(path.name for path in (tmp_path / "site").iterdir()) == [MANIFEST, "a.html"]
    build({"things/draft.html": b"another", "a.html": b"a"})
    assert (tmp_path / "site" / "things" / "draft.html").read_bytes() == b"another"
