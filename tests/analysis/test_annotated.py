"""Articles with their annotations laid over them."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from readouts.analysis.annotated import LABELS, annotate
from readouts.datapackage.errors import ReadoutsError, UnknownIdError
from readouts.datapackage.package.package import DataPackage, open_package
from readouts.publish.render.article import article_html, print_article
from readouts.text.sources import TextFolder

if TYPE_CHECKING:
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
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data

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
    assert "<script>alert(1)</script> &amp; Advertisement" in tags.text


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


def test_marks_of_every_role_say_what_they_stand_for(package: DataPackage, texts: TextFolder) -> None:
    article = annotate(HERALD, package.rows, texts)
    assert {mark.role for mark in article.marks} == {
        row["role"] for row in package.rows("spans") if row["article_id"] == HERALD
    }
    labels = {(mark.role, mark.words): mark.label for mark in article.marks}
    assert labels["mention", "Lake Town"] == "Lake Town"
    assert labels["source", "The Presidency"] == "Presidency"
    assert "CONSULT" in next(mark.label for mark in article.marks if mark.role == "relation")
    assert all(mark.words == texts_of(texts)[mark.start : mark.end] for mark in article.marks)


def texts_of(texts: TextFolder) -> str:
    return (texts.folder / f"{HERALD}.txt").read_text(encoding="utf-8")


def test_a_note_has_all_labels_the_event_and_the_name_of_the_side(package: DataPackage, texts: TextFolder) -> None:
    row = next(row for row in package.rows("statements") if row["statement_id"] == f"{HERALD}.s04")
    (note,) = annotate(f"{HERALD}.s04", package.rows, texts).notes
    assert note.labels == {name: row[name] for name in LABELS}
    assert (note.number, note.side, note.side_name) == ("s04", "a", "Veldania")
    assert note.event.endswith(f"({row['event_id']})")


def test_a_sentence_that_nobody_annotated_is_uncovered_and_without_a_statement(
    package: DataPackage, texts: TextFolder
) -> None:
    before = annotate(HERALD, package.rows, texts)
    (texts.folder / f"{HERALD}.txt").write_text(f"{texts_of(texts)}\n\nSnow fell on the lakes.\n", encoding="utf-8")
    after = annotate(HERALD, package.rows, TextFolder(texts.folder))
    assert [mark.words for mark in after.uncovered[len(before.uncovered) :]] == ["Snow fell on the lakes"]
    assert [mark.words for mark in after.unstated[len(before.unstated) :]] == ["Snow fell on the lakes"]
    assert before.uncovered_share is not None
    assert after.uncovered_share is not None
    assert 0 < before.uncovered_share < after.uncovered_share < 1


def test_boilerplate_is_covered_and_no_name_is_missed_in_it(package: DataPackage, texts: TextFolder) -> None:
    article = annotate(HERALD, package.rows, texts)
    boilerplate = [mark for mark in article.marks if mark.role == "boilerplate"]
    assert boilerplate
    gaps = [*article.uncovered, *article.unstated, *article.unmentioned]
    assert not any(gap.start < mark.end and gap.end > mark.start for gap in gaps for mark in boilerplate)


def test_a_name_and_an_alias_without_a_mention_are_listed_with_their_entity(
    package: DataPackage, texts: TextFolder
) -> None:
    path = texts.folder / f"{HERALD}.txt"
    path.write_text(f"{texts_of(texts)}\nJana Marek left Lake Town.\n", encoding="utf-8")
    found = annotate(HERALD, package.rows, TextFolder(texts.folder)).unmentioned
    line = path.read_text(encoding="utf-8").count("\n")
    assert [(mark.words, mark.label) for mark in found if mark.line == line] == [
        ("Jana Marek", "Jana Marek (jana-marek)"),
        ("Lake Town", "Lake Town (lake-town)"),
    ]


def test_a_statement_is_described_without_its_text(package: DataPackage) -> None:
    names = (row["statement_a"] or "" for row in package.rows("alignments"))
    name = next(name for name in names if name.startswith(HERALD))
    article = annotate(name, package.rows)
    assert article.paragraphs == ()
    assert [note.statement_id for note in article.notes] == [name]
    rows = [row for row in package.rows("alignments") if name in {row["statement_a"], row["statement_b"]}]
    assert [each.alignment_id for each in article.notes[0].alignments] == [row["alignment_id"] for row in rows]
    spans = {row["span_id"]: (int(row["start"] or 0), int(row["end"] or 0)) for row in package.rows("spans")}
    assert article.marks
    assert all((mark.start, mark.end) == spans[mark.span_id] and mark.words == "" for mark in article.marks)


def test_the_command_shows_a_statement_without_texts(package: DataPackage, run: Run) -> None:
    done = run("show", f"{HERALD}.s04", package.root)
    assert done.returncode == 0, done.stderr
    assert "act propose" in done.stdout
    assert "Give --texts DIR to see the words." in done.stdout
    assert "observers be let in" not in done.stdout
    content = next(
        row for row in package.rows("spans") if row["statement_id"] == f"{HERALD}.s04" and row["role"] == "content"
    )
    assert f"content {content['start']}-{content['end']}" in done.stdout


def test_each_role_is_drawn_under_the_words_that_it_covers(package: DataPackage, texts: TextFolder) -> None:
    output = io.StringIO()
    print_article(Console(file=output, width=100), annotate(HERALD, package.rows, texts))
    lines = output.getvalue().splitlines()
    place = next(number for number, line in enumerate(lines) if "The Presidency said Marek suggested" in line)
    rows = {line.split()[0]: line for line in lines[place + 1 : place + 6]}
    words = lines[place]

    def drawn(row: str, part: str) -> str:
        start = words.index(part)
        return rows[row][start : start + len(part)]

    assert drawn("s03", "The Presidency") == "s-------------"
    assert drawn("s03", "said") == "c---"
    assert drawn("s03", "pull back") == '"' * 9
    assert drawn("s03", "both armies") == "=" * 11


def test_terminal_controls_in_a_text_are_not_printed(package: DataPackage, texts: TextFolder) -> None:
    path = texts.folder / f"{HERALD}.txt"
    path.write_text(f"{texts_of(texts)}\nSnow\x1b[2J\tfell.\n", encoding="utf-8")
    output = io.StringIO()
    print_article(Console(file=output, width=100), annotate(HERALD, package.rows, TextFolder(texts.folder)))
    assert "\x1b" not in output.getvalue()
    assert "Snow [2J fell." in output.getvalue()


def test_the_page_has_every_role_and_says_what_is_not_covered(package: DataPackage, texts: TextFolder) -> None:
    article = annotate(HERALD, package.rows, texts)
    page = article_html(article)
    for role in {*(mark.role for mark in article.marks), "uncovered"}:
        assert re.search(rf'<span class="[^"]*\b{role}\b[^"]*" title=', page), role
    assert f"Covered by no span: {len(article.uncovered)} pieces of text" in page
    assert "<sup>s04</sup>" in page


def test_the_page_of_a_statement_without_texts_has_its_offsets(package: DataPackage) -> None:
    article = annotate(f"{HERALD}.s04", package.rows)
    page = article_html(article)
    assert all(f"{mark.role} {mark.start}-{mark.end}" in page for mark in article.marks if mark.statement_id)
    assert "must not be published" not in page


def test_a_statement_of_an_early_release_is_shown(run: Run) -> None:
    done = run("show", "new-daily-2014-03-28.s04", "1.0.0", cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    assert "unnamed experts" in done.stdout
