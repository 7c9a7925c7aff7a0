"""The version that data are shown with: that of a release only if the tables are the release's."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import readouts
from readouts.datapackage.package.package import open_package
from readouts.loaders.registry import known_releases
from readouts.loaders.released import version_label
from readouts.publish.release.archive import archive_bytes, registry_entry
from readouts.text.hydrated_package import HYDRATED_FIELDS, write_hydrated
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

LATEST = list(known_releases())[-1]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The folder of the latest release, without any other."""
    with zipfile.ZipFile(ROOT / "releases" / LATEST / f"readouts-{LATEST}.zip") as opened:
        opened.extractall(tmp_path)
    return tmp_path / f"readouts-{LATEST}"


def edit(package: Path, name: str, old: bytes, new: bytes) -> None:
    path = package / name
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))


def without_hashes(descriptor: dict[str, Any]) -> dict[str, Any]:
    kept = [{k: v for k, v in each.items() if k not in {"hash", "bytes"}} for each in descriptor["resources"]]
    return {**descriptor, "resources": kept}


def label(package: Path) -> str:
    return version_label(open_package(package))


@pytest.mark.parametrize("version", known_releases())
def test_a_release_has_its_version(version: str) -> None:
    assert readouts.load(version).version == version
    assert readouts.open(ROOT / "releases" / version / f"readouts-{version}.zip").version == version


def test_a_changed_cell_makes_it_unreleased(release: Path) -> None:
    assert label(release) == LATEST
    edit(release, "data/entities.csv", b"Barack Obama", b"Barack H. Obama")
    assert label(release) == f"{LATEST}+unreleased"


@pytest.mark.parametrize("change", ["gone", "new", "no file", "moved"])
def test_another_set_of_tables_makes_it_unreleased(release: Path, change: str) -> None:
    path = release / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    first = descriptor["resources"][0]
    if change == "gone":
        del descriptor["resources"][0]
    elif change == "new":
        descriptor["resources"].append({**first, "name": "letters"})
    elif change == "moved":
        first["path"] = (release / "data" / "accounts.csv").rename(release / "accounts.csv").name
    else:
        (release / "data" / "accounts.csv").unlink()
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    assert label(release) == f"{LATEST}+unreleased"


def test_other_words_in_the_descriptor_leave_the_data_the_release(release: Path) -> None:
    edit(release, "datapackage.json", b"Readouts of diplomatic calls", b"Accounts of diplomatic calls")
    assert label(release) == LATEST


@pytest.mark.parametrize(("changed", "ending"), [(False, ""), (True, "+unreleased")])
def test_quotations_leave_a_package_what_it_was(release: Path, changed: bool, ending: str) -> None:
    if changed:
        edit(release, "data/entities.csv", b"Barack Obama", b"Barack H. Obama")
    package = open_package(release)
    rows = {name: [{**row, "text": "words"} for row in package.rows(name)] for name in HYDRATED_FIELDS}
    output = release.parent / "hydrated"
    write_hydrated(replace(package, descriptor=without_hashes(package.descriptor)), output, rows)
    assert label(output) == LATEST + ending


@pytest.mark.parametrize(("key", "value"), [("name", "letters"), ("version", "99.0.0"), ("version", "../1.0.0")])
def test_what_has_another_name_or_no_released_version_keeps_its_version(release: Path, key: str, value: str) -> None:
    edit(release, "data/entities.csv", b"Barack Obama", b"Barack H. Obama")
    path = release / "datapackage.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), key: value}), encoding="utf-8")
    assert label(release) == (value if key == "version" else LATEST)


def test_a_corpus_of_ones_own_is_held_to_its_own_releases(invented_package: Path, tmp_path: Path) -> None:
    package = shutil.copytree(invented_package, tmp_path / "package")
    opened = open_package(package)
    edit(package, "data/entities.csv", b"Marek", b"Marek-Hill")
    assert label(package) == opened.version
    archive = archive_bytes(open_package(invented_package))
    entry = registry_entry(opened, archive)
    folder = package / "releases" / opened.version
    folder.mkdir(parents=True)
    (folder / entry.archive).write_bytes(archive)
    (folder / "release.json").write_text(entry.text(), encoding="utf-8")
    assert label(package) == f"{opened.version}+unreleased"
    edit(package, "data/entities.csv", b"Marek-Hill", b"Marek")
    assert label(package) == opened.version


@pytest.mark.parametrize("content", ["", "{}", "no JSON"])
def test_a_folder_of_other_releases_is_passed_over(release: Path, content: str) -> None:
    (release / "releases" / LATEST).mkdir(parents=True)
    (release / "releases" / LATEST / "release.json").write_text(content, encoding="utf-8")
    assert label(release) == LATEST


def test_load_gives_the_release_where_the_data_at_hand_have_moved_on(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(release, "data/entities.csv", b"Barack Obama", b"Barack H. Obama")
    monkeypatch.setattr("readouts.loaders.loading.bundled_package", lambda: release)
    assert readouts.load().version == f"{LATEST}+unreleased"
    assert readouts.load(f"{LATEST}+unreleased").package.root == release
    older = readouts.load(LATEST)
    assert older.version == LATEST
    assert "Barack Obama" in set(older.entities["name"])


@pytest.mark.slow
def test_every_place_that_shows_the_version_says_so(release: Path, run: Run, tmp_path: Path) -> None:
    edit(release, "data/events.csv", b"Call between Obama and Putin, 6 March", b"Call of Obama and Putin, 6 March")
    descriptor = without_hashes(open_package(release).descriptor)
    (release / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    shown = f"{LATEST}+unreleased"
    corpus = readouts.open(release)
    for text in (repr(corpus), corpus._repr_html_(), corpus.cite().text, corpus.cite().bibtex, repr(corpus.plot)):
        assert shown in text
    assert "released 2" not in repr(corpus)
    assert corpus.plot.coverage().rows
    assert run("info", str(release)).stdout.startswith(f"readouts {shown}\n")
    assert json.loads(run("validate", str(release), "--format", "json").stdout)["package"]["version"] == shown
    found = readouts.diff(ROOT / "releases" / LATEST / f"readouts-{LATEST}.zip", release)
    assert (found.old.version, found.new.version) == (LATEST, shown)
    assert run("export", str(release), "--to", "jsonld", "--to", "sqlite", "--output", str(tmp_path)).returncode == 0
    linked = json.loads((tmp_path / "readouts.jsonld").read_text(encoding="utf-8"))
    assert next(node for node in linked["@graph"] if node["@id"] == "#dataset")["version"] == shown
    assert open_package(release).version == LATEST, "the descriptor keeps the version of corpus.yaml"


def test_a_chart_names_the_version_of_its_data() -> None:
    corpus = readouts.load()
    assert f"Source: {corpus.name} {corpus.version}." in corpus.plot.coverage().svg()
