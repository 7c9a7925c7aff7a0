"""What Zenodo and Hugging Face would be sent of a release, and every reason for not sending it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import readouts
from readouts.datapackage.errors import ReadoutsError
from readouts.datapackage.package.package import open_package
from readouts.publish.release.archive import archive_bytes, checksums, registry_entry
from readouts.publish.release.deposits import deposit_commands, plan_deposits, zenodo_metadata

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Run

NAME = "invented-calls-0.3.1.zip"


def summed(folder: Path) -> None:
    """Write the checksums of what is in a folder."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.name != "SHA256SUMS"}
    (folder / "SHA256SUMS").write_bytes(checksums(files))


@pytest.fixture(scope="module")
def made(invented_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `readouts release` writes it; not to be written to."""
    folder = tmp_path_factory.mktemp("made") / "dist"
    folder.mkdir()
    package = open_package(invented_package)
    archive = archive_bytes(package)
    (folder / NAME).write_bytes(archive)
    (folder / "release.json").write_text(registry_entry(package, archive).text(), encoding="utf-8")
    (folder / "zenodo.json").write_bytes(zenodo_metadata(package))
    summed(folder)
    return folder


@pytest.fixture
def output(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "dist"))


def change(folder: Path, name: str, **values: Any) -> None:
    """Change metadata for Zenodo; None takes a key out."""
    document = json.loads((folder / name).read_text(encoding="utf-8"))
    document["metadata"] = {
        key: value for key, value in {**document["metadata"], **values}.items() if value is not None
    }
    (folder / name).write_text(json.dumps(document), encoding="utf-8")
    summed(folder)


def told(folder: Path) -> str:
    return "\n".join("\n".join([each.what, *each.lines]) for plan in plan_deposits(folder) for each in plan.problems)


def test_a_release_that_is_whole_may_be_sent(output: Path) -> None:
    before = {path: path.read_bytes() for path in output.rglob("*")}
    zenodo, hub = readouts.plan_deposits(output)
    assert zenodo.problems == hub.problems == ()
    assert {path: path.read_bytes() for path in output.rglob("*")} == before
    assert sorted(zenodo.files) == ["SHA256SUMS", NAME, "release.json"]
    data = (output / NAME).read_bytes()
    assert (zenodo.files[NAME].size, zenodo.files[NAME].sha256) == (len(data), sha256(data).hexdigest())
    assert (zenodo.metadata["version"], zenodo.metadata["publication_date"]) == ("0.3.1", "2031-06-01")
    assert hub.metadata["license"] == "cc-by-4.0"
    assert {"README.md", "parquet/statements.parquet"} <= hub.files.keys()
    assert zenodo.commands == deposit_commands("invented-calls", "0.3.1", output, [*zenodo.files])["Zenodo"]


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (
            lambda folder: (folder / NAME).write_bytes(b"PK"),
            "1 file in .*: not the one that was made.\n" + re.escape(NAME),
        ),
        (lambda folder: (folder / NAME).write_bytes(b"PK"), "is not the one that release.json says"),
        (lambda folder: (folder / NAME).unlink(), f"{NAME} isn't there, which release.json names"),
        (lambda folder: (folder / NAME).unlink(), "The dataset can't be made"),
        (lambda folder: (folder / "notes.txt").write_text("private"), "1 file in .*: not in SHA256SUMS.\nnotes.txt"),
        (lambda folder: (folder / "zenodo.json").write_text("{}"), "zenodo.json isn't there, or is not JSON"),
        (lambda folder: change(folder, "zenodo.json", title=None), '"title" is a required property'),
        (lambda folder: change(folder, "zenodo.json", license=None), '"license" is a required property'),
        (lambda folder: change(folder, "zenodo.json", creators=[]), "creators: "),
        (lambda folder: change(folder, "zenodo.json", access_right="public"), "access_right: "),
        (lambda folder: change(folder, "zenodo.json", upload_type="data"), "upload_type: "),
        (lambda folder: change(folder, "zenodo.json", version="0.3.0"), "`version` is '0.3.0', expected '0.3.1'"),
        (lambda folder: change(folder, "zenodo.json", publication_date="2031"), "publication_date: "),
        (lambda folder: change(folder, "zenodo.json", made="up"), "made"),
    ],
)
def test_what_is_not_as_it_was_made_or_would_be_refused_is_told(
    output: Path, spoil: Callable[[Path], object], what: str
) -> None:
    spoil(output)
    assert re.search(what, told(output)), told(output)


def test_a_licence_or_a_language_that_hugging_face_does_not_know_is_told(
    invented_package: Path, output: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(invented_package, tmp_path / "package"))
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["licenses"] = [{"name": "CC-BY-5.0"}]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    package = open_package(folder)
    archive = archive_bytes(package)
    (output / NAME).write_bytes(archive)
    (output / "release.json").write_text(registry_entry(package, archive).text(), encoding="utf-8")
    summed(output)
    _, hub = plan_deposits(output)
    assert [problem.what.partition(":")[0] for problem in hub.problems] == ["README.md"]
    assert '"cc-by-5.0" is not one of' in hub.problems[0].what


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadoutsError, match=r"No release is in .*: expected what `readouts release --output"):
        plan_deposits(tmp_path)


def test_the_command_shows_files_checksums_and_commands_and_fails_where_something_is_wrong(
    output: Path, run: Run
) -> None:
    shown = run("release", "--deposits", "--output", output)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert sha256((output / NAME).read_bytes()).hexdigest() in shown.stdout
    for command in (line for plan in plan_deposits(output) for line in plan.commands):
        assert f"  {command}\n" in shown.stdout
    document = json.loads(run("release", "--deposits", "--output", output, "--format", "json").stdout)
    assert [each["service"] for each in document["deposits"]] == ["Zenodo", "Hugging Face"]
    (output / NAME).unlink()
    assert run("release", "--deposits", "--output", output).returncode == 1


@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are for a POSIX shell, and bash is not here")
def test_the_commands_send_each_file_once_to_the_place_that_the_service_names(output: Path, tmp_path: Path) -> None:
    # Programs that note how they were called stand for the services.
    answer = {
        "links": {"bucket": "https://bucket.invalid/b", "html": "https://html.invalid", "publish": "https://p.invalid"}
    }
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("curl", "hf", "readouts"):
        said = f"printf %s '{json.dumps(answer)}'" if name == "curl" else ":"
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{tmp_path}/calls"\n{said}\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    hub = output / "huggingface"
    hub.mkdir()
    (hub / "README.md").write_text('load_dataset("OWNER/NAME")', encoding="utf-8")
    script = "\n".join(line for plan in plan_deposits(output) for line in plan.commands)
    done = subprocess.run(
        ["bash", "-euc", script],
        env={"PATH": f"{programs}:/usr/bin:/bin"},
        input="secret\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    calls = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    sent = [line for line in calls if "--upload-file" in line]
    places = [re.findall(r"https://bucket\.invalid/b/(\S+)", line) for line in sent]
    assert places == [["SHA256SUMS"], [NAME], ["release.json"]]
    assert all("Authorization: Bearer secret" in line for line in calls if line.startswith("curl"))
    assert calls[0].endswith("https://zenodo.org/api/deposit/depositions")
    assert "--request POST https://p.invalid" in [line for line in calls if line.startswith("curl")][-1]
    assert [line.split()[1] for line in calls if line.startswith("hf ")] == ["auth", "repo", "upload", "repo"]
    assert [path.name for path in hub.iterdir()] == ["README.md"]
    assert (hub / "README.md").read_text(encoding="utf-8") == 'load_dataset("OWNER/invented-calls")'
