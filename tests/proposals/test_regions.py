"""Headline, boilerplate and printed accounts of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.proposals.regions import regions

LEXICON = {"boilerplate": ("sign up", "advertisement", "see also")}
TITLE = "Leaders speak by phone"
BODY = "Marek called Ostrova on Monday, and they spoke about the bridge for an hour and a half."


def shown(
    text: str, title: str = TITLE, accounts: tuple[str, ...] = (), *, carried: bool = False
) -> list[tuple[str, str]]:
    names = {account: (account.title(),) for account in accounts}
    return [
        (each.role + (f" {each.account}" if each.account else ""), text[slice(*each.place)])
        for each in regions(text, title, LEXICON, names, carried=carried)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{TITLE}\n\n{BODY}", [("headline", TITLE)]),
        # The title twice, and what stands above it.
        (
            f"Advertisement\n\n{TITLE}!\n\n{TITLE}\n\n{BODY}",
            [("boilerplate", "Advertisement"), ("headline", TITLE), ("headline", TITLE)],
        ),
        # A first line that isn't the title, since titles of pages are changed.
        (f"The leaders talk\n\n{BODY}", [("headline", "The leaders talk")]),
        # A tag before the headline.
        (f"[Video]{TITLE}\n\n{BODY}", [("boilerplate", "Video"), ("headline", TITLE)]),
        # The page's own lines, from the first to the end.
        (
            f"{TITLE}\n\n{BODY}\n\nSign up for our letter.\nAll of it.",
            [("headline", TITLE), ("boilerplate", "Sign up for our letter.\nAll of it")],
        ),
        # The same words inside a sentence are none of the page's.
        (f"{TITLE}\n\n{BODY} Farmers sign up for the fair.", [("headline", TITLE)]),
        ("", []),
        ("One line.", []),
    ],
)
def test_regions_of_a_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text) == expected


def test_the_single_account_that_is_carried_is_all_that_is_left() -> None:
    text = f"[视频]马雷克通电话\n\n央视网消息（新闻联播）：{BODY}\n"
    assert shown(text, "[视频]马雷克通电话", ("presidency",), carried=True) == [
        ("boilerplate", "视频"),
        ("headline", "马雷克通电话"),
        ("boilerplate", "央视网消息（新闻联播"),
        ("readout presidency", BODY.removesuffix(".")),
    ]


def test_several_accounts_begin_behind_the_lines_that_name_their_issuers() -> None:
    text = f"{TITLE}\n\nThe Presidency’s statement:\n\n{BODY}\n\nHere is the Chancellery’s version:\n\nThey spoke.\n"
    assert shown(text, accounts=("presidency", "chancellery"))[1:] == [
        ("readout presidency", BODY.removesuffix(".")),
        ("readout chancellery", "They spoke"),
    ]


@given(st.text(st.sampled_from("aB .\n[]（）：视频"), max_size=60), st.text("aB ", max_size=8))
def test_regions_begin_and_end_on_letters_and_lie_in_the_text(text: str, title: str) -> None:
    for each in regions(text, title, LEXICON, {"a": ("a",)}, carried=True):
        start, end = each.place
        assert 0 <= start < end <= len(text)
        assert text[start].isalnum()
        assert text[end - 1].isalnum()
