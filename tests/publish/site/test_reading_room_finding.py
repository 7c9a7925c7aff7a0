"""How pages are found: what the search knows, what previews of links say, and where ids of the past lead."""

from __future__ import annotations

import http.client
import re
from threading import Thread
from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.package.package import open_package
from readouts.publish.site.building import build_site
from readouts.publish.site.context import open_site
from readouts.publish.site.search import entries
from readouts.publish.site.search_index import words
from readouts.publish.site.serving import HEADERS, MISSING, server
from tests.publish.site.altered import altered
from tests.publish.site.reading import Read, broken_links, read_site
from tests.publish.site.since import changed
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.package.package import Row
    from readouts.publish.site.search_index import Entry


@pytest.fixture(scope="module")
def found() -> list[Entry]:
    return entries(open_site(readouts.open(bundled_package())))


def described(page: Read) -> str:
    """Return what a preview of a link to a page says."""
    [description] = [each[1] for each in re.finditer(r'<meta name="description" content="([^"]*)">', page.text)]
    assert f'<meta property="og:description" content="{description}">' in page.text
    return description


def ask(found: list[Entry], question: str) -> list[Entry]:
    asked = set(words(question))
    return [entry for entry in found if asked <= {*words(" ".join(entry.names)), *words(entry.text)}]


@pytest.mark.parametrize(
    ("question", "kind", "address"),
    [
        ("white house readout", "account", "events/call-2014-03-06.html#white-house-2014-03-06"),
        ("release 1.1.0", "release", "releases/1.1.0.html"),
        ("obama consult", "person", "entities/barack-obama.html"),
        ("Kerry Lavrov American Kiev", "statement", None),
        ("6 march 2014", "call", "events/call-2014-03-06.html"),
    ],
)
def test_accounts_releases_predicates_and_rationales_are_found(
    found: list[Entry], question: str, kind: str, address: str | None
) -> None:
    answers = {(entry.kind, entry.address if address else None) for entry in ask(found, question)}
    assert (kind, address) in answers


def test_why_statements_compare_as_they_do_is_found_with_the_statement(found: list[Entry]) -> None:
    by_address = {entry.address: entry for entry in found}
    for row in open_package(small_package()).rows("alignments"):
        entry = by_address[f"statements/{row['statement_a']}.html"]
        assert set(words(row["rationale"] or "")) <= set(words(entry.text))


def test_an_event_that_is_a_statement_is_told_apart_and_dates_are_written_out(found: list[Entry]) -> None:
    for entry in found:
        assert (entry.kind == "statement") == entry.address.startswith("statements/")
        assert not re.search(r"\b\d{4}-\d{2}-\d{2}\b", entry.detail)
    assert any(entry.kind == "event: statement" and entry.address.startswith("events/") for entry in found)


def test_what_is_found_is_there(found: list[Entry], pages: dict[str, Read]) -> None:
    for entry in found:
        path, _, place = entry.address.partition("#")
        assert not place or place.startswith("q=") or place in pages[path].ids
        assert path in pages


def test_previews_of_links_say_who_what_where_and_when(pages: dict[str, Read]) -> None:
    assert described(pages["statements/moscow-times-2014-03-07.s07.html"]) == (
        "White House › Barack Obama, in The Moscow Times, 7 March 2014. On: Call between Obama and Putin, 6 March 2014."
    )
    assert f"Since 1.0.0: {', '.join(changed('1.0.0', '1.1.0'))}." in described(pages["releases/1.1.0.html"])
    for path, page in pages.items():
        assert path == MISSING or ("meta", "content", "summary") in page.attributes, path


def test_a_page_that_isnt_there_is_answered_by_one_that_holds_at_any_address(pages: dict[str, Read]) -> None:
    page = pages[MISSING]
    assert page.links == page.loads == []
    assert "There is no such page" in page.said
    assert ("meta", "content", "noindex, noarchive") in page.attributes


def test_a_server_answers_with_that_page(published_site: Path) -> None:
    with server(published_site, 0) as running:
        Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        connection = http.client.HTTPConnection("127.0.0.1", running.server_port, timeout=10)
        for method, path in (
            ("GET", "/events/none.html"),
            ("HEAD", "/none"),
            ("GET", "/events/"),
            ("GET", "/index.html"),
        ):
            connection.request(method, path)
            answer = connection.getresponse()
            data = answer.read()
            assert answer.status == (200 if path == "/index.html" else 404)
            assert HEADERS.items() <= dict(answer.headers).items()
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            if method == "GET" and answer.status == 404:
                assert data == (published_site / MISSING).read_bytes()
        connection.close()
        running.shutdown()


def test_a_host_of_pages_leaves_no_file_out(tmp_path: Path) -> None:
    def strange(rows: list[Row]) -> list[Row]:
        return [*rows, {**rows[0], "event_id": "An Event"}]

    package = altered(small_package(), tmp_path / "package", {"events": strange})
    build_site(readouts.open(package), tmp_path / "out")
    assert list((tmp_path / "out" / "events").glob("~*.html"))
    assert (tmp_path / "out" / ".nojekyll").read_bytes() == b""


def test_previews_of_links_to_ids_of_the_past_say_what_became_of_them(tmp_path: Path) -> None:
    def change(name: str, **cells: str | None) -> Row:
        row: Row = {
            "change_id": name,
            "old_id": name,
            "version": "1.1.0",
            "new_id": None,
            "reason": "ReleaseChanges apart.",
        }
        return {**row, **cells}

    rows = [
        change("obama", table="entities", operation="renamed", new_id="barack-obama"),
        change("gone.s01", table="statements", operation="removed", version="unreleased"),
    ]
    package = altered(small_package(), tmp_path / "package", {"id_changes": lambda _: rows})
    build_site(readouts.open(package), tmp_path / "out")
    pages = read_site(tmp_path / "out")
    assert broken_links(tmp_path / "out", pages) == []
    assert described(pages["entities/obama.html"]) == (
        "The entity obama is now barack-obama: renamed with release 1.1.0. ReleaseChanges apart."
    )
    assert described(pages["statements/gone.s01.html"]) == (
        "The statement gone.s01 was removed since the last release. ReleaseChanges apart."
    )


def test_a_link_to_an_id_that_an_alignment_had_still_finds_it(tmp_path: Path) -> None:
    row = open_package(small_package()).rows("alignments")[0]

    def change(old: str, new: str) -> Row:
        told = {"table": "alignments", "operation": "merged", "version": "1.1.0", "reason": "ReleaseChanges apart."}
        return {**told, "change_id": f"{old}.{new}", "old_id": old, "new_id": new}

    known = row["alignment_id"] or ""
    rows = [change("old.a01", "old.a02"), change("old.a02", known), change("split.a01", known)]
    rows += [change("split.a01", "call-2014-03-06.a02"), change("call-2014-03-06.a03", known)]
    package = altered(small_package(), tmp_path / "package", {"id_changes": lambda _: rows})
    build_site(readouts.open(package), tmp_path / "out")
    pages = read_site(tmp_path / "out")
    assert {known, "old.a01", "old.a02"} <= set(pages[f"statements/{row['statement_a']}.html"].ids)
    shown = [name for page in pages.values() for name in page.ids]
    assert "split.a01" not in shown, "of several, none is what was meant"
    assert shown.count("call-2014-03-06.a03") == 1, "an id of today keeps its place"
