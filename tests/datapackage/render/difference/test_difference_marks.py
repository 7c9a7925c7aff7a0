from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readouts.datapackage.render.difference.inline_diff import Piece, marked
from tests.datapackage.render.made import texts
from tests.properties import examples


def shown(old: str, new: str, limit: int = 400) -> tuple[str, str]:
    """The two sides, with square brackets around what is marked."""
    before, after = (
        "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in side)
        for side in marked(old, new, limit)
    )
    return before, after


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("the deep lake", "the deeper lake", "the deep lake", "the deep[er] lake"),
        ("must move now", "have to move now", "[must] move now", "[have to] move now"),
        ("on the eastern shore", "on the western shore", "on the [eastern] shore", "on the [western] shore"),
        ("1.50", "1.5", "1.5[0]", "1.5"),
        ("2014-03-06", "2014-03-07", "2014-03-0[6]", "2014-03-0[7]"),
        ("9007199254740993", "9007199254740992", "900719925474099[3]", "900719925474099[2]"),
        ("007", "7", "[007]", "[7]"),
        ("", "new", "", "[new]"),
        ("abc", "xyz", "[abc]", "[xyz]"),
    ],
)
def test_words_are_compared_and_within_a_word_its_end(old: str, new: str, before: str, after: str) -> None:
    assert shown(old, new) == (before, after)


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        ("Como ", "Como", "Como[␣]", "Como"),
        (" Como", "Como", "[␣]Como", "Como"),
        ("a  b", "a b", "a [␣]b", "a b"),
        ("a b", "a\u00a0b", "a[␣]b", "a[\\u00a0]b"),
        ("a\tb", "a b", "a[\\t]b", "a[␣]b"),
        ("caf\u00e9", "cafe\u0301", "caf[\\u00e9]", "caf[e\\u0301]"),
        ("x\u200b", "x", "x[\\u200b]", "x"),
        ("one\r\ntwo", "one\ntwo", "one[\\r]\\ntwo", "one\\ntwo"),
    ],
)
def test_a_difference_that_cannot_be_seen_is_shown(old: str, new: str, before: str, after: str) -> None:
    assert shown(old, new) == (before, after)


@settings(max_examples=examples(200))
@given(texts(), texts())
def test_two_texts_that_differ_always_look_different_unless_they_are_cut(old: str, new: str) -> None:
    if old == new:
        return
    before, after = marked(old, new, 100_000)
    assert "".join(piece.text for piece in before) != "".join(piece.text for piece in after)
    assert any(piece.changed for piece in (*before, *after))
    for side in (before, after):
        for piece in side:
            piece.text.encode()
            assert piece.text.splitlines() == [piece.text]


@given(st.text("ab ,", max_size=60), st.text("ab ,", max_size=60))
def test_what_is_not_marked_is_the_same_on_both_sides(old: str, new: str) -> None:
    if old == new:
        return
    before, after = marked(old, new)
    kept = ["".join(piece.text for piece in side if not piece.changed) for side in (before, after)]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("start", ["a" * 300, "a" * 5000, "\n" * 300, "a b " * 80, "\u0301" * 400])
@pytest.mark.parametrize(("old", "new"), [("b" * 400, "c" * 400), ("b", "c" * 400), ("b " * 3000, "c " * 3000)])
def test_a_change_behind_a_long_common_beginning_is_shown(start: str, old: str, new: str) -> None:
    before, after = marked(start + old, start + new, 240)
    assert before != after
    assert any(piece.changed for piece in (*before, *after))


def test_far_from_a_change_text_is_left_out_on_both_sides() -> None:
    old, new = "word " * 300, "word " * 150 + "sword " + "word " * 149
    for side in marked(old, new):
        written = "".join(piece.text for piece in side)
        assert len(written) < 200
        assert written.startswith("…")
        assert written.endswith("…")
    assert Piece("sword", changed=True) in marked(old, new)[1]


def test_a_cell_is_cut_with_a_mark_that_says_how_long_it_was() -> None:
    before, after = marked("a" * 5000, "b" * 6000, 50)
    assert [piece.text for piece in before] == ["a" * 50, "… (cut: 5,000 characters in all)"]
    assert after[-1].text == "… (cut: 6,000 characters in all)"


@pytest.mark.parametrize("unit", ["a", "a ", "a b ", "ab,", ". ", "\u0301"])
def test_repetitive_and_very_long_texts_take_no_long_time(unit: str) -> None:
    started = time.process_time()
    for length in (50, 500, 5_000, 200_000):
        old = (unit * length)[:length]
        marked(old, f"x{old[: length // 2]}yy{old[length // 2 :]}z{unit}")
        marked(old, old[::-1] + unit)
    assert time.process_time() - started < 10
