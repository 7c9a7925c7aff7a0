from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jsonschema
import polars as pl
import pytest
import yaml

from readouts.datapackage.exporting.citation import citation_text
from readouts.datapackage.exporting.source import Dataset, dataset_of
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.publish.export import ExportError, export, formats_refused
from tests.conftest import ROOT
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

ZENODO_SCHEMA = ROOT / "src" / "readouts" / "publish" / "release" / "zenodo.schema.json"
PERSON = {"title": "Jana Marek", "givenName": "Jana", "familyName": "Marek", "roles": ["creator"]}
EDITOR = {"title": "Editors' Office", "roles": ["editor"], "path": "https://example.org/editors"}
DESCRIBED: dict[str, Any] = {
    "title": 'Lakes: "no", or yes?',
    "description": "Depths.\nIn metres & more.",
    "version": "2.0.0",
    "created": "2031-05-01T00:00:00Z",
    "keywords": ["no", "1.0"],
    "licenses": [{"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}],
    "contributors": [PERSON, EDITOR],
    "id": "https://doi.org/10.1234/lakes",
    "homepage": "https://example.org/lakes",
}


@pytest.fixture
def lakes(tmp_path: Path) -> DataPackage:
    """A package of somebody else's, with a person, an editor, a DOI, and a file name with a blank."""
    schema = {"fields": [{"name": "lake"}, {"name": "depth", "type": "number"}], "primaryKey": "lake"}
    resource = {"name": "lakes", "path": "my lakes.csv", "schema": schema}
    files: dict[str, bytes | str] = {"my lakes.csv": "lake,depth\nsouth,12.5\n"}
    return open_package(write_package_of(tmp_path / "lakes", files, [resource], **DESCRIBED))


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", *map(str, command)], capture_output=True, text=True, check=False, timeout=300
    )


def _citation_problems(path: Path) -> str:
    done = _run("-m", "check_jsonschema", "--builtin-schema", "vendor.citation-file-format", path)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _zenodo_problems(path: Path) -> str:
    done = _run("-m", "check_jsonschema", "--schemafile", ZENODO_SCHEMA, path)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_citation_is_one_by_its_schema(exported: Path, lakes: DataPackage, tmp_path: Path) -> None:
    assert _citation_problems(exported / "CITATION.cff") == ""
    generated = tmp_path / "CITATION.cff"
    for dataset in (dataset_of(lakes), dataset_of(open_package(ROOT))):
        generated.write_text(citation_text(dataset), encoding="utf-8")
        assert _citation_problems(generated) == ""
    broken = citation_text(dataset_of(lakes)).replace("authors:", "writers:")
    generated.write_text(broken, encoding="utf-8")
    assert "writers" in _citation_problems(generated)


def test_the_citation_says_what_the_descriptor_says(lakes: DataPackage) -> None:
    cited = yaml.safe_load(citation_text(dataset_of(lakes)))
    assert cited["title"] == DESCRIBED["title"]
    assert cited["authors"] == [{"family-names": "Marek", "given-names": "Jana"}]
    assert cited["doi"] == "10.1234/lakes"
    assert cited["keywords"] == ["no", "1.0"]


@pytest.mark.parametrize(("form", "name"), [("citation", "CITATION.cff"), ("zenodo", ".zenodo.json")])
def test_the_projects_own_citation_and_zenodo_file_are_those_of_the_corpus(
    form: str, name: str, tmp_path: Path
) -> None:
    (path,) = export(open_package(ROOT), [form], tmp_path / "out")
    expected = "run `readouts export --to citation --to zenodo --output . --overwrite`"
    assert (ROOT / name).read_bytes() == path.read_bytes(), expected


def test_what_zenodo_reads_is_what_it_takes(exported: Path, lakes: DataPackage, tmp_path: Path) -> None:
    assert _zenodo_problems(exported / ".zenodo.json") == ""
    (path,) = export(lakes, ["zenodo"], tmp_path / "out")
    assert _zenodo_problems(path) == ""
    described = json.loads(path.read_text(encoding="utf-8"))
    assert described["creators"] == [{"name": "Marek, Jana"}]
    assert described["contributors"] == [{"name": "Editors' Office", "type": "Editor"}]
    path.write_text(json.dumps({**described, "upload_type": "data"}), encoding="utf-8")
    assert "upload_type" in _zenodo_problems(path)


needs_mlcroissant = pytest.mark.skipif(find_spec("mlcroissant") is None, reason="mlcroissant is not installed")


@pytest.mark.slow
@needs_mlcroissant
def test_croissant_is_valid_and_gives_the_rows(exported: Path, dataset: Dataset, tmp_path: Path) -> None:
    # A dataset for each table: what one reading has joined, the next one of the same object would find.
    script = (
        "import json, sys, mlcroissant as mlc\n"
        "found = {name: mlc.Dataset(jsonld=sys.argv[1]) for name in sys.argv[2:]}\n"
        "issues = [str(each) for one in found.values() for each in (one.metadata.ctx.issues.errors, "
        "one.metadata.ctx.issues.warnings) if each]\n"
        "rows = {name: [[str(cell) for cell in row.values()] for row in one.records(name)] "
        "for name, one in found.items()}\n"
        "print(json.dumps([issues, rows]))\n"
    )
    done = _run("-c", script, exported / "croissant.json", *dataset.tables)
    assert done.returncode == 0, done.stderr[-3000:]
    issues, rows = json.loads(done.stdout.splitlines()[-1])
    assert issues == []
    assert {name: len(found) for name, found in rows.items()} == {
        name: table.survey.rows for name, table in dataset.tables.items()
    }
    aliases = [row["aliases"] for row in dataset.tables["entities"].records()]
    expected = ["None" if text is None else str([part.encode() for part in text.split("|")]) for text in aliases]
    assert [row[-1] for row in rows["entities"]] == expected


@pytest.mark.slow
@needs_mlcroissant
def test_croissant_with_a_wrong_hash_is_refused_by_its_reader(exported: Path, tmp_path: Path) -> None:
    described = json.loads((exported / "croissant.json").read_text(encoding="utf-8"))
    described["distribution"] = [
        {name: value for name, value in entry.items() if name != "contentUrl"} for entry in described["distribution"]
    ]
    (tmp_path / "croissant.json").write_text(json.dumps(described), encoding="utf-8")
    script = "import sys, mlcroissant as mlc; mlc.Dataset(jsonld=sys.argv[1])"
    assert "contentUrl" in _run("-c", script, tmp_path / "croissant.json").stderr


@pytest.mark.slow
@needs_mlcroissant
def test_croissant_of_any_package_is_valid(lakes: DataPackage, tmp_path: Path) -> None:
    path = export(lakes, ["croissant"], tmp_path / "out")[0]
    script = "import sys, mlcroissant as mlc; print(list(mlc.Dataset(jsonld=sys.argv[1]).records('lakes')))"
    done = _run("-c", script, path)
    assert "'lakes/depth': 12.5" in done.stdout, done.stderr[-3000:]


def test_a_crate_lists_files_that_are_there_with_their_hashes(
    exported: Path, lakes: DataPackage, tmp_path: Path
) -> None:
    export(lakes, ["ro-crate"], tmp_path / "out")
    for folder in (exported, tmp_path / "out"):
        graph = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
        nodes = {node["@id"]: node for node in graph}
        assert len(nodes) == len(graph)
        for part in nodes["./"]["hasPart"]:
            data = (folder / unquote(part["@id"])).read_bytes()
            assert nodes[part["@id"]]["sha256"] == hashlib.sha256(data).hexdigest()
        for name in ("license", "author"):
            assert nodes["./"][name]["@id"] in nodes


def test_a_crate_needs_a_date_and_a_licence(tmp_path: Path) -> None:
    package = open_package(write_package_of(tmp_path / "p", {"t.csv": "a\n"}, [{"name": "t", "path": "t.csv"}]))
    with pytest.raises(ExportError, match="expected `created` and `licenses` in its descriptor"):
        export(package, ["ro-crate"], tmp_path / "out")
    assert set(formats_refused(package)) == {"ro-crate", "jsonld", "annotations"}
    written = {path.name for path in export(package, "all", tmp_path / "all")}
    assert "ro-crate-metadata.json" not in written
    assert {"invented.sqlite", "croissant.json"} <= written


def test_the_card_names_every_table_and_where_it_is(exported: Path, dataset: Dataset) -> None:
    card = (exported / "README.md").read_text(encoding="utf-8")
    header = yaml.safe_load(card.split("---\n")[1])
    configs = {entry["config_name"]: entry for entry in header["configs"]}
    assert set(configs) == set(dataset.tables)
    for name, entry in configs.items():
        assert pl.read_parquet(exported / entry["data_files"]).height == dataset.tables[name].survey.rows
    assert [name for name, entry in configs.items() if entry.get("default")] == ["statements_wide"]
    assert header["license"] == "cc-by-4.0"
    assert header["language"] == ["en"]
    assert header["size_categories"] == ["n<1K"]


def test_the_schema_of_zenodo_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(ZENODO_SCHEMA.read_text(encoding="utf-8")))
