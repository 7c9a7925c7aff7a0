"""The page of an event, led by what the accounts contest; relations in groups; statements cited; the events in time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.datapackage.package.package import open_package
from readouts.publish.site.building import build_site
from readouts.publish.site.data import SiteData
from readouts.publish.site.drawings import timeline
from readouts.publish.site.labels import relation_rows
from tests.conftest import ROOT
from tests.publish.site.altered import altered
from tests.publish.site.reading import Read, broken_links, read_site
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from readouts.datapackage.package.package import Row
    from tests.conftest import Run

EVENT = "call-2014-03-06"
PAGE = f"events/{EVENT}.html"


@pytest.fixture(scope="module")
def data() -> SiteData:
    return SiteData(readouts.open(small_package()))


def _after(text: str, *marks: str) -> list[int]:
    return [text.index(mark) for mark in marks]


def test_contradictions_come_first_then_tensions_then_wording_then_topics_then_relations(
    pages: dict[str, Read],
) -> None:
    text = pages[PAGE].text
    places = _after(text, 'id="contradicted"', 'id="in_tension"', 'id="wording"', 'id="topic-call"', 'id="relations"')
    assert places == sorted(places)


def test_contradicted_and_in_tension_are_two_counts_wherever_claims_are_counted(pages: dict[str, Read]) -> None:
    for path in (PAGE, "index.html", "events.html"):
        said = pages[path].said
        assert re.search(r"\b2 (· )?contradicted", said), path
        assert re.search(r"\b11 (· )?in tension", said), path
        assert "contested" not in said.lower(), path


def test_each_part_of_the_bar_leads_to_the_first_claim_of_its_group(pages: dict[str, Read], data: SiteData) -> None:
    page = pages[PAGE]
    parts = dict(re.findall(r'<a href="#([^"]+)" data-choose="([^"]+)"><strong>', page.text))
    comparison = data.comparisons[EVENT]
    groups = {voice.statement_id: claim.group for claim in comparison.claims for voice in claim.voices}
    assert {group for group, number in comparison.counts.items() if number} == set(parts.values())
    for fragment, group in parts.items():
        assert fragment in page.ids
        assert groups[fragment] == group
        first = next(name for name in page.ids if groups.get(name) == group)
        assert fragment == first


def test_every_statement_of_an_event_has_the_group_of_its_claim_there(pages: dict[str, Read], data: SiteData) -> None:
    groups = {voice.statement_id: claim.group for claim in data.comparisons[EVENT].claims for voice in claim.voices}
    shown = dict(re.findall(r'id="([^"]+)" data-group="([^"]+)"', pages[PAGE].text))
    assert shown == groups


def test_the_index_names_every_section_and_leads_to_it(pages: dict[str, Read]) -> None:
    page = pages[PAGE]
    index = re.search(r'<nav class="index".*?</nav>', page.text, re.DOTALL)
    assert index is not None
    found = re.findall(r'href="#([^"]+)"', index[0])
    assert found[:3] == ["contradicted", "in_tension", "wording"]
    assert found[-1] == "relations"
    assert set(found) <= set(page.ids)


def test_the_wording_of_altered_and_retranslated_quotations_is_side_by_side(
    pages: dict[str, Read], data: SiteData
) -> None:
    wanted = [
        (found.first.statement_id, found.second.statement_id)
        for found in data.comparisons[EVENT].wordings
        if found.relation in {"quotes_altered", "translation_variant"}
    ]
    section = re.search(r'<section aria-labelledby="wording".*?</section>', pages[PAGE].text, re.DOTALL)
    assert section is not None
    rows = section[0].split("data-row")[1:]
    found = [tuple(re.findall(r'<a href="#([^"]+)">in full', row)) for row in rows]
    assert found == wanted
    assert len(found) == 5


def test_relations_of_the_same_two_are_one_row_with_a_count_and_all_their_sources(data: SiteData) -> None:
    rows = data.of("relations", "event_id", EVENT)
    found = relation_rows(data, rows)
    assert len(found) < len(rows)
    assert sum(len(row["sources"]) for row in found) == len(rows)
    first = found[0]
    assert (first["subject"][0], first["predicate"], first["object"][0]) == (
        "Barack Obama", "spoke on the phone with", "Vladimir Putin",
    )  # fmt: skip
    assert [len(row["sources"]) for row in found] == sorted((len(row["sources"]) for row in found), reverse=True)
    assert len({(row["subject"], row["code"], row["predicate"], row["object"]) for row in found}) == len(found)


def test_pages_of_events_and_entities_count_what_is_in_a_row(pages: dict[str, Read]) -> None:
    for path in (PAGE, "entities/barack-obama.html"):
        assert re.search(r"spoke on the phone with .{0,40}Vladimir Putin .{0,10}\(\d+ times\)", pages[path].said), path


def test_a_great_many_relations_of_the_same_two_are_cut_into_pages_and_none_is_lost(tmp_path: Path) -> None:
    def many(rows: list[Row]) -> list[Row]:
        one = next(row for row in rows if row["statement_id"])
        return [*rows, *({**one, "relation_id": f"more.r{number:04d}"} for number in range(900))]

    package = altered(small_package(), tmp_path / "package", {"relations": many})
    site = SiteData(readouts.open(package))
    one = next(row for row in site.rows("relations") if row["relation_id"] == "more.r0000")
    found = relation_rows(site, site.of("relations", "subject_id", one["subject_id"] or ""))
    assert max(len(row["sources"]) for row in found) == 200
    assert sum(len(row["sources"]) for row in found) == len(site.of("relations", "subject_id", one["subject_id"] or ""))


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_data_next_to_an_event_are_what_compare_writes(
    published_site: Path, pages: dict[str, Read], form: str, run: Run
) -> None:
    done = run("compare", EVENT, "--format", form, cwd=ROOT)
    assert (published_site / f"events/{EVENT}.{form}").read_text(encoding="utf-8") == done.stdout
    assert f"../events/{EVENT}.{form}" in pages[PAGE].links


def _statements(page: Read) -> Iterable[str]:
    return re.findall(r'<article class="voice[^>]* id="[^"]+".*?</article>', page.text, re.DOTALL)


@pytest.mark.parametrize("path", [PAGE, "articles/moscow-times-2014-03-07.html"])
def test_every_statement_can_be_cited_and_linked_without_javascript(pages: dict[str, Read], path: str) -> None:
    found = list(_statements(pages[path]))
    assert len(found) > 10
    for statement in found:
        name = re.search(r'id="([^"]+)"', statement)
        cited = re.search(r'<details class="cite"><summary>Cite</summary><p>(.*?)</p></details>', statement)
        assert name is not None
        assert cited is not None
        assert f"<code>{name[1]}</code>" in cited[1]
        assert "version 2.0.0" in cited[1]
        assert re.search(r'href="https?://[^"]+" rel="external"', cited[1])
        assert f'<a class="copy" href="#{name[1]}">Copy link</a>' in statement


def test_a_statement_leads_to_its_document_and_says_why_there_is_no_text(pages: dict[str, Read]) -> None:
    page = pages["statements/moscow-times-2014-03-07.s07.html"]
    assert "At its publisher" in page.said
    assert "../about.html#no-text" in page.links
    assert '<details class="cite" id="cite">' in page.text
    assert "Copy link" in page.said


def test_an_archived_copy_is_linked_and_an_address_that_isnt_of_the_web_is_not(tmp_path: Path) -> None:
    def changed(rows: list[Row]) -> list[Row]:
        copies = ["https://archive.example.org/1", "javascript:alert(1)"]
        return [
            {**row, "url": None if number == 0 else row["url"], "archived_url": copies[min(number, 1)]}
            for number, row in enumerate(rows)
        ]

    package = altered(small_package(), tmp_path / "package", {"articles": changed})
    build_site(readouts.open(package), tmp_path / "site")
    pages = read_site(tmp_path / "site")
    first, *rest = (row["article_id"] or "" for row in open_package(package).rows("articles"))
    assert "https://archive.example.org/1" in pages[f"statements/{first}.s01.html"].links
    assert "https://archive.example.org/1" in pages[f"articles/{first}.html"].links
    for path, page in pages.items():
        assert not [link for link in page.links if link.startswith("javascript")], path
    assert rest


def test_no_side_is_called_after_a_person_where_its_government_or_account_is_known(data: SiteData) -> None:
    people = {row["name"] for row in data.entities.values() if row["kind"] == "person"}
    for event, comparison in data.comparisons.items():
        for side in comparison.sides:
            assert not (side.accounts and side.name in people), event


def test_the_timeline_has_every_event_once_and_no_two_marks_at_one_place(data: SiteData) -> None:
    years = timeline(data)
    points = [point for year in years for point in year.points]
    assert sorted(point.name for point in points) == sorted(data.events)
    for year in years:
        places = [(point.month, point.across, point.up) for point in year.points if point.month is not None]
        assert len(places) == len(set(places))
        assert all(10 * (up + 1) <= year.height for _, _, up in places)
        assert year.count == len(year.points)


def test_years_without_an_event_and_events_without_a_date_are_rows_of_the_timeline(tmp_path: Path) -> None:
    dates = ["2014-03-06", "2016-01-01", "2020-05-05", None, "soon"]

    def changed(rows: list[Row]) -> list[Row]:
        return [{**row, "date": date, "date_precision": "day"} for row, date in zip(rows, dates, strict=False)]

    package = altered(small_package(), tmp_path / "package", {"events": changed})
    found = [(year.label, year.count) for year in timeline(SiteData(readouts.open(package)))]
    assert found == [("2014", 1), ("2015", 0), ("2016", 1), ("2017–2019", 0), ("2020", 1), ("Undated", 2)]


def test_a_package_of_an_older_release_has_the_same_pages(tmp_path: Path) -> None:
    build_site(readouts.load("1.1.0"), tmp_path)
    pages = read_site(tmp_path)
    assert broken_links(tmp_path, pages) == []
    assert "United States alone" in pages[PAGE].said
