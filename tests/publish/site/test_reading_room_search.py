"""Searching: labels, relations and groups are found as people ask for them, and the index gives back what is put in."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import readouts
from readouts.publish.site import search
from readouts.publish.site.context import open_site
from readouts.publish.site.page import Page
from readouts.publish.site.pagination import paginate
from readouts.publish.site.search_index import Entry, index_files, phrase, words
from readouts.publish.site.search_labels import label
from readouts.publish.site.serving import MISSING
from readouts.publish.site.statements import CODES
from tests.conftest import ROOT
from tests.publish.site.altered import altered
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from readouts.publish.site.context import SiteContext
    from tests.publish.site.reading import Read

_CALL = re.compile(r"readoutsSearch\('(\w+)',(\d+),(.*)\);\n", re.DOTALL)


class Index:
    """The index as the page has it, read from its files."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        parts: dict[str, list[Any]] = {"words": [], "phrases": []}
        for file in index_files(entries):
            call = _CALL.fullmatch(file.text)
            assert call is not None, file.path
            found = json.loads(call[3])
            if call[1] == "index":
                self.groups: list[list[Any]] = found["groups"]
            elif call[1] == "spelling":
                self.spelling: list[str] = found.split()
            else:
                parts.setdefault(call[1], []).extend(found)
        self.words: dict[str, set[int]] = {}
        for word, named, told in parts["words"]:
            self.words.setdefault(word, set()).update(_decoded(named), _decoded(told))
        self.phrases = {each: (_decoded(meant), stands_for) for each, meant, stands_for in parts["phrases"]}

    def labelled(self, key: str) -> set[str]:
        """Return the addresses of what has a label."""
        return {self.entries[number].address for number in self.words.get(f"={key}", ())}

    def meant(self, question: str) -> list[Entry]:
        """Return the entries that a question is a phrase for."""
        return [self.entries[number] for number in self.phrases.get(phrase(words(question)), ([], []))[0]]


def _decoded(text: str) -> list[int]:
    numbers: list[int] = []
    for part in text.split():
        gap, _, count = part.partition("*")
        for _ in range(int(count or "1", 36)):
            numbers.append(int(gap, 36) + (numbers[-1] if numbers else 0))
    return numbers


@pytest.fixture(scope="module")
def corpus() -> SiteContext:
    return open_site(readouts.open(ROOT))


@pytest.fixture(scope="module")
def index(corpus: SiteContext) -> Index:
    return Index(search.entries(corpus))


@pytest.fixture(scope="module")
def invented(invented_package: Path) -> Index:
    return Index(search.entries(open_site(readouts.open(invented_package))))


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("contradicts", {"relation:contradicts", "group:contradicted"}),
        ("Contradictions", {"relation:contradicts", "group:contradicted"}),
        ("in tension", {"relation:in_tension", "group:in_tension"}),
        ("tensions", {"relation:in_tension"}),
        ("altered", {"relation:quotes_altered"}),
        ("an altered quotation", {"relation:quotes_altered"}),
        ("presupposed", {"modality:presupposed"}),
        ("sanctions", {"topic:sanctions", "predicate:sanction"}),
        ("topic sanctions", {"topic:sanctions"}),
        ("domestic politics", {"topic:domestic_politics"}),
        ("urge", {"act:urge"}),
        ("consult", {"predicate:consult"}),
        ("holds office", {"predicate:holds_office"}),
        ("only China", {"only:china"}),
        ("China alone", {"only:china"}),
        ("left out by the White House", {"left_out:united-states"}),
        ("not mentioned by the Kremlin", {"left_out:russia"}),
        ("both say", {"group:both"}),
        ("said by both", {"group:both"}),
        ("neither side says", {"group:third"}),
        ("Russian", {"language:ru"}),
        ("meetings", {"kind:meeting"}),
    ],
)
def test_a_label_is_found_as_people_ask_for_it_and_leads_to_all_that_have_it(
    index: Index, question: str, labels: set[str]
) -> None:
    meant = index.meant(question)
    assert labels <= {entry.lists for entry in meant if entry.kind == "label"}
    for key in labels:
        assert f"={key}" in index.phrases[phrase(words(question))][1]
        assert index.labelled(key)


