"""What is wrong with a descriptor, in words: the place, what is expected there, what was found; each fault once."""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from readouts.datapackage.package.dereference import dereferenced
from readouts.datapackage.package.resource import read_resources
from readouts.datapackage.validation.descriptor import read_descriptors
from tests.datapackage.validation.planting import check
from tests.packages import PROFILE, write_package_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from readouts.datapackage.incident import Incident

JARGON = re.compile(
    r"schemas listed|given schemas|' keyword|is not of type|at property|required property|does not match|non-unique"
    r"|is too short|oneOf|anyOf|is not one of|Traceback|NoneType"
)
PERSON = {"title": "Ada", "path": "https://example.org", "email": "ada@example.org", "roles": ["creator"]}
LICENCE = {"name": "CC0-1.0", "path": "https://example.org", "title": "CC0"}
SOURCE = {"title": "Field book", "path": "book.txt", "email": "ada@example.org", "version": "1"}
FIELDS: list[dict[str, Any]] = [
    {"name": "no", "type": "integer", "groupChar": ",", "bareNumber": True, "constraints": {"minimum": 1}},
    {"name": "kind", "type": "string", "format": "default", "title": "Kind", "example": "oak", "missingValues": ["-"],
     "constraints": {"required": True, "unique": False, "minLength": 1, "pattern": "[a-z]+", "enum": ["oak", "elm"]}},
    {"name": "height", "type": "number", "decimalChar": ",", "constraints": {"exclusiveMinimum": 0}},
    {"name": "dead", "type": "boolean", "trueValues": ["y"], "falseValues": ["n"]},
    {"name": "seen", "type": "list", "delimiter": ";", "itemType": "date"},
    {"name": "tags", "type": "object", "constraints": {"jsonSchema": {"type": "object"}}},
    {"name": "size", "type": "integer", "categories": [{"value": 1, "label": "small"}], "categoriesOrdered": True},
]  # fmt: skip
DIALECT = {
    "header": True, "headerRows": [1], "headerJoin": " ", "commentRows": [5], "commentChar": "#", "delimiter": ",",
    "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "escapeChar": "\\", "nullSequence": "NA",
    "skipInitialSpace": False, "sheetNumber": 1, "sheetName": "one", "itemType": "array", "itemKeys": ["no"],
}  # fmt: skip
SCHEMA = {
    "fields": FIELDS,
    "fieldsMatch": "subset",
    "missingValues": ["", "NA"],
    "primaryKey": ["no"],
    "uniqueKeys": [["kind", "height"]],
    "foreignKeys": [{"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["kind"]}}],
}
TREES = {
    "name": "trees", "type": "table", "path": "trees.csv", "title": "Trees", "description": "All.", "format": "csv",
    "mediatype": "text/csv", "encoding": "utf-8", "bytes": 9, "hash": "sha256:00", "homepage": "https://example.org",
    "licenses": [LICENCE], "sources": [SOURCE], "dialect": DIALECT, "schema": SCHEMA, "compression": "no",
}  # fmt: skip
KINDS = {"name": "kinds", "type": "table", "path": "kinds.csv", "schema": {"fields": [{"name": "kind"}]}}
WHOLE: dict[str, Any] = {
    "$schema": PROFILE, "name": "wood", "id": "w", "title": "Wood", "description": "A wood.", "version": "1.0.0",
    "homepage": "https://example.org", "created": "2026-03-01T10:00:00Z", "keywords": ["wood"], "image": "wood.png",
    "licenses": [LICENCE], "contributors": [PERSON], "sources": [SOURCE], "resources": [TREES, KINDS],
}  # fmt: skip
NOTHING = object()
WRONG: list[Any] = [None, 7, 1.5, True, "?! ", [], {}, [7], [None], [[]], {"a": 1}, [{"a": 1}], NOTHING]


def ways(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to each part of a value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield (*way, name)
        yield from ways(part, (*way, name))


def changed(way: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Return the descriptor with another value in a place, or none."""
    descriptor = copy.deepcopy(WHOLE)
    part: Any = descriptor
    for name in way[:-1]:
        part = part[name]
    if value is NOTHING:
        del part[way[-1]]
    else:
        part[way[-1]] = value
    return descriptor


def found_in(descriptor: dict[str, Any], root: Path) -> list[Incident]:
    inlined = dereferenced(root, descriptor)
    return read_descriptors(inlined, read_resources(root, inlined))[1]


def of(resources: dict[str, Any] | None = None, **package: Any) -> dict[str, Any]:
    """Return a small descriptor with these properties of its resource, and of its own."""
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a"}]}, **(resources or {})}
    return {"resources": [resource], **package}


def schema(**properties: Any) -> dict[str, Any]:
    return of({"schema": {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}], **properties}})


def field(**properties: Any) -> dict[str, Any]:
    return of({"schema": {"fields": [{"name": "a", **properties}]}})


def test_the_descriptor_that_is_changed_is_good(tmp_path: Path) -> None:
    assert found_in(WHOLE, tmp_path) == []


ROOTS = sorted({way[:4] for way in ways(WHOLE) if way[:1] != ("resources",) or len(way) > 2}, key=str)


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: ".".join(map(str, root)))
def test_every_place_is_spoken_of_in_words_whatever_is_in_it(tmp_path: Path, root: tuple[str | int, ...]) -> None:
    for way in ways(WHOLE):
        if way[:4] != root or way in {("resources", 0, "name"), ("resources", 1, "name")}:
            continue
        for value in WRONG:
            found = found_in(changed(way, value), tmp_path)
            messages = [(each.table, each.field, each.message) for each in found]
            assert len(set(messages)) == len(messages), (way, value)
            for _, _, message in messages:
                assert JARGON.search(message) is None, message
                assert message.endswith((".", "?")), message


@pytest.mark.parametrize(
    ("descriptor", "place", "sentence"),
    [
        (
            of(licenses=[{"title": "CC0"}]),
            (None, None),
            "`licenses`, item 1: expected an object with `name` or `path`; found an object with `title`.",
        ),
        (
            of({"licenses": "CC0"}),
            ("t", None),
            "`licenses`: expected a list of at least one object with `name` or `path`; found 'CC0'.",
        ),
        (
            of(contributors=[{}]),
            (None, None),
            "`contributors`, item 1: expected an object with at least one property; found an empty object.",
        ),
        (
            of(sources=[{"email": "nobody"}]),
            (None, None),
            "`sources`, item 1, `email`: expected an e-mail address; found 'nobody'.",
        ),
        (
            of({"path": "./t.csv"}),
            ("t", None),
            (
                "`path`: expected a relative path such as data/lakes.csv or an address (a path has "
                "neither '..' nor a backslash, and begins with none of '.', '/' and '~'); found './t.csv'."
            ),
        ),
        (
            of({"data": []}),
            ("t", None),
            (
                "Expected an object with `name` and either `data` or `path`; found an object with "
                "`data`, `name`, `path` and `schema`."
            ),
        ),
        (of({"bytes": "9"}), ("t", None), "`bytes`: expected a whole number; found '9'."),
        (of({"dialect": {"header": "no"}}), ("t", None), "`dialect.header`: expected true or false; found 'no'."),
        (
            of({"dialect": {"escapeChar": "ab"}}),
            ("t", "dialect"),
            ("`dialect.escapeChar`: expected one character, which neither delimits cells nor ends lines; found 'ab'."),
        ),
        (
            of({"dialect": {"delimeter": ";"}}),
            ("t", "dialect"),
            "`dialect.delimeter`: Table Dialect has no such property. Did you mean 'delimiter'?",
        ),
        (
            schema(primaryKey=[]),
            ("t", None),
            "`schema.primaryKey`: expected a list of at least one text, each once; found an empty list.",
        ),
        (
            schema(primaryKey=7),
            ("t", None),
            "`schema.primaryKey`: expected a list of at least one text, each once, or a text; found 7.",
        ),
        (
            schema(primaryKey="aa"),
            ("t", None),
            "`schema.primaryKey`: expected names of fields; found 'aa'. Did you mean 'a'?",
        ),
        (
            schema(uniqueKeys=["a"]),
            ("t", None),
            "`schema.uniqueKeys`, item 1: expected a list of at least one text, each once; found 'a'.",
        ),
        (schema(missingValues=["", 7]), ("t", None), "`schema.missingValues`, item 2: expected a text; found 7."),
        (
            schema(fieldsMatch="exactly"),
            ("t", None),
            (
                "`schema.fieldsMatch`: expected one of 'exact', 'equal', 'subset', 'superset', "
                "'partial'; found 'exactly'."
            ),
        ),
        (
            schema(fields=[]),
            ("t", None),
            "`schema.fields`: expected a list of at least one object with `name`; found an empty list.",
        ),
        (
            schema(fields=[{"name": "a"}, {"title": "b"}]),
            ("t", None),
            "`schema.fields`, item 2: expected an object with `name`; found an object with `title`.",
        ),
        (
            field(type="intger"),
            ("t", "a"),
            "`type`: expected a type of Table Schema; found 'intger'. Did you mean 'integer'?",
        ),
        (
            field(type="string", format="date"),
            ("t", "a"),
            "`format`: expected one of 'default', 'email', 'uri', 'binary', 'uuid'; found 'date'.",
        ),
        (
            field(type="date", format="dd.mm.yyyy"),
            ("t", "a"),
            (
                "`format`: expected one of 'default', 'any', or a pattern of strptime such as "
                "%d/%m/%Y, for the type 'date'; found 'dd.mm.yyyy'."
            ),
        ),
        (
            field(type="integer", constraints={"minimum": "few"}),
            ("t", "a"),
            "`constraints.minimum`: expected a whole number in digits; found 'few'.",
        ),
        (
            field(type="integer", constraints={"required": "yes"}),
            ("t", "a"),
            "`constraints.required`: expected true or false; found 'yes'.",
        ),
        (
            field(type="string", constraints={"minimum": 1}),
            ("t", "a"),
            "`constraints.minimum`: the type 'string' has no such constraint.",
        ),
        (
            field(type="string", constraints={"minlength": 1}),
            ("t", "a"),
            "`constraints.minlength`: Table Schema has no such constraint. Did you mean 'minLength'?",
        ),
        (
            field(type="string", categories=[{"label": "x"}]),
            ("t", "a"),
            "`categories`, item 1: expected a text, or an object with `value`; found an object with `label`.",
        ),
        (
            field(type="object", constraints={"jsonSchema": {"type": "strin"}}),
            ("t", "a"),
            "`constraints.jsonSchema.type`: expected what JSON Schema allows there; found 'strin'.",
        ),
        (
            field(type="list", itemType="text"),
            ("t", "a"),
            (
                "`itemType`: expected one of 'boolean', 'date', 'datetime', 'integer', 'number', "
                "'string', 'time'; found 'text'."
            ),
        ),
    ],
)
def test_the_sentence_says_what_is_expected_and_what_was_found(
    tmp_path: Path, descriptor: dict[str, Any], place: tuple[str | None, str | None], sentence: str
) -> None:
    (found,) = found_in(descriptor, tmp_path)
    assert ((found.table, found.field), found.message) == (place, sentence)


def test_two_faults_of_one_resource_are_both_found(tmp_path: Path) -> None:
    descriptor = schema(primaryKey="c") | {"licenses": [{}]}
    descriptor["resources"][0]["bytes"] = "many"
    places = {each.message.partition(":")[0] for each in found_in(descriptor, tmp_path)}
    assert places == {"`bytes`", "`licenses`, item 1", "`schema.primaryKey`"}


@pytest.mark.parametrize(
    ("resource", "code", "field", "sentence"),
    [
        ({"compression": ["gz"]}, "resource-error", None, '`compression`: expected a text; found ["gz"].'),
        ({"innerpath": 7}, "resource-error", None, "`innerpath`: expected a text; found 7."),
        (
            {"schema": {"fields": [{"name": "a", "required": True}]}},
            "schema-error",
            "a",
            '"required" should be set as "constraints.required".',
        ),
        (
            {"schema": {"fields": [{"name": "a", "type": "array", "arrayItem": 7}]}},
            "schema-error",
            "a",
            "`arrayItem`: expected an object; found 7.",
        ),
        ({"bytes": "9", "hash": 7}, "resource-error", None, None),
    ],
)
def test_what_only_frictionless_knows_is_said_in_the_same_words_and_once(
    tmp_path: Path, resource: dict[str, Any], code: str, field: str | None, sentence: str | None
) -> None:
    table = {"name": "t", "type": "table", "path": "t.csv", "schema": {"fields": [{"name": "a"}]}, **resource}
    found = check(write_package_of(tmp_path, {"t.csv": "a\n[1]\n"}, [table]), ask=True)
    assert {(each.code, each.table, each.field) for each in found if each.code != "byte-count"} == {(code, "t", field)}
    if sentence is not None:
        assert [each.message for each in found] == [sentence]


def test_a_profile_that_is_a_file_of_the_package_is_checked(tmp_path: Path) -> None:
    profile = {"allOf": [{"$ref": PROFILE}, {"required": ["title"], "properties": {"title": {"minLength": 3}}}]}
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a"}]}}
    files: dict[str, bytes | str] = {"t.csv": "a\n1\n", "wood.json": json.dumps(profile)}
    for title, said in (("Wood", []), ("W", ["`title`: expected a value that `minLength`: 3 allows; found 'W'."])):
        root = write_package_of(tmp_path / title, files, [table], profile="wood.json", title=title)
        assert [each.message for each in check(root)] == said
