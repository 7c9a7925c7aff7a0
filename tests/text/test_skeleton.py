"""The skeleton of a text: frozen by vectors, and the way from a text to its skeleton and back."""

from __future__ import annotations

import json
import sys
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.text.skeleton import NORMALISER, Skeleton, skeleton, word_count


class Vector(TypedDict):
    name: str
    text: str
    skeleton: str


FROZEN = json.loads((Path(__file__).parent / "skeleton-1.json").read_text(encoding="utf-8"))
VECTORS: list[Vector] = FROZEN["vectors"]
EVERYTHING = "".join(chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF)

any_text = st.text(st.characters(exclude_categories=["Cs"]))
awkward = st.text(
    st.sampled_from("aZ9 \n.“”\"'’«»-\u00a0\u00adßﬁİıΣςέ\u0345\u0323\u0307½²№ﻺ한\u1112ｶﾞ中\uf900😀\u200d𝐌\ufeffК")
)


def test_the_vectors_are_those_of_this_normaliser() -> None:
    assert FROZEN["normaliser"] == NORMALISER
    assert len({vector["name"] for vector in VECTORS}) == len(VECTORS) >= 40


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_a_text_has_the_skeleton_of_its_vector(vector: Vector) -> None:
    assert skeleton(vector["text"]) == vector["skeleton"]


@pytest.mark.slow
def test_all_code_points_together_have_the_frozen_skeleton_on_every_python() -> None:
    letters = skeleton(EVERYTHING)
    assert len(letters) == FROZEN["all_code_points"]["characters"]
    assert sha256(letters.encode()).hexdigest() == FROZEN["all_code_points"]["sha256"]


@pytest.mark.slow
def test_the_skeleton_of_every_single_character_is_its_own_skeleton() -> None:
    changed = [hex(ord(character)) for character in EVERYTHING if skeleton(skeleton(character)) != skeleton(character)]
    assert changed == []


@given(any_text | awkward, any_text | awkward)
def test_the_skeleton_of_two_texts_is_that_of_their_sum(first: str, second: str) -> None:
    assert skeleton(first + second) == skeleton(first) + skeleton(second)


@given(any_text | awkward)
def test_a_skeleton_is_its_own_skeleton(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)


@given(any_text | awkward)
def test_a_skeleton_is_what_normalising_the_whole_text_gives(text: str) -> None:
    # Characters that a later Unicode assigned are dropped, whatever the running Python knows of them.
    known = "".join(character for character in text if unicodedata.ucd_3_2_0.category(character) != "Cn")
    naive = "".join(filter(str.isalnum, unicodedata.normalize("NFKD", known).casefold()))
    assert skeleton(known) == naive


@given(awkward, st.sampled_from(["NFC", "NFD"]))
def test_canonically_equal_texts_have_one_skeleton(text: str, form: str) -> None:
    assert skeleton(unicodedata.normalize(form, text)) == skeleton(text)  # type: ignore[arg-type]


@given(any_text | awkward, st.data())
def test_a_stretch_gives_the_same_letters_in_the_text_and_inside_its_skeleton(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    whole = Skeleton(text)
    first, last = whole.inside(start, end)
    assert whole.letters[first:last] == skeleton(text[start:end])


@given(any_text | awkward, st.data())
def test_going_outside_and_inside_again_gives_the_same_stretch(text: str, data: st.DataObject) -> None:
    whole = Skeleton(text)
    borders = [whole.inside(place, place)[0] for place in range(len(text) + 1)]
    first, last = sorted(data.draw(st.tuples(st.sampled_from(borders), st.sampled_from(borders))))
    if first == last:
        return
    start, end = whole.outside(first, last)
    assert whole.inside(start, end) == (first, last)
    assert skeleton(text[start:end]) == whole.letters[first:last]


@given(any_text | awkward)
def test_positions_never_go_back_and_point_to_what_gives_the_letter(text: str) -> None:
    whole = Skeleton(text)
    assert len(whole.positions) == len(whole.letters)
    assert whole.positions == sorted(whole.positions)
    assert all(
        letter in skeleton(text[position]) for letter, position in zip(whole.letters, whole.positions, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("She wants “deeds” by June.", "“deeds” by June"),
        ("By June she wants “deeds”.", "June she wants “deeds”"),
        ('She wants "deeds" by June.', '"deeds" by June'),
        ("Sie will „Taten“ im Juni.", "„Taten“ im Juni"),
        ("Elle veut «des actes» en juin.", "«des actes» en juin"),
        ("She said: wait for “deeds.” And so on.", "wait for “deeds.”"),
        ("She said: wait for “deeds,” she said.", "wait for “deeds,”"),
        ("She wants “deeds”. And so on.", "wants “deeds”"),
        ("She wants “deeds. And words.”", "deeds"),
        ("She wants “deeds” by June.", "deeds"),
        ("She wants “deeds, not words” by June.", "deeds, not words"),
        ("It is the Presidency’s view.", "Presidency’s view"),
        ("It is ‘the Presidency’s view’.", "the Presidency’s view"),
        ("总统要求“行动”。会议结束。", "要求“行动”"),
        ("总统说：“行动。”会议结束。", "说：“行动。”"),
        ("总统要求‘行动’和时间。", "‘行动’和时间"),
        ("總統要求「行動」和時間。", "「行動」和時間"),
        ("總統要求『行動』。", "要求『行動』"),
        ("总统在《湖畔晚报》撰文。", "《湖畔晚报》撰文"),
        ("Она хочет «дела» к июню.", "«дела» к июню"),
        ("Она хочет „дела“ к июню.", "„дела“ к июню"),
        ("Она ждёт «дел.» И молчит.", "ждёт «дел.»"),
    ],
)
def test_a_quotation_mark_belongs_to_a_stretch_when_its_partner_stands_inside(text: str, span: str) -> None:
    whole = Skeleton(text)
    start = text.index(span)
    assert whole.outside(*whole.inside(start, start + len(span))) == (start, start + len(span))


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), (" \n", 0), ("Marek called.", 2), ("week-long", 2), ("Lakes’ 2nd", 2), ("İzmir", 1), ("a\u00adb", 2)],
)
def test_words_are_runs_of_letters_and_digits(text: str, words: int) -> None:
    assert word_count(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("两国外长将于周五会晤。", None),
        ("兩國外長，將會晤", None),
        ("りんごは 赤い", None),
        ("ｶﾅ", None),
        ("สวัสดีครับ", None),
        ("部长 Marek 说：两国将会晤", None),
        ("Министры встретятся в пятницу.", 4),
        ("외무장관이 금요일에 만난다", 3),
        ("Marek (马雷克) met the ministers.", 5),
        ("2031", 1),
    ],
)
def test_words_are_not_counted_where_most_letters_are_of_a_script_without_spaces(text: str, words: int | None) -> None:
    assert word_count(text) == words
