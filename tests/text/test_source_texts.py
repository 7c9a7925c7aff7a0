"""The published corpus against the texts of its articles, as they are and under the changes that copies undergo."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest

from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.text.anchoring import Anchor, Status, locate
from readouts.text.fingerprint import CONTEXT
from readouts.text.hydration import anchor_of, hydrate
from readouts.text.problem import TextProblem
from readouts.text.skeleton import Skeleton
from readouts.text.sources import TextFolder
from tests.text.edited_text import Edited, at, joined, misplaced, paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BEFORE = {
    "en": (
        "Lake Town Gazette. Home, weather, harbour, letters. Subscribers read the whole paper from six in the morning. "
        "The ferry leaves at a quarter past each hour from the old quay, and in fog it doesn't leave at all. Readers "
        "have sent us photographs of the frozen harbour: see the gallery. Tomorrow it is going to snow on high ground. "
        "Our kitchen column returns in spring with forty ways of baking a pike. Skip to the article below."
    ),
    "zh": "湖城日报　首页　天气　港口　来信　订户清晨六点即可读到全部版面。渡船每小时一刻自旧码头开出，有雾则停航。",
    "ru": "Озёрная газета. Главная, погода, гавань, письма. Подписчики читают номер с утра. Паром ходит часто.",
}
AFTER = {
    "en": (
        "Gazette readers also liked: a bridge reopens; the pike that got away; who paints the lighthouse? Letters to "
        "the editor should be short and signed. The paper is printed on recycled stock in the former cannery. Small "
        "adverts: rowing boat, hardly used; winter tyres; piano lessons. Imprint, privacy, cookies. Copyright of the "
        "photographs lies with those who took them. Back to the top. Good night from the night desk, and mind the ice."
    ),
    "zh": "读者还喜欢：大桥重新通车；逃走的狗鱼；谁来粉刷灯塔？来信请简短并署名。版权声明　隐私　返回顶部",
    "ru": "Читайте также: мост снова открыт; щука, которая ушла; кто красит маяк? Письма в редакцию. Наверх.",
}


def other_quotation_marks() -> Callable[[str], str]:
    straight = itertools.cycle("“”")
    curly = {"“": '"', "”": '"', "‘": "'", "’": "'", "「": "“", "」": "”", "『": "‘", "』": "’", "«": "„", "»": "“"}
    return lambda character: next(straight) if character == '"' else curly.get(character, character)


def all_at_once() -> Callable[[str], str]:
    marks, spaces = other_quotation_marks(), itertools.cycle(["\u00a0", " ", "\n"])
    return lambda character: next(spaces) if character == " " else marks(character)


TYPESETTINGS: dict[str, Callable[[], Callable[[str], str]]] = {
    "no-break spaces": lambda: lambda character: "\u00a0" if character == " " else character,
    "other quotation marks": other_quotation_marks,
    "other line breaks": lambda: lambda character: {"\n": "\r\n", " ": "\n"}.get(character, character),
    "one line": lambda: lambda character: " " if character == "\n" else character,
    "all of them": all_at_once,
}


@dataclass(frozen=True)
class Article:
    """One published article with its text and its spans."""

    article_id: str
    language: str
    text: str
    anchors: tuple[Anchor, ...]
    roles: dict[str, str]

    @property
    def content(self) -> list[Anchor]:
        return [anchor for anchor in self.anchors if self.roles[anchor.span_id] == "content"]


@cache
def published() -> DataPackage:
    return open_package(bundled_package())


@pytest.fixture(scope="module")
def articles(source_texts: Path) -> list[Article]:
    folder = TextFolder(source_texts)
    spans = published().rows("spans")
    read = []
    for row in published().rows("articles"):
        own = [span for span in spans if span["article_id"] == row["article_id"]]
        with suppress(TextProblem):
            text = folder.find(str(row["article_id"]), row["sha256_raw"], []).skeleton.text
            roles = {str(span["span_id"]): str(span["role"]) for span in own}
            anchors = tuple(map(anchor_of, own))
            read.append(Article(str(row["article_id"]), str(row["language"])[:2], text, anchors, roles))
    if not read:
        pytest.skip(f"no text of an article of the corpus is in {source_texts}")
    return read


def test_every_span_of_the_published_corpus_is_where_it_says(source_texts: Path) -> None:
    package = published()
    result = hydrate(
        package.rows("articles"), package.rows("spans"), package.rows("statements"), TextFolder(source_texts)
    )
    assert result.spans
    assert {row["found"] for row in result.spans} == {"exact"}
    assert all(row["content"] for row in result.statements)
    assert all(report.same_text and report.problem is None for report in result.articles)


def copied(article: Article, typesetting: str) -> Edited:
    """The text of an article in another typesetting, with boilerplate in its language around it."""
    inner = Edited.of(article.text).typeset(TYPESETTINGS[typesetting]())
    return (
        BEFORE.get(article.language, BEFORE["en"]) + "\n\n" + inner + "\n\n" + AFTER.get(article.language, AFTER["en"])
    )


@pytest.mark.slow
@pytest.mark.parametrize("typesetting", TYPESETTINGS)
def test_in_a_copy_with_boilerplate_nothing_is_in_a_wrong_place_and_at_most_one_content_in_a_hundred_is_lost(
    articles: list[Article], typesetting: str
) -> None:
    contents: Counter[str] = Counter()
    lost: dict[str, list[str]] = defaultdict(list)
    for article in articles:
        copy = copied(article, typesetting)
        found = locate(copy.skeleton, article.anchors, same_text=False)
        assert misplaced(article.text, article.anchors, copy, found) == []
        for anchor in article.content:
            contents[article.language] += 1
            words = article.text[anchor.start : anchor.end]
            if found[anchor.span_id].status is Status.ORPHAN:
                lost[article.language].append(f"{anchor.span_id}: {words}")
            else:
                # With its quotation marks, and with the one that closes what it opens.
                start, end = at(found[anchor.span_id])
                assert copy.origins[start] == anchor.start
                assert copy.origins[end - 1] in range(anchor.end - 1, anchor.end + 2)
    assert contents
    for language, count in contents.items():
        assert 100 * len(lost[language]) <= count, (language, lost[language])


@pytest.mark.slow
def test_copies_of_the_first_articles_are_known_by_their_anchors(tmp_path: Path, articles: list[Article]) -> None:
    for number, article in enumerate(articles[:3]):
        copy = copied(article, "all of them")
        (tmp_path / f"copy-{number}.txt").write_bytes(copy.text.encode())
    package = published()
    rows = [row for row in package.rows("articles") if row["article_id"] in {each.article_id for each in articles[:3]}]
    result = hydrate(rows, package.rows("spans"), package.rows("statements"), TextFolder(tmp_path))
    assert [report.file for report in result.articles] == [f"copy-{number}.txt" for number in range(len(rows))]


def told_apart(article: Article) -> list[Anchor]:
    """The spans whose words stand only once between the same contexts: of the others, any place is as good."""
    text = Skeleton(article.text)
    known = []
    for anchor in article.anchors:
        first, last = text.inside(anchor.start, anchor.end)
        around = text.letters[max(0, first - CONTEXT) : last + CONTEXT]
        if text.letters.count(around) == 1:
            known.append(anchor)
    return known


@pytest.mark.slow
def test_spans_of_a_dropped_paragraph_are_orphans_and_no_other_is_in_a_wrong_place(articles: list[Article]) -> None:
    contents, lost = 0, []
    for article in articles:
        known = told_apart(article)
        places = paragraphs(article.text)
        for start, end in [*places[::4], places[-1]]:
            edited = Edited.of(article.text).without(start, end)
            found = locate(edited.skeleton, article.anchors, same_text=False)
            assert misplaced(article.text, known, edited, found) == []
            if article.text.count(article.text[start:end]) > 1:
                continue
            inside = [anchor for anchor in known if start <= anchor.start and anchor.end <= end]
            assert {found[anchor.span_id].status for anchor in inside} <= {Status.ORPHAN}
            for anchor in article.content:
                if (anchor.end <= start or end <= anchor.start) and anchor.fingerprint.skeleton_length >= CONTEXT:
                    contents += 1
                    if found[anchor.span_id].status is Status.ORPHAN:
                        lost.append((anchor.span_id, start, end))
    # A short span next to what was dropped has no context left, and one that repeats a dropped title is claimed twice.
    assert 500 * len(lost) <= contents, lost


@pytest.mark.slow
def test_with_two_paragraphs_swapped_or_one_doubled_no_span_is_in_a_wrong_place(articles: list[Article]) -> None:
    for article in articles:
        known = told_apart(article)
        parts = [Edited.of(article.text)[start:end] for start, end in paragraphs(article.text)]
        for place in range(0, len(parts) - 1, 9):
            swapped = [*parts[:place], parts[place + 1], parts[place], *parts[place + 2 :]]
            doubled = [*parts, parts[place]]
            for edited in (joined(swapped), joined(doubled)):
                found = locate(edited.skeleton, article.anchors, same_text=False)
                assert misplaced(article.text, known, edited, found) == []


@pytest.mark.slow
def test_a_content_with_an_altered_word_is_drifted_or_an_orphan_and_nothing_is_in_a_wrong_place(
    articles: list[Article],
) -> None:
    statuses = set()
    for article in articles:
        known = told_apart(article)
        words = [match.span() for match in re.finditer(r"\w+", article.text)]
        for start, end in words[::101]:
            edited = Edited.of(article.text).with_words(start, end, "Zzyzx" if end - start > 3 else "qi")
            found = locate(edited.skeleton, article.anchors, same_text=False)
            assert misplaced(article.text, known, edited, found) == []
            for anchor in article.content:
                if anchor.start <= start and end <= anchor.end:
                    assert found[anchor.span_id].status in {Status.DRIFTED, Status.ORPHAN}
                    statuses.add(found[anchor.span_id].status)
    assert Status.DRIFTED in statuses
