"""Changes of packages, resources and schemas: each is found, named by what it does to readers, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from readouts.datapackage.difference.descriptor_changes import package_changes, resource_changes, schema_changes
from readouts.datapackage.difference.result import Change
from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.versioning import RULES

NAME = {"name": "name", "type": "string"}
DEPTH = {"name": "depth", "type": "number"}
FIELDS = {"fields": [NAME, DEPTH], "primaryKey": ["name"]}


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    return list(schema_changes(read_schema("lakes", old)[0], read_schema("lakes", new)[0]))


def of_depth(**properties: Any) -> dict[str, Any]:
    return {**FIELDS, "fields": [NAME, {**DEPTH, **properties}]}


def limited(**constraints: Any) -> dict[str, Any]:
    return of_depth(constraints=constraints)


SCHEMAS: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "nothing": (FIELDS, FIELDS, []),
    "the same bound, as integer and as decimal": (limited(minimum=1), limited(minimum=1.0), ["description-changed"]),
    "a field behind all others": (FIELDS, {**FIELDS, "fields": [NAME, DEPTH, {"name": "sea"}]}, ["field-added"]),
    "a field between others": (FIELDS, {**FIELDS, "fields": [NAME, {"name": "sea"}, DEPTH]}, ["field-inserted"]),
    "a field less": (FIELDS, {**FIELDS, "fields": [NAME]}, ["field-removed"]),
    "another name is one less and one more": (
        FIELDS,
        {**FIELDS, "fields": [NAME, {**DEPTH, "name": "metres"}]},
        ["field-removed", "field-added"],
    ),
    "another order": (FIELDS, {**FIELDS, "fields": [DEPTH, NAME]}, ["field-reordered"]),
    "another type": (FIELDS, of_depth(type="integer"), ["type-changed"]),
    "another format": (of_depth(type="date"), of_depth(type="date", format="%d.%m.%Y"), ["type-changed"]),
    "another decimal character": (FIELDS, of_depth(decimalChar=","), ["type-changed"]),
    "other missing values of the table": (
        FIELDS,
        {**FIELDS, "missingValues": ["", "NA"]},
        ["missing-changed", "missing-changed"],
    ),
    "other missing values of a field": (FIELDS, of_depth(missingValues=["-"]), ["missing-changed"]),
    "an enum of the same numbers, written in another way": (limited(enum=[1, 2]), limited(enum=["1", "2"]), []),
    "true values in another order": (
        of_depth(type="boolean", trueValues=["y", "j"]),
        of_depth(type="boolean", trueValues=["j", "y"]),
        [],
    ),
    "now required": (FIELDS, limited(required=True), ["constraint-tightened"]),
    "no longer required": (limited(required=True), FIELDS, ["constraint-loosened"]),
    "now unique": (FIELDS, limited(unique=True), ["constraint-tightened"]),
    "a new lower bound": (FIELDS, limited(minimum=0), ["constraint-tightened"]),
    "a lower lower bound": (limited(minimum=10), limited(minimum=9), ["constraint-loosened"]),
    "a higher lower bound": (limited(minimum=9), limited(minimum=10), ["constraint-tightened"]),
    "a higher upper bound": (limited(maximum=9), limited(maximum=10), ["constraint-loosened"]),
    "a lower upper bound": (limited(exclusiveMaximum=10), limited(exclusiveMaximum=9), ["constraint-tightened"]),
    "a bound as text, compared as a number": (limited(maximum="9"), limited(maximum="10"), ["constraint-loosened"]),
    "an upper bound less": (limited(maximum=9), FIELDS, ["constraint-loosened"]),
    "a shorter length": (
        {"fields": [{**NAME, "constraints": {"maxLength": 9}}]},
        {"fields": [{**NAME, "constraints": {"maxLength": 8}}]},
        ["constraint-tightened"],
    ),
    "a pattern more": (
        {"fields": [NAME]},
        {"fields": [{**NAME, "constraints": {"pattern": "a+"}}]},
        ["constraint-tightened"],
    ),
    "another pattern": (
        {"fields": [{**NAME, "constraints": {"pattern": "a+"}}]},
        {"fields": [{**NAME, "constraints": {"pattern": "a*"}}]},
        ["constraint-changed"],
    ),
    "what is taken for granted, said": (FIELDS, of_depth(bareNumber=True, decimalChar=".", format="default"), []),
    "a key of one column, called unique": (
        {"fields": [NAME], "primaryKey": ["name"]},
        {"fields": [{**NAME, "constraints": {"unique": True}}], "primaryKey": ["name"], "uniqueKeys": [["name"]]},
        [],
    ),
    "values more and less": (
        limited(enum=[1, 2]),
        limited(enum=[2, 3]),
        ["enum-value-removed", "enum-value-added"],
    ),
    "values in another order": (limited(enum=[1, 2]), limited(enum=[2, 1]), ["description-changed"]),
    "a list of values where there was none": (FIELDS, limited(enum=[1]), ["constraint-tightened"]),
    "no list of values any more": (limited(enum=[1]), FIELDS, ["constraint-loosened"]),
    "a category more": (
        {"fields": [{**NAME, "categories": ["a"]}]},
        {"fields": [{**NAME, "categories": ["a", "b"]}]},
        ["enum-value-added"],
    ),
    "another label of a category": (
        {"fields": [{**NAME, "categories": [{"value": "a", "label": "A"}]}]},
        {"fields": [{**NAME, "categories": [{"value": "a", "label": "Alpha"}]}]},
        ["description-changed"],
    ),
    "another description": (FIELDS, of_depth(description="In metres."), ["description-changed"]),
    "a property of somebody's own": (FIELDS, of_depth(unit="m"), ["description-changed"]),
    "another key": (
        FIELDS,
        {**FIELDS, "primaryKey": ["name", "depth"]},
        # A key column is required.
        ["constraint-tightened", "key-changed"],
    ),
    "a unique key more": (FIELDS, {**FIELDS, "uniqueKeys": [["depth"]]}, ["unique-key-added"]),
    "a unique key less": ({**FIELDS, "uniqueKeys": [["depth"]]}, FIELDS, ["unique-key-removed"]),
    "a reference more": (
        FIELDS,
        {**FIELDS, "foreignKeys": [{"fields": "name", "reference": {"resource": "", "fields": "depth"}}]},
        ["reference-added"],
    ),
    "a reference less": (
        {**FIELDS, "foreignKeys": [{"fields": "name", "reference": {"resource": "", "fields": "depth"}}]},
        FIELDS,
        ["reference-removed"],
    ),
    "columns that need not be there": (FIELDS, {**FIELDS, "fieldsMatch": ["partial"]}, ["constraint-loosened"]),
    "columns that must be just these": (
        {**FIELDS, "fieldsMatch": ["subset"]},
        {**FIELDS, "fieldsMatch": ["equal"]},
        ["constraint-tightened"],
    ),
    "columns that may be others": (
        {**FIELDS, "fieldsMatch": ["subset"]},
        {**FIELDS, "fieldsMatch": ["superset"]},
        ["constraint-changed"],
    ),
}


@pytest.mark.parametrize("case", SCHEMAS)
def test_a_change_of_a_schema_is_named_by_what_it_does(case: str) -> None:
    old, new, expected = SCHEMAS[case]
    assert [change.rule for change in changes(old, new)] == expected


def test_a_change_tells_table_field_and_both_values() -> None:
    assert changes(limited(minimum=9), limited(minimum=10)) == [
        Change("constraint-tightened", "lakes", "depth", "minimum", 9, 10)
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"name": "lakes", "title": "Lakes"}, {"name": "lakes", "title": "All lakes"}, "metadata-changed"),
        ({"name": "lakes"}, {"name": "all-lakes"}, "package-renamed"),
        ({"licenses": [{"name": "CC0-1.0"}]}, {"licenses": [{"name": "CC-BY-4.0"}]}, "licence-changed"),
        ({"licenses": [{"name": "CC0-1.0"}]}, {}, "licence-changed"),
    ],
)
def test_a_change_of_the_package_is_named(old: dict[str, Any], new: dict[str, Any], expected: str) -> None:
    assert [change.rule for change in package_changes(old, new)] == [expected]


def test_version_and_date_are_no_changes_of_their_own() -> None:
    assert list(package_changes({"version": "1.0.0", "created": "a"}, {"version": "1.0.1", "created": "b"})) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"path": "a.csv"}, {"path": "b.csv"}, ["resource-moved"]),
        ({"encoding": "utf-8"}, {"encoding": "utf-16"}, ["resource-form"]),
        ({"encoding": "utf8"}, {"encoding": "UTF_8"}, []),
        ({"dialect": {"delimiter": ";"}}, {}, ["resource-form"]),
        ({"licenses": []}, {"licenses": [{"name": "CC0-1.0"}]}, ["licence-changed"]),
        ({"description": "Lakes."}, {"description": "All lakes."}, ["metadata-changed"]),
        ({"schema": {}}, {"encoding": "UTF-8", "dialect": {"delimiter": ","}, "type": "table", "schema": {}}, []),
        ({"path": "a.csv"}, {"path": ["a.csv"], "format": "csv"}, []),
        ({"path": ["a.csv"]}, {"path": ["a.csv", "b.csv"]}, ["resource-moved"]),
        ({"bytes": 1, "hash": "a", "rowCount": 3}, {"bytes": 2, "hash": "b", "rowCount": 4}, []),
    ],
)
def test_a_change_of_a_resource_is_named(old: dict[str, Any], new: dict[str, Any], expected: list[str]) -> None:
    found = resource_changes({"name": "lakes", **old}, {"name": "lakes", **new})
    assert [change.rule for change in found] == expected


def test_one_and_true_are_two_values() -> None:
    assert [change.what for change in package_changes({"a": 1}, {"a": True})] == ["a"]


def test_every_rule_says_why_in_a_sentence() -> None:
    for rule in RULES.values():
        assert rule.why.endswith("."), rule
        assert rule.scope in {"package", "schema", "row", "cell", "reference"}
        assert rule.level > 0
