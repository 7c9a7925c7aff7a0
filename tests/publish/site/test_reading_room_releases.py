"""The pages of releases and the front page: what changed, and that long lists stay readable."""

from __future__ import annotations

import re
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.corpus_schema.bundled import bundled_package
from readouts.datapackage.package.package import open_package
from readouts.publish.site.building import build_site
from readouts.publish.site.pagination import LARGEST
from tests.conftest import ROOT
from tests.publish.site.altered import altered
from tests.publish.site.reading import Read, broken_links, read_site
from tests.publish.site.since import changed
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.package.package import Row


def change(number: int, version: str, **cells: str | None) -> Row:
    renamed = {"table": "spans", "operation": "renamed", "new_id": f"x{number}", "reason": "ReleaseChanges apart. " * 9}
    return {"change_id": f"c{number}", "old_id": f"old.{number}", "version": version, **renamed, **cells}


def unpacked(archive: Path, folder: Path) -> None:
    """Unpack the archive of a release without the folder at its top."""
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            target = folder / name.partition("/")[2]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(opened.read(name))


@pytest.mark.slow
def test_very_many_ids_that_changed_are_told_on_pages_of_bounded_size(tmp_path: Path) -> None:
    rows = [change(number, "1.1.0") for number in range(3000)]
    rows += [change(number, "unreleased") for number in range(3000, 4000)]
    package = altered(small_package(), tmp_path / "package", {"id_changes": lambda _: rows})
    build_site(readouts.open(package), tmp_path / "out")
    pages = read_site(tmp_path / "out")
    assert broken_links(tmp_path / "out", pages) == []
    assert max((tmp_path / "out" / path).stat().st_size for path in pages) <= LARGEST
    release = [path for path in pages if path.startswith("releases/1.1.0")]
    assert len(release) > 2
    said = " ".join(pages[path].said for path in release)
    assert [number for number in range(3000) if f"old.{number} " not in said] == []
    assert "And 800 more: see the table of ids that changed" in pages["releases.html"].said
    assert "../tables/id_changes.html".removeprefix("../") in pages["releases.html"].links


def test_the_page_of_all_changes_is_a_page_of_the_site(pages: dict[str, Read]) -> None:
    page = pages["releases/1.1.0--changes.html"]
    assert {"../index.html", "../releases.html", "../releases/1.1.0.html", "#content"} <= set(page.links)
    assert {"../static/site.css", "../static/theme.js", "../static/difference.css"} <= set(page.loads)
    description = next(value for tag, name, value in page.attributes if tag == "meta" and "change by change" in value)
    assert "readouts 1.0.0 → 1.1.0" in description
    assert ", ".join(changed("1.0.0", "1.1.0")) in description
    assert "Needs at least version 1.1.0 (MINOR); 1.1.0 is enough" in page.said


def test_the_style_of_changes_is_that_of_the_command_inside_what_it_is_for(published_site: Path) -> None:
    from readouts.datapackage.render.page import template_text

    style = (published_site / "static" / "difference.css").read_text(encoding="utf-8")
    assert style == f".inside {{\n{template_text('difference.css')}}}\n"
    assert ":root" not in style, "colours are those of the site, which follow the theme that was chosen"


def test_the_page_of_all_changes_of_a_site_with_quotations_says_that_it_is_private(
    invented_package: Path, corpus: Path, tmp_path: Path
) -> None:
    package = tmp_path / "package"
    altered(invented_package, package, {})
    old, source = package / "releases" / "0.3.0", bundled_package() / "releases" / "1.0.0"
    old.mkdir(parents=True)
    (old / "readouts-0.3.0.zip").write_bytes((source / "readouts-1.0.0.zip").read_bytes())
    told = (source / "release.json").read_text(encoding="utf-8").replace("1.0.0", "0.3.0")
    (old / "release.json").write_text(told, encoding="utf-8")
    build_site(readouts.open(package), tmp_path / "out", corpus / "texts")
    page = next(page for path, page in read_site(tmp_path / "out").items() if path.endswith("--changes.html"))
    assert "For local use only." in page.said
    assert ("meta", "content", "noindex, noarchive") in page.attributes


