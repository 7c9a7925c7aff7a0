"""Changed data is written into a file's text as it is meant, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.annotation_merge.node_kinds import plain
from readouts.annotations.nodes import parse
from readouts.datapackage.errors import ReadoutsError
from readouts.desk.editing import NOTHING, Data, data_of, span_items, with_data

SOURCE = """\
# On top.
title: "A: title"   # as published
kind: press
statements:
  # The first.
  s01: {act: say, addressees: {jana-marek: [[1, 5]], ilya-ostrova: }, content: [[0, 9]]}   # kept
  s02:
    act: report
    content:
      - [10, 12]  # of two words
      - {quote: "it: was", occurrence: 2}
    sources: [office, [{entity: a, cue: said}, {label: "null"}]]
mentions:
  lakes: [lake, [3, 9]]
"""

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn", "Zl", "Zp"]), min_size=1, max_size=12)
SPANS = st.lists(st.lists(st.integers(0, 99).map(str), min_size=2, max_size=2), min_size=1, max_size=3)
STEPS = st.lists(
    st.one_of(
        st.just("office"),
        st.fixed_dictionaries({"label": TEXTS}, optional={"at": SPANS, "cue": TEXTS}),
        st.lists(st.fixed_dictionaries({"entity": TEXTS}), min_size=2, max_size=3),
    ),
    max_size=3,
)
ROWS = st.fixed_dictionaries(
    {"content": SPANS},
    optional={
        "act": TEXTS,
        "summary": TEXTS,
        "sources": STEPS,
        "addressees": st.dictionaries(TEXTS, st.none() | SPANS),
    },
)
NAMES = st.sampled_from(["s01", "s02", "s03", "s04"])


def _data(source: str) -> dict[str, Any]:
    found = data_of(parse(source, "x"))
    assert isinstance(found, dict)
    return found


def _meant(value: Any) -> Any:
    """Return data without keys that say nothing."""
    if isinstance(value, dict):
        entries = {key: _meant(each) for key, each in value.items()}
        return {key: each for key, each in entries.items() if each is not None and each not in ({}, [])}
    return [_meant(each) for each in value] if isinstance(value, list) else value


def test_unchanged_data_leaves_every_byte() -> None:
    for source in (SOURCE, SOURCE.replace("\n", "\r\n")):
        assert with_data(source, "article", "x", _data(source)) == source


@given(rows=st.dictionaries(NAMES, ROWS, min_size=1), title=TEXTS)
def test_any_data_is_read_back_as_it_was_written(rows: dict[str, Data], title: str) -> None:
    data = {**_data(SOURCE), "title": title, "statements": rows}
    text = with_data(SOURCE, "article", "x", data)
    assert plain(parse(text, "x")) == _meant(data)
    assert text.startswith("# On top.\n")


def test_what_did_not_change_keeps_its_comments() -> None:
    data = _data(SOURCE)
    data["statements"]["s02"]["act"] = "stress"
    text = with_data(SOURCE, "article", "x", data)
    changed = [pair for pair in zip(SOURCE.splitlines(), text.splitlines(), strict=True) if pair[0] != pair[1]]
    assert changed == [("    act: report", "    act: stress")]


def test_a_default_is_taken_back_by_a_key_without_a_value() -> None:
    data = _data(SOURCE)
    data["statements"]["s02"]["event"] = NOTHING
    text = with_data(SOURCE, "article", "x", data)
    assert "    event: ~\n" in text
    assert _data(text)["statements"]["s02"]["event"] is None


def test_a_layout_that_does_not_allow_a_change_is_refused() -> None:
    source = "statements: {s01: {act: say,\n  content: a}, s02: {act: say, content: b}}   # one\n"
    data = _data(source)
    data["statements"]["s02"] = {"content": [["1", "2"]]}
    try:
        assert plain(parse(with_data(source, "article", "x", data), "x")) == data
    except ReadoutsError as error:
        assert "a line of its own" in str(error)  # noqa: PT017 - either is right


@pytest.mark.parametrize(
    ("value", "spans"),
    [
        (None, []),
        ("said", ["said"]),
        (["3", "14"], [["3", "14"]]),
        ({"quote": "a"}, [{"quote": "a"}]),
        (["a", "b"], ["a", "b"]),
    ],
)
def test_one_span_may_be_written_without_a_list(value: Data, spans: list[Data]) -> None:
    assert span_items(value) == spans
