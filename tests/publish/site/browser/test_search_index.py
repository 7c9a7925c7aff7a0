"""The index of the search: what is written is what is found, in files that stay small, with words cut alike."""

from __future__ import annotations

import json
import re
import shutil
import sys
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.publish.site.search_index import MOST_BYTES, Entry, index_files, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.publish.site.browser.browsing import Reading

_CALL = re.compile(r"readoutsSearch\('(\w+)',(\d+),(.*)\);\n", re.DOTALL)


def read(entries: list[Entry]) -> tuple[dict[str, Any], dict[int, list[Any]], dict[int, list[Any]]]:
    """Return index, words and entries as the script of the page gets them."""
    found: dict[str, dict[int, Any]] = {part: {} for part in ("index", "words", "phrases", "spelling", "entries")}
    for file in index_files(entries):
        call = _CALL.fullmatch(file.text)
        assert call, file.text[:80]
        found[call[1]][int(call[2])] = json.loads(call[3])
        assert len(file.text.encode()) < MOST_BYTES + 1000
    return found["index"][0], found["words"], found["entries"]


def decoded(text: str) -> list[int]:
    numbers: list[int] = []
    for part in text.split():
        gap, _, count = part.partition("*")
        for _ in range(int(count or "1", 36)):
            numbers.append(int(gap, 36) + (numbers[-1] if numbers else 0))
    return numbers


def entry(name: str, text: str = "", kind: str = "person") -> Entry:
    return Entry(kind, name, "", "entities/x.html", (name,), text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Élysée PALACE’S", ["elysee", "palace", "s"]),
        ("Straße, Łódź, Ærø", ["strasse", "lodz", "aero"]),
        ("Київ/Киев", ["киів", "киев"]),
        ("שָׁלוֹם", ["שלום"]),
        ("القَاهِرة", ["القاهرة"]),
        ("e\u0301te", ["ete"]),
        ("call-2014-03-06", ["call", "2014", "03", "06"]),
        ("— … !", []),
        ("马雷克总统", ["马雷", "雷克", "克总", "总统", "统"]),
        ("亚娜·马雷克", ["亚娜", "娜", "马雷", "雷克", "克"]),
        ("马 Marek会见2人", ["马", "marek", "会见", "见", "2", "人"]),
        ("マレクとｶﾅ", ["マレ", "レク", "クと", "とカ", "カナ", "ナ"]),
        ("ПУТЬ Островой", ["путь", "островои"]),
    ],
)
def test_words_are_compared_without_case_accents_and_punctuation(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text("马雷克总统マカก", min_size=1, max_size=12), st.data())
def test_any_part_of_a_run_without_spaces_is_found_in_it(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert all(any(word.startswith(asked) for word in words(run)) for asked in words(run[start:end]))


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=20))
def test_every_word_leads_to_what_has_it(texts: list[tuple[str, str]]) -> None:
    entries = [entry(name, text) for name, text in texts]
    _, files, _ = read(entries)
    named: dict[str, set[int]] = {}
    told: dict[str, set[int]] = {}
    for rows in files.values():
        for word, first, second in rows:
            named.setdefault(word, set()).update(decoded(first))
            told.setdefault(word, set()).update(decoded(second))
    for number, (name, text) in enumerate(texts):
        assert all(number in named[word] for word in words(name))
        assert all(number in named[word] | told[word] for word in words(text))
    assert sum(map(len, named.values())) == sum(len({*words(name)}) for name, _ in texts)


def test_a_large_index_is_cut_into_files_in_the_order_of_its_words() -> None:
    entries = [entry(f"Name {number} of w{number % 9000}", "common " + "x" * (number % 50)) for number in range(40_000)]
    index, files, shown = read(entries)
    assert len(files) > 1
    assert len(shown) > 1
    assert index["number"] == len(entries)
    assert [rows[0][0] for rows in files.values()] == index["words"] == sorted(index["words"])
    assert [row[1] for rows in shown.values() for row in rows] == [each.title for each in entries]
    starts = [sum(len(shown[number]) for number in range(1, place)) for place in shown]
    assert starts == index["entries"]
    common = [decoded(second) for rows in files.values() for word, _, second in rows if word == "common"]
    assert len(common) > 1
    assert [number for part in common for number in part] == list(range(40_000))


def test_the_page_cuts_words_as_the_index_does(visit: Callable[..., Reading], published_site: Path) -> None:
    reading = visit(published_site.as_uri() + "/")
    page = reading.open("search.html")
    page.wait_for_function("() => window.readoutsIndex")
    # All letters and digits that this Python knows and that folding changes, and some of the others; the browser may
    # know more. Syllables of Hangul are all made alike.
    known = [chr(point) for point in range(sys.maxunicode) if unicodedata.category(chr(point))[0] in "LN"]
    letters = [
        letter
        for place, letter in enumerate(known)
        if place % 100 == 0 or (words(letter) != [letter] and not "\uac00" <= letter <= "\ud7a3")
    ]
    assert len(letters) > 5000
    here = [words(letter) for letter in letters]
    there: list[list[str]] = page.evaluate("letters => letters.map(window.readoutsIndex.words)", letters)
    alike = zip(letters, here, there, strict=True)
    assert [(letter, mine, theirs) for letter, mine, theirs in alike if mine != theirs] == []
    texts = [
        "Élysée PALACE’S, Straße, Łódź, Ærø",
        "שָׁלוֹם",
        "القَاهِرة",
        "e\u0301te ΟΔΟΣ ὀδός",
        "İstanbul ILIK ılık a\u0345b",
        "马雷克总统·亚娜 Marek会见𠀀𠀁2人",
        "ガギ・ｶﾅ 한국어 สวัสดีครับ ကခ",
        "ОСТРОВА ёлка Їжак",
    ]
    assert page.evaluate("texts => texts.map(window.readoutsIndex.words)", texts) == [words(text) for text in texts]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("马雷克", ["亚娜·马雷克总统", "Jana Marek"]),
        ("马雷", ["亚娜·马雷克总统", "Jana Marek"]),
        ("总统", ["亚娜·马雷克总统"]),
        ("统", ["亚娜·马雷克总统"]),
        ("马克", []),
        ("остров", ["Илья ОСТРОВ"]),
        ("ОСТРОВ", ["Илья ОСТРОВ"]),
    ],
)
def test_the_page_finds_chinese_names_by_any_part_and_russian_ones_in_either_case(
    visit: Callable[..., Reading], published_site: Path, tmp_path: Path, asked: str, found: list[str]
) -> None:
    entries = [entry("Jana Marek", "马雷克"), entry("亚娜·马雷克总统"), entry("Илья ОСТРОВ"), entry("雷马 克")]
    shutil.copytree(published_site, tmp_path / "site", ignore=shutil.ignore_patterns("search", "tables", "statements"))
    for file in index_files(entries):
        path = tmp_path / "site" / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    page = visit((tmp_path / "site").as_uri() + "/").open(f"search.html#q={quote(asked)}")
    page.wait_for_function("() => document.querySelector('[data-search-status]').textContent")
    assert page.locator(".result-title").all_text_contents() == found
