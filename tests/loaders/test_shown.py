"""How results are shown and put into frames, and the names that questions take."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import readouts
from readouts.analysis.agreement import agree
from readouts.analysis.comparison import Comparison
from readouts.analysis.overview import overview
from readouts.corpus_schema.naming import chosen, id_of
from readouts.datapackage.errors import UnknownIdError
from readouts.publish.charts import coverage, entities

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from readouts.loaders import Corpus
    from tests.conftest import Run

CALL = "call-2014-03-06"
TITLE = "Call between Obama and Putin, 6 March 2014"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return readouts.load()


class Tags(HTMLParser):
    """The tags, attributes and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def shown_in_notebooks(corpus: Corpus) -> list[Any]:
    rows = corpus.texts
    return [
        corpus,
        corpus.compare(CALL),
        *(overview(rows, by) for by in ("event", "issuer", "topic")),
        agree(rows, rows),
    ]


def test_whatever_is_shown_takes_a_few_short_lines(corpus: Corpus) -> None:
    for result in shown_in_notebooks(corpus):
        assert len(repr(result)) < 500, repr(result)
        assert repr(result).startswith(f"<{type(result).__name__} ")
    comparison = corpus.compare(CALL)
    assert repr(comparison).startswith(f"<Comparison of {CALL}: United States (a) and Russia (b), ")
    assert repr(comparison.claims[0]).startswith(f"<Claim {comparison.claims[0].claim_id}, ")


def test_a_notebook_shows_tables_in_its_own_colours_with_nothing_from_outside(corpus: Corpus) -> None:
    for result in shown_in_notebooks(corpus):
        page = Tags(result._repr_html_())
        assert set(page.tags) <= {"div", "strong", "br", "table", "thead", "tbody", "tr", "th", "td"}
        assert {value for _, value in page.attributes} <= {"text-align:left", "text-align:right"}


def test_names_in_a_comparison_never_become_markup(corpus: Corpus) -> None:
    evil = "<img src=x onerror=alert(1)>\x1b[31m"
    comparison = corpus.compare(CALL)
    a, b = comparison.sides
    hostile = replace(comparison, title=evil, sides=(replace(a, name=evil), b))
    page = Tags(hostile._repr_html_())
    assert "img" not in page.tags
    assert "<img src=x onerror=alert(1)>\\x1b[31m" in "".join(page.texts)


def test_a_comparison_has_a_frame_of_each_kind_of_its_parts(corpus: Corpus) -> None:
    comparison = corpus.compare(CALL)
    frames = comparison.to_frames()
    pd.testing.assert_frame_equal(comparison.to_frame(), frames["statements"])
    claims = frames["claims"].set_index("claim_id")
    assert claims["group"].value_counts().to_dict() == comparison.counts
    assert frames["statements"].groupby("claim_id")["statement_id"].apply(set).to_dict() == {
        name: set(statements) for name, statements in claims["statements"].items()
    }
    assert len(frames["pairs"]) == len(comparison.pairs)
    assert len(frames["wordings"]) == len(comparison.wordings)
    assert set(frames["pairs"]["first"]) <= set(claims.index)


@pytest.mark.parametrize("by", ["event", "issuer", "topic", "year", "pair"])
def test_an_overview_is_the_frame_that_the_corpus_gives(corpus: Corpus, by: Any) -> None:
    found = overview(corpus.texts, by)
    pd.testing.assert_frame_equal(found.to_frame(), corpus.overview(by))
    others = corpus.overview(by, to="polars").to_dicts()
    mine = [{name: row[name] for name in map(str, found.to_frame())} for row in found.rows]
    for one, other in zip(mine, others, strict=True):
        assert {name: str(value) for name, value in one.items() if not isinstance(value, tuple)} == {
            name: str(value) for name, value in other.items() if not isinstance(value, list)
        }


def test_a_side_in_a_frame_has_its_name_next_to_it(corpus: Corpus) -> None:
    sides: dict[str, Callable[[], pd.DataFrame]] = {
        "compare": corpus.compare(CALL).to_frame,
        "who_said_what": corpus.who_said_what,
        "statements_with_names": corpus.statements_with_names,
    }
    for frame in (make() for make in sides.values()):
        columns = list(frame.columns)
        assert columns[columns.index("side") + 1] == "side_name"
    for frame in (corpus.quotations(CALL), corpus.compare(CALL).to_frames()["wordings"]):
        assert set(frame["side_name_a"].dropna()) <= {"United States", "Russia", "United States + Russia"}
    pd.testing.assert_frame_equal(
        corpus.quotations(CALL)
        .drop(columns="event_id")
        .astype(str)
        .sort_values(["statement_a", "statement_b"], ignore_index=True),
        corpus.compare(CALL)
        .to_frames()["wordings"]
        .astype(str)
        .sort_values(["statement_a", "statement_b"], ignore_index=True),
    )


