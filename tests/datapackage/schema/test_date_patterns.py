"""Dates and times by a pattern of strptime: what passes is in the calendar, and is written so by the pattern again."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.datapackage.schema.descriptor import read_schema
from readouts.datapackage.schema.model import Field
from tests.datapackage.validation.planting import check
from tests.packages import write_package_of
from tests.properties import examples

if TYPE_CHECKING:
    from pathlib import Path

DAYS = [
    "%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%Y%j", "%Y-%j", "%a %d %b %Y", "%A, %B %d, %Y", "%Y-%W-%w", "%Y %U %w",
    "%Y W%W %u",    "%G-W%V-%u", "%F", "%D", "%x", "%d.%m.%y (%%)", "%e %h %Y", "%Y-%m-%d %a", "%d%b%Y",
]  # fmt: skip


@given(st.dates(date(1970, 1, 1), date(2060, 12, 31)), st.sampled_from(DAYS))
@settings(max_examples=examples(500))
def test_a_day_that_is_written_by_a_pattern_is_read_as_that_day(day: date, form: str) -> None:
    assert Field("day", type="date", format=form).read(day.strftime(form)) == day


@given(st.integers(2000, 2030), st.integers(0, 400), st.sampled_from(["%Y%j", "%Y-%j"]))
@settings(max_examples=examples(300))
def test_only_the_days_that_a_year_has_pass(year: int, number: int, form: str) -> None:
    field = Field("day", type="date", format=form)
    text = form.replace("%Y", str(year)).replace("%j", f"{number:03}")
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    assert (field.problem(text) is None) == (1 <= number <= days)
    if field.problem(text) is None:
        assert field.read(text) == date(year, 1, 1) + timedelta(days=number - 1)


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("%Y-%W-%w", "2026-52-1", "2026-53-1"),
        ("%Y-%W-%w", "2026-00-4", "2026-00-1"),
        ("%Y-%U-%w", "2026-51-6", "2026-52-6"),
        ("%G-W%V-%u", "2026-W53-7", "2027-W53-1"),
        ("%a %d %b %Y", "Sun 01 Mar 2026", "Mon 01 Mar 2026"),
        ("%d/%m/%Y %j", "01/03/2026 060", "01/03/2026 061"),
        ("%Y (%y)", "2026 (26)", "2026 (27)"),
        ("%d/%m/%Y", "29/02/2028", "29/02/2026"),
    ],
)
def test_a_part_that_the_others_contradict_is_refused(form: str, good: str, bad: str) -> None:
    field = Field("day", type="date", format=form)
    assert field.problem(good) is None
    assert field.problem(bad) == ("type-error", f"a date of the calendar in the form {form}")


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("%d/%m/%Y", "1/3/2026", date(2026, 3, 1)),
        ("%d %b %Y", "1 mar 2026", date(2026, 3, 1)),
        ("%b %e %Y", "Mar  1 2026", date(2026, 3, 1)),
        ("%Y%m%d", "2026111", None),
        ("%Y%m%d", "202611", None),
        ("%Y%j", "202660", None),
    ],
)
def test_a_zero_may_be_left_out_where_no_other_number_is_next_to_it(form: str, text: str, day: date | None) -> None:
    field = Field("day", type="date", format=form)
    assert field.problem(text) is None if day else field.problem(text) is not None
    if day:
        assert field.read(text) == day


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("%I:%M %p", ["12:00 AM", "2:05 PM"], ["14:00 PM", "00:10 AM"]),
        ("%H:%M %p", ["14:00 PM", "02:00 AM"], ["14:00 AM", "02:00 PM"]),
        ("%T", ["23:59:59"], ["23:59:60", "24:00:00"]),
        ("%H:%M:%S.%f", ["10:00:00.5", "10:00:00.500000"], ["10:00:00.", "10:00:00.1234567"]),
        ("%H:%M%z", ["10:00+0200", "10:00+02:00", "10:00Z"], ["10:00", "10:00+2", "10:00 CET"]),
    ],
)
def test_times_are_held_to_every_part_of_their_pattern(form: str, good: list[str], bad: list[str]) -> None:
    field = Field("at", type="time", format=form)
    assert [text for text in good if field.problem(text)] == []
    assert [text for text in bad if not field.problem(text)] == []


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process can't be changed here")
def test_the_name_of_a_zone_means_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    field = Field("at", type="datetime", format="%Y-%m-%d %H:%M %Z")
    for zone in ("UTC0", "CET-1CEST"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        # strptime keeps the names of the zone that it was called in first.
        with pytest.raises(ValueError, match="does not match"):
            datetime.strptime("x", "%Z")  # noqa: DTZ007
        assert field.problem("2026-03-01 10:00 UTC") is None
        assert field.problem("2026-03-01 10:00 CET") is not None
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("form", ["%Q", "%Y-%W", "%Y-%m-%d %", "%d %d", "%s"])
def test_a_pattern_that_does_not_say_which_day_is_meant_is_reported_once(tmp_path: Path, form: str) -> None:
    schema = {"fields": [{"name": "day", "type": "date", "format": form}]}
    table = {"name": "t", "type": "table", "path": "t.csv", "schema": schema}
    (found,) = check(write_package_of(tmp_path, {"t.csv": "day\n2026-10\n2026-11\n"}, [table]))
    assert (found.code, found.field) == ("unsupported-feature", "day")
    assert f"'{form}'" in found.message


def test_years_before_the_first_are_years_of_xml_schema() -> None:
    fields = [
        {"name": "y", "type": "year", "constraints": {"minimum": -44, "maximum": 900}},
        {"name": "m", "type": "yearmonth", "constraints": {"minimum": "-0044-03"}},
    ]
    table, problems = read_schema("t", {"fields": fields})
    assert problems == []
    year, month = table.fields
    assert [text for text in ("-0044", "-0001", "0001", "0900") if year.problem(text)] == []
    assert [text for text in ("-0045", "0901", "0000", "-44", "900") if not year.problem(text)] == []
    assert month.problem("-0044-03") is None
    assert month.problem("-0044-02") == ("constraint-error", "at least -0044-03")


def test_a_year_of_few_digits_is_a_number_in_json(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "y", "type": "year"}], "primaryKey": ["y"]}
    table = {
        "name": "t",
        "type": "table",
        "data": [{"y": -44}, {"y": 900}, {"y": "900"}, {"y": "0900"}],
        "schema": schema,
    }
    found = [(each.code, each.row) for each in check(write_package_of(tmp_path, {}, [table]))]
    assert found == [("type-error", 3), ("primary-key", 4)]
