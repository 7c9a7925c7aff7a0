from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given, settings
from jsonschema import Draft202012Validator

from readouts.datapackage.render.json_text import published_schema
from readouts.datapackage.render.report.json import render
from tests.datapackage.render.made import FAILING, PART, PASSING, REFERENCE, TYPE, report_of, reports
from tests.datapackage.render.published import assert_explained_and_closed
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.report import ReportData

SCHEMA = published_schema("report")
VALIDATOR = Draft202012Validator(SCHEMA)


@settings(max_examples=examples(50))
@given(reports())
def test_any_report_passes_the_published_schema(report: ReportData) -> None:
    document = json.loads(render(report))
    VALIDATOR.validate(document)
    assert document["valid"] is report.valid
    assert sum(document["counts"].values()) == document["total"]
    assert len(document["incidents"]) + sum(document["held_back"].values()) == document["total"]


def test_the_schema_is_a_schema_that_explains_every_property_and_takes_no_other() -> None:
    assert_explained_and_closed(SCHEMA)


def test_a_report_with_a_property_too_many_or_too_few_fails_the_schema() -> None:
    document = json.loads(render(report_of(REFERENCE)))
    for broken in ({**document, "more": 1}, {name: value for name, value in document.items() if name != "rows"}):
        assert not VALIDATOR.is_valid(broken)
    document["incidents"][0]["line"] = 0
    assert not VALIDATOR.is_valid(document)


def test_a_finding_has_its_place_in_the_table_and_in_the_annotations() -> None:
    document = json.loads(render(report_of(REFERENCE, TYPE, held_back={"type-error": 2})))
    assert document["incidents"][0] == {
        "code": "foreign-key",
        "severity": "error",
        "table": "events",
        "field": "place_id",
        "row": 3,
        "line": 5,
        "key": ["landing"],
        "value": "nowhere",
        "message": "events.place_id is 'nowhere', but places has no such place_id.",
        "hint": "Correct the id, or add what it should point to.",
        "source": {"file": "annotations/events/landing.yaml", "line": 12, "column": 8},
    }
    assert document["incidents"][1]["source"] is None
    part = json.loads(render(report_of(PART)))["incidents"][0]
    assert part["source"] == {"file": "data/depths-2.csv", "line": 2, "column": None}
    assert (part["row"], part["line"]) == (7, 2)
    assert document["package"] == {"name": "voyages", "version": "2.0.0", "path": "."}
    assert (document["counts"], document["held_back"]) == ({"foreign-key": 1, "type-error": 3}, {"type-error": 2})


def test_a_gate_keeps_its_distribution_and_a_share_that_is_no_number_is_null() -> None:
    odd = FAILING.__class__("g", "", "", True, "", "", "", (("part", float("nan"), 0.5),))
    gates = json.loads(render(report_of(level="release", gates=(PASSING, odd))))["gates"]
    assert gates[0]["distribution"][0] == {"label": "trade", "old": 0.25, "new": 0.5}
    assert gates[1]["distribution"] == [{"label": "part", "old": None, "new": 0.5}]
