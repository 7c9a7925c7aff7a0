"""The agreement of two annotations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readouts.analysis.agreement import LABELS, agree, alpha
from readouts.compile.compiler import compile_tree
from readouts.compile.rebuild import write_package
from readouts.compile.store import Store
from readouts.datapackage.package.package import open_package
from tests.conftest import ROOT, Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.datapackage.package.package import Row

    Tables = dict[str, list[Row]]


@pytest.fixture
def built(corpus: Path, run: Run) -> Path:
    assert run("rebuild", "--annotations", corpus / "annotations").returncode == 0
    return corpus


def _tables(package: Path) -> Tables:
    opened = open_package(package)
    return {name: opened.rows(name) for name in opened.resources}


def _rows(tables: Tables) -> Callable[[str], list[Row]]:
    return lambda name: tables[name]


def test_an_annotation_agrees_with_itself_in_everything(built: Path) -> None:
    rows = open_package(built).rows
    agreement = agree(rows, rows)
    assert {score.f1 for score in agreement.scores.values()} == {1.0}
    assert {equal for _, equal, _ in agreement.labels.values()} == {1.0}
    assert agreement.unmatched == ((), ())
    assert len(agreement.matched) == len(rows("statements"))


def test_statements_match_by_the_overlap_of_their_contents_and_not_by_their_ids(built: Path) -> None:
    first, second = _tables(built), _tables(built)

    def renamed(name: str | None) -> str | None:
        return name and name.replace(".s", ".t")

    for table in ("statements", "attributions", "spans"):
        for row in second[table]:
            row["statement_id"] = renamed(row["statement_id"])
    for row in second["alignments"]:
        row["statement_a"], row["statement_b"] = renamed(row["statement_a"]), renamed(row["statement_b"])
    agreement = agree(_rows(first), _rows(second))
    assert agreement.scores["statements"].f1 == 1.0
    assert agreement.scores["alignments with relation"].f1 == 1.0
    assert agreement.scores["chains"].f1 == 1.0


@pytest.mark.parametrize(("length", "matches"), [(51, True), (50, True), (49, False)])
def test_two_contents_are_the_same_from_half_of_their_union_on(*, length: int, matches: bool) -> None:
    def tables(end: int) -> Tables:
        span: Row = {"role": "content", "statement_id": "a.s1", "article_id": "a", "start": "0", "end": str(end)}
        statement: Row = {"statement_id": "a.s1", "article_id": "a", **dict.fromkeys(LABELS, "x")}
        names = ("attributions", "alignments", "relations")
        articles: list[Row] = [{"article_id": "a", "language": "en"}]
        return {"spans": [span], "statements": [statement], "articles": articles, **{name: [] for name in names}}

    assert bool(agree(_rows(tables(100)), _rows(tables(length))).matched) is matches


def test_a_statement_that_one_annotation_lacks_is_named(built: Path) -> None:
    first, second = _tables(built), _tables(built)
    gone = "herald-2031-05-02.s08"
    for table in ("statements", "spans", "attributions"):
        second[table] = [row for row in second[table] if row["statement_id"] != gone]
    agreement = agree(_rows(first), _rows(second))
    assert agreement.unmatched == ((gone,), ())
    score = agreement.scores["statements"]
    assert (score.first - score.second, score.shared) == (1, score.second)


def test_another_speaker_lowers_the_agreement_on_speakers_and_not_on_statements(built: Path) -> None:
    first, second = _tables(built), _tables(built)
    changed = next(row for row in second["statements"] if row["speaker_id"] == "jana-marek")
    changed["speaker_id"] = "ilya-ostrova"
    agreement = agree(_rows(first), _rows(second))
    assert agreement.scores["statements"].f1 == 1.0
    assert agreement.scores["speakers"].shared == agreement.scores["statements"].shared - 1
    assert agreement.labels["speaker_id"][1] < 1.0


def test_the_direction_of_a_symmetric_alignment_makes_no_difference_and_its_relation_does(built: Path) -> None:
    first, second = _tables(built), _tables(built)
    turned = next(row for row in second["alignments"] if row["relation"] == "same_claim")
    turned["statement_a"], turned["statement_b"] = turned["statement_b"], turned["statement_a"]
    assert agree(_rows(first), _rows(second)).scores["alignments with relation"].f1 == 1.0
    turned["relation"] = "stronger"
    agreement = agree(_rows(first), _rows(second))
    assert agreement.scores["alignments as pairs"].f1 == 1.0
    assert agreement.scores["alignments with relation"].f1 < 1.0


def test_an_alignment_of_a_statement_that_only_one_has_is_never_taken_for_one_of_the_other(built: Path) -> None:
    first, second = _tables(built), _tables(built)
    row = first["alignments"][0]
    for span in second["spans"]:
        if span["role"] == "content" and span["statement_id"] == row["statement_a"]:
            span["start"], span["end"] = "0", "1"
    score = agree(_rows(first), _rows(second)).scores["alignments as pairs"]
    assert score.shared == score.first - len(
        {
            frozenset((it["statement_a"], it["statement_b"]))
            for it in first["alignments"]
            if row["statement_a"] in it.values()
        }
    )


def test_a_language_leaves_only_its_articles_and_the_alignments_that_touch_them(built: Path) -> None:
    tables = _tables(built)
    tables["articles"][0]["language"] = "zh-Hans"
    everything = agree(_rows(tables), _rows(tables))
    parts = [agree(_rows(tables), _rows(tables), language) for language in ("en", "zh")]
    for name in ("statements", "chains", "mentions", "relations"):
        assert sum(part.scores[name].first for part in parts) == everything.scores[name].first
    assert {score.f1 for part in parts for score in part.scores.values()} == {1.0}
    assert agree(_rows(tables), _rows(tables), "xx").scores["statements"].first == 0


def test_alpha_of_a_published_example() -> None:
    # Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section A: two observers, binary data.
    first = "0100000000"
    second = "1110010010"
    assert alpha(list(zip(first, second, strict=True))) == pytest.approx(0.095, abs=0.0005)


def test_alpha_is_undefined_where_only_one_value_occurs() -> None:
    assert alpha([("a", "a")] * 5) is None
    assert alpha([]) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2))
def test_alpha_doesnt_depend_on_who_is_first_and_never_exceeds_one(pairs: list[tuple[str, str]]) -> None:
    value = alpha(pairs)
    assert value == alpha([(second, first) for first, second in pairs])
    assert value is None or value <= 1.0
    if value is not None and all(first == second for first, second in pairs):
        assert value == 1.0


def test_the_figures_of_the_datasheet_are_the_commands(tmp_path: Path, run: Run) -> None:
    for name in ("first", "second"):
        # As it was made: what joins its tables was adjudicated afterwards, and the command would refuse some of it.
        compilation = compile_tree(ROOT / "docs" / "agreement" / "1.0" / name / "annotations", Store(None))
        assert not compilation.incidents
        write_package(compilation, tmp_path / name / "package")
    packages = (tmp_path / "first" / "package", tmp_path / "second" / "package")
    markdown = run("agreement", *packages, "--format", "markdown")
    assert markdown.returncode == 0, markdown.stderr
    assert markdown.stdout in (ROOT / "docs" / "datasheet.md").read_text(encoding="utf-8")
    document = json.loads(run("agreement", *packages, "--format", "json").stdout)
    assert f"{document['scores']['statements']['f1']:.2f}" in markdown.stdout
    terminal = run("agreement", *packages).stdout
    assert "statements" in terminal
    assert "Only in the first" in terminal
