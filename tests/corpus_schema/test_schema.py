"""Table Schema files: what is refused, and what the published ones promise."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from readouts.corpus_schema.bundled import bundled_schemas
from readouts.corpus_schema.plover import load_plover
from readouts.corpus_schema.tables import load_tables, tables
from readouts.datapackage.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable

    from readouts.datapackage.schema.model import Field, Table

Descriptor = dict[str, Any]

LAKES: Descriptor = {
    "name": "lakes",
    "title": "Lakes",
    "description": "One row is one lake.",
    "fields": [
        {
            "name": "lake_id",
            "title": "Lake",
            "description": "The lake.",
            "type": "string",
            "example": "long-lake",
            "constraints": {"required": True, "pattern": "^[a-z-]+$", "maxLength": 9},
        },
        {
            "name": "kind",
            "title": "Kind",
            "description": "Its water.",
            "type": "string",
            "example": "salt",
            "constraints": {"enum": ["salt", "sweet"]},
            "categories": [{"value": "salt", "label": "Salt water."}, {"value": "sweet", "label": "Sweet water."}],
        },
        {
            "name": "depth",
            "title": "Depth",
            "description": "In metres.",
            "type": "integer",
            "example": "30",
            "constraints": {"minimum": 1, "maximum": 999},
        },
        {"name": "seen_on", "title": "Seen", "description": "Day.", "type": "date", "example": "2031-05-01"},
        {"name": "frozen", "title": "Frozen", "description": "Is it?", "type": "boolean", "example": "true"},
        {"name": "page", "title": "Page", "description": "A page.", "format": "uri", "example": "https://example.org"},
        {
            "name": "names",
            "title": "Names",
            "description": "Other names.",
            "type": "list",
            "delimiter": "|",
            "example": "Long|Deep",
        },
    ],
    "primaryKey": ["lake_id"],
    "uniqueKeys": [["kind", "depth"]],
    "missingValues": [""],
}
FERRIES: Descriptor = {
    "name": "ferries",
    "title": "Ferries",
    "description": "One row is one ferry.",
    "fields": [
        {"name": "ferry_id", "title": "Ferry", "description": "The ferry.", "type": "string", "example": "anna"},
        {"name": "lake_id", "title": "Lake", "description": "Its lake.", "type": "string", "example": "long-lake"},
        {"name": "towed_by", "title": "Tug", "description": "A ferry.", "type": "string", "example": "berta"},
    ],
    "primaryKey": ["ferry_id"],
    "foreignKeys": [
        {"fields": ["lake_id"], "reference": {"resource": "lakes", "fields": ["lake_id"]}},
        {"fields": ["towed_by"], "reference": {"fields": ["ferry_id"]}},
    ],
}


def written(folder: Path, *descriptors: Descriptor) -> Path:
    for descriptor in descriptors:
        (folder / f"{descriptor['name']}.schema.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def lakes(folder: Path) -> Table:
    return load_tables(written(folder, LAKES))["lakes"]


def test_a_schema_is_read_with_its_fields_keys_and_references(tmp_path: Path) -> None:
    found = load_tables(written(tmp_path, LAKES, FERRIES))
    assert list(found) == ["ferries", "lakes"]
    assert found["lakes"].primary_key == ("lake_id",)
    assert found["lakes"].unique_keys == (("kind", "depth"),)
    assert found["lakes"].field("kind").constraints.enum == ("salt", "sweet")
    assert [category.label for category in found["lakes"].field("kind").categories] == ["Salt water.", "Sweet water."]
    assert found["ferries"].references == {"lake_id": "lakes", "towed_by": "ferries"}


def change(path: list[Any], value: Any) -> Callable[[Descriptor], None]:
    def apply(descriptor: Descriptor) -> None:
        place: Any = descriptor
        for step in path[:-1]:
            place = place.setdefault(step, {}) if isinstance(place, dict) else place[step]
        place[path[-1]] = value

    return apply


def removal(*path: Any) -> Callable[[Descriptor], None]:
    def apply(descriptor: Descriptor) -> None:
        place: Any = descriptor
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return apply


FAULTS: dict[str, tuple[Callable[[Descriptor], None], str]] = {
    "unknown property of the table": (change(["primarykey"], ["lake_id"]), "Did you mean 'primaryKey'"),
    "unknown property of a field": (change(["fields", 0, "descripton"], "x"), "Did you mean 'description'"),
    "unknown constraint": (change(["fields", 0, "constraints", "maxlength"], 3), "Did you mean 'maxLength'"),
    "unknown property of a category": (change(["fields", 1, "categories", 0, "colour"], "x"), "categories"),
    "unknown property of a reference": (
        change(["foreignKeys"], [{"fields": ["kind"], "reference": {"resource": "x", "fields": ["y"], "on": "z"}}]),
        "foreignKeys: unknown property 'on'",
    ),
    "unknown property of a foreign key": (
        change(["foreignKeys"], [{"fields": ["kind"], "references": {}}]),
        "foreignKeys: unknown property 'references'",
    ),
    "unknown type": (change(["fields", 2, "type"], "intger"), "Did you mean 'integer'"),
    "type that is not supported": (change(["fields", 2, "type"], "geopoint"), "not supported"),
    "format that is not supported": (change(["fields", 0, "format"], "email"), "format 'email'"),
    "format of another type": (change(["fields", 2, "format"], "uri"), "format 'uri' of type 'integer'"),
    "list of other items": (change(["fields", 6, "itemType"], "integer"), "lists of 'integer'"),
    "enum without categories": (removal("fields", 1, "categories"), "enum and categories"),
    "categories without enum": (removal("fields", 1, "constraints"), "enum and categories"),
    "enum in another order": (change(["fields", 1, "constraints", "enum"], ["sweet", "salt"]), "enum and categories"),
    "enum with one value more": (
        change(["fields", 1, "constraints", "enum"], ["salt", "sweet", "tar"]),
        "enum and categories",
    ),
    "category without a label": (removal("fields", 1, "categories", 0, "label"), "expected the property 'label'"),
    "field without an example": (removal("fields", 0, "example"), "expected the property 'example'"),
    "field without a title": (removal("fields", 0, "title"), "expected the property 'title'"),
    "field without a description": (removal("fields", 0, "description"), "expected the property 'description'"),
    "field without a name": (removal("fields", 0, "name"), "expected the property 'name'"),
    "table without a description": (removal("description"), "expected the property 'description'"),
    "table without a primary key": (removal("primaryKey"), "expected the property 'primaryKey'"),
    "table without fields": (removal("fields"), "expected the property 'fields'"),
    "other missing values": (change(["missingValues"], ["", "NA"]), "only the empty cell"),
    "primary key that is no field": (change(["primaryKey"], ["lake"]), "names the field 'lake'"),
    "unique key that is no field": (change(["uniqueKeys"], [["kind", "size"]]), "names the field 'size'"),
    "two fields of one name": (change(["fields", 1, "name"], "lake_id"), "two of these share one"),
    "pattern that is none": (change(["fields", 0, "constraints", "pattern"], "([a-z"), "not a regular expression"),
    "pattern of a number": (change(["fields", 2, "constraints", "pattern"], "1+"), "'pattern' is supported for string"),
    "length of a list": (change(["fields", 6, "constraints"], {"maxLength": 2}), "'maxLength' is supported for string"),
    "minimum of a date": (change(["fields", 3, "constraints"], {"minimum": 1}), "'minimum' is supported for integer"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_not_understood_is_refused_and_named(tmp_path: Path, fault: str) -> None:
    apply, expected = FAULTS[fault]
    descriptor = copy.deepcopy(LAKES)
    apply(descriptor)
    with pytest.raises(SchemaError) as caught:
        load_tables(written(tmp_path, descriptor))
    assert "lakes.schema.json" in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ({"fields": ["lake_id"], "reference": {"resource": "seas", "fields": ["lake_id"]}}, "seas (lake_id)"),
        ({"fields": ["lake_id"], "reference": {"resource": "lakes", "fields": ["kind"]}}, "lakes (kind)"),
        ({"fields": ["lake_id", "towed_by"], "reference": {"resource": "lakes", "fields": ["lake_id"]}}, "towed_by"),
        ({"fields": ["lake"], "reference": {"resource": "lakes", "fields": ["lake_id"]}}, "'lake'"),
    ],
    ids=["no such table", "no primary key", "more fields than the key", "no such field"],
)
def test_a_foreign_key_that_does_not_point_to_a_primary_key_is_refused(
    tmp_path: Path, key: Descriptor, named: str
) -> None:
    with pytest.raises(SchemaError) as caught:
        load_tables(written(tmp_path, LAKES, {**FERRIES, "foreignKeys": [key]}))
    assert "ferries.schema.json" in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "null"])
def test_a_file_that_is_no_schema_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "lakes.schema.json").write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=r"lakes\.schema\.json"):
        load_tables(tmp_path)


def test_a_schema_in_a_file_of_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "seas.schema.json").write_text(json.dumps(LAKES), encoding="utf-8")
    with pytest.raises(SchemaError, match="the name is 'lakes'"):
        load_tables(tmp_path)


def test_a_folder_without_schemas_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"No <table>\.schema\.json"):
        load_tables(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("lake_id", "long-lake", None),
        ("lake_id", "Long", "constraint-error"),
        ("lake_id", "long-lake\n", "constraint-error"),
        ("lake_id", "longer-lake", "constraint-error"),
        ("kind", "sweet", None),
        ("kind", "Sweet", "constraint-error"),
        ("depth", "30", None),
        ("depth", "0", "constraint-error"),
        ("depth", "1000", "constraint-error"),
        ("depth", "030", "type-error"),
        ("depth", "+3", "type-error"),
        ("depth", "3.0", "type-error"),
        ("depth", " 3", "type-error"),
        ("depth", "٣", "type-error"),
        ("seen_on", "2032-02-29", None),
        ("seen_on", "2031-02-29", "type-error"),
        ("seen_on", "2031-5-1", "type-error"),
        ("seen_on", "2031-05-01T00:00", "type-error"),
        ("frozen", "true", None),
        ("frozen", "True", "type-error"),
        ("frozen", "1", "type-error"),
        ("page", "https://example.org/a", None),
        ("page", "example.org", "type-error"),
        ("page", "https://example.org/a b", "type-error"),
        ("names", "Long|Deep", None),
        ("names", "Long||Deep", "type-error"),
        ("names", "Long|", "type-error"),
    ],
)
def test_a_cell_is_held_to_the_type_and_the_constraints_of_its_field(
    tmp_path: Path, name: str, text: str, code: str | None
) -> None:
    found = lakes(tmp_path).field(name).problem(text)
    assert (None if found is None else found[0]) == code


def test_a_wrong_field_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="Did you mean 'depth'"):
        lakes(tmp_path).field("dept")


# The published schemas.

FIELDS = [(table.name, field) for table in tables().values() for field in table.fields]


@pytest.mark.parametrize(("table", "field"), FIELDS, ids=[f"{table}.{field.name}" for table, field in FIELDS])
def test_every_field_is_explained_and_its_example_is_a_good_value(table: str, field: Field) -> None:
    assert field.title.strip()
    assert field.description.strip().endswith((".", "?", ")"))
    assert isinstance(field.example, str), "the official profile has examples as they stand in the file"
    assert field.problem(field.example) is None
    assert all(category.label.strip() for category in field.categories)


@pytest.mark.parametrize("table", tables().values(), ids=list(tables()))
def test_every_table_is_explained_and_has_a_required_primary_key(table: Table) -> None:
    assert table.title.strip()
    assert table.description.strip()
    assert table.primary_key
    assert all(table.field(name).constraints.required for name in table.primary_key)


def test_every_foreign_key_targets_a_primary_key_and_agrees_with_its_type() -> None:
    for table in tables().values():
        for key in table.foreign_keys:
            target = tables()[key.table]
            assert key.target_fields == target.primary_key
            for name, target_name in zip(key.fields, key.target_fields, strict=True):
                field, target_field = table.field(name), target.field(target_name)
                assert (field.type, field.constraints.pattern) == (target_field.type, target_field.constraints.pattern)


def test_every_column_that_is_named_like_a_key_of_another_table_refers_to_it() -> None:
    stored = [table for table in tables().values() if not table.derived]
    keys = {table.primary_key[0]: table.name for table in stored if len(table.primary_key) == 1}
    for table in tables().values():
        for name in table.field_names:
            if name in keys and (name,) != table.primary_key:
                assert table.references.get(name) == keys[name], f"{table.name}.{name}"


def official_profile() -> Any:
    dplib = pytest.importorskip("dplib")
    path = Path(dplib.__file__ or "").parent / "profiles" / "2.0" / "tableschema.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_published_schemas_are_valid_by_the_official_profile() -> None:
    validator = pytest.importorskip("jsonschema").Draft7Validator(official_profile())
    for table in tables().values():
        # The specification has the type `list`, and the profile doesn't.
        known = [field for field in table.descriptor["fields"] if field["type"] != "list"]
        found = [error.message for error in validator.iter_errors({**table.descriptor, "fields": known})]
        assert found == [], table.name
    assert not validator.is_valid({"fields": [{"name": "x", "type": "nonsense"}]})


def test_the_predicates_and_contexts_of_relations_are_plovers() -> None:
    plover = load_plover()
    relations = tables()["relations"]
    standing = {"holds_office", "part_of", "member_of", "represents"}
    assert set(relations.field("predicate").constraints.enum or ()) == set(plover.modes) | standing
    assert len(plover.modes) == 16
    assert plover.recipient_required <= set(plover.modes)
    assert set(relations.field("status").constraints.enum or ()) <= {
        *json.loads((bundled_schemas() / "plover.json").read_text(encoding="utf-8"))["statuses"],
        "actual",
        "negated",
    }
    modes = {mode for event_modes in plover.modes.values() for mode in event_modes}
    published = relations.field("mode").constraints.enum
    assert published is None or set(published) == modes