@pytest.mark.parametrize("column", CODES)
def test_every_value_of_a_closed_list_finds_the_statements_that_have_it(
    corpus: SiteContext, index: Index, column: str
) -> None:
    rows = corpus.data.statements
    for value in {row[column] for row in rows.values() if row[column]}:
        found = {f"statements/{name}.html" for name, row in rows.items() if row[column] == value}
        assert index.labelled(label(column, value or "")) == found
        [told] = [entry for entry in index.entries if entry.lists == label(column, value or "")]
        assert f"{len(found):,} statement" in told.detail


def test_every_relation_and_every_group_finds_both_ends_and_the_events(corpus: SiteContext, index: Index) -> None:
    data = corpus.data
    for relation in {row["relation"] or "" for row in data.rows("alignments")}:
        rows = [row for row in data.rows("alignments") if row["relation"] == relation]
        ends = {f"statements/{row[end]}.html" for row in rows for end in ("statement_a", "statement_b")}
        assert {each for each in index.labelled(label("relation", relation)) if each.startswith("stat")} == ends
    for group in ("both", "contradicted", "in_tension", "partly"):
        claims = [(event, claim) for event, found in data.comparisons.items() for claim in found.group(group)]
        having = {f"statements/{voice.statement_id}.html" for _, claim in claims for voice in claim.voices}
        assert index.labelled(label("group", group)) == having | {f"events/{event}.html" for event, _ in claims}


def test_what_one_side_says_alone_is_what_the_other_leaves_out(corpus: SiteContext, index: Index) -> None:
    data = corpus.data
    only: set[str] = set()
    for event, found in data.comparisons.items():
        for side, group in (("a", "only_a"), ("b", "only_b")):
            if data.parties.government(event, side) == "china":
                only |= {voice.statement_id for claim in found.group(group) for voice in claim.voices}
    assert {each for each in index.labelled("only:china") if "statements/" in each} == {
        f"statements/{name}.html" for name in only
    }
    assert only
    assert index.labelled("left_out:china") & index.labelled("only:united-states")
    assert not index.labelled("left_out:china") & index.labelled("only:china") - {
        f"events/{event}.html" for event in data.events
    }


def test_a_predicate_finds_who_does_it_and_the_statements_that_say_so(corpus: SiteContext, index: Index) -> None:
    rows = [row for row in corpus.data.rows("relations") if row["predicate"] == "CONSULT"]
    wanted = {f"entities/{row['subject_id']}.html" for row in rows}
    wanted |= {f"statements/{row['statement_id']}.html" for row in rows if row["statement_id"]}
    assert index.labelled("predicate:consult") == wanted


def test_an_invented_corpus_is_searched_by_its_own_sides(invented: Index) -> None:
    for question in ("only Veldania", "left out by Sarnia", "only the Presidency", "left out by the Chancellery"):
        assert [entry.kind for entry in invented.meant(question)] == ["label"], question
    assert invented.labelled("only:veldania") & invented.labelled("left_out:sarnia")


@pytest.mark.parametrize("version", ["1.1.0"])
def test_an_old_package_without_claims_and_languages_is_searched_as_well(version: str) -> None:
    old = Index(search.entries(open_site(readouts.load(version))))
    assert {entry.lists for entry in old.meant("in tension")} == {"relation:in_tension", "group:in_tension"}
    assert old.meant("only Russia")
    assert not [entry for entry in old.entries if "claims" in entry.address]


def test_a_label_of_a_package_of_others_is_found_though_no_schema_explains_it(tmp_path: Path) -> None:
    package = altered(
        small_package(),
        tmp_path / "package",
        {
            "statements": lambda rows: [{**row, "act": "Sing_Aloud", "topic": None} for row in rows],
            "events": lambda rows: [{**row, "side_a_id": None, "side_b_id": None} for row in rows],
        },
    )
    other = Index(search.entries(open_site(readouts.open(package))))
    [entry] = other.meant("sing aloud")
    assert entry.lists == "act:sing_aloud"
    assert len(other.labelled("act:sing_aloud")) == len([each for each in other.entries if each.group == "statements"])
    assert not [each for each in other.entries if each.lists.startswith(("topic:", "only:"))]


