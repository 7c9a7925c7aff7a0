"""What pages say of the annotation itself: who made and who reviewed it, what its labels mean, how it was done."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

import readouts
from readouts.datapackage.errors import PackageError
from readouts.datapackage.package.package import open_package
from readouts.datapackage.words import singular
from readouts.publish.site import address
from readouts.publish.site.building import build_site
from readouts.publish.site.documents import DOCUMENTS, Document, documents_of
from readouts.publish.site.glossary import Glossary
from readouts.publish.site.reviews import made_and_reviewed
from tests.conftest import ROOT
from tests.publish.site.altered import altered
from tests.publish.site.reading import Read, broken_links, read_site
from tests.small_corpus import small_package

if TYPE_CHECKING:
    from pathlib import Path

    from readouts.datapackage.package.package import Row

MACHINE = {"made_by": "language-model", "review": "machine"}
EVENT = "events/call-2014-03-06.html"
ARTICLE = "moscow-times-2014-03-07"


def _built(package: Path, folder: Path) -> dict[str, Read]:
    build_site(readouts.open(package), folder)
    return read_site(folder)


def _line(page: Read) -> str:
    """Return what a page says at its top of who made it; at the front it is under the figures."""
    found = re.search(r'<p class="(?:made|trust)"><bdi>(.*?)</bdi> <a href="(?:\.\./)*about\.html#review">', page.text)
    assert found is not None
    assert found.start() < len(page.text) / 2 or found[0].startswith('<p class="made"')
    return found[1].replace("&#39;", "'")


@pytest.fixture(scope="module")
def old_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    return _built(readouts.load("1.1.0").package.root, tmp_path_factory.mktemp("old") / "out")


@pytest.fixture(scope="module")
def unrecorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    folder = tmp_path_factory.mktemp("unrecorded")
    same = {table: (lambda rows: rows) for table in ("statements", "alignments")}
    package = altered(small_package(), folder / "package", same, without=("made_by", "review"))
    return _built(package, folder / "out")


def test_every_page_says_at_its_top_who_made_the_annotation_and_who_reviewed_it(
    pages: dict[str, Read], old_pages: dict[str, Read], invented_package: Path, tmp_path: Path
) -> None:
    for read in (pages, old_pages, _built(invented_package, tmp_path / "out")):
        for path, page in read.items():
            if path == "404.html":
                assert "A language model annotated all" in page.said
                continue
            line = _line(page)
            assert line.startswith("A language model annotated "), path
            assert line.endswith(("no person has reviewed them.", "no person has reviewed it.")), path
            if path != address.HOME:
                assert page.text.index('class="made"') < page.text.index("<h1"), path


def test_pages_of_an_article_and_of_a_statement_speak_of_it_alone(pages: dict[str, Read]) -> None:
    rows = open_package(ROOT).rows
    of_article = sum(row["article_id"] == ARTICLE for row in rows("statements"))
    assert f"all {of_article} statements of this article;" in _line(pages[f"articles/{ARTICLE}.html"])
    assert "annotated this statement;" in _line(pages[f"statements/{ARTICLE}.s01.html"])
    everything = f"all {len(rows('statements')):,} statements and {len(rows('alignments')):,} comparisons;"
    for path in (address.HOME, EVENT, "tables.html", address.ABOUT):
        assert everything in _line(pages[path])


def test_what_a_package_doesnt_record_is_not_guessed(unrecorded: dict[str, Read]) -> None:
    for path, page in unrecorded.items():
        assert "language model annotated" not in page.said, path
        assert path == "404.html" or _line(page).startswith("It isn't recorded who annotated th"), path
        assert path == "404.html" or "or whether a person has reviewed" in _line(page), path


def test_a_row_that_a_person_has_reviewed_changes_the_counts(tmp_path: Path) -> None:
    def reviewed(rows: list[Row]) -> list[Row]:
        named = [row["statement_id"] for row in rows if row["article_id"] == ARTICLE]
        return [{**row, "review": "one_human" if row["statement_id"] == named[0] else "machine"} for row in rows]

    package = altered(small_package(), tmp_path / "package", {"statements": reviewed})
    rows = open_package(package).rows("statements")
    name = next(row["statement_id"] for row in rows if row["review"] == "one_human")
    pages = _built(package, tmp_path / "out")
    of_article = sum(row["article_id"] == ARTICLE for row in rows)
    assert f"annotated all {len(rows)} statements; a person has reviewed 1 of them." in _line(pages[address.HOME])
    assert "comparisons; no person has reviewed them." in _line(pages[address.HOME])
    assert f"all {of_article} statements of this article; a person has reviewed 1 of them." in _line(
        pages[f"articles/{ARTICLE}.html"]
    )
    assert _line(pages[f"statements/{name}.html"]).endswith("one person has reviewed it.")
    about = pages[address.ABOUT].said
    assert f"language-model machine {len(rows) - 1} statements language-model one human 1" in about


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([MACHINE] * 2, "A language model annotated all 2 rows; no person has reviewed them."),
        ([{**MACHINE, "review": "adjudicated"}],
         "A language model annotated this row; "
         "two persons have reviewed it, and a third has settled their differences."),
        ([{**MACHINE, "review": "two_humans"}] * 2,
         "A language model annotated all 2 rows; a person has reviewed 2 of them."),
        ([MACHINE, {"made_by": "jm", "review": "machine"}],
         "A language model (1) and jm (1) annotated all 2 rows; no person has reviewed them."),
        ([{"made_by": "jm", "review": None}] * 2,
         "jm annotated all 2 rows; it isn't recorded whether a person has reviewed them."),
        ([MACHINE, {**MACHINE, "review": "by-committee"}],
         "A language model annotated all 2 rows; no person has reviewed them, and of 1 it isn't recorded."),
        ([MACHINE, {}],
         "A language model (1) and somebody unrecorded (1) annotated all 2 rows; "
         "no person has reviewed them, and of 1 it isn't recorded."),
        ([], "It isn't recorded who made this annotation, or whether a person has reviewed it."),
    ],
)  # fmt: skip
def test_the_line_says_what_the_rows_say_and_no_more(rows: list[Row], line: str) -> None:
    assert made_and_reviewed({"row": rows}) == line


def test_every_label_of_the_tables_has_its_place_in_the_glossary(
    pages: dict[str, Read], old_pages: dict[str, Read]
) -> None:
    for package, read in ((open_package(ROOT), pages), (readouts.load("1.1.0").package, old_pages)):
        glossary = Glossary(package)
        words = {entry.meaning for section in glossary.sections for entry in section.entries}
        for resource in package.resources.values():
            assert resource.table is not None
            for field in resource.table.fields:
                name = field.name.removesuffix("_a").removesuffix("_b")
                kind = f"{singular(resource.table.name)}-{name}"
                for category in field.categories:
                    if resource.table.name.endswith("_wide"):
                        assert any(category.value == e.value for s in glossary.sections for e in s.entries)
                        continue
                    entry = glossary.entry(kind, category.value)
                    assert entry is not None, (kind, category)
                    assert entry.anchor in read[address.GLOSSARY].ids
                    assert category.label.replace("`", "") in words
        groups = glossary.section("group")
        assert groups is not None
        assert {"in_tension", "contradicted"} <= {entry.value for entry in groups.entries}


def test_every_label_that_a_page_shows_is_explained_there_and_leads_to_the_glossary(pages: dict[str, Read]) -> None:
    places = set(pages[address.GLOSSARY].ids)
    for path in (EVENT, f"statements/{ARTICLE}.s01.html", f"articles/{ARTICLE}.html", "entities/barack-obama.html"):
        labels = re.findall(
            r'<a class="(?:tag|term|verdict-words)" href="\.\./glossary\.html#([^"]+)" title="([^"]+)">',
            pages[path].text,
        )
        assert len(labels) > 10, path
        assert {anchor for anchor, _ in labels} <= places, path
        shown = " ".join(re.findall(r'class="tags">(.*)</p>', pages[path].text))
        for column in ("act", "topic", "certainty", "modality"):
            assert shown.count(f"#{column}-") == len(re.findall('class="tags"', pages[path].text)), (path, column)
    event = pages[EVENT].said
    assert "What the labels mean" in event
    assert "A claim of the other side pulls in the opposite direction." in event
    assert "verdict-words" in pages[EVENT].text


def test_a_label_that_the_package_doesnt_define_is_shown_without_a_link(tmp_path: Path) -> None:
    strange = "applauds <b>"
    package = altered(
        small_package(),
        tmp_path / "package",
        {"statements": lambda rows: [{**row, "act": strange, "topic": None} for row in rows]},
    )
    pages = _built(package, tmp_path / "out")
    assert broken_links(tmp_path / "out", pages) == []
    assert '<span class="tag">applauds &lt;b&gt;</span>' in pages[EVENT].text


def test_the_page_about_the_method_has_the_figures_of_the_datasheet(pages: dict[str, Read]) -> None:
    datasheet = (ROOT / "docs" / "datasheet.md").read_text(encoding="utf-8")
    table = re.search(r"<!-- generated: readings -->\n(.*?)<!-- end -->", datasheet, re.DOTALL)
    assert table is not None
    figures = [cell.strip().replace("**", "") for cell in re.findall(r"[^|\n]*\d[^|\n]*", table[1])]
    assert len(figures) > 40
    for path in (address.ABOUT, address.DATASHEET):
        said = pages[path].said
        at = 0
        for figure in figures:
            at = said.index(" ".join(figure.replace(":", ": ").split()), at)
        for anchor in ("review", "method", "selection", "agreement", "limits", "no-text", "corrections"):
            assert path != address.ABOUT or anchor in pages[path].ids


def test_the_datasheet_is_shown_with_the_data_that_it_describes_and_with_no_other(
    old_pages: dict[str, Read], tmp_path: Path
) -> None:
    assert not set(DOCUMENTS) & set(old_pages)
    assert not [link for page in old_pages.values() for link in page.links if "datasheet" in link]
    assert "agreement" not in old_pages[address.ABOUT].ids
    same = altered(ROOT, tmp_path / "same", {})
    assert set(documents_of(open_package(same))) == set(DOCUMENTS)
    other = altered(ROOT, tmp_path / "other", {"entities": lambda rows: rows[:-1]})
    assert documents_of(open_package(other)) == {}
    shutil.copytree(ROOT / "docs", other / "docs", ignore=lambda _, names: {*names} - {"datasheet.md"})
    assert set(documents_of(open_package(other))) == {address.DATASHEET}


def test_a_document_shows_its_text_as_text_and_has_no_style_or_script(tmp_path: Path) -> None:
    text = (
        "# Lakes <script>alert(1)</script>\n\n<!-- a comment -->\n\n"
        "A <img src=x onerror=alert(1)> word, ![a lake](x.png),"
        " [one](javascript:alert(1)), [two](../data/README.md#x), [three](other.md), [four](https://example.org/).\n\n"
        "<div onclick=x>block</div>\n\n## Content\n\n## Content\n\n##\n\n| a | b |\n|---|--:|\n| 1 | `<i>` |\n"
    )
    package = altered(small_package(), tmp_path / "package", {})
    (package / "docs").mkdir()
    (package / "docs" / "datasheet.md").write_text(text, encoding="utf-8")
    pages = _built(package, tmp_path / "out")
    page = pages[address.DATASHEET]
    assert page.wrong == page.open == []
    assert not {"img", "i", "div onclick"} & set(page.tags)
    assert page.tags.count("h1") == 1
    assert len(page.ids) == len(set(page.ids))
    assert not [name for _, name, _ in page.attributes if name == "style" or name.startswith("on")]
    assert "a comment" not in page.text
    assert "<img src=x onerror=alert(1)>" in page.said
    assert "<div onclick=x>block</div>" in page.said
    assert broken_links(tmp_path / "out", pages) == []
    assert {link for link in page.links if "javascript" in link or "other.md" in link} == set()
    assert "https://example.org/" in page.links


def test_a_document_that_isnt_text_is_said_to_be_none(tmp_path: Path) -> None:
    package = altered(small_package(), tmp_path / "package", {})
    (package / "docs").mkdir()
    (package / "docs" / "datasheet.md").write_bytes(b"caf\xe9")
    with pytest.raises(PackageError, match=r"datasheet\.md is not UTF-8 text"):
        documents_of(open_package(package))


def test_a_section_ends_where_the_next_of_its_level_begins() -> None:
    document = Document("lakes.html", "# Lakes\n\n## Como\n\nDeep.\n\n### Depth\n\n410 m\n\n## Garda\n\nWide.")
    assert document.section("como") == '<p>Deep.</p>\n<h3 id="depth">Depth</h3>\n<p>410 m</p>\n'
    assert document.section("orta") is None
