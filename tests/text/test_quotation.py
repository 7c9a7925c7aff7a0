"""Finding the quotation of a draft in a text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.text.problem import TextProblem
from readouts.text.quotation import edges_hold, find_quote
from readouts.text.skeleton import Skeleton, skeleton

TEXT = Skeleton(
    "Marek spoke for an hour.\n\nThe Presidency said that Marek wants “deeds, not words” by June.\n"
    "Ostrova’s office said nothing; Marek’s said more.\n"
)


def quoted(quote: str, within: str | None = None) -> str:
    start, end = find_quote(TEXT, quote, within)
    return TEXT.text[start:end]


def code(quote: str, within: str | None = None) -> tuple[str, str]:
    with pytest.raises(TextProblem) as caught:
        find_quote(TEXT, quote, within)
    return caught.value.code, str(caught.value)


def test_words_found_once_to_the_letter_are_their_own_place() -> None:
    assert find_quote(TEXT, "The Presidency") == (26, 40)


def test_letter_for_letter_comes_before_skeleton() -> None:
    text = Skeleton("MAREK met Marek.")
    assert find_quote(text, "Marek") == (10, 15)


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("the presidency", "The Presidency"),
        ('wants "deeds, not words" by June', "wants “deeds, not words” by June"),
        ("for an hour The Presidency", "for an hour.\n\nThe Presidency"),
        ("Ostrova's office", "Ostrova’s office"),
        ("deeds not\u00a0words", "deeds, not words"),
        ('"deeds, not words" by June', "“deeds, not words” by June"),
    ],
)
def test_case_spacing_punctuation_and_quotation_marks_may_differ(quote: str, words: str) -> None:
    assert quoted(quote) == words


@pytest.mark.parametrize("marks", ["“”", "‘’", "「」", "『』", "《》", "〈〉", "«»", "„“", "‹›", "＂＂", '""'])
@pytest.mark.parametrize("quote", ["行动", "дела"])
def test_a_span_may_have_the_quotation_marks_of_any_language_and_be_quoted_with_others(marks: str, quote: str) -> None:
    text = Skeleton(f"……{marks[0]}{quote}{marks[1]}，…")
    whole = (2, len(text.text) - 2)
    assert edges_hold(text.text, *whole)
    assert find_quote(text, f"{marks[0]}{quote}{marks[1]}") == whole
    assert find_quote(text, f'"{quote}"') in {whole, (whole[0] + 1, whole[1] - 1)}


def test_words_that_are_not_there_are_not_found() -> None:
    assert code("Marek sang")[0] == "quote-not-found"
    assert code("…")[0] == "quote-not-found"


def test_places_of_an_ambiguous_quotation_are_numbered_with_their_line_and_a_few_words() -> None:
    assert code("Marek") == (
        "quote-ambiguous",
        'The quotation "Marek" is in the text 3 times: (1) line 1: [Marek] spoke for an…; '
        "(2) line 3: …Presidency said that [Marek] wants “deeds, not…; "
        "(3) line 4: …office said nothing; [Marek]’s said more.",
    )


def test_no_more_than_five_places_are_shown() -> None:
    with pytest.raises(TextProblem, match=r"8 times: .*\(5\) line 1: [^;]*; and 3 more\.$"):
        find_quote(Skeleton("so " * 8), "so")


@pytest.mark.parametrize(("number", "start"), [(1, 0), (2, 51), (3, 122)])
def test_an_occurrence_is_counted_in_the_whole_text(number: int, start: int) -> None:
    assert find_quote(TEXT, "Marek", occurrence=number) == (start, start + 5)


def test_an_occurrence_is_counted_inside_its_context() -> None:
    assert find_quote(TEXT, "said", "nothing; Marek’s said more", 1) == (130, 134)
    with pytest.raises(TextProblem, match="is in the text 3 times; found 4 for 'occurrence'"):
        find_quote(TEXT, "Marek", occurrence=4)


def test_one_place_nearby_is_the_one_that_is_meant() -> None:
    assert find_quote(TEXT, "Marek", nearby=[(26, 93)]) == (51, 56)
    with pytest.raises(TextProblem, match=r"in the statement's sentence 2 times: \(2\) .*; \(3\) "):
        find_quote(TEXT, "Marek", nearby=[(26, 140)])
    with pytest.raises(TextProblem, match="in the text 3 times"):
        find_quote(TEXT, "Marek", nearby=[(5, 20)])


def test_overlapping_occurrences_are_several() -> None:
    with pytest.raises(TextProblem) as caught:
        find_quote(Skeleton("nananana no"), "nana")
    assert "3 times" in str(caught.value)


def test_a_context_settles_which_occurrence_is_meant() -> None:
    assert find_quote(TEXT, "Marek", "that Marek wants") == (51, 56)
    assert find_quote(TEXT, "marek", "THAT MAREK WANTS") == (51, 56)


def test_a_context_must_itself_be_there_once() -> None:
    assert code("hour", "said that he")[0] == "quote-not-found"
    assert code("Marek", "Marek")[0] == "quote-ambiguous"
    assert "The context" in code("Marek", "Marek")[1]


def test_words_outside_their_context_do_not_count() -> None:
    assert code("June", "that Marek wants")[0] == "quote-not-found"


def test_a_quotation_must_begin_and_end_on_a_letter_digit_or_quotation_mark() -> None:
    assert code("by June.")[0] == "span-edge"
    assert code(" by June")[0] == "span-edge"
    assert quoted("“deeds, not words”") == "“deeds, not words”"


def test_a_part_of_a_word_nearby_is_not_taken_for_the_words() -> None:
    text = Skeleton("He went with her. Was it late? It was not, and it rained.")
    with pytest.raises(TextProblem, match="in the text 3 times"):
        find_quote(text, "it", nearby=[(0, 17)])
    assert find_quote(Skeleton("他说了。她也说了。"), "说", nearby=[(0, 4)]) == (1, 2)


@given(st.text("ab Ç“”’.\n9", min_size=1, max_size=30), st.data())
def test_a_span_of_good_edges_is_found_by_its_words_or_said_to_be_ambiguous(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if not edges_hold(text, start, end) or not skeleton(text[start:end]):
        return
    occurrences = len(re.findall(f"(?={re.escape(text[start:end])})", text))
    if occurrences == 1:
        assert find_quote(Skeleton(text), text[start:end]) == (start, end)
    else:
        with pytest.raises(TextProblem, match=f"{occurrences} times"):
            find_quote(Skeleton(text), text[start:end])


@given(st.text("ab Ç“”’.\n9", max_size=30), st.text("ab ç\"'9", min_size=1, max_size=5))
def test_what_is_found_has_the_letters_that_were_asked_for_and_good_edges(text: str, quote: str) -> None:
    try:
        start, end = find_quote(Skeleton(text), quote)
    except TextProblem:
        return
    assert skeleton(text[start:end]) == skeleton(quote)
    assert edges_hold(text, start, end)
