"""The anchoring ladder: each rung, and that no span is ever put in a wrong place."""

from __future__ import annotations

import re
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from readouts.text.anchoring import Anchor, Found, Status, locate
from readouts.text.fingerprint import CONTEXT, Fingerprint, fingerprint, hash_text
from readouts.text.skeleton import Skeleton, skeleton
from tests.properties import examples
from tests.text.edited_text import Edited, at, joined, misplaced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ARTICLE = """Advertisement

Marek and Ostrova speak by phone over the Lakes

President Jana Marek of Veldania called Chancellor Ilya Ostrova on Thursday to propose a truce in the Lakes.

The Presidency said Marek suggested that both armies “pull back ten kilometres” and that observers be let in.

The Chancellery gave another picture of the conversation. Ostrova told Marek that “armed bands continue to \
terrorise villages”, it said.

Analysts doubted that the truce would last."""


def anchor(text: str, words: str, occurrence: int = 0) -> Anchor:
    start = [match.start() for match in re.finditer(re.escape(words), text)][occurrence]
    return anchored(text, start, start + len(words))


def anchored(text: str, start: int, end: int) -> Anchor:
    return Anchor(f"x{start}-{end}", start, end, fingerprint(Skeleton(text), start, end))


def find(text: str, *anchors: Anchor, same_text: bool = False) -> list[Found]:
    found = locate(Skeleton(text), anchors, same_text=same_text)
    return [found[entry.span_id] for entry in anchors]


def words_of(text: str, found: Found) -> str:
    start, end = at(found)
    return text[start:end]


ORPHAN = Found(Status.ORPHAN)


# The rungs, one by one.


def test_in_the_same_text_the_offsets_hold() -> None:
    one = anchor(ARTICLE, "Jana Marek")
    assert find(ARTICLE, one, same_text=True) == [Found(Status.EXACT, one.start, one.end)]


def test_in_the_same_text_offsets_that_do_not_fit_their_fingerprint_are_not_believed() -> None:
    right = anchor(ARTICLE, "both armies “pull back ten kilometres”")
    shifted = Anchor("shifted", right.start + 2, right.end + 2, right.fingerprint)
    (found,) = find(ARTICLE, shifted, same_text=True)
    assert found == Found(Status.MOVED, right.start, right.end)


def test_a_span_with_both_contexts_is_found_after_the_text_has_moved() -> None:
    new = "Menu\n\n" + ARTICLE
    one = anchor(ARTICLE, "Marek", 2)
    assert find(new, one) == [Found(Status.MOVED, one.start + 6, one.end + 6)]


def test_a_long_span_is_found_without_any_context() -> None:
    words = "both armies “pull back ten kilometres” and that observers be let in"
    new = f"Quite another report. It says: {words}. So it goes on, and on."
    (found,) = find(new, anchor(ARTICLE, words))
    assert found.status is Status.MOVED
    assert words_of(new, found) == words


def test_a_span_under_24_letters_is_not_found_without_a_context() -> None:
    words = "Chancellor Ilya Ostrova"
    new = f"Quite another report was about {words} and what became of it in the end."
    assert find(new, anchor(ARTICLE, words)) == [ORPHAN]


def test_a_span_under_24_letters_is_found_by_one_context_in_its_sentence() -> None:
    new = "It says that President Jana Marek of Veldania telephoned Chancellor Ilya Ostrova."
    old = "It says that President Jana Marek of Veldania called the head of the other government."
    (found,) = find(new, anchor(old, "Veldania"))
    assert words_of(new, found) == "Veldania"


def test_a_lone_context_across_the_end_of_a_sentence_needs_a_neighbour_at_the_old_distance() -> None:
    head = "The observers were let in last week, as had been agreed. "
    tail = " The villages along the northern shore of the great lake stayed quiet through the night."
    old = f"{head}Marek wants more.{tail}"
    altered = f"{head}Marek hopes for much.{tail}"
    one, neighbour = anchor(old, "Marek"), anchor(old, "stayed quiet")
    assert find(altered, one) == [ORPHAN]
    assert words_of(altered, find(altered, one, neighbour)[0]) == "Marek"


def test_of_several_matches_the_one_with_a_matching_context_is_taken() -> None:
    old = ARTICLE
    new = ARTICLE.replace("President Jana", "Veldania’s Jana").replace("Presidency said Marek", "office said: Marek")
    for occurrence in range(4):
        one = anchor(old, "Marek", occurrence)
        (found,) = find(new, one)
        image = [match.start() for match in re.finditer("Marek", new)][occurrence]
        assert found in (Found(Status.MOVED, image, image + 5), ORPHAN)
    assert find(new, anchor(old, "Marek", 3))[0].status is Status.MOVED


def test_several_matches_with_both_contexts_are_an_orphan() -> None:
    one = anchor(ARTICLE, "Marek suggested")
    assert find(f"{ARTICLE}\n\n{ARTICLE}", one) == [ORPHAN]


