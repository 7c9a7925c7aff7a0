"""Schemas in other formats: JSON Schema, Open Data Contract Standard and dbt, each held to its own validator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import jinja2
import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from open_data_contract_standard.model import OpenDataContractStandard

from readouts.datapackage.api import validate
from readouts.datapackage.exporting.formats import export, not_mapped
from readouts.datapackage.exporting.json_schema import json_schemas
from readouts.datapackage.exporting.source import dataset_of
from readouts.datapackage.package.package import open_package
from readouts.datapackage.sample import sample_package
from readouts.datapackage.table.values import plain
from tests.datapackage.exporting.contracted import BROKEN, write_contracted
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.package.package import DataPackage
    from tests.exporting import Exported

FORMATS = ["json-schema", "odcs", "dbt"]


@pytest.fixture(scope="module")
def contracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with a field of every type and every constraint."""
    folder = write_contracted(tmp_path_factory.mktemp("contracted"))
    assert validate(folder).valid
    return folder


@pytest.fixture(scope="module")
def written(contracted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with that package in the formats of schemas, and in JSON Lines and Parquet."""
    folder = tmp_path_factory.mktemp("written")
    export(contracted, [*FORMATS, "jsonl", "parquet"], folder)
    return folder


def rows_of(folder: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "jsonl" / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()]


def schema_of(folder: Path, table: str) -> dict[str, Any]:
    text = (folder / "json-schema" / f"{table}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    jsonschema_rs.meta.validate(schema)
    return schema


def problems(schema: dict[str, Any], row: dict[str, Any]) -> list[list[str | int]]:
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    return [list(error.instance_path) for error in validator.iter_errors(row)]


@pytest.mark.parametrize("table", ["boats", "fleets"])
def test_rows_of_json_lines_satisfy_the_json_schema_of_their_table(written: Path, table: str) -> None:
    schema = schema_of(written, table)
    assert [problems(schema, row) for row in rows_of(written, table)] == [[] for _ in rows_of(written, table)]


@pytest.mark.parametrize("field", BROKEN)
def test_a_row_that_breaks_a_constraint_breaks_the_json_schema(written: Path, field: str) -> None:
    row = {**rows_of(written, "boats")[0], field: BROKEN[field]}
    assert [place[0] for place in problems(schema_of(written, "boats"), row)] == [field]


@pytest.mark.parametrize("field", ["boat", "crew"])
def test_a_key_and_a_required_field_take_no_null(written: Path, field: str) -> None:
    assert problems(schema_of(written, "boats"), {**rows_of(written, "boats")[0], field: None}) == [[field]]


def test_every_column_is_there_and_no_other(written: Path) -> None:
    row = rows_of(written, "fleets")[0]
    assert problems(schema_of(written, "fleets"), {"fleet": "hope"}) == [[]]
    assert problems(schema_of(written, "fleets"), {**row, "colour": "red"}) == [[]]


def test_the_rows_of_any_package_satisfy_their_json_schemas(hostile: DataPackage, tmp_path: Path) -> None:
    for number, package in enumerate([hostile, open_package(sample_package())]):
        export(package, ["json-schema", "jsonl"], tmp_path / str(number))
        schemas = sorted((tmp_path / str(number) / "json-schema").iterdir())
        for path in schemas:
            table = path.name.removesuffix(".schema.json")
            schema = schema_of(tmp_path / str(number), table)
            assert all(problems(schema, row) == [] for row in rows_of(tmp_path / str(number), table))
        assert len(schemas) == len(list((tmp_path / str(number) / "jsonl").iterdir()))


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a field with constraints that JSON Schema has too."""
    kind = draw(st.sampled_from(["integer", "number", "string", "list"]))
    lengths = st.integers(0, 3)
    limits: dict[str, st.SearchStrategy[Any]] = {"required": st.booleans()}
    if kind in {"string", "list"}:
        limits |= {"minLength": lengths, "maxLength": lengths}
    else:
        bounds = st.integers(-3, 3)
        limits |= dict.fromkeys(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], bounds)
    if kind == "string":
        limits |= {"pattern": st.sampled_from(["[ab]*", "a|b+", "^.$"]), "enum": st.just(["a", "b", "ab"])}
    return {"name": "x", "type": kind, "constraints": draw(st.fixed_dictionaries({}, optional=limits))}


