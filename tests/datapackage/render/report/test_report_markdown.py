from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from marko.block import BlockElement
from marko.ext.gfm import gfm
from marko.inline import AutoLink, CodeSpan, Image, InlineHTML, Link, RawText

from readouts.corpus_schema.incident_codes import CODES
from readouts.datapackage.incident import Incident
from readouts.datapackage.render.report.markdown import LIMIT, code_span, prose, render
from readouts.datapackage.report import ReportData
from tests.datapackage.render.made import HOSTILE, PASSING, REFERENCE, TYPE, report_of, reports, texts
from tests.properties import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = {
    "<br>",
    "<details><summary>How to fix it</summary>",
    "<details><summary>What was checked</summary>",
    "</details>",
}


def elements(node: Any) -> Iterator[Any]:
    yield node
    children = getattr(node, "children", None)
    if isinstance(children, (list, tuple)):
        for child in children:
            yield from elements(child)


def shown(node: Any) -> str:
    """Return the text of a node as a browser shows it, each block on a line of its own, without what stands in code."""
    texts = (
        "\n" if isinstance(part, BlockElement) else part.children if isinstance(part, RawText) else ""
        for part in elements(node)
    )
    return html.unescape("".join(texts))


@settings(max_examples=examples(60))
@given(reports())
def test_a_comment_is_inert_whatever_it_quotes(report: ReportData) -> None:
    text = render(report)
    assert len(text) < LIMIT
    parts = list(elements(gfm.parse(text)))
    assert not [part for part in parts if isinstance(part, (Link, AutoLink, Image)) or type(part).__name__ == "Url"]
    for part in parts:
        if isinstance(part, InlineHTML) or type(part).__name__ == "HTMLBlock":
            assert str(getattr(part, "body", part.children)).strip() in OURS
    assert {type(part).__name__ for part in parts if type(part).__name__.endswith("Heading")} <= {"Heading"}
    running = shown(gfm.parse(text))
    assert re.search(r"@\w|#\d|://|www\.\w|GH-\d|:\w+:", running) is None


@settings(max_examples=examples(60))
@given(reports())
def test_a_comment_has_one_table_with_a_row_a_code_and_one_with_a_row_a_gate(report: ReportData) -> None:
    tables = [part for part in elements(gfm.parse(render(report))) if type(part).__name__ == "Table"]
    expected = [(len(report.counts), 3)] * bool(report.counts) + [(len(report.gates), 5)] * bool(report.gates)
    assert [(len(table.children) - 1, len(table.children[0].children)) for table in tables] == expected
    for table in tables:
        assert {len(row.children) for row in table.children} == {len(table.children[0].children)}


@given(texts())
def test_prose_and_code_say_what_was_given_on_one_line(text: str) -> None:
    for written in (prose(text), code_span(text)):
        assert "\n" not in written
    parts = list(elements(gfm.parse(f"x {code_span(text)} y")))
    assert len([part for part in parts if isinstance(part, CodeSpan)]) == 1
    assert not [part for part in parts if isinstance(part, InlineHTML)]


def test_code_in_a_span_is_shown_as_it_is() -> None:
    for text in ("a`b", "`", "``", "a | b", " a ", "<b>", "*", "\\", "`a` ``b``"):
        spans = [part for part in elements(gfm.parse(f"x {code_span(text)} y")) if isinstance(part, CodeSpan)]
        assert [span.children for span in spans] == [text]


@pytest.mark.parametrize("text", HOSTILE[:12])
def test_what_cannot_fit_is_left_out_and_counted(text: str) -> None:
    found = [
        Incident(code, f"{number} {text}", text, table=f"t{number}", field=text, key=(text,), value=f"{text}!", row=1)
        for code in CODES
        for number in range(40)
    ]
    report = ReportData("p", "1", ".", "content", (), tuple(found), dict.fromkeys(CODES, 50), 1, 0.1)
    written = render(report)
    assert 20_000 < len(written) < LIMIT
    samples = written.count("\n- **") - written.partition("How to fix it")[2].count("\n- **")
    left = re.search(r"in all, of which ([\d,]+) are not shown here", written)
    assert left is not None
    assert int(left[1].replace(",", "")) + samples == report.total
    shown_of = Counter(re.findall(r"^- \*\*([a-z-]+)\*\* row", written, re.MULTILINE))
    assert shown_of.total() == samples >= 50
    assert max(shown_of.values()) - min(shown_of[code] for code in CODES) <= 1


def test_samples_stand_under_the_file_to_edit_with_their_line() -> None:
    written = render(report_of(TYPE, REFERENCE))
    assert "### `annotations/events/landing.yaml` (1)\n\n- **foreign-key** line 12 `place_id` of `landing`:" in written
    assert "### `data/places.csv` (1)\n\n- **type-error** line 9 `people` of `port`:" in written
    assert written.index("landing.yaml") < written.index("places.csv")


def test_a_value_is_repeated_only_where_the_message_lacks_it() -> None:
    assert "found" not in render(report_of(TYPE)).partition("###")[2]
    assert "found `1_000`" in render(report_of(replace(TYPE, message="No integer.")))


def test_a_valid_package_gets_a_comment_without_tables_of_findings() -> None:
    written = render(report_of())
    assert written.startswith("## voyages 2.0.0 is valid\n")
    assert "|" not in written
    assert "types, keys, references: 2 tables, 1,204 rows" in written


def test_gates_that_fail_come_first() -> None:
    failing = replace(PASSING, name="z", title="Lost", passed=False)
    written = render(report_of(level="release", gates=(PASSING, failing)))
    assert written.index("| Lost |") < written.index("| Distribution of topics |")
