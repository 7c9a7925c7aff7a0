"""Numbers and lines of rows are given back as they were, however they jump, in little memory."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.datapackage.findings import Places

STEPS = st.lists(st.one_of(st.just(1), st.integers(0, 300), st.integers(-5, 10**12)), min_size=1, max_size=40)


@pytest.mark.property
@given(st.lists(STEPS, min_size=1, max_size=4))
def test_each_row_has_the_number_and_the_line_that_it_was_added_with(blocks: list[list[int]]) -> None:
    places = Places()
    expected: list[tuple[int, int]] = []
    for steps in blocks:
        numbers = np.cumsum(steps, dtype=np.int64)
        places.add(range(7, 7 + len(steps)), numbers)
        expected += zip(range(7, 7 + len(steps)), numbers.tolist(), strict=True)
    assert [places[position] for position in range(places.height)] == expected


def test_lines_of_rows_that_all_have_line_breaks_take_less_than_a_byte_each() -> None:
    steps = np.random.default_rng(1).integers(2, 6, 10**6)
    tracemalloc.start()
    places = Places()
    places.add(range(1, 10**6 + 1), np.cumsum(steps))
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert kept < 10**6
    assert places[999_999] == (10**6, int(steps.sum()))