def test_altered_words_between_both_contexts_are_drifted() -> None:
    new = ARTICLE.replace("called Chancellor", "rang Chancellor")
    (found,) = find(new, anchor(ARTICLE, "called Chancellor Ilya Ostrova"))
    assert found.status is Status.DRIFTED
    assert words_of(new, found) == "rang Chancellor Ilya Ostrova"


def test_a_span_at_quite_another_distance_between_its_contexts_is_an_orphan() -> None:
    longer = "rang up, after a week in which nobody had spoken to anybody, Chancellor Ilya Ostrova"
    new = ARTICLE.replace("called Chancellor Ilya Ostrova", longer)
    assert find(new, anchor(ARTICLE, "called Chancellor Ilya Ostrova")) == [ORPHAN]


def test_contexts_in_the_other_order_are_an_orphan() -> None:
    old = "All the observers at the lake shore say the villages rest under fresh snow this winter."
    one = anchor(old, "say the villages rest")
    new = "under fresh snow this winter." + " ... " + "All the observers at the lake shore"
    assert find(new, one) == [ORPHAN]


def test_contexts_that_are_there_twice_are_an_orphan() -> None:
    part = "said Marek suggested that both {} “pull back ten kilometres” and that"
    old, new = part.format("armies"), part.format("forces") + " — " + part.format("troops")
    one = anchor(old, "armies")
    assert find(part.format("forces"), one)[0].status is Status.DRIFTED
    assert find(new, one) == [ORPHAN]


def test_a_drifted_span_in_which_nothing_annotated_is_left_is_an_orphan() -> None:
    new = (
        ARTICLE.replace("Analysts doubted that the truce would last.", "Photo: the Lakes on a day in spring, calm.")
        + " X"
    )
    outer = anchor(ARTICLE + " X", "called Chancellor Ilya Ostrova on Thursday")
    inner = anchor(ARTICLE + " X", "Chancellor Ilya Ostrova")
    replaced = new.replace("called Chancellor Ilya Ostrova on Thursday", "left no word of it for anybody there")
    kept = new.replace("called Chancellor Ilya Ostrova", "rang Chancellor Ilya Ostrova")
    assert find(replaced, outer)[0].status is Status.DRIFTED
    assert find(replaced, outer, inner) == [ORPHAN, ORPHAN]
    assert [found.status for found in find(kept, outer, inner)] == [Status.DRIFTED, Status.MOVED]


def test_words_that_are_gone_are_an_orphan() -> None:
    assert find("Nothing of it.", anchor(ARTICLE, "Jana Marek")) == [ORPHAN]
    assert find("", anchor(ARTICLE, "Jana Marek")) == [ORPHAN]
    assert find("…!", anchor(ARTICLE, "Jana Marek")) == [ORPHAN]


def test_spans_at_the_edges_of_the_text_are_found_inside_boilerplate() -> None:
    first, last = anchor(ARTICLE, "Advertisement"), anchor(ARTICLE, "the truce would last")
    headline = anchor(ARTICLE, "Marek and Ostrova speak by phone over the Lakes")
    new = "Home News Weather\n" + ARTICLE + "\nMore on this. Our newsletter.\n"
    found = find(new, first, headline, last)
    assert [words_of(new, entry) for entry in found] == [
        "Advertisement",
        "Marek and Ostrova speak by phone over the Lakes",
        "the truce would last",
    ]


def test_the_only_words_of_a_text_are_found_again_when_they_are_long_enough() -> None:
    old = "Marek and Ostrova speak by phone over the Lakes"
    new = f"Menu. {old}. Comments."
    assert words_of(new, find(new, anchored(old, 0, len(old)))[0]) == old
    assert find("Menu. Marek. Comments.", anchored("Marek", 0, 5)) == [ORPHAN]


# Nothing is guessed.


def test_a_span_of_a_dropped_paragraph_does_not_land_on_the_next_one_that_begins_alike() -> None:
    head = "The two leaders spoke for an hour over the telephone on Thursday night."
    dropped = "The Presidency said that both armies would pull back ten kilometres from the shore."
    alike = "The Presidency gave no account of what the chancellor had answered to this offer."
    tail = "The call was the first one between the two since the bridge at Lake Town was closed."
    old, new = "\n\n".join((head, dropped, alike, tail)), "\n\n".join((head, alike, tail))
    others = [anchor(old, words) for words in ("two leaders", "for an hour", "gave no account", "since the bridge")]
    assert find(new, anchor(old, "The Presidency"), *others)[0] == ORPHAN
    assert find(new, anchor(old, "The Presidency", 1), *others)[0].status is Status.MOVED
    flat = new.replace("\n\n", " ")
    assert find(flat, anchor(old, "The Presidency"), *others)[0] == ORPHAN


