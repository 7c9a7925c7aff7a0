from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from rich.console import Console

from readouts.datapackage.incident import Incident
from readouts.datapackage.render.report.terminal import print_incidents, print_report
from tests.datapackage.render.made import HOSTILE, NOTE, REFERENCE, TYPE, report_of, reports
from tests.properties import examples

if TYPE_CHECKING:
    from readouts.datapackage.report import ReportData

STYLE = re.compile("\x1b\\[[0-9;]*m")
"""What rich writes for a style; nothing else may begin with an escape character."""


def printed(report: ReportData, *, terminal: bool = False, width: int = 100, no_color: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=width, force_terminal=terminal, highlight=False, no_color=no_color,
        color_system=None if no_color or not terminal else "standard", legacy_windows=False,
    )  # fmt: skip
    print_report(console, report)
    return stream.getvalue()


@settings(max_examples=examples(60))
@given(reports())
def test_no_control_character_of_a_package_reaches_a_terminal(report: ReportData) -> None:
    text = STYLE.sub("", printed(report, terminal=True))
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) is None


def test_escapes_of_values_are_shown_rather_than_sent() -> None:
    text = printed(report_of(replace(TYPE, message="\x1b[31mred\x1b]0;title\x07 [bold]x[/]")), terminal=True)
    assert "\\x1b[31mred\\x1b]0;title\\x07 [bold]x[/]" in STYLE.sub("", text)
    assert "\x1b]" not in text


def test_without_a_terminal_each_finding_is_one_line_whole() -> None:
    for text in HOSTILE[:12]:
        long = replace(TYPE, message=f"begin {text} {'word ' * 100} end")
        lines = printed(report_of(long, REFERENCE)).splitlines()
        assert len([line for line in lines if "begin" in line and line.rstrip().endswith("end")]) == 1
        assert any(line.startswith("  annotations/events/landing.yaml:12:8: events.place_id is") for line in lines)


def test_without_colours_nothing_is_styled() -> None:
    assert "\x1b" not in printed(report_of(TYPE, REFERENCE, NOTE), terminal=True, no_color=True)
    assert "\x1b" not in printed(report_of(TYPE, REFERENCE, NOTE))


def test_findings_stand_by_code_losses_first_with_what_is_held_back() -> None:
    text = printed(report_of(TYPE, TYPE, REFERENCE, held_back={"type-error": 4711, "blank-row": 3}))
    order = [
        text.index(words) for words in ("foreign-key once", "type-error 4,713 times", "and 4,711 more of this code")
    ]
    assert order == sorted(order)
    assert "blank-row 3 times\n  and 3 held back (--limit)\n" in text
    assert text.count("Write the value in the form that the message names.") == 1


def test_the_last_lines_say_what_was_checked_by_whom_how_many_rows_and_how_long() -> None:
    checked, verdict = printed(report_of(TYPE)).splitlines()[-2:]
    assert checked == "Checked types, keys, references: 2 tables, 1,204 rows (readouts 0.1.0)"
    assert verdict == "voyages 2.0.0 is not valid: 1 finding (., 1,204 rows, 0.2 s)"
    assert printed(report_of()).splitlines()[-1] == "voyages 2.0.0 is valid (., 1,204 rows, 0.2 s)"
    assert "is valid, with 1 finding (" in printed(report_of(NOTE))


def test_a_terminal_of_forty_columns_is_not_overrun() -> None:
    text = STYLE.sub("", printed(report_of(TYPE, REFERENCE), terminal=True, width=40))
    assert max(map(len, text.splitlines())) <= 40


def test_a_list_of_findings_shows_so_many_of_each_code() -> None:
    stream = io.StringIO()
    found = [TYPE, TYPE, TYPE, REFERENCE, Incident("blank-row", "Empty.")]
    print_incidents(Console(file=stream, width=100, highlight=False), found, 1)
    text = stream.getvalue()
    assert text.count("is not an integer") == 1
    assert "and 2 more of this code, held back (--limit)" in text
    assert text.endswith("5 findings\n")
    assert "\n  Empty.\n" in text