def test_a_name_in_another_script_stands_for_those_in_latin_letters(tmp_path: Path) -> None:
    def named(rows: list[Any]) -> list[Any]:
        names = {"barack-obama": "Barack Obama|Обама|奥巴马|US"}
        return [{**row, "aliases": names.get(row["entity_id"], row.get("aliases"))} for row in rows]

    package = altered(small_package(), tmp_path / "package", {"entities": named})
    found = Index(search.entries(open_site(readouts.open(package))))
    for question in ("奥巴马", "Обама", "Обамой", "ОБАМЫ"):
        assert [entry.title for entry in found.meant(question)] == ["Barack Obama"], question
        assert found.phrases[phrase(words(question))][1] == ["barack obama"], question


TEXT = st.text("abc de马雷克Путин", max_size=12)


@given(st.lists(st.tuples(TEXT, TEXT, st.lists(TEXT, max_size=3), st.lists(st.sampled_from("klm"), unique=True))))
def test_what_is_put_in_is_found_by_each_of_its_words_phrases_and_labels(
    given_entries: list[tuple[str, str, list[str], list[str]]],
) -> None:
    entries = [
        Entry("k", name, "", "x.html", (name,), text, tuple(labels), tuple(phrases), (f"={number}",), group=name[:1])
        for number, (name, text, phrases, labels) in enumerate(given_entries)
    ]
    found = Index(entries)
    for number, entry in enumerate(entries):
        assert all(number in found.words[word] for word in words(f"{entry.title} {entry.text}"))
        assert all(number in found.words[f"={each}"] for each in entry.labels)
        for each in filter(None, (phrase(words(each)) for each in entry.phrases)):
            assert number in found.phrases[each][0]
            assert f"={number}" in found.phrases[each][1]
    starts = dict(enumerate(entry.group for entry in entries))
    for group, start in found.groups:
        assert starts[start] == group
        assert start == 0 or starts[start - 1] != group
    assert all(each in found.words for each in found.spelling)


@pytest.mark.parametrize(
    "forms",
    [
        "Остров Острова острову островом ОСТРОВЕ острова островов островам островами островах",
        "Марек Марека Мареку Мареком Мареке",
        "Островский Островского Островскому Островским Островском",
        "Остров Острова Острову Островым Острове",
        "Сарния Сарнии Сарнию Сарнией",
    ],
)
def test_forms_of_a_russian_name_are_one_phrase(forms: str) -> None:
    assert len({phrase(words(form)) for form in forms.split()}) == 1


def test_simple_pages_are_found_by_title_and_description_once_each(corpus: SiteContext) -> None:
    def make(site: SiteContext) -> Iterator[Page]:
        del site
        for leaf in paginate(["a"] * 2, len, most=1):
            yield Page(f"lakes--{leaf.number}.html", "x.html", {"title": "Lakes", "description": "Deep.", "leaf": leaf})
        yield Page("about.html", "x.html", {"title": "About"})

    found = [*search.of_pages(make, "page", "pages")(corpus)]
    assert [(each.kind, each.group, each.title, each.detail, each.address) for each in found] == [
        ("page", "pages", "Lakes", "Deep.", "lakes--1.html"),
        ("page", "pages", "About", "", "about.html"),
    ]


def test_script_and_style_of_the_page_for_no_address_are_those_that_its_policy_allows(pages: dict[str, Read]) -> None:
    page = pages[MISSING]
    policy = next(value for _, name, value in page.attributes if name == "content" and "default-src" in value)
    for tag, directive in (("script", "script-src 'self'"), ("style", "style-src")):
        [inside] = re.findall(f"<{tag}>(.*?)</{tag}>", page.text, re.DOTALL)
        assert f"{directive} 'sha256-{b64encode(sha256(inside.encode()).digest()).decode()}'" in policy
    assert page.links == page.loads == []
    for kind in ("events", "statements", "entities", "articles", "tables", "releases"):
        assert ("a", "data-path", f"{kind}.html") in page.attributes


def test_every_label_of_a_statement_says_what_it_means(index: Index) -> None:
    told = [entry.detail for entry in index.entries if entry.lists.startswith(tuple(f"{code}:" for code in CODES))]
    assert len(told) > 40
    assert not [detail for detail in told if re.match(r"[^.]*\. In this release", detail)]