def test_a_span_of_a_dropped_paragraph_does_not_land_on_the_one_before_that_ends_alike() -> None:
    head = "The first call between the two governments since the autumn was short, said the Presidency."
    dropped = "Neither side has named a day on which the ministers could travel, said the Presidency."
    tail = "Analysts doubted that the truce would last, since the bridge at Lake Town is still closed."
    old, new = f"{head}\n\n{dropped}\n\n{tail}", f"{head}\n\n{tail}"
    others = [anchor(old, words) for words in ("since the autumn", "the truce would", "bridge at Lake Town")]
    assert find(new, anchor(old, "the Presidency", 1), *others)[0] == ORPHAN
    assert find(new.replace("\n\n", " "), anchor(old, "the Presidency", 1), *others)[0] == ORPHAN


def test_altered_words_do_not_drift_onto_what_was_another_span() -> None:
    part = "It was said in Port Sarn that both armies {} from the shore of the lakes by the first of June."
    tail = "The bridge at Lake Town is still closed, and the ferry runs once a day."
    old = "\n\n".join((part.format("pull back"), tail, part.format("withdraw"), tail[::-1]))
    new = "\n\n".join((tail, part.format("withdraw"), tail[::-1]))
    first, second = anchor(old, "pull back"), anchor(old, "withdraw")
    assert find(new, first)[0].status is Status.DRIFTED
    found = find(new, first, second)
    assert found[0] == ORPHAN
    assert words_of(new, found[1]) == "withdraw"


@pytest.mark.parametrize("opening", ["No", "Evidently", "Late on Thursday night"])
def test_what_stood_before_a_span_at_the_edge_is_too_little_to_know_it_by(opening: str) -> None:
    old = f"{opening} Marek called the chancellor to propose a truce in the Lakes."
    new = f"Other news first, and a great deal of it. {opening} Marek was seen on the ferry, all smiles."
    assert find(new, anchor(old, "Marek")) == [ORPHAN]


def test_of_two_like_passages_the_one_beside_its_neighbours_is_taken() -> None:
    passage = "The ministers of both countries would meet in Port Sarn in the first week of June, it was announced."
    old = f"{ARTICLE}\n\n{passage}\n\nThe ferry to Port Sarn runs once a day, and not at all when there is fog."
    span, words = anchor(old, "would meet in Port Sarn"), "runs once a day"
    new = f"Read also: {passage}\n\n{old}"
    assert find(new, span, anchor(old, words)) == [
        Found(Status.MOVED, new.rindex("would meet in"), new.rindex("would meet in") + 23),
        Found(Status.MOVED, new.index(words), new.index(words) + 15),
    ]
    assert find(new, span) == [ORPHAN]
    beside_itself = old.replace(passage, f"{passage}\n\n{passage}")
    assert find(beside_itself, span, anchor(old, "the truce would last"), anchor(old, words))[0] == ORPHAN


@pytest.mark.parametrize("word", ["remain", "inner", "in2"])
def test_a_span_is_not_found_inside_another_word(word: str) -> None:
    old = "The two leaders spoke for an hour. In light of this the ministers could meet as soon as next week."
    neighbours = [anchor(old, "two leaders"), anchor(old, "ministers could meet"), anchor(old, "spoke for an hour")]
    assert find(old.replace("In light", f"{word} light"), anchor(old, "In"), *neighbours)[0].status is not Status.MOVED
    assert find(old.replace("In light", "So in light"), anchor(old, "In"), *neighbours)[0].status is Status.MOVED


def test_words_that_ran_together_are_found_by_their_contexts() -> None:
    new = ARTICLE.replace("the Lakes\n\nPresident Jana", "the LakesPresident Jana")
    words = ["the Lakes", "President Jana Marek"]
    found = find(new, *(anchor(ARTICLE, entry) for entry in words))
    assert [words_of(new, entry) for entry in found] == words


def test_a_script_without_spaces_needs_no_edges_of_words() -> None:
    old = (
        "两国领导人周四通了一小时电话讨论湖区停火问题并同意外交部长下周在萨恩港会面"
        "商谈双方军队后撤十公里的具体步骤以及观察员进入湖区北岸村庄的安排。"
    )
    span = anchor(old, "外交部长下周在萨恩港会面")
    new = old.replace("同意外交", "决定让外交")
    assert words_of(new, find(new, span)[0]) == "外交部长下周在萨恩港会面"


def test_two_spans_that_claim_the_same_words_both_become_orphans() -> None:
    title = "Marek and Ostrova speak by phone over the Lakes"
    old = f"Home and weather\n\n{title}\n\n{title}\n\nPresident Jana Marek called the chancellor on Thursday."
    new = f"Home and weather\n\n{title}\n\nPresident Jana Marek called the chancellor on Thursday."
    first, second = anchor(old, title), anchor(old, title, 1)
    assert find(new, first, second) == [ORPHAN, ORPHAN]
    assert all(found.status is Status.MOVED for found in find(f"Menu. {old}", first, second))


