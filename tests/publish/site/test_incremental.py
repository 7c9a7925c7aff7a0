"""A site that is built again: what is kept, what is made anew, and that it is what a build from nothing gives."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import readouts
from readouts.datapackage.package.package import open_package
from readouts.publish.site import building, fingerprint
from readouts.publish.site.building import build_site
from readouts.publish.site.data import SiteData
from readouts.publish.site.fingerprint import value_digest
from readouts.publish.site.output import MANIFEST, Written
from readouts.publish.site.page import Page
from readouts.publish.site.rendering import Renderer
from tests.conftest import ROOT
from tests.publish.site.altered import altered
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.context import SiteContext

TABLES = {name: list(each.table.fields) for name, each in open_package(ROOT).resources.items() if each.table}
KINDS = ("another's", "missing", "new text", "row removed", "row added", "rows turned")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _edited(rows: list[Row], column: str, kind: str, chance: Random) -> list[Row]:
    """Return rows with one edit; the same where it can't be made."""
    if not rows:
        return rows
    place = chance.randrange(len(rows))
    row = rows[place]
    if kind == "row removed":
        return rows[:place] + rows[place + 1 :]
    if kind == "row added":
        return [*rows, {**row, column: f"{row[column] or ''}x"}]
    if kind == "rows turned":
        return [*rows[place:], *rows[:place]]
    values = {"another's": chance.choice(rows)[column], "missing": None, "new text": f"{row[column] or ''} anew"}
    return [*rows[:place], {**row, column: values[kind]}, *rows[place + 1 :]]


def _check(edits: list[tuple[str, str, str]], chance: Random, folder: Path) -> None:
    """Make edit after edit, and build after each both in the same folder and from nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    package = small_package()
    build_site(readouts.open(package), folder / "site")
    for number, (table, column, kind) in enumerate(edits):
        package = altered(
            package,
            folder / f"package{number}",
            {table: lambda rows, c=column, k=kind: _edited(rows, c, k, chance)},  # type: ignore[misc]
        )
        try:
            build_site(readouts.open(package), folder / "fresh")
        except Exception:
            # A value that the site can't show: what was begun stays for the next edit.
            with suppress(Exception):
                build_site(readouts.open(package), folder / "site")
            package = small_package()
            shutil.rmtree(folder / "fresh", ignore_errors=True)
            continue
        build_site(readouts.open(package), folder / "site")
        found, expected = _files(folder / "site"), _files(folder / "fresh")
        assert found.keys() == expected.keys(), (table, column, kind)
        assert not [path for path in found if found[path] != expected[path]], (table, column, kind)
        shutil.rmtree(folder / "fresh")


@st.composite
def _edits(draw: st.DrawFn) -> tuple[str, str, str]:
    table = draw(st.sampled_from(sorted(TABLES)))
    column = draw(st.sampled_from(TABLES[table])).name
    return table, column, draw(st.sampled_from(KINDS))


@settings(max_examples=2, deadline=None)
@given(st.lists(_edits(), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_whatever_was_edited_a_second_build_gives_what_a_first_one_would(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, str, str]], chance: Random
) -> None:
    _check(edits, chance, tmp_path_factory.getbasetemp() / "edited")


@pytest.mark.slow
@pytest.mark.parametrize("table", sorted(TABLES))
def test_no_column_is_overlooked(table: str, tmp_path: Path) -> None:
    chance = Random(table)
    edits = [(table, field.name, KINDS[number % 3]) for number, field in enumerate(TABLES[table])]
    edits += [(table, TABLES[table][0].name, kind) for kind in KINDS[3:]]
    _check(edits, chance, tmp_path / "out")


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small corpus; never written to."""
    folder = tmp_path_factory.mktemp("small") / "site"
    build_site(readouts.open(small_package()), folder)
    return folder