def test_a_corpus_lists_its_tables_as_a_frame_and_has_each(corpus: Corpus) -> None:
    frame = corpus.to_frame().set_index("table")
    frames = corpus.to_frames()
    assert list(frame.index) == list(corpus.tables) == list(frames)
    assert frame.loc["articles", "rows"] == len(frames["articles"])


def test_an_agreement_has_frames(corpus: Corpus) -> None:
    found = agree(corpus.texts, corpus.texts)
    assert set(found.to_frame()["f1"]) == {1.0}
    assert list(found.to_frames()["labels"]["label"]) == list(found.labels)


@pytest.mark.parametrize("name", ["vladimir-putin", "Vladimir Putin", "PUTIN", "President  Putin", "普京"])
def test_a_name_or_an_alias_is_as_good_as_the_id(corpus: Corpus, name: str) -> None:
    pd.testing.assert_frame_equal(corpus.who_said_what(name), corpus.who_said_what("vladimir-putin"))
    assert id_of("entity", name, corpus.texts) == "vladimir-putin"


def test_an_event_is_found_by_its_title_wherever_one_is_asked_for(corpus: Corpus) -> None:
    assert corpus.compare(TITLE) == corpus.compare(CALL)
    pd.testing.assert_frame_equal(corpus.quotations(TITLE.lower()), corpus.quotations(CALL))
    assert len(corpus.who_said_what(event=TITLE)) == len(corpus.who_said_what(event=CALL))
    assert overview(corpus.texts, "topic", TITLE).rows == overview(corpus.texts, "topic", CALL).rows
    for draw in (coverage, entities):
        assert draw(corpus, TITLE).rows == draw(corpus, CALL).rows


def test_the_command_line_takes_the_same_names(run: Run) -> None:
    by_title = run("compare", TITLE.upper(), "--format", "csv")
    assert (by_title.returncode, by_title.stdout) == (0, run("compare", CALL, "--format", "csv").stdout)
    unknown = run("compare", "Call between Obama and Putin, 7 March 2014")
    assert unknown.returncode == 2
    assert "Did you mean 'Call between Obama and Putin, 6 March 2014'?" in unknown.stderr
    several = run("compare", "Obama Putin")
    assert "Did you mean 'call-2014-03-01' (Earlier call between Obama and Putin" in several.stderr


def test_a_name_of_several_lists_them_and_guesses_nothing(corpus: Corpus) -> None:
    with pytest.raises(UnknownIdError) as caught:
        corpus.who_said_what("Beijing")
    assert str(caught.value) == (
        "The corpus has more than one entity named 'Beijing': 'beijing' (Beijing), 'government-of-china' "
        "(Government of China). Give one of these ids."
    )
    assert len(corpus.who_said_what("government-of-china"))


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("Putn", "Did you mean 'Putin'?"),
        ("Jinping", "Did you mean 'xi-jinping' (Xi Jinping)?"),
        ("vladimir-puttin", "Did you mean 'vladimir-putin'?"),
        ("", "Known are: "),
    ],
)
def test_an_unknown_name_is_answered_with_those_that_may_be_meant(corpus: Corpus, wanted: str, hint: str) -> None:
    with pytest.raises(UnknownIdError) as caught:
        corpus.who_said_what(wanted)
    assert str(caught.value).startswith(f"The corpus has no entity '{wanted}'. {hint}")


def test_an_id_is_taken_before_a_name_that_is_written_alike() -> None:
    assert chosen("lake", "entity", {"lake": ["Bala"], "pond": ["lake"]}) == "lake"


def test_no_comparison_has_a_long_text_for_a_terminal(corpus: Corpus) -> None:
    longest = max(len(repr(corpus.compare(str(event)))) for event in set(corpus.accounts["event_id"]))
    assert longest < 250
    assert Comparison.__repr__ is not object.__repr__


def test_scaffolds_take_names_and_write_ids(tmp_path: Path) -> None:
    from readouts.annotations.scaffold import new_article, new_corpus, new_entity

    new_corpus(tmp_path, name="calls", title="Calls")
    folder = tmp_path / "annotations"
    new_entity(folder, "north-herald", ["Herald"], kind="outlet", name="North Herald")
    text = new_article(folder, "herald-1", outlet="herald", title="A call").read_text(encoding="utf-8")
    assert "\noutlet: north-herald\n" in text
    with pytest.raises(readouts.ReadoutsError, match="Did you mean 'Herald'"):
        new_article(folder, "herald-2", outlet="Heralt")