def test_two_repeated_passages_of_which_one_was_dropped_both_become_orphans() -> None:
    passage = (
        "Readers of this page may also like our long report on the closing of the bridge at Lake Town, "
        "with pictures of the old ferry and of those who work on it."
    )
    middle = "President Jana Marek called the chancellor on Thursday to propose a truce in the Lakes."
    old, new = f"{passage}\n\n{middle}\n\n{passage}", f"{middle}\n\n{passage}"
    first, second = anchor(old, "the bridge at Lake Town"), anchor(old, "the bridge at Lake Town", 1)
    assert find(new, first, second) == [ORPHAN, ORPHAN]


def test_spans_on_the_same_words_are_found_together() -> None:
    one = anchor(ARTICLE, "The Presidency")
    spans = [Anchor(f"x{number}", one.start, one.end, one.fingerprint) for number in range(3)]
    found = find("Menu\n\n" + ARTICLE, *spans, anchor(ARTICLE, "The Presidency said Marek suggested"))
    assert {entry.status for entry in found} == {Status.MOVED}


def test_what_has_no_full_context_keeps_its_order_among_what_has() -> None:
    phrase = "the foreign ministers of both countries would meet"
    first = f"It was announced at noon that {phrase} in Port Sarn in May."
    second = "President Jana Marek called the chancellor on Thursday to propose a truce in the Lakes."
    third = f"Nobody in the capital believed in the evening that {phrase} before the autumn, or ever."
    old, new = "\n\n".join((first, second, third)), "\n\n".join((second, third))
    one, other = anchor(old, phrase), anchor(old, "called the chancellor on Thursday")
    assert find(new, one, other)[0] == ORPHAN


@pytest.mark.parametrize("word", ["advertisement", "marek"])
def test_the_short_context_at_the_edge_of_a_text_is_not_enough_for_a_short_span(word: str) -> None:
    old = f"{word.capitalize()}\n\nMarek called the chancellor on Thursday to propose a truce."
    new = f"Other news first, and plenty of it.\n\n{word.capitalize()}\n\nMarek has other plans for the summer."
    assert find(new, anchor(old, "Marek", -1)) == [ORPHAN]


@pytest.mark.parametrize(
    ("old", "words"),
    [
        ("[视频]马雷克同总理通电话\n\n湖区消息：总统马雷克周四同总理奥斯特洛娃通了一次电话。", "马雷克同总理通电话"),
        ("两国外长将在萨恩港会面，停火能否持久没有人知道。\n\n外长、总参谋长等参加会见。", "总参谋长"),
        ("A truce\n\nMarek called Ostrova on Thursday and both of them spoke of a truce in the Lakes.", "truce"),
    ],
)
def test_a_short_span_few_letters_from_the_edge_is_found_inside_boilerplate(old: str, words: str) -> None:
    new = f"Home News Weather\n\n{old}\n\nMore on this. Our newsletter comes every morning."
    one = anchor(old, words)
    start = one.start + new.index(old)
    assert find(new, one) == [Found(Status.MOVED, start, start + len(words))]


# The bounds, exactly.


def letters(number: int, seed: str) -> str:
    """Return so many letters, in words, that come nowhere else."""
    made = Random(seed).choices("abcdefghijklmnopqrstuvwxyz", k=number)
    return " ".join("".join(made[start : start + 5]) for start in range(0, number, 5))


@pytest.mark.parametrize(("number", "status"), [(47, Status.ORPHAN), (48, Status.MOVED)])
def test_a_span_without_a_context_needs_48_letters(number: int, status: Status) -> None:
    words = letters(number, "span")
    old = f"{letters(60, 'before')} {words} {letters(60, 'after')}"
    new = f"{letters(60, 'other')} {words} {letters(60, 'more')}"
    assert find(new, anchor(old, words))[0].status is status


@pytest.mark.parametrize(("number", "status"), [(23, Status.ORPHAN), (24, Status.MOVED)])
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_span_with_one_context_in_another_sentence_needs_48_letters_with_it(
    side: str, number: int, status: Status
) -> None:
    words, context, rest = letters(number, "span"), letters(24, "context"), letters(60, "rest")
    parts = (f"{context}. {words} ", "") if side == "before" else ("", f" {words}. {context}")
    old, new = rest.join(parts), letters(60, "other").join(parts)
    assert find(new, anchor(old, words))[0].status is status


@pytest.mark.parametrize(("number", "status"), [(7, Status.ORPHAN), (8, Status.MOVED)])
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_context_at_the_edge_of_the_text_has_eight_letters_or_is_none(side: str, number: int, status: Status) -> None:
    edge, words = letters(number, "edge"), letters(10, "span")
    old = f"{edge} {words}" if side == "before" else f"{words} {edge}"
    new = f"{letters(60, 'other')} {old} {letters(60, 'more')}"
    assert find(new, anchor(old, words))[0].status is status
    whole = f"{letters(24, 'wide')} {words} {edge}" if side == "after" else f"{edge} {words} {letters(24, 'wide')}"
    # With the other context, whole and in the same sentence, fewer letters are enough.
    found = find(f"{letters(60, 'other')} {whole} {letters(60, 'more')}", anchor(whole, words))[0]
    assert found.status is Status.MOVED


