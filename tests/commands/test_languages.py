"""Articles in Chinese and Russian, the whole way: anchored, built, validated, shown, compared, published, loaded."""

from __future__ import annotations

import io
import itertools
import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len
from rich.console import Console

import readouts
from readouts.analysis.annotated import annotate
from readouts.datapackage.package.package import open_package
from readouts.publish.render.article import print_article
from readouts.publish.site.context import open_site
from readouts.publish.site.search import entries
from readouts.publish.site.search_index import words
from readouts.text.sources import TextFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Run

SOURCE = Path(__file__).parents[1] / "languages"
CHINESE, RUSSIAN = "lake-daily-2032-03-05", "sarn-herald-2032-03-05"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """The corpus of Chinese and Russian articles, anchored and built from its drafts; never written to."""
    folder = tmp_path_factory.mktemp("languages") / "corpus"
    shutil.copytree(SOURCE, folder)
    for article in (CHINESE, RUSSIAN):
        done = run("anchor", article, "--texts", "texts", cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr
    done = run("rebuild", "--texts", "texts", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def text_of(folder: Path, article: str) -> str:
    return (folder / "texts" / f"{article}.txt").read_text(encoding="utf-8")


def test_the_package_is_valid_and_its_annotations_hold(built: Path, run: Run) -> None:
    for command in (["validate"], ["rebuild", "--check", "--texts", "texts"]):
        done = run(*command, cwd=built)
        assert done.returncode == 0, done.stdout + done.stderr


def test_spans_are_the_words_that_were_quoted(built: Path) -> None:
    corpus = readouts.open(built)
    spans = [row for row in corpus.texts("spans") if row["role"] == "quoted"]
    quoted = {text_of(built, row["article_id"] or "")[int(row["start"] or 0) : int(row["end"] or 0)] for row in spans}
    assert {"后撤十公里", "两国外长将于下周在萨恩港会晤", "преждевременным"} <= quoted


def test_words_are_counted_in_russian_and_not_in_chinese(built: Path) -> None:
    articles = readouts.open(built).articles.set_index("article_id")
    assert articles["language"].to_dict() == {CHINESE: "zh-Hans", RUSSIAN: "ru"}
    assert articles["word_count"].isna().to_dict() == {CHINESE: True, RUSSIAN: False}
    assert articles.loc[RUSSIAN, "word_count"] == len(re.findall(r"\w+", text_of(built, RUSSIAN)))


def _text_lines(printed: list[str], number: int) -> Iterator[str]:
    """Yield the lines that show one line of a text: the first has its number, the others have nothing in the margin."""
    (first,) = (place for place, line in enumerate(printed) if line.startswith(f"{number}: "))
    margin = len(printed[first]) - len(printed[first].partition(":")[2].lstrip())
    yield printed[first][margin:]
    rest = itertools.takewhile(bool, printed[first + 1 :])
    yield from (line[margin:] for line in rest if not line[:margin].strip())


@pytest.mark.parametrize("article", [CHINESE, RUSSIAN])
@pytest.mark.parametrize("width", [24, 61, 100])
def test_a_text_is_shown_whole_in_lines_as_wide_as_its_column(built: Path, article: str, width: int) -> None:
    annotated = annotate(article, open_package(built).rows, TextFolder(built / "texts"))
    output = io.StringIO()
    print_article(Console(file=output, width=width), annotated)
    printed = output.getvalue().splitlines()
    assert max(map(cell_len, printed)) <= width
    text = text_of(built, article)
    shown = (line for paragraph in annotated.paragraphs for line in _text_lines(printed, paragraph.line))
    lines = [line for line in shown if line]
    assert "".join("".join(lines).split()) == "".join(text.split())
    # No mark that ends a clause or a quotation begins a line, and lines of Chinese are full.
    assert not any(line.startswith(tuple("，。：；」』”》、")) for line in lines)
    if article == CHINESE:
        column = max(cell_len(line.rstrip()) for line in lines)
        assert len([line for line in lines if line.strip()]) <= sum(
            -(-cell_len(paragraph) // (column - 4)) for paragraph in text.splitlines() if paragraph
        )


def test_the_command_shows_a_chinese_text_whole(built: Path, run: Run) -> None:
    done = run("show", CHINESE, "--texts", "texts", cwd=built)
    assert done.returncode == 0, done.stderr
    assert "道路重新开通为止。" in done.stdout
    assert "The Presidency announces" in done.stdout


def test_accounts_in_two_languages_are_compared(built: Path, run: Run) -> None:
    done = run("compare", "call-2032-03-04", "--format", "json", cwd=built)
    assert done.returncode == 0, done.stderr
    (both,) = (claim for claim in json.loads(done.stdout)["claims"] if claim["group"] == "both")
    assert both["articles"] == [CHINESE, RUSSIAN]


def test_the_spans_are_found_in_a_copy_with_other_marks_and_spaces(built: Path, run: Run, tmp_path: Path) -> None:
    marks = {ord("“"): "「", ord("”"): "」", ord("，"): ", "}
    other = "广告\n\n" + text_of(built, CHINESE).translate(marks)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / f"{CHINESE}.txt").write_text(other, encoding="utf-8")
    shutil.copy(built / "texts" / f"{RUSSIAN}.txt", tmp_path / "texts")
    done = run("hydrate", built, "--texts", tmp_path / "texts", "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    hydrated = readouts.open(tmp_path / "out")
    contents = {row["text"] for row in hydrated.texts("spans") if row["role"] == "content"}
    assert {"两军「后撤十公里」, 并让观察员进入湖区", "停火「为时过早」"} <= contents


@pytest.mark.parametrize("name", ["马雷克", "总理府", "萨恩港", "萨恩", "Острова", "остров", "ВЕЛДАНИЯ", "湖报"])
def test_the_site_and_the_database_find_names_in_their_own_script(
    built: Path, run: Run, tmp_path: Path, name: str
) -> None:
    found = [
        entry
        for entry in entries(open_site(readouts.open(built)))
        if all(any(word.startswith(asked) for word in words(" ".join(entry.names))) for asked in words(name))
    ]
    assert found
    done = run("export", built, "--to", "sqlite", "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(tmp_path / "invented-languages.sqlite")) as connection:
        query = "SELECT count(*) FROM entities_fts WHERE entities_fts MATCH ?"
        assert connection.execute(query, [f"{name}*"]).fetchone()[0] > 0


def test_every_format_and_the_site_are_written(built: Path, run: Run, tmp_path: Path) -> None:
    done = run("export", built, "--to", "all", "--output", tmp_path / "exports")
    assert done.returncode == 0, done.stderr
    linked = (tmp_path / "exports" / "invented-languages.jsonld").read_text(encoding="utf-8")
    assert linked.count('"wordCount"') == 1
    done = run("site", built, "--texts", built / "texts", "--output", tmp_path / "site")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "articles" / f"{CHINESE}.html").read_text(encoding="utf-8")
    assert 'lang="zh-Hans"' in page
    assert "</strong> words" not in page


def test_a_chinese_phrase_in_a_summary_is_a_copy(built: Path, run: Run, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "corpus")
    path = tmp_path / "corpus" / "annotations" / "articles" / f"{CHINESE}.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count("(外长会晤)") == 1
    path.write_text(text.replace("(外长会晤)", "(两国外长将于下周在萨恩港会晤)"), encoding="utf-8")
    done = run("rebuild", "--texts", "texts", cwd=tmp_path / "corpus")
    assert done.returncode == 1
    assert "The summary shares a run of 14 characters with the article." in done.stdout


@pytest.mark.parametrize("language", ["en", "ru", "ko"])
def test_a_chinese_text_is_in_a_language_without_spaces(built: Path, run: Run, tmp_path: Path, language: str) -> None:
    shutil.copytree(built, tmp_path / "corpus")
    path = tmp_path / "corpus" / "annotations" / "articles" / f"{CHINESE}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("language: zh-Hans", f"language: {language}"), encoding="utf-8")
    done = run("rebuild", "--texts", "texts", cwd=tmp_path / "corpus")
    assert done.returncode == 1
    assert f"written without spaces between words, as the text is; found '{language}'" in done.stdout