@pytest.fixture
def built(small_site: Path, tmp_path: Path) -> Path:
    """The site of the small corpus, for changing it."""
    shutil.copytree(small_site, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are made, as they are made."""
    found: list[str] = []
    render = Renderer.render

    def counted(page: Page, context: Any) -> bytes:
        found.append(page.path)
        return render(page, context)

    monkeypatch.setattr(Renderer, "render", staticmethod(counted))
    return found


def test_where_nothing_changed_no_page_is_made_and_no_table_is_read(
    built: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "open_site", lambda *_: pytest.fail("the tables were read"))
    before = _files(built)
    done = build_site(readouts.open(small_package()), built)
    assert done == Written(len(before) - 1, 0, 0)
    assert _files(built) == before
    assert made == []


def test_one_renamed_entity_makes_its_pages_only(built: Path, made: list[str], tmp_path: Path) -> None:
    renamed = altered(
        small_package(),
        tmp_path / "package",
        {"entities": lambda rows: [{**row, "name": "Town"} if row["entity_id"] == "paris" else row for row in rows]},
    )
    done = build_site(readouts.open(renamed), built)
    assert "entities/paris.html" in made
    assert len(made) < done.files / 10
    assert not [path for path in made if path.startswith("articles/")]


def _deleted(page: Path) -> None:
    page.unlink()


def _edited_by_hand(page: Path) -> None:
    page.write_bytes(page.read_bytes() + b"!")


def _same_size_and_time(page: Path) -> None:
    time = page.stat()
    page.write_bytes(bytes(reversed(page.read_bytes())))
    os.utime(page, ns=(time.st_atime_ns, time.st_mtime_ns))


def _replaced_by_a_link(page: Path) -> None:
    page.rename(page.with_suffix(".moved"))
    page.symlink_to(page.with_suffix(".moved"))


@pytest.mark.parametrize("harm", [_deleted, _edited_by_hand, _same_size_and_time, _replaced_by_a_link])
@pytest.mark.parametrize("path", ["events/meeting-paris-2014-03.html", "tables/spans.html", "static/site.css"])
def test_what_happened_to_a_file_is_repaired(built: Path, harm: Callable[[Path], None], path: str) -> None:
    if harm is _replaced_by_a_link and sys.platform == "win32":
        pytest.skip("links need rights there")
    before = _files(built)
    harm(built / path)
    done = build_site(readouts.open(small_package()), built)
    assert done.written == 1
    assert {name: data for name, data in _files(built).items() if not name.endswith(".moved")} == before
    assert not (built / path).is_symlink()


def test_a_build_that_broke_off_is_not_taken_for_done(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = altered(
        small_package(), tmp_path / "package", {"events": lambda rows: [{**row, "title": "Anew"} for row in rows]}
    )
    render, left = Renderer.render, [25]

    def broken(page: Page, context: Any) -> bytes:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return render(page, context)

    with monkeypatch.context() as patched:
        patched.setattr(Renderer, "render", staticmethod(broken))
        with pytest.raises(KeyboardInterrupt):
            build_site(readouts.open(changed), built)
    # Neither for the old package, of which it began to write over the pages, nor for the new one.
    assert build_site(readouts.open(small_package()), built).written > 0
    build_site(readouts.open(changed), built)
    build_site(readouts.open(changed), tmp_path / "fresh")
    assert _files(built) == _files(tmp_path / "fresh")


def test_a_table_changed_without_its_descriptor_is_not_taken_for_unchanged(tmp_path: Path) -> None:
    package = altered(small_package(), tmp_path / "package", {})
    build_site(readouts.open(package), tmp_path / "site")
    with (package / "data" / "relations.csv").open("ab") as stream:
        stream.write(b"\n")
    with pytest.raises(readouts.PackageError, match="is not the file"):
        build_site(readouts.open(package), tmp_path / "site")


def test_another_version_of_the_code_makes_every_page_anew(
    built: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fingerprint, "code_digest", lambda: "another")
    monkeypatch.setattr("readouts.publish.site.rendering.code_digest", lambda: "another")
    done = build_site(readouts.open(small_package()), built)
    assert done.written == 0
    assert len(made) == len({path for path in _files(built) if path.endswith(".html")})


def test_a_release_that_comes_or_changes_is_not_overlooked(tmp_path: Path) -> None:
    package = altered(ROOT, tmp_path / "package", {})
    build_site(readouts.open(package), tmp_path / "site")
    shutil.copytree(ROOT / "releases" / "1.0.0", package / "releases" / "1.0.0")
    assert build_site(readouts.open(package), tmp_path / "site").written > 0
    entry = package / "releases" / "1.0.0" / "release.json"
    document = json.loads(entry.read_text(encoding="utf-8"))
    entry.write_text(json.dumps(document | {"released": "2020-02-02"}), encoding="utf-8")
    assert build_site(readouts.open(package), tmp_path / "site").written > 0


def test_a_document_or_a_schema_in_a_file_of_its_own_that_changes_is_not_overlooked(tmp_path: Path) -> None:
    package, site = altered(small_package(), tmp_path / "package", {}), tmp_path / "site"
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(each for each in descriptor["resources"] if each["name"] == "events")
    schema, resource["schema"] = resource["schema"], "events.json"
    sheet = package / "docs" / "datasheet.md"
    sheet.parent.mkdir()
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    for words, text in (("Eine", "One."), ("Zwei", "One."), ("Zwei", "Two.")):
        (package / "events.json").write_text(json.dumps(schema | {"description": words}), encoding="utf-8")
        sheet.write_text(f"# Sheet\n\n{text}\n", encoding="utf-8")
        build_site(readouts.open(package), site)
        assert f"<p>{text}</p>" in (site / "datasheet.html").read_text(encoding="utf-8")
        assert words in (site / "tables" / "events.html").read_text(encoding="utf-8")


def test_texts_that_change_are_not_overlooked(invented_package: Path, corpus: Path, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    shutil.copytree(corpus / "texts", texts)
    opened = readouts.open(invented_package)
    first = build_site(opened, tmp_path / "site", texts)
    assert build_site(opened, tmp_path / "site", texts) == replace(first, written=0)
    next(iter(sorted(texts.glob("*.txt")))).unlink()
    assert build_site(opened, tmp_path / "site", texts).written > 0
    # Of a corpus that was hydrated before, the texts aren't known: its pages are compared one by one.
    hydrated = opened.hydrate(texts)
    assert build_site(hydrated, tmp_path / "site").written == 0
    assert json.loads((tmp_path / "site" / MANIFEST).read_text(encoding="utf-8"))["inputs"] == ""


def test_a_folder_that_an_earlier_version_wrote_is_taken_over(built: Path) -> None:
    before = _files(built)
    manifest = json.loads(before[MANIFEST])
    old = {"finished": True, "files": sorted(manifest["files"])}
    (built / MANIFEST).write_text(json.dumps(old), encoding="utf-8")
    assert build_site(readouts.open(small_package()), built).written == 0
    assert _files(built) == before


def test_a_page_whose_values_cant_be_written_down_is_made_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: list[str]
) -> None:
    def pages(site: SiteContext) -> Iterator[Page]:
        yield Page("odd.html", "document.html", {"title": "Odd", "body": "", "of_the_site": site, "odd": lambda: 1})

    monkeypatch.setattr(building, "PAGES", (pages,))
    for _ in range(2):
        folder = tmp_path / "site"
        build_site(readouts.open(small_package()), folder)
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        (folder / MANIFEST).write_text(json.dumps(manifest | {"inputs": ""}), encoding="utf-8")
    assert made == ["odd.html", "odd.html"]


def test_values_differ_by_what_they_hold_and_not_by_which_objects_they_are() -> None:
    name = "Ana Lou"
    assert value_digest([name, name]) == value_digest([name, " ".join(["Ana", "Lou"])])
    assert value_digest(Page("a", "b", {"c": 1})) != value_digest(Page("a", "b", {"c": 2}))
    assert value_digest("1") != value_digest(1)


def test_what_cant_be_written_down_is_not_taken_for_something_else() -> None:
    with pytest.raises(TypeError):
        value_digest([lambda: 1])
    data = SiteData(readouts.open(small_package()))
    with pytest.raises(TypeError, match="the whole release"):
        value_digest(data)


_READS = """
import os, sys
from pathlib import Path
import readouts
from readouts.publish.site.building import build_site
from readouts.publish.site.data import SiteData
from readouts.publish.site.fingerprint import code_digest, inputs_digest

package, texts, output, other = map(Path, sys.argv[1:])
corpus = readouts.open(package)
build_site(corpus, other, texts)  # what is imported and compiled once is read now
reads = []
def heard(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)) and not arguments[2] & (os.O_WRONLY | os.O_RDWR):
        reads.append(os.path.realpath(os.fsdecode(arguments[0])))
code_digest.cache_clear()
sys.addaudithook(heard)
inputs_digest(corpus.package, texts)
known = set(reads)
reads.clear()
build_site(readouts.open(package), output, texts)
code = os.path.dirname(readouts.__file__)
free = (sys.prefix, sys.base_prefix, os.path.realpath(output), "/proc", "/dev", "/sys", code)
print("\\n".join(sorted({path for path in reads if path not in known and not path.startswith(free)})))
"""


def test_every_file_that_a_build_reads_is_one_that_its_digest_covers(
    invented_package: Path, corpus: Path, tmp_path: Path
) -> None:
    arguments = [invented_package, corpus / "texts", tmp_path / "site", tmp_path / "other"]
    done = subprocess.run(
        [sys.executable, "-c", _READS, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    # The descriptor was read when the package was opened: what it holds is part of the digest.
    assert set(done.stdout.split()) <= {str((invented_package / "datapackage.json").resolve())}
