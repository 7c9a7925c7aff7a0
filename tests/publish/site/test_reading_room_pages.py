"""What the pages of the site show, and that all of it hangs together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.analysis.comparison import compare
from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.package.package import open_package
from readouts.publish.charts.palette import SIDE_FILL
from readouts.publish.site import address
from readouts.publish.site.building import build_site
from readouts.publish.site.pagination import LARGEST
from readouts.publish.site.serving import MISSING
from tests.publish.site.altered import altered
from tests.publish.site.reading import Read, broken_links, read_site
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.package.package import Row

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>' {{ 7 * 7 }} ${1} --> ]]> \u202egnp.exe\u2066 &amp;"
FREE = {
    "events": ("title",),
    "entities": ("name", "description", "country", "wikidata_id"),
    "articles": ("title", "url", "language", "published_on"),
    "statements": ("summary", "made_by"),
    "alignments": ("rationale",),
    "attributions": ("label",),
    "accounts": ("issued_on", "original_language"),
    "relations": ("valid_from", "mode"),
}


def _built(package: Path, folder: Path) -> Path:
    build_site(readouts.open(package), folder)
    return folder


def _hostile(table: str) -> dict[str, str]:
    return {column: f"{table}.{column} {HOSTILE}" for column in FREE.get(table, ())}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    changes = {table: (lambda rows, table=table: [{**row, **_hostile(table)} for row in rows]) for table in FREE}
    package = altered(small_package(), folder / "package", changes)
    return _built(package, folder / "out")


@pytest.fixture(scope="module")
def hostile_pages(hostile: Path) -> dict[str, Read]:
    return read_site(hostile)


def test_every_event_statement_entity_and_article_has_its_page(pages: dict[str, Read]) -> None:
    package = open_package(small_package())
    for kind, key in (
        ("events", "event_id"),
        ("statements", "statement_id"),
        ("entities", "entity_id"),
        ("articles", "article_id"),
    ):
        for row in package.rows(kind):
            assert f"{kind}/{row[key]}.html" in pages


def test_every_link_leads_to_a_page_and_a_place_on_it(published_site: Path, pages: dict[str, Read]) -> None:
    assert broken_links(published_site, pages) == []
    assert sum(len(page.links) for page in pages.values()) > 1000


def test_every_link_holds_with_hostile_names_and_an_invented_corpus(
    hostile: Path, hostile_pages: dict[str, Read], invented_package: Path, tmp_path: Path
) -> None:
    assert broken_links(hostile, hostile_pages) == []
    invented = _built(invented_package, tmp_path / "out")
    assert broken_links(invented, read_site(invented)) == []


def test_every_page_is_well_formed_and_has_one_heading_a_title_and_no_id_twice(pages: dict[str, Read]) -> None:
    for path, page in pages.items():
        assert page.wrong == [], path
        assert page.open == [], path
        assert page.tags.count("h1") == 1, path
        assert page.tags.count("main") == 1, path
        assert len(page.ids) == len(set(page.ids)), path
        assert re.search(r"<title>[^<]+</title>", page.text), path


def test_every_page_forbids_what_isnt_its_own_and_has_neither_script_nor_style_inside(pages: dict[str, Read]) -> None:
    for path, page in pages.items():
        policy = next(value for _, name, value in page.attributes if name == "content" and "default-src" in value)
        assert "unsafe" not in policy, path
        assert "default-src 'none'" in policy, path
        if path == MISSING:
            continue  # Its script and its style are in it; tests of the search hold them to their hashes.
        assert "sha256-" not in policy, path
        assert not re.search(r"<script(?![^>]* src=)", page.text), path
        assert "<style" not in page.text, path
        assert not [name for _, name, _ in page.attributes if name == "style" or name.startswith("on")], path


def test_hostile_text_in_every_field_is_shown_as_text(hostile_pages: dict[str, Read]) -> None:
    shown = "".join(page.said for page in hostile_pages.values())
    for path, page in hostile_pages.items():
        assert "alert(1)" not in "".join(re.findall(r"<script[^>]*>(.*?)</script>", page.text)), path
        assert "img" not in page.tags, path
        assert not [name for _, name, _ in page.attributes if name.startswith("on")], path
        assert "\u202e" not in page.text, path
        assert page.wrong == [], path
        assert not [link for link in page.links if "javascript" in link], path
    for field in ("events.title", "entities.name", "entities.description", "articles.title", "statements.summary",
                  "alignments.rationale", "accounts.issued_on", "relations.mode"):  # fmt: skip
        assert f'{field} "><script>alert(1)</script>' in shown, field
    assert "{{ 7 * 7 }}" in shown


def test_an_address_of_an_article_that_isnt_one_of_the_web_is_no_link(tmp_path: Path) -> None:
    package = altered(
        small_package(),
        tmp_path / "package",
        {"articles": lambda rows: [{**row, "url": "javascript:alert(1)"} for row in rows]},
    )
    for page in read_site(_built(package, tmp_path / "out")).values():
        assert not [link for link in page.links if link.startswith("javascript")]


def test_an_event_page_shows_every_statement_of_the_event_once_with_its_place(pages: dict[str, Read]) -> None:
    package = open_package(small_package())
    comparison = compare("call-2014-03-06", package.rows)
    wanted = {voice.statement_id for claim in comparison.claims for voice in claim.voices}
    page = pages["events/call-2014-03-06.html"]
    shown = [name for name in page.ids if name in wanted]
    assert sorted(shown) == sorted(wanted)


def test_an_event_page_says_what_both_say_contest_and_say_alone_and_what_quotations_are_altered(
    pages: dict[str, Read],
) -> None:
    said = pages["events/call-2014-03-06.html"].said
    for words in ("both say", "contradicted by", "in tension with", "United States alone", "Russia alone",
                  "quotation altered", "translated differently"):  # fmt: skip
        assert words in said


def test_statements_carry_what_filters_look_at(pages: dict[str, Read]) -> None:
    page = pages["events/call-2014-03-06.html"]
    for name, value in (("topic", "sovereignty"), ("side", "b"), ("outlet", "Zero Hedge"), ("certainty", "possible")):
        assert ("article", f"data-{name}", value) in page.attributes
        assert any(
            tag == "input" and attribute == "value" and held == value for tag, attribute, held in page.attributes
        )
    assert ("form", "hidden", "") in page.attributes


def test_a_statement_page_tells_chain_article_position_comparison_and_evidence(pages: dict[str, Read]) -> None:
    said = pages["statements/moscow-times-2014-03-07.s07.html"].said
    for words in ("White House › Barack Obama", "Characters 751 to 836 of 4,458", "contradicts", "quotes with changes",
                  "moscow-times-2014-03-07.x0027", "Gives the content special weight."):  # fmt: skip
        assert words in said


def test_what_is_quoted_says_so_from_the_other_end(pages: dict[str, Read]) -> None:
    assert "is quoted with changes by" in pages["statements/zero-hedge-2014-03-06.s05.html"].said


def test_an_entity_page_tells_what_it_said_what_was_said_of_it_and_its_relations(pages: dict[str, Read]) -> None:
    said = pages["entities/barack-obama.html"].said
    for words in (
        "Statements by or through them",
        "Statements addressed to them",
        "Statements about them",
        "What they did",
        "With whom",
    ):
        assert words in said


def test_an_article_page_has_its_statements_in_the_order_of_its_text(pages: dict[str, Read]) -> None:
    rows = [
        row for row in open_package(small_package()).rows("statements") if row["article_id"] == "new-daily-2014-03-28"
    ]
    rows.sort(key=lambda row: (int(row["start"] or 0), int(row["end"] or 0)))
    wanted = [row["statement_id"] for row in rows]
    assert [name for name in pages["articles/new-daily-2014-03-28.html"].ids if name in wanted] == wanted


def test_downloads_are_the_files_of_the_release_and_a_package_themselves(published_site: Path) -> None:
    package = open_package(bundled_package())
    copied = open_package(published_site / "package")
    for name in package.resources:
        assert copied.read_bytes(name) == package.read_bytes(name)


def test_names_in_any_script_stand_isolated_as_they_are(tmp_path: Path) -> None:
    names = {
        "barack-obama": "ברק אובמה",
        "vladimir-putin": "Владимир Путин",
        "paris": "Œuvre d’Étampes",
        "russia": "روسيا",
    }
    package = altered(
        small_package(),
        tmp_path / "package",
        {"entities": lambda rows: [{**row, "name": names.get(row["entity_id"] or "", row["name"])} for row in rows]},
    )
    pages = read_site(_built(package, tmp_path / "out"))
    for entity, name in names.items():
        assert f"<h1><bdi>{name}</bdi></h1>" in pages[f"entities/{entity}.html"].text
    assert "<bdi>Владимир Путин</bdi>" in pages["events/call-2014-03-06.html"].text


def _change(**cells: str | None) -> Row:
    empty = dict.fromkeys(("change_id", "table", "old_id", "version", "operation", "new_id", "reason"))
    return {**empty, "version": "1.1.0", "reason": "ReleaseChanges apart.", **cells}


def test_ids_of_the_past_lead_to_what_they_became(tmp_path: Path) -> None:
    rows = [
        _change(change_id="c1", table="entities", old_id="obama", operation="renamed", new_id="b-obama"),
        _change(change_id="c2", table="entities", old_id="b-obama", operation="merged", new_id="barack-obama"),
        _change(change_id="c3", table="events", old_id="calls", operation="split", new_id="call-2014-03-06"),
        _change(change_id="c4", table="events", old_id="calls", operation="split", new_id="call-2014-03-28"),
        _change(change_id="c5", table="statements", old_id="gone.s01", operation="removed"),
        _change(change_id="c6", table="entities", old_id="paris", operation="renamed", new_id="london"),
        _change(change_id="c7", table="spans", old_id="some.x1", operation="removed"),
    ]
    package = altered(small_package(), tmp_path / "package", {"id_changes": lambda _: rows})
    folder = _built(package, tmp_path / "out")
    pages = read_site(folder)
    for old in ("obama", "b-obama"):
        assert (
            '<meta http-equiv="refresh" content="0; url=../entities/barack-obama.html">'
            in pages[f"entities/{old}.html"].text
        )
    split = pages["events/calls.html"]
    assert "refresh" not in split.text
    assert {"../events/call-2014-03-06.html", "../events/call-2014-03-28.html"} <= set(split.links)
    assert "was removed" in pages["statements/gone.s01.html"].said
    assert "refresh" not in pages["entities/paris.html"].text, "an id of today keeps its page"
    assert broken_links(folder, pages) == []


@pytest.mark.slow
def test_long_lists_are_cut_into_pages_of_bounded_size_that_lose_nothing(tmp_path: Path) -> None:
    added = [f"moscow-times-2014-03-07.t{number:04d}" for number in range(600)]

    def many(rows: list[Row]) -> list[Row]:
        first = next(row for row in rows if row["event_id"] == "call-2014-03-06")
        return [
            *rows,
            *({**first, "statement_id": f"moscow-times-2014-03-07.t{n:04d}", "summary": "Ж" * 200} for n in range(600)),
        ]

    package = altered(small_package(), tmp_path / "package", {"statements": many})
    folder = _built(package, tmp_path / "out")
    pages = read_site(folder)
    assert broken_links(folder, pages) == []
    sizes = {path: (folder / path).stat().st_size for path in pages}
    assert max(sizes.values()) <= LARGEST, max(sizes, key=lambda path: sizes[path])
    for thing in ("events/call-2014-03-06", "articles/moscow-times-2014-03-07", "statements"):
        assert f"{thing}--2.html" in pages
    event = [path for path in pages if path.startswith("events/call-2014-03-06")]
    shown = [name for path in event for name in pages[path].ids if ".t0" in name]
    assert sorted(shown) == added
    assert any(link.endswith("call-2014-03-06--2.html") for link in pages["events/call-2014-03-06.html"].links)


@pytest.mark.slow
def test_a_statement_that_is_compared_with_many_others_has_several_pages_and_every_row_keeps_its_link(
    tmp_path: Path,
) -> None:
    rows = open_package(small_package()).rows("alignments")
    one = rows[0]["statement_a"] or ""
    wording = {"aspect": "wording", "relation": "quotes_altered"}

    def many(rows: list[Row]) -> list[Row]:
        claim = {**rows[0], "aspect": "claim", "relation": "same_claim", "rationale": "Ж" * 150}
        more = [
            {**claim, **(wording if number >= 1180 else {}), "alignment_id": f"more.a{number:04d}"}
            for number in range(1200)
        ]
        return [*rows, *more]

    package = altered(small_package(), tmp_path / "package", {"alignments": many})
    folder = _built(package, tmp_path / "out")
    pages = read_site(folder)
    assert broken_links(folder, pages) == []
    assert any(link.endswith(f"{one}.html#wording") for page in pages.values() for link in page.links)
    assert "wording" in pages[f"statements/{one}.html"].ids
    assert max((folder / path).stat().st_size for path in pages) <= LARGEST
    own = [path for path in pages if path.startswith(f"statements/{one}")]
    assert len(own) > 2
    shown = sorted(name for path in own for name in pages[path].ids if name.startswith("more."))
    assert shown == [f"more.a{number:04d}" for number in range(1200)]


def test_the_sides_have_the_colours_that_they_have_in_charts(published_site: Path) -> None:
    style = (published_site / "static" / "site.css").read_text(encoding="utf-8")
    for side in ("a", "b"):
        assert f"--{side}-fill: light-dark({SIDE_FILL[side]}, " in style


@pytest.mark.slow
def test_a_great_many_events_are_counted_by_month_on_the_timeline_and_listed_over_pages(tmp_path: Path) -> None:
    def many(rows: list[Row]) -> list[Row]:
        more = [
            {**rows[0], "event_id": f"call-{number:04d}", "date": f"20{number % 40:02d}-{number % 12 + 1:02d}-01"}
            for number in range(500)
        ]
        return [*rows, *more]

    folder = _built(altered(small_package(), tmp_path / "package", {"events": many}), tmp_path / "out")
    pages = read_site(folder)
    assert ("rect", "class", "month") in pages["index.html"].attributes
    assert "January 2000: 5 events" in pages["index.html"].said
    assert "events--2.html" in pages
    assert broken_links(folder, pages) == []


def test_a_package_without_events_or_statements_has_a_site_too(tmp_path: Path) -> None:
    package = open_package(small_package())
    nothing = dict.fromkeys(package.resources, lambda rows: rows[:0])
    folder = _built(altered(small_package(), tmp_path / "package", nothing), tmp_path / "out")
    pages = read_site(folder)
    assert "index.html" in pages
    assert broken_links(folder, pages) == []


def test_every_release_has_a_site(tmp_path: Path) -> None:
    corpus = readouts.open(bundled_package() / "releases" / "1.0.0" / "readouts-1.0.0.zip")
    build_site(corpus, tmp_path / "out")
    pages = read_site(tmp_path / "out")
    assert broken_links(tmp_path / "out", pages) == []
    assert "version 1.0.0" in pages["index.html"].said


@pytest.mark.parametrize("name", ["../up", "a/b", "UPPER", "", "con", "x" * 500, "né", "a--b", ".hidden", "trailing."])
def test_an_id_that_isnt_one_stays_inside_its_folder_and_meets_no_other(name: str) -> None:
    path = address.place("events", name)
    assert re.fullmatch(r"events/~[0-9a-f]{16}\.html", path)
    assert path != address.place("events", name + "x")