def test_a_context_is_whole_though_nothing_else_is_before_or_behind_it() -> None:
    context, words = letters(24, "context"), letters(3, "span")
    for old, new in (
        (f"{context} {words} {letters(60, 'one')}", f"{context} {words} {letters(60, 'other')}"),
        (f"{letters(60, 'one')} {words} {context}", f"{letters(60, 'other')} {words} {context}"),
        (f"{words} {context} {letters(60, 'one')}", f"{words} {context} {letters(60, 'other')}"),
        (f"x {context} {letters(60, 'one')}", f"x {context} {letters(60, 'other')}"),
    ):
        (found,) = find(new, anchor(old, "x" if old.startswith("x ") else words))
        assert found.status is Status.MOVED, old


@pytest.mark.parametrize(("distance", "shift", "status"), [
    (240, 0, Status.MOVED), (241, 0, Status.ORPHAN), (100, 12, Status.MOVED),
    (100, 13, Status.ORPHAN), (100, -12, Status.MOVED), (100, -13, Status.ORPHAN),
])  # fmt: skip
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_neighbour_vouches_for_a_span_within_240_characters_and_a_shift_of_12(
    side: str, distance: int, shift: int, status: Status
) -> None:
    words, context, neighbour = letters(10, "span"), letters(24, "context"), letters(20, "neighbour")
    edge = letters(24, "edge")

    def between(seed: str, number: int) -> str:
        # The neighbour has both its contexts; next to the span, other words come and go.
        near = letters(300, seed).replace(" ", "")[: number - len(edge) - 3]
        return f" {near} {edge} " if side == "after" else f" {edge} {near} "

    def text(gap: str, head: str) -> str:
        if side == "after":
            return f"{head}{context}. {words}{gap}{neighbour} {letters(60, 'tail')}"
        return f"{letters(60, 'tail')} {neighbour}{gap}{words}. {context}{head}"

    old, new = (
        text(between("one", distance), ""),
        text(between("other", distance + shift), " " + letters(50, "head") + " "),
    )
    span, certain = anchor(old, words), anchor(old, neighbour)
    assert (certain.start - span.end if side == "after" else span.start - certain.end) == distance
    found = find(new, span, certain)
    assert (found[1].status, found[0].status) == (Status.MOVED, status)
    assert find(new, span) == [ORPHAN]


@pytest.mark.parametrize(("number", "status"), [(23, Status.ORPHAN), (24, Status.MOVED)])
def test_a_span_without_a_context_needs_24_letters_and_a_neighbour_on_each_side(number: int, status: Status) -> None:
    words, first, last = letters(number, "span"), letters(20, "first"), letters(20, "last")
    around = f"{letters(40, 'head')} {first} {letters(24, 'one')}", f"{letters(24, 'two')} {last} {letters(40, 'tail')}"
    old, new = (f"{around[0]} {letters(30, side)} {words} {letters(30, side + side)} {around[1]}" for side in "ab")
    span, left, right = anchor(old, words), anchor(old, first), anchor(old, last)
    assert find(new, span, left, right)[0].status is status
    assert find(new, span, left)[0] == find(new, span, right)[0] == find(new, span)[0] == ORPHAN


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_neighbour_settles_where_a_span_is_that_is_there_twice_with_the_same_one_context(side: str) -> None:
    near, context, words = letters(20, "near"), letters(30, "context"), letters(30, "span")
    with_context = f"{context} {words}" if side == "before" else f"{words} {context}"
    head = f"{letters(40, 'head')} {near} {letters(40, 'between')}"

    def text(*others: str) -> str:
        return " ".join(f"{letters(30, other + 'a')} {with_context} {letters(30, other + 'b')}" for other in others)

    old, new = f"{head} {text('old')}", f"{head} {text('one')} {letters(300, 'more')} {text('other')}"
    span, neighbour = anchor(old, words), anchor(old, near)
    assert find(new, span) == [ORPHAN]
    assert find(new, span, neighbour)[0] == Found(Status.MOVED, span.start, span.end)
    longer = f"{letters(60, 'gone')} {old}"
    assert find(new, anchor(longer, words), anchor(longer, near))[0] == Found(Status.MOVED, span.start, span.end)


def test_a_neighbour_does_not_settle_where_a_span_is_that_is_there_twice_without_a_context() -> None:
    words, near = letters(50, "span"), letters(20, "near")
    head = f"{letters(40, 'head')} {near} {letters(40, 'between')}"
    old = f"{head} {letters(30, 'before')} {words} {letters(30, 'after')}"
    once = f"{head} {letters(30, 'other')} {words} {letters(300, 'more')}"
    span, neighbour = anchor(old, words), anchor(old, near)
    assert [found.status for found in find(once, span, neighbour)] == [Status.MOVED] * 2
    found = find(f"{once} {words} {letters(30, 'end')}", span, neighbour)
    assert (found[0], found[1].status) == (ORPHAN, Status.MOVED)


