"""Articles with their annotations laid over them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from readouts.analysis.annotated import annotate
from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.publish.render.article import article_html
from readouts.text.sources import TextFolder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run

HERALD = "herald-2031-05-02"


@pytest.fixture
def package(corpus: Path, run: Run) -> DataPackage:
    assert run("rebuild", "--annotations", corpus / "annotations").returncode == 0
    return open_package(corpus)


@pytest.fixture
def texts(corpus: Path) -> TextFolder:
    return TextFolder(corpus / "texts")


def test_the_segments_of_an_article_are_its_text(package: DataPackage, texts: TextFolder) -> None:
    article = annotate(HERALD, package.rows, texts)
    lines = ["".join(segment.text for segment in paragraph.segments) for paragraph in article.paragraphs]
    text = (texts.folder / f"{HERALD}.txt").read_text(encoding="utf-8")
    assert lines == [line for line in text.splitlines() if line]


def test_every_content_span_is_marked_with_its_statement_and_side(package: DataPackage, texts: TextFolder) -> None:
    article = annotate(HERALD, package.rows, texts)
    marked: dict[str, str] = {}
    sides: dict[str, set[str]] = {}
    for paragraph in article.paragraphs:
        for segment in paragraph.segments:
            for name in segment.statements:
                marked[name] = marked.get(name, "") + segment.text
                sides.setdefault(name, set()).update(segment.sides)
    assert marked[f"{HERALD}.s04"] == "observers be let in"
    assert marked[f"{HERALD}.s06"] == "The bandsmust first lay down their arms"
    assert sides[f"{HERALD}.s04"] == {"a"}
    assert sides[f"{HERALD}.s01"] == {"both"}
    assert sides[f"{HERALD}.s08"] == {"third"}


def test_each_statement_has_its_note_where_its_content_begins(package: DataPackage, texts: TextFolder) -> None:
    article = annotate(HERALD, package.rows, texts)
    notes = [note for paragraph in article.paragraphs for note in paragraph.notes]
    assert sorted(note.statement_id for note in notes) == [f"{HERALD}.s0{number}" for number in range(1, 9)]
    chain = next(note.chain for note in notes if note.statement_id == f"{HERALD}.s02")
    assert chain == "Presidency + Chancellery > Jana Marek + Ilya Ostrova"


def test_a_statement_shows_only_its_own_paragraphs_and_spans(package: DataPackage, texts: TextFolder) -> None:
    article = annotate(f"{HERALD}.s04", package.rows, texts)
    assert len(article.paragraphs) == 1
    roles = {role for paragraph in article.paragraphs for segment in paragraph.segments for role in segment.roles}
    assert roles == {"content", "source", "cue"}


def test_a_span_shows_its_own_words(package: DataPackage, texts: TextFolder) -> None:
    span = next(row for row in package.rows("spans") if row["entity_id"] == "lake-town")
    article = annotate(span["span_id"] or "", package.rows, texts)
    segments = [segment for paragraph in article.paragraphs for segment in paragraph.segments if segment.roles]
    assert [segment.text for segment in segments] == ["Lake Town"]


def test_an_unknown_id_names_the_nearest(package: DataPackage, texts: TextFolder) -> None:
    with pytest.raises(UnknownIdError, match=r"Did you mean 'herald-2031-05-02'\?"):
        annotate("herald-2031-05-20", package.rows, texts)


def test_an_article_without_its_text_says_so(package: DataPackage, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("Nothing of it.", encoding="utf-8")
    with pytest.raises(ReadoutsError, match=f"No text of {HERALD}"):
        annotate(HERALD, package.rows, TextFolder(tmp_path))


def test_spans_that_the_text_lacks_are_listed(package: DataPackage, texts: TextFolder) -> None:
    path = texts.folder / f"{HERALD}.txt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("The ministers met a week ago in Lake Town.\n\n", ""), encoding="utf-8")
    span = next(row["span_id"] for row in package.rows("spans") if row["entity_id"] == "lake-town")
    assert span in annotate(HERALD, package.rows, TextFolder(texts.folder)).orphans


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]


def test_the_page_fetches_nothing_and_says_that_it_is_local(package: DataPackage, texts: TextFolder) -> None:
    page = article_html(annotate(HERALD, package.rows, texts))
    tags = _Tags()
    tags.feed(page)
    assert tags.addresses == []
    assert not {"script", "link", "img", "iframe"} & set(tags.tags)
    assert "must not be published" in page


def test_what_stands_in_a_text_is_never_markup(package: DataPackage, texts: TextFolder) -> None:
    path = texts.folder / f"{HERALD}.txt"
    path.write_text("<script>alert(1)</script> &amp; " + path.read_text(encoding="utf-8"), encoding="utf-8")
    page = article_html(annotate(HERALD, package.rows, TextFolder(texts.folder)))
    tags = _Tags()
    tags.feed(page)
    assert "script" not in tags.tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;" in page


def test_the_command_writes_its_page_outside_the_package_only(package: DataPackage, tmp_path: Path, run: Run) -> None:
    texts = package.root / "texts"
    refused = run("show", HERALD, package.root, "--texts", texts, "--html", package.root / "page.html")
    assert refused.returncode == 2
    assert "inside the package" in refused.stderr
    page = tmp_path / "page.html"
    done = run("show", HERALD, package.root, "--texts", texts, "--html", page)
    assert done.returncode == 0, done.stderr
    assert page.is_file()
    assert "must stay local" in done.stdout
    assert "[observers" in done.stdout
