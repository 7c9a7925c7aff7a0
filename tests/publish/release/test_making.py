"""Making a release: what refuses it, how each refusal is mended, and that anyone gets the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from readouts.compile.validation import validate
from readouts.corpus_schema.bundled import bundled_schemas
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.locate import released
from readouts.datapackage.package.package import open_package
from readouts.datapackage.versioning import version_of
from readouts.publish.release.candidate import candidate
from readouts.publish.release.preparing import prepare
from readouts.publish.release.source import built, source_files, verify
from readouts.publish.release.worktree import annotation_files
from tests.conftest import INVENTED, ROOT
from tests.packages import write_release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from readouts.publish.release.problem import Problem

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CHANGELOG = "# Changelog\n\n## Data\n\n### [0.3.1] - 2031-06-01\n\nThe first release.\n"
CITATION = 'cff-version: 1.2.0\ntype: dataset\nversion: 0.3.1\ndate-released: "2031-06-01"\n'
ENTITIES = "annotations/entities.yaml"
CHANGES = "annotations/id_changes.csv"
CORPUS = "annotations/corpus.yaml"


def git(project: Path, *arguments: str) -> None:
    person = ["-c", "user.name=A person", "-c", "user.email=person@example.org", "-c", "core.autocrlf=false"]
    subprocess.run(["git", "-C", str(project), *person, *arguments], check=True, capture_output=True)


def commit(project: Path) -> None:
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "A change")


def edit(project: Path, name: str, old: str, new: str) -> None:
    path = project / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{name} has {text.count(old)} times {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def publish(project: Path) -> None:
    """Build the package of a project, record it as released, and commit: a release without its checks."""
    with built(source_files(project, annotation_files(project, untracked=True), bundled_schemas())) as package:
        shutil.rmtree(project / "data", ignore_errors=True)
        shutil.copytree(package.root / "data", project / "data")
        shutil.copy(package.root / "datapackage.json", project)
        write_release(package, project / "releases" / package.version)
    commit(project)


def release(project: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "release.py"), *arguments],
        cwd=project,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def snapshot(project: Path) -> dict[str, str]:
    return {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.rglob("*"))
        if path.is_file() and not {".git", ".readouts"} & set(path.parts)
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose first release, 0.3.1, is committed."""
    project = tmp_path_factory.mktemp("first") / "project"
    shutil.copytree(INVENTED / "annotations", project / "annotations")
    (project / ".gitignore").write_text("/dist/\n.readouts/\n", encoding="utf-8", newline="\n")
    (project / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8", newline="\n")
    (project / "CITATION.cff").write_text(CITATION, encoding="utf-8", newline="\n")
    git(project.parent, "init", "--quiet", str(project))
    publish(project)
    return project


@pytest.fixture
def project(first: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    return Path(shutil.copytree(first, tmp_path / "project"))


def change(project: Path) -> None:
    """Correct a name, and add a place."""
    edit(project, ENTITIES, "name: Lake Town,", "name: Laketown,")
    edit(
        project,
        ENTITIES,
        "  courier: {",
        "  far-port: {kind: place, name: Far Port, description: A port.}\n  courier: {",
    )


@pytest.fixture
def changed(project: Path) -> Path:
    """A copy of it with a corrected name and a new place, neither prepared nor committed."""
    change(project)
    return project


@pytest.fixture(scope="module")
def first_prepared(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, prepared once; not to be written to."""
    project = Path(shutil.copytree(first, tmp_path_factory.mktemp("prepared") / "project"))
    change(project)
    assert prepared(project) == ()
    return project


@pytest.fixture
def ready(first_prepared: Path, tmp_path: Path) -> Path:
    """A copy of it with a corrected name and a new place, prepared and not committed."""
    return Path(shutil.copytree(first_prepared, tmp_path / "project"))


@pytest.fixture(scope="module")
def first_without_port(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose second release, 1.0.0, has a place that is gone since; not to be written to."""
    project = Path(shutil.copytree(first, tmp_path_factory.mktemp("without-port") / "project"))
    drop_port(project)
    return project


@pytest.fixture
def without_port(first_without_port: Path, tmp_path: Path) -> Path:
    """A copy of it, to change."""
    return Path(shutil.copytree(first_without_port, tmp_path / "project"))


def prepared(project: Path, version: str | None = None) -> tuple[Problem, ...]:
    return prepare(project, annotation_files(project, untracked=True), version, "2031-07-01").problems


@contextmanager
def problems(project: Path) -> Iterator[str]:
    with candidate(project, annotation_files(project)) as made:
        yield "\n".join("\n".join([found.what, found.fix, *found.lines]) for found in made.problems)


@pytest.mark.slow
def test_two_releases_made_in_different_folders_time_zones_and_locales_are_identical(
    changed: Path, tmp_path: Path
) -> None:
    done = release(changed, "--prepare", "--date", "2031-07-01")
    assert done.returncode == 0, done.stderr
    commit(changed)
    other = Path(shutil.copytree(changed, tmp_path / "elsewhere, and déeper" / "in" / "another project"))
    one = release(changed, TZ="UTC", LC_ALL="C", PYTHONHASHSEED="1")
    two = release(other, TZ="Asia/Kathmandu", LC_ALL="de_DE.UTF-8", PYTHONHASHSEED="2")
    assert (one.returncode, two.returncode) == (0, 0), one.stdout + one.stderr + two.stdout + two.stderr
    assert one.stdout == two.stdout
    assert "git tag -s v0.4.0" in one.stdout
    assert snapshot(changed) == snapshot(other)
    dist = {path.name: path.read_bytes() for path in (changed / "dist").iterdir() if path.is_file()}
    formats = [
        {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (changed / "dist" / "formats", other / "dist" / "formats")
    ]
    assert formats[0] == formats[1]
    assert "invented-calls.xlsx" in formats[0]
    step = "invented-calls-0.3.1-to-0.4.0"
    stem = "invented-calls-0.4.0"
    assert set(dist) == {
        f"{stem}.zip", f"{stem}-source.zip", f"{step}.delta", f"{step}.html", "release.json", "zenodo.json",
        "SHA256SUMS",
    }  # fmt: skip
    lines = [line.split("  ") for line in dist["SHA256SUMS"].decode().splitlines()]
    names = sorted(set(dist) - {"SHA256SUMS"})
    assert lines == [[hashlib.sha256(dist[name]).hexdigest(), name] for name in names]
    assert str(tmp_path).encode() not in b"".join(dist.values())
    record = {path.name: path.read_bytes() for path in (changed / "releases" / "0.4.0").iterdir()}
    assert record == {
        f"{stem}.zip": dist[f"{stem}.zip"],
        "release.json": dist["release.json"],
        "source.zip": dist[f"{stem}-source.zip"],
    }
    assert verify(changed / "releases" / "0.4.0")["version"] == "0.4.0"
    # The record may lie there uncommitted, and once it is committed the same release comes out of it again.
    before = snapshot(changed)
    again = release(changed, "--dry-run")
    assert again.returncode == 0, again.stdout
    commit(changed)
    assert release(changed).returncode == 0
    assert snapshot(changed) == before
    told = release(changed, "--verify", "0.4.0")
    assert told.returncode == 0
    assert "byte for byte" in told.stdout
    # What was made may be sent, by the commands that were shown.
    sent = release(changed, "--deposits")
    assert sent.returncode == 0, sent.stdout + sent.stderr
    commands = [
        line for line in sent.stdout.splitlines() if line.startswith("  ") and "SHA256SUMS" in line and "curl" in line
    ]
    assert commands
    assert set(commands) <= set(one.stdout.splitlines())


@pytest.mark.slow
def test_a_dry_run_writes_nothing_and_names_every_reason_at_once(changed: Path) -> None:
    (changed / "notes.txt").write_text("Mine.", encoding="utf-8")
    before = snapshot(changed)
    done = release(changed, "--dry-run")
    assert done.returncode == 1
    assert snapshot(changed) == before
    assert not (changed / ".readouts").exists()
    assert "?? notes.txt" in done.stdout
    assert f" M {ENTITIES}" in done.stdout
    assert "expected at least 0.4.0 after 0.3.1, found 0.3.1" in done.stdout
    assert "minor: rows are new (1 in entities: far-port)" in done.stdout
    assert "data/entities.csv" in done.stdout
    assert "readouts release --prepare" in done.stdout
    as_json = release(changed, "--dry-run", "--format", "json")
    assert (as_json.returncode, as_json.stderr) == (1, "")
    document = json.loads(as_json.stdout)
    assert (document["written"], document["version"]) == (False, "0.3.1")
    assert [each["what"] for each in document["problems"]] == re.findall(r"^\d+\. (.+)", done.stdout, re.MULTILINE)


@pytest.mark.slow
def test_findings_of_the_release_gates_refuse_a_release(project: Path) -> None:
    text = (project / ENTITIES).read_text(encoding="utf-8")
    more = "".join(
        f"  place-{number}: {{kind: place, name: Place {number}, description: A place.}}\n" for number in range(200)
    )
    (project / ENTITIES).write_text(text.replace("relations:\n", f"{more}relations:\n"), encoding="utf-8", newline="\n")
    assert prepared(project) == ()
    commit(project)
    done = release(project, "--dry-run")
    assert done.returncode == 1
    assert "Rows of entities: allowed is 10 to 111" in done.stdout
    assert "The package has findings." in done.stdout
    entry = '  - gate: entities-rows\n    against: 0.3.1\n    found: "211"\n    reason: WHY\n'
    assert entry in done.stdout
    # The entry accepts this finding, with its reason and for this comparison, and no other.
    with (project / CORPUS).open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(f"accepted:\n{entry}")
    with pytest.raises(PackageError, match=r"annotations/corpus\.yaml:\d+.*Expected a sentence.*found 'WHY'"):
        prepared(project)
    edit(project, CORPUS, "WHY", "A survey of the coast named two hundred places.")
    assert prepared(project) == ()
    commit(project)
    done = release(project)
    assert done.returncode == 0, done.stdout
    assert "accepted-gate once" in done.stdout
    assert "found 211. Accepted: A survey of the coast named two hundred places." in done.stdout
    assert verify(project / "releases" / "0.4.0")["version"] == "0.4.0"
    archives = [project / "releases" / version / f"invented-calls-{version}.zip" for version in ("0.3.1", "0.4.0")]
    report = validate(archives[1], level="release", against=archives[0])
    assert report.valid
    assert report.counts["accepted-gate"] == 1
    # What the next release takes from it is outdated, and says so.
    edit(project, ENTITIES, "  courier: {", f"{PORT}  courier: {{")
    (outdated,) = prepared(project)
    assert outdated.lines == ("entities-rows: against 0.3.1",)


@pytest.mark.slow
def test_a_version_that_is_too_small_is_refused_with_the_number_to_use(ready: Path) -> None:
    edit(ready, CORPUS, "version: 0.4.0", "version: 0.3.2")
    with problems(ready) as found:
        assert "expected at least 0.4.0 after 0.3.1, found 0.3.2 in annotations/corpus.yaml" in found
        assert "Write `version: 0.4.0` into annotations/corpus.yaml" in found
        assert "patch: values are corrected (1 in entities)" in found
    with pytest.raises(PackageError, match=r"--version 0\.3\.9 is too small: expected at least 0\.4\.0 after 0\.3\.1"):
        prepared(ready, "0.3.9")


@pytest.mark.slow
def test_what_is_prepared_is_released_and_a_greater_version_may_be_asked_for(ready: Path) -> None:
    commit(ready)
    with problems(ready) as found:
        assert not found
    assert prepared(ready, "1.0.0") == ()
    commit(ready)
    with problems(ready) as found:
        assert not found
    assert "[0.4.0]" not in (ready / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "version: 1.0.0\n" in (ready / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.slow
def test_preparing_twice_writes_nothing_more_and_preparing_after_a_change_keeps_people_s_words(ready: Path) -> None:
    before = snapshot(ready)
    assert prepared(ready) == ()
    assert snapshot(ready) == before
    edit(ready, "CHANGELOG.md", "### [0.4.0] - 2031-07-01\n", "### [0.4.0] - 2031-07-01\n\nWe went to see.\n")
    edit(ready, ENTITIES, "name: Courier,", "name: The Courier,")
    commit(ready)
    with problems(ready) as found:
        assert "CHANGELOG.md does not say what changed: expected the generated part of [0.4.0]" in found
    assert prepared(ready) == ()
    commit(ready)
    with problems(ready) as found:
        assert not found
    text = (ready / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "We went to see." in text
    assert "`name` is `The Courier`, was `Courier`" in text


@pytest.mark.slow
def test_a_vanished_id_is_refused_with_the_row_to_add_and_that_row_mends_it(without_port: Path) -> None:
    (refused,) = prepared(without_port)
    row = "change-0002,entities,port-vell,unreleased,removed,,WHY"
    assert refused.lines == (row,)
    assert "version: 1.0.0\n" in (without_port / CORPUS).read_text(encoding="utf-8")
    with (without_port / CHANGES).open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(f"{row}\n")
    assert ["WHY" in found.what for found in prepared(without_port)] == [True]
    edit(without_port, CHANGES, "WHY", "It is no port.")
    assert prepared(without_port) == ()
    commit(without_port)
    with problems(without_port) as found:
        assert not found
    text = (without_port / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "  - Port Vell (`port-vell`): It is no port." in text
    assert "entities,port-vell,2.0.0,removed" in (without_port / CHANGES).read_text(encoding="utf-8")


def drop_port(project: Path) -> None:
    """Release a place that nothing refers to, as 1.0.0, and remove it again."""
    edit(project, ENTITIES, "  courier: {", f"{PORT}  courier: {{")
    assert prepared(project, "1.0.0") == ()
    publish(project)
    edit(project, ENTITIES, PORT, "")


PORT = "  port-vell: {kind: place, name: Port Vell, description: A port.}\n"


@pytest.mark.slow
def test_a_removed_row_with_the_content_of_a_new_one_is_offered_as_renamed(without_port: Path) -> None:
    edit(without_port, ENTITIES, "  courier: {", f"{PORT.replace('port-vell', 'vell-harbour')}  courier: {{")
    (refused,) = prepared(without_port)
    assert refused.lines == ("change-0002,entities,port-vell,unreleased,renamed,vell-harbour,WHY",)


@pytest.mark.slow
def test_an_id_of_the_past_is_refused_with_the_release_that_had_it(without_port: Path) -> None:
    with (without_port / CHANGES).open("a", encoding="utf-8", newline="\n") as stream:
        stream.write("change-0002,entities,port-vell,unreleased,removed,,It is no port.\n")
    assert prepared(without_port) == ()
    publish(without_port)
    edit(without_port, ENTITIES, "  courier: {", f"{PORT.replace('A port', 'A town')}  courier: {{")
    (refused,) = prepared(without_port)
    assert refused.lines == ("entities: port-vell: release 1.0.0 had it",)
    edit(without_port, CORPUS, "version: 2.0.0", "version: 2.1.0")
    with problems(without_port) as found:
        assert "An id of the past is never used again" in found
        assert "entities: port-vell: release 1.0.0 had it" in found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("merged,courier,Twice.", "entities 'port-vell' merged into 'courier', but 'port-vell' is still there"),
        ("removed,,It is no port.", "entities 'port-vell' removed, but 'port-vell' is still there"),
    ],
)
def test_an_id_that_is_still_there_is_refused_with_the_row_that_says_otherwise(
    without_port: Path, row: str, wrong: str
) -> None:
    edit(without_port, ENTITIES, "  courier: {", f"{PORT}  courier: {{")
    with (without_port / CHANGES).open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(f"change-0002,entities,port-vell,unreleased,{row}\n")
    (refused,) = prepared(without_port)
    assert refused.lines == (f"change-0002: {wrong}",)
    assert "remove its row from annotations/id_changes.csv" in refused.fix
    edit(without_port, ENTITIES, PORT, "")
    assert prepared(without_port) == ()


@pytest.mark.slow
def test_a_row_of_id_changes_that_goes_in_a_circle_is_refused(without_port: Path) -> None:
    with (without_port / CHANGES).open("a", encoding="utf-8", newline="\n") as stream:
        stream.write("change-0002,entities,port-vell,unreleased,renamed,port-vell,It is itself.\n")
    found = prepared(without_port)
    assert any(
        "change-0002: entities 'port-vell' renamed to 'port-vell'" in line for each in found for line in each.lines
    )


def test_an_annotation_that_is_a_link_is_refused(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "entities.yaml"
    (project / ENTITIES).rename(outside)
    (project / ENTITIES).symlink_to(outside)
    with pytest.raises(PackageError, match=r"annotations/entities\.yaml is a symbolic link"):
        prepared(project)


@pytest.mark.slow
def test_a_date_before_that_of_the_last_release_is_refused_before_anything_is_written(changed: Path) -> None:
    before = snapshot(changed)
    with pytest.raises(PackageError, match="The date 2001-01-01 is too early"):
        prepare(changed, annotation_files(changed), None, "2001-01-01")
    assert snapshot(changed) == before


@pytest.mark.slow
def test_a_page_in_another_encoding_is_refused_before_anything_is_written(changed: Path) -> None:
    (changed / "CHANGELOG.md").write_bytes(b"caf\xe9\n")
    before = snapshot(changed)
    with pytest.raises(PackageError, match=r"CHANGELOG\.md can't be read: expected UTF-8"):
        prepared(changed)
    assert snapshot(changed) == before


def test_an_empty_folder_of_a_release_that_was_interrupted_is_passed_over(project: Path) -> None:
    known = released(project)
    (project / "releases" / "9.0.0").mkdir()
    (project / "releases" / "9.0.0" / ".source.zip.1.tmp").write_bytes(b"")
    assert released(project) == known


@pytest.mark.slow
def test_a_row_of_id_changes_about_an_id_that_never_was_is_refused(without_port: Path) -> None:
    with (without_port / CHANGES).open("a", encoding="utf-8", newline="\n") as stream:
        stream.write("change-0002,entities,port-vell,unreleased,removed,,It is no port.\n")
        stream.write("change-0003,entities,port-vel,unreleased,removed,,It is no port.\n")
    (refused,) = prepared(without_port)
    assert refused.lines == ("change-0003: entities 'port-vel' removed, but 'port-vel' was never there",)


@pytest.mark.slow
@pytest.mark.parametrize("version", ["unreleased", "0.3.9"])
def test_a_row_of_id_changes_with_another_version_is_refused_and_preparing_fills_it_in(
    without_port: Path, version: str
) -> None:
    with (without_port / CHANGES).open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(f"change-0002,entities,port-vell,{version},removed,,It is no port.\n")
    edit(without_port, CORPUS, "version: 1.0.0", "version: 2.0.0")
    with problems(without_port) as found:
        wanted = "change-0002: entities port-vell" if version == "unreleased" else "expected 2.0.0, found 0.3.9"
        assert wanted in found
    assert prepared(without_port) == ()
    with problems(without_port) as found:
        assert not found


@pytest.mark.slow
def test_the_version_of_a_released_row_of_id_changes_stays_as_it_was(changed: Path) -> None:
    edit(changed, CHANGES, "0.3.0", "0.2.0")
    with problems(changed) as found:
        assert "change-0001: expected 0.3.0, found 0.2.0" in found


def test_tables_that_are_not_what_the_annotations_give_are_refused(ready: Path) -> None:
    edit(ready, "data/entities.csv", "Far Port", "Fair Port")
    (ready / "data" / "more.csv").write_text("id\n", encoding="utf-8")
    with problems(ready) as found:
        assert "not what its annotations give: 2 files differ" in found
        assert "data/entities.csv\ndata/more.csv" in found


@pytest.mark.slow
def test_a_citation_of_another_version_is_refused(ready: Path) -> None:
    edit(ready, "CITATION.cff", "version: 0.4.0", "version: 0.3.1")
    with problems(ready) as found:
        assert found.startswith("CITATION.cff has another version: expected 0.4.0, found 0.3.1.")


@pytest.mark.slow
def test_the_citation_is_given_the_title_of_the_corpus(changed: Path) -> None:
    title = open_package(changed).descriptor["title"]
    edit(changed, "CITATION.cff", "type: dataset", 'title: "Another: title"\ntype: dataset')
    assert prepared(changed) == ()
    text = (changed / "CITATION.cff").read_text(encoding="utf-8")
    assert f'\ntitle: "{title}"\ntype: dataset\n' in text
    assert not (changed / ".zenodo.json").exists()


@pytest.mark.slow
def test_what_zenodo_reads_from_the_repository_is_brought_up_to_date_where_it_is_there(changed: Path) -> None:
    (changed / ".zenodo.json").write_text('{"title": "Another title"}', encoding="utf-8")
    assert prepared(changed) == ()
    written = (changed / ".zenodo.json").read_bytes()
    assert json.loads(written)["title"] == open_package(changed).descriptor["title"]
    assert prepared(changed) == ()
    assert (changed / ".zenodo.json").read_bytes() == written


@pytest.mark.slow
def test_a_date_before_that_of_the_last_release_is_refused(ready: Path) -> None:
    edit(ready, CORPUS, "released: 2031-07-01", "released: 2031-05-31")
    commit(ready)
    with problems(ready) as found:
        assert "The date is too early: expected 2031-06-01" in found


@pytest.mark.slow
def test_a_build_that_depends_on_the_time_zone_is_refused(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os\nimport readouts.compile.codebook as page\nplain = page.codebook\n"
        "page.codebook = lambda *given: plain(*given) + os.environ['TZ']\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with problems(project) as found:
        assert "The build can't be reproduced: 1 file differs.\n" in found
        assert "\ndata/README.md" in found


@pytest.mark.slow
def test_changing_what_is_released_without_a_new_version_is_refused(project: Path) -> None:
    edit(project, ENTITIES, "name: Courier,", "name: The Courier,")
    with problems(project) as found:
        assert "expected at least 0.3.2 after 0.3.1, found 0.3.1" in found
        assert "If 0.3.1 was never published, remove releases/0.3.1 instead" in found


@pytest.mark.slow
def test_changing_a_file_beside_the_tables_without_a_new_version_is_refused_with_its_name(project: Path) -> None:
    edit(project, "CITATION.cff", "type: dataset", "type: software")
    with problems(project) as found:
        assert "expected at least 0.3.2 after 0.3.1, found 0.3.1" in found
        assert "\nCITATION.cff is another file" in found


@pytest.mark.slow
def test_a_release_that_is_made_once_more_keeps_the_source_that_was_recorded(project: Path) -> None:
    with candidate(project, annotation_files(project)) as made:
        (project / "releases" / "0.3.1" / "source.zip").write_bytes(made.source)
    edit(project, ENTITIES, "entities:\n", "# Everybody who is named.\nentities:\n")
    with candidate(project, annotation_files(project)) as again:
        assert again.problems == ()
        assert again.source == made.source


def test_nothing_new_is_nothing_to_prepare(project: Path) -> None:
    with pytest.raises(PackageError, match=re.escape("0.3.1 is released just as it is")):
        prepared(project)


def test_annotations_with_findings_are_told_with_their_place(project: Path) -> None:
    edit(project, ENTITIES, "{kind: outlet, name: Courier", "{kind: outlett, name: Courier")
    with pytest.raises(PackageError, match=r"annotations/entities\.yaml:\d+(:\d+)?: "):
        prepared(project)


def test_a_folder_that_is_no_work_tree_is_refused(tmp_path: Path) -> None:
    shutil.copytree(INVENTED / "annotations", tmp_path / "annotations")
    with pytest.raises(PackageError, match=r"expected .* to be one"):
        annotation_files(tmp_path)


def test_the_package_in_the_tree_is_the_last_release_or_comes_after_it() -> None:
    last = list(released(ROOT))[-1]
    assert (version_of(open_package(ROOT).version) or (0, 0, 0)) >= (version_of(last) or (9, 9, 9))