@pytest.mark.parametrize(("form", "status"), [
    ("{words}", Status.MOVED), ("{words}. {more}", Status.MOVED), ("{more}. {words}", Status.MOVED),
    ("{more} x{words}", Status.ORPHAN), ("{words}x {more}", Status.ORPHAN), ("{more} 7{words}", Status.ORPHAN),
    ("{more} X{words}", Status.ORPHAN), ("{more} 外{words}", Status.MOVED), ("{words}外 {more}", Status.MOVED),
    ("x. {words}外 {more}", Status.MOVED), ("{more} x 外{words}", Status.MOVED),
    ("外交部长下周在萨恩港会面商谈双方军队后撤 x{words}", Status.ORPHAN), ("x{words}", Status.ORPHAN),
    ("{words}x", Status.ORPHAN),
])  # fmt: skip
def test_a_span_without_a_context_is_found_at_the_edges_of_a_text_and_of_words(form: str, status: Status) -> None:
    words = letters(48, "span")
    old = f"{letters(60, 'before')} {words} {letters(60, 'after')}"
    new = form.format(words=words, more=letters(60, "more"))
    assert find(new, anchor(old, words))[0].status is status


def test_contexts_that_overlap_have_nothing_between_them() -> None:
    before, after = letters(22, "before").replace(" ", ""), letters(22, "after").replace(" ", "")
    words = letters(10, "span")
    old = f"{letters(40, 'head')} {before}xy {words} xy{after} {letters(40, 'tail')}"
    new = f"{letters(40, 'head')} {before}xy{after} {letters(40, 'tail')}"
    assert find(new, anchor(old, words)) == [ORPHAN]


def test_a_span_does_not_begin_inside_a_ligature() -> None:
    words = "ine" + letters(50, "span")
    old = f"{letters(60, 'before')} {words} {letters(60, 'after')}"
    assert find(f"{letters(60, 'more')} \ufb01ne{words[3:]}.", anchor(old, words)) == [ORPHAN]


def test_one_letter_is_a_context_where_the_text_has_no_more() -> None:
    words = letters(30, "span")
    old = f"a {words} b"
    new = f"{letters(60, 'other')} {old} {letters(60, 'more')}"
    assert words_of(new, find(new, anchor(old, words))[0]) == words
    for changed in (new.replace(" a ", " c "), new.replace(" b ", " c ")):
        assert find(changed, anchor(old, words)) == [ORPHAN]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("{more}. {context} {words} {rest}", Status.MOVED),
        ("{more} {context}. {words} {rest}", Status.ORPHAN),
        ("{rest} {words} {context}. {more}", Status.MOVED),
        ("{rest} {words}. {context} {more}", Status.ORPHAN),
    ],
)
def test_a_context_is_in_the_same_sentence_where_none_ends_in_it(form: str, status: Status) -> None:
    context = letters(24, "context")
    broken = context.replace(" ", "\n", 1), f"{context[0]}. {context[1:]}", f"{context[:-1]}! {context[-1]}"
    for inner in (context, *broken):
        parts = {"more": letters(30, "more"), "context": inner, "words": letters(10, "span")}
        old, new = (form.format(**parts, rest=letters(60, side)) for side in ("one", "other"))
        expected = status if inner == context else Status.ORPHAN
        assert find(new, anchor(old, parts["words"]))[0].status is expected


@pytest.mark.parametrize(
    ("length", "other", "status"),
    [
        (20, 32, Status.DRIFTED),
        (20, 33, Status.ORPHAN),
        (20, 8, Status.DRIFTED),
        (20, 7, Status.ORPHAN),
        (100, 125, Status.DRIFTED),
        (100, 126, Status.ORPHAN),
        (100, 75, Status.DRIFTED),
        (100, 74, Status.ORPHAN),
        (103, 128, Status.DRIFTED),
        (103, 129, Status.ORPHAN),
        (10, 1, Status.DRIFTED),
        (10, 0, Status.ORPHAN),
    ],
)
def test_altered_words_drift_if_they_are_longer_or_shorter_by_12_letters_or_a_quarter(
    length: int, other: int, status: Status
) -> None:
    words, around = letters(length, "span"), (letters(40, "before"), letters(40, "after"))
    old, new = " ".join((around[0], words, around[1])), " ".join((around[0], letters(other, "other"), around[1]))
    (found,) = find(new, anchor(old, words))
    assert found.status is status
    if status is Status.DRIFTED:
        assert words_of(new, found) == letters(other, "other")


