"""The list of events is in the order of time, and an event without a date is neither first nor nameless there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.publish.site.reading import Read


def test_undated_events_come_last_and_say_so(pages: dict[str, Read]) -> None:
    dates = re.findall(r'<p class="eyebrow">(.*?) &middot; ', pages["events.html"].text)
    undated = [date == "Undated" for date in dates]
    assert all(dates)
    assert any(undated)
    assert undated == sorted(undated)


def test_an_account_names_its_language_and_its_day(pages: dict[str, Read]) -> None:
    said = pages["events/call-putin-xi-2022-02-25.html"].said
    assert "issued 25 February 2022, written in Chinese" in said
