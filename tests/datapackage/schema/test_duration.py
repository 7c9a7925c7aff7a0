"""Durations of XML Schema: each part counts as much as it is, and only what is written in order is one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from readouts.datapackage.schema.duration import Duration, read_duration


@pytest.mark.parametrize(
    ("text", "months", "seconds"),
    [
        ("P1Y", 12, "0"),
        ("P2M", 2, "0"),
        ("P1Y2M", 14, "0"),
        ("P2D", 0, "172800"),
        ("PT3H", 0, "10800"),
        ("PT4M", 0, "240"),
        ("PT5.25S", 0, "5.25"),
        ("P1DT1H1M1S", 0, "90061"),
        ("P1Y2M3DT4H5M6S", 14, "273906"),
        ("-P1Y2M3DT4H5M6S", -14, "-273906"),
        ("P0D", 0, "0"),
        (f"P{'0' * 997}1D", 0, "86400"),
    ],
)
def test_a_duration_has_months_and_seconds(text: str, months: int, seconds: str) -> None:
    # A month is a twelfth of the 365.2425 days of a mean Gregorian year.
    length = months * Decimal("365.2425") * 86400 / 12 + Decimal(seconds)
    assert read_duration(text) == Duration(length, months, Decimal(seconds))


@pytest.mark.parametrize(
    "text",
    ["P", "PT", "P1", "1D", "P1DT", "PT1D", "P1S", "P1M1Y", "PT1M1H", "P1.5D", "PT.5S", "PT5.S", "+P1D", "P-1D", "p1d",
     "P1W", " P1D", "P1D\n", "P\u0661D", f"P{'0' * 998}1D"],
)  # fmt: skip
def test_what_is_not_written_as_xml_schema_says_is_no_duration(text: str) -> None:
    assert read_duration(text) is None


def test_durations_are_ordered_by_their_mean_length() -> None:
    texts = ["-P1M", "-PT1S", "PT0S", "P30D", "P1M", "P31D", "P12M", "P366D"]
    durations = [read_duration(text) for text in texts]
    assert durations == sorted(durations)  # type: ignore[type-var]
