"""What a message says of a value that a JSON Schema does not allow: the words come from the schema alone."""

from __future__ import annotations

from typing import Any

import pytest

from readouts.datapackage.json_schema_text import JsonSchema

BOAT = dict.fromkeys(["mast", "keel", "sail", "boom", "oar", "hull", "deck", "bow", "stern"], 1)
DRAFT_4 = {"$schema": "http://json-schema.org/draft-04/schema#"}
DRAFT_7 = {"$schema": "http://json-schema.org/draft-07/schema#"}
DOCUMENTS: dict[str, Any] = {
    "https://example.org/rig.json": {
        "$id": "http://example.org/rig.json",
        "properties": {"colour": {"enum": ["red"]}, "size": {"$ref": "#/$defs/size"}, "knot": {"$ref": "knots.json"}},
        "$defs": {"size": {"type": "integer"}, "flag": {"$anchor": "flag", "type": "boolean"}},
    },
    "https://example.org/knots.json": {"enum": ["bowline", "hitch"]},
    "https://example.org/harbour.json": {"properties": {"colour": {"enum": ["green"]}}},
}


def said(schema: Any, value: Any) -> list[str]:
    """Return the sentences, each after its place."""
    problems = JsonSchema(schema, DOCUMENTS.__getitem__).problems(value)
    return [f"{'/'.join(map(str, path))}: {sentence}" for path, sentence in problems]


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ({"required": ["anchor"]}, "an object with `anchor`; found an object without `anchor`"),
        (
            {"required": ["anchor", "oar", "log"]},
            "an object with `anchor`, `oar` and `log`; found an object without `anchor` and `log`",
        ),
        (
            {"anyOf": [{"required": ["anchor"]}, {"required": ["buoy"]}]},
            "an object with `anchor` or `buoy`; found an object without `anchor` and `buoy`",
        ),
        ({"dependentRequired": {"oar": ["crew"]}}, "an object with `crew`; found an object without `crew`"),
        (
            {"properties": {name: {} for name in list(BOAT)[1:]}, "additionalProperties": False},
            "an object without `mast`; found an object with `mast`",
        ),
    ],
)
def test_of_a_long_object_the_property_that_matters_is_named(schema: Any, sentence: str) -> None:
    assert said(schema, BOAT) == [f": expected {sentence}"]


@pytest.mark.parametrize("keyword", ["additionalProperties", "unevaluatedProperties"])
def test_a_property_that_is_not_allowed_is_named(keyword: str) -> None:
    schema = {"properties": {"oar": {}}, keyword: False}
    assert said(schema, {"horn": 1, "oar": 2, "wheel": 3}) == [
        ": expected an object without `horn` and `wheel`; found an object with `horn`, `oar` and `wheel`"
    ]


def test_where_nothing_is_allowed_the_message_says_so() -> None:
    assert said({"additionalProperties": False}, {"oar": 1}) == [
        ": expected an empty object; found an object with properties"
    ]
    assert said({"properties": {"oar": False}}, {"oar": 1}) == ["oar: expected nothing; found 1"]
    assert said({"oneOf": [False, {"type": "string"}]}, 3) == [": expected a text; found 3"]


def test_an_alternative_that_is_not_meant_for_the_value_is_not_explained() -> None:
    schema = {
        "oneOf": [
            {"not": {"required": ["sail"]}},
            {"required": ["sail", "mast", "rope"], "properties": {"mast": {"type": "integer"}}},
        ]
    }
    assert said(schema, {"rope": 2, "sail": 1}) == [
        ": expected an object with `sail`, `mast` and `rope`; found an object with `rope` and `sail`"
    ]


@pytest.mark.parametrize(
    ("reference", "value", "sentence"),
    [
        ("https://example.org/rig.json", {"colour": "blue"}, "/colour: expected 'red'; found 'blue'"),
        ("https://example.org/rig.json", {"size": "big"}, "/size: expected a whole number; found 'big'"),
        ("https://example.org/rig.json", {"knot": "x"}, "/knot: expected one of 'bowline', 'hitch'; found 'x'"),
        ("https://example.org/rig.json#flag", 5, ": expected true or false; found 5"),
        ("https://example.org/harbour.json", {"colour": "blue"}, "/colour: expected 'green'; found 'blue'"),
        ("inner.json", {"colour": "blue"}, "/colour: expected 'white'; found 'blue'"),
        ("#/$defs/a~1b%20c", {"colour": "blue"}, "/colour: expected 'black'; found 'blue'"),
    ],
)
@pytest.mark.parametrize("address", [None, "https://example.org/boat.json"])
def test_the_words_come_from_the_document_that_is_referred_to(
    address: str | None, reference: str, value: Any, sentence: str
) -> None:
    schema = {
        "properties": {"colour": {"enum": ["wrong"]}, "boat": {"$ref": reference}},
        "$defs": {
            "in": {"$id": "inner.json", "properties": {"colour": {"enum": ["white"]}}},
            "a/b c": {"properties": {"colour": {"enum": ["black"]}}},
        },
    }
    found = said(schema if address is None else {"$id": address, **schema}, {"boat": value})
    assert found == [f"boat{sentence}"]


@pytest.mark.parametrize(
    ("schema", "value", "sentence"),
    [
        ({"minItems": 2}, [1], "a list of at least 2 values; found [1]"),
        ({"uniqueItems": True}, [1, 1], "a list of values, each once; found [1, 1]"),
        (DRAFT_7 | {"format": "date"}, "May", "a date such as 2026-03-01; found 'May'"),
        (DRAFT_7 | {"format": "ipv4"}, "x", "a value that `format`: 'ipv4' allows; found 'x'"),
        (
            DRAFT_7 | {"type": "string", "format": "time"},
            "noon",
            "a value that `format`: 'time' allows; found 'noon'",
        ),
        (
            DRAFT_7 | {"pattern": "^2", "format": "date"},
            "2x",
            "a value that `format`: 'date' allows; found '2x'",
        ),
        (DRAFT_4 | {"minimum": 3, "exclusiveMinimum": True}, 3, "a value of more than 3; found 3"),
        (
            {"oneOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}], "$defs": {"a": {"type": "string"}, "b": False}},
            3,
            "a text, or nothing; found 3",
        ),
        (
            {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}], "$defs": {"a": {"enum": ["oak"]}}},
            "elm",
            "'oak'; found 'elm'",
        ),
    ],
)
def test_a_message_says_more_than_that_a_value_is_expected(schema: Any, value: Any, sentence: str) -> None:
    assert said(schema, value) == [f": expected {sentence}"]


def test_a_reference_of_a_schema_without_an_address_is_asked_for_as_it_is_written() -> None:
    asked: list[str] = []

    def retrieve(address: str) -> Any:
        asked.append(address)
        return {}

    JsonSchema({"$ref": "harbour.json"}, retrieve)
    assert asked == ["harbour.json"]