@pytest.mark.slow
def test_data_that_differ_from_the_release_of_their_version_have_pages_of_their_own(tmp_path: Path) -> None:
    def worded_anew(rows: list[Row]) -> list[Row]:
        return [{**rows[0], "description": "Described anew."}, *rows[1:]]

    unpacked(ROOT / "releases" / "1.1.0" / "readouts-1.1.0.zip", tmp_path / "release")
    package = altered(tmp_path / "release", tmp_path / "package", {"entities": worded_anew})
    for version in ("1.0.0", "1.1.0"):
        shutil.copytree(ROOT / "releases" / version, package / "releases" / version)
    build_site(readouts.open(package), tmp_path / "out")
    pages = read_site(tmp_path / "out")
    assert broken_links(tmp_path / "out", pages) == []
    front, own, release = (
        pages[path] for path in ("index.html", "releases/1.1.0-unreleased.html", "releases/1.1.0.html")
    )
    for words in (", version 1.1.0+unreleased.", "(version 1.1.0+unreleased)", "What changed since 1.1.0"):
        assert words in front.said
    assert "1 cell changed" in front.said
    assert {"releases/1.1.0.html", "releases/1.0.0.html", "releases/1.1.0-unreleased--changes.html"} <= set(front.links)
    assert "Version 1.1.0+unreleased" in own.said
    assert "shown here" in own.said
    assert "1.1.0 is enough" in release.said
    assert "shown here" not in release.said


def test_the_front_of_a_release_says_what_it_changed_and_leads_to_it(tmp_path: Path) -> None:
    unpacked(ROOT / "releases" / "1.1.0" / "readouts-1.1.0.zip", tmp_path / "package")
    for version in ("1.0.0", "1.1.0"):
        shutil.copytree(ROOT / "releases" / version, tmp_path / "package" / "releases" / version)
    build_site(readouts.open(tmp_path / "package"), tmp_path / "out")
    front = read_site(tmp_path / "out")["index.html"]
    for words in (
        "Version 1.1.0 , 22 November 2026.",
        "What changed since 1.0.0",
        *changed("1.0.0", "1.1.0"),
        "0 rows gone",
        "relations : 16 rows new",
        "and 2 more tables",
    ):
        assert words in front.said
    assert {"releases/1.1.0.html", "releases/1.0.0.html", "releases/1.1.0--changes.html"} <= set(front.links)


def test_the_front_says_how_far_statements_can_be_trusted(pages: dict[str, Read]) -> None:
    front = pages["index.html"]
    statements = len(readouts.load().statements)
    assert f"A language model annotated all {statements:,} statements and" in front.said
    assert "no person has reviewed them. How this was made, and how far to trust it" in front.said


@pytest.mark.slow
def test_of_one_statement_and_of_many_numbers_are_written_right(tmp_path: Path) -> None:
    def many(rows: list[Row]) -> list[Row]:
        by_person = {
            **rows[0],
            "addressee_id": "barack-obama",
            "review": "one_human",
            "statement_id": "moscow-times-2014-03-07.t9999",
        }
        machine = (
            {**by_person, "review": "machine", "statement_id": f"moscow-times-2014-03-07.t{number:04d}"}
            for number in range(1200)
        )
        return [*rows, by_person, *machine]

    package = altered(small_package(), tmp_path / "package", {"statements": many})
    build_site(readouts.open(package), tmp_path / "out")
    pages = read_site(tmp_path / "out")
    front = pages["index.html"].said
    count = len(open_package(small_package()).rows("statements")) + 1201
    assert f"all {count:,} statements; a person has reviewed 1 of them." in front
    assert re.search(r"1,2\d\d statements", pages["articles.html"].said)
    assert re.search(r"1,2\d\d addressed here", pages["entities/barack-obama.html"].said)