@settings(max_examples=examples(200))
@given(
    field=fields(),
    cells=st.lists(st.sampled_from(["", "a", "b", "ab", "abc", "1", "-2", "3", "1.5", "a,b"]), max_size=8),
)
def test_the_json_schema_refuses_what_the_field_refuses_and_nothing_else(
    field: dict[str, Any], cells: list[str]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        resource = {"name": "t", "path": "t.csv", "schema": {"fields": [field]}}
        descriptor = {"name": "p", "resources": [resource]}
        (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
        (folder / "t.csv").write_text("x\n", encoding="utf-8")
        table = dataset_of(open_package(folder)).tables["t"]
        mapped = json_schemas(dataset_of(open_package(folder)))
    (column,) = table.fields
    assert mapped.lost == []
    for cell in cells:
        problem = column.problem(cell) if cell else None
        if problem is not None and problem[0] == "type-error":
            continue
        good = problem is None and (cell != "" or not column.constraints.required)
        value = None if cell == "" else column.read(cell)
        shown = value if isinstance(value, list) else plain(value)
        assert (problems(mapped.document["t"], {"x": shown}) == []) is good, (cell, problem)


def contract_of(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("*.odcs.yaml")
    text = path.read_text(encoding="utf-8")
    contract: dict[str, Any] = yaml.safe_load(text)
    schema = json.loads((files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(contract)] == []
    # What its own library reads and writes again is the same.
    assert yaml.safe_load(OpenDataContractStandard.from_string(text).to_yaml()) == contract
    return contract


def test_the_data_contract_has_types_constraints_keys_and_references(written: Path) -> None:
    contract = contract_of(written)
    boats, fleets = contract["schema"]
    fields = {field["name"]: field for field in boats["properties"]}
    assert (contract["id"], contract["version"]) == ("regatta.2031", "1.2.0")
    assert fields["boat"]["primaryKeyPosition"] == 1
    assert fields["crew"] == {
        "name": "crew",
        "logicalType": "integer",
        "logicalTypeOptions": {"minimum": 1, "exclusiveMaximum": 9},
        "required": True,
    }
    assert fields["launched"]["logicalTypeOptions"] == {"minimum": "2031-02-01"}
    assert fields["flags"]["items"] == {"logicalType": "integer"}
    assert fields["class"]["enum"] == [{"value": "d", "label": "Dinghy"}, {"value": "k", "label": "Keel boat"}]
    assert fields["motto"]["unique"] is True
    assert fields["of"]["relationships"] == [{"type": "foreignKey", "to": "fleets.fleet"}]
    assert boats["quality"][0]["arguments"] == {"properties": ["class", "berth"]}
    assert [field["primaryKeyPosition"] for field in fleets["properties"]] == [1, 2]


def test_the_contract_of_any_package_is_valid(hostile: DataPackage, exported: Path, tmp_path: Path) -> None:
    export(hostile, "odcs", tmp_path)
    contract = contract_of(tmp_path)
    assert "reference of to to" in contract["customProperties"][0]["value"][-1], "a name that no reference can have"
    contract_of(exported)


def sources_of(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((folder / "dbt" / "schema.yml").read_text(encoding="utf-8"))
    (source,) = document["sources"]
    found: dict[str, Any] = source
    return found


def test_dbt_tests_keys_closed_lists_and_references(written: Path) -> None:
    source = sources_of(written)
    boats, fleets = source["tables"]
    tests = {column["name"]: column.get("data_tests", []) for column in boats["columns"]}
    assert source["name"] == "regatta_2031"
    assert boats["description"] == "Boats {{ '{' }}{ now }}"
    assert tests["boat"] == ["not_null", "unique"]
    assert tests["class"] == [{"accepted_values": {"arguments": {"values": ["d", "k"]}}}]
    assert tests["berth"] == [{"accepted_values": {"arguments": {"values": [7, 11], "quote": False}}}]
    # dbt would write the apostrophe into its SQL as it is.
    assert tests["motto"] == ["unique"]
    reference = {"to": "source('regatta_2031', 'fleets')", "field": "fleet"}
    assert tests["of"] == [{"relationships": {"arguments": reference}}]
    assert [column["data_tests"] for column in fleets["columns"]] == [["not_null"], ["not_null"]]
    # `of` is a word of SQL.
    assert [column["name"] for column in boats["columns"] if column.get("quote")] == ["of"]


def test_nothing_that_a_package_is_called_is_run_by_dbt(hostile: DataPackage, tmp_path: Path) -> None:
    export(hostile, "dbt", tmp_path)
    source = sources_of(tmp_path)
    assert "identifier" not in source["tables"][0], "it has a quotation mark"
    columns = [column["name"] for table in source["tables"] for column in table["columns"]]
    assert columns == ["a,b", "=1+1", "über", "Name", "name", "rowid", "it's", "to"]
    assert len(source["config"]["meta"]["not_mapped"]) == 3

    values = ["{{ env_var('HOME') }}", "{% endraw %}{{ now }}", "ok"]
    resource = {
        "name": "traps",
        "path": "traps.csv",
        "description": values[1],
        "schema": {
            "fields": [
                {"name": "trap", "type": "string", "constraints": {"enum": values[1:]}},
                {"name": values[0], "type": "string"},
                {"name": "back", "type": "string", "constraints": {"enum": ["\\"]}},
            ]
        },
    }
    package = tmp_path / "traps"
    package.mkdir()
    (package / "traps.csv").write_text(f'trap,"{values[0]}",back\nok,ok,\\\n', encoding="utf-8")
    (package / "datapackage.json").write_text(json.dumps({"name": "traps", "resources": [resource]}), encoding="utf-8")
    export(package, "dbt", tmp_path / "out")
    (table,) = sources_of(tmp_path / "out")["tables"]
    trap, back = table["columns"]
    (test,) = trap["data_tests"]
    shown = test["accepted_values"]["arguments"]["values"]
    assert jinja2.Template(table["description"]).render() == values[1]
    assert [jinja2.Template(each).render() for each in shown] == values[1:]
    assert "data_tests" not in back


LOST = {
    "json-schema": ["boats: primaryKey boat", "boats.motto: unique", "boats.port: type geopoint"],
    "odcs": ["boats.launched: format %d/%m/%Y", "boats.rig: jsonSchema {'required': ['mast']}"],
    "dbt": ["boats.crew: exclusiveMaximum 9", "boats: unique key class, berth", "boats.motto: enum fast, it's slow"],
}


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_format_has_no_words_for_is_listed_in_it_and_by_the_command(
    name: str, contracted: Path, written: Path, tmp_path: Path, run_export: Exported
) -> None:
    lost = not_mapped(contracted, name)[name]
    assert {*LOST[name]} < {*lost}
    if name == "json-schema":
        listed = [each for table in ("boats", "fleets") for each in schema_of(written, table)["x-not-mapped"]]
    elif name == "odcs":
        listed = contract_of(written)["customProperties"][0]["value"]
    else:
        listed = sources_of(written)["config"]["meta"]["not_mapped"]
    assert listed == lost
    done = run_export("--to", name, "-o", tmp_path, contracted)
    assert done.returncode == 0
    assert f"readouts: {name} can't express {lost[0]}.\n" in done.stderr
    if name != "json-schema":
        text = next(
            path for path in written.rglob("*") if path.suffix in {".yaml", ".yml"} and (name in path.as_posix())
        )
        assert all(f"#   {each}\n" in text.read_text(encoding="utf-8") for each in lost)


def test_a_package_of_which_nothing_is_lost_says_nothing(tmp_path: Path, run_export: Exported) -> None:
    (tmp_path / "seas.csv").write_text("sea\nnorth\n", encoding="utf-8")
    schema = {"fields": [{"name": "sea", "type": "string"}]}
    resource = {"name": "seas", "path": "seas.csv", "schema": schema}
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "seas", "resources": [resource]}), encoding="utf-8")
    done = run_export(*(word for name in FORMATS for word in ("--to", name)), "-o", tmp_path / "out", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "customProperties" not in contract_of(tmp_path / "out")
    assert "config" not in sources_of(tmp_path / "out")


PROJECT = {
    "dbt_project.yml": "name: readers\nversion: '1.0'\nprofile: readers\n",
    "profiles.yml": "readers:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: readers.duckdb}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("broken", [False, True])
def test_dbt_runs_the_tests(written: Path, tmp_path: Path, broken: bool) -> None:
    program = os.environ.get("READOUTS_DBT")
    if program is None or shutil.which(program) is None:
        pytest.skip("dbt is not here: set READOUTS_DBT to its path")
    for name, text in PROJECT.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "models").mkdir()
    shutil.copy(written / "dbt" / "schema.yml", tmp_path / "models")
    with duckdb.connect(str(tmp_path / "readers.duckdb")) as database:
        database.execute("create schema regatta_2031")
        for table in ("boats", "fleets"):
            database.execute(f"create table regatta_2031.{table} as from '{written}/parquet/{table}.parquet'")
        if broken:
            database.execute("update regatta_2031.boats set berth = 8, of = 'charity', crew = null where boat = 'gull'")
    done = subprocess.run(
        [program, "test", "--profiles-dir", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": "", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == int(broken), done.stdout
    assert ("PASS=6 WARN=0 ERROR=3" if broken else "PASS=9 WARN=0 ERROR=0") in done.stdout
