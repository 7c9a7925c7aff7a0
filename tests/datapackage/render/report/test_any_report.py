"""What holds of every form of a report."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings

from readouts.corpus_schema.incident_codes import CODES
from readouts.datapackage.render.report.families import FAMILIES
from readouts.datapackage.report import ReportData
from readouts.publish.render import FORMATS
from tests.datapackage.render.made import FAILING, PART, PASSING, REFERENCE, TYPE, report_of, reports
from tests.properties import examples

HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Characters that act on a terminal or turn the direction of text; the line feed is ours."""

every_format = pytest.mark.parametrize("name", FORMATS)
every_format_of_findings = pytest.mark.parametrize("name", sorted(set(FORMATS) - {"gates"}))
"""The page of the gates shows these, and no other finding."""


@pytest.mark.sample(3)
@pytest.mark.property
@every_format
def test_a_format_shows_any_report_whole_and_passes_nothing_on_that_acts(name: str) -> None:
    @settings(max_examples=examples(20))
    @given(reports())
    def shown(report: ReportData) -> None:
        text = FORMATS[name](report)
        text.encode()
        assert HIDDEN.search(text) is None
        assert FORMATS[name](report) == text
        assert text.endswith("\n")

    shown()


@every_format_of_findings
def test_a_value_of_a_megabyte_makes_no_report_of_a_megabyte(name: str) -> None:
    longest = "x" * 1_000_000
    huge = ReportData(
        longest, longest, longest, "content", (), (REFERENCE.__class__("type-error", longest, value=longest),),
        {"type-error": 1}, 1, 0.1, (), longest, {longest: longest},
    )  # fmt: skip
    text = FORMATS[name](huge)
    assert len(text) < 100_000
    assert "1,000,000" in text


@every_format_of_findings
def test_a_report_says_how_many_findings_are_held_back(name: str) -> None:
    text = FORMATS[name](report_of(TYPE, held_back={"type-error": 4711}))
    assert "4,711" in text or "4711" in text


@every_format_of_findings
def test_the_verdict_of_a_report_without_findings_is_valid(name: str) -> None:
    text = FORMATS[name](report_of())
    assert "valid" in text or "no findings" in text
    assert "not valid" not in text
    assert "false" not in text


@every_format_of_findings
def test_a_finding_in_a_table_of_several_files_names_the_file(name: str) -> None:
    assert "data/depths-2.csv" in FORMATS[name](report_of(PART))


@every_format_of_findings
def test_each_finding_of_a_code_comes_with_its_own_hint(name: str) -> None:
    found = [replace(TYPE, table=table, hint=f"Ask {table}.") for table in ("events", "places")]
    text = FORMATS[name](report_of(*found))
    assert "Ask events." in text
    assert "Ask places." in text


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"github", "sarif"}))
def test_a_gate_that_fails_is_shown_with_both_values(name: str) -> None:
    # The two others are about places; there, a gate that fails is among the findings only.
    text = FORMATS[name](report_of(level="release", gates=(FAILING, PASSING))).replace("\u00a0", " ")
    assert "93.1 %" in text
    assert "64.8 %" in text


def test_every_code_has_a_place_in_the_order_of_losses() -> None:
    assert {code.family for code in CODES.values()} == set(FAMILIES)


def test_lost_references_come_before_types() -> None:
    for name in ("terminal", "markdown", "github"):
        text = FORMATS[name](report_of(TYPE, REFERENCE))
        assert text.index("'nowhere'") < text.index("'1") < len(text), name


def test_naming_the_formats_imports_none_of_them() -> None:
    names = ("jinja2", "xml.etree.ElementTree")
    module = "readouts.publish.render"
    code = f"import sys, {module}; print([name for name in {names} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
