"""`readouts describe`: what it prints and writes, and when it refuses to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from readouts.datapackage import describe
from readouts.datapackage.errors import ArgumentError, PackageError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rivers.csv").write_text("river_id,name\npo,Po\nadda,Adda\n")
    (tmp_path / "lakes.csv").write_text("lake_id,river_id,depth\ncomo,adda,410\ngarda,po,n/a\n")
    return tmp_path


def test_the_descriptor_goes_to_standard_output_and_all_else_to_standard_error(folder: Path, run: Run) -> None:
    done = run("describe", "lakes.csv", "rivers.csv", "--check", cwd=folder)
    assert done.returncode == 0
    assert [each["path"] for each in json.loads(done.stdout)["resources"]] == ["lakes.csv", "rivers.csv"]
    assert "is valid" in done.stderr


def test_the_descriptor_is_written_and_what_it_rests_on_is_printed(folder: Path, run: Run) -> None:
    done = run("describe", "lakes.csv", "rivers.csv", "--output", "datapackage.json", cwd=folder)
    assert done.returncode == 0
    assert "reference: river_id -> rivers.river_id" in done.stdout
    assert "once 'n/a' counts as missing" in done.stdout
    assert done.stderr == "readouts: Wrote datapackage.json.\n"
    assert run("validate", cwd=folder).returncode == 0


def test_a_file_with_other_content_is_replaced_only_on_demand(folder: Path, run: Run) -> None:
    (folder / "datapackage.json").write_text("mine")
    arguments = ("describe", "lakes.csv", "--output", "datapackage.json")
    done = run(*arguments, cwd=folder)
    assert done.returncode == 2
    assert "datapackage.json already exists with other content" in done.stderr
    assert (folder / "datapackage.json").read_text() == "mine"
    done = run(*arguments, "--overwrite", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "readouts: Replaced datapackage.json.\n")
    assert run(*arguments, cwd=folder).returncode == 0, "the same content is no reason to refuse"


def test_json_has_the_descriptor_and_the_reasons(folder: Path, run: Run) -> None:
    found = json.loads(run("describe", "lakes.csv", "rivers.csv", "--format", "json", cwd=folder).stdout)
    assert found["descriptor"]["resources"][0]["name"] == "lakes"
    assert {each["kind"] for each in found["tables"][0]["proposals"]} == {"primary key", "unique", "reference"}
    assert all(field["reason"] for table in found["tables"] for field in table["fields"])


def test_findings_of_the_check_are_told_by_the_exit_code(folder: Path, run: Run) -> None:
    (folder / "lakes.csv").write_text("lake_id,depth\ncomo,410,deep\n")
    done = run("describe", "lakes.csv", "--check", "--format", "report", cwd=folder)
    assert done.returncode == 1
    assert "not well formed: line 2" in done.stdout
    assert "is not valid" in done.stdout


def test_files_outside_the_folder_of_the_descriptor_are_refused(folder: Path, run: Run) -> None:
    (folder / "inner").mkdir()
    done = run("describe", "lakes.csv", "--output", "inner/datapackage.json", cwd=folder)
    assert done.returncode == 2
    assert "is outside of inner" in done.stderr


def test_files_elsewhere_are_described_from_the_folder_that_they_are_in(folder: Path) -> None:
    found = describe(folder / "lakes.csv", folder / "rivers.csv")
    assert (found.root, [table.path for table in found.tables]) == (folder, ["lakes.csv", "rivers.csv"])
    with pytest.raises(PackageError, match="would not be in"):
        found.write(folder.parent / "datapackage.json")


def test_no_file_standard_input_and_yaml_are_refused(folder: Path) -> None:
    with pytest.raises(ArgumentError, match="at least one file"):
        describe()
    with pytest.raises(ArgumentError, match="Standard input can't be described"):
        describe("-")
    with pytest.raises(ArgumentError, match="would be YAML"):
        describe(folder / "lakes.csv", output=folder / "datapackage.yaml")


def test_two_files_of_one_name_get_two_names(folder: Path) -> None:
    (folder / "more").mkdir()
    (folder / "more" / "Lakes.csv").write_text("lake_id\niseo\n")
    found = describe(folder / "lakes.csv", folder / "more" / "Lakes.csv")
    assert [table.name for table in found.tables] == ["lakes", "lakes-2"]
