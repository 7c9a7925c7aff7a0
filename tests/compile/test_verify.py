"""Annotations held against the texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.annotations.summaries import copied_run
from readouts.annotations.tree import annotation_tree
from readouts.compile.verify import verify_texts
from readouts.text.sources import TextFolder

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.incident import Incident

HERALD = "annotations/articles/herald-2031-05-02.yaml"
SUMMARY = "summary: Unnamed analysts are sceptical about how long a ceasefire holds."


def verified(folder: Path) -> list[Incident]:
    return verify_texts(annotation_tree(folder / "annotations")[0], TextFolder(folder / "texts"))


def summarised(folder: Path, summary: str) -> list[Incident]:
    path = folder / HERALD
    text = path.read_text(encoding="utf-8")
    assert text.count(SUMMARY) == 1
    path.write_text(text.replace(SUMMARY, f"summary: {summary}"), encoding="utf-8")
    return verified(folder)


def test_the_invented_corpus_holds_against_its_texts(corpus: Path) -> None:
    assert verified(corpus) == []


def test_a_text_may_have_any_name(corpus: Path) -> None:
    for number, path in enumerate(sorted((corpus / "texts").iterdir())):
        path.rename(path.with_name(f"download-{number}.txt"))
    assert verified(corpus) == []


@pytest.mark.parametrize(
    ("summary", "copies"),
    [
        ("They settle that their foreign ministers would meet.", False),
        ("They agreed that their foreign ministers would meet in June.", True),
        ("AGREED - that their “foreign” ministers would meet, in June.", True),
        ("It says: President Jana Marek of Veldania called Chancellor Ilya Ostrova on Thursday.", False),
        ("It says: President Jana Marek of Veldania called Chancellor Ilya Ostrova on Thursday to propose it.", False),
        ("It says: Veldania called Chancellor Ilya Ostrova on Thursday to propose a truce.", True),
    ],
)
def test_seven_words_of_the_source_are_a_copy_and_names_do_not_count(corpus: Path, summary: str, copies: bool) -> None:
    found = summarised(corpus, f'"{summary}"')
    assert [finding.code for finding in found] == ["summary-copies-source"] * copies
    assert all(finding.key == ("herald-2031-05-02.s08",) for finding in found)


def test_the_message_says_how_long_the_run_is_and_does_not_repeat_it(corpus: Path) -> None:
    (found,) = summarised(corpus, "They agreed that their foreign ministers would meet in June.")
    assert found.message == "The summary shares a run of 8 words with the article."
    assert found.value is None


def test_all_articles_are_verified_though_one_has_no_text(corpus: Path) -> None:
    (corpus / "texts" / "courier-2031-05-02.txt").unlink()
    found = summarised(corpus, "They agreed that their foreign ministers would meet in June.")
    assert [finding.code for finding in found] == ["text-missing", "summary-copies-source"]


@pytest.mark.parametrize(
    ("summary", "text", "copied"),
    [
        ("They say 两国外长将会晤.", "声明称，两国外长将会晤。", "两国外长将会晤"),
        ("They say 两国外长会晤.", "声明称，两国外长会晤。", None),
        ("They say “两国外长，将会晤”.", "声明称两国外长将会晤。", "两国外长将会晤"),
        ("They met 马雷克总统和外长.", "奥斯特罗娃会见马雷克总统和外长。", None),
        ("They met 马雷克总统和外长并同意停火.", "会见马雷克总统和外长并同意停火。", "马雷克总统和外长并同意停火"),
        ("Мнение: министры встретятся в пятницу в порту Сарн.", "Министры встретятся в пятницу, в порту Сарн", None),
        (
            "Мнение: министры ОБЕИХ стран встретятся в пятницу в порту.",
            "Министры обеих стран встретятся в пятницу в порту.",
            "министры обеих стран встретятся в пятницу в порту",
        ),
        ("The ministers of both states will meet on Friday.", "Министры обеих стран встретятся в пятницу.", None),
        ("外相がまもなく会う", "両国の外相がまもなく会う。", "外相がまもなく会う"),
        (
            "It praised the G8 代表 and the 12 ministers in 港口 today",
            "the G8 代表 and the 12 ministers",
            "the g8 代表 and the 12 ministers",
        ),
    ],
)
def test_characters_of_scripts_without_spaces_count_as_words_do(summary: str, text: str, copied: str | None) -> None:
    assert copied_run(summary, text, ["马雷克总统", "Сарн"]) == copied


def test_a_character_of_a_name_counts_elsewhere() -> None:
    assert copied_run("It says 平和两国外长会晤.", "平和两国外长会晤", ["和平", "两会", "国长"]) == "平和两国外长会晤"


WORDS = st.lists(st.sampled_from(["one", "two", "three", "Four", "five-six", "seven", "é"]), max_size=25)


@given(WORDS, WORDS, st.sets(st.sampled_from(["one", "four", "six"])))
def test_a_copied_run_is_one_that_both_have_and_longer_than_six_words(
    summary: list[str], text: list[str], names: set[str]
) -> None:
    def words(parts: list[str]) -> list[str]:
        return " ".join(parts).replace("-", " ").casefold().split()

    ours, theirs = words(summary), words(text)
    runs = {
        tuple(ours[start:end])
        for start in range(len(ours))
        for end in range(start + 1, len(ours) + 1)
        if any(theirs[place : place + end - start] == ours[start:end] for place in range(len(theirs)))
    }
    copied = {run for run in runs if sum(word not in names for word in run) > 6}
    found = copied_run(" ".join(summary), " ".join(text), names)
    assert (found is not None) == bool(copied)
    assert found is None or tuple(found.split()) in copied
