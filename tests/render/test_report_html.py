from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from hypothesis import given, settings
from made import FAILING, HOSTILE, PASSING, REFERENCE, TYPE, report_of, reports

from readouts.incident import Incident, Severity
from readouts.render.report_html import render

if TYPE_CHECKING:
    from readouts.report import Report

VOID = {"meta", "br", "rect"}
ATTRIBUTES_THAT_FETCH = {"src", "srcset", "href", "xlink:href", "action", "formaction", "data", "poster", "background",
                         "ping", "manifest", "cite", "longdesc", "srcdoc"}  # fmt: skip
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "nav", "footer", "article"),
    *("h1", "h2", "h3", "p", "dl", "div", "dt", "dd", "code", "bdi", "b", "strong", "span", "details", "summary"),
    *("ul", "li", "a", "br", "table", "thead", "tbody", "tr", "th", "td", "svg", "rect"),
}


class Page(HTMLParser):
    """What a page is made of, read by the standard library."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.style = ""
        self.text = ""
        self.ids: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text += data

    def value(self, tag: str, name: str) -> list[str]:
        return [value for where, what, value in self.attributes if (where, what) == (tag, name)]


@settings(max_examples=60)
@given(reports())
def test_a_page_has_our_elements_only_refers_to_nothing_outside_and_runs_nothing(report: Report) -> None:
    page = Page(render(report))
    assert page.open == []
    assert page.elements <= ELEMENTS
    for tag, name, value in page.attributes:
        assert not name.startswith("on"), (tag, name)
        assert name != "style", tag
        if name in ATTRIBUTES_THAT_FETCH:
            assert (tag, name) == ("a", "href")
            assert value.startswith("#")
            assert value[1:] in page.ids
    assert len(page.ids) == len(set(page.ids))
    assert re.search(r"url\(|@import|expression\(|image-set", page.style) is None


def test_the_policy_of_a_page_allows_its_own_style_and_nothing_else() -> None:
    page = Page(render(report_of(REFERENCE)))
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert (
        page.value("meta", "content")[0]
        == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert page.value("meta", "http-equiv") == ["Content-Security-Policy"]


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
    assert "row 7, line 9 people key port '1_000' is no integer." in words


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