@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_a_drifted_span_keeps_what_is_annotated_inside_it_wherever_it_is(place: str) -> None:
    around, kept = (letters(40, "before"), letters(40, "after")), letters(50, "kept")
    lost = letters(30, "lost")
    parts = {"start": [kept, lost], "middle": [letters(20, "x"), kept, lost], "end": [lost, kept]}[place]
    others = [part if part == kept else letters(len(part) - 4, "other" + part) for part in parts]
    old, new = " ".join((around[0], *parts, around[1])), " ".join((around[0], *others, around[1]))
    outer = anchor(old, " ".join(parts))
    wide = find(new, outer, anchor(old, kept))
    assert [found.status for found in wide] == [Status.DRIFTED, Status.MOVED]
    assert words_of(new, wide[0]) == " ".join(others)
    # A second span on the very same words says nothing about them.
    same = Anchor("same", outer.start, outer.end, outer.fingerprint)
    assert [found.status for found in find(new, outer, same)] == [Status.DRIFTED] * 2
    gone = anchor(old, lost)
    assert find(new, outer, gone)[0] == ORPHAN
    assert find(new, outer, gone, anchor(old, kept))[0].status is Status.DRIFTED
    # What only begins or ends inside it is not inside it.
    across = anchored(old, outer.start - 6, outer.start + 4), anchored(old, outer.end - 4, outer.end + 6)
    assert find(new, outer, *across)[0].status is Status.DRIFTED


# Properties.

NAMES = ["Marek", "Ostrova", "the Presidency", "the Chancellery", "Port Sarn", "Veldania", "Sarnia", "the Lakes"]
WORDS = [
    *("said", "that", "both", "armies", "would", "pull", "back", "before", "winter", "and", "observers", "could"),
    *("enter", "villages", "along", "shore", "while", "ministers", "agreed", "talks", "must", "begin", "soon"),
    *("after", "truce", "because", "bridges", "remain", "closed"),
]
OPENINGS = ["The Presidency said that", "Marek told Ostrova that", "It added that", "“In light of this", "Both sides"]

phrase = st.lists(st.sampled_from(NAMES + WORDS), min_size=5, max_size=14).map(" ".join)
sentence = st.builds(lambda opening, words: f"{opening} {words}.", st.sampled_from(OPENINGS), phrase)
paragraph = st.lists(sentence, min_size=1, max_size=3).map(" ".join)
article = st.lists(paragraph, min_size=2, max_size=6)

TYPESETTINGS: dict[str, Callable[[str], str]] = {
    "as it was": str,
    "no-break spaces": lambda character: "\u00a0" if character == " " else character,
    "other line breaks": lambda character: {"\n": "\r\n", " ": "\n"}.get(character, character),
    "one line": lambda character: " " if character == "\n" else character,
    "other quotation marks": lambda character: {"“": "«\u202f", "”": "\u202f»"}.get(character, character),
    "capitals": str.upper,
    "soft hyphens": lambda character: character + "\u00ad",
}


@st.composite
def edits(draw: st.DrawFn, parts: list[str]) -> Edited:
    """An article after some of what copies of articles undergo."""
    whole = joined([Edited.of(part) for part in parts])
    ends = [sum(map(len, parts[: number + 1])) + 2 * number for number in range(len(parts))]
    original = Edited.of("\n\n".join(parts))
    assert whole.text == original.text
    pieces = [original[end - len(part) : end] for end, part in zip(ends, parts, strict=True)]
    for kind in draw(st.lists(st.sampled_from(["drop", "swap", "double", "alter"]), max_size=2)):
        place = draw(st.integers(0, len(pieces) - 1))
        if kind == "drop" and len(pieces) > 1:
            del pieces[place]
        elif kind == "swap":
            other = draw(st.integers(0, len(pieces) - 1))
            pieces[place], pieces[other] = pieces[other], pieces[place]
        elif kind == "double":
            pieces.insert(draw(st.integers(0, len(pieces))), pieces[place])
        elif kind == "alter":
            word = draw(st.sampled_from(list(re.finditer(r"\w+", pieces[place].text))))
            other_words = [other for other in WORDS if other != word[0].lower()]
            pieces[place] = pieces[place].with_words(*word.span(), draw(st.sampled_from(other_words)))
    edited = joined(pieces).typeset(TYPESETTINGS[draw(st.sampled_from(sorted(TYPESETTINGS)))])
    if draw(st.booleans()):
        edited = "Menu Home Weather Sport\n\n" + edited + "\n\nRead our newsletter every morning.\n"
    return edited


@st.composite
def annotated(draw: st.DrawFn, *, dense: bool) -> tuple[str, list[Anchor], Edited]:
    parts = draw(article)
    text = "\n\n".join(parts)
    words = [match.span() for match in re.finditer(r"\w+", text)]
    places = set(words) if dense else set()
    for _ in range(draw(st.integers(1, 25))):
        start = draw(st.sampled_from(words))[0]
        end = text.find("\n\n", start)
        following = [word for word in words if start < word[1] <= (len(text) if end < 0 else end)]
        places.add((start, draw(st.sampled_from(following[:13]))[1]))
    whole = Skeleton(text)
    anchors = [Anchor(f"x{start}-{end}", start, end, fingerprint(whole, start, end)) for start, end in sorted(places)]
    return text, anchors, draw(edits(parts))


