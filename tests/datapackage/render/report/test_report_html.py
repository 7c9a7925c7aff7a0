from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from readouts.datapackage.incident import Incident, Severity
from readouts.datapackage.render.report.html import render
from tests.datapackage.render.made import FAILING, HOSTILE, PASSING, REFERENCE, TYPE, report_of, reports
from tests.datapackage.render.page_reading import ELEMENTS, Page, assert_harmless, assert_own_style_only
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.report import ReportData


@pytest.mark.slow
@settings(max_examples=examples(60))
@given(reports())
def test_a_page_has_our_elements_only_refers_to_nothing_outside_and_runs_nothing(report: ReportData) -> None:
    assert_harmless(Page(render(report)))


def test_the_policy_of_a_page_allows_its_own_style_and_nothing_else() -> None:
    assert_own_style_only(Page(render(report_of(REFERENCE))))


def test_hostile_text_is_shown_as_text() -> None:
    for text in HOSTILE[:-3]:
        finding = Incident("type-error", text, text, Severity.ERROR, "t", text, 1, 2, (text,), text + "!")
        page = Page(render(report_of(finding)))
        assert page.elements <= ELEMENTS
        if text.isprintable():
            assert page.text.count(text) >= 4


def test_findings_stand_by_table_and_code_with_their_place() -> None:
    page = Page(render(report_of(REFERENCE, TYPE, held_back={"type-error": 4711})))
    words = " ".join(page.text.split())
    assert "Not valid: 4,713 findings" in words
    assert "4,711 of the 4,713 findings are held back here" in words
    assert "events data/events.csv foreign-key 1 listed Correct the id, or add what it should point to." in words
    assert "annotations/events/landing.yaml:12:8 place_id key landing events.place_id is 'nowhere'" in words
    assert "places data/places.csv type-error 1 listed" in words
    assert "row 7, line 9 people key port '1_000' is not an integer." in words


def test_a_long_group_of_findings_is_folded() -> None:
    assert render(report_of(*[TYPE] * 50)).count("<details open>") == 1
    assert render(report_of(*[TYPE] * 51)).count("<details>") == 1


def test_gates_are_listed_with_both_values_and_what_fails_comes_first() -> None:
    written = render(report_of(level="release", gates=(PASSING, FAILING)))
    page = Page(written)
    words = " ".join(page.text.split())
    speaker, topics = words.index("Share of statements with a speaker"), words.index("Distribution of topics")
    assert speaker < words.index("93.1 %") < words.index("64.8 %") < words.index("fails") < topics


def test_a_page_without_findings_says_that_there_are_none_and_what_was_checked() -> None:
    words = " ".join(Page(render(report_of())).text.split())
    assert "Every check passed: nothing was found." in words
    assert "types, keys, references: 2 tables, 1,204 rows (readouts 0.1.0)" in words
    assert "held back" not in words
