"""Names and languages on the pages: each runs in its own direction, and no list ends without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.datapackage.package.package import open_package
from readouts.publish.site.building import build_site
from readouts.publish.site.pagination import LARGEST
from tests.publish.site.altered import altered
from tests.publish.site.reading import broken_links, read_site
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.package.package import Row


def test_names_of_a_joint_side_stand_apart_since_one_may_run_from_right_to_left(tmp_path: Path) -> None:
    names = {"united-states": "ברק אובמה (1)", "russia": "فلاديمير بوتين"}
    package = altered(
        small_package(),
        tmp_path / "package",
        {"entities": lambda rows: [{**row, "name": names.get(row["entity_id"] or "", row["name"])} for row in rows]},
    )
    build_site(readouts.open(package), tmp_path / "out")
    text = (tmp_path / "out" / "statements" / "moscow-times-2014-03-07.s23.html").read_text(encoding="utf-8")
    joint = "<bdi>ברק אובמה (1)</bdi> and <bdi>فلاديمير بوتين</bdi>"
    assert f'<span class="side side-both">{joint}</span>' in text


@pytest.mark.slow
def test_events_and_articles_of_an_entity_go_on_over_its_pages(tmp_path: Path) -> None:
    package = open_package(small_package())
    article = package.rows("articles")[0]["article_id"]

    def more_events(rows: list[Row]) -> list[Row]:
        return [*rows, *({**rows[0], "event_id": f"more-{number:04d}", "title": "Ж" * 150} for number in range(900))]

    def more_participants(rows: list[Row]) -> list[Row]:
        one = {**rows[0], "entity_id": "crimea"}
        return [*rows, *({**one, "event_id": f"more-{number:04d}"} for number in range(900))]

    def more_articles(rows: list[Row]) -> list[Row]:
        return [*rows, *({**rows[0], "article_id": f"other-{number:03d}"} for number in range(100))]

    def more_mentions(rows: list[Row]) -> list[Row]:
        one = next(row for row in rows if row["article_id"] == article and row["role"] == "mention")
        return [
            *rows,
            *(
                {**one, "span_id": f"other-{number:03d}.x1", "article_id": f"other-{number:03d}", "entity_id": "crimea"}
                for number in range(100)
            ),
        ]

    changes = {
        "events": more_events,
        "participants": more_participants,
        "articles": more_articles,
        "spans": more_mentions,
    }
    build_site(readouts.open(altered(small_package(), tmp_path / "package", changes)), tmp_path / "out")
    pages = read_site(tmp_path / "out")
    assert broken_links(tmp_path / "out", pages) == []
    own = [path for path in pages if path.startswith("entities/crimea")]
    assert len(own) > 1
    assert max((tmp_path / "out" / path).stat().st_size for path in own) <= LARGEST
    links = {link for path in own for link in pages[path].links}
    assert [number for number in range(900) if f"../events/more-{number:04d}.html" not in links] == []
    assert [number for number in range(100) if f"../articles/other-{number:03d}.html" not in links] == []
    first = pages["entities/crimea.html"]
    assert any(link.endswith("#further-events") for link in first.links)
    assert any(link.endswith("#further-articles") for link in first.links)


@pytest.mark.parametrize(("language", "tag"), [("de", "de"), ("zh-Hant", "zh-Hant"), ("en", ""), ('x" onclick="y', "")])
def test_titles_and_quotations_say_their_language_where_it_isnt_that_of_the_page(
    language: str, tag: str, invented_package: Path, corpus: Path, tmp_path: Path
) -> None:
    package = altered(
        invented_package,
        tmp_path / "package",
        {"articles": lambda rows: [{**row, "language": language} for row in rows]},
    )
    build_site(readouts.open(package), tmp_path / "out", corpus / "texts")
    pages = read_site(tmp_path / "out")
    for path, page in pages.items():
        found = [(name, value) for name, attribute, value in page.attributes if attribute == "lang" and name != "html"]
        if not tag:
            assert not found, path
        elif path.startswith("articles/"):
            assert ("bdi", tag) in found, path
            assert "blockquote" not in page.tags or ("blockquote", tag) in found, path
        assert {value for _, value in found} <= {tag}, path
    assert not tag or any('<blockquote class="large" lang=' in page.text for page in pages.values())
