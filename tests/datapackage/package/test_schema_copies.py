"""Local copies of schemas and profiles that a descriptor names by address.

The invented profile is built as that of Camtrap DP is: it extends the standard's, wants the addresses of the profile
and of the schemas as they are written, and refers to a schema of somebody else and, without the first slash, to a part
of itself.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from readouts import datapackage
from readouts.datapackage.errors import ArgumentError
from readouts.datapackage.package.schema_copies import SchemaCopies
from tests.packages import write_package_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

BASE = "https://raw.example.org/hives/hive-dp/1.0"
GEOJSON = "http://json.example.net/geojson.json"
PROFILE: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "$defs": {"version": {"pattern": "1\\.0"}},
    "allOf": [
        {"$ref": "https://frictionlessdata.io/schemas/data-package.json"},
        {
            "required": ["profile", "created", "spatial"],
            "properties": {
                "spatial": {"type": "object", "$ref": GEOJSON},
                "resources": {
                    "items": {
                        "required": ["profile"],
                        "properties": {
                            "profile": {"enum": ["tabular-data-resource"]},
                            "schema": {"allOf": [{"$ref": "#$defs/version"}, {"type": "string", "format": "uri"}]},
                        },
                    }
                },
            },
        },
    ],
}
SCHEMA = {
    "name": "hives",
    "fields": [
        {"name": "hiveID", "type": "string", "format": "default", "constraints": {"required": True, "unique": True}},
        {
            "name": "longitude",
            "type": "number",
            "format": "default",
            "example": "23.8",
            "constraints": {"maximum": 180},
        },
        {"name": "photo", "type": "string", "constraints": {"pattern": "^(?=^[^./~])(^((?!\\.{2}).)*$).*$"}},
        {
            "name": "opened",
            "type": "datetime",
            "format": "%Y-%m-%dT%H:%M:%S%z",
            "skos:exactMatch": "http://example.org/d",
        },
    ],
    "missingValues": ["", "NaN"],
    "primaryKey": "hiveID",
}


def hives(root: Path, *, longitude: str = "23.85", photo: str = "photos/h1.jpg", **changes: Any) -> Path:
    resource = {"name": "hives", "path": "hives.csv", "profile": "tabular-data-resource", "format": "csv"}
    descriptor = {
        "profile": f"{BASE}/hive-dp-profile.json",
        "created": "2031-02-06T11:23:03Z",
        "spatial": {"type": "Point", "coordinates": [23.85, 52.7]},
        **changes,
    }
    files: dict[str, bytes | str] = {
        "hives.csv": f"hiveID,longitude,photo,opened\nh1,{longitude},{photo},2031-03-01T22:00:00Z\n"
        "h2,NaN,,2031-03-02T22:00:00+0200\n"
    }
    folder = write_package_of(
        root / "hives", files, [resource | {"schema": f"{BASE}/hives-table-schema.json"}], **descriptor
    )
    path = folder / "datapackage.json"
    written = json.loads(path.read_text())
    del written["$schema"]
    path.write_text(json.dumps({name: value for name, value in written.items() if value is not None}))
    return folder


def copies(root: Path, **files: Any) -> Path:
    """Write copies, which are JSON, to a folder; double low lines stand for the folders of their paths."""
    for name, held in files.items():
        path = root / "copies" / f"{name.replace('__', '/').replace('_', '-')}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(held if isinstance(held, str) else json.dumps(held))
    return root / "copies"


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    geojson = {"required": ["coordinates"]}
    return copies(tmp_path, hive_dp_profile=PROFILE, hives_table_schema=SCHEMA, geojson=geojson)


def test_a_package_is_held_to_copies_of_what_it_names_by_address(tmp_path: Path, whole: Path) -> None:
    report = datapackage.validate(hives(tmp_path), schemas=whole)
    assert (report.state, report.counts) == ("valid", {})
    assert {check.name: check.subject for check in report.checks if check.name.startswith("copy of")} == {
        f"copy of {BASE}/hive-dp-profile.json": "hive-dp-profile.json",
        f"copy of {BASE}/hives-table-schema.json": "hives-table-schema.json",
        f"copy of {GEOJSON}": "geojson.json",
    }


def test_without_copies_nothing_but_the_standard_is_checked(tmp_path: Path) -> None:
    report = datapackage.validate(hives(tmp_path))
    assert (report.state, report.counts) == ("not checked", {"profile-unknown": 1, "unsupported-feature": 1})
    assert all("--schemas" in each.hint for each in report.incidents)


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"longitude": "200"}, "constraint-error", "180"),
        ({"photo": "../h1.jpg"}, "constraint-error", "../h1.jpg"),
        ({"created": None}, "package-error", "`created`"),
        ({"spatial": {"type": "Point"}}, "package-error", "`spatial`"),
    ],
)
def test_what_a_copy_asks_for_is_missed(changes: Any, code: str, message: str, tmp_path: Path, whole: Path) -> None:
    report = datapackage.validate(hives(tmp_path, **changes), schemas=whole)
    assert report.counts == {code: 1}
    assert message in report.incidents[0].message


def test_a_schema_of_another_version_than_the_profile_wants_is_told(tmp_path: Path, whole: Path) -> None:
    folder = hives(tmp_path)
    path = folder / "datapackage.json"
    path.write_text(path.read_text().replace("/1.0/hives-table", "/2.0/hives-table"))
    report = datapackage.validate(folder, schemas=whole)
    assert report.counts == {"schema-error": 1}


def test_a_copy_with_http_serves_an_address_with_https(tmp_path: Path) -> None:
    profile = {"$id": f"{BASE}/hive-dp-profile.json".replace("https", "http"), "required": ["keeper"]}
    folder = copies(tmp_path, any_name=profile, hives_table_schema=SCHEMA)
    report = datapackage.validate(hives(tmp_path), schemas=folder)
    assert report.counts == {"package-error": 1}
    assert "`keeper`" in report.incidents[0].message


@pytest.mark.parametrize("of", ["package", "resource"])
def test_what_a_profile_says_of_a_schema_is_reported_without_a_copy_of_the_schema(of: str, tmp_path: Path) -> None:
    part: dict[str, Any] = {"properties": {"schema": {"pattern": "/9\\.9/"}}}
    package = {"properties": {"resources": {"items": part}}}
    folder = copies(tmp_path, hive_dp_profile=package if of == "package" else {}, apiary_profile=part)
    root = hives(tmp_path)
    if of == "resource":
        path = root / "datapackage.json"
        path.write_text(path.read_text().replace('"tabular-data-resource"', f'"{BASE}/apiary-profile.json"'))
    report = datapackage.validate(root, schemas=folder)
    assert report.counts == {"unsupported-feature": 1, "schema-error": 1}
    (found,) = (each.message for each in report.incidents if each.code == "schema-error")
    assert found == f"`schema`: expected a text of the form /9\\.9/; found '{BASE}/hives-table-schema.json'."


def test_of_a_profile_that_cannot_be_used_one_line_says_why(tmp_path: Path) -> None:
    folder = copies(tmp_path, hive_dp_profile={"$ref": "#/$defs/none"}, hives_table_schema=SCHEMA)
    report = datapackage.validate(hives(tmp_path), schemas=folder)
    assert [each.message for each in report.incidents] == [
        "The profile can't be used as a JSON Schema: Pointer '/$defs/none' does not exist."
    ]


def test_what_a_profile_says_of_a_schema_hides_no_other_fault_of_it(tmp_path: Path) -> None:
    profile = {"properties": {"resources": {"items": {"properties": {"schema": {"pattern": "/9/"}}}}}}
    key = {"fields": ["hiveID"], "reference": {"resource": "meadows", "fields": ["meadowID"]}}
    schema = {**SCHEMA, "primaryKey": ["queen"], "foreignKeys": [key]}
    folder = copies(tmp_path, hive_dp_profile=profile, hives_table_schema=schema)
    messages = [each.message for each in datapackage.validate(hives(tmp_path), schemas=folder).incidents]
    assert len(messages) == 3
    assert all(any(word in message for message in messages) for word in ("/9/", "'queen'", "'meadows'"))


def test_a_message_quotes_the_document_that_a_profile_refers_to(tmp_path: Path) -> None:
    profile = {"properties": {"kind": {"enum": ["apiary"]}, "spatial": {"$ref": "https://example.net/place.json"}}}
    place = {"properties": {"kind": {"enum": ["meadow", "roof"]}}}
    folder = copies(tmp_path, hive_dp_profile=profile, hives_table_schema=SCHEMA, place=place)
    report = datapackage.validate(hives(tmp_path, kind="apiary", spatial={"kind": "cellar"}), schemas=folder)
    assert [each.message for each in report.incidents] == [
        "`spatial.kind`: expected one of 'meadow', 'roof'; found 'cellar'."
    ]


def test_a_part_of_a_profile_of_which_there_is_no_copy_is_named(tmp_path: Path) -> None:
    folder = copies(tmp_path, hive_dp_profile=PROFILE, hives_table_schema=SCHEMA)
    report = datapackage.validate(hives(tmp_path), schemas=folder)
    assert (report.state, report.counts) == ("valid", {"profile-unknown": 1})
    assert GEOJSON in report.incidents[0].message


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"lake": {}}, "lake.json"),
        ({"v1__lake": {}, "lake": {}}, "v1/lake.json"),
        ({"v2__lake": {}}, None),
        ({"example.org__v1__lake": {}}, "example.org/v1/lake.json"),
        ({"other": {"$id": "https://example.org/v1/lake.json"}, "lake": {}}, "other.json"),
        ({"other": {"id": "https://example.org/v1/lake.json#"}}, "other.json"),
        ({"other": {"$id": "http://example.org/v1/lake.json"}}, "other.json"),
        ({"lake": {"$id": "http://example.org/v2/lake.json"}}, None),
        ({"lake": {"$id": "https://example.org/v2/lake.json"}}, None),
        ({"lake": {"$id": "lake"}}, "lake.json"),
        ({"broken": "{", "lake": {}}, "lake.json"),
    ],
)
def test_a_copy_is_found_by_its_id_or_else_by_the_end_of_the_address(
    files: Any, found: str | None, tmp_path: Path
) -> None:
    known = SchemaCopies(copies(tmp_path, **files))
    assert (known.find("https://example.org/v1/lake.json") is None) == (found is None)
    assert list(known.used.values()) == ([] if found is None else [found])


def test_two_copies_of_one_address_and_a_copy_that_is_not_json_are_refused(tmp_path: Path) -> None:
    twice = SchemaCopies(copies(tmp_path / "a", one={"$id": "https://e.org/x"}, two={"$id": "https://e.org/x"}))
    with pytest.raises(ArgumentError, match="both copies"):
        twice.find("https://e.org/x")
    schemes = SchemaCopies(copies(tmp_path / "c", one={"$id": "http://e.org/x"}, two={"$id": "https://e.org/x"}))
    with pytest.raises(ArgumentError, match="both copies"):
        schemes.find("https://e.org/x")
    with pytest.raises(ArgumentError, match=r"lake\.json, the copy of a schema, can't be read as JSON"):
        SchemaCopies(copies(tmp_path / "b", lake="{")).find("https://e.org/lake.json")


def test_the_command_takes_a_folder_of_copies(tmp_path: Path, whole: Path, run: Run) -> None:
    folder = hives(tmp_path)
    assert run("validate", folder, "--schemas", whole).returncode == 0
    ended = run("validate", folder, "--schemas", tmp_path / "nowhere")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "is not a folder" in ended.stderr


def test_an_opened_package_reads_its_tables_by_the_copies(tmp_path: Path, whole: Path) -> None:
    package = datapackage.open(hives(tmp_path), schemas=whole)
    assert package.rows("hives")[1] == {
        "hiveID": "h2",
        "longitude": None,
        "photo": None,
        "opened": "2031-03-02T22:00:00+0200",
    }


def test_a_comparison_and_an_export_go_by_the_copies_too(tmp_path: Path, whole: Path, run: Run) -> None:
    old, new = hives(tmp_path / "old"), hives(tmp_path / "new", longitude="23.9")
    ended = run("diff", old, new, "--schemas", whole)
    assert "23.85 → 23.9" in ended.stdout
    assert "multiset" not in ended.stdout
    assert "its schema is at an address" in run("diff", old, new).stdout
    ended = run("export", old, "--to", "json-schema", "--output", tmp_path / "out", "--schemas", whole)
    assert ended.returncode == 0, ended.stderr
    assert "longitude" in next((tmp_path / "out").rglob("hives.schema.json")).read_text()
