from __future__ import annotations

import json
from dataclasses import fields, replace

from hypothesis import given, settings
from jsonschema import Draft202012Validator

from readouts.datapackage.difference.result import Change, PackageDiffData, TableDiff
from readouts.datapackage.render.difference.json import render
from readouts.datapackage.render.json_text import published_schema
from tests.datapackage.render.made_difference import EVERYTHING, LAKES, NOTHING, asked, differences
from tests.datapackage.render.published import assert_explained_and_closed
from tests.properties import examples

SCHEMA = published_schema("difference")
VALIDATOR = Draft202012Validator(SCHEMA)


@settings(max_examples=examples(25))
@given(differences())
def test_any_difference_passes_the_published_schema_and_loses_no_value(difference: PackageDiffData) -> None:
    document = json.loads(render(difference))
    VALIDATOR.validate(document)
    assert document["same"] is difference.same
    for table in difference.tables:
        written = document["tables"][table.name]
        assert [(cell["old"], cell["new"]) for cell in written["cells"]] == [(c.old, c.new) for c in table.cells]
        assert written["hidden"] == table.hidden


def test_the_schema_is_a_schema_that_explains_every_property_and_takes_no_other() -> None:
    assert_explained_and_closed(SCHEMA)


def test_a_difference_with_a_property_too_many_or_too_few_fails_the_schema() -> None:
    document = json.loads(render(EVERYTHING))
    VALIDATOR.validate(document)
    for broken in ({**document, "more": 1}, {name: value for name, value in document.items() if name != "bump"}):
        assert not VALIDATOR.is_valid(broken)
    document["bump"]["reasons"][0]["level"] = "huge"
    assert not VALIDATOR.is_valid(document)


def test_every_part_of_the_model_is_in_the_document() -> None:
    document = json.loads(render(EVERYTHING))
    assert {field.name for field in fields(PackageDiffData)} | {"same"} == set(document)
    assert {field.name for field in fields(TableDiff)} - {"name"} | {"hidden"} == set(document["tables"]["lakes"])


def test_the_version_has_its_reasons_and_every_table_its_numbers() -> None:
    document = json.loads(render(EVERYTHING))
    assert (document["bump"]["level"], document["bump"]["smallest"], document["bump"]["enough"]) == (
        "major",
        "2.0.0",
        False,
    )
    reason = next(reason for reason in document["bump"]["reasons"] if reason["rule"] == "field-removed")
    assert reason["level"] == "major"
    assert (reason["title"], reason["why"]) == ("a field is gone", "Consumers that read it will break.")
    lakes = document["tables"]["lakes"]
    assert [lakes[f"rows_{what}"] for what in ("added", "removed", "changed", "renamed")] == [3, 2, 4, 1]
    assert (lakes["cells_changed"], lakes["hidden"]) == (27, 21)
    assert lakes["cells"][2] == {"key": ["garda"], "field": "depth", "old": "346.0", "new": "346", "kind": "format"}
    assert list(document["tables"]) == sorted(document["tables"])
    assert document["vanished"] == {"lakes": [["mere"], ["pond"]]}


def test_the_order_of_mappings_does_not_show() -> None:
    turned = replace(
        LAKES,
        kinds=dict(sorted(LAKES.kinds.items(), reverse=True)),
        fields=dict(sorted(LAKES.fields.items(), reverse=True)),
    )
    assert render(replace(EVERYTHING, tables=(turned,))) == render(replace(EVERYTHING, tables=(LAKES,)))


def test_what_json_has_no_number_for_becomes_a_text() -> None:
    change = Change("constraint-changed", "t", "f", "maximum", float("nan"), {"x": (1, float("inf"))})
    document = json.loads(render(replace(NOTHING, changes=(change,))))
    assert (document["changes"][0]["old"], document["changes"][0]["new"]) == ("nan", {"x": [1, "inf"]})


def test_an_id_in_no_table_has_no_table() -> None:
    document = json.loads(render(asked()))
    assert {"id": "nessie", "table": None, "status": "unknown", "new": []} in document["asked"]
