"""What is allowed: it holds for rows that come and go at random, and not for what isn't random."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.quality.gates.bounds import row_bounds, share_allowance, slack, spread, variation, variation_allowance

CHANCE = 0.01
TRIALS = 2000


def weights(rows: list[str]) -> dict[str, float]:
    return {value: count / len(rows) for value, count in Counter(rows).items()}


@pytest.mark.parametrize(
    ("kept", "gone", "come"), [(66, 0, 22), (60, 6, 0), (60, 6, 20), (0, 40, 40), (2000, 100, 500)]
)
def test_rows_that_come_and_go_at_random_stay_within_what_is_allowed(kept: int, gone: int, come: int) -> None:
    draws = random.Random(7)
    topics, shares = list("abcdefghi"), [9, 6, 3, 3, 2, 2, 2, 1, 1]
    scatter = spread(kept + gone, kept + come, kept)
    beyond = falls = 0
    for _ in range(TRIALS):
        rows = draws.choices(topics, shares, k=kept + gone + come)
        old, new = weights(rows[: kept + gone]), weights(rows[:kept] + rows[kept + gone :])
        beyond += variation(old, new) > variation_allowance(scatter, len({*old, *new}), CHANCE)
        falls += old.get("a", 0) - new.get("a", 0) > share_allowance(scatter, CHANCE)
    assert beyond <= CHANCE * TRIALS
    assert falls <= CHANCE * TRIALS


def test_what_is_allowed_shrinks_as_releases_grow_and_is_nothing_for_the_same_rows() -> None:
    allowed = [variation_allowance(spread(n, n + n // 3, n), 9, CHANCE) for n in (66, 660, 6600)]
    assert allowed == sorted(allowed, reverse=True)
    assert allowed[0] < 0.25
    assert allowed[-1] < 0.03
    assert variation_allowance(spread(66, 66, 66), 9, CHANCE) == 0
    assert share_allowance(spread(66, 99, 66), None) == 0


def test_one_statement_more_in_a_topic_passes_and_a_third_of_them_does_not() -> None:
    old = {"talks": 22 / 66, "call": 44 / 66}
    allowed = slack(0.1, 2, 66)
    assert variation(old, {"talks": 23 / 66, "call": 43 / 66}) < allowed
    assert variation(old, {"talks": 0.0, "call": 44 / 66, "media": 22 / 66}) > allowed


@given(st.integers(0, 10**6))
def test_a_table_may_stay_as_it_is_and_never_loses_all(rows: int) -> None:
    least, most = row_bounds(rows, loss=0.05, growth=10, headroom=100)
    assert min(rows, 1) <= least <= rows <= most
    assert rows - least <= 0.05 * rows + 1


@pytest.mark.parametrize(("rows", "least"), [(0, 0), (1, 1), (4, 3), (60, 57), (66, 62), (1000, 950)])
def test_the_loss_is_counted_in_whole_rows(rows: int, least: int) -> None:
    assert row_bounds(rows, loss=0.05, growth=10, headroom=100)[0] == least
