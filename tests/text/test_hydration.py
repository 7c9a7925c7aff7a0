"""Hydration: the tables with the words that their spans point to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from readouts.text.anchoring import Status
from readouts.text.fingerprint import fingerprint
from readouts.text.hydration import GAP, anchor_of, hydrate
from readouts.text.skeleton import Skeleton
from readouts.text.sources import TextFolder

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Marek told Ostrova, over a bad line, that both armies, and the observers too, should leave the Lakes by June.\n"
LONGER = "nobody at all, as far as could be heard on such a line,"
Row = dict[str, str | None]


def span(span_id: str, words: str, role: str, statement: str | None, seq: int = 0, *, article: str = "herald") -> Row:
    start = TEXT.index(words)
    prints = fingerprint(Skeleton(TEXT), start, start + len(words))
    return {
        "span_id": span_id,
        "article_id": article,
        "role": role,
        "start": str(start),
        "end": str(start + len(words)),
        "seq": str(seq),
        "statement_id": statement,
        "skeleton_sha256": prints.skeleton_sha256,
        "skeleton_length": str(prints.skeleton_length),
        "prefix_sha256": prints.prefix_sha256,
        "suffix_sha256": prints.suffix_sha256,
    }


@pytest.fixture
def tables() -> tuple[list[Row], list[Row], list[Row]]:
    spans = [
        span("x2", "should leave the Lakes by June", "content", "s01", 1),
        span("x1", "both armies", "content", "s01", 0),
        span("x3", "told", "cue", "s01"),
    ]
    articles: list[Row] = [{"article_id": "herald", "sha256_raw": "0" * 64}]
    statements: list[Row] = [{"statement_id": "s01", "summary": "x"}, {"statement_id": "s02", "summary": "y"}]
    return articles, spans, statements


def test_spans_gain_their_words_their_places_and_how_they_were_found(
    tmp_path: Path, tables: tuple[list[Row], list[Row], list[Row]]
) -> None:
    (tmp_path / "herald.txt").write_text("Menu\n" + TEXT, encoding="utf-8")
    result = hydrate(*tables, TextFolder(tmp_path))
    assert [(row["text"], row["found_start"], row["found_end"], row["found"]) for row in result.spans] == [
        ("should leave the Lakes by June", "83", "113", "moved"),
        ("both armies", "47", "58", "moved"),
        ("told", "11", "15", "moved"),
    ]
    assert [row["span_id"] for row in result.spans] == ["x2", "x1", "x3"]
    assert all(new.items() >= old.items() for new, old in zip(result.spans, tables[1], strict=True))


def test_statements_gain_their_content_in_the_order_of_its_parts(
    tmp_path: Path, tables: tuple[list[Row], list[Row], list[Row]]
) -> None:
    (tmp_path / "herald.txt").write_text(TEXT, encoding="utf-8")
    statements = hydrate(*tables, TextFolder(tmp_path)).statements
    assert statements[0] == {
        "statement_id": "s01",
        "summary": "x",
        "content": f"both armies{GAP}should leave the Lakes by June",
    }
    assert statements[1]["content"] is None


def test_content_of_which_a_part_is_lost_stays_empty(
    tmp_path: Path, tables: tuple[list[Row], list[Row], list[Row]]
) -> None:
    (tmp_path / "herald.txt").write_text(TEXT.replace("both armies", LONGER), encoding="utf-8")
    result = hydrate(*tables, TextFolder(tmp_path))
    assert {row["span_id"]: row["found"] for row in result.spans}["x1"] == "orphan"
    lost = next(row for row in result.spans if row["span_id"] == "x1")
    assert (lost["text"], lost["found_start"], lost["found_end"]) == (None, None, None)
    assert result.statements[0]["content"] is None


def test_the_report_counts_how_the_spans_of_each_article_were_found(
    tmp_path: Path, tables: tuple[list[Row], list[Row], list[Row]]
) -> None:
    path = tmp_path / "herald.txt"
    path.write_text(TEXT, encoding="utf-8")
    articles, spans, statements = tables
    articles[0]["sha256_raw"] = TextFolder(tmp_path).texts()[0].sha256
    (report,) = hydrate(articles, spans, statements, TextFolder(tmp_path)).articles
    assert (report.article_id, report.file, report.same_text, report.problem) == ("herald", "herald.txt", True, None)
    assert report.counts == {Status.EXACT: 3}


@pytest.mark.parametrize(
    ("files", "code"),
    [({}, "text-missing"), ({"herald.txt": b"\xff"}, "text-unreadable")],
    ids=["missing", "unreadable"],
)
def test_an_article_whose_text_can_not_be_had_leaves_its_columns_empty_and_says_why(
    tmp_path: Path, tables: tuple[list[Row], list[Row], list[Row]], files: dict[str, bytes], code: str
) -> None:
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    result = hydrate(*tables, TextFolder(tmp_path))
    assert [row["found"] for row in result.spans] == [None, None, None]
    assert [row["content"] for row in result.statements] == [None, None]
    (report,) = result.articles
    assert report.problem is not None
    assert report.problem[0] == code
    assert report.counts == {}


def test_one_missing_text_does_not_keep_the_other_articles_from_being_found(
    tmp_path: Path, tables: tuple[list[Row], list[Row], list[Row]]
) -> None:
    articles, spans, statements = tables
    (tmp_path / "herald.txt").write_text(TEXT, encoding="utf-8")
    articles.insert(0, {"article_id": "courier", "sha256_raw": "1" * 64})
    spans.append(span("y1", "bad line", "cue", "s02", article="courier"))
    result = hydrate(articles, spans, statements, TextFolder(tmp_path))
    assert [report.problem is None for report in result.articles] == [False, True]
    assert [row["found"] for row in result.spans] == ["moved", "moved", "moved", None]


def test_the_text_of_another_article_is_not_taken_for_one_that_is_missing_though_it_holds_its_words(
    tmp_path: Path, tables: tuple[list[Row], list[Row], list[Row]]
) -> None:
    articles, spans, statements = tables
    articles[0]["article_id"] = "courier"
    for row in spans:
        row["article_id"] = "courier"
    (tmp_path / "herald.txt").write_text(TEXT, encoding="utf-8")
    alone = hydrate(articles, spans, statements, TextFolder(tmp_path))
    assert alone.articles[0].file == "herald.txt"
    articles.append({"article_id": "herald", "sha256_raw": "1" * 64})
    beside_it = hydrate(articles, spans, statements, TextFolder(tmp_path))
    assert [report.file for report in beside_it.articles] == [None, "herald.txt"]


def test_an_anchor_is_what_a_row_of_spans_tells() -> None:
    row = span("x1", "both armies", "content", "s01")
    anchor = anchor_of(row)
    assert (anchor.span_id, str(anchor.start), str(anchor.end)) == ("x1", row["start"], row["end"])
    assert anchor.fingerprint == fingerprint(Skeleton(TEXT), anchor.start, anchor.end)