def unmistakable(letters: str, first: int, last: int) -> bool:
    """Tell whether a span of the annotated text, and each thing that it is known by, stands there only once."""
    prefix, suffix = letters[max(0, first - CONTEXT) : first], letters[last : last + CONTEXT]
    evidence = [prefix + letters[first:last], letters[first:last] + suffix]
    if last - first >= CONTEXT:
        evidence.append(letters[first:last])
    if len(prefix) == len(suffix) == CONTEXT:
        evidence += [prefix, suffix]
    return all(len(re.findall(f"(?={part})", letters)) == 1 for part in evidence)


def wrong(text: str, anchors: Sequence[Anchor], edited: Edited) -> list[str]:
    return misplaced(text, anchors, edited, locate(edited.skeleton, anchors, same_text=False))


@settings(max_examples=examples(250), deadline=None)
@given(annotated(dense=False))
def test_no_unmistakable_span_is_ever_put_in_a_wrong_place(case: tuple[str, list[Anchor], Edited]) -> None:
    text, anchors, edited = case
    old = Skeleton(text)
    known = [entry for entry in anchors if unmistakable(old.letters, *old.inside(entry.start, entry.end))]
    assert wrong(text, known, edited) == []


def repeats_itself(text: str, length: int = CONTEXT + 1) -> bool:
    """Tell whether so many letters in a row come back that nothing but their order tells them apart."""
    letters = skeleton(text)
    stretches = [letters[start : start + length] for start in range(len(letters) - length + 1)]
    return len(set(stretches)) < len(stretches)


@pytest.mark.slow
@settings(max_examples=examples(100), deadline=None)
@given(annotated(dense=True))
def test_where_every_word_is_annotated_no_span_at_all_is_put_in_a_wrong_place(
    case: tuple[str, list[Anchor], Edited],
) -> None:
    assume(not repeats_itself(case[0]))
    assert wrong(*case) == []


@settings(max_examples=examples(100), deadline=None)
@given(annotated(dense=False))
def test_spans_that_shared_no_letters_share_none_when_they_are_found(case: tuple[str, list[Anchor], Edited]) -> None:
    _, anchors, edited = case
    found = find(edited.text, *anchors)
    placed = [(entry, at(place)) for entry, place in zip(anchors, found, strict=True) if place.start is not None]
    for index, (one, (start, end)) in enumerate(placed):
        for other, (first, last) in placed[index + 1 :]:
            if one.end <= other.start or other.end <= one.start:
                assert end <= first or last <= start


@settings(max_examples=examples(100), deadline=None)
@given(annotated(dense=False), st.sampled_from(sorted(TYPESETTINGS)))
def test_typography_and_boilerplate_lose_no_span_of_which_nothing_repeats(
    case: tuple[str, list[Anchor], Edited], typesetting: str
) -> None:
    text, anchors, _ = case
    old = Skeleton(text)
    inner = Edited.of(text).typeset(TYPESETTINGS[typesetting])
    edited = "Menu Home Weather Sport\n\n" + inner + "\n\nRead our newsletter every morning.\n"
    for entry, found in zip(anchors, find(edited.text, *anchors), strict=True):
        first, last = old.inside(entry.start, entry.end)
        if first < CONTEXT or last > len(old.letters) - CONTEXT or not unmistakable(old.letters, first, last):
            continue
        assert found.status is Status.MOVED
        assert [edited.skeleton.inside(*at(found))] == edited.images(old, entry.start, entry.end)


@settings(max_examples=examples(100), deadline=None)
@given(annotated(dense=False))
def test_the_annotated_text_itself_gives_every_span_exactly(case: tuple[str, list[Anchor], Edited]) -> None:
    text, anchors, _ = case
    found = find(text, *anchors, same_text=True)
    assert [(entry.status, entry.start, entry.end) for entry in found] == [
        (Status.EXACT, entry.start, entry.end) for entry in anchors
    ]


def test_the_order_in_which_the_spans_are_given_does_not_matter() -> None:
    anchors = [anchored(ARTICLE, *match.span()) for match in re.finditer(r"\w+( \w+)?", ARTICLE)]
    new = ARTICLE.replace("Analysts", "Observers").replace("Ostrova told", "Ostrova informed")
    text = Skeleton(new)
    assert locate(text, anchors, same_text=False) == locate(text, anchors[::-1], same_text=False)
    assert Counter(found.status for found in locate(text, anchors, same_text=False).values())[Status.MOVED] > 20


def test_an_invented_fingerprint_is_an_orphan() -> None:
    made_up = Fingerprint(hash_text("x"), 5, hash_text("y"), hash_text("z"))
    assert find(ARTICLE, Anchor("x", 0, 5, made_up)) == [ORPHAN]
