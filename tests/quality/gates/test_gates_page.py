"""The page of the gates: it opens anywhere, asks for nothing, and leaves nothing out."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from readouts.datapackage.incident import Severity
from readouts.datapackage.report import Gate, ReportData
from readouts.publish.render.gates import render as gates_page
from readouts.quality.gates import gates_of
from tests.conftest import ROOT

ROWS = Gate(
    "alignments-rows",
    "Rows of alignments",
    "expect_table_row_count_to_be_between",
    passed=False,
    old="57",
    new="51",
    allowed="54 to 570",
    figures=(57, 51, 54, 570),
)
SHARE = Gate(
    "read-share",
    "Statements that a person has read",
    "expect_column_proportion_of_non_null_values_to_be_between",
    passed=False,
    old="50.0 % (33 of 66)",
    new="0.0 % (0 of 66)",
    allowed="at least 45.0 %",
    severity=Severity.WARNING,
    figures=(0.5, 0.0, 0.45, 1.0),
)
TOPICS = Gate(
    "topic-distribution",
    "Topics of statements",
    "expect_column_total_variation_to_be_at_most",
    passed=True,
    old="talks 60.0 %, call 40.0 %",
    new="talks 55.0 %, call 40.0 %, media 5.0 %; 5.0 % distributed otherwise",
    allowed="at most 10.0 % distributed otherwise",
    distribution=(("talks", 0.6, 0.55), ("call", 0.4, 0.4), ("media", 0.0, 0.05)),
    figures=(0.0, 0.05, 0.0, 0.1),
)
OPEN = Gate(
    "events-rows",
    "Rows of events",
    "expect_table_row_count_to_be_between",
    passed=True,
    old="no table 'events'",
    new="measured",
    allowed="not compared: the older release has no table 'events'",
    compared=False,
)


def report(*gates: Gate) -> ReportData:
    return ReportData(
        "readouts", "1.1.0", "package", "release", (), (), {}, 0, 1.5, gates=gates, against="readouts-1.0.0"
    )


class Page(HTMLParser):
    """The tags of a page with their attributes, its text, and whether every tag is closed."""

    VOID = frozenset(["meta", "rect", "line"])

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data.replace("\N{NO-BREAK SPACE}", " ")


def test_the_page_shows_both_values_what_was_allowed_and_the_outcome_of_each_gate() -> None:
    page = Page(gates_page(report(ROWS, SHARE, TOPICS, OPEN)))
    assert page.open == []
    for gate in (ROWS, SHARE, TOPICS, OPEN):
        assert gate.title in page.text
        assert gate.allowed in page.text
        assert ("article" if gate is TOPICS else "div", gate.name) in {
            (tag, attrs.get("id")) for tag, attrs in page.tags
        }
    for value in (ROWS.old, ROWS.new, SHARE.old, SHARE.new, OPEN.old, "media", "60.0 %", "55.0 %"):
        assert value in page.text
    assert "1 of 3 gates not passed" in page.text
    assert "1 could not be compared" in page.text
    assert [page.text.count(word) for word in ("not passed", "stands out", "not compared")] == [2, 1, 2]


def test_a_release_that_passes_says_so() -> None:
    page = Page(gates_page(report(TOPICS)))
    assert "1 of 1 gates passed" in page.text
    assert "not passed" not in page.text


def test_the_page_asks_for_nothing_and_runs_nothing() -> None:
    source = gates_page(report(ROWS, SHARE, TOPICS, OPEN))
    page = Page(source)
    assert {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "form", "object", "base"} == set()
    for _, attributes in page.tags:
        assert {"src", "style", "xlink:href"} & set(attributes) == set()
        assert (attributes.get("href") or "#").startswith("#")
    style = re.findall(r"<style>(.*?)</style>", source, re.DOTALL)
    assert len(style) == 1
    assert "url(" not in style[0]
    assert "@import" not in style[0]
    policy = next(attrs["content"] for _, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(sha256(style[0].encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"])
def test_what_comes_from_a_package_stays_text(hostile: str) -> None:
    gate = replace(TOPICS, distribution=((hostile, 1.0, 0.0), ("call", 0.0, 1.0)))
    given = replace(report(gate), name=hostile, path=hostile, against=hostile)
    page = Page(gates_page(given))
    assert page.text.count(hostile) == 5
    assert {tag for tag, _ in page.tags} & {"script", "img"} == set()


def test_a_distribution_of_many_values_says_what_it_folds() -> None:
    many = tuple((f"topic {n}", (n + 1) / 500, (n + 1) / 500) for n in range(30))
    page = Page(gates_page(report(replace(TOPICS, distribution=many))))
    rest = sum(share for _, share, _ in sorted(many, key=lambda part: -part[1])[19:])
    assert "11 further values" in page.text
    assert f"{100 * rest:.1f} %" in page.text


def test_the_page_of_real_gates_is_the_same_each_time() -> None:
    gates = gates_of(ROOT, ROOT)[1]
    given = replace(report(*gates), seconds=3.0)
    assert gates_page(given) == gates_page(replace(given, seconds=4.0))
    assert f"{len(gates)} of {len(gates)} gates passed" in Page(gates_page(given)).text


def test_marks_stay_on_their_lines() -> None:
    gates = (ROWS, SHARE, TOPICS, replace(ROWS, name="zero", figures=(0, 0, 0, 100)))
    page = Page(gates_page(report(*gates)))
    for tag, attributes in page.tags:
        if tag == "rect" and attributes["class"] in {"track", "zone", "old", "new"}:
            assert 0 <= float(attributes["x"] or 0) + float(attributes["width"] or 0) <= 1000
        if tag == "line":
            assert 0 <= float(attributes["x1"] or 0) <= 1000
